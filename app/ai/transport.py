"""A lean HTTP/1.1 transport for the SDKs: one socket, the C parser, no work per token beyond that.

Proxies (HTTPS_PROXY) and HTTP/2 are out of its scope.
"""

import select
import socket
import ssl
import time
from functools import partial

import certifi
import httpx2

from app.ai.response_body import ClosedBeforeAnswer, ResponseBody, timed_out, timeout_of

IDLE_SECONDS = 30.0  # below the idle limits of the providers' load balancers (60 s and more)
KEPT_PER_HOST = 64

Origin = tuple[str, str, int]


class LeanTransport(httpx2.BaseTransport):
    """Sends requests over kept-alive connections; `read` of the request's timeout is looked up before every receive.

    TLS certificates are checked against certifi's roots and those named by SSL_CERT_FILE or SSL_CERT_DIR.
    Raises the httpx2 errors the SDKs know. Safe for threads and greenlets.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self._idle: dict[Origin, list[tuple[socket.socket, float]]] = {}

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """The response with its headers read and its body unread. An idle connection the server has just
        closed is replaced once by a fresh one."""
        head_and_body = _wire_form(request)
        kept = self._take_idle(_origin(request))
        if kept is not None:
            try:
                return self._exchange(kept, request, head_and_body)
            except ClosedBeforeAnswer:
                pass  # ended by the server while it lay idle; asking again has no side effect
        return self._exchange(self._connect(request), request, head_and_body)

    def close(self) -> None:
        """Close the idle connections."""
        for kept in list(self._idle.values()):
            while kept:
                kept.pop()[0].close()

    def _give_back(self, origin: Origin, connection: socket.socket) -> None:
        kept = self._idle.setdefault(origin, [])
        if len(kept) < KEPT_PER_HOST:
            kept.append((connection, time.monotonic()))
        else:
            connection.close()

    def _exchange(self, connection: socket.socket, request: httpx2.Request, data: bytes) -> httpx2.Response:
        body = ResponseBody(connection, request, partial(self._give_back, _origin(request)))
        try:
            body.send(data)
            body.read_head()
        except BaseException:
            connection.close()
            raise
        extensions = {"http_version": b"HTTP/1.1", "reason_phrase": body.reason}
        return httpx2.Response(body.status, headers=body.headers, stream=body, extensions=extensions)

    def _take_idle(self, origin: Origin) -> socket.socket | None:
        kept = self._idle.get(origin)
        while kept:
            try:
                connection, since = kept.pop()
            except IndexError:  # another thread took the last one
                return None
            if time.monotonic() - since < IDLE_SECONDS and not _readable(connection):
                return connection
            connection.close()
        return None

    def _connect(self, request: httpx2.Request) -> socket.socket:
        scheme, host, port = _origin(request)
        connection = None
        try:
            connection = socket.create_connection((host, port), timeout=timeout_of(request, "connect"))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if scheme == "https":
                connection = self._tls_context().wrap_socket(connection, server_hostname=host)
        except OSError as error:
            if connection is not None:
                connection.close()
            kind = httpx2.ConnectTimeout if timed_out(error) else httpx2.ConnectError
            raise kind(str(error), request=request) from error
        return connection

    def _tls_context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context(cafile=certifi.where())
            self._tls.set_default_verify_paths()
            self._tls.set_alpn_protocols(["http/1.1"])
        return self._tls


def _wire_form(request: httpx2.Request) -> bytes:
    body = request.read()
    if b"transfer-encoding" in {name.lower() for name, _ in request.headers.raw}:
        raise httpx2.LocalProtocolError("only bodies of known length are sent", request=request)
    lines = [b"%s %s HTTP/1.1" % (request.method.encode(), request.url.raw_path)]
    lines += [b"%s: %s" % (name, value) for name, value in request.headers.raw]
    if any(b"\r" in line or b"\n" in line for line in lines):
        raise httpx2.LocalProtocolError("a header holds a line break", request=request)
    return b"\r\n".join([*lines, b"", body])


def _origin(request: httpx2.Request) -> Origin:
    url = request.url
    return url.scheme, url.host, url.port or (443 if url.scheme == "https" else 80)


def _readable(connection: socket.socket) -> bool:
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return bool(poll.poll(0))
