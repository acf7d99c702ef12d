"""Words below the gate hold for nobody: what live providers have shown decides."""

from datetime import UTC, datetime, timedelta

import pytest

from app.assistant.experiment_writing import ExperimentRefused, Planned, plan
from app.assistant.models import TrialRun
from app.assistant.prompt_versions import VersionRefused, save_draft, words_of
from app.assistant.release_gate import release, runs_of, shortcomings, words_hash
from app.db import db
from tests.factories.locations import make_location

NOW = datetime(2026, 11, 30, 15, tzinfo=UTC)
WARM = {"persona": "Tina, who loves cars.", "tone": "Warm.", "rules": ""}


@pytest.fixture
def company_id(app) -> int:
    return make_location().company_id


def draft(company_id: int, **words: str):
    return save_draft(company_id, {**WARM, **words}, "Frances", NOW)


def tried(version, provider: str = "anthropic", **given: object) -> TrialRun:
    run = TrialRun(
        **{
            "company_id": version.company_id, "prompt_number": version.number, "prompt_label": "4.1",
            "words_hash": words_hash(words_of(version)), "provider": provider, "model": "model-1", "live": True,
            "whole": True, "scenarios": 112, "runs": 4, "pass_one": 0.97, "pass_four": 0.9, "false_amounts": 0,
            "untrue_claims": 0, "results": {}, "started_at": NOW, **given,
        }
    )  # fmt: skip
    db.session.add(run)
    db.session.flush()
    return run


def test_without_a_key_words_are_published_untested(company_id) -> None:
    assert release(company_id, draft(company_id).number, "Frances", NOW, ()).tested is False


def test_with_keys_each_provider_must_have_passed(company_id) -> None:
    version = draft(company_id)
    with pytest.raises(VersionRefused, match=r"Not yet tried with Claude and GPT. Run: flask ai eval --prompt 1"):
        release(company_id, 1, "Frances", NOW, ("anthropic", "openai"))
    tried(version)
    with pytest.raises(VersionRefused, match="Not yet tried with GPT"):
        release(company_id, 1, "Frances", NOW, ("anthropic", "openai"))
    tried(version, "openai")
    assert release(company_id, 1, "Frances", NOW, ("anthropic", "openai")).tested is True


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"pass_one": 0.5}, "one try passes 50%, of 90%"),
        ({"pass_four": 0.6}, "four tries in a row pass 60%, of 75%"),
        ({"pass_four": None}, "four times or more"),
        ({"false_amounts": 1}, "1 false amounts"),
        ({"untrue_claims": 2}, "2 untrue claims"),
    ],
)
@pytest.mark.parametrize("keys", [(), ("anthropic",)])
def test_below_the_gate_nothing_is_published_with_a_key_or_without(company_id, given, why, keys) -> None:
    tried(draft(company_id), **given)
    with pytest.raises(VersionRefused, match=f"Below the gate with Claude: .*{why}"):
        release(company_id, 1, "Frances", NOW, keys)


@pytest.mark.parametrize("given", [{"live": False}, {"whole": False}])
def test_a_scripted_model_or_a_selection_opens_no_gate(company_id, given) -> None:
    tried(draft(company_id), **given)
    with pytest.raises(VersionRefused, match="Not yet tried"):
        release(company_id, 1, "Frances", NOW, ("anthropic",))


def test_the_newest_run_counts_and_a_changed_draft_is_a_new_thing_to_try(company_id) -> None:
    version = draft(company_id)
    tried(version, pass_one=0.2)
    tried(version)
    draft(company_id, tone="Cool.")
    with pytest.raises(VersionRefused, match="Not yet tried"):
        release(company_id, 1, "Frances", NOW, ("anthropic",))
    draft(company_id)
    assert release(company_id, 1, "Frances", NOW, ("anthropic",)).tested is True


def test_what_was_published_may_come_back_untried_but_not_once_it_is_known_to_fail(company_id) -> None:
    first = draft(company_id)
    release(company_id, 1, "Frances", NOW, ())
    draft(company_id, tone="Cool.")
    release(company_id, 2, "Frances", NOW, ())
    assert release(company_id, 1, "Frances", NOW, ("anthropic",)).tested is False
    release(company_id, 2, "Frances", NOW, ("anthropic",))
    tried(first, false_amounts=3)
    with pytest.raises(VersionRefused, match="Below the gate"):
        release(company_id, 1, "Frances", NOW, ("anthropic",))


def test_an_experiment_goes_through_the_same_gate(company_id) -> None:
    release(company_id, draft(company_id).number, "Frances", NOW, ())
    version = draft(company_id, tone="Cool.")
    ways = [Planned(50, prompt_number=1), Planned(50, prompt_number=2)]
    with pytest.raises(ExperimentRefused, match="Variant B, version 2: Not yet tried with Claude"):
        plan(company_id, None, "Cool", "prompt", 5, ways, "Frances", ("anthropic",))
    assert version.status == "draft"
    tried(version)
    made = plan(company_id, None, "Cool", "prompt", 5, ways, "Frances", ("anthropic",))
    assert [row.prompt_version_id for row in made.variants][1] == version.id
    assert (version.status, version.tested) == ("retired", True)


def test_another_company_s_runs_prove_nothing(company_id) -> None:
    version = draft(company_id)
    tried(version, company_id=make_location().company_id)
    assert runs_of(company_id, [version]) == {}
    with pytest.raises(VersionRefused, match="Not yet tried"):
        release(company_id, 1, "Frances", NOW, ("anthropic",))


def test_a_run_that_passes_has_no_shortcomings(company_id) -> None:
    assert shortcomings(tried(draft(company_id), created_at=NOW + timedelta(hours=1))) == []
