"""What variants have brought, and the guard that switches one off."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from app.ai.models import ProviderCall
from app.assistant.brief import forget_stores
from app.assistant.course import forget_courses
from app.assistant.experiment_writing import Planned, plan, start, stop
from app.assistant.experiments import Variant, variant_of
from app.assistant.models import Experiment
from app.booking import book, hold
from app.chat.experiment_results import guard, results_of
from app.chat.models import Reply
from app.db import db
from app.leads.models import Lead
from app.leads.moves import move
from tests.factories.booking import NOW as BEFORE
from tests.factories.booking import TEN, make_bay, make_wish
from tests.factories.chat import make_conversation
from tests.factories.leads import make_lead
from tests.factories.locations import make_location

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def running(app: Flask) -> Experiment:
    forget_stores()
    forget_courses()
    store = make_location()
    make_lead(store, stage="booked")
    variants = [Planned(1, "anthropic"), Planned(1, "openai")]
    made = plan(store.company_id, None, "Who books more?", "provider", 5, variants, "Frances")
    start(made, NOW)
    db.session.info["store"] = store
    return made


def lead_of(experiment: Experiment, label: str, **given: object) -> Lead:
    """A new lead that chance has put into that variant."""
    variants = [Variant(row.label, row.weight) for row in experiment.variants]
    while True:
        lead = make_lead(db.session.info["store"], **given)
        if variant_of(experiment.id, lead.id, variants).label == label:
            return lead
        db.session.delete(lead)
        db.session.flush()


def replies(experiment: Experiment, label: str, count: int, *, unproven: int = 0, failed: int = 0, cost="0.01") -> None:
    """So many answers to one lead of the variant, some with a sentence that was held back, some that failed."""
    lead = lead_of(experiment, label)
    conversation = make_conversation(lead)
    whose = {"company_id": lead.company_id, "location_id": lead.location_id}
    for number in range(count):
        reply = Reply(
            **whose, conversation_id=conversation.id, to_seq=number,
            status="failed" if number >= count - failed else "done",
            unproven=["It is $1."] if number < unproven else None,
        )  # fmt: skip
        db.session.add(reply)
        db.session.flush()
        call = {"provider": "openai", "model": "m", "outcome": "ok", "total_ms": 9, "first_token_ms": 400}
        money = {"cost": Decimal(cost) if cost else None, "variant": f"{experiment.id}:{label}"}
        db.session.add(ProviderCall(**whose, **call, **money, reply_id=reply.id))
    db.session.flush()


def test_leads_are_counted_by_variant_from_when_they_come_in(running: Experiment) -> None:
    lead_of(running, "A")
    lead_of(running, "A", first_engaged_at=NOW, stage="engaged")
    lead_of(running, "B", first_engaged_at=NOW, stage="booked")
    lead_of(running, "B", first_engaged_at=NOW, stage="won")
    gone = lead_of(running, "B", stage="engaged")
    move(gone, "booked", "by the chat", NOW)
    move(gone, "lost", "cancelled", NOW)
    make_lead(make_location(), stage="booked")
    db.session.flush()
    control, other = results_of(running)
    assert (control.leads, control.engaged.hits, control.booked.hits, control.shown.hits) == (2, 1, 0, 0)
    assert (other.leads, other.engaged.hits, other.booked.hits, other.shown.hits) == (3, 2, 3, 1)
    assert control.versus is None
    assert other.versus.value == 1.0


def test_a_visit_counts_whatever_became_of_the_lead_since(running: Experiment) -> None:
    store = db.session.info["store"]
    make_bay(store)
    seen, missed, held = (lead_of(running, "B", stage="engaged") for _ in range(3))
    visits = [book(make_wish(lead, TEN + day * DAY), BEFORE) for day, lead in enumerate((seen, missed))]
    hold(make_wish(held, TEN + 2 * DAY), BEFORE)
    for visit, status in zip(visits, ("done", "no_show"), strict=True):
        visit.status = status
    db.session.flush()
    for lead in (seen, missed, held):
        lead.stage = "lost"
    db.session.flush()
    other = results_of(running)[1]
    assert (other.leads, other.booked.hits, other.shown.hits) == (3, 2, 1)


def test_the_count_ends_when_the_experiment_does(running: Experiment) -> None:
    lead_of(running, "A")
    stop(running, "Enough.", NOW)
    lead_of(running, "A")
    assert results_of(running)[0].leads == 1


def test_cost_per_booking_has_a_range_and_unknown_costs_are_told(running: Experiment) -> None:
    replies(running, "B", 2)
    replies(running, "B", 1, cost="")
    for _ in range(2):
        lead_of(running, "B", stage="booked")
    result = results_of(running)[1]
    assert (result.cost, result.unpriced, result.cost_per_booking) == (Decimal("0.02"), 1, Decimal("0.01"))
    low, high = result.cost_between
    assert low < result.cost_per_booking < high
    assert results_of(running)[0].cost_per_booking is None


@pytest.mark.parametrize("kind", ["unproven", "failed"])
def test_a_variant_that_breaks_its_guard_rail_switches_itself_off(running: Experiment, kind: str) -> None:
    replies(running, "A", 40)
    replies(running, "B", 40, **{kind: 10})
    assert guard(NOW) == 1
    assert running.variants[1].off_at == NOW
    assert "10 of 40 replies had" in running.variants[1].off_why
    assert running.status == "stopped"
    assert guard(NOW) == 0


def test_a_few_failures_are_chance_and_the_control_stays(running: Experiment) -> None:
    replies(running, "A", 40, unproven=20)
    replies(running, "B", 29, unproven=20)
    assert guard(NOW) == 0


def test_a_split_is_judged_among_the_variants_that_are_on(running: Experiment) -> None:
    for _ in range(30):
        lead_of(running, "A")
    assert [result.split_is_odd for result in results_of(running)] == [True, True]
    running.variants[1].off_at = NOW
    db.session.flush()
    assert [result.split_is_odd for result in results_of(running)] == [False, False]


def test_before_it_starts_there_is_nothing_to_show(app: Flask) -> None:
    store = make_location()
    variants = [Planned(1, "anthropic"), Planned(1, "openai")]
    assert results_of(plan(store.company_id, None, "Later", "provider", 5, variants, "Frances")) == []
