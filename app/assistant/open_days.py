"""Whether a sentence says truly that the store is open or closed, or has room on a day. EN, ES, FR, plain text."""

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from app.assistant.moments import DAY_OF, Named, named_in
from app.assistant.store_calendar import Calendar

OPENING_WORDS = frozenset(
    "open opens closed close clock abierto abierta abiertos cerrado cerrada cerrados abrimos cerramos ouvert ouverte "
    "ouverts fermé fermée fermés ouvrons morning afternoon evening tarde noche matin soir midi".split()
)
# One clause says one thing: "open from Monday to Saturday and closed on Sunday".
_CLAUSES = re.compile(r"[,;:]\s|\b(?:and|but|(?<!il )y|pero|et|mais)\b")
_UNLESS = re.compile(r"\b(?:when|whenever|if|while|once|whether|cuando|si|quand|lorsque)\b")
_OPEN = re.compile(
    r"(?:\b(?:we|store|shop)(?:'re|'s| are| is) |\bestamos |\btienda está |\bnous sommes |\bon est |"
    r"\bmagasin est )(?P<no>not )?(?:now |currently |still |also |usually |already |ahora |ya |actuellement |"
    r"aussi )?(?:open(?! to\b| about\b| for\b| minded)|abiert[oa]s?|ouverte?s?)\b|\b(?:we|store|"
    r"shop) (?:also )?opens?\b|\babrimos\b|\b(?:nous )?ouvrons\b"
)
_CLOSED = re.compile(
    r"(?:\b(?:we|store|shop)(?:'re|'s| are| is) |\bestamos |\btienda está |\bnous sommes |\bon est |\bmagasin est )"
    r"(?:now |currently |usually |already |ahora |ya |actuellement )?(?:closed|cerrad[oa]s?|fermée?s?)\b"
)
_ALWAYS = re.compile(
    r"\b24/7\b|\bnever clos|\baround the clock\b|\bday and night\b|\bnunca cerramos\b|"
    r"\b24 h(?:ours|oras|eures)\b(?! (?:before|ahead|in advance|prior|notice|antes|avant|à l'avance|de anticip))"
)
_EVERY_DAY = re.compile(r"\b(?:every day|seven days|7 days|todos los días|siete días|tous les jours|sept jours)\b")
_DAY = "|".join(sorted(DAY_OF, key=len, reverse=True)) + "|today|tomorrow|hoy|mañana|aujourd'hui|demain"
_ROOM = re.compile(
    r"\b(?:we|i|there)(?:'s|'ve|'ll| is| are| have| can| could| will)[^.;?]{0,16}\b(?:openings?|availability|room|"
    r"space|spots?|slots?|(?:fit|squeeze|get) you in|take you)\b|\b(?:next|first|an|one) opening\b|"
    rf"\b(?:{_DAY})(?: morning| afternoon| evening)?(?: is| are| looks|'s)(?: still| all| wide| also)? (?:open|free|"
    rf"available)\b|\b(?:{_DAY})(?: morning| afternoon| evening)? (?:still |also )?(?:has|have|got) (?!no\b|n't)|"
    r"\bwide open\b|\b(?:we|i)(?:'ve| have)(?: got)? (?:plenty of |some )?time\b|\b(?:tenemos|hay|"
    r"queda)[^.;?]{0,12}\b(?:lugar|espacio|cupo|turnos?|disponibilidad)\b|\bestán? (?:libre|disponible|abiert[oa])s?\b|"
    r"\b(?:il y a|nous avons|il reste)[^.;?]{0,16}\b(?:place|créneaux?|"
    rf"disponibilités?)\b|\b(?:{_DAY})(?: matin| après-midi)? est (?:libre|disponible|ouvert)\b"
)
_COME = re.compile(
    r"\b(?:come|stop|drop|swing|walk|pop|roll) (?:in|by|over|through|on down|it off|(?:the|your) \w+ off)\b|"
    r"\bbring (?:it|the car|your car) in\b|\b(?:puede|venga|pase) ?(?:venir|pasar|traer\w*)?\b|\bpouvez (?:passer|"
    r"venir)\b"
)
# Being there, working or taking cars on a day.
_PRESENT = re.compile(
    r"\b(?:we|store|shop|team|somebody|someone)(?:'re|'s| are| is)? (?:\w+ )?(?:around|here|in|there|available|working|"
    r"work|running|run|taking|take|install|do|see|serve)\b|\b(?:atendemos|trabajamos|estamos|recibimos|instalamos|"
    r"hay alguien)\b|\b(?:on est|nous sommes|nous travaillons|on travaille|nous recevons|on reçoit)\b"
)
_TODAY = re.compile(
    r"\b(?:this (?:morning|afternoon|evening)|tonight|esta (?:mañana|tarde|noche)|ce (?:matin|soir)|cet après-midi)\b"
)
_NO_ROOM = re.compile(r"\b(?:no|not|any|n't|nothing|sin|ningún|pas|aucune?)\b|n't\b")


