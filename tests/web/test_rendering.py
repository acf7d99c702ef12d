import gzip
from datetime import datetime

import brotli
import pytest
from flask import Response

from app.web.i18n import clock_time, day_name
from app.web.rendering import wants_fragment


@pytest.fixture
def pages(web_app_with):
    app = web_app_with()
    app.add_url_rule("/long", "long", lambda: "<p>word</p>" * 500)
    app.add_url_rule("/short", "short", lambda: "<p>word</p>")
    app.add_url_rule(
        "/feed", "feed", lambda: Response((b"data: x\n\n" for _ in range(500)), mimetype="text/event-stream")
    )
    return app.test_client()


@pytest.mark.parametrize(("accepted", "decode"), [("br, gzip", brotli.decompress), ("gzip", gzip.decompress)])
def test_a_long_page_is_compressed(pages, accepted, decode):
    answer = pages.get("/long", headers={"Accept-Encoding": accepted})

    assert decode(answer.data).decode() == "<p>word</p>" * 500
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_a_short_page_and_a_plain_browser_get_it_as_it_is(pages):
    assert "Content-Encoding" not in pages.get("/short", headers={"Accept-Encoding": "br"}).headers
    assert "Content-Encoding" not in pages.get("/long").headers


def test_a_live_feed_is_never_held_back_to_be_compressed(pages):
    answer = pages.get("/feed", headers={"Accept-Encoding": "br, gzip"})

    assert "Content-Encoding" not in answer.headers
    assert answer.data.startswith(b"data: x\n\n")


@pytest.mark.parametrize(
    ("headers", "piece"),
    [
        ({}, False),
        ({"HX-Request": "true"}, True),
        ({"HX-Request": "true", "HX-Request-Type": "partial"}, True),
        ({"HX-Request": "true", "HX-Request-Type": "full"}, False),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, False),
    ],
)
def test_htmx_gets_a_piece_and_everybody_else_the_page(web_app, headers, piece):
    with web_app.test_request_context(headers=headers):
        assert wants_fragment() is piece


@pytest.mark.parametrize(
    ("accepted", "lang"), [("es-MX,es;q=0.9", "es"), ("fr-CA", "fr"), ("de-DE,de;q=0.9", "en"), ("", "en")]
)
def test_the_page_says_which_language_it_is_in(web_client, accepted, lang):
    assert f'<html lang="{lang}">' in web_client.get("/", headers={"Accept-Language": accepted}).text


def test_times_read_as_people_write_them(web_app):
    six, half_past = datetime(2026, 11, 23, 18), datetime(2026, 11, 23, 9, 30)  # noqa: DTZ001  a store's own clock
    assert clock_time(six) == "6 PM"
    assert clock_time(half_past) == "9:30 AM"
    assert day_name(six) == "Monday"
    with web_app.app_context(), web_app.test_request_context(headers={"Accept-Language": "fr"}):
        assert clock_time(six) == "18\u00a0h"
        assert clock_time(half_past) == "9\u00a0h\u00a030"
        assert day_name(six) == "lundi"
    with web_app.app_context(), web_app.test_request_context(headers={"Accept-Language": "es"}):
        assert clock_time(six) == "las 6 p.\u00a0m."
        assert clock_time(six.replace(hour=13)) == "la 1 p.\u00a0m."
