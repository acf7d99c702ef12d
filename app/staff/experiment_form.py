"""The form of a new experiment. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.assistant.experiment_writing import Planned
from app.assistant.experiments import LABELS
from app.lib.text import whole_number


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed, unchecked beyond being numbers: a number that is none is 0, which no rule allows."""

    name: str
    subject: str
    location_id: int | None
    guard_percent: int
    variants: tuple[Planned, ...]


def experiment_form(form: Mapping[str, str]) -> Asked:
    """The experiment that the form asks for. A variant without a weight is left out."""
    return Asked(
        name=form.get("name", ""),
        subject=form.get("subject", ""),
        location_id=_number(form["store"]) if form.get("store") else None,
        guard_percent=_number(form.get("guard_percent", "")),
        variants=tuple(_variant(form, label) for label in LABELS if form.get(f"weight_{label}", "").strip()),
    )


def _variant(form: Mapping[str, str], label: str) -> Planned:
    number = form.get(f"version_{label}", "")
    return Planned(
        weight=_number(form[f"weight_{label}"]),
        provider=form.get(f"provider_{label}"),
        model=form.get(f"model_{label}"),
        prompt_number=_number(number) if number else None,
    )


def _number(text: str) -> int:
    return whole_number(text, 999_999_999) or 0
