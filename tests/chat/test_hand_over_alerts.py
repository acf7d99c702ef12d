"""A customer who waits for a person: the store's people are told once, managers when nobody answers.

The cast: Ana advises by text, Ben by email, Sam manages, Frances runs the franchise, Otto advises at another store.
"""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import chat
from app.accounts.models import SignIn, StaffUser
from app.ai.port import ToolCall
from app.chat import generation, holding, posting
from app.chat.hand_over_sending import ANSWERED, watch_hand_overs
from app.chat.models import Conversation, HandOverAlert, Message
from app.db import db
from app.leads.models import Lead, LeadEvent
from app.lib import clock
from app.messaging import record_consent
from app.messaging.models import Delivery
from app.messaging.port import Sent, TransportError
from tests.chat.conftest import Scene
from tests.factories.accounts import make_staff
from tests.factories.locations import make_location
from tests.factories.messaging import Post, use_fakes
from tests.factories.providers import ScriptedProvider, broken

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # 10 AM in Coral Springs
SATURDAY_NIGHT = datetime(2026, 11, 29, 0, 30, tzinfo=UTC)  # 7:30 PM; Sunday is closed


@dataclass
class Team:
    scene: Scene
    post: Post
    ana: int
    ben: int
    sam: int
    frances: int

    def told(self) -> list[str]:
        """To whom something went out, in order of channel and sending."""
        return [one.recipient for one in (*self.post.sms.sent, *self.post.email.sent)]

    def wait(self, now: datetime = MONDAY, reason: str = "wants to book") -> None:
        assert holding.hand_over(self.scene.conversation_id, reason, now)

    def person(self, staff_id: int) -> StaffUser:
        return db.session.get_one(StaffUser, staff_id)

    def conversation(self) -> Conversation:
        db.session.rollback()
        return db.session.get_one(Conversation, self.scene.conversation_id)

    def last_line(self) -> str:
        query = select(Message.text).where(Message.conversation_id == self.scene.conversation_id)
        return db.session.scalars(query.order_by(Message.seq.desc())).first() or ""


@pytest.fixture
def team(scene: Scene, live_app: Flask) -> Team:
    clock.use(lambda: MONDAY)
    location = db.session.get_one(Lead, scene.lead_id).location
    ana = make_staff(location, phone="+19545557001", alert_by="sms")
    ben = make_staff(location, name="Ben")
    sam, frances = make_staff(location, "store_manager"), make_staff(location, "franchise_admin")
    make_staff(location, name="Closed", active=False)
    make_staff(make_location(location.company, name="Elsewhere"), name="Otto")
    make_staff(make_location(), "franchise_admin", name="Of another company")
    made = Team(scene, use_fakes(live_app), ana.id, ben.id, sam.id, frances.id)
    db.session.commit()
    return made


def test_everybody_who_advises_is_told_once_by_their_own_way(team: Team) -> None:
    posting.post_customer_message(
        team.scene.conversation_id, team.scene.lead_id, "Can I come\non Friday?", "c1", "web", MONDAY
    )
    team.wait()
    assert watch_hand_overs(MONDAY) == 2
    assert team.told() == ["+19545557001", team.person(team.ben).email]
    text = team.post.sms.sent[0].text
    for part in ("Maria Alvarez", "2021 Toyota Camry", "New Quote Auto Window Tinting", "wants to book",
                 'They wrote: "Can I come on Friday?"', "No price told yet", "10:00 AM"):  # fmt: skip
        assert part in text
    assert "waits for you" in (team.post.email.sent[0].subject or "")
    for _ in range(3):
        assert watch_hand_overs(MONDAY + timedelta(minutes=9)) == 0
    assert len(team.told()) == 2


def test_after_ten_minutes_the_manager_is_told_and_nobody_twice(team: Team) -> None:
    team.wait()
    watch_hand_overs(MONDAY)
    assert watch_hand_overs(MONDAY + timedelta(minutes=9, seconds=59)) == 0
    assert watch_hand_overs(MONDAY + timedelta(minutes=10)) == 1
    assert team.told()[-1] == team.person(team.sam).email
    assert watch_hand_overs(MONDAY + timedelta(hours=3)) == 0
    told = db.session.scalars(select(LeadEvent.text).where(LeadEvent.kind == "hand_over").order_by(LeadEvent.id)).all()
    assert told == [
        "The customer waits for a person: wants to book. Told: Ana by text, Ben by email",
        "Nobody answered for ten minutes. Told: Sam by email",
    ]


