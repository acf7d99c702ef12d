"""What a person's own words say about further messages: to stop, to start again, or to be told how. Pure.

Carriers' words are those of Twilio's default list (twilio.com/docs/messaging/tutorials/advanced-opt-out) and of 47 CFR
64.1200(a)(10), which also asks to honour any other wording that a reasonable person would read as a stop.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from app.messaging import opt_out_scorer, opt_out_text
from app.messaging.opt_out_scorer import Reading

# Whole messages, in any case, with any punctuation around or between their letters; thumbs' own spellings with them.
STOP_WORDS = {
    "en": {
        "stop", "stopall", "stop all", "unsubscribe", "un subscribe", "unsub", "cancel", "end", "quit", "revoke",
        "opt out", "optout", "enough", "no more", "stpo", "sotp", "stp", "stopp", "stoop", "sttop", "tsop",
    },
    "es": {"alto", "parar", "pare", "paren", "parenle", "baja", "cancelar", "detener", "basta", "no mas",
           "stop no mas"},
    "fr": {"arret", "arreter", "arretez", "desabonner", "desabonnement", "desinscription", "desinscrire"},
}  # fmt: skip
# One of these may stand as a clause of a longer message and still mean it; `cancel` or `end` there means other things.
PLAIN_STOPS = {
    "stop", "stopall", "stop all", "unsubscribe", "unsub", "enough", "no more", "pare", "paren", "parenle", "no mas",
    "stop no mas", "basta", "arretez", "arreter",
}  # fmt: skip
START_WORDS = {"start", "unstop", "iniciar", "comenzar", "debut", "commencer"}
# Twilio takes these as START too, and a customer as an answer: they count only for somebody who has opted out.
YES_WORDS = {"yes", "si", "oui"}
HELP_WORDS = {"help": "en", "info": "en", "ayuda": "es", "aide": "fr"}
FILLER = frozenset(
    "please pls plz kindly n thanks thx thank you u ok okay now already it i said told to for the last time just hey "
    "hi yo bro sir guys seriously really again can could would will want asap por favor gracias ya ca svp merci s il "
    "vous plait".split()
)
EMAIL = re.compile(r"\b(?:e ?mail\w*|correos?|courriels?)\b")
TEXTS = re.compile(r"\b(?:text\w*|txt\w*|sms)\b")
# Whoever wants no contact at all means every way that there is.
EVERY_WAY = re.compile(
    r"\b(?:contact\w*|reach(?:ing)? out|leave (?:me|us) alone|dejen(?:me)? en paz|laissez moi tranquille)\b"
)
# "Stop emailing me, text me instead": only the part that says stop names what is to stop.
PARTS = re.compile(
    r" , | (?:but|instead|pero|mais|sino) | (?:and|y|et) "
    r"(?=(?:just |only |please )*(?:text|txt|email|call) (?:me|us)\b)"
)

# "…, text me instead", "… and just call": what is said before it stands by itself.
OTHER_WAY = re.compile(
    r" (?:,|and|but|instead|y|et|pero|mais|sino|mejor|plutot) "
    r"(?:(?:and|but|instead|y|et|pero|mais|mejor|plutot|just|only|please|rather|better|solo|juste) )*"
    r"(?=(?:text|txt|e ?mail|call|mande\w*|manda\w*|envie\w*|escrib\w+|llam\w+|envoye\w*|ecri\w+|appel\w+)"
    r"(?: (?:me|us|moi|nous|a|un|instead|is|s?il|por|par|mejor|plutot)\b|$))"
)


@dataclass(frozen=True)
class Wish:
    """What somebody asked for. `pure` says that the message holds nothing else to answer; `if_opted_out` that it means
    this only from somebody who has opted out. `channels` are those that the words name, none where they name none.
    `bare` is a message that is nothing but a keyword."""

    kind: Literal["stop", "start", "help"]
    pure: bool = True
    if_opted_out: bool = False
    channels: tuple[Literal["sms", "email"], ...] = ()
    language: str | None = None
    bare: bool = False


def read(text: str) -> Wish | None:
    """The wish in a message of one person, in English, Spanish or French; None where it is about something else."""
    whole = opt_out_text.words(text)
    if (language := _bare(whole, _all_stop_words)) is not None:
        return Wish("stop", language=language or None, bare=True)
    core = " ".join(word for word in whole.split() if word not in FILLER)
    if core in START_WORDS:
        return Wish("start")
    if whole in YES_WORDS:
        return Wish("start", if_opted_out=True)
    if core in HELP_WORDS:
        return Wish("help", language=HELP_WORDS[core])
    return _free_stop(text)


def readings(text: str) -> list[Reading]:
    """Every sentence of a message, and why it is a stop or not. Whole-message keywords are no matter of it."""
    sentences = opt_out_text.sentences(text)
    tongue = opt_out_text.language(" ".join(sentences))
    return [opt_out_scorer.reading(one, tongue, asks="?" in text) for one in sentences]


def _free_stop(text: str) -> Wish | None:
    if not any(one.is_stop for one in readings(text)) and not any(map(_before_other_way, opt_out_text.sentences(text))):
        return None
    whole = opt_out_text.words(text)
    return Wish(
        "stop",
        pure=not _asks_more(text),
        channels=_named(text),
        language=opt_out_text.language(whole),
    )


def _named(text: str) -> tuple[Literal["sms", "email"], ...]:
    """The channels that the words of the stop itself name."""
    said = " ".join(part for sentence in opt_out_text.sentences(text) for part in _stopping(sentence))
    texts, email = bool(TEXTS.search(said)), bool(EMAIL.search(said))
    if texts == email:
        return ("sms", "email") if texts or EVERY_WAY.search(said) else ()
    return ("sms",) if texts else ("email",)


def _stopping(sentence: str) -> list[str]:
    """The parts of a sentence that say stop; the whole of it where it only does so together."""
    if before := _before_other_way(sentence):
        return [before]
    stops = [part for part in PARTS.split(sentence) if any(one.is_stop for one in readings(part))]
    return stops or ([sentence] if any(one.is_stop for one in readings(sentence)) else [])


def _before_other_way(sentence: str) -> str | None:
    """What stops one way of writing in a sentence that goes on to ask for another: "Stop texting, email me instead"."""
    found = OTHER_WAY.search(sentence)
    before, after = (sentence[: found.start()], sentence[found.end() :]) if found else ("", "")
    texts, email = bool(TEXTS.search(before)), bool(EMAIL.search(before))
    if texts == email or bool((TEXTS if texts else EMAIL).search(after)):
        return None
    return before if any(one.is_stop for one in readings(before)) else None


def _bare(words: str, is_stop: Callable[[str], str | None]) -> str | None:
    """The language where the words are nothing but a stop, repeated or with politeness around it."""
    direct = is_stop(words)
    if direct is not None:
        return direct
    kept = [word for word in words.split() if word not in FILLER]
    if not kept:
        return None
    language = is_stop(" ".join(kept))
    if language is None and len(set(kept)) == 1:
        language = is_stop(kept[0])
    # Politeness makes "stop please" of STOP, but "end please" of nothing that anybody writes.
    return language if kept == words.split() or _plain_stop(" ".join(dict.fromkeys(kept))) is not None else None


def _all_stop_words(words: str) -> str | None:
    for language, known in STOP_WORDS.items():
        if words in known:
            return "" if words == "stop" else language
    return None


def _plain_stop(words: str) -> str | None:
    return _all_stop_words(words) if words in PLAIN_STOPS else None


def _asks_more(text: str) -> bool:
    """Whether a sentence that is no stop asks something."""
    asked = (part for part in re.findall(r"[^.!?;\n]+[.!?;\n]*", text) if "?" in part)
    return any(not any(one.is_stop for one in readings(part)) for part in asked)
