"""The sequence that a company starts with, from the file beside this one."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from app.touchpoints.step_rules import LANGUAGES, StepValues

FILE = Path(__file__).with_name("default_sequence.toml")


@cache
def default_sequence() -> tuple[str, tuple[StepValues, ...]]:
    """Its name and its steps, numbered from 0."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return data["name"], tuple(_step(number, row) for number, row in enumerate(data["steps"]))


def _step(number: int, row: dict[str, Any]) -> StepValues:
    texts = {language: {name: text.strip() for name, text in row[language].items()} for language in LANGUAGES}
    return StepValues(number, row["day"], row.get("at"), row.get("after_minutes"), row["channel"], (), texts)
