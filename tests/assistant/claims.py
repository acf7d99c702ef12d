"""Sentences of an assistant for whom nothing has been done: which of them claim something, which are honest.

`claims.tsv` was written by people who had not seen how the proof reads. What is `blind` there was written by somebody
else again, and neither rules nor weights were made from it.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Said:
    part: str
    claims: bool
    language: str
    text: str


@cache
def rows() -> tuple[Said, ...]:
    lines = (line.split("\t") for line in (HERE / "claims.tsv").read_text(encoding="utf-8").splitlines())
    return tuple(Said(part, label == "claim", language, text) for part, label, language, text in lines)


def blind() -> list[Said]:
    return [one for one in rows() if one.part == "blind"]


def learnt_from() -> list[Said]:
    """All that the weights may learn from."""
    honest = tomllib.loads((HERE / "said.toml").read_text(encoding="utf-8"))["honest"]
    told = [Said("said", False, language, text) for language, texts in honest.items() for text in texts]
    return [*(one for one in rows() if one.part != "blind"), *told]
