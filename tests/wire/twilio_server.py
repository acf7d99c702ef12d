"""A local server that speaks the part of Twilio's Messages API that we use, and misbehaves as told.

`server.script` is a list of what to do with the next requests: "ok", one of REFUSALS, "html" (a gateway's 502), "lost"
(the same after taking the message), "garbage", "hang" (takes it and never answers), "reset" (takes it and drops the
line). Empty means "ok".
`server.call_back` tells what became of a message, and `server.text_us` sends a text of a person, signed as Twilio does.
"""

import base64
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import requests
from twilio.request_validator import RequestValidator

ACCOUNT = "AC" + "a" * 32
TOKEN = "token"

REFUSALS = {
    "opted_out": (400, 21610, "Attempt to send to unsubscribed recipient"),
    "bad_number": (400, 21211, "The 'To' number is not a valid phone number"),
    "busy": (429, 20429, "Too Many Requests"),
    "denied": (401, 20003, "Authenticate"),
    "down": (500, 20500, "Internal Server Error"),
}


class TwilioServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script: list[str] = []
        self.messages: list[dict[str, object]] = []
        self.requests: list[dict[str, str]] = []
        self.lock = threading.Lock()
        self.closing = threading.Event()
        self.hang_seconds: float | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def next_step(self, form: dict[str, str] | None = None) -> str:
        """What to do with this request; `form` is the message, None where we are only asked."""
        with self.lock:
            return self.script.pop(0) if self.script else "ok"

    def sent_to(self, number: str) -> list[dict[str, object]]:
        """The messages to this number, oldest first."""
        return [message for message in self.messages if message["to"] == number]

    def accept(self, form: dict[str, str]) -> dict[str, object]:
        """A message as Twilio describes it after taking it."""
        now = format_datetime(datetime.now(UTC))
        with self.lock:
            message: dict[str, object] = {
                "sid": f"SM{len(self.messages) + 1:032x}",
                "account_sid": ACCOUNT,
                "to": form["To"],
                "from": form.get("From"),
                "messaging_service_sid": form.get("MessagingServiceSid"),
                "body": form["Body"],
                "status_callback": form.get("StatusCallback"),
                "status": "accepted",
                "num_segments": "2",
                "price": None,
                "price_unit": "USD",
                "date_created": now,
                "date_updated": now,
                "date_sent": None,
                "error_code": None,
                "direction": "outbound-api",
            }
            self.messages.append(message)
        return message

    def call_back(self, sid: str, status: str, error_code: int | None = None, via: str | None = None) -> int:
        """Post one status of a message to its StatusCallback; the answer's status code. `via`: the host it reaches."""
        message = next(one for one in self.messages if one["sid"] == sid)
        message["status"], message["error_code"] = status, error_code
        form = {"MessageSid": sid, "MessageStatus": status, "AccountSid": ACCOUNT, "To": str(message["to"])}
        if error_code:
            form["ErrorCode"] = str(error_code)
        return post_signed(str(message["status_callback"]), form, via)


class _Handler(BaseHTTPRequestHandler):
    server: TwilioServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.server.requests.append({**form, "path": self.path, "user": self._user()})
        step = self.server.next_step(form)
        if step in REFUSALS:
            status, code, message = REFUSALS[step]
            self._answer(status, {"status": status, "code": code, "message": message, "more_info": ""})
        elif step in ("html", "lost"):
            if step == "lost":
                self.server.accept(form)
            self._send(502, b"<html>Bad Gateway</html>", "text/html")
        elif step == "hang":
            self.server.accept(form)
            self.server.closing.wait(self.server.hang_seconds)
        elif step == "reset":
            self.server.accept(form)
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
        elif step == "garbage":
            self.server.accept(form)
            self._send(201, b"not json", "application/json")
        else:
            self._answer(201, self.server.accept(form))

    def do_GET(self) -> None:
        sid = self.path.rpartition("/")[2].partition(".")[0]
        if sid.startswith("SM"):
            message = next((one for one in self.server.messages if one["sid"] == sid), None)
            self._answer(200 if message else 404, message or {"status": 404, "code": 20404, "message": "not found"})
            return
        asked = parse_qs(urlsplit(self.path).query)
        if self.server.next_step() == "down":
            self._answer(500, {"status": 500, "code": 20500, "message": "Internal Server Error"})
            return
        found = self.server.sent_to(asked["To"][0])
        self._answer(200, {"messages": found[::-1], "next_page_uri": None, "page": 0, "page_size": 50})

    def _user(self) -> str:
        kind, _, encoded = self.headers.get("Authorization", "").partition(" ")
        return base64.b64decode(encoded).decode() if kind == "Basic" else ""

    def _answer(self, status: int, value: object) -> None:
        self._send(status, json.dumps(value).encode(), "application/json")

    def _send(self, status: int, content: bytes, content_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Quiet."""


def signed(url: str, form: dict[str, str], token: str = TOKEN) -> dict[str, str]:
    """The header by which Twilio proves that it calls `url` with this form."""
    return {"X-Twilio-Signature": RequestValidator(token).compute_signature(url, form)}


def post_signed(url: str, form: dict[str, str], via: str | None = None) -> int:
    """Post the form to `url`, or to the same path and query at `via`, signed for `url`; the answer's status code."""
    parts = urlsplit(url)
    reached = f"{via}{parts.path}{'?' + parts.query if parts.query else ''}" if via else url
    return requests.post(reached, data=form, headers=signed(url, form), timeout=10).status_code


@contextmanager
def twilio_server() -> Iterator[TwilioServer]:
    """A running server on a free port of this machine."""
    server = TwilioServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()
