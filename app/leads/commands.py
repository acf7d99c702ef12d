"""`flask leads …`: for operators and tools."""

import json

import click
from flask.cli import AppGroup
from sqlalchemy import or_, select

from app.db import db
from app.leads.links import chat_url
from app.leads.models import Lead
from app.leads.stages import STAGES
from app.locations.models import Location

commands = AppGroup("leads", help="Leads and their links.")


@commands.command("list")
@click.option("--location", "store", help="Only this store: its name or its ShopMonkey id.")
@click.option("--stage", type=click.Choice(STAGES))
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--json", "as_json", is_flag=True, help="An array of objects.")
def list_leads(store: str | None, stage: str | None, limit: int, as_json: bool) -> None:
    """The newest leads."""
    query = select(Lead).join(Location, Location.id == Lead.location_id).order_by(Lead.id.desc()).limit(limit)
    if store:
        query = query.where(or_(Location.name == store, Location.shopmonkey_id == store))
    if stage:
        query = query.where(Lead.stage == stage)
    found = [_told(lead) for lead in db.session.scalars(query)]
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for lead in found:
        print(
            f"{lead['id']}  {lead['stage']:<9}  {lead['location']}  {lead['customer'] or '-'}  {lead['vehicle'] or '-'}"
        )


@commands.command("link")
@click.argument("lead_id")
def link(lead_id: str) -> None:
    """The address of a lead's chat. LEAD_ID is what `leads list` shows, or the row's number."""
    lead = _find(lead_id)
    if lead is None:
        raise click.ClickException(f"there is no lead {lead_id}")
    print(chat_url(lead))


def _find(lead_id: str) -> Lead | None:
    found = db.session.scalar(select(Lead).where(Lead.public_id == lead_id))
    if found is None and lead_id.isascii() and lead_id.isdigit() and len(lead_id) < 19:
        return db.session.get(Lead, int(lead_id))
    return found


def _told(lead: Lead) -> dict[str, object]:
    return {
        "id": lead.public_id,
        "stage": lead.stage,
        "location": lead.location.name,
        "customer": lead.customer.name if lead.customer else None,
        "vehicle": lead.vehicle.name if lead.vehicle else None,
        "order": lead.order_number,
        "created_at": lead.created_at.isoformat(),
    }
