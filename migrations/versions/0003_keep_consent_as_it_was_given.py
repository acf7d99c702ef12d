"""Keep consent as it was given

Revision ID: 0003
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("consents", sa.Column("scope", sa.Text(), server_default="company", nullable=False))
    op.create_check_constraint("scope", "consents", "scope IN ('location', 'company', 'franchise')")
    op.create_check_constraint("location", "consents", "scope <> 'location' OR location_id IS NOT NULL")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_consents_location"), "consents")
    op.drop_constraint(op.f("ck_consents_scope"), "consents")
    op.drop_column("consents", "scope")
