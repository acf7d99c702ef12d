"""Takes the README's pictures from a running sandbox: `python docs/pictures.py http://127.0.0.1:8000`."""

import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 800}}
QUESTION = "How much is ceramic tint for my Accord?"


def main(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        desk = browser.new_context(base_url=address, locale="en-US", timezone_id="America/New_York", **DESK).new_page()
        order(desk)
        link = desk.locator(".phone .sms__text a").last.get_attribute("href") or ""
        ask(browser, link)
        desk.goto("/sandbox/")
        desk.screenshot(path=HERE / "sandbox.png")
        staff(desk)
        browser.close()


def order(page: Page) -> None:
    page.goto("/sandbox/")
    page.get_by_role("button", name="Sofia Reyes").click()
    page.locator(".phone__bar").filter(has_text="on the phone of Sofia Reyes").wait_for()


def ask(browser: Browser, link: str) -> None:
    page = browser.new_context(locale="en-US", timezone_id="America/New_York", **PHONE).new_page()
    page.goto(link)
    page.get_by_label("Your message").fill(QUESTION)
    page.get_by_role("button", name="Send").click()
    page.locator(".message--assistant:not(.message--streaming)").wait_for()
    page.get_by_label("Your message").blur()
    page.screenshot(path=HERE / "chat-phone.png")


def staff(page: Page) -> None:
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Sign in as Morgan Hayes").click()
    desk = opened.value
    desk.get_by_role("button", name="Sign in").click()
    desk.get_by_role("link", name="Sofia Reyes").first.click()
    desk.get_by_role("heading", name="Sofia Reyes").wait_for()
    desk.screenshot(path=HERE / "staff.png")


if __name__ == "__main__":
    main(sys.argv[1])
