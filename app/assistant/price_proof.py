"""Is every amount of a sentence the true price of what the sentence speaks of?"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.assistant.amounts import UNKNOWN, Amount, amounts
from app.assistant.facts import Facts, PriceFact
from app.assistant.menu import Menu, Tokens, tokens_of
from app.assistant.money_words import PER
from app.assistant.offers import NOW, OURS, SINGLE_TOTAL, THEIRS, TOTAL, offer_in
from app.assistant.plain import words_of
from app.assistant.price_talk import unproven_comparison
from app.assistant.trade_words import CLASSES, MAKES, TRADE
from app.catalog.pricing import Price

CUT = re.compile(
    r"[,;:.!?()]\s|\s-\s|\n|\b(?:and|but|or|plus|while|with|y|e|o|pero|con|mientras|et|ou|mais|avec|puis)\b|&|\+"
)
# What begins so after an amount speaks of something else: "and we can also look at paint protection film".
ANOTHER = re.compile(
    r"\W*(?:(?:and|but|or|y|e|o|pero|et|ou|mais)\W+)?(?:also |if |would |do |should )?(?:we|i|you|they|our|let|shall|"
    r"también|si|"
    r"podemos|puedo|nuestr\w+|nous|je|vous|on|si|notre|nos|aussi)\b"
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a sentence's words are held against besides the facts. All text is plain.

    `question` is what the customer wrote last, `wanted` all that they and their order have named, `vehicle_class`,
    `vehicle` (its words), `vehicle_name` and `names` what is known of theirs and them, `currency` the store's, `others`
    the names of the company's other stores.
    """

    question: Tokens = frozenset()
    wanted: Tokens = frozenset()
    vehicle_class: str = ""
    vehicle: frozenset[str] = frozenset()
    vehicle_name: str = ""
    names: frozenset[str] = frozenset()
    currency: str = "USD"
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a sentence is not proven (empty when it is), which services' prices it tells, and which it speaks of."""

    reason: str = ""
    shown: frozenset[int] = frozenset()
    meant: frozenset[int] = frozenset()


class PriceProof:
    """Holds the amounts of sentences to the facts of one conversation."""

    def __init__(
        self, menu: Menu, facts: Facts, setting: Setting, customer_said: Callable[[], Collection[int]] = frozenset
    ) -> None:
        self._menu, self._facts, self._setting = menu, facts, setting
        self._customer_said = customer_said
        self._vehicle = _vehicle_names(setting.vehicle_name, menu)

    def judge(self, sentence: str, words: Collection[str], language: str, trail: Sequence[Tokens]) -> Verdict:
        """Whether a plain sentence of these words tells true prices only. `trail` is what was named before it, "
        "nearest first."""
        for name, without in self._vehicle:
            sentence = sentence.replace(name, without)
        told = [fact.price for fact in self._facts.prices.values()]
        if reason := offer_in(sentence, words) or unproven_comparison(sentence, told):
            return Verdict(reason)
        found = amounts(sentence, language, self._facts.harmless)
        if not found:
            return Verdict()
        if any(UNKNOWN in (one.low, one.high) for one in found):
            levels = [tokens_of(sentence), *trail, self._setting.question]
            return Verdict("an amount that cannot be read", meant=self._menu.meant(levels) & self._facts.prices.keys())
        if self._theirs(sentence, found):
            return Verdict()
        if any(other in sentence for other in self._setting.others):
            return Verdict("names another store", meant=self._asked())
        shown: set[int] = set()
        for amount, clause in zip(found, _clauses(sentence, found, self._menu), strict=True):
            verdict = self._amount(amount, clause, sentence, trail)
            if verdict.reason:
                return verdict
            shown |= verdict.shown
        return Verdict(shown=frozenset(shown))

    def _amount(self, amount: Amount, clause: "_Clause", sentence: str, trail: Sequence[Tokens]) -> Verdict:
        levels = [clause.own, clause.before, clause.after, *trail, self._setting.question]
        meant = self._menu.meant(levels)
        named = clause.own & self._menu.words
        if total := self._total(amount, clause, sentence):
            return Verdict(shown=total)
        among = meant & self._facts.prices.keys() if meant else self._facts.prices.keys()
        asked = frozenset(self._facts.asked) & among
        facts = [self._facts.prices[one] for one in sorted(asked or among)]
        wanted = frozenset(fact.service_id for fact in facts) or meant
        if reason := self._out_of_place(amount, clause, sentence, meant, named):
            return Verdict(reason, meant=wanted)
        if not facts:
            return Verdict("no tool gave this price", meant=wanted)
        names = {self._menu.name(fact.service_id) or tokens_of(fact.name) for fact in facts}
        right = [fact for fact in facts if self._is(amount, fact, clause, sentence)]
        if not right or (len(names) > 1 and len(right) < len(facts)):
            return Verdict("not the price of what the sentence names", meant=wanted)
        return Verdict(shown=frozenset(fact.service_id for fact in right))

    def _is(self, amount: Amount, fact: PriceFact, clause: "_Clause", sentence: str) -> bool:
        if not self._fits_vehicle(fact, clause, sentence):
            return False
        if _same(amount, fact.price, self._setting.currency):
            return True
        listed = fact.listed is not None and _same(amount, fact.listed, self._setting.currency)
        return listed and NOW.search(clause.text) is not None

    def _out_of_place(
        self, amount: Amount, clause: "_Clause", sentence: str, meant: frozenset[int], named: Tokens
    ) -> str:
        """Why this amount cannot be one service's price, whichever; empty when it can."""
        if amount.odd and not self._per_unit_of(amount.odd, meant):
            return f"says {amount.odd!r}"
        if TOTAL.search(clause.text) and not (SINGLE_TOTAL.search(clause.text) and len(meant) <= 1):
            return "a sum that no tool gave"
        for one in meant:
            others = self._menu.wholly_named(clause.own) - {one}
            if any(not self._menu.name(other) <= self._menu.name(one) for other in others) and len(meant) == 1:
                return "one price for several services"
        strange = (clause.own & TRADE) - frozenset().union(*(self._menu.name(one) for one in meant))
        return f"names {min(strange)!r}, which is none of ours" if strange else ""

    def _per_unit_of(self, odd: str, meant: frozenset[int]) -> bool:
        unit = PER.match(odd)
        return unit is not None and bool(meant) and all(self._menu.sold_by(one, unit["unit"]) for one in meant)

    def _fits_vehicle(self, fact: PriceFact, clause: "_Clause", sentence: str) -> bool:
        """Whether the sentence names no other vehicle than the one this price holds for."""
        if not (fact.vehicle_class or self._menu.by_class(fact.service_id)):
            return True
        name = self._menu.name(fact.service_id)
        words = words_of(clause.text) if clause.has_vehicle else words_of(sentence)
        for word in words:
            classes = CLASSES.get(word)
            if classes and tokens_of(word).isdisjoint(name) and fact.vehicle_class not in classes.split():
                return False
            if word in MAKES and word not in self._setting.vehicle and tokens_of(word).isdisjoint(name):
                return False
        return True

    def _total(self, amount: Amount, clause: "_Clause", sentence: str) -> frozenset[int]:
        """The services of the quoted sum that this amount is; empty when it is none."""
        if amount.odd:
            return frozenset()
        named = (clause.own | clause.before | clause.after) & self._menu.words
        for total in self._facts.totals:
            names = [self._menu.name(one) for one in total.service_ids]
            touched = sum(bool(named & name) for name in names)
            whole = named <= frozenset().union(*names)
            told = TOTAL.search(sentence) is not None or touched == len(names)
            if whole and told and _same(amount, total.price, self._setting.currency):
                return frozenset(total.service_ids)
        return frozenset()

    def _theirs(self, sentence: str, found: Iterable[Amount]) -> bool:
        """Whether the sentence only repeats, as theirs, figures that the customer has named."""
        if not THEIRS.search(sentence) or OURS.search(sentence):
            return False
        said = self._customer_said()
        return all(one.low in said and (one.high is None or one.high in said) for one in found)

    def _asked(self) -> frozenset[int]:
        return frozenset(self._facts.asked)


