"""Further ways to say that something was done or will be: kind, heads, pattern. `claim_rules.py` reads them."""

ADVERB = (
    r"(?:just |already |now |also |successfully |officially |all |been |then |gone ahead and |ya |todo |bien |déjà |"
    r"maintenant |aussi )*"
)
WE = rf"\b(?:i|we)(?:'ve| have|'m| am|'re| are| just| already| went ahead and| had)? {ADVERB}"
DAYS = (
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|lunes|martes|miércoles|jueves|viernes|sábado|domingo|"
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|tomorrow|mañana|demain"
)
_DAY_HEADS = DAYS.replace("|", " ")
_PLACE = r"(?:appointment|booking|visit|slot|spot|reservation|time|place)"
_CITA = r"(?:cita|visita|reserva|lugar|espacio|turno|hora)"
_RDV = r"(?:rendez-vous|rdv|réservation|visite|créneau|place)"
_TEAM = (
    r"(?:someone|somebody|team|staff|manager|advisors?|person|people|colleague|specialist|human|technician|owner|"
    r"store|shop)"
)
_TEAM_HEADS = (
    "someone somebody team staff manager advisor advisors person people colleague specialist human technician owner"
)
_EQUIPO = r"(?:equipo|gerente|dueño|encargad[oa]|persona|compañer[oa]|asesora?|alguien|tienda)"
_EQUIPE = r"(?:équipe|responsable|gérante?|personne|collègue|conseill\w+|quelqu'un|magasin|atelier)"
_PAPER = r"(?:text|email|e-mail|sms|link|confirmation|message|details|quote|receipt|reminder|invitation|invite)s?"
_IS = r"(?:'s| is| are| was| were| has been| have been| went| got)"
_END = r"(?=\W*$|[.!,;]| now\b| for you\b)"
_WILL = r"(?:'ll| will|'m going to|'re going to|'s going to| am going to| are going to| is going to)"
_J = r"(?:j'ai|nous avons|on a|je vous ai|nous vous avons|on vous a) (?:bien |déjà |aussi )?"

