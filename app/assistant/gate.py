"""What may be shown of an answer while it streams: clauses with nothing to prove at once, the rest once proven."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.assistant.own_links import OwnLinks
from app.assistant.proof import Failure, Proof

SENTENCE_END = re.compile(r"[.!?…][\"'”’)*_]*(?=\s)|\n")
CLAUSE_END = re.compile(r"[,;:–—](?=\s)")
BOUNDARY = re.compile(r"[.!?…,;:–—][\"'”’)*_]*\s|\n")
JOINT = 4
ABBREVIATIONS = re.compile(r"(?:\b[ap]\.\s?m|\b(?:approx|incl|vs|st|mr|mrs|dr|no|aprox|env))\.$", re.I)


@dataclass(frozen=True, slots=True)
class Withheld:
    """A sentence that was not shown, and what became of it: rewritten, or replaced by an honest line."""

    failure: Failure
    outcome: str


class Gate:
    """Releases an answer piece by piece.

    A sentence that fails its proof is held back. While rewrites are left, `failure` is set and nothing more is let
    through until `rewrite` is called: the model is to say it again. After that, the answer's first failing sentence
    is replaced by the honest line, further ones are dropped; `replaced` then asks for a person.
    """

    def __init__(
        self, proof: Proof, honest_line: Callable[[Failure, str], str], links: OwnLinks | None = None, rewrites: int = 1
    ) -> None:
        self.proof = proof
        self.failure: Failure | None = None
        self.replaced: Failure | None = None
        self.withheld: list[Withheld] = []
        self._prices: set[int] = set()
        self._links = links or OwnLinks(())
        self._honest_line, self._rewrites = honest_line, rewrites
        self._held = self._line = self._sentence = ""

    def feed(self, text: str) -> str:
        """Take what arrived and return what may be shown now, possibly nothing."""
        joint = self._held[-JOINT:]
        self._held += text
        if self.failure is not None or BOUNDARY.search(joint + text) is None:
            return ""
        shown = ""
        while self.failure is None and (end := self._sentence_end()) is not None:
            sentence, self._held = self._held[:end], self._held[end:]
            shown += self._judge(sentence)
        return shown if self.failure is not None else shown + self._safe_clauses()

    def flush(self) -> str:
        """The rest of the answer, judged: it has ended as it should."""
        rest, self._held = self._held, ""
        return self._judge(rest) if rest and self.failure is None else ""

    def drop(self) -> None:
        """Forget what is held back: its stream broke."""
        self._held = ""

    def rewrite(self) -> Failure:
        """The failure that the model is asked to put right; what it says next is let through again."""
        assert self.failure is not None
        failure, self.failure, self._held = self.failure, None, ""
        self._rewrites -= 1
        self.withheld.append(Withheld(failure, "rewritten"))
        return failure

    def remember(self, said: str) -> None:
        """What an earlier attempt of the same answer has shown."""
        for sentence in SENTENCE_END.split(said)[-4:]:
            self.proof.shown(sentence)
        self._line = said.rpartition("\n")[2]

    def prices_shown(self) -> frozenset[int]:
        """The services whose prices were let through since the last call."""
        prices, self._prices = frozenset(self._prices), set()
        return prices

    def _sentence_end(self) -> int | None:
        for match in SENTENCE_END.finditer(self._held):
            if match[0] == "\n" or not ABBREVIATIONS.search(self._held[: match.start() + 1]):
                return match.end()
        return None

    def _safe_clauses(self) -> str:
        ends = [match.end() for match in CLAUSE_END.finditer(self._held)]
        for end in reversed(ends):
            clause = self._held[:end]
            if _balanced(self._line + clause) and self.proof.harmless(clause):
                self._held = self._held[end:]
                self._sentence += clause
                return self._show(clause)
        return ""

    def _judge(self, sentence: str) -> str:
        earlier, self._sentence = self._sentence, ""
        failure, prices = self.proof.judge(sentence, earlier)
        if failure is None:
            self._prices |= prices
            self.proof.shown(earlier + sentence)
            return self._show(self._links.only_own(sentence))
        if self._rewrites > 0:
            self.failure, self._sentence = failure, earlier
            return ""
        return self._replace(sentence, failure)

    def _replace(self, sentence: str, failure: Failure) -> str:
        tail = "\n" if sentence.endswith("\n") else ""
        # What is one suggestion too many is left out: nobody has to answer in its place.
        again = failure.kind == "suggestion" or any(one.outcome == "replaced" for one in self.withheld)
        if not again:
            self.replaced = failure
        self.withheld.append(Withheld(failure, "dropped" if again else "replaced"))
        if again:
            return self._show(tail)
        lead_in = sentence[: len(sentence) - len(sentence.lstrip(" \n-*•"))]
        begins = not self._line.strip() or self._line.rstrip()[-1:] in ".!?…"
        honest = self._honest_line(failure, self.proof.language(self._line + sentence))
        return self._show((lead_in if begins else " ") + honest + tail)

    def _show(self, piece: str) -> str:
        self._line = (self._line + piece).rpartition("\n")[2]
        return piece


def _balanced(line: str) -> bool:
    """Whether the emphasis and links of a line are closed, so that it can be shown as it will stay."""
    return line.count("**") % 2 == 0 and line.count("`") % 2 == 0 and line.count("[") == line.count("](")
