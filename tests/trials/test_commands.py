"""`flask ai eval`."""

import json

import pytest
from sqlalchemy import select

from app import create_app
from app.ai.clients import close_clients
from app.assistant.models import TrialRun
from app.assistant.prompt_versions import VersionRefused, save_draft
from app.assistant.release_gate import release, words_hash
from app.db import db
from app.lib import clock
from app.locations.models import Location
from tests.conftest import fresh_database_url, settings_for_tests
from tests.factories.accounts import make_staff
from tests.trials.stores import load_stores
from tests.wire.llm_server import LlmServer, Say, Stop

WORDS = {"persona": "Tina, who loves cars.", "tone": "", "rules": ""}


@pytest.fixture
def flask(house):
    yield lambda *words: house.test_cli_runner().invoke(args=["ai", "eval", *words])
    with house.app_context():
        for run in db.session.scalars(select(TrialRun)):
            db.session.delete(run)
        db.session.commit()


def test_it_prints_a_table_and_keeps_the_run_labelled_as_scripted(house, flask, company_id) -> None:
    asked = ("--scenario", "STOP in other words", "--provider", "scripted: good", "--runs", "2")
    said = flask(*asked, "--json")
    assert said.exit_code == 0, said.output
    (one,) = json.loads(said.stdout.splitlines()[-1])
    assert (one["provider"], one["live"], one["pass^1"], one["pass^4"]) == ("scripted: good", False, 1.0, None)
    assert list(one["results"].values()) == [{"passed": 2, "of": 2, "found": []}]
    with house.app_context():
        kept = db.session.scalars(select(TrialRun)).one()
        assert (kept.company_id, kept.live, kept.whole, kept.runs) == (company_id, False, False, 2)
        assert kept.words_hash == words_hash("")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--provider", "anthropic"), "no provider 'anthropic' with a key here"),
        (("--scenario", "nonsense"), "no scenario is named like 'nonsense'"),
        (("--prompt", "99"), "there is no version 99"),
        (("--company", "99"), "no such company"),
        (("--runs", "0"), "not in the range"),
    ],
)
def test_what_cannot_be_asked_for_is_said_in_one_line(flask, words, why) -> None:
    said = flask(*words)
    assert said.exit_code != 0
    assert why in said.output


def test_a_provider_with_a_key_is_asked_over_its_wire_and_its_run_is_live() -> None:
    """A model on Anthropic's own protocol that has nothing to offer: tried live, found wanting, and kept so."""
    with fresh_database_url() as url, LlmServer() as server:
        for _ in range(8):
            server.play(Say("Okay."), Stop())
        keys = {"anthropic_api_key": "key", "anthropic_base_url": server.url("anthropic")}
        app = create_app(settings_for_tests(url, **keys))
        with app.app_context():
            load_stores()
            frances = make_staff(db.session.scalars(select(Location)).first(), "franchise_admin")
            company_id, number = (
                frances.company_id,
                save_draft(frances.company_id, WORDS, "Frances", clock.now()).number,
            )
            db.session.commit()
        asked = ("--scenario", "prices: exact", "--runs", "4", "--prompt", str(number), "--json")
        said = app.test_cli_runner().invoke(args=["ai", "eval", *asked])
        assert said.exit_code == 0, said.output
        (one,) = json.loads(said.stdout.splitlines()[-1])
        assert (one["provider"], one["live"], one["pass^1"], one["pass^4"]) == ("anthropic", True, 0.0, 0.0)
        assert float(one["cost"]) > 0
        assert {request.wire for request in server.requests} == {"anthropic"}
        assert "Tina" in json.dumps(server.requests[0].body["system"])
        with app.app_context():
            kept = db.session.scalars(select(TrialRun)).one()
            assert (kept.live, kept.whole, kept.prompt_number, kept.cost > 0) == (True, False, number, True)
            kept.whole = True
            with pytest.raises(VersionRefused, match="Below the gate with Claude"):
                release(company_id, number, "Frances", clock.now(), ("anthropic",))
            db.session.rollback()
            app.extensions["live"].close()
            db.engine.dispose()
        close_clients()
