"""Which of the languages that the proof reads a text is in, by its small words; and whether it is in any of them."""

from collections.abc import Iterable

from app.assistant.numbers import NUMBER_WORDS

_KNOWN = {
    "en": "a about after all also am an and any are as at available back be been before best but by can could day "
    "did do does doesn't don't each either else every for friday from get give glad gladly go going good great had "
    "happy has have he hello help here hey hi how i i'd i'll i'm i've if in into is isn't it it's just know let let's "
    "like look looking made make many may me might monday more most much my need next no not now of off oh ok okay on "
    "once one only or other our out over please really right saturday say see she should so some soon still sunday "
    "sure takes tell than thank thanks that that's the their them then there there's these they they're this those "
    "thursday to today tomorrow too tuesday until up us very want was we we'd we'll we're we've wednesday welcome well "
    "were what what's when where which while who why will with without won't work would yes yet you you'd you'll "
    "you're you've your both lasts keeps costs starts come came bye see let full car price quote team store",
    "es": "a al algo alguna algún ahora así aquí bien bueno buena buenas buenos cada claro como con cómo cual cuál "
    "cuando cuándo cuánto cuesta cuestan de del desde después día domingo donde dónde dos el él ella ellos en entre "
    "era es esa ese eso esta está están este esto estos estamos favor fue gracias gusto ha han hasta hay hola hoy "
    "incluye jueves la las le les lo los lunes mañana martes más me mejor mi miércoles mucho muy nada ni no nos "
    "nosotros nuestra nuestro o otra otro para pero por porque precio puede puedo que qué queda quiere quisiera sábado "
    "se sea ser si sí sin sobre son su sus también tan te tenemos tengo tiene todo todos tu un una uno usted ustedes "
    "viernes y ya yo tarda dura sale total aún",
    "fr": "à ai alors après as au aujourd'hui aussi aux avec avez avons bien bon bonjour bonne c'est car ce cela ces "
    "cet cette chaque comme comment d'accord dans de demain depuis des deux dimanche donc du elle en entre est est-ce "
    "et être eu fait faire fois ici il ils j'ai jeudi je jour jusqu'à l'équipe la le les leur lui lundi ma mais mardi "
    "me merci mercredi mes moi mon n'est ne ni non nos notre nous on ont ou où par pas peu peut peux plaisir plus pour "
    "pourquoi pouvons prix qu'il quand que quel quelle qui quoi s'il sa samedi sans se sera ses si son sont sous sur "
    "ta te tes ton toujours tous tout toute très tu un une va vendredi vos votre voulez vous y coûte dure prend total "
    "entre dès",
}
# Small words of other languages that are none in these three: German, Portuguese, Italian, Dutch, Haitian Creole,
# Polish, Vietnamese, Tagalog, Swedish, Indonesian, Turkish, Romanian, Swahili.
_OTHER = (
    "der das und ist nicht ein eine einen für ihr ihre ihren sie wir auf auch bei zum zur von dem kostet kosten "
    "preis gerne haben werden können kann heute morgen é não uma você vocês são está da das nas nos ao aos "
    "seu sua seus isso também custa preço obrigado fica fazemos quanto muito mas mais então temos por il gli che è "
    "della delle dei non sono "
    "nostro vostro costa prezzo grazie anche het een voor niet wij jij zijn uw kunnen prijs kost yon nou ou pou "
    "li yo mwen pri twa kat senk sis sèt uit nèf dola goud tanpri sa ak nan gen koute pri mèsi ki se jest nie dla na "
    "za mamy pani kosztuje cena dziękuję của cho "
    "và không bạn với giá ang ng mga po ito sa iyong att och är inte dan yang untuk anda ini bir için "
    "bu și este pentru cu ni kwa ya na wa bei"
).split()

# The same word in several languages, or told apart elsewhere.
NEUTRAL = NUMBER_WORDS | frozenset(
    "dollars dollar dólares dolares usd cad bucks am pm h km max min ok sms suv vus uv".split()
)
KNOWN = {language: frozenset(words.split()) for language, words in _KNOWN.items()}
_ANY_KNOWN = frozenset().union(*KNOWN.values())
OTHER = frozenset(_OTHER) - _ANY_KNOWN

FEW = 3


class Reader:
    """Reads an answer as it grows: counts its small words, known and foreign.

    `neutral` are words that tell nothing: the catalogue's names are English in every language.
    """

    def __init__(self, neutral: frozenset[str] = frozenset()) -> None:
        self._neutral = neutral | NEUTRAL
        self._known = self._all = 0

    def take(self, words: Iterable[str]) -> None:
        """Remember what has been shown."""
        known, _, all_ = self._count(words)
        self._known, self._all = self._known + known, self._all + all_

    def reads(self, words: Iterable[str]) -> bool:
        """Whether these words, with what came before, are in a language that the proof reads."""
        known, other, all_ = self._count(words)
        if other * 3 > known:
            return False
        if all_ > FEW and not known:
            return False
        return all_ + self._all <= 2 * FEW or (known + self._known) * 6 >= all_ + self._all

    def _count(self, words: Iterable[str]) -> tuple[int, int, int]:
        known = other = all_ = 0
        for word in words:
            if word in _ANY_KNOWN:
                known, all_ = known + 1, all_ + 1
            elif word in OTHER:
                other, all_ = other + 1, all_ + 1
            elif word not in self._neutral:
                all_ += 1
        return known, other, all_


def language_of(words: Iterable[str], otherwise: str = "en") -> str:
    """en, es or fr, whichever has most of its small words among these; a single word decides nothing."""
    words = list(words)
    counts = {language: sum(word in known for word in words) for language, known in KNOWN.items()}
    best = max(counts, key=lambda language: (counts[language], language == otherwise))
    return best if counts[best] >= counts[otherwise] + 2 else otherwise
