"""The keys that the stand-in takes: the settings' own, and those that were made beside it."""

from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sandbox.shopmonkey.manners import keep_setting
from app.sandbox.shopmonkey.shapes import COMPANY_ID
from app.sandbox.tables import settings

NAME = "shopmonkey_keys"
Keys = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Account:
    """What a key may do. Without `locations` it reads all stores; a key may lack the permission to delete."""

    key: str
    company_id: str = COMPANY_ID
    locations: tuple[str, ...] | None = None
    revoked: bool = False
    may_delete: bool = True

    def sees(self, row: dict[str, Any], kind: str) -> bool:
        """Whether the key shows that object."""
        if self.locations is None:
            return True
        place = row.get("id") if kind == "location" else row.get("locationId")
        return place is None or place in self.locations


def account_of(keys: Keys, header: str) -> Account | None:
    """Whose key stands in the Authorization header; None for a wrong or revoked one."""
    key = header.removeprefix("Bearer ")
    if not key or key == header:
        return None
    kept = keys.get(key)
    if kept is not None:
        account = _account(key, kept)
        return None if account.revoked else account
    return Account(key) if key == current_app.config["SETTINGS"].shopmonkey_api_key else None


def keep_account(session: Session, key: str, given: dict[str, Any]) -> Account:
    """Make or change a key: `companyId`, `locationIds`, `revoked`, `mayDelete`."""
    kept = keys_of(session)
    kept[key] = {**kept.get(key, {}), **given}
    keep_setting(session, NAME, kept)
    return _account(key, kept[key])


def keys_of(session: Session) -> Keys:
    """What is kept of each key."""
    return dict(session.scalar(select(settings.c.value).where(settings.c.name == NAME)) or {})


def _account(key: str, kept: dict[str, Any]) -> Account:
    places = kept.get("locationIds")
    return Account(
        key=key,
        company_id=kept.get("companyId", COMPANY_ID),
        locations=None if places is None else tuple(places),
        revoked=bool(kept.get("revoked")),
        may_delete=kept.get("mayDelete", True) is not False,
    )
