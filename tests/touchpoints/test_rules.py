"""Which way a touch point goes, by day and by night."""

from datetime import UTC, datetime, timedelta

import pytest

from app.touchpoints.rules import NIGHT, ZONE_UNKNOWN, Choice, Ways, choose, stopped

NOW = datetime(2026, 11, 24, 17, tzinfo=UTC)
MORNING = NOW + timedelta(hours=10)


def ways(sms: str | None = None, email: str | None = None, sms_from: datetime | None = NOW) -> Ways:
    return Ways(sms, email, sms_from)


@pytest.mark.parametrize(
    ("wanted", "open_ways", "choice"),
    [
        ("any", ways(), Choice("sms")),
        ("any", ways(sms="No consent to texts"), Choice("email")),
        ("any", ways(email="No email address on file"), Choice("sms")),
        ("any", ways(sms_from=MORNING), Choice("email", sms_at=MORNING)),
        ("any", ways(email="x", sms_from=MORNING), Choice(None, NIGHT, MORNING, waits=True)),
        ("any", ways(sms_from=None), Choice("email")),
        ("any", ways(email="x", sms_from=None), Choice(None, ZONE_UNKNOWN, waits=True)),
        ("any", ways(sms="no phone", email="no mail"), Choice(None, "no phone; no mail")),
        ("sms", ways(sms_from=MORNING), Choice(None, NIGHT, MORNING, waits=True)),
        ("sms", ways(sms="no phone"), Choice(None, "no phone")),
        ("email", ways(sms_from=MORNING), Choice("email")),
        ("email", ways(email="no mail"), Choice(None, "no mail")),
    ],
)
def test_the_channel(wanted, open_ways, choice):
    assert choose(wanted, open_ways, NOW) == choice


def test_each_stop_has_its_words_and_nothing_else_stops():
    no = {"closed": False, "engaged": False, "booked": False, "held": False}
    assert stopped(**no) is None
    assert len({stopped(**{**no, name: True}) for name in no} - {None}) == 4
