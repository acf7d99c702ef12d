"""The application and its provider's SDK, imported once: a worker that is forked from here starts in a moment.

Without `sync` and `webhooks`, whose claims name the process that imported them.
"""

import app.ai.anthropic_provider
import app.chat.runner
import app.touchpoints.jobs  # noqa: F401
from app.ai.calls import warm_prices

warm_prices()
