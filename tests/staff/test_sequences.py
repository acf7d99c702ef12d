"""The follow-up on the dashboard: a lead's own, and the editor of the sequences."""

from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from app.accounts.models import AuditEntry
from app.db import db
from app.lib import clock
from app.touchpoints.models import Sequence, SequenceRun, TouchPoint
from app.touchpoints.planning import start_sequence
from app.touchpoints.replanning import replan_changed
from app.touchpoints.sequences import company_sequence, sequence_for, steps_of
from tests.factories.accounts import make_staff, sign_in
from tests.factories.leads import make_customer, make_lead

HTMX = {"HX-Request": "true"}


@pytest.fixture
def base(cast):
    start_sequence(cast.lead, clock.now())
    db.session.commit()
    return f"/staff/leads/{cast.lead.public_id}"


@pytest.fixture
def frances(app, cast):
    """A browser of the franchise admin."""
    return sign_in(app.test_client(), make_staff(cast.store, "franchise_admin"))


@pytest.fixture
def sam(app, cast):
    """A browser of the store's manager."""
    return sign_in(app.test_client(), make_staff(cast.store, "store_manager"))


def points(lead) -> list[TouchPoint]:
    db.session.expire_all()
    return list(db.session.scalars(select(TouchPoint).filter_by(lead_id=lead.id).order_by(TouchPoint.due_at)))


def deeds() -> list[str]:
    return [
        text for text in db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)) if "signed" not in text
    ]


def form_of(step, version, **given) -> dict[str, str]:
    """What the browser sends for the step as it is, with changes."""
    form = {
        "seen": str(version),
        "moment": "day",
        "day": str(step.day),
        "at": f"{step.at:%H:%M}",
        "channel": step.channel,
    }
    for language, texts in step.texts.items():
        form |= {f"{language}-{name}": text for name, text in texts.items()}
    return {**form, **given}


def test_the_lead_page_shows_all_that_comes_with_its_date(desk, cast, base):
    page = unescape(desk.get(base).text)
    part = page.split('id="sequence"')[1]
    assert part.count('class="contact contact--') == 13
    assert "12 more, until" in part
    assert "Opened the chat" in part
    assert "First answered" in part
    assert "Assistant last wrote" in part


def test_pause_resume_leave_out_send_now_and_a_call(desk, cast, base):
    first, second = points(cast.lead)[:2]
    assert "Resume" in desk.post(f"{base}/sequence/pause", headers=HTMX).text
    assert {point.status for point in points(cast.lead)} == {"paused"}
    assert "Pause" in desk.post(f"{base}/sequence/resumption", headers=HTMX).text
    assert desk.post(f"{base}/touch-points/{first.id}/skip", headers=HTMX).status_code == 200
    assert desk.post(f"{base}/touch-points/{second.id}/dispatch", headers=HTMX).status_code == 200
    assert points(cast.lead)[0].asked_by == "Ana"
    answer = desk.post(f"{base}/phone-calls", headers=HTMX)
    assert "Ana spoke with the customer by phone" in answer.text
    assert {point.status for point in points(cast.lead)} == {"skipped"}
    assert deeds() == [
        "paused the follow-up", "resumed the follow-up", "left out a contact", "sent a contact early", "spoke by phone",
    ]  # fmt: skip


def test_the_same_works_as_plain_forms(desk, cast, base):
    response = desk.post(f"{base}/sequence/pause")
    assert (response.status_code, response.location) == (303, f"{base}#sequence")


def test_a_click_that_comes_too_late_is_told_so(desk, cast, base):
    first = points(cast.lead)[0]
    desk.post(f"{base}/phone-calls")
    response = desk.post(f"{base}/touch-points/{first.id}/skip", headers=HTMX)
    assert response.status_code == 409
    assert "left out meanwhile" in response.text
    assert deeds() == ["spoke by phone"]


