"""The site as files: whole, the same twice, closed to what a submission would do to it."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.site import made

from amends.errors import UsageError
from amends.leaderboard.board import Board, Table
from amends.records import DIMENSIONS
from amends.site import build
from amends.site.files import text_cell


class Tags(HTMLParser):
    """Every tag with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def pages(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


def tags(path: Path) -> list[tuple[str, dict[str, str | None]]]:
    reader = Tags()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader.tags


def visible(path: Path) -> str:
    return re.sub(r"<(style|script).*?</\1>", "", path.read_text(encoding="utf-8"), flags=re.S)


def test_every_page_that_is_named_is_there(site: Path) -> None:
    """Links lead to files of the site and to anchors of the page; none leaves it."""
    for path in pages(site):
        found = tags(path)
        anchors = {attributes.get("id") for _, attributes in found}
        for tag, attributes in found:
            href = attributes.get("href")
            if tag != "a" or href is None:
                continue
            assert not re.match(r"[a-z]+:|//|/", href), f"{path.name}: {href}"
            where, _, anchor = href.partition("#")
            assert (path.parent / where).is_file() if where else anchor in anchors, f"{path.name}: {href}"


def test_the_pages_of_a_board(site: Path) -> None:
    names = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assert {"index.html", "test-rules.html", "systems-trained.html", "systems-rules.html"} <= names
    assert {
        "behaviours-test-trained.html",
        "compare-systems-rules.html",
        "leaderboard.json",
        "leaderboard.csv",
    } <= names
    for row in (row for table in made.board().tables.values() for row in table.rows):
        for end in ("html", "rules.html", "json", "csv"):
            assert f"entries/{row.name}.{end}" in names


def test_the_same_board_gives_the_same_bytes(site: Path, tmp_path: Path) -> None:
    built = build(made.board(), tmp_path / "again", made.replies)
    read = {path.relative_to(site): path.read_bytes() for path in site.rglob("*") if path.is_file()}
    again = tmp_path / "again"
    assert read == {path.relative_to(again): path.read_bytes() for path in again.rglob("*") if path.is_file()}
    assert (built.files, built.bytes) == (len(read), sum(map(len, read.values())))


def test_processes_do_not_change_the_bytes(tmp_path: Path) -> None:
    board, _ = made.many(9)
    build(board, tmp_path / "one", None, jobs=1)
    build(board, tmp_path / "two", None, jobs=2)
    for path in (tmp_path / "one").rglob("*.*"):
        assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes(), path.name


# ---- closed to what a submission would do


def test_no_page_runs_or_loads_what_its_policy_does_not_name(site: Path) -> None:
    """One inline style, at most one script with a hash, no handler, no style attribute, nothing from elsewhere."""
    for path in pages(site):
        found = tags(path)
        policy = next(a["content"] for t, a in found if a.get("http-equiv") == "Content-Security-Policy") or ""
        assert policy.startswith("default-src 'none'; style-src 'sha256-") and "unsafe" not in policy
        run = [a for t, a in found if t == "script" and a.get("type") != "application/json"]
        assert len(run) == policy.count("script-src 'sha256-") <= 1
        for tag, attributes in found:
            assert tag not in ("iframe", "object", "embed", "img", "base", "form") or attributes.get("id") == "two", tag
            assert not [name for name in attributes if name.startswith("on") or name in ("style", "src", "action")]


def test_hostile_texts_add_no_tag(site: Path) -> None:
    """The page of the hostile entry is built of the same kinds of tags as that of another."""
    allowed = {tag for tag, _ in tags(site / "entries" / "seven-steps.html")} | {"mark", "code", "em", "details"}
    for name in ("hostile.html", "hostile.rules.html"):
        path = site / "entries" / name
        assert {tag for tag, _ in tags(path)} <= allowed
        page = visible(path)
        assert "<script" not in page and "<img" not in page and "<style" not in page
        assert "&lt;script&gt;" in page, "it is shown, not dropped"
        assert "{{7*7}}" in page and "49" not in re.findall(r"&amp;(\S{2})", page)


def test_a_hostile_value_of_a_filter_adds_no_tag(tmp_path: Path) -> None:
    """It stands in an option, in the page's data and in an entry's slices."""
    row = made.row("courtesy", "test")
    value = "</script><img src=x>\"'&\u2028"
    slices = {"domain": {value: next(iter(row.slices["domain"].values()))}}
    rows = (dataclasses.replace(row, slices=slices),)
    build(Board({"test": made.table("test", rows)}, made.SCORERS, "1.2.0", "0.5.0"), tmp_path / "out")
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "<img" not in page and page.count("</script>") == 2
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.S)[1])
    assert list(data["slices"]["domain"]) == [value]
    assert [a["value"] for t, a in tags(tmp_path / "out" / "index.html") if t == "option"][1] == f"domain/{value}"
    assert "<img" not in (tmp_path / "out" / "entries" / "courtesy.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("character", "label", "why"),
    [
        ("\u202e", "U+202E", "turns the direction of what follows"),
        ("\u2066", "U+2066", "opens an isolate that is never closed"),
        ("\u200b", "U+200B", "is not seen"),
        ("\x07", "U+0007", "is a control character"),
    ],
)
def test_unseen_characters_are_labelled(site: Path, character: str, label: str, why: str) -> None:
    page = (site / "entries" / "hostile.html").read_text(encoding="utf-8")
    assert f'data-shown="{label}' in page, why
    bare = re.sub(r'<span class="unseen"[^>]*><span hidden>.*?</span></span>', "", page, flags=re.S)
    assert character not in bare, why


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../../etc/passwd", "leaves the folder"),
        ("a/b", "is a path"),
        ("a", "is too short"),
        ("Courtesy", "is not lower case"),
        ("a.rules", "is another entry's page by a scorer"),
        ("x" * 42, "is too long"),
        ("courtesy\n", "ends with a line end"),
        ("<b>", "is a tag"),
    ],
)
def test_a_name_that_cannot_be_a_file_is_refused(tmp_path: Path, name: str, why: str) -> None:
    row = dataclasses.replace(made.row("courtesy", "test", False), name=name)
    board = Board({"test": Table("test", (row,), {}, (), {})}, made.SCORERS, "1.2.0", "0.5.0")
    with pytest.raises(UsageError, match="cannot name a page"):
        build(board, tmp_path / "out")
    assert list(tmp_path.iterdir()) == [], why


