"""The figures of a term of business, made comparable, and what the term covers. English, Spanish, French."""

import re
from functools import lru_cache

from app.assistant.numbers import COUNTS
from app.assistant.term_sayings import LENDERS, LIFE

_WORDS = COUNTS | {
    "twenty-four": 24, "twenty-five": 25, "thirty-six": 36, "forty-eight": 48, "cuarenta y ocho": 48, "dix-huit": 18,
    "vingt-quatre": 24, "vingt-cinq": 25, "quarante-huit": 48, "hundred": 100, "cien": 100, "cent": 100,
}  # fmt: skip
_NUMBER = rf"(?:\d+(?:[.,]\d+)?|{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
# Months and hours are what spans are counted in: a year is twelve months, a day 24 hours.
_SPANS = {
    "year": (12, "months"), "yr": (12, "months"), "año": (12, "months"), "an": (12, "months"), "année": (12, "months"),
    "month": (1, "months"), "mes": (1, "months"), "mois": (1, "months"), "week": (168, "hours"),
    "semana": (168, "hours"), "semaine": (168, "hours"), "day": (24, "hours"), "día": (24, "hours"),
    "jour": (24, "hours"), "hour": (1, "hours"), "hora": (1, "hours"), "heure": (1, "hours"), "h": (1, "hours"),
    "mile": (1, "miles"), "milla": (1, "miles"), "mille": (1, "miles"),
}  # fmt: skip
_SPAN = re.compile(
    rf"(?<![\w.,])(?P<number>{_NUMBER})[ -](?:full |business |calendar )?(?P<unit>"
    rf"{'|'.join(sorted(_SPANS, key=len, reverse=True))})(?:e?s)?\b"
)
_DAY_BEFORE = re.compile(r"\bthe day before\b|\bla víspera\b|\bel día (?:antes|anterior)\b|\bla veille\b")
_FIRST = re.compile(r"\b(?:first|primer|première|premier) (year|month|año|mes|année|mois)\b")
_PERCENT = re.compile(rf"(?<![\w.,])({_NUMBER}) ?(?:%|percent\b|per cent\b|por ciento\b|pour cent\b)")
_NO_INTEREST = re.compile(r"\binterest[- ]free\b|\b(?:no|zero|sin|sans) (?:interest|inter[eé]s\w*|intérêts?)\b")
_MONEY = re.compile(
    rf"(?:us)?[$¤] ?(\d[\d,]*(?:\.\d\d)?)|(?<![\w.,])({_NUMBER}) (?:dollars?|bucks|usd|dólares|dolares)\b|"
    r"(?<![\w.,])(\d[\d,.]*) ?[$¤]"
)
_TIMES = re.compile(
    rf"\b({_NUMBER}) (?:\w+ )?(?:payments?|pagos?|instal+ments?|fois|cuotas|mensualidades|mensualités)\b"
)
_LIFE = re.compile(rf"\b{LIFE}\b")
_ANYTIME = re.compile(r"\bany ?time\b|\ben cualquier momento\b|\bà tout moment\b|\bwhenever\b")
_HALF_DOWN = re.compile(r"\bhalf (?:down|up ?front|now)\b|\bla mitad por adelantado\b|\bmoitié d'avance\b")
_NO_CHECK = re.compile(r"\bno credit check\b")
_NAMES = re.compile(
    rf"\b(?:{'|'.join(LENDERS)}|xpel|llumar|3m|suntek|ase|bbb|madico|huper optik|avery|hexis|gtechniq|ceramic pro|"
    r"factory|nationwide|snap financ\w*|no-questions\S*|million|thousand|millones|20\d\d|transferable|transferible)\b"
)
_CREDENTIALS = {
    "licensed": r"licensed|licencia|licenciad[oa]s?", "certified": r"certified|certificad[oa]s?|certifiée?s?",
    "insured": r"insured|asegurad[oa]s?|seguro|assurée?s?", "bonded": r"bonded",
    "accredited": r"accredited|acreditad[oa]s?|accréditée?s?",
    "authorized": r"authori[sz]ed|autorizad[oa]s?|agréée?s?|habilitée?s?",
}  # fmt: skip
_SUBJECTS = {
    "labor": r"labou?r|workmanship",
    "satisfaction": r"satisfaction|satisfacción|satisfait\w*|satisfecho",
    "bubbling": r"bubbl\w+|burbuj\w+|bulles?", "fading": r"fad(?:e|es|ing)|decolor\w+|décolor\w+|purple",
    "peeling": r"peel\w*|despeg\w+|décoll\w+", "cracking": r"crack\w*|agriet\w+|fissur\w+",
    "yellowing": r"yellow\w*|amarill\w+|jauniss\w+", "chips": r"chips?|piedr\w+|éclats?",
    "scratches": r"scratch\w*|rayon\w+|rayures?|arañazos?", "rust": r"rust\w*|óxido|rouille",
    "hail": r"hail|granizo|grêle", "accidents": r"accidents?|damage", "theft": r"theft|robo|vol",
    # What may be free.
    "parking": r"park\w*|estacion\w+|stationne\w*|garer", "shuttle": r"shuttles?|traslado|navette",
    "pickup": r"pick-?up|delivery|recogida|entrega|livraison", "coffee": r"coffee|snacks?|drinks?|café|boissons?",
    "wifi": r"wi-?fi", "washing": r"wash\w*|lavado|lavage", "loaner": r"loaners?|rental|prêt|préstamo",
    "estimate": r"estimates?|quotes?|cotizaci\w+|presupuestos?|devis|soumissions?",
    "consultation": r"consult\w+|asesoría", "inspection": r"inspecti?on\w*|check-?ups?|inspección",
    "retouching": r"touch-?ups?|retoques?|retouches?|redo|re-?do", "replacing": r"replac\w+|reemplaz\w+|remplac\w+",
    "removal": r"remov\w+|remoción|retiro|retrait|dépose", "installation": r"install(?:ation)?s?|instalación|pose",
}  # fmt: skip
_PHRASES = {
    "labor": re.compile(r"\bmano de obra\b|\bmain-d'(?:œuvre|oeuvre)\b"),
    "satisfaction": re.compile(r"(?:\bnot|n't) (?:happy|satisfied)\b"),
}
_READ = {name: re.compile(said) for name, said in (_CREDENTIALS | _SUBJECTS).items()}
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def figures_of(clause: str) -> frozenset[str]:
    """Spans, percentages, dollars and whatever else makes one term another: `12 months`, `0 %`, `$50.00`, `life`."""
    found = {_span(match["number"], match["unit"]) for match in _SPAN.finditer(clause)}
    found |= {_span("1", match[1]) for match in _FIRST.finditer(clause)}
    found |= {f"{_number(match[1]):g} %" for match in _PERCENT.finditer(clause)}
    found |= {f"${_number(match[1] or match[2] or match[3]):.2f}" for match in _MONEY.finditer(clause)}
    found |= {f"{_number(match[1]):g} times" for match in _TIMES.finditer(clause)}
    found |= {match[0] for match in _NAMES.finditer(clause)}
    found |= _named(clause) & _CREDENTIALS.keys()
    signs = {
        "50 %": _HALF_DOWN,
        "24 hours": _DAY_BEFORE, "0 %": _NO_INTEREST, "life": _LIFE, "any time": _ANYTIME, "no check": _NO_CHECK,
    }  # fmt: skip
    return frozenset(found | {name for name, sign in signs.items() if sign.search(clause)})


def subjects_of(clause: str) -> frozenset[str]:
    """What a term is about: labor, bubbling, parking."""
    phrases = {name for name, said in _PHRASES.items() if said.search(clause)}
    return frozenset(phrases | (_named(clause) & _SUBJECTS.keys()))


def _named(clause: str) -> set[str]:
    return {name for word in _WORD.findall(clause) if (name := _meaning(word))}


@lru_cache(4096)
def _meaning(word: str) -> str:
    return next((name for name, said in _READ.items() if said.fullmatch(word)), "")


def _span(number: str, unit: str) -> str:
    times, name = _SPANS[unit]
    return f"{_number(number) * times:g} {name}"


def _number(said: str) -> float:
    known = _WORDS.get(said)
    return float(said.replace(",", "" if re.search(r",\d{3}", said) else ".")) if known is None else known
