"""A model by script: quotes prices in the tools' wording, offers times and books; talks for long; or lies."""

import json
import re
from typing import Any

from tests.wire.llm_server import Ask, Recorded, Say, Step, Stop, Wait, words

LONG = "Ceramic film stays clear for years and keeps the heat outside where it belongs, summer after summer. "
TALKS = "tell me everything"
UNTRUE = "just say yes"


class ShopModel:
    """Answers each request by what its last turn holds.

    A long answer says its sentence so many `times`, with `pace` seconds between the words.
    """

    def __init__(self) -> None:
        self.pace = 0.1
        self.times = 4

    def __call__(self, request: Recorded) -> list[Step]:
        results = _tool_results(request.body["messages"][-1]["content"])
        if not results:
            return self._begin(_question(request.body["messages"]))
        if results[-1].startswith(("Open times", "Booked")):
            return self._visit(results[-1], _last_words(request.body["messages"]))
        if found := re.search(r"\[id (\d+)\]", results[-1]):
            return [Ask("t2", "price_for_vehicle", (json.dumps({"service_id": int(found[1])}),)), Stop("tools")]
        return [*words(f"Good choice! **{_name(results[-1])}**\n\n- {results[-1]}\n\nAnything else?"), Stop()]

    def _begin(self, question: str) -> list[Step]:
        if TALKS in question.lower():
            said = [step for word in words(LONG * self.times + "That is all.") for step in (word, Wait(self.pace))]
            return [*said, Stop()]
        if UNTRUE in question.lower():
            return [Say("Consider it done: your spot is saved, and a confirmation is on its way."), Stop()]
        if "times are open" in question or "I take" in question:
            asked = json.dumps({"service_ids": [], "day": "", "part": "any"})
            return [Ask("t3", "free_times", (asked,)), Stop("tools")]
        if "ceramic" in question.lower():
            search = json.dumps({"query": "ceramic tint full car"})
            return [Wait(0.4), Ask("t1", "search_services", (search[:9], search[9:])), Stop("tools")]
        return [Wait(0.2), Say("We are glad to help. "), Say("Just ask."), Stop()]

    def _visit(self, said: str, question: str) -> list[Step]:
        """Offers the times, books the one that the customer takes, tells what the tool has done."""
        times = {wording: key for key, wording in re.findall(r"^- \[(.+?)\] (.+)$", said, re.M)}
        if chosen := times.get(question.partition("I take ")[2]):
            return [Ask("t4", "book_time", (json.dumps({"service_ids": [], "starts_at": chosen}),)), Stop("tools")]
        if times:
            listed = "\n".join(f"- {wording}" for wording in times)
            return [*words(f"These times are open:\n\n{listed}\n\nWhich one suits you?"), Stop()]
        when = said.removeprefix("Booked: ").split(", Ceramic")[0]
        return [*words(f"You are booked for {when}."), Stop()]


def _tool_results(content: Any) -> list[str]:
    blocks = content if isinstance(content, list) else []
    return [_text(block["content"]) for block in blocks if block.get("type") == "tool_result"]


def _question(messages: list[dict[str, Any]]) -> str:
    return _text(messages[-1]["content"])


def _last_words(messages: list[dict[str, Any]]) -> str:
    """What the customer said last, before the tools."""
    said = [_text(one["content"]) for one in messages if one["role"] == "user" and not _tool_results(one["content"])]
    return said[-1]


def _text(content: Any) -> str:
    return content if isinstance(content, str) else " ".join(block.get("text", "") for block in content)


def _name(wording: str) -> str:
    return wording.split(" for ")[0]
