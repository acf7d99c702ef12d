"""What somebody wrote in an email, without what they quote. Pure."""

import html
import re
from email.message import EmailMessage

import nh3
from mailparser_reply import EmailReplyParser

from app.lib.text import printable

LANGUAGES = ["en", "es", "fr"]
# The quoted part of a long thread is parsed too; nobody writes more than this above it.
LONGEST_TEXT = 100_000
# "El lun, 2 nov 2026 a las 9:00, … (<…>) escribió:", which the library misses.
INTRODUCTION = re.compile(r"^(?:El|On|Le) .{5,200}(?:escribi[óo]|wrote|a écrit)\s?:\s*$", re.M)
BLOCKS = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-6]|p|div)\b[^>]*>", re.IGNORECASE)
QUOTES_OF_PROGRAMS = re.compile(
    r"<(?:blockquote|div[^>]+(?:gmail_quote|yahoo_quoted|divRplyFwdMsg|appendonsend|moz-cite-prefix))\b.*",
    re.IGNORECASE | re.DOTALL,
)


def answer_in(text: str) -> str:
    """What was written above the quoted mail, without its signature; all of it where that left nothing."""
    whole = printable(text.replace("\r\n", "\n"))[:LONGEST_TEXT].strip()
    own = INTRODUCTION.split(EmailReplyParser(languages=LANGUAGES).parse_reply(whole) or "")[0]
    return own.strip().rstrip("_").rstrip() or whole


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    if part is not None and (text := str(part.get_content())).strip():
        return text
    part = message.get_body(("html",))
    return text_of_html(str(part.get_content())) if part is not None else ""


def text_of_html(markup: str) -> str:
    """The words of an HTML mail, line by line, without what its program marks as quoted."""
    own = QUOTES_OF_PROGRAMS.sub("", markup[: 4 * LONGEST_TEXT]) or markup
    bare = nh3.clean(BLOCKS.sub("\n", own), tags=set(), clean_content_tags={"style", "script", "title"})
    lines = (" ".join(line.split()) for line in html.unescape(bare).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
