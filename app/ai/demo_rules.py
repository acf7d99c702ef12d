"""What the demo assistant says or asks for next, as a pure function of the prompt."""

import re
from dataclasses import dataclass
from typing import Any

from app.ai.demo_booking import asks_for_time, book, cancel, move, names_time
from app.ai.demo_scene import Next, Scene, query_of
from app.ai.demo_words import INTENTS, TERMS, WORDING, YES, language_of
from app.ai.port import AssistantTurn, CustomerTurn, Prompt, ToolResult, Turn

__all__ = ["answer"]

SHOWN = 3
_HIT = re.compile(r"^\s*[-*]?\s*\[id (?P<id>[^\]]+)\]\s*(?P<rest>.+)$")
_TERMS_TOLD = re.compile(r"^Its terms of business:\n<data>\n(.*?)\n</data>", re.M | re.S)
_FOR_THE_MODEL = re.compile(r"(?<=\.) Ask [^.]*\.$")  # a tool's advice to who answers, not to the customer


@dataclass(frozen=True, slots=True)
class _Hit:
    id: str
    name: str
    columns: tuple[str, ...]


def answer(prompt: Prompt) -> Next:
    """The text to say, or the tools to call first. The same prompt always gives the same."""
    scene = _scene(prompt)
    text, calls = _RULES[_intent(scene)](scene)
    if calls:
        return "", calls
    first = not any(isinstance(turn, AssistantTurn) for turn in scene.earlier)
    return (f"{scene.say('demo')}\n\n{text}" if first else text), ()


def _scene(prompt: Prompt) -> Scene:
    """What the customer wrote since our last answer, in however many messages, is one question."""
    turns = prompt.turns
    end = max((at + 1 for at, turn in enumerate(turns) if isinstance(turn, CustomerTurn)), default=0)
    start = end
    while start and isinstance(turns[start - 1], CustomerTurn):
        start -= 1
    question = "\n".join(turn.text for turn in turns[start:end] if isinstance(turn, CustomerTurn))
    results = tuple(turn for turn in turns[end:] if isinstance(turn, ToolResult))
    return Scene(prompt, question, turns[:start], results, language_of(question))


def _intent(scene: Scene) -> str:
    if YES.match(scene.question) and _offered(scene.earlier):
        return "book" if scene.has("free_times") else "person"
    if asks_for_time(scene):
        return "move" if _asked_to_move(scene.earlier) else "book"
    found = next((name for name, words in INTENTS.items() if words.search(scene.question)), "other")
    if found not in ("person", "cancel", "move") and _terms_asked(scene):
        return "terms"
    return "book" if found in ("other", "greeting", "thanks") and names_time(scene) else found


def _terms_asked(scene: Scene) -> list[re.Pattern[str]]:
    return [words for words in TERMS if words.search(scene.question)]


def _asked_to_move(earlier: tuple[Turn, ...]) -> bool:
    """Whether the times that were offered are for the visit that is booked."""
    said = [turn.text for turn in earlier if isinstance(turn, CustomerTurn)]
    return bool(said) and INTENTS["move"].search(said[-1]) is not None


def _offered(earlier: tuple[Turn, ...]) -> bool:
    if not earlier or not isinstance(earlier[-1], AssistantTurn):
        return False
    return any(words[offer] in earlier[-1].text for words in WORDING.values() for offer in ("after", "book", "none"))


def _service(scene: Scene) -> Next:
    found = scene.found("search_services")
    if not found:
        query = query_of(scene)
        if not query or not scene.has("search_services"):
            return scene.say("which" if not query else "no_tool"), ()
        return "", (scene.call("search_services", {"query": query}),)
    hits = _hits(found[-1].content)[:SHOWN]
    if not hits:
        return scene.say("none"), ()
    priced = scene.found("price_for_vehicle")
    if not priced and scene.has("price_for_vehicle"):
        return "", tuple(
            scene.call("price_for_vehicle", {"service_id": _typed(hit.id, scene.prompt)}, number)
            for number, hit in enumerate(hits, 1)
        )
    lines = [_line(hit, priced[at].content if at < len(priced) else "") for at, hit in enumerate(hits)]
    listed = lines[0] if len(lines) == 1 else "\n".join(f"- {line}" for line in lines)
    opening = scene.say("one" if len(lines) == 1 else "many")
    return f"{opening}\n\n{listed}\n\n{scene.say('after')}", ()


def _hits(result: str) -> list[_Hit]:
    hits = []
    for line in result.splitlines():
        if match := _HIT.match(line):
            name, *columns = (part.strip() for part in match["rest"].split("|"))
            hits.append(_Hit(match["id"].strip(), name, tuple(part for part in columns if part)))
    return hits


def _line(hit: _Hit, price: str) -> str:
    """One service in the tools' own wording, its name in bold."""
    bold = f"**{hit.name}**"
    if not price.strip():
        return f"{bold}: {', '.join(hit.columns[:2])}" if hit.columns else bold
    told = _FOR_THE_MODEL.sub("", " ".join(price.split()))
    return told.replace(hit.name, bold, 1) if hit.name in told else f"{bold}: {told}"


def _typed(service_id: str, prompt: Prompt) -> int | str:
    """The id as the tool's schema wants it."""
    tool = next(tool for tool in prompt.tools if tool.name == "price_for_vehicle")
    wanted = tool.parameters.get("properties", {}).get("service_id", {}).get("type")
    return int(service_id) if wanted == "integer" and service_id.isdigit() else service_id


def _terms(scene: Scene) -> Next:
    """The lines of the store's own terms that name what was asked for; the team knows what they do not say."""
    told = next((match[1] for block in scene.prompt.system if (match := _TERMS_TOLD.search(block))), "")
    lines = [line for line in told.splitlines() if any(words.search(line) for words in _terms_asked(scene))]
    return (" ".join(lines), ()) if lines else _person(scene)


def _store(scene: Scene) -> Next:
    return _by_tool(scene, "store_facts", "no_tool", {})


def _person(scene: Scene) -> Next:
    return _by_tool(scene, "hand_over", "no_person", {"reason": scene.question[:200] or "asked for a person"})


def _by_tool(scene: Scene, tool: str, otherwise: str, arguments: dict[str, Any]) -> Next:
    """The tool's finished wording, once it has been asked."""
    found = scene.found(tool)
    if found:
        return found[-1].content.strip(), ()
    if scene.has(tool):
        return "", (scene.call(tool, arguments),)
    return scene.say(otherwise), ()


_RULES = {
    "person": _person,
    "cancel": cancel,
    "move": move,
    "book": book,
    "terms": _terms,
    "store": _store,
    "service": _service,
    "bot": lambda scene: (scene.say("bot"), ()),
    "thanks": lambda scene: (scene.say("thanks"), ()),
    "greeting": lambda scene: (scene.say("greeting"), ()),
    "other": lambda scene: (scene.say("other"), ()),
}
