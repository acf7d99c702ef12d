import gzip
from pathlib import Path

import brotli
import pytest
from flask import Flask

from app.web.assets import STATIC, asset_url, init_assets

CHAT_JS_BUDGET = 22 * 1024


def serve(folder: Path) -> Flask:
    app = Flask("assets", static_folder=None)
    init_assets(app, folder)
    return app


def address_of(folder: Path, name: str) -> str:
    with serve(folder).test_request_context():
        return asset_url(name)


def test_the_address_changes_with_the_content_and_only_then(tmp_path):
    (tmp_path / "logo.svg").write_text("<svg/>")
    first, again = address_of(tmp_path, "logo.svg"), address_of(tmp_path, "logo.svg")
    (tmp_path / "logo.svg").write_text("<svg><g/></svg>")

    assert first == again
    assert address_of(tmp_path, "logo.svg") != first


def test_an_asset_is_kept_for_ever(web_app, web_client):
    answer = web_client.get(asset_url("chat.css"))

    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_a_page_from_before_a_deploy_still_gets_its_file_but_does_not_keep_it(web_client):
    answer = web_client.get("/static/0123456789ab/chat.css")

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("accepted", "encoding", "decode"),
    [("gzip, deflate, br", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress), ("", None, bytes)],
)
def test_the_best_encoding_that_the_browser_takes(web_app, web_client, accepted, encoding, decode):
    plain = web_client.get(asset_url("chat.js")).data

    answer = web_client.get(asset_url("chat.js"), headers={"Accept-Encoding": accepted})

    assert answer.headers.get("Content-Encoding") == encoding
    assert decode(answer.data) == plain
    assert answer.content_type.startswith("text/javascript")


def test_nothing_outside_the_folder_is_served(web_client):
    for name in ("../wsgi.py", "%2e%2e/wsgi.py", "/etc/passwd", "nothing.css"):
        assert web_client.get(f"/static/0123456789ab/{name}").status_code in (404, 308)


def test_an_unknown_name_is_an_error_where_the_page_is_made(web_app):
    with pytest.raises(KeyError):
        asset_url("missing.css")


def test_the_chat_script_fits_its_budget(web_app, web_client):
    answer = web_client.get(asset_url("chat.js"), headers={"Accept-Encoding": "gzip"})

    assert len(answer.data) <= CHAT_JS_BUDGET


def test_vendored_files_carry_their_version_and_licence():
    assert "4.0.1" in (STATIC / "vendor/htmx/VERSION").read_text()
    assert (STATIC / "vendor/htmx/LICENSE").read_text().strip()
