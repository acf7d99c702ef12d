"""The words of terms of business: warranty, financing, deposit, refund, cancelling, matching, credentials. EN, ES, FR.

All patterns match plain text in lower case. To name a term is to promise it, unless a reserve is
heard beside it (term_reserves).
"""

import re

_WARRANTY = r"(?:warrant(?:y|ies)|guarantees?|garant[ií]as?|garanties?)"
# "Warranty card", "warranty question": paper and talk, no promise.
_NO_PAPER = (
    r"(?! (?:questions?|cards?|booklets?|claims?|cases?|work|redo|certificates?|papers?|terms|transfers?|documents?|"
    r"info\w*|"
    r"sheets?|details?|registration|team|inspection|replacement|starts|starting|begin|is registered|in chinese))"
)
LIFE = (
    r"(?:lifetime|life-?long|for life|for the life of|for ?ever|as long as you (?:own|have)|(?:de )?por vida|"
    r"vitalici[oa]s?|para siempre|toda la vida|à vie|a vie|pour toujours)"
)
_SPAN = r"(?:years?|yrs?|months?|days?|años?|meses|mes|días?|ans?|année|mois|jours?|\d-year)"
WARRANTY = re.compile(
    rf"\b{_WARRANTY}\b{_NO_PAPER}|\bwarrantied\b|\bgaranti(?:e?s|ssons)?\b|\bgarantizamos\b|"
    r"\b(?:that|it|this|everything)(?:'s| is) covered\b|\b(?:we )warranty\b|\b(?<!never )guaranteed\b(?! (?:place|"
    r"slot|spot|answer|a slot))|\bgarantizad[oa]s?\b(?! no)|"
    rf"\b(?:covered|protected|cubiert[oa]s?|couverte?s?) (?:{LIFE}|against|contra|contre|(?:for|por|pendant) "
    rf"[\w ]{{0,12}}{_SPAN})"
)
LASTING = re.compile(
    rf"\b(?:lasts?|dura|durar[áa]|duran|dure|durent|durera) (?:you |a |toda |toute )?(?:{LIFE}|la vie|une vie)"
)
LENDERS = "affirm klarna afterpay synchrony acima sezzle wisetack sunbit zip katapult".split()
_LENDERS = "|".join(LENDERS)
FINANCING = re.compile(
    r"\bfinanc(?:e|es|ed|ing|iamiento|iación|iar\w*|ement|ements|er)\b|\b(?:payment|monthly) plans?\b|"
    r"\binstal+ments?\b|"
    r"\b(?:monthly|four|six|equal) payments?\b|\b(?:planes de|facilidades de) pagos?\b|\bpagos mensuales\b|"
    r"\bmensualidades\b|\bcuotas\b|\ba plazos\b|\bmensualités\b|\bpaiements? (?:mensuels?|échelonnés?|en \w+ fois)|"
    r"\bfacilités de paiement\b|\bcredit check\b|\bsame as cash\b|\bbuy now,? pay later\b|\bapr\b|"
    rf"\b(?:{_LENDERS}|snap financ\w*)\b|\b(?:zero|no|sin|sans|0) (?:percent|%)? ?(?:interest|inter[eé]s\w*|"
    rf"intérêts?)\b|"
    r"\binterest[- ]free\b|\b(?:pay|split|spread)\b[^.;]{0,20}\b(?:over|into|in) [\w-]+ (?:months?|payments?|weeks?)|"
    r"\bpag\w+[^.;]{0,20}\b(?:a|en) \w+ (?:meses|pagos|quincenas)|\ben (?:\d|dos|tres|cuatro|seis) pagos\b|"
    r"\bpayer[^.;]{0,20}\ben \w+ (?:fois|mois)"
)
_DEPOSIT = r"(?:deposits?|down payments?|dep[óo]sitos?|anticipos?|enganche|acomptes?|arrhes)"
DEPOSIT = re.compile(
    rf"(?:\b|d'|l'){_DEPOSIT}\b(?! (?:has|have|you|questions?|terms))|\b(?:no money|nothing)(?: is|'s) due\b|\b(?:put|"
    rf"pay|leave) (?:anything|something|money|nothing|half|[$\d]\w*) (?:down|up ?front)|"
    r"(?:\b(?:nothing|money|half|percent)|%) (?:down|up ?front)\b"
)
DEPOSIT_BACK = re.compile(
    rf"\b{_DEPOSIT}[^.;]{{0,40}}\b(?:refund\w*|non-?refundable|returned|back|reembols\w+|dev(?:ue)?lv\w+|rembours\w+|"
    rf"rendu)|\b(?:refund\w*|non-?refundable|reembols\w+|remboursables?) {_DEPOSIT}"
)
DEPOSIT_KEPT = re.compile(
    rf"\b{_DEPOSIT}[^.;]{{0,12}}\b(?:kept|forfeit\w*|lost|pierde|retenid[oa]|perdu|conservé)|"
    rf"\b(?:keep|lose|forfeit|pierde|perdez|gardons) (?:the |your |el |su |l'|votre ){_DEPOSIT}"
)
DEPOSIT_CREDITED = re.compile(
    r"\b(?:goes|go|applied|applies|counts?|credited|comes off|toward)\b[^.;]{0,16}\b(?:bill|balance|total|invoice|"
    r"price|ticket)\b|\bse (?:aplica|descuenta|abona)\b[^.;]{0,16}\b(?:total|cuenta|factura|precio)|"
    r"\bdéduit\w* (?:du|de la|de votre)\b"
)
_CANCEL = (
    r"(?:(?:l')?(?:cancel\w*|anula\w*|annul\w+)|resched\w+|reprogram\w+|déplac\w+|back out|change your mind|"
    r"no-shows?|missed \w+)"
)
_NO_FEE = (
    r"(?:free(?: of charge)?|(?:no|any|without(?: a| any)?) (?:\w+ )?(?:fees?|charges?|cost|penalty|penalties)|at no "
    r"(?:cost|charge)|costs? nothing|owe nothing|sin (?:ning[uú]n )?(?:costo|cargo|coste|penali\w+)|gratis|gratuit\w*|"
    r"no (?:tiene costo|cuesta|se cobra)|ne coûte rien|sans (?:frais|pénalité)|aucuns? frais|(?:don't|never) charge)"
)
CANCEL_FREE = re.compile(rf"\b{_CANCEL}\b[^.;]{{0,50}}\b{_NO_FEE}|\b{_NO_FEE}[^.;]{{0,24}}\b{_CANCEL}\b")
CANCEL_FEE = re.compile(
    rf"\b(?:{_CANCEL}|late) (?:fees?|charges?|costs?)\b|\bfrais d'annulation|\b(?:cargo|tarifa|costo|multa) (?:por|de) "
    rf"cancel\w+|\b{_CANCEL} (?:is|are|gets?) charged|\b(?:charge|cobr|factur)\w*[^.;]{{0,24}}\b{_CANCEL}\b"
)
CANCEL_UNTIL = re.compile(
    rf"\b{_CANCEL}\b[^.;]{{0,40}}\b(?:until|up to|at least|no later than|within|hasta|al menos|jusqu'à|jusqu'au|"
    rf"au moins|any ?time|en cualquier momento|à tout moment)\b"
)
REFUND = re.compile(
    r"\brefund(?:s|ed)?\b(?! (?:request|reference|check|policy))|\bmoney[- ]back\b|\b(?:non-?)?refundable\b|"
    r"\b(?:your )?money back\b|\ball sales (?:are )?final\b|\b(?:devolvemos|regresamos) (?:su|el|tu|todo)\b|"
    r"\breembols(?:os?|amos|able)\b|\bremboursements?\b|\bremboursée?s?\b|\b(?:nous|on) (?:vous )?rembours\w+"
)
MATCH = re.compile(
    r"\bprice[- ]?match\w*|\b(?:match|matches|beat|beats|undercut)\b[^.;]{0,24}\b(?:prices?|quotes?|competitors?\w*|"
    r"offers?|estimates?)\b|\bmejoramos cualquier|\bbattons (?:tous|n'importe)|\bigualamos\b|\bs'align(?:e|er)\b|"
    r"\b(?:nous )?alignons\b|"
    r"\blowest price\b"
)
_STAFF = (
    r"(?:we|we're|our|shop|store|team|installers?|technicians?|techs?|staff|professionals|experts?|here|somos|estamos|"
    r"nuestr[oa]s?|taller|tienda|equipo|instaladores|técnicos|nous|notre|nos|atelier|magasin|équipe|installateurs|"
    r"techniciens|técnicos)"
)
_CREDENTIAL = (
    r"(?:licensed|certified|insured|bonded|accredited|authori[sz]ed|certificad[oa]s?|acreditad[oa]s?|autorizad[oa]s?|"
    r"asegurad[oa]s?|certificación|certification|(?:liability|full) insurance|(?:tiene|tenemos|cuenta con|"
    r"contamos con) (?:licencia|seguro)|licenciad[oa]s|certifiée?s?|"
    r"agréée?s?|accréditée?s?|assurés|habilitée?s?)"
)
CREDENTIAL = re.compile(
    rf"\b{_STAFF}\b[^.;]{{0,50}}\b{_CREDENTIAL}\b|^\W*contamos con (?:licencia|seguro)|"
    rf"\b{_CREDENTIAL} (?:\w+ )?(?:installer|technician|tech|professional|shop|dealer|expert)s?\b"
)
INSURANCE = re.compile(
    r"\b(?:we|we'll) (?:will |can |also )?(?:file|handle|bill|submit|take care of)\b(?: [\w']+){0,4}? insur\w+|"
    r"\bdeductible (?:is|gets|will be) (?:waived|covered|on us)|\btramitamos\b[^.;]{0,20}\bseguro|"
    r"\bnous (?:gérons|traitons)\b[^.;]{0,20}\bassur\w+"
)
KINDS = {
    "warranty": WARRANTY, "lasting": LASTING, "financing": FINANCING, "deposit": DEPOSIT,
    "refund of a deposit": DEPOSIT_BACK, "loss of a deposit": DEPOSIT_KEPT, "use of a deposit": DEPOSIT_CREDITED,
    "cancelling free": CANCEL_FREE, "cancellation fee": CANCEL_FEE, "time to cancel": CANCEL_UNTIL,
    "refund": REFUND, "price match": MATCH, "credentials": CREDENTIAL, "insurance claims": INSURANCE,
}  # fmt: skip

