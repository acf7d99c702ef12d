"""Whatever a sentence says that the store, its people or the assistant did, or are about to do: by its grammar.

Lists of what may not be said have holes; so this is the other way round. An agent with a verb of doing, in the past or
still to come, and a passive in the past count as claims of something done, unless the verb is one of those that a
shop's assistant says without anything having happened ("I found two", "we'll need the car for a "
"day"). Which row would
prove it is known for few verbs (`claims.py`); here it is "done" for what is said of a visit, else "never": nobody here
does it. English, Spanish, French; plain text in lower case.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

_ADVERB = (
    r"(?:(?:just|already|now|also|then|all|both|fully|officially|successfully|personally|immediately|gladly|"
    r"definitely|certainly|actually|at once|right away|even|only|gone ahead and|went ahead and|\w+ly) )*"
)
_PEOPLE = (
    r"team|staff|crew|manager|managers|advisors?|person|people|colleagues?|specialists?|technicians?|techs?|"
    r"installers?|"
    r"owner|boss|store|shop|office|front desk|reception|receptionist|department|guys|folks|human|rep|representative"
)
_AGENT = (
    rf"\b(?:i|we|they|he|she|someone|somebody|(?:the|our|my|a|an|one of our|your) (?:[\w'-]+ ){{0,2}}?(?:{_PEOPLE}))"
)
_IRREGULAR = (
    "sent told wrote written spoke spoken left ran brought kept held paid rang rung took taken gave given made done "
    "bought sold drew drawn began begun chose chosen struck stuck dealt spent split built lent won withdrew "
    "withdrawn "
    "forgave forgiven undid undone redid redone rewrote slid hit shot flew broke broken threw thrown caught "
    "fought put "
    "set let cut shut got gotten gone hung led met rid swept sworn overridden overrode woken dug fed laid lain rode "
    "risen seen sewn shown sped spun stood stolen swung torn worn understood found had heard said read thought known "
    "felt been come become meant lost"
)
_PARTICIPLE = rf"(?:\w+ed|{_IRREGULAR.replace(' ', '|')})"
_PAST = (
    r"(?:\w{2,}ed|sent|told|wrote|spoke|left|ran|brought|kept|held|paid|rang|took|gave|made|did|bought|sold|drew|"
    r"began|"
    r"chose|dealt|spent|built|lent|won|withdrew|forgave|undid|redid|rewrote|flew|broke|threw|caught|fought|got|went|"
    r"led|met|stood|swung|rode)"
)
# Said of oneself and the store without anything having been done for this customer.
_HARMLESS_DONE = frozenset(
    "been had found looked searched compared understood heard said meant mentioned listed described explained quoted "
    "noticed misread misunderstood mistaken guessed assumed thought known seen read shown felt come become got "
    "learned "
    "seemed needed wanted liked loved hoped wished tried expected intended managed helped worked specialized "
    "specialised grown trained started opened offered carried used installed wrapped tinted coated polished "
    "protected "
    "cleaned washed detailed treated served done lost counted considered covered suggested recommended pointed "
    "answered asked-for included named given based related interested excited pleased delighted honored honoured "
    "obliged limited supposed allowed required equipped dedicated committed located closed licensed certified "
    "insured "
    "experienced skilled qualified concerned worried embarrassed confused impressed thrilled touched amazed tired "
    "welcomed used designed made built developed tested rated proven known established trusted family-owned "
    "need feed speed indeed embed bed red shed exceed proceed succeed bleed breed weed seed deed heed "
    "missed failed forgotten exceeded".split()
)
_HARMLESS_PASSIVE = frozenset(
    "been had found seen known shown said read meant understood lost come become designed made built developed "
    "tested "
    "rated proven established trusted known used loved founded opened based born intended tinted wrapped coated "
    "exposed parked driven worn scratched damaged painted repainted faded peeled cracked broken manufactured "
    "engineered improved discontinued installed removed-before listed mentioned described quoted named named-so "
    "told asked mistaken confused interested excited pleased thrilled covered included limited supposed allowed "
    "required "
    "need red".split()
)
_HARMLESS_TO_COME = frozenset(
    "be need help look see love like want try explain answer show tell list find walk go start begin say admit "
    "assume "
    "treat work use take measure inspect recommend suggest compare describe talk discuss keep do know understand let "
    "have give quote clean wash tint wrap coat polish protect install remove trim cut heat shape apply prep prepare "
    "cover match advise point guide focus stay stick continue figure think guess leave make get wait stop listen "
    "sort "
    "come fit handle mask clay buff seal cure spray test check review calculate estimate gladly happily do never "
    "offer "
    "finish run share pull present break read repeat rephrase clarify skip note".split()
)
_OF_A_VISIT = re.compile(
    r"\b(?:appointment|visit|booking|reservation|slot|spot|time|it|that|this|everything|all|you|cita|visita|reserva|"
    r"lugar|hora|todo|lo|rendez-vous|rdv|réservation|créneau|tout|le|c')\b"
)
_HARMLESS_NOW = frozenset(
    "being having looking thinking hoping wondering talking speaking asking going doing using working trying getting "
    "making offering running answering comparing referring guessing learning telling explaining listening reading "
    "seeing hearing feeling missing writing showing giving describing quoting assuming considering counting "
    "specializing carrying growing planning seeking needing wanting loving helping dealing standing sitting driving "
    "living parking tinting wrapping coating protecting cleaning washing installing removing covering "
    "including".split()
)
# Before it: not done, or only perhaps. Anywhere: a promise that waits for the customer's word.
_NOT_DONE = re.compile(
    r"(?:\b(?:not|never|no|nothing|none|nobody|hardly|once|if|when|whenever|until|till|before|after|unless|"
    r"whether|how|"
    r"what|why|should|would|could|can|may|might|must|cannot|nunca|nada|si|cuando|una vez que|antes|después|hasta|"
    r"lo que|podría\w*|puede\w*|ne|pas|jamais|rien|quand|lorsque|dès que|avant|après|ce que|pourr\w+|peut)|n't|n')"
    r"(?:[ ,][\w'-]+){0,4}\W*$"
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
    rf"{_AGENT}(?:'ll| will| shall|(?:'s|'re|'m| is| are| am) (?:going to|gonna|"
    rf"about to)) {_ADVERB}(?P<verb>[a-z]+)\b"
)
_ENGLISH_YOURS = re.compile(
    rf"\byour (?:(?!(?:is|are|was|were|be|not|never|\w+n't)\b)[\w'-]+ ){{1,2}}?(?:(?:has|"
    rf"have) {_ADVERB}(?P<verb>{_PARTICIPLE})|{_ADVERB}(?P<verb2>{_PAST}))\b"
)
_ENGLISH_NOW = re.compile(rf"{_AGENT}(?:'m|'re|'s| is| are| am) {_ADVERB}(?P<verb>\w{{2,}}ing)\b(?! to\b)")
_ENGLISH_SET = re.compile(rf"{_AGENT} {_ADVERB}(?P<verb>set|put|let) (?:a|an|the|your|you|up|in|it|that|this)\b")
_SPANISH_DONE = re.compile(
    r"\b(?:he|hemos|han|ha) (?:ya |sido |todo |bien )*(?P<verb>\w+(?:ad|id)[oa]s?|hecho|puesto|dicho|escrito|visto|"
    r"abierto|devuelto|resuelto|roto)\b|"
    r"\b(?:fue|fueron|quedó|quedaron|ya está|ya están|acabo de|acabamos de) (?P<verb2>\w+(?:ad[oa]s?|id[oa]s?|"
    r"[aei]r(?:l[eoa]s?|te)?)|hech[oa]s?|puest[oa]s?)\b|"
    r"\b(?:ya |le |te |lo |la |les |los |se |yo )+(?P<verb3>\w{2,}(?:é|í|amos|imos|ó|aron|ieron)|hice|puse|dije|"
    r"di|hizo|"
    r"puso|dijo)\b|\b(?:equipo|gerente|dueño|dueña|jefe|jefa|encargad[oa]|técnico|asesora?|"
    r"compañer[oa]|alguien|tienda) (?:ya |le |te |lo |la |se )*(?P<verb5>\w{3,}ó|hizo|puso|dijo)\b|"
    r"\b(?P<verb4>\w{3,}(?:amos|imos)) (?:su|sus|tu|tus)\b"
)
_SPANISH_TO_COME = re.compile(
    r"\b(?:voy|vamos|va|van) a (?P<verb>\w+(?:ar|er|ir)(?:l[eoa]s?|t[eoa]|nos)?)\b|"
    r"\b(?:le|te|lo|la|les|se|nosotros|equipo|gerente|alguien|técnico|dueño|encargado) "
    r"(?:le |te |lo |la |se )?(?P<verb2>\w{3,}(?:ré|remos|rá|rán))\b"
)
_SPANISH_HARMLESS = re.compile(
    r"^(?:cuid|recib|pul|trat|revis|quer|encontr|busc|entend|comprend|compar|trabaj|ser[áé]?|estar|necesit|"
    r"ayud|mir|ver|explic|mostr|decir|dir|"
    r"record|"
    r"mencion|ten[dg]r|ten|sido|sid|hab|pod|visto|dicho|proteg|instal|aplic|coloc|limpi|lav|dur|bloque|reduc|gust|"
    r"encant|qued[ae]|tard|cost|incluid|inclu|respond|contest|recomend|suger|ofrec|ten|dad|dar|hecho para|diseñ|"
    r"fabric|prob|abiert|cerrad|sent|esper[ao]|interes|pens|ir|est[aá]|permit|mejor|mantend|conserv)"
)
_FRENCH_DONE = re.compile(
    r"\b(?:j'ai|j'avais|(?:nous|vous|l'|les|lui) (?:vous |l'|les |lui )?avons|on (?:vous |l'|lui )?a|"
    r"je (?:vous|l'|lui|les)(?: en)? ?ai|(?:équipe|responsable|patronn?e?|chef|gérante?|collègue|conseill\w+|"
    r"quelqu'un|magasin|"
    r"atelier|"
    r"technicien\w*|il|elle|ils|elles) (?:vous |l'|lui )?(?:a|ont)|a été|ont été|vient d'être|viens d'être) "
    r"(?:bien |déjà |aussi |tout |été |aussitôt )*(?P<verb>\w+(?:é|ée|és|ées)|fait\w?|mis\w?|pris\w?|dit\w?|"
    r"écrit\w?|transmis\w?|"
    r"rendu\w?|reçu\w?|ouvert\w?|promis\w?|remis\w?|permis\w?|vendu\w?|répondu|prévenu\w?|obtenu\w?|conclu\w?)\b|"
    r"\b(?:je viens|nous venons|on vient|vient|viennent) (?:juste |tout juste )?(?:de |d')(?:vous |l'|le |la |"
    r"les |lui )?"
    r"(?P<verb2>\w+(?:er|ir|re))\b|\b(?:votre|vos|le|la|les) \w+ (?:est|sont) (?:bien |déjà |enfin |maintenant )*"
    r"(?P<verb3>(?:arriv|part|envoy|effac|supprim|transm|termin|annul|valid|débit|encaiss|accept|command|livr)\w+)\b"
)
_FRENCH_TO_COME = re.compile(
    r"\b(?:je vais|nous allons|on va|(?:équipe|responsable|patronn?e?|chef|gérante?|collègue|conseill\w+|"
    r"quelqu'un|technicien\w*) va|"
    r"(?:ils|elles) vont) (?:vous |le |la |les |lui |l'|tout |bien |vite )*(?P<verb>\w+(?:er|ir|re|oir))\b|"
    r"\b(?:je|nous|on|vous|l'|le|les|lui|équipe|responsable|gérante?|quelqu'un|technicien\w*) "
    r"(?P<verb2>\w{3,}(?:erai|irai|rai|erons|irons|rons|era|ira|dra|ront))\b"
)
_FRENCH_HARMLESS = re.compile(
    r"^(?:trouv|cherch|compar|compr|expliqu|mentionn|dit|vu|voir|verr|regard|aid|besoin|fallu|travaill|été|être|ser|"
    r"avoir|aur|faudr|montr|dir|recommand|propos|conseill|suggér|répondr|protég|install|pos|appliqu|nettoy|lav|dur|"
    r"bloqu|rédui|plai|ador|aim|prendr|coût|inclu|conçu|conç|fabriqu|test|pens|cru|entend|lu|not|port|oubli|tromp|"
    r"précis|indiqu|donn|fer|fait pour|gard|rest|conserv|pourr|devr|voudr|permett|tiendr|pu|dû|voulu|éprouv|intéress)"
)


# Which claim it is, where a row of ours can prove it.
_KINDS = {
    verb: kind
    for kind, verbs in {
        "booked": "booked scheduled rebooked reserved confirmed penciled pencilled",
        "held": "held saved blocked secured locked",
        "moved": "moved rescheduled changed updated switched shifted pushed bumped",
        "cancelled": "cancelled canceled",
        "handed_over": "asked told notified alerted informed handed passed forwarded transferred connected escalated "
        "flagged looped pinged messaged contacted requested called spoken spoke relayed call contact reach ask "
        "notify "
        "alert inform forward transfer connect escalate message ring phone",
        "sent": "sent texted emailed mailed send text email mail",
        "stopped": "stopped unsubscribed",
    }.items()
    for verb in verbs.split()
}
_STEMS = (
    ("booked", re.compile(r"(?:reserv|agend|program|confirm|apart|réserv|planifi|fix)")),
    ("moved", re.compile(r"(?:cambi|mov|reprogram|dépl|modifi|report)")),
    ("cancelled", re.compile(r"(?:cancel|anul|annul)")),
    ("handed_over", re.compile(r"(?:avis|notific|inform|pas[aoóé]|transf|transm|contact|solicit|ped|llam|comunic|"
     r"escal|préven|"
     r"avert|alert|demand|r?appel)")),
    ("sent", re.compile(r"(?:envi|mand|envoy)")),
)  # fmt: skip
_OF_THE_VISIT_ONLY = ("held", "moved")
_WHO = ["i", "we", "they", "he", "she", "someone", "somebody", *re.findall(r"\w+", _PEOPLE.replace("s?", ""))]
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
    "patron patronne chef j'ai j'avais je nous on il elle ils elles équipe l'équipe responsable gérant gérante "
    "collègue conseiller "
    "conseillère quelqu'un magasin atelier l'atelier technicien technicienne été d'être viens venons vient viennent "
    "vous lui les le la votre vos".split()
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
    _Form(_ENGLISH_PERFECT, _AGENTS, _HARMLESS_DONE.__contains__),
    _Form(_ENGLISH_PAST, _AGENTS, _HARMLESS_DONE.__contains__),
    _Form(_ENGLISH_SET, _AGENTS, frozenset().__contains__),
    _Form(_ENGLISH_NOW, _AGENTS, _HARMLESS_NOW.__contains__, promises=True),
    _Form(_ENGLISH_YOURS, frozenset(("your",)), (_HARMLESS_PASSIVE | _HARMLESS_DONE - {"done", "got"}).__contains__),
    _Form(_ENGLISH_TO_COME, _AGENTS, _HARMLESS_TO_COME.__contains__, promises=True),
    *(_Form(pattern, _BEEN, _HARMLESS_PASSIVE.__contains__) for pattern in _ENGLISH_PASSIVES),
    _Form(_SPANISH_DONE, _HA, _SPANISH_HARMLESS.match),
    _Form(_SPANISH_TO_COME, _WHOM | frozenset("voy vamos va van".split()), _SPANISH_HARMLESS.match, promises=True),
    _Form(_FRENCH_DONE, _QUI, _FRENCH_HARMLESS.match),
    _Form(_FRENCH_TO_COME, _QUI, _FRENCH_HARMLESS.match, promises=True),
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
        kind = _KINDS.get(verb) or next((kind for kind, stem in _STEMS if stem.match(verb)), "")
        if kind and (of_a_visit or kind not in _OF_THE_VISIT_ONLY):
            yield kind
        else:
            yield "done" if of_a_visit else "never"
