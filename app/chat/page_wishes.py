"""A customer who writes on the page, or by the API, that they want no more texts or emails.

Any reasonable way counts (47 CFR 64.1200(a)(10)), and a conversation of ours is one.
"""

from datetime import datetime

from app.chat import words
from app.chat.posting import post_system_line
from app.chat.wishes import Heard, heed
from app.db import db
from app.leads.models import Lead
from app.messaging.opt_out_words import Wish, read

# Alone on a page, CANCEL or ENOUGH speak of a visit or an answer; these speak of our messages.
ALONE = frozenset({"stop", "stop all", "stopall", "unsubscribe", "unsub", "opt out", "optout", "arret", "desabonner"})


def heed_on_page(lead_id: int, message: str, key: str, now: datetime) -> Wish | None:
    """The stop in a message on the page, heeded and committed; None where there is none."""
    wish = read(message)
    if wish is None or wish.kind != "stop" or (wish.bare and not _alone(message)):
        return None
    lead = db.session.get_one(Lead, lead_id)
    heeded = heed(wish, Heard(key, "web", "", message, now), lead, lead.company_id)
    db.session.commit()
    return wish if heeded else None


def confirm_on_page(conversation_id: int, lead_id: int, wish: Wish, now: datetime) -> None:
    """Say on the page what has ended. Commits."""
    lead = db.session.get_one(Lead, lead_id)
    language = (lead.customer.language if lead.customer else None) or wish.language
    post_system_line(conversation_id, words.opted_out_here(language, wish.channels or ("sms",)), now)


def _alone(message: str) -> bool:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in message.lower()).split()) in ALONE
