from datetime import timedelta

import pytest

from app.accounts import access
from app.db import db
from app.lib import clock
from tests.factories.accounts import make_staff, sign_in
from tests.factories.locations import make_location


@pytest.fixture
def ana(app):
    return make_staff(make_location())


def pass_time(**ago):
    later = clock.now() + timedelta(**ago)
    clock.use(lambda: later)


def status(client, **headers):
    return client.get("/staff/", headers=headers).status_code


def test_a_session_ends_after_twelve_idle_hours(client, ana):
    sign_in(client, ana)
    pass_time(hours=11)
    assert status(client) == 200
    pass_time(hours=11)
    assert status(client) == 200
    pass_time(hours=13)
    assert status(client) == 302


def test_a_page_that_only_polls_does_not_keep_the_session_alive(client, ana):
    sign_in(client, ana)
    pass_time(hours=11)
    assert status(client, **{"HX-Request": "true"}) == 200
    pass_time(hours=2)
    assert status(client) == 302


def test_a_session_ends_after_fourteen_days_however_busy(client, ana):
    sign_in(client, ana)
    for _ in range(14 * 24 // 10):
        pass_time(hours=10)
        assert status(client) == 200
    pass_time(hours=10)
    assert status(client) == 302


def test_closing_the_account_ends_its_sessions(client, ana):
    sign_in(client, ana)
    ana.active = False
    db.session.commit()
    assert status(client) == 302


def test_a_new_session_generation_ends_the_old_sessions(client, ana):
    sign_in(client, ana)
    ana.session_generation += 1
    db.session.commit()
    assert status(client) == 302


def test_signing_out_ends_the_session(client, ana):
    sign_in(client, ana)
    assert client.post("/staff/session/end").status_code == 303
    assert status(client) == 302


def test_signing_in_leaves_nothing_of_the_session_before(client, app):
    location = make_location()
    sign_in(client, make_staff(location))
    with client.session_transaction(path="/staff/") as session:
        session["left"] = "over"
    sign_in(client, make_staff(location, "store_manager"))
    with client.session_transaction(path="/staff/") as session:
        assert "left" not in session


def test_a_forged_cookie_is_nobody(client, ana):
    client.set_cookie("staff", "eyJzdGFmZiI6MX0.aaaa.bbbb", path="/staff")
    assert status(client) == 302


def test_a_fragment_without_a_session_gets_401_and_the_way_to_the_form(client):
    response = client.get("/staff/", headers={"HX-Request": "true"})
    assert (response.status_code, response.headers["HX-Redirect"]) == (401, "/staff/sign-in")


def test_the_cookie_is_closed_to_scripts_and_to_the_rest_of_the_site(client, ana):
    link_cookie = None
    sign_in(client, ana)
    link_cookie = client.get_cookie("staff", path="/staff")
    assert link_cookie.http_only
    assert link_cookie.same_site == "Lax"
    assert link_cookie.path == "/staff"


def test_require_staff_guards_a_view_of_any_room(client):
    guarded = access.require_staff(lambda: "secret")
    with client.application.test_request_context("/elsewhere"):
        assert guarded().status_code == 302


def test_a_copy_of_the_cookie_ends_with_signing_out(client, app, ana):
    sign_in(client, ana)
    copied = client.get_cookie("staff", path="/staff").value
    client.post("/staff/session/end")
    thief = app.test_client()
    thief.set_cookie("staff", copied, path="/staff")
    assert status(thief) == 302


def test_signing_out_with_nobody_signed_in_ends_nobodys_session(client, app, ana):
    sign_in(client, ana)
    assert app.test_client().post("/staff/session/end").status_code == 303
    assert status(client) == 200
