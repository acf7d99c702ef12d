"""What staff see and change of the assistant: its words, experiments, providers, models and limits."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.accounts.models import AuditEntry
from app.ai.models import ProviderCall
from app.assistant.brief import forget_stores, store_brief
from app.assistant.course import forget_courses
from app.assistant.limits import limits_for
from app.assistant.models import Experiment, PromptVersion, TrialRun
from app.assistant.prompt_versions import words_of
from app.assistant.release_gate import words_hash
from app.db import db
from app.locations.settings import settings_for
from app.staff.latency import Hour, chart, top_of
from tests.factories.accounts import make_staff, sign_in
from tests.factories.chat import make_conversation

FROM_HERE = {"Origin": "http://localhost"}
WORDS = {"persona": "Tina, who loves cars.", "tone": "Warm.", "rules": "Say film, not foil."}


@pytest.fixture(autouse=True)
def _nothing_kept():
    forget_stores()
    forget_courses()


@pytest.fixture
def frances(client, cast):
    """A browser that the franchise admin is signed in with."""
    return sign_in(client, make_staff(cast.store, "franchise_admin"))


@pytest.fixture
def sam(client, cast):
    """A browser that the first store's manager is signed in with."""
    return sign_in(client, make_staff(cast.store, "store_manager"))


def post(browser, path: str, **form: str):
    return browser.post(f"/staff{path}", data=form, headers=FROM_HERE)


def published(browser, **words: str) -> None:
    post(browser, "/assistant/draft", **{**WORDS, **words})
    number = db.session.scalar(select(func.max(PromptVersion.number)))
    assert post(browser, "/assistant/published", version=str(number)).status_code == 303


def audited() -> list[tuple[str, object]]:
    query = select(AuditEntry.action, AuditEntry.detail).where(AuditEntry.action != "signed in")
    return [tuple(row) for row in db.session.execute(query.order_by(AuditEntry.id))]


def test_an_admin_drafts_previews_publishes_and_rolls_back(frances, cast) -> None:
    make_conversation(cast.lead, ("customer", "Do you do film?"))
    answer = post(frances, "/assistant/draft", **WORDS, preview="1")
    assert answer.status_code == 303
    page = frances.get(answer.location + f"&lead={cast.lead.public_id}").text
    assert "Persona: Tina, who loves cars." in page
    assert "Do you do film?" in page
    assert "Tina" not in frances.get(f"/staff/assistant/preview?lead={cast.lead.public_id}").text

    assert post(frances, "/assistant/published", version="1").status_code == 303
    assert "Tina" in frances.get(f"/staff/assistant/preview?lead={cast.lead.public_id}").text
    page = frances.get("/staff/assistant").text
    assert "In force" in page
    assert "Untested" in page
    published(frances, persona="Otto.")
    assert post(frances, "/assistant/published", version="1").status_code == 303
    told = audited()
    assert [action for action, _ in told] == [
        "changed the assistant's draft", "published the assistant's words",
        "changed the assistant's draft", "published the assistant's words", "rolled the assistant back",
    ]  # fmt: skip
    assert told[1][1]["tested"] is False
    assert told[1][1]["persona"] == WORDS["persona"]


def test_words_that_cannot_be_a_version_come_back_as_they_were_typed(frances) -> None:
    answer = post(frances, "/assistant/draft", persona="x" * 700, tone="Dry <b>wit</b>")
    assert answer.status_code == 422
    assert "At most 600 characters." in answer.text
    assert "Dry &lt;b&gt;wit" in answer.text
    assert post(frances, "/assistant/published", version="7").status_code == 422
    assert post(frances, "/assistant/published", version="nonsense").status_code == 422
    assert post(frances, "/assistant/published", version="9" * 5000).status_code == 422