def test_another_leads_contact_cannot_be_touched_through_ones_own(desk, cast, base):
    start_sequence(cast.strangers_lead, clock.now())
    db.session.commit()
    strange = points(cast.strangers_lead)[0]
    assert desk.post(f"{base}/touch-points/{strange.id}/skip", headers=HTMX).status_code == 409
    assert points(cast.strangers_lead)[0].status == "planned"


def test_an_advisor_reads_the_sequences_and_changes_none(desk, cast, base):
    sequence = sequence_for(cast.store, clock.now())
    page = desk.get(f"/staff/sequences/{sequence.id}").text
    assert "Two details make your price exact" in page
    assert "Add a contact" not in page
    for path in ("", "/steps", "/steps/1", "/steps/1/removal"):
        assert desk.post(f"/staff/sequences/{sequence.id}{path}", data={"name": "x"}).status_code == 403
    assert desk.post("/staff/sequences", data={"store": cast.store.id}).status_code == 403


def test_a_manager_changes_their_stores_own_and_not_the_companys(sam, cast, base):
    company = sequence_for(cast.store, clock.now())
    assert sam.get(f"/staff/sequences/{company.id}/steps/1").status_code == 403
    own = sam.post("/staff/sequences", data={"store": cast.store.id}).location
    assert sam.get(f"{own}/steps/1").status_code == 200
    assert sam.post("/staff/sequences", data={"store": cast.other_store.id}).status_code == 404


def test_another_stores_own_and_another_companys_are_absent(app, sam, frances, cast):
    elsewhere = frances.post("/staff/sequences", data={"store": cast.other_store.id}).location
    assert sam.get(elsewhere).status_code == 404
    stranger = sign_in(app.test_client(), make_staff(make_lead().location, "franchise_admin"))
    assert stranger.get(elsewhere).status_code == 404


def test_a_saved_step_is_a_new_version_and_says_how_many_leads_it_reaches(frances, cast, base):
    sequence = sequence_for(cast.store, clock.now())
    step = steps_of(sequence)[1]
    path = f"/staff/sequences/{sequence.id}"
    assert "1 lead is on the way" in frances.get(f"{path}/steps/1").text
    saved = frances.post(f"{path}/steps/1", data=form_of(step, 1, **{"day": "2", "en-subject": "A shorter subject"}))
    page = frances.get(saved.location).text
    assert "Saved as version 2. It reaches 1 lead on the way" in page
    assert "A shorter subject" in page
    assert "Two details make your price exact" in frances.get(f"{path}?version=1").text
    assert "saved a sequence" in deeds()


def test_only_what_is_not_yet_due_changes(frances, cast, base):
    sequence = sequence_for(cast.store, clock.now())
    before = {point.step: (point.due_at, point.step_id) for point in points(cast.lead)}
    path = f"/staff/sequences/{sequence.id}/steps"
    steps = steps_of(sequence)
    frances.post(f"{path}/1", data=form_of(steps[1], 1, day="2"))
    frances.post(f"{path}/12/removal", data={"seen": "2"})
    frances.post(path, data=form_of(steps[3], 3, day="8"))
    assert replan_changed(clock.now()) == 1
    after = {point.step: point for point in points(cast.lead)}
    assert after[0].step_id == before[0][1], "what is due stays as it was"
    assert after[1].due_at - before[1][0] == timedelta(days=1)
    assert (after[12].status, after[12].reason) == ("skipped", "The step was taken out of the sequence")
    assert (after[13].status, (after[13].due_at - after[0].due_at).days) in (("planned", 7), ("planned", 8))
    run = db.session.get_one(SequenceRun, cast.lead.id)
    assert (run.version, replan_changed(clock.now())) == (4, 0)
    assert run.settles_at == max(point.due_at for point in after.values() if point.coming) + timedelta(days=2)


