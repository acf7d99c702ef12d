"""Sentences as people text them, each with what a reasonable person would say that it means.

The rules were first written against `known` and `held_out`; `later`, `fresh`, `unseen` and `last` were each written
afterwards, tried once, and only then used to widen the rules. On such wording never seen before, the rules at the time
read 40, 74, 68 and 76 of 100 stops: the whole set says what is kept read, not what strangers will write.
"""

from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("opt_outs.tsv")


@dataclass(frozen=True)
class Said:
    part: str
    label: str
    language: str
    text: str


def said(*labels: str, part: str | None = None) -> list[Said]:
    """The sentences with one of these labels, of one part or of both."""
    rows = [line.split("\t") for line in FILE.read_text().splitlines()[1:]]
    found = [Said(row[0], row[1], row[2], row[3].replace("\\n", "\n")) for row in rows]
    return [one for one in found if one.label in labels and part in (None, one.part)]
