"""How terms of business are said: warranty, financing, deposit, refund, cancelling, matching, credentials. EN, ES, FR.

All patterns match plain text in lower case.
"""

import re

_WARRANTY = r"(?:warrant(?:y|ies)|guarantees?|garant[ií]as?|garanties?)"
# "Warranty card", "warranty question": paper and talk, no promise.
_NO_PAPER = (
    r"(?! (?:questions?|cards?|claims?|cases?|work|redo|certificates?|papers?|terms|transfers?|documents?|info\w*|"
    r"sheets?|details?|registration|team|inspection|replacement|in (?:chinese|english)))"
)
LIFE = (
    r"(?:lifetime|life-?long|for life|for ?ever|as long as you (?:own|have)|(?:de )?por vida|vitalici[oa]s?|"
    r"para siempre|toda la vida|à vie|a vie|pour toujours)"
)
_SPAN = r"(?:years?|yrs?|months?|days?|años?|meses|mes|días?|ans?|année|mois|jours?|\d-year)"
_GIVE = (
    r"(?:com(?:es?|ing) with|carr(?:y|ies)|includ(?:es?|ing)|ha(?:s|ve)|'d have|offers?|provides?|gives?|gets?|stand "
    r"behind|backed (?:by|with)|covered (?:by|under)|(?:is|are|'s|still) under|there(?:'s| is| are)|honou?rs?|with (?:a|"
    r"an|our|full)|tienen?|tenemos|vienen? con|ofrece\w*|incluyen?|dan?|damos|con|cuentan? con|hay|llevan?|"
    r"ont|a|offr\w+|propos\w+|avec|inclu\w+|comprend|couvert\w* par|bénéficie\w*|il y a|donn\w+)"
)
WARRANTY = re.compile(
    rf"{LIFE}[^.;]{{0,30}}\b{_WARRANTY}|\b{_WARRANTY}[^.;]{{0,40}}(?:\b{LIFE}|\b{_SPAN}\b)|"
    rf"\b{_SPAN}[^.;]{{0,20}} (?:de )?{_WARRANTY}|"
    rf"\b{_GIVE}\b[^.;]{{0,40}}\b{_WARRANTY}\b{_NO_PAPER}|(?:\bno|\bsin|\bsans|\baucune|\bpas de) {_WARRANTY}\b{_NO_PAPER}|"
    rf"\b{_WARRANTY} (?:also |only |fully |too )?(?:covers?|is (?:fully )?(?:included|transferable|valid|good|void)|"
    r"lasts?|cubre|couvre|incluid[oa]|inclus\w*|est |es (?:de|transferible))|"
    r"\b(?:(?:is|are|'s|fully|work|labor|satisfaction),? guaranteed|warrantied|guaranteed (?:for|against|to last)|we guarantee|"
    r"garantizamos|(?:está|están|queda|quedan|satisfacción|trabajo) garantizad[oa]s?|garantizad[oa]s? (?:por|contra)|"
    r"garantissons|(?:est|sont|satisfaction|entièrement) garantie?s?)\b|"
    rf"\b(?:covered|protected|cubiert[oa]s?|couverte?s?|garantie?s?) (?:{LIFE}|against|contra|contre|(?:for|por|"
    rf"pendant) [\w ]{{0,12}}{_SPAN})"
)
LASTING = re.compile(
    rf"\b(?:lasts?|last|dura|durar[áa]|duran|dure|durent|durera) (?:you |a |toda )?{LIFE}|"
    r"\blasts? a lifetime|\bdure toute (?:la|une) vie"
)
LENDERS = "affirm klarna afterpay synchrony acima sezzle wisetack sunbit snap paypal zip katapult progressive".split()
_LENDERS = "|".join(LENDERS)
_FINANCING = (
    r"(?:financ(?:ing|e plans?|iamiento|iación|ements?)|payment plans?|instal+ments?|monthly payments?|planes? de pagos?|"
    r"mensualidades|cuotas|meses sin intereses|(?:a|en) plazos|mensualités|paiements? (?:mensuels?|échelonnés?|"
    r"en plusieurs fois)|facilités de paiement|credit check)"
)
FINANCING = re.compile(
    rf"\b(?:we|you|there(?:'s| is| are)?|store|shop|ofrecemos|ofrece|tenemos|hay|puede\w*|aceptamos|nous|on|vous|"
    rf"il y a)\b[^.;?]{{0,40}}\b(?:{_FINANCING}|(?:{_LENDERS})\b)|\b(?:{_FINANCING})[^.;]{{0,12}} (?:is|are|está|est|"
    rf"sont) (?:also |currently |siempre )?(?:available|offered|possible|through|by|interest|disponibles?|possibles?|"
    rf"proposé\w*|\d)|\b(?:{_FINANCING})[^.;]{{0,30}}\d|\d ?%[^.;]{{0,24}}\b(?:{_FINANCING}|interest|apr|inter[eé]s\w*|"
    r"intérêts?)|\b(?:zero|0|no) (?:percent|%)? ?(?:apr|interest)|\binterest[- ]free\b|\b(?:no|zero|sin|sans|0) (?:interest|inter[eé]s\w*|intérêts?)\b|"
    r"\b(?:pay|split|spread)\b[^.;]{0,20}\b(?:over|into|in) [\w-]+ (?:months?|payments?|weeks?)|"
    r"\bpag\w+[^.;]{0,20}\b(?:a|en) \w+ (?:meses|pagos|mensualidades|cuotas|quincenas)|"
    r"\b(?:payer|régler|paiement)[^.;]{0,20}\ben \w+ (?:fois|mois|mensualités)|"
    rf"\b(?:no|sin|pas de|aucune?) (?:{_FINANCING})"
)
_DEPOSIT = r"(?:deposits?|down payments?|dep[óo]sitos?|anticipos?|enganche|acomptes?|arrhes)"
DEPOSIT = re.compile(
    rf"\b{_DEPOSIT}[^.;]{{0,30}}\b(?:required|needed|necessary|asked|due|holds?|secures?|of|(?:is|es|est) (?:de )?[$\d]|(?:is|es|est) (?:de |du )?\w* ?[$\d]|"
    rf"requerid[oa]|necesari[oa]|obligatori[oa]|obligatoire|exigée?|demandée?|requise?|nécessaire|del?)|"
    rf"\b(?:require|requires|need|needs|take|takes|charge|charges|ask|asks|there(?:'s| is)|requieren?|pedimos|piden?|"
    rf"cobramos|cobran?|necesitamos|necesita|hay|demandons|demande|exigeons|prenons|faut|il y a)\b[^.;]{{0,24}}"
    rf"[ ']{_DEPOSIT}|(?:[$\d]|%|\bpercent|\bpor ciento|\bpour cent)[^.;]{{0,12}} {_DEPOSIT}|"
    rf"\b(?:no|any|ningún|sin|aucun|sans|pas d')\s?{_DEPOSIT}|"
    r"\b(?:put|pay|leave) (?:anything|something|money|nothing|half|[$\d]\w*) (?:down|up front|upfront)|"
    r"\b(?:nothing|money|half|percent|%) (?:down|up ?front)\b|\bdejar depósito|\bbesoin d'acompte"
)
DEPOSIT_BACK = re.compile(
    rf"\b{_DEPOSIT}[^.;]{{0,40}}\b(?:refund\w*|non-?refundable|returned|back|reembols\w+|devuel\w+|rembours\w+|rendu)|"
    rf"\b(?:refund\w*|non-?refundable|reembols\w+|remboursables?) {_DEPOSIT}"
)
DEPOSIT_KEPT = re.compile(
    rf"\b{_DEPOSIT}[^.;]{{0,12}}\b(?:kept|forfeit\w*|lost|pierde|retenid[oa]|perdu|conservé)|"
    rf"\b(?:keep|lose|forfeit|pierde|perdez|gardons) (?:the |your |el |su |l'|votre ){_DEPOSIT}"
)
DEPOSIT_CREDITED = re.compile(
    r"\b(?:goes|go|applied|applies|counts?|credited|comes off|toward)\b[^.;]{0,16}\b(?:bill|balance|total|invoice|price|"
    r"ticket)\b|\bse (?:aplica|descuenta|abona)\b[^.;]{0,16}\b(?:total|cuenta|factura|precio)|"
    r"\bdéduit\w* (?:du|de la|de votre)\b"
)
_CANCEL = r"(?:cancel\w*|cancela\w*|anula\w*|annul\w+|resched\w+|reprogram\w+|déplac\w+)"
_NO_FEE = (
    r"(?:free(?: of charge)?|(?:no|any|without(?: a| any)?) (?:\w+ )?(?:fees?|charges?|cost|penalty|penalties)|at no "
    r"(?:cost|charge)|costs? nothing|sin (?:ning[uú]n )?(?:costo|cargo|coste|penali\w+)|gratis|gratuit\w*|"
    r"sans (?:frais|pénalité)|aucuns? frais)"
)
CANCEL_FREE = re.compile(rf"\b{_CANCEL}\b[^.;]{{0,40}}\b{_NO_FEE}|\b{_NO_FEE}[^.;]{{0,24}}\b{_CANCEL}\b")
CANCEL_FEE = re.compile(
    r"\b(?:cancel\w*|no-show|late|missed) (?:fees?|charges?)\b|\bfrais d'annulation|\b(?:cargo|tarifa|costo|multa) (?:por|"
    r"de) cancel\w+|\b(?:charge|cobr|factur)\w*[^.;]{0,24}\b(?:cancel|no-show|annul)\w*|"
    r"\b(?:cancel\w+|no-shows?) (?:costs?|are charged|is charged)\b|\bfor (?:late )?(?:cancel\w+|no-shows)[^.;]{0,20}\$"
)
CANCEL_UNTIL = re.compile(
    rf"\b{_CANCEL}\b[^.;]{{0,40}}\b(?:until|up to|at least|no later than|within|hasta|al menos|con|jusqu'à|jusqu'au|"
    rf"au moins|any ?time|en cualquier momento|à tout moment)\b"
)
REFUND = re.compile(
    r"\b(?:we|you|you'll|there(?:'s| is| are)?|offer|offers|get|gets|give|receive|issue)\b[^.;?]{0,30}\brefunds?\b|"
    r"\b(?:full|complete|100 ?%) refunds?\b|\bmoney[- ]back\b|\bnon-?refundable\b|\brefundable\b|"
    r"\brefunds? (?:are|within)\b|\b(?:your )?money back\b|\ball sales (?:are )?final\b|\bfor a refund\b|"
    r"\b(?:devolvemos|regresamos) (?:su|el|tu) dinero|\breembolso (?:completo|total|íntegro)|\b(?:hay|ofrecemos|damos|tiene) (?:un "
    r")?reembolsos?\b|\breembolsamos\b|\bremboursement (?:intégral|complet|total|est|sous)|\bsatisfaite?s? ou "
    r"remboursée?s?|\b(?:nous|on) (?:vous )?rembours\w+|\bvous (?:êtes|serez) remboursé"
)
MATCH = re.compile(
    r"\bprice[- ]?match\w*|\b(?:match|matches|beat|beats|undercut)\b[^.;]{0,24}\b(?:prices?|quotes?|competitors?\w*|"
    r"offers?|estimates?)\b|\bmejoramos cualquier|\bigualamos\b[^.;]{0,16}\b(?:precios?|cotizaci\w+|ofertas?)|"
    r"\balign(?:ons|e)\b[^.;]{0,16}\b(?:prix|concurren\w+|offres?)"
)
_STAFF = (
    r"(?:we|we're|our|shop|store|team|installers?|technicians?|techs?|staff|somos|estamos|nuestr[oa]s?|taller|tienda|"
    r"equipo|instaladores|técnicos|nous|notre|nos|atelier|magasin|équipe|installateurs|techniciens)"
)
_CREDENTIAL = (
    r"(?:licensed|certified|insured|bonded|accredited|authori[sz]ed|certificad[oa]s?|acreditad[oa]s?|autorizad[oa]s?|"
    r"asegurad[oa]s?|(?:tiene|tenemos|cuenta con|contamos con) (?:licencia|seguro)|licenciad[oa]s|certifiée?s?|agréée?s?|accréditée?s?|"
    r"assurée?s|habilitée?s?)"
)
CREDENTIAL = re.compile(
    rf"\b{_STAFF}\b[^.;]{{0,50}}\b{_CREDENTIAL}\b|\b{_CREDENTIAL} (?:\w+ )?(?:installer|technician|shop|dealer)s?\b|^contamos con (?:licencia|seguro)"
)
INSURANCE = re.compile(
    r"\b(?:we|we'll) (?:will |can |also )?(?:file|handle|bill|submit|take care of|work with)\b[^.;]{0,24}\binsur\w+|"
    r"\bdeductible (?:is|gets|will be) (?:waived|covered|on us)|\btramitamos\b[^.;]{0,20}\bseguro|"
    r"\bnous (?:gérons|traitons)\b[^.;]{0,20}\bassur\w+"
)
KINDS = {
    "warranty": WARRANTY, "lasting": LASTING, "financing": FINANCING, "deposit": DEPOSIT,
    "refund of a deposit": DEPOSIT_BACK, "loss of a deposit": DEPOSIT_KEPT, "use of a deposit": DEPOSIT_CREDITED,
    "cancelling free": CANCEL_FREE, "cancellation fee": CANCEL_FEE, "time to cancel": CANCEL_UNTIL,
    "refund": REFUND, "price match": MATCH, "credentials": CREDENTIAL, "insurance claims": INSURANCE,
}  # fmt: skip

