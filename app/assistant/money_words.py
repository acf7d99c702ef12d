"""The words around an amount of money in English, Spanish and French. All match plain text in lower case."""

import re

MONEY = (
    r"dollars?|bucks?|usd|cad|cents?|d[oó]lares|d[oó]lar|pesos?|centavos?|euros?|piastres|pounds|quid|yen|reais|"
    r"us\$|ca\$|c\$|hundos?|smackers|bills"
)
SIGN_BEFORE = re.compile(r"(?:\b(?:us|ca|c)\s?)?\$\s*$|\b(?:usd|cad)\s?\$?\s?$|¤\s*$")
SIGN_AFTER = re.compile(
    r"k\b(?:\s?(?:\$|usd\b|cad\b|dollars?\b))?|[\s-]?(?:us|ca|c)?\$(?!\s?\d)|[\s-]?¤(?!\s?\d)|[\s-]?(?:de "
    rf")?(?:{MONEY})\b(?!\s?\d)"
    r"(?: (?:canadiens|canadienses|am[eé]ricains|americanos|us)\b)?"
)
# Where one of these belongs to no amount that was read, there is one that was not.
LOOSE_MONEY = re.compile(r"[$¤]|\b(?:dollars?|bucks|usd|d[oó]lares|d[oó]lar|piastres|euros?|pesos?)\b")
THOUSANDS = re.compile(r"\s?k\b")
OTHER_MONEY = re.compile(r"¤|hundo|smackers|bills|cents?\b|centavo|peso|euro|pounds|quid|yen|reais")
CANADIAN = re.compile(r"cad|c\$|ca\$|canad")
AMERICAN = re.compile(r"usd|us\$|\bus\b|am[eé]rica")

PRICED = re.compile(
    r"\b(?:costs?|prices?|priced|pay|total|quoted?|charges?|charged|runs?|starts?|starting|fee|rate|cuestan?|precios?|"
    r"vale|sale en|cobra\w*|pagar?|co[uû]te(?:nt|ra)?|prix|tarif|payer|vaut|revient)\b"
)
PRICE_VERB = re.compile(
    r"\b(?:costs?|price(?:s|d)?(?: at| is| of)?|pay|charge|total(?: is| of)?|cuestan?|precio(?: es)?|vale|sale en|"
    r"co[uû]te(?:nt)?|prix(?: est)?(?: de)?|for (?:just|only)|por s[oó]lo|pour seulement)\s*(?:only|just|about|de|:|"
    r"-)*\s*$"
)
# "The full car is 29.": nothing else is said of the number, so it is taken for the price.
IS_BEFORE = re.compile(
    r"(?:\b(?:is|are|be|comes to|makes|es|son|ser[ií]a|est|sont|serait|fait)|'s)\s*(?:only|just|now|s[oó]lo|de|"
    r"seulement)?\s*$"
)
# "Only 99 today!"
ONLY_BEFORE = re.compile(r"\b(?:only|just|merely|s[oó]lo|nom[aá]s|seulement|juste)\s*$")
ENDS_AFTER = re.compile(
    r"\s*(?:(?:today|now|for you|hoy|ahora|para (?:usted|ti)|aujourd'hui|pour vous)\b|$|[.,;!?)]+(?:\s|$))"
)
CLOCK_BEFORE = re.compile(r"\b(?:at|until|by|before|after|till|open|opens|a las|hasta las|de|à|vers|dès|from|to)\s*$")

FROM_BEFORE = re.compile(
    r"\b(?:from|(?:starts?|starting|begins?|beginning|priced?)(?: off)?(?: out)? (?:at|from)|starting price(?: is| of|"
    r":)?|as low as|at least|a minimum of|minimum(?: is)?|upwards? of|desde|a partir de|(?:empieza|comienza|"
    r"inicia)n? en|como m[ií]nimo|à partir de|d[eè]s|(?:commence|débute)nt? à|au moins|à compter de)\W*(?:only |just |"
    r"los |las )?$"
)
FROM_AFTER = re.compile(r"\s*(?:\+|(?:and up|and upwards?|or more|y m[aá]s|en adelante|o m[aá]s|et plus|ou plus)\b)")

_APPROXIMATE = (
    r"about|around|roughly|approximately|approx\.?|near(?:ly)?|close to|almost|some|somewhere|estimated|maybe|perhaps|"
    r"unos|unas|alrededor de|aproximadamente|casi|cerca de|quiz[aá]s?|environ|près de|presque|autour de|peut-être"
)
_OTHER_SIDE = (
    r"under|below|less than|up to|at most|no more than|max(?:imum)?(?: of)?|over|above|more than|cheaper than|"
    r"menos de|debajo de|m[aá]s de|hasta|como m[aá]ximo|moins de|plus de|jusqu'à|au plus|au maximum|inf[eé]rieur à"
)
_CHANGED = (
    r"half(?: of)?|double|twice|triple|a third of|plus|extra|additional|add(?:itional)?|another|minus|less|save[sd]?|"
    r"saving|savings of|off|not|n't|never|no longer|instead of|rather than|down from|was|were|used to be|originally|"
    r"normally|usually|regularly|list price|worth|value(?:d)?(?: at)?|deposit(?: is| of)?|fee(?: is| of)?|tax(?: is|"
    r" of)?|credit(?: of)?|refund(?: of)?|rebate(?: of)?|discount(?: of)?|coupon(?: for)?|la mitad de|doble de|"
    r"adem[aá]s de|adicional(?:es)?(?: de)?|ahorr\w+|no (?:son|es|cuesta)|en lugar de|en vez de|antes|costaba|"
    r"normalmente|dep[oó]sito de|anticipo de|descuento de|la moiti[eé] de|le double de|suppl[eé]ment de|[eé]conomis\w+|"
    r"au lieu de|plut[oô]t que|avant|co[uû]tait|normalement|acompte de|rabais de|remise de|r[eé]duction de"
)
ODD_BEFORE = re.compile(
    rf"(?:\b(?:{_APPROXIMATE}|{_OTHER_SIDE}|{_CHANGED})|~|[<>]=?|\+)\s*(?:only |just |a |the |de |los |las )?$"
)

