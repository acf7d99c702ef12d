"""What the assistant was not let say, for managers to review, each at their stores."""

import pytest

from app.assistant.models import WithheldSentence
from app.db import db
from tests.factories.accounts import make_staff, sign_in
from tests.factories.leads import make_lead
from tests.factories.locations import make_location


def withhold(lead, sentence: str, **given: str) -> None:
    whose = {"company_id": lead.company_id, "location_id": lead.location_id, "lead_id": lead.id}
    told = {"kind": "price", "reason": "no tool gave this price", "outcome": "rewritten", **given}
    db.session.add(WithheldSentence(**whose, sentence=sentence, **told))
    db.session.commit()


@pytest.fixture
def sam(client, cast):
    return sign_in(client, make_staff(cast.store, "store_manager"))


def test_a_manager_reads_what_was_withheld_at_their_store_with_reason_and_lead(sam, cast) -> None:
    withhold(cast.lead, "It is <b>$5</b>.")
    withhold(make_lead(make_location(cast.store.company)), "Another store's.")
    page = sam.get("/staff/assistant/withheld").text
    assert "It is &lt;b&gt;$5&lt;/b&gt;." in page
    assert "no tool gave this price" in page
    assert f"/staff/leads/{cast.lead.public_id}" in page
    assert "Another store" not in page


def test_a_kind_is_chosen_and_older_ones_are_a_page_further(sam, cast) -> None:
    for number in range(52):
        withhold(cast.lead, f"Lie number {number}.")
    withhold(cast.lead, "You are booked.", kind="claim", outcome="replaced")
    page = sam.get("/staff/assistant/withheld").text
    assert "You are booked." in page
    assert "Lie number 51." in page
    assert "Lie number 2." not in page
    older = page.split('href="/staff/assistant/withheld?')[-1].split('"')[0].replace("&amp;", "&")
    assert "Lie number 2." in sam.get(f"/staff/assistant/withheld?{older}").text
    only = sam.get("/staff/assistant/withheld?kind=claim").text
    assert "You are booked." in only
    assert "Lie number" not in only
    assert sam.get("/staff/assistant/withheld?kind=nonsense&before=x").status_code == 200


def test_nothing_withheld_is_said(sam) -> None:
    assert "Nothing was withheld" in sam.get("/staff/assistant/withheld").text


def test_an_advisor_does_not_read_them(client, cast) -> None:
    assert sign_in(client, make_staff(cast.store)).get("/staff/assistant/withheld").status_code == 403
