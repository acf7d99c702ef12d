"""How the providers have done in the last 24 hours, by the rows of their calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, func, select

from app.accounts import within
from app.accounts.models import StaffUser
from app.ai import states
from app.ai.models import ProviderCall
from app.ai.recent import FAULTS
from app.db import db
from app.staff.latency import HOURS, Chart, Hour, chart, top_of

NAMES = {"anthropic": "Anthropic", "openai": "OpenAI", "demo": "Demo assistant"}
MOST_FAULTS = 12


@dataclass(frozen=True, slots=True)
class Standing:
    """One provider: its health as this process knows it, and what its calls of 24 hours say.

    `spent` is what providers counted, at least that much where `broken_off` calls are among them; `uncounted` is what
    limits count beyond it.
    """

    name: str
    title: str
    health: Mapping[str, Any]
    calls: int
    failed: int
    spent: Decimal
    broken_off: int
    unpriced: int
    uncounted: Decimal
    cached_percent: int | None
    usual_ms: int | None
    slow_ms: int | None
    chart: Chart


def standings(staff: StaffUser) -> list[Standing]:
    """Each provider that has a key or was asked, in the stores that `staff` may see."""
    health = states(current_app.config["SETTINGS"])
    figures = {row.provider: row for row in db.session.execute(_figures(staff))}
    hours = _hours(staff)
    names = [name for name in NAMES if name in figures or health.get(name, {}).get("configured")]
    top = top_of([hour for name in names for hour in hours.get(name, {}).values()]) or 1000
    return [_standing(name, health.get(name, {}), figures.get(name), hours.get(name, {}), top) for name in names]


def recent_faults(staff: StaffUser) -> Sequence[ProviderCall]:
    """The newest calls that failed, within 24 hours."""
    query = select(ProviderCall).where(_today(staff), ProviderCall.outcome.in_(FAULTS))
    return db.session.scalars(query.order_by(ProviderCall.id.desc()).limit(MOST_FAULTS)).all()


def _standing(name: str, health: Mapping[str, Any], row: Any, hours: Mapping[datetime, Hour], top: int) -> Standing:
    prompt_tokens = (row.prompt_tokens or 0) if row else 0
    return Standing(
        name=name,
        title=NAMES[name],
        health=health,
        calls=row.calls if row else 0,
        failed=row.failed if row else 0,
        spent=(row.spent if row else None) or Decimal(0),
        broken_off=row.broken_off if row else 0,
        unpriced=row.unpriced if row else 0,
        uncounted=(row.uncounted if row else None) or Decimal(0),
        cached_percent=round(100 * (row.cached_tokens or 0) / prompt_tokens) if prompt_tokens else None,
        usual_ms=_whole(row.usual_ms) if row else None,
        slow_ms=_whole(row.slow_ms) if row else None,
        chart=chart(_every_hour(hours), top),
    )


def _every_hour(known: Mapping[datetime, Hour]) -> list[Hour]:
    """The last 24 hours, those without a call too. By the database's clock, as the calls are."""
    now = db.session.execute(select(func.now())).scalar_one().astimezone(UTC)
    last = now.replace(minute=0, second=0, microsecond=0)
    wanted = [last - timedelta(hours=back) for back in reversed(range(HOURS))]
    return [known.get(at, Hour(at, 0, 0, None, None)) for at in wanted]


def _hours(staff: StaffUser) -> dict[str, dict[datetime, Hour]]:
    hour = func.date_trunc("hour", ProviderCall.created_at, "UTC").label("hour")
    query = select(ProviderCall.provider, hour, *_measures()).where(_today(staff)).group_by(ProviderCall.provider, hour)
    found: dict[str, dict[datetime, Hour]] = {}
    for row in db.session.execute(query):
        at = row.hour.astimezone(UTC)
        found.setdefault(row.provider, {})[at] = Hour(
            at, row.calls, row.failed, _whole(row.usual_ms), _whole(row.slow_ms)
        )
    return found


def _figures(staff: StaffUser) -> Any:
    return (
        select(
            ProviderCall.provider,
            *_measures(),
            func.sum(ProviderCall.cost).label("spent"),
            func.count().filter(ProviderCall.cost_at_least).label("broken_off"),
            func.count().filter(ProviderCall.cost.is_(None)).label("unpriced"),
            func.sum(ProviderCall.cost_estimate - func.coalesce(ProviderCall.cost, 0)).label("uncounted"),
            func.sum(ProviderCall.input_tokens).label("prompt_tokens"),
            func.sum(ProviderCall.cache_read_tokens).label("cached_tokens"),
        )
        .where(_today(staff))
        .group_by(ProviderCall.provider)
    )


def _measures() -> tuple[Any, ...]:
    waited = ProviderCall.first_token_ms
    return (
        func.count().label("calls"),
        func.count().filter(ProviderCall.outcome.in_(FAULTS)).label("failed"),
        func.percentile_cont(0.5).within_group(waited).label("usual_ms"),
        func.percentile_cont(0.95).within_group(waited).label("slow_ms"),
    )


def _today(staff: StaffUser) -> ColumnElement[bool]:
    return within(staff, ProviderCall) & (ProviderCall.created_at > func.now() - timedelta(hours=HOURS))


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
