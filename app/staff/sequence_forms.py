"""A step's form: what was typed, read into a step, and a step's values for the form."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from app.lib.text import whole_number
from app.touchpoints.step_rules import CONDITIONS, FIELDS, LANGUAGES, StepValues

MOST_MINUTES = 720


def step_from(form: Mapping[str, str], conditions: Sequence[str], number: int | None) -> StepValues:
    """The step that the form asks for; what is no number or time is left as one that no step may have."""
    at_once = form.get("moment") == "after"
    texts = {
        language: {name: typed for name in FIELDS if (typed := _clean(form.get(f"{language}-{name}", "")))}
        for language in LANGUAGES
    }
    return StepValues(
        number=number,
        day=0 if at_once else _whole(form.get("day", "")),
        at=None if at_once else _time(form.get("at", "")),
        after_minutes=min(max(_whole(form.get("minutes", "0")), 0), MOST_MINUTES) if at_once else None,
        channel=form.get("channel", ""),
        conditions=tuple(name for name in CONDITIONS if name in conditions),
        texts={language: found for language, found in texts.items() if found},
    )


def blank_step() -> StepValues:
    """What the form of a new step starts with."""
    return StepValues(None, 2, time(10, 30), None, "any")


def values_of(step: StepValues) -> dict[str, Any]:
    """The form's fields as the step has them."""
    values = {
        "moment": "after" if step.at is None else "day",
        "day": step.day if step.day >= 0 else "",
        "at": f"{step.at:%H:%M}" if step.at else "10:30",
        "minutes": step.after_minutes or 0,
        "channel": step.channel,
        "conditions": step.conditions,
    }
    for language in LANGUAGES:
        for name in FIELDS:
            values[f"{language}-{name}"] = step.texts.get(language, {}).get(name, "")
    return values


def _whole(typed: str) -> int:
    number = whole_number(typed, 9999)
    return -1 if number is None else number


def _time(typed: str) -> time:
    try:
        return time.fromisoformat(typed.strip()).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return time(0)


def _clean(typed: str) -> str:
    return typed.replace("\x00", "").replace("\r\n", "\n").strip()