def test_a_manager_reads_and_previews_their_own_leads_and_changes_nothing(sam, cast) -> None:
    page = sam.get("/staff/assistant").text
    assert "The fixed rules" in page
    assert "<textarea" not in page
    assert cast.store.name in sam.get(f"/staff/assistant/preview?lead={cast.lead.public_id}").text
    assert "No such lead" in sam.get(f"/staff/assistant/preview?lead={cast.strangers_lead.public_id}").text
    for path in (
        "/assistant/draft", "/assistant/published", "/experiments", "/answering/models", "/answering/terms",
        "/answering/limits",
    ):  # fmt: skip
        assert post(sam, path, **WORDS).status_code == 403
    assert sam.get("/staff/answering").status_code == 403


def test_an_advisor_has_no_such_screens(desk) -> None:
    for path in ("assistant", "assistant/preview", "experiments", "providers", "answering"):
        assert desk.get(f"/staff/{path}").status_code == 403
    assert 'href="/staff/assistant"' not in desk.get("/staff/").text


def experiment(browser, **change: str):
    form = {
        "name": "Who books more?", "store": "", "subject": "provider", "guard_percent": "5",
        "provider_A": "anthropic", "weight_A": "1", "provider_B": "openai", "weight_B": "1", "weight_C": "",
    }  # fmt: skip
    return post(browser, "/experiments", **{**form, **change})


def test_an_experiment_is_planned_started_read_and_stopped(frances, cast) -> None:
    where = experiment(frances).location
    assert "Planned" in frances.get(where).text
    assert post(frances, where.removeprefix("/staff") + "/end").status_code == 409
    assert post(frances, where.removeprefix("/staff") + "/run").status_code == 303
    page = frances.get(where).text
    assert "Running" in page
    assert "nothing to count yet" in page
    other = experiment(frances, name="Another").location
    answer = post(frances, other.removeprefix("/staff") + "/run")
    assert answer.status_code == 409
    assert "is still running" in answer.text
    assert post(frances, where.removeprefix("/staff") + "/end").status_code == 303
    assert "Frances stopped it." in frances.get(where).text
    assert "Who books more?" in frances.get("/staff/experiments").text
    assert [action for action, _ in audited()][-1] == "stopped an experiment"


def test_a_form_that_makes_no_experiment_is_refused_with_what_was_typed(frances, cast) -> None:
    answer = experiment(frances, provider_B="anthropic", name="Twins")
    assert answer.status_code == 422
    assert "are the same" in answer.text
    assert "Twins" in answer.text
    assert experiment(frances, store="999999").status_code == 422
    assert experiment(frances, weight_A="many").status_code == 422
    assert db.session.scalar(select(Experiment)) is None


def test_an_experiment_of_another_store_is_as_absent_as_none(sam, cast) -> None:
    whose = {"company_id": cast.store.company_id, "subject": "same", "created_by": "Frances"}
    rows = [Experiment(**whose, name="Theirs", location_id=cast.other_store.id), Experiment(**whose, name="Everywhere")]
    mine = Experiment(**whose, name="Ours", location_id=cast.store.id)
    db.session.add_all([*rows, mine])
    db.session.commit()
    assert [sam.get(f"/staff/experiments/{row.id}").status_code for row in (*rows, mine)] == [404, 404, 200]
    page = sam.get("/staff/experiments").text
    assert "Ours" in page
    assert "Theirs" not in page
    assert sam.get(f"/staff/experiments/{2**70}").status_code == 404


def call(store, **given: object) -> None:
    usual = {"provider": "openai", "model": "gpt-4o", "outcome": "ok", "total_ms": 900, "first_token_ms": 400}
    db.session.add(ProviderCall(**{"company_id": store.company_id, "location_id": store.id, **usual, **given}))
    db.session.commit()


def test_the_providers_page_tells_speed_cost_cache_and_faults_of_one_s_own_stores(sam, cast) -> None:
    call(cast.store, cost=Decimal("0.01"), input_tokens=1000, cache_read_tokens=800)
    call(cast.store, cost=None, outcome="cut", error="cut: <b>gone</b>", first_token_ms=None, request_id="req_7")
    call(cast.other_store, cost=Decimal("70"), error="secret", outcome="error")
    page = sam.get("/staff/providers").text
    assert "$0.0100" in page
    assert "and 1 of unknown cost" in page
    assert "80 %" in page
    assert "cut: &lt;b&gt;gone" in page
    assert "req_7" in page
    assert "secret" not in page
    assert "half of the first words within 0.4 seconds" in page
    assert "<style" not in page
    assert "style=" not in page


