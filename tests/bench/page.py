"""The chat page's first load on slow 4G: bytes, requests, first paint, usable. `python -m tests.bench.page`"""

import argparse
import os
from pathlib import Path

from playwright.sync_api import Browser, Response, sync_playwright

from tests.bench.server import Bench, bench, median

SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
NOT_COUNTED = ("/stream", "/favicon")
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
USABLE = "() => window.htmx && document.querySelector('form textarea, form input[name=message]')"


def load(running: Bench, browser: Browser) -> dict[str, float]:
    """One cold load by a customer's cookie."""
    customer = running.take(1)[0]
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    context.add_cookies([{"name": "leads", "value": customer.cookie, "url": running.origin, "httpOnly": True}])
    page = context.new_page()
    wire = context.new_cdp_session(page)
    sizes: dict[str, float] = {}
    kinds: dict[str, str] = {}
    wire.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: _kind(event)}))
    wire.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", SLOW_4G)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(f"{running.origin}/chat/{customer.public_id}", wait_until="commit")
    page.wait_for_function(USABLE)
    usable = page.evaluate("performance.now()")
    page.wait_for_function(f"() => {FIRST_PAINT}")
    painted = page.evaluate(FIRST_PAINT)
    page.wait_for_timeout(1500)
    counted = [answer for answer in answers if not any(part in answer.url for part in NOT_COUNTED)]
    figures = {
        "bytes": sum(size for key, size in sizes.items() if kinds.get(key)),
        "script": sum(size for key, size in sizes.items() if kinds.get(key) == "Script"),
        "requests": len(counted),
        "paint": painted,
        "usable": usable,
    }
    context.close()
    return figures


def _kind(event: dict) -> str:
    return "" if any(part in event["response"]["url"] for part in NOT_COUNTED) else event["type"]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    path = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
    with bench(leads=given.rounds + 2, worker=False) as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path if Path(path).exists() else None, args=["--no-sandbox", "--disable-gpu"]
        )
        loads = [load(running, browser) for _ in range(given.rounds + 1)][1:]
        browser.close()
    found = {name: median([one[name] for one in loads]) for name in loads[0]}
    print(
        f"{found['bytes'] / 1000:.1f} KB in {found['requests']:.0f} requests,"
        f" {found['script'] / 1000:.1f} KB of it JavaScript"
    )
    print(f"slow 4G: first paint {found['paint'] / 1000:.2f} s, usable {found['usable'] / 1000:.2f} s")


if __name__ == "__main__":
    main()
