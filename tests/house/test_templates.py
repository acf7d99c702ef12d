"""What every template of the house keeps to, whoever wrote it."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))

INLINE = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "a style attribute": re.compile(r"\sstyle\s*=", re.I),
    "an event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "a script of htmx": re.compile(r"\shx-on|\bjs:", re.I),
    "a javascript: address": re.compile(r"javascript:", re.I),
    "a third party": re.compile(r"\b(src|href|action)=[\"'](https?:)?//", re.I),
}
IN_MAIL = "email"


def name(path: Path) -> str:
    return str(path.relative_to(TEMPLATES))


# Mail clients know no stylesheets: there, inline style is the only one.
SCREENS = [path for path in PAGES if IN_MAIL not in name(path)]


@pytest.mark.parametrize("path", SCREENS, ids=name)
def test_nothing_that_the_content_policy_forbids(path):
    text = path.read_text()

    for what, pattern in INLINE.items():
        assert not pattern.search(text), f"{name(path)} has {what}"


def is_page(path: Path) -> bool:
    return "{% extends" in path.read_text() and path.name != "layout.html" and not path.name.startswith("_")


@pytest.mark.parametrize("path", list(filter(is_page, SCREENS)), ids=name)
def test_every_page_has_a_title_and_a_main_part(path):
    text = path.read_text()
    while parent := re.search(r"{% extends \"([^\"]+)\"", text):
        text = re.sub(r"{% extends \"[^\"]+\" %}", "", text)
        if parent.group(1) != "layout.html":
            text += (TEMPLATES / parent.group(1)).read_text()

    assert "block title" in text, name(path)
    assert 'id="main"' in text, name(path)


@pytest.mark.parametrize("path", SCREENS, ids=name)
def test_no_template_trusts_text_blindly(path):
    assert not re.search(r"\|\s*safe\b", path.read_text()), f"{name(path)} turns escaping off"


def test_there_is_one_way_to_draw_a_message():
    drawn = [name(path) for path in PAGES if re.search(r'class="message[ "]', path.read_text())]

    assert drawn == ["chat/_message.html"]
