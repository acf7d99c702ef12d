"""Know which lines of an order are priced, but not for sure"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "requested_services", sa.Column("to_confirm", sa.Boolean(), server_default="false", nullable=False)
    )


def downgrade():
    op.drop_column("requested_services", "to_confirm")
