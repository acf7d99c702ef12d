"""A company's rule of what is a lead: kept, changed, and asked with the names of the store's columns."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.leads.models import LeadRule
from app.live import wake
from app.shopmonkey import Order, ShopMonkeyPort
from app.sync.columns import column_of, doubt_names
from app.sync.lead_rule import Rule, Verdict, is_lead, may_be_lead
from app.sync.turns import let_run

# The job that judges orders again: a changed rule lets it run at once.
SECOND_LOOKS = "second_looks"


@dataclass(frozen=True)
class Judge:
    """Asks a company's rule. Columns are looked up by `client`, and only for orders that all else speaks for."""

    company_id: int
    client: ShopMonkeyPort
    rule: Rule

    def may_be_lead(self, order: Order, now: datetime) -> bool:
        """Whether the order is worth a full look. Asks nobody."""
        return may_be_lead(order, self.rule, now)

    def verdict(self, order: Order, now: datetime) -> Verdict:
        """Whether the order becomes a lead. Commits the caller's transaction; raises ShopMonkeyError."""
        return is_lead(order, self.rule, self.column(order, now), now)

    def column(self, order: Order, now: datetime) -> str | None:
        """The name of the order's column, where it can matter. Commits; raises ShopMonkeyError."""
        if not self.rule.columns or not self.may_be_lead(order, now):
            return None
        return column_of(self.company_id, self.client, order)


def judge_of(company_id: int, client: ShopMonkeyPort) -> Judge:
    """The company's judge, with its rule as it stands now."""
    return Judge(company_id, client, rule_of(company_id))


def rule_of(company_id: int) -> Rule:
    """The company's rule; the usual one where it has none of its own."""
    row = db.session.get(LeadRule, company_id)
    if row is None:
        return Rule()
    return Rule(
        columns=tuple(row.columns),
        name_patterns=tuple(row.name_patterns),
        statuses=tuple(row.statuses),
        max_age=timedelta(hours=row.max_age_hours),
    )


def set_rule(company_id: int, rule: Rule, by: str, now: datetime) -> None:
    """Use `rule` from now on, also for orders that were no lead so far. Those that are leads already stay leads."""
    values = {
        "columns": list(rule.columns),
        "name_patterns": list(rule.name_patterns),
        "statuses": list(rule.statuses),
        "max_age_hours": int(rule.max_age.total_seconds() // 3600),
        "changed_at": now,
        "changed_by": by,
    }
    kept = insert(LeadRule).values(company_id=company_id, **values)
    db.session.execute(kept.on_conflict_do_update(index_elements=["company_id"], set_=values))
    db.session.expire_all()
    # A column may have been given its new name just before the rule was.
    doubt_names(company_id)
    let_run(company_id, SECOND_LOOKS)
    wake(SECOND_LOOKS)


def rule_changed_at(company_id: int) -> datetime | None:
    """When the company's rule was last changed; None while it has none of its own."""
    return db.session.scalar(select(LeadRule.changed_at).where(LeadRule.company_id == company_id))
