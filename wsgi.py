"""What gunicorn and `flask` load."""

import sys

from app import create_app
from app.config import ConfigError

try:
    app = create_app()
except ConfigError as odd:
    print(odd, file=sys.stderr)  # noqa: T201
    # gunicorn starts a worker that ends otherwise again and again; 3 makes it give up.
    sys.exit(3)
