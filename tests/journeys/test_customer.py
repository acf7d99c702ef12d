"""The customer: from a text message on a phone to a true answer, whatever the phone can do."""

import re

import pytest
from playwright.sync_api import expect

from app.sandbox.catalogue import service
from tests.journeys import verbs

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

PRICE = f"${service('coral-springs', 'ceramic-tint-full-car')['classes']['sedan'] / 100:,.0f}"
COUPE_PRICE = f"${service('coral-springs', 'ceramic-tint-full-car')['classes']['coupe'] / 100:,.0f}"
QUESTION = "What does ceramic tint cost for my car?"


def test_an_order_becomes_a_streamed_answer_and_a_visit_by_words(people):
    page = people.somebody()
    verbs.open_sandbox(page)
    verbs.expect_no_sideways_scrolling(page)
    verbs.place_order(page, "Sofia Reyes")
    chat = verbs.open_link_on_phone(page, "Sofia Reyes")
    expect(chat.get_by_role("heading", name="Tint World Coral Springs")).to_be_visible()
    expect(chat.get_by_role("complementary", name="Your request")).to_contain_text("2022 Honda Accord")
    verbs.expect_accessible(chat)

    verbs.send_message(chat, QUESTION)
    expect(verbs.messages(chat, "customer")).to_contain_text(QUESTION)
    expect(verbs.typing(chat)).to_be_visible()
    answer = verbs.wait_for_answer(chat, PRICE)
    expect(answer.locator("strong")).to_have_text("Ceramic Tint, Full Car")
    expect(answer.locator("li")).to_contain_text(f"for 2022 Honda Accord Sport: {PRICE}")
    expect(verbs.typing(chat)).to_have_count(0)
    expect(chat.get_by_label("Your message")).to_have_value("")
    verbs.expect_no_sideways_scrolling(chat)

    verbs.send_message(chat, "Which times are open?")
    verbs.wait_for_answer(chat, "Which one suits you?")
    offered = verbs.messages(chat, "assistant").last.locator("li").first.inner_text()
    expect(chat.locator(".offer__time")).to_have_count(4)
    verbs.expect_accessible(chat)
    verbs.send_message(chat, f"I take {offered}")
    verbs.wait_for_answer(chat, f"You are booked for {offered}.")
    card = chat.locator(".visit")
    expect(card).to_contain_text("Visit booked")
    expect(chat.locator("#book-label")).to_have_text("Your visit")
    expect(card).to_contain_text(offered)
    expect(card).to_contain_text(PRICE)
    verbs.expect_no_sideways_scrolling(chat)

    said = verbs.texts(chat)
    chat.reload()
    assert verbs.texts(chat) == said
    verbs.expect_accessible_in_light_and_dark(chat)


def test_the_same_path_works_without_javascript(people, browser_without_javascript):
    page = people.somebody(browser_without_javascript)
    verbs.open_sandbox(page)
    page.get_by_role("button", name="Grace Kim").click()
    expect(page.get_by_text("is in ShopMonkey")).to_be_visible()
    bar = page.locator(".phone__bar")
    for _ in range(40):
        if "Grace Kim" in (bar.inner_text() if bar.count() else ""):
            break
        page.wait_for_timeout(250)
        page.reload()
    chat = verbs.open_link_on_phone(page, "Grace Kim")
    expect(chat.get_by_role("heading", name="Tint World Boulder")).to_be_visible()

    verbs.send_message(chat, "What does a ceramic tint cost?")
    expect(verbs.messages(chat, "customer")).to_contain_text("What does a ceramic tint cost?")
    price = f"${service('boulder', 'ceramic-tint-full-car')['classes']['sedan'] / 100:,.0f}"
    verbs.wait_for_answer(chat, price)
    expect(verbs.typing(chat)).to_have_count(0)

    page_of_chat = chat.url.partition("#")[0]
    chat.goto(page_of_chat + "/catalog?q=tint")
    expect(chat.get_by_text("Ceramic Tint, Full Car", exact=True)).to_be_visible()

    chat.goto(page_of_chat)
    verbs.open_booking(chat)
    verbs.tap_time(chat, day=2, time=0)
    chat.get_by_role("button", name="Book this time").click()
    expect(chat.get_by_role("heading", name="Your visit is booked")).to_be_visible()
    chat.get_by_role("link", name="Change the time").click()
    verbs.choose_time(chat, day=3, time=1)
    chat.get_by_role("button", name="Move it").click()
    expect(chat.get_by_role("heading", name="Your visit is booked")).to_be_visible()
    chat.get_by_role("link", name="Back to the chat").click()
    expect(chat.locator(".visit")).to_contain_text("Visit booked")
    chat.get_by_role("link", name="Change or cancel").click()
    chat.get_by_role("link", name="Cancel the visit").click()
    chat.get_by_role("button", name="Yes, cancel it").click()
    expect(chat.get_by_role("heading", name="Your visit was cancelled")).to_be_visible()


