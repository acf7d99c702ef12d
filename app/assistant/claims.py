"""What a sentence says has been done: booked, moved, cancelled, handed over, sent, stopped. English, Spanish, French.

All patterns match plain text in lower case. A word of doing counts as a claim unless the words before it say that it is
not, not yet, or only perhaps.
"""

import re
from collections.abc import Collection, Iterable

from app.assistant.claim_rules import HEADS, rules_for
from app.assistant.claim_sayings import ADVERB, DAYS, WE
from app.assistant.doings import doings_in
from app.assistant.facts import CLAIMS

_ES = rf"\b(?:he|hemos|ha sido|han sido|fue|está|están|queda|quedó|quedan|ya) {ADVERB}"
_FR = (
    r"\b(?:j'ai|(?:vous|l'|lui|les) ?ai|(?:nous|vous|lui) (?:vous )?avons|on (?:vous )?a|a été|ont été|est|sont|êtes|"
    rf"c'est|voilà) {ADVERB}"
)
_VISIT = r"\b(?:appointment|booking|visit|slot|reservation|cita|reserva|visita|rendez-vous|rdv|réservation|visite)s?\b"
_PEOPLE = (
    r"\b(?:someone|somebody|(?:a|the|our|my|your|their) (?:[\w']+ ){0,2}(?:team|staff|manager|advisors?|person|"
    r"colleague|specialist|human|rep|representative|technician|owner)|they|he|she|alguien|(?:el|nuestro|un|una|"
    r"la) (?:\w+ ){0,2}(?:equipo|asesora?|gerente|persona|compañer[oa]|técnico)|quelqu'un|(?:l'|notre |un |une |le |"
    r"la )(?:\w+ ){0,2}(?:équipe|conseill\w+|responsable|collègue|personne|gérante?))\b"
)

