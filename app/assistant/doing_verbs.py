"""The verbs of `doings.py`: the harmless ones, and those whose claim a row can prove. English, Spanish, French."""

import re

PEOPLE = (
    r"team|staff|crew|manager|managers|advisors?|person|people|colleagues?|specialists?|technicians?|techs?|"
    r"installers?|owner|boss|store|shop|office|front desk|reception|receptionist|department|guys|folks|human|rep|"
    r"representative"
)
IRREGULAR = (
    "sent told wrote written spoke spoken left ran brought kept held paid rang rung took taken gave given made done "
    "bought sold drew drawn began begun chose chosen struck stuck dealt spent split built lent won withdrew withdrawn "
    "forgave forgiven undid undone redid redone rewrote slid hit shot flew broke broken threw thrown caught fought put "
    "set let cut shut got gotten gone hung led met rid swept sworn overridden overrode woken dug fed laid lain rode "
    "risen seen sewn shown sped spun stood stolen swung torn worn understood found had heard said read thought known "
    "felt been come become meant lost"
)
# Said of oneself and the store without anything having been done for this customer.
HARMLESS_DONE = frozenset(
    "been had found looked searched compared understood heard said meant mentioned listed described explained quoted "
    "noticed misread misunderstood mistaken guessed assumed thought known seen read shown felt come become got learned "
    "seemed needed wanted liked loved hoped wished tried expected intended managed helped worked specialized "
    "specialised grown trained started opened offered carried used installed wrapped tinted coated polished protected "
    "cleaned washed detailed treated served done lost counted considered covered suggested recommended pointed "
    "answered included named given based related interested excited pleased delighted honored honoured "
    "obliged limited supposed allowed required equipped dedicated committed located closed licensed certified insured "
    "experienced skilled qualified concerned worried embarrassed confused impressed thrilled touched amazed tired "
    "welcomed used designed made built developed tested rated proven known established trusted need feed "
    "speed indeed embed bed red shed exceed proceed succeed bleed breed weed seed deed heed missed failed forgotten "
    "exceeded".split()
)
HARMLESS_PASSIVE = frozenset(
    "been had found seen known shown said read meant understood lost come become designed made built developed tested "
    "rated proven established trusted known used loved founded opened based born intended tinted wrapped coated "
    "exposed parked driven worn scratched damaged painted repainted faded peeled cracked broken manufactured "
    "engineered improved discontinued installed listed mentioned described quoted named told "
    "asked mistaken confused interested excited pleased thrilled covered included limited supposed allowed required "
    "need red".split()
)
HARMLESS_TO_COME = frozenset(
    "be need help look see love like want try explain answer show tell list find walk go start begin say admit assume "
    "treat work use take measure inspect recommend suggest compare describe talk discuss keep do know understand let "
    "have give quote clean wash tint wrap coat polish protect install remove trim cut heat shape apply prep prepare "
    "cover match advise point guide focus stay stick continue figure think guess leave make get wait stop listen sort "
    "come fit handle mask clay buff seal cure spray test check review calculate estimate do never offer "
    "finish run share pull present break read repeat rephrase clarify skip note".split()
)
HARMLESS_NOW = frozenset(
    "being having looking thinking hoping wondering talking speaking asking going doing using working trying getting "
    "making offering running answering comparing referring guessing learning telling explaining listening reading "
    "seeing hearing feeling missing writing showing giving describing quoting assuming considering counting "
    "specializing carrying growing planning seeking needing wanting loving helping dealing standing sitting driving "
    "living parking tinting wrapping coating protecting cleaning washing installing removing covering including".split()
)

SPANISH_HARMLESS = re.compile(
    r"^(?:cuid|recib|pul|trat|revis|quer|encontr|busc|entend|comprend|compar|trabaj|ser[áé]?|estar|necesit|ayud|mir|"
    r"ver|explic|mostr|decir|dir|record|mencion|ten[dg]r|ten|sido|sid|hab(?:er|ía|emos|rá)|pod|visto|dicho|proteg|"
    r"instal|aplic|coloc|limpi|lav|dur|bloque|reduc|gust|encant|qued[ae]|tard|cost|incluid|inclu|respond|contest|"
    r"recomend|suger|ofrec|dad|dar|diseñ|fabric|prob|abiert|cerrad|sent|esper[ao]|interes|pens|ir|"
    r"est[aá]|permit|mejor|mantend|conserv)"
)
FRENCH_HARMLESS = re.compile(
    r"^(?:trouv|cherch|compar|compr|expliqu|mentionn|dit|vu|voir|verr|regard|aid|besoin|fallu|travaill|été|être|ser|"
    r"avoir|aur|faudr|montr|dir|recommand|propos|conseill|suggér|répondr|protég|install|pos|appliqu|nettoy|lav|dur|"
    r"bloqu|rédui|plai|ador|aim|prendr|coût|inclu|conçu|conç|fabriqu|test|pens|cru|entend|lu|not|port|oubli|tromp|"
    r"précis|indiqu|donn|fer|gard|rest|conserv|pourr|devr|voudr|permett|tiendr|pu|dû|voulu|éprouv|intéress)"
)


# Which claim it is, where a row of ours can prove it.
KINDS = {
    verb: kind
    for kind, verbs in {
        "booked": "booked scheduled rebooked reserved confirmed penciled pencilled",
        "held": "held saved blocked secured locked",
        "moved": "moved rescheduled changed updated switched shifted pushed bumped",
        "cancelled": "cancelled canceled",
        "handed_over": "asked told notified alerted informed handed passed forwarded transferred connected escalated "
        "flagged looped pinged messaged contacted requested called spoken spoke relayed call contact reach ask notify "
        "alert inform forward transfer connect escalate message ring phone",
        "sent": "sent texted emailed mailed send text email mail",
        "stopped": "stopped unsubscribed",
    }.items()
    for verb in verbs.split()
}
STEMS = (
    ("booked", re.compile(r"(?:reserv|agend|program|confirm|apart|réserv|planifi|fix)")),
    ("moved", re.compile(r"(?:cambi|mov|reprogram|dépl|modifi|report)")),
    ("cancelled", re.compile(r"(?:cancel|anul|annul)")),
    ("handed_over", re.compile(r"(?:avis|notific|inform|pas[aoóé]|transf|transm|contact|solicit|ped|llam|comunic|escal|"
     r"préven|avert|alert|demand|r?appel)")),
    ("sent", re.compile(r"(?:envi|mand|envoy)")),
)  # fmt: skip


def kind_of(verb: str) -> str:
    """Which of `facts.CLAIMS` the verb makes; empty where no row is about it."""
    return KINDS.get(verb) or next((kind for kind, stem in STEMS if stem.match(verb)), "")
