"""What the first touch says, and what it costs."""

import re

import pytest

from app.leads.models import RequestedService
from app.messaging.segments import is_gsm, segments
from app.touchpoints.content import first_touch
from app.touchpoints.wording import Refused
from tests.factories.leads import make_customer, make_lead
from tests.factories.locations import make_location


def lead_for(app, *services: str, **given):
    store = make_location(**given.pop("store", {}))
    lead = make_lead(store, customer=make_customer(store.company, **given))
    lead.services = [RequestedService(shopmonkey_id=name, name=name) for name in services]
    return lead


def link_in(text: str) -> str:
    return re.search(r"http://localhost/session\?token=\S+", text).group()


def test_the_text_names_store_and_person_and_how_to_stop(app):
    text = first_touch(lead_for(app, "Ceramic Tint, Full Car"), "sms").text
    assert text.startswith("Hi Maria, this is Tint World Coral Springs. You asked about Ceramic Tint, Full Car. ")
    assert text.endswith("Reply STOP to opt out.")
    assert "\n" not in text
    assert segments(text) <= 3


def test_its_link_opens_this_leads_chat(app, client):
    lead = lead_for(app)
    answer = client.get(link_in(first_touch(lead, "sms").text).removeprefix("http://localhost"))
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/chat/{lead.public_id}")


def test_without_a_name_or_one_service_it_leaves_no_hole(app):
    text = first_touch(lead_for(app, "Tint", "Wrap", first_name=None), "sms").text
    assert text.startswith("Hi, this is Tint World Coral Springs. Thanks for your request. See")
    assert "None" not in text


@pytest.mark.parametrize(
    "given",
    [
        {"first_name": "Мария-Александра"},
        {"first_name": "Zoë 🚗"},
        {"first_name": "María José", "store": {"name": "Tint World® Peñíscola del Mar – Auto Styling Centers™"}},
        {"first_name": "x" * 200},
    ],
)
def test_it_never_costs_more_than_three_segments(app, given):
    lead = lead_for(app, "Ceramic Tint, “Full Car” – " + "long " * 60, **given)
    text = first_touch(lead, "sms").text
    assert segments(text) <= 3
    assert link_in(text)
    assert text.endswith("Reply STOP to opt out.")


def test_a_name_in_another_script_is_kept_where_it_fits_and_left_out_where_not(app):
    assert "Zoe" in first_touch(lead_for(app, first_name="Zoë"), "sms").text
    assert "this is Tint World" in first_touch(lead_for(app, first_name="Мария" * 8), "sms").text


def test_the_email_has_both_forms_with_the_same_link(app):
    content = first_touch(lead_for(app, "Ceramic Tint", "Dash Cam"), "email")
    assert content.subject == "Tint World Coral Springs: your quote request for your 2021 Toyota Camry"
    assert content.text.startswith("Hi Maria,\n")
    assert "- Ceramic Tint\n- Dash Cam\n" in content.text
    assert "(954) 555-0100" in content.text
    assert "100 Atlantic Blvd, Coral Springs, FL 33071" in content.html
    assert "No more email from us: http://localhost/webhooks/email/unsubscribe?token=" in content.text
    assert 'href="http://localhost/webhooks/email/unsubscribe?token=' in content.html
    assert link_in(content.text) == link_in(content.html).rstrip('"').partition('"')[0]
    assert "\n\n\n" not in content.text


def test_what_shopmonkey_wrote_cannot_break_the_email(app):
    lead = lead_for(
        app, "<script>alert(1)</script>", first_name="A & B <b>", store={"name": "Tint\r\nBcc: x@example.com"}
    )
    content = first_touch(lead, "email")
    assert "<script>" not in content.html
    assert "A &amp; B &lt;b&gt;" in content.html
    assert "<script>alert(1)</script>" in content.text
    assert "\n" not in content.subject


@pytest.mark.parametrize("language", ["es", "fr-CA", "xx", ""])
def test_any_language_on_file_renders(app, language):
    assert link_in(first_touch(lead_for(app, language=language), "sms").text)


@pytest.mark.parametrize(
    ("language", "opening", "stop"),
    [
        ("es", "Hola, Maria: le saluda Tint World", "Responda STOP para no recibir mensajes."),
        ("fr-CA", "Bonjour Maria, ici Tint World", "Répondez STOP pour vous désabonner."),
    ],
)
def test_the_text_speaks_the_customers_language_at_the_price_of_english(app, language, opening, stop):
    text = first_touch(lead_for(app, "Ceramic Tint, Full Car", language=language), "sms").text
    assert text.startswith(opening)
    assert "Ceramic Tint, Full Car" in text
    assert text.endswith(stop)
    assert is_gsm(text)
    assert segments(text) <= 3


def test_the_email_speaks_the_customers_language_in_both_forms(app):
    content = first_touch(lead_for(app, "Ceramic Tint", language="es"), "email")
    assert content.subject == "Tint World Coral Springs: su solicitud de cotización para su 2021 Toyota Camry"
    assert content.text.startswith("Hola, Maria:\n\nGracias por contactar a Tint World Coral Springs. Preguntó por:\n")
    assert '<html lang="es">' in content.html
    assert "Abrir el chat" in content.html
    for english in ("Hi ", "thank you", "Open your chat", "The link"):
        assert english not in content.html + content.text


def test_no_email_goes_out_without_the_store_s_postal_address(app):
    lead = lead_for(app, store={"address1": None})
    with pytest.raises(Refused, match="postal address is missing"):
        first_touch(lead, "email")
    assert first_touch(lead, "sms").text
