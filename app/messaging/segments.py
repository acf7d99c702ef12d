"""How many segments an SMS is billed and counted as (3GPP TS 23.038: GSM 7-bit, else UCS-2)."""

import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€\f")

# What Twilio's SmartEncoded would replace: doing it ourselves keeps our count and its bill the same. Trade marks in a
# store's name would more than double the bill.
PLAIN = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-", "‐": "-",
        "‑": "-", "…": "...", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u200b": None, "\ufeff": None, "•": "-",
        "\t": " ", "®": None, "™": None, "©": None,
    }
)  # fmt: skip


def plain(text: str) -> str:
    """The text with typographic quotes, dashes and spaces in their GSM form and no trade marks; the rest is kept."""
    return text.translate(PLAIN)


def is_gsm(text: str) -> bool:
    """Whether the text fits the GSM alphabet, so that a segment holds 160 characters instead of 70."""
    return all(character in BASIC or character in EXTENDED for character in text)


def segments(text: str) -> int:
    """The number of segments of `text`; an empty text is one."""
    if is_gsm(text):
        return _parts([2 if character in EXTENDED else 1 for character in text], single=160, part=153)
    # UCS-2 counts UTF-16 units: a character outside the basic plane is a pair that no segment may cut.
    return _parts([2 if ord(character) > 0xFFFF else 1 for character in text], single=70, part=67)


def _parts(sizes: list[int], *, single: int, part: int) -> int:
    if sum(sizes) <= single:
        return 1
    count, used = 1, 0
    for size in sizes:
        if used + size > part:
            count, used = count + 1, 0
        used += size
    return count


def folded(text: str) -> str:
    """The text with accents that GSM lacks taken off (`Núñez` → `Nuñez`); what has no plain form is kept."""
    return "".join(character if is_gsm(character) else _base(character) for character in plain(text))


def forced(text: str) -> str:
    """The folded text without the characters that GSM cannot write at all."""
    return "".join(character for character in folded(text) if is_gsm(character))


def _base(character: str) -> str:
    base = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
    return base if base and is_gsm(base) else character
