"""`flask ai …`: what the assistant is told."""

import click
from flask.cli import AppGroup
from sqlalchemy import or_, select

from app.ai.port import AssistantTurn, CustomerTurn
from app.assistant.brief import lead_brief, store_brief
from app.assistant.prompt import build_prompt, turns_of
from app.chat.models import Conversation, Message
from app.db import db
from app.leads.models import Lead
from app.lib import clock

commands = AppGroup("ai", help="The assistant.")


@commands.command("prompt")
@click.argument("lead_id")
def prompt(lead_id: str) -> None:
    """Print what a provider would be sent for the lead's next answer. LEAD_ID is what `leads list` shows."""
    number = int(lead_id) if lead_id.isdecimal() else None
    lead = db.session.scalar(select(Lead).where(or_(Lead.public_id == lead_id, Lead.id == number)))
    if lead is None:
        raise click.ClickException(f"no lead {lead_id}")
    said = (
        select(Message.author, Message.text)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Conversation.lead_id == lead.id)
        .order_by(Message.seq)
    )
    turns = turns_of([(author, text) for author, text in db.session.execute(said)])
    built = build_prompt(store_brief(lead.location_id), lead_brief(lead.id), turns, clock.now())
    for number, block in enumerate(built.system, start=1):
        click.echo(f"── system {number} ──\n{block}\n")
    for tool in built.tools:
        click.echo(f"── tool {tool.name} ──\n{tool.description}\n")
    for turn in built.turns:
        if isinstance(turn, CustomerTurn | AssistantTurn):
            click.echo(f"── {'customer' if isinstance(turn, CustomerTurn) else 'assistant'} ──\n{turn.text}\n")
