"""What is no reply, is cut off or answers somebody else, and what only looks so: a text, the flag owed, and why."""

# ruff: noqa: E501  (tables read best a row a line; the texts are of many scripts)
from __future__ import annotations

import base64
import random
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from amends.records import Annotation, Context, Exchange, Turn
from amends.rubric.levels import UNSCORED_FLAGS
from amends.scorers.rules.breaks import truncated
from amends.scorers.rules.flags import WHY_NOT, unscored_flag
from amends.scorers.rules.reading import Reading
from amends.scorers.rules.scorer import Rules

DATA = Path(__file__).parents[2] / "data"
RULES = Rules()
CUSTOMER = (
    "I ordered a birthday cake for my daughter and it never came. She cried all evening, thirty guests stood there,"
    " and your line just rang out. I want my money back."
)

EMPTY: list[tuple[str, str]] = [
    ("", "nothing"),
    (" ", "a blank"),
    (" \t\r\n \v\f ", "blanks of all kinds"),
    ("\u00a0\u2003\u3000", "blanks beyond ASCII"),
    ("\u2028\u2029", "line and paragraph separators"),
    ("\ufeff", "a byte order mark"),
    ("\u200b\u200c\u200d\u2060", "zero width"),
    ("\u202a\u202e\u2066\u2069", "direction marks"),
    ("\u3164\u3164\u3164", "Hangul fillers: letters to Unicode, shown as nothing"),
    ("\u115f\u1160", "Hangul jamo fillers"),
    ("\uffa0", "the halfwidth Hangul filler"),
    ("\u2800\u2800\u2800", "blank Braille patterns: symbols to Unicode, shown as a blank"),
    ("\x00\x00", "nul characters"),
    ("\x01\x02\x1b\x7f", "control characters"),
    ("\u0085", "a next-line control"),
    ("\u00ad\u00ad", "soft hyphens"),
    ("\u034f\ufe0f\ufe0e", "joiners and variation selectors"),
    ("\U000e0041\U000e0042", "tag characters"),
    ("\u180e\u17b4\u17b5", "Mongolian and Khmer code points that are not shown"),
    (" \u200b\n\u3164 \ufeff\u2800", "a mixture"),
]
NO_REPLY: list[tuple[str, str]] = [
    ("\ue000\ue001\ue002", "private use: boxes"),
    ("\U000f0000\U00100000", "private use in the far planes"),
    ("\u0378\u0379\u0380", "unassigned code points"),
    ("\u0301\u0302\u0303", "loose accents: seen, and no words"),
    ("\u20dd\u20e3", "loose enclosing marks"),
    ("\ufffd\ufffd\ufffd\ufffd", "replacement characters"),
    ("W\ufffd\ufffd \ufffd\ufffdr\ufffd s\ufffd\ufffd\ufffd\ufffd", "a text in the wrong encoding"),
    ("🙏", "one emoji"),
    ("🙏🙏❤️😢", "emoji alone"),
    ("👩‍👩‍👧‍👦🏳️‍🌈🇬🇧1️⃣", "joined emoji, flags and keycaps"),
    ("☺☹♥★→✓", "symbols"),
    ("?", "one mark"),
    ("...", "full stops"),
    ("?!... --- *** ///", "marks"),
    ("。。、「」！？", "marks of Chinese and Japanese"),
    ("؟؟ ، ؛", "marks of Arabic"),
    ("।॥ ।", "marks of Hindi"),
    ("ーーー", "only the mark that lengthens a vowel"),
    ("¯\\_(ツ)_/¯", "a face with a letter in it"),
    ("(╯°□°)╯︵ ┻━┻", "a face of symbols"),
    ("ಠ_ಠ", "a face of letters"),
    (":)", "an emoticon"),
    (":D", "an emoticon with a letter"),
    ("xD", "an emoticon of letters"),
    ("42", "a number"),
    ("12345 67", "numbers"),
    ("£12.40", "an amount"),
    ("+44 20 7946 0018", "a telephone number"),
    ("22/11/2026 14:05", "a date"),
    ("١٢٣٤", "Arabic digits"),
    ("0101 1010 0011", "binary"),
    ("... --- ...", "Morse"),
    ("https://example.org/help", "a link"),
    ("www.example.org", "a link without its scheme"),
    ("example.com/help/returns", "a bare domain"),
    ("help@example.org", "an address"),
    ("mailto:help@example.org", "an address with its scheme"),
    ("<https://example.org/a> https://example.org/b", "links"),
    ("[https://example.org](https://example.org)", "a link in Markdown"),
    ('{"status": "ok", "reply": null}', "JSON"),
    ("{}", "an empty object"),
    ("[]", "an empty list"),
    ('[{"role": "assistant", "content": ""}]', "a list of JSON"),
    ("```\nprint('sorry')\n```", "fenced code"),
    ("print('sorry')", "a line of code"),
    ("def reply(customer):\n    return None", "Python"),
    ("function reply() { return null; }", "JavaScript"),
    ("const reply = await agent.answer(ticket);\nconsole.log(reply);", "JavaScript"),
    ("#include <stdio.h>\nint main() { return 0; }", "C"),
    ("public static void main(String[] args) { }", "Java"),
    ("SELECT * FROM orders WHERE id = 7;", "SQL"),
    ("if (order == null) {\n  refund();\n}", "code without a keyword at its head"),
    ("body { color: red; }\n.cake { display: none; }", "CSS"),
    ("#!/bin/bash\nrm -rf /tmp/x", "a shell script"),
    ("<?php echo 'x'; ?>", "PHP"),
    ("<?xml version='1.0'?><reply></reply>", "XML"),
    ("<html><head><title>x</title></head><body></body></html>", "a page without text"),
    ("<div><p>&nbsp;</p><br/></div>", "markup around a blank"),
    ("<script>alert(1)</script>", "a script"),
    ("<!-- the reply goes here -->", "a comment"),
    ("name: cake\nstatus: late\nrefund: no", "settings"),
    ("id,name,amount\n1,cake,40\n2,tart,12", "a table of values"),
    ("null", "a missing value"),
    ("None", "a missing value"),
    ("undefined", "a missing value"),
    ("N/A", "a missing value"),
    ("NaN", "a missing value"),
    ("[object Object]", "a value that was not written out"),
    ("{{agent_reply}}", "a template's place"),
    ("{customer_name}", "a template's place"),
    ("[INSERT REPLY HERE]", "a template's place"),
    ("TODO", "a note to oneself"),
    ("test test 123", "a test"),
    ("Traceback (most recent call last):\n  File x", "an error of Python"),
    ("TypeError: Cannot read properties of undefined (reading 'text')", "an error of JavaScript"),
    ("java.lang.NullPointerException: null\n  at com.example.Reply", "an error of Java"),
    ("500 Internal Server Error", "an error of a server"),
    ("HTTP/1.1 429 Too Many Requests\nRetry-After: 7", "an error of a server"),
    ("Error 503", "an error"),
    ("2026-11-22 14:05:07 ERROR queue full, reply dropped", "a line of a log"),
    (base64.b64encode(b"We are so sorry about the cake, madam. " * 2).decode(), "base64"),
    ("\n".join([base64.b64encode(bytes(range(at, at + 45))).decode() for at in range(0, 200, 25)]), "base64 in lines"),
    ("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "a hash"),
    ("%PDF " + "\ufffd\x03" * 30, "the head of a file"),
    ("lorem ipsum dolor sit amet, consectetur adipiscing elit", "filler text"),
    ("Sed ut dolor sit amet consectetur, tempor incididunt labore.", "filler text from its middle"),
    ("sorry " * 500, "a word, 500 times"),
    ("ha " * 40, "a laugh held down"),
    ("please wait " * 60, "two words, 60 times"),
    ("aaaaaaaaaaaaaaaa", "a key held down"),
    ("asdfghjkl", "keys in a row"),
    ("qwerty asdf zxcv", "keys in a row"),
    ("hjkdfs kjhsdf lkjsdf wqeoiu zmxncb qpwoei", "keys at random"),
    ("xkcdjwqrtz", "keys at random"),
    ("fdjk sla; fjdk sla; gh dkslw qopw xmzn fjru", "keys at random, more of them"),
    ("My cake was late and I cried.", "the customer's own words, all of them"),
    ("> My cake was late and I cried.", "the customer's mail quoted back"),
    ("MY CAKE WAS LATE, AND I CRIED!!", "the customer's words, louder"),
    ('"My cake was late and I cried."', "the customer's words in quotation marks"),
    ("You wrote: My cake was late and I cried.", "the customer's words with a label"),
    ("Re: My cake was late and I cried. Help me.", "the customer's words with a subject line"),
    ("cake was late and I", "a stretch of the customer's words"),
    ("Help me. My cake was late and I cried.", "the customer's sentences in another order"),
    ("Kind regards,\nMaureen Oduya\nCustomer Care", "a signature alone"),
    ("Best wishes, Maureen", "a signature in a line"),
    ("-- \nMaureen Oduya\nHallowick Cakes", "a signature under its mark"),
    ("Sent from my iPhone", "what a telephone adds"),
    ("This e-mail is confidential and intended only for the addressee. If you are not the intended recipient, delete it.", "a disclaimer alone"),
    ("On 3 May 2026, Anna wrote:\n> My cake was late", "a quoted mail alone"),
    ("Customer: My cake was late and I cried.", "a made-up turn of the customer"),
    ("Automatic reply: I am out of the office until 5 May with limited access to email.", "a machine's answer"),
    ("I am currently out of the office until Monday and will read mail on my return.", "a machine's answer"),
    ("MAILER-DAEMON: Undelivered Mail Returned to Sender", "a machine's answer"),
    ("Delivery Status Notification (Failure). Your message could not be delivered to one or more recipients.", "a machine's answer"),
]  # fmt: skip
FOREIGN: list[tuple[str, str]] = [
    ("Es tut mir sehr leid, dass die Torte zu spät bei Ihnen war. Wir erstatten den Preis.", "German"),
    ("Es tut mir leid.", "German in four words"),
    ("Entschuldigung!", "German in a word"),
    ("Vielen Dank für Ihre Geduld.", "German in five words"),
    ("Nous sommes désolés pour le retard et vous remboursons la somme dans les jours.", "French"),
    ("Désolé pour le retard.", "French in four words"),
    ("Merci beaucoup!", "French in two words"),
    ("Lamentamos mucho lo que pasó con su pedido y le devolvemos el dinero hoy.", "Spanish"),
    ("Lo siento mucho.", "Spanish in three words"),
    ("Disculpe las molestias.", "Spanish in three words"),
    ("No hemos recibido su pedido, lo sentimos.", "Spanish that begins like English"),
    ("Mi dispiace molto per il ritardo.", "Italian"),
    ("Grazie mille, signora!", "Italian in three words"),
    ("Lamento muito o atraso, o reembolso foi feito.", "Portuguese"),
    ("Obrigado pela paciência.", "Portuguese in three words"),
    ("Het spijt ons dat uw taart te laat was, we betalen het geld terug.", "Dutch, whose small words are like English"),
    ("Bedankt voor uw geduld.", "Dutch in four words"),
    ("Przepraszamy za opóźnienie, zwrot pieniędzy jutro.", "Polish"),
    ("Dziękujemy za cierpliwość.", "Polish in three words"),
    ("Vi beklagar förseningen och betalar tillbaka pengarna.", "Swedish"),
    ("Tyvärr, förlåt.", "Swedish in two words"),
    ("Vi beklager ventetiden, pengene er sendt.", "Danish"),
    ("Gecikme için özür dileriz.", "Turkish"),
    ("Ne pare rău pentru întârziere.", "Romanian"),
    ("Mohon maaf atas keterlambatan pesanan Anda.", "Indonesian"),
    ("Pahoittelemme viivästystä, rahat palautetaan huomenna.", "Finnish"),
    ("Elnézést kérünk a késésért.", "Hungarian"),
    ("Omlouváme se za zpoždění objednávky.", "Czech"),
    ("Oprostite zbog kašnjenja.", "Croatian"),
    ("Приносим извинения за задержку вашего заказа.", "Russian"),
    ("Λυπούμαστε πολύ για την καθυστέρηση.", "Greek"),
    ("نعتذر عن التأخير في طلبك.", "Arabic"),
    ("אנחנו מצטערים על העיכוב.", "Hebrew"),
    ("विलंब के लिए हमें खेद है।", "Hindi"),
    ("ご迷惑をおかけして申し訳ありません。", "Japanese"),
    ("对不起，我们今天退款。", "Chinese"),
    ("불편을 드려 죄송합니다.", "Korean"),
    ("ขออภัยในความล่าช้า", "Thai"),
    ("Chúng tôi xin lỗi vì sự chậm trễ này.", "Vietnamese"),
]  # fmt: skip
CUT: list[tuple[str, str]] = [
    ("The parcel was left at the depot on Monday and it was scanned again on Tuesday because the", "after an article"),
    ("I am so sorry to hear that your", "after an owner, short"),
    ("We are very sorry that the cake never came to you and we will", "after a helping verb"),
    ("Thank you for writing to us. I can see that your order was", "after was"),
    ("I'm so sorry about the party. We have refunded the full amo", "inside a word"),
    ("We are very sorry about the inconv", "inside a word, the only sentence"),
    ("I am sorry about the cake. A new one will be delivered on Friday bef", "inside a word"),
    ("I understand how upset she must have been, and I", "after I"),
    ("I understand how upset she must have been, and I'm", "after I'm"),
    ("I am sorry for what happened, and as a first step,", "after a comma"),
    ("Here is what I have done so far (and what", "in a bracket"),
    ("Your refund is on its way (ref. 44,", "in a bracket, after a comma"),
    ("Dear Ms Oduya,", "a salutation and no more"),
    ("We will refund the cake in full. The money will be on your card by", "before the date"),
    ("We will send a new cake to", "before the place"),
    ("I am sorry. The bakery lost the order. I have asked them for the reason. They will ring tonight and the driver comes tomorr", "inside the last word"),
    ("I am sorry the cake never came. The bakery closed early that day. Nobody told the driver about it. We have now asked the", "after the"),
    ("It was our mistake. The order was lost on our side. Nobody checked the list that day. We have put the amount back on the card", "no mark where all have one"),
    ("I am very sorry that the cake did not arrive and we would like to bring", "after a verb that wants an object"),
    ("Sorry about the cake, I have asked the driver to check with", "after with"),
    ("We are sorry for the delay and for the", "after the"),
    ("I have spoken to the bakery and...the", "an ellipsis and an article"),
    ("I have spoken to the bakery and they said that the...", "an article and an ellipsis"),
    ("Our driver could not find the house; we don'", "inside a contraction"),
]  # fmt: skip
ELSEWHERE: list[tuple[str, str]] = [
    ("Your flight to Porto has been rebooked and your luggage will be on the next plane.", "an airline's customer"),
    ("The router has been replaced and the broadband in your street is up again.", "a line that is down"),
    ("We have moved your appointment with the dentist; the tooth will be looked at by the hygienist.", "a dentist's customer"),
    ("The boiler and the thermostat will be seen to by a gas engineer.", "a heating customer"),
    ("The lesson with the new teacher moves to Tuesday.", "a pupil"),
    ("Your overdraft has been lifted and the mortgage offer stands.", "a bank's customer"),
    ("The clutch and both brakes have been replaced, the garage is open until six.", "a driver"),
    ("Your gym membership is frozen, and the trainer knows.", "a gym"),
    ("The tenancy ends in May and the landlord returns the rent.", "a tenant"),
    ("Preheat the oven, simmer the garlic with the onion and add olive oil.", "a recipe"),
    ("Buy gold.", "an advertisement, as the schema's example has it"),
    ("Bitcoin and ethereum are up again, invest today.", "an advertisement"),
    ("The weather will be sunny with a few showers, and a high temperature.", "a forecast"),
    ("The mitochondria is the powerhouse of the cell, and photosynthesis happens in chloroplasts.", "a textbook"),
    ("Aries and Taurus meet under Saturn this week.", "a horoscope"),
    ("The capital of France is Paris.", "general knowledge"),
    ("The emperor died in the fourth century after a long dynasty.", "history"),
    ("The striker scored twice and won the championship.", "sport"),
]  # fmt: skip
REAL: list[tuple[str, str]] = [
    ("Done.", "one word"),
    ("Sorry!", "one word"),
    ("Ok", "one word"),
    ("OK, sending it now", "no full stop"),
    ("k", "a letter that stands for a word"),
    ("Yes.", "one word"),
    ("No.", "one word"),
    ("Hi there!", "a greeting that is whole"),
    ("Thanks", "a word of thanks is no signature"),
    ("Thank you!", "nor this"),
    ("Cheers, will do", "nor this"),
    ("Many thanks, it's sorted.", "nor this"),
    ("Best to ring us, the line is open.", "begins like a valediction"),
    ("Refunded 12.40 €", "an amount with a word"),
    ("£40 refunded.", "an amount with a word"),
    ("Refund Friday.", "a note"),
    ("On its way", "no full stop"),
    ("On it", "ends with a pronoun"),
    ("Looking into it", "ends with a pronoun"),
    ("Could you tell me what it was for", "ends with a stranded preposition"),
    ("We'll be as quick as we can", "ends with a helping verb left bare"),
    ("Tell me where the parcel is", "ends with is, after where"),
    ("I know how angry you are", "ends with are, after how"),
    ("Yes, I will", "ends with will, an answer"),
    ("Come whenever you want, somebody will let you in", "ends with in"),
    ("ive passed this on", "chat"),
    ("so sorry hun, refund's gone thru, lmk if not there by fri x", "chat, a kiss at its end"),
    ("Sorry :(", "an emoticon is no open bracket"),
    ("Money's back on the card :/", "an emoticon is no cut"),
    ("The croissants were left with Señor Muñoz next door, sorry about that.", "a name with accents"),
    ("Your Doña Paquita Turrón de Yema is being sent again today.", "a Spanish product"),
    ("The Crème Brûlée Tarte au Citron was out of stock, I have refunded it.", "a French product"),
    ("Ihre Torte, as the label calls it, was never put on the van. I'm sorry.", "two German words"),
    ("C'est la vie is no answer, I know. I am sorry.", "a French phrase"),
    ("Mea culpa. We lost the order.", "a Latin phrase"),
    ("Gracias for waiting, the cake is on the van now.", "one foreign word"),
    ("Sorry Siobhán, refunded.", "a name"),
    ("Rescheduled, Thursday.", "a rare word"),
    ("Brilliant, sorted!", "rare words"),
    ("Gutted for you.", "rare words"),
    ("Reimbursed.", "a rare word"),
    ("Hmm, odd. Checking.", "few vowels"),
    ("Noooo, I'm so sorry!", "a letter held down in a word"),
    ("sorry sorry sorry, it's coming", "a word three times"),
    ("We are so sorry about the cake.\n\nKind regards,\nMaureen Oduya\nCustomer Care\nHallowick Cakes Ltd\n1 Mill Lane\nTel 01632 960 001\nwww.example.org", "a short reply over a long signature"),
    ("Refunded.\n-- \nM. Oduya\nThis e-mail is confidential and intended only for the addressee.", "a word over a disclaimer"),
    ("I've refunded it.\n\nWarm regards,", "a signature without a name"),
    ("See https://example.org/refund for the form, I have filled it in for you.", "a link in a sentence"),
    ("https://example.org/track/7 is the link to follow the new cake.", "a link at the head of a sentence"),
    ('You said "it never came", and that is our fault.', "a quotation in a sentence"),
    ("My cake was late and I cried: reading that, I felt ashamed of us.", "begins with the customer's words"),
    ("You cried all evening, and thirty guests stood there. That is on us.", "plays it back"),
    ("Error on our side, the order was lost. I have refunded it.", "begins like a machine"),
    ("Test cakes were sent out by mistake instead of yours.", "begins like a test"),
    ("Import duty is not owed, I have taken it off.", "begins like a line of code"),
    ("From Monday the new bakery takes over.", "begins like a line of code"),
    ("None of this should have happened.", "begins like a missing value"),
    ("Nothing.", "one word"),
    ("True, and I'm sorry.", "begins like a value"),
    ("The office was closed, and I was out until Monday, so nobody rang back. I'm sorry.", "speaks of an office"),
    ("I'm sorry:\n- the cake was lost\n- nobody rang\n- you were left alone", "a list"),
    ("Order: 4471\nRefund: £40, by Friday. I am sorry about the party.", "a note with labels"),
    ("The baker's oven (the big one) failed; the cake never left. I am sorry.", "a bracket that closes"),
    ("There was no cake and no call. We had thirty orders that day. Yours fell off the list. Happy birthday to her from all of us", "a farewell without its mark"),
    ("**Sorry!** We'll refund *all* of it {today}.", "markup and brackets"),
    ("I’m sorry — that’s on us… we’ll put it right today", "typographic marks, no full stop"),
    ("𝐖𝐞 𝐚𝐫𝐞 𝐬𝐨𝐫𝐫𝐲 𝐚𝐛𝐨𝐮𝐭 𝐭𝐡𝐞 𝐜𝐚𝐤𝐞.", "bold letters of mathematics"),
    ("Ｗｅ ａｒｅ ｓｏｒｒｙ．", "fullwidth letters"),
    ("Wе аrе sоrry thаt thе сakе nеvеr cаmе.", "look-alike letters of Russian: an attack, not a language"),
    ("W\u0301e\u0302 a\u0303re\u0301 so\u0301rry.", "letters with loose accents"),
    ("Sorry 🙏🙏🙏🙏🙏🙏🙏🙏🙏🙏🙏🙏", "one word and emoji"),
    ("The flour ran out and the cake was not baked; I have refunded it.", "speaks of what cakes are made of"),
    ("The van broke down near the garage, so the cake never reached you.", "a cause from another trade"),
    ("The dentist next door took the cake in by mistake. Sorry.", "a person of another trade"),
]  # fmt: skip


def annotate(reply: str, customer: str = CUSTOMER) -> Annotation:
    """What the rules say of a reply to a customer."""
    return RULES.annotate([Exchange("e", (Turn("customer", customer),), reply, Context())])[0]


def cases(rows: list[tuple[str, str]], flag: str | None) -> list[object]:
    """Rows of a table as parameters with readable names."""
    return [pytest.param(reply, flag, id=f"{flag}-{at}-{why}"[:60]) for at, (reply, why) in enumerate(rows)]


@pytest.mark.parametrize(
    ("reply", "flag"), cases(EMPTY, "empty") + cases(NO_REPLY, "not_a_reply") + cases(FOREIGN, "unsupported_language")
)
def test_no_levels(reply: str, flag: str) -> None:
    """A text that cannot be judged gets its flag alone, null levels, no behaviours and the reason in words."""
    customer = (
        "My cake was late and I cried. Help me." if "cake was late and" in reply.lower().replace(",", "") else CUSTOMER
    )
    found = annotate(reply, customer)
    assert found.flags == (flag,)
    assert set(found.levels.values()) == {None}
    assert (found.behaviours, found.reason) == ((), WHY_NOT[flag])


@pytest.mark.parametrize(("reply", "flag"), cases(CUT, "truncated") + cases(ELSEWHERE, "off_topic"))
def test_levels_stay(reply: str, flag: str) -> None:
    """A cut reply and one that answers somebody else keep their levels; the second's are at most 3."""
    found = annotate(reply)
    assert found.flags == (flag,)
    levels = [level for level in found.levels.values() if level is not None]
    assert len(levels) == 3
    assert flag == "truncated" or max(levels) <= 3


@pytest.mark.parametrize(("reply", "flag"), cases(REAL, None))
def test_real_replies(reply: str, flag: None) -> None:
    """Short, plain or odd, but a reply: no flag, and levels."""
    found = annotate(reply)
    assert found.flags == ()
    assert None not in found.levels.values()


def test_tables_are_wide() -> None:
    """The tables hold what was promised, no text twice."""
    owed = [reply for rows in (EMPTY, NO_REPLY, FOREIGN, CUT, ELSEWHERE) for reply, _ in rows]
    assert len(set(owed)) == len(owed) >= 200
    assert len({reply for reply, _ in REAL}) == len(REAL) >= 70
    assert frozenset(WHY_NOT) | {"refused_by_judge"} == UNSCORED_FLAGS


def test_fifty_thousand_words() -> None:
    """A reply of 50,000 words is judged like another; of a word alone it is none; neither takes long."""
    words = random.Random(5).choices(
        [
            "we",
            "lost",
            "your",
            "cake",
            "order",
            "and",
            "sent",
            "the",
            "money",
            "back",
            "to",
            "you",
            "on",
            "friday",
            "sorry",
        ],
        k=50_000,
    )
    assert annotate(" ".join(words) + ".").flags == ()
    assert annotate("sorry " * 50_000).flags == ("not_a_reply",)
    assert annotate("x" * 300_000).flags == ("not_a_reply",)


def test_a_swapped_reply_is_off_topic_to_one_and_not_to_the_other() -> None:
    """The flag is of the exchange, not of the text; a company or a domain counts as spoken of."""
    reply = "Your flight to Porto has been rebooked and your luggage will be on the next plane."
    other = Exchange("e", (Turn("customer", "Left at the airport, and my luggage is gone."),), reply, Context())
    told = Exchange("e", (Turn("customer", CUSTOMER),), reply, Context(domain="airline"))
    assert [a.flags for a in RULES.annotate([other, told])] == [(), ()]


def test_flags_alone_equal_those_of_the_whole_run() -> None:
    """``flagged`` looks for no behaviours and says the same; the authority is the one thing for which it does."""
    turns = (Turn("customer", CUSTOMER),)
    texts = [reply for rows in (EMPTY, NO_REPLY, FOREIGN, CUT, ELSEWHERE, REAL) for reply, _ in rows]
    texts += ["We will refund the whole amount by Friday.", "We cannot refund this, but the repair is free."]
    contexts = [Context(), Context(emotion="none"), Context(authority="No refunds. May offer a free repair.")]
    exchanges = [Exchange("e", turns, text, context) for text in texts for context in contexts]
    whole = list(RULES.read(exchanges))
    alone = list(RULES.flagged(exchanges))
    assert [flags for _, flags in alone] == [annotation.flags for _, annotation in whole]
    assert [reading.text for reading, _ in alone] == [reading.text for reading, _ in whole]
    assert sum("unauthorised" in flags for _, flags in alone) >= 1


@pytest.mark.parametrize("split", ["train", "validation"])
def test_no_real_reply_is_flagged_but_by_its_gold(split: str) -> None:
    """No flag takes a reply that annotators judged whole, English and on its matter for less."""
    rows = [orjson.loads(line) for line in (DATA / "exchanges" / f"{split}.jsonl").read_bytes().splitlines()]
    gold = [{"not_upset", "unauthorised"}.union(*(g["flags"] for g in row["gold"].values())) for row in rows]
    flagged = list(RULES.flagged([Exchange.from_dict(row) for row in rows]))
    wrong = [(row["id"], f) for row, g, (_, f) in zip(rows, gold, flagged, strict=True) if not g.issuperset(f)]
    assert len(rows) > 300
    assert wrong == []


def test_flags_of_real_replies_equal_those_of_the_whole_run() -> None:
    """The same on every eighth reply of train."""
    lines = (DATA / "exchanges" / "train.jsonl").read_bytes().splitlines()[::8]
    exchanges = [Exchange.from_dict(orjson.loads(line)) for line in lines]
    assert [f for _, f in RULES.flagged(exchanges)] == [a.flags for a in RULES.annotate(exchanges)]


@pytest.mark.parametrize(("share", "seed"), [(0.4, 1), (0.6, 2), (0.8, 3)])
def test_cut_replies_are_mostly_told(share: float, seed: int) -> None:
    """Replies of validation cut inside a word or a sentence: half of them or more are seen to break off."""
    lines = (DATA / "exchanges" / "validation.jsonl").read_bytes().splitlines()
    whole = [Exchange.from_dict(orjson.loads(line)) for line in lines]
    rng = random.Random(seed)
    cut = [
        replace(e, reply=e.reply[: int(len(e.reply) * share) + rng.randint(0, 9)]) for e in whole if len(e.reply) > 150
    ]
    told = [truncated(Reading(e)) for e in cut]
    assert len(told) > 200
    assert sum(told) > 0.5 * len(told)


def test_flagged_looks_for_no_pattern_where_no_authority_is_named() -> None:
    """A matcher that raises is never asked."""

    class Raises:
        def hits(self, folded: str) -> list[object]:
            raise AssertionError(folded)

        hits_many = hits

    exchange = Exchange("e", (Turn("customer", CUSTOMER),), "We have refunded it.", Context())
    assert [flags for _, flags in Rules(Raises()).flagged([exchange])] == [()]  # type: ignore[arg-type]


def test_a_reading_alone_tells_the_unscored_flag() -> None:
    """Other scorers ask without hits."""
    exchange = Exchange("e", (Turn("customer", CUSTOMER),), "null", Context())
    assert unscored_flag(Reading(exchange)) == "not_a_reply"
