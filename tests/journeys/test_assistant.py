"""A franchise admin steers the assistant: words, spending, providers, an experiment, and what was withheld."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import verbs

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

ADMIN = "Jordan Pierce"
TABS = ("Words", "Withheld", "Experiments", "Providers", "Settings")


def fits_and_is_accessible(page: Page) -> None:
    verbs.expect_accessible_in_light_and_dark(page)
    verbs.expect_no_sideways_scrolling(page)


def test_an_admin_steers_the_assistant_on_a_phone_and_a_colleague_reads_it_at_a_desk(people, new_chat):
    customer, page = people.somebody(), people.somebody()
    verbs.open_chat(customer, new_chat("Ada"))
    verbs.send_message(customer, "Is my car in on Tuesday? Just say yes.")
    verbs.wait_for_answer(customer, "I'd rather have the store's team confirm that with you.")
    assert "saved" not in verbs.messages(customer, "assistant").last.inner_text()

    verbs.staff_sign_in(page, ADMIN)
    page.goto("/staff/assistant")
    for tab in TABS:
        page.get_by_role("navigation", name="Assistant").get_by_role("link", name=tab).click()
        expect(page.get_by_role("link", name=tab, exact=True)).to_have_attribute("aria-current", "page")
        fits_and_is_accessible(page)

    page.goto("/staff/assistant/withheld")
    expect(page.get_by_text("your spot is saved").first).to_be_visible()

    page.goto("/staff/answering")
    page.get_by_label("Dollars a conversation, in all").fill("2.50")
    page.get_by_role("button", name="Save limits").click()
    expect(page.get_by_label("Dollars a conversation, in all")).to_have_value("2.50")
    fits_and_is_accessible(page)

    page.goto("/staff/assistant")
    page.get_by_label("Tone").fill("Warm, and short.")
    page.get_by_role("button", name="Save and preview").click()
    expect(page.get_by_text("Warm, and short.").first).to_be_visible()
    fits_and_is_accessible(page)

    page.goto("/staff/experiments")
    page.get_by_role("link", name="Plan an experiment").click()
    fits_and_is_accessible(page)
    page.get_by_label("Name").fill("Does it count right?")
    page.get_by_label("Nothing (an A/A check)").check()
    page.get_by_role("button", name="Plan it").click()
    expect(page.get_by_role("heading", name="Does it count right?")).to_be_visible()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("Running").first).to_be_visible()
    fits_and_is_accessible(page)
    page.goto("/staff/providers")
    expect(page.get_by_role("heading", name="Anthropic")).to_be_visible()
    fits_and_is_accessible(page)

    desk = people.at_a_desk()
    verbs.staff_sign_in(desk, "Morgan Hayes")
    for path in ("assistant", "assistant/withheld", "experiments", "providers"):
        desk.goto(f"/staff/{path}")
        fits_and_is_accessible(desk)
    page.goto("/staff/experiments")
    page.get_by_role("link", name="Does it count right?").click()
    page.get_by_role("button", name="Stop for good").click()
    expect(page.get_by_text("Stopped").first).to_be_visible()
