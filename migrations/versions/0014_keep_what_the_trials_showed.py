"""Keep what the trials showed"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0014'
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('trial_runs',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('company_id', sa.BigInteger(), nullable=False),
    sa.Column('prompt_number', sa.Integer(), nullable=True),
    sa.Column('prompt_label', sa.Text(), nullable=False),
    sa.Column('words_hash', sa.Text(), nullable=False),
    sa.Column('provider', sa.Text(), nullable=False),
    sa.Column('model', sa.Text(), nullable=False),
    sa.Column('live', sa.Boolean(), nullable=False),
    sa.Column('whole', sa.Boolean(), nullable=False),
    sa.Column('scenarios', sa.Integer(), nullable=False),
    sa.Column('runs', sa.Integer(), nullable=False),
    sa.Column('pass_one', sa.Float(), nullable=False),
    sa.Column('pass_four', sa.Float(), nullable=True),
    sa.Column('false_amounts', sa.Integer(), nullable=False),
    sa.Column('untrue_claims', sa.Integer(), nullable=False),
    sa.Column('cost', sa.Numeric(precision=12, scale=6), nullable=True),
    sa.Column('results', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['company_id'], ['companies.id'], name=op.f('fk_trial_runs_company_id_companies'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_trial_runs'))
    )
    op.create_index('ix_trial_runs_words', 'trial_runs', ['company_id', 'words_hash', 'id'], unique=False)


def downgrade():
    op.drop_index('ix_trial_runs_words', table_name='trial_runs')
    op.drop_table('trial_runs')
