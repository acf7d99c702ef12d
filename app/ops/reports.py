"""Error reports to Sentry, where SENTRY_DSN is set; without people's data and without secrets."""

from typing import Any

import sentry_sdk

from app.config import Settings
from app.ops.scrub import scrubbed_deep


def init_reports(settings: Settings) -> bool:
    """Start reporting errors; False when SENTRY_DSN is not set."""
    if not settings.sentry_dsn:
        return False
    sentry_sdk.init(
        dsn=settings.sentry_dsn,
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        before_send=clean,
        before_breadcrumb=clean,
    )
    return True


def clean(event: Any, hint: dict[str, Any]) -> Any:
    """A report without query strings, cookies, headers or secrets in its texts."""
    request = event.get("request")
    if isinstance(request, dict):
        url = str(request.get("url", "")).split("?")[0]
        event["request"] = {"method": request.get("method"), "url": url}
    return scrubbed_deep(event)
