"""Which language a customer reads: English, Spanish or French; and times as that language writes them."""

from datetime import datetime
from pathlib import Path

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, format_date, format_time, get_locale

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


def current_language() -> str:
    """The language that `_()` now speaks."""
    return str(get_locale() or LANGUAGES[0])


def clock_time(moment: datetime) -> str:
    """`6 PM` or `9:30 AM`; `18:00` where people count to 24. The moment's own zone is kept."""
    words = format_time(moment, "short", rebase=False).replace("\u202f", " ")
    return words.replace(":00 ", " ") if current_language() == "en" else words


def day_name(moment: datetime) -> str:
    """`Monday`, `lunes`, `lundi`. The moment's own zone is kept."""
    return str(format_date(moment, "EEEE", rebase=False))


def init_i18n(app: Flask) -> None:
    """Translate templates and `_()`, and tell them the locale."""
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(TRANSLATIONS))
    Babel(app, locale_selector=choose_language)
    app.add_template_global(current_language, "current_language")
    app.add_template_filter(clock_time)
    app.add_template_filter(day_name)
