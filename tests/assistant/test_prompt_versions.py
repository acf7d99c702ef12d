"""A company's own words for its assistant: drafted, published, rolled back."""

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from flask import Flask

from app.assistant.brief import forget_stores, lead_brief, store_brief
from app.assistant.course import course_for, forget_courses
from app.assistant.prompt import RULES, VERSION, build_prompt
from app.assistant.prompt_versions import (
    VersionRefused,
    publish,
    published_version,
    save_draft,
    versions_of,
    words_of,
)
from tests.factories.catalog import make_service
from tests.factories.leads import make_lead
from tests.factories.locations import make_location

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
WARM = {"persona": "Tina, who loves cars.", "tone": "Warm.", "rules": "Say film, not foil.\n- Offer at most one extra."}


@pytest.fixture
def store(app: Flask):
    forget_stores()
    forget_courses()
    yield make_location()
    forget_courses()


def told(store) -> tuple[str, str]:
    """The rules part of the prompt that a lead of the store gets now, and its version's name."""
    forget_courses()
    lead = make_lead(store)
    course = course_for(store_brief(store.id), lead.id)
    return build_prompt(course.store, lead_brief(lead.id), (), NOW, course.words).system[0], course.prompt_version


def test_a_draft_changes_nothing_until_it_is_published(store) -> None:
    before = told(store)
    draft = save_draft(store.company_id, WARM, "Frances", NOW)
    assert told(store) == before == (RULES, VERSION)
    publish(store.company_id, draft.number, "Frances", NOW)
    rules, version = told(store)
    assert rules.startswith(RULES)
    assert "Persona: Tina, who loves cars.\nTone: Warm.\nHouse rules:\n- Say film, not foil.\n- Offer at most" in rules
    assert rules.endswith("the rules above hold.")
    assert version == f"{VERSION}.1"


def test_one_draft_at_a_time_and_each_published_one_keeps_its_number(store) -> None:
    first = save_draft(store.company_id, WARM, "Frances", NOW)
    assert save_draft(store.company_id, {"tone": "Cool."}, "Frances", NOW).id == first.id
    publish(store.company_id, first.number, "Frances", NOW)
    second = save_draft(store.company_id, {"tone": "Hot."}, "Frances", NOW)
    publish(store.company_id, second.number, "Frances", NOW)
    assert [(row.number, row.status) for row in versions_of(store.company_id)] == [(2, "published"), (1, "retired")]


def test_rolling_back_lets_the_earlier_words_hold_again(store) -> None:
    publish(store.company_id, save_draft(store.company_id, WARM, "Frances", NOW).number, "Frances", NOW)
    publish(store.company_id, save_draft(store.company_id, {"tone": "Odd."}, "Frances", NOW).number, "Frances", NOW)
    publish(store.company_id, 1, "Frances", NOW)
    assert "Tina" in told(store)[0]
    assert [row.status for row in versions_of(store.company_id)] == ["retired", "published"]
    with pytest.raises(VersionRefused, match="already published"):
        publish(store.company_id, 1, "Frances", NOW)
    with pytest.raises(VersionRefused, match="no such"):
        publish(store.company_id, 9, "Frances", NOW)


def test_another_company_s_words_are_its_own(store) -> None:
    other = make_location()
    publish(store.company_id, save_draft(store.company_id, WARM, "Frances", NOW).number, "Frances", NOW)
    assert published_version(other.company_id) is None
    assert told(other)[1] == VERSION


@pytest.mark.parametrize(
    ("given", "field"),
    [({}, ""), ({"tone": " \r\n"}, ""), ({"persona": "x" * 601}, "persona"), ({"rules": "y" * 3001}, "rules")],
)
def test_words_that_cannot_be_a_version_are_refused(store, given, field) -> None:
    with pytest.raises(VersionRefused) as refused:
        save_draft(store.company_id, given, "Frances", NOW)
    assert refused.value.field == field
    assert list(versions_of(store.company_id)) == []


def test_nothing_published_adds_nothing() -> None:
    assert words_of(None) == ""


RENDER = """
from datetime import UTC, datetime, time
from app.assistant.brief import LeadBrief, StoreBrief
from app.assistant.models import PromptVersion
from app.assistant.prompt import build_prompt
from app.assistant.prompt_versions import words_of
from app.ai import request_body
from app.locations.settings import StoreSettings
settings = StoreSettings("anthropic", "claude-sonnet-5-5", "gpt-4o", None, None, None, "Tina", "warm")
hours = ((0, time(9), time(18)),)
store = StoreBrief(1, 1, "Tint", "", "", "", "America/New_York", True, "USD", hours, settings, "Tint: A, B")
lead = LeadBrief(1, "abc", "Maria", "2021 Toyota Camry", "sedan", None, "en", ("Tint",), (("Tint", 100),))
words = words_of(PromptVersion(persona="P", tone="T", rules="a\\nb"))
prompt = build_prompt(store, lead, (), datetime(2026, 11, 23, 15, tzinfo=UTC), words)
for name in ("anthropic", "openai"):
    print(request_body(name, prompt, "some-model"))
"""


def test_two_processes_send_the_same_bytes_so_that_providers_cache_them() -> None:
    said = [
        subprocess.run(
            [sys.executable, "-c", RENDER], check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    ]
    assert said[0] == said[1]
    assert b"House rules" in said[0]


def test_the_long_part_is_the_same_for_every_lead_and_every_hour(store) -> None:
    make_service(store)
    maria, dan = make_lead(store), make_lead(store, order_name="New Quote PPF")
    first = build_prompt(store_brief(store.id), lead_brief(maria.id), (), NOW, "Words")
    later = build_prompt(store_brief(store.id), lead_brief(dan.id), (), NOW.replace(hour=3), "Words")
    assert first.system[:2] == later.system[:2]
    assert first.cache_key == later.cache_key
    assert first.cache_key != build_prompt(store_brief(store.id), lead_brief(dan.id), (), NOW, "Other").cache_key
