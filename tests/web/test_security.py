import pytest

from app.web.assets import asset_url
from app.web.brand import brand_url


def addresses(web_app):
    return [
        "/",
        "/nowhere",
        "/api/nowhere",
        "/webhooks/nowhere",
        "/session",
        asset_url("chat.js"),
        brand_url("#123456"),
    ]


def test_every_kind_of_answer_carries_the_safety_headers(web_app, web_client):
    for address in addresses(web_app):
        headers = web_client.get(address).headers
        assert "default-src 'self'" in headers["Content-Security-Policy"], address
        assert "unsafe" not in headers["Content-Security-Policy"], address
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], address
        assert headers["X-Content-Type-Options"] == "nosniff", address
        assert headers["X-Robots-Tag"] == "noindex", address
        assert "Strict-Transport-Security" not in headers, address


def test_a_link_never_leaks_through_the_referrer(web_client):
    assert web_client.get("/session?token=x").headers["Referrer-Policy"] == "no-referrer"
    assert web_client.get("/").headers["Referrer-Policy"] == "same-origin"


def test_pages_are_not_kept_by_caches(web_client):
    assert web_client.get("/").headers["Cache-Control"] == "no-store"
    assert web_client.get("/nowhere").headers["Cache-Control"] == "no-store"


def test_https_is_pinned_where_it_is_used(web_app_with):
    headers = web_app_with(public_url="https://chat.example").test_client().get("/").headers

    assert "max-age=" in headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "https://localhost", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_from_another_site_is_refused(web_client, headers):
    assert web_client.post("/change", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://localhost"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "same-origin"},
        {},
    ],
)
def test_our_own_form_is_taken(web_client, headers):
    assert web_client.post("/change", headers=headers).text == "changed"


def test_behind_a_proxy_that_renames_us_the_public_address_is_ours(web_app_with):
    client = web_app_with(public_url="https://chat.example").test_client()

    answer = client.post("http://10.0.0.5:8000/change", headers={"Origin": "https://chat.example"})

    assert answer.text == "changed"


def test_what_carries_its_own_signature_needs_no_origin(web_client):
    stranger = {"Origin": "https://evil.example"}

    assert web_client.post("/webhooks/change", headers=stranger).text == "changed"
    assert web_client.post("/session/change", headers={"Origin": "null"}).text == "changed"
    assert web_client.post("/change", headers={**stranger, "Authorization": "Bearer x"}).text == "changed"


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "203.0.113.7"), (2, "198.51.100.9")])
def test_only_as_many_proxies_are_believed_as_we_said(web_app_with, proxies, seen):
    app = web_app_with(trusted_proxies=proxies)
    app.add_url_rule("/who", "who", lambda: __import__("flask").request.remote_addr)

    answer = app.test_client().get("/who", headers={"X-Forwarded-For": "198.51.100.9, 203.0.113.7"})

    assert answer.text == seen


@pytest.mark.parametrize("address", ["/session?search=%00", "/session?a%00b=1", "/api/nowhere?x=%00"])
def test_a_character_that_no_text_has_is_refused_in_a_query(web_client, address):
    assert web_client.get(address).status_code == 400


def test_an_address_with_a_character_that_no_text_has_is_nowhere(web_app, web_client):
    web_app.add_url_rule("/staff/leads/<public_id>", "lead", lambda public_id: public_id)

    assert web_client.get("/staff/leads/a%00b").status_code == 404
    assert web_client.get("/staff/leads/ab").text == "ab"


def test_a_character_that_no_text_has_is_refused_in_a_form_of_staff(web_app, web_client):
    web_app.add_url_rule("/staff/form", "form", lambda: "taken", methods=["POST"])

    assert web_client.post("/staff/form", data={"email": "a\0@b"}).status_code == 400
    assert web_client.post("/staff/form", data={"email": "a@b"}).text == "taken"


@pytest.mark.parametrize(("proxies", "warnings"), [(0, 1), (1, 0)])
def test_a_proxy_that_nobody_told_us_of_is_warned_about_once(web_app_with, caplog, proxies, warnings):
    client = web_app_with(trusted_proxies=proxies).test_client()

    client.get("/nowhere")
    assert caplog.records == []
    for _ in range(3):
        client.get("/nowhere", headers={"X-Forwarded-For": "203.0.113.7"})

    assert ["TRUSTED_PROXIES" in record.getMessage() for record in caplog.records] == [True] * warnings
