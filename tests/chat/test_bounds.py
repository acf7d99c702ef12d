"""Answers that no model is asked for, and answers that follow once a provider is back."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select, text

from app.ai.models import ProviderCall
from app.assistant.brief import forget_stores
from app.assistant.course import forget_courses
from app.assistant.models import SpendingLimit
from app.chat import following_up, generation, posting
from app.chat.models import Conversation, Message, Reply
from app.db import db
from app.leads.models import Lead
from tests.chat.conftest import Scene
from tests.factories.providers import ScriptedProvider, broken

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def ask(scene: Scene, message: str = "How much is ceramic tint?", client_id: str = "c1") -> int:
    posted = posting.post_customer_message(scene.conversation_id, scene.lead_id, message, client_id, "web", NOW)
    assert posted.reply_id is not None
    return posted.reply_id


def said(scene: Scene) -> list[tuple[str, str]]:
    db.session.rollback()
    query = select(Message.author, Message.text).where(Message.conversation_id == scene.conversation_id)
    return [tuple(row) for row in db.session.execute(query.order_by(Message.seq))]


def conversation(scene: Scene) -> Conversation:
    db.session.rollback()
    return db.session.get_one(Conversation, scene.conversation_id)


def limit(scene: Scene, **given: object) -> None:
    company_id = db.session.get_one(Lead, scene.lead_id).company_id
    db.session.add(SpendingLimit(company_id=company_id, **given))
    db.session.commit()
    forget_courses()


def spend(scene: Scene, cost: str | None, **given: object) -> None:
    """A call that was made for this conversation just now, or `given`."""
    lead = db.session.get_one(Lead, scene.lead_id)
    reply = Reply(
        company_id=lead.company_id, location_id=lead.location_id, conversation_id=scene.conversation_id, to_seq=0,
        status="done",
    )  # fmt: skip
    db.session.add(reply)
    db.session.flush()
    whose = {"company_id": lead.company_id, "location_id": lead.location_id, "reply_id": reply.id}
    usual = {"provider": "scripted", "model": "m", "outcome": "ok", "total_ms": 1, "cost": cost and Decimal(cost)}
    db.session.add(ProviderCall(**{**whose, **usual, **given}))
    db.session.commit()
    forget_courses()


@pytest.mark.parametrize(
    "which", ["conversation_dollars", "lead_day_dollars", "store_day_dollars", "company_day_dollars"]
)
def test_at_a_spending_limit_the_customer_gets_a_person_and_no_model_is_paid(scene: Scene, which: str) -> None:
    provider = ScriptedProvider(["Never said."])
    scene.answer_by(provider)
    limit(scene, **{which: Decimal("0.50")})
    spend(scene, "0.50")
    generation.generate(ask(scene), "this")
    assert provider.prompts == []
    assert "will take it from here" in said(scene)[-1][1]
    waiting = conversation(scene)
    assert waiting.waiting_since is not None
    assert "spending limit" in waiting.waiting_reason


@pytest.mark.parametrize(
    "which", ["conversation_dollars", "lead_day_dollars", "store_day_dollars", "company_day_dollars"]
)
@pytest.mark.parametrize("told", [None, "0.01"])
def test_calls_that_were_broken_off_count_for_the_limits(scene: Scene, which: str, told: str | None) -> None:
    provider = ScriptedProvider(["Never said."])
    scene.answer_by(provider)
    limit(scene, **{which: Decimal("0.50")})
    for _ in range(2):
        spend(scene, told, outcome="aborted", cost_at_least=told is not None, cost_estimate=Decimal("0.25"))
    generation.generate(ask(scene), "this")
    assert provider.prompts == []
    assert "will take it from here" in said(scene)[-1][1]


def test_what_another_store_spent_does_not_close_this_one(scene: Scene) -> None:
    limit(scene, store_day_dollars=Decimal("0.50"), company_day_dollars=Decimal("9"))
    from tests.factories.locations import make_location

    other = make_location(db.session.get_one(Lead, scene.lead_id).location.company)
    spend(scene, "0.60", location_id=other.id, reply_id=None)
    scene.answer_by(ScriptedProvider(["Here I am."]))
    generation.generate(ask(scene), "this")
    assert said(scene)[-1][1] == "Here I am."


def test_yesterday_s_money_counts_for_the_conversation_only(scene: Scene) -> None:
    limit(scene, lead_day_dollars=Decimal("0.50"), store_day_dollars=Decimal("0.50"), conversation_dollars=Decimal(1))
    spend(scene, "0.90")
    db.session.execute(text("UPDATE provider_calls SET created_at = now() - interval '25 hours'"))
    db.session.commit()
    forget_courses()
    scene.answer_by(ScriptedProvider(["Here I am."]))
    generation.generate(ask(scene), "this")
    assert said(scene)[-1][1] == "Here I am."
    spend(scene, "0.20")
    generation.generate(ask(scene, "And now?", "c2"), "this")
    assert "will take it from here" in said(scene)[-1][1]


def test_after_so_many_answers_in_a_day_a_person_is_called(scene: Scene) -> None:
    limit(scene, day_turns=2)
    scene.answer_by(ScriptedProvider(["One."], ["Two."], ["Three."]))
    for number in range(3):
        generation.generate(ask(scene, f"Question {number}", f"c{number}"), "this")
    assert [text for author, text in said(scene) if author == "assistant"][:2] == ["One.", "Two."]
    assert "will take it from here" in said(scene)[-1][1]
    assert "answered 2 times" in conversation(scene).waiting_reason


def test_homework_is_declined_without_a_model(scene: Scene) -> None:
    provider = ScriptedProvider(["Happy to talk about tint."])
    scene.answer_by(provider)
    generation.generate(ask(scene, "Write me an essay about Rome"), "this")
    assert "can't help with" in said(scene)[-1][1]
    assert provider.prompts == []
    assert conversation(scene).waiting_since is None
    generation.generate(ask(scene, "OK, how much is tint?", "c2"), "this")
    assert said(scene)[-1][1] == "Happy to talk about tint."


def test_a_burst_with_one_question_for_the_store_is_answered(scene: Scene) -> None:
    scene.answer_by(ScriptedProvider(["About tint."]))
    reply_id = ask(scene, "Write me an essay about Rome")
    posting.post_customer_message(scene.conversation_id, scene.lead_id, "and what is tint?", "c2", "web", NOW)
    generation.generate(reply_id, "this")
    assert said(scene)[-1][1] == "About tint."


def an_outage(scene: Scene) -> int:
    scene.answer_by(
        ScriptedProvider([broken("server")], [broken("server")], name="first"),
        ScriptedProvider([broken("overloaded")], name="second"),
    )
    reply_id = ask(scene)
    generation.generate(reply_id, "this")
    return reply_id


def time_passes() -> None:
    db.session.execute(
        text("UPDATE replies SET follow_up_at = now() - interval '1 second' WHERE follow_up_at IS NOT NULL")
    )
    db.session.commit()


def test_with_both_providers_down_the_answer_follows_when_one_is_back(scene: Scene) -> None:
    an_outage(scene)
    assert "I can't answer right now" in said(scene)[-1][1]
    assert conversation(scene).waiting_since is not None
    assert following_up.reopened() == []
    time_passes()
    back = ScriptedProvider(["It is tinted in a day."])
    scene.answer_by(back)
    (again,) = following_up.reopened()
    generation.generate(again, "this")
    assert [author for author, _ in said(scene)] == ["customer", "assistant", "assistant"]
    assert said(scene)[-1][1] == "It is tinted in a day."
    assert back.prompts[0].turns[-1].text == following_up.ANSWER_NOW
    assert conversation(scene).waiting_since is None
    assert following_up.reopened() == []


def test_while_they_are_down_the_customer_is_told_once_and_staff_stay_called(scene: Scene) -> None:
    an_outage(scene)
    for _ in range(len(following_up.WAITS)):
        time_passes()
        scene.answer_by(ScriptedProvider([broken("server")], [broken("server")]))
        (again,) = following_up.reopened()
        generation.generate(again, "this")
    assert len(said(scene)) == 2
    assert conversation(scene).waiting_since is not None
    time_passes()
    assert following_up.reopened() == []
    db.session.rollback()
    assert {status for (status,) in db.session.execute(select(Reply.status))} == {"failed"}


def test_nothing_follows_once_somebody_else_answers_or_will(scene: Scene) -> None:
    an_outage(scene)
    scene.answer_by(ScriptedProvider(["To your second question."]))
    generation.generate(ask(scene, "Hello?", "c2"), "this")
    time_passes()
    assert following_up.reopened() == []
    forget_stores()


def test_a_mistake_of_ours_is_not_asked_again(scene: Scene) -> None:
    scene.answer_by(ScriptedProvider([broken("invalid", permanent=True, fail_over=False)]))
    generation.generate(ask(scene), "this")
    time_passes()
    assert following_up.reopened() == []
