"""What `flask ai prompt` and the staff preview show is what is sent, to the byte."""

import json
from datetime import UTC, datetime

import pytest

from app.chat import generation, posting
from app.lib import clock
from tests.ai.helpers import WIRES, a_provider
from tests.chat.conftest import Scene
from tests.wire.llm_server import LlmServer

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize("wire", WIRES)
def test_the_command_prints_exactly_what_is_sent_next(scene: Scene, wire: str) -> None:
    clock.use(lambda: NOW)
    with LlmServer() as server, a_provider(server, wire) as provider:
        scene.answer_by(provider)
        for number in range(2):
            posted = posting.post_customer_message(
                scene.conversation_id, scene.lead_id, f"Question {number}", f"c{number}", "web", NOW
            )
            shown = scene.app.test_cli_runner().invoke(args=["ai", "prompt", scene.public_id, "--json"])
            assert shown.exit_code == 0, shown.output
            generation.generate(posted.reply_id, "this")
            body = json.loads(shown.output.splitlines()[-1])
            assert body == server.requests[-1].body


def test_the_command_names_who_is_asked_and_every_part(scene: Scene) -> None:
    with LlmServer() as server, a_provider(server, "openai") as provider:
        scene.answer_by(provider)
        shown = scene.app.test_cli_runner().invoke(args=["ai", "prompt", scene.public_id]).output
    for part in ("asked: openai gpt-4o", "prompt version", "cache key store-", "system 1", "tool search_services"):
        assert part in shown


def test_without_a_provider_or_a_lead_it_says_so(scene: Scene) -> None:
    scene.answer_by()
    run = scene.app.test_cli_runner().invoke
    nobody, unknown = run(args=["ai", "prompt", scene.public_id, "--json"]), run(args=["ai", "prompt", "nobody"])
    assert (nobody.exit_code, unknown.exit_code) == (1, 1)
    assert "nothing would be sent" in nobody.output
    assert "no lead nobody" in unknown.output
