"""`flask ai eval`."""

import json

import pytest
from sqlalchemy import select

from app.assistant.models import TrialRun
from app.assistant.release_gate import words_hash
from app.db import db


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
