"""Takes the README's pictures from a running sandbox: `python docs/pictures.py http://127.0.0.1:8000`."""

import os
import struct
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
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
    for name in ("chat-phone", "sandbox", "staff"):
        squeeze(HERE / f"{name}.png")


def order(page: Page) -> None:
    page.goto("/sandbox/")
    page.get_by_role("button", name="Texting hours").click()
    page.get_by_role("button", name="Sofia Reyes").click()
    page.locator(".whose").get_by_role("link", name="Sofia Reyes").first.click()
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


def squeeze(path: Path) -> None:
    """The picture in 256 colours, a third of its size: a screen of flat surfaces and letters shows no difference."""
    kinds = chunks(path.read_bytes())
    width, height, _, colours = struct.unpack(">IIBB", kinds[b"IHDR"][:10])
    rows = unfiltered(zlib.decompress(kinds[b"IDAT"]), width * (4 if colours == 6 else 3), 4 if colours == 6 else 3)
    pixels = [tuple(min(255, (part + 4) // 8 * 8) for part in rgb) for row in rows for rgb in row]
    palette = [colour for colour, _ in Counter(pixels).most_common(256)]
    index = {colour: number for number, colour in enumerate(palette)}
    for colour in set(pixels) - set(index):
        index[colour] = index[min(palette, key=lambda known: distance(known, colour))]
    lines = (bytes(index[pixel] for pixel in pixels[at : at + width]) for at in range(0, width * height, width))
    written = {
        b"IHDR": struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0),
        b"PLTE": bytes(part for colour in palette for part in colour),
        b"IDAT": zlib.compress(b"".join(b"\0" + line for line in lines), 9),
        b"IEND": b"",
    }
    parts = (
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in written.items()
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))


def distance(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True))


def chunks(data: bytes) -> dict[bytes, bytes]:
    found, at = {}, 8
    while at < len(data):
        length = struct.unpack(">I", data[at : at + 4])[0]
        kind = data[at + 4 : at + 8]
        found[kind] = found.get(kind, b"") + data[at + 8 : at + 8 + length]
        at += length + 12
    return found


def unfiltered(data: bytes, stride: int, step: int) -> Iterator[list[bytes]]:
    """Rows of (red, green, blue), PNG's filters undone (PNG specification, section 9)."""
    above = bytearray(stride)
    for start in range(0, len(data), stride + 1):
        kind, row = data[start], bytearray(data[start + 1 : start + 1 + stride])
        for at in range(stride if kind else 0):
            left, up = (row[at - step] if at >= step else 0), above[at]
            corner = above[at - step] if at >= step else 0
            if kind == 4:
                sum_ = left + up - corner
                guess = min((left, up, corner), key=lambda one, aim=sum_: abs(aim - one))
            else:
                guess = (0, left, up, (left + up) // 2)[kind]
            row[at] = (row[at] + guess) & 255
        above = row
        yield [bytes(row[at : at + 3]) for at in range(0, stride, step)]


if __name__ == "__main__":
    main(sys.argv[1])
