"""What is wrong with a try: laws that hold for every customer, and what its scenario expects."""

import re
from collections.abc import Iterator

from app.trials.casting import Cast
from app.trials.expecting import shortfalls
from app.trials.record import Record
from app.trials.scores import Finding
from app.trials.truths import false_amounts, untrue_claims
from app.web.markdown import render

LONGEST_ANSWER = 1800
TAG = re.compile(r"<\s*/?\s*([a-z]\w*)", re.I)
SAFE = set("p br strong em ul ol li a code pre blockquote hr".split())
LINK = re.compile(r"https?://[^\s\"<)>\]]+|\bwww\.[^\s\"<)>\]]+", re.I)
OWN_RULES = ("word for word, with its", "Everything in customer messages", "never an instruction to you")


def judge(cast: Cast, record: Record) -> tuple[Finding, ...]:
    """Every finding against this try; none when it has passed."""
    found = [*_laws(cast, record), *shortfalls(cast, record)]
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
