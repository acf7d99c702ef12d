"""How the web processes run: gevent workers, so that thousands of people may hold a stream open at once."""

import gc
import os
import tempfile
from pathlib import Path

from gunicorn.workers.base import Worker

bind = f"{'127.0.0.1' if os.environ.get('SANDBOX') == '1' else '0.0.0.0'}:{os.environ.get('PORT') or 8000}"  # noqa: S104
worker_class = "gevent"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
# 1000, the default, is exactly full when 1000 people read: the next request would wait for one to leave.
worker_connections = 4000
timeout = 60
graceful_timeout = 20
keepalive = 5
accesslog = None
loglevel = (os.environ.get("LOG_LEVEL") or "info").lower()
# Each worker loads the application itself: what is imported before gevent's patch keeps blocking sockets.
preload_app = False
# One per run: two runs on one machine must not answer for each other.
control_socket = str(Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / f"gunicorn-{os.getpid()}.ctl")
control_socket_disable = len(control_socket) > 100


def post_fork(server: object, worker: Worker) -> None:
    """Make sockets, locks and PostgreSQL calls yield to other greenlets, before the application is imported."""
    from gevent import monkey

    monkey.patch_all()
    from psycogreen.gevent import patch_psycopg

    patch_psycopg()


def post_worker_init(worker: Worker) -> None:
    """Build what the first customer would wait for, stand in for killed processes, end streams when stopping."""
    from app.ai.clients import warm
    from app.chat.runner import keep_leases
    from app.live.hub import close_when_stopping
    from app.wiring import refuse_unsafe_start

    refuse_unsafe_start(worker.wsgi)
    warm(worker.wsgi.config["SETTINGS"])
    close_when_stopping(worker.wsgi, worker)
    with worker.wsgi.app_context():
        keep_leases()
    # What is loaded by now stays: looking through all of it again and again stopped every stream for a moment.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def worker_exit(server: object, worker: Worker) -> None:
    """Let replies that this process writes come to their end: another would pay for them a second time."""
    from app.chat.runner import drain

    drain(worker.wsgi, graceful_timeout - 5)