def test_two_entries_of_one_name_are_refused(tmp_path: Path) -> None:
    row = made.row("courtesy", "test", False)
    tables = {name: Table(name, (row,), {}, (), {}) for name in ("test", "systems")}
    with pytest.raises(UsageError, match="two entries are named courtesy"):
        build(Board(tables, made.SCORERS, "1.2.0", "0.5.0"), tmp_path / "out")


def test_only_a_site_is_replaced(tmp_path: Path) -> None:
    board, _ = made.many(1)
    out = tmp_path / "out"
    out.mkdir()
    build(board, out)
    (out / "entries" / "gone.html").write_text("of an entry that was withdrawn", encoding="utf-8")
    build(board, out)
    assert not (out / "entries" / "gone.html").exists()
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="holds files that no build wrote"):
        build(board, other)
    (tmp_path / "link").symlink_to(out)
    with pytest.raises(UsageError, match="is no folder"):
        build(board, tmp_path / "link")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "other", "out"], "nothing half made is left"


# ---- what stands in them


def test_tiers_stand_in_place_of_ranks_and_there_is_no_total(site: Path) -> None:
    for name in ("index.html", "systems-rules.html"):
        page = visible(site / name)
        assert 'data-label="Empathy: tier"' in page and '<th scope="col">Rank' not in page
        assert not re.search(r"(?i)\b(overall|average|composite) (score|level|rank)", page)
    head = json.loads((site / "leaderboard.json").read_bytes())
    assert not [key for key in str(head).split("'") if key in ("total", "overall", "rank", "score", "average")]


def test_ties_stand_in_the_order_of_the_alphabet(site: Path) -> None:
    names = re.findall(r'<tr data-name="([a-z-]+)"', (site / "index.html").read_text(encoding="utf-8"))
    tiers = made.board().tables["test"].tiers["trained"]["empathy"]
    assert names == [*[name for tier in tiers for name in sorted(tier)], "retrieval"]


def test_the_retrieval_row_stands_apart_and_says_why(site: Path) -> None:
    ranked, _, apart = (site / "index.html").read_text(encoding="utf-8").partition('id="outside"')
    assert 'data-name="retrieval"' in apart and 'data-name="retrieval"' not in ranked
    assert "Outside the tiers: <bdi" in apart


def test_every_number_of_a_table_has_interval_and_n(site: Path) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    result = made.row("seven-steps", "test").results["trained"].dimensions["empathy"]
    row = re.search(r'<tr data-name="seven-steps">.*?</tr>', page, re.S)
    assert row is not None
    for field in ("breach", "full"):
        one = getattr(result, field)
        cell = f"<b>{100 * one.value:.1f}%</b><small>{100 * one.low:.1f}–{100 * one.high:.1f}</small>"
        assert cell in row[0]
    assert f"<b>{result.mean.value:.2f}</b><small>{result.mean.low:.2f}–{result.mean.high:.2f}</small>" in row[0]
    assert "<b>60 (30)</b>" in row[0]


