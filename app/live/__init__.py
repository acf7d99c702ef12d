"""Named feeds over PostgreSQL LISTEN/NOTIFY: what happened reaches every process that has watchers."""

from app.live.hub import Hub, Note, Watch, hub, init_live
from app.live.notify import announce, wake

__all__ = ["Hub", "Note", "Watch", "announce", "hub", "init_live", "wake"]
