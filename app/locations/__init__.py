"""Companies (ShopMonkey accounts) and locations (stores): who they are, and which settings hold where."""

from app.locations.access import UnknownStore, company_by_shopmonkey_id, find_by_shopmonkey_id, store_of
from app.locations.settings import StoreSettings, settings_for

__all__ = [
    "StoreSettings",
    "UnknownStore",
    "company_by_shopmonkey_id",
    "find_by_shopmonkey_id",
    "settings_for",
    "store_of",
]
