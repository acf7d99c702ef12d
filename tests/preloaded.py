"""The application, imported once: a worker process that is forked from here starts in a tenth of the time.

Without `sync` and `webhooks`, whose claims name the process that imported them.
"""

import app.chat.runner
import app.touchpoints.jobs  # noqa: F401
