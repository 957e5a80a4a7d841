"""Twelve replies written by hand, from very good to very bad, as (context, turns, reply, spans, levels, reason).

``{name}``, ``{order}`` and ``{day}`` are filled in, so that each use of a reply is a text of its own.
"""

COMPANY = {"fault": "company", "relationship": "established", "language": "en"}
NEW = {"fault": "company", "relationship": "new", "language": "en"}

CASES = [
    (
        {**COMPANY, "domain": "furniture", "channel": "email", "emotion": "exhausted", "intensity": 4},
        [
            ("customer", "Where is the cot from order {order}? It was promised for {day}."),
            ("agent", "Hello {name}, thank you for writing. It is on its way."),
            (
                "customer",
                "It is NOT on its way. The tracking page has not moved in six days. I have a newborn asleep in a pram "
                "in the hall, and every night I promise my wife that the cot comes tomorrow. I am so tired of this.",
            ),
        ],
        "{name}, six days of promising a cot that does not come, with the baby in the pram in the hall, would wear "
        "anyone down.\n\nThe order {order} never left our depot: the label was printed twice and both parcels were "
        "held. That was our mistake, and it has cost you a week of nights. A cot goes out by courier this afternoon "
        "and will be with you by 8 tonight; the delivery charge is back on your card. Labels are now checked before "
        "the van is loaded.\n\nIs somebody home after six? And if anything else would make the next days easier, "
        "tell me: I am sorry that these first weeks went like this.",
        [
            ("E2", "six days of promising a cot that does not come, with the baby in the pram in the hall"),
            ("E1", "would wear anyone down"),
            ("D1", "The order {order} never left our depot: the label was printed twice and both parcels were held."),
            ("X4", "the label was printed twice and both parcels were held. That was our mistake"),
            ("X2", "That was our mistake"),
            ("X1", "it has cost you a week of nights"),
            ("X3", "A cot goes out by courier this afternoon"),
            ("D3", "A cot goes out by courier this afternoon and will be with you by 8 tonight"),
            ("D4", "Is somebody home after six?"),
            ("E4", "if anything else would make the next days easier, tell me"),
            ("E3", "I am sorry that these first weeks went like this"),
        ],
        (5, 5, 5),
        "Feeling and situation are met and returned to (E-5); the issue, what happens by 8 tonight and a check "
        "(D-5); impact, responsibility and a courier (X-5).",
        16,
    ),
    (
        {**NEW, "domain": "banking", "channel": "chat", "emotion": "anxious", "intensity": 5},
        [(
            "customer",
            "my card got declined at the PHARMACY with my kid's inhaler on the counter. why??? rent left "
            "{day}, there's money in there",
        )],
        "That is a frightening place to be, {name}: at a pharmacy counter without the inhaler. The card was stopped by "
        "a check on our side that read your rent as unusual; the account itself is in order. The card works again "
        "within a minute. Could you try it and tell me what you see? I have lifted the block just now.",
        [
            ("E1", "That is a frightening place to be"),
            ("E2", "at a pharmacy counter without the inhaler"),
            ("D1", "The card was stopped by a check on our side that read your rent as unusual"),
            ("X2", "a check on our side"),
            ("X3", "I have lifted the block just now"),
            ("D3", "The card works again within a minute."),
            ("D4", "Could you try it and tell me what you see?"),
        ],
        (4, 5, 4),
        "Feeling and own situation (E-4); issue, expectation and check (D-5); responsibility and remedy (X-4a).",
        32,
    ),
    (
        {**COMPANY, "domain": "broadband", "channel": "phone", "emotion": "furious", "intensity": 5},
        [
            ("customer", "This is the fourth engineer who did not turn up."),
            ("agent", "Let me look at that for you."),
            ("customer", "Don't look. I took {day} off, unpaid, AGAIN. Do you people do anything but put me on hold?"),
        ],
        "Four missed visits and another day's pay gone: of course you are furious. The visits were booked on a "
        "team that no longer covers your street, and nobody here noticed. I'm sending the area lead on {day} between "
        "8 and 9, and 120 pounds are credited for the four days.",
        [
            ("E2", "Four missed visits and another day's pay gone"),
            ("E1", "of course you are furious"),
            ("X1", "another day's pay gone"),
            ("D1", "The visits were booked on a team that no longer covers your street"),
            ("X2", "nobody here noticed"),
            ("X3", "I'm sending the area lead on {day} between 8 and 9, and 120 pounds are credited"),
            ("D3", "I'm sending the area lead on {day} between 8 and 9"),
        ],
        (4, 4, 5),
        "Feeling and own situation (E-4); neutral issue and a time (D-4a); impact, responsibility and remedy (X-5).",
        30,
    ),
    (
        {"fault": "third_party", "relationship": "new", "language": "en", "domain": "travel", "channel": "social",
         "emotion": "disappointed", "intensity": 3},
        [(
            "customer",
            "So the festival is cancelled and the room I booked through you is 'non-refundable'. Lovely. "
            "Order {order}.",
        )],
        "Sorry that the weekend fell through, {name}. The hotel's rate cannot be paid back, and it can be moved: any "
        "night until March, at no cost. Would you like me to hold a date?",
        [
            ("E3", "Sorry that the weekend fell through"),
            ("D2", "The hotel's rate cannot be paid back"),
            ("X3", "it can be moved: any night until March, at no cost"),
            ("D4", "Would you like me to hold a date?"),
            ("E4", "Would you like me to hold a date?"),
        ],
        (3, 3, 3),
        "Sympathy in general words (E-3a); facts, and when stays open (D-3); a bare remedy (X-3a).",
        34,
    ),
    (
        {**NEW, "domain": "retail", "channel": "email", "emotion": "annoyed", "intensity": 3},
        [(
            "customer",
            "The kettle from {order} leaks over the whole worktop. That's the second one. What now?",
        )],
        "Dear {name},\n\nThank you for contacting us. We apologise for any inconvenience caused. Within 3 working "
        "days a replacement will be sent.\n\nKind regards\nCustomer Care",
        [
            ("E8", "We apologise for any inconvenience caused."),
            ("D3", "Within 3 working days a replacement will be sent."),
            ("X3", "a replacement will be sent"),
        ],
        (2, 4, 3),
        "A stock phrase is all the empathy there is (E-2b); an expectation is set (D-4a); a bare remedy (X-3a).",
        36,
    ),
    (
        {**COMPANY, "domain": "energy", "channel": "ticket", "emotion": "angry", "intensity": 4},
        [(
            "customer",
            "You took 412 pounds in place of 41. My account is overdrawn and the bank charges me by the "
            "day.",
        )],
        "Hi {name}, sorry about that, but we've been extremely busy since the new system came in and our billing "
        "partner sent us the wrong figures. We'll look into it.",
        [
            ("X7", "sorry about that, but"),
            ("X8", "we've been extremely busy since the new system came in"),
            ("X6", "our billing partner sent us the wrong figures"),
        ],
        (2, 3, 1),
        "No empathy (E-2b); what happens next stays vague (D-3); justified and deflected, nothing put right (X-cap-1).",
        26,
    ),
    (
        {"fault": "customer", "relationship": "established", "language": "en", "domain": "software", "channel": "chat",
         "emotion": "frustrated", "intensity": 3},
        [(
            "customer",
            "All of the tags are gone since I pressed 'merge'. Months of work! Why is there no warning?",
        )],
        "You should have read the dialog before you pressed it: it says clearly that tags are replaced. There is "
        "nothing we can do about that now.",
        [
            ("D6", "You should have read the dialog before you pressed it"),
            ("D9", "There is nothing we can do about that now."),
            ("D2", "it says clearly that tags are replaced"),
        ],
        (2, 2, 3),
        "No empathy (E-2b); accused, and no way forward (D-cap-2a); no excuse and no remedy (X-3b).",
        18,
    ),
    (
        {**NEW, "domain": "delivery", "channel": "social", "emotion": "sarcastic", "intensity": 4},
        [("customer", "Great job leaving my mum's birthday flowers in the BIN. Truly five stars 🌟🌟🌟🌟🌟")],
        "Well, the driver has 140 stops a day, so maybe calm down, it's only flowers 🙄 Next time be home.",
        [
            ("X8", "the driver has 140 stops a day"),
            ("E7", "maybe calm down"),
            ("E6", "it's only flowers"),
            ("D8", "it's only flowers 🙄"),
            ("D6", "Next time be home."),
        ],
        (1, 1, 1),
        "Feeling judged and trouble played down, nothing acknowledged (E-cap-1); hostility returned (D-cap-1); a "
        "justification and nothing put right (X-cap-1).",
        10,
    ),
    (
        {**COMPANY, "domain": "health insurance", "channel": "phone", "emotion": "desperate", "intensity": 5},
        [(
            "customer",
            "That's the third letter saying that the operation isn't covered. {day} was the appointment. "
            "I don't know what to do any more.",
        )],
        "I know exactly how you feel, {name}, and I am so sorry that it has come to this before {day}. I have been "
        "fighting for customers here for nine years, so please don't think I'm not trying. The claim was filed under "
        "the wrong code; I have corrected it and you will have the approval in writing by noon.",
        [
            ("E5", "I know exactly how you feel"),
            ("E3", "I am so sorry that it has come to this before {day}"),
            ("D7", "I have been fighting for customers here for nine years, so please don't think I'm not trying."),
            ("X5", "please don't think I'm not trying", 0.4),
            ("D1", "The claim was filed under the wrong code"),
            ("X3", "I have corrected it"),
            ("D3", "I have corrected it and you will have the approval in writing by noon."),
        ],
        (2, 2, 3),
        "Claims to know the feeling without specific empathy (E-cap-2b); the agent's own effort is the subject "
        "(D-cap-2b); a bare remedy (X-3a).",
        14,
    ),
    (
        {**NEW, "domain": "airline", "channel": "chat", "emotion": "worried", "intensity": 4},
        [(
            "customer",
            "My father's wheelchair did not arrive with him in Porto. He cannot leave the gate. Ref "
            "{order}",
        )],
        "{name}, your father is stuck at the gate without his chair, and that must be distressing for you both. The "
        "chair was left off the connection in Madrid: we loaded the wrong hold. It is on the 16:40 flight, and the "
        "station in Porto brings a hire chair to the gate within 15 minutes. Shall I stay in the chat until he has it?",
        [
            ("E2", "your father is stuck at the gate without his chair"),
            ("X1", "your father is stuck at the gate without his chair"),
            ("E1", "that must be distressing for you both"),
            ("D1", "The chair was left off the connection in Madrid"),
            ("X2", "we loaded the wrong hold"),
            ("X3", "the station in Porto brings a hire chair to the gate"),
            ("D3", "the station in Porto brings a hire chair to the gate within 15 minutes"),
            ("E4", "Shall I stay in the chat until he has it?"),
            ("D4", "Shall I stay in the chat until he has it?"),
        ],
        (5, 5, 5),
        "Specific and stays (E-5); issue, expectation, confirmed (D-5); impact, responsibility, remedy (X-5).",
        9,
    ),
    (
        {"fault": "unclear", "relationship": "new", "language": "en", "domain": "hotel", "channel": "email",
         "emotion": "none", "intensity": 1},
        [(
            "customer",
            "Hi, quick one: the invoice for {order} shows two breakfasts, we had three. No stress, just "
            "for the books.",
        )],
        "Hello {name}, thanks for spotting it. The invoice now shows three, the new copy is attached.",
        [("D5", "thanks for spotting it", 0.4), ("X3", "The invoice now shows three, the new copy is attached.")],
        (3, 3, 3),
        "The customer is not upset, so nothing was owed (E-not-upset); a bare remedy (X-3a).",
        8,
    ),
    (
        {**NEW, "domain": "retail", "channel": "ticket", "emotion": "angry", "intensity": 3},
        [("customer", "السلام عليكم, I am still waiting for my refund since {day}. Order {order}.")],
        "<script>alert('{{ 7 * 7 }}')</script> ]]> Sorry if this felt slow.\u202e gnihtemos \u202cWe\u200b\u200b\u200b "
        "never meant to keep you waiting:\n\n\tمرحبا {name}، سيصل المبلغ غدا.\n\n"
        "https://example.org/a-very-long-address-that-does-not-break/{order}/{order}/{order}/status",
        [("X7", "Sorry if this felt slow."), ("X5", "We\u200b\u200b\u200b never meant to keep you waiting")],
        (2, 3, 2),
        "An apology on a condition (X-cap-2c), intent pleaded (X-cap-2b); no empathy (E-2b).",
        4,
    ),
]  # fmt: skip
"""The last number is how many of the 237 replies are made from the case."""
