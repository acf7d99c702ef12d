"""What a text tells the customer was done, found without the assistant's own proof. Pure."""

import re

_CLAIMS = {
    "booked": r"\b(?:is|are|was|been|you're|you are|it's|i|i've|i have|we|we've|have|all)\b[\w' ]{0,24}"
    r"\b(?:booked|scheduled|reserved|confirmed)\b|\bbooked:|\byou're all set\b|"
    r"\bsee you (?:on|then|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday)\b|"
    r"\b(?:he|hemos|está|queda|quedó|ha sido)\b[\w ]{0,16}\b(?:reservad|agendad|confirmad)[oa]\b|"
    r"\b(?:j'ai|est|avons|a été)\b[\w ]{0,16}\b(?:réservée?|confirmée?)\b",
    "moved": r"\b(?:i've|i have|we've|been|is|was)\b[\w' ]{0,16}\b(?:moved|rescheduled)\b|\bmoved to:|"
    r"\b(?:he|hemos|ha sido)\b[\w ]{0,12}\b(?:cambiado|reprogramad[oa])\b|\b(?:j'ai|a été)\b[\w ]{0,12}\bdéplacée?\b",
    "cancelled": r"\b(?:i've|i have|we've|been|is|was)\b[\w' ]{0,16}\bcancell?ed\b|\bcancelled:|"
    r"\b(?:he|ha sido|está)\b[\w ]{0,12}\bcancelad[oa]\b|\b(?:j'ai|est|a été)\b[\w ]{0,12}\bannulée?\b",
    "handed_over": r"\b(?:i've|i have|we've|we have|i)\b[\w' ]{0,12}\b(?:asked|told|notified|alerted|informed)\b"
    r"[\w' ]{0,24}\b(?:team|manager|person|advisor|colleague|staff)\b|\bteam has been (?:asked|told|notified)\b|"
    r"\b(?:he|hemos)\b[\w ]{0,12}\b(?:avisado|pedido|informado)\b[\w ]{0,16}\b(?:equipo|gerente)\b|"
    r"\b(?:j'ai|avons)\b[\w ]{0,12}\b(?:demandé|prévenu|informé)\b[\w' ]{0,16}\b(?:équipe|responsable)\b",
    "sent": r"\b(?:i've|i have|we've|we have|i|was|been)\b[\w' ]{0,12}\b(?:sent|texted|emailed)\b|"
    r"\byou(?:'ll| will) receive an? (?:text|email|confirmation|sms)\b|"
    r"\b(?:he|hemos)\b[\w ]{0,8}\b(?:enviado|mandado)\b|\b(?:j'ai|avons)\b[\w ]{0,8}\benvoyée?\b",
    "never": r"\b(?:i've|i have|we've|we have)\b[\w' ]{0,12}\b(?:refunded|charged|credited|applied)\b",
}  # fmt: skip
_PATTERNS = {kind: re.compile(pattern, re.I) for kind, pattern in _CLAIMS.items()}
_NOT = re.compile(
    r"\b(?:not|n't|never|nothing|no|once|if|when|until|before|after|unless|can|could|would|cannot|to be|get|ask|want|"
    r"whether|ningun[oa]?|nada|cuando|si|pas|rien|quand|une fois)\b|n't", re.I,
)  # fmt: skip


def claims_shown(sentence: str) -> set[str]:
    """The kinds of claims in one sentence: booked, moved, cancelled, handed_over, sent, never."""
    found = set()
    for kind, pattern in _PATTERNS.items():
        for match in pattern.finditer(sentence.replace("’", "'")):
            around = re.split(r"[,;:!] ", sentence[: match.start()])[-1][-28:] + match[0]
            if not _NOT.search(around):
                found.add(kind)
                break
    return found