@pytest.mark.parametrize("how", ["takeover", "message"])
def test_whoever_takes_over_stops_the_clock(team: Team, how: str) -> None:
    team.wait()
    watch_hand_overs(MONDAY)
    chat.take_over(team.scene.conversation_id, team.ana, "Ana", MONDAY)
    if how == "message":
        chat.post_staff_message(team.scene.conversation_id, team.ana, "Ana", "Hello", "s1", MONDAY)
    assert team.conversation().waiting_since is None
    assert watch_hand_overs(MONDAY + timedelta(minutes=11)) == 0


def test_an_alert_that_comes_after_the_answer_does_not_go_out(team: Team) -> None:
    team.person(team.ana).quiet_from, team.person(team.ana).quiet_until = time(9), time(11)
    team.person(team.ben).alert_by = "none"
    db.session.commit()
    team.wait()
    assert watch_hand_overs(MONDAY) == 0
    chat.take_over(team.scene.conversation_id, team.sam, "Sam", MONDAY)
    assert watch_hand_overs(MONDAY + timedelta(hours=1)) == 1
    assert team.told() == []
    assert db.session.scalars(select(Delivery.reason)).all() == [ANSWERED]


def test_quiet_time_holds_an_alert_back_until_it_is_over(team: Team) -> None:
    team.person(team.ana).quiet_from, team.person(team.ana).quiet_until = time(9), time(11)
    db.session.commit()
    team.wait()
    watch_hand_overs(MONDAY)
    assert team.told() == [team.person(team.ben).email]
    watch_hand_overs(MONDAY + timedelta(minutes=59))
    assert "+19545557001" not in team.told()
    watch_hand_overs(MONDAY + timedelta(hours=1))
    assert "+19545557001" in team.told()


def refuse(outgoing: object) -> None:
    raise TransportError("cannot receive SMS", permanent=True, code="21614")


@pytest.mark.parametrize("against", ["not live", "no transport", "STOP", "refused"])
def test_a_text_that_may_not_or_cannot_go_out_becomes_an_email(team: Team, against: str) -> None:
    if against == "not live":
        team.post = use_fakes(team.scene.app, live=False)
    elif against == "no transport":
        object.__setattr__(team.post, "sms", None)
    elif against == "STOP":
        company_id = team.person(team.ana).company_id
        record_consent(
            company_id=company_id, channel="sms", address="+19545557001", kind="opt_out", source="text", at=MONDAY
        )
        db.session.commit()
    else:
        team.post.sms.answer = refuse
    team.wait()
    watch_hand_overs(MONDAY)
    watch_hand_overs(MONDAY)
    assert sorted(one.recipient for one in team.post.email.sent) == sorted(
        [team.person(team.ana).email, team.person(team.ben).email]
    )
    texts = db.session.scalars(select(Delivery.status).where(Delivery.channel == "sms")).all()
    assert texts == ["failed" if against == "refused" else "not_sent"]
    assert watch_hand_overs(MONDAY) == 0


def test_a_store_without_advisors_calls_its_manager_at_once_then_the_franchise(team: Team) -> None:
    for staff_id in (team.ana, team.ben):
        team.person(staff_id).active = False
    db.session.commit()
    team.wait()
    watch_hand_overs(MONDAY)
    watch_hand_overs(MONDAY + timedelta(minutes=10))
    assert team.told() == [team.person(team.sam).email, team.person(team.frances).email]


def test_where_nobody_wants_to_be_told_the_timeline_says_so_once(team: Team) -> None:
    for staff in db.session.scalars(select(StaffUser)):
        staff.alert_by = "none"
    db.session.commit()
    team.wait()
    for _ in range(3):
        watch_hand_overs(MONDAY)
    assert db.session.scalars(select(LeadEvent.text).where(LeadEvent.kind == "hand_over")).all() == [
        "The customer waits for a person: wants to book. Told: nobody, for nobody wants to be"
    ]


