"""A store's colours as a stylesheet of their own: under the strict content policy no page may carry them inline."""

import hashlib
from functools import lru_cache

from flask import Blueprint, Flask, Response, abort, url_for

from app.web.assets import FOREVER
from app.web.colour import Palette, palettes, parse

blueprint = Blueprint("brand", __name__)


def init_brand(app: Flask) -> None:
    """Serve the colours, and give templates `brand_css(colour)`."""
    app.register_blueprint(blueprint)
    app.add_template_global(brand_url, "brand_css")


def brand_url(colour: str) -> str:
    """The stylesheet of a store's brand colour. Raises ValueError when it is no colour."""
    hex_digits = parse(colour).hex.removeprefix("#")
    return url_for("brand.stylesheet", colour=hex_digits, version=_version(_css(hex_digits)))


@blueprint.get("/brand/<colour>-<version>.css")
def stylesheet(colour: str, version: str) -> Response:
    try:
        css = _css(colour)
    except ValueError:
        abort(404)
    response = Response(css, content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = FOREVER if version == _version(css) else "no-cache"
    return response


@lru_cache(maxsize=512)
def _css(colour: str) -> str:
    light, dark = palettes(parse(colour))
    return f":root{{{_tokens(light)}}}\n@media (prefers-color-scheme:dark){{:root{{{_tokens(dark)}}}}}\n"


def _tokens(palette: Palette) -> str:
    return (
        f"--brand:{palette.brand.hex};--on-brand:{palette.on_brand.hex};"
        f"--fill:{palette.fill.hex};--on-fill:{palette.on_fill.hex};--accent:{palette.accent.hex}"
    )


def _version(css: str) -> str:
    return hashlib.sha256(css.encode()).hexdigest()[:8]
