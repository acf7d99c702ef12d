"""`flask staff`: who may sign in, from the command line."""

import json

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app.accounts.models import ROLES, StaffUser
from app.accounts.sign_in import find_staff, normalise_email, sign_in_url
from app.db import db
from app.locations.models import Company, Location

commands = AppGroup("staff", help="Staff who sign in to the dashboard.")


@commands.command("add")
@click.argument("email")
@click.option("--name", help="As customers see it. Default: the part of EMAIL before the @.")
@click.option("--role", type=click.Choice(ROLES), help="Default: advisor with --location, else franchise_admin.")
@click.option("--company", "company_key", help="ShopMonkey id or name. Needed only where there are several.")
@click.option("--location", "location_keys", multiple=True, help="ShopMonkey id or name of a store. Repeatable.")
def add(
    email: str, name: str | None, role: str | None, company_key: str | None, location_keys: tuple[str, ...]
) -> None:
    """Add EMAIL, or change what is given of an account that exists; print a sign-in address as the last line."""
    email = normalise_email(email)
    if email.count("@") != 1 or not all(email.split("@")) or any(char.isspace() for char in email):
        raise click.ClickException(f"{email} is not an email address")
    staff = find_staff(email)
    if staff is None:
        staff = _new(email, name, role, _company(company_key), location_keys)
    else:
        _change(staff, name, role, company_key, location_keys)
    db.session.flush()
    url = sign_in_url(staff)
    db.session.commit()
    click.echo(f"{staff.email}: {staff.role}, {_stores(staff)}")
    click.echo("Sign in within 15 minutes, once:")
    click.echo(url)


@commands.command("list")
@click.option("--json", "as_json", is_flag=True, help="A JSON array.")
def list_staff(as_json: bool) -> None:
    """Print every account."""
    accounts = db.session.scalars(select(StaffUser).order_by(StaffUser.company_id, StaffUser.email)).all()
    if as_json:
        click.echo(json.dumps([_as_json(staff) for staff in accounts], indent=2))
        return
    for staff in accounts:
        click.echo(f"{staff.id}  {staff.email}  {staff.role}  {_stores(staff)}{'' if staff.active else '  closed'}")


@commands.command("close")
@click.argument("email")
def close(email: str) -> None:
    """Close EMAIL's account and end its sessions. `flask staff add EMAIL` opens it again."""
    staff = find_staff(email)
    if staff is None:
        raise click.ClickException(f"no account has the address {normalise_email(email)}")
    staff.active = False
    staff.session_generation += 1
    db.session.commit()
    click.echo(f"{staff.email}: closed")


def _new(email: str, name: str | None, role: str | None, company: Company, keys: tuple[str, ...]) -> StaffUser:
    stores = _locations(company, keys)
    role = role or ("advisor" if stores else "franchise_admin")
    if role != "franchise_admin" and not stores:
        stores = _only_store(company, role)
    staff = StaffUser(company_id=company.id, email=email, name=name or _name_from(email), role=role)
    staff.locations = stores
    db.session.add(staff)
    return staff


def _change(
    staff: StaffUser, name: str | None, role: str | None, company_key: str | None, keys: tuple[str, ...]
) -> None:
    company = db.session.get_one(Company, staff.company_id)
    if company_key is not None and _company(company_key).id != company.id:
        raise click.ClickException(f"{staff.email} belongs to {company.name} ({company.shopmonkey_id})")
    staff.active = True
    staff.name = name or staff.name
    staff.role = role or staff.role
    staff.locations = _locations(company, keys) or staff.locations
    if staff.role != "franchise_admin" and not staff.locations:
        staff.locations = _only_store(company, staff.role)


def _company(key: str | None) -> Company:
    companies = list(db.session.scalars(select(Company).order_by(Company.name, Company.id)))
    chosen = [company for company in companies if key is None or key in (company.shopmonkey_id, company.name)]
    if len(chosen) == 1:
        return chosen[0]
    if not companies:
        raise click.ClickException("there is no company yet")
    known = ", ".join(f"{company.shopmonkey_id} ({company.name})" for company in companies)
    raise click.ClickException(f"--company: choose one of {known}")


def _locations(company: Company, keys: tuple[str, ...]) -> list[Location]:
    stores = _stores_of(company)
    chosen = []
    for key in keys:
        found = [store for store in stores if key in (store.shopmonkey_id, store.name)]
        if len(found) != 1:
            raise click.ClickException(f"--location {key}: choose one of {_names(stores)}")
        chosen += found
    return chosen


def _only_store(company: Company, role: str) -> list[Location]:
    stores = _stores_of(company)
    if len(stores) != 1:
        raise click.ClickException(
            f"--location: the role {role} needs at least one of {_names(stores) or 'no store yet'}"
        )
    return stores


def _stores_of(company: Company) -> list[Location]:
    return list(db.session.scalars(select(Location).where(Location.company_id == company.id).order_by(Location.name)))


def _names(stores: list[Location]) -> str:
    return ", ".join(f"{store.shopmonkey_id} ({store.name})" for store in stores)


def _name_from(email: str) -> str:
    return email.split("@")[0].replace(".", " ").replace("_", " ").title()


def _stores(staff: StaffUser) -> str:
    if staff.role == "franchise_admin":
        return "every store"
    return ", ".join(store.name for store in staff.locations)


def _as_json(staff: StaffUser) -> dict[str, object]:
    return {
        "id": staff.id,
        "email": staff.email,
        "name": staff.name,
        "role": staff.role,
        "active": staff.active,
        "company_id": staff.company_id,
        "locations": [{"id": store.id, "name": store.name} for store in staff.locations],
    }
