"""How badly the stand-in behaves: each bad manner of the real API can be switched, for every process at once."""

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.sandbox.tables import settings

NAME = "shopmonkey_manners"


@dataclass(frozen=True, slots=True)
class Manners:
    """Shares are between 0 and 1. The defaults are what the real API was seen to do on a good day."""

    # Lists
    shuffled: bool = True
    missing: float = 0.0
    overcount: int = 0
    clamped: bool = True
    dollars_dropped: bool = True
    orderby_refused: bool = True
    ids_at_most: int = 20
    location_ignored: bool = False
    deleted_listed: bool = True
    deleted_is_404: bool = False
    recurring_hidden: bool = True
    # Answers. `lost` writes are carried out, and then answered as `lost_as` says: 502, hang or cut.
    calls_a_minute: int = 6_000
    latency: float = 0.0
    down: bool = False
    failing: float = 0.0
    hanging: float = 0.0
    hang_seconds: float = 35.0
    blocked: float = 0.0
    lost: float = 0.0
    lost_as: str = "502"
    # Writes
    unknown_dropped: bool = True
    technician_dropped: bool = True
    name_and_color_required: bool = True
    empty_delete_refused: bool = True
    # Webhooks. `delay` is the most seconds by which a reordered delivery comes late.
    told_dropped: float = 0.0
    told_twice: float = 0.0
    told_reordered: float = 0.0
    delay: float = 2.0
    signature: str = "v1-base64"
    attempts: int = 4
    within: float = 55.0
    pause_scale: float = 1.0
    error_after: int = 1
    disabled_after: int = 20
    # The same seed gives the same chances again.
    seed: int | None = None


def changed(manners: Manners, given: dict[str, Any]) -> Manners:
    """The manners with some of them switched. Raises ValueError for an unknown name or an odd value."""
    kinds = {part.name: type(getattr(Manners(), part.name)) for part in fields(Manners)}
    for name, value in given.items():
        if name not in kinds:
            raise ValueError(f"there is no switch {name!r}")
        if name == "seed":
            continue
        right = (int, float) if kinds[name] is float else kinds[name]
        if not isinstance(value, right) or (isinstance(value, bool) and kinds[name] is not bool):
            raise ValueError(f"{name} must be {kinds[name].__name__}")
    return replace(manners, **given)


def manners_of(session: Session) -> Manners:
    """The manners in force."""
    kept = session.scalar(select(settings.c.value).where(settings.c.name == NAME)) or {}
    known = {part.name for part in fields(Manners)}
    return Manners(**{name: value for name, value in kept.items() if name in known})


def keep(session: Session, manners: Manners) -> None:
    """Put these manners in force."""
    keep_setting(session, NAME, asdict(manners))


def keep_setting(session: Session, name: str, value: Any) -> None:
    """Write one of the sandbox's settings."""
    statement = insert(settings).values(name=name, value=value)
    fresh = {"value": statement.excluded["value"]}
    session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=fresh))