def test_both_providers_down_calls_staff_too(team: Team) -> None:
    team.scene.answer_by(ScriptedProvider([broken("quota", permanent=True)], name="first"))
    posted = posting.post_customer_message(team.scene.conversation_id, team.scene.lead_id, "Hi", "c1", "web", MONDAY)
    generation.generate(posted.reply_id, "this")
    assert watch_hand_overs(MONDAY) == 2
    assert "The assistant could not answer." in team.post.sms.sent[0].text


def test_the_link_opens_the_conversation_and_signs_in_once(team: Team) -> None:
    team.wait()
    watch_hand_overs(MONDAY)
    url = re.search(r"https?://\S+", team.post.sms.sent[0].text)
    assert url is not None
    path, lead = "/staff" + url[0].split("/staff")[1], f"/staff/leads/{team.scene.public_id}"
    phone = team.scene.app.test_client()
    assert "One more tap" in phone.get(path).text
    assert phone.post(path, headers={"Origin": "http://localhost"}).location == lead
    assert phone.get(path).location == lead
    stranger = team.scene.app.test_client()
    assert stranger.get(path).location == "/staff/sign-in"
    assert stranger.post(path, headers={"Origin": "http://localhost"}).status_code == 410
    clock.use(lambda: MONDAY + timedelta(minutes=16))
    assert stranger.get(path).location == "/staff/sign-in"
    # The alerts' links do not count against the five that somebody may ask for.
    assert {row.leads_to for row in db.session.scalars(select(SignIn))} == {lead}


def test_a_new_hand_over_is_told_anew(team: Team) -> None:
    team.wait()
    watch_hand_overs(MONDAY)
    chat.take_over(team.scene.conversation_id, team.ana, "Ana", MONDAY)
    holding.hand_back(team.scene.conversation_id, "Ana", MONDAY)
    team.wait(MONDAY + timedelta(minutes=5), "is upset")
    watch_hand_overs(MONDAY + timedelta(minutes=5))
    assert len(team.told()) == 4
    assert db.session.query(HandOverAlert).count() == 4


# What the customer is told.


def test_in_opening_hours_nothing_is_promised_but_that_the_team_was_asked(team: Team) -> None:
    team.wait()
    assert team.last_line() == "The store's team has been asked to join."


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "The store is closed now. The team is back on Monday, November 30 at 9:00 AM; your message waits."),
        ("es", "La tienda está cerrada ahora. El equipo vuelve el lunes 30 de noviembre a las 9:00 a. m.; su"),
        ("fr", "Le magasin est fermé en ce moment. L’équipe est de retour le lundi 30 novembre à 9 h 00"),
    ],
)
def test_at_night_the_customer_reads_when_the_team_is_back(team: Team, language: str, told: str) -> None:
    team.conversation().language = language
    db.session.commit()
    team.wait(SATURDAY_NIGHT)
    assert told in " ".join(team.last_line().split())


def test_without_hours_nothing_is_claimed(team: Team) -> None:
    db.session.get_one(Lead, team.scene.lead_id).location.hours = []
    db.session.commit()
    team.wait(SATURDAY_NIGHT)
    assert team.last_line() == "The store's team has been asked to join."


def test_an_outage_at_night_says_when_the_team_is_back_and_not_to_call(team: Team) -> None:
    clock.use(lambda: SATURDAY_NIGHT)
    team.scene.answer_by()
    posted = posting.post_customer_message(
        team.scene.conversation_id, team.scene.lead_id, "Hi", "c1", "web", SATURDAY_NIGHT
    )
    generation.generate(posted.reply_id, "this")
    assert "The team is back on Monday, November 30" in team.last_line()
    assert "call" not in team.last_line()