_BOOKED = (
    r"\b(?:re)?booked\b|\bscheduled\b|\breserved\b|\bconfirmed\b|\bpencil+ed\b|\blocked (?:it |you |that )?in\b|"
    r"\b(?:got|have|put|put down|wrote) you (?:down|in)\b|\b(?:you're|you are|we're|we are|it's|that's) (?:all |"
    r"now )*(?:set|down|in)\b"
    rf"(?= for|[.!,]|$)|\bsee you (?:on |this |next |then|at |{DAYS})|\bon the (?:books|calendar|schedule)\b|"
    r"\b(?:we|i)(?:'ll| will) (?:see|expect) you (?:on|at|this|next|then)\b|\b(?:reservad|agendad|programad|confirmad|"
    r"apartad)[oa]s?\b|\b(?:reserv|agend|program|apart|confirm)é\b|\b(?:lo|la|le|te|los) (?:esperamos|vemos)\b|"
    r"\bnos vemos (?:el|a las|mañana)\b|\b(?:réservé|confirmé|planifié|programmé|fixé|noté)(?:e|s|es)?\b|\b(?:on|"
    r"nous) vous (?:attend|attendons|voit)\b|\bà (?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|demain)\b"
)
_MOVED = (
    rf"\brescheduled\b|{WE}(?:moved|changed|updated|switched|shifted|pushed) (?:your|the|it|that|you)\b|"
    rf"{_VISIT}[^.,;]{{0,30}}\b(?:moved|changed|updated|switched|cambiad[oa]|movid[oa]|actualizad[oa]|déplacée?|"
    r"modifiée?|"
    rf"changée?|reportée?)\b|\breprogramad[oa]\b|\b(?:cambié|moví|reprogramé)\b|{_ES}(?:cambiado|movido|reprogramado|"
    rf"actualizado|cambiada|movida)\b|{_FR}(?:déplacé|modifié|changé|reporté)e?\b"
)
_CANCELLED = r"\bcancell?ed\b|\bcancelad[oa]\b|\bcancelé\b|\banulad[oa]\b|\bannulée?s?\b"
_HANDED_OVER = (
    rf"{WE}(?:asked|told|notified|alerted|informed|let(?= [^.,;]{{0,30}}\bknow)|handed|passed|forwarded|transferred|"
    rf"transferring|connected|"
    r"connecting|escalated|escalating|flagged|looped|pinged|messaged|contacted|requested|notifying|called)\b|"
    r"\bteam (?:has|have) (?:now |already )?been\b|"
    rf"{_PEOPLE}(?:'ll| will| is going to| are going to| has been| have been| should| is| are)(?: \w+){{0,2}} (?:call|"
    r"calling|text|texting|contact|contacting|reach|reaching|get back|getting back|follow|be in touch|in touch|join|"
    r"joining|email|message|reply|respond|answer|notified|asked|informed|alerted|on (?:it|their way|the way)|"
    r"with you)\b|"
    rf"{_ES}(?:avisado|pedido|notificado|informado|pasado|transferido|contactado|solicitado|escalado)\b|"
    r"\b(?:avisé|pedí|notifiqué|informé|transferí|solicité) (?:a|al|su|la)\b|"
    rf"(?:{_PEOPLE}|\ble|\bte|\blo)[^.,;]{{0,20}}\b(?:llamar|contactar|escribir|responder|avisar|atender)(?:á|án)\b|"
    rf"{_FR}(?:prévenu|demandé|informé|transmis|transféré|contacté|averti|alerté|avisé)e?\b|"
    rf"{_PEOPLE}[^.,;]{{0,20}}\b(?:(?:r?appellera|contactera|écrira|répondra|joindra|reviendra)|va vous \w+)\b"
)
_SENT = (
    rf"{WE}(?:sent|texted|emailed|e-mailed|mailed|messaged|forwarded)\b|\b(?:been|was|were|is|are|just) (?:sent|"
    r"texted|emailed|e-mailed)\b|\byou(?:'ll| will| should|'re going to| are going to)(?: \w+){0,2} (?:receive|get|see|"
    r"have) (?:a|an|the|your) (?:\w+ ){0,2}(?:text|sms|email|e-mail|message|confirmation|reminder|link|code)\b|"
    r"\byou(?:'ll| will| should|'re going to| are going to)(?: \w+){0,2} (?:receive|get|have) (?:\w+ ){0,2}(?:texts|"
    r"messages|emails|reminders)\b|\b(?:i|we)(?:'ll| will|'m going to| am going to)(?: \w+){0,2} (?:text|email|send|"
    r"e-mail) (?:you|it|a|the|your|that)\b|\b(?:check|look at|in) your (?:email|inbox|phone|texts|messages)\b|"
    rf"{_ES}(?:enviado|mandado|enviada)\b|\ble (?:envié|mandé|enviamos|mandamos|enviaré|enviaremos|llegará)\b|"
    rf"\b(?:envié|mandé)\b|\brecibirás?\b|{_FR}envoyée?s?\b|\bvous (?:recevrez|allez recevoir)\b|"
    r"\b(?:je|nous|on) vous (?:envoie|envoyons|enverrai|enverrons|enverra)\b"
)
_STOPPED = (
    r"\bunsubscribed\b|\bopted (?:you )?out\b|\b(?:taken|removed|took) you (?:off|from)\b|\bwon't (?:text|contact|"
    r"message|email) you\b|\bno longer (?:text|contact|message|email|receive|get)\b|\bdado de baja\b|\bya no (?:le|te|"
    r"recibir\w+)\b|\bdésinscrite?\b|\bdésabonnée?\b|\bne (?:vous|recevrez) (?:\w+ )?plus\b"
)
# Nothing here does these: whoever says so invents it.
_NEVER = (
    rf"{WE}(?:refunded|charged|billed|credited|applied|processed|ordered|shipped|approved)\b|\bpayment (?:was|has "
    r"been|is) "
    rf"(?:received|processed)\b|{_ES}(?:reembolsado|cobrado|aplicado|procesado)\b|{_FR}(?:remboursé|débité|"
    r"appliqué)e?\b"
)
PATTERNS = {
    "moved": re.compile(_MOVED),
    "cancelled": re.compile(_CANCELLED),
    "booked": re.compile(_BOOKED),
    "handed_over": re.compile(_HANDED_OVER),
    "sent": re.compile(_SENT),
    "stopped": re.compile(_STOPPED),
    "never": re.compile(_NEVER),
}
# Directly before the word: not done, or only perhaps.
_NOT_DONE = re.compile(
    r"(?:\b(?:not|never|be|get|gets|getting|fully|once|if|when|until|before|after|unless|being|to|no|ser|sea|si|cuando|"
    r"una vez|être|soit|une fois|pas|jamais|pre|as)|n't)(?: (?:yet|been|actually|it's|it is|you're|your \w+ is|"
    r"the \w+ is|that's|everything is|todo|everything|aún|esté|est|encore|été|que))*\W*$"
)
_PERHAPS = re.compile(
    r"\b(?:once|if|when|until|before|after|unless|whether|nothing|none|no \w+|isn't|aren't|hasn't|haven't|wasn't|"
    r"cuando|si|antes|nada|una vez que|une fois|quand|lorsque|avant|rien|dès que|aucune?|ninguna?|ningún|aún no|"
    r"todavía no)(?: [\w']+){0,4}\W*$"
)
_WOULD = re.compile(
    r"\b(?:can|could|would|should|may|might|let|want|like|need|shall|puede\w*|podría\w*|peut|pourrait)(?: \w+){0,3}\W*$"
)

