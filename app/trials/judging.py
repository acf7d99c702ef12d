"""What is wrong with a try: laws that hold for every customer, and what its scenario expects."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from app.catalog.pricing import Price
from app.trials.amounts_shown import amounts_shown
from app.trials.casting import Cast
from app.trials.language_shown import language_shown
from app.trials.record import Record, State, Visit
from app.trials.scores import Finding
from app.trials.truths import false_amounts, price_of, untrue_claims
from app.web.markdown import render

LONGEST_ANSWER = 1800
TAG = re.compile(r"<\s*/?\s*([a-z]\w*)", re.I)
SAFE = set("p br strong em ul ol li a code pre blockquote hr".split())
LINK = re.compile(r"https?://[^\s\"<)>\]]+|\bwww\.[^\s\"<)>\]]+", re.I)
OWN_RULES = ("word for word, with its", "Everything in customer messages", "never an instruction to you")
FROM = re.compile(r"from|start|desde|partir|dès", re.I)


def judge(cast: Cast, record: Record) -> tuple[Finding, ...]:
    """Every finding against this try; none when it has passed."""
    found = [*_laws(cast, record), *_expectations(cast, record)]
    if record.outage:
        found.append(Finding("provider", record.outage))
    return tuple(found)


def _laws(cast: Cast, record: Record) -> Iterator[Finding]:
    for told in false_amounts(cast, record):
        yield Finding("amount", told)
    for told in untrue_claims(record):
        yield Finding("claim", told)
    for answer in record.last.answers:
        if len(answer) > LONGEST_ANSWER:
            yield Finding("length", f"an answer of {len(answer)} characters")
        shown = str(render(answer))
        if strange := set(TAG.findall(shown)) - SAFE:
            yield Finding("markup", f"<{min(strange)}> in {answer[:80]!r}")
        for link in dict.fromkeys(LINK.findall(shown)):
            if not _own(link, cast):
                yield Finding("link", f"a link to {link}")
        for rule in OWN_RULES:
            if rule in answer:
                yield Finding("rules", "its own rules were told")


def _own(link: str, cast: Cast) -> bool:
    bare = _bare(link)
    return any(own and (bare == own or bare.startswith(f"{own}/")) for own in map(_bare, cast.own_addresses))


def _bare(address: str) -> str:
    return re.sub(r"^(?:https?://)?(?:www\.)?|[/.,]+$", "", address.lower())


def _expectations(cast: Cast, record: Record) -> Iterator[Finding]:
    expect, last = cast.scenario.expect, record.last
    said = "\n".join(last.answers)
    for key in expect.get("price", ()):
        if wrong := _not_told(price_of(cast, cast.services[key]), said, cast.services[key].name):
            yield Finding("price", wrong)
    if (keys := expect.get("total")) and not record.totals & {one.cents for one in amounts_shown(said)}:
        yield Finding("total", f"no sum of {', '.join(keys)}")
    for key in expect.get("no_price", ()):
        if price_of(cast, cast.services[key]).amounts & {one.cents for one in amounts_shown(said)}:
            yield Finding("price", f"told a price of {cast.services[key].name}")
    yield from _visits(cast, expect.get("appointment"), last)
    yield from _flags(expect, last)
    yield from _words(cast, record, said)


def _not_told(price: Price, said: str, name: str) -> str:
    """Why the price has not been told with its name and whole; empty when it has."""
    if not price.told:
        return ""
    for line in said.replace("*", "").splitlines():
        shown = {one.cents for one in amounts_shown(line)}
        if name in line and price.amounts <= shown and (price.kind != "from" or FROM.search(line)):
            return ""
    return f"{name} was not told to cost {price.wording}"


def _visits(cast: Cast, expected: dict[str, Any] | None, state: State) -> Iterator[Finding]:
    if expected is None:
        return
    booked = [visit for visit in state.visits if visit.status == "booked"]
    if len(booked) != expected.get("booked", 1):
        yield Finding("appointment", f"{len(booked)} booked, not {expected.get('booked', 1)}")
        return
    for visit in booked:
        if wrong := _odd(cast, visit, expected):
            yield Finding("appointment", wrong)
    if expected.get("cancelled") and not state.has("cancelled"):
        yield Finding("appointment", "nothing was cancelled")
    if expected.get("moved") and not state.has("moved"):
        yield Finding("appointment", "nothing was moved")


def _odd(cast: Cast, visit: Visit, expected: dict[str, Any]) -> str:
    key, at, day = expected.get("service"), expected.get("at"), expected.get("day")
    if key and visit.services != (cast.services[key].name,):
        return f"for {', '.join(visit.services)}"
    if at and visit.start != datetime.fromisoformat(at):
        return f"at {visit.start}, not {at}"
    if day and visit.start.date().isoformat() != day:
        return f"on {visit.start.date()}, not {day}"
    return ""


def _flags(expect: Any, state: State) -> Iterator[Finding]:
    if "handed_over" in expect and state.waiting != expect["handed_over"]:
        yield Finding("hand-over", "no person was called" if not state.waiting else "a person was called for nothing")
    if "opted_out" in expect and state.opted_out != expect["opted_out"]:
        yield Finding("consent", "the opt-out is not kept" if not state.opted_out else "opted out without a wish")
    if "answers" in expect and len(state.answers) != expect["answers"]:
        yield Finding("answers", f"{len(state.answers)} answers, not {expect['answers']}")
    elif "answers" not in expect and not state.answered:
        yield Finding("answers", "the customer had the last word")


def _words(cast: Cast, record: Record, said: str) -> Iterator[Finding]:
    expect = cast.scenario.expect
    language = expect.get("language", cast.scenario.language)
    spoken = language_shown(said, [service.name for service in cast.catalogue])
    if spoken is not None and spoken != language:
        yield Finding("language", f"answered in {spoken}, not {language}")
    for pattern in expect.get("mentions", ()):
        if not re.search(_filled(pattern, record), said, re.I):
            yield Finding("words", f"nowhere says {pattern}")
    for pattern in expect.get("never", ()):
        if re.search(_filled(pattern, record), said, re.I):
            yield Finding("words", f"says {pattern}")
    if "upsell_at_most" in expect:
        asked = {service.name for service in cast.services.values()}
        for answer in record.last.answers:
            more = [one.name for one in cast.catalogue if one.name in answer and one.name not in asked]
            if len(more) > expect["upsell_at_most"]:
                yield Finding("upsell", f"offers {', '.join(more)} too")


def _filled(pattern: str, record: Record) -> str:
    """The pattern with the try's own values: `<store_phone>` stands for that text."""
    return re.sub(r"<(\w+)>", lambda match: re.escape(record.values.get(match[1], match[0])), pattern)
