"""Many processes at one store's bays. `python -m tests.booking.rush JSON` prints what each attempt came to.

One process loads the application and forks the others before anything runs; each opens its own connections, and waits
at a gate: a pipe whose end all see at once. (A barrier of `multiprocessing` was seen to leave one asleep.)
"""

import contextlib
import json
import multiprocessing
import os
import sys
import threading
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.conftest import settings_for_tests

forks = multiprocessing.get_context("fork")
CONNECTIONS = 40
READY = "ready"


def main(given: dict[str, Any]) -> None:
    from app import create_app  # noqa: F401

    out, given["halfway"], (gate, keeper) = forks.Queue(), forks.Barrier(2), os.pipe()
    numbers = range(given["processes"])
    children = [forks.Process(target=child, args=(given, number, (gate, keeper), out)) for number in numbers]
    for one in children:
        one.start()
    for _ in children:
        assert out.get(timeout=300) == READY
    os.close(keeper)
    for _ in children:
        for line in out.get(timeout=300):
            print(json.dumps(line), flush=True)
    for one in children:
        one.join()


def child(given: dict[str, Any], number: int, pipe: tuple[int, int], out: Any) -> None:
    import app as package
    from app.db import db

    gate, keeper = pipe
    os.close(keeper)
    # Threads take turns at few connections: the test server has a hundred for all.
    few = {"pool_size": max(1, CONNECTIONS // given["processes"]), "max_overflow": 0, "pool_timeout": 280}
    package._connections = lambda: few
    app = package.create_app(settings_for_tests(given["url"]))
    lines: list[dict[str, Any]] = []
    with app.app_context():
        db.session.execute(db.text("SELECT 1"))
        db.session.rollback()
        out.put(READY)
        os.read(gate, 1)
        KINDS[given["kind"]](app, given, number, lines)
        db.session.remove()
        db.engine.dispose()
    out.put(lines)


def one_slot(app: Any, given: dict[str, Any], number: int, lines: list[dict[str, Any]]) -> None:
    """Everybody wants the same time. Threads share the process's connections."""
    mine = given["leads"][number :: given["processes"]]
    threads = [threading.Thread(target=attempt, args=(app, given, lead_id, lines)) for lead_id in mine]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def crosswise(app: Any, given: dict[str, Any], number: int, lines: list[dict[str, Any]]) -> None:
    """Each books two times in one transaction, every other process the later one first.

    Between the two it waits for the others to be as far: where bays are locked they never are.
    """
    from app.booking import book, staff

    lead_id, anna = given["leads"][number], staff("Anna")
    starts = given["starts"] if number % 2 else given["starts"][::-1]

    def both() -> Any:
        book(wish(given, lead_id, starts[0], "one", anna), datetime.fromisoformat(given["now"]))
        with contextlib.suppress(threading.BrokenBarrierError):
            given["halfway"].wait(timeout=3)
        return book(wish(given, lead_id, starts[1], "two", anna), datetime.fromisoformat(given["now"]))

    lines.append(told(both, lead_id))


def attempt(app: Any, given: dict[str, Any], lead_id: int, lines: list[dict[str, Any]]) -> None:
    from app.booking import CUSTOMER, book, book_held

    now, held = datetime.fromisoformat(given["now"]), given.get("held", {}).get(str(lead_id))
    with app.app_context():
        if held:
            lines.append(told(lambda: book_held(held, CUSTOMER, now), lead_id))
        else:
            lines.append(told(lambda: book(wish(given, lead_id, given["start"], f"rush-{lead_id}"), now), lead_id))


def at_random(app: Any, given: dict[str, Any], number: int, lines: list[dict[str, Any]]) -> None:
    """Holds, bookings, moves and cancellations of leads that all processes share."""
    from app.booking import book, book_held, cancel, hold, move, staff

    random, anna = Random(f"{given['seed']} {number}"), staff("Anna")
    now, mine = datetime.fromisoformat(given["now"]), []
    for turn in range(given["turns"]):
        # Minutes pass, so that holds run out under way.
        at = now + timedelta(minutes=turn)
        lead_id, start = random.choice(given["leads"]), random.choice(given["starts"])
        asked = wish(given, lead_id, start, f"{number}-{turn}", anna, minutes=random.choice([45, 90, 150]))
        verb = random.choice(["hold", "book", "book", "held", "move", "move", "cancel"])
        which = random.choice(mine) if mine else None
        moment = datetime.fromisoformat(start)
        if verb in ("hold", "book") or which is None:
            line = told(lambda asked=asked, at=at, verb=verb: (hold if verb == "hold" else book)(asked, at), lead_id)
            mine += [line["id"]] if line["id"] else []
        elif verb == "held":
            line = told(lambda which=which, at=at: book_held(which, anna, at), lead_id)
        elif verb == "move":
            line = told(lambda which=which, at=at, moment=moment: move(which, moment, anna, at), lead_id)
        else:
            line = told(lambda which=which, at=at: cancel(which, anna, at), lead_id)
        lines.append({**line, "verb": verb})


def wish(given: dict[str, Any], lead_id: int, start: str, client_id: str, actor: Any = None, minutes: int = 120) -> Any:
    from app.booking import CUSTOMER, Wish
    from tests.factories.booking import tint

    return Wish(
        location_id=given["location_id"], starts_at=datetime.fromisoformat(start), services=[tint(minutes)],
        client_id=client_id, actor=actor or CUSTOMER, lead_id=lead_id,
    )  # fmt: skip


def told(act: Any, lead_id: int) -> dict[str, Any]:
    """What an attempt came to. Anything but a domain refusal stays what it is: its class's name."""
    from app.booking import BookingRefused
    from app.db import db

    line: dict[str, Any] = {"lead": lead_id, "id": None, "offered": []}
    try:
        line["id"], line["came"] = act().id, "done"
        db.session.commit()
    except BookingRefused as refused:
        db.session.rollback()
        line["came"], line["offered"] = refused.code, [slot.starts_at.isoformat() for slot in refused.slots]
    except Exception as odd:  # noqa: BLE001
        db.session.rollback()
        line["came"], line["id"] = f"{type(odd).__name__}: {str(odd)[:200]}", None
    return line


KINDS = {"one_slot": one_slot, "at_random": at_random, "crosswise": crosswise}

if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
