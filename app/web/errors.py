"""Errors as people and programs need them: a friendly page, a piece of one, or JSON."""

from typing import Any

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from app.web.rendering import wants_fragment

CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "too_large",
    415: "unsupported_media_type",
    422: "unprocessable",
    429: "too_many_requests",
    503: "unavailable",
}
FOR_PROGRAMS = ("/api/", "/webhooks/")


class ApiError(Exception):
    """What a JSON call is told: `{"error": {"code", "message"}}` with this status; `more` stands beside them."""

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.more = more


def init_errors(app: Flask) -> None:
    """One look for every error."""
    app.register_error_handler(ApiError, _api_error)
    app.register_error_handler(HTTPException, _http_error)


def _api_error(error: ApiError) -> ResponseReturnValue:
    return jsonify(error={"code": error.code, "message": error.message, **error.more}), error.status


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if error.response is not None or status < 400:
        return error
    headers = [(name, value) for name, value in error.get_headers() if name not in ("Content-Type", "Content-Length")]
    if request.path.startswith(FOR_PROGRAMS):
        code = CODES.get(status, "error")
        return jsonify(error={"code": code, "message": error.description or error.name}), status, headers
    template = "errors/_error.html" if wants_fragment() else "errors/error.html"
    return render_template(template, status=status), status, headers
