"""The words of terms of business: warranty, financing, deposit, refund, cancelling, matching, credentials. EN, ES, FR.

All patterns match plain text in lower case. To name a term is to promise it, unless NO_PROMISE is heard beside it.
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

_PEOPLE = r"(?:team|staff|store|shop|manager|management|people|desk|office|owner|installer|they|somebody|someone)"
_LOS = r"(?:el |la |al )?(?:equipo|tienda|taller|personal|oficina|gerente|encargad[oa]|asesor\w*)"
_LEUR = r"(?:l'équipe|le magasin|l'atelier|la direction|la boutique|le gérant|la gérante)"
_PARTS = (
    # Who does not know.
    r"\b(?:whether|depends?|unless|not sure|unsure|rather not|guess|no (?:information|details?|idea|clue|access|"
    r"record)|isn't a \w+ i|no es garantía|dépasse|"
    r"(?:any|more) (?:information|details?)|i (?:know|have|see) nothing|nothing (?:i have|here|in what)|news to me|"
    r"case-by-case|maybe|beyond|outside|not (?:something|a matter|mine)|isn't (?:something|visible|in my)|"
    r"aren't (?:mine|my|something)|in my power|"
    r"no sé|no tengo|no encuentro|no aparece|no me consta|prefiero no|desconozco|ignore|rien (?:dans|sur|ne)|"
    r"je n(?:e|'ai|'en) [^.;]{0,40}(?:pas|connais|rien))\b|\bd[eé]pend\w*",
    r"\b(?:i|we|i'm)\b[^.;,]{0,12}(?:n't| not|cannot| unable|never)(?: to)? (?:able to |really |honestly |want to |"
    r"here to )?(?:know|say|tell|promise|guarantee|confirm|see|speak|commit|find|have (?:any|the)|approve|quote|"
    r"read)\b",
    r"\b(?:i|i'm)\b[^.;,]{0,12}(?:n't| not|cannot| unable)(?: to)? (?:able to )?(?:give|offer|make|change|waive|take|"
    r"process|accept|push|give|approve|the (?:one|person))\b",
    r"\bno (?:se |le |les |lo |la )*pued[oea]\w*|\bno puedo\b|\bje ne (?:peux|saurais)\b|\bnobody\b|\bno one\b|"
    r"\bnadie\b|"
    r"\bpersonne\b|\bnot yet\b|\baucune? (?:\w+ )?ne peut\b|\bn't be (?:given|promised|guessed)\b",
    # Who sends elsewhere, or asks.
    r"\b(?:up to (?:the|them|him|her|you|your)|decides?|decided|decision|go through|best (?:put|answered|place|to|"
    r"for)|right place|"
    r"worth|feel free|please|tell me|let me (?:know|ask|check)|(?<!no-)questions?|ask(?:ed|ing)? (?:the|our|them|"
    r"about|if|at|me|us|how|yours?|a )|check (?:with|the|that)|"
    r"(?:have|need|has|needs) to (?:ask|check|confirm|decide|discuss|look|be)|i (?:can|could|will) (?:ask|call|pass|"
    r"check)|"
    r"i'll (?:ask|check|pass)|(?:like|want) to (?:know|ask|cancel|read)|confirm (?:that|it|with|which|la|cette)|"
    r"pregunt\w+|permítame|resuelven?|prefiere|le (?:puede|pueden|informa)|conviene|vale la pena|se las? explica|habría que|"
    r"tendría\w*|decirle|demander à|je vais demander|vous (?:renseignera|expliquera|le dira)|relève|c'est au)\b",
    rf"\b{_PEOPLE} (?:\w+ )?(?:can|could|will|would|may|might|has|should|knows?|explains?|does|handles?|check|"
    rf"is the)\b|"
    rf"\b(?:for|by|with) the {_PEOPLE}\b|\b{_LOS} (?:se )?(?:le |lo |las? |les )?(?:puede\w*|sabe|conoce|dice|dirá|"
    rf"informa|decide|explica|resuelven?|ve|ven|tendría|confirm\w+)|\b{_LEUR}[^.;]{{0,12}} (?:peut|pourra|connaît|dira|"
    rf"décide|vous)",
    r"\bmanager\b|\ba person\b|\b(?:equipo|personal|oficina|direction)\b[^.;]{0,30}$",
    # What may be, or is so elsewhere.
    r"\b(?:may|might|(?<!you )could|would|sometimes|often|usually|normally|typically|generally|some|most|many|other|"
    r"another|few|"
    r"differ|elsewhere|lenders?|insurers?|seller|finance company|first owner|original owner|can affect|"
    r"on your account|on record|"
    r"normalmente|generalmente|suele\w*|podría\w*|posible|a veces|algun[oa]s?|otr[oa]s?|habitual\w*|según|varían|"
    r"financiera|aseguradora|parfois|généralement|habituellement|normalement|certain(?:e?s)?|l'autre|d'autres|"
    r"souvent|toujours permis|peut-être|pourrai\w*|serai\w*|prêteur|assureur|possible|selon|peut (?:\w+ )?(?:entraîner|"
    r"compliquer)|exige)\b",
    r"\bif (?:a|any|one|they|offered|the|we|there)\b[^.;]{0,24}\b(?:appl\w+|offer\w*|allow\w*|need\w*|issues?|is|"
    r"does)\b|\bif (?:any|at all|offered|there's)\b|\bsi (?:se|un|une|hay|aplica|ofrece\w*|incluye|proposons|nous|"
    r"le)\b|"
    r"\bin case\b|\bthanks\b|\bthe (?:glass )?shop's\b|\bif you'd like\b|\byou (?:want|need)\b",
    # Whose words or wishes they are.
    r"\b(?:you|you've|usted|vous) (?:\w+ )?(?:said|mentioned|asked|wrote|heard|read|seek|looking|interested|see|like|"
    r"mencion\w+|parlé|mentionné|demandez)\b|\byour (?:policy|agent|lender|bank|refund|receipt|card|visa|deposit "
    r"question)\b|\b(?:su|tu) (?:reembolso|aseguradora|póliza)\b|\bvotre remboursement\b|\bgarantir\b|\bgarantizar\b",
    r"\b(?:no|any|aucun|nul) (?:\w+ )?(?:has|have|was|a|n'a) (?:been|ever|été)\b|\bno \w+ (?:is|are) on record|"
    r"\bkeep (?:the|your|an eye)\b|\bproof\b|\bexpected\b|\bnothing to cancel\b|\bpedirle\b|\bhang on\b|\bs'obtient\b|"
    r"\baux fins\b|\bplus tard\b|\bavant l'inspection\b|\bcheap insurance\b",
)
# Who does not know, sends elsewhere, or tells of others and of what is usual promises nothing.
NO_PROMISE = re.compile("|".join(_PARTS))
# How a store tells its rules, to everybody: nothing is done for anyone in it.
RULE = re.compile(
    r"\b(?:we|nous|on) (?:also |do )?(?:guarantee|offer|require|ask for|need|charge|match|garantissons|offrons|"
    r"demandons|proposons)\b|\bthere(?:'s| is) (?:a|an|no)\b|\b(?:secures|holds) (?:your|a|the) \w+|\bcomes off\b|"
    r"\b(?:is|are) (?:\w+ )?(?:required|needed|available|certified|licensed|covered for|guaranteed for)\b|"
    r"\b(?:we're|we are) (?:\w+ )?(?:licensed|certified|insured)\b|\b(?:est|sont) (?:demandé|exigé|certifié|"
    r"garanti)e?s?\b|"
    r"\b(?:se requiere|pedimos|ofrecemos|garantizamos|tienen certificación)\b"
)
FOR_YOU = re.compile(
    r"\b(?:i|we)(?:'ve| have| just)\b|\b(?:been|already|just|now|he|hemos|j'ai|avons|ya|déjà|approved|processed|"
    r"registered|received|paid)\b"
)
SURELY = re.compile(r"\b(?:did you know|you(?:'ll| will) be (?:glad|happy)|sabía (?:usted )?que|saviez-vous)\b")
# Not a refusal though it sounds like one.
NO_REFUSAL = re.compile(
    r"\bno matter\b|\bdon't worry\b|\bno problem\b|\bno (?:interest|credit check)\b|\bsin intereses\b|"
    r"\bsans intérêts?\b|\b(?:no|without(?: a| any)?|sin|sans) (?:fees?|charges?|cost|costo|cargo|frais|penalty)\b|"
    r"\bnot only\b|\bnot to \w+\b|\bif (?:you're|you are|it's|it is|you do)(?:n't| not)\b[^.;,]*|\bsi (?:no|"
    r"n')\b[^.;,]*|"
    r"\bno-show\b|\bat no (?:charge|cost)\b|\bno later than\b|\bno se preocupe\b|\bsorry, no\b|^no,|\bno-questions\S*"
)
REFUSAL = re.compile(
    r"\b(?:no|not|never|without|non|cannot|neither|nothing|sin|ning\w+|nunca|tampoco|ne|pas|aucune?|sans|jamais)\b|"
    r"n't\b|\bn'|\bnon-?refund|\bsales (?:are )?final"
)

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
