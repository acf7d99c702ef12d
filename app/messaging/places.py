"""Where a recipient may be: what quiet hours are asked for. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """One place where the recipient may be: an IANA time zone, and the US state's or Canadian province's code where it
    is known. An empty or unknown zone means that nobody can say what time it is there."""

    zone: str
    region: str | None = None
