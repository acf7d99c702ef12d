"""The one feed of a conversation: what pages, staff and the API hear, live and after a lost connection.

A feed id is `seq.part`. Live notes are an extra: a watcher that sees a jump in `seq`, or a gap, reads the tables.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import orjson
from flask import Response, render_template, stream_with_context
from werkzeug.exceptions import HTTPException

from app.chat.items import Item, State
from app.chat.thread import changes
from app.db import db
from app.live import Note, announce, hub
from app.web.i18n import choose_language

HEARTBEAT_SECONDS = 20.0
ASK_AGAIN_SECONDS = 5.0
# PostgreSQL takes 8,000 bytes; the rest of a note is well under 1,000.
LARGEST_TEXT = 6500
LONGEST_SEQ = 18
STREAM_HEADERS = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}


class Writer(Protocol):
    """Turns items into server-sent events."""

    def item(self, item: Item, state: State | None, note: Note | None) -> bytes: ...


def feed_name(conversation_id: int) -> str:
    return f"conversation:{conversation_id}"


def note_of(item: Item, state: State | None) -> dict[str, Any]:
    """The note that carries this item to other processes; a long text is left for them to read."""
    note: dict[str, Any] = {"seq": item.changed_seq}
    if len(item.text) <= LARGEST_TEXT and len(orjson.dumps([item.text, item.card])) <= LARGEST_TEXT:
        note["item"] = item.to_note()
    if state is not None:
        note["state"] = state.to_note()
    return note


def announce_item(conversation_id: int, item: Item, state: State | None) -> Callable[[], None]:
    """Announce the item in the current transaction; call what is returned after the commit."""
    note = {**note_of(item, state), "origin": hub().origin}
    announce(feed_name(conversation_id), note)
    return lambda: hub().hand_over(feed_name(conversation_id), note)


def feed_response(
    conversation_id: int, after: str | None, still_allowed: Callable[[], object], writer: Writer | None = None
) -> Response:
    """The conversation's server-sent events from feed id `after` on. Holds no database session while it waits.

    `still_allowed` is asked again before something is shown to a reader who was last asked a while ago: it aborts when
    their right has ended, and the stream ends with it.
    """
    position = _seq_of(after)
    db.session.remove()
    events = _events(conversation_id, position, still_allowed, writer or HtmlWriter())
    return Response(stream_with_context(events), mimetype="text/event-stream", headers=STREAM_HEADERS)


def watch_items(
    conversation_id: int, after_seq: int, heartbeat: float = HEARTBEAT_SECONDS
) -> Iterator[tuple[Item, State | None, Note | None] | None]:
    """Every item from `after_seq` on, first from the tables, then live; None at each heartbeat."""
    with hub().watch(feed_name(conversation_id)) as watch:
        seen, written, ended = after_seq, (0, 0), 0
        items, state, last = _catch_up(conversation_id, seen)
        yield from ((item, state, None) for item in items)
        seen = max(seen, last)
        for note in watch.notes(heartbeat):
            if note is None:
                yield None
            elif note.data is not None and "item" in note.data and note.data["seq"] <= seen + 1:
                seen = max(seen, note.data["seq"])
                item, state_now = _from_note(note)
                # Another process's words may come late: after this one's newer ones, or after the message has ended.
                if item.streaming and (item.seq <= ended or (item.seq, item.part) <= written):
                    continue
                if item.streaming:
                    written = (item.seq, item.part)
                elif item.author == "assistant":
                    ended = max(ended, item.seq)
                yield item, state_now, note
            else:
                items, state, last = _catch_up(conversation_id, seen)
                yield from ((item, state, None) for item in items)
                seen = max(seen, last)


def _events(
    conversation_id: int, after_seq: int, still_allowed: Callable[[], object], writer: Writer
) -> Iterator[bytes]:
    yield b": here\n\n"
    asked = time.monotonic()
    for event in watch_items(conversation_id, after_seq):
        if event is None:
            yield b": waiting\n\n"
            continue
        if time.monotonic() - asked > ASK_AGAIN_SECONDS:
            if not _allowed(still_allowed):
                return
            asked = time.monotonic()
        yield writer.item(*event)


def _allowed(still_allowed: Callable[[], object]) -> bool:
    try:
        still_allowed()
    except HTTPException:
        return False
    finally:
        db.session.remove()
    return True


def _catch_up(conversation_id: int, after_seq: int) -> tuple[list[Item], State, int]:
    try:
        return changes(conversation_id, after_seq)
    finally:
        db.session.remove()


def _from_note(note: Note) -> tuple[Item, State | None]:
    assert note.data is not None
    if "parsed" not in note.memo:
        state = note.data.get("state")
        note.memo["parsed"] = (Item.from_note(note.data["item"]), State(**state) if state else None)
    return note.memo["parsed"]


def _seq_of(feed_id: str | None) -> int:
    head = (feed_id or "0").partition(".")[0]
    return int(head) if head.isdecimal() and len(head) <= LONGEST_SEQ else 0


class HtmlWriter:
    """Events for pages: the message's partial, and the state below the messages where it changed."""

    def item(self, item: Item, state: State | None, note: Note | None) -> bytes:
        key = ("html", choose_language())
        if note is not None and key in note.memo:
            return note.memo[key]
        html = render_template("chat/feed_item.stream.html", message=item, state=state)
        event = sse(html, item.position)
        if note is not None:
            note.memo[key] = event
        return event


def sse(data: str, event_id: str, event: str | None = None) -> bytes:
    """One server-sent event."""
    lines = "".join(f"data: {line}\n" for line in data.split("\n") if line)
    name = f"event: {event}\n" if event else ""
    return f"id: {event_id}\n{name}{lines}\n".encode()
