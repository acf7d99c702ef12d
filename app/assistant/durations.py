"""How long work takes, as a sentence says it: true is what a tool told. English, Spanish, French; plain text."""

import re
from collections.abc import Collection
from itertools import combinations

from app.assistant.numbers import COUNTS

UNTOLD = "a duration that no tool gave"

_HALF = r"(?: and a half| y media| et demie?)"
_NUMBER = (
    r"(?:\d+(?:[.,]\d+)?|an?|half an?|media|una?|une|une demi|one|two|three|four|five|six|seven|eight|nine|ten|twelve|"
    r"uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|doce|deux|trois|quatre|cinq|sept|huit|neuf|dix|douze)"
)
_UNITS = {
    "minute": 1, "minutes": 1, "min": 1, "mins": 1, "minuto": 1, "minutos": 1,
    "hour": 60, "hours": 60, "hr": 60, "hrs": 60, "h": 60, "hora": 60, "horas": 60, "heure": 60, "heures": 60,
    "day": 1440, "days": 1440, "día": 1440, "días": 1440, "jour": 1440, "jours": 1440, "journée": 1440,
    "week": 10080, "weeks": 10080, "semana": 10080, "semanas": 10080, "semaine": 10080, "semaines": 10080,
}  # fmt: skip
DURATION_WORDS = frozenset(_UNITS)
_LENGTH = re.compile(
    rf"(?<![\d$:/.,-])\b(?P<low>{_NUMBER})(?P<half>{_HALF})?(?:(?: ?- ?| to | or | a | o | à | ou )"
    rf"(?P<high>{_NUMBER})(?P<half_high>{_HALF})?)?[ -]?(?:(?:full|whole|business|working|good|short|solid|or so) )?"
    rf"(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})\b(?P<half_after>{_HALF})?"
    rf"(?P<more> ?\d{{1,2}}(?: min\w*)?)?"
    r"(?! (?:later|before|after|earlier|early|late|ahead|from|ago|antes|después|avant|après|plus tard))"
)
# Of work: to take, to be ready after. What cures, dries or lasts is no work of ours.
_WORK = re.compile(
    r"\b(?:takes?|taking|took|needs?|requires?|done|ready|finish\w*|complet\w+|wraps? up|turnaround|in and out|"
    r"install\w*|leave (?:it|(?:the|your) \w+)|tarda\w*|toma\w*|lleva\w*|demora\w*|dura|list[oa]s?|termina\w*|"
    r"instala\w*|prend\w*|faut|dure|prête?s?|termin\w+|comptez)\b"
)
_NO_WORK = re.compile(
    r"\b(?:cur\w+|dry\w*|dries|dried|settl\w+|bubbl\w+|haz\w+|fog\w*|wash\w*|roll\w*|adher\w+|bond\w*|warrant\w+|"
    r"guarant\w+|notice|advance|answer\w*|repl\w+|drive|away|sec\w+|lav\w+|baj\w+|adhier\w+|garant\w+|séch\w+|lav\w+|"
    r"baiss\w+|répon\w+|respond\w+|break|lunch|parking|h[eo]ld\w*|"
    r"arriv\w+|lleg\w+)\b"
)
_NOT_SAID = re.compile(
    r"\b(?:not|never|whether|don't know|you (?:said|say|mentioned|wrote|asked|have|need|want)|no|sin|si|usted|pas|"
    r"vous (?:avez|voulez|dites))\b|n't\b"
)
_WORDS = COUNTS | {"half a": 0.5, "half an": 0.5, "media": 0.5, "une demi": 0.5}
# "About three hours" of what the catalogue has as two and three quarters.
_LEAST, _MOST, _SLACK = 0.85, 1.2, 10
# A day of work: five to ten hours.
_DAY = (300, 600)
_TOGETHER = 5


def wrong_duration(sentence: str, told: Collection[int]) -> str:
    """Why what a plain sentence says of how long work takes is not proven; empty when it is, or says nothing of it.

    `told` are the minutes that tools gave; what several take together is their sum.
    """
    if not _WORK.search(sentence) or _NO_WORK.search(sentence):
        return ""
    for match in _LENGTH.finditer(sentence):
        if not _NOT_SAID.search(sentence[: match.start()]) and not _proven(*_minutes(match), told):
            return UNTOLD
    return ""


def _minutes(match: re.Match[str]) -> tuple[float, float]:
    unit = _UNITS[match["unit"]]
    low = _amount(match["low"], match["half"] or match["half_after"])
    high = _amount(match["high"], match["half_high"] or match["half_after"]) if match["high"] else low
    more = int(re.sub(r"\D", "", match["more"] or "") or 0) if unit == 60 else 0
    if unit == 1440:
        return low * _DAY[0], high * _DAY[1]
    return low * unit + more, high * unit + more


def _amount(said: str, half: str | None) -> float:
    number = _WORDS.get(said)
    return (float(said.replace(",", ".")) if number is None else number) + (0.5 if half else 0)


def _proven(low: float, high: float, told: Collection[int]) -> bool:
    some = sorted(set(told))[:_TOGETHER]
    sums = (sum(chosen) for size in range(1, len(some) + 1) for chosen in combinations(some, size))
    return any(low * _LEAST - _SLACK <= minutes <= high * _MOST + _SLACK for minutes in sums)
