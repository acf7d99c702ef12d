"""How the demo assistant offers times, books, moves and cancels: by the tools' own wording, as a model would."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.ai.demo_scene import Next, Scene, query_of
from app.ai.demo_words import MONTHS, WEEKDAYS, WORDING
from app.ai.port import AssistantTurn

_LINE = re.compile(r"^- \[(?P<key>[^\]]+)\] (?P<wording>.+)$", re.M)
_CLOCK = re.compile(
    r"\b(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?\s*(?P<half>[ap])\.?\s?m\b|\b(?P<hour24>\d{1,2})(?::|\s?h\s?)(?P<minute24>\d\d)\b"
    r"|\b(?:at|a las|a la|à)\s+(?P<bare>\d{1,2})\b(?!:\d|\s*[ap]\.?\s?m\b)", re.I,
)  # fmt: skip
_TODAY = re.compile(r"Today at the store: \w+, (\w+ \d+, \d{4})")
_PARTS = {
    "morning": re.compile(r"\b(morning|por la mañana|matin)\b", re.I),
    "afternoon": re.compile(r"\b(afternoon|evening|tarde|après-midi|apres-midi)\b", re.I),
}
SHOWN = 4


@dataclass(frozen=True, slots=True)
class _Time:
    key: str
    wording: str

    @property
    def start(self) -> datetime:
        return datetime.fromisoformat(self.key)


def asks_for_time(scene: Scene) -> bool:
    """Whether the customer answers an offer of times with one of them."""
    if not scene.earlier or not isinstance(scene.earlier[-1], AssistantTurn) or not scene.has("free_times"):
        return False
    offered = any(words["which_time"] in scene.earlier[-1].text for words in WORDING.values())
    return offered and names_time(scene)


def names_time(scene: Scene) -> bool:
    """Whether the customer names a day or an hour."""
    return bool(_times_in(scene.question)) or _day_in(scene) is not None


def book(scene: Scene) -> Next:
    """Offer times, or book the one that the customer names."""
    return _take(scene, "book_time") if scene.has("free_times") else (scene.say("book"), ())


def move(scene: Scene) -> Next:
    """Offer times for the visit that is booked, or move it to the one that the customer names."""
    return _take(scene, "move_visit") if scene.has("move_visit") else book(scene)


def cancel(scene: Scene) -> Next:
    """Cancel the visit that is booked."""
    found = scene.found("cancel_visit")
    if found:
        return _told(found[-1].content), ()
    return ("", (scene.call("cancel_visit", {}),)) if scene.has("cancel_visit") else (scene.say("no_tool"), ())


def _take(scene: Scene, tool: str) -> Next:
    done, free = scene.found(tool), scene.found("free_times")
    if done:
        offered = _lines(done[-1].content)
        return (_offer(scene, offered) if offered else _told(done[-1].content)), ()
    if not free:
        return "", (scene.call("free_times", {"service_ids": [], **_wished(scene)}),)
    times = _lines(free[-1].content)
    if not times:
        return _without_times(scene, free[-1].content, len(free))
    wanted = [one for one in times if _is_wanted(scene, one.start)]
    if len(wanted) == 1:
        arguments = {"starts_at": wanted[0].key}
        ids = _searched(scene)
        return "", (scene.call(tool, arguments if tool == "move_visit" else {"service_ids": ids, **arguments}),)
    return _offer(scene, wanted or times), ()


def _without_times(scene: Scene, said: str, asked: int) -> Next:
    """The tool wants to know what is to be done, or nothing can be booked."""
    if not said.startswith("Ask what"):
        handed = scene.found("hand_over")
        if handed or not scene.has("hand_over"):
            return f"{scene.say('no_times')} {handed[-1].content if handed else ''}".strip(), ()
        return "", (scene.call("hand_over", {"reason": scene.question[:200] or "wants a time"}),)
    ids, query = _searched(scene), query_of(scene)
    if query and not scene.found("search_services") and scene.has("search_services"):
        return "", (scene.call("search_services", {"query": query}),)
    if ids and asked == 1:
        return "", (scene.call("free_times", {"service_ids": ids, **_wished(scene)}),)
    return scene.say("which"), ()


def _offer(scene: Scene, times: list[_Time]) -> str:
    listed = "\n".join(f"- {one.wording}" for one in times[:SHOWN])
    return f"{scene.say('times')}\n\n{listed}\n\n{scene.say('which_time')}"


def _told(content: str) -> str:
    """The tool's first sentence: what was done, or why not."""
    return re.split(r"(?<=\.)\s", content.strip())[0]


def _lines(content: str) -> list[_Time]:
    return [_Time(found["key"], found["wording"]) for found in _LINE.finditer(content)]


def _searched(scene: Scene) -> list[int]:
    """The service that a search has found, where one was made."""
    found = scene.found("search_services")
    ids = re.findall(r"\[id (\d+)\]", found[-1].content) if found else []
    return [int(ids[0])] if ids else []


def _wished(scene: Scene) -> dict[str, str]:
    day = _day_in(scene)
    part = next((name for name, words in _PARTS.items() if words.search(scene.question)), "any")
    return {"day": day.isoformat() if day else "", "part": part}


def _is_wanted(scene: Scene, start: datetime) -> bool:
    times, day = _times_in(scene.question), _day_in(scene)
    return bool(times) and start.time() in times and (day is None or start.date() == day)


def _times_in(question: str) -> set[time]:
    found: set[time] = set()
    for match in _CLOCK.finditer(question):
        hour = int(match["hour"] or match["hour24"] or match["bare"])
        minute = int(match["minute"] or match["minute24"] or 0)
        if hour > 23 or minute > 59:
            continue
        if match["half"]:
            found.add(time(hour % 12 + (12 if match["half"].lower() == "p" else 0), minute))
            continue
        found.add(time(hour, minute))
        if hour < 8 or match["bare"]:
            found.add(time((hour + 12) % 24, minute))
    return found


def _day_in(scene: Scene) -> date | None:
    """The day that the question names: a date, a weekday, tomorrow."""
    words = re.findall(r"[^\W\d_]+|\d+", scene.question.lower())
    today = _today(scene)
    if today is None:
        return None
    for at, word in enumerate(words):
        month = MONTHS.get(word)
        near = [*words[at + 1 : at + 2], *words[max(0, at - 2) : at]]
        number = next((int(one) for one in near if one.isdigit() and 0 < int(one) < 29), None)
        if month and number:
            day = date(today.year, month, number)
            return day if day >= today else day.replace(year=today.year + 1)
    if {"tomorrow", "demain"} & set(words):
        return today + timedelta(days=1)
    weekday = next((WEEKDAYS[word] for word in words if word in WEEKDAYS), None)
    return None if weekday is None else today + timedelta(days=(weekday - today.weekday()) % 7)


def _today(scene: Scene) -> date | None:
    found = next((match for block in scene.prompt.system if (match := _TODAY.search(block))), None)
    return datetime.strptime(found[1], "%B %d, %Y").date() if found else None  # noqa: DTZ007 - a date has no zone
