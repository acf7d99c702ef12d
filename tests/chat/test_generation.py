"""How replies come about, without a browser."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, event, select, text

from app import chat
from app.ai.models import ProviderCall
from app.ai.port import Event, Stop, ToolCall
from app.assistant.models import PriceReceipt, WithheldSentence
from app.catalog.models import Service
from app.chat import generation, holding, leases, posting, replies, runner
from app.chat.holding import hand_over
from app.chat.items import Item, State
from app.chat.models import Conversation, Message, Reply
from app.db import db
from app.leads.models import Lead
from tests.chat.conftest import Scene
from tests.factories.providers import Gatekeeper, ScriptedProvider, broken

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def ask(scene: Scene, message: str = "How much is ceramic tint?", client_id: str = "c1") -> int:
    posted = posting.post_customer_message(scene.conversation_id, scene.lead_id, message, client_id, "web", NOW)
    assert posted.reply_id is not None
    return posted.reply_id


def messages(scene: Scene) -> list[tuple[str, str, str]]:
    db.session.rollback()
    rows = db.session.execute(
        select(Message.author, Message.text, Message.status)
        .where(Message.conversation_id == scene.conversation_id)
        .order_by(Message.seq)
    )
    return [tuple(row) for row in rows]


def reply_status(reply_id: int) -> str:
    db.session.rollback()
    return db.session.get_one(Reply, reply_id).status


def in_background(scene: Scene, reply_id: int, owner: str = "this") -> threading.Thread:
    def run() -> None:
        with scene.app.app_context():
            generation.generate(reply_id, owner)
            db.session.remove()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_an_answer_with_a_tool_names_the_vehicles_price(scene: Scene) -> None:
    provider = ScriptedProvider(
        ["Let me look. ", ToolCall("t1", "price_for_vehicle", {"service_id": scene.service_id})],
        ["For your Camry it is **$399**. ", "Shall I ask the team for a time?"],
    )
    scene.answer_by(provider)
    reply_id = ask(scene)
    assert generation.generate(reply_id, "this") is None
    assert messages(scene)[-1] == (
        "assistant",
        "Let me look. \n\nFor your Camry it is **$399**. Shall I ask the team for a time?",
        "whole",
    )
    assert reply_status(reply_id) == "done"
    assert "Ceramic Tint, Full Car for 2021 Toyota Camry: $399." in str(provider.prompts[1].turns)
    calls = db.session.scalars(select(ProviderCall).order_by(ProviderCall.round)).all()
    assert [(call.round, call.outcome, call.reply_id) for call in calls] == [(0, "ok", reply_id), (1, "ok", reply_id)]
    assert db.session.get_one(Lead, scene.lead_id).last_ai_at is not None


def withheld() -> list[tuple[str, str, str]]:
    rows = db.session.scalars(select(WithheldSentence).order_by(WithheldSentence.id))
    return [(row.sentence, row.kind, row.outcome) for row in rows]


def test_a_sentence_that_fails_is_said_again_with_the_fact_supplied(scene: Scene) -> None:
    provider = ScriptedProvider(
        ["Sure! Ceramic Tint, Full Car is $149. ", "Anything else?"],
        ["Ceramic Tint, Full Car is $399 for your Camry. Anything else?"],
    )
    scene.answer_by(provider)
    reply_id = ask(scene)
    generation.generate(reply_id, "this")
    assert messages(scene)[-1][1] == "Sure! Ceramic Tint, Full Car is $399 for your Camry. Anything else?"
    note = provider.prompts[1].turns[-1].text
    assert "Ceramic Tint, Full Car is $149." in note
    assert "What is true: Ceramic Tint, Full Car: $399." in note
    assert withheld() == [("Ceramic Tint, Full Car is $149.", "price", "rewritten")]
    calls = db.session.execute(select(ProviderCall.round, ProviderCall.outcome).order_by(ProviderCall.id)).all()
    assert [tuple(call) for call in calls] == [(0, "aborted"), (0, "ok")]
    assert db.session.scalars(select(PriceReceipt)).one().shown_at is not None
    assert db.session.get_one(Conversation, scene.conversation_id).waiting_since is None


def test_a_sentence_that_fails_twice_becomes_an_honest_line_and_a_person_is_called(scene: Scene) -> None:
    scene.answer_by(ScriptedProvider(["Sure! It is $149. "], ["It is $149, really. Or $159! Anything else?"]))
    reply_id = ask(scene)
    generation.generate(reply_id, "this")
    said = [text for author, text, _ in messages(scene) if author == "assistant"]
    assert said == ["Sure! I'd rather have the store confirm that price for you. Anything else?"]
    assert [outcome for _, _, outcome in withheld()] == ["rewritten", "replaced", "dropped"]
    conversation = db.session.get_one(Conversation, scene.conversation_id)
    assert conversation.waiting_since is not None
    assert "It is $149, really." in (conversation.waiting_reason or "")


def test_an_invented_booking_is_not_shown(scene: Scene) -> None:
    scene.answer_by(ScriptedProvider(["You're booked for Tuesday at 10! "], ["I've booked you in. See you!"]))
    generation.generate(ask(scene, "Book me"), "this")
    said = next(text for author, text, _ in messages(scene) if author == "assistant")
    assert said.startswith("I'd rather have the store's team confirm that with you.")
    assert "booked" not in said
    assert [kind for _, kind, _ in withheld()] == ["claim", "claim"]


def test_what_a_tool_has_done_may_be_said(scene: Scene) -> None:
    scene.answer_by(
        ScriptedProvider(
            [ToolCall("t1", "hand_over", {"reason": "wants to book"})],
            ["I've asked the team to call you."],
            ["As I said, I've asked the team."],
        )
    )
    generation.generate(ask(scene, "Please book me"), "this")
    generation.generate(ask(scene, "Sure?", "c2"), "this")
    assert messages(scene)[-1][1] == "As I said, I've asked the team."
    assert withheld() == []


def test_the_list_may_change_and_the_price_that_was_shown_stays(scene: Scene) -> None:
    price = ToolCall("t1", "price_for_vehicle", {"service_id": scene.service_id})
    scene.answer_by(ScriptedProvider([price], ["It is $399."], ["You keep $399; the list now says $449."]))
    generation.generate(ask(scene), "this")
    service = db.session.get_one(Service, scene.service_id)
    next(row for row in service.class_prices if row.vehicle_class == "sedan").low_cents = 44900
    db.session.commit()
    generation.generate(ask(scene, "Still?", "c2"), "this")
    assert messages(scene)[-1][1] == "You keep $399; the list now says $449."


def test_the_other_provider_goes_on_where_the_first_broke(scene: Scene) -> None:
    first = ScriptedProvider(["We tint every day. And we ", broken("cut")], name="first")
    second = ScriptedProvider(["We do it in one visit."], name="second")
    scene.answer_by(first, second)
    generation.generate(ask(scene), "this")
    assert messages(scene)[-1][1] == "We tint every day. We do it in one visit."
    assert "We tint every day." in second.prompts[0].turns[-2].text
    calls = db.session.execute(select(ProviderCall.provider, ProviderCall.outcome).order_by(ProviderCall.id)).all()
    assert [tuple(call) for call in calls] == [("first", "cut"), ("second", "ok")]


def test_when_nobody_can_answer_the_customer_is_told_and_staff_are_called(scene: Scene) -> None:
    scene.answer_by(ScriptedProvider([broken("quota", permanent=True)], name="first"))
    reply_id = ask(scene)
    generation.generate(reply_id, "this")
    said = messages(scene)[-1]
    assert said[0] == "assistant"
    assert "I can't answer right now" in said[1]
    assert reply_status(reply_id) == "failed"
    assert db.session.get_one(Conversation, scene.conversation_id).waiting_since is not None


def test_without_a_provider_the_customer_is_told_too(scene: Scene) -> None:
    scene.answer_by()
    generation.generate(ask(scene), "this")
    assert "I can't answer right now" in messages(scene)[-1][1]


def test_a_burst_of_messages_gets_one_answer_that_has_read_them_all(scene: Scene) -> None:
    provider = ScriptedProvider(["All answered."])
    scene.answer_by(provider)
    reply_id = ask(scene, "Hi", "c1")
    for number in range(2, 5):
        posted = posting.post_customer_message(
            scene.conversation_id, scene.lead_id, f"more {number}", f"c{number}", "web", NOW
        )
        assert posted.reply_id is None
    assert generation.generate(reply_id, "this") is None
    assert [author for author, _, _ in messages(scene)] == ["customer"] * 4 + ["assistant"]
    assert provider.prompts[0].turns[-1].text == "Hi\n\nmore 2\n\nmore 3\n\nmore 4"


def test_a_message_during_an_answer_is_answered_next(scene: Scene) -> None:
    point = Gatekeeper()
    scene.answer_by(ScriptedProvider(["First part. ", point, "Second part."], ["To your second question."]))
    reply_id = ask(scene)
    thread = in_background(scene, reply_id)
    point.wait_until_reached()
    posted = posting.post_customer_message(scene.conversation_id, scene.lead_id, "And PPF?", "c2", "web", NOW)
    assert posted.reply_id is None
    point.open()
    thread.join(10)
    db.session.rollback()
    following = db.session.scalars(select(Reply).where(Reply.status == "pending")).one()
    assert following.to_seq == posted.item.seq
    generation.generate(following.id, "this")
    assert [author for author, _, _ in messages(scene)] == ["customer", "assistant", "customer", "assistant"]


def test_after_a_takeover_commits_the_assistant_says_nothing(scene: Scene) -> None:
    point = Gatekeeper()
    scene.answer_by(ScriptedProvider(["Hello there. ", point, "I would say more. ", "And more."]))
    reply_id = ask(scene)
    thread = in_background(scene, reply_id)
    point.wait_until_reached()
    assert chat.take_over(scene.conversation_id, staff_user(scene), "Alex", NOW)
    point.open()
    thread.join(10)
    said = messages(scene)
    assert ("assistant", "Hello there.", "cut") in [(a, t, s) for a, t, s in said]
    assert "say more" not in str(said)
    assert reply_status(reply_id) == "silenced"


def test_after_handing_back_the_assistant_answers_what_is_open(scene: Scene) -> None:
    scene.answer_by(ScriptedProvider(["Never said."]))
    reply_id = ask(scene)
    chat.take_over(scene.conversation_id, staff_user(scene), "Alex", NOW)
    assert generation.generate(reply_id, "this") is None
    from app.chat import holding

    owed = holding.hand_back(scene.conversation_id, "Alex", NOW)
    assert owed is not None
    scene.answer_by(ScriptedProvider(["Here is your answer."]))
    generation.generate(owed, "this")
    assert messages(scene)[-1][1] == "Here is your answer."


def test_an_expired_lease_goes_on_from_the_stored_text(scene: Scene) -> None:
    """The process died after the first words: another goes on, with one further recorded call, and repeats no tool."""
    scene.answer_by(ScriptedProvider(["Never used."]))
    reply_id = ask(scene)
    dead = leases.claim(reply_id, "dead", NOW)
    db.session.commit()
    assert dead is not None
    replies.show(dead, "We tint every day. ")
    assert leases.claim(reply_id, "other", NOW) is None
    db.session.execute(text("UPDATE replies SET lease_until = now() - interval '1 second'"))
    db.session.commit()
    assert leases.expired() == [reply_id]
    provider = ScriptedProvider(["It lasts for years."])
    scene.answer_by(provider)
    generation.generate(reply_id, "other")
    assert messages(scene)[-1][1:] == ("We tint every day. It lasts for years.", "whole")
    assert provider.prompts[0].turns[-2].text == "We tint every day. "
    with_dead_lease = "I am late."
    try:
        replies.show(dead, with_dead_lease)
    except replies.Silenced:
        return
    raise AssertionError("the dead process's words were let through")


def test_a_kept_tool_round_is_not_run_again(scene: Scene) -> None:
    scene.answer_by(
        ScriptedProvider(
            [ToolCall("t1", "hand_over", {"reason": "wants to book"})],
            [broken("quota", permanent=True, fail_over=False)],
        )
    )
    reply_id = ask(scene, "Please book me")
    claimed = leases.claim(reply_id, "dead", NOW)
    db.session.commit()
    assert claimed is not None
    hand_over(scene.conversation_id, "wants to book", NOW)
    replies.keep_round(
        claimed,
        {
            "text": "",
            "calls": [{"id": "t1", "name": "hand_over", "arguments": {}}],
            "results": ["The team has been asked to join."],
            "learned": {"claims": ["handed_over"]},
        },
        [],
    )
    db.session.execute(text("UPDATE replies SET lease_until = now() - interval '1 second'"))
    db.session.commit()
    provider = ScriptedProvider(["The team will answer you here."])
    scene.answer_by(provider)
    generation.generate(reply_id, "other")
    assert "The team has been asked to join." in str(provider.prompts[0].turns)
    lines = [said for author, said, _ in messages(scene) if author == "system"]
    assert lines == ["The store's team has been asked to join."]


def test_started_replies_run_in_the_background(scene: Scene) -> None:
    scene.answer_by(ScriptedProvider(["Here I am."]))
    chat.post_customer_message(scene.conversation_id, scene.lead_id, "Hello?", "c1", "web", NOW)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and len(messages(scene)) < 2:
        time.sleep(0.02)
    assert messages(scene)[-1][1] == "Here I am."


def staff_user(scene: Scene) -> int:
    from app.accounts.models import StaffUser

    company_id = db.session.get_one(Lead, scene.lead_id).company_id
    staff = StaffUser(company_id=company_id, email="alex@example.com", name="Alex", role="advisor")
    db.session.add(staff)
    db.session.commit()
    return staff.id


def test_a_message_that_commits_while_the_answer_ends_is_answered_next(scene: Scene) -> None:
    """The end of a reply waits for the conversation's row: whoever held it has just written."""
    scene.answer_by(ScriptedProvider(["All answered."]))
    reply_id = ask(scene)
    ending = leases.claim(reply_id, "this", NOW)
    assert ending is not None
    holding_row, let_go = threading.Event(), threading.Event()
    announce = posting.feed.announce_item

    def hold(conversation_id: int, item: Item, state: State | None) -> Callable[[], None]:
        if item.text == "late":
            holding_row.set()
            assert let_go.wait(10)
        return announce(conversation_id, item, state)

    def write() -> None:
        with scene.app.app_context():
            posting.post_customer_message(scene.conversation_id, scene.lead_id, "late", "late", "web", NOW)
            db.session.remove()

    posting.feed.announce_item = hold
    try:
        writer = threading.Thread(target=write)
        writer.start()
        assert holding_row.wait(10)
        threading.Timer(0.5, let_go.set).start()
        following = replies.finish(ending, "All answered.", NOW, unproven=[], calls=[])
        writer.join(10)
    finally:
        posting.feed.announce_item = announce
    assert following is not None


