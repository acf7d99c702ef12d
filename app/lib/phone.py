"""Phone numbers: kept as E.164, shown in national format."""

from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

# One message asks for the same number many times over; parsing it is slow.
KEPT = 4096

# Numbers that bill the caller or belong to an office cannot be a customer's own line.
REFUSED = {
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.PERSONAL_NUMBER,
    PhoneNumberType.UAN,
    PhoneNumberType.VOICEMAIL,
}


@lru_cache(maxsize=KEPT)
def normalise(raw: str | None, country: str = "US") -> str | None:
    """E.164 of what a person typed, or None where it is no customer's number.

    None for unparsable, toll-free and premium ones, and with an extension: E.164 would drop it and reach somebody else.
    """
    if not raw:
        return None
    try:
        number = phonenumbers.parse(raw, country)
    except NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    if phonenumbers.number_type(number) in REFUSED:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=KEPT)
def display(e164: str) -> str:
    """The number as people write it at home: `(954) 555-0100`; a foreign one with its country code."""
    try:
        number = phonenumbers.parse(e164, None)
    except NumberParseException:
        return e164
    nanp = number.country_code == 1
    form = phonenumbers.PhoneNumberFormat.NATIONAL if nanp else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)
