"""A company's turn at a job, key by key: one that is refused keeps the stores of the others waiting for nothing."""

from collections.abc import Callable
from datetime import timedelta

from app.db import db
from app.locations.models import Company
from app.shopmonkey import ShopMonkeyError, ShopMonkeyPort
from app.sync.clients import readers_of
from app.sync.turns import turn_at

PAUSE = timedelta(seconds=30)

Work = Callable[[int | None, ShopMonkeyPort], int]


def key_by_key(company: Company, job: str, work: Work) -> int:
    """Do the work with each key that reads the company; the sum of what it returned.

    Nothing happens while another worker has the company's turn. Commits; raises the first ShopMonkeyError once every
    key has had its turn.
    """
    done, failure = 0, None
    with turn_at(company.id, job, PAUSE) as turn:
        readers = readers_of(company) if turn else []
        db.session.commit()
        for key_id, client in readers:
            try:
                done += work(key_id, client)
            except ShopMonkeyError as error:
                db.session.rollback()
                failure = failure or error
    if failure:
        raise failure
    return done
