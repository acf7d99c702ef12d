"""Finding services in a store's catalogue."""

import re
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, or_, select

from app.catalog.models import Service
from app.db import db

WORD = re.compile(r"[a-z0-9]+")
# What customers say, and what catalogues write.
SYNONYMS = {
    "ppf": "paint protection film",
    "wrap": "wraps",
    "tinted": "tint",
    "tinting": "tint",
    "windows": "window",
    "starter": "starters",
    "stereo": "audio",
    "sound": "audio",
    "speakers": "speaker",
    "alarm": "security",
    "rims": "wheels",
    "tyres": "tires",
    "bedliner": "bedliners",
    "detail": "detailing",
    "polish": "correction",
    "scratches": "correction",
}
NOISE = frozenset(
    "a an and are at can car cost do does for full get have how i in is it me much my of on or please price prices "
    "quote sedan service services suv the to truck vehicle want what with would you your".split()
)


def offered(location_id: int) -> ColumnElement[bool]:
    """The condition that keeps what customers of the store may see: not gone, and not with a price that is wrong."""
    sane = or_(Service.odd_reason.is_(None), Service.price_set_at.is_not(None))
    return (Service.location_id == location_id) & Service.gone_at.is_(None) & sane


def services_of(location_id: int) -> Sequence[Service]:
    """The store's live catalogue, by category and name."""
    query = select(Service).where(offered(location_id)).order_by(Service.category, Service.name, Service.id)
    return db.session.scalars(query).all()


def by_category(services: Iterable[Service]) -> list[tuple[str, list[Service]]]:
    """The services grouped by category, in the order they came."""
    groups: dict[str, list[Service]] = {}
    for service in services:
        groups.setdefault(service.category, []).append(service)
    return list(groups.items())


def search(services: Iterable[Service], query: str, limit: int = 8) -> list[Service]:
    """The services that answer the query best, best first: name counts over category, category over description.

    A service that matches fewer than half of the query's telling words is left out; no telling word finds nothing.
    """
    wanted = _words(query) - NOISE
    if not wanted:
        return []
    scored = [(_score(service, wanted), service) for service in services]
    hits = [(score, service) for (score, found), service in scored if found * 2 >= len(wanted)]
    hits.sort(key=lambda hit: -hit[0])
    return [service for _, service in hits[:limit]]


def _score(service: Service, wanted: set[str]) -> tuple[float, int]:
    name, category, description = _words(service.name), _words(service.category), _words(service.description)
    total, found = 0.0, 0
    for word in wanted:
        weight = 4 * (word in name) + 2 * (word in category) + (word in description)
        total += weight
        found += weight > 0
    return total - len(name - NOISE) / 100, found


def _words(text: str) -> set[str]:
    words: set[str] = set()
    for word in WORD.findall(text.lower()):
        for part in SYNONYMS.get(word, word).split():
            words.add(part[:-1] if len(part) > 3 and part.endswith("s") and not part.endswith("ss") else part)
    return words
