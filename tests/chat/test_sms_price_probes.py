"""Three hundred prices asked for by text message, read from the bytes that Twilio's SDK sends to Twilio."""

import os
import random

import pytest
from flask import Flask

from app import chat
from app.ai.failover import breaker_of
from app.assistant.brief import forget_stores
from app.chat import generation, posting
from app.chat.carrying import send_answers
from app.db import db
from app.messaging.segments import plain, segments
from app.messaging.transports import Transports
from app.messaging.twilio_sms import TwilioSms
from app.sandbox import catalogue
from tests.chat.price_probes import MANNERS, STORES, VEHICLES, Model, dollars_read, lies_about, price, store
from tests.chat.test_generation import NOW
from tests.factories.leads import make_customer, make_lead, make_vehicle
from tests.factories.locations import make_company
from tests.wire.twilio_server import ACCOUNT, TOKEN, TwilioServer, twilio_server

pytestmark = pytest.mark.soak

SERVICE = "MG" + "b" * 32
# As many as one text holds.
AT_ONCE = 2
TEXTS = 75 if os.environ.get("TEST_SCALE") == "full" else 18


@pytest.mark.parametrize("key", STORES)
def test_every_price_that_is_texted_is_exact(live_app: Flask, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setattr("app.chat.runner.start", lambda reply_id: None)
    forget_stores()
    breaker_of("scripted").succeeded()
    company = make_company()
    places = {one: store(one, company) for one in STORES}
    location, ids = places[key]
    talks = {}
    for vehicle, (make, model) in VEHICLES.items():
        lead = make_lead(
            location,
            customer=make_customer(company),
            vehicle=make_vehicle(company, type=vehicle, make=make, model=model),
        )
        talks[vehicle] = (lead.id, chat.open_conversation(lead).id, lead.customer.phone)
    db.session.commit()
    offered = [row["name"] for row in catalogue.services(key) if row["kind"] != "ask"]
    chance, wrong = random.Random(key), []
    asked, shown = dict.fromkeys(MANNERS, 0), dict.fromkeys(MANNERS, 0)
    with twilio_server() as twilio:
        sms = TwilioSms(ACCOUNT, TOKEN, SERVICE, twilio.url)
        live_app.extensions["messaging"] = Transports(sms=sms, store_live=lambda _: True)
        for number in range(TEXTS):
            vehicle, manner = list(VEHICLES)[number % 3], MANNERS[number // 3 % 3]
            lead_id, conversation_id, phone = talks[vehicle]
            names = chance.sample(offered, AT_ONCE)
            model = Model(manner, ids, lies_about(key, names, vehicle, chance))
            live_app.extensions["providers_for"] = lambda _, model=model: (model,)
            said = "How much are these?\n" + "\n".join(names)
            posted = posting.post_customer_message(
                conversation_id, lead_id, said, f"c{number}", "sms", NOW, from_address=phone
            )
            generation.generate(posted.reply_id, "this")
            texts = texts_to(twilio, phone)
            assert max(segments(text) for text in texts) <= 3
            read = dollars_read("\n".join(texts).replace("- ", ""), [plain(name) for name in names])
            true = {plain(name): price(key, name, vehicle) for name in names}
            wrong += [(manner, name, read[name], true[name]) for name in read if read[name] not in ([], true[name])]
            asked[manner] += len(names)
            shown[manner] += sum(bool(amounts) for amounts in read.values())
    print(f"\n{key}: prices asked by text, by manner of model {asked}, shown {shown}, wrong {len(wrong)}")
    assert wrong == []
    assert shown == {**asked, "liar": 0}


def texts_to(twilio: TwilioServer, phone: str) -> list[str]:
    """What went to this number by the last question; nobody else was texted."""
    before = len(twilio.requests)
    send_answers(NOW)
    sent = twilio.requests[before:]
    assert {request["To"] for request in sent} == {phone}
    return [request["Body"] for request in sent]
