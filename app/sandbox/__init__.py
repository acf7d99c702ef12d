"""Stand-ins for the outside world, demo data and the demo's clock. Never loaded where SANDBOX is off."""

from flask import Flask
from sqlalchemy import exists, select

from app.config import ConfigError, Settings
from app.db import db
from app.lib.clock import use as use_clock
from app.locations.models import Location
from app.sandbox.carrier import sandbox_account
from app.sandbox.clock import DemoClock
from app.sandbox.commands import sandbox_cli
from app.sandbox.outbox import SandboxEmail, SandboxSms
from app.sandbox.routes import blueprint
from app.sandbox.shopmonkey.control import blueprint as shopmonkey_control
from app.sandbox.shopmonkey.routes import blueprint as shopmonkey_blueprint

__all__ = ["SandboxEmail", "SandboxSms", "init_sandbox", "refuse_with_live_store", "sandbox_account"]


def init_sandbox(app: Flask, settings: Settings) -> None:
    """Add the sandbox's pages, stand-ins, commands and clock; its tables are made when they are first used."""
    demo_clock = DemoClock(app)
    app.extensions["sandbox_clock"] = demo_clock
    use_clock(demo_clock.now)
    app.register_blueprint(blueprint)
    app.register_blueprint(shopmonkey_blueprint)
    app.register_blueprint(shopmonkey_control)
    app.cli.add_command(sandbox_cli)


def refuse_with_live_store() -> None:
    """Raises ConfigError when a store may reach real people: nobody may place orders or move the clock there."""
    if db.session.scalar(select(exists().where(Location.live))):
        raise ConfigError("SANDBOX: must be off, because this database has a store that is live")
