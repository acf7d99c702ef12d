"""Words that promise something off, free or matched, or say whose figure it is. All match plain text in lower case."""

import re
from collections.abc import Collection

from app.assistant.price_talk import with_taxes

_DISCOUNT = (
    r"discount(?:s|ed)?|coupons?|promo(?:tion)?s?|promo codes?|special offers?|specials?|deals?|rebates?|markdown|"
    r"sale price|descuentos?|cup[oó]n(?:es)?|promoci[oó]n(?:es)?|ofertas?|rebajas?|remises?|rabais|promotions?|soldes?|"
    r"r[eé]ductions?|on sale|a sale|special (?:price|rate)|precio especial|a steal|for the price of|(?:today|week|"
    r"weekend|month) only|limited[- ]time|(?:lower|reduce|drop|come down on|flexible on|work with you on|"
    r"negotiate) (?:the|our|that|your|this) price|negotiable|price (?:is |stays )?(?:guarantee\w*|locked in)|(?:lowest|"
    r"best) price|cheapest (?:in|around)|nobody (?:is|beats)|(?:military|veterans?|students?|seniors?|"
    r"friends and family)(?: get a| pay)? (?:rate|price|pricing|less)|fais un (?:bon )?prix|(?:mejor|"
    r"mejores) precios? (?:de|en)|meilleurs? prix"
)
_MATCH = (
    r"(?:match|beat|undercut|honou?r) (?:that|their|any|the|this|your|it)(?! (?:[\w']+ ){0,2}(?:colou?rs?|"
    r"shades?|tint|glass|factory|look|finish))|igualamos|igualar (?:ese|su|el)|"
    r"(?:aligner|alignons|s'aligne) (?:sur|notre)"
)
_REFUSED = re.compile(
    r"(?:\b(?:no|not|any|never|without|cannot|unable|if|whether|about|sin|ning[uú]n|no|pas|aucune?|sans|sur|sobre)\b|"
    r"n't)"
    rf"[^,.;:!?]{{0,40}}\b(?:{_DISCOUNT}|{_MATCH})\b"
)
DISCOUNT = re.compile(rf"\b(?:{_DISCOUNT}|{_MATCH})\b")
CUT_PRICE = re.compile(
    r"\d+\s?%\s*(?:off|less|cheaper|discount|savings?|back|de descuento|menos|de remise|de rabais|de r[eé]duction|"
    r"de moins)|(?:%|percent|per cent|por ciento|pour cent)\W+(?:\w+\W+){0,3}(?:off|discount|less|cheaper|savings?|"
    r"rebate|deposit|down|fee|tax|surcharge|cashback|tip|interest|descuento|menos|ahorro|dep[oó]sito|anticipo|remise|"
    r"rabais|r[eé]duction|moins|acompte)\b|(?:save|saves|saving|savings|off|discount|ahorr\w+|descuento|[eé]conomis\w+|"
    r"remise|rabais|r[eé]duction)\b[^.;]{0,24}(?:\d\s?%|percent|por ciento|pour cent)|\bhalf (?:off|(?:the |of the |"
    r"our )?(?:price|cost)|as much)|\bhalf-price|\b(?:a|la) mitad (?:de(?:l)? )?(?:precio|costo)|\bmitad de precio|"
    r"\b(?:[aà] )?moiti[eé] (?:du )?prix|\b(?:two|three|2|3) for (?:the price of )?(?:one|1)\b|\b2x1\b|\b3x2\b|"
    r"\bdos por uno|\bbuy one|\bbogo\b|\bget (?:one|the second)|\bfor (?:the price of one|nothing)|\b(?:third|"
    r"quarter) off|\bknock\w* [^.]{0,12}off|\btake\w? [^.]{0,20}\boff (?:the|your|that|it)|\bmoney back\b|"
    r"\d⁄\d|\b(?:half|a? ?third|a? ?quarter|a? ?fraction|la mitad|"
    r"la moitié)(?: of)? (?:that|this|it|what|de eso|de ça)\b"
)
FREE = re.compile(
    r"\b(?:free of charge|for free|at no (?:extra |additional )?(?:charge|cost)|no (?:extra |additional )?(?:charge|"
    r"cost)|complimentary|on the house|nothing (?:extra|more) (?:for|to pay)|por nuestra cuenta|por cuenta de la casa|"
    r"à notre charge|aux frais de la maison|on us|our treat|is included free|without (?:extra )?(?:charge|cost)|"
    r"(?:won't|doesn't|will not|does not|not) cost (?:you )?(?:anything|extra|more|a thing)|no (?:hidden|extra|"
    r"additional|added) (?:fees?|costs?|charges?)|waiv(?:e|ed|ing)|throw(?:n|s|ing)? in|"
    r"removal(?: of [^.,;]{0,20})? (?:is|comes|'s) included|no (?:le|te) cobr\w+|(?:remoción|retiro) (?:está |"
    r"va )?inclui?d[oa]|sans suppl[eé]ment|(?:dépose|retrait) (?:est )?(?:compris|inclus)e?|(?:i|we)(?:'ll| will|'d|"
    r" can) (?:also )?include|(?:costs?|charges?|pay) (?:you )?nothing|nothing (?:to pay|at all)|sin (?:costo|cargo)|"
    r"gratis|gratuit[oae]?s?|gratuites|gratuitement|de regalo|cortes[ií]a de|de cortes[ií]a|sans frais|(?:est|sont|"
    r"vous est) offerte?s?|offerts?|cadeau)\b|"
    r"(?<![\w-])(?<!feel )(?<!toll )(?<!worry )(?<!hands )(?<!stress )free\b(?!-)(?! (?:to|time|slot|slots|spot|spots|"
    r"until|at|on|up|tomorrow|today|this|next|from|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"of (?:bubbles|streaks|scratches|dust|film|glue)|hand))"
)
INSTALMENTS = re.compile(
    r"\b(?:financ(?:e|ing)|instal+ments?|payment plan|monthly payments?|mensualidades|a plazos|cuotas|mensualit[eé]s|"
    r"paiements? mensuels?)\b[^.;]{0,40}[\d$]|[\d$][^.;]{0,40}\b(?:financing|instal+ments?|payment plan|monthly|"
    r"mensualidades|cuotas|mensualit[eé]s)\b"
)
FURTHER = re.compile(
    r"\b(?:deposit|down payment|anticipo|dep[oó]sito|acompte|arrhes|tip|fee|taxes|tax|surcharge)\b[^.;]{0,60}[$\d]"
)
HARMLESS_TAX = re.compile(r"\b(?:plus|before|excluding|m[aá]s|sin|antes de|hors) (?:taxe?s?|tax|impuestos?|tva)\b")

