"""What customers and models call things of the trade, in the words that catalogues use."""

import re

_CAR = r"car|vehicle|auto|coche|carro|veh[ií]culo|voiture|v[eé]hicule"
WHOLE_CAR = re.compile(
    rf"\b(?:full|whole|entire|complete)[- ](?:{_CAR})\b|\b(?:all|every|todas las|toutes les) (?:the )?(?:windows?|"
    rf"ventanas|"
    rf"vidrios|vitres|fen[eê]tres)\b|\b(?:{_CAR}) (?:complet[oae]|enti[eè]re?|enter[oa])\b|"
    rf"\b(?:todo el|toute la|tout le) (?:{_CAR})\b"
)
FILM = re.compile(
    r"\b(ceramic|carbon|dyed|nano[- ]ceramic|cer[aá]mic[oa]|c[eé]ramique|carbono|carbone) (?:film|l[aá]mina|"
    r"pel[ií]cula|"
    r"pellicule)s?\b|\b(?:film|l[aá]mina|pel[ií]cula|pellicule)s? (?:de )?(ceramic|carbon|cer[aá]mic[oa]|c[eé]ramique|"
    r"carbono|carbone)\b"
)

SYNONYMS = {
    "ppf": "paint protection film", "tinted": "tint", "tinting": "tint", "tints": "tint", "wrapping": "wrap",
    "wrapped": "wrap", "coatings": "coating", "coated": "coating", "detailing": "detail", "detailed": "detail",
    "speakers": "speaker", "rims": "wheel", "tyre": "tire", "windscreen": "windshield",
    "polishing": "polish", "bonnet": "hood", "boot": "trunk", "colour": "color", "grey": "gray",
    "polarizado": "tint", "polarizados": "tint", "polarizar": "tint", "tintado": "tint", "tintar": "tint",
    "cerámico": "ceramic", "ceramico": "ceramic", "cerámica": "ceramic", "ceramica": "ceramic", "carbono": "carbon",
    "teñido": "dyed", "teñida": "dyed", "ventana": "window", "vidrio": "window", "delantera": "front",
    "delantero": "front", "delanteros": "front", "trasera": "rear", "trasero": "rear", "parabrisas": "windshield",
    "recubrimiento": "coating", "lavado": "wash", "pintura": "paint", "protección": "protection",
    "película": "film", "lámina": "film", "capó": "hood", "techo": "roof", "rueda": "wheel", "faro": "headlight",
    "cuero": "leather", "asiento": "seat", "cámara": "camera", "altavoz": "speaker", "bocina": "speaker",
    "remoción": "removal", "retiro": "removal", "vinilo": "wrap", "pulido": "polish", "grafeno": "graphene",
    "teinte": "tint", "teinté": "tint", "teintée": "tint", "teintées": "tint", "teinter": "tint", "vitre": "window",
    "céramique": "ceramic", "carbone": "carbon", "avant": "front", "arrière": "rear", "pare-brise": "windshield",
    "revêtement": "coating", "lavage": "wash", "peinture": "paint", "pellicule": "film", "capot": "hood",
    "toit": "roof", "roue": "wheel", "phare": "headlight", "cuir": "leather", "siège": "seat", "caméra": "camera",
    "haut-parleur": "speaker", "retrait": "removal", "polissage": "polish", "graphène": "graphene",
    "pelliculage": "wrap", "demi": "half", "mitad": "half", "moitié": "half", "primera": "premium", "toldo": "sunroof",
}  # fmt: skip

# Words that a name may carry and that tell nothing of which service it is.
NOISE = frozenset(
    "a an and the of for with on in to or at by per from your our one two three four five six car cars vehicle "
    "vehicles "
    "auto coche carro vehículo voiture véhicule service services any only just new up start starts starting de del la "
    "el los las y e con "
    "para "
    "por en un una le les des du et avec pour sur au aux à d l s t".split()
)
# Things of the trade: a sentence that names one which no service carries speaks of something else.
TRADE = frozenset(
    "ceramic carbon dyed nano graphene crystalline matte satin gloss vinyl chrome ppf hybrid metallic polymer quartz "
    "titanium premium standard basic deluxe platinum gold silver elite ultimate pro plus lite".split()
) - {"plus", "gold", "silver", "pro"}

CLASSES = {
    "coupe": "coupe", "coupes": "coupe", "coupé": "coupe", "cupé": "coupe",
    "sedan": "sedan", "sedans": "sedan", "sedán": "sedan", "sedanes": "sedan", "berline": "sedan", "berlines": "sedan",
    "saloon": "sedan",
    "hatchback": "hatchback", "hatchbacks": "hatchback", "convertible": "convertible", "convertibles": "convertible",
    "cabriolet": "convertible", "descapotable": "convertible", "décapotable": "convertible",
    "wagon": "wagon", "wagons": "wagon", "estate": "wagon", "familiale": "wagon",
    "suv": "suv", "suvs": "suv", "vus": "suv", "crossover": "suv", "crossovers": "suv", "todoterreno": "suv",
    "truck": "truck", "trucks": "truck", "pickup": "truck", "pickups": "truck", "camion": "truck", "camión": "truck",
    "van": "van", "vans": "van", "minivan": "van", "minivans": "van", "furgoneta": "van", "fourgonnette": "van",
    "camioneta": "truck suv van", "camionetas": "truck suv van", "camionnette": "truck van",
}  # fmt: skip

MAKES = frozenset(
    "acura alfa audi bentley bmw buick cadillac chevrolet chevy chrysler dodge ferrari fiat ford genesis gmc honda "
    "hyundai infiniti jaguar jeep kia lamborghini lexus lincoln lucid maserati mazda mercedes mini mitsubishi nissan "
    "polestar porsche rivian subaru tesla toyota volkswagen vw volvo accord altima bronco camaro camry charger civic "
    "corolla corvette cr-v crv cybertruck elantra escalade explorer f-150 f150 forester highlander mustang odyssey "
    "outback pilot prius rav4 sentra sienna silverado sonata suburban tacoma tahoe telluride tundra wrangler".split()
)
