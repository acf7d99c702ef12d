"""Call staff to a conversation: how each wants to be told, who was told, and what staff have already seen"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("staff_users", sa.Column("phone", sa.Text(), nullable=True))
    op.add_column("staff_users", sa.Column("alert_by", sa.Text(), server_default="email", nullable=False))
    op.add_column("staff_users", sa.Column("quiet_from", sa.Time(), nullable=True))
    op.add_column("staff_users", sa.Column("quiet_until", sa.Time(), nullable=True))
    op.create_check_constraint("alert_by", "staff_users", "alert_by IN ('email', 'sms', 'none')")
    op.create_check_constraint("phone", "staff_users", "alert_by <> 'sms' OR phone IS NOT NULL")
    op.add_column("sign_ins", sa.Column("leads_to", sa.Text(), nullable=True))
    op.add_column("conversations", sa.Column("staff_called_for", sa.DateTime(timezone=True), nullable=True))
    op.add_column("conversations", sa.Column("managers_called_for", sa.DateTime(timezone=True), nullable=True))
    op.add_column("conversations", sa.Column("handed_back_seq", sa.BigInteger(), nullable=True))
    op.create_table(
        "hand_over_alerts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("location_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_user_id", sa.BigInteger(), nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_hand_over_alerts_company_id_companies")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_hand_over_alerts_location_id_locations")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_hand_over_alerts_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_user_id"],
            ["staff_users.id"],
            name=op.f("fk_hand_over_alerts_staff_user_id_staff_users"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_hand_over_alerts_delivery_id_deliveries")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over_alerts")),
        sa.UniqueConstraint(
            "conversation_id",
            "waiting_since",
            "staff_user_id",
            name=op.f("uq_hand_over_alerts_conversation_id_waiting_since_staff_user_id"),
        ),
    )
    op.create_index("ix_hand_over_alerts_delivery_id", "hand_over_alerts", ["delivery_id"], unique=False)


def downgrade():
    op.drop_index("ix_hand_over_alerts_delivery_id", table_name="hand_over_alerts")
    op.drop_table("hand_over_alerts")
    for column in ("handed_back_seq", "managers_called_for", "staff_called_for"):
        op.drop_column("conversations", column)
    op.drop_column("sign_ins", "leads_to")
    op.drop_constraint(op.f("ck_staff_users_phone"), "staff_users")
    op.drop_constraint(op.f("ck_staff_users_alert_by"), "staff_users")
    for column in ("quiet_until", "quiet_from", "alert_by", "phone"):
        op.drop_column("staff_users", column)
