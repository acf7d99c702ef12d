"""The plainest forms of a claim, in English, Spanish and French, which no weight may outvote. Pure.

What more there is to say stands in the weights of `claims.py`; these few are certain wherever they stand in a sentence.
"""

import re
from collections.abc import Iterator

_DONE = r"(?:i've|i have|we've|we have) (?:just |now |already )?"
_HECHO = r"(?:ya )?(?:he|hemos|le he|te he) "
_FAIT = r"(?:j'ai|nous avons|je vous ai|nous vous avons) (?:bien |déjà )?"
_SOMEONE = r"(?:someone|somebody|(?:our|the) (?:team|manager|store|owner)) (?:will|is going to) "
_FORMS = {
    "booked": rf"(?:you're|you are|your (?:visit|appointment) is) (?:now |all )?(?:booked|confirmed|scheduled)\b|"
    rf"(?:you're|you are) (?:now )?all set for\b|{_DONE}(?:booked|scheduled)\b|{_HECHO}(?:reservado|agendado)\b|"
    rf"(?:cita|visita) (?:está|quedó) (?:confirmada|reservada)\b|"
    rf"{_FAIT}réservé\b|rendez-vous est (?:confirmé|réservé)\b",
    "moved": rf"{_DONE}(?:moved|rescheduled) (?:your|you|it)\b|{_HECHO}(?:cambiado|movido) su\b|{_FAIT}déplacé\b",
    "cancelled": rf"{_DONE}cancell?ed\b|{_HECHO}cancelado\b|{_FAIT}annulé\b",
    "sent": rf"{_DONE}(?:sent|texted|emailed)\b|{_HECHO}(?:enviado|mandado)\b|{_FAIT}envoyé\b",
    "handed_over": rf"{_DONE}(?:asked|told|notified) (?:the|our|my)\b|{_SOMEONE}(?:call|text|contact) you\b|"
    rf"{_HECHO}avisado\b|\b(?:alguien|el equipo) (?:le|te) (?:llamará|contactará)|{_FAIT}prévenu\b|"
    r"(?:quelqu'un|l'équipe) vous (?:rappellera|contactera)",
    "never": rf"{_DONE}(?:refunded|charged)\b|{_HECHO}(?:reembolsado|cobrado)\b|{_FAIT}remboursé\b",
}
_ANY = re.compile(r"(?<![\w'])(?:" + "|".join(f"(?P<{kind}>{form})" for kind, form in _FORMS.items()) + ")")
# Earlier in the same clause: not done, or only perhaps.
_DOUBTED = re.compile(
    r"\b(?:not|never|nothing|if|once|when|after|before|until|unless|whether|say|si|cuando|una vez|antes|no|quand|dès|"
    r"une fois|avant|ne)\b[^,;:.!?]*$|n't [^,;:.!?]*$"
)


def plain_claims(text: str) -> Iterator[str]:
    """The kinds of claims, of `facts.CLAIMS` and "never", that a plain text makes in so many words."""
    if text.rstrip().endswith("?"):
        return
    for found in _ANY.finditer(text):
        if found.lastgroup and not _DOUBTED.search(text, 0, found.start()):
            yield found.lastgroup
