"""What a step is, and what is wrong with one. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from app.touchpoints.wording import ALWAYS, Refused, checked, one_text, written

LANGUAGES = {"en": "English", "es": "Spanish", "fr": "French"}
FIELDS = {"sms": "Text message", "subject": "Email subject", "body": "Email"}
CHANNELS = {"any": "Text, or email where no text is allowed", "sms": "Text only", "email": "Email only"}
NEEDS = {"any": ("sms", "subject", "body"), "sms": ("sms",), "email": ("subject", "body")}
EARLIEST, LATEST = time(8), time(20)
LAST_DAY = 120

# Which leads a step is for, as it reads on the screen, and why it leaves one out.
CONDITIONS = {
    "not_opened": ("Only while the chat has not been opened", "The customer has opened the chat"),
    "opened": ("Only when the chat has been opened", "The customer has not opened the chat"),
    "has_vehicle": ("Only when the vehicle is known", "The vehicle is not known"),
    "no_sms_consent": ("Only without consent to texts", "The customer has agreed to texts"),
}

# What a template is tried with before it is saved: a customer of whom all is known, and one of whom nothing is.
_LINK = "https://chat.example.com/session?token=" + "x" * 62
FULL = {
    "store": "Tint World Auto Styling Center", "chat_link": _LINK, "greeting": "Hi Christopher,",
    "first_name": "Christopher", "vehicle": "2021 Mercedes-Benz Sprinter 2500",
    "service": "Ceramic Window Tint, Full Car", "services": "- Ceramic Window Tint\n- Windshield",
    "price_from": "$1,299", "advisor": "Alexandra",
    "store_phone": "(954) 555-0100",
}  # fmt: skip
BARE = {name: FULL[name] for name in ALWAYS}
STOP_ENDING = "Repondez STOP pour vous desabonner."


@dataclass(frozen=True)
class StepValues:
    """One step as it is edited and as it is sent. `number` is None for one that is being added."""

    number: int | None
    day: int
    at: time | None
    after_minutes: int | None
    channel: str
    conditions: tuple[str, ...] = ()
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def order(self) -> tuple[int, int]:
        """By day, then by the minute of the day."""
        minutes = self.after_minutes or 0 if self.at is None else self.at.hour * 60 + self.at.minute
        return self.day, minutes

    def text(self, language: str, name: str) -> str:
        """The template in that language, in English where there is none."""
        own = self.texts.get(language, {}).get(name, "")
        return own or self.texts.get("en", {}).get(name, "")

    @property
    def conditions_in_words(self) -> list[str]:
        """What stands on the screen for each condition."""
        return [CONDITIONS[condition][0] for condition in self.conditions]


def unmet(conditions: Any, *, opened: bool, has_vehicle: bool, sms_consent: bool) -> str | None:
    """Why the step is not for this lead, or None."""
    holds = {
        "not_opened": not opened,
        "opened": opened,
        "has_vehicle": has_vehicle,
        "no_sms_consent": not sms_consent,
    }
    return next((CONDITIONS[condition][1] for condition in conditions if not holds[condition]), None)


def problems_of(step: StepValues, last_day: int = LAST_DAY) -> dict[str, str]:
    """What keeps the step from being saved, by field (`day`, `at`, `en-sms`, …), in words for staff."""
    found = {}
    if not 0 <= step.day <= last_day:
        found["day"] = f"The day must be a whole number from 0 to {last_day}."
    if step.at is not None and not EARLIEST <= step.at <= LATEST:
        found["at"] = "Choose a time from 8 AM to 8 PM: at other hours no text may go out."
    if step.channel not in CHANNELS:
        found["channel"] = "Choose how it is sent."
    for name in NEEDS.get(step.channel, ()):
        if not step.texts.get("en", {}).get(name, "").strip():
            found[f"en-{name}"] = f"{FIELDS[name]} is missing. English is what every other language falls back to."
    for language in LANGUAGES:
        for name, source in step.texts.get(language, {}).items():
            problem = problem_of(source, name) if source.strip() else None
            if problem:
                found[f"{language}-{name}"] = problem
    return found


def problem_of(source: str, name: str) -> str | None:
    """Why this template (`sms`, `subject` or `body`) may not be saved, or None."""
    try:
        for words in (FULL, BARE):
            text = checked(written(source, words), words)
            if not text:
                return "It says nothing to a customer of whom little is known."
            if name == "sms":
                one_text(source, words, STOP_ENDING)
    except Refused as refusal:
        return str(refusal)
    return None
