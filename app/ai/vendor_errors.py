"""What the SDKs and the transport raise before the first event."""

import anthropic
import httpx2
import openai

from app.ai.faults import from_answer, of_kind
from app.ai.port import ProviderError

__all__ = ["VENDOR_ERRORS", "from_vendor"]

VENDOR_ERRORS = (anthropic.AnthropicError, openai.OpenAIError, httpx2.HTTPError)


def from_vendor(error: Exception, provider: str) -> ProviderError:
    """The ProviderError for one of VENDOR_ERRORS."""
    status = getattr(error, "status_code", None)
    if status is not None:
        return from_answer(status, _codes(error), str(error), provider, getattr(error, "request_id", None))
    cause = error.__cause__ or error
    if isinstance(cause, httpx2.TimeoutException):
        fault = of_kind("timeout", f"no answer in time: {cause}")
        # Our own pool was exhausted: nothing is known about the provider.
        fault.counts = not isinstance(cause, httpx2.PoolTimeout)
        return fault
    if isinstance(error, anthropic.APIConnectionError | openai.APIConnectionError | httpx2.TransportError):
        return of_kind("connection", f"cannot reach it: {cause}")
    return of_kind("protocol", f"{type(error).__name__}: {error}")


def _codes(error: Exception) -> set[str]:
    named = (getattr(error, name, None) for name in ("type", "code", "error_code"))
    return {str(value) for value in named if value}