def test_a_store_that_gets_its_own_takes_its_leads_along(sam, cast, base):
    elsewhere = make_lead(cast.other_store, customer=make_customer(cast.store.company))
    start_sequence(elsewhere, clock.now())
    db.session.commit()
    own = int(sam.post("/staff/sequences", data={"store": cast.store.id}).location.rpartition("/")[2])
    step = steps_of(db.session.get_one(Sequence, own))[1]
    sam.post(f"/staff/sequences/{own}/steps/1", data=form_of(step, 1, day="2"))
    assert replan_changed(clock.now()) == 1
    assert db.session.get_one(SequenceRun, cast.lead.id).sequence_id == own
    assert db.session.get_one(SequenceRun, elsewhere.id).sequence_id != own
    days = [(point.due_at - clock.now()).days for point in points(cast.lead)[1:2]]
    assert days[0] >= 1


def test_what_may_not_be_sent_is_not_saved_and_the_words_stay(frances, cast, base):
    sequence = sequence_for(cast.store, clock.now())
    step = steps_of(sequence)[2]
    bad = {"en-sms": "{{ store }}: hi {{ first_name }}", "at": "22:30", "day": "3"}
    response = frances.post(f"/staff/sequences/{sequence.id}/steps/2", data=form_of(step, 1, **bad))
    page = unescape(response.text)
    assert response.status_code == 422
    assert "Not saved: 2 things are to be mended below." in page
    assert '{{ first_name }} is not always known. Write {{ first_name|default("…") }}' in page
    assert "Choose a time from 8 AM to 8 PM" in page
    assert ">{{ store }}: hi {{ first_name }}</textarea>" in page
    assert 'value="22:30"' in page
    assert db.session.get_one(Sequence, sequence.id).version == 1


def test_a_preview_shows_a_real_lead_and_saves_nothing(frances, cast, base):
    sequence = sequence_for(cast.store, clock.now())
    step = steps_of(sequence)[2]
    wanted = {"preview": "yes", "lead": cast.lead.public_id, "language": "es"}
    page = unescape(frances.post(f"/staff/sequences/{sequence.id}/steps/2", data=form_of(step, 1, **wanted)).text)
    assert "To Lea Ortiz, in Spanish" in page
    assert "Le escribe Tint World Coral Springs." in page
    assert "2 SMS segments" in page or "3 SMS segments" in page
    assert "/session?token=" in page
    assert db.session.get_one(Sequence, sequence.id).version == 1


def test_two_who_save_at_once_lose_no_words(frances, cast, base):
    sequence = sequence_for(cast.store, clock.now())
    step = steps_of(sequence)[1]
    path = f"/staff/sequences/{sequence.id}/steps/1"
    assert frances.post(path, data=form_of(step, 1, day="2")).status_code == 303
    late = frances.post(path, data=form_of(step, 1, **{"en-subject": "My own subject"}))
    assert late.status_code == 409
    assert "My own subject" in late.text
    assert 'name="seen" value="2"' in late.text


def test_switching_off_and_renaming(frances, cast):
    sequence = company_sequence(cast.store.company_id, clock.now())
    frances.post(f"/staff/sequences/{sequence.id}", data={"name": "  Slow   season "})
    db.session.expire_all()
    assert (sequence.name, sequence.active) == ("Slow season", False)
    assert frances.post(f"/staff/sequences/{sequence.id}", data={"name": " "}).status_code == 422


def test_the_last_step_stays(frances, cast):
    sequence = company_sequence(cast.store.company_id, clock.now())
    path = f"/staff/sequences/{sequence.id}/steps"
    for number in range(1, 13):
        assert frances.post(f"{path}/{number}/removal", data={"seen": number}).status_code == 303
    refused = frances.post(f"{path}/0/removal", data={"seen": 13})
    assert (refused.status_code, "at least one step" in refused.text) == (422, True)


def test_the_list_tells_which_stores_have_their_own(frances, cast, base):
    page = frances.get("/staff/sequences").text
    assert "13 contacts in 30 days" in page
    assert page.count("As everywhere in the company") == 2
    assert "1 lead on the way" in page
