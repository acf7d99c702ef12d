"""Keep of ShopMonkey's deliveries only whose they are, and no quote that nothing can cost"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# What app/webhooks/arrival.py keeps of a row, and what app/catalog/pricing.py takes for a price.
NAMES = """
    UPDATE webhook_events SET payload = jsonb_build_object('data', (
        SELECT coalesce(jsonb_object_agg(key, value), '{}')
        FROM jsonb_each_text(CASE jsonb_typeof(payload -> 'data') WHEN 'object' THEN payload -> 'data' ELSE '{}' END)
        WHERE key IN ('id', 'companyId', 'locationId', 'number') AND value IS NOT NULL))
    WHERE source = 'shopmonkey'
"""
PRICES = """
    UPDATE requested_services SET price_cents = NULL WHERE price_cents NOT BETWEEN 100 AND 5000000
"""


def upgrade():
    op.execute(NAMES)
    op.execute(PRICES)
    op.create_index(
        "ix_webhook_events_received", "webhook_events", ["received_at"], unique=False, postgresql_using="brin"
    )


def downgrade():
    op.drop_index("ix_webhook_events_received", table_name="webhook_events", postgresql_using="brin")
