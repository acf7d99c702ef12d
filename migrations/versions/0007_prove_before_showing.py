"""Prove before showing: when a price was shown, and the sentences that were withheld."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("price_receipts", sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True))
    # Until now a given price was the customer's once named; which were is not told by rows: all stay theirs.
    op.execute("UPDATE price_receipts SET shown_at = given_at")
    op.create_table(
        "withheld_sentences",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("location_id", sa.BigInteger(), nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=False),
        sa.Column("reply_id", sa.BigInteger(), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind IN ('price', 'claim', 'moment', 'language')", name=op.f("ck_withheld_sentences_kind")),
        sa.CheckConstraint(
            "outcome IN ('rewritten', 'replaced', 'dropped')", name=op.f("ck_withheld_sentences_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_withheld_sentences_company_id_companies")
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["leads.id"], name=op.f("fk_withheld_sentences_lead_id_leads"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_withheld_sentences_location_id_locations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withheld_sentences")),
    )
    op.create_index("ix_withheld_sentences_location", "withheld_sentences", ["location_id", "created_at"])
    op.create_index("ix_withheld_sentences_created", "withheld_sentences", ["created_at"])
    op.create_index(op.f("ix_withheld_sentences_lead_id"), "withheld_sentences", ["lead_id"])


def downgrade() -> None:
    op.drop_table("withheld_sentences")
    op.drop_column("price_receipts", "shown_at")
