"""Parts of a page that keep themselves fresh: asked for every few seconds, sent again only when they changed."""

import hashlib
from dataclasses import dataclass

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Live:
    """One such part. In a template it prints itself, with what it needs to ask again at `url`."""

    dom_id: str
    url: str
    seconds: int
    html: str
    state: str = ""

    @property
    def version(self) -> str:
        """A short name for this very content, or for its `state` where that is what counts."""
        return hashlib.sha256((self.state or self.html).encode()).hexdigest()[:16]

    def __html__(self) -> str:
        return render_template("staff/_live.html", live=self, content=Markup(self.html))  # noqa: S704 - rendered by Jinja

    def answer(self) -> ResponseReturnValue:
        """The part, or 204 where the page that asks already shows it: htmx then leaves the page alone."""
        return Response(status=204) if request.args.get("shown") == self.version else self.__html__()
