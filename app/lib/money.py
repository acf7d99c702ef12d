"""Money is integer cents with a currency."""

SIGNS = {"USD": "$", "CAD": "CA$"}


def wording(cents: int, currency: str = "USD") -> str:
    """An amount as it is shown: `$1,299`, `$49.50`, `CA$80`."""
    sign = SIGNS.get(currency, f"{currency} ")
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{sign}{whole:,}" + (f".{rest:02d}" if rest else "")
