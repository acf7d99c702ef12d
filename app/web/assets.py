"""Static files: read once, joined into bundles, served compressed under an address that changes with their content."""

import gzip
import hashlib
import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import brotli
from flask import Blueprint, Flask, Response, abort, current_app, request, url_for

STATIC = Path(__file__).resolve().parent.parent.parent / "static"
FOREVER = "public, max-age=31536000, immutable"
COMPRESSIBLE = (".css", ".js", ".svg", ".txt")

_GROUND = ("css/tokens.css", "css/reset.css", "css/base.css")
_HTMX = ("vendor/htmx/htmx.min.js", "vendor/htmx/hx-sse.min.js", "vendor/htmx/hx-upsert.min.js")
_TALK = ("js/viewport.js", "js/composer.js", "js/send.js", "js/scroll.js", "js/feed.js")
_UTILITIES = ("css/utilities.css",)
BUNDLES = {
    "chat.css": (*_GROUND, "css/components/*.css", "css/chat/*.css", *_UTILITIES),
    "chat.js": (*_HTMX, *_TALK, "js/chat/*.js"),
    "staff.css": (
        *_GROUND,
        "css/components/*.css",
        "css/chat/page.css",
        "css/staff*.css",
        "css/staff/*.css",
        *_UTILITIES,
    ),
    "staff.js": (*_HTMX, *_TALK, "js/staff*.js", "js/staff/*.js"),
    "sandbox.css": (*_GROUND, "css/components/*.css", "css/sandbox*.css", "css/sandbox/*.css", *_UTILITIES),
    "sandbox.js": (*_HTMX, "js/sandbox*.js", "js/sandbox/*.js"),
    "plain.css": (*_GROUND, "css/components/*.css", *_UTILITIES),
}

blueprint = Blueprint("assets", __name__)


@dataclass(frozen=True)
class Asset:
    """One file as it is served."""

    name: str
    content: bytes

    @cached_property
    def version(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:12]

    @property
    def content_type(self) -> str:
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    def encoded(self, accepted: str) -> tuple[bytes, str | None]:
        """The bytes in the best encoding that the browser takes, and that encoding's name."""
        if self.name.endswith(COMPRESSIBLE):
            if "br" in accepted:
                return _brotli(self.content), "br"
            if "gzip" in accepted:
                return _gzip(self.content), "gzip"
        return self.content, None


def init_assets(app: Flask, static: Path = STATIC) -> None:
    """Read every static file, serve them under `/static/`, and give templates `asset(name)`."""
    app.extensions["assets"] = {found.name: found for found in _collect(static)}
    app.register_blueprint(blueprint)
    app.add_template_global(asset_url, "asset")


def asset_url(name: str) -> str:
    """The address of a file or bundle. Raises KeyError for one that does not exist."""
    found: Asset = current_app.extensions["assets"][name]
    return url_for("assets.serve", version=found.version, name=name)


@blueprint.get("/static/<version>/<path:name>")
def serve(version: str, name: str) -> Response:
    found: Asset | None = current_app.extensions["assets"].get(name)
    if found is None:
        abort(404)
    body, encoding = found.encoded(request.headers.get("Accept-Encoding", ""))
    response = Response(body, content_type=found.content_type)
    # A page from before a deploy asks with the old version: it gets today's file, but must not keep it.
    response.headers["Cache-Control"] = FOREVER if version == found.version else "no-cache"
    response.headers["Vary"] = "Accept-Encoding"
    if encoding:
        response.headers["Content-Encoding"] = encoding
    return response


def _collect(static: Path) -> Iterator[Asset]:
    for path in sorted(static.rglob("*")):
        if path.is_file():
            yield Asset(str(path.relative_to(static)), path.read_bytes())
    for bundle, patterns in BUNDLES.items():
        yield Asset(bundle, _joined(static, patterns))


def _joined(static: Path, patterns: tuple[str, ...]) -> bytes:
    paths = [path for pattern in patterns for path in sorted(static.glob(pattern))]
    return b"\n".join(path.read_bytes().strip() for path in paths) + b"\n"


@lru_cache(maxsize=128)
def _brotli(content: bytes) -> bytes:
    return bytes(brotli.compress(content, quality=11))


@lru_cache(maxsize=128)
def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)
