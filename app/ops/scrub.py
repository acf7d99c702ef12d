"""What never reaches a log line or an error report: link tokens, keys, whole phone numbers. Pure."""

import re
from typing import Any

SECRETS = (
    (re.compile(r"(?i)(token=)[^&\s\"'<>]+"), r"\1…"),
    (re.compile(r"(/sign-in/)[A-Za-z0-9_-]{20,}"), r"\1…"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}"), r"\1 …"),
    (re.compile(r"(?i)(authorization[\"']?\s*[:=]\s*[\"']?)(?!bearer|basic)[^\s\"',}]+"), r"\1…"),
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://[^:/\s@]+:)[^@\s/]+@"), r"\1…@"),
    (re.compile(r"\+[1-9]\d{4,10}(\d{4})(?!\d)"), r"…\1"),
)


def scrubbed(text: str) -> str:
    """The text without secrets; of a phone number the last four digits stay."""
    for pattern, instead in SECRETS:
        text = pattern.sub(instead, text)
    return text


def scrubbed_deep(value: Any) -> Any:
    """The same for every text in nested dicts and lists."""
    if isinstance(value, str):
        return scrubbed(value)
    if isinstance(value, dict):
        return {key: scrubbed_deep(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [scrubbed_deep(inner) for inner in value]
    return value
