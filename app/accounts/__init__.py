"""Staff sign-in, roles, and what each may see."""

from app.accounts.access import current_staff, require_action, require_staff, staff_or_401
from app.accounts.scope import may, row_or_404, visible_locations, within
from app.accounts.sign_in import sign_in_url

__all__ = [
    "current_staff",
    "may",
    "require_action",
    "require_staff",
    "row_or_404",
    "sign_in_url",
    "staff_or_401",
    "visible_locations",
    "within",
]
