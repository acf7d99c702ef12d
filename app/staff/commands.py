"""`flask records`: what is kept about one person."""

import json

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app.db import db
from app.leads.models import Lead
from app.lib import clock
from app.staff.person_record import person_of, record_of
from app.staff.record_words import as_text

commands = AppGroup("records", help="What is kept about one person.")


@commands.command("export")
@click.argument("lead_id")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def export(lead_id: str, as_json: bool) -> None:
    """Everything about the person behind a lead, over all stores of the company. LEAD_ID is what `leads list` shows."""
    lead = db.session.scalar(select(Lead).where(Lead.public_id == lead_id))
    if lead is None:
        raise click.ClickException(f"there is no lead {lead_id}")
    record = record_of(lead, person_of(lead), clock.now())
    click.echo(json.dumps(record, ensure_ascii=False, indent=2) if as_json else as_text(record))
