"""Names that are refused, and those that only look as if they should be."""

from __future__ import annotations

import pytest

from amends.leaderboard.names import mixed_script, skeleton, texts_of, tricks, wrong_card_name, wrong_name

OTHERS = ("seven-steps", "model-1", "courtesy")
PROJECT = ("seven-steps", "courtesy")


@pytest.mark.parametrize(
    ("name", "words", "why"),
    [
        ("x", "2 to 41", "too short"),
        ("x" * 42, "2 to 41", "too long"),
        ("-x", "2 to 41", "a dash first is an option to a shell"),
        ("My-Model", "2 to 41", "capitals are the same file on some disks"),
        ("../x", "2 to 41", "a way out of the folder"),
        ("a/b", "2 to 41", "a path"),
        ("a b", "2 to 41", "a blank"),
        ("ab\n", "2 to 41", "a line end passes $ and not fullmatch"),
        ("s\u0435ven-steps", "2 to 41", "a Cyrillic letter"),
        ("ab\u200b", "2 to 41", "a zero-width space"),
        ("sevensteps", "'seven-steps'", "without its dash"),
        ("seven--steps", "'seven-steps'", "with one more"),
        ("5even-steps", "'seven-steps'", "5 for s"),
        ("c0urtesy", "'courtesy'", "0 for o"),
        ("rnodel-1", "'model-1'", "rn for m"),
        ("model-l", "'model-1'", "l for 1"),
        ("ruies", "'rules'", "i for l"),
        ("rules", "'rules'", "a scorer"),
        ("trained", "'trained'", "a scorer"),
        ("ru1es", "'rules'", "nearly a scorer"),
        ("gold", "'gold'", "labels are called so"),
        ("human", "'human'", "a row of a table"),
        ("index", "'index'", "a page"),
        ("con", "'con'", "a device on Windows"),
        ("official-best", "'official'", "speaks for the project"),
        ("verified", "'verified'", "says what only project.json says"),
    ],
)
def test_refused(name: str, words: str, why: str) -> None:
    wrong = wrong_name(name, OTHERS, PROJECT)
    assert wrong is not None, why
    assert words in " ".join(wrong), why


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("my-model", "plain"),
        ("a1", "as short as can be"),
        ("x" * 41, "as long as can be"),
        ("model-2", "another number is another model"),
        ("model-1-5", "a version is no dash more"),
        ("seven-steps-tuned", "a name that builds on another says so"),
        ("seven-steps", "the project's own name is the project's"),
        ("personal-touch", "a reserved word within a word"),
    ],
)
def test_taken(name: str, why: str) -> None:
    assert wrong_name(name, [n for n in OTHERS if n != name], PROJECT) is None, why


@pytest.mark.parametrize(
    ("name", "refused", "why"),
    [
        ("A clerk", False, "plain"),
        ("Клерк", False, "one script"),
        ("Claud\u0435", True, "Latin with one Cyrillic letter"),
        ("\u0455\u0435v\u0435n-st\u0435ps", True, "mixed, and reads like a baseline"),
        ("Seven Steps", True, "the project's baseline in capitals"),
        ("trained", True, "a scorer"),
        ("x" * 101, True, "too long for a table"),
        ("two\nlines", True, "a line end"),
        ("<script>alert(1)</script>", False, "HTML is text, and shown as text"),
        ("=HYPERLINK(1)", False, "a formula is text; CSV is defused where it is written"),
    ],
)
def test_names_in_cards(name: str, refused: bool, why: str) -> None:
    assert (wrong_card_name(name, "entry", PROJECT) is not None) is refused, why


@pytest.mark.parametrize(
    ("text", "refused", "why"),
    [
        ("plain\nlines\tand tabs", False, "line ends and tabs are seen"),
        ("caf\u00e9, na\u00efve, 日本語, Ωmega", False, "letters of any script"),
        ("thumbs \U0001f44d\U0001f3fd and \u2764\ufe0f", False, "a variation selector after its symbol"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", False, "joiners within an emoji"),
        ("a\u200db", True, "a joiner between letters"),
        ("abc\u202egpj.exe", True, "right-to-left override"),
        ("a\u2066b\u2069", True, "bidi isolates"),
        ("a\u200bb", True, "zero-width space"),
        ("a\ufeffb", True, "a mark inside the text"),
        ("a\u00adb", True, "soft hyphen"),
        ("a\u3164b", True, "Hangul filler looks like a blank"),
        ("a\U000e0041b", True, "tag characters hide text"),
        ("a\u0300\u0301\u0302\u0303\u0304b", True, "a stack of marks covers its neighbours"),
        ("a\x00b", True, "NUL"),
        ("a\x1b[31mb", True, "an escape sequence for a terminal"),
        ("a\ue000b", True, "private use"),
    ],
)
def test_tricks(text: str, refused: bool, why: str) -> None:
    assert bool(tricks(text)) is refused, why


def test_every_text_of_a_value_is_looked_at_keys_too() -> None:
    found = dict(texts_of({"a": ["x", {"b\u200b": "y"}], "n": 3}))
    assert {"$.a[0]", "$.a[1]", "$.a[1].b\u200b"} <= set(found)
    assert "b\u200b" in [text for _, text in texts_of({"a": [{"b\u200b": 1}]})]


def test_skeletons_and_scripts() -> None:
    assert skeleton("Se\u200bven_Steps") == skeleton("seven-steps")
    assert skeleton("v1-5") != skeleton("v15")
    assert mixed_script("micro \u00b5m and Ωmega") is not None
    assert mixed_script("Ωμέγα and alpha") is None
