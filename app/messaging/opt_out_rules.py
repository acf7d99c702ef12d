"""The patterns over concepts that make a sentence a stop, and what around them makes another thing of it. Pure data.

Concepts are in capitals and come from opt_out_lexicon.toml; MORE stands for the French `plus` (PLUS) too.
"""

import re

# A plain word that a phrase may go on over: never a comma, another subject, another place or another thing that is done.
STEP = (
    r"(?!(?:and|but|or|i|he|she|they|we|by|in|at|if|when|before|until|till|while|during|because|so|il|elle|je|j|y|et|"
    r"pero|si|cuando|quand|off|lol|haha|i|how|what|avant|antes|hasta)\b|(?!fucking|freaking|annoying|damning|these)[a-z]+ing\b)[a-z0-9#%$*]+"
)


def _gap(most: int, *concepts: str) -> str:
    """Up to `most` plain words, or words of these concepts."""
    return f"(?:(?:{'|'.join((*concepts, STEP))}) ){{0,{most}}}"


OURS = "(?:TEXT|SEND|ANNOY|STUFF)"
TOUCH = "(?:TEXT|SEND|ANNOY|CALL)"
POLITE = (
    r"(?:please|thanks|thank|YOU|and|ok|okay|now|already|just|right|away|immediately|asap|bro|man|dude|sir|lol|kindly|"
    r"guys|people|seriously|ya|por|favor|gracias|svp|s|il|plait|merci|for|good|it|this|that|YOUR|MY|hey|hi|hello|yo|so|"
    r"MORE|can|could|would|will|WANT|to|i|ca|la|tabarnak|wey|guey|d|un|coup|tout|suite|de|donc|bon|pouvez|peux|puedes|pueden|"
    r"veuillez|que|ahora|mismo|fucking|damn|plain|fr|tho|stp|bye|do|with|the|yes|no|or|else|NOT|sorry|le|les|faut|asking|make|"
    r"making|either|way|le|lo|esto|eso|of|thing|nonsense|bruh|wow|ffs|omg|geez|god|jesus|dang|lmao|ugh|jeez|maam|miss|me|ME|am|yes|non|oui|mean)"
)
WHOM = "(?:ME|(?:MY|YOUR) (?:[a-z]+ ){0,2}NUMBER|NUMBER|MY (?:wife|mom|mother|dad|husband|son|daughter))"
# A name says what the words were read as.
RULES = tuple(
    (name, re.compile(re.sub(r"\bMORE\b", "(?:MORE|PLUS)", "|".join(patterns).replace("(?:MORE|PLUS)", "MORE"))))
    for name, *patterns in (
        (
            "end of contact",
            rf"\b(?:END|CANCEL|ENOUGH) {_gap(5, 'ME', 'YOUR', 'MORE', 'MY', 'GET', 'KEEP', 'NUMBER', 'LIST')}{OURS}\b",
            rf"\b(?:TEXT|STUFF) (?:[a-z]+ ){{0,2}}(?:END|ENOUGH|off)(?: please| now| svp| MORE|$)",
            r"\b(?:GET|make) (?:YOUR|YOU|ME|MY|people|guys| )+(?:to )?END\b|\bEND (?:asking|AGREE)\b|\bto END (?:YOUR|MY)$|\bdo i END (?:GET )?YOUR$|\b(?:turn|shut) (?:YOUR|it|them)(?: bot| robot| TEXT)? off\b",
            r"\bEND (?!(?:charging|billing|making|giving|telling)\b)[a-z]+ing (?:to (?:GET |[a-z]+ )?)?(?:ME|MY NUMBER|MY inbox|MY$)|\bEND txt[a-z]* ME",
            r"\bmak(?:e|ing) (?:[a-z]+ |YOUR |MY ){1,2}(?:TEXT )?END\b",
        ),
        ("end of calls", rf"\bEND {_gap(3, 'ME', 'YOUR')}CALL\b"),
        (
            "no contact",
            r"(?<!\bi )(?<!\bYOU )\bNOT (?:(?:MORE|KEEP|WANT|WANT to GET|YOU|ME|please|try|trying|bother|even|dare|be|have|que|le|nos|d|"
            r"fucking|a|go|need|esten|anden|se|ustedes|to) ){0,4}(?:TEXT|ANNOY)\b(?! lens|(?: NOT)? MY (?:husband|mari|esposo)| YOUR (?!NUMBER|same)| by\b| at YOUR| sign| back\b| , (?:just|digame|dime)| WANT| nuevos| MY work NUMBER , TEXT)",
            r"\bTEXT ME (?:NOT )?MORE\b(?! about| info| pics| details)(?= svp| please|$)",
            r"\b(?:NOT MORE|de MORE|de NOT MORE) (?:ME |le |la |YOUR )?TEXT\b",
            r"\bYOU NOT TEXT ME (?:MORE|ever)",
            r"\bcan (?:YOU )?NOT TEXT\b",
            r"\bME (?:TEXT|SEND|ANNOY) PLUS\b|\b(?:TEXT|ANNOY|CALL) ME (?:PLUS|NOT)(?:$| svp| pis| ,| merci)|\bPLUS ME (?:SEND|TEXT)",
        ),
        (
            "no sending",
            rf"\bNOT (?:(?:MORE|KEEP|YOU|ME|WANT|please|try|to|be|que|le|les|de|a|me|bother|bothering|a|esten) ){{0,4}}SEND "
            r"(?:(?:ME|MORE|YOUR|YOU|NOT|de|d|to|MY|NUMBER|[a-z]+) ){0,4}(?:TEXT|STUFF|ANNOY|ANYTHING|MORE)\b",
            r"\bNOT (?:YOU |ME |se )?MORE (?:ME |le )?SEND\b|\bNOT (?:ME )?SEND(?: ME)?(?: MORE| ,|$)",
            r"\bya NOT (?:ME |le )?SEND\b|\bNOT (?:ME |le )?KEEP (?:ME )?(?:SEND|TEXT)\b",
        ),
        ("no calls", r"(?<!i )\bNOT (?:(?:MORE|KEEP|YOU|ME|le|la) ){0,3}CALL\b"),
        (
            "no more",
            r"\b(?:NOT|ENOUGH) (?:(?:MORE|YOUR|WANT|de|d|of|for|a|NOT|to|KEEP) ){1,4}(?:(?!(?:i|than|info)\b)[a-z]+ ){0,2}(?:TEXT|STUFF|ANNOY|SEND)\b(?! i\b| about)",
            r"^(?:please |svp |merci )?(?:NOT|MORE|NOT MORE) (?:(?:de|d|NOT) )?(?!YOUR)(?:[a-z]+ )?(?:TEXT|ANNOY|STUFF)(?: please| svp| ME| merci| thanks| s il|$)",
            r"(?:^|, )(?:svp |please )?MORE (?:de|d|NOT) (?:YOUR )?(?:TEXT|STUFF)\b",
            r"\bNOT MORE (?:of )?(?:YOUR|MY)(?: please|$)|\bplease NOT MORE$|\bNOT (?:real |really )?(?:reason|point|use|besoin|WANT) (?:(?:to|in|de|d|a|que) )?(?:KEEP )?(?:ME )?(?:TEXT|SEND)\b",
        ),
        (
            "not wanted",
            rf"\b(?:NOT|j|je) (?:(?:really|longer|even|MORE|ME|le|YOU|plan|not|real|particularly) ){{0,3}}WANT (?:MORE |NOT )?{_gap(5, 'ME', 'YOUR', 'MORE', 'GET', 'MY', 'YOU', 'NOT', 'KEEP', 'WANT')}(?:{OURS})\b(?<!i WANT TEXT)",
            r"\bNOT (?:(?:MORE|longer) )?WANT (?:MORE )?(?:to )?GET (?:(?:from|de) )?(?:YOU\b|(?:YOUR|MY|STUFF)(?:$| MORE| ,| from| please| thanks))",
            r"\bNOT KEEP GET (?:YOU|YOUR)",
            r"\bNOT WANT (?:MORE |PLUS )?(?:GET )?ANYTHING (?:(?:from|de|GET) )*(?:YOU|YOUR|MY)\b|\bNOT WANT (?:any|YOUR) of (?:MY|YOUR)$|^(?:please )?NOT WANT ANYTHING$",
            r"\bYOUR TEXT (?:are )?NOT WANT|\bDONE (?:, )?NOT (?:TEXT|reply)|\bDONE (?:GET|YOUR) (?:YOUR )?TEXT|\bNOT hace falta que (?:ME )?(?:[a-z]+ )?(?:TEXT|SEND|CALL)|\binutile de (?:ME )?TEXT|\bNOT la peine de (?:ME )?TEXT|\bbesoin de ME TEXT|\b(?:PLUS|NOT) besoin de (?:ME )?(?:TEXT|SEND)",
            r"\bNOT (?:de )?(?:PLUS |MORE )GET (?:MORE )?(?:de )?YOUR TEXT",
            rf"\bTEXT\b.*\bNOT WANT (?:them|those|it|YOUR)\b",
        ),
        ("wanted not", rf"\bWANT (?:(?:YOU|YOUR|if|it|to|que|de|not|guys|people) ){{0,4}}NOT (?:to )?{_gap(3, 'ME', 'MORE', 'GET', 'YOU', 'YOUR', 'KEEP')}{OURS}\b"),
        (
            "removal of a person",
            r"(?<!will )\bREMOVE ME(?: from (?!YOUR (?:sat|sun|mon|tue|wed|thu|fri|slot|app|waitlist))|$| ,| please| now| svp| s il| por| MORE| asap| thanks| thank| gracias| merci| off| de (?:YOUR|la|TEXT|MY|LIST|todo)| del)",
            r"\bME REMOVE(?:$| de| d| svp| s il| please)",
            rf"\b(?:TAKE|GET|KEEP|REMOVE) (?:to )?(?:it|him|her|them|MY) (?:off|out)(?: of)? (?:(?:[a-z]+ |YOUR |MY ){{0,3}}(?:LIST|TEXT)|whatever|MY$)",
            rf"\b(?:TAKE|GET|KEEP|REMOVE) (?:to )?{WHOM} (?:[a-z]+ )?(?:off|out)(?: of)?(?:$| ,| please| now| thanks| whatever| before| MORE| MY ,| (?:[a-z]+ |YOUR |MY ){{0,3}}(?:LIST|TEXT|STUFF|CALL|thing|here)\b| (?:MY|YOUR)(?:$| thing| please))",
            r"^(?:please |svp |just )?(?:REMOVE|TAKE off LIST|off LIST)(?: please| svp| por favor| now)?$",
            r"\bWANT (?:to be |to get )?(?:out|off)(?: of)?(?:$| (?:YOUR|MY)(?:$| TEXT| LIST| thing| chain))",
            r"\b(?:be|being|etre) (?:REMOVE|TAKE(?: off| out)|UNSUB)\b|\bNUMBER (?:is |gets |be )?(?:TAKE off|REMOVE)",
        ),
        (
            "removal of a number",
            r"\b(?:REMOVE|CANCEL|LOSE|TAKE|GET) (?:(?:YOUR|MORE|to|off|out|a|please) ){0,2}(?:MY|ME|YOUR) (?:(?:[a-z]+|MY) ){0,2}NUMBER\b(?! plate| on the| off(?! YOUR| MY|$| please))",
            r"^(?:please )?REMOVE NUMBER(?: please|$)|\bWRONG_NUMBER\b.*\bREMOVE\b|\bREMOVE MY (?:TEXT|LIST)\b",
        ),
        (
            "removal from a list",
            rf"\bREMOVE {_gap(5, 'ME', 'MY', 'NUMBER', 'YOUR')}(?:off|from|of|out of|de|d|du|des) {_gap(3, 'YOUR', 'MY', 'TEXT', 'STUFF', 'CALL')}(?:LIST|TEXT|STUFF)\b",
            rf"\b(?:off|TAKE de|GET out of|TAKE ME de|out of) (?:[a-z]+ )?(?:YOUR|MY) {_gap(2, 'TEXT', 'STUFF', 'CALL')}LIST",
            r"\bNOT (?:CALL|TEXT) (?:list|LIST)\b|\b(?:why|how|NOT)\b.* (?:on|sur|en) (?:YOUR|MY) (?:TEXT |[a-z]+ )?LIST(?! for)",
        ),
        (
            "unsubscribe",
            r"(?<!NOT )\bUNSUB\b(?! link)(?! YOUR link)(?! c est)(?! (?:from|of|de) (?:YOUR |MY )?(?!TEXT|STUFF|LIST|SEND|NOT|ME\b|all\b|everything|it\b|esto|todo|tout|MORE|here|MY|YOUR|NUMBER|[a-z]+ (?:TEXT|STUFF|LIST))[a-z])",
        ),
        ("leave alone", r"\bGO_AWAY\b|\bTAKE (?:ME|us) (?:[a-zA-Z]+ ){0,3}alone\b"),
        ("legal threat", r"\bLAW\b", r"\bLAWYER\b.*\b(?:TEXT|CALL|GET|hear\w*|touch|if|nouvelles|YOU)\b|\b(?:GET|hear\w*|nouvelles) (?:from |de )?LAWYER|\bTEXT\b.*\bLAWYER|\bi have LAWYER$|\bCALL LAWYER"),
        ("blocked", r"^(?:i |ya |je |reported and )?(?:am |have |going |to |YOU |YOUR |vous |los |voy a )*BLOCK(?:$| YOU\b| MY NUMBER| NUMBER| ME\b)", r"^(?:MY is |esto es |c est (?:du )?|these are |its |reported as |i consider MY )?ANNOY$"),
        ("number not used", r"\bNOT use (?:it|MY)\b(?: NUMBER| MORE| ,|$)(?! (?:film|one))|\bNOT (?:to )?use MY NUMBER"),
        (
            "wrong number",
            r"(?<!AGREE YOU YOUR )(?<!MY chum )(?<!i have YOUR )\bWRONG_NUMBER\b(?! (?:of|on) (?!ME|MY phone)[a-zYM]+)",
            r"\bNOT (?:longer )?(?:have|has|uses?|es de|est a) MY NUMBER(?: MORE|$)(?! at)|\bMY NUMBER NOT (?:longer )?(?:belongs|es|est)",
            r"\bi (?:am )?NOT YOUR (?:person|one) who|\b(?:there is )?NOT (?:de )?[a-z]+ (?:here|ici)$|^(?:MY|c est) NOT (?:le )?[a-z]+s NUMBER|\bnot? hay ningun [a-z]+$",
        ),
        ("consent withdrawn", rf"\bCONSENT (?:is )?WITHDRAW|\b(?:WITHDRAW|REMOVE) {_gap(4, 'MY', 'YOUR', 'MORE')}CONSENT"),
        (
            "no consent",
            r"\bNOT (?:(?:YOU|YOUR|ME|les|le|ever|have|once|j|ai|MORE) ){0,4}(?:AGREE|WANT) (?:(?:to|for|YOU|YOUR|ME|de|a|any|of|get|GET|a hundred|a|hundred|be|le|les|MY) ){0,5}(?:CONSENT|TEXT|STUFF)\b",
            r"\bNOT (?:(?:YOU|ever) ){0,2}AGREE (?:(?:to|for) )?(?:MY|YOUR)(?:$| ,| TEXT)",
            r"\bNOT (?:(?:YOU|have|has|tienen|avez|ont|MY|recall|AGREE|YOU|remember|giving|que) ){0,4}CONSENT\b|\bNOT (?:ME )?(?:suis )?(?:NOT )?AGREE (?:a|en) (?:MY|YOUR|esto)|\bNOT (?:ai )?(?:NOT )?AGREE MY CONSENT|\bNOT AGREE (?:for )?MY , END|\bi NOT (?:ever )?AGREE$",
        ),
        ("told to stop", r"\b(?:told|tell|replied|sent|texted|typed|wrote|AGREE|said|say|saying|tells|dije|dicho|digo|dis|dit|decir|WANT)\b(?:(?! ,).){0,30} END(?: (?:MORE|please|it|already|now|svp|last|week|yesterday|twice|weeks?|days?|ago|before|times?|\d+|MY (?:week|morning)))*(?:$| ,| and\b| why\b| i am| im\b|(?= YOU\b))"),
        (
            "stop",
            rf"(?:^|, )(?:{POLITE} )*(?:END|ENOUGH)(?: {POLITE})*$",
            rf"\b(?:DONE|ANNOY|please|svp|favor|WRONG_NUMBER|KEEP TEXT ME) (?:{POLITE} )?END(?: {POLITE})*$",
            rf"^(?:{POLITE} )*(?:please )?END(?: {POLITE})* ,|^END (?:i|DONE|je|yo|WRONG_NUMBER|bro|dude|man)\b",
            r"^(?:[a-z]+ (?:YOU )?)?(?:nah|nope|no|non|crisse|criss|esti|tabarnouche|hell no|mec|wey|NOT) END$|^(?:i |YOU |it |MY |YOUR )(?:have|has|need|must|WANT)? ?(?:to )?END$|\bfor YOUR last time END\b|\bbut END$|\bYOU prie de END$",
            r"\bYOUR last TEXT (?:i\b|YOU\b|from)|^(?:let )?(?:MY )?(?:be )?(?:YOUR )?last TEXT(?: please)?$|\blast TEXT i (?:WANT|GET)",
            r"\b(?:how|comment)(?: [a-z]+| YOUR| MORE){0,5} END$|\ben ai ENOUGH$",
        ),
        ("complaint of contact", rf"(?<!can )(?<!could )\b(?:YOU|bot|people|they|store|shop|robot|system) (?:just |still )?KEEP (?:TEXT|SEND|ANNOY)\b|\bwhy\b.* still\b.*(?:TEXT|GET|SEND)\b|\b(?:LAW|DONE|WRONG_NUMBER|END)\b.*\bKEEP (?:YOUR |ME )?{TOUCH}|\bKEEP {TOUCH}\b.*\b(?:LAW|DONE|END)\b"),
    )
)  # fmt: skip
CERTAIN = ("wrong number", "legal threat", "leave alone", "unsubscribe", "removal from a list")
SOME_CALLS = re.compile(r"\b(?:at|MORE|in|when|au|en|a|use|instead)\b")
# What stands around a stop and makes another thing of it.
LATER = re.compile(r"\b(?:after|apres|despues de) (?:las )?\d|\b(?:on )?(?:sundays?|weekends?|mondays?|weekdays)\b|^ MY (?:week|month|morning)\b|^ ce soir\b|\b(?:before|until|till|til|while|hasta|yet|tonight|hasta que|mientras|avant)\b(?! (?:MY\b|i sue|i REMOVE|i get|i GET|YOU\b))|\bantes de\b|^ , i am (?:driving|in|at)\b")
ASKS_FOR_MORE = re.compile(
    r"^do i WANT\b|\b(?:why|how come|por que|pourquoi)(?: (?!NOT|cant|wont)[a-zA-Z]+){0,3} (?:END|NOT|PLUS)\b(?! (?:YOU )?(?:[a-z]+ )?END)|\b(?:NOT|cant|couldnt|havent|hasnt|cannot|hard to) (?:(?:to|ever|KEEP|ME|se|le) )?END\b|\bdid (?:YOU|they|he|she) (?:guys )?END\b|\bEND NOT\b"
)
OTHERWISE_FINE = re.compile(
    r"\b(?:but|mais|pero|,) (?:YOUR )?(?:just |only )?TEXT (?:are|is|ME(?! MORE)|c est|works?|MY one|good|fine|ok)|\buse (?:YOUR new|MY one)"
)
SAID_TO_YOU = re.compile(r"^ YOU\b")
TEXT_IS_FINE = re.compile(
    r"\b(?:TEXT|SEND)(?: [a-z]+| YOUR)?(?: (?:is|are|works?|c est|es|est|esta|MY bien|ok|okay|fine|only|instead|better|works))|"
    r"\b(?:just|only|instead|rather|WANT|solo|mejor|nomas|plutot|juste|better|but|can) (?:to )?(?:TEXT|SEND)\b|\b(?:TEXT|SEND) (?:ok|fine|ME|only)\b"
)

