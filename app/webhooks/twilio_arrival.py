"""What a request of Twilio's says, read from its verified fields. Pure."""

from collections.abc import Mapping

from app.webhooks.arrival import LONGEST, Delivery, Garbage

MOST_FIELDS = 200


def inbound_of(fields: Mapping[str, str]) -> Delivery:
    """A text that somebody sent us; raises Garbage without the fields that say whose it is."""
    sid = _short(fields, "MessageSid")
    _short(fields, "From")
    _short(fields, "To")
    return _delivery(fields, "inbound", sid, sid, operation="received", version="-")


def status_of(fields: Mapping[str, str], public_id: str) -> Delivery:
    """What became of a text of ours; raises Garbage."""
    sid, status = _short(fields, "MessageSid"), _short(fields, "MessageStatus")
    code = fields.get("ErrorCode", "")[:LONGEST] or "-"
    kept = {**fields, "delivery": public_id[:LONGEST]}
    return _delivery(kept, "status", sid, f"{sid}:{status}:{code}", operation=status, version=code)


def _delivery(
    fields: Mapping[str, str], table: str, sid: str, delivery_id: str, *, operation: str, version: str
) -> Delivery:
    if len(fields) > MOST_FIELDS:
        raise Garbage("too many fields")
    # PostgreSQL's jsonb cannot hold U+0000.
    payload = {name.replace("\x00", ""): value.replace("\x00", "") for name, value in fields.items()}
    return Delivery(
        delivery_id=delivery_id,
        account=fields.get("AccountSid", "")[:LONGEST],
        object_table=table,
        object_id=sid,
        operation=operation,
        version=version,
        payload=payload,
        request_id=None,
    )


def _short(fields: Mapping[str, str], name: str) -> str:
    value = fields.get(name, "")
    if not value or len(value) > LONGEST or "\x00" in value:
        raise Garbage(f"{name} is missing or odd")
    return value
