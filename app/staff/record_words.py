"""A person's record in lines that can be read aloud, on the store's clock. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

Row = Mapping[str, Any]
When = Callable[[str], str]


def sections(record: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Title and lines of each part of the record, in the order in which people ask."""
    tell: dict[str, tuple[str, Callable[[Row, When], str]]] = {
        "Consents": ("consents", _consent),
        "Attested wording": ("attestations", _attestation),
        "Numbers that cannot receive texts": ("numbers_that_cannot_receive_texts", _bad_number),
        "Mailboxes that take no mail": ("mailboxes_that_take_no_mail", _bad_number),
        "Messages sent, and not sent": ("deliveries", _delivery),
        "What providers reported of them": ("delivery_reports", _report),
        "Emails that came in": ("incoming_emails", _incoming),
        "Planned contact": ("touch_points", _touch_point),
        "Visits": ("visits", _visit),
        "Changes of visits": ("visit_changes", _visit_change),
        "Conversation": ("messages", _message),
        "What happened": ("timeline", lambda row, when: f"{when(row['at'])}: {row['text']} ({row['actor']})"),
        "Leads": ("leads", _lead),
    }
    when = _clock_of(record)
    return [(title, [line(row, when) for row in record[key]]) for title, (key, line) in tell.items()]


def as_text(record: Mapping[str, Any]) -> str:
    """The whole record as plain text."""
    lines = [f"Record of {', '.join(record['person']['phones'] + record['person']['emails'])}"]
    lines.append(f"Exported {_clock_of(record)(record['exported_at'])}")
    for title, told in sections(record):
        lines += ["", title, *(f"  {line}" for line in told or ["nothing"])]
    return "\n".join(lines)


def _clock_of(record: Mapping[str, Any]) -> When:
    return partial(_when, ZoneInfo(record["timezone"]))


def _when(zone: ZoneInfo, iso: str) -> str:
    """`2026-11-24 12:00 EST`."""
    return f"{datetime.fromisoformat(iso).astimezone(zone):%Y-%m-%d %H:%M %Z}"


def _joined(parts: Sequence[str | None]) -> str:
    return ", ".join(part for part in parts if part)


def _consent(row: Row, when: When) -> str:
    said = {"opt_in": "agreed to", "opt_out": "said no to"}[row["kind"]]
    what = {"sms": "texts", "email": "email"}[row["channel"]]
    more = [
        f"source: {row['source']}",
        f"reaches the {row['scope']}",
        f"until {when(row['expires_at'])}" if row["expires_at"] else None,
        f"wording attested as number {row['attestation_id']}" if row["attestation_id"] else None,
        f"words: “{row['wording']}”" if row["wording"] else None,
    ]
    return f"{when(row['at'])}: {row['address']} {said} {what}, {_joined(more)}"


def _attestation(row: Row, when: When) -> str:
    head = f"{when(row['attested_at'])}: number {row['id']}, version {row['version']}, by {row['attested_by']}"
    return f"{head}: “{row['text']}”"


def _bad_number(row: Row, when: When) -> str:
    return f"{when(row['since'])}: {row['address']}, error {row['code'] or 'unknown'}"


def _delivery(row: Row, when: When) -> str:
    what = {"sms": "Text", "email": "Email"}[row["channel"]]
    purpose = row["purpose"].replace("_", " ")
    head = f"{when(row['sent_at'] or row['created_at'])}: {what} to {row['recipient']} ({purpose})"
    number = f"provider's id {row['provider_id']}" if row["provider_id"] else None
    return f"{head}, {_joined([row['status'].replace('_', ' '), row['reason'], number])}: “{row['text']}”"


def _touch_point(row: Row, when: When) -> str:
    became = _joined([row["status"], row["reason"]])
    return f"{when(row['due_at'])}: number {row['step'] + 1} by {row['channel']}, {became}"


def _message(row: Row, when: When) -> str:
    return f"{when(row['created_at'])}: {row['author_name'] or row['author']} by {row['channel']}: “{row['text']}”"


def _lead(row: Row, when: When) -> str:
    opened = f"opened the chat {when(row['opened_at'])}" if row["opened_at"] else "never opened the chat"
    engaged = f"first answered {when(row['first_engaged_at'])}" if row["first_engaged_at"] else "never answered"
    order = f"order {row['order_number'] or row['shopmonkey_order_id']}"
    return f"{when(row['created_at'])}: {order}, {row['stage']}, {opened}, {engaged}"


def _report(row: Row, when: When) -> str:
    error = f"error {row['error_code']}" if row["error_code"] else None
    return f"{when(row['at'])}: {_joined([row['status'], error, row['provider_id']])}"


def _incoming(row: Row, when: When) -> str:
    return f"{when(row['received_at'])}: {row['kind']} from {row['sender']}: “{row['subject']}”"


def _visit(row: Row, when: When) -> str:
    confirmed = f"confirmed {when(row['confirmed_at'])}" if row["confirmed_at"] else None
    return f"{when(row['starts_at'])}: {_joined([row['status'].replace('_', ' '), row['price_wording'], confirmed])}"


def _visit_change(row: Row, when: When) -> str:
    to = f"for {when(row['to_starts_at'])}" if row["to_starts_at"] else None
    return f"{when(row['at'])}: {_joined([row['change'].replace('_', ' '), to, 'by ' + row['actor'], row['why']])}"
