"""An answer as a text message: plain, at most three segments. Pure."""

import re

from app.messaging.segments import folded, is_gsm, plain, segments

MOST_SEGMENTS = 3
# What the model is told beside its rules when the customer writes by text message.
RULE = """\
This conversation runs by text message. Answer in plain text without Markdown or lists, in at most 300 characters: the
one thing that was asked, then at most one question. The customer's link shows them everything else."""

MARKS = (
    (re.compile(r"!\[[^\]]*\]\([^)]*\)"), ""),
    (re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)"), r"\1 \2"),
    (re.compile(r"^#{1,6}\s+", re.M), ""),
    (re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", re.S), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?!\w)"), r"\1"),
    (re.compile(r"`([^`\n]+)`"), r"\1"),
    (re.compile(r"^[ \t]*[*+•] ", re.M), "- "),
    (re.compile(r"[ \t]+$", re.M), ""),
    (re.compile(r"\n{3,}"), "\n\n"),
)  # fmt: skip
END_OF_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")


def unmarked(markdown: str) -> str:
    """The text without Markdown's signs; bullets and line ends stay."""
    for mark, instead in MARKS:
        markdown = mark.sub(instead, markdown)
    return markdown.strip()


def named(store: str, text: str, ending: str = "") -> str:
    """The text as it goes out: it names the store that writes, `ending` last."""
    said = text if plain(store) in text else f"{folded(store)}: {text}"
    return f"{said} {ending}".rstrip()


def fitted(markdown: str, more: str, besides: str = "") -> str:
    """The answer in at most three segments. What is too long ends after a whole sentence, with `more` behind it.

    `more` is the sentence with the link to the rest, `besides` what else the text message will say. Accents that would
    more than double the segments are taken off only where the text would not fit otherwise.
    """
    text = plain(unmarked(markdown))
    for whole in (text, folded(text)):
        if segments(besides + whole) <= MOST_SEGMENTS:
            return whole
    shorter = folded(text) if is_gsm(folded(text)) else text
    sentences = _sentences(shorter)
    while len(sentences) > 1:
        sentences.pop()
        cut = f"{''.join(sentences).rstrip()}\n{more}"
        if segments(besides + cut) <= MOST_SEGMENTS:
            return cut
    return more


def _sentences(text: str) -> list[str]:
    """The text in pieces that end where a sentence or line does; joined they are the text again."""
    ends = [found.end() for found in END_OF_SENTENCE.finditer(text)]
    return [text[start:end] for start, end in zip([0, *ends], [*ends, len(text)], strict=True) if text[start:end]]
