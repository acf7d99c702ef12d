"""Every address of the dashboard, by screen."""

from app.staff import (
    answering_routes,
    assistant_routes,
    catalog_routes,
    experiment_routes,
    inbox_routes,
    lead_routes,
    lead_rule_routes,
    provider_routes,
    stores_adding,
    stores_keys,
    stores_routes,
    stores_settings_routes,
    visit_routes,
    webhook_event_routes,
)
from app.staff.frame import blueprint

__all__ = [
    "answering_routes",
    "assistant_routes",
    "blueprint",
    "catalog_routes",
    "experiment_routes",
    "inbox_routes",
    "lead_routes",
    "lead_rule_routes",
    "provider_routes",
    "stores_adding",
    "stores_keys",
    "stores_routes",
    "stores_settings_routes",
    "visit_routes",
    "webhook_event_routes",
]
