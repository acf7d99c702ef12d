"""Whether the customer's last words can be a yes to what a tool would do in their name. English, Spanish, French. Pure.

A model may take an order that stands in a catalogue or a name for the customer's wish. What changes their visit
therefore needs a word of theirs; in doubt they are asked once more.
"""

import re

_YES = (
    r"yes|yeah|yep|yup|ok|okay|sure|perfect|works|deal|agreed|confirm\w*|book\w*|reserv\w*|schedul\w*|appointment|"
    r"hold|take|first|second|third|last|earliest|latest|soonest|go ahead|do it|sounds good|let'?s|"
    r"s[ií]|vale|claro|perfecto|de acuerdo|agend\w*|cita|apart\w*|primer\w*|segund\w*|tercer\w*|[uú]ltim\w*|"
    r"oui|d'accord|parfait|r[eé]serv\w*|rendez-vous|rdv|premi\w+|deuxi[eè]me|second\w*|derni\w+|allez-y"
)
_WHEN = (
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|tomorrow|morning|afternoon|noon|"
    r"lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo|hoy|ma[nñ]ana|tarde|mediod[ií]a|"
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|aujourd'hui|demain|matin|apr[eè]s-midi|midi|"
    r"\d{1,2}(?::\d\d)?\s?(?:[ap]\.?\s?m\b|h\b|o'?clock)|\d{1,2}:\d\d|(?:at|a las?|[aà]) \d{1,2}|\d{1,2}(?:st|nd|rd|th)"
)
_OTHER = (
    r"move|moving|chang\w*|resched\w*|switch\w*|another|different|later|earlier|push|"
    r"cambi\w*|mov\w*|reprogram\w*|otr[ao]|d[eé]plac\w*|autre|report\w*"
)
_OFF = (
    r"cancel\w*|call (?:it )?off|not coming|can'?t (?:make|come)|cannot (?:make|come)|won'?t (?:make|come)|"
    r"anul\w*|no (?:puedo|podr[eé]|voy)|annul\w*|ne (?:peux|pourrai|viens|viendrai) p(?:as|lus)"
)
_AGREED = re.compile(rf"\b(?:{_YES}|{_WHEN})(?!\w)|^\W*\d{{1,2}}\W*$", re.I)
_MOVING = re.compile(rf"\b(?:{_OTHER})(?!\w)", re.I)
_CALLED_OFF = re.compile(rf"\b(?:{_OFF}|yes|yeah|yep|ok|okay|sure|confirm\w*|s[ií]|claro|oui|d'accord)(?!\w)", re.I)

NEEDED = {
    "hold_time": (_AGREED,),
    "book_time": (_AGREED,),
    "move_visit": (_AGREED, _MOVING),
    "cancel_visit": (_CALLED_OFF,),
}


def agreed(tool: str, last_words: str) -> bool:
    """Whether the tool may run after these words; always, for one that changes nothing of the customer's."""
    wanted = NEEDED.get(tool)
    said = last_words.replace("’", "'")
    return wanted is None or any(pattern.search(said) for pattern in wanted)
