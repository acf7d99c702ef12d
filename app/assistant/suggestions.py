"""At most one suggestion of something more in one answer. English, Spanish, French; plain text.

Counted is a sentence that recommends, by a word of recommending, a kind of work that neither the customer nor their
order has named. Bare lists, comparisons and answers to "what do you recommend?" are not.
"""

import re
from collections.abc import Collection

from app.assistant.menu import Tokens, tokens_of

SECOND = "a second suggestion of something more in one answer"
# Kinds of work, as `menu.tokens_of` gives their words; what is left of a name tells one service of a kind from another.
KINDS_OF_WORK = frozenset(
    "tint coating wrap ppf protection detail wash alarm alarma alarme starter speaker subwoofer amplifier camera wheel "
    "caliper headlight lighting underglow windshield sunroof lift leveling bedliner tonneau carplay tracker odor ozone "
    "leather polish correction restoration guard".split()
)
_SUGGESTS = re.compile(
    r"\b(?:recommend|suggest|consider|(?:you )?(?:might|may|could|would|'d) (?:also )?(?:like|want|love|enjoy|add)|"
    r"worth "
    r"(?:adding|a look|considering|looking)|how about|what about|while (?:you're|we're|your car is)|add(?:ing)? (?:on|"
    r"a|"
    r"an|our|some)|upgrade to|goes (?:great|well) with|pairs? (?:great |nicely |well )?with|interested in|don't forget|"
    r"popular add-on|also (?:offer|do|have|ask about)|many customers|"
    r"recomiend\w+|recomendar\w*|sugier\w+|sugerir\w*|considere|le (?:puede |podría )?interes\w+|qué (?:tal|le parece)|"
    r"agregar|añadir|aproveche|también (?:ofrecemos|tenemos|hacemos)|muchos clientes|combina|"
    r"recommand\w+|suggér\w+|conseill\w+|pensez à|envisag\w+|intéress\w+|ajouter|profitez|que diriez-vous|"
    r"nous (?:proposons|offrons|faisons) aussi|aussi penser|beaucoup de clients)\b"
)
SUGGESTING = frozenset(
    "recommend suggest consider might may could would like worth adding add upgrade goes pairs pair interested about "
    "while "
    "forget popular also many recomiendo recomendamos recomendar sugiero sugerimos considere interesa interesar "
    "interesaría agregar añadir aproveche también muchos combina recommande recommandons suggère suggérons conseille "
    "conseillons pensez envisager envisagez intéresse intéresserait intéressé ajouter profitez diriez proposons "
    "offrons "
    "faisons aussi beaucoup".split()
)
_DECLINES = re.compile(r"\b(?:wouldn't|don't|not|no need|no (?:le )?recom\w+|no hace falta|ne \w+ pas|pas besoin)\b")
_ASKED_OPENLY = re.compile(
    r"\b(?:what else|anything else|what (?:do|would|can) you (?:recommend|suggest|offer|do|have)|recommend\w*|"
    r"suggest\w*|"
    r"options?|services?|packages?|which (?:one|is|film|do)|compare|difference|everything|other things|qué (?:más|"
    r"otr\w+|"
    r"ofrec\w+|me recom\w+)|recom\w+|opciones|servicios|paquetes?|cuál|quoi d'autre|autres?|conseil\w*|propos\w+|"
    r"forfaits?|différence|lequel|laquelle)\b"
)


class Suggestions:
    """The suggestions of one answer. `wanted` are the words of the customer and their order, `asked` what the customer
    wrote last, plain: who asks openly may be told of many things."""

    def __init__(self, wanted: Tokens, asked: str) -> None:
        self._kinds = frozenset() if _ASKED_OPENLY.search(asked) else KINDS_OF_WORK - wanted
        self._shown: Tokens = frozenset()

    def waits(self, words: Collection[str]) -> bool:
        """Whether words of a clause may begin a second suggestion: it is judged as a whole sentence."""
        return bool(self._shown) and not SUGGESTING.isdisjoint(words)

    def second(self, sentence: str) -> bool:
        """Whether a sentence suggests something more beside what was suggested before."""
        return bool(self._shown) and not self._suggested(sentence, tokens_of(sentence)) <= self._shown

    def take(self, sentence: str, tokens: Tokens) -> None:
        """Take note of a sentence that is shown."""
        self._shown = self._shown | self._suggested(sentence, tokens)

    def _suggested(self, sentence: str, tokens: Tokens) -> Tokens:
        kinds = tokens & self._kinds
        return kinds if kinds and _SUGGESTS.search(sentence) and not _DECLINES.search(sentence) else frozenset()