# Kind, heads, pattern; a kind with "?" promises: it is none in a question or after "if you like".
SAYINGS = (
    ("held", "saved held holding kept keeping blocked secured grabbed reserved", rf"{WE}(?:@)(?: off| in)? "
     rf"(?:you )?(?:a|the|that|this|your|one) (?:\w+ )?{_PLACE}\b"),
    ("held", "saved held kept secured guaranteed yours blocked locked", rf"\b{_PLACE}{_IS} {ADVERB}(?:@)\b"),
    ("booked", "made arranged set added put got entered placed squeezed fit slotted created organized organised",
     rf"{WE}(?:@)\b[^.,;:?]{{0,24}}\b(?:appointment|visit|booking|reservation|your name|schedule|calendar)\b"),
    ("booked", "made complete completed finalized finalised arranged set through", rf"\b(?:appointment|booking|visit|"
     rf"reservation|slot|spot){_IS} {ADVERB}(?:@)\b"),
    ("booked", "appointment visit booking reservation", r"(?<!do )(?<!did )\byou (?:now |already |do )?have "
     r"(?:a|an|your) (?:\w+ )?(?:@)\b"),
    ("booked", _DAY_HEADS + " then", r"\b(?:you(?:'re| are)|(?:i|we)(?:'ve| have)? (?:got|put|have) you)(?: all|"
     r" now)? (?:on|in|down|good to go|set)(?: for| on)?[^.,;:?]{0,12}\b(?:@)\b|"
     rf"{WE}(?:got|have|put) you (?:on|for)[^.,;:?]{{0,12}}\b(?:@)\b"),
    ("booked", "consider date", r"\bconsider (?:it|that|yourself) \w+|\bit's a date\b"),
    ("booked", "expecting waiting ready", r"\b(?:we|i)(?:'ll|'re| will| are) (?:be )?(?:all )?(?:@) (?:for )?you\b"),
    ("booked", "forward catch", rf"\b(?:forward to seeing|catch) you (?:on|at|this|next|then|{DAYS})\b"),
    ("done", "arranged taken done settled sorted handled", rf"\b(?:everything|it|that|this|all){_IS} {ADVERB}"
     rf"(?:arranged|taken care of|done|settled|sorted|handled){_END}"),
    ("done", "did went", r"\bi (?:just )?did (?:it|that|so)\b|\b(?:i|we)(?:'ve| have)? went ahead\b"),
    ("done", "done hecho quedó listo fait réglé", r"^\W*(?:all |and |it's |ya |todo |listo, ya |c'est |"
     r"voilà,? c'est )*(?:done|hecho|quedó|todo listo|fait|réglé)(?: and done)?(?:\W*$|[.,!])"),
    ("cancelled", "removed deleted dropped called freed erased taken eliminated", rf"{WE}(?:@)(?: off| up| out)? "
     r"(?:your|the|that|this) (?:\w+ )?(?:appointment|visit|booking|reservation|slot|spot)\b"),
    ("cancelled", "gone off removed deleted dropped exists", r"\b(?:appointment|visit|booking|reservation)"
     rf"(?:{_IS} {ADVERB}(?:gone|off|removed|deleted|dropped)| no longer exists)\b"),
    ("moved", "brought shifted pushed bumped moved changed switched", rf"{WE}(?:@) (?:your|the|that|it)\b"
     r"[^.,;]{0,16}\b(?:forward|back|up|to|over|earlier|later)\b|^\W*(?:moved|changed|switched)\W*$"),
    ("moved", "instead", rf"\b(?:it|visit|appointment){_IS} (?:now )?(?:on|at|for)\b[^.;?]{{0,24}}\binstead\b"),
    ("handed_over?", "call ring phone contact reach back follow touch know take right check see", r"(?:\b(?:i|we|they|"
     rf"he|she)|\b{_TEAM}){_WILL}(?: \w+)? (?:call you|ring you|phone you|contact you|reach out|get back|call back|"
     r"follow up|be in touch|let you know|take over|take it from here|check with|be right with|see (?:this|it))\b"),
    ("handed_over?", _TEAM_HEADS, rf"\b(?:i|we)(?:{_WILL}|'m| am|'re| are)(?: \w+)? (?:have|having|get|getting|ask|"
     r"asking|let|letting|make sure|forward|forwarding|notify|notifying|tell|telling|alert|alerting|bring|bringing|"
     rf"put|putting|find|finding)\b[^.;?]{{0,24}}\b{_TEAM}\b"),
    ("handed_over?", _TEAM_HEADS, r"\blet me (?:get|grab|fetch|bring in|find) (?:you )?(?:a |the |my |"
     rf"our )?{_TEAM}\b"
     r"[^?]*\b(?:moment|second|minute|now)\b"),
    ("handed_over?", "pass passing", rf"\b(?:i|we)(?:{_WILL}|'m| am)(?: \w+)? (?:@) (?:it|this|that|your|along)\b"),
    ("handed_over?", "connect connecting transfer transferring", rf"(?:\b(?:i|we)(?:{_WILL}|'m| am|'re|"
     r" are) (?:now )?|\bwhile i |^\W*(?:now )?)(?:@) you\b"),
    ("handed_over", "knows know aware", rf"\b{_TEAM} (?:already |now |is |are )*(?:knows?|aware)"
     r"(?: about it| about this| about you| that you| you| of this| of it|\W*$|[.!,])"),
    ("handed_over?", "hear", r"\byou(?:'ll| will| should)(?: \w+)? hear (?:back|from)\b"),
    ("handed_over?", "expect", r"\bexpect (?:a|an|our|their) (?:\w+ )?(?:call|reply|answer|response|callback)\b"),
    ("handed_over", "way", rf"\b(?:help|{_TEAM}) (?:is|are)(?: already| now)? on (?:its|his|her|their|the) way\b"),
    ("handed_over", f"note request ticket complaint {_TEAM_HEADS}", rf"{WE}(?:dropped|left|put in|raised|brought in|"
     r"submitted|filed|opened|logged|created|reached out|spoken|talked|checked|shared|relayed|noted)\b[^.;?]{0,30}"
     rf"\b(?:note|request|ticket|complaint|{_TEAM})\b"),
    ("handed_over", "take takes", r"\b(?:person|human|colleague|teammate|team member|advisor|manager|specialist)"
     r"(?: will|'ll| now)? takes? (?:over|it from here|this from here)\b"),
    ("sent", "way sent inbox phone email", rf"\b{_PAPER}(?:{_IS})?(?: now| already)? (?:on (?:its|the|their) way|"
     r"sent|in your (?:email|inbox|messages|phone))\b|^\W*sent\W*$"),
    ("sent", "check expect", r"\bcheck your (?:phone|email|inbox|texts|messages|spam)\b|\bexpect (?:a|an|our|the) "
     r"(?:\w+ )?(?:text|email|message|sms|link|confirmation)\b"),
    ("sent", "shot dropped shared sending emailing texting", rf"{WE}(?:@) (?:you )?(?:a |an |the |it |that )?"
     rf"(?:{_PAPER}|note|line|by|via|over|now)\b"),
    ("stopped", "list", r"\byou(?:'re| are)(?: now| already)? off (?:the|our) (?:\w+ )?list\b"),
    ("stopped", "won't", r"\byou won't (?:hear|get|receive)\b[^.;?]{0,20}\b(?:us|again|anymore|more|texts|messages|"
     r"emails)\b"),
    ("stopped", "texts messages emails reminders messaging texting", rf"{WE}(?:stopped|paused|ended|turned off|"
     r"disabled|switched off) (?:\w+ ){0,2}(?:@)\b|\b(?:@) (?:are|have been)(?: now)? (?:off|stopped|turned off|"
     r"disabled|paused)\b|\bno more (?:@)\b"),
    ("never", "data information details records account history", r"\b(?:deleted|erased|wiped|removed|purged) "
     r"(?:all )?(?:of )?(?:your|the|that) (?:\w+ )?(?:@)\b|\byour (?:\w+ )?(?:@) (?:has|have|is|are|was|were)"
     r"(?: now| already)?(?: been)? (?:deleted|erased|wiped|removed|gone)\b"),
    ("never", "refund payment card charge reimbursement", rf"\b(?:@){_IS}(?: now| already)? (?:on|coming|issued|"
     r"approved|processed|sent|through|accepted|cleared|received|made)\b"),
    ("never", "credit voucher refund money", rf"{WE}(?:put|issued|given|added|applied|sent)\b[^.;?]{{0,16}}\b"
     r"(?:credit|voucher|refund)\b|\byou(?:'ll| will) get your money back\b"),
    ("never", "ready finished arrived stock complete", r"\b(?:your|the) (?:car|vehicle|truck|film|order|parts?|kit)s? "
     rf"(?:is|are|has|have)(?: now| already| all)? (?:in stock|@){_END}|\bgot your (?:car|vehicle|truck) ready\b"),
    ("never", "warranty claim account profile file order record", rf"(?:{WE}(?:registered|activated|updated|"
     r"added|saved|logged|recorded|made|changed)|\bi noted)\b[^.;?]{0,30}\b(?:@)\b|"
     r"\bwarranty (?:is now|has been)(?: now)? (?:registered|activated)\b"),
    ("booked?", "cita visita reserva", r"\b(?:tiene|tienes|cuenta con)(?: ya)? (?:una|su|tu|la) (?:\w+ )?(?:@)\b"),
    ("booked", "lista listo hecha guardada guardado asegurada asegurado fijada anotada", rf"\b{_CITA}\b[^.,;]{{0,8}}"
     r"(?:está|quedó|queda|ha quedado)(?: ya)? (?:@)\b"),
    ("booked", "anoté apunté guardé puse agendamos agendado reservamos apartamos guardamos anotamos inscribí "
     "quedamos",
     r"\b(?:le|te|lo|la|ya|los|les)(?: ya| lo| hemos| he)* (?:anoté|apunté|guardé|puse|agendamos|agendado|reservamos|"
     r"apartamos|guardamos|anotamos|inscribí)\b|\bquedamos (?:para|el|a las|mañana)\b"),
    ("booked", _DAY_HEADS + " entonces", rf"(?:^|[,;!.¡])\W*hasta (?:el )?(?:{DAYS})\b|\bnos vemos (?:el )?(?:@)\b"),
    ("cancelled", "eliminé borré quité cancelamos existe", rf"\b(?:eliminé|borré|quité|cancelamos) (?:su|la|tu) "
     rf"{_CITA}\b|\b{_CITA} ya no existe\b"),
    ("moved", "pasó pasa", rf"\b{_CITA} (?:se )?(?:pasó|pasa) (?:al|para|a)\b"),
    ("handed_over", "pasé dije sabe saben", rf"\b(?:pasé|dije)\b[^.,;?]{{0,30}}\b{_EQUIPO}\b|\b{_EQUIPO} "
     r"(?:ya )?(?:lo )?saben?\b"),
    ("handed_over?", "paso comunico transfiero conecto", r"\b(?:le|lo|la|te) (?:@)\b"),
    ("handed_over?", "comunicará pondrá atiende atenderá toma tomará llamará comunicaremos pondremos",
     rf"\b{_EQUIPO}\b[^.,;]{{0,20}}\b(?:@)\b|\b(?:@)\b[^.,;]{{0,20}}\b{_EQUIPO}\b|\bnos (?:@)\b"),
    ("handed_over?", "llamaremos llamamos llamaré avisaremos avisaré contactaremos responderemos llamar contactar",
     r"\b(?:le|lo|la|te) (?:llamaremos|llamamos|llamaré|avisaremos|avisaré|contactaremos|responderemos|van a llamar|"
     r"van a contactar|vamos a llamar|vamos a contactar)\b"),
    ("sent?", "recibir revise revisa mando envío enviado enviada mandado", r"\bva a recibir\b|\brevis[ea] (?:su|tu|sus|"
     r"tus|el) (?:correo|tel[eé]fono|mensajes|celular)\b|\b(?:le|te) (?:mando|envío)\b|\b(?:mensaje|correo|enlace|"
     r"confirmación|texto) (?:ya )?(?:enviad[oa]|mandado)\b|^\W*enviado\W*$"),
    ("stopped", "recibirá recibirás escribiremos enviaremos llegarán", r"\bno (?:le |te )?(?:@) (?:\w+ )?más\b"),
    ("never", "datos información reembolso devolución", r"\b(?:borré|eliminé|borramos|eliminamos|borrado|eliminado) "
     r"(?:todos |toda )?(?:sus|tus|los|su|la) (?:@)\b|\b(?:reembolso|devolución) (?:ya )?(?:va|está|fue|viene)\b"),
    ("never", "listo lista", r"\b(?:carro|auto|coche|camioneta|vehículo) (?:ya )?está (?:@)\b"),
    ("booked?", "rendez rdv réservation", r"\bvous avez (?:bien |déjà )?(?:un |une |votre )?(?:rendez-vous|rdv|"
     r"réservation)\b"),
    ("booked", "pris prise gardé gardée bloqué bloquée calé calée posé enregistré enregistrée mis inscrit placé",
     rf"\b{_RDV} (?:est|a été) (?:bien )?(?:@)\b|\b{_J}(?:@)\b[^.,;?]{{0,20}}\b{_RDV}\b|"
     rf"\bje vous ai (?:mis|inscrit|placé|calé|gardé)\b"),
    ("booked", _DAY_HEADS, r"\b(?:c'est (?:bon|calé|réglé|noté) pour|on se voit|à très vite|à bientôt)[^.,;?]{0,8}"
     r"\b(?:@)\b"),
    ("done", "prêt réglé ordre", r"\btout est (?:prêt|réglé|en ordre)\b"),
    ("cancelled", "supprimé retiré enlevé libéré n'existe", rf"\b{_J}(?:supprimé|retiré|enlevé|libéré) (?:votre|"
     r"le|ce) "
     rf"{_RDV}\b|\b{_RDV} n'existe plus\b"),
    ("moved", "passe passé", rf"\b{_RDV} (?:passe|est passé) (?:à|au)\b"),
    ("handed_over?", "préviens transmets transfère passe mets connecte alerte", r"\bje (?:préviens|transmets|transfère|"
     r"alerte)\b|\bje vous (?:passe|mets en relation|transfère|connecte)\b"),
    ("handed_over?", "prend prendra", rf"\b{_EQUIPE}[^.,;]{{0,16}}\b(?:@) (?:le relais|la suite|contact|"
     rf"en charge)\b"),
    ("handed_over?", "rappelle rappellerons rappellera recontacte recontactera recontacterons contacterons "
     "appellerons répondrons", r"\bvous (?:@)\b"),
    ("handed_over?", "aurez courant", r"\bvous aurez\b[^.;?]{0,16}\b(?:nouvelles|réponse|appel)\b|"
     rf"\b{_EQUIPE} est (?:déjà )?au courant\b"),
    ("sent?", "regardez consultez vérifiez envoyé parti", r"\b(?:regardez|consultez|vérifiez) (?:vos|"
    r"votre) (?:messages|courriels?|e-mails?|boîte|téléphone|sms)\b|\b(?:message|courriel|lien|e-mail|sms|"
    r"texto) (?:bien |est |a été )?(?:envoyé|parti)\b|\bc'est envoyé\b"),
    ("stopped", "retiré enlevé supprimé", r"\bje vous ai (?:bien )?(?:@)\b"),
    ("never", "données informations remboursement", r"\b(?:effacé|supprimé) (?:toutes )?(?:vos|les) (?:@)\b|"
     r"\bremboursement (?:est|a été) \w+"),
    ("never", "prête prêt terminée terminé", r"\bvotre (?:voiture|véhicule|auto) est (?:déjà )?(?:@)\b"),
    # What has happened, said as how things stand; and what people do now, in the present.
    ("handed_over", _TEAM_HEADS, rf"\b{_TEAM} (?:(?:now|already|has|have|got) )+(?:your|the|this) (?:\w+ )?"
     r"(?:message|note|request|details|number|question|info|information|name)\b"),
    ("handed_over?", "calls texts writes emails contacts rings phones messages joins answers case",
     rf"\b(?:a|an|the|our|one of our) (?:[\w'-]+ ){{0,2}}?{_TEAM} (?:now |soon |then )?(?:@|is on (?:it|the case|"
     rf"this))\b"),
    ("handed_over", "got had", rf"{WE}(?:@) (?:the|our|my|a|an|one of our) (?:[\w'-]+ ){{0,2}}?(?:boss|{_TEAM})\b|"
     rf"{WE}(?:@) (?:it|that|this|your \w+) (?:\w+ed|down|through|over)\b"),
    ("handed_over?", "equipo gerente dueño encargado encargada asesor asesora compañero compañera técnico alguien",
     r"\b(?:@) (?:ya )?(?:(?:le|te|lo|la) )?(?:tiene (?:su|tu|el) \w+|marca|llama|escribe|contacta|atiende|avisa|"
     r"responde)\b"),
    ("handed_over?", "équipe l'équipe responsable gérant gérante collègue conseiller conseillère technicien "
     "quelqu'un",
     r"\b(?:@) (?:(?:vous|l') ?)?(?:a (?:bien )?votre \w+|téléphone|appelle|rappelle|écrit|contacte|répond|"
     r"rejoint)\b"),
    ("booked", "list roster book books schedule calendar board agenda sheet", r"\b(?:you(?:'re| are)|your (?:name|"
     r"visit|car)(?:'s| is)?|(?:i|we) have you) (?:\w+ )?on (?:the|our|my) (?:\w+ )?(?:@)\b"),
    ("booked", "lista agenda calendario horario", r"\b(?:está|queda|figura|aparece) (?:ya )?en (?:la|nuestra|el|"
     r"nuestro) (?:@)\b"),
    ("booked", "liste agenda l'agenda planning calendrier", r"\b(?:êtes|figurez|est|voilà) (?:bien |déjà )?(?:sur|dans|"
     r"à) (?:la |notre |le )?(?:@)\b"),
    ("held", "saved kept safe secure secured guaranteed held waiting yours", r"\byour (?:seat|spot|slot|place|time|"
     r"bay)(?:'s| is| are) (?:\w+ )?(?:@)\b"),
    ("booked", "name", r"\byour (?:@)(?:'s| is) (?:now |already )?(?:down|in|on)\b"),
    ("cancelled", "longer", rf"\byour (?:\w+ )?{_PLACE} no longer\b"),
    ("sent?", "heading coming underway route", rf"\b{_PAPER} (?:is|are|'s) (?:now |already )?(?:@|en route)\b"),
    ("handed_over", "tanto enterado enterada", r"\b(?:está|están) (?:ya )?(?:al tanto|enterad[oa]s?)\b"),
    ("handed_over?", "occupe charge", r"\bs'en (?:@)\b|\bs'occupe de (?:vous|ça|votre)\b"),
    ("booked", "yours", rf"\b(?:{DAYS}|that (?:time|slot|one)|it)(?:'s| is) (?:all )?yours\b"),
    ("booked", "réserve garde bloque inscris mets note", r"\bje vous (?:le |la )?(?:@)\b"),
    ("handed_over", "with", rf"\byour (?:ticket|message|note|request|question|case|file) (?:is|'s) (?:now |"
     rf"already )?with (?:\w+ )?{_TEAM}\b"),
    ("never", "started begun", r"\b(?:has |have |'s |'ve )?(?:@) (?:work )?on (?:your|the) (?:car|vehicle|truck|"
     r"film|tint)\b"),
    ("never", "deposit payment money paiement pago dépôt depósito", rf"{WE}(?:got|have|received) (?:your|the) (?:@)\b|"
     r"\b(?:@) (?:is|was|has been) in\b|\b(?:@) (?:est |a été |fue |se |ha sido )?(?:passée?|procesó|recibido|reçu)\b"),
    ("sent", "went out", rf"\b{_PAPER} (?:just |already )?(?:went|is|are) (?:out|over|off)\b"),
    ("handed_over", "way", rf"\b(?:{_TEAM})(?:'s|'re)(?: already| now)? on (?:its|his|her|their|the) way\b"),
    ("handed_over", "demande dossier cas question message", rf"\b{_EQUIPE} \w+ (?:déjà )?votre (?:@)\b"),
    ("done", "care", r"\b(?:everything|it|that|all)(?:'s| is| has been) (?:\w+ )?(?:taken care|handled|"
     r"squared away)\b"),
    ("moved", "starts begins runs falls is", r"\b(?:your|the) (?:visit|appointment|booking) now (?:@)\b"),
    ("moved", "ahora quedó", rf"\b(?:su|tu|la) {_CITA} (?:ahora (?:es|empieza|queda)|quedó (?:para|el|a))\b"),
    ("moved", "maintenant désormais", rf"\bvotre {_RDV} (?:commence|tombe|est) (?:@)\b"),
    ("sent", "see find have get", r"\byou(?:'ll| should| will| can)(?: now| soon| already)? (?:@) (?:it|that|them|one|"
     r"everything|the \w+)[^.;?]{0,12}\bin your (?:messages|inbox|texts|email|mail|phone)\b"),
    ("never", "film part parts order kit material materials", r"\b(?:@) (?:\w+ )?(?:came in|come in|arrived|is here|"
     r"are here)\b"),
    ("never", "datos données", r"\b(?:quité|saqué) (?:todos )?(?:sus|tus|los) datos\b|\bdonnées (?:ont|"
     r"sont) (?:disparu|parties|effacées|supprimées)\b"),
)  # fmt: skip