def wrong_opening(sentence: str, calendar: Calendar, given: Collection[datetime]) -> str:
    """Why what a plain sentence says of open days is not proven; empty when it is, or when it says nothing of them.

    `given` are the moments that tools gave: room on a day is claimed by those alone.
    """
    if _ALWAYS.search(sentence) and not _UNLESS.search(sentence):
        return "opening hours that the store does not have"
    for clause in _CLAUSES.split(sentence):
        if clause and (wrong := _wrong(clause, sentence, calendar, given)):
            return wrong
    return ""


def _wrong(clause: str, sentence: str, calendar: Calendar, given: Collection[datetime]) -> str:
    asked, named = sentence.rstrip().endswith("?"), named_in(clause, calendar)
    if _TODAY.search(clause):
        named = replace(named, dates=(*named.dates, calendar.now.date()))
    is_open, is_closed = _OPEN.search(clause), _CLOSED.search(clause)
    if (is_open or is_closed) and not _UNLESS.search(clause):
        opened = bool(is_open and not is_open["no"])
        return "" if _as_said(opened, clause, named, calendar) else "an opening that the store's hours do not show"
    if named.times or not (named.dates or named.weekdays):
        return ""
    room = _ROOM.search(clause)
    if room and not asked and not _NO_ROOM.search(clause) and not _given_on(named, given):
        return "room on a day of which no tool told"
    stated = _COME.search(clause) or _PRESENT.search(clause)
    if stated and not asked and not _NO_ROOM.search(clause) and not _UNLESS.search(clause):
        return "" if _given_on(named, given) or _open_on(named, calendar) else "a day on which the store is not open"
    return ""


def _as_said(opened: bool, clause: str, named: Named, calendar: Calendar) -> bool:
    if _EVERY_DAY.search(clause):
        return opened == all(calendar.of_weekday(day) for day in range(7))
    if named.dates or named.weekdays:
        days = [calendar.on(day) for day in named.dates] + [calendar.of_weekday(day) for day in named.weekdays]
        return bool(calendar.hours) and all(bool(day) == opened for day in days)
    if named.times or not re.search(
        r"\b(?:now|currently|ahora|actuellement|moment|momento)\b|(?:open|closed|abiert\w+|cerrad\w+|ouvert\w*|"
        r"ferm\w+)\W*$",
        clause,
    ):
        return True
    return bool(calendar.hours) and opened == calendar.open_now()


def _open_on(named: Named, calendar: Calendar) -> bool:
    return all(calendar.on(day) for day in named.dates) and all(calendar.of_weekday(day) for day in named.weekdays)


def _given_on(named: Named, given: Collection[datetime]) -> bool:
    """Whether tools gave a moment on each day that is named."""
    days, weekdays = {one.date() for one in given}, {one.weekday() for one in given}
    return set(named.dates) <= days and set(named.weekdays) <= weekdays
