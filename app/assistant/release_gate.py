"""The gate before a version of the words may hold: what its trials against live providers have shown."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from app.assistant.models import PromptVersion, TrialRun
from app.assistant.prompt import RULES
from app.assistant.prompt_versions import VersionRefused, lock_versions, publish, version_of, words_of
from app.db import db

PASS_ONE, PASS_FOUR = 0.90, 0.75
NAMES = {"anthropic": "Claude", "openai": "GPT"}


def words_hash(words: str) -> str:
    """What stands for these words together with the fixed rules: a change of either is a new thing to try."""
    return sha256(f"{RULES}\x00{words}".encode()).hexdigest()


def shortcomings(run: TrialRun) -> list[str]:
    """Why the run does not pass, in words; empty when it does."""
    told = [
        f"{run.false_amounts} false amounts were shown" if run.false_amounts else "",
        f"{run.untrue_claims} untrue claims were shown" if run.untrue_claims else "",
        f"one try passes {run.pass_one:.0%}, of {PASS_ONE:.0%} wanted" if run.pass_one < PASS_ONE else "",
    ]
    if run.pass_four is None:
        told.append("each scenario must be run four times or more")
    elif run.pass_four < PASS_FOUR:
        told.append(f"four tries in a row pass {run.pass_four:.0%}, of {PASS_FOUR:.0%} wanted")
    return [one for one in told if one]


def runs_of(company_id: int, versions: Collection[PromptVersion | None]) -> Mapping[str, Sequence[TrialRun]]:
    """The newest run of each provider over these words (None: the fixed rules alone), by the words' hash."""
    hashes = {words_hash(words_of(version)) for version in versions}
    query = select(TrialRun).where(TrialRun.company_id == company_id, TrialRun.words_hash.in_(hashes))
    newest: dict[tuple[str, str, bool], TrialRun] = {}
    for run in db.session.scalars(query.order_by(TrialRun.id.desc())):
        newest.setdefault((run.words_hash, run.provider, run.whole), run)
    found: dict[str, list[TrialRun]] = {}
    for run in newest.values():
        found.setdefault(run.words_hash, []).append(run)
    return {one: sorted(runs, key=lambda run: (not run.live, run.provider)) for one, runs in found.items()}


def check(version: PromptVersion, providers: Sequence[str]) -> bool:
    """Whether the words are tested: each of `providers`, those with a key, has passed the gate with them.

    Raises VersionRefused where a live run is below the gate, or where one is missing although there is a key. Without a
    key nothing can be tried, and what was published before may come back: both are untested, and not refused.
    """
    runs = runs_of(version.company_id, [version]).get(words_hash(words_of(version)), ())
    newest = {run.provider: run for run in runs if run.live and run.whole}
    for provider, run in newest.items():
        if wrong := shortcomings(run):
            raise VersionRefused(f"Below the gate with {NAMES.get(provider, provider)}: {'; '.join(wrong)}.")
    missing = [NAMES.get(one, one) for one in providers if one not in newest]
    if missing and version.published_at is None:
        asked = f"flask ai eval --prompt {version.number}"
        raise VersionRefused(f"Not yet tried with {' and '.join(missing)}. Run: {asked}")
    return bool(newest) and not missing


def release(company_id: int, number: int, by: str, now: datetime, providers: Sequence[str]) -> PromptVersion:
    """Publish that version if the gate lets it, marked tested or not. Raises VersionRefused. Flushes."""
    lock_versions(company_id)
    version = version_of(company_id, number)
    tested = check(version, providers) if version is not None else False
    return publish(company_id, number, by, now, tested=tested)
