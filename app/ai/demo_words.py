"""The demo assistant's vocabulary and wording in English, Spanish and French."""

import re

__all__ = ["INTENTS", "MONTHS", "STOP_WORDS", "TERMS", "TRANSLATED", "WEEKDAYS", "WORDING", "YES", "language_of"]

_SPANISH = re.compile(
    r"\b(hola|buen[oa]s|cu[aá]nt[oa]s?|precios?|cuestan?|gracias|quiero|quisiera|cita|horarios?|d[oó]nde|"
    r"abiert[oa]s?|direcci[oó]n|humano|polarizado|lavado|necesito|puedo|hacen|tienen)\b", re.I,
)  # fmt: skip
_FRENCH = re.compile(
    r"\b(bonjour|bonsoir|salut|combien|prix|co[uû]tent?|merci|voudrais|rendez-vous|heures|o[uù] [eê]tes|ouverts?|"
    r"adresse|quelqu'un|vitres|teint[eé]e?s?|lavage|besoin|est-ce|puis-je|avez-vous|faites-vous)\b", re.I,
)  # fmt: skip


def language_of(text: str) -> str:
    """en, es or fr, by a few telling words."""
    spanish, french = len(_SPANISH.findall(text)), len(_FRENCH.findall(text))
    if not spanish and not french:
        return "en"
    return "es" if spanish >= french else "fr"


# What a store may have written down about its business: how customers ask for it, and how its own words name it.
TERMS = (
    re.compile(r"\b(warrant\w+|guarant\w+|garant[ií]\w*)\b", re.I),
    re.compile(r"\b(deposits?|down payment|dep[oó]sitos?|anticipo|acompte|d[eé]p[oô]t)\b", re.I),
    re.compile(r"\b(financ\w+|payment plans?|instal+ments?|cuotas|mensualidades|mensualit[eé]s)\b", re.I),
    re.compile(r"\b(refunds?|money back|reembolso|remboursement|rembours[eé]\w*)\b", re.I),
    re.compile(r"\b(parking|park|estacionamiento|estacionar|stationnement)\b", re.I),
    re.compile(r"\b(price match\w*|match (a|the|their|another|any)\b.*\bprice|licensed|insured|certified)\b", re.I),
)

# The first that matches decides.
INTENTS = {
    "person": re.compile(
        r"\b(humans?|real person|a person|someone|somebody|agent|representative|manager|call me|call back|callback|"
        r"speak (to|with)|talk to|humano|una persona|agente|gerente|ll[aá]m[ae]n?me|hablar con|humain|un conseiller|"
        r"parler [aà]|quelqu'un|rappelez)\b", re.I,
    ),
    "cancel": re.compile(r"\b(cancel\w*|anular|annul\w*)\b", re.I),
    "move": re.compile(
        r"\b(reschedule|move (my|the|it)|change (my|the) (visit|appointment|time)|(another|different|new) time|"
        r"cambiar (mi|la) cita|d[eé]placer)\b", re.I
    ),
    "book": re.compile(
        r"\b(book|booking|appointments?|schedule|reserve|availability|slots?|free times?|what times|come in|"
        r"(a|any) times?|any(thing|times?) (open|free|available)|"
        r"drop (it )?off|cita|reservar|rendez-vous|r[eé]server)\b", re.I,
    ),
    "store": re.compile(
        r"\b(hours?|open|opens|opening|closed?|closes|closing|address|where|located|location|directions?|phone|"
        r"telephone|phone number|horarios?|abren|abiert[oa]s?|cierran|direcci[oó]n|d[oó]nde|tel[eé]fono|"
        r"heures|ouverts?|ouvrez|fermez|adresse|o[uù]|t[eé]l[eé]phone)\b(?! roof)", re.I,
    ),
    "service": re.compile(
        r"\b(prices?|pricing|cost|costs|much|quotes?|estimate|rates?|charge|cheap\w*|services?|offer|do you (do|have)|"
        r"menu|\w*tint\w*|films?|ceramic|coatings?|ppf|protection|wrap\w*|detail\w*|audio|speakers?|subwoofers?|"
        r"stereo|alarm|remote start\w*|starters?|wheels?|rims?|tires?|windshield|headlights?|lights?|lighting|"
        r"dash ?cams?|cameras?|sensors?|bed ?liners?|wash\w*|wax|polish\w*|interior|leather|windows?|paint|scratch\w*|"
        r"dents?|correction|bumpers?|chrome|truck|steps?|hitch|tonneau|security|gps|carplay|install\w*|"
        r"precios?|cuestan?|cu[aá]nto|servicios?|polariza\w*|cer[aá]mic[oa]|lavado|vidrios?|ventanas?|"
        r"prix|combien|co[uû]tent?|tarifs?|vitres?|teint\w*|c[eé]ramique|lavage)\b", re.I,
    ),
    "bot": re.compile(r"\b(bot|robot|ai|artificial|chatgpt|claude|are you real|eres real|es-tu)\b", re.I),
    "thanks": re.compile(r"\b(thanks?|thank you|thx|bye|goodbye|great|gracias|adi[oó]s|merci|au revoir)\b", re.I),
    "greeting": re.compile(
        r"\b(hi|hello|hey|howdy|good (morning|afternoon|evening)|hola|buen[oa]s|bonjour|bonsoir|salut)\b", re.I
    ),
}  # fmt: skip

YES = re.compile(
    r"^\W*(yes|yeah|yep|sure|please|ok|okay|go ahead|s[ií]|claro|por favor|oui|d'accord|volontiers)\b", re.I
)

