"""Rate limits: shared over machines through Redis where there is one, else counted by this process."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, headers_enabled=False)


def init_limits(app: Flask) -> None:
    """Give the limiter its storage. A Redis that is down lets requests pass rather than closing the shop."""
    app.config.setdefault("RATELIMIT_STORAGE_URI", app.config["SETTINGS"].redis_url or "memory://")
    app.config.setdefault("RATELIMIT_SWALLOW_ERRORS", True)
    limiter.init_app(app)
