"""Which vendor class, which reaction to which event, which blueprints: the one page to read first."""

import importlib
from collections.abc import Sequence

from flask import Flask
from sqlalchemy import select

from app import chat, ops, sync, web, webhooks
from app.ai import clients
from app.ai.port import Provider
from app.ai.recent import health_of
from app.assistant.brief import StoreBrief
from app.booking.events import VISIT_CHANGES, AppointmentChanging
from app.booking.message_outcomes import REACTIONS as VISIT_MESSAGE_OUTCOMES
from app.booking.messages import REACTIONS as VISIT_MESSAGES
from app.chat import carrying, hand_over_alerts, hand_over_sending, inbound_email, inbound_sms, runner
from app.chat.events import HandOverAsked
from app.chat.mail_commands import commands as mail_cli
from app.chat.models import Conversation
from app.chat.moves import move_to_store
from app.chat.visits import show_visit
from app.config import Settings
from app.db import db
from app.leads.events import LeadChangedStore, LeadCreated
from app.leads.models import Lead
from app.lib import events
from app.live import init_live
from app.locations.access import store_live
from app.locations.events import StoreAdded
from app.locations.texting import limits_of
from app.messaging import DeliveryFailed, DeliveryNotSent, DeliveryUnknown, statuses
from app.messaging.transports import Transports, real_transports, twilio_account
from app.touchpoints.reactions import REACTIONS as TOUCH_POINT_REACTIONS

ROOMS_WITH_TABLES = (
    "locations", "accounts", "leads", "catalog", "assistant", "booking", "messaging",
    "ai", "chat", "touchpoints", "sync", "webhooks", "ops",
)  # fmt: skip

ROOMS_WITH_PAGES = (
    "chat.sessions", "chat.routes", "chat.api", "chat.booking_routes", "chat.booking_api", "accounts.routes",
    "staff.routes", "webhooks.routes", "webhooks.twilio_routes", "webhooks.email_routes",
)  # fmt: skip

# What becomes of messages and reports that machines brought to a door.
MESSAGE_HANDLERS: webhooks.MessageHandlers = {
    ("email", "inbound"): inbound_email.on_mail,
    ("twilio", "inbound"): inbound_sms.on_text,
    ("twilio", "status"): statuses.on_twilio_status,
}

ROOMS_WITH_COMMANDS = ("accounts", "leads", "touchpoints", "chat", "trials", "staff")


def wire(app: Flask, settings: Settings) -> None:
    """Connect the rooms: tables, vendors, reactions, pages and commands."""
    for room in ROOMS_WITH_TABLES:
        importlib.import_module(f"app.{room}.models")
    ops.init_ops(app)
    web.init_web(app)
    init_live(app)
    webhooks.init_webhooks(app)
    _vendors(app, settings)
    events.react(_reactions())
    app.extensions["webhook_handlers"] = sync.HANDLERS
    app.extensions["message_handlers"] = MESSAGE_HANDLERS
    app.extensions["freshen_lead"] = sync.freshen
    app.extensions["freshen_customer"] = sync.freshen_customer
    app.extensions["freshen_calendar"] = sync.freshen_day
    app.extensions["retry_webhook_event"] = lambda event_id, now: webhooks.retry_unknown(event_id)
    for room in ROOMS_WITH_PAGES:
        app.register_blueprint(importlib.import_module(f"app.{room}").blueprint)
    for room in ROOMS_WITH_COMMANDS:
        app.cli.add_command(importlib.import_module(f"app.{room}.commands").commands)
    app.cli.add_command(sync.catalog_cli)
    app.cli.add_command(sync.store_cli)
    app.cli.add_command(sync.visits_cli)
    app.cli.add_command(mail_cli)


def refuse_unsafe_start(app: Flask) -> None:
    """Called where a process begins to serve: raises ConfigError for a sandbox on a database with a live store."""
    if app.config["SETTINGS"].sandbox:
        from app import sandbox

        with app.app_context():
            sandbox.refuse_with_live_store()


def _vendors(app: Flask, settings: Settings) -> None:
    """The real class of each vendor; in the sandbox stand-ins, and the demo assistant where there is no key."""

    def providers_for(store: StoreBrief) -> Sequence[Provider]:
        demo_allowed = settings.sandbox and not store.live
        own = store.settings
        return clients.providers_for(
            settings, own.ai_primary, own.anthropic_model, own.openai_model, demo_allowed, own.first_token_seconds,
            own.stall_seconds,
        )  # fmt: skip

    runner.init_runner(app, providers_for)
    by_key = sync.real_client_of_key(settings)
    app.extensions["shopmonkey"], app.extensions["shopmonkey_by_key"] = sync.real_clients(settings, by_key), by_key
    app.extensions["twilio_account"] = twilio_account(settings)
    app.extensions["messaging"] = real_transports(settings, store_live, limits_of)
    for name in ("anthropic", "openai"):
        ops.register_check(app, name, lambda name=name: health_of(name, settings))  # type: ignore[misc]
    if settings.sandbox:
        # Imported only here: nothing of the sandbox is loaded where it is off.
        from app import sandbox

        sandbox.init_sandbox(app, settings)
        app.extensions["twilio_account"] = sandbox.sandbox_account(settings)
        app.extensions["messaging"] = Transports(sandbox.SandboxSms(), sandbox.SandboxEmail(), store_live, limits_of)


def _reactions() -> dict[type, tuple[events.Reaction, ...]]:
    """Event → what happens in the same transaction."""
    table = {event: tuple(reactions) for event, reactions in TOUCH_POINT_REACTIONS.items()}
    table[LeadCreated] = (_open_conversation, *table.get(LeadCreated, ()))
    table[LeadChangedStore] = (_move_conversation, *table.get(LeadChangedStore, ()))
    table[StoreAdded] = (_retry_what_waited,)
    table[AppointmentChanging] = (_lock_conversation,)
    table[HandOverAsked] = (hand_over_alerts.on_asked,)
    for event in (DeliveryFailed, DeliveryNotSent, DeliveryUnknown):
        table[event] = (*table.get(event, ()), carrying.on_not_delivered)
    for refused in (DeliveryFailed, DeliveryNotSent):
        table[refused] = (*table[refused], hand_over_sending.on_not_delivered)
    for change in VISIT_CHANGES:
        table[change] = (show_visit, *table.get(change, ()))
    for happened, reaction in (*VISIT_MESSAGES.items(), *VISIT_MESSAGE_OUTCOMES.items(), *sync.VISIT_REACTIONS.items()):
        table[happened] = (*table.get(happened, ()), reaction)
    return table


def _move_conversation(event: LeadChangedStore) -> None:
    move_to_store(event.lead_id, event.location_id)


def _open_conversation(event: LeadCreated) -> None:
    chat.open_conversation(db.session.get_one(Lead, event.lead_id))


def _lock_conversation(event: AppointmentChanging) -> None:
    """What books writes to the conversation too: its row comes after the lead's and before the bays'."""
    row = select(Conversation.id).where(Conversation.lead_id == event.lead_id)
    db.session.execute(row.with_for_update(key_share=True))


def _retry_what_waited(event: StoreAdded) -> None:
    webhooks.retry_store(event.account, event.shopmonkey_id)