def test_a_cost_of_which_some_is_unknown_is_told_as_the_least_it_can_be(sam, cast) -> None:
    call(cast.store, cost=Decimal("0.01"), outcome="aborted", cost_at_least=True, cost_estimate=Decimal("0.03"))
    call(cast.store, cost=None, outcome="cut", cost_estimate=Decimal("0.05"))
    page = sam.get("/staff/providers").text
    assert "at least $0.0100" in page
    assert "and 1 of unknown cost" in page
    assert "limits count $0.0700 more for calls that were broken off" in page


def test_without_any_provider_the_page_says_what_to_do(sam) -> None:
    assert "Set ANTHROPIC_API_KEY or OPENAI_API_KEY" in sam.get("/staff/providers").text


def test_a_sandbox_without_keys_says_who_answers_there(sam, app, monkeypatch) -> None:
    assert "customers are told that a person will answer" in sam.get("/staff/providers").text
    monkeypatch.setitem(app.config, "SETTINGS", app.config["SETTINGS"].model_copy(update={"sandbox": True}))
    page = sam.get("/staff/providers").text
    assert "the demo assistant answers" in page
    assert "customers are told" not in page


def test_models_are_set_for_the_company_and_for_one_store(frances, cast) -> None:
    post(frances, "/answering/models", ai_primary="openai", anthropic_model="", openai_model="gpt-6-luna")
    post(frances, "/answering/models", store=str(cast.other_store.id), ai_primary="anthropic", openai_model="")
    db.session.expire_all()
    assert (settings_for(cast.store).ai_primary, settings_for(cast.store).openai_model) == ("openai", "gpt-6-luna")
    assert settings_for(cast.other_store).ai_primary == "anthropic"
    assert store_brief(cast.other_store.id).settings.openai_model == "gpt-6-luna"
    answer = post(frances, "/answering/models", ai_primary="acme", openai_model="my model")
    assert answer.status_code == 422
    assert "Choose Anthropic or OpenAI." in answer.text
    assert "without spaces" in answer.text


def test_patience_with_providers_is_set_inherited_and_bounded(frances, cast) -> None:
    usual = settings_for(cast.store)
    assert (usual.first_token_seconds, usual.stall_seconds) == (8, 15)
    post(frances, "/answering/models", first_token_seconds="5", stall_seconds="10")
    post(frances, "/answering/models", store=str(cast.store.id), first_token_seconds="3", stall_seconds="")
    db.session.expire_all()
    mine, other = settings_for(cast.store), settings_for(cast.other_store)
    assert (mine.first_token_seconds, mine.stall_seconds) == (3, 10)
    assert (other.first_token_seconds, other.stall_seconds) == (5, 10)
    assert "Left empty: 5." in frances.get(f"/staff/answering?store={cast.store.id}").text
    for name, odd in (
        ("first_token_seconds", ("1", "31", "2.5", "ten", "-8")),
        ("stall_seconds", ("2", "61", "9" * 9)),
    ):
        for value in odd:
            answer = post(frances, "/answering/models", **{name: value})
            assert answer.status_code == 422
            assert "Whole seconds, from" in answer.text
    post(frances, "/answering/models", first_token_seconds="", stall_seconds="")
    db.session.expire_all()
    assert settings_for(cast.other_store).first_token_seconds == 8


def test_terms_of_business_are_written_and_inherited(frances, cast) -> None:
    whole = "Window film carries a lifetime warranty.\nNo deposit is needed."
    assert post(frances, "/answering/terms", assistant_terms=whole).status_code == 303
    assert post(frances, "/answering/terms", store=str(cast.store.id), assistant_terms="<b>None</b>").status_code == 303
    db.session.expire_all()
    assert settings_for(cast.store).assistant_terms == "<b>None</b>"
    assert settings_for(cast.other_store).assistant_terms.splitlines()[1] == "No deposit is needed."
    page = frances.get(f"/staff/answering?store={cast.store.id}").text
    assert "&lt;b&gt;None" in page
    assert "lifetime warranty" in page
    assert post(frances, "/answering/terms", assistant_terms="x" * 2001).status_code == 422
    assert [action for action, _ in audited()] == ["changed the terms of business"] * 2


