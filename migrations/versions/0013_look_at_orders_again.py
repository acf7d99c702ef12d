"""Remember how far orders were looked at again, key by key"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MARKS = ("order_watermarks", "key_watermarks")


def upgrade():
    for table in MARKS:
        op.add_column(table, sa.Column("looked_again_at", sa.DateTime(timezone=True), nullable=True))
        op.add_column(table, sa.Column("looked_again_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("leads", sa.Column("order_tried_at", sa.DateTime(timezone=True), nullable=True))


def downgrade():
    op.drop_column("leads", "order_tried_at")
    for table in MARKS:
        op.drop_column(table, "looked_again_until")
        op.drop_column(table, "looked_again_at")
