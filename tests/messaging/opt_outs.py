"""Sentences as people text them, each with what a reasonable person would say that it means.

`opt_outs.tsv` was written beside the rules, part by part. The two blind sets were written by somebody who had seen
neither rules nor sentences: `blind_dev` was then used to develop, `blind_test` was not looked at when the rules were
written.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Said:
    part: str
    label: str
    language: str
    text: str

    @property
    def is_stop(self) -> bool:
        return self.label in ("stop", "keyword")


@cache
def rows() -> tuple[Said, ...]:
    """The sentences of `opt_outs.tsv`."""
    lines = [line.split("\t") for line in (HERE / "opt_outs.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    return tuple(Said(part, label, language, text.replace("\\n", "\n")) for part, label, language, text in lines)


def said(*labels: str) -> list[Said]:
    return [one for one in rows() if one.label in labels]


@cache
def blind(name: str) -> tuple[Said, ...]:
    """A blind set, `dev` or `test`."""
    found = json.loads((HERE / f"opt_outs_blind_{name}.json").read_text(encoding="utf-8"))
    return tuple(Said(f"blind_{name}", "stop" if one["stop"] else "none", one["lang"], one["text"]) for one in found)


def labelled() -> list[Said]:
    """All that the weights may learn from: everything but keywords, which need none, and `blind_test`."""
    return [*said("stop", "none", "other"), *blind("dev")]
