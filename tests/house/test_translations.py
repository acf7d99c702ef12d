"""Customers read English, Spanish or French: no text for them without its translations, and none compiled long ago."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from app.messaging.segments import is_gsm, plain
from app.web.i18n import LANGUAGES, TRANSLATIONS

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
NOT_FOR_CUSTOMERS = ("staff", "sandbox", "accounts")
FOR_CUSTOMERS = [
    path
    for path in sorted(TEMPLATES.rglob("*.*"))
    if path.is_file() and path.relative_to(TEMPLATES).parts[0] not in NOT_FOR_CUSTOMERS
]
OTHER_LANGUAGES = LANGUAGES[1:]
IN_TEXT_MESSAGES = {"app/touchpoints/content.py", "templates/chat/fresh_link.txt"}

HOW = "run `make translations`, then translate what is empty"
CALL = re.compile(r"(?<!\w)_\(\s*(?:\"([^\"]+)\"|'([^']+)')")
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
# What is left of a template when everything is taken out that is not text of its own.
NO_TEXT = re.compile(r"{% block body_class %}.*?{% endblock %}|{#.*?#}|{%.*?%}|{{.*?}}|<!--.*?-->|<[^<>]*>|&\w+;", re.S)
WORD = re.compile(r"[^\W\d_]{2,}")
SPOKEN_ATTRIBUTE = re.compile(r"(?:aria-label|placeholder|alt|title|data-words|data-failed|data-ask)=\"([^\"{]*)")
NAMES = {"Lead", "Orchestrator"}


def messages(catalog: Catalog) -> dict[str, str]:
    return {str(message.id): str(message.string) for message in catalog if message.id}


def catalogue(language: str, kind: str = "po") -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / f"messages.{kind}"


def read(language: str) -> Catalog:
    with catalogue(language).open("rb") as file:
        return read_po(file, locale=language)


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What customers can read, found as `make translations` finds it."""
    target = tmp_path_factory.mktemp("translations") / "messages.pot"
    mapping = ROOT / "pyproject.toml"
    arguments = ["--quiet", "extract", "-F", str(mapping), "--ignore-dirs", ".*", "-o", str(target), str(ROOT)]
    CommandLineInterface().run(["pybabel", *arguments])
    with target.open("rb") as file:
        return read_po(file)


def test_no_marked_text_is_overlooked(extracted):
    """Text inside an f-string, or in a folder that the extraction passes by, would never be translated."""
    marked = {
        double or single
        for path in [*ROOT.glob("app/**/*.py"), *FOR_CUSTOMERS]
        for double, single in CALL.findall(path.read_text())
    }

    assert len(marked) > 50
    assert marked - set(messages(extracted)) == set()


@pytest.mark.parametrize("path", FOR_CUSTOMERS, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_text_stands_in_a_template_unmarked(path):
    source = path.read_text()
    text = " ".join([NO_TEXT.sub(" ", source), *SPOKEN_ATTRIBUTE.findall(source)])

    assert set(WORD.findall(text)) - NAMES == set()


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_every_text_is_translated_and_nothing_else_is_kept(extracted, language):
    found = messages(read(language))

    assert set(messages(extracted)) - set(found) == set(), HOW
    assert set(found) - set(messages(extracted)) == set(), HOW
    assert [text for text, translation in found.items() if not translation.strip()] == [], HOW
    assert [message.id for message in read(language) if message.id and message.fuzzy] == []


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_a_translation_has_the_same_placeholders(language):
    def placeholders(text: str) -> list[str]:
        assert "%" not in PLACEHOLDER.sub("", text), text
        return sorted(PLACEHOLDER.findall(text))

    for text, translation in messages(read(language)).items():
        assert placeholders(translation) == placeholders(text), text


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_no_translation_can_break_the_page_around_it(language):
    """Jinja takes a translation for markup, and some stand in attributes."""
    assert [text for text in messages(read(language)).values() if re.search(r"[<>&\"]", text)] == []


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_the_words_of_text_messages_fit_the_cheap_alphabet(language):
    """One letter outside the GSM alphabet more than doubles a message."""
    texts = [message for message in read(language) if {place for place, _ in message.locations} & IN_TEXT_MESSAGES]
    sent = [str(message.string) for message in texts]

    assert len(sent) >= 2
    assert [text for text in sent if not is_gsm(plain(text))] == []


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_what_is_compiled_is_what_is_written(language):
    compiled = BytesIO()
    write_mo(compiled, read(language))
    compiled.seek(0)

    with catalogue(language, "mo").open("rb") as file:
        assert messages(read_mo(file)) == messages(read_mo(compiled)), HOW
