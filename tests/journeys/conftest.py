"""One running application and one browser for all journeys; each person in a browser context of their own."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect, sync_playwright

from tests.journeys import verbs
from tests.journeys.server import Running, running
from tests.journeys.watch import Watch

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-sync",
    "--disable-component-update",
)
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
DESK = {"viewport": {"width": 1280, "height": 800}, "has_touch": False, "is_mobile": False, "device_scale_factor": 1}
PATIENCE = 30_000

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="package")
def server() -> Iterator[Running]:
    with running() as server:
        verbs.set_clock(server.address, verbs.working_noon())
        yield server


@pytest.fixture(scope="package")
def chromium() -> Iterator[BrowserType]:
    with sync_playwright() as playwright:
        yield playwright.chromium


@pytest.fixture(scope="package")
def browser(chromium: BrowserType) -> Iterator[Browser]:
    yield from launched(chromium)


@pytest.fixture
def browser_without_javascript(chromium: BrowserType) -> Iterator[Browser]:
    # Not a context's java_script_enabled: that one still reads <noscript> as a browser with JavaScript does.
    yield from launched(chromium, "--blink-settings=scriptEnabled=false")


def launched(chromium: BrowserType, *flags: str) -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
    path_or_own = path if Path(path).exists() else None
    browser = chromium.launch(executable_path=path_or_own, args=[*FLAGS, *flags], timeout=3 * PATIENCE)
    yield browser
    browser.close()


class People:
    """Hands out browsers, one context a person, and at the end checks that no page or process complained."""

    def __init__(self, browser: Browser, server: Running, stack: ExitStack) -> None:
        self._browser, self._server, self._stack = browser, server, stack
        self.watches: dict[BrowserContext, Watch] = {}

    def somebody(self, browser: Browser | None = None, **settings: object) -> Page:
        """A page in a fresh context: a phone unless told otherwise."""
        context = (browser or self._browser).new_context(
            base_url=self._server.address, locale="en-US", reduced_motion="reduce", **{**PHONE, **settings}
        )
        context.set_default_timeout(PATIENCE)
        self._stack.callback(context.close)
        self.watches[context] = Watch(context, self._server.address)
        return context.new_page()

    def at_a_desk(self, **settings: object) -> Page:
        return self.somebody(**{**DESK, **settings})

    def same_at_a_desk(self, page: Page) -> Page:
        """The same person at a computer: signed in as on that page."""
        return self.at_a_desk(storage_state=page.context.storage_state())

    def watch(self, page: Page) -> Watch:
        return self.watches[page.context]


@pytest.fixture
def people(browser: Browser, server: Running) -> Iterator[People]:
    with ExitStack() as stack:
        people = People(browser, server, stack)
        yield people
        faults = [*(fault for watch in people.watches.values() for fault in watch.faults), *server.complaints()]
        assert not faults, "\n".join(faults)


@pytest.fixture
def new_chat(server: Running) -> Callable[[str], str]:
    """Places the order of a customer nobody knew before; gives the personal link from their first text."""
    return lambda first_name: verbs.link_of_new_customer(server.address, first_name)[1]
