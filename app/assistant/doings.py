"""Whatever a sentence says that the store, its people or the assistant did, or are about to do: by its grammar.

Lists of what may not be said have holes, so this is the other way round. An agent with a verb of doing, in the past or
still to come, and a passive in the past count as a claim, unless the verb is one that a shop's assistant says without
anything having happened, as in "I found two". What row would prove it is known of few verbs; else it is "done" where it
is said of a visit, and "never" where not: nobody here does it. English, Spanish, French; plain text in lower case.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from app.assistant.doing_verbs import (
    FRENCH_HARMLESS,
    HARMLESS_DONE,
    HARMLESS_NOW,
    HARMLESS_PASSIVE,
    HARMLESS_TO_COME,
    IRREGULAR,
    PEOPLE,
    SPANISH_HARMLESS,
    kind_of,
)

_ADVERB = (
    r"(?:(?:just|already|now|also|then|all|both|fully|officially|successfully|personally|immediately|gladly|definitely|"
    r"certainly|actually|at once|right away|even|only|gone ahead and|went ahead and|\w+ly) )*"
)
_AGENT = (
    rf"\b(?:i|we|they|he|she|someone|somebody|(?:the|our|my|a|an|one of our|your) (?:[\w'-]+ ){{0,2}}?(?:{PEOPLE}))"
)
_PARTICIPLE = rf"(?:\w+ed|{IRREGULAR.replace(' ', '|')})"
_PAST = (
    r"(?:\w{2,}ed|sent|told|wrote|spoke|left|ran|brought|kept|held|paid|rang|took|gave|made|did|bought|sold|drew|"
    r"began|chose|dealt|spent|built|lent|won|withdrew|forgave|undid|redid|rewrote|flew|broke|threw|caught|fought|got|"
    r"went|led|met|stood|swung|rode)"
)
# Before it: not done, or only perhaps. Anywhere: a promise that waits for the customer's word.
_NOT_DONE = re.compile(
    r"(?:\b(?:not|never|no|nothing|none|nobody|hardly|once|if|when|whenever|until|till|before|after|unless|whether|how|"
    r"what|why|should|would|could|can|may|might|must|cannot|nunca|nada|si|cuando|una vez que|antes|después|hasta|"
    r"lo que|podría\w*|puede\w*|ne|pas|jamais|rien|quand|lorsque|dès que|avant|après|ce que|pourr\w+|peut)|n't|"
    r"n')(?: [\w'-]+){0,4}\W*$"
)
_ONLY_IF = re.compile(r"\?\W*$|\b(?:if|once|when|unless|whenever|as soon as|so|si|cuando|en cuanto|quand|dès que) ")

_ENGLISH_PAST = re.compile(rf"{_AGENT} {_ADVERB}(?P<verb>{_PAST})\b")
_ENGLISH_PERFECT = re.compile(rf"{_AGENT}(?:'ve|'s| have| has| had) {_ADVERB}(?P<verb>{_PARTICIPLE})\b")
_ENGLISH_PASSIVES = (
    re.compile(rf"(?:\b(?:has|have|had)|'ve|'s) {_ADVERB}been {_ADVERB}(?P<verb>{_PARTICIPLE})\b"),
    re.compile(rf"\b(?:was|were|being) {_ADVERB}(?P<verb>{_PARTICIPLE})\b"),
    re.compile(
        r"(?:\b(?:is|are|am)|'s|'re|'m) (?:now|already|all|officially|successfully|fully)(?: now| already)? "
        rf"(?P<verb>{_PARTICIPLE})\b"
    ),
)
_ENGLISH_TO_COME = re.compile(
    rf"{_AGENT}(?:'ll| will| shall|(?:'s|'re|'m| is| are| am) (?:going to|gonna|about to)) {_ADVERB}(?P<verb>[a-z]+)\b"
)
_ENGLISH_YOURS = re.compile(
    rf"\byour (?:(?!(?:is|are|was|were|be|not|never|\w+n't)\b)[\w'-]+ ){{1,2}}?(?:(?:has|"
    rf"have) {_ADVERB}(?P<verb>{_PARTICIPLE})|{_ADVERB}(?P<verb2>{_PAST}))\b"
)
_ENGLISH_NOW = re.compile(rf"{_AGENT}(?:'m|'re|'s| is| are| am) {_ADVERB}(?P<verb>\w{{2,}}ing)\b(?! to\b)")
# "We put the film on from inside" tells how it is done: of verbs without a past of their own only these are claims.
_ENGLISH_SET = re.compile(
    rf"\b(?:i {_ADVERB}|we (?:just|already|went ahead and) )(?P<verb>set|put) "
    r"(?:a|an|the|your|you|up|in|it|that|this)\b"
)
_SPANISH_DONE = re.compile(
    r"\b(?:he|hemos|han|ha) (?:ya |sido |todo |bien )*(?P<verb>\w+(?:ad|id)[oa]s?|hecho|puesto|dicho|escrito|visto|"
    r"abierto|devuelto|resuelto|roto)\b|\b(?:fue|fueron|quedó|quedaron|ya está|ya están|acabo de|"
    r"acabamos de) (?P<verb2>\w+(?:ad[oa]s?|id[oa]s?|[aei]r(?:l[eoa]s?|te)?)|hech[oa]s?|puest[oa]s?)\b|\b(?:ya |le |"
    r"te |lo |la |les |los |se |yo )+(?P<verb3>\w{2,}(?:é|í|amos|imos|ó|aron|ieron)|hice|puse|dije|di|hizo|puso|"
    r"dijo)\b|\b(?:equipo|gerente|dueño|dueña|jefe|jefa|encargad[oa]|técnico|asesora?|compañer[oa]|alguien|"
    r"tienda) (?:ya |le |te |lo |la |se )*(?P<verb5>\w{3,}ó|hizo|puso|dijo)\b|\b(?P<verb4>\w{3,}(?:amos|imos)) (?:su|"
    r"sus|tu|tus)\b|\b(?:su|tu) \w+ (?:ya |se |le )*(?P<verb6>\w{3,}ó)\b|\b(?:equipo|gerente|dueñ[oa]|jef[ea]|técnico|"
    r"alguien|estoy|estamos)(?: ya)?(?: está| están)? (?P<verb7>\w{3,}ndo)\b"
)
_SPANISH_TO_COME = re.compile(
    r"\b(?:voy|vamos|va|van) a (?P<verb>\w+(?:ar|er|ir)(?:l[eoa]s?|t[eoa]|nos)?)\b|"
    r"\b(?:le|te|lo|la|les|se|nosotros|equipo|gerente|alguien|técnico|dueño|encargado) "
    r"(?:le |te |lo |la |se )?(?P<verb2>\w{3,}(?:ré|remos|rá|rán))\b"
)
_FRENCH_DONE = re.compile(
    r"\b(?:j'ai|j'en ai|j'avais|(?:nous|vous|l'|les|lui) (?:vous |l'|les |lui )?avons|on (?:vous |l'|lui )?a|"
    r"je (?:vous|l'|lui|les)(?: en)? ?ai|(?:équipe|responsable|patronn?e?|chef|gérante?|collègue|conseill\w+|quelqu'un|"
    r"magasin|atelier|technicien\w*|il|elle|ils|elles) (?:vous |l'|lui )?(?:a|ont)|a été|ont été|vient d'être|"
    r"viens d'être) (?:bien |déjà |aussi |tout |été |aussitôt )*(?P<verb>\w+(?:é|ée|és|ées)|fait\w?|mis\w?|pris\w?|"
    r"dit\w?|écrit\w?|transmis\w?|rendu\w?|reçu\w?|ouvert\w?|promis\w?|remis\w?|permis\w?|vendu\w?|répondu|prévenu\w?|"
    r"obtenu\w?|conclu\w?)\b|\b(?:je viens|nous venons|on vient|vient|viennent) (?:juste |tout juste )?(?:de |"
    r"d')(?:vous |l'|le |la |les |lui )?(?P<verb2>\w+(?:er|ir|re))\b|\b(?:votre|vos|le|la|les) \w+ (?:est|"
    r"sont) (?:bien |déjà |enfin |maintenant )*(?P<verb3>(?:arriv|part|envoy|effac|supprim|transm|termin|annul|valid|"
    r"débit|encaiss|accept|command|livr)\w+)\b"
)
_FRENCH_TO_COME = re.compile(
    r"\b(?:je vais|nous allons|on va|(?:équipe|responsable|patronn?e?|chef|gérante?|collègue|conseill\w+|quelqu'un|"
    r"technicien\w*) va|(?:ils|elles) vont) (?:vous |le |la |les |lui |l'|tout |bien |vite )*(?P<verb>\w+(?:er|ir|re|"
    r"oir))\b|\b(?:je|nous|on|vous|l'|le|les|lui|équipe|responsable|gérante?|quelqu'un|"
    r"technicien\w*) (?P<verb2>\w{3,}(?:erai|irai|rai|erons|irons|rons|era|ira|dra|ront))\b"
)
_OF_A_VISIT = re.compile(
    r"\b(?:appointment|visit|booking|reservation|slot|spot|time|it|that|this|everything|all|you|cita|visita|reserva|"
    r"lugar|hora|todo|lo|rendez-vous|rdv|réservation|créneau|tout|le|c')\b"
)
_OF_THE_VISIT_ONLY = ("held", "moved")
_WHO = ["i", "we", "they", "he", "she", "someone", "somebody", *re.findall(r"\w+", PEOPLE.replace("s?", ""))]
_AGENTS = frozenset(f"{who}{mark}" for who in _WHO for mark in ("", "s", "'ve", "'ll", "'s", "'re", "'m"))
_BEEN = frozenset("been was were being now already all officially successfully fully".split())
_WHOM = frozenset(
    "dueña jefe jefa encargada asesor asesora compañero compañera tienda le te lo la les los se nosotros equipo "
    "gerente alguien técnico dueño encargado".split()
)
_HA = _WHOM | frozenset(
    "he hemos han ha fue fueron quedó quedaron está están acabo acabamos ya yo su sus tu tus".split()
)
_QUI = frozenset(
    "patron patronne chef j'ai j'en j'avais je nous on il elle ils elles équipe l'équipe responsable gérant gérante "
    "collègue conseiller conseillère quelqu'un magasin atelier l'atelier technicien technicienne été d'être viens "
    "venons vient viennent vous lui les le la votre vos".split()
)


@dataclass(frozen=True, slots=True)
class _Form:
    """A verb's form: looked for where one of the heads stands, a claim unless the verb is harmless; one that
    `promises` is none in a question or under a condition."""

    pattern: re.Pattern[str]
    heads: frozenset[str]
    harmless: Callable[[str], object]
    promises: bool = False


_FORMS = (
    _Form(_ENGLISH_PERFECT, _AGENTS, HARMLESS_DONE.__contains__),
    _Form(_ENGLISH_PAST, _AGENTS, HARMLESS_DONE.__contains__),
    _Form(_ENGLISH_SET, _AGENTS, frozenset().__contains__),
    _Form(_ENGLISH_NOW, _AGENTS, HARMLESS_NOW.__contains__, promises=True),
    _Form(_ENGLISH_YOURS, frozenset(("your",)), (HARMLESS_PASSIVE | HARMLESS_DONE - {"done", "got"}).__contains__),
    _Form(_ENGLISH_TO_COME, _AGENTS, HARMLESS_TO_COME.__contains__, promises=True),
    *(_Form(pattern, _BEEN, HARMLESS_PASSIVE.__contains__) for pattern in _ENGLISH_PASSIVES),
    _Form(_SPANISH_DONE, _HA, SPANISH_HARMLESS.match),
    _Form(_SPANISH_TO_COME, _WHOM | frozenset("voy vamos va van".split()), SPANISH_HARMLESS.match, promises=True),
    _Form(_FRENCH_DONE, _QUI, FRENCH_HARMLESS.match),
    _Form(_FRENCH_TO_COME, _QUI, FRENCH_HARMLESS.match, promises=True),
)


def doings_in(sentence: str, words: Collection[str]) -> list[str]:
    """What a plain sentence of these words says was or will be done, of `facts.CLAIMS`; "done" for whatever was done
    about a visit, "never" for what nobody here does."""
    forms = [form for form in _FORMS if not form.heads.isdisjoint(words)]
    return list(dict.fromkeys(kind for form in forms for kind in _doings(sentence, form)))


def _doings(sentence: str, form: _Form) -> Iterator[str]:
    for match in form.pattern.finditer(sentence):
        verb = next(group for group in match.groups() if group)
        before = re.split(r"[;:.!?]\s", sentence[max(0, match.start() - 60) : match.start()])[-1]
        if form.harmless(verb) or _NOT_DONE.search(before) or (form.promises and _ONLY_IF.search(sentence)):
            continue
        of_a_visit = _OF_A_VISIT.search(before[-40:] + " " + sentence[match.end() : match.end() + 24])
        kind = kind_of(verb)
        if kind and (of_a_visit or kind not in _OF_THE_VISIT_ONLY):
            yield kind
        else:
            yield "done" if of_a_visit else "never"
