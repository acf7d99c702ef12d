"""The "other customer" form: a quote that somebody types in, checked before it becomes an order."""

from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from app.catalog.pricing import CLASSES
from app.lib.phone import normalise
from app.sandbox import catalogue
from app.sandbox.shopmonkey.orders import Quote

TYPES = {"suv": "SUV", **{name: name.capitalize() for name in CLASSES if name != "suv"}}
TEXTS = ("first_name", "last_name", "phone", "email", "store", "year", "make", "model", "type")
LONGEST = 80


@dataclass(frozen=True, slots=True)
class OtherForm:
    """What was typed, and what is wrong with it by field."""

    values: dict[str, str]
    services: tuple[str, ...]
    sms_consent: bool
    errors: dict[str, str]

    @classmethod
    def empty(cls) -> "OtherForm":
        return cls(dict.fromkeys(TEXTS, ""), (), True, {})

    @classmethod
    def read(cls, given: MultiDict[str, str]) -> "OtherForm":
        """The form as sent, with its errors."""
        values = {name: given.get(name, "").strip()[:LONGEST] for name in TEXTS}
        form = cls(values, tuple(given.getlist("services")), bool(given.get("sms_consent")), {})
        form.errors.update(form._errors())
        return form

    def quote(self) -> Quote:
        """The quote. Only for a form without errors."""
        said = self.values
        person: dict[str, Any] = {
            "firstName": said["first_name"] or None,
            "lastName": said["last_name"] or None,
            "phone": normalise(said["phone"]),
            "email": said["email"] or None,
            "smsConsent": self.sms_consent,
            "state": catalogue.store(said["store"])["state"],
        }
        vehicle = {
            "year": int(said["year"]) if said["year"] else None,
            "make": said["make"] or None,
            "model": said["model"] or None,
            "type": TYPES.get(said["type"]),
        }
        categories = [catalogue.service(said["store"], slug)["category"] for slug in self.services[:1]]
        name = f"New Quote {categories[0]}" if categories else "New Quote"
        return Quote(said["store"], person, vehicle, self.services, name, {})

    def _errors(self) -> dict[str, str]:
        said, errors = self.values, {}
        if not (said["phone"] or said["email"]):
            errors["phone"] = "A phone number or an email address is needed."
        elif said["phone"] and normalise(said["phone"]) is None:
            errors["phone"] = "This is not a phone number that can be reached, for example (954) 555-0123."
        if said["email"] and "@" not in said["email"]:
            errors["email"] = "This is not an email address."
        if said["year"] and not (_is_year(said["year"])):
            errors["year"] = "A year with four digits."
        stores = {store["key"] for store in catalogue.company()["stores"]}
        if said["store"] not in stores:
            errors["store"] = "Choose a store."
        elif set(self.services) - _slugs(said["store"]):
            errors["services"] = "This store does not offer that."
        return errors


def offered_by_category(store_key: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be asked for at the store, by category in the catalogue's order: slug and name."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in catalogue.services(store_key):
        found.setdefault(row["category"], []).append((row["id"].removeprefix(f"{store_key}-"), row["name"]))
    return list(found.items())


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 1900 <= int(text) <= 2100


def _slugs(store_key: str) -> set[str]:
    return {slug for _, rows in offered_by_category(store_key) for slug, _ in rows}
