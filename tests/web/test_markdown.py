import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.markdown import render, with_line_breaks

ALLOWED = re.compile(r"</?(p|br|strong|em|ul|ol|li|a|code|pre|blockquote|hr)(\s[^<>]*)?/?>")


def test_an_answer_is_formatted():
    html = render("**Ceramic**: $399\n\n- full car\n- 3 hours\n\n[Call](tel:+19545550100)")

    assert "<strong>Ceramic</strong>: $399" in html
    assert "<li>3 hours</li>" in html
    assert 'href="tel:+19545550100"' in html


def test_one_line_end_is_a_line_end():
    assert "<br>" in render("one\ntwo")


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](http://evil.example/pixel.png)",
        "<a href='javascript:alert(1)'>x</a>",
        "<style>body{display:none}</style>",
        "<iframe src='//evil.example'></iframe>",
    ],
)
def test_no_markup_of_the_model_s_own_survives(attack):
    html = render(f"before {attack} after")

    assert "<script" not in html
    assert "<img" not in html
    assert "<style" not in html
    assert "<iframe" not in html
    assert not re.search(r"<[^>]*\son\w+=", html)
    assert "before" in html


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "vbscript:x",
        "/staff/",
        "file:///etc",
    ],
)
def test_links_lead_to_the_web_a_phone_or_a_mailbox_only(address):
    assert "href" not in render(f"[tap]({address})")
    assert "href" not in render(f"<{address}>")


def test_links_tell_no_one_where_they_came_from():
    assert 'rel="noopener noreferrer nofollow"' in render("[x](https://tintworld.com)")


def test_headings_do_not_break_the_page_s_outline():
    assert render("# Options") == "<p><strong>Options</strong></p>\n"


@given(st.text(alphabet=st.sampled_from("<>&\"'`*_[]()!#-\n /:=abcjsript1."), max_size=200))
def test_whatever_is_written_only_the_allowed_tags_come_out(text):
    for tag in re.findall(r"<[^>]*>", render(text)):
        assert ALLOWED.fullmatch(tag), tag


def test_finished_blocks_stay_as_they_are_while_the_answer_grows():
    first = render("One **two**.\n\n- a\n- b\n\n")

    assert str(render("One **two**.\n\n- a\n- b\n\nThree")).startswith(str(first))


def test_blank_lines_of_code_survive_a_stream_that_drops_them():
    assert "\n" not in render("```\na\n\nb\n```").strip()


def test_plain_text_is_escaped_with_its_lines():
    assert with_line_breaks("<b>\n\n& you") == "&lt;b&gt;<br><br>&amp; you"
