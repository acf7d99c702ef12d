"""Every figure, one after the other: `make bench`."""

import subprocess
import sys

NAMES = (
    "provider_cpu",
    "proof",
    "replies",
    "failover",
    "idle_streams",
    "webhooks",
    "first_touch",
    "page",
    "catalog_sync",
    "polling",
    "outage",
    "due_touch_points",
    "empty_tick",
    "booking",
    "staff_calendar",
)

if __name__ == "__main__":
    for name in NAMES:
        print(f"── {name} ──", flush=True)
        subprocess.run([sys.executable, "-m", f"tests.bench.{name}"], check=False)
