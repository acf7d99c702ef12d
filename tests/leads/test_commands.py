import json

from tests.factories.leads import make_customer, make_lead
from tests.factories.locations import make_location


def run(app, *arguments: str):
    return app.test_cli_runner().invoke(args=["leads", *arguments])


def test_the_list_names_leads_by_the_id_that_links_and_the_api_use(app) -> None:
    lead = make_lead()
    [told] = json.loads(run(app, "list", "--json").stdout)
    assert told["id"] == lead.public_id
    assert (told["stage"], told["location"], told["vehicle"]) == ("new", lead.location.name, "2021 Toyota Camry")
    assert lead.public_id in run(app, "list").stdout


def test_the_list_can_be_narrowed_to_a_store_and_a_stage(app) -> None:
    boulder = make_location(name="Tint World Boulder")
    wanted = make_lead(boulder, stage="engaged", customer=make_customer(boulder.company))
    make_lead(boulder)
    make_lead(stage="engaged")
    told = json.loads(run(app, "list", "--location", "Tint World Boulder", "--stage", "engaged", "--json").stdout)
    assert [lead["id"] for lead in told] == [wanted.public_id]


def test_link_prints_the_address_as_its_last_line_for_either_id(app, client) -> None:
    lead = make_lead()
    for lead_id in (lead.public_id, str(lead.id)):
        address = run(app, "link", lead_id).stdout.splitlines()[-1]
        assert address.startswith("http://localhost/session?token=")


def test_link_of_nobody_fails_with_one_clear_line(app) -> None:
    for lead_id in ("nobody", "0", "99999999999999999999999", "²"):
        result = run(app, "link", lead_id)
        assert result.exit_code != 0
        assert result.stderr.strip() == f"Error: there is no lead {lead_id}"
