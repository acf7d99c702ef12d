"""Further ways to say that something was done or will be: each rule is tried only where one of its heads stands.

The heads are whole words of the sentence and belong to the rule's own pattern, so that no rule can be skipped by a
list of trigger words that forgot it. All match plain text in lower case.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from app.assistant.claim_sayings import SAYINGS


@dataclass(frozen=True, slots=True)
class Rule:
    """A way to claim `kind`; `promises` what is still to come."""

    kind: str
    pattern: re.Pattern[str]
    promises: bool


def _by_head() -> dict[str, list[Rule]]:
    found: dict[str, list[Rule]] = {}
    for kind, heads, pattern in SAYINGS:
        rule = Rule(kind.rstrip("?"), re.compile(pattern.replace("@", heads.replace(" ", "|"))), kind.endswith("?"))
        for head in heads.split():
            found.setdefault(head, []).append(rule)
    return found


_BY_HEAD = _by_head()
HEADS = frozenset(_BY_HEAD)
_ON_A_WISH = re.compile(r"\?\W*$|\bif you\b|\bsi (?:usted |tú )?(?:quiere|gusta|desea|prefiere|lo desea)|\bsi vous\b")


def rules_for(sentence: str, words: Collection[str]) -> Iterator[Rule]:
    """The rules that a sentence of these words may match, each once."""
    tried = {id(rule): rule for word in HEADS.intersection(words) for rule in _BY_HEAD[word]}
    if tried and _ON_A_WISH.search(sentence):
        return (rule for rule in tried.values() if not rule.promises)
    return iter(tried.values())