TOTAL = re.compile(
    r"\b(?:total\w*|together|altogether|combined|both|sum|in all|all in|all (?:of them|three|four)|bundle\w*|"
    r"package price|as a package|juntos|juntas|en conjunto|amb[oa]s|todo junto|los dos|las dos|los tres|suma|ensemble|"
    r"les deux|les trois|en tout|le tout|somme|au complet|combo|everything|todo incluido|tout compris)\b"
)
SINGLE_TOTAL = re.compile(r"\b(?:total|in all|all in|all-in|en tout|le tout|everything|todo incluido|tout compris)\b")
NOW = re.compile(
    r"\b(?:now|list(?:s|ed)?|currently|new|changed|since|today's|going forward|ahora|lista|actual(?:mente)?|nuev[oa]|"
    r"cambi\w+|maintenant|liste|tarif actuel|actuel\w*|nouveau|chang\w+|d[eé]sormais)\b"
)
THEIRS = re.compile(
    r"\b(?:you(?:'ve| have)? (?:said|mentioned|told|named|wrote|paid|were (?:quoted|offered|told)|got|saw|asked|have)|"
    r"your (?:budget|figure|offer|number|limit)|you(?:'re| are) (?:hoping|looking)|(?:the|that|their|another|"
    r"other) (?:other )?(?:shop|store|place|dealer)|competitor|(?:usted|t[uú]|ud) (?:dijo|dijiste|mencion\w+)|"
    r"mencion(?:ó|aste|a)|su presupuesto|tu presupuesto|le (?:cotizaron|ofrecieron)|la otra tienda|otro taller|"
    r"vous (?:avez|aviez) (?:dit|mentionn\w+|parl\w+|pay\w+)|votre (?:budget|chiffre)|l'autre (?:magasin|atelier|"
    r"garage))\b"
)
OURS = re.compile(
    r"\b(?:(?:we|i|our team|the store)(?:'ll| will| can| could| do| does| offer| charge| accept| honou?r| match| beat|"
    r"'d| would| am able| are able|'re able)|it(?:'s| is| costs| will)|that(?:'s| is) (?:fine|ok|okay|our|the price|"
    r"what|doable|a deal)|deal|works|agreed|approved|sure|yes|yeah|of course|absolutely|so (?:it|the)|our price|"
    r"the price|for (?:you|that)|costs?|here it|podemos|puedo|ofrecemos|aceptamos|s[ií]|claro|nuestro precio|el precio|"
    r"cuesta|de acuerdo|nous (?:pouvons|offrons|acceptons|faisons)|je peux|on peut|notre prix|le prix|co[uû]te|"
    r"d'accord|oui|bien s[uû]r)\b(?!'t)"
)


