"""Sentences of an assistant, true and false, written by templates that know nothing of how the proof reads them.

Numbers are spelled by num2words, an independent library. Every sentence comes with whether it is true in its world.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from num2words import num2words

from app.assistant.facts import Learned, TotalFact
from app.catalog.pricing import Price
from tests.assistant.world import World

LANGUAGES = ("en", "es", "fr")


@dataclass(frozen=True)
class Said:
    """A sentence, whether it is true, of what kind, and the world that it is said in."""

    text: str
    true: bool
    kind: str
    world: World


# How an amount is written. Each takes whole dollars and a language.
def _grouped(dollars: int, separator: str) -> str:
    return f"{dollars:,}".replace(",", separator)


def _english_hundreds(dollars: int) -> str:
    hundreds, rest = divmod(dollars, 100)
    return f"{num2words(hundreds)} hundred" + (f" {num2words(rest)}" if rest else "")


FORMS: dict[str, list[Callable[[int], str]]] = {
    "en": [
        lambda d: f"${_grouped(d, ',')}",
        lambda d: f"${d}",
        lambda d: f"**${_grouped(d, ',')}**",
        lambda d: f"${_grouped(d, ',')}.00",
        lambda d: f"{d} dollars",
        lambda d: f"{_grouped(d, ',')} USD",
        lambda d: f"USD {d}",
        lambda d: f"{d} bucks",
        lambda d: f"{num2words(d)} dollars",
        lambda d: f"{num2words(d).replace(' and ', ' ').replace(',', '')} dollars",
        lambda d: f"{_english_hundreds(d)} dollars" if d > 1000 and d // 100 % 10 else f"${d}",
        lambda d: f"${d / 1000:g}k" if d % 100 == 0 and d > 1000 else f"${d}",
        lambda d: f"＄{d}",
        lambda d: f"&#36;{d}",
    ],
    "es": [
        lambda d: f"${_grouped(d, ',')}",
        lambda d: f"${_grouped(d, '.')}",
        lambda d: f"{d} dólares",
        lambda d: f"**${d}**",
        lambda d: f"USD {_grouped(d, '.')},00",
        lambda d: f"{_grouped(d, '.')} dólares",
        lambda d: f"{num2words(d, lang='es')} dólares",
        lambda d: f"{d} USD",
    ],
    "fr": [
        lambda d: f"{_grouped(d, ' ')} $",
        lambda d: f"{_grouped(d, chr(0x202F))} $",
        lambda d: f"{d} $",
        lambda d: f"{d} dollars",
        lambda d: f"**{d} $**",
        lambda d: f"{_grouped(d, ' ')},00 $",
        lambda d: f"{num2words(d, lang='fr')} dollars",
        lambda d: f"${d}",
    ],
}
FROM = {
    "en": ["from {a}", "starting at {a}", "starts at {a}", "{a} and up"],
    "es": ["desde {a}", "a partir de {a}", "desde los {a}", "{a} en adelante"],
    "fr": ["à partir de {a}", "dès {a}", "à partir de {a}", "{a} et plus"],
}
RANGE = {
    "en": ["{a} to {b}", "between {a} and {b}", "from {a} to {b}", "{a}–{b}"],
    "es": ["de {a} a {b}", "entre {a} y {b}", "de {a} hasta {b}", "{a}–{b}"],
    "fr": ["de {a} à {b}", "entre {a} et {b}", "de {a} jusqu'à {b}", "{a}–{b}"],
}
# {n} is the service's name, {p} its price, {v} the vehicle.
SENTENCES = {
    "en": [
        "{n} is {p}.",
        "For your {v}, {n} is {p}, and it takes about 3 hours.",
        "{n}: {p}",
        "The price for {n} on your {v} is {p}.",
        "Great choice! {n} for your Camry comes to {p}.",
        "- **{n}**: {p}",
        "1. {n} - {p}, with a 10-year warranty",
        "We can do {n} for {p}.",
        "You asked about {n}: that is {p} for your {v}.",
        "It blocks 99% of UV, and {n} is {p} for your 2021 Camry.",
        "{n} is {p} plus tax.",
        "Our price list has {p} for {n}.",
    ],
    "es": [
        "{n} cuesta {p}.",
        "Para su {v}, {n} cuesta {p} y tarda unas 3 horas.",
        "{n}: {p}",
        "El precio de {n} para su {v} es {p}.",
        "¡Buena elección! {n} para su Camry sale en {p}.",
        "- **{n}**: {p}",
        "Con mucho gusto: {n} está {p} en nuestra tienda.",
        "Le hacemos {n}, y el precio es {p}, con 10 años de garantía.",
    ],
    "fr": [
        "{n} coûte {p}.",
        "Pour votre {v}, {n} coûte {p} et prend environ 3 heures.",
        "{n} : {p}",
        "Le prix de {n} pour votre {v} est {p}.",
        "Très bon choix ! {n} pour votre Camry revient {p}.",
        "- **{n}** : {p}",
        "Avec plaisir : {n} est {p} chez nous.",
        "Nous faisons {n}, et le prix est {p}, avec 10 ans de garantie.",
    ],
}
NOTHING_TO_PROVE = {
    "en": [
        "Your 2021 Toyota Camry takes about 3 hours.",
        "Call us at (954) 555-0142 any time.",
        "I can't offer a discount, but the film lasts for years.",
        "Would you like me to ask the team about a time?",
        "Feel free to ask anything about our services!",
        "In Florida the front windows must let in 28% of light.",
        "The film is 2 mils thick and comes with a 10-year warranty.",
        "It blocks up to 99% of UV rays and keeps the cabin cool.",
        "Once you are booked, the team will need the car for 4 hours.",
        "Two layers of film would be too dark here.",
        "We have 100 services, so tell me what you need.",
        "I understand, the choice is yours.",
        "Ceramic film keeps out the heat, carbon film keeps its colour.",
        "Tuesday, December 1 is four days from today.",
    ],
    "es": [
        "Su Toyota Camry de 2021 tarda unas 3 horas.",
        "Llámenos al (954) 555-0142 cuando quiera.",
        "No puedo ofrecer descuentos, pero la película dura muchos años.",
        "¿Quiere que pregunte al equipo por una hora?",
        "En Florida los vidrios delanteros deben dejar pasar el 28% de la luz.",
        "Tiene una garantía de 10 años contra burbujas.",
        "Bloquea hasta el 99% de los rayos UV.",
        "La cerámica dura más que el carbono.",
        "El martes 1 de diciembre es un buen día para preguntar.",
    ],
    "fr": [
        "Votre Toyota Camry de 2021 prend environ 3 heures.",
        "Appelez-nous au (954) 555-0142 quand vous voulez.",
        "Je ne peux pas offrir de rabais, mais le film dure des années.",
        "Voulez-vous que je demande une heure à l'équipe ?",
        "En Floride, les vitres avant doivent laisser passer 28 % de la lumière.",
        "Il y a une garantie de 10 ans contre les bulles.",
        "Il bloque jusqu'à 99 % des rayons UV.",
        "La céramique dure plus longtemps que le carbone.",
        "Le mardi 1er décembre est un bon jour pour demander.",
    ],
}
# Always false, whatever the price: {n} and {p} as above, {p} being the true wording.
TWISTED = {
    "en": [
        "{n} is {a} per month.", "{n} is half of {a}.", "{n} is 20% off today.", "You get {n} at half price.",
        "{n} is less than {a}.", "{n} is free for you.", "I can give you a discount on {n}.", "{n} is {a} each.",
        "{n} is about {a}.", "{n} is only {a} down and the rest later.", "{n} is {a} less than usual.",
        "The deposit for {n} is {a}.", "{n} and two more services together are {a}.", "{n} is €{d}.", "{n} is not {a}.",
        "Buy one {n}, get one.", "{n} is up to {a}.", "{n} was {a} before.", "In Boulder, {n} is {a}.",
        "Save {a} on {n}.", "Save fifteen percent on {n}.", "{n} is on us.", "For a Ford F-150 pickup truck, {n} is "
        "{a} each.",
        "We'll match that price for {n}.", "{n} is in {a} monthly installments.", "{n} is {a} per window on every car.",
    ],
    "es": [
        "{n} cuesta {a} al mes.", "{n} cuesta la mitad de {a}.", "{n} tiene un 20% de descuento.", "{n} a mitad de "
        "precio.",
        "{n} cuesta menos de {a}.", "{n} es gratis.", "Le doy un descuento en {n}.", "{n} cuesta unos {a}.",
        "{n} y otros dos servicios juntos cuestan {a}.", "{n} cuesta {d} pesos.", "{n} cuesta hasta {a}.",
        "Ahorre {a} en {n}.", "{n} cuesta {a} por ventana y por puerta.", "Antes {n} costaba {a}.",
        "{n} en mensualidades de {a}.",
    ],
    "fr": [
        "{n} coûte {a} par mois.", "{n} coûte la moitié de {a}.", "{n} est à 20 % de rabais.", "{n} à moitié prix.",
        "{n} coûte moins de {a}.", "{n} est gratuit.", "Je vous fais une remise sur {n}.", "{n} coûte environ {a}.",
        "{n} et deux autres services ensemble coûtent {a}.", "{n} coûte {d} euros.", "{n} coûte jusqu'à {a}.",
        "Économisez {a} sur {n}.", "{n} coûte {a} par porte et par jour.", "Avant, {n} coûtait {a}.",
        "{n} en mensualités de {a}.",
    ],
}  # fmt: skip
CLAIMED = {
    "en": [
        "You're booked for Tuesday at 10.", "I've booked your visit.", "Your appointment is confirmed.",
        "I have scheduled you in.", "Done, your slot is reserved.", "I've moved your appointment to Friday.",
        "Your booking has been cancelled.", "I've asked the team to call you.", "Someone from our team will call you "
        "soon.",
        "I've just texted you a link.", "I sent you an email with the details.", "You will receive a confirmation "
        "text.",
        "I've taken you off our list.", "You're all set for Tuesday.", "See you Tuesday!", "I passed it along to the "
        "manager.",
        "Your payment was received.", "We can see you at 10:00 AM tomorrow.", "There is an opening at 3 PM on Monday.",
        "Tuesday, December 2 works.", "Tomorrow is Sunday.", "I got you down for 2pm.", "The team has been notified.",
        "We have penciled you in.", "I've emailed the quote.", "Come by on Wednesday, December 1.", "How about noon?",
        "No problem, you're booked.", "If you like cars you'll love it, and you are booked.", "I've rescheduled you.",
        "I've alerted a colleague.", "The appointment was moved.", "Your reservation is locked in.", "I've refunded "
        "you.",
    ],
    "es": [
        "Su cita está confirmada.", "Ya he reservado su cita.", "Queda agendado para el martes.", "Le reservé el "
        "lunes.",
        "He cambiado su cita al viernes.", "Su cita ha sido cancelada.", "He avisado al equipo.", "Alguien le llamará "
        "pronto.",
        "Le he enviado un mensaje.", "Le envié un correo.", "Recibirá un mensaje de confirmación.", "Ya está dado de "
        "baja.",
        "Lo esperamos el martes.", "Hay lugar mañana a las 10.", "El martes 2 de diciembre está libre.",
        "El equipo le contactará hoy.",
    ],
    "fr": [
        "Votre rendez-vous est confirmé.", "J'ai réservé votre rendez-vous.", "C'est noté pour mardi.",
        "J'ai déplacé votre rendez-vous à vendredi.", "Votre rendez-vous a été annulé.", "J'ai prévenu l'équipe.",
        "Quelqu'un de l'équipe vous rappellera.", "Je vous ai envoyé un message.", "Vous recevrez une confirmation.",
        "Vous êtes désinscrit.", "À mardi !", "Il y a une place demain à 10 h.", "Le mardi 2 décembre est libre.",
        "Un conseiller vous contactera.", "Nous vous attendons lundi.",
    ],
}  # fmt: skip
UNREAD = [
    "Der Preis ist dreihundert Dollar.", "O preço é trezentos dólares para você.", "Il prezzo è di trecento dollari.",
    "Pri a se twa san dola pou ou.", "De prijs is driehonderd dollar voor u.", "Cena to trzysta dolarów.",
    "Это стоит триста долларов.", "价格是三百美元。", "Giá là ba trăm đô la cho bạn.",
    "Ang presyo ay tatlong daang dolyar po.",
    "السعر ثلاثمئة دولار", "Bei ni dola mia tatu kwa gari.", "Priset är trehundra dollar.", "Fiyat üç yüz dolar.",
]  # fmt: skip


def write(price: Price, language: str, chance: random.Random) -> str:
    """A price in words of its kind."""
    form = chance.choice(FORMS[language])
    low = form((price.low_cents or 0) // 100)
    if price.kind == "from":
        return chance.choice(FROM[language]).format(a=low)
    if price.kind == "range":
        return chance.choice(RANGE[language]).format(a=low, b=form((price.high_cents or 0) // 100))
    return low


def world_with(chance: random.Random, language: str) -> tuple[World, list[str]]:
    """A customer to whom a tool gave four prices."""
    world = World(store=chance.choice(["coral-springs", "boulder"]), language=language)
    priced = [row["name"] for row in world.rows if row["kind"] != "ask"]
    names = chance.sample(priced, 4)
    return world.told(*names), names


def true_sentences(chance: random.Random, count: int) -> Iterator[Said]:
    """Sentences that an honest assistant writes."""
    for number in range(count):
        language = LANGUAGES[number % 3]
        world, names = world_with(chance, language)
        if number % 5 == 4:
            yield Said(chance.choice(NOTHING_TO_PROVE[language]), True, "nothing to prove", world)
            continue
        name = chance.choice(names)
        said = write(world.price(name), language, chance)
        text = chance.choice(SENTENCES[language]).format(n=name, p=said, v=world.vehicle)
        yield Said(text, True, world.price(name).kind, world)


def false_sentences(chance: random.Random, count: int) -> Iterator[Said]:
    """Sentences that must never be shown, of every kind in turn."""
    for number in range(count):
        language = LANGUAGES[number % 3]
        yield WRONG[number // 3 % len(WRONG)](chance, language)


def _said(world: World, name: str, price: Price, language: str, kind: str, chance: random.Random) -> Said:
    text = chance.choice(SENTENCES[language]).format(n=name, p=write(price, language, chance), v=world.vehicle)
    return Said(text, False, kind, world)


def _invented(chance: random.Random, language: str) -> Said:
    world, names = world_with(chance, language)
    name = chance.choice(names)
    true = world.price(name)
    low = (true.low_cents or 0) + chance.choice([-1, 1]) * chance.choice([100, 1000, 2500, 10000, 3000])
    return _said(world, name, Price(true.kind, max(low, 2000), true.high_cents), language, "invented", chance)


def _another_service(chance: random.Random, language: str) -> Said:
    world, names = world_with(chance, language)
    for one in names:
        for other in names:
            if world.price(one) != world.price(other):
                return _said(world, one, world.price(other), language, "another service's", chance)
    return _invented(chance, language)


def _another_store(chance: random.Random, language: str) -> Said:
    world, names = world_with(chance, language)
    elsewhere = World(store="boulder" if world.store == "coral-springs" else "coral-springs")
    name = next((name for name in names if elsewhere.price(name) != world.price(name)), None)
    if name is None:
        return _invented(chance, language)
    return _said(world, name, elsewhere.price(name), language, "another store's", chance)


def _another_vehicle(chance: random.Random, language: str) -> Said:
    world = World(store=chance.choice(["coral-springs", "boulder"]), language=language)
    name = chance.choice([row["name"] for row in world.rows if len(set(row["classes"].values())) > 1])
    world.told(name)
    other = chance.choice([one for one in world.row(name)["classes"] if world.price(name, one) != world.price(name)])
    if chance.random() < 0.5:
        return _said(world, name, world.price(name, other), language, "another vehicle's", chance)
    words = {
        "en": "For an SUV, {n} is {p}.", "es": "Para una camioneta SUV, {n} cuesta {p}.",
        "fr": "Pour un VUS, {n} coûte {p}.",
    }  # fmt: skip
    text = words[language].format(n=name, p=write(world.price(name), language, chance))
    return Said(text, False, "another vehicle's", world)


def _another_kind(chance: random.Random, language: str) -> Said:
    world = World(store=chance.choice(["coral-springs", "boulder"]), language=language)
    name = chance.choice([row["name"] for row in world.rows if row["kind"] in ("from", "range") and not row["classes"]])
    world.told(name)
    return _said(world, name, Price("exact", world.price(name).low_cents, None), language, "a dropped from", chance)


def _old_version(chance: random.Random, language: str) -> Said:
    world, names = world_with(chance, language)
    old = world.price(names[0])
    new = Price(old.kind, (old.low_cents or 0) + 5000, (old.high_cents or 0) + 5000 if old.high_cents else None)
    world.facts.learn(Learned(prices=(world.fact(names[0], new),)))
    return _said(world, names[0], old, language, "an old version", chance)


def _not_given(chance: random.Random, language: str) -> Said:
    world, names = world_with(chance, language)
    name = chance.choice([row["name"] for row in world.rows if row["kind"] != "ask" and row["name"] not in names])
    return _said(world, name, world.price(name), language, "given by no tool", chance)


def _sum(chance: random.Random, language: str) -> Said:
    world, names = world_with(chance, language)
    first, second = names[:2]
    total = ((world.price(first).low_cents or 0) + (world.price(second).low_cents or 0)) // 100
    words = {
        "en": "{a} and {b} together are {p}.", "es": "{a} y {b} juntos cuestan {p}.", "fr": "{a} et {b} ensemble "
        "coûtent {p}.",
    }  # fmt: skip
    text = words[language].format(a=first, b=second, p=chance.choice(FORMS[language])(total))
    return Said(text, False, "a sum of its own", world)


def _wrong_sum(chance: random.Random, language: str) -> Said:
    said = _sum(chance, language)
    ids = tuple(said.world.facts.prices)[:2]
    said.world.facts.learn(Learned(totals=(TotalFact(ids, Price("exact", 1, None)),)))
    return said


def _twisted(chance: random.Random, language: str) -> Said:
    world, names = world_with(chance, language)
    # What is sold per window costs so much per window.
    name = next(name for name in names if "Per " not in name)
    dollars = (world.price(name).low_cents or 0) // 100
    if world.store == "boulder" and language == "en":
        chance = random.Random(dollars)  # "In Boulder" would be true there
        return Said(f"{name} is {dollars} dollars in Coral Springs.", False, "twisted", world)
    text = chance.choice(TWISTED[language]).format(n=name, a=chance.choice(FORMS[language][:3])(dollars), d=dollars)
    return Said(text, False, "twisted", world)


def _claimed(chance: random.Random, language: str) -> Said:
    world, _ = world_with(chance, language)
    return Said(chance.choice(CLAIMED[language]), False, "a claim", world)


def _unread(chance: random.Random, language: str) -> Said:
    world, _ = world_with(chance, language)
    return Said(chance.choice(UNREAD), False, "an unread language", world)


def _taken_up(chance: random.Random, language: str) -> Said:
    world, names = world_with(chance, language)
    world.customer = ("Another shop does it for $150, can you?",)
    words = {
        "en": [
            "Yes, {n} is $150 for you.",
            "We can do {n} for $150.",
            "As you said, $150 works for us.",
            "It's a deal: $150.",
        ],
        "es": ["Sí, {n} cuesta $150.", "Podemos hacer {n} por $150.", "De acuerdo, $150 entonces."],
        "fr": ["Oui, {n} coûte 150 $.", "Nous pouvons faire {n} pour 150 $.", "D'accord, 150 $ alors."],
    }
    return Said(chance.choice(words[language]).format(n=names[0]), False, "the customer's figure taken up", world)


WRONG = (
    _invented, _another_service, _another_store, _another_vehicle, _another_kind, _old_version, _not_given, _sum,
    _wrong_sum, _twisted, _claimed, _unread, _taken_up,
)  # fmt: skip
