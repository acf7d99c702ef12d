import json

import pytest

from app.accounts.sign_in import find_staff
from tests.factories.accounts import make_staff, sign_in
from tests.factories.locations import make_company, make_location


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=["staff", *words])


def test_add_prints_an_address_that_signs_in(run, client):
    make_location()
    result = run("add", "Owner@Example.com")
    assert result.exit_code == 0, result.output
    link = result.output.strip().splitlines()[-1]
    assert link.startswith("http://localhost/staff/sign-in/")
    assert client.post(link).status_code == 303
    staff = find_staff("owner@example.com")
    assert (staff.role, staff.name, staff.locations) == ("franchise_admin", "Owner", [])


def test_add_with_a_store_makes_an_advisor_of_it(run):
    company = make_company()
    make_location(company, name="Boulder")
    coral = make_location(company, name="Coral Springs")
    assert run("add", "ana@example.com", "--name", "Ana", "--location", "Coral Springs").exit_code == 0
    staff = find_staff("ana@example.com")
    assert (staff.role, staff.name, staff.locations) == ("advisor", "Ana", [coral])


def test_an_advisor_of_a_company_with_one_store_belongs_to_it(run):
    only = make_location()
    assert run("add", "ana@example.com", "--role", "advisor").exit_code == 0
    assert find_staff("ana@example.com").locations == [only]


def test_add_again_changes_what_is_given_and_opens_a_closed_account(run):
    location = make_location()
    make_staff(location, email="ana@example.com", active=False, name="Ana")
    result = run("add", "ana@example.com", "--role", "store_manager")
    staff = find_staff("ana@example.com")
    assert result.exit_code == 0, result.output
    assert (staff.role, staff.name, staff.active, staff.locations) == ("store_manager", "Ana", True, [location])


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("add", "no-address"), "not an email address"),
        (("add", "ana@example.com", "--location", "Nowhere"), "--location Nowhere: choose one of"),
        (("add", "ana@example.com", "--role", "advisor"), "--location: the role advisor needs"),
        (("add", "ana@example.com", "--company", "Nobody"), "--company: choose one of"),
        (("close", "ana@example.com"), "no account has the address"),
    ],
)
def test_errors_are_one_clear_line(run, words, complaint):
    company = make_company()
    make_location(company, name="Boulder")
    make_location(company, name="Coral Springs")
    result = run(*words)
    assert result.exit_code != 0
    assert complaint in result.output
    assert len(result.output.strip().splitlines()) == 1
    assert find_staff("ana@example.com") is None


def test_several_companies_ask_which(run):
    make_location()
    make_location()
    assert "--company" in run("add", "ana@example.com").output


def test_no_company_yet_is_said(run):
    assert "there is no company yet" in run("add", "ana@example.com").output


def test_close_ends_the_sessions(run, client):
    sign_in(client, make_staff(make_location(), email="ana@example.com"))
    assert run("close", "ana@example.com").exit_code == 0
    assert client.get("/staff/").status_code == 302


def test_list_is_a_bare_array_with_ids(run):
    staff = make_staff(make_location(name="Boulder"), email="ana@example.com")
    listed = json.loads(run("list", "--json").output)
    assert [(row["id"], row["email"], row["locations"][0]["name"]) for row in listed] == [
        (staff.id, "ana@example.com", "Boulder")
    ]
    assert "ana@example.com" in run("list").output
