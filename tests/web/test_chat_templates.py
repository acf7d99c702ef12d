"""The chat's templates on their own, with the plainest data that can fill them."""

import re
from collections import Counter
from datetime import UTC, datetime, time
from types import SimpleNamespace as Some

import pytest
from flask import Blueprint, render_template

from app.locations.hours import UNKNOWN, open_state
from tests.web.chat_stand_in import visits

MONDAY_NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)


@pytest.fixture
def chat_app(web_app_with):
    app = web_app_with()
    blueprint = Blueprint("chat", __name__, url_prefix="/chat/<public_id>")
    for rule, endpoint in (
        ("", "page"), ("/messages", "send"), ("/stream", "stream"), ("/messages", "older"), ("/catalog", "catalog"),
        ("/opening", "opened"),
    ):  # fmt: skip
        blueprint.add_url_rule(rule, endpoint, lambda public_id: "")
    app.register_blueprint(blueprint)
    app.register_blueprint(visits())
    with app.test_request_context():
        yield app


def message(seq=1, author="customer", text="Hi", status="whole", name=None, client_message_id=None):
    return Some(
        seq=seq, author=author, text=text, status=status, author_name=name, channel="web",
        created_at=MONDAY_NOON, dom_id=f"message-{client_message_id or seq}",
    )  # fmt: skip


def state(**given):
    return Some(**{"typing": False, "holder": "assistant", "holder_name": None, "waiting": False, **given})


def page(messages=(), *, lead=None, **given):
    location = Some(
        name="Tint World Coral Springs", phone="+19545550100", tagline=None, address="100 Atlantic Blvd",
        brand_color="#c8102e",
    )  # fmt: skip
    lead = lead or Some(
        public_id="Ab12", location=location, customer=Some(first_name="Maria"), vehicle=Some(name="2021 Toyota Camry")
    )
    thread = Some(
        state=state(typing=given.pop("typing", False)),
        messages=list(messages), last_seq=len(messages), has_older=given.pop("has_older", False),
    )  # fmt: skip
    context = {
        "lead": lead, "thread": thread, "quote": [], "open_state": UNKNOWN, "store_phone_display": "(954) 555-0100",
        "assistant_name": "Tina", "demo": False, "new_client_message_id": "next-id", "error": None, "draft": "",
        **given,
    }  # fmt: skip
    return render_template("chat/page.html", **context)


def test_what_a_customer_writes_is_text_and_never_markup(chat_app):
    html = render_template("chat/_message.html", message=message(text="<script>alert(1)</script>\n& **bold**"))

    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "<br>&amp; **bold**" in html


@pytest.mark.parametrize("author", ["customer", "staff", "system"])
def test_only_the_assistant_writes_markdown(chat_app, author):
    assert "<strong>" not in render_template("chat/_message.html", message=message(author=author, text="**x**"))
    assert "<strong>x</strong>" in render_template(
        "chat/_message.html", message=message(author="assistant", text="**x**")
    )


def test_a_staff_member_s_name_is_escaped_too(chat_app):
    html = render_template("chat/_message.html", message=message(author="staff", name="<b>Alex</b>"))

    assert "&lt;b&gt;Alex" in html


def test_a_message_that_is_still_written_says_so_to_screen_readers(chat_app):
    writing = render_template("chat/_message.html", message=message(author="assistant", status="streaming"))
    whole = render_template("chat/_message.html", message=message(author="assistant"))

    assert 'aria-busy="true"' in writing
    assert "message--streaming" in writing
    assert 'aria-busy="false"' in whole


def test_a_feed_item_is_the_same_partial_as_the_page_s(chat_app):
    item = message(seq=7, text="Same")

    partial = render_template("chat/_message.html", message=item)

    assert partial in render_template("chat/feed_item.stream.html", message=item, state=None)
    assert partial.strip() in page([item])


def test_a_feed_item_leaves_the_thread_s_state_alone_unless_it_changed(chat_app):
    assert "thread-state" not in render_template("chat/feed_item.stream.html", message=message(), state=None)
    assert 'hx-target="#thread-state"' in render_template(
        "chat/feed_item.stream.html", message=message(), state=state(typing=True)
    )


