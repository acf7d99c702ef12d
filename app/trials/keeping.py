"""Writing down what the trials showed, for the release gate and for staff."""

from datetime import datetime

from app.assistant.models import TrialRun
from app.assistant.release_gate import words_hash
from app.db import db
from app.trials.scores import FOUR, Score, results


def keep(
    company_id: int, number: int | None, words: str, score: Score, *, whole: bool, started_at: datetime
) -> TrialRun:
    """The score as a row, under the hash of the very words that were tried. Flushes."""
    row = TrialRun(
        company_id=company_id,
        prompt_number=number,
        prompt_label=score.prompt_label,
        words_hash=words_hash(words),
        provider=score.provider,
        model=score.model,
        live=score.live,
        whole=whole,
        scenarios=len(score.tries),
        runs=score.runs,
        pass_one=score.pass_hat(1) or 0.0,
        pass_four=score.pass_hat(FOUR),
        false_amounts=score.count("amount"),
        untrue_claims=score.count("claim"),
        cost=score.cost if score.live else None,
        results=results(score.tries),
        started_at=started_at,
    )
    db.session.add(row)
    db.session.flush()
    return row