CLAIM_WORDS = HEADS | frozenset(
    "down he she let removed taken took técnico booked rebooked scheduled reserved confirmed penciled pencilled locked "
    "rescheduled moved changed updated switched shifted pushed cancelled canceled asked told notified alerted informed "
    "handed passed forwarded transferred transferring connected connecting escalated escalating flagged looped pinged "
    "messaged contacted requested notifying called sent texted emailed texts messages emails reminders e-mailed mailed "
    "receive inbox unsubscribed opted refunded charged billed credited applied processed ordered shipped approved "
    "payment set books calendar schedule someone somebody they team staff manager advisor advisors colleague person "
    "specialist human rep representative technician owner expect see text email send link reminder off longer won't "
    "reservado reservada reservados agendado agendada programado programada confirmado confirmada apartado apartada "
    "reservé agendé programé aparté confirmé esperamos vemos reprogramado reprogramada cambiado cambiada movido movida "
    "actualizado actualizada cambié moví reprogramé cancelado cancelada cancelé anulado anulada avisado pedido "
    "notificado informado pasado transferido contactado solicitado escalado avisé pedí notifiqué informé transferí "
    "solicité alguien equipo asesor asesora gerente persona llamará llamarán contactará contactarán escribirá "
    "responderá avisará atenderá enviado enviada mandado envié mandé enviamos mandamos enviaré enviaremos llegará "
    "recibirá recibirás baja ya reembolsado cobrado aplicado procesado réservé réservée confirmé confirmée planifié "
    "planifiée programmé programmée fixé fixée noté notée attend attendons voit déplacé déplacée modifié modifiée "
    "changé changée reporté reportée annulé annulée prévenu prévenue demandé informé informée transmis transféré "
    "contacté averti avertie alerté avisé quelqu'un l'équipe équipe conseiller conseillère responsable collègue "
    "personne rappellera appellera contactera écrira répondra envoyé envoyée envoyés recevrez recevoir envoie envoyons "
    "enverrai enverrons désinscrit désinscrite désabonné désabonnée recevrez remboursé débité appliqué".split()
)  # fmt: skip


# What proves a claim beside its own kind: a booked time is held, and whatever was done was done.
PROVEN_BY = {"held": frozenset(("held", "booked")), "done": frozenset(CLAIMS)}


def unproven_claim(claimed: Iterable[str], proven: Collection[str]) -> str:
    """The first claim that is not among the proven ones; empty when all are."""
    return next((one for one in claimed if PROVEN_BY.get(one, frozenset((one,))).isdisjoint(proven)), "")


def claims_in(sentence: str, words: Collection[str]) -> list[str]:
    """What a plain sentence claims was done, of `facts.CLAIMS`; "done" for whatever it was, "never" for what nobody
    here does."""
    tried = [*PATTERNS.items(), *((rule.kind, rule.pattern) for rule in rules_for(sentence, words))]
    listed = [kind for kind, pattern in tried if _claims(sentence, kind, pattern)]
    return list(dict.fromkeys([*listed, *doings_in(sentence, words)]))


def _claims(sentence: str, kind: str, pattern: re.Pattern[str]) -> bool:
    for match in pattern.finditer(sentence):
        clause = re.split(r"[,;:.!?]\s", sentence[max(0, match.start() - 48) : match.start()])[-1]
        if kind == "never" or not (_NOT_DONE.search(clause) or _PERHAPS.search(clause) or _WOULD.search(clause)):
            return True
    return False
