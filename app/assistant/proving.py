"""The proof of one answer, put together from what is known of its store, its customer and their conversation."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.assistant.brief import LeadBrief, StoreBrief
from app.assistant.facts import Facts, Learned, PriceFact
from app.assistant.gate import Gate
from app.assistant.menu import tokens_of
from app.assistant.own_links import OwnLinks
from app.assistant.plain import plain, words_of
from app.assistant.price_proof import Setting
from app.assistant.proof import Proof
from app.assistant.quotes import facts_before
from app.assistant.store_calendar import Calendar
from app.assistant.terms import speaks_of_terms
from app.catalog.pricing import Price

__all__ = ["gate_for", "known_before"]

# How many of the customer's last words tell what an answer without a name speaks of.
LATEST_MESSAGES = 2


def known_before(
    lead: LeadBrief, rounds: Iterable[Mapping[str, Any]], waiting: bool, connection: Connection
) -> list[Learned]:
    """What earlier answers of the conversation leave proven.

    Prices come from their receipts, not from the `rounds` of tools that were kept: those may have changed since.
    """
    earlier = [Learned.from_json(one["learned"]) for one in rounds if one.get("learned")]
    known = [replace(one, prices=(), totals=(), asked=()) for one in earlier]
    if earlier:
        known.append(Learned(prices=tuple(facts_before(lead.lead_id, lead.vehicle_class, connection))))
    if waiting:
        known.append(Learned(claims=("handed_over",)))
    return known


def _names(store: StoreBrief, lead: LeadBrief) -> frozenset[str]:
    """Words of no language: who speaks with whom, and where the store is found."""
    told = (lead.first_name, store.name, store.settings.assistant_name, store.website, store.address)
    return frozenset(words_of(plain(" ".join(one for one in told if one)))) | {"https", "http", "www"}


def terms_of(store: StoreBrief, company_words: str) -> tuple[tuple[str, str], ...]:
    """The store's own words on its terms of business, as the prompt has them: line by line."""
    texts = (store.settings.assistant_terms or "", company_words, store.change_wording)
    return tuple(("", line) for text in texts for line in text.splitlines() if speaks_of_terms(line))


def gate_for(
    store: StoreBrief,
    lead: LeadBrief,
    known: Iterable[Learned],
    customer_texts: Sequence[str],
    now: datetime,
    honest_line: Callable[[str, str], str],
    company_words: str = "",
) -> Gate:
    """The gate of a new answer. `honest_line` gives the line for a kind of failure in a language; `company_words` are
    what the prompt says of the company's rules."""
    facts = Facts(harmless=set(lead.named_numbers))
    order = [
        PriceFact(-number, name, Price("exact", cents, None, store.currency))
        for number, (name, cents) in enumerate(lead.quote, 1)
    ]
    facts.learn(Learned(prices=tuple(order), terms=terms_of(store, company_words)))
    for learned in known:
        facts.learn(learned)
    setting = Setting(
        question=tokens_of(plain(" ".join(customer_texts[-LATEST_MESSAGES:]))),
        wanted=tokens_of(plain(" ".join((*customer_texts, lead.order_name or "", *lead.requested)))),
        vehicle_class=lead.vehicle_class or "",
        vehicle=frozenset(words_of(plain(lead.vehicle_name))),
        vehicle_name=plain(lead.vehicle_name),
        names=_names(store, lead),
        currency=store.currency,
        others=store.others,
    )
    menu = store.menu.with_lines((fact.service_id, fact.name) for fact in order)
    calendar = Calendar(now.astimezone(ZoneInfo(store.timezone)), store.hours, store.special)
    proof = Proof(facts, menu, setting, calendar, customer_texts, (lead.language or "en")[:2])
    links = OwnLinks((store.website,), store.phone)
    return Gate(proof, lambda failure, language: honest_line(failure.kind, language), links)
