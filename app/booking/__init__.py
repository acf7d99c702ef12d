"""When a store can take a car, and who has taken it.

Reading:

- `quoted_services(location_id, service_ids, rules, lead, quotes)` is what is to be done, with prices and durations as
  quoted; `work_of(services)` the time and the bay that it needs; `total(services)` the price of all.
- `free_slots(location_id, work, now, first, last, ignoring)` are the free times; `next_free`, `spread`, `in_part`,
  `on_day` and `around` choose among them.
- `appointment_of(lead_id, public_id)` is a customer's own visit, `visit_ahead(lead_id, now)` the one that is booked,
  `appointments_between(location_id, start, end)` what a calendar shows, beside `capacity(...)` with its conflicts.

Doing, each in the caller's transaction, with `now` and an `Actor` (`CUSTOMER`, `ASSISTANT`, `SYSTEM`, `staff(name)`):
`hold(wish, now)`, `renew_hold`, `book(wish, now)`, `book_held`, `move`, `cancel`, `confirm`, `no_show`, `done`. A
refusal is `BookingRefused`: a `code`, words, and the free `slots` to offer instead; the transaction can go on after it.
Before a `hold`, `book` or `move`, outside any transaction: `freshen(location_id, starts_at, now)` has ShopMonkey's
calendar of that day read again. `confirm_by_word` and `cancel_by_word` take a customer's text.

`events` says what the rooms above hear. Lock order is lead, conversation, bays: what needs the conversation's row takes
it when AppointmentChanging is published.
"""

from app.booking.access import appointment_of, appointments_between, held_by, visit_ahead
from app.booking.actors import ASSISTANT, CUSTOMER, SYSTEM, Actor, staff
from app.booking.appointments import book, book_held, hold, renew_hold
from app.booking.availability import Capacity, capacity, free_slots, rules_of
from app.booking.changes import cancel, done, move, no_show
from app.booking.confirming import cancel_by_word, confirm, confirm_by_word
from app.booking.errors import BookingRefused
from app.booking.freshness import freshen
from app.booking.locks import expire_holds
from app.booking.message_jobs import send_messages
from app.booking.quoted import QuotedService, quoted_services, total, work_of
from app.booking.rules import Rules, Work
from app.booking.slots import Slot, around, in_part, next_free, on_day, spread
from app.booking.wish import Contact, Wish

__all__ = [
    "ASSISTANT",
    "CUSTOMER",
    "SYSTEM",
    "Actor",
    "BookingRefused",
    "Capacity",
    "Contact",
    "QuotedService",
    "Rules",
    "Slot",
    "Wish",
    "Work",
    "appointment_of",
    "appointments_between",
    "around",
    "book",
    "book_held",
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
    "next_free",
    "no_show",
    "on_day",
    "quoted_services",
    "renew_hold",
    "rules_of",
    "send_messages",
    "spread",
    "staff",
    "total",
    "visit_ahead",
    "work_of",
]
