"""Keep appointments"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0006'
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade():

    op.create_table('booking_rules',
    sa.Column('location_id', sa.BigInteger(), nullable=False),
    sa.Column('buffer_minutes', sa.Integer(), server_default='15', nullable=False),
    sa.Column('lead_minutes', sa.Integer(), server_default='120', nullable=False),
    sa.Column('last_start', sa.Time(), nullable=True),
    sa.Column('horizon_days', sa.Integer(), server_default='60', nullable=False),
    sa.Column('step_minutes', sa.Integer(), server_default='30', nullable=False),
    sa.Column('nights', sa.SmallInteger(), server_default='7', nullable=False),
    sa.Column('change_minutes', sa.Integer(), server_default='1440', nullable=False),
    sa.Column('usual_minutes', sa.Integer(), server_default='120', nullable=False),
    sa.CheckConstraint('buffer_minutes BETWEEN 0 AND 480', name=op.f('ck_booking_rules_buffer_minutes')),
    sa.CheckConstraint('change_minutes BETWEEN 0 AND 43200', name=op.f('ck_booking_rules_change_minutes')),
    sa.CheckConstraint('horizon_days BETWEEN 1 AND 365', name=op.f('ck_booking_rules_horizon_days')),
    sa.CheckConstraint('lead_minutes BETWEEN 0 AND 43200', name=op.f('ck_booking_rules_lead_minutes')),
    sa.CheckConstraint('nights BETWEEN 0 AND 14', name=op.f('ck_booking_rules_nights')),
    sa.CheckConstraint('step_minutes BETWEEN 5 AND 480', name=op.f('ck_booking_rules_step_minutes')),
    sa.CheckConstraint('usual_minutes BETWEEN 15 AND 2400', name=op.f('ck_booking_rules_usual_minutes')),
    sa.ForeignKeyConstraint(['location_id'], ['locations.id'], name=op.f('fk_booking_rules_location_id_locations'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('location_id', name=op.f('pk_booking_rules'))
    )
    op.create_table('busy_times',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('company_id', sa.BigInteger(), nullable=False),
    sa.Column('location_id', sa.BigInteger(), nullable=False),
    sa.Column('shopmonkey_id', sa.Text(), nullable=False),
    sa.Column('shopmonkey_order_id', sa.Text(), nullable=True),
    sa.Column('name', sa.Text(), server_default='', nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recurring', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('abilities', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_busy_times_order')),
    sa.ForeignKeyConstraint(['company_id'], ['companies.id'], name=op.f('fk_busy_times_company_id_companies')),
    sa.ForeignKeyConstraint(['location_id'], ['locations.id'], name=op.f('fk_busy_times_location_id_locations'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_busy_times')),
    sa.UniqueConstraint('location_id', 'shopmonkey_id', 'starts_at', name=op.f('uq_busy_times_location_id_shopmonkey_id_starts_at'))
    )
    op.create_index('ix_busy_times_location_ends', 'busy_times', ['location_id', 'ends_at'], unique=False)
    op.create_table('special_days',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('location_id', sa.BigInteger(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('stretches', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint('first_day <= last_day', name=op.f('ck_special_days_order')),
    sa.ForeignKeyConstraint(['location_id'], ['locations.id'], name=op.f('fk_special_days_location_id_locations'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_special_days'))
    )
    op.create_index('ix_special_days_location', 'special_days', ['location_id', 'last_day'], unique=False)
    op.create_table('appointments',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('company_id', sa.BigInteger(), nullable=False),
    sa.Column('location_id', sa.BigInteger(), nullable=False),
    sa.Column('lead_id', sa.BigInteger(), nullable=True),
    sa.Column('bay_id', sa.BigInteger(), nullable=True),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('busy_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('during', postgresql.TSTZRANGE(), sa.Computed('tstzrange(starts_at, busy_until)', persisted=True), nullable=False),
    sa.Column('hold_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('hold_renewed', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('abilities', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('price_kind', sa.Text(), nullable=False),
    sa.Column('low_cents', sa.BigInteger(), nullable=True),
    sa.Column('high_cents', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('price_wording', sa.Text(), nullable=False),
    sa.Column('client_id', sa.Text(), nullable=False),
    sa.Column('sequence', sa.Integer(), server_default='0', nullable=False),
    sa.Column('customer_name', sa.Text(), nullable=True),
    sa.Column('customer_phone', sa.Text(), nullable=True),
    sa.Column('customer_email', sa.Text(), nullable=True),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.Column('booked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    postgresql.ExcludeConstraint((sa.text("int8range(bay_id, bay_id, '[]')"), '&&'), (sa.column('during'), '&&'), where=sa.text("status IN ('held', 'booked') AND bay_id IS NOT NULL"), using='gist', name='ex_appointments_bay_during'),
    sa.CheckConstraint("(status = 'held') = (hold_until IS NOT NULL)", name=op.f('ck_appointments_hold')),
    sa.CheckConstraint("status IN ('held', 'booked', 'cancelled', 'no_show', 'done', 'expired')", name=op.f('ck_appointments_status')),
    sa.CheckConstraint('starts_at < ends_at AND ends_at <= busy_until', name=op.f('ck_appointments_order')),
    sa.ForeignKeyConstraint(['bay_id'], ['bays.id'], name=op.f('fk_appointments_bay_id_bays'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['company_id'], ['companies.id'], name=op.f('fk_appointments_company_id_companies')),
    sa.ForeignKeyConstraint(['lead_id'], ['leads.id'], name=op.f('fk_appointments_lead_id_leads')),
    sa.ForeignKeyConstraint(['location_id'], ['locations.id'], name=op.f('fk_appointments_location_id_locations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appointments')),
    sa.UniqueConstraint('public_id', name=op.f('uq_appointments_public_id'))
    )
    op.create_index('ix_appointments_ahead', 'appointments', ['location_id', 'busy_until'], unique=False, postgresql_where=sa.text("status IN ('held', 'booked')"))
    op.create_index('ix_appointments_bay', 'appointments', ['bay_id'], unique=False)
    op.create_index('ix_appointments_holds', 'appointments', ['hold_until'], unique=False, postgresql_where=sa.text("status = 'held'"))
    op.create_index('ix_appointments_lead', 'appointments', ['lead_id', 'starts_at'], unique=False)
    op.create_index('ix_appointments_location_starts', 'appointments', ['location_id', 'starts_at'], unique=False)
    op.create_index('uq_appointments_lead_client', 'appointments', ['lead_id', 'client_id'], unique=True, postgresql_where=sa.text('lead_id IS NOT NULL'))
    op.create_index('uq_appointments_location_client', 'appointments', ['location_id', 'client_id'], unique=True, postgresql_where=sa.text('lead_id IS NULL'))
    op.create_table('blocks',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('location_id', sa.BigInteger(), nullable=False),
    sa.Column('bay_id', sa.BigInteger(), nullable=True),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('why', sa.Text(), server_default='', nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_blocks_order')),
    sa.ForeignKeyConstraint(['bay_id'], ['bays.id'], name=op.f('fk_blocks_bay_id_bays'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['location_id'], ['locations.id'], name=op.f('fk_blocks_location_id_locations'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_blocks'))
    )
    op.create_index(op.f('ix_blocks_bay_id'), 'blocks', ['bay_id'], unique=False)
    op.create_index('ix_blocks_location_ends', 'blocks', ['location_id', 'ends_at'], unique=False)
    op.create_table('appointment_changes',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('appointment_id', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('change', sa.Text(), nullable=False),
    sa.Column('actor_kind', sa.Text(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('why', sa.Text(), server_default='', nullable=False),
    sa.Column('from_status', sa.Text(), nullable=True),
    sa.Column('to_status', sa.Text(), nullable=False),
    sa.Column('from_starts_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('to_starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('from_bay_id', sa.BigInteger(), nullable=True),
    sa.Column('to_bay_id', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['appointment_id'], ['appointments.id'], name=op.f('fk_appointment_changes_appointment_id_appointments'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appointment_changes'))
    )
    op.create_index('ix_appointment_changes_appointment', 'appointment_changes', ['appointment_id', 'id'], unique=False)
    op.create_table('appointment_services',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('appointment_id', sa.BigInteger(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('service_id', sa.BigInteger(), nullable=True),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('low_cents', sa.BigInteger(), nullable=True),
    sa.Column('high_cents', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('wording', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['appointment_id'], ['appointments.id'], name=op.f('fk_appointment_services_appointment_id_appointments'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['service_id'], ['services.id'], name=op.f('fk_appointment_services_service_id_services'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appointment_services')),
    sa.UniqueConstraint('appointment_id', 'position', name=op.f('uq_appointment_services_appointment_id_position'))
    )



def downgrade():

    op.drop_table('appointment_services')
    op.drop_index('ix_appointment_changes_appointment', table_name='appointment_changes')
    op.drop_table('appointment_changes')
    op.drop_index('ix_blocks_location_ends', table_name='blocks')
    op.drop_index(op.f('ix_blocks_bay_id'), table_name='blocks')
    op.drop_table('blocks')
    op.drop_index('uq_appointments_location_client', table_name='appointments', postgresql_where=sa.text('lead_id IS NULL'))
    op.drop_index('uq_appointments_lead_client', table_name='appointments', postgresql_where=sa.text('lead_id IS NOT NULL'))
    op.drop_index('ix_appointments_location_starts', table_name='appointments')
    op.drop_index('ix_appointments_lead', table_name='appointments')
    op.drop_index('ix_appointments_holds', table_name='appointments', postgresql_where=sa.text("status = 'held'"))
    op.drop_index('ix_appointments_bay', table_name='appointments')
    op.drop_index('ix_appointments_ahead', table_name='appointments', postgresql_where=sa.text("status IN ('held', 'booked')"))
    op.drop_table('appointments')
    op.drop_index('ix_special_days_location', table_name='special_days')
    op.drop_table('special_days')
    op.drop_index('ix_busy_times_location_ends', table_name='busy_times')
    op.drop_table('busy_times')
    op.drop_table('booking_rules')

