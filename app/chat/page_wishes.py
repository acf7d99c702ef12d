"""A customer who writes on the page, or by the API, that they want no more texts or emails.

Any reasonable way counts (47 CFR 64.1200(a)(10)), and a conversation of ours is one.
"""

import re
from datetime import datetime

from app.chat import words
from app.chat.posting import post_system_line
from app.chat.wishes import Heard, heed
from app.db import db
from app.leads.models import Lead
from app.messaging.opt_out_text import words as plain_words
from app.messaging.opt_out_words import Wish, read

# Alone on a page, CANCEL or ENOUGH speak of a visit or an answer; these speak of our messages.
ALONE = frozenset({"stop", "stop all", "stopall", "unsubscribe", "unsub", "opt out", "optout", "arret", "desabonner"})

# Other wording has to speak of our messages too: much is said on a page, and a stop there ends texts elsewhere.
OF_MESSAGES = re.compile(
    r"\b(?:messages?|messaging|unsubscribe|bother\w*|spam\w*|harass\w*|remove me|opt (?:me )?out|take me off|"
    r"mensajes?|molest\w*|dejen|desabonn\w*)\b"
)

# Who asks to get them again, or speaks for other people, means something else.
MEANS_ELSE = re.compile(
    r"\bopt (?:me |my \w+ )?in\b|\b(?:every|all|other) (?:customers?|leads?|people)\b|\bevery(?:one|body)\b"
)


def heed_on_page(lead_id: int, message: str, key: str, now: datetime) -> Wish | None:
    """The stop in a message on the page, heeded and committed; None where there is none."""
    wish = read(message)
    if wish is None or wish.kind != "stop" or not _speaks_of_messages(wish, message):
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


def _speaks_of_messages(wish: Wish, message: str) -> bool:
    said = plain_words(message)
    if wish.bare:
        return said in ALONE
    return bool(wish.channels or OF_MESSAGES.search(said)) and not MEANS_ELSE.search(said)
