"""Which language a customer reads: English, Spanish or French."""

from pathlib import Path

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, get_locale

LANGUAGES = ("en", "es", "fr")
TRANSLATIONS = Path(__file__).resolve().parent / "translations"


def choose_language() -> str:
    """The conversation's own language (`g.language`) where it is known, else the browser's first that we speak."""
    spoken = g.get("language")
    if spoken in LANGUAGES:
        return str(spoken)
    if not has_request_context():
        return LANGUAGES[0]
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def init_i18n(app: Flask) -> None:
    """Translate templates and `_()`, and tell them the locale."""
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(TRANSLATIONS))
    Babel(app, locale_selector=choose_language)
    app.add_template_global(get_locale, "get_locale")
