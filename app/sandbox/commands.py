"""Commands of the sandbox; none of them exists where the sandbox is off."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app.lib import clock
from app.sandbox.demo import load_demo

sandbox_cli = AppGroup("sandbox", help="The demo company and the stand-ins around it.")


@sandbox_cli.command("load")
def load() -> None:
    """Load the demo company; a second time changes nothing."""
    loaded = load_demo(current_app.config["SETTINGS"], clock.now())
    click.echo("Demo company loaded." if loaded else "The demo company is there already.")


@sandbox_cli.command("prepare")
@click.pass_context
def prepare(context: click.Context) -> None:
    """Migrate the database, then load the demo company where it is missing."""
    from flask_migrate import upgrade

    upgrade(directory=str(Path(current_app.root_path).parent / "migrations"))
    context.invoke(load)
