"""Every address of the dashboard, by screen."""

from app.staff import (
    catalog_routes,
    consent_form_routes,
    inbox_routes,
    lead_routes,
    lead_rule_routes,
    person_record_routes,
    stores_adding,
    stores_keys,
    stores_routes,
    stores_settings_routes,
    texting_routes,
    visit_routes,
    webhook_event_routes,
)
from app.staff.frame import blueprint

__all__ = [
    "blueprint",
    "catalog_routes",
    "consent_form_routes",
    "inbox_routes",
    "lead_routes",
    "lead_rule_routes",
    "person_record_routes",
    "stores_adding",
    "stores_keys",
    "stores_routes",
    "stores_settings_routes",
    "texting_routes",
    "visit_routes",
    "webhook_event_routes",
]
