"""Customers take a time by tapping: one who changes their mind, and two who want the same."""

import pytest
from playwright.sync_api import expect

from tests.journeys import verbs

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]


def test_a_visit_is_booked_moved_and_cancelled_by_tapping_and_everybody_sees_it(people, new_chat):
    link = new_chat("Bea")
    phone, laptop, desk = people.somebody(), people.at_a_desk(), people.at_a_desk()
    verbs.open_chat(phone, link)
    verbs.open_chat(laptop, link)
    verbs.staff_sign_in(desk, "Morgan Hayes")
    verbs.open_lead(desk, "Bea Journey")

    verbs.open_booking(phone)
    expect(phone.locator(".work")).to_contain_text("Ceramic Tint, Full Car")
    verbs.expect_accessible(phone)
    verbs.expect_no_sideways_scrolling(phone)
    when = verbs.tap_time(phone, day=3, time=1)
    expect(phone.locator(".booking .visit")).to_contain_text(when)
    verbs.expect_accessible(phone)
    expect(laptop.locator("#messages .visit")).to_have_count(0)
    phone.get_by_role("button", name="Book this time").click()
    expect(phone.get_by_role("heading", name="Your visit is booked")).to_be_visible()
    verbs.expect_accessible(phone)
    with phone.expect_download() as file:
        phone.get_by_role("dialog").get_by_role("link", name="Add to calendar").click()
    assert file.value.suggested_filename == "visit.ics"
    for page in (phone, laptop, desk):
        expect(page.locator("#messages .visit")).to_contain_text("Visit booked")
        expect(page.locator("#messages .visit")).to_contain_text(when)
    expect(desk.get_by_role("link", name="Change or cancel")).to_have_count(0)
    verbs.expect_accessible(desk)

    # By keyboard alone, in the other window.
    change = laptop.get_by_role("link", name="Change or cancel")
    verbs.tab_to(laptop, change)
    laptop.keyboard.press("Enter")
    verbs.tab_to(laptop, laptop.get_by_role("link", name="Change the time"))
    laptop.keyboard.press("Enter")
    expect(laptop.get_by_role("heading", name="Move your visit")).to_be_visible()
    verbs.expect_accessible(laptop)
    verbs.tab_to(laptop, laptop.locator(".day[id]").nth(4))
    laptop.keyboard.press("Enter")
    expect(laptop.locator(".day[id]").nth(4)).to_have_attribute("aria-current", "date")
    verbs.tab_to(laptop, laptop.locator(".times__time").first)
    laptop.keyboard.press("Enter")
    new = laptop.locator(".booking__from-to dd").last.inner_text()
    verbs.tab_to(laptop, laptop.get_by_role("button", name="Move it"))
    laptop.keyboard.press("Enter")
    for page in (phone, laptop, desk):
        expect(page.locator("#messages .visit")).to_contain_text(new)
        expect(page.locator("#messages")).to_contain_text(f"Visit moved to {new}")

    laptop.get_by_role("dialog").get_by_role("link", name="Cancel the visit").click()
    laptop.get_by_role("button", name="Yes, cancel it").click()
    for page in (phone, laptop, desk):
        expect(page.locator("#messages .visit")).to_contain_text("Visit cancelled")
    verbs.expect_accessible_in_light_and_dark(phone)


def test_of_two_who_tap_the_same_time_one_gets_it_and_the_other_the_next_best(people, new_chat):
    # The demo store has one bay for film.
    first, second = people.somebody(), people.at_a_desk()
    verbs.open_chat(first, new_chat("Ann"))
    verbs.open_chat(second, new_chat("Ben"))
    for page in (first, second):
        verbs.open_booking(page)
        verbs.choose_service(page, "Paint Protection Film", "Partial Front Clear Film")
        page.locator(".day[id]").nth(2).click()
        expect(page.locator(".day[id]").nth(2)).to_have_attribute("aria-current", "date")
    wanted = first.locator(".times__time").nth(2).inner_text()
    first.get_by_role("button", name=wanted, exact=True).click()
    expect(first.get_by_role("heading", name="We hold this time for you")).to_be_visible()
    with people.watch(second).expecting(r"(status |status of )409"):
        second.get_by_role("button", name=wanted, exact=True).click()
        expect(second.get_by_text("Somebody else has just taken that time.")).to_be_visible()
    verbs.expect_accessible(second)
    second.locator(".booking__choice").first.click()
    expect(second.get_by_role("heading", name="We hold this time for you")).to_be_visible()
    for page in (first, second):
        page.get_by_role("button", name="Book this time").click()
        expect(page.get_by_role("heading", name="Your visit is booked")).to_be_visible()
    booked = {page.locator("#messages .visit__when").inner_text() for page in (first, second)}
    assert len(booked) == 2
