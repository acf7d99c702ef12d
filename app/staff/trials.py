"""What the trials showed of each version, for the page about the assistant."""

from collections.abc import Sequence
from typing import Any

from app.assistant.models import PromptVersion, TrialRun
from app.assistant.prompt_versions import words_of
from app.assistant.release_gate import NAMES, runs_of, shortcomings, words_hash

MOST_NAMED = 12


class Trials:
    """The newest runs over the words of these versions, and over the fixed rules alone."""

    def __init__(self, company_id: int, versions: Sequence[PromptVersion]) -> None:
        self._runs = runs_of(company_id, [None, *versions])

    def of(self, version: PromptVersion | None) -> list[dict[str, Any]]:
        """Each run as the page tells it: who answered, whether that passes, the shares, and what failed."""
        return [_told(run) for run in self._runs.get(words_hash(words_of(version)), ())]


def _told(run: TrialRun) -> dict[str, Any]:
    failed = [(name, one) for name, one in sorted(run.results.items()) if one["passed"] < one["of"]]
    name = f"{NAMES.get(run.provider, run.provider)} ({run.model})" if run.live else run.provider
    return {
        "run": run,
        "name": name[:1].upper() + name[1:],
        "verdict": "" if not (run.live and run.whole) else "below" if shortcomings(run) else "passed",
        "why": shortcomings(run) if run.live and run.whole else [],
        "failed": failed[:MOST_NAMED],
        "more": max(0, len(failed) - MOST_NAMED),
    }
