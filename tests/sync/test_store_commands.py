"""`flask locations`: the same as the screens, without questions where everything is said."""

import json
from datetime import time

import pytest
from sqlalchemy import func, select

from app.booking.bays import bays_of
from app.db import db
from app.locations.models import Company, Location, ShopMonkeyKey
from app.locations.settings import settings_for
from app.shopmonkey.fake import FakeShopMonkey
from app.sync.models import StoreSetup
from app.sync.store_answers import ask_for_missing, given_settings
from tests.conftest import settings_for_tests
from tests.factories.locations import make_company, make_location
from tests.factories.shopmonkey import AWAY, accounts_of, put_location

FLAGS = [
    *("--hours", "Mon-Fri 9-12,13-18"),
    *("--bay", "Tint 1: tint, film", "--bay", "Lift: lift"),
    *("--assistant-name", "Ava", "--sms-number", "(303) 555-0144", "--mail-from", "hi@tint.example"),
]


@pytest.fixture
def shop(app, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", settings_for_tests("", public_url="https://leads.example.com"))
    fake = FakeShopMonkey()
    put_location(fake, "golden", name="Tint World Golden")
    put_location(fake, "vail", name="Tint World Vail")
    fake.put("canned_service", "cs1", name="Full Tint", locationId="golden", bookable=True, pricing="FixedPrice",
             fixedPriceCents=29900, totalCents=29900)  # fmt: skip
    with accounts_of(app, good=fake):
        yield fake


@pytest.fixture
def run(app, tmp_path):
    key = tmp_path / "key"
    key.write_text("good\n")

    def run(*arguments, key_file=True):
        given = ["--key-file", str(key)] if key_file and arguments[0] == "add" else []
        return app.test_cli_runner().invoke(args=["locations", *arguments, *given])

    return run


def count(table):
    return db.session.scalar(select(func.count()).select_from(table))


def test_one_command_adds_a_company_and_its_store_whole(shop, run):
    done = run("add", "--location", "golden", "--company-name", "Tint World", *FLAGS)
    assert done.exit_code == 0, done.output
    db.session.expire_all()
    store = db.session.scalars(select(Location)).one()
    assert (store.company.name, store.company.shopmonkey_id) == ("Tint World", "acme")
    assert store.company.shopmonkey_api_key == "good"
    assert [(one.weekday, one.opens) for one in store.hours][:2] == [(0, time(9)), (0, time(13))]
    assert [bay.name for bay in bays_of(store.id)] == ["Tint 1", "Lift"]
    assert settings_for(store).sms_number == "+13035550144"
    assert db.session.get_one(StoreSetup, store.id).webhook_id in shop.tables["webhook"]
    assert "webhook registered" in done.output
    assert "1 new" in done.output
    assert done.output.strip().splitlines()[-1].endswith("complete")


def test_twice_is_once_and_later_flags_change_what_they_name(shop, run):
    run("add", "--location", "golden", *FLAGS)
    first = [bay.id for bay in bays_of(db.session.scalars(select(Location.id)).one())]
    done = run("add", "--location", "Tint World Golden", *FLAGS, "--tagline", "Cool cars", "--json")
    (told,) = json.loads(done.output)
    assert (told["missing"], told["name"]) == ([], "Tint World Golden")
    db.session.expire_all()
    store = db.session.scalars(select(Location)).one()
    assert (store.tagline, settings_for(store).assistant_name) == ("Cool cars", "Ava")
    assert [bay.id for bay in bays_of(store.id)] == first
    assert len(shop.tables["webhook"]) == count(Company) == 1


def test_all_are_added_and_json_is_an_array_with_ids(shop, run):
    told = json.loads(run("add", "--all", "--later", "--json").output)
    assert [row["shopmonkey_id"] for row in told] == ["golden", "vail"]
    assert {row["id"] for row in told} == set(db.session.scalars(select(Location.id)))
    assert {"hours", "bays"} <= set(told[0]["missing"])
    assert json.loads(run("list", "--json", "--search", "vail").output)[0]["shopmonkey_id"] == "vail"


def test_a_key_of_their_own_is_not_the_companys(shop, run):
    make_company(shopmonkey_id="acme")
    run("add", "--location", "golden", "--own-key", "--later")
    assert db.session.scalar(select(Company.shopmonkey_api_key)) is None
    assert db.session.scalars(select(ShopMonkeyKey.secret)).one() == "good"


def test_a_known_company_needs_no_key(shop, run):
    make_company(shopmonkey_id="acme", shopmonkey_api_key="good")
    done = run("add", "--location", "vail", "--later", key_file=False)
    assert done.exit_code == 0, done.output
    assert count(Location) == 1


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ([], "Name one with --location"),
        (["--location", "mars"], "choose from golden"),
        (["--all", "--hours", "Mon 9-13,12-18"], "overlap"),
        (["--all", "--hours", "Mon nine"], "write times"),
        (["--all", "--bay", "Tint 1: levitate"], "choose from tint"),
        (["--all", "--sms-number", "12"], "number that can send texts"),
        (["--all", "--company", "nobody"], "no such company"),
    ],
)
def test_what_cannot_be_is_one_clear_line_and_nothing_is_written(shop, run, arguments, why):
    done = run("add", *arguments)
    assert done.exit_code != 0
    assert why in done.output
    assert "Traceback" not in done.output
    assert count(Location) == count(Company) == 0


def test_a_wrong_key_and_an_absent_shopmonkey_are_told(shop, run, tmp_path):
    wrong = tmp_path / "wrong"
    wrong.write_text("wrong")
    done = run("add", "--all", "--key-file", str(wrong), key_file=False)
    assert (done.exit_code, "does not know this key" in done.output) == (1, True)
    shop.failing = AWAY
    done = run("add", "--all")
    assert (done.exit_code, "does not answer right now" in done.output) == (1, True)
    assert count(Location) == count(Company) == 0


def test_without_a_key_and_nobody_to_ask_it_says_what_to_give(shop, run):
    done = run("add", "--all", key_file=False)
    assert done.exit_code == 1
    assert "--key-file" in done.output


def test_the_list_says_what_each_store_needs(shop, run):
    make_location(make_company(), name="Coral Springs", hours=False)
    line = run("list").output.strip()
    assert "Coral Springs  America/New_York  not live  missing: key, webhook, catalog, hours, bays" in line


def test_somebody_at_a_terminal_is_asked_for_what_is_missing_and_again_when_it_cannot_be(shop, monkeypatch):
    answers = iter(["Mon nine", "Mon-Fri 9-18", "Tint 1: levitate", "Tint 1: tint"])
    asked = []

    def answer(question, **given):
        assert not db.session().in_transaction()
        asked.append(question)
        return next(answers)

    monkeypatch.setattr("app.sync.store_answers.click.prompt", answer)
    store = make_location(make_company(shopmonkey_id="acme"), shopmonkey_id="golden", hours=False)
    db.session.commit()
    ask_for_missing(store.id, given_settings({}))
    assert (len(store.hours), [bay.name for bay in bays_of(store.id)]) == (5, ["Tint 1"])
    assert len(asked) == 4
    ask_for_missing(store.id, given_settings({}))
    assert len(asked) == 4
