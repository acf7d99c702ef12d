"""What staff did, kept for good."""

from datetime import datetime
from typing import Any

from app.accounts.models import AuditEntry, StaffUser
from app.db import db


def record(
    staff: StaffUser, action: str, subject: str, now: datetime, detail: dict[str, Any] | None = None
) -> AuditEntry:
    """Write down that `staff` did `action` to `subject` (`lead:Ab12…`), in the caller's transaction."""
    entry = AuditEntry(
        company_id=staff.company_id,
        staff_user_id=staff.id,
        at=now,
        action=action,
        subject=subject,
        detail=detail,
    )
    db.session.add(entry)
    db.session.flush()
    return entry
