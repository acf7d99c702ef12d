"""Every figure, one after the other: `make bench`."""

import subprocess
import sys

NAMES = (
    "provider_cpu", "replies", "idle_streams", "webhooks", "first_touch", "due_touch_points", "empty_tick", "page",
)  # fmt: skip

if __name__ == "__main__":
    for name in NAMES:
        print(f"── {name} ──", flush=True)
        subprocess.run([sys.executable, "-m", f"tests.bench.{name}"], check=False)
