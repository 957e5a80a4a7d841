"""Names of customer and agent are found by where they stand, and move nothing."""

from __future__ import annotations

import pytest

from amends.records import Context, Exchange, Turn
from amends.scorers.rules.reading import Reading
from amends.scorers.trained.inputs import kinds_of, said_of, words_of
from amends.scorers.trained.names import NEUTRAL, name_spans
from amends.scorers.trained.scorer import Trained
from amends.text import fold

SAID = "The cot was due on the 3rd. My name is {0} {1} and I am at the end of my tether.\n\nRegards,\n{0} {1}"
CONTEXT = Context(language="en", channel="email", fault="company", emotion="anger", intensity=4, company="Nap & Nod")


def names(text: str) -> list[str]:
    folded = fold(text)
    return [text[folded.origin(start) : folded.origin(end - 1) + 1] for start, end in name_spans(folded)]


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("Dear Ms Orrell, the cot is late.", ["Orrell"], "after a title"),
        ("Dear Ms. van der Berg, the cot is late.", ["van der Berg"], "particles belong to the name"),
        ("Hi Anna-Maria O'Brien, the cot is late.", ["Anna-Maria O'Brien"], "hyphens and apostrophes"),
        ("Hi Wendell thanks for the mail.", ["Wendell"], "a capital is enough after a greeting"),
        ("hey imke, thanks for writing", ["imke"], "small letters: a mark behind it tells"),
        ("Hello J. Ferris. It is a hard one.", ["J. Ferris"], "initials"),
        ("Good morning Zdenka, it leaves today.", ["Zdenka"], "good morning"),
        ("Hi April, it leaves today.", ["April"], "a month that is greeted is a person"),
        ("I see your point, Dermot. It leaves today.", ["Dermot"], "addressed after a comma"),
        ("Thank you, Priya. It leaves today.", ["Priya"], "thanked"),
        ("Dermot, that is awful. It leaves today.", ["Dermot"], "addressed first"),
        ("My name is Bea and I own this.", ["Bea"], "says who she is"),
        ("It leaves today. Many thanks, Bea", ["Bea"], "signed"),
        ("It leaves today. Bea", ["Bea"], "signed with nothing else"),
        ("It leaves today, Poppy x", ["Poppy"], "signed with a kiss"),
        ("Hi Will, it leaves today and Will's cot too, it will.", ["Will", "Will"], "again, but not the verb"),
        ("DEAR MS ORRELL, IT LEAVES TODAY.", ["ORRELL"], "capitals alone say nothing; the title does"),
        ("Hello 李, it leaves today.", ["李"], "other scripts"),
        ("Hi there, it leaves today.", [], "there is nobody"),
        ("Dear Customer, it leaves today.", [], "an office, not a person"),
        ("Hi, sorry for the wait. Sorry, really.", [], "no name at all"),
        ("However, on Tuesday, it left Leeds. Honestly, it did.", [], "openers, days and towns"),
        ("Dear Madam, I am in receipt of yours.", [], "a form of address"),
        ("I'm sorry. Thanks, everyone.", [], "thanks to all"),
    ],
)
def test_names_are_found_where_they_stand(text: str, expected: list[str], why: str) -> None:
    assert names(text) == expected, why


def test_a_company_is_no_person() -> None:
    folded = fold("Thank you for contacting Nod. Hi Nod, it leaves today, and Mr Nod knows.")
    assert name_spans(folded, frozenset(), "nap & nod") == [
        (folded.text.index("mr nod") + 3, folded.text.index(" knows"))
    ]


def test_a_name_of_the_customers_turn_is_known_in_the_reply() -> None:
    said = Turn("customer", SAID.format("Rosalind", "Achterberg"))
    reading = Reading(Exchange("", (said,), "We wronged you and we told Rosalind so. The cot leaves today.", CONTEXT))
    words = words_of(reading)
    (place,) = [number for number, (word, _, _) in enumerate(words) if word == NEUTRAL]
    _, start, end = words[place]
    assert reading.exchange.reply[start:end] == "Rosalind"
    assert kinds_of(words, reading)[place] == 0
    assert "rosalind" not in said_of(reading)
    assert "achterberg" not in said_of(reading)


def listed(words: str) -> list[str]:
    return words.split()


FIRST = listed(
    "Emily Jamal Siobhán Wei Oluwaseun Priya Mateo Fatima Bronisław Nguyễn Kwame Zsófia Yusuf Hiroshi Thandiwe Sun-hee "
    "Jean-Luc Dmitri Aaliyah Bjørn 美咲 Иван Will Grace Mark Rose Hope June Quillan Tavrosh"
)
LAST = listed(
    "Smith Washington O'Connor Zhang Adeyemi Ramaswamy Hernández Al-Sayed Kowalczyk Trần Mensah Szabó Yılmaz Tanaka "
    "Dlamini Kim Lefèvre Volkov Robinson Lindström 佐藤 Петров Young Day Field Bell Best May Ostrander Vellmoor"
)
REPLIES = (
    "Dear Ms {1}, six nights in the pram would wear anyone down. The cot sat in our depot; that was our failure. It"
    " goes out tomorrow before noon. Does noon suit you?\n\nKind regards,\n{0}",
    "Hi {0}, calm down. The courier is to blame and there is nothing that we can do, {0}. You should have read the"
    " terms.",
    "Hello {0} {1}. Thank you for your patience, Mr {1}. We value your feedback.",
    "Sorry {0}, that was us. {0}'s cot leaves today.",
    "HELLO {1}, IT IS YOUR OWN FAULT, YOU FOOL.",
    "{0}, what a week. Ours to fix, and it leaves today. Thanks, {0} {1}",
)
TRAINED = Trained()


@pytest.mark.parametrize("reply", REPLIES)
def test_levels_are_equal_to_the_bit_whatever_the_name(reply: str) -> None:
    exchanges = [
        Exchange("", (Turn("customer", SAID.format(first, last)),), reply.format(first, last), CONTEXT)
        for first, last in zip(FIRST, LAST, strict=True)
    ]
    plain, *others = TRAINED.annotate(exchanges)
    for own, exchange in zip(others, exchanges[1:], strict=True):
        assert own.levels == plain.levels, exchange.reply
        assert own.probabilities == plain.probabilities
        assert [b.code for b in own.behaviours] == [b.code for b in plain.behaviours]
        assert all(exchange.reply[b.start : b.end] == b.quote for b in own.behaviours)
