"""Who names a term of business without promising it, who refuses it, and who tells it as a rule. EN, ES, FR.

All patterns match plain text in lower case.
"""

import re

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
    r"pregunt\w+|permítame|resuelven?|prefiere|le (?:puede|pueden|informa)|conviene|vale la pena|se las? explica|"
    r"habría que|"
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
