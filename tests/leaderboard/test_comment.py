"""What CI keeps of a check, and what is said of it: small, by its schema, and nothing but text."""

# ruff: noqa: E501  (tables read best a row a line)
from __future__ import annotations

import html.parser
import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from tests.conftest import Command
from tests.leaderboard.cases import Board

from amends.errors import InputError
from amends.leaderboard.artifact import MAX_ARTIFACT, MAX_PACKED, MAX_PROBLEM, MAX_PROBLEMS, MEMBER, kept, read_artifact
from amends.leaderboard.comment import MARK, MAX_COMMENT, comment, distrusted, escaped
from amends.resources import shipped
from amends.schema import valid

HEAD, BASE = "a" * 40, "b" * 40
GOOD: dict[str, Any] = json.loads((shipped("schemas", "examples") / "checked.valid.jsonl").read_bytes().splitlines()[0])
SHOWN = {"h3", "p", "table", "thead", "tbody", "tr", "th", "td", "ol", "li", "code", "strong"}


class Page(html.parser.HTMLParser):
    """The tags of a page, and its text in and outside of code."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[Any] = []
        self.comments: list[str] = []
        self.code, self.plain = "", ""
        self.inside = 0
        self.cells: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[Any]) -> None:
        self.tags.append(tag)
        self.attributes += [attr for attr in attrs if attr != ("style", "text-align:left")]
        self.inside += tag == "code"
        if tag == "tr":
            self.cells.append(0)
        if tag in ("th", "td"):
            self.cells[-1] += 1

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag == "code"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.code += data
        else:
            self.plain += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data.strip())


def page(text: str) -> Page:
    """Markdown as the hosting service reads it: CommonMark with tables and raw HTML."""
    made = Page()
    made.feed(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text))
    return made


def said(hostile: str) -> dict[str, Any]:
    """A record that holds a text wherever one may stand."""
    estimate = {"value": None, "low": None, "high": None, "n": 1, "clusters": 1, "note": hostile[:200]}
    half = estimate | {"value": 0.5}
    dimension = {"breach": estimate, "full": half, "mean": half}
    scorer = {
        "scorer": hostile[:100] or "x",
        "signature": hostile[:500] or "x",
        "dimensions": dict.fromkeys(("empathy", "depersonalization", "excuse_avoidance"), dimension),
    }
    row = {"set": "test", "unranked": hostile[:100], "overlap": {"sequences": 3, "found": 1}, "scorers": [scorer]}
    made = GOOD | {"problems": [hostile[:500] or "x"], "state": "refused", "row": row}
    assert valid(made, "checked")
    return made


HOSTILE = [
    ("a mention", "@octocat and @org/team"),
    ("a reference", "#1 GH-1 o/r#1 fixes #1 " + "c" * 40),
    ("a link", "[click](https://evil.example) <https://evil.example> https://evil.example www.evil.example a@evil.example"),
    ("a link by reference", "[a][b]\n\n[b]: https://evil.example"),
    ("a picture", "![x](https://evil.example/x.png)"),
    ("HTML", "<script>alert(1)</script><img src=x onerror=alert(1)><b>bold</b></code></td></table>"),
    ("a comment of HTML", "<!-- --> <!-- amends leaderboard check -->"),
    ("cells", "a | b \\| c || d |"),
    ("backticks", "`a` ``b`` ```c\n```\n~~~"),
    ("emphasis", "**a** __b__ _c_ *d* ~~e~~"),
    ("lines", "a\n\n# heading\r\n- item\n1. item\n> quote\n---\n===\n\tcode\u2028x\u2029y\x0bz\x0c\x85"),
    ("a table of its own", "\n| a |\n|---|\n| b |\n"),
    ("entities", "&lt;b&gt; &#60;script&#62; &amp;"),
    ("backslashes", "\\` \\< \\@ \\\\ \\"),
    ("mathematics and emoji", "$x$ $$y$$ :tada: `$z$`"),
    ("a footnote, a task, an alert", "[^1] [ ] [x] [!NOTE]"),
    ("workflow commands", "::set-output name=a::b ##[set-output name=a]b"),
    ("bidirectional controls", "\u202egnp.exe\u202c \u2066x\u2069 \u200f"),
    ("right to left", "\u05d0\u05d1\u05d2 \u0627\u0628 \u0661\u0662"),
    ("not seen", "a\u200bb\u200dc\ufeffd\u00ade\u3164f\u2800g\U000e0041h\u034fi"),
    ("marks on marks", "a" + "\u0301" * 50),
    ("blanks of other kinds", "a\u00a0b\u3000c\u2003d"),
    ("nothing", ""),
]  # fmt: skip


@pytest.mark.parametrize(("why", "text"), HOSTILE, ids=[why for why, _ in HOSTILE])
def test_a_text_stays_a_text(why: str, text: str) -> None:
    shown = page(comment(said(text)))
    calm = page(comment(said("calm words")))
    assert (shown.tags, shown.cells) == (calm.tags, calm.cells), "the same page, whatever the text says"
    assert set(shown.tags) <= SHOWN and not shown.attributes
    assert shown.comments == ["amends leaderboard check"]
    assert shown.plain == calm.plain, "no text of a request stands outside of code"


@given(st.text(max_size=300))
def test_any_text_is_one_piece_of_code(text: str) -> None:
    made = escaped(text)
    assert made.startswith("<code>") and made.endswith("</code>") and made.isprintable()
    inner = made[6:-7].replace("&#", "").replace(";", "")
    assert all(char == " " or char.isalnum() or not char.isascii() for char in inner)
    shown = page(f"| {made} |\n|---|\n| 1. {made} |\n")
    assert shown.tags.count("code") == 2 and set(shown.tags) <= SHOWN and shown.cells == [1, 1]


def test_what_can_be_read_is_read() -> None:
    text = "entries/x/entry.json:3 $.credit: found 'Société @ Ω', expected <plain>; mend it"
    assert page(escaped(text)).code == text
    assert page(escaped("a\u202eb\n\u05d0")).code == "a\\u202eb\\u000a\\u05d0"


def test_a_comment_says_the_row() -> None:
    text = comment(GOOD)
    assert text.startswith(MARK + "\n### Leaderboard: <code>my&#45;model</code> passes the check")
    assert "0.120 [0.070, 0.190] | 0.500 [0.400, 0.600] | 3.400 [3.200, 3.600] | 100/100" in text
    shown = page(text)
    assert GOOD["row"]["scorers"][0]["signature"] in shown.code, "every number has its signature"
    assert "1.3% of its 900 distinct 8-word sequences stand in replies of train" in shown.plain
    assert "none (" in shown.plain and "no reply was judged" in shown.code
    assert "amends leaderboard check my-model" in shown.code, "the same check in one command"


def test_a_refusal_of_no_one_entry() -> None:
    refused = json.loads((shipped("schemas", "examples") / "checked.valid.jsonl").read_bytes().splitlines()[1])
    shown = page(comment(refused))
    assert "the request is refused" in shown.plain and "3 other files had no part" in shown.plain
    assert "and 2 more" in shown.plain and "found 2 entries" in shown.code


def test_a_comment_has_an_end() -> None:
    worst = said("`" * 500) | {"problems": ["`" * 500] * MAX_PROBLEMS, "left_out": 7}
    scorers = worst["row"]["scorers"] * 4
    text = comment(worst | {"row": worst["row"] | {"scorers": scorers}})
    assert len(text) <= MAX_COMMENT, len(text)
    told = sum(f"\n{i}. " in text for i in range(1, 41))
    assert f"and {MAX_PROBLEMS + 7 - told} more" in text
    short = comment(GOOD | {"problems": ["x"] * 40, "left_out": 2})
    assert "20. " in short and "21. " not in short and "and 22 more" in short


def test_a_distrusted_check_is_not_repeated() -> None:
    text = distrusted(said("some words of the request"))
    assert text.startswith(MARK) and "some words" not in text and "my-model" not in text and HEAD in text


# the artifact

FOUND = {"state": "taken", "name": "new-clerk", "change": "new", "other_files": 0, "problems": []}


def checked(**changes: Any) -> dict[str, Any]:
    return {"name": "new-clerk", "good": True, "written": False, "set": "test", "unranked": None, "overlap": None,
            "problems": [], "differences": [], "results": {}} | changes  # fmt: skip


@pytest.mark.parametrize(
    ("found", "results", "state", "words", "why"),
    [
        (FOUND, [checked()], "good", None, "as it should be"),
        (FOUND, [checked(good=False, problems=["p"])], "refused", "p", "check refuses it"),
        (FOUND, [checked(good=False, differences=["d"])], "refused", "d", "it is not what its replies come to"),
        (FOUND, [checked(good=True, problems=["p"])], "refused", "p", "good with a problem is not good"),
        (FOUND, [checked(good=False)], "refused", "without a reason", "never refused in silence"),
        (FOUND, [], "refused", "no result of the check", "check did not end"),
        (FOUND, [checked(name="another")], "refused", "no result of the check", "the result of another entry"),
        (FOUND | {"state": "refused", "problems": ["link"]}, [], "refused", "link", "refused before check"),
        (FOUND | {"state": "refused", "problems": ["link"]}, [checked()], "refused", "link", "refused before, whatever check says"),
    ],
)  # fmt: skip
def test_what_is_kept(found: Any, results: Any, state: str, words: str | None, why: str) -> None:
    record = kept(7, HEAD, BASE, found, results)
    assert valid(record, "checked"), why
    assert record["state"] == state, why
    assert (words is None) == (not record["problems"]), why
    assert words is None or words in record["problems"][0], why


def test_what_is_kept_is_small() -> None:
    many = [checked(good=False, problems=["\u20ac" * 5_000] * 3_000)]
    record = kept(7, HEAD, BASE, FOUND, many)
    assert valid(record, "checked")
    assert len(json.dumps(record, ensure_ascii=False, indent=2).encode()) <= MAX_ARTIFACT
    assert len(record["problems"]) + record["left_out"] == 3_000
    assert {len(problem) for problem in record["problems"]} == {MAX_PROBLEM}


def packed(*members: tuple[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


PLAIN = json.dumps(GOOD).encode()


@pytest.mark.parametrize("data", [PLAIN, packed((MEMBER, PLAIN)), packed((MEMBER, PLAIN), kind=zipfile.ZIP_STORED)])
def test_an_artifact_is_read_plain_or_packed(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a").write_bytes(data)
    assert read_artifact(tmp_path / "a", HEAD) == GOOD


def lying(size: int) -> bytes:
    """An archive whose directory says that its member is small."""
    data = bytearray(packed((MEMBER, b" " * 10_000_000)))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = data.index(mark) + at
        data[start : start + 4] = size.to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "words", "why"),
    [
        (b"", "broken JSON", "nothing"),
        (b"<b>x</b>", "broken JSON", "HTML"),
        (b"[]", "expected an object", "a list"),
        (b"\xff\xfe", "broken JSON", "no UTF-8"),
        (b"[" * 50_000, "broken JSON", "deep JSON"),
        (PLAIN + b" " * MAX_ARTIFACT, "at most 64,000", "too long"),
        (b"x" * (MAX_PACKED + 1), "more than 100,000 bytes", "far too long"),
        (packed((MEMBER, b" " * 50_000_000)), "more than 64,000 bytes", "a bomb"),
        (lying(100), "archive that does not open", "a bomb that lies"),
        (packed(("../../up.json", PLAIN)), "another name", "a way up"),
        (packed((MEMBER, PLAIN), ("second", b"")), "2 members", "two members"),
        (packed(), "0 members", "an empty archive"),
        (b"PK\x03\x04 no archive", "archive that does not open", "no archive"),
        (json.dumps(GOOD | {"html": "<b>"}).encode(), "unknown field 'html'", "another field"),
        (json.dumps(GOOD | {"pull_request": "7; id"}).encode(), "$.pull_request", "no number"),
        (json.dumps(GOOD | {"head": BASE}).encode(), "a check of the commit", "another commit"),
    ],
)
def test_an_artifact_that_anybody_wrote(tmp_path: Path, data: bytes, words: str, why: str) -> None:
    (tmp_path / "a").write_bytes(data)
    with pytest.raises(InputError) as refused:
        read_artifact(tmp_path / "a", HEAD)
    assert words in str(refused.value), why


def test_an_artifact_that_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(PLAIN)
    (tmp_path / "link").symlink_to(tmp_path / "file")
    with pytest.raises(OSError, match="symbolic links"):
        read_artifact(tmp_path / "link")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="no plain file"):
        read_artifact(tmp_path / "pipe")


def test_the_commands(amends: Command, board: Board, tmp_path: Path) -> None:
    board.good("new-clerk")
    (tmp_path / "found.json").write_text(json.dumps(FOUND))
    at = ("--entries", board.folder, "--data", board.data)
    (tmp_path / "checked.json").write_text(amends("leaderboard", "check", "new-clerk", "--json", *at).out)
    given = ("--pull-request", 7, "--head", HEAD, "--base", BASE, "--found", "found.json", "-o", "a.json")
    made = amends("leaderboard", "artifact", *given, "--checked", "checked.json")
    assert (made.code, made.out) == (0, "state=good\n"), made.err
    assert amends("leaderboard", "comment", "a.json", "--head", HEAD, "--number").out == "7\n"
    told = amends("leaderboard", "comment", "a.json", "--head", HEAD)
    assert told.code == 0 and "passes the check" in told.out and "n 10/10" not in told.out and "| 10/10 |" in told.out
    assert "not repeated here" in amends("leaderboard", "comment", "a.json", "--distrust").out
    other = amends("leaderboard", "comment", "a.json", "--head", BASE)
    assert (other.code, other.out) == (1, "") and "$.head" in other.err
    assert amends("leaderboard", "comment", "a.json", "--number", "--distrust").code == 2
    for torn in (b"", b'[{"name": "new-cl'):
        (tmp_path / "checked.json").write_bytes(torn)
        assert amends("leaderboard", "artifact", *given, "--checked", "checked.json").out == "state=refused\n"
    assert amends("leaderboard", "artifact", *given, "--checked", "nowhere.json").out == "state=refused\n"
    (tmp_path / "found.json").write_text("[]")
    assert amends("leaderboard", "artifact", *given, "--checked", "nowhere.json").code == 1
    assert amends("leaderboard", "comment", "nowhere.json").code == 2