# Who does not know, sends elsewhere, or tells of others promises nothing.
NO_PROMISE = re.compile(
    r"\b(?:whether|depends?|depende\w*|dépend\w*|unless|not sure|rather not|guess|no (?:information|details?|idea|clue|access|record|way)|(?:any|more) (?:information|details?)|up to (?:the|them|your)|decides?|mine to|go through|maybe|case-by-case|news to me|on your account|can affect|best for|nothing to cancel|(?:would|d|will|'ll) (?:have|need) to|beyond|outside what|best (?:put|answered|place)|right place|worth|feel free|"
    r"please|may|might|(?:some|most|many|other|another|few) (?:\w+ )?(?:shops?|stores?|makers?|brands?|places?|insurers?|"
    r"lenders?|bookings?|jobs?|manufacturers?|warrant\w+)|elsewhere|lender|the (?:other|dealer)|usually|normally|typically|"
    r"generally|sometimes|often|interested|tell me|question|ask(?:ed|ing)? (?:the|our|them|about|if|at|me|us|yours?|a )|"
    r"check (?:with|the|that)|confirm (?:that|it|with|which|la|cette)|(?:you|you've|usted|vous) (?:\w+ )?(?:said|"
    r"mentioned|asked|wrote|heard|read|looking|mencion\w+|pregunt\w+|parlé|mentionné|demandez)|"
    r"(?:team|store|shop|manager|they|people|desk|office|owner|installer) (?:\w+ )?(?:can|could|will|would|may|might|"
    r"has to|should|knows?|explains?)|"
    r"your (?:insur\w+|policy|agent|lender|bank)|no sé|ignore|sabe|prefiero no|preguntar\w*|pregunt[eaé]\w*|tendría\w*|"
    r"dependiendo|normalmente|suele\w*|podría\w*|a veces|algun[oa]s|otr[oa] (?:taller|tienda)|habría|decirle|"
    r"le puede decir|conviene|información|prefiero|vale la pena|demander à|peut vous|peut-être|parfois|"
    r"généralement|habituellement|normalement|certain(?:e?s)?|l'autre|d'autres|relève|information|"
    r"c'est au|souvent|pourra\w*|toujours permis|dépasse|généralement|serait|serais|d'après)\b|"
    r"\b(?:i|we|i'm)\b[^.;,]{0,12}(?:n't| not|cannot| unable)(?: to)? (?:able to |really |honestly |want to )?(?:know|say|"
    r"tell|promise|guarantee|confirm|see|speak|commit|take|find|have any|accept|approve|give|offer|make|change)\b|\b(?:nobody|no one|nadie|personne)\b|\bif (?:a|any|one|they|offered|the|we|there)\b[^.;]{0,24}\b(?:appl\w+|"
    r"offer\w*|allow\w*|need\w*|issues?|is|does)\b|\bif (?:any|at all|offered)\b|\bnothing (?:i have|here|in what)\b|\brien (?:dans|ne)\b|\blike to know\b|\bi can (?:ask|call|pass)\b|\bi'm not the (?:one|person)\b|"
    r"\bsi (?:se|un|une|hay|aplica|ofrece\w*|proposons|nous)\b|\b(?:no|any|aucun) \w+ has been\b|\bno (?:le )?pued[oe] (?:\w+ ){0,2}?(?:decir\w*|recibir|"
    r"garantizar\w*|prometer\w*|saber|confirmar\w*)\b|\bno tengo\b|\bje (?:ne|n'ai) [^.;]{0,40}\b(?:pas|connais)\b|"
    r"\bje (?:dois|préfère)\b"
)
SURELY = re.compile(r"\b(?:did you know|you(?:'ll| will) be (?:glad|happy)|sabía (?:usted )?que|saviez-vous)\b")
# Not a refusal though it sounds like one.
NO_REFUSAL = re.compile(
    r"\bno matter\b|\bdon't worry\b|\bno problem\b|\bno (?:interest|credit check)\b|\bsin intereses\b|\bsans intérêts?\b|"
    r"\b(?:no|without(?: a| any)?|sin|sans) (?:fees?|charges?|cost|costo|cargo|frais|penalty)\b|\bnot only\b|"
    r"\bif (?:you're|you are|it's|it is) not\b[^.;,]*|\bsi no\b[^.;,]*|\bno-show\b|\bat no (?:charge|cost)\b|"
    r"\bno later than\b|\bno se preocupe\b|\bsorry, no\b|^no,"
)
REFUSAL = re.compile(
    r"\b(?:no|not|never|without|non|cannot|neither|nothing|sin|ning\w+|nunca|tampoco|ne|pas|aucune?|sans|jamais)\b|"
    r"n't\b|\bn'|\bnon-?refund|\bsales (?:are )?final"
)

