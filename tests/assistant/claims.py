"""Sentences of an assistant, each with the kind of what it claims: of `claims.KINDS`, "honest" where it claims nothing.

`claims.tsv` was written by people who had not seen how the proof reads. What is `blind` there, numbered or not, was
written by others again, and nothing was made or chosen by it; of the first only "claim" or "honest" is known.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.sandbox import catalogue
from tests.assistant.claim_grammar import written

HERE = Path(__file__).parent
HONEST = "honest"
BLIND = ("blind", "blind2", "blind3")
# How many sentences of each pattern are learnt from.
OF_A_PATTERN = 8
PRICED = (("en", "{}: $149"), ("en", "{} is $149 plus tax."), ("es", "{} cuesta $149."), ("fr", "{} : 149 $"))


@dataclass(frozen=True)
class Said:
    part: str
    kind: str
    language: str
    text: str

    @property
    def claims(self) -> bool:
        return self.kind != HONEST


@cache
def rows() -> tuple[Said, ...]:
    lines = (HERE / "claims.tsv").read_text(encoding="utf-8").splitlines()
    return tuple(Said(*line.split("\t")) for line in lines)


def blind() -> list[Said]:
    return [one for one in rows() if one.part in BLIND]


def known() -> list[Said]:
    """What people wrote and the weights may learn from."""
    honest = tomllib.loads((HERE / "said.toml").read_text(encoding="utf-8"))["honest"]
    told = [Said("said", HONEST, language, text) for language, texts in honest.items() for text in texts]
    return [*(one for one in rows() if one.part not in BLIND), *told]


def grammar() -> list[Said]:
    """What every speaker knows, written from patterns, and that a service beside its price claims nothing."""
    names = sorted({row["name"] for store in ("coral-springs", "boulder") for row in catalogue.services(store)})
    priced = [Said("grammar", HONEST, language, one.format(name)) for name in names for language, one in PRICED]
    return [*(Said("grammar", kind, language, text) for kind, language, text in written(OF_A_PATTERN)), *priced]
