"""Whether a message wants a general assistant instead of a store: told by its words, before a model is paid. Pure."""

import re

# "write me an essay", "escríbeme un poema", "écris un poème": a verb of making, and what no styling store makes.
_MAKE = (
    r"(?:write|compose|draft|generate|create|make|do|finish|solve|summari[sz]e|proofread|translate|"
    r"escr[ií]b\w+|redact\w+|comp[oó]n\w*|resum\w+|tradu\w+|resuelv\w+|haz\w*|hacer|"
    r"[eé]cri\w+|r[eé]dige\w*|compose\w*|r[eé]sum\w+|traduis\w*|r[eé]sou\w+|fais)"
)
_THING = (
    r"(?:essay|poem|haiku|sonnet|short story|fairy tale|bedtime story|song|lyrics|novel|homework|thesis|dissertation|"
    r"cover letter|resume|blog post|news article|python|javascript|java|sql|regex|html|computer program|equation|"
    r"integral|derivative|"
    r"ensayo|poema|cuento|canci[oó]n|novela|deberes|tarea de \w+|tesis|carta de presentaci[oó]n|ecuaci[oó]n|"
    r"dissertation|po[eè]me|conte|chanson|roman|devoirs|th[eè]se|lettre de motivation|[eé]quation)"
)
_ASKED = re.compile(rf"\b{_MAKE}\b(?:\W+\w+){{0,6}}?\W+{_THING}\b", re.IGNORECASE)
# Any word of the trade: then the model decides, as it does with everything that is not plainly something else.
_TRADE = re.compile(
    r"\b(?:tint\w*|film|ppf|wrap\w*|ceramic\w*|coat\w*|paint\w*|wash\w*|detail\w*|audio|stereo|alarm|remote|starter|"
    r"wheel\w*|rim\w*|tire\w*|lift|windows?|windshield|car|truck|suv|van|vehicle|quote|price|cost|appointment|book\w*|"
    r"store|shop|warranty|polariz\w+|tinte?\w*|l[aá]mina\w*|coche|carro|auto\w*|camioneta|ventana\w*|parabrisas|precio|"
    r"cita|tienda|garant[ií]a|teint\w*|voiture|v[eé]hicule|camion|vitre\w*|pare-brise|prix|rendez-vous|magasin|garantie)\b",
    re.IGNORECASE,
)


def off_topic(message: str) -> bool:
    """Whether the message plainly asks for work that is none of a store's. In doubt it does not."""
    return _ASKED.search(message) is not None and _TRADE.search(message) is None
