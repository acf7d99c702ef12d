"""Keeps leads in step with ShopMonkey."""

from app.sync.busy_jobs import freshen_day
from app.sync.catalog import sync_catalog
from app.sync.catalog_commands import catalog_cli
from app.sync.catalog_runs import last_runs, queue_run
from app.sync.catalog_turns import sync_catalogs
from app.sync.clients import Clients, client_of, client_of_store, clients_of, real_client_of_key, real_clients
from app.sync.customers import freshen_customer
from app.sync.incoming import HANDLERS
from app.sync.jobs import (
    check_registrations,
    judge_again,
    poll_orders,
    read_all_calendars,
    refresh_stores,
    reread_orders,
)
from app.sync.orders import take_order
from app.sync.rereading import freshen
from app.sync.setups import set_stores_up
from app.sync.store_commands import store_cli
from app.sync.visit_commands import visits_cli
from app.sync.visit_events import VISIT_REACTIONS
from app.sync.visit_pushing import push_visits
from app.sync.visits import Visit, try_again, visit_changed
from app.sync.visits_strayed import put_back, strayed_visits, take_over
from app.sync.visits_stuck import stuck_count, stuck_visits

__all__ = [
    "HANDLERS",
    "VISIT_REACTIONS",
    "Clients",
    "Visit",
    "catalog_cli",
    "check_registrations",
    "client_of",
    "client_of_store",
    "clients_of",
    "freshen",
    "freshen_customer",
    "freshen_day",
    "judge_again",
    "last_runs",
    "poll_orders",
    "push_visits",
    "put_back",
    "queue_run",
    "read_all_calendars",
    "real_client_of_key",
    "real_clients",
    "refresh_stores",
    "reread_orders",
    "set_stores_up",
    "store_cli",
    "strayed_visits",
    "stuck_count",
    "stuck_visits",
    "sync_catalog",
    "sync_catalogs",
    "take_order",
    "take_over",
    "try_again",
    "visit_changed",
    "visits_cli",
]
