"""Running replies in this process: apart from any connection, under leases that are kept while they run.

`start` runs a reply on a thread of its own (a greenlet under gunicorn). Each process keeps the leases of what it
generates and picks up what others left behind.
"""

import logging
import threading
import time
import uuid
from dataclasses import dataclass, field

from flask import Flask, current_app

from app.chat import following_up, leases
from app.chat.generation import ProvidersFor, generate
from app.db import db

log = logging.getLogger(__name__)

KEEP_SECONDS = 1.5


@dataclass(slots=True)
class Generator:
    """This process's generating: who it is, what runs, and whether it keeps leases yet."""

    app: Flask
    owner: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    running: set[int] = field(default_factory=set)
    stopping: threading.Event = field(default_factory=threading.Event)
    keeper: threading.Thread | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


def init_runner(app: Flask, providers_for: ProvidersFor) -> None:
    """Give the process its generator. `providers_for` chooses a store's providers, the first one first."""
    app.extensions["generator"] = Generator(app)
    app.extensions["providers_for"] = providers_for


def start(reply_id: int) -> None:
    """Generate the reply in the background."""
    generator = _generator()
    with generator.lock:
        if generator.stopping.is_set() or reply_id in generator.running:
            return
        generator.running.add(reply_id)
    keep_leases()
    threading.Thread(target=_run, args=(generator, reply_id), name=f"reply-{reply_id}", daemon=True).start()


def keep_leases() -> None:
    """Start keeping this process's leases, and taking over replies that others left behind."""
    generator = _generator()
    with generator.lock:
        if generator.keeper is None:
            generator.keeper = threading.Thread(target=_keep, args=(generator,), name="keep-leases", daemon=True)
            generator.keeper.start()


def take_over_expired() -> int:
    """Start every open reply whose lease has run out; returns how many."""
    found = leases.expired()
    for reply_id in found:
        start(reply_id)
    return len(found)


def follow_up() -> int:
    """Start anew what no provider could answer, where it is time to; returns how many."""
    found = following_up.reopened()
    for reply_id in found:
        start(reply_id)
    return len(found)


def drain(app: Flask, seconds: float) -> None:
    """Let running replies end before the process does; what is left after `seconds` another process takes over."""
    generator: Generator = app.extensions["generator"]
    deadline = time.monotonic() + seconds
    while generator.running and time.monotonic() < deadline:
        time.sleep(0.02)
    generator.stopping.set()
    if generator.keeper is not None:
        generator.keeper.join(2)


def _run(generator: Generator, reply_id: int) -> None:
    with generator.app.app_context():
        following: int | None = reply_id
        while following is not None:
            generator.running.add(following)
            following = _run_one(generator, following)


def _run_one(generator: Generator, reply_id: int) -> int | None:
    try:
        return generate(reply_id, generator.owner)
    except Exception:
        log.exception("reply %s broke; its lease will run out and it is tried again", reply_id)
        return None
    finally:
        db.session.remove()
        generator.running.discard(reply_id)


def _keep(generator: Generator) -> None:
    with generator.app.app_context():
        while not generator.stopping.wait(KEEP_SECONDS):
            try:
                if generator.running:
                    leases.renew(generator.owner, list(generator.running))
                take_over_expired()
            except Exception:
                log.exception("leases could not be kept; trying again")
            finally:
                db.session.remove()


def _generator() -> Generator:
    found: Generator = current_app.extensions["generator"]
    return found
