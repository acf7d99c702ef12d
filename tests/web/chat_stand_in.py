"""A chat server of a few lines, to try the page's own behaviour in a real browser: it fails and hangs up on request."""

import queue
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace as Some

from flask import Blueprint, Flask, Response, abort, render_template, request
from werkzeug.serving import make_server

from app.locations.hours import UNKNOWN

QUIET = Some(typing=False, holder="assistant", holder_name=None, waiting=False)
TYPING = Some(typing=True, holder="assistant", holder_name=None, waiting=False)
LOCATION = Some(name="Tint World", phone=None, tagline=None, address="", brand_color="#c8102e")
LEAD = Some(public_id="Ab12", location=LOCATION, customer=Some(first_name="Maria"), vehicle=None)


class StandIn:
    """One conversation. `fail_next` refuses that many posts; `hang_up` ends every feed."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.messages: list[Some] = []
        self.feeds: list[queue.Queue] = []
        self.fail_next = 0
        self.openings = 0
        self.asked_from: list[str | None] = []

    def say(self, author: str, text: str, client_message_id: str | None = None, state: Some = QUIET) -> str:
        """Add a message, send it down every feed, and return its feed item."""
        seq = len(self.messages) + 1
        message = Some(
            seq=seq, author=author, text=text, status="whole", author_name=None, channel="web",
            created_at=datetime.now(UTC), dom_id=f"message-{client_message_id or seq}",
        )  # fmt: skip
        self.messages.append(message)
        with self.app.test_request_context():
            item = render_template("chat/feed_item.stream.html", message=message, state=state)
        for feed in self.feeds:
            feed.put((seq, item))
        return item

    def hang_up(self) -> None:
        for feed in list(self.feeds):
            feed.put(None)

    def events(self, after: int) -> Iterator[bytes]:
        feed: queue.Queue = queue.Queue()
        self.feeds.append(feed)
        yield b": here\n\n"
        for message in self.messages[after:]:
            yield _event(message.seq, render_template("chat/feed_item.stream.html", message=message, state=QUIET))
        while (found := feed.get()) is not None:
            yield _event(*found)
        self.feeds.remove(feed)


def _event(seq: int, html: str) -> bytes:
    lines = "".join(f"data: {line}\n" for line in html.splitlines() if line)
    return f"id: {seq}.0\n{lines}\n".encode()


def routes(chat: StandIn) -> Blueprint:
    blueprint = Blueprint("chat", __name__, url_prefix="/chat/<public_id>")

    @blueprint.get("")
    def page(public_id: str) -> str:
        thread = Some(messages=chat.messages, last_seq=len(chat.messages), has_older=False, state=QUIET)
        return render_template(
            "chat/page.html", lead=LEAD, thread=thread, quote=[], open_state=UNKNOWN, assistant_name="Tina",
            new_client_message_id=uuid.uuid4().hex,
        )  # fmt: skip

    @blueprint.post("/messages")
    def send(public_id: str) -> str:
        if chat.fail_next:
            chat.fail_next -= 1
            abort(503)
        return chat.say("customer", request.form["message"], request.form["client_message_id"], TYPING)

    @blueprint.get("/stream")
    def stream(public_id: str) -> Response:
        last = request.headers.get("Last-Event-ID")
        chat.asked_from.append(last)
        after = int((last or request.args["after"]).partition(".")[0])
        return Response(stream_in_context(after), mimetype="text/event-stream")

    def stream_in_context(after: int) -> Iterator[bytes]:
        with chat.app.test_request_context():
            yield from chat.events(after)

    @blueprint.post("/opening")
    def opened(public_id: str) -> tuple[str, int]:
        chat.openings += 1
        return "", 204

    blueprint.add_url_rule("/older", "older", lambda public_id: "")
    blueprint.add_url_rule("/catalog", "catalog", lambda public_id: render_template(
        "chat/_catalog.html", lead=LEAD, query="",
        categories=[("Tint", [Some(name="Ceramic", description="", price_wording="$399", duration_wording="")])],
    ))  # fmt: skip
    return blueprint


def visits() -> Blueprint:
    """Where the page's links to booking lead."""
    blueprint = Blueprint("booking", __name__, url_prefix="/chat/<public_id>/visit")
    blueprint.add_url_rule("", "page", lambda public_id: "")
    return blueprint


@contextmanager
def serving(app: Flask) -> Iterator[tuple[StandIn, str]]:
    chat = StandIn(app)
    app.register_blueprint(routes(chat))
    app.register_blueprint(visits())
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield chat, f"http://127.0.0.1:{server.server_port}/chat/Ab12"
    finally:
        chat.hang_up()
        server.shutdown()
        server.server_close()
        thread.join(5)
