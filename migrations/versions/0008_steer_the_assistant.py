"""Steer the assistant: versions of its words, experiments, spending limits, and answers that follow an outage"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "prompt_versions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("persona", sa.Text(), nullable=False),
        sa.Column("tone", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tested", sa.Boolean(), server_default="false", nullable=False),
        sa.CheckConstraint("status IN ('draft', 'published', 'retired')", name=op.f("ck_prompt_versions_status")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_prompt_versions_company_id_companies"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_versions")),
        sa.UniqueConstraint("company_id", "number", name=op.f("uq_prompt_versions_company_id_number")),
    )
    for status in ("published", "draft"):
        op.create_index(
            f"uq_prompt_versions_{status}",
            "prompt_versions",
            ["company_id"],
            unique=True,
            postgresql_where=sa.text(f"status = '{status}'"),
        )
    op.create_table(
        "experiments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("location_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("guard_percent", sa.Integer(), server_default="5", nullable=False),
        sa.Column("after_lead_id", sa.BigInteger(), nullable=True),
        sa.Column("up_to_lead_id", sa.BigInteger(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_why", sa.Text(), nullable=True),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("subject IN ('provider', 'model', 'prompt', 'same')", name=op.f("ck_experiments_subject")),
        sa.CheckConstraint("status IN ('draft', 'running', 'stopped')", name=op.f("ck_experiments_status")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_experiments_company_id_companies"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_experiments_location_id_locations"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experiments")),
    )
    op.create_index(
        "uq_experiments_running",
        "experiments",
        ["company_id"],
        unique=True,
        postgresql_where=sa.text("status = 'running'"),
    )
    op.create_table(
        "experiment_variants",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("experiment_id", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("prompt_version_id", sa.BigInteger(), nullable=True),
        sa.Column("off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("off_why", sa.Text(), nullable=True),
        sa.CheckConstraint("weight BETWEEN 1 AND 100", name=op.f("ck_experiment_variants_weight")),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["experiments.id"],
            name=op.f("fk_experiment_variants_experiment_id_experiments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["prompt_version_id"],
            ["prompt_versions.id"],
            name=op.f("fk_experiment_variants_prompt_version_id_prompt_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experiment_variants")),
        sa.UniqueConstraint("experiment_id", "label", name=op.f("uq_experiment_variants_experiment_id_label")),
    )
    op.create_table(
        "spending_limits",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("location_id", sa.BigInteger(), nullable=True),
        sa.Column("conversation_dollars", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("lead_day_dollars", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("store_day_dollars", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("company_day_dollars", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("day_turns", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_spending_limits_company_id_companies"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_spending_limits_location_id_locations"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spending_limits")),
        sa.UniqueConstraint(
            "company_id",
            "location_id",
            name=op.f("uq_spending_limits_company_id_location_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_provider_calls_location_created", "provider_calls", ["location_id", "created_at"])
    op.create_index(
        "ix_provider_calls_variant", "provider_calls", ["variant"], postgresql_where=sa.text("variant IS NOT NULL")
    )
    op.add_column("replies", sa.Column("follow_up", sa.Integer(), server_default="0", nullable=False))
    op.add_column("replies", sa.Column("follow_up_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_replies_conversation", "replies", ["conversation_id", "id"])
    op.create_index(
        "ix_replies_follow_up", "replies", ["follow_up_at"], postgresql_where=sa.text("follow_up_at IS NOT NULL")
    )


def downgrade():
    op.drop_index("ix_replies_follow_up", "replies")
    op.drop_index("ix_replies_conversation", "replies")
    op.drop_column("replies", "follow_up_at")
    op.drop_column("replies", "follow_up")
    op.drop_index("ix_provider_calls_variant", "provider_calls")
    op.drop_index("ix_provider_calls_location_created", "provider_calls")
    op.drop_table("spending_limits")
    op.drop_table("experiment_variants")
    op.drop_table("experiments")
    op.drop_table("prompt_versions")
