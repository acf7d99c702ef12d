"""What would be sent to a provider for a lead's next answer, without sending it."""

from dataclasses import dataclass, replace
from datetime import datetime

from flask import current_app
from sqlalchemy import select

from app.ai.port import Prompt, Provider
from app.assistant.brief import lead_brief, store_brief
from app.assistant.course import Course, course_for
from app.assistant.models import PromptVersion
from app.assistant.prompt import VERSION, build_prompt, turns_of
from app.assistant.prompt_versions import label_of, words_of
from app.assistant.visits import visit_brief
from app.chat.following_up import answerable
from app.chat.generation import MOST_TURNS
from app.chat.hearing import heard
from app.chat.models import Conversation, Message
from app.db import db
from app.leads.models import Lead


@dataclass(frozen=True, slots=True)
class Preview:
    """The prompt, what steers it, and who would be asked, the first one first."""

    prompt: Prompt
    course: Course
    providers: tuple[Provider, ...]


def preview(lead: Lead, now: datetime, version: PromptVersion | None = None) -> Preview:
    """The lead's next prompt as it stands, or as it would be with another version of the company's words."""
    course = course_for(store_brief(lead.location_id), lead.id)
    if version is not None:
        course = replace(course, words=words_of(version), prompt_version=label_of(VERSION, version))
    turns = answerable(turns_of(_said(lead.id)))
    visit = visit_brief(lead.id, course.store.timezone, now).wording
    prompt = build_prompt(course.store, lead_brief(lead.id), turns, now, course.words, visit)
    return Preview(prompt, course, tuple(current_app.extensions["providers_for"](course.store)))


def _said(lead_id: int) -> list[tuple[str, str]]:
    newest = (
        select(Message.seq, Message.author, Message.text, Conversation.handed_back_seq)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Conversation.lead_id == lead_id)
        .order_by(Message.seq.desc())
        .limit(MOST_TURNS)
    )
    rows = db.session.execute(newest).all()[::-1]
    return heard(rows, rows[-1].handed_back_seq if rows else None)
