"""Which ways out a process has, by its environment."""

import pytest

from app.config import ConfigError
from app.messaging.transports import closed, real_transports
from tests.conftest import settings_for_tests

TWILIO = {"twilio_account_sid": "AC1", "twilio_auth_token": "token"}
SMTP = {"smtp_url": "smtp://mail.example.com", "mail_from": "a@example.com"}


def names(**given) -> tuple[str | None, str | None]:
    found = real_transports(settings_for_tests("postgresql://x", **given), closed)
    return tuple(transport.name if transport else None for transport in (found.sms, found.email))


def test_each_is_off_until_it_is_set_up():
    assert names() == (None, None)
    assert names(**TWILIO) == ("twilio", None)
    assert names(**SMTP) == (None, "smtp")
    assert names(**TWILIO, **SMTP) == ("twilio", "smtp")
    assert names(twilio_account_sid="AC1") == (None, None)
    assert names(smtp_url="smtp://mail.example.com") == (None, None)


def test_the_real_ones_reach_people_and_only_twilio_can_be_asked():
    found = real_transports(settings_for_tests("postgresql://x", **TWILIO, **SMTP), closed)
    assert (found.sms.reaches_people, found.email.reaches_people) == (True, True)
    assert (found.sms.can_ask, found.email.can_ask) == (True, False)
    assert found.store_live(1) is False


def test_an_odd_mail_address_refuses_to_start():
    with pytest.raises(ConfigError, match="SMTP_URL"):
        names(smtp_url="mail.example.com", mail_from="a@example.com")