# Without a word that begins so, the pattern of that kind cannot match.
_MONEY_DOWN = "deposit depósit anticip enganche acompt arrhes"
BEGINNINGS = {
    "warranty": "warrant guarant garant cover protect cubiert couvert",
    "lasting": "last dura dure",
    "financing": "financ plan instal payment pago mensual cuota plazo paiement facilit credit cash later apr "
    f"inter intér pay pag split spread snap {' '.join(LENDERS)}",
    "deposit": f"{_MONEY_DOWN} down upfront up due",
    "refund of a deposit": _MONEY_DOWN,
    "loss of a deposit": _MONEY_DOWN,
    "use of a deposit": "goes go applie count credit comes toward aplica descuenta abona dédui",
    "cancelling free": "cancel anula annul resched reprogram déplac back change show missed",
    "cancellation fee": "cancel anula annul resched show missed late",
    "time to cancel": "cancel anula annul resched reprogram déplac back change",
    "refund": "refund money non sales devolv regres reembols rembours",
    "price match": "price match beat undercut mejor iguala align lowest batton",
    "credentials": "licens certif insur bond accredit author acredit autoriz "
    "asegur seguro agréé accrédit habilit assur",
    "insurance claims": "insur deduct seguro assur",
}

_WORDS = frozenset(
    "warranty warranties guarantee guarantees guaranteed warrantied garantía garantia garantías garantizado "
    "garantizada garantizados garantizadas garantizamos garantie garanties garanti garantis garantissons covered "
    "protected cubierto cubierta couvert couverte couverts lifetime lifelong vie vida vitalicia life forever financing "
    "finance financed finances financiamiento financiación financiar financement financer plan plans planes pagos "
    "installments instalments installment payments interest intereses intérêts intérêt apr pay later cash split pagar "
    "pagarlo pagarla plazos cuotas mensualidades mensualités paiement fois payer deposit deposits depósito deposito "
    "depósitos anticipo anticipos enganche acompte acomptes arrhes down upfront percent half refund refunds refunded "
    "refundable nonrefundable money dinero reembolso reembolsos reembolsable reembolsamos devolvemos regresamos "
    "remboursement remboursements remboursable remboursé remboursons rembourse final cancel cancels cancelling "
    "canceling "
    "cancellation cancellations cancelar cancele cancelación annuler annulation annulez show shows missed late match "
    "matches matching beat beats undercut lowest igualamos mejoramos alignons aligne s'aligne licensed certified "
    "insured "
    "bonded accredited authorized authorised certificado certificada certificados certificadas acreditado acreditados "
    "autorizado autorizados asegurado asegurados licencia seguro certifié certifiée certifiés certifiées agréé agréés "
    "agréée accrédité accrédités assurés habilités insurance deductible assurance fee fees charged frais toward bill "
    "applied aplica descuenta déduit affirm klarna afterpay synchrony acima sezzle wisetack sunbit katapult "
    "reschedule due certification certificación back todo devis battons".split()
)  # fmt: skip
TERM_WORDS = (
    _WORDS
    | {f"{word}'s" for word in _WORDS}
    | {f"{article}'{word}" for article in "ld" for word in _WORDS if word[0] in "aehiou"}
)
