"""How people say in free words that they want no messages: patterns over lower-case words without accents."""

NOUNS = r"(?:texts?|txts?|text messages?|messages?|msgs?|sms|e ?mails?|communications?)"
TOUCHING = (
    r"(?:text\w*|txt\w*|messag\w*|msg\w*|sms|contact\w*|bother\w*|harass\w*|spam\w*|communicat\w*|e ?mail\w*|"
    r"writing|pinging|calling|blowing up|hitting me up|follow(?:ing)? ?ups?|reach(?:ing)? out|write|ping|reply|"
    r"hit me up|reminders?)"
)
BETWEEN = (
    r"(?:(?:all|the|these|those|this|any|your|my|more|further|sending|getting|with|w|me|us|of|out|it|such|"
    r"stupid) ){0,4}"
)
WHOM = r"(?:to )?(?:me|us|this|again|any|anymore|ever|no more)\b"
UNLESS_LATER = r"(?!.* (?:before|until|till|while|when|during|yet)\b)"
ENGLISH = (
    rf"\b(?:stop|quit|cease|discontinue|cancel|end) {BETWEEN}{TOUCHING}\b",
    r"\b(?:stop|quit) \w+ing (?:me|us|my phone|this (?:number|phone)|stuff|things|these|those|this)\b",
    rf"\b(?:stop|quit)(?: it)? (?:with|w) (?:all )?(?:the|these|your) (?:\w+ )?{NOUNS}",
    r"(?<!to )(?<!can )(?<!will )(?<!you )(?<!i )(?<!that )\bstop it$",
    r"\b(?:spam|scam)\b.*\bstop\b",
    r"\b(?:like|want|wish|need|ask\w*) to be (?:removed|taken off|deleted|unsubscribed)",
    r"\b(?:do not|dont) (?:want|wish) to hear from (?:you|this)",
    rf"\b(?:didnt|did not|stopped) {TOUCHING} me\b(?: any ?more| again|$)",
    r"\b(?:do not|dont|never) (?:call|text|email|contact|message)(?: or| and| nor) (?:call|"
    rf"{TOUCHING}) {WHOM}{UNLESS_LATER}",
    r"\b(?:number|phone) no longer belongs",
    r"\btaken off (?:this|the|your|of)",
    r"\bnot interested(?: \w+)? stop\b",
    r"\b(?:do not|dont|didnt|did not|never) (?:give|gave|consent|agree|agreed|sign|signed|ask|"
    r"asked)(?: \w+){0,3} (?:permission|consent|this|these|texts?|messages?)\b",
    rf"\b(?:do not|dont|never) (?:ever )?{TOUCHING}(?:$| \w+ number| {WHOM}){UNLESS_LATER}",
    rf"\b(?:do not|dont|never) send (?:me |us )?(?:any |more |these )*(?:{NOUNS}|anything|nothing|more)",
    r"\b(?:do not|dont) use (?:this number|it again)",
    rf"\bno need to {TOUCHING} me (?:any ?more|again)",
    r"\bno more of (?:these|those|this)",
    r"\bnot my number\b",
    r"\b(?:say|said|saying) stop$",
    rf"\b{NOUNS}\b.*\b(?:dont|do not) want (?:them|those)",
    r"\b(?:no more|no further|enough with|enough of|done with|tired of|sick of|fed up with) (?:getting |all |the |"
    rf"these |those |your )*{TOUCHING}",
    rf"^(?:please )?no {NOUNS}\b",
    r"\b(?:remove|delete|erase|drop|block) (?:me\b(?! a)|(?:my|his|her|our|this|that) (?:phone |cell )?number)",
    r"\b(?:take|get|keep) (?:me|my (?:name|number)|(?:this|his|her) number) (?:off|out of)",
    r"\b(?:do not|dont|no longer) (?:wish|want|need|care) (?:to )?(?:get |receive |have )?(?:any |more |these |"
    rf"those |your |further )*{NOUNS}\b",
    r"\b(?:do not|dont|no longer) (?:wish|want) (?:to be |you to |to get |being )?(?:contacted|texted|messaged|"
    r"contact|text)",
    rf"\b{NOUNS} (?:to )?stop\b",
    r"\bmake (?:it|this|them|these) stop\b",
    r"\bunsubscrib\w*\b(?! from (?:the|my|our) (?!texts|text|messages|list|sms))",
    r"\bopt\w* (?:\w+ ){0,2}out\b",
    r"\boptout\b",
    r"\brevok\w+ (?:my |all |the )*(?:consent|permission)",
    r"\blose (?:my|this) number",
    r"\bleave me (?:alone|be)\b",
    r"\bdo not (?:call|contact) list",
    r"\bwrong (?:number|person|guy|man|woman|phone)\b(?! of)",
    r"\b(?:not|isnt|arent) the right (?:number|person)",
)
# Within one clause: a no, and soon after it what we do to people who did not want it.
NO_TO_MESSAGES = (
    r"\b(?:stop|quit|cease|halt|end|dont|do not|never|no|no more|discontinue)(?: (?!got|get|gets|received|seen|"
    r"see|had|have|reply|sure|one|need to|know|call|forget|answered|answer|sent|saw|heard|idea|problem|"
    r"worries)\w+){0,4} (?:text|texts|texting|txts?|txting|messages?|messaging|msgs?|contact|contacting|"
    r"contacted|texted|messaged|sms|updates|notifications|reminders|follow ups)(?:$| (?:me|us|this|any|anymore|"
    rf"again|from (?!me)|at|to (?:this|my)|please|thanks|ever|now|for|needed)){UNLESS_LATER}"
)
SPANISH = (
    r"\b(?:dej\w+|paren?(?:le|me)?|para|parar|ces\w+|cancel\w+|basta)(?: ya)?(?: de| con| los| las| a| estos| sus|"
    r" me| tantos)* (?:mensajes|textos|sms|correos|enviar\w*|mandar\w*|escribir\w*|molestar\w*|contactar\w*|"
    r"textear\w*|llamar\w*)",
    r"\bno (?:me|nos) (?:mand|envi|escrib|contact|moles|text|llam)\w*?(?:e|en|es|a|an|as)\b(?! el| la| hasta|"
    r" antes)",
    r"\bno (?:me |nos )?(?:mand|envi)\w+ (?:ya )?(?:mas|nada)\b",
    r"\bno (?:quiero|deseo) que (?:me|nos) (?:escrib|mand|envi|contact|text|llam)\w+",
    r"\bno (?:quiero|deseo|queremos) (?:recibir )?(?:mas |sus |estos )*(?:mensajes|textos|sms|correos)",
    r"\bno mas (?:mensajes|textos|sms|correos)",
    r"\b(?:quit|saqu|borr|elimin|remuev)\w*(?:me|nos)\b.* (?:lista|base|contactos)",
    r"\b(?:borr|elimin|quit|saqu)\w+ (?:mi|este) numero",
    r"\b(?:dar|darme|darnos|deme|denme|date) de baja",
    r"\bno (?:escrib|mand|llam)(?:an?|en?)\b(?: mas|$)",
    r"\bnumero ya no es\b",
    r"\bnumero equivocado",
    r"\bequivoc\w+ de (?:numero|persona)",
    r"\bdejen?(?:me|nos) en paz",
)
FRENCH = (
    r"\b(?:arret\w*|cess\w*|stop\w*)(?: svp| de| d| m| me| nous| les| ces| vos| tous| a| avec)* (?:ecrire|envoyer|"
    r"texter|contacter|deranger|appeler|messages?|textos?|textes|sms|courriels)",
    r"\bne (?:m |me |nous )(?:envoy|contact|ecri|text|derang|appel)\w* plus",
    r"\bne plus (?:m |me |nous )?(?:envoyer|ecrire|contacter|texter|appeler)",
    r"\bpas (?:le bon numero|la bonne personne)",
    r"\bne (?:m |me )envoy\w* pas de (?:messages|textos)",
    r"\bplus (?:recevoir )?(?:de |d |aucun |etre )?(?:vos |ces |autres )?(?:messages?|textos?|textes|sms|"
    r"courriels|contacte)",
    r"\b(?:retir|enlev|supprim|effac|ray)\w* (?:moi|mon (?:numero|nom)|ce numero)",
    r"\bme (?:retirer|enlever|supprimer|rayer) ",
    r"\b(?:desabonn|desinscri)\w*",
    r"\bmauvais(?:e)? (?:numero|personne)",
    r"\blaissez moi (?:tranquille|en paix)",
)
