"""What an experiment's variants have brought, counted from what happened, and the guard that switches one off.

Leads are assigned by their id alone when they come in, so each is counted from then on, answered or not. Booked is a
lead with a visit that was booked here, or one that came as far as booked in ShopMonkey; shown is one whose visit the
store has closed as done, or that is won: the work is done and paid.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select, text

from app.assistant import experiments as rules
from app.assistant.experiment_writing import switch_off
from app.assistant.intervals import Difference, Share, difference, share, split_is_odd
from app.assistant.models import Experiment, ExperimentVariant
from app.db import db

log = logging.getLogger(__name__)

FEWEST_REPLIES = 30  # below, a guard rail would trip by chance

# The lead's place on the experiment's line is that of `experiments.point_of`.
LEADS = text("""
    WITH placed AS (
        SELECT id, stage, first_engaged_at, created_at,
            ('x' || substr(md5(:experiment_id || ':' || id), 1, 8))::bit(32)::bigint * :weights >> 32 AS place
        FROM leads
        WHERE company_id = :company_id AND (CAST(:location_id AS bigint) IS NULL OR location_id = :location_id)
          AND id > :after AND (CAST(:up_to AS bigint) IS NULL OR id <= :up_to)
    )
    SELECT label, count(placed.id) AS leads, count(first_engaged_at) AS engaged,
        count(*) FILTER (WHERE stage IN ('booked', 'won') OR EXISTS (
            SELECT FROM appointments WHERE lead_id = placed.id AND booked_at IS NOT NULL) OR EXISTS (
            SELECT FROM lead_events WHERE lead_id = placed.id AND kind = 'stage' AND text LIKE 'Booked:%')) AS booked,
        count(*) FILTER (WHERE stage = 'won' OR EXISTS (
            SELECT FROM appointments WHERE lead_id = placed.id AND status = 'done')) AS shown
    FROM unnest(CAST(:labels AS text[]), CAST(:lows AS bigint[]), CAST(:highs AS bigint[]),
                CAST(:ends AS timestamptz[])) AS part (label, low, high, ends)
    LEFT JOIN placed ON place >= low AND place < high AND (ends IS NULL OR created_at < ends)
    GROUP BY label
""")

CALLS = text("""
    SELECT variant, coalesce(sum(cost), 0) AS cost, count(*) FILTER (WHERE cost IS NULL) AS unpriced,
        bool_or(cost_at_least) AS at_least,
        count(DISTINCT reply_id) AS replies,
        count(DISTINCT reply_id) FILTER (WHERE replies.unproven NOT IN ('null'::jsonb, '[]'::jsonb)) AS unproven,
        count(DISTINCT reply_id) FILTER (WHERE replies.status = 'failed') AS failed,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY first_token_ms) AS first_token_ms
    FROM provider_calls LEFT JOIN replies ON replies.id = reply_id
    WHERE variant = ANY(:variants) GROUP BY variant
""")


@dataclass(frozen=True, slots=True)
class Result:
    """One variant's figures.

    `versus` is how its share of bookings differs from the control's; None for the control and where no lead is.
    """

    variant: ExperimentVariant
    leads: int
    engaged: Share
    booked: Share
    shown: Share
    unproven: Share
    failed: Share
    cost: Decimal
    at_least: bool
    unpriced: int
    first_token_ms: int | None
    split_is_odd: bool
    versus: Difference | None = None

    @property
    def cost_per_booking(self) -> Decimal | None:
        """Dollars a booking; None before the first one."""
        return self.cost / self.booked.hits if self.booked.hits else None

    @property
    def cost_between(self) -> tuple[Decimal, Decimal] | None:
        """Dollars a booking at either end of the bookings' interval; None before the first one."""
        if not self.booked.hits:
            return None
        a_lead = self.cost / self.leads
        return a_lead / Decimal(self.booked.high), a_lead / Decimal(self.booked.low)

    def broke(self, guard_percent: int) -> str | None:
        """What its guard rail says against it, in words; None while it holds or too little is known."""
        for what, counted in (("a price or claim that was not proven", self.unproven), ("no answer", self.failed)):
            if counted.of >= FEWEST_REPLIES and counted.low * 100 > guard_percent:
                return f"{counted.hits} of {counted.of} replies had {what}; the limit is {guard_percent} %"
        return None


def results_of(experiment: Experiment) -> list[Result]:
    """Each variant's figures, the control first."""
    if experiment.after_lead_id is None:
        return []
    leads, calls = _leads(experiment), _calls(experiment)
    on = [variant for variant in experiment.variants if variant.off_at is None]
    total, weights = sum(leads[variant.label].leads for variant in on), sum(variant.weight for variant in on)
    control = share(leads[rules.CONTROL].booked, leads[rules.CONTROL].leads)
    return [
        _result(
            variant, leads[variant.label], calls.get(rules.mark(experiment.id, variant.label)), control, total, weights
        )
        for variant in experiment.variants
    ]


def guard(now: datetime) -> int:
    """Switch off every variant that broke its guard rail; returns how many. The control stays. Commits."""
    off = 0
    for experiment in db.session.scalars(select(Experiment).where(Experiment.status == "running")).all():
        for result in results_of(experiment):
            why = result.broke(experiment.guard_percent)
            if why is None or result.variant.off_at is not None or result.variant.label == rules.CONTROL:
                continue
            log.error("experiment %s: variant %s is switched off: %s", experiment.id, result.variant.label, why)
            switch_off(experiment, result.variant, why, now)
            off += 1
    db.session.commit()
    return off


def _result(variant: ExperimentVariant, leads: Any, calls: Any, control: Share, total: int, weights: int) -> Result:
    booked = share(leads.booked, leads.leads)
    replies = calls.replies if calls else 0
    odd = variant.off_at is None and split_is_odd(leads.leads, total, variant.weight, weights)
    return Result(
        variant=variant,
        leads=leads.leads,
        engaged=share(leads.engaged, leads.leads),
        booked=booked,
        shown=share(leads.shown, leads.leads),
        unproven=share(calls.unproven if calls else 0, replies),
        failed=share(calls.failed if calls else 0, replies),
        cost=calls.cost if calls else Decimal(0),
        at_least=bool(calls and calls.at_least),
        unpriced=calls.unpriced if calls else 0,
        first_token_ms=round(calls.first_token_ms) if calls and calls.first_token_ms is not None else None,
        split_is_odd=odd,
        versus=None if variant.label == rules.CONTROL or not leads.leads else difference(booked, control),
    )


def _leads(experiment: Experiment) -> dict[str, Any]:
    weights = [variant.weight for variant in experiment.variants]
    spans = rules.spans(weights)
    given = {
        "experiment_id": experiment.id, "company_id": experiment.company_id, "location_id": experiment.location_id,
        "after": experiment.after_lead_id, "up_to": experiment.up_to_lead_id, "weights": sum(weights),
        "labels": [variant.label for variant in experiment.variants],
        "ends": [variant.off_at for variant in experiment.variants],
        "lows": [low for low, _ in spans], "highs": [high for _, high in spans],
    }  # fmt: skip
    return {row.label: row for row in db.session.execute(LEADS, given)}


def _calls(experiment: Experiment) -> dict[str, Any]:
    marks = [rules.mark(experiment.id, variant.label) for variant in experiment.variants]
    return {row.variant: row for row in db.session.execute(CALLS, {"variants": marks})}
