"""Dates and times in a sentence: do weekdays and dates agree, and did a tool give the times? EN, ES, FR, plain text."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.assistant.money_words import MONTHS
from app.assistant.plain import words_of
from app.assistant.store_calendar import Calendar

_DAYS = (
    ("monday mon mondays lunes lundi lundis".split()),
    ("tuesday tue tues tuesdays martes mardi mardis".split()),
    ("wednesday wed wednesdays miércoles miercoles mercredi mercredis".split()),
    ("thursday thu thur thurs thursdays jueves jeudi jeudis".split()),
    ("friday fri fridays viernes vendredi vendredis".split()),
    ("saturday sat saturdays sábado sabado sábados samedi samedis".split()),
    ("sunday sun sundays domingo domingos dimanche dimanches".split()),
)
DAY_OF = {name: at for at, names in enumerate(_DAYS) for name in names}
# Not days by themselves in a sentence: the sun, and what one sat or wed.
_SHORT = frozenset(("sun", "sat", "wed", "mon", "fri", "tue", "thu"))
_STARTS = (
    "jan ene janv", "feb fév fev", "mar", "apr abr avr", "may mai", "jun juin", "jul juil", "aug ago aoû aou",
    "sep set", "oct", "nov", "dec dic déc",
)  # fmt: skip
_MONTH_OF = {start: at for at, starts in enumerate(_STARTS, 1) for start in starts.split()}
RELATIVE = {"today": 0, "tonight": 0, "tomorrow": 1, "hoy": 0, "mañana": 1, "aujourd'hui": 0, "demain": 1}

_WEEKDAY = r"(?:" + "|".join(sorted(DAY_OF, key=len, reverse=True)) + r")"
_NUMBER = r"(?P<{0}>\d{{1,2}})(?:st|nd|rd|th|er|º|°)?"
DATED = re.compile(
    rf"(?:\b(?P<weekday>{_WEEKDAY})\.?,?\s+(?:the |el |le |día |"
    rf"dia )?)?(?:\b(?P<month>{MONTHS})\.?\s+(?:the )?{_NUMBER.format('day')}(?:,?\s+(?P<year>20\d\d))?(?![\d:])|"
    rf"\b{_NUMBER.format('day2')}\s+(?:de |of )?(?P<month2>{MONTHS})\b(?:,?\s+(?:de |del )?(?P<year2>20\d\d))?"
    r"|\b(?P<month3>\d{1,2})/(?P<day3>\d{1,2})(?:/(?P<year3>(?:20)?\d\d))?(?![\d/]))"
    rf"(?:\s*\(?,?\s*(?:a |un )?(?P<weekday2>{_WEEKDAY})\b\)?)?"
)
NUMBERED = re.compile(
    rf"\b(?P<weekday>{_WEEKDAY})\.?,?\s+(?:the |el |le )?(?P<day>\d{{1,2}})(?:st|nd|rd|th|er)?(?![\d:/]|"
    rf"\s*(?:[ap]\.?m|h\b|o'clock))"
)
DAY = re.compile(rf"\b(?:(?P<next>next|this|coming|próximo|este|prochain)\s+)?(?P<day>{_WEEKDAY})\b")
ISO = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)\b")
CLOCK = re.compile(
    r"\b(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?\s*(?P<half>[ap])\.?\s?m\b\.?|\b(?P<hour24>[01]?\d|2[0-3])(?::|"
    r"\s?h\s?)(?P<minute24>[0-5]\d)\b|\b(?P<hourh>[01]?\d|2[0-3])\s?h\b|\b(?P<hourc>\d{1,2})\s?o'clock\b|\b(?:at|a las|"
    r"à|by|until)\s+(?P<bare>\d{1,2})(?![\d:/%$,.]*\d|\s?[$%\w])|\b(?P<noon>noon|midday|mediodía|midi)\b"
)
_HOURS = {
    word: at
    for names in ("one two three four five six seven eight nine ten eleven twelve",
                  "una dos tres cuatro cinco seis siete ocho nueve diez once doce")
    for at, word in enumerate(names.split(), 1)
}  # fmt: skip
WORD_CLOCK = re.compile(
    rf"\b(at|by|until|a las|a la)\s+({'|'.join(_HOURS)})\b(?!\s+(?:of|price|stores?|locations?|time|place|point|cost))"
)
# Never in a tool's words, and easily heard as the full hour: "las 10 y media", "half past nine".
PART_OF_HOUR = re.compile(
    r"\b(?:half past|(?:a )?quarter (?:past|to|till)|ten (?:past|to)|twenty (?:past|to)) (?:\d|one|two|three|four|five|"
    r"six|seven|eight|nine|ten|eleven|twelve)|\d(?: ?h(?:eures)?)? (?:y media|y cuarto|menos cuarto|y pico|et demie?|"
    r"et quart|moins le quart)\b"
)
# Without a match here, and without a word of WHEN_WORDS, a sentence names no moment.
TIMED = re.compile(
    rf"\d\s?(?:[ap]\.?\s?m\b|h\b|h\d|:\d|/\d|-\d|o'clock)|\b(?:at|by|until|a las?|à)\s+(?:\d|{'|'.join(_HOURS)})"
)
LASTS = re.compile(r"\b(?:takes?|lasts?|about|around|in|for|within|tarda|dura|unas|en|environ|prend|dure|pendant)\s*$")
WHEN_WORDS = frozenset(DAY_OF) - _SHORT | frozenset(RELATIVE) | frozenset(
    "january february march april june july august september october november december enero febrero marzo abril mayo "
    "junio julio agosto septiembre setiembre octubre noviembre diciembre janvier février mars avril mai juin juillet "
    "août septembre octobre novembre décembre noon midday mediodía midi o'clock at by until las una".split()
) - {"at", "by", "una"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """What a sentence names: dates, weekdays without a date, clock times."""

    dates: tuple[date, ...]
    weekdays: tuple[int, ...]
    times: tuple[tuple[time, ...], ...]
    odd: str = ""


def named_in(sentence: str, calendar: Calendar) -> Named:
    """The dates and times in a plain sentence; `odd` says what cannot be true by the calendar alone."""
    dates: list[date] = []
    odd, rest = "", WORD_CLOCK.sub(lambda found: f"{found[1]} {_HOURS[found[2]]}", sentence)
    if PART_OF_HOUR.search(rest):
        odd = "a time that is not in a tool's words"
    for pattern in (DATED, NUMBERED):
        for match in pattern.finditer(rest):
            days, problem = _dates(match.groupdict(), calendar.now.date())
            odd = odd or problem
            dates += days
        rest = pattern.sub(lambda found: "¦" * len(found[0]), rest)
    for match in ISO.finditer(rest):
        dates.append(date(*map(int, match.groups())))
    weekdays, problem = _loose_days(rest, calendar.now.date(), dates)
    if not dates:
        dates = _relative_days(rest, calendar.now.date())
    times = tuple(_times(match) for match in CLOCK.finditer(rest) if not _is_length(match, rest))
    return Named(tuple(dates), weekdays, times, odd or problem)


def wrong_moment(
    sentence: str, calendar: Calendar, given: Collection[datetime], booked: Collection[datetime] | None
) -> str:
    """Why the sentence's dates and times are not proven; empty when they are.

    `given` are the moments that tools gave; `booked`, where the sentence claims a booking, the only ones it may name.
    """
    named = named_in(sentence, calendar)
    if named.odd:
        return named.odd
    if booked is not None:
        return "" if _all_match(named, booked) else "not the booked time"
    if not named.times:
        return ""
    for times in named.times:
        if not (_offered(times, named, given) or _is_hour(times, named, calendar)):
            return "a time that no tool gave"
    return ""


def _dates(found: dict[str, str | None], today: date) -> tuple[list[date], str]:
    month_name = found.get("month") or found.get("month2")
    day = int(found.get("day") or found.get("day2") or found.get("day3") or 0)
    said = [DAY_OF[name] for name in (found.get("weekday"), found.get("weekday2")) if name]
    if month_name is None and not found.get("month3"):
        return _in_some_month(day, said[0], today)
    month = _month(month_name) if month_name else int(found["month3"] or 0)
    year = next((found[name] for name in ("year", "year2", "year3") if found.get(name)), None)
    try:
        named = date(int(year) % 2000 + 2000, month, day) if year else _nearest(month, day, today)
    except ValueError:
        # 13/12 is no date in America: a ratio, or a day that does not exist.
        return [], "" if month_name is None else "a date that does not exist"
    wrong = any(weekday != named.weekday() for weekday in said)
    return [named], "a weekday that is not the date's" if wrong else ""


def _in_some_month(day: int, weekday: int, today: date) -> tuple[list[date], str]:
    """`Tuesday the 1st` is the next such day, this month or one of the next two."""
    for ahead in range(62):
        one = today + timedelta(days=ahead)
        if one.day == day:
            if one.weekday() == weekday:
                return [one], ""
            return [], "a weekday that is not the date's"
    return [], "a date that does not exist"


def _nearest(month: int, day: int, today: date) -> date:
    year = today.year + (1 if (month, day) < (today.month, today.day) and month < today.month - 3 else 0)
    return date(year, month, day)


def _month(name: str) -> int:
    return next(at for start, at in _MONTH_OF.items() if name.startswith(start))


def _loose_days(rest: str, today: date, dates: Iterable[date]) -> tuple[tuple[int, ...], str]:
    """Weekdays without a date. "Tomorrow, Tuesday" must be right, and "next Tuesday" beside a date be that date."""
    found = [match for match in DAY.finditer(rest) if match["day"] not in _SHORT]
    weekdays = tuple(DAY_OF[match["day"]] for match in found)
    near = _relative_days(rest, today)
    if len(near) == 1:
        day = near[0]
        dated = DATE_BESIDE.search(rest) and any(named != day for named in dates)
        if dated or (DAY_BESIDE.search(rest) and any(one != day.weekday() for one in weekdays)):
            return weekdays, "a day that is not today or tomorrow"
    for match in found:
        if match["next"] and dates and not any(one.weekday() == DAY_OF[match["day"]] for one in dates):
            return weekdays, "a weekday that is not the date's"
    return weekdays, ""


_RELATIVE = "|".join(sorted(RELATIVE))


def _relative_days(rest: str, today: date) -> list[date]:
    near = {RELATIVE[word] for word in words_of(MORNING.sub(" ", rest)) if word in RELATIVE}
    return [today + timedelta(days=ahead) for ahead in sorted(near)]


MORNING = re.compile(r"\b(?:la|esta|cada) mañana\b")
_IS = r"(?:is |on |el |es |c'est |que es |that's |which is )?"
DAY_BESIDE = re.compile(
    rf"\b(?:{_RELATIVE})\b[\s,(-]*{_IS}(?:{_WEEKDAY})\b|\b(?:{_WEEKDAY})\b[\s,(-]*{_IS}(?:{_RELATIVE})\b"
)
DATE_BESIDE = re.compile(rf"\b(?:{_RELATIVE})\b[\s,(-]*{_IS}¦|¦[\s,)(-]*{_IS}(?:{_RELATIVE})\b")


def _times(match: re.Match[str]) -> tuple[time, ...]:
    """The times that one mention can mean: `at 10` is morning or evening."""
    if match["noon"]:
        return (time(12),)
    minute = int(match["minute"] or match["minute24"] or 0)
    hour = int(match["hour"] or match["hour24"] or match["hourh"] or match["hourc"] or match["bare"] or 0)
    if minute > 59 or hour > 24:
        return ()
    if match["half"]:
        return (time(hour % 12 + (12 if match["half"] == "p" else 0), minute),) if hour <= 12 else ()
    both = {hour % 24} if match["hourh"] else {hour % 24, (hour + 12) % 24} if hour <= 12 else {hour}
    return tuple(time(one, minute) for one in sorted(both))


def _is_length(match: re.Match[str], rest: str) -> bool:
    return bool((match["hourh"] or match["hour24"]) and LASTS.search(rest[max(0, match.start() - 16) : match.start()]))


def _offered(times: tuple[time, ...], named: Named, given: Collection[datetime]) -> bool:
    return any(moment.time() in times and _on(moment, named) for moment in given)


def _on(moment: datetime, named: Named) -> bool:
    if named.dates:
        return moment.date() in named.dates
    return not named.weekdays or moment.weekday() in named.weekdays


def _is_hour(times: tuple[time, ...], named: Named, calendar: Calendar) -> bool:
    if named.dates:
        spans = [span for day in named.dates for span in calendar.on(day)]
    else:
        # "Monday to Friday": the span's days need not all be named.
        days = named.weekdays if len(named.weekdays) == 1 else range(7)
        spans = [span for day in days for span in calendar.of_weekday(day)]
        spans += [] if named.weekdays else [span for day in calendar.special.values() for span in day]
    return any(moment in times for span in spans for moment in span)


def _all_match(named: Named, booked: Collection[datetime]) -> bool:
    days_right = all(any(day == one.date() for one in booked) for day in named.dates) and all(
        any(day == one.weekday() for one in booked) for day in named.weekdays
    )
    return days_right and all(any(one.time() in times for one in booked) for times in named.times)
