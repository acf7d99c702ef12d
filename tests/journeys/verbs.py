"""What people do on our pages, in their words; the only place of journeys that knows selectors."""

import itertools
import re
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe-core" / "axe.min.js"
WITHIN = 30.0

_numbers = itertools.count(120)


# The sandbox


def open_sandbox(page: Page) -> None:
    page.goto("/sandbox/")
    expect(page.get_by_role("heading", name="New order in ShopMonkey")).to_be_visible()


def place_order(page: Page, customer: str) -> None:
    page.get_by_role("button", name=customer).click()
    expect(page.locator("#notice")).to_contain_text("is in ShopMonkey")


def open_link_on_phone(page: Page, customer: str) -> Page:
    """Tap the link of the newest text on that customer's phone; gives the page that opens."""
    # The phone shows whoever was written to last: the demo's own first messages may come in between.
    page.locator(".whose").get_by_role("link", name=customer).first.click()
    expect(page.locator(".phone__bar")).to_contain_text(f"on the phone of {customer}")
    with page.context.expect_page() as opened:
        page.locator(".phone .sms__text").last.get_by_role("link").click()
    return opened.value


def open_mail(page: Page, address: str) -> None:
    """Open the newest mail to that address."""
    page.locator(".mailbox .list__row").filter(has_text=address).first.click()
    expect(page.locator(".mail")).to_contain_text(address)


def open_link_in_mail(page: Page) -> Page:
    with page.context.expect_page() as opened:
        page.locator(".mail__text").get_by_role("link").first.click()
    return opened.value


def set_clock(address: str, moment: datetime) -> None:
    """Let the demo's clock go on from this wall time in Florida."""
    _post(f"{address}/sandbox/clock", {"to": "at", "at": moment.strftime("%Y-%m-%dT%H:%M"), "store": "coral-springs"})
    time.sleep(1.1)  # every process reads the clock once a second


def working_noon() -> datetime:
    """Noon of the coming Tuesday: whatever the hour of the test, texts may go out and the stores are open."""
    today = datetime.now(UTC).date()
    return datetime.combine(today + timedelta(days=(1 - today.weekday()) % 7 or 7), clock_time(12))


@contextmanager
def days_later(address: str, days: int) -> Iterator[None]:
    """Let so many days pass at once; back to the present afterwards."""
    set_clock(address, working_noon() + timedelta(days=days))
    try:
        yield
    finally:
        set_clock(address, working_noon())


def link_of_new_customer(address: str, first_name: str) -> tuple[str, str]:
    """Order as a new customer with a phone of their own. Gives the number, and the link out of the first text."""
    number = f"+1954555{next(_numbers):04d}"
    form = {
        "first_name": first_name, "last_name": "Journey", "phone": number, "sms_consent": "1", "store": "coral-springs",
        "year": "2022", "make": "Honda", "model": "Accord", "type": "sedan", "services": "ceramic-tint-full-car",
    }  # fmt: skip
    _post(f"{address}/sandbox/orders", form)
    return number, newest_link(address, number)


def newest_link(address: str, number: str, other_than: str = "") -> str:
    """The link in the newest text on that phone, once there is another one than that."""
    until = time.monotonic() + WITHIN
    while time.monotonic() < until:
        screens = _get(f"{address}/sandbox/screens?phone={urllib.parse.quote(number)}")
        links = re.findall(r'href="([^"]+/session\?token=[^"]+)"', screens)
        if links and links[-1] != other_than:
            return links[-1]
        time.sleep(0.1)
    raise AssertionError(f"no text with a link reached {number}")


# The chat


def open_chat(page: Page, link: str) -> None:
    page.goto(link)
    expect(page).to_have_url(re.compile(r"/chat/[^/?#]+$"))
    expect(page.get_by_role("log", name="Messages")).to_be_attached()


def send_message(page: Page, words: str) -> None:
    """Write and press send."""
    page.get_by_label("Your message").fill(words)
    page.get_by_role("button", name="Send", exact=True).click()


def open_booking(page: Page) -> None:
    page.get_by_role("link", name="Book a time").click()
    expect(page.get_by_role("heading", name="Book a time")).to_be_visible()


def choose_service(page: Page, category: str, name: str) -> None:
    """Have only this one done in the visit."""
    page.get_by_role("link", name="Change services").click()
    expect(page.get_by_role("heading", name="What is to be done?")).to_be_visible()
    for chosen in page.locator(".choice__box:checked").all():
        chosen.uncheck()
    page.locator(".booking__services summary").filter(has_text=category).click()
    page.get_by_label(name, exact=True).check()
    page.get_by_role("button", name="Show free times").click()
    expect(page.locator(".work")).to_contain_text(name)


def choose_time(page: Page, day: int, time: int) -> str:
    """Tap that one of the days, then that one of its times; gives the time's words."""
    page.locator(".day[id]").nth(day).click()
    expect(page.locator(".day[id]").nth(day)).to_have_attribute("aria-current", "date")
    chosen = page.locator(".times__time").nth(time)
    words = f"{page.locator('.booking__day').inner_text()} at {chosen.inner_text()}"
    chosen.click()
    return words


def tap_time(page: Page, day: int, time: int) -> str:
    """Hold a time; gives its words."""
    words = choose_time(page, day, time)
    expect(page.get_by_role("heading", name="We hold this time for you")).to_be_visible()
    return words


