"""What Prometheus may read at /metrics. Each process counts for itself; `lead_process` tells them apart."""

import os
import time

from flask import Blueprint, Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry()

HTTP = Counter("http_requests", "Answers by endpoint.", ["method", "endpoint", "status"], registry=REGISTRY)
HTTP_SECONDS = Histogram(
    "http_request_seconds",
    "Until the answer began; a stream's length is not in it.",
    ["endpoint"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
WEBHOOKS = Counter("webhooks", "Deliveries by outcome.", ["source", "outcome"], registry=REGISTRY)
WEBHOOK_EVENTS = Counter(
    "webhook_events", "Stored deliveries by how handling went.", ["source", "outcome"], registry=REGISTRY
)
REPLIES = Counter("replies", "The assistant's replies by outcome.", ["outcome"], registry=REGISTRY)
REPLY_FIRST_SECONDS = Histogram(
    "reply_first_text_seconds", "From the customer's message to the reply's first words.", registry=REGISTRY
)
WITHHELD = Counter(
    "withheld_sentences", "Sentences of the assistant's that were not proven.", ["kind", "outcome"], registry=REGISTRY
)
DELIVERIES = Counter("deliveries", "SMS and emails by outcome.", ["channel", "status"], registry=REGISTRY)
VISIT_PUSHES = Counter("visit_pushes", "Visits pushed to ShopMonkey by outcome.", ["outcome"], registry=REGISTRY)
PROCESS = Gauge("lead_process", "Which process answered this scrape.", ["pid"], registry=REGISTRY)

blueprint = Blueprint("metrics", __name__)


def init_metrics(app: Flask) -> None:
    """Count and time every request."""
    app.register_blueprint(blueprint)
    app.before_request(_begin)
    app.after_request(_count)


@blueprint.get("/metrics")
def metrics() -> Response:
    PROCESS.labels(str(os.getpid())).set(1)
    return Response(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


def _begin() -> None:
    g.metrics_began = time.perf_counter()


def _count(response: Response) -> Response:
    # By endpoint, never by path: lead ids would make a series each.
    endpoint = request.endpoint or "none"
    HTTP.labels(request.method, endpoint, str(response.status_code)).inc()
    if "metrics_began" in g:
        HTTP_SECONDS.labels(endpoint).observe(time.perf_counter() - g.metrics_began)
    return response
