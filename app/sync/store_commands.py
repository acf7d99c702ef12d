"""`flask locations`: stores from the command line."""

import json
import sys
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app.booking.bays import BaysRefused
from app.db import db
from app.lib import clock
from app.locations.models import Company, Location
from app.locations.week import HoursRefused
from app.locations.writing import SettingsRefused
from app.shopmonkey import LocationPayload
from app.sync import onboarding
from app.sync.catalog import sync_catalog
from app.sync.checklist import checklists
from app.sync.onboarding import OnboardingRefused
from app.sync.setups import set_up
from app.sync.store_answers import ask_for_missing, given_settings, settle
from app.sync.store_keys import Key, company_behind, key_for

store_cli = AppGroup("locations", help="The stores.")


@store_cli.command("add")
@click.option("--company", help="ShopMonkey id or name. Needed only where there are several, and no key is given.")
@click.option("--company-name", help="What to call a company that is not here yet.")
@click.option("--key-file", type=click.File(), help="File with the ShopMonkey key, - for standard input.")
@click.option("--own-key", is_flag=True, help="The key is for these stores only, not for the whole company.")
@click.option("--location", "wanted", multiple=True, help="ShopMonkey id or name. Repeatable.")
@click.option("--all", "every", is_flag=True, help="Every location that the key reads.")
@click.option("--timezone", help="Where ShopMonkey names no zone, as in America/New_York.")
@click.option("--hours", help='As in "Mon-Fri 9:00-12:30,13:30-18:00; Sat 9-15".')
@click.option("--bay", "bays", multiple=True, help='As in "Tint 1: tint, film". Repeatable.')
@click.option("--brand-color", help="As in #1f2937.")
@click.option("--tagline")
@click.option("--assistant-name")
@click.option("--assistant-tone")
@click.option("--sms-number")
@click.option("--messaging-service", "twilio_messaging_service_sid", help="Twilio's id, MG….")
@click.option("--mail-from")
@click.option("--later", is_flag=True, help="Leave webhook and catalog to the worker.")
@click.option("--json", "as_json", is_flag=True, help="Print an array of the chosen stores; nothing is asked.")
def add(wanted: tuple[str, ...], every: bool, later: bool, as_json: bool, **given: Any) -> None:
    """Make stores of ShopMonkey's locations, and settle what is given of them. Twice is the same as once."""
    asking = not as_json and sys.stdin.isatty()
    try:
        settings = given_settings(given)
        key = key_for(given["company"], given["key_file"], asking)
        payloads = onboarding.read_locations(key.client, key.account)
        company = company_behind(key, payloads, given["company_name"])
        chosen = _chosen(payloads, wanted, every, asking)
        stores = _stores(company, key, chosen, given)
        for store in stores:
            settle(store, settings)
        ids = [store.id for store in stores]
        db.session.commit()
    except (OnboardingRefused, SettingsRefused, HoursRefused, BaysRefused) as refusal:
        db.session.rollback()
        raise click.ClickException(str(refusal)) from refusal
    for location_id in ids if asking else ():
        # Nothing is locked while somebody thinks about the answer.
        ask_for_missing(location_id, settings)
    if not later:
        _finish(ids, quiet=as_json)
    _tell(_read(Location.id.in_(ids)), as_json)


@store_cli.command("list")
@click.option("--search", help="Only stores whose name, city or ShopMonkey id contains this.")
@click.option("--json", "as_json", is_flag=True, help="A JSON array.")
def list_stores(search: str | None, as_json: bool) -> None:
    """Print every store, and what it still needs before it can be live."""
    told = Location.name + " " + db.func.coalesce(Location.city, "") + " " + Location.shopmonkey_id
    _tell(_read(told.icontains(search, autoescape=True) if search else db.true()), as_json)


def _chosen(
    payloads: list[LocationPayload], wanted: tuple[str, ...], every: bool, asking: bool
) -> list[LocationPayload]:
    if every or (not wanted and len(payloads) == 1):
        return payloads
    names = ", ".join(f"{one.id} ({one.name})" for one in payloads)
    if not wanted and asking:
        for one in payloads:
            click.echo(f"{one.id}  {one.name}  {one.city or ''} {one.state or ''}")
        wanted = tuple(filter(None, click.prompt("Which, by id or name, with ; between").replace("; ", ";").split(";")))
    found = [one for one in payloads if {one.id, one.name} & set(wanted)]
    if absent := set(wanted) - {name for one in found for name in (one.id, one.name)}:
        raise OnboardingRefused(f"--location {', '.join(sorted(absent))}: choose from {names}")
    if not found:
        raise OnboardingRefused(f"Name one with --location, or take --all: {names}")
    return found


def _stores(company: Company, key: Key, chosen: list[LocationPayload], given: dict[str, Any]) -> list[Location]:
    key_id = None
    if key.pasted:
        if not given["own_key"]:
            onboarding.refuse_narrower(company, key.client)
        key_id = onboarding.keep_key(company, key.pasted, for_company=not given["own_key"])
    zones = {one.id: given["timezone"] or "" for one in chosen}
    onboarding.add_stores(company, chosen, zones, key_id, "the command line", clock.now())
    ids = [one.id for one in chosen]
    mine = select(Location).where(Location.company_id == company.id, Location.shopmonkey_id.in_(ids))
    return list(db.session.scalars(mine.order_by(Location.name, Location.id)))


def _finish(ids: list[int], quiet: bool) -> None:
    for location_id in ids:
        problem = set_up(location_id)
        run = sync_catalog(db.session.get_one(Location, location_id), "the command line", clock.now())
        if not quiet:
            store = db.session.get_one(Location, location_id).name
            click.echo(f"{store}: webhook {problem or 'registered'}")
            click.echo(f"{store}: catalog {run.error or f'{run.status}, {run.new} new, {run.changed} changed'}")


def _read(condition: Any) -> list[Location]:
    return list(db.session.scalars(select(Location).where(condition).order_by(Location.name, Location.id)))


def _tell(stores: list[Location], as_json: bool) -> None:
    lists = checklists(stores)
    told = [_told(store, [step.key for step in lists[store.id].missing]) for store in stores]
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for row in told:
        missing = f"missing: {', '.join(row['missing'])}" if row["missing"] else "complete"
        click.echo(f"{row['id']}  {row['name']}  {row['timezone']}  {'live' if row['live'] else 'not live'}  {missing}")


def _told(store: Location, missing: list[str]) -> dict[str, Any]:
    same = ("id", "company_id", "shopmonkey_id", "name", "timezone", "phone", "address", "live")
    return {**{name: getattr(store, name) for name in same}, "missing": missing}
