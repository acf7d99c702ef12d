"""Answers that no model is asked for: where a limit is reached, and where the question is none of the store's."""

from collections.abc import Sequence
from itertools import takewhile

from app.assistant.course import Course
from app.assistant.limits import Spent, reached
from app.assistant.off_topic import off_topic
from app.chat import words
from app.chat.holding import hand_over
from app.chat.leases import Claimed
from app.lib import clock


def answer_without_model(
    reply: Claimed, course: Course, language: str | None, messages: Sequence[tuple[str, str]]
) -> str | None:
    """The whole answer, or None where the model is to be asked. At a limit a person is called. Commits.

    `messages` are (author, text) pairs, oldest first. An answer that has begun is let finish.
    """
    if reply.text:
        return None
    store = course.store
    spent = Spent(reply.spent, reply.spent_today, course.store_day, course.company_day, reply.turns_today)
    limit = reached(course.limits, spent)
    if limit is not None:
        hand_over(reply.conversation_id, limit, clock.now())
        return words.limit_reached(language, store.name, store.phone)
    burst = [said for _, said in takewhile(lambda message: message[0] != "assistant", reversed(messages))]
    if burst and all(off_topic(said) for said in burst):
        return words.off_topic(language, store.name)
    return None
