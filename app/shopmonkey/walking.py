"""Walking lists that are neither ordered nor complete (measured by ngsalmon/shopmonkey-api-quirks)."""

from collections.abc import Callable, Iterable
from typing import Any

from app.shopmonkey.reading import child, rows, text, whole

PAGE = 100
WALKS = 4
# A walk ends here even where `hasMore` never does.
MOST_PAGES = 200
# 21 are answered 400.
IDS_AT_ONCE = 20

Json = dict[str, Any]
Ask = Callable[[str, Json], Json]


def total_of(answer: Json) -> int | None:
    """How many ShopMonkey says that there are; it is known to count too many at times."""
    return whole(child(answer.get("meta")).get("total"))


def id_of(row: Json) -> str | None:
    """What a row is known by."""
    return text(row.get("id"))


def walk_once(
    ask: Ask, path: str, asked: Json | None = None, named: Callable[[Json], str | None] = id_of
) -> tuple[dict[str, Json], int]:
    """The rows that one walk shows, by id or as they are `named`, and the promised number of them."""
    found: dict[str, Json] = {}
    total = 0
    for page in range(MOST_PAGES):
        answer = ask(path, {**(asked or {}), "limit": PAGE, "skip": page * PAGE})
        seen = rows(answer.get("data"))
        found.update({key: row for row in seen if (key := named(row))})
        total = total_of(answer) or len(found)
        if not seen or child(answer.get("meta")).get("hasMore") is not True:
            break
    return found, total


def walk_until_whole(ask: Ask, path: str, asked: Json | None = None) -> list[Json]:
    """The rows of a short list: a few walks, joined by id until the promised number is there."""
    return joined_walks(ask, path, asked)[0]


def joined_walks(
    ask: Ask, path: str, asked: Json | None = None, named: Callable[[Json], str | None] = id_of
) -> tuple[list[Json], bool]:
    """The same, and whether the promised number is there."""
    found: dict[str, Json] = {}
    for _ in range(WALKS):
        seen, total = walk_once(ask, path, asked, named)
        found.update(seen)
        if len(found) >= total:
            return list(found.values()), True
    return list(found.values()), False


def read_by_ids(ask: Ask, path: str, ids: Iterable[str]) -> list[Json]:
    """The rows of those ids, as many as one call may name at a time."""
    wanted = list(dict.fromkeys(ids))
    found: dict[str, Json] = {}
    for start in range(0, len(wanted), IDS_AT_ONCE):
        some = wanted[start : start + IDS_AT_ONCE]
        answer = ask(path, {"ids": some, "limit": PAGE})
        found.update({key: row for row in rows(answer.get("data")) if (key := text(row.get("id"))) in some})
    return list(found.values())
