"""Sequences with versions and steps, their runs, and what a touch point remembers of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

RUNS = sa.text("status IN ('running', 'paused')")
STATUS = "ck_touch_points_status"


def moment(name, nullable=True, **given):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, **given)


def upgrade():
    op.create_table(
        "sequences",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("company_id", sa.BigInteger(), sa.ForeignKey("companies.id"), nullable=False),
        sa.Column("location_id", sa.BigInteger(), sa.ForeignKey("locations.id")),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("next_number", sa.Integer(), server_default="0", nullable=False),
        moment("created_at", nullable=False, server_default=sa.text("now()")),
    )
    alone, own = sa.text("location_id IS NULL"), sa.text("location_id IS NOT NULL")
    op.create_index("uq_sequences_company", "sequences", ["company_id"], unique=True, postgresql_where=alone)
    op.create_index("uq_sequences_location", "sequences", ["location_id"], unique=True, postgresql_where=own)
    op.create_table(
        "sequence_versions",
        sa.Column("sequence_id", sa.BigInteger(), sa.ForeignKey("sequences.id"), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        moment("made_at", nullable=False),
    )
    op.create_table(
        "steps",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("sequence_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("at", sa.Time()),
        sa.Column("after_minutes", sa.Integer()),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("conditions", postgresql.JSONB(), nullable=False),
        sa.Column("texts", postgresql.JSONB(), nullable=False),
        sa.UniqueConstraint("sequence_id", "version", "number", name="uq_steps_sequence_id_version_number"),
        sa.ForeignKeyConstraint(
            ["sequence_id", "version"],
            ["sequence_versions.sequence_id", "sequence_versions.version"],
            name="fk_steps_sequence_id_version_sequence_versions",
        ),
        sa.CheckConstraint("channel IN ('any', 'sms', 'email')", name=op.f("ck_steps_channel")),
        sa.CheckConstraint("(at IS NULL) <> (after_minutes IS NULL)", name=op.f("ck_steps_one_time")),
    )
    op.create_index("ix_steps_version", "steps", ["sequence_id", "version", "position"])
    op.create_table(
        "sequence_runs",
        sa.Column("lead_id", sa.BigInteger(), sa.ForeignKey("leads.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("company_id", sa.BigInteger(), sa.ForeignKey("companies.id"), nullable=False),
        sa.Column("location_id", sa.BigInteger(), sa.ForeignKey("locations.id"), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), sa.ForeignKey("customers.id"), nullable=False),
        sa.Column("sequence_id", sa.BigInteger(), sa.ForeignKey("sequences.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        moment("counted_from", nullable=False),
        sa.Column("status", sa.Text(), server_default="running", nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("by", sa.Text()),
        moment("changed_at"),
        moment("settles_at", nullable=False),
        sa.CheckConstraint(
            "status IN ('running', 'paused', 'stopped', 'finished')", name=op.f("ck_sequence_runs_status")
        ),
    )
    op.create_index(
        "uq_sequence_runs_person", "sequence_runs", ["customer_id", "location_id"], unique=True, postgresql_where=RUNS
    )
    op.create_index(
        "ix_sequence_runs_settling", "sequence_runs", ["settles_at"], postgresql_where=sa.text("status = 'running'")
    )
    op.create_index("ix_sequence_runs_version", "sequence_runs", ["sequence_id", "version"], postgresql_where=RUNS)
    op.add_column("touch_points", sa.Column("step_id", sa.BigInteger(), sa.ForeignKey("steps.id")))
    op.add_column("touch_points", moment("planned_for"))
    op.add_column("touch_points", sa.Column("asked_by", sa.Text()))
    op.add_column("touch_points", sa.Column("attempt", sa.Integer(), server_default="0", nullable=False))
    op.drop_constraint(STATUS, "touch_points")
    op.create_check_constraint(op.f(STATUS), "touch_points", "status IN ('planned', 'paused', 'done', 'skipped')")
    op.add_column("leads", moment("last_opened_at"))
    op.add_column("leads", sa.Column("order_message_count", sa.Integer()))
    op.add_column("leads", moment("order_messaged_at"))


def downgrade():
    op.drop_column("leads", "order_messaged_at")
    op.drop_column("leads", "order_message_count")
    op.drop_column("leads", "last_opened_at")
    op.execute("UPDATE touch_points SET status = 'planned' WHERE status = 'paused'")
    op.drop_constraint(STATUS, "touch_points")
    op.create_check_constraint(op.f(STATUS), "touch_points", "status IN ('planned', 'done', 'skipped')")
    for column in ("attempt", "asked_by", "planned_for", "step_id"):
        op.drop_column("touch_points", column)
    for table in ("sequence_runs", "steps", "sequence_versions", "sequences"):
        op.drop_table(table)
