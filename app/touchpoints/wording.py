"""Templates of messages: a closed grammar over a few named words, and what may not leave the house. Pure.

Staff write them, so they are untrusted code: Jinja's sandbox, and of its language only words, `default` and `if`.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, UndefinedError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from app.messaging.segments import folded, is_gsm, plain, segments

MOST_SEGMENTS = 3
LONGEST = 4000

# Each word and what it stands for. The first four are always known.
ALWAYS = ("store", "chat_link", "greeting")
VOCABULARY = {
    "store": "the store's name",
    "chat_link": "the customer's own chat link",
    "greeting": "“Hi Maria,” or “Hi,”, in the customer's language",
    "first_name": "the customer's first name",
    "vehicle": "year, make and model",
    "service": "the one service asked for",
    "services": "all services asked for, one a line",
    "price_from": "the lowest price of what was asked for",
    "advisor": "the store's advisor, where it has just one",
    "store_phone": "the store's phone number",
}

ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Filter, nodes.If,
    nodes.Not, nodes.And, nodes.Or, nodes.Test,
)  # fmt: skip
FILTERS = ("default", "capitalize", "upper", "lower")
# Phones make a link of nearly any two words with a dot between; a missing space after a full stop makes one too.
ADDRESS = re.compile(
    r"(?i:(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|co|io|ly|link|info|biz)\b\S*)"
    r"|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,24}\b\S*|\b\w[\w-]*(?:\.[\w-]+)+/\S*"
)


class Refused(ValueError):
    """The template, or what it makes of a lead, may not be sent; the message says why, in words for staff."""


class _Unknown(StrictUndefined):
    """A word that nothing is known for: `{% if vehicle %}` may ask for it, printing it is refused."""

    def __bool__(self) -> bool:  # type: ignore[override]
        return False


_environment = ImmutableSandboxedEnvironment(undefined=_Unknown, autoescape=False, keep_trailing_newline=False)
_environment.globals.clear()
_environment.filters = {name: _environment.filters[name] for name in FILTERS}
_environment.tests = {"defined": _environment.tests["defined"]}


@lru_cache(maxsize=4096)
def compiled(source: str) -> Template:
    """The template. Raises Refused for anything but text, known words, `default` and `if`."""
    if len(source) > LONGEST:
        raise Refused(f"It is longer than {LONGEST} characters.")
    try:
        tree = _environment.parse(source)
    except TemplateSyntaxError as error:
        raise Refused(f"Line {error.lineno}: {error.message}.") from None
    for node in tree.find_all(nodes.Node):
        _allow(node)
    return _environment.from_string(source)


@lru_cache(maxsize=4096)
def words_of(source: str) -> frozenset[str]:
    """The words that the template names. Raises Refused as `compiled` does."""
    compiled(source)
    return frozenset(node.name for node in _environment.parse(source).find_all(nodes.Name))


def written(source: str, words: Mapping[str, str]) -> str:
    """The text for a lead of whom these words are known. Raises Refused where it would print an unknown one."""
    known = {name: word for name, word in words.items() if word}
    try:
        return compiled(source).render(known).strip()
    except UndefinedError as error:
        name = re.search(r"'(\w+)' is undefined", str(error))
        word = name.group(1) if name else "a word"
        raise Refused(
            f'{{{{ {word} }}}} is not always known. Write {{{{ {word}|default("…") }}}}, or put it between '
            f"{{% if {word} %}} and {{% endif %}}."
        ) from None


def checked(text: str, words: Mapping[str, str]) -> str:
    """The text, where every address in it is the customer's own link. Raises Refused."""
    rest = text.replace(words["chat_link"], " ")
    # Names of stores and services may look like addresses.
    for name in ("store", "service", "services", "vehicle"):
        if words.get(name):
            rest = rest.replace(words[name], " ")
    found = ADDRESS.search(rest)
    if found:
        raise Refused(f"It holds another address than the customer's own: {found.group(0)}. Use {{{{ chat_link }}}}.")
    return text


def one_text(source: str, words: Mapping[str, str], ending: str = "") -> str:
    """One SMS of at most three segments that names the store, `ending` last. Raises Refused.

    What is too long goes without accents first, then without what need not be said: service, vehicle, name.
    """
    for left_out in ((), ("service",), ("service", "vehicle"), ("service", "vehicle", "first_name", "advisor")):
        fewer = {name: word for name, word in words.items() if name not in left_out}
        text = plain(" ".join(f"{checked(written(source, fewer), fewer)} {ending}".split()))
        if plain(words["store"]) not in text:
            raise Refused("A text message must name the store: use {{ store }}.")
        if segments(text) <= MOST_SEGMENTS:
            return text
        if is_gsm(folded(text)) and segments(folded(text)) <= MOST_SEGMENTS:
            return folded(text)
    raise Refused(f"It takes {segments(text)} SMS segments; at most {MOST_SEGMENTS} are sent.")


def _allow(node: nodes.Node) -> None:
    if not isinstance(node, ALLOWED):
        raise Refused(f"Line {node.lineno}: only words, |default(…) and {{% if … %}} can be used here.")
    if isinstance(node, nodes.Name) and node.name not in VOCABULARY:
        raise Refused(f"Line {node.lineno}: there is no word {{{{ {node.name} }}}}.")
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        raise Refused(f"Line {node.lineno}: there is no |{node.name}.")
    if isinstance(node, nodes.Test) and node.name != "defined":
        raise Refused(f"Line {node.lineno}: there is no “is {node.name}”.")
