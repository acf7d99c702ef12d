"""What every answer carries for safety, and which requests are refused for coming from another site."""

import logging
from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, current_app, request
from werkzeug.middleware.proxy_fix import ProxyFix

POLICY = "; ".join(
    (
        "default-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "object-src 'none'",
        "img-src 'self' data:",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# Their authority is a signature or token in the request itself, which no other site can make a browser send.
# Pages under /session send no referrer, and older browsers then post `Origin: null`.
SIGNED_BY_THEMSELVES = ("/webhooks/", "/session/")
# Customers' forms are not among these: what they type is cleaned, never refused.
STAFF_FORMS = "/staff/"

log = logging.getLogger(__name__)


def init_security(app: Flask) -> None:
    """Headers on every answer, the same-origin check before every change, and the proxies we believe."""
    app.before_request(_refuse_nul)
    app.before_request(_refuse_other_sites)
    app.after_request(_add_headers)
    proxies = app.config["SETTINGS"].trusted_proxies
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    else:
        app.extensions["told_of_proxy"] = False
        app.before_request(_tell_of_proxy)


def _refuse_nul() -> None:
    """PostgreSQL holds no U+0000, and no page of ours sends one."""
    if "\0" in request.path:
        abort(404)
    given = [*request.args.keys(), *request.args.values()]
    if request.path.startswith(STAFF_FORMS):
        given += request.form.values()
    if any("\0" in one for one in given):
        abort(400, "The request holds a character that no text has.")


def _tell_of_proxy() -> None:
    if "X-Forwarded-For" in request.headers and not current_app.extensions["told_of_proxy"]:
        current_app.extensions["told_of_proxy"] = True
        log.warning(
            "requests carry X-Forwarded-For, but TRUSTED_PROXIES is 0: if a proxy of yours sends them, set it, "
            "or all its visitors count as one address for the limits"
        )


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    # With no-referrer everywhere a plain form would post `Origin: null`, and the check below would refuse it.
    policy = "no-referrer" if request.path.startswith("/session") else "same-origin"
    response.headers.setdefault("Referrer-Policy", policy)
    response.headers.setdefault("Cache-Control", "no-store")
    if current_app.config["SETTINGS"].public_url.startswith("https://"):
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def _refuse_other_sites() -> None:
    if request.method in SAFE_METHODS or request.path.startswith(SIGNED_BY_THEMSELVES) or _bears_token(request):
        return
    if not _same_origin(request):
        abort(403, "This form was sent from another site.")


def _bears_token(incoming: Request) -> bool:
    return incoming.headers.get("Authorization", "").startswith("Bearer ")


def _same_origin(incoming: Request) -> bool:
    """Whether a browser says that our own page sent this. What names no origin at all is no browser, and has no victim.

    The rule of Go's http.CrossOriginProtection (https://pkg.go.dev/net/http#CrossOriginProtection).
    """
    origin = incoming.headers.get("Origin")
    if origin and origin in _our_origins(incoming):
        return True
    site = incoming.headers.get("Sec-Fetch-Site")
    if site:
        return site in ("same-origin", "none")
    return origin is None


def _our_origins(incoming: Request) -> tuple[str, str]:
    public = urlsplit(current_app.config["SETTINGS"].public_url)
    return incoming.host_url.rstrip("/"), f"{public.scheme}://{public.netloc}"
