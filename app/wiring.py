"""Which vendor class, which reaction to which event, which blueprints: the one page to read first."""

import importlib

from flask import Flask

from app.config import Settings
from app.web import init_web

ROOMS_WITH_TABLES = (
    "locations", "accounts", "leads", "catalog", "messaging", "ai", "chat", "touchpoints", "sync", "webhooks", "ops",
)  # fmt: skip


def wire(app: Flask, settings: Settings) -> None:
    """Connect the rooms: tables, vendors, reactions, pages and commands."""
    init_web(app)
    for room in ROOMS_WITH_TABLES:
        importlib.import_module(f"app.{room}.models")
