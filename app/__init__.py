"""Lead Orchestrator: follows up a store's ShopMonkey leads within a minute, and answers from its real prices."""

from datetime import timedelta

from flask import Flask
from flask_migrate import Migrate
from gevent import monkey

from app.config import Settings, load_settings
from app.db import db, use_encryption_keys

__all__ = ["create_app"]


def create_app(settings: Settings | None = None) -> Flask:
    """The whole application, wired. Without settings it reads the environment; raises ConfigError for odd ones."""
    from app import schedule, wiring

    settings = settings or load_settings()
    app = Flask(__name__, template_folder="../templates", static_folder=None)
    app.config.from_mapping(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key[0],
        SECRET_KEY_FALLBACKS=list(settings.secret_key[1:]),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_connections(),
        MAX_CONTENT_LENGTH=1024 * 1024,
        SESSION_COOKIE_NAME="staff",
        SESSION_COOKIE_PATH="/staff",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(days=14),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https://"),
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    use_encryption_keys(settings.encryption_keys)
    db.init_app(app)
    Migrate(app, db)
    wiring.wire(app, settings)
    app.cli.add_command(schedule.worker)
    app.extensions["create_app"] = create_app  # for the trials, which stand on a database of their own
    return app


def _connections() -> dict[str, object]:
    """How this process keeps its database connections: few and warm, PostgreSQL's caches being each connection's own.

    A connection beyond the pool is made anew each time. Greenlets come by the hundred and take turns. A worker's
    threads hold one for milliseconds, never while a vendor answers: one for each lane and a few more serve them all,
    and several workers stay within the hundred that PostgreSQL has by default. Prepared statements are planned once,
    not five times first for the values at hand. A failed statement's parameters are personal: no log has them.
    """
    size, overflow = (10, 0) if monkey.is_module_patched("threading") else (16, 6)
    return {
        "pool_size": size, "max_overflow": overflow, "pool_timeout": 15, "pool_use_lifo": True, "hide_parameters": True,
        "connect_args": {"options": "-c plan_cache_mode=force_generic_plan"},
    }  # fmt: skip
