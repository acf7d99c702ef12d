import pytest

from app.ops.scrub import scrubbed, scrubbed_deep


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("GET /session?token=WyJhYmMiLDFd.aXs.9f-_x HTTP/1.1", "WyJhYmMiLDFd"),
        ("http://x/session?a=1&TOKEN=secretvalue&b=2", "secretvalue"),
        ("Authorization: Bearer sm-live-key-123", "sm-live-key-123"),
        ("{'Authorization': 'sm-live-key-123'}", "sm-live-key-123"),
        ("postgresql://lead:hunter2@db.example.com/lead", "hunter2"),
        ("sending to +19545550101 failed", "95455501"),
    ],
)
def test_no_secret_stays(text: str, secret: str) -> None:
    assert secret not in scrubbed(text)


def test_what_helps_stays() -> None:
    assert scrubbed("a=1&token=x&b=2 to +19545550101 took 20 tokens") == "a=1&token=…&b=2 to …0101 took 20 tokens"


def test_nested_texts_are_scrubbed_too() -> None:
    told = {"list": [{"url": "/session?token=abc"}], "number": 7}
    assert scrubbed_deep(told) == {"list": [{"url": "/session?token=…"}], "number": 7}
