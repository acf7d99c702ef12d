"""Show cards in conversations"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0009'
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('messages', sa.Column('card', postgresql.JSONB(astext_type=sa.Text()), nullable=True))


def downgrade():
    op.drop_column('messages', 'card')
