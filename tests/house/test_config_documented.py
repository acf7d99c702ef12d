"""Every setting is explained where people look for it, with the default that it has."""

import re
from pathlib import Path

import pytest

from app.config import Settings

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = {name.upper(): field.default for name, field in Settings.model_fields.items()}
ROWS = dict(re.findall(r"^\| `([A-Z_]+)` \|([^|]*)\|", (ROOT / "README.md").read_text(), re.M))
EXAMPLE = dict(re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.M))


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_has_its_row_in_the_readme_and_its_line_in_the_example(name):
    assert name in ROWS
    assert name in EXAMPLE


@pytest.mark.parametrize("name", [name for name, default in SETTINGS.items() if default not in ("", (), False)])
def test_the_defaults_that_are_told_are_the_real_ones(name):
    assert ROWS[name].strip().strip("`") == str(SETTINGS[name])
    assert EXAMPLE[name] == str(SETTINGS[name])


def test_nothing_is_told_that_is_no_setting():
    assert set(ROWS) == set(SETTINGS)
    assert set(EXAMPLE) == set(SETTINGS)
