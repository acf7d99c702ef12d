"""The wording of website forms, as managers attested it: versioned, and never changed afterwards."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from app.db import db
from app.messaging.models import ConsentAttestation

LONGEST_TEXT = 4000
LONGEST_PAGE = 300


class AttestationRefused(ValueError):
    """This cannot be attested; the message says why."""


def attest(
    *,
    company_id: int,
    location_id: int | None,
    text: str,
    page: str,
    covers_sms: bool,
    covers_email: bool,
    attested_by: str,
    now: datetime,
) -> ConsentAttestation:
    """Add the next version of the form's wording, for one store or the whole company. Raises AttestationRefused."""
    text, page = text.replace("\r\n", "\n").strip(), page.strip()
    if not text:
        raise AttestationRefused("Paste the text that people agree to on the form.")
    if "\x00" in text + page or len(text) > LONGEST_TEXT or len(page) > LONGEST_PAGE:
        raise AttestationRefused(f"At most {LONGEST_TEXT} characters of text and {LONGEST_PAGE} for the page.")
    if not (covers_sms or covers_email):
        raise AttestationRefused("Choose what the text covers: texts, email, or both.")
    of_form = (ConsentAttestation.company_id == company_id, _belongs_to(location_id))
    newest = db.session.scalar(select(func.max(ConsentAttestation.version)).where(*of_form))
    attestation = ConsentAttestation(
        company_id=company_id,
        location_id=location_id,
        version=(newest or 0) + 1,
        text=text,
        page=page or None,
        covers_sms=covers_sms,
        covers_email=covers_email,
        attested_by=attested_by,
        attested_at=now,
    )
    db.session.add(attestation)
    db.session.flush()
    return attestation


def attestation_at(company_id: int, location_id: int, moment: datetime) -> ConsentAttestation | None:
    """What was attested for a store's form at a moment: the store's own newest, else its company's."""
    known = (
        select(ConsentAttestation)
        .where(
            ConsentAttestation.company_id == company_id,
            or_(ConsentAttestation.location_id == location_id, ConsentAttestation.location_id.is_(None)),
            ConsentAttestation.attested_at <= moment,
        )
        .order_by(ConsentAttestation.location_id.is_(None), ConsentAttestation.version.desc())
        .limit(1)
    )
    return db.session.scalar(known)


def attestations_of(company_id: int, location_id: int | None) -> list[ConsentAttestation]:
    """Every version of one form's wording, newest first."""
    known = select(ConsentAttestation).where(ConsentAttestation.company_id == company_id, _belongs_to(location_id))
    return list(db.session.scalars(known.order_by(ConsentAttestation.version.desc())))


def _belongs_to(location_id: int | None) -> ColumnElement[bool]:
    column = ConsentAttestation.location_id
    return column.is_(None) if location_id is None else column == location_id
