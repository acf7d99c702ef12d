"""The chat page's own behaviour, in a real browser under the real content policy, against a server that misbehaves."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.web.chat_stand_in import StandIn, serving

pytestmark = pytest.mark.journey
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        found = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()


@pytest.fixture
def chat_and_address(web_app_with) -> Iterator[tuple[StandIn, str]]:
    with serving(web_app_with()) as found:
        yield found


@pytest.fixture
def chat(chat_and_address) -> StandIn:
    return chat_and_address[0]


@pytest.fixture
def page(browser, chat_and_address) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    context.set_default_timeout(8000)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
    page.goto(chat_and_address[1])
    yield page
    context.close()
    assert faults == []


def send(page: Page, words: str) -> None:
    page.get_by_label("Your message").fill(words)
    page.get_by_role("button", name="Send").tap()


def bubbles(page: Page) -> list[str]:
    return page.locator("#messages .bubble").all_inner_texts()


def test_a_sent_message_stands_once_and_the_answer_streams_below_it(page, chat):
    send(page, "How much is <b>ceramic</b>?")
    expect(page.get_by_text("Writing an answer")).to_be_attached()

    chat.say("assistant", "It is **$399**.")

    expect(page.locator(".message--assistant strong")).to_have_text("$399")
    expect(page.get_by_text("Writing an answer")).not_to_be_attached()
    assert bubbles(page) == ["How much is <b>ceramic</b>?", "It is $399."]
    assert page.get_by_label("Your message").input_value() == ""
    assert page.evaluate("document.activeElement.id") == "composer-text"


def test_messages_sent_in_a_rush_all_arrive_in_order(page, chat):
    for words in ("one", "two", "three"):
        send(page, words)

    expect(page.locator(".message--sending")).to_have_count(0)
    assert [message.text for message in chat.messages] == ["one", "two", "three"]
    assert bubbles(page) == ["one", "two", "three"]


def test_a_message_that_could_not_be_sent_keeps_its_text_and_goes_out_on_a_tap(page, chat):
    chat.fail_next = 1
    send(page, "Please keep me")
    page.get_by_role("button", name="Not sent. Tap to retry").tap()

    expect(page.locator(".message--sending, .message--failed")).to_have_count(0)
    assert [message.text for message in chat.messages] == ["Please keep me"]
    assert bubbles(page) == ["Please keep me"]


def test_what_was_said_while_the_line_was_cut_is_caught_up_once(page, chat):
    chat.say("assistant", "First")
    expect(page.get_by_text("First")).to_be_visible()
    chat.hang_up()
    chat.say("assistant", "While away")

    expect(page.get_by_text("While away")).to_be_visible()
    assert bubbles(page) == ["First", "While away"]
    assert chat.asked_from[-1] == "1.0"


def test_a_lost_connection_is_said_and_taken_back(page, chat):
    chat.say("assistant", "First")
    expect(page.get_by_text("First")).to_be_visible()
    page.context.set_offline(True)
    chat.hang_up()
    expect(page.get_by_text("Reconnecting…")).to_be_visible()

    page.context.set_offline(False)

    expect(page.get_by_text("Reconnecting…")).to_be_hidden()
    chat.say("assistant", "Back again")
    expect(page.get_by_text("Back again")).to_be_visible()


def test_a_reader_who_scrolled_up_is_left_alone_and_told(page, chat):
    for number in range(30):
        chat.say("assistant", f"Message {number}")
    expect(page.get_by_text("Message 29")).to_be_in_viewport()
    page.evaluate("document.getElementById('scroller').scrollTop = -900")

    chat.say("assistant", "Something new")

    expect(page.get_by_role("button", name="New messages")).to_be_visible()
    expect(page.get_by_text("Something new")).not_to_be_in_viewport()
    page.get_by_role("button", name="New messages").tap()
    expect(page.get_by_text("Something new")).to_be_in_viewport()
    expect(page.get_by_role("button", name="New messages")).to_be_hidden()


def test_loading_the_page_opens_nothing_and_a_touch_does_once(page, chat):
    page.wait_for_timeout(300)
    assert chat.openings == 0

    for _ in range(2):
        page.locator("#scroller").tap()
        page.wait_for_timeout(150)

    assert chat.openings == 1


def test_a_service_can_be_asked_about_from_the_catalogue(page):
    page.locator(".context summary").tap()
    page.get_by_role("link", name="All services and prices").tap()
    page.get_by_role("button", name="Ask about this").tap()

    expect(page.get_by_label("Your message")).to_have_value("Tell me more about Ceramic.")
    expect(page.get_by_role("dialog")).to_be_hidden()
