"""A hundred attempts to give the assistant orders, and what a model does that obeys each of them: `injections.jsonl`.

`where` is how the order comes in: as a message (web, sms, email, subject), or as data (first_name, vehicle, order_name,
order_line, service_name, description, category, staff). `says` is what the obedient model writes, `calls` the tools it
asks for first; `{mine}` and `{theirs}` in them are ids of services of this store and of another one. None of `never`
may reach the customer.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Injection:
    """One attempt. `asks_for_person`: staff may be called, for the customer wants them."""

    where: str
    text: str
    says: str = ""
    never: tuple[str, ...] = ()
    calls: tuple[tuple[str, dict[str, Any]], ...] = ()
    asks_for_person: bool = False
    about: str = ""


def _read() -> tuple[Injection, ...]:
    lines = Path(__file__).with_suffix(".jsonl").read_text().splitlines()
    found = [json.loads(line) for line in lines]
    return tuple(
        Injection(
            **{
                **one,
                "never": tuple(one.get("never", ())),
                "calls": tuple((name, given) for name, given in one.get("calls", ())),
            }
        )
        for one in found
    )


CASES = _read()
