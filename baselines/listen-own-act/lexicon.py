"""The words that the listening goes by: feelings, things, what is fit to be quoted, faults and effects."""

import re

KIN = r"(?:dad|mum|mom|mother|father|husband|wife|uncle|aunt|granny|gran|nan|son|daughter|brother|sister|friend)"
FEELINGS = (
    ("grief", rf"funeral|bereave\w*|griev\w*|grief|burial|\b{KIN}\b[^.!?]{{0,40}}\b(?:died|passed away)|(?:he|she) "
              r"died|"
              r"(?<!battery )(?<!phone )(?<!engine )(?<!laptop )(?<!screen )died (?:in|on the|last|this|at)"),
    ("fear", r"scared|scary|afraid|terrif\w+|frighten\w*|panic\w*|can'?t breathe|"
             r"considerable alarm|help me|desperate|heart (?:is|was) (?:racing|pounding)|cold all over|"
             r"hands? (?:are|is|were|was|aren'?t|have gone) (?:not |quite )?(?:steady|doing|cold)|i implore|"
             r"what do i do|daren't|can'?t breath\w*|alarmed"),
    ("shame", r"humiliat\w+|ashamed|shame\b|embarrass\w+|laughed at|mortif\w+|made (?:me|us) (?:look|feel)|so small|"
              r"sniggered|wanted the (?:floor|ground)|in front of (?:my|our|everyone|everybody|the whole|all)|red face|"
              r"(?:the )?floor to (?:open|eat)|i (?:feel|felt) (?:so |a little |like )?(?:stupid|foolish|an idiot)|"
              r"spectacle|"
              r"face (?:was )?on fire|blush\w*|red about|(?:can't|couldn't|cannot) look (?:at|any)|somebody laughed"),
    ("betrayal", r"betray\w*|trusted you|believed (?:you|him|her|them)|you (?:people )?promised|lied to|"
                 r"swore (?:to|blind)|"
                 r"trust(?:ed|ing) (?:u|you)|stabbed in the back|like a mug|feel sold|gave (?:me )?(?:your|ur) word"),
    ("exhaustion", r"exhaust\w+|worn out|tired|knackered|weary|no sleep|nothing left|fed up|been up \w+ h|wits' end|"
                   r"(?:did not|didn'?t|not|haven'?t) sle(?:ep|pt)|asleep (?:standing|on|at)|no strength|can'?t keep"),
    ("anger", r"angry|furious|livid|fum(?:in\b|ing)|outrag\w+|disgrac\w+|disgust\w*|unacceptable|ridiculous|useless|"
              r"how dare|shocking|rage\b|clowns|joke\b|scream\w*|bravo|round of applause|marvellous|seething|absurd"),
    # shaking is fear only where no anger is named
    ("fear", r"shakin\b|shaking"),
    ("upset", r"cried|crying|in tears|tearful|heartbr\w+|devastat\w+|upset\w*|gutted"),
    ("worry", r"worr(?:y|ied|ying)|anxious|nervous|stress\w*|what if"),
    ("disappointment", r"disappoint\w*|let down|expected (?:more|better)|looked forward"),
    ("urgency", r"please,? please|begging|urgent\w*|please help|pls pls|asap"),
    ("resignation", r"oh well|never mind|no use|what's the (?:point|use)|don'?t expect|doesn'?t matter|"
                    r"given up|i give up|as usual|typical"),
    ("frustration", r"frustrat\w+|annoy\w+|again and again|(?:third|fourth|fifth|3rd|4th|5th) time|still (?:no|not)|"
                    r"waited|waiting|chasing|nobody (?:rang|called|answers|answered|came|told)"),
)  # fmt: skip
NOT_SO = re.compile(
    r"(?:\bnot|\bnever|n't|\bno|\bnor|\bwithout(?: being)?)"
    r"(?: (?:even|really|so|too|that|at all|being|much))? $"
)
CALM = re.compile(
    r"\b(?:no (?:rush|drama|hurry|worries)|quick (?:one|question)|just wondering|no complaint|not complaining|"
    r"no great matter|no trouble|no hurry|not cross|nobody is cross|not angry|not fussed|"
    r""
    r"for your information|fyi|wanted to (?:ask|check|let you know))\b"
)
SHOUT = re.compile(r"\b[A-Z]{3,}\b")

