"""Statements that a connection plans once."""

from sqlalchemy import bindparam, func, select, text

from app.db import db, prepared
from app.leads.models import Lead
from tests.factories.leads import make_lead

OPEN = prepared(
    select(Lead).where(
        Lead.id == bindparam("lead_id"), func.coalesce(Lead.order_name, "100 %") != bindparam("name"),
        Lead.stage.not_in(("won", "lost")), bindparam("name") != "",
    )
)  # fmt: skip


def kept() -> int:
    query = text("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'select\\_leads\\_%'")
    return db.session.scalar(query) or 0


def test_a_prepared_statement_gives_rows_as_ever_and_is_kept_once(app) -> None:
    lead, other, before = make_lead(), make_lead(stage="lost"), kept()
    for _ in range(3):
        assert db.session.scalars(OPEN, {"lead_id": lead.id, "name": "100%"}).all() == [lead]
        assert db.session.scalars(OPEN, {"lead_id": other.id, "name": "it's"}).all() == []
    assert kept() == before + 1, "its name says what it asks for"


def test_it_outlives_a_transaction_that_is_rolled_back(app) -> None:
    lead = make_lead()
    savepoint = db.session.begin_nested()
    db.session.scalars(OPEN, {"lead_id": lead.id, "name": "x"}).all()
    savepoint.rollback()
    assert db.session.scalars(OPEN, {"lead_id": make_lead().id, "name": "y"}).all() != []