def test_who_texts_at_night_gets_the_line_as_a_text(team: Team) -> None:
    clock.use(lambda: SATURDAY_NIGHT)
    posting.post_customer_message(
        team.scene.conversation_id, team.scene.lead_id, "A person please", "c1", "sms", SATURDAY_NIGHT,
        from_address="+19545550199",
    )  # fmt: skip
    team.wait(SATURDAY_NIGHT)
    sent = db.session.scalars(select(Delivery).where(Delivery.purpose == "answer")).one()
    assert (sent.recipient, "back on Monday" in sent.text) == ("+19545550199", True)


# Killed anywhere, and in a crowd.


class Killed(BaseException):
    """The process died here."""


WAYS_TO_DIE = ("before the rows are written", "after the rows are written", "before the fence", "in the call")


@pytest.mark.parametrize("where", WAYS_TO_DIE)
def test_a_worker_killed_anywhere_tells_nobody_twice_and_loses_nobody(
    team: Team, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def dies(*_: object, **__: object) -> None:
        raise Killed

    team.wait()
    places = {
        "before the rows are written": "app.chat.hand_over_alerts.note",
        "after the rows are written": "app.chat.hand_over_sending.send_alerts",
        "before the fence": "app.messaging.deliver",
    }
    with monkeypatch.context() as patched:
        if where in places:
            patched.setattr(places[where], dies)
        else:
            team.post.sms.answer = dies
        with pytest.raises(Killed):
            watch_hand_overs(MONDAY)
    db.session.remove()
    team.post.sms.answer = lambda outgoing: Sent("again")
    watch_hand_overs(MONDAY)
    watch_hand_overs(MONDAY)
    assert sorted(team.told()) == sorted(["+19545557001", team.person(team.ben).email])
    assert db.session.query(HandOverAlert).count() == 2
    # Whoever's alert nobody saw arrive is not told again; the manager still is.
    watch_hand_overs(MONDAY + timedelta(minutes=10))
    assert team.told().count(team.person(team.sam).email) == 1


def test_workers_side_by_side_tell_everybody_once(team: Team) -> None:
    team.wait()
    start = threading.Barrier(4)

    def work(_: int) -> int:
        with team.scene.app.app_context():
            start.wait()
            return watch_hand_overs(MONDAY)

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, range(4)))
    watch_hand_overs(MONDAY)
    assert sorted(team.told()) == sorted(["+19545557001", team.person(team.ben).email])


# No loop.


def test_what_staff_have_handed_back_is_no_reason_to_call_them_again(team: Team) -> None:
    call = ToolCall("t1", "hand_over", {"reason": "wants a person"})
    team.scene.answer_by(
        provider := ScriptedProvider(
            [call], ["A person was asked."], [call], ["Let me help. "], [call], ["I have asked the team again."]
        )
    )
    ask = [team.scene.conversation_id, team.scene.lead_id]
    generation.generate(posting.post_customer_message(*ask, "A person!", "c1", "web", MONDAY).reply_id, "this")
    assert team.conversation().waiting_since is not None
    chat.take_over(team.scene.conversation_id, team.ana, "Ana", MONDAY)
    posting.post_customer_message(*ask, "Which film is darkest?", "c2", "web", MONDAY)
    owed = holding.hand_back(team.scene.conversation_id, "Ana", MONDAY)
    generation.generate(owed, "this")
    assert team.conversation().waiting_since is None
    assert "handed it back" in str(provider.prompts[-1].turns)
    assert "has handed the conversation back to you" in str(provider.prompts[-1].turns)
    # Something new may call them.
    generation.generate(posting.post_customer_message(*ask, "I am upset!", "c3", "web", MONDAY).reply_id, "this")
    assert team.conversation().waiting_since is not None


def test_what_the_assistant_cannot_prove_calls_staff_even_after_a_hand_back(team: Team) -> None:
    team.scene.answer_by(ScriptedProvider(["It is $149. "], ["It is $149, really."]))
    chat.take_over(team.scene.conversation_id, team.ana, "Ana", MONDAY)
    ask = [team.scene.conversation_id, team.scene.lead_id]
    posting.post_customer_message(*ask, "How much?", "c1", "web", MONDAY)
    generation.generate(holding.hand_back(team.scene.conversation_id, "Ana", MONDAY), "this")
    assert team.conversation().waiting_since is not None
