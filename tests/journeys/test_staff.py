"""Staff: in by an emailed link, into a conversation, and in the assistant's place."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import verbs

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]


def test_staff_take_over_in_mid_answer_and_hand_back(people, server, new_chat, monkeypatch):
    monkeypatch.setattr(server.model, "times", 40)  # a minute of talk: long enough for any machine
    link = new_chat("Tess")
    phone, laptop, desk = people.somebody(), people.at_a_desk(), people.at_a_desk()
    verbs.open_chat(phone, link)
    verbs.open_chat(laptop, link)
    verbs.staff_sign_in(desk, "Morgan Hayes")
    verbs.open_lead(desk, "Tess Journey")

    verbs.send_message(phone, "Please tell me everything about film.")
    for page in (phone, laptop, desk):
        verbs.wait_until_it_talks(page)
    verbs.take_over(desk)
    for page in (phone, laptop):
        expect(page.get_by_text("Morgan Hayes from the store is here")).to_be_visible()
        expect(page.locator(".message--streaming")).to_have_count(0)
    said = verbs.texts(phone)
    assert not any("That is all." in text for _, text in said)
    verbs.send_message(desk, "Morgan here: I will call you at noon.")
    for page in (phone, laptop):
        expect(verbs.messages(page, "staff")).to_contain_text("I will call you at noon.")
    verbs.send_message(laptop, "Thank you, Morgan")
    expect(verbs.messages(phone, "customer").last).to_contain_text("Thank you, Morgan")
    expect(verbs.messages(desk, "customer").last).to_contain_text("Thank you, Morgan")
    phone.wait_for_timeout(1500)  # the model would have gone on by fifteen words
    assert verbs.texts(phone)[: len(said)] == said
    assert [one for one in verbs.texts(phone)[len(said) :] if one[0] == "assistant"] == []
    assert verbs.texts(phone) == verbs.texts(laptop)
    verbs.expect_accessible(desk)

    verbs.hand_back(desk)  # what was said last is the customer's: the assistant answers it
    expect(phone.get_by_text("from the store is here")).to_have_count(0)
    for page in (phone, laptop, desk):
        verbs.wait_for_answer(page, "Just ask.")
    assert verbs.texts(phone) == verbs.texts(laptop) == verbs.texts(desk)


def test_staff_sign_in_by_the_link_in_their_mailbox(people):
    page = people.somebody()
    with people.watch(page).expecting(r"(status |status of )401"):
        page.goto("/staff/")
    page.goto("/staff/sign-in")
    page.get_by_label("Work email").fill("admin@tintworld.example")
    verbs.expect_accessible(page)
    page.get_by_role("button", name="Email me a link").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()

    verbs.open_sandbox(page)
    verbs.open_mail(page, "admin@tintworld.example")
    staff = verbs.open_link_in_mail(page)
    staff.get_by_role("button", name="Sign in").click()
    expect(staff.get_by_role("heading", name="Leads")).to_be_visible()
    verbs.expect_accessible_in_light_and_dark(staff)
    verbs.expect_no_sideways_scrolling(staff)

    staff.get_by_role("listitem").get_by_role("link").first.click()
    expect(staff).to_have_url(re.compile(r"/staff/leads/"))
    verbs.expect_accessible_in_light_and_dark(staff)
    verbs.expect_no_sideways_scrolling(staff)

    verbs.open_calendar(staff)
    verbs.expect_accessible_in_light_and_dark(staff)
    verbs.expect_no_sideways_scrolling(staff)
    desk = people.same_at_a_desk(staff)  # somebody at the counter looks on
    desk.goto("/staff/calendar?view=week")
    verbs.book_for_caller(staff, "Carla Caller", "Ceramic Tint, Full Car")
    verbs.expect_accessible_in_light_and_dark(staff)
    verbs.expect_no_sideways_scrolling(staff)
    expect(desk.get_by_role("link", name="Carla Caller")).to_be_visible()
    verbs.expect_accessible_in_light_and_dark(desk)
    verbs.move_visit(staff, "The customer asked")
    expect(staff.get_by_text("Moved from")).to_be_visible()
