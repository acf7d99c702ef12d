"""What happened in a conversation, for the rooms above."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConversationTakenOver:
    conversation_id: int
    lead_id: int
    staff_user_id: int


@dataclass(frozen=True, slots=True)
class HandOverAsked:
    conversation_id: int
    lead_id: int
    reason: str
