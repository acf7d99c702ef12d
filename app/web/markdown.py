"""The assistant's Markdown as safe HTML. What a model writes is as untrusted as what a stranger writes."""

from collections.abc import Iterator
from functools import lru_cache

import nh3
from flask import Flask
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup, escape

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "code", "pre", "blockquote", "hr"}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
SCHEMES = {"http", "https", "tel", "mailto"}


def render(text: str) -> Markup:
    """HTML of the text: paragraphs, lists, emphasis, code and http(s), tel and mailto links; nothing else survives.

    Finished blocks are remembered, so that a growing reply costs only its last block.
    """
    return Markup("").join(_block(block) for block in _blocks(text))


def with_line_breaks(text: str) -> Markup:
    """Plain text, escaped, with its line breaks kept."""
    return escape(text).replace("\n", Markup("<br>"))


def init_markdown(app: Flask) -> None:
    """Give templates the filters `markdown` and `line_breaks`."""
    app.add_template_filter(render, "markdown")
    app.add_template_filter(with_line_breaks, "line_breaks")


def _blocks(text: str) -> Iterator[str]:
    lines = text.split("\n")
    for token in _outline.parse(text):
        if token.level == 0 and token.map and token.nesting >= 0:
            start, end = token.map
            yield "\n".join(lines[start:end])


@lru_cache(maxsize=2048)
def _block(source: str) -> Markup:
    clean = nh3.clean(
        _parser.render(source),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )
    if "<pre>" in clean:
        clean = clean.replace("\n", "&#10;")  # server-sent events drop empty lines, code needs them
    return Markup(clean)  # noqa: S704  nh3 is what makes it safe


class _Renderer(RendererHTML):
    """Headings inside a bubble would break the page's own outline: they become strong lines."""

    def heading_open(self, tokens: list[Token], index: int, *_: object) -> str:
        return "<p><strong>"

    def heading_close(self, tokens: list[Token], index: int, *_: object) -> str:
        return "</strong></p>\n"


def _new() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "breaks": True}, renderer_cls=_Renderer).disable("image")


_parser = _new()
_outline = _new().disable("inline")
