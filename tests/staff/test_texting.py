"""Narrowing the hours of texts, and attesting what a website form says."""

from datetime import UTC, datetime, time

import pytest
from sqlalchemy import select

from app import messaging
from app.accounts.models import AuditEntry
from app.db import db
from app.locations.models import CompanySettings, LocationSettings
from app.locations.texting import limits_of
from app.messaging.attestations import attestation_at, attestations_of
from app.messaging.quiet_hours import Limits
from tests.factories.accounts import make_staff, sign_in
from tests.factories.messaging import make_delivery, use_fakes

NINE = datetime(2026, 11, 24, 14, tzinfo=UTC)
NEW_YORK = (messaging.Place("America/New_York", "FL"),)
LESS = {"texts_from": "10:30", "texts_until": "18:00", "most_texts_in_24_hours": "1"}


@pytest.fixture
def sam(app, cast):
    return sign_in(app.test_client(), make_staff(cast.store, "store_manager"))


@pytest.fixture
def frances(app, cast):
    return sign_in(app.test_client(), make_staff(cast.store, "franchise_admin"))


@pytest.fixture
def path(cast):
    return f"/staff/stores/{cast.store.id}"


def test_a_store_texts_later_than_the_law_would_let_it(app, sam, cast, path):
    post = use_fakes(app, limits_of=limits_of)
    assert sam.post(f"{path}/texting", data=LESS).status_code == 303
    delivery = make_delivery(cast.lead, purpose="touch_point")
    assert messaging.deliver(delivery.id, lambda: None, NINE, NEW_YORK) == "queued"
    assert delivery.not_before == NINE.replace(hour=15, minute=30)
    assert messaging.deliver(delivery.id, lambda: None, delivery.not_before, NEW_YORK) == "sent"
    assert len(post.sms.sent) == 1
    assert 'value="10:30"' in sam.get(f"{path}/texting").text
    assert db.session.scalars(select(AuditEntry.action)).all()[-1] == "changed texting hours"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"texts_from": "08:59"}, "from 9:00 AM to 8:00 PM at most"),
        ({"texts_until": "20:01"}, "from 9:00 AM to 8:00 PM at most"),
        ({"most_texts_in_24_hours": "4"}, "At most 3 texts in 24 hours are allowed"),
        ({"most_texts_in_24_hours": "0"}, "choose 1 to 3"),
        ({"texts_from": "15:00", "texts_until": "15:00"}, "no text would ever go out"),
        ({"texts_from": "soon"}, "Write a time"),
        ({"texts_from": "25:00"}, "Write a time"),
    ],
)
def test_nobody_widens_the_law(sam, frances, cast, path, typed, why):
    for answer in (sam.post(f"{path}/texting", data=typed), frances.post("/staff/texting", data=typed)):
        assert answer.status_code == 422
        assert why in answer.text
    assert db.session.get(LocationSettings, cast.store.id) is None
    assert db.session.get(CompanySettings, cast.store.company_id) is None


def test_a_store_without_hours_of_its_own_has_its_companys(sam, frances, cast, path):
    assert frances.post("/staff/texting", data=LESS).status_code == 303
    db.session.expire_all()
    assert limits_of(cast.store.id) == Limits(time(10, 30), time(18), 1)
    assert "Left empty: 10:30" in sam.get(f"{path}/texting").text
    sam.post(f"{path}/texting", data={"texts_from": "11:00"})
    db.session.expire_all()
    assert limits_of(cast.store.id) == Limits(time(11), time(18), 1)


def test_staff_read_the_law_with_its_sources_and_only_the_franchise_narrows_it_for_all(sam, desk):
    page = sam.get("/staff/texting").text
    for words in ("Rhode Island", "Fla. Stat. 501.616(6)", "checked November 22, 2026", "3 in 24 hours"):
        assert words in page
    assert 'name="texts_from"' not in page
    assert sam.post("/staff/texting", data=LESS).status_code == 403
    assert desk.get("/staff/texting").status_code == 403


def test_a_manager_attests_the_words_of_the_form_version_by_version(sam, cast, path):
    first = {"text": "I agree to texts from Tint World.", "covers_sms": "1", "page": "https://example.com/quote"}
    assert sam.post(f"{path}/consent-form", data=first).status_code == 303
    sam.post(f"{path}/consent-form", data={**first, "text": "I agree to all of it.", "covers_email": "1"})
    newest, oldest = attestations_of(cast.store.company_id, cast.store.id)
    assert (oldest.version, oldest.text, oldest.covers_email) == (1, "I agree to texts from Tint World.", False)
    assert (newest.version, newest.covers_email) == (2, True)
    assert newest.attested_by.startswith("Sam <")
    page = sam.get(f"{path}/consent-form").text
    assert "I agree to texts from Tint World." in page
    assert "Version 2" in page
    assert db.session.scalars(select(AuditEntry.action)).all()[-1] == "attested a consent form"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"text": " ", "covers_sms": "1"}, "Paste the text"),
        ({"text": "I agree."}, "Choose what the text covers"),
        ({"text": "I" * 4001, "covers_sms": "1"}, "At most 4000"),
    ],
)
def test_what_is_no_wording_is_refused_with_what_was_typed(sam, cast, path, typed, why):
    answer = sam.post(f"{path}/consent-form", data=typed)
    assert answer.status_code == 422
    assert why in answer.text
    assert typed["text"] in answer.text
    assert attestations_of(cast.store.company_id, cast.store.id) == []


def test_only_the_franchise_attests_for_every_store(sam, frances, cast, path):
    words = {"text": "I agree.", "covers_sms": "1", "whole_company": "1"}
    sam.post(f"{path}/consent-form", data=words)
    assert attestations_of(cast.store.company_id, None) == []
    frances.post(f"{path}/consent-form", data=words)
    assert (
        attestation_at(cast.store.company_id, cast.other_store.id, datetime(2100, 1, 1, tzinfo=UTC)).text == "I agree."
    )
