"""The baseline of `replies`: the SDK on the product's own transport in a bare Flask app; no product, no database."""

import os

import anthropic
from flask import Flask, Response, request

from app.ai.transport import LeanTransport

app = Flask(__name__)
client = anthropic.Anthropic(
    base_url=os.environ["ANTHROPIC_BASE_URL"],
    api_key="test",
    max_retries=0,
    default_headers={"Accept-Encoding": "identity"},
    http_client=anthropic.DefaultHttpxClient(transport=LeanTransport()),
)


@app.post("/chat")
def chat() -> Response:
    question, user = request.form["message"], request.form["user"]

    def relay():
        with client.messages.with_streaming_response.create(
            model="claude-sonnet-5-5",
            max_tokens=700,
            messages=[{"role": "user", "content": question}],
            metadata={"user_id": user},
            stream=True,
        ) as answer:
            yield from answer.http_response.iter_raw()

    return Response(relay(), mimetype="text/event-stream")