def test_limits_are_set_inherited_and_checked(frances, cast) -> None:
    post(frances, "/answering/limits", conversation_dollars="$2.50", day_turns="20", store_day_dollars="")
    post(frances, "/answering/limits", store=str(cast.store.id), day_turns="5", conversation_dollars="")
    found = limits_for(cast.store.company_id, cast.store.id)
    assert (found.conversation_dollars, found.day_turns) == (Decimal("2.50"), 5)
    assert limits_for(cast.store.company_id, cast.other_store.id).day_turns == 20
    page = frances.get(f"/staff/answering?store={cast.store.id}").text
    assert "Left empty: $2.50." in page
    answer = post(frances, "/answering/limits", conversation_dollars="free", day_turns="0", lead_day_dollars="-1")
    assert answer.status_code == 422
    for why in ("Write dollars as a number", "from 1 to 1000", "More than 0"):
        assert why in answer.text
    assert frances.get("/staff/answering?store=nonsense").status_code == 404


AT = datetime(2026, 11, 23, 15, tzinfo=UTC)


def test_a_chart_has_a_round_top_and_shows_even_the_smallest_bar() -> None:
    hours = [Hour(AT, 3, 0, 5, 1800), Hour(AT + timedelta(hours=1), 0, 0, None, None), Hour(AT, 1, 1, 90_000, 99_000)]
    assert top_of(hours[:2]) == 2000
    assert top_of([]) == 250
    drawn = chart(hours, 2000)
    assert [(bar.x, bar.usual, bar.slow) for bar in drawn.bars] == [(0, 1.0, 90.0), (14, None, None), (28, 100, 100)]
    assert drawn.width == 42


def trial(cast, words: str, **given: object) -> None:
    db.session.add(
        TrialRun(
            **{
                "company_id": cast.store.company_id, "prompt_number": 1, "prompt_label": "4.1",
                "words_hash": words_hash(words), "provider": "anthropic", "model": "model-1", "live": True,
                "whole": True, "scenarios": 112, "runs": 4, "pass_one": 0.971, "pass_four": 0.5, "false_amounts": 0,
                "untrue_claims": 0, "started_at": datetime.now(UTC),
                "results": {"prices: exact": {"passed": 2, "of": 4, "found": ["price: <none>"]}}, **given,
            }
        )
    )  # fmt: skip
    db.session.commit()


def test_a_version_below_its_gate_is_not_published_and_the_page_says_why(frances, cast) -> None:
    post(frances, "/assistant/draft", **WORDS)
    draft = db.session.scalars(select(PromptVersion)).one()
    trial(cast, words_of(draft))
    trial(cast, words_of(draft), provider="scripted: good", live=False, pass_four=1.0, results={})
    answer = post(frances, "/assistant/published", version="1")
    assert answer.status_code == 422
    assert "Below the gate with Claude: four tries in a row pass 50%" in answer.text
    page = frances.get("/staff/assistant").text
    assert "Claude (model-1)" in page
    assert "Below the gate" in page
    assert "prices: exact: 2 of 4" in page
    assert "price: &lt;none&gt;" in page
    assert "Scripted: good" in page
    assert "which pass no gate" in page
    trial(cast, words_of(draft), pass_four=0.9)
    assert post(frances, "/assistant/published", version="1").status_code == 303
    assert audited()[-1][1]["tested"] is True
    assert "Passes the gate" in frances.get("/staff/assistant").text


def test_an_experiment_with_untested_words_is_audited_as_such(frances, cast) -> None:
    published(frances)
    post(frances, "/assistant/draft", **{**WORDS, "persona": "Otto."})
    assert experiment(frances, subject="prompt", version_A="1", version_B="2").status_code == 303
    assert audited()[-1][1]["untested"] == [1, 2]
