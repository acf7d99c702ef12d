import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.shopmonkey import SignatureError, sign, verify

SECRET = "super-secret"
NOW = 1710000000
BODY = b'{"apiVersion":"3","operation":"INSERT","table":"order","data":{"id":"o1"}}'
BASE64 = "zU/4m2XsWaYUqzxFuQcI2FmEzK+WFJDHAYYN74eotIo="
HEX = "cd4ff89b65ec59a614ab3c45b90708d85984ccaf961490c701860def87a8b48a"
WHSEC = "whsec_" + base64.b64encode(b"a key of thirty-two bytes, or so").decode()


def headers(signature: str, delivery: str = "wh_123", timestamp: str = str(NOW)) -> dict[str, str]:
    return {"webhook-id": delivery, "webhook-timestamp": timestamp, "webhook-signature": signature}


@pytest.mark.parametrize(
    "signature",
    [
        f"v1,{BASE64}",
        f"v1={BASE64}",
        BASE64,
        f"v1,{HEX}",
        f"v1={HEX}",
        HEX,
        f"v1,bm90IHRoaXMgb25l v1,{BASE64}",
        f"v1,{BASE64} v2,somethingelse",
    ],
)
def test_every_known_form_of_a_right_signature_is_taken(signature: str) -> None:
    verify(SECRET, headers(signature), BODY, NOW)


@pytest.mark.parametrize("style", ["v1-base64", "v1-hex", "base64", "hex"])
def test_what_we_sign_we_take(style: str) -> None:
    verify(SECRET, headers(sign(SECRET, "wh_123", NOW, BODY, style)), BODY, NOW)
    for secret_style in (style, f"whsec-{style}"):
        verify(WHSEC, headers(sign(WHSEC, "wh_123", NOW, BODY, secret_style)), BODY, NOW)


def test_the_vector_is_what_sign_makes() -> None:
    assert sign(SECRET, "wh_123", NOW, BODY) == f"v1,{BASE64}"
    assert sign(SECRET, "wh_123", NOW, BODY, "hex") == HEX


@pytest.mark.parametrize(
    ("given_headers", "body", "now", "secret", "reason"),
    [
        (headers(f"v1,{BASE64}"), BODY + b" ", NOW, SECRET, "no signature matches"),
        (headers(f"v1,{BASE64}"), BODY, NOW, "other-secret", "no signature matches"),
        (headers(f"v1,{BASE64}", delivery="wh_124"), BODY, NOW, SECRET, "no signature matches"),
        (headers(f"v1,{BASE64}", timestamp=str(NOW + 1)), BODY, NOW, SECRET, "no signature matches"),
        (headers(f"v1,{BASE64}"), BODY, NOW + 301, SECRET, "too far"),
        (headers(f"v1,{BASE64}"), BODY, NOW - 301, SECRET, "too far"),
        (headers(f"v1,{BASE64}", timestamp="soon"), BODY, NOW, SECRET, "not a number"),
        (headers(f"v1,{BASE64}", timestamp="-5"), BODY, NOW, SECRET, "not a number"),
        (headers(""), BODY, NOW, SECRET, "missing"),
        (headers("v1, v1="), BODY, NOW, SECRET, "missing"),
        ({}, BODY, NOW, SECRET, "missing"),
        (headers(f"v1,{BASE64}"), BODY, NOW, "", "no secret"),
        (headers("v1,čšž"), BODY, NOW, SECRET, "no signature matches"),
    ],
)
def test_anything_else_is_refused_with_a_reason(given_headers, body, now, secret, reason) -> None:
    with pytest.raises(SignatureError, match=reason):
        verify(secret, given_headers, body, now)


def test_a_whsec_secret_without_a_key_inside_signs_nothing() -> None:
    with pytest.raises(SignatureError, match="no signature matches"):
        verify("whsec_", headers(sign("whsec_", "wh_123", NOW, BODY, "whsec-hex")), BODY, NOW)


@settings(deadline=None)
@given(body=st.binary(min_size=1, max_size=200), at=st.integers(0), bit=st.integers(0, 7))
def test_no_flipped_bit_passes(body: bytes, at: int, bit: int) -> None:
    signature = sign(SECRET, "wh_1", NOW, body)
    position = at % len(body)
    tampered = bytes([*body[:position], body[position] ^ (1 << bit), *body[position + 1 :]])
    with pytest.raises(SignatureError):
        verify(SECRET, headers(signature, "wh_1"), tampered, NOW)
