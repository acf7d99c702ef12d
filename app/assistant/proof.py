"""Is a sentence of the assistant's true? Its prices, what it says was done, its dates and times, and its language."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from app.assistant.amounts import amounts
from app.assistant.claims import Claims
from app.assistant.durations import DURATION_WORDS, wrong_duration
from app.assistant.facts import Facts
from app.assistant.languages import Reader, language_of
from app.assistant.menu import Menu, Tokens, tokens_of
from app.assistant.moments import PART_OF_HOUR, TIMED, WHEN_WORDS, wrong_moment
from app.assistant.money_words import MONEY
from app.assistant.numbers import NUMBER_WORDS, VAGUE_WORDS
from app.assistant.offers import OFFER_WORDS
from app.assistant.open_days import OPENING_WORDS, wrong_opening
from app.assistant.plain import plain, words_of
from app.assistant.price_proof import PriceProof, Setting
from app.assistant.store_calendar import Calendar
from app.assistant.suggestions import SECOND, Suggestions
from app.assistant.term_sayings import TERM_WORDS
from app.assistant.terms import wrong_term

RISKY_SIGNS = re.compile(
    r"[\d$¤%<>=]|\bon us\b|://|www\.|[^\x00-\u024f\u2000-\u2bff\ufe00-\ufe0f\U0001f000-\U0001faff]"
)
RISKY_WORDS = (
    NUMBER_WORDS | VAGUE_WORDS | OFFER_WORDS | WHEN_WORDS | OPENING_WORDS | DURATION_WORDS | TERM_WORDS
    | frozenset(re.findall(r"[a-zó]+", MONEY.replace("?", "")))
    | frozenset("dollar dollars buck bucks dólar dólares dolar dolares peso pesos euro euros piastre piastres".split())
) - {"one", "un", "us", "ca", "c", "on"}  # fmt: skip
STRANGE = re.compile(r"[^\W\d_a-zß-öø-ɏ]")
DAYS_OR_HOURS = WHEN_WORDS | OPENING_WORDS
UNREAD = "a language that the proof does not read"


@dataclass(frozen=True, slots=True)
class Failure:
    """A sentence that may not be shown: `kind` is price, claim, moment, term, suggestion or language; `meant` are the
    services that it spoke of, `told` what the store's own words say instead."""

    sentence: str
    kind: str
    reason: str
    meant: frozenset[int] = frozenset()
    told: str = ""


def risky(text: str, words: Collection[str]) -> bool:
    """Whether a plain text holds a word or sign to prove: a digit, a number word, a currency, an offer, a date."""
    return not RISKY_WORDS.isdisjoint(words) or RISKY_SIGNS.search(text) is not None


class Proof:
    """What the sentences of one answer are held to."""

    def __init__(
        self,
        facts: Facts,
        menu: Menu,
        setting: Setting,
        calendar: Calendar,
        customer_texts: Iterable[str] = (),
        language: str = "en",
    ) -> None:
        self.facts, self._calendar, self._language = facts, calendar, language
        self._menu = menu
        self._neutral = menu.neutral | setting.vehicle | setting.names
        self._reader = Reader(self._neutral)
        self._prices = PriceProof(menu, facts, setting, _figures_of(tuple(customer_texts), language))
        self._trail: list[Tokens] = []
        texts = tuple(customer_texts)
        self._suggestions = Suggestions(setting.wanted, plain(texts[-1]) if texts else "")

    def harmless(self, clause: str) -> bool:
        """Whether a clause holds nothing to prove, in a language that is read: it may be shown at once."""
        text = plain(clause)
        words = words_of(text)
        if not self._reads(text, words) or risky(text, words) or self._suggestions.waits(words):
            return False
        return not Claims(text).any

    def language(self, text: str) -> str:
        """The language that the text is written in: en, es or fr."""
        return self._language_of(words_of(plain(text)))

    def shown(self, sentence: str) -> None:
        """Take note of a sentence that is shown: what it names is what the next ones speak of."""
        text = plain(sentence)
        words = words_of(text)
        self._reader.take(words)
        self._language = self._language_of(words)
        tokens = tokens_of(text)
        self._suggestions.take(text, tokens)
        named = tokens & self._menu.words
        if named:
            self._trail = [named, *self._trail[:3]]

    def judge(self, sentence: str, earlier: str = "") -> tuple[Failure | None, frozenset[int]]:
        """Why the sentence may not be shown, if so, and the services whose prices it tells.

        `earlier` is what was already shown of the same sentence.
        """
        text = plain(sentence)
        words = words_of(text)
        if not self._reads(text, words):
            return Failure(sentence, "language", UNREAD), frozenset()
        whole = plain(earlier) + text if earlier else text
        if self._suggestions.second(whole):
            return Failure(sentence, "suggestion", SECOND), frozenset()
        claims = Claims(whole)
        if not (claims.any or risky(text, words)):
            return None, frozenset()
        words = words_of(whole) if earlier else words
        terms = wrong_term(whole, words, self.facts.terms, self._menu.words)
        if terms.reason:
            return Failure(sentence, "term", terms.reason, told=terms.told), frozenset()
        verdict = self._prices.judge(terms.rest, words, self._language_of(words), self._trail)
        if verdict.reason:
            return Failure(sentence, "price", verdict.reason, verdict.meant), frozenset()
        failure = self._claims_and_times(sentence, whole, words, claims, terms.stated)
        return failure, frozenset() if failure else verdict.shown

    def _language_of(self, words: list[str]) -> str:
        # The catalogue's names are English in every language.
        return language_of((word for word in words if word not in self._neutral), self._language)

    def _reads(self, text: str, words: list[str]) -> bool:
        """Whether it is in a language that is read; a letter of another script only in a known name."""
        strange = not text.isascii() and STRANGE.search(text)
        if strange and any(STRANGE.search(word) and word not in self._neutral for word in words):
            return False
        return self._reader.reads(words)

    def _claims_and_times(
        self, sentence: str, whole: str, words: list[str], claims: Claims, stated: bool
    ) -> Failure | None:
        # In the store's own words nothing was done for anybody.
        proven = self.facts.claims | {"done", "never"} if stated else self.facts.claims
        if unproven := claims.unproven(proven):
            return Failure(sentence, "claim", _unproven(unproven))
        if not DURATION_WORDS.isdisjoint(words) and (untold := wrong_duration(whole, self.facts.durations)):
            return Failure(sentence, "moment", untold)
        if (
            not claims.visit
            and DAYS_OR_HOURS.isdisjoint(words)
            and not (TIMED.search(whole) or PART_OF_HOUR.search(whole))
        ):
            return None
        booked = self.facts.appointments if claims.visit else None
        wrong = wrong_moment(whole, self._calendar, self.facts.moments, booked)
        if not (wrong or claims.visit):
            wrong = wrong_opening(whole, self._calendar, self.facts.moments)
        return Failure(sentence, "moment", wrong) if wrong else None


def _unproven(claim: str) -> str:
    return "nobody here does that" if claim == "never" else f"nothing was {claim.replace('_', ' ')}"


def _figures_of(texts: Sequence[str], language: str) -> Callable[[], Collection[int]]:
    """The figures that the customer has named, read only when a sentence needs them."""

    @cache
    def read() -> frozenset[int]:
        found = [one for text in texts for one in amounts(plain(text), language)]
        return frozenset(cents for one in found for cents in (one.low, one.high) if cents is not None and cents >= 0)

    return read
