"""Conversations, their messages, and the assistant's replies."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, CreatedAt, Id


class Conversation(Base):
    """One lead's thread, by any channel. Its row is the lock for messages, takeover and reply text.

    `last_seq` counts the feed's items; `holder` says who answers: the assistant, or staff after a takeover.
    `waiting_since` is set while the customer waits for a person. Who has been told of it stands in `staff_called_for`
    and `managers_called_for`: the `waiting_since` that they were told of. What is older than `handed_back_seq` staff
    have seen.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        CheckConstraint("holder IN ('assistant', 'staff')", name="holder"),
        Index(
            "ix_conversations_waiting",
            "location_id",
            "waiting_since",
            postgresql_where="waiting_since IS NOT NULL",
        ),
        Index("ix_conversations_held", "location_id", postgresql_where="holder = 'staff'"),
    )

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id"))
    location_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("locations.id"))
    lead_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("leads.id", ondelete="CASCADE"), unique=True)
    last_seq: Mapped[int] = mapped_column(default=0, server_default="0")
    holder: Mapped[str] = mapped_column(default="assistant", server_default="assistant")
    held_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("staff_users.id"))
    holder_name: Mapped[str | None]
    held_since: Mapped[datetime | None]
    waiting_since: Mapped[datetime | None]
    waiting_reason: Mapped[str | None]
    staff_called_for: Mapped[datetime | None]
    managers_called_for: Mapped[datetime | None]
    handed_back_seq: Mapped[int | None]
    language: Mapped[str | None]
    last_message_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = CreatedAt()


class HandOverAlert(Base):
    """That one person of the staff is told that a customer waits since `waiting_since`: once, by this delivery."""

    __tablename__ = "hand_over_alerts"
    __table_args__ = (UniqueConstraint("conversation_id", "waiting_since", "staff_user_id"),)

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id"))
    location_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("locations.id"))
    conversation_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"))
    waiting_since: Mapped[datetime]
    staff_user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("staff_users.id", ondelete="CASCADE"))
    delivery_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("deliveries.id"), index=True)
    created_at: Mapped[datetime] = CreatedAt()


class Message(Base):
    """One message. `seq` is its place in the conversation; `changed_seq` the feed item that last changed it.

    `card` is what is drawn with its text, or in its place: see `cards`. `status` is whole, streaming (the assistant is
    still writing) or cut (it was silenced in mid-reply). What came by SMS or email keeps where it came from in
    `from_address`: the answer goes there.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "client_message_id"),
        CheckConstraint("author IN ('customer', 'assistant', 'staff', 'system')", name="author"),
        CheckConstraint("status IN ('whole', 'streaming', 'cut')", name="status"),
        Index("ix_messages_changed", "conversation_id", "changed_seq"),
    )

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id"))
    location_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("locations.id"))
    conversation_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"))
    seq: Mapped[int]
    changed_seq: Mapped[int]
    part: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    author: Mapped[str]
    author_name: Mapped[str | None]
    channel: Mapped[str] = mapped_column(default="web", server_default="web")
    status: Mapped[str] = mapped_column(default="whole", server_default="whole")
    text: Mapped[str]
    card: Mapped[dict[str, Any] | None]
    client_message_id: Mapped[str | None]
    staff_user_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("staff_users.id"))
    from_address: Mapped[str | None]
    created_at: Mapped[datetime] = CreatedAt()


class Reply(Base):
    """One generation of the assistant: it answers the customer's messages up to `to_seq`.

    Open replies (pending, running) are leased: whoever holds an unexpired lease generates; an expired one is taken over
    and goes on from the stored text. `rounds` keeps finished tool rounds, so that no side effect is repeated.
    One that failed because no provider could answer is followed up at `follow_up_at`, by a reply whose `follow_up`
    counts how often that has been tried.
    """

    __tablename__ = "replies"
    __table_args__ = (
        CheckConstraint("status IN ('pending', 'running', 'done', 'failed', 'silenced')", name="status"),
        Index(
            "uq_replies_open",
            "conversation_id",
            unique=True,
            postgresql_where="status IN ('pending', 'running')",
        ),
        Index("ix_replies_lease", "lease_until", postgresql_where="status IN ('pending', 'running')"),
        Index("ix_replies_conversation", "conversation_id", "id"),
        Index("ix_replies_follow_up", "follow_up_at", postgresql_where="follow_up_at IS NOT NULL"),
    )

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id"))
    location_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("locations.id"))
    conversation_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"))
    message_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("messages.id"))
    to_seq: Mapped[int]
    status: Mapped[str] = mapped_column(default="pending", server_default="pending")
    attempt: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    rounds: Mapped[list[Any] | None]
    unproven: Mapped[list[Any] | None]
    error: Mapped[str | None]
    follow_up: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    follow_up_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = CreatedAt()
    finished_at: Mapped[datetime | None]
