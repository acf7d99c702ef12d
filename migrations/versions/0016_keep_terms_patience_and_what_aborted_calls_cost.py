"""Keep a store's terms of business, its patience with providers, and what aborted calls cost at least"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

LEVELS = ("company_settings", "location_settings")
KINDS = "kind IN ('price', 'claim', 'moment', 'language')"
MORE_KINDS = "kind IN ('price', 'claim', 'moment', 'language', 'term', 'suggestion')"


def upgrade():
    for level in LEVELS:
        op.add_column(level, sa.Column("assistant_terms", sa.Text(), nullable=True))
        op.add_column(level, sa.Column("first_token_seconds", sa.Integer(), nullable=True))
        op.add_column(level, sa.Column("stall_seconds", sa.Integer(), nullable=True))
    op.add_column("provider_calls", sa.Column("cost_at_least", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("provider_calls", sa.Column("cost_estimate", sa.Numeric(12, 8), nullable=True))
    op.drop_constraint(op.f("ck_withheld_sentences_kind"), "withheld_sentences", type_="check")
    op.create_check_constraint(op.f("ck_withheld_sentences_kind"), "withheld_sentences", MORE_KINDS)


def downgrade():
    op.execute("UPDATE withheld_sentences SET kind = 'claim' WHERE kind IN ('term', 'suggestion')")
    op.drop_constraint(op.f("ck_withheld_sentences_kind"), "withheld_sentences", type_="check")
    op.create_check_constraint(op.f("ck_withheld_sentences_kind"), "withheld_sentences", KINDS)
    op.drop_column("provider_calls", "cost_estimate")
    op.drop_column("provider_calls", "cost_at_least")
    for level in LEVELS:
        op.drop_column(level, "stall_seconds")
        op.drop_column(level, "first_token_seconds")
        op.drop_column(level, "assistant_terms")