THING = (
    r"(?:direct debit|bank card|credit note|season ticket|parking space|internet connection|hot water|washing machine|"
    r"water bill|phone number|parcel|package|order|delivery|suit|dress|shoes|coat|jacket|table|sofa|bed|chairs?|"
    r"wardrobe|desk|boiler|heating|heaters?|broadband|router|signal|laptop|computer|tablet|screen|camera|printer|"
    r"charger|battery|headphones|bill|invoice|refund|payment|payout|payouts|deposit|account|card|loan|mortgage|claim|"
    r"policy|subscription|membership|contract|licence|permit|booking|reservation|room|flight|train|ticket|tickets|"
    r"luggage|suitcase|bag|bags|seats?|appointment|referral|prescription|tablets|medicine|biopsy|results?|surgery|"
    r"repair|car|van|bike|tyres?|meal|pizza|cake|curry|curries|groceries|shopping|cream|serum|toy|data|photos?|"
    r"photographs|files?|login|password|app|website|passport|flat|lease|rent|keys|meter|roof|ceiling|window|"
    r"carpet|flowers|ring|crown|tooth|denture|bridge|filling|course|class|exam|certificate|form|letter|posters?|"
    r"leaflets|invitations|envelopes|labels?|number|line|fridge|freezer|oven|dishwasher|cooker|dryer|tank|collar|"
    r"statement|lottery|allotment|bins?|bin collection|piano|boxes|downloads|profile|playlist)"
)
OWNED = re.compile(rf"\b(?P<whose>my|our|your|the|this) (?P<thing>{THING})\b(?!['’-])")
USUAL = (
    ("airline", "your flight"), ("gym", "your membership"), ("train", "your journey"), ("hotel", "your stay"),
    ("energy", "your supply"), ("water", "your supply"), ("payment", "your payouts"), ("mobile", "your phone"),
    ("bank", "your account"), ("insurance", "your claim"), ("parcel", "your parcel"), ("takeaway", "your order"),
    ("medical", "your care"), ("dental", "your treatment"), ("electronics", "your device"), ("shop", "your order"),
    ("clothing", "your order"), ("toys", "your order"), ("furniture", "your order"), ("grocery", "your order"),
    ("pet", "your order"), ("cosmetics", "your order"), ("printing", "your print job"), ("broadband", "your line"),
    ("letting", "your home"), ("moving", "your move"), ("pharmacy", "your prescription"), ("travel", "your trip"),
    ("school", "your course"), ("council", "your case"), ("car rental", "your rental"), ("car repair", "your car"),
    ("appliance", "your appliance"), ("streaming", "your account"), ("software", "your account"),
    ("marketplace", "your transaction"),
)  # fmt: skip
"""What a message from a line of business is about where the words do not say it."""
CARRIED = {
    "passport", "letter", "desk", "bed", "flat", "car", "bag", "bags", "phone", "photo", "photos", "coat",
    "table", "shoes", "ring", "keys", "window", "form", "number", "rent", "card", "computer", "laptop",
    "jacket", "lease", "bike", "files", "line", "room", "tablet", "tablets", "ticket", "train", "van",
    "shopping",
}  # fmt: skip
"""Named in passing as often as not."""
NAMED = re.compile(
    r"\b(?:the|an?|one) (?:\w+ )??(?P<thing>[a-z]{4,14})(?=[,.;]|$| (?:and|or|of|in|on|for|to|from|at|by|with|free|"
    r"again|itself|may|once|back|as|off|without)\b)"
)
GENERAL = {
    "agent", "customer", "guest", "staff", "team", "desk", "office", "shop", "store", "school", "clinic",
    "practice", "hotel", "bank", "agency", "garage", "company", "firm", "council", "cost", "price", "charge",
    "case", "time", "date", "week", "month", "year", "hour", "morning", "evening", "night", "money", "house",
    "kind", "matter", "part", "whole", "full", "list", "place", "name", "record", "word", "words", "person",
    "people", "member", "other", "same", "next", "back", "order", "account", "line", "thing", "cause",
    "manager", "driver", "clerk", "nurse", "fault", "letter", "note", "copy", "one", "half", "rest", "address",
    "door", "board", "group", "number", "doctor", "dentist", "engineer", "courier", "carrier", "seller",
    "buyer", "landlord", "police", "insurers", "maker", "term", "court", "street", "town", "client", "patient",
    "rider", "student", "learner", "tenant", "hospital", "crew", "depot", "difference", "replacement", "size",
    "code", "message", "voice", "limit", "right", "wrong", "rate", "period", "result", "point", "page", "form",
    "reason", "loan", "answer", "fine", "family",
}  # fmt: skip
"""Named by an authority, but not what a complaint is about."""

