"""A response read from one socket through httptools, a recv at a time."""

import socket
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import httptools
import httpx2

RECEIVE = 65536


class ResponseBody(httpx2.SyncByteStream):
    """One response: httptools' callbacks fill it, iterating gives the body as it arrives."""

    def __init__(
        self, connection: socket.socket, request: httpx2.Request, give_back: Callable[[socket.socket], None]
    ) -> None:
        self._connection, self._request, self._give_back = connection, request, give_back
        self._limit: float | None = -1.0
        self._parser = httptools.HttpResponseParser(self)
        self._pieces: list[bytes] = []
        self._until_close = True
        self._started = self._headed = self._keepable = self._complete = self._closed = False
        self.status, self.reason = 0, b""
        self.headers: list[tuple[bytes, bytes]] = []

    # httptools calls these.
    def on_message_begin(self) -> None:
        self.headers, self.reason = [], b""

    def on_status(self, reason: bytes) -> None:
        self.reason += reason

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name, value))
        if name.lower() in (b"content-length", b"transfer-encoding"):
            self._until_close = False

    def on_headers_complete(self) -> None:
        self.status = self._parser.get_status_code()
        self._headed = self.status >= 200
        self._keepable = self._parser.should_keep_alive() and not self._until_close

    def on_body(self, piece: bytes) -> None:
        self._pieces.append(piece)

    def on_message_complete(self) -> None:
        self._complete = self._headed  # a 1xx answer is followed by the real one

    def send(self, data: bytes) -> None:
        """Send the request's bytes."""
        try:
            self._connection.settimeout(timeout_of(self._request, "write"))
            self._connection.sendall(data)
        except OSError as error:
            if timed_out(error):
                raise httpx2.WriteTimeout(str(error), request=self._request) from error
            raise ClosedBeforeAnswer(str(error), request=self._request) from error

    def read_head(self) -> None:
        """Read until status and headers are there."""
        while not self._headed:
            self._receive()

    def __iter__(self) -> Iterator[bytes]:
        while True:
            if self._pieces:
                arrived, self._pieces = self._pieces, []
                yield arrived[0] if len(arrived) == 1 else b"".join(arrived)
            if self._complete:
                return
            self._receive()

    def close(self) -> None:
        """Keep the connection when its response was read to the end, else end it."""
        if self._closed:
            return
        self._closed = True
        if self._complete and self._keepable:
            self._give_back(self._connection)
        else:
            self._connection.close()

    def _receive(self) -> None:
        try:
            limit = timeout_of(self._request, "read")
            if limit != self._limit:
                self._connection.settimeout(limit)
                self._limit = limit
            data = self._connection.recv(RECEIVE)
        except OSError as error:
            if timed_out(error):
                raise httpx2.ReadTimeout(str(error), request=self._request) from error
            kind = httpx2.ReadError if self._started else ClosedBeforeAnswer
            raise kind(str(error), request=self._request) from error
        if not data:
            self._at_end()
            return
        self._started = True
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            raise httpx2.RemoteProtocolError(f"malformed response: {error}", request=self._request) from error

    def _at_end(self) -> None:
        if self._headed and self._until_close:
            self._complete = True
            return
        kind = httpx2.RemoteProtocolError if self._started else ClosedBeforeAnswer
        raise kind("the server closed the connection in mid-answer", request=self._request)


class ClosedBeforeAnswer(httpx2.RemoteProtocolError):
    """Not one byte came back."""


def timeout_of(request: httpx2.Request, which: str) -> float | None:
    """That limit of the request as it stands now, in seconds."""
    limits: dict[str, Any] = request.extensions.get("timeout", {})
    return limits.get(which)


def timed_out(error: OSError) -> bool:
    """Whether a socket gave up waiting."""
    # gevent's TLS sockets raise SSLError("The read operation timed out") where the standard ones raise TimeoutError.
    return isinstance(error, TimeoutError) or (isinstance(error, ssl.SSLError) and "timed out" in str(error))
