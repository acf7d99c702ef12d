"""Know when customers were last read from ShopMonkey"""

import sqlalchemy as sa
from alembic import op
revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('customers', sa.Column('read_at', sa.DateTime(timezone=True), nullable=True))


def downgrade():
    op.drop_column('customers', 'read_at')
