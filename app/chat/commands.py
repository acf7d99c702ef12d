"""`flask ai …`: what the assistant is told."""

import json

import click
import orjson
from flask.cli import AppGroup
from sqlalchemy import or_, select

from app.ai import request_body
from app.ai.port import AssistantTurn, Turn
from app.chat.preview import Preview, preview
from app.db import db
from app.leads.models import Lead
from app.lib import clock

commands = AppGroup("ai", help="The assistant.")


@commands.command("prompt")
@click.argument("lead_id")
@click.option("--json", "as_json", is_flag=True, help="The request's body, byte for byte as the provider gets it.")
def prompt(lead_id: str, as_json: bool) -> None:
    """Print what a provider would be sent for the lead's next answer. LEAD_ID is what `leads list` shows."""
    number = int(lead_id) if lead_id.isdecimal() and int(lead_id) < 2**63 else None
    lead = db.session.scalar(select(Lead).where(or_(Lead.public_id == lead_id, Lead.id == number)))
    if lead is None:
        raise click.ClickException(f"no lead {lead_id}")
    shown = preview(lead, clock.now())
    if not as_json:
        _print(shown)
    elif not shown.providers:
        raise click.ClickException("no provider has a key: nothing would be sent")
    else:
        first = shown.providers[0]
        click.echo(json.dumps(request_body(first.name, shown.prompt, first.model), ensure_ascii=False))


def _print(shown: Preview) -> None:
    asked = ", then ".join(f"{provider.name} {provider.model}" for provider in shown.providers)
    click.echo(f"── asked: {asked or 'nobody (no key is set)'} ──")
    variant = f", variant {shown.course.variant}" if shown.course.variant else ""
    click.echo(f"── prompt version {shown.course.prompt_version}{variant}, at most {shown.prompt.max_tokens} tokens ──")
    click.echo(f"── cache key {shown.prompt.cache_key}, person {shown.prompt.safety_id} ──\n")
    for number, block in enumerate(shown.prompt.system, start=1):
        click.echo(f"── system {number} ──\n{block}\n")
    for tool in shown.prompt.tools:
        click.echo(f"── tool {tool.name} ──\n{tool.description}\n{orjson.dumps(tool.parameters).decode()}\n")
    for turn in shown.prompt.turns:
        click.echo(_turn(turn))


def _turn(turn: Turn) -> str:
    if isinstance(turn, AssistantTurn):
        asked = "".join(f"\n[asks {call.name} {orjson.dumps(call.arguments).decode()}]" for call in turn.tool_calls)
        return f"── assistant ──\n{turn.text}{asked}\n"
    said = getattr(turn, "text", None) or getattr(turn, "content", "")
    return f"── customer ──\n{said}\n"
