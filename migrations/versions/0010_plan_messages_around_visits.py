"""Plan the messages around visits, and keep in step with ShopMonkey's calendar"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "visit_messages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("location_id", sa.BigInteger(), nullable=False),
        sa.Column("appointment_id", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("useful_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.Text(), server_default="planned", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("delivery_id", sa.BigInteger(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("channel IN ('sms', 'email')", name=op.f("ck_visit_messages_channel")),
        sa.CheckConstraint(
            "kind IN ('confirmation', 'change', 'cancellation', 'day_before', 'two_hours', 'after_visit')",
            name=op.f("ck_visit_messages_kind"),
        ),
        sa.CheckConstraint("status IN ('planned', 'done', 'skipped')", name=op.f("ck_visit_messages_status")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"],
            name=op.f("fk_visit_messages_appointment_id_appointments"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_visit_messages_company_id_companies")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_visit_messages_delivery_id_deliveries")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_visit_messages_location_id_locations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_messages")),
        sa.UniqueConstraint(
            "appointment_id", "sequence", "kind", "channel", name=op.f("uq_visit_messages_appointment_id_sequence_kind_channel")
        ),
    )
    op.create_index(
        "ix_visit_messages_due", "visit_messages", ["due_at"], postgresql_where=sa.text("status = 'planned'")
    )
    op.create_index(op.f("ix_visit_messages_delivery_id"), "visit_messages", ["delivery_id"])
    op.add_column("appointments", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("leads", sa.Column("last_visit_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("deliveries", sa.Column("calendar", sa.Text(), nullable=True))
    op.create_table(
        "calendar_reads",
        sa.Column("location_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"],
            name=op.f("fk_calendar_reads_location_id_locations"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("location_id", "day", name=op.f("pk_calendar_reads")),
    )
    op.add_column("visit_pushes", sa.Column("strayed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("visit_pushes", sa.Column("strayed_starts_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("visit_pushes", sa.Column("strayed_ends_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_visit_pushes_strayed", "visit_pushes", ["location_id"], postgresql_where=sa.text("strayed_at IS NOT NULL")
    )


def downgrade():
    op.drop_index("ix_visit_pushes_strayed", table_name="visit_pushes")
    op.drop_column("visit_pushes", "strayed_ends_at")
    op.drop_column("visit_pushes", "strayed_starts_at")
    op.drop_column("visit_pushes", "strayed_at")
    op.drop_table("calendar_reads")
    op.drop_column("deliveries", "calendar")
    op.drop_column("leads", "last_visit_at")
    op.drop_column("appointments", "confirmed_at")
    op.drop_table("visit_messages")
