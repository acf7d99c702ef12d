"""ShopMonkey's calendar over HTTP: it takes appointments, may lose the answer, and counts what stands in it."""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "sm-calendar-key"
Json = dict[str, Any]
REQUIRED = ("name", "color", "startDate", "endDate")
STORED = {*REQUIRED, *"note orderId customerId vehicleId locationId sendConfirmation sendReminder metadata".split()}


@dataclass
class Oddity:
    """What goes wrong with one call of `method`: before it is carried out or, with `after`, when it is done.

    `act` runs at that moment; then the answer is `status`, or the connection is cut.
    """

    method: str
    after: bool = False
    status: int = 0
    body: str = '{"success": false, "message": "not now"}'
    headers: Json = field(default_factory=dict)
    act: Callable[[], object] = lambda: None


@dataclass
class Calendar:
    """`rows` by id; `late` holds appointments that were taken and are not shown yet."""

    url: str = ""
    rows: dict[str, Json] = field(default_factory=dict)
    late: list[Json] = field(default_factory=list)
    posts_are_late: bool = False
    drops: frozenset[str] = frozenset()
    may_delete: bool = True
    oddities: deque[Oddity] = field(default_factory=deque)
    calls: list[tuple[str, str, Json]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def standing(self) -> list[Json]:
        """What a person sees in the calendar, what is late among it."""
        return [row for row in [*self.rows.values(), *self.late] if not row["deleted"] and not row["cancelled"]]

    def made(self, method: str) -> list[Json]:
        """The bodies of the calls that write with that method."""
        return [body for called, path, body in self.calls if called == method and not path.endswith("/search")]

    def turn_up(self) -> None:
        for row in self.late:
            self.rows[row["id"]] = row
        self.late = []

    def answer(self, method: str, path: str, body: Json, query: Json) -> tuple[int, Json]:
        with self.lock:
            match method, path.removeprefix("/v3/appointment").strip("/"):
                case "POST", "search":
                    bounds = body["where"]["startDate"]
                    found = [row for row in self.rows.values() if bounds["gte"] <= row["startDate"] <= bounds["lte"]]
                    return 200, _listed(found)
                case "GET", "":
                    where = json.loads(query.get("where", "{}"))
                    return 200, _listed([row for row in self.rows.values() if where.items() <= row.items()])
                case "POST", "":
                    return self._post(body)
                case "PUT", row_id if row_id in self.rows and not self.rows[row_id]["deleted"]:
                    self.rows[row_id].update({name: value for name, value in body.items() if name in STORED})
                    return 200, {"success": True, "data": self.rows[row_id]}
                case "DELETE", row_id if row_id in self.rows and not self.rows[row_id]["deleted"]:
                    if not self.may_delete:
                        return 403, {"success": False, "message": "Forbidden"}
                    self.rows[row_id]["deleted"] = True
                    return 200, {"success": True, "data": {}}
                case "PATCH", address if address.split("/")[0] in self.rows and address.endswith("/cancel"):
                    row = self.rows[address.split("/")[0]]
                    row.update(cancelled=True, confirmationStatus="Declined")
                    return 200, {"success": True, "data": row}
        return 404, {"success": False, "code": "NOTF-1", "message": "appointment not found"}

    def _post(self, body: Json) -> tuple[int, Json]:
        for name in REQUIRED:
            if not body.get(name):
                return 400, {"success": False, "code": "FST", "message": f"body must have required property '{name}'"}
        number = len(self.rows) + len(self.late) + 1
        kept = {name: value for name, value in body.items() if name in STORED - self.drops}
        created = f"2026-11-02T15:{number // 60:02}:{number % 60:02}.000Z"
        row = {"id": f"appointment-{number}", "createdDate": created, "deleted": False, "cancelled": False, **kept}
        if self.posts_are_late:
            self.late.append(row)
        else:
            self.rows[row["id"]] = row
        return 200, {"success": True, "data": row}


def _listed(rows: list[Json]) -> Json:
    return {"success": True, "data": rows[:100], "meta": {"total": len(rows), "hasMore": len(rows) > 100}}


@contextmanager
def calendar_server() -> Iterator[Calendar]:  # noqa: C901 - one handler, whose methods are short
    calendar = Calendar()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: object) -> None:
            pass

        def _handle(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            calendar.calls.append((self.command, parts.path, body))
            if self.headers["Authorization"] != f"Bearer {KEY}":
                return self._send(401, json.dumps({"success": False, "message": "Unauthorized"}), {})
            odd = self._odd(parts.path)
            if odd and not odd.after:
                return self._go_wrong(odd)
            status, answer = calendar.answer(self.command, parts.path, body, query)
            return self._go_wrong(odd) if odd else self._send(status, json.dumps(answer), {})

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _handle  # noqa: N815

        def _odd(self, path: str) -> Oddity | None:
            kind = "SEARCH" if path.endswith("/search") else self.command
            with calendar.lock:
                if calendar.oddities and calendar.oddities[0].method == kind:
                    return calendar.oddities.popleft()
            return None

        def _go_wrong(self, odd: Oddity) -> None:
            odd.act()
            if odd.status:
                return self._send(odd.status, odd.body, odd.headers)
            self.close_connection = True
            return None

        def _send(self, status: int, text: str, headers: Json) -> None:
            content = text.encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    server = _Quiet(("127.0.0.1", 0), Handler)
    calendar.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield calendar
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that died or lost patience is what was asked for."""


def hang(seconds: float) -> Callable[[], object]:
    """Let that long pass."""
    return lambda: time.sleep(seconds)
