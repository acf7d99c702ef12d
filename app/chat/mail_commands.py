"""`flask mail …`: how email comes in."""

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from app.db import db
from app.locations.mail_door import MailDoorRefused, open_mail_door
from app.locations.models import Company

commands = AppGroup("mail", help="How email comes in.")


@commands.command("inbound")
@click.option("--company", "name", help="The company's name, where there are several.")
@click.option(
    "--reply-domain", help="A domain whose mail comes in here; without it, answers go to MAIL_FROM's own box."
)
def inbound(name: str | None, reply_domain: str | None) -> None:
    """Make a new secret for a company's incoming email, and print how to hand mail over. The old one ends at once."""
    query = select(Company).order_by(Company.id)
    found = list(db.session.scalars(query.where(Company.name == name) if name else query))
    if len(found) != 1:
        known = ", ".join(company.name for company in found) or "none"
        raise click.ClickException(f"name one company with --company; found: {known}")
    company = found[0]
    try:
        header = open_mail_door(company, reply_domain)
    except MailDoorRefused as refusal:
        raise click.ClickException(f"--reply-domain: {refusal}") from None
    db.session.commit()
    click.echo("Post each raw message (RFC 5322) there; this secret is not shown again:")
    click.echo(f"POST {current_app.config['SETTINGS'].public_url}/webhooks/email/inbound")
    click.echo(header)
