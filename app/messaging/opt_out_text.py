"""Texts as people thumb them, brought to plain words: case, accents, apostrophes, abbreviations, slips. Pure."""

import re
import unicodedata
from functools import lru_cache

SENTENCE = re.compile(r"[.!?;\n…]+")
CLAUSE = re.compile(r"[,:()]| - |--")
ABBREVIATIONS = {
    "u": "you", "ur": "your", "yr": "your", "pls": "please", "plz": "please", "plse": "please", "pleas": "please",
    "plss": "please", "w": "with", "wit": "with", "thx": "thanks", "dont": "do not", "dnt": "do not", "don": "do not",
    "doesnt": "does not", "didnt": "did not", "wont": "will not", "isnt": "is not", "arent": "are not", "im": "i am",
    "ive": "i have", "wanna": "want to", "gonna": "going to", "gotta": "have to", "tryna": "trying to", "r": "are",
    "lemme": "let me", "gimme": "give me", "st0p": "stop", "fkn": "fucking", "wrng": "wrong",
    "q": "que", "x": "por", "xfavor": "por favor", "porfa": "por favor", "porfavor": "por favor",
    "jai": "j ai", "jveux": "j veux", "jme": "j me", "jsuis": "j suis", "pu": "plus", "pus": "plus",
    "menvoyer": "m envoyer", "menvoyez": "m envoyez", "mecrire": "m ecrire", "mecrivez": "m ecrivez",
    "mappeler": "m appeler", "mappelez": "m appelez", "quon": "qu on", "nomore": "no more", "jveut": "j veux",
}  # fmt: skip
# Words that a slip often hits: one letter missing, added or wrong, or two neighbours that changed places.
KEYS = tuple(
    dict.fromkeys(
        "stop texting text message messages messaging sending contact contacting contacted remove removed unsubscribe "
        "number interested delete harassing harassment bothering anymore calling wrong list spamming revoke consent "
        "mensajes mensaje numero manden mandar mandando enviar envien escriban escribir quitenme molestar contacten "
        "lista borren eliminen parenle dejen baja textos arretez arreter envoyer envoyez enlevez retirez contacter "
        "supprimez desabonner desabonnez recevoir tranquille".split()
    )
)
# Words of their own, one letter from a key.
NO_SLIPS = frozenset(
    "step stops shop top stock spot stoop test tests tent next texts texted exting testing nesting massage massages "
    "remote remover removes removed numbers numb number cumber umber lists last lost lit live list mist interest "
    "interests contract contracts contracting contacts deletes deleted sanding spending seeding ending bending "
    "lending selling falling calling coming carbon stay string mandan mandas mandado envian escriben texto baja "
    "bajo bajar caja barren borran lista listo listas vista manda numeros dejan dejo deje deja tejen envoye envoyes "
    "enlever retirer arrete contacte contactez messenger presage resume passages passage mensual content context "
    "contest wrongs sender steps stoc strop slop sop swop testy texas taxing taxi tint text boxing vexing fixing "
    "exiting removal reviews review remodel mountain spamming stamping message messages pare paren para".split()
)
# Spanish pronouns that are written into their verb: "quitenme" is "quiten me".
ENCLITIC = re.compile(
    r"\b((?:mand|envi|escrib|llam|contact|molest|text|mensaj|dej|quit|sac|saqu|borr|elimin|remuev|remov|par|hostig|"
    r"acos|notific|comuni|busc|marc|bloque|olvid|det|da|den|de|retir|suprim|vuelv|sig|sal|demand|fastidi|report|"
    r"denunci|insist)[a-z]{0,6}?)(melos|melo|nosla|noslo|me|nos|los|las|lo|la|les|le)\b"
)
VERB_END = re.compile(r"(?:r|[aei]n?|ando|iendo|d)$")
# The commonest words of a text tell its language.
SPANISH = frozenset(
    "el los las que por para con esta este estos mi mis su sus es un una del al ya mas y pero porque me no se lo le "
    "favor gracias quiero mensajes textos numero lista carro ustedes nada soy tengo hola si tienen cuanto puedo a "
    "de en manden mande manda enviar escriban dejen deje paren pare quiten borren".split()
)
FRENCH = frozenset(
    "le les des du je j vous tu ne pas plus mon ma mes ce cette ces est c d l m n qu que pour avec et au aux un une "
    "sur svp merci moi la de en me votre vos nous suis ai numero liste textos auto oui non bonjour arretez arrete "
    "envoyer ca chez".split()
)
ENGLISH = frozenset(
    "the i you to my your it is are for and of this that do not please me can a in on with no have was at from stop "
    "text texting list number if so what how when we they be will u dont".split()
)


