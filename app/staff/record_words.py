"""A person's record in lines that can be read aloud. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

Row = Mapping[str, Any]


def sections(record: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Title and lines of each part of the record, in the order in which people ask."""
    tell = {
        "Consents": ("consents", _consent),
        "Attested wording": ("attestations", _attestation),
        "Numbers that cannot receive texts": ("numbers_that_cannot_receive_texts", _bad_number),
        "Messages sent, and not sent": ("deliveries", _delivery),
        "Planned contact": ("touch_points", _touch_point),
        "Conversation": ("messages", _message),
        "What happened": ("timeline", lambda row: f"{_when(row['at'])}: {row['text']} ({row['actor']})"),
        "Leads": ("leads", _lead),
    }
    return [(title, [line(row) for row in record[key]]) for title, (key, line) in tell.items()]


def as_text(record: Mapping[str, Any]) -> str:
    """The whole record as plain text."""
    lines = [f"Record of {', '.join(record['person']['phones'] + record['person']['emails'])}"]
    lines.append(f"Exported {_when(record['exported_at'])}")
    for title, told in sections(record):
        lines += ["", title, *(f"  {line}" for line in told or ["nothing"])]
    return "\n".join(lines)


def _when(iso: str) -> str:
    return f"{datetime.fromisoformat(iso):%Y-%m-%d %H:%M} UTC"


def _joined(parts: Sequence[str | None]) -> str:
    return ", ".join(part for part in parts if part)


def _consent(row: Row) -> str:
    said = {"opt_in": "agreed to", "opt_out": "said no to"}[row["kind"]]
    what = {"sms": "texts", "email": "email"}[row["channel"]]
    more = [
        f"source: {row['source']}",
        f"reaches the {row['scope']}",
        f"until {_when(row['expires_at'])}" if row["expires_at"] else None,
        f"wording attested as number {row['attestation_id']}" if row["attestation_id"] else None,
        f"words: “{row['wording']}”" if row["wording"] else None,
    ]
    return f"{_when(row['at'])}: {row['address']} {said} {what}, {_joined(more)}"


def _attestation(row: Row) -> str:
    head = f"{_when(row['attested_at'])}: number {row['id']}, version {row['version']}, by {row['attested_by']}"
    return f"{head}: “{row['text']}”"


def _bad_number(row: Row) -> str:
    return f"{_when(row['since'])}: {row['address']}, error {row['code'] or 'unknown'}"


def _delivery(row: Row) -> str:
    what = {"sms": "Text", "email": "Email"}[row["channel"]]
    purpose = row["purpose"].replace("_", " ")
    head = f"{_when(row['sent_at'] or row['created_at'])}: {what} to {row['recipient']} ({purpose})"
    number = f"provider's id {row['provider_id']}" if row["provider_id"] else None
    return f"{head}, {_joined([row['status'].replace('_', ' '), row['reason'], number])}: “{row['text']}”"


def _touch_point(row: Row) -> str:
    became = _joined([row["status"], row["reason"]])
    return f"{_when(row['due_at'])}: number {row['step'] + 1} by {row['channel']}, {became}"


def _message(row: Row) -> str:
    return f"{_when(row['created_at'])}: {row['author_name'] or row['author']} by {row['channel']}: “{row['text']}”"


def _lead(row: Row) -> str:
    opened = f"opened the chat {_when(row['opened_at'])}" if row["opened_at"] else "never opened the chat"
    engaged = f"first answered {_when(row['first_engaged_at'])}" if row["first_engaged_at"] else "never answered"
    order = f"order {row['order_number'] or row['shopmonkey_order_id']}"
    return f"{_when(row['created_at'])}: {order}, {row['stage']}, {opened}, {engaged}"
