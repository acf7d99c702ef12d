"""A ShopMonkey that answers over HTTP: programmable rows, and faults that are used up one by one."""

import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

KEY = "sm-test-key"


@dataclass(frozen=True)
class Fault:
    """One odd answer. `hang` seconds pass first; `cut` closes the connection instead of answering."""

    status: int = 503
    body: str = '{"success": false, "message": "not now"}'
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    hang: float = 0.0
    cut: bool = False


FIREWALL = Fault(403, "<html>Attention Required!</html>", content_type="text/html; charset=UTF-8")


@dataclass
class ShopMonkeyServer:
    """What it holds (JSON rows by id) and what was asked of it."""

    url: str = ""
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    services: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    customers: dict[str, dict[str, Any]] = field(default_factory=dict)
    vehicles: dict[str, dict[str, Any]] = field(default_factory=dict)
    locations: dict[str, dict[str, Any]] = field(default_factory=dict)
    canned: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: deque[Fault] = field(default_factory=deque)
    calls: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    ids_asked: list[list[str]] = field(default_factory=list)
    written: list[tuple[str, str, Any]] = field(default_factory=list)
    page_size: int = 100
    busiest: int = 0
    busy: int = 0
    slow: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.calls]

    def put_order(self, order_id: str, **given: Any) -> dict[str, Any]:
        """A fresh website quote unless told otherwise; a second call changes the row and raises its version."""
        before = self.orders.get(order_id)
        row = before or {
            "id": order_id,
            "number": 1042,
            "name": "New Quote Auto Window Tinting",
            "status": "Estimate",
            "authorized": False,
            "createdDate": "2026-11-02T15:00:00.000Z",
            "meta": {"version": 0},
        }
        version = row["meta"]["version"] + 1 if row.get("meta") else 0
        self.orders[order_id] = {**row, "meta": {"version": version}, **given}
        return self.orders[order_id]

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, Any]:
        parts = [unquote(part) for part in path.removeprefix("/v3/").split("/")]
        match parts:
            case ["order"]:
                return 200, self._list(self._created_between(query), query)
            case ["order", order_id, "service"]:
                return 200, {"success": True, "data": self.services.get(order_id, [])}
            case ["location"]:
                return 200, self._list(list(self.locations.values()), query)
            case ["canned_service"]:
                mine = [row for row in self.canned.values() if row.get("locationId") == query.get("locationId")]
                return 200, self._list(mine, query)
            case [("order" | "customer" | "vehicle") as table, row_id]:
                row = getattr(self, f"{table}s").get(row_id)
                return (200, {"success": True, "data": row}) if row else (404, {"success": False, "message": "none"})
        return 404, {"success": False, "message": "no such path"}

    def _created_between(self, query: dict[str, str]) -> list[dict[str, Any]]:
        bounds = json.loads(query.get("where", "{}")).get("createdDate", {})
        since, until = bounds.get("gte"), bounds.get("lte")
        return [
            row
            for row in self.orders.values()
            if (not since or _time(row["createdDate"]) >= _time(since))
            and (not until or _time(row["createdDate"]) <= _time(until))
        ]

    def _list(self, found: list[dict[str, Any]], query: dict[str, str]) -> dict[str, Any]:
        limit = min(int(query.get("limit", "100")), self.page_size)
        skip = int(query.get("skip", "0"))
        page = found[skip : skip + limit]
        meta = {"total": len(found), "hasMore": skip + len(page) < len(found)}
        return {"success": True, "data": page, "meta": meta}


def _time(written: str) -> datetime:
    return datetime.fromisoformat(written)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    told: ShopMonkeyServer

    def do_POST(self) -> None:
        self.do_GET()

    do_PUT = do_PATCH = do_DELETE = do_POST  # noqa: N815

    def do_GET(self) -> None:
        with self.told.lock:
            self.told.busy += 1
            self.told.busiest = max(self.told.busiest, self.told.busy)
        try:
            self._answer()
        finally:
            with self.told.lock:
                self.told.busy -= 1

    def _answer(self) -> None:
        address = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(address.query).items()}
        sent = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        with self.told.lock:
            self.told.calls.append((address.path, query, dict(self.headers)))
            if "ids" in query:
                self.told.ids_asked.append(parse_qs(address.query)["ids"])
            if self.command != "GET":
                self.told.written.append((self.command, address.path, json.loads(sent) if sent else None))
            fault = self.told.faults.popleft() if self.told.faults else None
        time.sleep(fault.hang if fault else self.told.slow)
        if fault and fault.cut:
            self.close_connection = True
            self.connection.close()
            return
        if fault:
            self._send(fault.status, fault.body, fault.content_type, fault.headers)
        elif self.headers.get("Authorization") != f"Bearer {KEY}":
            self._send(401, '{"success": false, "code": "AUTH-1", "message": "bad key"}', "application/json", {})
        elif self.command != "GET":
            taken = {"success": True, "data": {"id": "new", **json.loads(sent or "{}")}}
            self._send(200, json.dumps(taken), "application/json", {})
        else:
            status, content = self.told.answer(address.path, query)
            self._send(status, json.dumps(content), "application/json", {})

    def _send(self, status: int, body: str, content_type: str, headers: dict[str, str]) -> None:
        written = body.encode()
        self.send_response(status)
        told = {"Content-Type": content_type, "Content-Length": str(len(written)), "X-Request-Id": "sm-request-1"}
        for name, value in {**told, **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(written)
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A cut connection is what was asked for."""


@contextmanager
def shopmonkey_server() -> Iterator[ShopMonkeyServer]:
    """Serve on a free loopback port until the block ends."""
    told = ShopMonkeyServer()
    server = _Quiet(("127.0.0.1", 0), type("Handler", (_Handler,), {"told": told}))
    told.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
