"""Hear what became of messages

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column("deliveries", sa.Column("message_id", sa.BigInteger(), nullable=True))
    op.add_column("deliveries", sa.Column("cost_asked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(
        op.f("fk_deliveries_message_id_messages"), "deliveries", "messages", ["message_id"], ["id"], ondelete="SET NULL"
    )
    op.create_index(op.f("ix_deliveries_message_id"), "deliveries", ["message_id"])
    op.create_index("ix_deliveries_recipient", "deliveries", ["recipient", "id"])
    op.create_index(
        "ix_deliveries_unpriced",
        "deliveries",
        ["sent_at"],
        postgresql_where=sa.text("cost IS NULL AND provider = 'twilio' AND provider_id IS NOT NULL"),
    )
    op.create_table(
        "delivery_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_delivery_events_delivery_id_deliveries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_events")),
        sa.UniqueConstraint(
            "delivery_id",
            "provider_id",
            "status",
            "error_code",
            name=op.f("uq_delivery_events_delivery_id_provider_id_status_error_code"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "inbound_mails",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('answer', 'automatic', 'bounce', 'complaint')", name=op.f("ck_inbound_mails_kind")),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_inbound_mails_company_id_companies")),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["leads.id"], name=op.f("fk_inbound_mails_lead_id_leads"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_mails")),
        sa.UniqueConstraint("company_id", "message_id", name=op.f("uq_inbound_mails_company_id_message_id")),
    )
    op.create_index("ix_inbound_mails_lead", "inbound_mails", ["lead_id", "id"])
    op.add_column("messages", sa.Column("from_address", sa.Text(), nullable=True))
    op.add_column("companies", sa.Column("mail_inbound_secret", sa.LargeBinary(), nullable=True))
    op.add_column("companies", sa.Column("mail_reply_domain", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("companies", "mail_reply_domain")
    op.drop_column("companies", "mail_inbound_secret")
    op.drop_column("messages", "from_address")
    op.drop_table("inbound_mails")
    op.drop_table("delivery_events")
    op.drop_index("ix_deliveries_unpriced", "deliveries")
    op.drop_index("ix_deliveries_recipient", "deliveries")
    op.drop_index(op.f("ix_deliveries_message_id"), "deliveries")
    op.drop_constraint(op.f("fk_deliveries_message_id_messages"), "deliveries")
    op.drop_column("deliveries", "cost_asked_at")
    op.drop_column("deliveries", "message_id")
    op.drop_column("deliveries", "headers")
