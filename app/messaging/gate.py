"""What may leave the house: which purposes there are, and who may be reached."""

from app.messaging.consents import normal_address

# Unasked SMS wait for daytime; the rest answers what the person has just done (see `asked.py`), or goes to staff.
UNASKED = frozenset({"touch_point", "reminder", "after_visit"})
ASKED = frozenset({"answer", "link", "confirmation", "opt_out_confirmation", "staff"})
PURPOSES = UNASKED | ASKED


def closed_to(
    channel: str, recipient: str, *, purpose: str, reaches_people: bool, live: bool, allow_list: tuple[str, ...]
) -> str | None:
    """None when this recipient may be reached, else the reason. Closed unless one of four holds: the transport stays in
    the house, it is mail to staff, the store is live, the recipient is on the allow list.

    A text to staff counts as any other: its number was typed in, and could be a stranger's."""
    if not reaches_people or (purpose == "staff" and channel == "email") or live:
        return None
    if normal_address(channel, recipient) in {normal_address(channel, entry) for entry in allow_list}:
        return None
    return "The store is not live yet, and this recipient is not on the allow list"