def test_who_answers_is_said(chat_app):
    held = render_template("chat/_thread_state.html", state=state(holder="staff", holder_name="Alex"))
    waiting = render_template("chat/_thread_state.html", state=state(waiting=True))
    typing = render_template("chat/_thread_state.html", state=state(typing=True))

    assert "Alex from the store is here" in held
    assert "asked the store" in waiting
    assert "Writing an answer" in typing
    assert "Writing an answer" not in held + waiting


def without_templates(html: str) -> str:
    return re.sub(r"<template.*?</template>", "", html, flags=re.S)


@pytest.mark.parametrize("case", ["empty", "talking", "typing"])
def test_no_id_is_used_twice_and_every_label_finds_its_field(chat_app, case):
    messages = [] if case == "empty" else [message(1), message(2, "assistant"), message(3, client_message_id="x")]
    html = without_templates(page(messages, typing=case == "typing", has_older=bool(messages)))

    ids = Counter(re.findall(r'\sid="([^"]+)"', html))
    assert [name for name, times in ids.items() if times > 1] == []
    for target in re.findall(r'\sfor="([^"]+)"', html) + re.findall(r'aria-describedby="([^"]+)"', html):
        assert target in ids
    for target in re.findall(r'hx-target="#([^"]+)"', html):
        assert target in ids or target == "catalog-results"


def test_without_javascript_the_page_looks_again_only_while_an_answer_is_written(chat_app):
    # With an address of its own: without one, a page that was reached by #latest would only scroll.
    refresh = re.compile(r'<noscript><meta http-equiv="refresh" content="2; url=/chat/\w+"></noscript>')

    assert refresh.search(page([message()], typing=True))
    assert not refresh.search(page([message()]))


def test_the_page_works_for_a_lead_of_whom_little_is_known(chat_app):
    location = Some(name="Tint World", phone=None, tagline=None, address="", brand_color="#000000")
    html = page(lead=Some(public_id="Ab12", location=location, customer=None, vehicle=None))

    assert "tel:" not in html
    assert "Welcome" in html
    assert "None" not in html


def test_prices_are_shown_as_they_were_worded(chat_app):
    lines = [
        Some(name="Ceramic Tint", wording="from $399", source="price list"),
        Some(name="Strip", wording=None, source=None),
    ]
    html = page(quote=lines)

    assert "from $399" in html
    assert "price list" in html
    assert "Ask us" in html


def test_the_assistant_says_what_it_is(chat_app):
    assert "Tina is an AI assistant" in page()
    assert "An AI assistant answers here" in page(assistant_name=None)
    assert "demo assistant" in page(demo=True)


@pytest.mark.parametrize(
    ("utc_hour", "wording"), [(17, "Open until 6 PM"), (12, "Opens at 9 AM"), (23, "Opens tomorrow at 9 AM")]
)
def test_the_page_and_the_rule_say_the_same_about_opening(chat_app, utc_hour, wording):
    hours = [(day, time(9), time(18)) for day in range(7)]
    at = open_state(hours, "America/New_York", datetime(2026, 11, 23, utc_hour, tzinfo=UTC))

    assert at.wording == wording
    assert wording in page(open_state=at)


def test_the_catalogue_is_a_page_and_a_piece(chat_app):
    lead = Some(public_id="Ab12", location=Some(name="Tint World", brand_color="#c8102e"))
    row = Some(name="Wrap <full>", description=None, price_wording="$1,999", duration_wording="")
    context = {"lead": lead, "categories": [("Wraps", [row])], "query": ""}

    piece, whole = render_template("chat/_catalog.html", **context), render_template("chat/catalog.html", **context)

    assert "<html" not in piece
    assert piece in whole
    assert "Wrap &lt;full&gt;" in piece
    assert "Nothing found" in render_template("chat/_catalog.html", lead=lead, categories=[], query="zzz")


def test_a_fresh_link_is_offered_only_for_a_link_that_was_ours(chat_app):
    ours = render_template("chat/link_problem.html", problem="expired", token="T", lead=None, outcome=None)
    forged = render_template("chat/link_problem.html", problem="forged", token=None, lead=None, outcome=None)

    assert 'action="/session/fresh-link"' in ours
    assert "<form" not in forged
