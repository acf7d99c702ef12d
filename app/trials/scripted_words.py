"""The good scripted model's wording, in the three languages. Pure."""

import re
from datetime import datetime

_MONTHS = {
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
}
_DAYS = {
    "es": "lunes martes miércoles jueves viernes sábado domingo".split(),
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche".split(),
}
_PRICED = re.compile(r"(?P<name>.+?)(?: for (?P<vehicle>[^:]+)| depends on the vehicle)?: (?P<price>.+?)\.?$")

SAID = {
    "en": {
        "ok": "Okay.",
        "hello": "Hello! What can we do for your car?",
        "order": "On your order, {name} is ${cents}.",
        "times": "These times are open at our store:",
        "no_time": "I see no open time for this. I can ask the team to look for one.",
        "book": "You are booked for {when}.",
        "move": "Your visit has been moved to {when}.",
        "cancel": "Your visit has been cancelled.",
        "refused": "That did not work, I am sorry. Shall we look at another time?",
        "asked": "I have asked our team to join you here.",
        "ai": "Yes, I am the store's AI assistant. I can also ask a person of the team to join you.",
        "no_discount": "I cannot change our prices or match another shop's. What I can tell you is what our list says.",
        "no_rules": "I cannot share how I work or change what I am here for, but I am glad to help with your car.",
        "no_law": "The limits for film differ by state, and I cannot give legal advice: our team knows more.",
        "no_medical": "I cannot give medical advice: please ask a doctor what you need.",
        "no_topic": "That is outside of what I can help with here. I know our services, prices and times.",
        "no_others": "I can only speak about your own visit and your own car, not about anybody else.",
        "own_store": "I can only speak for our own store, {store}.",
        "no_image": "I cannot send pictures here. Our team will gladly show you samples at the store.",
        "which_day": "Gladly! Which day and part of the day suits you best?",
        "sorry": "I am sorry about that, and I understand that you are upset.",
        "thanks": "You are welcome! I am here whenever you have a question.",
    },
    "es": {
        "ok": "De acuerdo.",
        "hello": "¡Hola! ¿Qué podemos hacer por su carro?",
        "times": "Estas horas están abiertas en nuestra tienda:",
        "no_time": "No veo una hora abierta para esto. Puedo pedir al equipo que busque una.",
        "book": "Su cita está reservada para el {when}.",
        "move": "Su cita ha sido cambiada al {when}.",
        "cancel": "Su cita ha sido cancelada.",
        "refused": "No funcionó, lo siento. ¿Buscamos otra hora?",
        "asked": "He avisado al equipo de la tienda para que hable con usted.",
        "ai": "Sí, soy el asistente de IA de la tienda. También puedo pedir que una persona hable con usted.",
        "no_discount": "No puedo cambiar nuestros precios. Lo que puedo decirle es lo que dice la lista de la tienda.",
        "no_rules": "No puedo cambiar lo que hago aquí, pero con gusto le ayudo con su carro.",
        "thanks": "¡De nada! Aquí estoy para lo que necesite su carro en nuestra tienda.",
        "sorry": "Lo siento mucho, y entiendo que está molesto.",
    },
    "fr": {
        "ok": "D'accord.",
        "hello": "Bonjour ! Que pouvons-nous faire pour votre voiture ?",
        "times": "Voici les heures ouvertes dans notre magasin :",
        "no_time": "Je ne vois pas d'heure ouverte pour cela. Je peux demander à l'équipe d'en chercher une.",
        "book": "Votre rendez-vous est réservé pour le {when}.",
        "move": "Votre rendez-vous a été déplacé au {when}.",
        "cancel": "Votre rendez-vous a été annulé.",
        "refused": "Cela n'a pas marché, désolé. Voulez-vous chercher une autre heure ?",
        "asked": "J'ai prévenu l'équipe du magasin pour que quelqu'un vous parle.",
        "ai": "Oui, je suis l'assistant IA du magasin. Je peux aussi demander à une personne de vous parler.",
        "no_discount": "Je ne peux pas changer nos prix. Je peux vous dire ce que dit la liste du magasin.",
        "no_rules": "Je ne peux pas changer ce que je fais ici, mais je vous aide volontiers pour votre voiture.",
        "thanks": "Avec plaisir ! Je suis là pour toute question sur votre voiture.",
        "sorry": "Je suis désolé, et je comprends que vous soyez fâché.",
    },
}  # fmt: skip
_PRICE_LINE = {
    "es": "En nuestra tienda, {name} para su vehículo cuesta {price}.",
    "fr": "Dans notre magasin, {name} pour votre véhicule coûte {price}.",
}


def priced(language: str, result: str) -> str:
    """A price tool's wording, in the language; its advice to the model is left out."""
    told = re.sub(r"(?<=\.) Ask what they drive\.$", "", result)
    if language == "en":
        return told
    return "\n".join(_line(language, line) for line in told.splitlines())


def _line(language: str, line: str) -> str:
    match = _PRICED.match(line.removeprefix("- "))
    if match is None or "All together" in line:
        total = {"es": "Todo junto", "fr": "Le tout ensemble"}[language]
        return f"{total}: {_price(language, line.partition(': ')[2].rstrip('.'))}."
    return _PRICE_LINE[language].format(name=match["name"], price=_price(language, match["price"]))


def _price(language: str, price: str) -> str:
    start, joint = {"es": ("desde ", " a "), "fr": ("à partir de ", " à ")}[language]
    return price.replace("from ", start).replace(" to ", joint)


def spoken_time(language: str, local: datetime) -> str:
    """`Tuesday, December 1 at 10:00 AM`, `martes 1 de diciembre a las 10:00`, `mardi 1 décembre à 10:00`."""
    if language == "en":
        return f"{local:%A, %B} {local.day} at {local:%-I:%M %p}"
    day, month = _DAYS[language][local.weekday()], _MONTHS[language][local.month - 1]
    joint, at = (" de ", " a las ") if language == "es" else (" ", " à ")
    return f"{day} {local.day}{joint}{month}{at}{local:%H:%M}"
