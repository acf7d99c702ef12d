"""Keep consent as it was given

Revision ID: 0003
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: add an entry instead', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""

# What customers' rows already say becomes the ledger's first entry of each address that has none.
FIRST_ENTRIES = """
INSERT INTO consents (company_id, channel, address, scope, kind, source, at)
SELECT DISTINCT company_id, {channel}, {address}, 'company', 'opt_in', 'ShopMonkey opt-in', now()
FROM customers
WHERE {flag} AND {address} IS NOT NULL AND NOT EXISTS (
  SELECT FROM consents WHERE consents.company_id = customers.company_id AND channel = {channel}
    AND consents.address = {address}
)
"""


def upgrade() -> None:
    op.create_table(
        "consent_attestations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("location_id", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=True),
        sa.Column("covers_sms", sa.Boolean(), nullable=False),
        sa.Column("covers_email", sa.Boolean(), nullable=False),
        sa.Column("attested_by", sa.Text(), nullable=False),
        sa.Column("attested_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("covers_sms OR covers_email", name=op.f("ck_consent_attestations_covers")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_consent_attestations_company_id_companies")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_consent_attestations_location_id_locations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_attestations")),
        sa.UniqueConstraint(
            "company_id",
            "location_id",
            "version",
            name=op.f("uq_consent_attestations_company_id_location_id_version"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "bad_numbers",
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_bad_numbers_company_id_companies"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("company_id", "address", name=op.f("pk_bad_numbers")),
    )
    op.add_column("consents", sa.Column("scope", sa.Text(), server_default="company", nullable=False))
    op.add_column("consents", sa.Column("attestation_id", sa.BigInteger(), nullable=True))
    op.add_column("consents", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(
        op.f("fk_consents_attestation_id_consent_attestations"),
        "consents",
        "consent_attestations",
        ["attestation_id"],
        ["id"],
    )
    op.create_check_constraint(op.f("ck_consents_scope"), "consents", "scope IN ('location', 'company', 'franchise')")
    op.create_check_constraint(
        op.f("ck_consents_location"), "consents", "scope <> 'location' OR location_id IS NOT NULL"
    )
    op.create_index(
        "ix_consents_franchise", "consents", ["channel", "address"], postgresql_where=sa.text("scope = 'franchise'")
    )
    op.add_column("deliveries", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("deliveries", sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_deliveries_counted",
        "deliveries",
        ["company_id", "recipient", "counted_at"],
        postgresql_where=sa.text("counted_at IS NOT NULL"),
    )
    for table in ("company_settings", "location_settings"):
        op.add_column(table, sa.Column("texts_from", sa.Time(), nullable=True))
        op.add_column(table, sa.Column("texts_until", sa.Time(), nullable=True))
        op.add_column(table, sa.Column("most_texts_in_24_hours", sa.Integer(), nullable=True))
    op.execute(FIRST_ENTRIES.format(channel="'sms'", address="phone", flag="sms_opt_in"))
    op.execute(FIRST_ENTRIES.format(channel="'email'", address="lower(email)", flag="email_subscribed"))
    op.execute(APPEND_ONLY)
    for table in ("consents", "consent_attestations"):
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.execute("DROP TRIGGER append_only ON consents")
    op.execute("DROP TRIGGER append_only ON consent_attestations")
    op.execute("DROP FUNCTION refuse_change")
    for table in ("company_settings", "location_settings"):
        op.drop_column(table, "most_texts_in_24_hours")
        op.drop_column(table, "texts_until")
        op.drop_column(table, "texts_from")
    op.drop_index("ix_deliveries_counted", "deliveries")
    op.drop_column("deliveries", "counted_at")
    op.drop_column("deliveries", "asked_at")
    op.drop_index("ix_consents_franchise", "consents")
    op.drop_constraint(op.f("ck_consents_location"), "consents")
    op.drop_constraint(op.f("ck_consents_scope"), "consents")
    op.drop_constraint(op.f("fk_consents_attestation_id_consent_attestations"), "consents")
    op.drop_column("consents", "expires_at")
    op.drop_column("consents", "attestation_id")
    op.drop_column("consents", "scope")
    op.drop_table("bad_numbers")
    op.drop_table("consent_attestations")
