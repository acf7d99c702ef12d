"""Alembic, run inside the application's context by Flask-Migrate."""

from alembic import context
from flask import current_app
from sqlalchemy import TypeDecorator

database = current_app.extensions["migrate"].db


def plain_types(kind, item, autogen_context):
    """A migration names plain database types: it must still run when the application's classes have moved on."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def skip_empty(context_, revision, directives):
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


with database.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        process_revision_directives=skip_empty,
        render_item=plain_types,
    )
    with context.begin_transaction():
        context.run_migrations()
