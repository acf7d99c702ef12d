"""One page or one piece of it from the same view, and compressed HTML."""

import gzip

import brotli
from flask import Flask, Response, request

COMPRESSIBLE = ("text/html", "application/json", "text/css")
SMALLEST = 1024


def wants_fragment() -> bool:
    """Whether htmx asks for a piece of the page. A restored history entry needs the whole page."""
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-History-Restore-Request") != "true"
        and request.headers.get("HX-Request-Type") != "full"
    )


def init_rendering(app: Flask) -> None:
    """Compress dynamic pages, and tell caches what an answer depends on."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.vary.add("HX-Request")
    if response.mimetype not in COMPRESSIBLE or response.is_streamed or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    accepted = request.headers.get("Accept-Encoding", "")
    if len(body) < SMALLEST:
        return response
    if "br" in accepted:
        response.set_data(brotli.compress(body, quality=5))
        response.headers["Content-Encoding"] = "br"
    elif "gzip" in accepted:
        response.set_data(gzip.compress(body, 6))
        response.headers["Content-Encoding"] = "gzip"
    return response
