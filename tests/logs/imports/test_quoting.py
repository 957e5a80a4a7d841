"""What of a mail is its own, and what HTML says to a reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.logs.imports.markup import plain_text
from amends.logs.imports.quoting import own_words

MAILS = [
    ("Mine.", "Mine.", "nothing to cut"),
    ("Mine.\n\nOn Mon, 2 Mar 2026 at 09:00, Ada <a@x.example> wrote:\n> old\n> older", "Mine.", "an answer on top"),
    ("Mine.\n\nOn Mon, 2 Mar 2026 at 09:00, Ada\n<a@x.example> wrote:\n\nold, unmarked", "Mine.", "over two lines"),
    ("On 2 Mar 2026, at 09:00, Ada wrote:\n> one?\nYes.\n> two?\nNo.", "Yes.\nNo.", "answers between the quotes"),
    ("> old\n\nMine below.", "Mine below.", "an answer below"),
    (
        "On Monday your driver wrote:\n'left with a neighbour'. We have none.",
        "On Monday your driver wrote:\n'left with a neighbour'. We have none.",
        "the customer's own sentence: no date",
    ),
    ("Mine.\n-----Original Message-----\nFrom: x\nold", "Mine.", "a mark of a mail program"),
    ("##- Please type your reply above this line -##\n\nold", "", "a help desk's mark with nothing above it"),
    ("Mine.\n\nFrom: Ada\nSent: Monday\nTo: Tom\nSubject: x\n\nold", "Mine.", "a block of header lines"),
    ("From: the shop\nI want my money.", "From: the shop\nI want my money.", "one such line is a sentence"),
    (
        "Mine.\n\nKind regards,\nTom\n-- \nShop Ltd\nTel 1",
        "Mine.\n\nKind regards,\nTom",
        "the block behind the dashes goes, the sign-off stays",
    ),
    ("Mine.\n\nSent from my iPhone", "Mine.", "a device"),
    (
        "It was sent from my phone.\nAnd lost.",
        "It was sent from my phone.\nAnd lost.",
        "not at the end, not a line of it",
    ),
    ("Am 2. März 2026 um 09:00 schrieb Ada:\n> alt", "", "German, quotes only"),
    ("a\r\n\r\n\r\n\r\nb", "a\n\nb", "line ends and gaps"),
]


@pytest.mark.parametrize(("mail", "own", "why"), MAILS, ids=[why for *_, why in MAILS])
def test_own_words(mail: str, own: str, why: str) -> None:
    assert own_words(mail) == own, why


@given(st.text(max_size=200))
def test_cutting_twice_cuts_no_more_and_adds_nothing(text: str) -> None:
    once = own_words(text)
    assert set(once) <= set(text) | {"\n"}
    assert len(once) <= len(text)


MARKUP = [
    ("<p>one</p><p>two</p>", "one\n\ntwo", "paragraphs"),
    ("one<br>two<br/>three", "one\ntwo\nthree", "lines"),
    ("<ul><li>one</li><li>two</li></ul>", "- one\n- two", "a list"),
    ("&lt;b&gt; &amp; caf&eacute; &#8364;", "<b> & café €", "entities"),
    ("<style>p{}</style><script>x()</script>y", "y", "what no reader sees"),
    ("a <b>bold</b>, <i>b</i>", "a bold, b", "inline"),
    ("<div>a</div><blockquote type=cite>old</blockquote>", "a\n\nold", "a quote is kept where it is asked for"),
    ("<p>a</b></i></p>b</div>", "a\nb", "ends without beginnings"),
    ("", "", "nothing"),
    ("2 < 3 and 4 > 3", "2 < 3 and 4 > 3", "no markup"),
]


@pytest.mark.parametrize(("markup", "text", "why"), MARKUP, ids=[why for *_, why in MARKUP])
def test_plain_text(markup: str, text: str, why: str) -> None:
    assert plain_text(markup) == text, why


def test_quoted_history_goes_where_the_markup_says_so() -> None:
    assert plain_text("<p>a</p><div class='gmail_quote'><p>old</p></div><p>b</p>", quoted=False) == "a\n\nb"
    assert plain_text("<p>a</p><blockquote>his words</blockquote>", quoted=False) == "a\n\nhis words"


def test_deep_markup_is_read_without_recursion() -> None:
    assert plain_text("<div>" * 50_000 + "x" + "</div>" * 50_000) == "x"