@dataclass(frozen=True, slots=True)
class _Clause:
    """The part of a sentence around one amount: what it names itself, and what is named before and after."""

    text: str
    own: Tokens
    before: Tokens
    after: Tokens
    has_vehicle: bool


def _clauses(sentence: str, found: Sequence[Amount], menu: Menu) -> list[_Clause]:
    pieces = _pieces(sentence, found)
    holders = [at for at, (_, amount) in enumerate(pieces) if amount is not None]
    clauses, done = [], 0
    for number, at in enumerate(holders):
        until = holders[number + 1] if number + 1 < len(holders) else len(pieces)
        before = [text for text, _ in pieces[done:at]]
        after = [text for text, _ in pieces[at + 1 : until]] if until == len(pieces) else []
        after = after[: next((n for n, text in enumerate(after) if ANOTHER.match(text)), len(after))]
        own = [pieces[at][0]]
        # What is nothing but a name belongs to the amount beside it: "film for the hood and roof", "Tint, Full Car".
        while before and _only_names(before[-1], menu):
            own.insert(0, before.pop())
        while after and _only_names(after[0], menu):
            own.append(after.pop(0))
        text = " ".join(own)
        vehicle = any(word in CLASSES or word in MAKES for word in words_of(text))
        clauses.append(_Clause(text, tokens_of(text), tokens_of(" ".join(before)), tokens_of(" ".join(after)), vehicle))
        done = at + 1
    return clauses


def _pieces(sentence: str, found: Sequence[Amount]) -> list[tuple[str, Amount | None]]:
    """The sentence cut at commas and joining words, never inside an amount; several amounts never share a piece."""
    cuts = {0, len(sentence)}
    for match in CUT.finditer(sentence):
        if not any(one.start < match.end() and match.start() < one.end for one in found):
            cuts.add(match.start())
    for first, second in pairwise(found):
        if not any(first.end <= cut <= second.start for cut in cuts):
            cuts.add(first.end)
    places = sorted(cuts)
    pieces: list[tuple[str, Amount | None]] = []
    for start, end in pairwise(places):
        amount = next((one for one in found if start <= one.start < end), None)
        pieces.append((sentence[start:end], amount))
    return pieces


def _vehicle_names(name: str, menu: Menu) -> list[tuple[str, str]]:
    """The vehicle's name, with its year and without, and what stays of it when it may name no service.

    An "A4 Premium" is no premium film.
    """
    words = name.split()
    spellings = [words[at:] for at in range(2) if len(words) - at > 1]
    return [
        (" ".join(spelling), " ".join(word for word in spelling if tokens_of(word).isdisjoint(menu.words)))
        for spelling in spellings
    ]


def _only_names(piece: str, menu: Menu) -> bool:
    return tokens_of(piece) <= menu.words


def _same(amount: Amount, price: Price, currency: str) -> bool:
    if amount.currency is not None and amount.currency != currency:
        return False
    return (amount.kind, amount.low, amount.high) == (price.kind, price.low_cents, price.high_cents)