def messages(page: Page, author: str) -> Locator:
    return page.locator(f"#messages .message--{author}")


def typing(page: Page) -> Locator:
    return page.locator("#thread-state .typing")


def wait_for_answer(page: Page, containing: str | re.Pattern[str], patience: float = 30) -> Locator:
    """The assistant's newest message, once it is whole and says that."""
    answer = messages(page, "assistant").last
    expect(answer).to_contain_text(containing, timeout=patience * 1000)
    expect(page.locator("#messages .message--streaming")).to_have_count(0, timeout=patience * 1000)
    return answer


def wait_until_it_talks(page: Page, words: int = 3) -> str:
    """The beginning of an answer that is still being written."""
    streaming = page.locator("#messages .message--streaming .bubble")
    expect(streaming).to_have_text(re.compile(rf"(\S+\s+){{{words}}}"))
    return streaming.inner_text()


def texts(page: Page) -> list[tuple[str, str]]:
    """Author and text of every message, in order."""
    return [
        (re.search(r"message--(customer|assistant|staff|system)", message.get_attribute("class") or "")[1],
         message.locator(".bubble").inner_text().strip())
        for message in page.locator("#messages .message").all()
    ]  # fmt: skip


def tab_to(page: Page, target: Locator, most: int = 60) -> None:
    """Press Tab until the target has the focus."""
    expect(target).to_be_visible()
    for _ in range(most):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{most} presses of Tab did not reach {target}")


# The staff


def staff_sign_in(page: Page, name: str) -> None:
    """Sign in from the sandbox as one of the demo company."""
    page.goto("/sandbox/")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name=f"Sign in as {name}").click()
    sign_in = opened.value
    sign_in.get_by_role("button", name="Sign in").click()
    expect(sign_in.get_by_role("heading", name="Leads")).to_be_visible()
    sign_in.close()
    page.goto("/staff/")


def open_lead(page: Page, customer: str) -> None:
    page.goto("/staff/")
    page.get_by_role("link", name=customer).first.click()
    expect(page.get_by_role("heading", name=customer)).to_be_visible()


def take_over(page: Page) -> None:
    page.get_by_role("button", name="Take over").click()
    expect(page.get_by_text("You answer.")).to_be_visible()


def hand_back(page: Page) -> None:
    page.get_by_role("button", name="Hand back to the assistant").click()
    expect(page.get_by_role("button", name="Take over")).to_be_visible()


def open_calendar(page: Page, view: str = "Day") -> None:
    page.get_by_role("link", name="Calendar", exact=True).click()
    page.get_by_role("navigation", name="View").get_by_role("link", name=view).click()
    expect(page.get_by_role("navigation", name="View").locator("[aria-current]")).to_have_text(view)


def book_for_caller(page: Page, caller: str, service: str) -> None:
    """From the calendar: the caller's name, the service by search, the first time that is free."""
    page.get_by_role("link", name="Book a visit").click()
    page.get_by_text("Without a lead").click()
    page.get_by_label("Name", exact=True).fill(caller)
    page.get_by_label("Find services").fill(service)
    page.get_by_label("Find services").press("Enter")
    page.get_by_label(service).first.check()
    page.get_by_role("button", name="Show times").click()
    page.locator(".chip").first.click()
    page.get_by_role("button", name="Book the visit").click()
    expect(page).to_have_url(re.compile(r"/calendar/appointments/(?!new)"))
    expect(page.get_by_role("heading", name=caller)).to_be_visible()


def move_visit(page: Page, why: str) -> None:
    """From the visit's page, to the last of the free times shown."""
    page.locator("#move summary").click()
    page.get_by_label("Why").first.fill(why)
    page.locator("#move .chip").last.click()
    page.get_by_role("button", name="Move the visit").click()
    expect(page.get_by_text(why)).to_be_visible()


# Everybody


def expect_accessible(page: Page, *rules: str) -> None:
    """No violation that axe can find in what the page shows now; of those rules, or of all."""
    page.evaluate(AXE.read_text())
    asked = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
    found: list[dict[str, Any]] = page.evaluate("asked => axe.run(document, asked).then(r => r.violations)", asked)
    told = [
        f"{one['id']}: {at['html'][:160]}\n    {' '.join(at['failureSummary'].split())}"
        for one in found
        for at in one["nodes"][:4]
    ]
    assert not told, f"{page.url}\n" + "\n".join(told)


def expect_accessible_in_light_and_dark(page: Page) -> None:
    """As it is, which is light, and its colours again in the dark."""
    expect_accessible(page)
    page.emulate_media(color_scheme="dark")
    page.reload()  # on an open page, the engine's reported colours lag behind
    expect_accessible(page, "color-contrast")
    page.emulate_media(color_scheme="light")


def expect_no_sideways_scrolling(page: Page) -> None:
    wide, seen = page.evaluate("document.documentElement.scrollWidth"), page.viewport_size["width"]
    assert wide <= seen, f"{page.url} is {wide} wide on {seen}"


def _post(url: str, form: dict[str, str]) -> None:
    origin = "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(url))
    request = urllib.request.Request(url, urllib.parse.urlencode(form).encode(), {"Origin": origin})
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status == 200, answer.status


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.read().decode()
