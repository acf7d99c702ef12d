"""What a sentence says of the store's terms of business: true is what the store's own words say. Plain text."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.assistant.menu import WHOLE as WHOLE_CAR
from app.assistant.menu import Tokens, tokens_of
from app.assistant.offers import FREE, OFFER_WORDS
from app.assistant.plain import plain, words_of
from app.assistant.term_figures import figures_of, subjects_of
from app.assistant.term_reserves import FOR_YOU, NO_PROMISE, NO_REFUSAL, REFUSAL, RULE, SURELY
from app.assistant.term_sayings import BEGINNINGS, KINDS, TERM_WORDS

UNTOLD = "a term of business that the store's own words do not say"
GIFT = "something free"
# What is told without its condition is another term.
WHOLE = frozenset(("cancelling free", "time to cancel", GIFT))
# Terms of money: every figure beside them is theirs, and the price proof has no part in what the store's words prove.
OF_MONEY = frozenset(
    ("financing", "deposit", "use of a deposit", "cancelling free", "cancellation fee", "refund", "price match", GIFT)
)
# Names of services carry these too, and a term that has them is about no service.
TELLS_NOTHING = frozenset(
    "year 3year cover installation complete full change old over long set show single spot parking care way unit "
    "package short standard step replacement repair entry design".split()
) | {WHOLE_CAR}
_CLAUSES = re.compile(
    r"[;!?\n]\s*|\.(?=\s|$)\s*|,? \b(?:but|pero|mais|so|because)\b |, (?:and|y|et|which|that|que|qui) |"
    r" (?:and|y|et) (?=(?:the|our|el|la|nuestr\w+|le|notre|we|you|i|labor|usted|nous|vous) )| - "
)
_EVERY = re.compile(
    r"\b(?:all|every|everything|any|each|todo|todos|todas|toda|cada|tous|toutes|tout|chaque)\b(?! of the time)"
)
_GENTLE = re.compile(
    r"\b(?:never|don't|do not|not to) (?:promise|mention|discuss|offer to|say|quote)\b|\b(?:refer|send) (?:\w+ )?(?:to "
    r"the team|them)\b"
)


_BESIDE = re.compile(r"\$|%|^(?:\d|\d\d|1[0-5]\d)(?:\.\d+)? (?:hours|miles)|times")


@dataclass(frozen=True, slots=True)
class Term:
    """One term as it is said: whether it is refused, its figures, and what it is about.

    `subjects` are what it covers, `named` all words that may name a service, `every` that it leaves nothing out.
    """

    kind: str
    refused: bool
    figures: frozenset[str]
    subjects: frozenset[str]
    named: Tokens
    every: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a sentence's terms are not proven (empty when they are), and what the store says of them instead.

    `rest` is the sentence without what its words prove of money; `stated` says that they prove every clause of it, and
    that it tells a rule, and nothing that was done for somebody.
    """

    reason: str = ""
    told: str = ""
    rest: str = ""
    stated: bool = False


def wrong_term(sentence: str, words: Collection[str], told: Iterable[tuple[str, str]], menu: Tokens) -> Verdict:
    """Whether the store's own words say what a plain sentence of these words says of its terms.

    `told` are pairs of a service's name (empty for the whole store) and what was said; `menu` the words that name
    services.
    """
    if TERM_WORDS.isdisjoint(words) and (OFFER_WORDS.isdisjoint(words) or not FREE.search(sentence)):
        return Verdict(rest=sentence)
    asked = sentence.rstrip().endswith("?") and not SURELY.search(sentence)
    rest, statements, stated = [], None, 0
    pieces = _pieces(sentence)
    for clause in pieces:
        claimed = [] if asked else terms_in(clause)
        if claimed and statements is None:
            statements = [term for about, said in told for term in _stated(about, said)]
        unproven = [one for one in claimed if not any(_proves(known, one, menu) for known in statements or ())]
        if wrong := [one for one in unproven if one.kind != GIFT]:
            return Verdict(UNTOLD, _said_of(wrong[0].kind, told), sentence)
        stated += bool(claimed) and not unproven and _tells_a_rule(clause)
        if unproven or not claimed or not OF_MONEY.issuperset(one.kind for one in claimed):
            rest.append(clause)
    left = sentence if len(rest) == len(pieces) else "; ".join(rest)
    return Verdict(rest=left, stated=stated == len(pieces))