LEAD = re.compile(r"^(?:and|but|so|because|also|yes|no|well|look),? (?=(?:i|my|it|we|she|he|nobody)\b)", re.I)
"""What a quotation does not begin with."""
RUDE = re.compile(
    r"shit|fuck|damn|crap|moron|idiot|thie(?:f|ves)|liar|scam|sod\b|sodding|arse|bloody|clown|hell\b|bastard|stupid|"
    r"piss|wtf|bollock|muppet|rubbish|cowboys|robbed|smash",
    re.I,
)
STARTS = re.compile(
    r"(?:I|i|I'm|im|I've|ive|we|We|my|My|it|It|nobody|Nobody|no one|No one|she|She|he|He|there|There|this|This|our|Our)"
    r"\b"
)
TELLING = re.compile(
    r"\b(?:cried|crying|tears|tearful|sleep|slept|asleep|tired|exhausted|worn out|shaking|scared|afraid|ashamed|"
    r"humiliated|embarrass\w+|angry|furious|livid|trusted|believed|promised|alone|funeral|died|wedding|birthday|"
    r"worr(?:y|ied)|frighten\w+|terrified|disappoint\w+|freezing|waited|nowhere|hurts?|afford|begging|"
    r"nothing left|laughed|let down|fed up|too late|only one|heartbroken|lost (?:my|our|everything)|"
    r"(?:nobody|no one)(?: \w+)? (?:told|came|said|listens|answers|answered|rang|called|cares|knows)|"
    r"(?:can'?t|cannot) (?:keep|do|sleep|breathe|bear|believe|face|eat|stop|hold|stand|even))\b",
    re.I,
)
MILD = re.compile(
    r"\b(?:not (?:losing|cross|angry|in)|no (?:hurry|rush|great)|my (?:own|bad)|doing but|pointing|"
    r"window|mad im)\b",
    re.I,
)
FORMULA = re.compile(
    r"\b(?:dear|regards|hello|hi|thank|thanks|please|sorry|sincerely|forward to hearing|my name is|reference|"
    r"yours|sir|madam|obliged|grateful)\b",
    re.I,
)
UNFIT = re.compile("|".join(one.pattern for one in (RUDE, MILD, FORMULA)), re.I)
LEAST_WORDS, MOST_WORDS = 4, 16

OWN_FAULT = re.compile(
    r"\b(?:my (?:own )?(?:fault|doing|mistake|error)|my own \w+ (?:fault|doing|mistake)|"
    r"not (?:your|ur) (?:fault|doing)|nothing (?:that )?you did|not blaming you|no quarrel|no one to blame but|"
    r"only myself|i (?:typed|forgot|misread))\b"
)
OTHERS = re.compile(
    r"\b(?:carrier|courier|ferry|supplier|lab|insurers?|council|airport|landlord|neighbou?rs?|their (?:own )?(?:fault|"
    r"mistake|software|system|doing)|third party|contractors?|app's maker|another (?:firm|company))\b"
)
FIRM = re.compile(
    r"\b(?:(?:your|ur) (?:own )?(?:driver|staff|fitter|shop|update|system|app|website|nurse|technician|engineer|clerk|"
    r"team|people|man|woman|lad|colleague|desk|office|mistake|machine|warehouse|agents?|branch|mechanic|dentist)\b|"
    r"you (?:lot|people|guys)\b|you (?:sent|charged|cancelled|canceled|lost|closed|forgot|gave|sold|swore|deleted|"
    r"printed|delivered|billed|told me)\b)"
)

UNITS = r"(?:calls|emails|e-mails|letters|visits|trips|mornings|nights|messages|hours|days|weeks|months)"
NUMBER = r"(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
EFFORTS = re.compile(rf"\b(?P<n>{NUMBER}) (?P<unit>calls|emails|e-mails|letters|trips|visits) (?!a |per |each )")
WAITED = re.compile(
    rf"\b(?:waited|waiting|wait|for|after|been) (?P<n>{NUMBER}) (?P<unit>hours|days|weeks|months|nights)\b"
    r"(?! (?:a |per |later|old|ago|now with))"
)
NOT_SLEPT = re.compile(
    r"\b(?:(?:have ?n[o']?t|did ?n[o']?t|did not|have not|can'?t|cannot|couldn'?t|could not|without|no|not) "
    r"(?:been able to )?(?:sle(?:ep|pt)|sleeping)|awake (?:all|at|half)|been up \d+)\b"
)
CRIED = re.compile(
    r"\b(?:i (?:have |actually |just |even )?cried|i(?:'m| am| was|'ve been) (?:\w+ )?(?:crying|in tears))\b"
)
DAY_OFF = re.compile(
    r"\b(?:days? off|day'?s leave|off work|lost (?:wages|pay|earnings)|unpaid|missed (?:a |my )?shift)\b"
)
EVENT = re.compile(
    r"\b(?:my|our|(?:my|our) \w+'s|the) (?P<event>wedding|funeral|birthday|interview|exam|graduation|christening|"
    r"operation|audition|opening night)\b"
)
FAMILY = re.compile(
    r"\bmy (?P<kin>son|daughter|kids|children|little boy|little girl|baby|mother|mum|father|dad|wife|husband|"
    r"grandson|granddaughter|parents)\b(?!')"
)
MONEY = re.compile(r"[£$€]\s?\d[\d,]*(?:\.\d\d)?(?![\d.,]\d)")
