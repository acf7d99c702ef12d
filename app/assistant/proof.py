"""What may be shown of an answer while it streams: pieces with nothing to prove at once, the rest once proven.

The rule: a sentence with an amount of money that no tool of this conversation gave is not shown. It is replaced, once
an answer, by an honest line, and kept for review.
"""

import re
from collections.abc import Iterable

from app.assistant.amounts import amounts_in, risky

SENTENCE_END = re.compile(r"[.!?…][\"'”’)*_]*(?=\s)|\n")
CLAUSE_END = re.compile(r"[,;:–—](?=\s)")


class Gate:
    """Releases an answer piece by piece. `unproven` collects what was held back, for review."""

    def __init__(self, known: Iterable[int], honest_line: str, harmless: Iterable[str] = ()) -> None:
        self._known = set(known)
        self._harmless = set(harmless)
        self._honest_line = honest_line
        self._held = ""
        self._line = ""
        self._sentence = ""
        self.unproven: list[str] = []

    def learn(self, amounts: Iterable[int], harmless: Iterable[str] = ()) -> None:
        """What a tool has just given: amounts in cents, and numbers that belong to names."""
        self._known.update(amounts)
        self._harmless.update(harmless)

    def feed(self, text: str) -> str:
        """Take what arrived and return what may be shown now, possibly nothing."""
        self._held += text
        shown = ""
        while (end := SENTENCE_END.search(self._held)) is not None:
            sentence, self._held = self._held[: end.end()], self._held[end.end() :]
            shown += self._judge(sentence)
            self._sentence = ""
        return shown + self._safe_clauses()

    def flush(self) -> str:
        """The rest of the answer, judged: it has ended as it should."""
        rest, self._held = self._held, ""
        return self._judge(rest) if rest else ""

    def drop(self) -> None:
        """Forget what is held back: its stream broke."""
        self._held = ""

    def _safe_clauses(self) -> str:
        ends = [match.end() for match in CLAUSE_END.finditer(self._held)]
        for end in reversed(ends):
            clause = self._held[:end]
            if not risky(clause) and _balanced(self._line + clause):
                self._held = self._held[end:]
                self._sentence += clause
                return self._show(clause)
        return ""

    def _judge(self, sentence: str) -> str:
        # Judged as a whole: what makes a bare number a price may stand in a clause that is already shown.
        if not risky(sentence) or amounts_in(self._sentence + sentence, self._harmless) <= self._known:
            return self._show(sentence)
        self.unproven.append(sentence.strip())
        tail = "\n" if sentence.endswith("\n") else ""
        if len(self.unproven) > 1:
            return self._show(tail)
        lead_in = sentence[: len(sentence) - len(sentence.lstrip(" \n-*•"))]
        begins = not self._line.strip() or self._line.rstrip()[-1:] in ".!?…"
        return self._show((lead_in if begins else " ") + self._honest_line + tail)

    def _show(self, piece: str) -> str:
        self._line = (self._line + piece).rpartition("\n")[2]
        return piece


def _balanced(line: str) -> bool:
    """Whether the emphasis and links of a line are closed, so that it can be shown as it will stay."""
    return line.count("**") % 2 == 0 and line.count("`") % 2 == 0 and line.count("[") == line.count("](")
