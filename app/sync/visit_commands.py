"""`flask visits …`: visits on their way to ShopMonkey's calendar."""

import json
from dataclasses import asdict

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app.db import db
from app.sync.models import VisitPush
from app.sync.visits import try_again
from app.sync.visits_stuck import StuckVisit, stuck_visits

visits_cli = AppGroup("visits", help="Visits on their way to ShopMonkey's calendar.")


@visits_cli.command("stuck")
@click.option("--json", "as_json", is_flag=True, help="An array of objects.")
def list_stuck(as_json: bool) -> None:
    """Visits that ShopMonkey does not have as they are, and why."""
    found = stuck_visits()
    if as_json:
        click.echo(json.dumps([asdict(visit) for visit in found], ensure_ascii=False, default=str))
        return
    for visit in found:
        click.echo(_line(visit))


@visits_cli.command("retry")
@click.argument("visit_id", type=int)
def retry(visit_id: int) -> None:
    """Try a stuck visit again. VISIT_ID is what `visits stuck` shows."""
    push = db.session.scalar(select(VisitPush).where(VisitPush.id == visit_id))
    if push is None or not try_again(push):
        raise click.ClickException(f"visit {visit_id} is not stuck")
    db.session.commit()
    click.echo(f"Visit {visit_id} is tried again")


def _line(visit: StuckVisit) -> str:
    told = (str(visit.id), visit.operation, visit.starts_at.isoformat(), visit.store, visit.customer, visit.reason)
    return "  ".join(told)
