"""Which language a customer reads: English, Spanish or French; and times as that language writes them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, force_locale, format_date, format_time, get_locale

LANGUAGES = ("en", "es", "fr")
TRANSLATIONS = Path(__file__).resolve().parent / "translations"

# As people in the US and Quebec write them: on the full hour, and between.
CLOCK = {"en": ("h a", "h:mm a"), "es": ("h a", "h:mm a"), "fr": ("H\u00a0'h'", "H\u00a0'h'\u00a0mm")}


def choose_language() -> str:
    """The conversation's own language (`g.language`) where it is known, else the browser's first that we speak."""
    spoken = _ours(g.get("language"))
    if spoken is not None:
        return spoken
    if not has_request_context():
        return LANGUAGES[0]
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


@contextmanager
def speaking(language: str | None) -> Iterator[None]:
    """Inside, `_()` and templates speak this person's language; English where none that we speak is known."""
    with force_locale(_ours(language) or LANGUAGES[0]):
        yield


def current_language() -> str:
    """The language that `_()` now speaks."""
    return str(get_locale() or LANGUAGES[0])


def clock_time(moment: datetime) -> str:
    """`6 PM` or `9:30 AM`, `18 h`; Spanish with the article that the hour asks for: `las 6 p. m.`, `la 1 p. m.`.

    The moment's own zone is kept.
    """
    language = current_language()
    words = format_time(moment, CLOCK[language][bool(moment.minute)], rebase=False).replace("\u202f", "\u00a0")
    if language == "es":
        return f"{'la' if moment.hour % 12 == 1 else 'las'} {words}"
    return words


def day_name(moment: datetime) -> str:
    """`Monday`, `lunes`, `lundi`. The moment's own zone is kept."""
    return str(format_date(moment, "EEEE", rebase=False))


def _ours(language: str | None) -> str | None:
    """`fr` for `fr-CA`; None for a language that we do not speak."""
    primary = (language or "").replace("_", "-").partition("-")[0].lower()
    return primary if primary in LANGUAGES else None


def init_i18n(app: Flask) -> None:
    """Translate templates and `_()`, and tell them the locale."""
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(TRANSLATIONS))
    Babel(app, locale_selector=choose_language)
    app.add_template_global(current_language, "current_language")
    app.add_template_filter(clock_time)
    app.add_template_filter(day_name)
