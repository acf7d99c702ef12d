"""Keep orders that could not be read, and how far each key has been read"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("order_watermarks", sa.Column("refused", sa.Boolean(), server_default="false", nullable=False))
    op.create_table(
        "key_watermarks",
        sa.Column("key_id", sa.BigInteger(), nullable=False),
        sa.Column("complete_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("polled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("newest_store_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused", sa.Boolean(), server_default="false", nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"], ["shopmonkey_keys.id"], name=op.f("fk_key_watermarks_key_id_shopmonkey_keys"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_key_watermarks")),
    )
    op.create_table(
        "unread_orders",
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("shopmonkey_order_id", sa.Text(), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=True),
        sa.Column("store", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="1", nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_unread_orders_company_id_companies"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("company_id", "shopmonkey_order_id", name=op.f("pk_unread_orders")),
    )
    op.create_index("ix_unread_orders_due", "unread_orders", ["company_id", "next_attempt_at"])
    # Two of one object may be at work as this runs; taken up again, they change nothing.
    op.execute("UPDATE webhook_events SET status = 'new', next_attempt_at = now() WHERE status = 'claimed'")
    op.create_index(
        "uq_webhook_events_at_work",
        "webhook_events",
        ["source", "account", "object_table", "object_id"],
        unique=True,
        postgresql_where=sa.text("status = 'claimed'"),
    )


def downgrade():
    op.drop_index("uq_webhook_events_at_work", table_name="webhook_events")
    op.drop_index("ix_unread_orders_due", table_name="unread_orders")
    op.drop_table("unread_orders")
    op.drop_table("key_watermarks")
    op.drop_column("order_watermarks", "refused")