def test_a_small_slice_says_so(site: Path) -> None:
    page = (site / "entries" / "seven-steps.html").read_text(encoding="utf-8")
    assert "too few for an interval" in page
    data = json.loads(re.search(r'id="data">(.*?)</script>', (site / "index.html").read_text(encoding="utf-8"))[1])
    small = data["slices"]["fault"]["third_party"][0][0]
    assert small[1] is None and small[11] < 5
    large = data["slices"]["fault"]["company"][data["names"].index("seven-steps")]
    found = made.row("seven-steps", "test").slices["fault"]["company"]["trained"]
    for d, dimension in enumerate(DIMENSIONS):
        one = found[dimension]
        assert large[d][:3] == [round(1000 * x) for x in (one.breach.value, one.breach.low, one.breach.high)]
        assert large[d][6] == round(100 * one.mean.value)
        assert large[d][9:] == [one.breach.n, one.mean.n, one.breach.clusters]


def test_what_is_said_by_the_submitter_is_told_apart_from_what_is_verified(site: Path) -> None:
    own, other = (visible(site / "entries" / f"{name}.html") for name in ("seven-steps", "hostile"))
    assert '<li class="good">verified</li>' in own and "by: <bdi" in own
    assert '<li class="plainly">unverified</li>' in other and "nobody of the project made these replies again" in other


def test_nothing_to_show_is_a_page_too(tmp_path: Path) -> None:
    built = build(Board({}, made.SCORERS, "1.2.0", "0.5.0"), tmp_path / "out")
    assert built.entries == 0
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "No entries yet" in page and "amends leaderboard add" in page


def test_a_reply_that_was_not_given_is_a_breach_in_the_comparison() -> None:
    """Two samples asked for in each scenario; one record is missing, and one scenario has none at all."""
    from amends.site import paired

    row = made.row("courtesy", "test", False)
    kept = list(made.items("courtesy", "test"))[1:-2]
    found = paired.vectors(row, "trained", kept)
    first = found.scenarios["test-000"]
    level = kept[0][1]["trained"].levels["empathy"]
    assert first[:3] == ((1000 if level < 2.5 else 500), (500 if level >= 3.5 else 0), round(1000 * level))
    whole = paired.vectors(row, "trained", made.items("courtesy", "test"))
    packed = paired.packed([found, whole])
    assert packed["scenarios"] == 30
    assert [column[29] for column in packed["numbers"][0]] == [1000, 0, -1] * 3


# ---- files


def test_leaderboard_json_meets_its_schema(site: Path) -> None:
    import jsonschema

    schema = json.loads((site / "leaderboard.schema.json").read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    document = json.loads((site / "leaderboard.json").read_bytes())
    jsonschema.validate(document, schema)
    rows = document["tables"]["test"]["rows"]
    assert [row["name"] for row in rows] == sorted(made.FEW)
    assert rows[0]["results"]["rules"]["signature"].startswith("amends|data:test@")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document | {"total": 1}, schema)


@pytest.mark.parametrize(
    ("text", "written", "why"),
    [
        ("=1+1", "'=1+1", "a formula"),
        ("+1", "'+1", "a formula in some programs"),
        ("-2+3", "'-2+3", "a formula in some programs"),
        ("@SUM(A1)", "'@SUM(A1)", "a formula of old programs"),
        ("\t=1", "'\t=1", "a tab that is dropped leaves a formula"),
        ("\r=1", "'\r=1", "so does a carriage return"),
        ("\n=1", "'\n=1", "so does a line end"),
        ("  =1", "'  =1", "blanks may be dropped too"),
        ("\u200b=1", "'\u200b=1", "and what is not seen"),
        ("＝1", "'＝1", "full-width signs are taken as their narrow ones in some languages"),
        ("a=1", "a=1", "a sign inside is no formula"),
        ("plain, \"quoted\"", "plain, \"quoted\"", "the csv module quotes"),
        ("x\x00y", "xy", "null breaks readers"),
    ],
)  # fmt: skip
def test_no_text_cell_is_a_formula(text: str, written: str, why: str) -> None:
    assert text_cell(text) == written, why


def test_csv_cells_are_defused_and_numbers_stay_numbers(site: Path) -> None:
    rows = list(csv.DictReader(io.StringIO((site / "leaderboard.csv").read_text(encoding="utf-8"), newline="")))
    assert len(rows) == 2 * (len(made.FEW) + 3)
    hostile = next(row for row in rows if row["name"] == "hostile")
    assert hostile["statement"].startswith("'=HYPERLINK")
    result = made.row("seven-steps", "test").results["trained"]
    own = next(row for row in rows if (row["name"], row["scorer"]) == ("seven-steps", "trained.2"))
    assert float(own["empathy_mean"]) == pytest.approx(result.dimensions["empathy"].mean.value, abs=1e-5)
    assert own["signature"] == result.signature
    for path in site.rglob("*.csv"):
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")):
            for cell in row:
                assert not cell.startswith(("=", "+", "@", "\t", "\r")), f"{path.name}: {cell!r}"
                assert not cell.startswith("-") or re.fullmatch(r"-[\d.e-]+", cell), f"{path.name}: {cell!r}"
