import json
import logging
import re

import pytest

from app.ops.logs import JsonLines
from app.ops.reports import clean


@pytest.fixture
def lines(app):
    """What would be written to the log, read back."""
    heard: list[dict] = []

    class Heard(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(json.loads(self.format(record)))

    handler = Heard()
    handler.setFormatter(JsonLines())
    logging.getLogger().addHandler(handler)
    yield heard
    logging.getLogger().removeHandler(handler)


def test_each_request_is_one_line_without_its_query(client, lines) -> None:
    answer = client.get("/api/health?token=very-secret", headers={"X-Request-Id": "from-the-proxy-1"})
    [line] = [line for line in lines if line["logger"] == "access"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/api/health", answer.status_code)
    assert line["request_id"] == "from-the-proxy-1"
    assert "very-secret" not in json.dumps(lines)
    assert line["milliseconds"] >= 0
    assert re.match(r"\d{4}-\d\d-\d\dT", line["time"])


def test_the_request_id_is_answered_and_a_forged_one_is_replaced(client) -> None:
    assert client.get("/api/health", headers={"X-Request-Id": "abc-1"}).headers["X-Request-Id"] == "abc-1"
    for odd in ("a b", "x" * 100, "é", '{"level":"fatal"}'):
        answered = client.get("/api/health", headers={"X-Request-Id": odd}).headers["X-Request-Id"]
        assert re.fullmatch(r"[0-9a-f]{32}", answered)


def test_an_exception_is_one_line_with_its_trace_and_no_secret(app, lines) -> None:
    try:
        raise RuntimeError("refused http://x/session?token=very-secret")
    except RuntimeError:
        logging.getLogger("app.somewhere").exception("failed for %s", "+19545550101")
    [line] = lines
    assert (line["level"], line["message"]) == ("error", "failed for …0101")
    assert "RuntimeError" in line["exception"]
    assert "very-secret" not in json.dumps(line)


def test_an_error_report_has_no_query_cookie_header_or_token() -> None:
    event = {
        "request": {
            "method": "GET",
            "url": "https://x/session?token=abc",
            "query_string": "token=abc",
            "headers": {"Cookie": "staff=abc"},
            "cookies": {"staff": "abc"},
        },
        "exception": {"values": [{"value": "link token=abc is odd"}]},
    }
    cleaned = clean(event, {})
    assert cleaned["request"] == {"method": "GET", "url": "https://x/session"}
    assert "abc" not in json.dumps(cleaned)
