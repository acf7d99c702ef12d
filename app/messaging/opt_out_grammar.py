"""Why a sentence is a stop: rules over what its words stand for, one grammar for English, Spanish and French. Pure.

"arretez de m envoyer vos textos" and "stop sending me texts" are both END … SEND ME … TEXT: one pattern reads them.
"""

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from app.messaging import opt_out_rules as rules

LEXICON = tomllib.loads(Path(__file__).with_name("opt_out_lexicon.toml").read_text(encoding="utf-8"))


def matches(said: str, *, asks: bool = False) -> tuple[str, ...]:
    """The names of the rules that hold for a sentence in concepts. `asks`: its message asks something too."""
    return tuple(
        name
        for name, pattern in rules.RULES
        if any(not _vetoed(name, said, found, asks=asks) for found in pattern.finditer(said))
    )


def _vetoed(name: str, said: str, found: re.Match[str], *, asks: bool) -> bool:
    after = said[found.end() :]
    if rules.OTHERWISE_FINE.search(after):
        return True
    if name in rules.CERTAIN:
        return False
    if rules.SAID_TO_YOU.search(after) or rules.LATER.search(after):
        return True
    if name in ("end of calls", "no calls"):
        return bool(rules.TEXT_IS_FINE.search(said) or rules.SOME_CALLS.search(after))
    # "Stop, I misread. Is it 299?" takes something else back.
    if name == "stop" and asks and after:
        return True
    return name in ("end of contact", "no contact", "stop", "told to stop") and bool(rules.ASKS_FOR_MORE.search(said))


@lru_cache(maxsize=1024)
def concepts(sentence: str, tongue: str) -> str:
    """The sentence with every known word or phrase replaced by its concept in capitals."""
    return _reader(tongue).sub(lambda found: (found.lastgroup or "").rsplit("_", 1)[0], sentence)


@lru_cache(maxsize=3)
def _reader(tongue: str) -> re.Pattern[str]:
    """One pattern for all phrases, the longest first, each in a group named for its concept."""
    entries: dict[tuple[int, str], list[str]] = {}
    for section in (LEXICON.get(tongue, {}), LEXICON["any"]):
        for concept, phrases in section.items():
            for phrase in phrases:
                entries.setdefault((len(phrase.split()), concept), []).append(re.escape(phrase).replace(r"\ ", " "))
    longest_first = sorted(entries.items(), key=lambda entry: -entry[0][0])
    return re.compile(
        "|".join(
            rf"(?P<{concept}_{length}>(?<![a-z#*])(?:{'|'.join(phrases)})(?![a-z]))".replace(r"\*", "[a-z]*")
            for (length, concept), phrases in longest_first
        )
    )