def test_an_email_customer_uses_the_catalogue_by_keyboard_alone(people):
    mailbox = people.at_a_desk()
    verbs.open_sandbox(mailbox)
    verbs.place_order(mailbox, "Priya Nair")
    verbs.open_mail(mailbox, "priya.nair@example.com")
    page = verbs.open_link_in_mail(mailbox)
    expect(page.get_by_role("heading", name="Tint World Coral Springs")).to_be_visible()
    expect(page.get_by_role("complementary", name="Your request")).to_contain_text("2025 BMW M4")
    verbs.expect_accessible(page)
    verbs.expect_accessible(mailbox)

    opener = page.get_by_role("link", name="All services and prices")
    verbs.tab_to(page, opener)
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog")
    expect(panel.get_by_role("heading", name="Services and prices")).to_be_visible()
    verbs.expect_accessible(page)

    verbs.tab_to(page, panel.get_by_label("Search services"))
    page.keyboard.type("ceramic")
    expect(panel.get_by_text("Ceramic Tint, Full Car", exact=True)).to_be_visible()
    expect(panel.get_by_text(COUPE_PRICE, exact=True)).to_be_visible()
    ask = panel.get_by_role("button", name=re.compile(": Ceramic Tint, Full Car$"))
    verbs.tab_to(page, ask)
    page.keyboard.press("Enter")
    expect(panel).to_be_hidden()
    composer = page.get_by_label("Your message")
    expect(composer).to_be_focused()
    expect(composer).to_have_value("Tell me more about Ceramic Tint, Full Car.")
    page.keyboard.press("Enter")
    verbs.wait_for_answer(page, COUPE_PRICE)


def test_a_link_that_does_not_open_says_what_to_do(people, server):
    number, link = verbs.link_of_new_customer(server.address, "Felix")
    page = people.somebody()
    with people.watch(page).expecting(r"(status |status of )401"):
        page.goto(link[:-4] + "AAAA")
        expect(page.get_by_role("heading", name="This link does not open any more")).to_be_visible()
        expect(page.get_by_role("button", name="Send me a fresh link")).to_have_count(0)
        verbs.expect_accessible(page)

        with verbs.days_later(server.address, 60):
            page.goto(link)
            expect(page.get_by_role("heading", name="This link does not open any more")).to_be_visible()
            verbs.expect_accessible(page)
            page.get_by_role("button", name="Send me a fresh link").click()
            expect(page.get_by_role("heading", name="Look at your messages")).to_be_visible()
            fresh = verbs.newest_link(server.address, number, other_than=link)
            verbs.open_chat(page, fresh)


def test_a_failed_send_keeps_its_words_and_two_clicks_send_one(people, new_chat):
    page = people.somebody()
    verbs.open_chat(page, new_chat("Rita"))
    with people.watch(page).expecting(r"/messages|ERR_FAILED|htmx:error"):
        page.route("**/messages", lambda route: route.abort())
        verbs.send_message(page, "Does film last?")
        failed = page.locator(".message--failed")
        expect(failed).to_contain_text("Does film last?")
        expect(page.get_by_role("button", name="Not sent. Tap to retry")).to_be_visible()
        verbs.expect_accessible(page)
        page.unroute("**/messages")
    page.get_by_role("button", name="Not sent. Tap to retry").click()
    verbs.wait_for_answer(page, "Just ask.")
    expect(page.locator(".message--failed")).to_have_count(0)

    page.get_by_label("Your message").fill("Once only, please.")
    page.get_by_role("button", name="Send").dblclick()
    expect(verbs.messages(page, "assistant")).to_have_count(2)
    page.reload()
    expect(verbs.messages(page, "customer")).to_have_text([re.compile("Does film last"), re.compile("Once only")])


def test_a_reload_in_mid_answer_and_a_lost_connection_are_caught_up(people, server, new_chat):
    page = people.somebody()
    link = new_chat("Dana")
    verbs.open_chat(page, link)
    verbs.send_message(page, "Please tell me everything about film.")
    begun = verbs.wait_until_it_talks(page)
    page.reload()
    expect(verbs.messages(page, "assistant").last).to_contain_text(begun.strip())
    verbs.wait_for_answer(page, "That is all.", patience=40)
    assert [author for author, _ in verbs.texts(page)] == ["customer", "assistant"]
    whole = verbs.texts(page)
    page.reload()
    assert verbs.texts(page) == whole

    tablet = people.somebody()
    verbs.open_chat(tablet, link)
    with people.watch(page).expecting(r"ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|htmx|/stream"):
        page.context.set_offline(True)
        expect(page.get_by_text("Reconnecting…")).to_be_visible()
        verbs.send_message(tablet, "Hello from the tablet")
        verbs.wait_for_answer(tablet, "Just ask.")
        page.context.set_offline(False)
        expect(page.get_by_text("Reconnecting…")).to_be_hidden()
        verbs.wait_for_answer(page, "Just ask.")
    assert verbs.texts(page) == verbs.texts(tablet)
