"""The consent ledger: nothing in it changes, each entry reaches as far as it says, and a STOP stays a STOP."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app import messaging
from app.db import db
from app.lib import events
from app.messaging.attestations import attest, attestation_at
from app.messaging.consents import opt_in_unless_refused
from app.messaging.events import ConsentChanged
from app.messaging.models import Consent
from tests.factories.locations import make_company, make_location

NOON = datetime(2026, 11, 24, 17, tzinfo=UTC)
PHONE = "+19545550188"


@pytest.fixture
def store(app):
    return make_location()


def say(store, kind, **given):
    about = {"company_id": store.company_id, "location_id": store.id, "channel": "sms", "address": PHONE}
    return messaging.record_consent(**{**about, "kind": kind, "source": "SMS", "at": NOON, **given})


def against(store, **given):
    return messaging.may_send(store.company_id, "sms", PHONE, store.id, NOON, **given)


def reported(store, source="ShopMonkey opt-in", **given):
    about = {"company_id": store.company_id, "location_id": store.id, "channel": "sms", "address": PHONE}
    return opt_in_unless_refused(**about, source=source, at=NOON, **given)


@pytest.mark.parametrize("table", ["consents", "consent_attestations"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET company_id = company_id", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_the_database_refuses_to_change_or_remove_an_entry(store, table, statement):
    say(store, "opt_out")
    db.session.commit()
    with pytest.raises(IntegrityError, match="append-only"):
        db.session.execute(text(statement.format(table)))
    db.session.rollback()
    assert against(store)


def test_through_the_orm_neither(store):
    consent = say(store, "opt_out")
    db.session.commit()
    consent.kind = "opt_in"
    with pytest.raises(IntegrityError, match="append-only"):
        db.session.flush()


def test_a_stop_reaches_the_whole_company_unless_it_says_less_or_more(store):
    sister, stranger = make_location(store.company), make_location(make_company())
    for one in (store, sister, stranger):
        say(one, "opt_in")
    say(store, "opt_out", scope="location")
    assert [bool(against(one)) for one in (store, sister, stranger)] == [True, False, False]
    say(store, "opt_out")
    assert [bool(against(one)) for one in (store, sister, stranger)] == [True, True, False]
    say(store, "opt_out", scope="franchise")
    assert [bool(against(one)) for one in (store, sister, stranger)] == [True, True, True]


def test_start_opens_again_as_far_as_it_reaches(store):
    sister = make_location(store.company)
    say(store, "opt_out")
    say(store, "opt_in", scope="location")
    assert (against(store), bool(against(sister))) == (None, True)
    say(store, "opt_in")
    assert against(sister) is None


def test_a_scope_of_one_store_names_the_store(store):
    with pytest.raises(IntegrityError):
        say(store, "opt_out", scope="location", location_id=None)


def test_an_implied_consent_ends(store):
    say(store, "opt_in", expires_at=NOON + timedelta(days=1))
    assert against(store) is None
    later = NOON + timedelta(days=1)
    assert "ran out" in messaging.may_send(store.company_id, "sms", PHONE, store.id, later)
    assert messaging.may_send(store.company_id, "sms", PHONE, store.id, later, asked=True) is None


def test_what_another_system_reports_never_lifts_the_persons_own_stop(store):
    reported(store)
    say(store, "opt_out")
    assert reported(store) is None
    assert reported(store, source="Website form") is None
    assert against(store)
    say(store, "opt_in", source="SMS START")
    assert against(store) is None


def test_a_flag_that_was_taken_back_can_be_set_again(store):
    reported(store)
    say(store, "opt_out", source="ShopMonkey opt-in")
    assert reported(store) is not None
    assert against(store) is None


def test_the_same_report_is_one_entry_and_a_longer_one_another(store):
    reported(store, expires_at=NOON + timedelta(days=180))
    assert reported(store, expires_at=NOON + timedelta(days=180)) is None
    assert reported(store, expires_at=NOON + timedelta(days=100)) is None
    assert reported(store, expires_at=NOON + timedelta(days=190)) is not None
    assert reported(store) is not None
    assert reported(store, expires_at=NOON + timedelta(days=400)) is None
    assert len(db.session.scalars(select(Consent)).all()) == 3


def test_every_entry_is_told_with_its_scope(store):
    table, heard = dict(events._reactions), []
    events.react({ConsentChanged: [heard.append]})
    try:
        say(store, "opt_out", address="(954) 555-0188", scope="franchise")
    finally:
        events.react(table)
    assert heard == [ConsentChanged(store.company_id, store.id, "sms", PHONE, "opt_out", "franchise")]


def test_the_wording_in_force_when_the_order_came_counts(store):
    words = {
        "company_id": store.company_id,
        "page": "",
        "covers_sms": True,
        "covers_email": False,
        "attested_by": "Sam",
    }
    attest(**words, location_id=None, text="for all", now=NOON)
    attest(**words, location_id=store.id, text="first", now=NOON + timedelta(days=1))
    attest(**words, location_id=store.id, text="second", now=NOON + timedelta(days=2))

    def at(days):
        found = attestation_at(store.company_id, store.id, NOON + timedelta(days=days))
        return found and (found.text, found.version)

    assert [at(days) for days in (-1, 0, 1, 3)] == [None, ("for all", 1), ("first", 1), ("second", 2)]
