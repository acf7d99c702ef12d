from datetime import UTC, datetime, timedelta

import pytest
from flask import Response
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from app.lib import clock
from app.web.links import COOKIE, COOKIE_PURPOSE, LinkError, read, remember_lead, remembered_leads, sign

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
OLD, NEW = "old-secret-key-of-32-characters-", "new-secret-key-of-32-characters-"


def test_a_token_gives_back_what_was_signed_and_when(web_app):
    clock.use(lambda: NOON)

    signed = read("chat-link", sign("chat-link", ["Ab12", 3]), timedelta(days=1))

    assert signed.payload == ["Ab12", 3]
    assert signed.signed_at == NOON


@pytest.mark.parametrize("position", [0, 5, -1])
def test_a_changed_token_opens_nothing(web_app, position):
    token = sign("chat-link", ["Ab12", 3])
    # the last character of base64 carries spare bits, so change it well away from its neighbour
    changed = list(token)
    changed[position] = "A" if changed[position] not in "AB" else "q"

    with pytest.raises(LinkError) as refused:
        read("chat-link", "".join(changed), None)

    assert not refused.value.expired
    assert refused.value.payload is None


@pytest.mark.parametrize("garbage", ["", ".", "a.b.c", "ü", "0" * 5000])
def test_garbage_opens_nothing(web_app, garbage):
    with pytest.raises(LinkError):
        read("chat-link", garbage, None)


def test_a_token_of_another_purpose_opens_nothing(web_app):
    with pytest.raises(LinkError):
        read("chat-link", sign("staff-sign-in", ["Ab12", 3]), None)


def test_an_old_token_is_expired_and_still_says_whose_it_was(web_app):
    clock.use(lambda: NOON)
    token = sign("chat-link", ["Ab12", 3])
    clock.use(lambda: NOON + timedelta(days=1, seconds=1))

    with pytest.raises(LinkError) as refused:
        read("chat-link", token, timedelta(days=1))

    assert refused.value.expired
    assert refused.value.payload == ["Ab12", 3]


def test_a_token_holds_to_the_end_of_its_age(web_app):
    clock.use(lambda: NOON)
    token = sign("chat-link", 1)
    clock.use(lambda: NOON + timedelta(days=1))

    assert read("chat-link", token, timedelta(days=1)).payload == 1


def test_the_first_key_signs_and_every_key_still_reads(web_app_with):
    before, between, after = (web_app_with(secret_key=keys) for keys in (OLD, f"{NEW},{OLD}", NEW))
    with before.app_context():
        old_token = sign("chat-link", "lead")
    with between.app_context():
        assert read("chat-link", old_token, None).payload == "lead"
        new_token = sign("chat-link", "lead")
    with after.app_context():
        assert read("chat-link", new_token, None).payload == "lead"
        with pytest.raises(LinkError):
            read("chat-link", old_token, None)


def remember(cookie: str, public_id: str, generation: int = 1) -> str:
    response = Response()
    remember_lead(response, asking_with(cookie), public_id, generation, NOON)
    return response.headers["Set-Cookie"].split("=", 1)[1].split(";")[0]


def asking_with(cookie: str) -> Request:
    return Request(EnvironBuilder(headers={"Cookie": f"{COOKIE}={cookie}"}).get_environ())


def test_a_browser_remembers_its_last_five_leads_newest_first(web_app):
    cookie = ""
    for number in range(7):
        cookie = remember(cookie, f"lead{number}")

    assert list(remembered_leads(asking_with(cookie))) == [
        "lead6", "lead5", "lead4", "lead3", "lead2",
    ]  # fmt: skip


def test_opening_a_lead_again_keeps_one_entry_with_the_newest_generation(web_app):
    cookie = remember(remember(remember("", "one", 1), "two"), "one", 2)

    assert remembered_leads(asking_with(cookie)) == {"one": (2, NOON), "two": (1, NOON)}


def test_a_cookie_of_before_links_had_their_time_in_it_still_opens(web_app):
    assert remembered_leads(asking_with(sign(COOKIE_PURPOSE, [["one", 2]]))) == {"one": (2, None)}


def test_a_forged_cookie_remembers_nothing(web_app):
    link = sign("chat-link", [["lead", 1]])

    assert remembered_leads(asking_with("")) == {}
    assert remembered_leads(asking_with("forged.cookie.value")) == {}
    assert remembered_leads(asking_with(link)) == {}


def test_the_cookie_is_forgotten_after_sixty_days(web_app):
    clock.use(lambda: NOON)
    cookie = remember("", "lead")
    clock.use(lambda: NOON + timedelta(days=61))

    assert remembered_leads(asking_with(cookie)) == {}


@pytest.mark.parametrize(("public_url", "secure"), [("http://localhost", False), ("https://chat.example", True)])
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(web_app_with, public_url, secure):
    with web_app_with(public_url=public_url).test_request_context():
        response = Response()
        remember_lead(response, asking_with(""), "lead", 1, NOON)

    header = response.headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Path=/" in header
    assert "Max-Age=5184000" in header
    assert ("Secure" in header) is secure