def sentences(text: str) -> list[str]:
    """The sentences of a text, each in plain words; commas and their like stay as ` , `."""
    plain = _letters(re.sub("[🛑✋]", " stop ", text).replace("🚫", " no "))
    found = [words for part in SENTENCE.split(plain) if (words := _plain(part)).strip(" ,")]
    # "Take. Me. Off." is said slowly, not in three sentences.
    return [" ".join(found)] if len(found) > 2 and all(" " not in one for one in found) else found


def words(text: str) -> str:
    """A text in lower case without accents and signs, single spaces between words; nothing else is changed."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", _letters(text).replace("'", "")).split())


def language(text: str) -> str:
    """`es`, `fr` or `en`, whichever has the most of its common words in plain words."""
    said = text.split()
    counts = {code: sum(word in known for word in said) for code, known in _COMMON.items()}
    return max(counts, key=lambda code: counts[code])


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower().replace("’", "'").replace("‘", "'").replace("`", "'"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"\b(?:[a-z]\.){2,}[a-z]?\b\.?", lambda found: found.group().replace(".", ""), plain)


def _plain(part: str) -> str:
    part = CLAUSE.sub(" , ", part)
    part = re.sub(r"(?<=n)'(?=t\b)|'(?=(?:s|m|ll|re|ve|d)\b)", "", part)
    part = re.sub(r"[^a-z0-9,#$%*]+", " ", part)
    part = re.sub(r"\b(?:s t o p|s v p|s t p)\b", lambda found: found.group().replace(" ", ""), part)
    part = re.sub(r"([a-z])\1{2,}", r"\1", part)
    part = re.sub(r"\b(?:stp|sotp|tsop|stop?p?) (?=t[ex]*t)", "stop ", part)
    part = ENCLITIC.sub(_split, part)
    return " ".join(" ".join(_word(word) for word in part.split()).split())


def _split(found: re.Match[str]) -> str:
    verb, pronoun = found.groups()
    return f"{verb} {pronoun}" if VERB_END.search(verb) and found.group() not in _UNSPLIT else found.group()


def _word(word: str) -> str:
    return ABBREVIATIONS.get(word) or _meant(word)


@lru_cache(maxsize=4096)
def _meant(word: str) -> str:
    if len(word) < 5 or word in NO_SLIPS or word in KEYS:
        return word
    return next((key for key in KEYS if len(key) > 5 and word[0] == key[0] and _one_slip(word, key)), word)


def _one_slip(word: str, key: str) -> bool:
    """Whether one letter is missing, added or wrong, or two neighbours changed places."""
    if abs(len(word) - len(key)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(word, key, strict=False)) if a != b), min(len(word), len(key)))
    rest, key_rest = word[start:], key[start:]
    swapped = rest[:2] == key_rest[:2][::-1] and rest[2:] == key_rest[2:]
    return swapped or rest[1:] == key_rest[1:] or rest[1:] == key_rest or rest == key_rest[1:]


_COMMON = {"en": ENGLISH, "es": SPANISH, "fr": FRENCH}
_UNSPLIT = frozenset("parle parles dela delle dele able sale salle sales sigle".split())
