"""`flask ai eval`: the shop bench from the command line."""

import json
from collections.abc import Iterator, Sequence

import click
from flask import current_app
from sqlalchemy import select

from app.ai import clients, configured
from app.ai.port import Provider
from app.assistant.models import PromptVersion
from app.assistant.prompt_versions import published_version, version_of, words_of
from app.chat.commands import commands
from app.config import Settings
from app.db import db
from app.lib import clock
from app.locations.models import Company, Location
from app.locations.settings import settings_for
from app.trials.bench import casts, run, scripted
from app.trials.keeping import keep
from app.trials.scenario import ScenarioError, chosen
from app.trials.scores import Finding, Score, table
from app.trials.scratch import NoScratch, scratch_app
from app.trials.scripted_bad import SCRIPTED

__all__ = ["commands"]

MOST_STORES = 2
MOST_RUNS = 50


@commands.command("eval")
@click.option("--scenario", "patterns", multiple=True, help="Only scenarios whose name holds this; may be repeated.")
@click.option("--provider", "providers", multiple=True, help="anthropic, openai, scripted, or one “scripted: …”.")
@click.option("--prompt", "number", type=int, help="The company's version of the words; else the published one.")
@click.option("--runs", default=4, type=click.IntRange(1, MOST_RUNS), help="Tries of each scenario; 4 by default.")
@click.option("--company", "company_id", type=int, help="Needed where the database holds several.")
@click.option("--json", "as_json", is_flag=True, help="One JSON array, an object per provider.")
def evaluate(
    patterns: tuple[str, ...],
    providers: tuple[str, ...],
    number: int | None,
    runs: int,
    company_id: int | None,
    as_json: bool,
) -> None:
    """Let scripted customers talk to the assistant, and judge by what the database then holds.

    Without --provider every provider that has a key answers, else the scripted models, which show what the proof
    catches and pass no gate. All happens in a database of its own that is dropped afterwards: nobody is messaged.
    """
    try:
        wanted, asked = chosen(patterns), _names(providers)
    except ScenarioError as error:
        raise click.ClickException(str(error)) from error
    company = _company(company_id)
    version = _version(company, number)
    version_number, version_id = (version.number, version.id) if version else (None, None)
    stores, started = _stores(company), clock.now()
    try:
        with scratch_app(stores, version_id) as app:
            words = words_of(published_version(company))
            every, skipped = casts(wanted)
            scores = [
                run(app, every, skipped, provider, runs, None if as_json else _watch(provider))
                for name in asked
                for provider in _providers(name)
            ]
    except NoScratch as error:
        raise click.ClickException(str(error)) from error
    for score in scores:
        keep(company, version_number, words, score, whole=not patterns, started_at=started)
    db.session.commit()
    click.echo(json.dumps([score.to_json() for score in scores], ensure_ascii=False) if as_json else _told(scores))


def _company(company_id: int | None) -> int:
    ids = db.session.scalars(select(Company.id).order_by(Company.id)).all()
    if company_id is None and len(ids) > 1:
        raise click.ClickException(
            f"there are several companies: choose one of {', '.join(map(str, ids))} by --company"
        )
    if not ids or (company_id is not None and company_id not in ids):
        raise click.ClickException("there is no such company")
    return company_id or ids[0]


def _version(company_id: int, number: int | None) -> PromptVersion | None:
    if number is None:
        return published_version(company_id)
    version = version_of(company_id, number)
    if version is None:
        raise click.ClickException(f"there is no version {number}")
    return version


def _stores(company_id: int) -> Sequence[int]:
    """The company's first stores: each has a catalogue of its own, and two tell whether they are kept apart."""
    query = select(Location.id).where(Location.company_id == company_id).order_by(Location.id).limit(MOST_STORES)
    found = db.session.scalars(query).all()
    if not found:
        raise click.ClickException("the company has no store yet")
    return found


def _names(asked: Sequence[str]) -> list[str]:
    keys = configured(current_app.config["SETTINGS"])
    known = ["scripted", *SCRIPTED, *keys]
    if unknown := [name for name in asked if name not in known]:
        raise click.ClickException(f"no provider {unknown[0]!r} with a key here; there are: {', '.join(known)}")
    return list(asked or keys or ["scripted"])


def _providers(name: str) -> Iterator[Provider]:
    """Scripted models, or the provider with the model that the company's first store has chosen."""
    if name == "scripted":
        yield from scripted()
    elif name in SCRIPTED:
        yield from scripted([name])
    else:
        settings: Settings = current_app.config["SETTINGS"]
        own = settings_for(db.session.scalars(select(Location).order_by(Location.id).limit(1)).one())
        db.session.rollback()
        found = clients.providers_for(settings, name, own.anthropic_model, own.openai_model, False)
        yield from (one for one in found if one.name == name)


def _watch(provider: Provider):  # type: ignore[no-untyped-def]
    def tell(scenario: str, number: int, found: Sequence[Finding]) -> None:
        for one in found:
            click.echo(f"{provider.name} · {scenario} · try {number} · {one.kind}: {one.told}", err=True)

    return tell


def _told(scores: Sequence[Score]) -> str:
    lines = [table(scores)]
    if left_out := {name: why for score in scores for name, why in score.skipped.items()}:
        lines += ["", *(f"left out: {name} ({why})" for name, why in left_out.items())]
    if not any(score.live for score in scores):
        lines += ["", "Scripted models only: this says what the proof catches, and passes no release gate."]
    return "\n".join(lines)
