"""Conversations: what other rooms may do with them."""

from datetime import datetime
from typing import Any

from app.chat import holding, page_wishes, posting, runner
from app.chat.events import ConversationTakenOver, HandOverAsked
from app.chat.feed import feed_response
from app.chat.holding import is_held, take_over
from app.chat.message_rules import MessageRefused, message_id_of
from app.chat.posting import Posted, open_conversation
from app.chat.staff_posting import NotHeld, post_staff_message
from app.chat.thread import thread

__all__ = [
    "ConversationTakenOver",
    "HandOverAsked",
    "MessageRefused",
    "NotHeld",
    "Posted",
    "feed_response",
    "hand_back",
    "is_held",
    "message_id_of",
    "open_conversation",
    "post_customer_message",
    "post_staff_message",
    "take_over",
    "thread",
]


def post_customer_message(
    conversation_id: int,
    lead_id: int,
    message: str,
    client_message_id: str,
    channel: str,
    now: datetime,
    language: str | None = None,
    **given: Any,
) -> Posted:
    """Store the customer's message once and have it answered. Raises MessageRefused. Commits.

    `given` as `posting.post_customer_message` takes it. Who says on the page that they want no more messages is heeded
    first, and told so.
    """
    wish = page_wishes.heed_on_page(lead_id, message, client_message_id, now) if channel == "web" else None
    if wish is not None:
        given = {**given, "engages": not wish.pure, "answered": not wish.pure}
    posted = posting.post_customer_message(
        conversation_id, lead_id, message, client_message_id, channel, now, language, **given
    )
    if posted.reply_id is not None:
        runner.start(posted.reply_id)
    if wish is not None and posted.is_new:
        page_wishes.confirm_on_page(conversation_id, lead_id, wish, now)
    return posted


def hand_back(conversation_id: int, name: str, now: datetime) -> None:
    """Let the assistant answer again; it answers at once where the customer had the last word. Commits."""
    reply_id = holding.hand_back(conversation_id, name, now)
    if reply_id is not None:
        runner.start(reply_id)
