"""What a customer's words offer to a template: the feeling, the thing, numbers, dates, sums."""

import re
from dataclasses import dataclass

KIN = (
    r"(?:he|she|dad|mum|mom|mother|father|husband|wife|uncle|aunt|gran\w*|nan|son|daughter|brother|sister|friend|"
    r"baby|dog|cat)"
)
FEELINGS = (
    ("grief", rf"funeral|burial|bereave\w*|griev\w*|grief|\b{KIN}\b[^.!?]{{0,40}}\b(?:died|passed away|is dead)"),
    ("fear", r"scared|afraid|terrif\w+|frighten\w*|panic\w*|shaking|fear\w*|desperate|"
             r"please help|nowhere to (?:sleep|go)"),
    ("humiliation", r"humiliat\w+|ashamed|embarrass\w+|laughed at|made (?:me|us) look|mortif\w+|"
                    r"treated (?:like|as) (?:a |though )|in front of (?:my|every|the whole|a )"),
    ("betrayal", r"betray\w*|trusted you|believed (?:you|him|her|them)|broken promise|you (?:people )?promised|lied|"
                 r"loyal\w*"),
    ("exhaustion", r"exhaust\w+|worn out|tired|didn'?t sleep|have(?:n'?t| not) slept|no sleep|nothing left|"
                   r"been up \w+ h|had enough|fed up"),
    ("anger", r"angry|furious|livid|fuming|outrag\w+|disgrac\w+|disgust\w*|unacceptable|absolute \w+s\b|joke|"
              r"rubbish|ridiculous|thieves|scam\w*|liars?|moron\w*|wtf|ombudsman|lawyer|useless|how dare|shocking"),
    ("upset", r"cried|crying|in tears|heartbr\w+|devastat\w+|upset\w*|gutted|hurt\b"),
    ("worry", r"worr\w+|anxious|nervous|concerned|what if|stress\w*"),
    ("disappointment", r"disappoint\w*|let down|letdown|expected (?:more|better)|a shame|sad\b"),
    ("frustration", r"frustrat\w+|annoy\w+|again and again|(?:third|fourth|fifth|3rd|4th|5th) time|still (?:no|not)|"
                    r"no ?(?:body|one) (?:answer|came|call|repl)\w*|waited|waiting|chasing|how hard"),
)  # fmt: skip
CALM = re.compile(
    r"\b(?:no (?:rush|drama|hurry|worries)|quick (?:one|question)|just wondering|small (?:notice|thing)|"
    r"thought you|could you (?:please )?(?:tell|confirm|let)|for your information|fyi|wanted to (?:ask|check))\b"
)
THINGS = re.compile(
    r"\b((?:direct debit|bank card|gift card|credit note|season ticket|parking ticket|phone|internet|hot water|"
    r"washing machine|"
    r"parcel|package|order|delivery|suit|dress|shoes|coat|jacket|table|sofa|bed|chair|wardrobe|desk|boiler|"
    r"heating|broadband|router|signal|laptop|computer|tablet|screen|camera|printer|drive|charger|battery|hinge|"
    r"headphones|bill|invoice|refund|payment|payout|deposit|fee|charge|account|card|loan|mortgage|claim|policy|"
    r"premium|subscription|membership|contract|licence|permit|booking|reservation|room|flight|train|bus|ticket|"
    r"luggage|suitcase|bag|seat|appointment|referral|prescription|results?|surgery|repair|car|bike|tyres?|meal|"
    r"pizza|cake|groceries|food|cream|toy|playhouse|bicycle|rota|balances?|data|photos?|files?|login|password|"
    r"app|website|passport|flat|lease|rent|keys|meter|garden|fence|roof|ceiling|window|carpet|flowers|ring)s?)\b"
)
USUAL = (
    ("airline|flight", "flight"), ("gym", "membership"), ("train|rail", "journey"), ("hotel", "stay"),
    ("energy|electric", "supply"), ("payment|payout", "payout"), ("mobile|phone", "phone contract"),
    ("bank", "account"), ("insurance", "claim"), ("delivery|parcel|courier", "delivery"),
    ("restaurant|takeaway", "order"), ("clinic|medical", "appointment"), ("electronics|warranty", "device"),
    ("shop|retail|clothing|toys", "order"), ("repair", "repair"),
)  # fmt: skip
"""What a message from a domain is mostly about."""
REFERENCE = re.compile(
    r"(?<![\w£$€.,/-])(?:#\d[\w-]{2,15}|[A-Z]{1,5}[- ]?\d{3,12}|[A-Z]{1,3}\d+ ?/ ?\d{3,8}|\d{6,14})(?![\w.,]\d)\b"
)
MONEY = re.compile(r"[£$€]\s?\d[\d,.]*\d|[£$€]\s?\d|\b\d[\d,.]*\s?(?:quid|pounds?|euros?|dollars?|EUR|GBP|USD)\b", re.I)
MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
DATE = re.compile(
    rf"\b(?:(?P<weekday>(?:mon|tues|wednes|thurs|fri|satur|sun)day)|(?P<day>\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTH}|"
    rf"{MONTH} \d{{1,2}}(?:st|nd|rd|th)?|the \d{{1,2}}(?:st|nd|rd|th))|(?P<near>yesterday|tomorrow))\b",
    re.I,
)
NUMBER = r"(?:\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several)"
SPAN = re.compile(rf"\b{NUMBER} (?:minutes|mins|hours|hrs|days|weeks|months|years)\b", re.I)
SHOUT = re.compile(r"\b[A-Z]{3,}\b")


