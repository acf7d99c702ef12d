"""Which variant of a running experiment a lead belongs to: by its id alone, so that it stays there. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import md5
from itertools import accumulate

CONTROL = "A"
LABELS = "ABCD"


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to answer. None: as without the experiment. `off` once it was switched off."""

    label: str
    weight: int
    provider: str | None = None
    model: str | None = None
    prompt_version_id: int | None = None
    off: bool = False


def point_of(experiment_id: int, lead_id: int) -> int:
    """Where a lead stands on the experiment's line of 2**32 points: anywhere alike, for ever the same."""
    told = md5(f"{experiment_id}:{lead_id}".encode(), usedforsecurity=False).hexdigest()
    return int(told[:8], 16)


def variant_of(experiment_id: int, lead_id: int, variants: Sequence[Variant]) -> Variant:
    """The lead's variant, by weight; it is the lead's whether it is switched off or not."""
    place = point_of(experiment_id, lead_id) * sum(variant.weight for variant in variants) >> 32
    for variant, (_, high) in zip(variants, spans([variant.weight for variant in variants]), strict=True):
        if place < high:
            return variant
    raise ValueError("an experiment has at least one variant")


def spans(weights: Sequence[int]) -> list[tuple[int, int]]:
    """Which places of the line, from and below, belong to each variant."""
    highs = list(accumulate(weights))
    return list(zip([0, *highs], highs, strict=False))


def answering(variant: Variant, variants: Sequence[Variant]) -> Variant:
    """Who answers the variant's leads: the control, once it is switched off."""
    return next(one for one in variants if one.label == CONTROL) if variant.off else variant


def mark(experiment_id: int, label: str) -> str:
    """What a provider call is marked with."""
    return f"{experiment_id}:{label}"