_WORDS = frozenset(
    "warrantied percent half costs fees charged remboursé regresamos besoin dejar contamos "
    "warranty warranties guarantee guarantees guaranteed garantía garantia garantías garantizado garantizada garantizados "
    "garantizadas garantizamos garantie garanties garanti garantis garantissons covered cubierto cubierta couvert "
    "couverte couverts lifetime lifelong vie vida vitalicia life forever lasts financing finance financed financiamiento "
    "financiación financement plan plans planes installments instalments installment payments interest intereses "
    "intérêts intérêt apr pay paying split pagar pagarlo pagarla plazos cuotas mensualidades mensualités fois payer "
    "deposit deposits depósito deposito depósitos anticipo anticipos enganche acompte acomptes arrhes down upfront refund "
    "refunds refundable nonrefundable money dinero reembolso reembolsos reembolsable reembolsamos devolvemos "
    "remboursement remboursable remboursé remboursons rembourse final cancel cancels cancelling canceling cancellation "
    "cancelar cancele cancelación annuler annulation annulez show late match matches matching beat beats undercut "
    "igualamos mejoramos alignons aligne licensed certified insured bonded accredited authorized authorised certificado "
    "certificada certificados certificadas acreditado acreditados autorizado autorizados asegurado asegurados licencia "
    "seguro certifié certifiée certifiés certifiées agréé agréés agréée accrédité accrédités assurés habilités insurance "
    "deductible assurance fee fees frais toward bill applied aplica descuenta déduit credit affirm klarna afterpay "
    "synchrony acima sezzle wisetack sunbit paypal reschedule".split()
)  # fmt: skip
TERM_WORDS = _WORDS | {f"{article}'{word}" for article in "ld" for word in _WORDS if word[0] in "aehiou"}