WEEKDAYS = {
    name: number
    for names in ("monday tuesday wednesday thursday friday saturday sunday",
                  "lunes martes miércoles jueves viernes sábado domingo",
                  "lundi mardi mercredi jeudi vendredi samedi dimanche")
    for number, name in enumerate(names.split())
}  # fmt: skip
MONTHS = {
    name: number
    for names in ("january february march april may june july august september october november december",
                  "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
                  "janvier février mars avril mai juin juillet août septembre octobre novembre décembre")
    for number, name in enumerate(names.split(), 1)
}  # fmt: skip

STOP_WORDS = frozenset(
    "a about all am an and any are at be can could cost costs cuanta cuanto cuánto cuesta cuestan de del do does el en "
    "est est-ce estimate for from get give good have hello hey hi hola how i i'd i'm is it its je know la las le les "
    "like los me menu mi mon much my need of offer on or para please pour por precio precios price prices pricing prix "
    "puis-je que quel quelle quiero quisiera quote rate rates service services servicios so sur tell thanks that the "
    "there this to un una une us voudrais want what what's which will with would you your combien coûte coute bonjour "
    "qué need offers hacen tienen avez-vous faites-vous needed interested charge cheap cheapest salut vous nous car "
    "vehicle carro coche voiture auto".split()
)

TRANSLATED = {
    "polarizado": "tint", "polarizar": "tint", "tintado": "tint", "vidrios": "window", "ventanas": "window",
    "cerámico": "ceramic", "ceramico": "ceramic", "cerámica": "ceramic", "ceramica": "ceramic", "lavado": "wash",
    "recubrimiento": "coating", "pintura": "paint", "teinte": "tint", "teinter": "tint", "teintées": "tint",
    "teintees": "tint", "teintée": "tint", "vitres": "window", "vitre": "window", "céramique": "ceramic",
    "ceramique": "ceramic", "lavage": "wash", "revêtement": "coating", "peinture": "paint",
}  # fmt: skip

WORDING = {
    "en": {
        "demo": "(I'm the demo assistant: I answer by simple rules from this store's own list.)",
        "greeting": "Hello! Ask me about any service or price, our hours, or where to find us.",
        "one": "Here is what I found:",
        "many": "Here is what fits best:",
        "none": "I could not find that among our services. Try other words, or I can ask the team for you.",
        "which": "Gladly! Which service would you like a price for? For example window tint or ceramic coating.",
        "after": "Would you like to see the open times?",
        "times": "These times are open:",
        "which_time": "Which one suits you?",
        "no_times": "I find no time that can be booked here.",
        "book": "I cannot set a time myself here. Would you like the team to arrange a time with you?",
        "no_person": "Please call the store, the team will gladly help you.",
        "no_tool": "I do not have that at hand. Please call the store, the team will gladly help you.",
        "bot": "Yes, I am an automated assistant. Whenever you like, I can ask a person on the team to take over.",
        "thanks": "You are welcome! I am here whenever you have another question.",
        "other": "That is outside what I can help with. I know this store's services, prices and hours: "
        "what would you like to know?",
    },
    "es": {
        "demo": "(Soy el asistente de demostración: respondo con reglas sencillas desde la lista de la tienda.)",
        "greeting": "¡Hola! Pregúnteme por cualquier servicio o precio, el horario o la dirección.",
        "one": "Esto es lo que encontré:",
        "many": "Esto es lo que mejor encaja:",
        "none": "No lo encontré entre nuestros servicios. Pruebe con otras palabras, o pregunto al equipo.",
        "which": "¡Con gusto! ¿De qué servicio quiere saber el precio? Por ejemplo, polarizado o cerámica.",
        "after": "¿Quiere ver los horarios libres?",
        "times": "Estos horarios están libres:",
        "which_time": "¿Cuál quiere?",
        "no_times": "No encuentro ningún horario para reservar aquí.",
        "book": "Aquí no puedo fijar la cita. ¿Quiere que el equipo acuerde una cita con usted?",
        "no_person": "Llame a la tienda, el equipo le ayudará con gusto.",
        "no_tool": "No tengo ese dato a mano. Llame a la tienda, el equipo le ayudará con gusto.",
        "bot": "Sí, soy un asistente automático. Cuando quiera, puedo pedir que una persona del equipo siga.",
        "thanks": "¡De nada! Aquí estoy si tiene otra pregunta.",
        "other": "En eso no puedo ayudar. Conozco los servicios, precios y horarios de la tienda: ¿qué desea saber?",
    },
    "fr": {
        "demo": "(Je suis l'assistant de démonstration : je réponds par règles simples, d'après la liste du magasin.)",
        "greeting": "Bonjour ! Posez-moi vos questions sur un service, un prix, nos heures ou notre adresse.",
        "one": "Voici ce que j'ai trouvé :",
        "many": "Voici ce qui convient le mieux :",
        "none": "Je ne l'ai pas trouvé parmi nos services. Essayez d'autres mots, ou je demande à l'équipe.",
        "which": "Avec plaisir ! Pour quel service voulez-vous un prix ? Par exemple les vitres teintées.",
        "after": "Voulez-vous voir les heures libres ?",
        "times": "Ces heures sont libres :",
        "which_time": "Laquelle voulez-vous ?",
        "no_times": "Je ne trouve aucune heure à réserver ici.",
        "book": "Je ne peux pas fixer l'heure ici. Voulez-vous que l'équipe convienne d'un rendez-vous avec vous ?",
        "no_person": "Appelez le magasin, l'équipe vous aidera volontiers.",
        "no_tool": "Je n'ai pas cette information. Appelez le magasin, l'équipe vous aidera volontiers.",
        "bot": "Oui, je suis un assistant automatique. Je peux demander à une personne de l'équipe de continuer.",
        "thanks": "Avec plaisir ! Je suis là pour toute autre question.",
        "other": "Je ne peux pas aider pour cela. Je connais les services, prix et heures du magasin : "
        "que voulez-vous savoir ?",
    },
}
