"""Looking at a calendar over the wire: with what the search omits, and without it where that address is gone."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.conftest import fresh_database_url
from tests.wire.stand_in import stand_in

TEN = datetime(2026, 12, 1, 15, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def shop():
    with fresh_database_url() as url, stand_in(url) as running:
        yield running


def row(row_id, start, **given):
    ends = start + timedelta(hours=1)
    stamps = {"startDate": start.isoformat(), "endDate": ends.isoformat()}
    return {"id": row_id, "name": row_id, "locationId": "here", "rruleset": None, **stamps, **given}


def seen(found):
    return sorted((one.id, one.starts_at) for one in found.appointments)


def test_recurring_ones_of_this_store_are_among_what_is_seen(shop):
    rows = [row("single", TEN), row("series", TEN, rruleset="RRULE:FREQ=WEEKLY"), row("far", TEN + 9 * DAY)]
    shop.put("appointment", [*rows, row("elsewhere", TEN, locationId="there")])
    found = shop.client().calendar("here", TEN - DAY, TEN + DAY)
    assert seen(found) == [("series", TEN), ("single", TEN)]
    assert found.whole
    [series] = [one for one in found.appointments if one.id == "series"]
    assert series.rruleset


def test_without_the_calendars_own_address_the_search_has_to_do(shop, monkeypatch):
    shop.put("appointment", [row("single", TEN), row("series", TEN, rruleset="RRULE:FREQ=WEEKLY")])
    client = shop.client()
    search = client.wire.search

    def gone(path, body):
        return search("/appointment/nowhere" if path.endswith("search_replacement") else path, body)

    monkeypatch.setattr(client.wire, "search", gone)
    found = client.calendar("here", TEN - DAY, TEN + DAY)
    assert ("single", TEN) in seen(found)
    assert ("series", TEN) not in seen(found)
    assert not found.whole
