"""What an order's own fields say about its lead. Pure."""

from dataclasses import dataclass
from datetime import datetime

from app.leads.stages import advanced, is_closed
from app.shopmonkey import Order

DELETED = "deleted in ShopMonkey"
ARCHIVED = "archived in ShopMonkey without payment"
GONE = "not in ShopMonkey any more"
AWAY = "its order moved to a store that has not been added here"
# A lead that was lost for one of these opens again once that is over, in these words.
OPENS_AGAIN = {
    ARCHIVED: "taken out of the archive in ShopMonkey",
    GONE: "found in ShopMonkey again",
    AWAY: "its order is at one of our stores again",
}


@dataclass(frozen=True)
class Earned:
    """The stage that an order's state earns its lead, and why."""

    stage: str
    why: str


def earned_stage(order: Order) -> Earned | None:
    """The stage that ShopMonkey's own progress earns; None while the order is an open estimate."""
    if order.deleted:
        return Earned("lost", DELETED)
    if order.paid:
        return Earned("won", "paid in ShopMonkey")
    if order.invoiced:
        return Earned("won", "invoiced in ShopMonkey")
    if order.archived:
        return Earned("lost", ARCHIVED)
    if order.authorized:
        return Earned("booked", "authorized in ShopMonkey")
    return None


def changed_at(order: Order) -> datetime | None:
    """When the order last changed, as far as it says."""
    return order.updated_at or order.created_at


def is_older(order: Order, version: int | None, updated_at: datetime | None) -> bool:
    """Whether the order is an older state than the one already kept: by version where both have one, else by time."""
    if order.version is not None and version is not None:
        return order.version < version
    changed = changed_at(order)
    return changed is not None and updated_at is not None and changed < updated_at


def is_newer(order: Order, version: int | None, updated_at: datetime | None) -> bool:
    """Whether the order is a newer state than the one already kept, by the same measure."""
    if order.version is not None and version is not None:
        return order.version > version
    changed = changed_at(order)
    return changed is not None and (updated_at is None or changed > updated_at)


def ends_otherwise(order: Order, stage: str, closed_reason: str | None) -> bool:
    """Whether the order's flags close its lead, or open it again, be the order's version as it may.

    What ShopMonkey archives by itself need not count as a change there. Who authorizes an order changes it; and a lead
    that staff have lost, or whose visit was called off, must not be booked again by an old authorization.
    """
    earned = earned_stage(order)
    if earned and is_closed(earned.stage):
        return advanced(stage, earned.stage) != stage
    return stage == "lost" and closed_reason == ARCHIVED


def comes_back(order: Order, closed_reason: str | None, for_good: bool, store: str) -> bool:
    """Whether an order that is shown again opens the lead that was lost for want of it, though its state is the same.

    `for_good` says that the order counts as deleted: then it comes back only by another `store` than the lead's.
    """
    if order.deleted or closed_reason not in (GONE, AWAY):
        return False
    return not for_good or order.location_id not in (None, store)


def advisor_texted(order: Order, count_before: int | None, messaged_before: datetime | None) -> bool:
    """Whether somebody wrote to the customer from ShopMonkey since the state that is kept: its count or date rose.

    Where neither was kept before, nothing is told.
    """
    more = order.message_count is not None and count_before is not None and order.message_count > count_before
    later = order.messaged_at is not None and messaged_before is not None and order.messaged_at > messaged_before
    return more or later