def offer_in(sentence: str, words: Collection[str]) -> str:
    """What a plain sentence of these words promises that no price list holds: a discount, a gift, instalments.

    Empty when it promises nothing, or refuses it.
    """
    if OFFER_WORDS.isdisjoint(words) and not OFFER_SIGNS.search(sentence):
        return ""
    if CUT_PRICE.search(sentence):
        return "a price cut"
    if DISCOUNT.search(_REFUSED.sub(" ", sentence)):
        return "a discount"
    if FREE.search(sentence):
        return "something for free"
    if with_taxes(sentence):
        return "taxes in the price"
    if INSTALMENTS.search(sentence):
        return "instalments"
    return "a further charge" if FURTHER.search(HARMLESS_TAX.sub(" ", sentence)) else ""


# What an offer may be made of beside OFFER_WORDS.
OFFER_SIGNS = re.compile(r"%|⁄|\d\s?x\s?\d|\bon us\b|\b(?:2|3|two|three) for\b")
OFFER_WORDS = frozenset(
    "aligner alignons payment payments plan plazos tip tax taxes arrhes money second offering knock gift paiement "
    "paiements mensualité buy third quarter fraction discount discounts discounted coupon coupons promo promos "
    "promotion promotions special specials offer offers deal deals rebate rebates markdown descuento descuentos cupón "
    "cupon cupones promoción promocion promociones oferta ofertas rebaja rebajas remise remises rabais soldes "
    "réduction réductions reduction reductions off less cheaper save saves saving savings percent ciento half mitad "
    "moitié bogo free complimentary house treat charge cost costs nothing gratis gratuito gratuita gratuit gratuite "
    "gratuits gratuites gratuitement regalo cortesía costo cargo frais offert offerte offerts offertes cadeau "
    "financing finance installment installments instalment instalments monthly mensualidades cuotas mensualités "
    "deposit depósito anticipo acompte refund refunded match beat undercut igualamos honor honour honored honoured "
    "sale especial steal only limited lower reduce drop flexible work negotiate negotiable guarantee guaranteed locked "
    "lowest best cheapest nobody military veteran veterans student students senior seniors friends prix precio precios "
    "mejor mejores meilleur meilleurs s'aligne anything extra removal waive waived waiving price throw throwing thrown "
    "throws included include includes including cobramos cobraremos cobro incluido incluida incluye supplément "
    "supplement compris comprise comprises inclus incluse incluses impuesto impuestos ttc door expensive pricier same "
    "pay pareil autant même mismo cuesta cuestan coûte chère cher barato barata caro cara more igualar ahorra ahorras "
    "ahorro économisez économiser fee fees surcharge cuenta charge".split()
)
