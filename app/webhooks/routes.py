"""The machines' front door. What cannot be stored is answered 503, never 500: ShopMonkey gives up on a 500."""

import logging

from flask import Blueprint, Response, request
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.ops.metrics import WEBHOOKS
from app.shopmonkey import SignatureError
from app.webhooks.arrival import Garbage
from app.webhooks.intake import take_shopmonkey

LARGEST = 1024 * 1024

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")
log = logging.getLogger(__name__)


@blueprint.post("/shopmonkey")
def shopmonkey() -> Response:
    """Store the delivery and say so at once; the worker does the rest."""
    request.max_content_length = LARGEST
    try:
        outcome = take_shopmonkey(request.get_data(cache=False), request.headers)
    except Garbage as error:
        return _answer(400, "garbage", str(error))
    except SignatureError as error:
        return _answer(401, "bad_signature", error.reason)
    except DataError:
        return _answer(400, "garbage", "PostgreSQL cannot hold the body")
    except (DBAPIError, PoolTimeoutError, ValueError) as error:
        return _not_stored(error)
    return _answer(200, outcome)


def _answer(status: int, outcome: str, why: str | None = None) -> Response:
    WEBHOOKS.labels("shopmonkey", outcome).inc()
    if why:
        log.warning("webhook from shopmonkey refused, %s: %s", status, why)
    return Response("{}", status, mimetype="application/json")


def _not_stored(error: Exception) -> Response:
    WEBHOOKS.labels("shopmonkey", "not_stored").inc()
    log.error("webhook from shopmonkey could not be stored: %s", type(error).__name__)
    return Response("{}", 503, headers={"Retry-After": "2"}, mimetype="application/json")
