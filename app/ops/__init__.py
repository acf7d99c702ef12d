"""Logs, metrics, error reports and health: to see what is wrong before a store calls."""

from flask import Flask

from app.ops.health import Unwell, init_health, register_check
from app.ops.heartbeat import beat
from app.ops.logs import init_logs
from app.ops.metrics import init_metrics
from app.ops.reports import init_reports

__all__ = ["Unwell", "beat", "init_ops", "register_check"]


def init_ops(app: Flask) -> None:
    """Everything an operator needs, on this application. Call it before other rooms register their request hooks."""
    init_logs(app)
    init_reports(app.config["SETTINGS"])
    init_metrics(app)
    init_health(app)
