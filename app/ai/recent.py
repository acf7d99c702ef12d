"""What the calls of the last minutes say of a provider, those of every process: the breaker is one process's own."""

import os
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from app.ai.clients import states
from app.ai.models import ProviderCall
from app.config import Settings
from app.db import db

FAULTS = ("error", "cut", "stalled")
RECENT = timedelta(minutes=5)


def recent_calls(provider: str) -> dict[str, Any]:
    """How many calls were made of the provider in the last five minutes, how many failed, and when one last worked."""
    row = db.session.execute(
        select(
            func.count().label("calls"),
            func.count().filter(ProviderCall.outcome.in_(FAULTS)).label("failed"),
            func.max(ProviderCall.created_at).filter(ProviderCall.outcome == "ok").label("worked"),
        ).where(ProviderCall.provider == provider, ProviderCall.created_at > func.now() - RECENT)
    ).one()
    worked = row.worked.isoformat(timespec="seconds") if row.worked else None
    return {"calls": row.calls, "failed": row.failed, "last_success": worked}


def health_of(provider: str, settings: Settings) -> dict[str, Any]:
    """For /api/health: the breaker of `process`, which is the one that answers, and `recent` calls of all processes."""
    return {**states(settings)[provider], "process": os.getpid(), "recent": recent_calls(provider)}