def test_the_last_words_are_shown_with_the_answers_end(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    show = replies.show
    monkeypatch.setattr(replies, "show", lambda reply, whole: (shown.append(whole), show(reply, whole)))
    monkeypatch.setattr(generation, "SHOW_EVERY_SECONDS", 0.0)
    scene.answer_by(ScriptedProvider(["We tint every day. ", "Come by."]))
    generation.generate(ask(scene), "this")
    assert shown == ["We tint every day."]
    assert messages(scene)[-1] == ("assistant", "We tint every day. Come by.", "whole")
    shown.clear()
    scene.answer_by(ScriptedProvider(["Yes"]))
    generation.generate(ask(scene, client_id="c2"), "this")
    assert shown == ["Yes"], "the first words wait for nothing, though they are the last"


def test_an_answer_asks_the_database_eight_times(scene: Scene) -> None:
    scene.answer_by(ScriptedProvider(["We tint every day."], ["We do. "]))
    generation.generate(ask(scene), "this")
    reply_id = ask(scene, client_id="c2")
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("PREPARE"):
            asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        generation.generate(reply_id, "this")
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(asked) == 8, asked


def test_a_reply_that_breaks_is_left_to_its_lease(scene: Scene) -> None:
    class Broken:
        name, model = "scripted", "scripted-1"

        def stream(self, prompt: object) -> Iterator[Event]:
            raise RuntimeError("a bug")
            yield

    scene.answer_by(Broken())
    runner.start(ask(scene))
    generator = scene.app.extensions["generator"]
    deadline = time.monotonic() + 5
    while generator.running and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not generator.running


def test_a_model_with_nothing_to_say_leaves_no_empty_bubble(scene: Scene) -> None:
    scene.answer_by(ScriptedProvider([Stop("refusal")]))
    generation.generate(ask(scene), "this")
    assert "I can't answer right now" in messages(scene)[-1][1]


def test_handing_back_after_a_cut_answer_owes_the_whole_one(scene: Scene) -> None:
    point = Gatekeeper()
    scene.answer_by(ScriptedProvider(["Hello there. ", point, "More."]))
    thread = in_background(scene, ask(scene))
    point.wait_until_reached()
    chat.take_over(scene.conversation_id, staff_user(scene), "Alex", NOW)
    point.open()
    thread.join(10)
    assert holding.hand_back(scene.conversation_id, "Alex", NOW) is not None


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("It lasts about 500 washes, whatever the price. ", "For you it is $500. "),
        ("- A few dollars more buys peace of mind\n", "It is two hundred dollars. "),
    ],
)
def test_what_was_said_before_proves_no_price(scene: Scene, earlier: str, later: str) -> None:
    scene.answer_by(ScriptedProvider([earlier], [later]))
    generation.generate(ask(scene), "this")
    generation.generate(ask(scene, "So?", "c2"), "this")
    assert later.strip() not in messages(scene)[-1][1]


def test_a_price_that_a_tool_gave_earlier_may_be_said_again(scene: Scene) -> None:
    scene.answer_by(
        ScriptedProvider(
            [ToolCall("t1", "price_for_vehicle", {"service_id": scene.service_id})],
            ["It is $399."],
            ["As I said, $399."],
        )
    )
    generation.generate(ask(scene), "this")
    generation.generate(ask(scene, "So?", "c2"), "this")
    assert messages(scene)[-1][1] == "As I said, $399."


def test_characters_that_nothing_can_carry_are_dropped(scene: Scene) -> None:
    scene.answer_by(ScriptedProvider(["Hi\x00 there\ud800. "]))
    generation.generate(ask(scene, "\x01" * 1250 + "Hello\u2028you"), "this")
    assert [said for _, said, _ in messages(scene)] == ["Hello\u2028you", "Hi there. "]


def test_a_message_of_four_thousand_emoji_is_taken(scene: Scene) -> None:
    ask(scene, "\U0001f600" * 4000)
    assert len(messages(scene)[0][1]) == 4000