def speaks_of_terms(text: str) -> bool:
    """Whether a text of the store's says anything of its terms: others prove nothing and need not be kept."""
    return bool(_stated("", text))


def terms_in(clause: str) -> list[Term]:
    """What a plain clause asserts; nothing when it only asks, does not know, or sends elsewhere."""
    tried = {kind for word in words_of(clause) for kind in _kinds_begun(word)}
    kinds = [kind for kind, pattern in KINDS.items() if kind in tried and pattern.search(clause)]
    if "cancelling free" in kinds and "time to cancel" in kinds:
        kinds.remove("time to cancel")
    if FREE.search(clause) and "cancelling free" not in kinds:
        kinds.append(GIFT)
    if not kinds or NO_PROMISE.search(clause):
        return []
    refused = REFUSAL.search(NO_REFUSAL.sub(" ", clause)) is not None
    figures, subjects, named = figures_of(clause), subjects_of(clause), tokens_of(clause)
    every = _EVERY.search(clause) is not None
    return [_term(kind, refused, figures, subjects, named, every) for kind in kinds]


@lru_cache(4096)
def _kinds_begun(word: str) -> frozenset[str]:
    begun = word.removeprefix("l'").removeprefix("d'").removeprefix("s'")
    return frozenset(kind for kind, said in BEGINNINGS.items() if begun.startswith(tuple(said.split())))


def _term(
    kind: str, refused: bool, figures: frozenset[str], subjects: frozenset[str], named: Tokens, every: bool
) -> Term:
    if kind == "cancellation fee" and refused:
        kind = "cancelling free"
    if kind not in OF_MONEY | WHOLE:  # a price and hours of work may stand beside a warranty
        figures = frozenset(one for one in figures if not _BESIDE.search(one))
    return Term(kind, refused and kind not in WHOLE, figures, subjects, named, every)


def _tells_a_rule(clause: str) -> bool:
    return RULE.search(clause) is not None and not FOR_YOU.search(clause)


def _pieces(sentence: str) -> Sequence[str]:
    return [piece for piece in _CLAUSES.split(sentence) if piece.strip()]


@lru_cache(2048)
def _stated(about: str, said: str) -> tuple[Term, ...]:
    """The terms in a text. One about a service is free text of a catalogue, in which an amount proves nothing."""
    text = plain(said)
    if TERM_WORDS.isdisjoint(words_of(text)) and not FREE.search(text):
        return ()
    own = tokens_of(about)
    found: list[Term] = []
    for clause in _pieces(text):
        if not _GENTLE.search(clause):
            found += [
                Term(one.kind, one.refused, one.figures, one.subjects, one.named | own, one.every and not own)
                for one in terms_in(clause)
                if not (own and any("$" in figure for figure in one.figures))
            ]
    return tuple(found)


def _proves(known: Term, said: Term, menu: Tokens) -> bool:
    if (known.kind, known.refused) != (said.kind, said.refused) or not said.subjects <= known.subjects:
        return False
    if not (said.figures == known.figures if said.kind in WHOLE else said.figures <= known.figures):
        return False
    limited, named = ((one.named & menu) - TELLS_NOTHING for one in (known, said))
    if said.kind == GIFT:
        return bool(said.subjects) and not named
    if named:
        # The store speaks of this very thing, or of what it is one of: ceramic tint is window film.
        return named <= _same_thing(limited) or limited <= _same_thing(named)
    return not (said.every and (limited or known.subjects - said.subjects))


def _same_thing(tokens: Tokens) -> Tokens:
    """With the trade's other names of the same thing."""
    more: set[str] = set(tokens)
    if {"window", "film"} <= tokens or "tint" in tokens:
        more |= {"window", "film", "tint"}
    if {"protection", "film"} <= tokens:
        more |= {"clear", "film", "protection", "paint"}
    return frozenset(more)


def _said_of(kind: str, told: Iterable[tuple[str, str]]) -> str:
    return " ".join(said for about, said in told if any(one.kind == kind for one in _stated(about, said)))[:600]