@dataclass(frozen=True)
class Facts:
    """What was found; None or empty where nothing was."""

    feeling: str | None
    calm: bool
    thing: str | None
    reference: str | None
    money: str | None
    date: str | None
    span: str | None


def one_line(text, longest=80):
    """A field as one line of reasonable length; None for one that says nothing."""
    if not isinstance(text, str):
        return None
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if line and len(line) <= longest and any(c.isalnum() for c in line) else None


def first(pattern, text):
    """The first match, or None."""
    match = pattern.search(text)
    return match[0] if match else None


def money_of(text):
    """The largest sum that is named: what is at stake, more likely than the smaller ones beside it."""

    def value(sum_of_money):
        digits = re.sub(r"[^\d.,]", "", sum_of_money).strip(".,")
        whole, _, cents = re.sub(r"[.,](\d{1,2})$", r" \1", digits).partition(" ")
        # counted by length first: thousands of digits are no sum, but must not raise either
        whole = whole.replace(",", "").replace(".", "").lstrip("0")
        return len(whole), whole, cents

    sums = [match[0] for match in MONEY.finditer(text) if len(match[0]) <= 20]
    return max(sums, key=value) if sums else None


def feeling_of(text):
    """The heaviest feeling that the words name, or that capitals and exclamation marks show."""
    low = text.lower().replace("’", "'")
    for name, pattern in FEELINGS:
        if re.search(rf"\b(?:{pattern})", low):
            return name
    return "anger" if "!!" in text or len(SHOUT.findall(text)) >= 3 else None


def thing_of(text, domain, authority):
    """What the message is about.

    The thing named most often wins (of equals, the first); one that the domain or the authority names too, or
    that stands as "my ..." or "the ...", counts for more. A thing in passing gives way to the domain's own.
    """
    low, about = text.lower(), f"{domain} {authority}".lower()
    names = [match[1] for match in THINGS.finditer(low)]

    def weight(name):
        owned = re.search(rf"\b(?:my|our|your|the|this|an?) (?:\w+ )?{re.escape(name)}\b", low)
        hinted = re.search(rf"\b{re.escape(name)}\b", about)
        return names.count(name) + bool(owned) + 3 * bool(hinted)

    best = max(names, key=weight) if names else None
    usual = next((thing for word, thing in USUAL if re.search(rf"\b(?:{word})", domain.lower())), None)
    return usual if usual and (best is None or weight(best) < 4) else best


def date_of(text):
    """A date as it is written, weekdays with their capital."""
    match = DATE.search(text)
    if match is None:
        return None
    if match["weekday"]:
        return match["weekday"].capitalize()
    return match["near"].lower() if match["near"] else match[0]


def read(turns, domain="", authority=""):
    """Facts from the last turn, and from the customer's earlier ones where the last is silent.

    Args:
        turns: the conversation.
        domain: hints at what it is about.
        authority: so does what the agent may give.
    """
    said = [turn["text"] for turn in turns if turn["role"] == "customer"]
    # enough for any letter; a text of megabytes is not searched to its end
    texts = [text[:20000] for text in (said[-1], " ".join(said))]

    def find(reader):
        return reader(texts[0]) or reader(texts[1])

    feeling = find(feeling_of)
    mild = feeling in (None, "worry", "frustration", "disappointment", "upset")
    calm = bool(mild and CALM.search(texts[0].lower()) and "!!" not in texts[0])
    return Facts(
        None if calm else feeling,
        calm,
        find(lambda text: thing_of(text, domain, authority)),
        find(lambda text: first(REFERENCE, text)),
        find(money_of),
        find(date_of),
        (find(lambda text: first(SPAN, text)) or "").lower() or None,
    )
