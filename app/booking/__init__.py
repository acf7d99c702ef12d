"""When a store can take a car, and who has taken it.

Reading:

- `quoted_services(location_id, service_ids, rules, lead, quotes)` is what is to be done, with prices and durations as
  quoted; `work_of(services)` the time and the bay that it needs; `total(services)` the price of all.
- `free_slots(location_id, work, now, first, last, ignoring)` are the free times; `spread`, `in_part`,
  `on_day` and `around` choose among them.
- `appointment_of(lead_id, public_id)` is a customer's own visit, `visit_ahead(lead_id, now)` the one that is booked,
  `appointments_between(location_id, start, end)` what a calendar shows, beside `blocks_between`, `busy_between` and
  `capacity(...)` with its conflicts.
- `preview(store, work, change, now)` are the free times that a change of hours or rules would leave.

Doing, each in the caller's transaction, with `now` and an `Actor` (`CUSTOMER`, `ASSISTANT`, `SYSTEM`, `staff(name)`):
`hold(wish, now)`, `renew_hold`, `book(wish, now)`, `book_held`, `move`, `cancel`, `confirm`, `no_show`, `done`. A
refusal is `BookingRefused`: a `code`, words, and the free `slots` to offer instead; the transaction can go on after it.
Before a `hold`, `book` or `move`, outside any transaction: `freshen(location_id, starts_at, now)` has ShopMonkey's
calendar of that day read again. `confirm_by_word` and `cancel_by_word` take a customer's text.

Managers' `write_rules`, `add_block` and `remove_block` refuse with RulesRefused and BlockRefused.

`events` says what the rooms above hear. Lock order is lead, conversation, bays: what needs the conversation's row takes
it when AppointmentChanging is published.
"""

from app.booking.access import (
    appointment_of,
    appointments_between,
    blocks_between,
    busy_between,
    held_by,
    visit_ahead,
)
from app.booking.actors import ASSISTANT, CUSTOMER, SYSTEM, Actor, staff
from app.booking.appointments import book, book_held, hold, renew_hold
from app.booking.availability import Capacity, capacity, free_slots, rules_of
from app.booking.blocks import BlockRefused, add_block, remove_block
from app.booking.changes import cancel, done, move, no_show
from app.booking.confirming import cancel_by_word, confirm, confirm_by_word
from app.booking.errors import BookingRefused
from app.booking.freshness import freshen
from app.booking.locks import expire_holds
from app.booking.message_jobs import send_messages
from app.booking.preview import Change, DayPreview, preview, visits_outside
from app.booking.quoted import QuotedService, quoted_services, total, work_of
from app.booking.rule_writing import RulesPlan, RulesRefused, plan_of, write_rules
from app.booking.rules import Rules, Work
from app.booking.slots import Slot, around, in_part, on_day, spread
from app.booking.wish import Contact, Wish

__all__ = [
    "ASSISTANT",
    "CUSTOMER",
    "SYSTEM",
    "Actor",
    "BlockRefused",
    "BookingRefused",
    "Capacity",
    "Change",
    "Contact",
    "DayPreview",
    "QuotedService",
    "Rules",
    "RulesPlan",
    "RulesRefused",
    "Slot",
    "Wish",
    "Work",
    "add_block",
    "appointment_of",
    "appointments_between",
    "around",
    "blocks_between",
    "book",
    "book_held",
    "busy_between",
    "cancel",
    "cancel_by_word",
    "capacity",
    "confirm",
    "confirm_by_word",
    "done",
    "expire_holds",
    "free_slots",
    "freshen",
    "held_by",
    "hold",
    "in_part",
    "move",
    "no_show",
    "on_day",
    "plan_of",
    "preview",
    "quoted_services",
    "remove_block",
    "renew_hold",
    "rules_of",
    "send_messages",
    "spread",
    "staff",
    "total",
    "visit_ahead",
    "visits_outside",
    "work_of",
    "write_rules",
]
