"""What an error means for us: which kind, ask again, ask the other, count it."""

import logging
from typing import Any

from app.ai.port import ErrorKind, ProviderError

__all__ = ["from_answer", "from_event", "of_kind"]

logger = logging.getLogger(__name__)

# kind: permanent, fail_over, counts
_MEANING: dict[ErrorKind, tuple[bool, bool, bool]] = {
    "timeout": (False, True, True),
    "connection": (False, True, True),
    "rate_limit": (False, True, True),
    "overloaded": (False, True, True),
    "server": (False, True, True),
    "auth": (True, True, True),
    "quota": (True, True, True),
    "invalid": (True, False, False),
    "cut": (False, True, True),
    "stall": (False, True, True),
    "protocol": (False, True, True),
    "refused_by_breaker": (False, True, False),
}

# docs.anthropic.com/en/api/errors: one's own spend limit answers 400, 402 or 429, told by its error code only.
_SPENT = (
    "enforced_spend_limit_reached", "contract_spend_limit_reached", "linked_organization_spend_limit_reached",
    "insufficient_quota", "billing_hard_limit_reached", "billing_error",
)  # fmt: skip
_OF_STATUS: dict[int, ErrorKind] = {
    400: "invalid", 401: "auth", 402: "quota", 403: "auth", 408: "timeout", 409: "server", 413: "invalid",
    422: "invalid", 429: "rate_limit", 503: "overloaded", 504: "timeout", 529: "overloaded",
}  # fmt: skip
_OF_TYPE: dict[str, ErrorKind] = {
    "overloaded_error": "overloaded", "rate_limit_error": "rate_limit", "rate_limit_exceeded": "rate_limit",
    "timeout_error": "timeout", "authentication_error": "auth", "permission_error": "auth",
    "invalid_api_key": "auth", "invalid_request_error": "invalid", "request_too_large": "invalid",
}  # fmt: skip


def of_kind(kind: ErrorKind, message: str, request_id: str | None = None) -> ProviderError:
    """A ProviderError with what that kind usually means."""
    permanent, fail_over, counts = _MEANING[kind]
    return ProviderError(
        message, permanent=permanent, kind=kind, fail_over=fail_over, counts=counts, request_id=request_id
    )


def from_event(error: Any, provider: str, request_id: str | None) -> ProviderError:
    """The ProviderError for an error object that came inside a stream."""
    told = error if isinstance(error, dict) else {}
    codes = {str(told[name]) for name in ("type", "code") if told.get(name)}
    details = told.get("details")
    if isinstance(details, dict) and details.get("error_code"):
        codes.add(str(details["error_code"]))
    return from_answer(200, codes, str(told.get("message") or error), provider, request_id)


def from_answer(status: int, codes: set[str], message: str, provider: str, request_id: str | None) -> ProviderError:
    """The ProviderError for an HTTP status with the provider's own codes; what needs an operator is logged."""
    fault = _judged(status, codes, message, request_id)
    if fault.permanent:
        logger.error("%s refuses us for good (%s): %s", provider, fault.kind, fault)
    return fault


def _judged(status: int, codes: set[str], message: str, request_id: str | None) -> ProviderError:
    if codes.intersection(_SPENT):
        return of_kind("quota", message, request_id)
    if status == 404:  # a model name this account does not have: the other provider may well answer
        fault = of_kind("invalid", message, request_id)
        fault.fail_over = fault.counts = True
        return fault
    by_type: ErrorKind = next((_OF_TYPE[code] for code in sorted(codes) if code in _OF_TYPE), "server")
    return of_kind(_OF_STATUS.get(status, by_type), message, request_id)