_PER = (
    r"month|mo|week|day|hour|hr|year|yr|window|door|panel|side|wheel|tire|light|speaker|seat|foot|piece|unit|person|"
    r"visit|car|vehicle|coat|layer|mes|semana|d[ií]a|hora|año|ventana|vidrio|puerta|panel|lado|rueda|pieza|unidad|"
    r"persona|mois|semaine|jour|heure|an|vitre|fen[eê]tre|porte|c[oô]t[eé]|roue|pi[eè]ce|unit[eé]|personne"
)
PER = re.compile(rf"\s*(?:(?:/|per|an?|each|every|al?|por|cada|par|à la|le|la|chaque)\s*)(?P<unit>{_PER})s?\b")
ODD_AFTER = re.compile(
    r"\s*(?:/\s?\d|[x×]\s?\d|twice\b|times\b|for (?:two|three|four|both|\d+) (?:cars|vehicles|people|visits)|"
    rf"{PER.pattern[3:]}|monthly|weekly|hourly|yearly|annually|each\b|apiece|a piece|mensual\w*|al mes|cada "
    r"un[ao]|mensuel\w*|chacune?|(?:in )?(?:monthly )?(?:instal+ments?|payments)|off\b|less\b|cheaper|discount|rebate|"
    r"credit|coupon|gift card|deposit|down(?: payment)?\b|extra\b|more than|more\b(?! (?:info|details))|savings?|fee\b|"
    r"de (?:descuento|ahorro|anticipo|dep[oó]sito|remise|rabais|r[eé]duction|moins|acompte)|menos\b|de m[aá]s\b|"
    r"m[aá]s barato|moins cher|(?:or|o|ou) (?:less|menos|moins)|(?:at most|max(?:imum)?|tops)\b|(?:ish\b|-ish\b))"
)

RANGE_JOIN = re.compile(r"\s*(?:-|to|up to|and up to|through|a|hasta|à|jusqu'à|et jusqu'à|or so to)\s*(?:\$|los )?\s*")
AND = re.compile(r"\s*(?:and|y|et)\s*(?:los )?")
BETWEEN = re.compile(r"\b(?:between|entre)\s*(?:los )?\W*$")

UNIT = re.compile(
    r"[\s-]*(?:[ap]\.?\s?m\b|h\b|h\d\d\b|o'?clock|hours?|horas?|heures?|hrs?|min(?:ute|uto)?s?|days?|d[ií]as?|jours?|"
    r"weeks?|semanas?|semaines?|months?|mes|meses|mois|years?|yrs?|a[ñn]os?|ans|seconds?|segundos|secondes|"
    r"business days?|miles?|millas|km|kilom\w+|°|degrees?|grados|degr[eé]s|inch(?:es)?|pulgadas|pouces|ft|feet|pies|"
    r"pieds|mm|cm|mils?|microns?|nm|watts?|w|amps?|volts?|lbs?|psi|hp|%|percent|por ciento|pour cent|coats?|layers?|"
    r"capas|couches|(?:\w+ )?windows?|ventanas|vitres|doors?|puertas|portes|panels?|pieces?|sides?|(?:\w+ )?services?|"
    r"servicios|speakers?|channels?|colou?rs?|colores|couleurs|(?:\w+ )?options?|opciones|times|veces|fois|"
    r"(?:\w+ )?stores?|locations?|cars?|coches|autos|carros|voitures|vehicles?|customers?|clientes|people|personas|"
    r"personnes|stars?|estrellas|[eé]toiles|reviews?|points?|puntos|steps?|pasos|[eé]tapes|things?|cosas|choses|ways?|"
    r"st|nd|rd|th|er|e|years?-old|washes|lavados|lavages|films?|shades?|tonos|nights?|seats?|wheels?|tires?|pairs?|"
    r"front|rear|side|d[ií]gitos|digits?|questions?|preguntas|minut\w+|more)\b|\s?%|°",
)  # fmt: skip

MONTHS = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|"
    r"diciembre|janvier|f[eé]vrier|mars|avril|mai|juin|juillet|ao[uû]t|septembre|octobre|novembre|d[eé]cembre"
)
MONTH_BEFORE = re.compile(rf"\b(?:{MONTHS})\.?\s+$")
MONTH_AFTER = re.compile(rf"\s+(?:de\s+)?(?:{MONTHS})\b")
