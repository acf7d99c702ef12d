"""How a provider did: pass^k over the scenarios, and the table. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import comb
from typing import Any

FOUR = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a try. `kind` is amount, claim, or what else was expected; `told` says it."""

    kind: str
    told: str


@dataclass(frozen=True, slots=True)
class Tries:
    """What the tries of one scenario found; a try without a finding has passed."""

    scenario: str
    findings: tuple[tuple[Finding, ...], ...]

    @property
    def passes(self) -> int:
        return sum(not found for found in self.findings)

    def pass_hat(self, k: int) -> float | None:
        """How likely `k` tries in a row all pass; None with fewer tries than that."""
        return pass_hat_k(len(self.findings), self.passes, k)

    def count(self, kind: str) -> int:
        return sum(one.kind == kind for found in self.findings for one in found)


@dataclass(frozen=True, slots=True)
class Score:
    """One provider's tries over all scenarios. `provider` is labelled where it is a scripted model."""

    provider: str
    model: str
    live: bool
    prompt_label: str
    tries: Sequence[Tries]
    cost: Decimal | None = None
    withheld: int = 0
    skipped: Mapping[str, str] = field(default_factory=dict)

    @property
    def runs(self) -> int:
        return min((len(one.findings) for one in self.tries), default=0)

    def pass_hat(self, k: int) -> float | None:
        """The mean over the scenarios; None without any, or with too few tries."""
        shares = [one.pass_hat(k) for one in self.tries]
        told = [share for share in shares if share is not None]
        return sum(told) / len(told) if told and len(told) == len(shares) else None

    def count(self, kind: str) -> int:
        return sum(one.count(kind) for one in self.tries)

    def to_json(self) -> dict[str, Any]:
        return {
            "provider": self.provider, "model": self.model, "live": self.live, "prompt": self.prompt_label,
            "scenarios": len(self.tries), "runs": self.runs, "pass^1": self.pass_hat(1), "pass^4": self.pass_hat(FOUR),
            "false_amounts_shown": self.count("amount"), "untrue_claims_shown": self.count("claim"),
            "withheld_sentences": self.withheld, "cost": None if self.cost is None else str(self.cost),
            "results": results(self.tries), "skipped": dict(self.skipped),
        }  # fmt: skip


def pass_hat_k(tries: int, passes: int, k: int) -> float | None:
    """The unbiased estimate of pass^k: the share of all ways to choose `k` of the tries in which every one passed."""
    if not 0 < k <= tries:
        return None
    return comb(passes, k) / comb(tries, k)


def results(tries: Sequence[Tries]) -> dict[str, Any]:
    """Each scenario's passes and tries, with what was found in those that failed, each thing once."""
    return {
        one.scenario: {
            "passed": one.passes,
            "of": len(one.findings),
            "found": list(dict.fromkeys(f"{found.kind}: {found.told}" for of in one.findings for found in of))[:6],
        }
        for one in tries
    }


def table(scores: Sequence[Score]) -> str:
    """The scores as lines of text."""
    head = (
        "provider",
        "prompt",
        "scenarios",
        "runs",
        "pass^1",
        "pass^4",
        "false amounts",
        "untrue claims",
        "withheld",
        "cost",
    )
    rows = [head, *(_row(score) for score in scores)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("─" * width for width in widths), *lines[1:]])


def _row(score: Score) -> tuple[str, ...]:
    name = f"{score.provider} {score.model}" if score.live else score.provider
    cost = "unknown" if score.cost is None else f"${score.cost:.4f}"
    counts = (score.count("amount"), score.count("claim"), score.withheld)
    return (
        name, score.prompt_label, str(len(score.tries)), str(score.runs), _share(score.pass_hat(1)),
        _share(score.pass_hat(FOUR)), *map(str, counts), cost if score.live else "–",
    )  # fmt: skip


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"
