"""A company's own words for its assistant: drafted, published, rolled back. They stand beside the fixed rules."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from app.assistant.models import PromptVersion
from app.db import db

__all__ = [
    "LONGEST", "VersionRefused", "label_of", "lock_versions", "publish", "published_version", "save_draft",
    "version_of", "versions_of", "words_of",
]  # fmt: skip

LONGEST = {"persona": 600, "tone": 300, "rules": 3000}
NOT_BOUND = "Where this section differs from the rules above, the rules above hold."


class VersionRefused(ValueError):
    """These words cannot be a version; `field` is whose fault it is, or empty."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def words_of(version: PromptVersion | None) -> str:
    """The section of the prompt that this version is; empty without one. The same version gives the same bytes."""
    if version is None:
        return ""
    rules = [line.strip() for line in version.rules.splitlines() if line.strip()]
    parts = [
        f"Persona: {version.persona}" if version.persona else "",
        f"Tone: {version.tone}" if version.tone else "",
        "House rules:\n" + "\n".join(f"- {rule.removeprefix('- ')}" for rule in rules) if rules else "",
    ]
    said = "\n".join(part for part in parts if part)
    return f"The company's own words\n{said}\n{NOT_BOUND}" if said else ""


def label_of(built_in: str, version: PromptVersion | None) -> str:
    """What a provider call is marked with: the fixed rules' version, and the company's own."""
    return built_in if version is None else f"{built_in}.{version.number}"


def versions_of(company_id: int) -> Sequence[PromptVersion]:
    """The company's versions, newest first."""
    query = select(PromptVersion).where(PromptVersion.company_id == company_id)
    return db.session.scalars(query.order_by(PromptVersion.number.desc())).all()


def version_of(company_id: int, number: int) -> PromptVersion | None:
    """The company's version of that number."""
    return db.session.scalar(select(PromptVersion).filter_by(company_id=company_id, number=number))


def published_version(company_id: int) -> PromptVersion | None:
    """What holds now; None while the company has published nothing."""
    return db.session.scalar(select(PromptVersion).filter_by(company_id=company_id, status="published"))


def save_draft(company_id: int, given: Mapping[str, str], by: str, now: datetime) -> PromptVersion:
    """Write the company's draft, a new one if it has none. Raises VersionRefused. Flushes."""
    texts = {name: _checked(name, given.get(name, "")) for name in LONGEST}
    if not any(texts.values()):
        raise VersionRefused("Write at least one of the three: an empty version would change nothing.")
    lock_versions(company_id)
    draft = db.session.scalar(select(PromptVersion).filter_by(company_id=company_id, status="draft"))
    if draft is None:
        draft = PromptVersion(company_id=company_id, number=_next_number(company_id), status="draft")
        db.session.add(draft)
    for name, text in texts.items():
        setattr(draft, name, text)
    draft.changed_by, draft.changed_at = by, now
    db.session.flush()
    return draft


def publish(company_id: int, number: int, by: str, now: datetime, *, tested: bool = False) -> PromptVersion:
    """Let that version hold from now on: a draft, or an earlier one again. Raises VersionRefused. Flushes.

    `release_gate.release` asks the gate first and tells whether the words are `tested`.
    """
    lock_versions(company_id)
    version = version_of(company_id, number)
    if version is None or version.status == "published":
        raise VersionRefused("That version is already published." if version else "There is no such version.")
    retired = update(PromptVersion).where(PromptVersion.company_id == company_id, PromptVersion.status == "published")
    db.session.execute(retired.values(status="retired"))
    version.status, version.published_by, version.published_at = "published", by, now
    version.tested = tested
    db.session.flush()
    return version


def lock_versions(company_id: int) -> None:
    """Until the transaction ends, nobody else writes or publishes a version of the company's."""
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"prompt_versions:{company_id}"))))


def _next_number(company_id: int) -> int:
    highest = db.session.scalar(select(func.max(PromptVersion.number)).where(PromptVersion.company_id == company_id))
    return (highest or 0) + 1


def _checked(name: str, text: str) -> str:
    plain = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(plain) > LONGEST[name]:
        raise VersionRefused(f"At most {LONGEST[name]} characters.", name)
    return plain
