"""The stand-in as a server of its own, for tests and for trying things out beside a running application.

    python -m app.sandbox.shopmonkey.serve --port 9009 --database postgresql://… [--key sandbox-shopmonkey-key]

It answers under http://127.0.0.1:9009/sandbox/shopmonkey and keeps everything in the database's schema `sandbox`.
"""

import argparse
import logging
import sys

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from app.config import Settings
from app.db import db
from app.lib import clock
from app.sandbox.clock import DemoClock
from app.sandbox.keys import COMPANY_API_KEY
from app.sandbox.shopmonkey import control, routes
from app.sandbox.tables import session

CONNECTIONS = 40

log = logging.getLogger(__name__)


class Handler(WSGIRequestHandler):
    """Connections stay open between calls, and answers leave at once."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """The caller logs."""


def make_app(database_url: str, key: str = COMPANY_API_KEY, secret: str = "") -> Flask:
    """The stand-in and nothing else. `secret` signs for webhooks that were registered without one."""
    settings = Settings(
        database_url=database_url,
        sandbox=True,
        shopmonkey_api_key=key,
        shopmonkey_webhook_secret=secret,
        _env_file=None,  # type: ignore[call-arg]
    )
    app = Flask(__name__, static_folder=None)
    app.config.from_mapping(
        SETTINGS=settings,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_size": CONNECTIONS, "max_overflow": 0},
    )
    db.init_app(app)
    app.register_blueprint(routes.blueprint)
    app.register_blueprint(control.blueprint)
    demo_clock = DemoClock(app)
    app.extensions["sandbox_clock"] = demo_clock
    clock.use(demo_clock.now)
    return app


def make_stand_in(app: Flask, port: int) -> BaseWSGIServer:
    """A threaded server on this machine only; port 0 takes a free one."""
    with app.app_context(), session() as opened:
        opened.commit()
    return make_server("127.0.0.1", port, app, threaded=True, request_handler=Handler)


def main() -> None:
    """Serve until interrupted. The first line of the output says where."""
    parser = argparse.ArgumentParser(description="A stand-in for ShopMonkey's API.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--database", required=True)
    parser.add_argument("--key", default=COMPANY_API_KEY)
    parser.add_argument("--secret", default="")
    given = parser.parse_args()
    server = make_stand_in(make_app(given.database, given.key, given.secret), given.port)
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}/sandbox/shopmonkey\n")
    sys.stdout.flush()
    try:
        server.serve_forever(poll_interval=0.05)
    except KeyboardInterrupt:
        log.info("the stand-in stops")


if __name__ == "__main__":
    main()
