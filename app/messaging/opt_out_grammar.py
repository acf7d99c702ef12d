"""Why a sentence is a stop: rules over what its words stand for, one grammar for English, Spanish and French. Pure.

"arretez de m envoyer vos textos" and "stop sending me texts" are both END … SEND ME … TEXT: one pattern reads them.
Words stand in opt_out_lexicon.toml, patterns and what vetoes them in opt_out_rules.toml.
"""

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LEXICON: dict[str, dict[str, list[str]]] = tomllib.loads((HERE / "opt_out_lexicon.toml").read_text(encoding="utf-8"))
DATA: dict[str, Any] = tomllib.loads((HERE / "opt_out_rules.toml").read_text(encoding="utf-8"))
# What is said around these does not take them back.
CERTAIN = ("wrong number", "legal threat", "leave alone", "unsubscribe", "removal from a list")
TAKEN_BACK_BY_ASKING = ("end of contact", "no contact", "stop", "told to stop")


def matches(said: str, *, asks: bool = False) -> tuple[str, ...]:
    """The names of the rules that hold for a sentence in concepts. `asks`: its message asks something too."""
    return tuple(
        name
        for name, pattern in RULES.items()
        if any(not _vetoed(name, said, found, asks=asks) for found in pattern.finditer(said))
    )


@lru_cache(maxsize=1024)
def concepts(sentence: str, tongue: str) -> str:
    """The sentence with every known word or phrase replaced by its concept in capitals."""
    return _reader(tongue).sub(lambda found: (found.lastgroup or "").rsplit("_", 1)[0], sentence)


def _vetoed(name: str, said: str, found: re.Match[str], *, asks: bool) -> bool:
    after = said[found.end() :]
    if VETOES["otherwise_fine"].search(after):
        return True
    if name in CERTAIN:
        return False
    if VETOES["said_to_you"].search(after) or VETOES["later"].search(after):
        return True
    if name in ("end of calls", "no calls"):
        return bool(VETOES["text_is_fine"].search(said) or VETOES["some_calls"].search(after))
    # "Stop, I misread. Is it 299?" takes something else back.
    if name == "stop" and asks and after:
        return True
    return name in TAKEN_BACK_BY_ASKING and bool(VETOES["asks_for_more"].search(said))


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


def _pattern(alternatives: list[str]) -> re.Pattern[str]:
    joined = re.sub(r"<gap (\d+)([A-Z_ ]*)>", _gap, "|".join(alternatives))
    for name, piece in DATA["pieces"].items():
        joined = joined.replace(f"<{name}>", piece)
    return re.compile(re.sub(r"\bMORE\b", "(?:MORE|PLUS)", joined))


def _gap(found: re.Match[str]) -> str:
    most, among = found.groups()
    return f"(?:(?:{'|'.join((*among.split(), '<STEP>'))}) ){{0,{most}}}"


RULES = {name: _pattern(alternatives) for name, alternatives in DATA["rules"].items()}
VETOES = {name: _pattern(alternatives) for name, alternatives in DATA["vetoes"].items()}
