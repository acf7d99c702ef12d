from tests.factories.leads import make_lead


def test_a_lead_has_a_public_id_of_twelve_characters(app) -> None:
    lead = make_lead()
    assert len(lead.public_id) == 12
    assert lead.vehicle.name == "2021 Toyota Camry"
