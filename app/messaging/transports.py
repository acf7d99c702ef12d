"""The two ways out that this process has, set once by wiring in `app.extensions["messaging"]`."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app

from app.config import ConfigError, Settings
from app.messaging.port import EmailTransport, SmsTransport, Transport
from app.messaging.quiet_hours import NO_LIMITS, Limits
from app.messaging.twilio_signature import TwilioAccount


def closed(location_id: int) -> bool:
    """No store is live: what holds until wiring says how to ask."""
    return False


def unlimited(location_id: int) -> Limits:
    """Only the law limits texts: what holds until wiring says how to ask."""
    return NO_LIMITS


@dataclass(frozen=True)
class Transports:
    """The transport of each channel, None where it is not set up; `store_live` says if a store may reach people, and
    `limits_of` by how much it narrows what the law allows."""

    sms: SmsTransport | None = None
    email: EmailTransport | None = None
    store_live: Callable[[int], bool] = closed
    limits_of: Callable[[int], Limits] = unlimited

    def of(self, channel: str) -> Transport | None:
        """The transport of `sms` or `email`."""
        return self.sms if channel == "sms" else self.email


def transports() -> Transports:
    """This application's transports; none where wiring has set none."""
    found: Transports = current_app.extensions.get("messaging", Transports())
    return found


def real_transports(
    settings: Settings, store_live: Callable[[int], bool], limits_of: Callable[[int], Limits] = unlimited
) -> Transports:
    """Twilio and SMTP, each where the environment sets it up. Raises ConfigError when SMTP_URL is odd."""
    # The SDK takes a second to load: a process without a key need not wait for it.
    sms: SmsTransport | None = None
    if settings.sms_ready:
        from app.messaging.twilio_sms import TwilioSms

        sms = TwilioSms(
            settings.twilio_account_sid,
            settings.twilio_auth_token,
            settings.twilio_messaging_service_sid or None,
            settings.twilio_base_url,
            # Twilio calls back on the open internet only, and tells people's numbers: never without TLS.
            f"{settings.public_url}/webhooks/twilio/status" if settings.public_url.startswith("https://") else None,
        )
    return Transports(sms, _smtp(settings), store_live, limits_of)


def _smtp(settings: Settings) -> EmailTransport | None:
    if not settings.email_ready:
        return None
    from app.messaging.smtp_email import SmtpEmail

    try:
        return SmtpEmail(settings.smtp_url, settings.mail_from)
    except ValueError as error:
        raise ConfigError(str(error)) from None


def twilio_account(settings: Settings) -> TwilioAccount | None:
    """The account whose requests are taken; None where Twilio is not set up."""
    return TwilioAccount(settings.twilio_account_sid, settings.twilio_auth_token) if settings.sms_ready else None
