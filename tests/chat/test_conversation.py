"""The page and the API over one conversation, with real commits and a scripted assistant."""

import threading
import time
from http import HTTPStatus

import orjson
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import chat
from app.chat import feed, generation, runner
from app.chat.models import Message, Reply
from app.db import db
from app.leads.links import chat_token
from app.leads.models import Lead
from app.lib import clock
from app.messaging.models import Consent
from tests.chat.conftest import Scene
from tests.chat.test_generation import NOW, ask, in_background, staff_user
from tests.factories.providers import Gatekeeper, ScriptedProvider


@pytest.fixture
def phone(scene: Scene) -> FlaskClient:
    client = scene.app.test_client()
    client.get("/session", query_string={"token": chat_token(db.session.get_one(Lead, scene.lead_id))})
    return client


def count(table: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_the_same_client_message_id_makes_one_message_and_one_reply(scene: Scene, phone: FlaskClient) -> None:
    scene.answer_by(ScriptedProvider(["Hello."]))
    path = f"/api/chat/{scene.public_id}"
    body = {"message": "Hi", "client_message_id": "same"}
    first, second = phone.post(path, json=body), phone.post(path, json=body)
    assert first.json is not None
    assert first.json["reply"]["text"] == "Hello."
    assert second.json == first.json
    assert (count(Message), count(Reply)) == (2, 1)


def test_two_threads_posting_the_same_message_make_one(scene: Scene) -> None:
    together = threading.Barrier(4)

    def post() -> None:
        with scene.app.app_context():
            together.wait()
            posting_same(scene)
            db.session.remove()

    threads = [threading.Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert (count(Message), count(Reply)) == (1, 1)


def posting_same(scene: Scene) -> None:
    from app.chat import posting

    posting.post_customer_message(scene.conversation_id, scene.lead_id, "Hi", "same", "web", NOW)


def test_a_plain_form_goes_back_to_the_page(scene: Scene, phone: FlaskClient) -> None:
    scene.answer_by(ScriptedProvider(["Hello **there**."]))
    sent = phone.post(f"/chat/{scene.public_id}/messages", data={"message": "Hi", "client_message_id": "c1"})
    assert sent.status_code == HTTPStatus.SEE_OTHER
    wait_for_answer(scene)
    page = phone.get(f"/chat/{scene.public_id}")
    assert "Hello <strong>there</strong>." in page.text


def test_an_empty_form_keeps_the_page_and_says_so(scene: Scene, phone: FlaskClient) -> None:
    sent = phone.post(f"/chat/{scene.public_id}/messages", data={"message": " ", "client_message_id": "c1"})
    assert sent.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Write a message first." in sent.text


def test_what_a_customer_writes_is_escaped(scene: Scene, phone: FlaskClient) -> None:
    scene.answer_by(ScriptedProvider(["<b>no</b> ![x](http://evil.example/p.png)"]))
    phone.post(f"/api/chat/{scene.public_id}", json={"message": "<script>alert(1)</script>"})
    page = phone.get(f"/chat/{scene.public_id}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<b>no" not in page
    assert "<img" not in page


def test_engagement_is_kept_from_the_first_message_only(scene: Scene, phone: FlaskClient) -> None:
    scene.answer_by(ScriptedProvider(["One."], ["Two."]))
    phone.post(f"/api/chat/{scene.public_id}", json={"message": "Hi"})
    db.session.rollback()
    lead = db.session.get_one(Lead, scene.lead_id)
    first = lead.first_engaged_at
    assert lead.stage == "engaged"
    phone.post(f"/api/chat/{scene.public_id}", json={"message": "Again"})
    db.session.rollback()
    assert db.session.get_one(Lead, scene.lead_id).first_engaged_at == first


def test_history_is_paged_from_the_newest(scene: Scene, phone: FlaskClient) -> None:
    scene.answer_by()
    chat.take_over(scene.conversation_id, staff_user(scene), "Alex", NOW)
    for number in range(70):
        chat.post_customer_message(scene.conversation_id, scene.lead_id, f"m{number}", f"c{number}", "web", clock.now())
    path = f"/api/chat/{scene.public_id}/history"
    newest = phone.get(path).json
    assert newest is not None
    older = phone.get(path, query_string={"before": newest["next_before"]}).json
    assert older is not None
    texts = [message["text"] for message in older["messages"] + newest["messages"] if message["author"] == "customer"]
    assert texts == [f"m{number}" for number in range(70)]
    assert older["next_before"] is None


def test_while_staff_hold_the_thread_nobody_answers_for_them(scene: Scene, phone: FlaskClient) -> None:
    staff = staff_user(scene)
    chat.take_over(scene.conversation_id, staff, "Alex", NOW)
    told = phone.post(f"/api/chat/{scene.public_id}", json={"message": "Hi"}).json
    assert told is not None
    assert told["reply"] is None
    assert count(Reply) == 0
    chat.post_staff_message(scene.conversation_id, staff, "Alex", "I am here.", "s1", NOW)
    assert "I am here." in phone.get(f"/chat/{scene.public_id}").text


def test_staff_may_not_write_before_taking_over(scene: Scene) -> None:
    with pytest.raises(chat.NotHeld):
        chat.post_staff_message(scene.conversation_id, staff_user(scene), "Alex", "Hi", "s1", NOW)
    assert count(Message) == 0


def events_until(scene: Scene, writer: feed.Writer, after: int, stop: str, found: list[str] | None = None) -> list[str]:
    """Collect a feed's events on this thread, into `found`, until one holds `stop`."""
    found = [] if found is None else found
    with scene.app.test_request_context():
        for event in feed._events(scene.conversation_id, after, lambda: None, writer):
            found.append(event.decode())
            if stop in found[-1]:
                return found
    return found


def test_the_feed_streams_and_a_late_watcher_catches_up(scene: Scene) -> None:
    from app.chat.api import JsonWriter

    point = Gatekeeper()
    scene.answer_by(ScriptedProvider(["First sentence. ", point, "Second sentence."]))
    thread = in_background(scene, ask(scene))
    point.wait_until_reached()
    early: list[str] = []

    def watch() -> None:
        with scene.app.app_context():
            events_until(scene, JsonWriter(), 0, 'event: message\ndata: {"id":2', early)
            db.session.remove()

    watcher = threading.Thread(target=watch)
    watcher.start()
    while not any("First sentence." in event for event in early):
        assert watcher.is_alive()
        time.sleep(0.01)
    point.open()
    thread.join(10)
    watcher.join(10)
    assert any(event.startswith("id: 2.") and "event: text" in event for event in early)
    assert "First sentence. Second sentence." in early[-1]
    late = events_until(scene, JsonWriter(), 0, "First sentence. Second sentence.")
    assert [orjson.loads(event.partition("data: ")[2])["id"] for event in late if "data:" in event] == [1, 2]


def test_html_events_carry_the_page_partial_and_the_state(scene: Scene) -> None:
    scene.answer_by(ScriptedProvider(["Hello **there**."]))
    reply_id = ask(scene)
    pending = events_until(scene, feed.HtmlWriter(), 0, "thread-state")
    assert "typing" in pending[-1]
    generation.generate(reply_id, "this")
    done = events_until(scene, feed.HtmlWriter(), 1, "Hello <strong>there</strong>")
    assert 'hx-target="#messages"' in done[-1]


def test_another_process_hears_what_this_one_writes(scene: Scene) -> None:
    """Two hubs stand for two processes: notes travel through PostgreSQL."""
    from app.live.hub import Hub

    dsn = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    other = Hub(dsn)
    scene.answer_by(ScriptedProvider(["Hello there. ", "Bye."]))
    with other.watch(feed.feed_name(scene.conversation_id)) as watch:
        gap = watch.next(5)
        assert gap is not None
        assert gap.data is None
        generation.generate(ask(scene), "this")
        texts = []
        while not texts or texts[-1]["status"] != "whole" or texts[-1]["author"] != "assistant":
            note = watch.next(5)
            assert note is not None
            assert note.data is not None
            texts.append(note.data["item"])
    other.close()
    assert [item["author"] for item in texts][:1] == ["customer"]
    assert texts[-1]["text"] == "Hello there. Bye."
    assert texts[-1]["seq"] == 2


def wait_for_answer(scene: Scene) -> None:
    from app.chat.thread import answer_to

    for _ in range(200):
        db.session.rollback()
        if answer_to(scene.conversation_id, 1)[0]:
            return
        threading.Event().wait(0.02)
    raise AssertionError("no answer came")


def test_the_reply_of_a_call_has_read_its_message(scene: Scene, phone: FlaskClient) -> None:
    """A reply that was already under way when the message came is not its answer, even if its words come later."""
    point = Gatekeeper()
    scene.answer_by(ScriptedProvider([point, "To the first."], ["To the second."]))
    runner.start(ask(scene, "First", "c1"))
    point.wait_until_reached()
    threading.Timer(0.3, point.open).start()
    told = phone.post(f"/api/chat/{scene.public_id}", json={"message": "Second", "client_message_id": "c2"}).json
    assert told is not None
    assert told["reply"]["text"] == "To the second."


def test_a_takeover_ends_the_wait_for_an_answer(scene: Scene, phone: FlaskClient) -> None:
    point = Gatekeeper()
    scene.answer_by(ScriptedProvider([point, "Too late."]))
    staff = staff_user(scene)

    def take_over() -> None:
        point.wait_until_reached()
        with scene.app.app_context():
            chat.take_over(scene.conversation_id, staff, "Alex", NOW)
            db.session.remove()
        point.open()

    threading.Thread(target=take_over).start()
    began = time.monotonic()
    told = phone.post(f"/api/chat/{scene.public_id}", json={"message": "Hi"}).json
    assert told is not None
    assert told["reply"] is None
    assert time.monotonic() - began < 10


def test_a_stream_ends_with_its_readers_right(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    from werkzeug.exceptions import Unauthorized

    monkeypatch.setattr(feed, "ASK_AGAIN_SECONDS", -1.0)

    def refuse() -> None:
        raise Unauthorized

    ask(scene, "For the right eyes only")
    with scene.app.test_request_context():
        events = b"".join(feed._events(scene.conversation_id, 0, refuse, feed.HtmlWriter()))
    assert b"right eyes" not in events


def test_late_words_do_not_reopen_an_ended_message(scene: Scene) -> None:
    from app.chat import leases, replies
    from app.live import hub

    reply = leases.claim(ask(scene), "this", NOW)
    assert reply is not None
    replies.show(reply, "First words.")
    streaming = feed.note_of(replies._item(reply, "Late words.", "streaming"), None)
    seen: list[str] = []

    def watch() -> None:
        with scene.app.app_context():
            for event in feed.watch_items(scene.conversation_id, 0, heartbeat=1.0):
                if event is None:
                    return
                seen.append(event[0].text)

    watcher = threading.Thread(target=watch)
    watcher.start()
    while "First words." not in seen:
        time.sleep(0.01)
    replies.finish(reply, "All words.", NOW, unproven=[], calls=[])
    hub().hand_over(feed.feed_name(scene.conversation_id), {**streaming, "seq": streaming["seq"]})
    watcher.join(10)
    assert seen[-1] == "All words."


def test_a_strangers_guesses_do_not_use_up_the_customers_requests(scene: Scene, phone: FlaskClient) -> None:
    stranger = scene.app.test_client()
    for _ in range(101):
        refused = stranger.post(f"/chat/{scene.public_id}/messages", data={"message": "Hi"})
    assert refused.status_code == HTTPStatus.TOO_MANY_REQUESTS
    scene.answer_by()
    sent = phone.post(f"/chat/{scene.public_id}/messages", data={"message": "Hi", "client_message_id": "c1"})
    assert sent.status_code == HTTPStatus.SEE_OTHER


@pytest.mark.parametrize(
    ("words", "ended", "said"),
    [
        ("please stop texting me", ["sms"], "You will get no more texts from us."),
        ("STOP", ["sms"], "You will get no more texts from us."),
        ("Arrêt", ["sms"], "Vous ne recevrez plus de textos de notre part."),
        ("stop sending me messages", ["sms"], "You will get no more texts from us."),
        ("stop emailing me", ["email"], "You will get no more emails from us."),
        ("do not contact me again", ["email", "sms"], "You will get no more texts and emails from us."),
    ],
)
def test_a_stop_on_the_page_counts_as_one_by_text_and_is_told(scene, phone, words, ended, said):
    body = {"message": words, "client_message_id": "stop"}
    path = f"/api/chat/{scene.public_id}"
    replies = [phone.post(path, json=body).json["reply"]["text"] for _ in range(2)]
    assert replies == [said, said]
    db.session.rollback()
    written = select(Consent.channel).where(Consent.kind == "opt_out", Consent.source == "chat page stop")
    assert sorted(db.session.scalars(written)) == ended
    assert count(Reply) == 0
    assert db.session.get_one(Lead, scene.lead_id).first_engaged_at is None


@pytest.mark.parametrize(
    "words",
    [
        "cancel",
        "enough",
        "Can I stop by tomorrow?",
        "Say I'm unsubscribed but don't do it",
        "opt in my number to texts",
    ],
)
def test_what_speaks_of_a_visit_on_the_page_ends_nothing(scene, phone, words):
    scene.answer_by(ScriptedProvider(["Sure."]))
    phone.post(f"/api/chat/{scene.public_id}", json={"message": words})
    db.session.rollback()
    assert db.session.scalars(select(Consent).where(Consent.kind == "opt_out")).all() == []


def test_a_question_beside_a_stop_on_the_page_is_answered(scene, phone):
    scene.answer_by(ScriptedProvider(["It is ready."]))
    body = {"message": "Stop texting me. Is my car ready?", "client_message_id": "stop"}
    assert phone.post(f"/api/chat/{scene.public_id}", json=body).json["reply"]["text"] == "It is ready."
