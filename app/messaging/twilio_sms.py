"""SMS through Twilio's Messages API (https://www.twilio.com/docs/messaging/api/message-resource)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from queue import Empty, LifoQueue

from requests.exceptions import ConnectionError as RequestsConnectionError
from requests.exceptions import ConnectTimeout, RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance
from urllib3.exceptions import NewConnectionError

from app.messaging.port import Outgoing, Report, Sent, TransportError
from app.messaging.segments import plain

TIMEOUT_SECONDS = 10
# A message that Twilio could not pass on by then is dropped, so that it cannot leave at night.
VALID_FOR = timedelta(minutes=30)
SHORTEST_VALID = timedelta(seconds=10)
OPTED_OUT = 21610
TOO_MANY = 20429
AUTHENTICATION = 20003
ASK_ABOUT = 50


class TwilioSms:
    """Sends from a Messaging Service (`MG…`) or a number."""

    name = "twilio"
    reaches_people = True
    can_ask = True

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        sender: str | None,
        base_url: str = "https://api.twilio.com",
        status_url: str | None = None,
    ) -> None:
        self._credentials = (account_sid, auth_token)
        self._sender = sender
        self._base_url = base_url
        # Where Twilio tells what became of a message; the message's own id is added to it.
        self._status_url = status_url
        # The SDK's client keeps its last response on itself: two threads sharing one could read each other's answer.
        self._idle: LifoQueue[Client] = LifoQueue()

    def send(self, outgoing: Outgoing) -> Sent:
        """Hand one SMS to Twilio. Raises TransportError; permanent without a sender."""
        sender = outgoing.sender or self._sender
        if not sender:
            raise TransportError("no sender number or Messaging Service is set", permanent=True)
        given = {"messaging_service_sid" if sender.startswith("MG") else "from_": sender}
        if self._status_url:
            given["status_callback"] = f"{self._status_url}?delivery={outgoing.public_id}"
        valid = min(VALID_FOR, max(outgoing.valid_for or VALID_FOR, SHORTEST_VALID))
        with self._client() as client:
            message = client.messages.create(
                to=outgoing.recipient,
                body=outgoing.text,
                smart_encoded=True,
                validity_period=int(valid.total_seconds()),
                **given,
            )
        return _sent(message)

    def find(self, outgoing: Outgoing, since: datetime) -> Sent | None:
        """The newest message to this recipient with this text, made after `since`. Raises TransportError."""
        with self._client() as client:
            # No DateSent filter: it would leave out what is accepted and still waiting.
            listed = client.messages.list(to=outgoing.recipient, limit=ASK_ABOUT)
        earliest = since - timedelta(minutes=1)
        for message in listed:
            created = message.date_created
            # A service may append its own opt-out line.
            if created and created.astimezone(UTC) >= earliest and _same(message.body, outgoing.text):
                return _sent(message)
        return None

    def look_up(self, provider_id: str) -> Report:
        """The message as Twilio has it now. Raises TransportError, permanent where it knows no such message."""
        with self._client() as client:
            message = client.messages(provider_id).fetch()
        sent, code = _sent(message), str(message.error_code) if message.error_code else None
        return Report(str(message.status), code, sent.segments, sent.cost)

    @contextmanager
    def _client(self) -> Iterator[Client]:
        try:
            client = self._idle.get_nowait()
        except Empty:
            client = Client(*self._credentials, http_client=TwilioHttpClient(timeout=TIMEOUT_SECONDS))
            client.api.base_url = self._base_url
        try:
            yield client
        except TwilioRestException as error:
            raise _refusal(error) from error
        except RequestException as error:
            raise _broken(error) from error
        except (TwilioException, ValueError) as error:
            raise TransportError("its answer could not be read", unknown=True) from error
        finally:
            self._idle.put(client)


def _sent(message: MessageInstance) -> Sent:
    cost = abs(Decimal(message.price)) if message.price else None
    return Sent(str(message.sid), segments=int(message.num_segments or 0) or None, cost=cost)


def _same(theirs: str | None, ours: str) -> bool:
    return plain(theirs or "").strip().startswith(plain(ours).strip())


def _refusal(error: TwilioRestException) -> TransportError:
    """An error that Twilio answered. 5xx and 408 say nothing about the message; 4xx is a refusal."""
    status, number = int(error.status), int(error.code or 0)
    message, code = str(error.msg), str(error.code)
    if status >= 500 or status == 408:
        return TransportError(f"HTTP {status}", unknown=True, code=code)
    if status == 429 or number in (TOO_MANY, AUTHENTICATION):
        return TransportError(message, code=code)
    return TransportError(message, permanent=True, code=code, opted_out=number == OPTED_OUT)


def _broken(error: RequestException) -> TransportError:
    """No answer. Only a connection that was never made is known to have carried nothing."""
    if isinstance(error, ConnectTimeout) or _never_connected(error):
        return TransportError("Twilio could not be reached", code="connect")
    return TransportError(f"the connection broke ({type(error).__name__})", unknown=True, code="broken")


def _never_connected(error: RequestException) -> bool:
    # requests wraps urllib3's MaxRetryError, whose reason is the first error; DNS failures are NewConnectionErrors too.
    if not isinstance(error, RequestsConnectionError) or not error.args:
        return False
    reason = getattr(error.args[0], "reason", None)
    return isinstance(reason, NewConnectionError)
