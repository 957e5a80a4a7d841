"""The leaderboard's pages in a real Chromium, from the disk: sorted by keys, filtered, two compared, printed."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from tests.browser.test_report_page import CHROMIUM, CONTRAST, FLAGS, OVERFLOW
from tests.site import made

from amends.site import build, paired
from amends.statistics.paired import columns

PAGES = (
    "index.html", "systems-rules.html", "behaviours-test-trained.html", "compare-test-trained.html",
    "entries/hostile.html", "entries/seven-steps.rules.html",
)  # fmt: skip
VIEWS = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 390)]


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("site") / "out"
    build(made.board(), out, made.replies)
    return out


@pytest.fixture(scope="module")
def hundreds(tmp_path_factory) -> Path:
    """Two hundred entries."""
    out = tmp_path_factory.mktemp("hundreds") / "out"
    build(made.many(200, scorers=1)[0], out)
    return out


@pytest.fixture
def opened(browser):
    """Opens pages; what they say to the console, ask for or put into the title is kept."""
    contexts = []

    def open_page(path: Path, scheme: str = "light", width: int = 1280, anchor: str = "", **more):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **more)
        contexts.append(context)
        page = context.new_page()
        page.said, page.asked = [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(path.as_uri() + anchor)
        return page

    yield open_page
    for context in contexts:
        context.close()


def names(page, table: str = "ranked") -> list[str]:
    return page.evaluate(f"[...document.querySelectorAll('#{table} tbody tr')].map((row) => row.dataset.name)")


def unfold(page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((d) => d.setAttribute('open', ''))")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("scheme", "width"), VIEWS, ids=[f"{scheme}-{width}" for scheme, width in VIEWS])
def test_a_page_fits_is_legible_and_is_quiet(opened, site, name, scheme, width) -> None:
    page = opened(site / name, scheme, width)
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(OVERFLOW) == []
    assert page.evaluate(CONTRAST)["poor"] == []
    assert page.said == []
    assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []
    assert len(page.asked) == 1, "a page is one file"
    assert page.title().endswith("· amends"), "no text of a submission changed the title"


def test_the_check_above_can_fail(opened, tmp_path, site) -> None:
    """A script that slips into a page does not run, since no hash names it, and is heard."""
    whole = (site / "entries" / "hostile.html").read_text(encoding="utf-8")
    bad = tmp_path / "bad.html"
    bad.write_text(whole.replace("<main", "<script>document.title='taken'</script><main", 1), encoding="utf-8")
    page = opened(bad)
    assert "taken" not in page.title()
    assert any("Content Security Policy" in line for line in page.said)


def test_sorting_by_keys_alone(opened, site) -> None:
    page = opened(site / "index.html")
    head = page.locator('#ranked th[data-label="Empathy: breach"]')
    assert page.locator("#ranked th[aria-sort]").get_attribute("data-label") == "Empathy: tier"
    page.locator('#ranked th[data-label="Empathy: tier"] button').focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('th').dataset.label") == "Empathy: breach"
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert page.locator("#ranked th[aria-sort]").count() == 1
    breach = {
        row.name: row.results["trained"].dimensions["empathy"].breach.value
        for row in made.board().tables["test"].rows
        if not row.unranked
    }
    rising = sorted(breach, key=lambda name: (breach[name], name))
    assert names(page) == rising
    page.keyboard.press("Space")
    assert head.get_attribute("aria-sort") == "descending"
    assert names(page) == sorted(breach, key=lambda name: (-breach[name], name))
    assert "Empathy: breach" in page.locator("#status").inner_text()
    assert page.evaluate("document.activeElement.closest('th').dataset.label") == "Empathy: breach", "focus stays"


def test_a_mean_is_sorted_from_the_highest_first(opened, site) -> None:
    page = opened(site / "index.html")
    head = page.locator('#ranked th[data-label="Excuse avoidance: mean level"]')
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    page.locator('#ranked th[data-label="Name"] button').click()
    assert names(page) == sorted(names(page))


def test_a_phone_sorts_by_a_list(opened, site) -> None:
    page = opened(site / "index.html", width=390)
    page.locator("#sort-by").select_option(label="Empathy: mean level")
    means = {r.name: r.results["trained"].dimensions["empathy"].mean.value for r in made.board().tables["test"].rows}
    assert names(page) == sorted((n for n in means if n != "retrieval"), key=lambda n: -means[n])


def test_a_filter_shows_the_slice_and_gives_the_whole_back(opened, site) -> None:
    page = opened(site / "index.html")
    row = page.locator('#ranked tr[data-name="seven-steps"]')
    whole = row.inner_text()
    page.locator("#slice").select_option("fault/company")
    found = made.row("seven-steps", "test").slices["fault"]["company"]["trained"]["empathy"]
    cell = row.locator("td.breach").first.inner_text().split("\n")
    ends = f"{100 * found.breach.low:.1f}–{100 * found.breach.high:.1f}"
    assert cell == [f"{100 * found.breach.value:.1f}%", ends]
    assert row.locator("td.n").inner_text().strip() == f"{found.breach.n} ({found.breach.clusters})"
    assert "Tiers are those of the whole set" in page.locator("#status").inner_text()
    page.locator("#slice").select_option("fault/third_party")
    assert row.locator("td.breach").first.inner_text().split("\n")[1] == "no interval"
    assert "too few for an interval" in page.locator("#status").inner_text()
    page.locator("#slice").select_option("")
    assert row.inner_text() == whole
    page.locator("#find").fill("seven")
    assert page.locator("#ranked tbody tr:visible").count() == 1
    assert page.said == []


def test_without_scripts_everything_but_sorting_is_there(opened, site) -> None:
    page = opened(site / "index.html", java_script_enabled=False)
    assert page.locator("#ranked tbody tr").count() == 4
    assert page.locator(".controls").is_hidden()
    assert page.locator("noscript p", has_text="need JavaScript").is_visible()
    assert page.locator(".track.mean").first.is_visible() and page.locator(".track.breach").first.is_hidden()
    page.locator("label[for=show-breach]").click()
    assert page.locator(".track.breach").first.is_visible(), "the picture's switch is no script"
    page.get_by_role("link", name="test, by rules").click()
    assert page.url.endswith("test-rules.html")
    page.locator("#ranked a").first.click()
    assert "/entries/" in page.url and page.url.endswith(".rules.html")


def test_two_hundred_rows_are_sorted_without_a_visible_wait(opened, hundreds) -> None:
    """A bound far from what it takes (tens of milliseconds), so that a slow machine does not fail it."""
    page = opened(hundreds / "index.html")
    assert len(names(page)) == 200
    took = page.evaluate(
        """() => { const button = document.querySelector('#ranked th[data-label="Empathy: full"] button');
        const start = performance.now(); button.click(); document.body.offsetHeight;
        return performance.now() - start; }"""
    )
    assert took < 2000
    full = page.evaluate("[...document.querySelectorAll('#ranked tbody tr')].map((row) => +row.cells[3].dataset.v)")
    assert full == sorted(full, reverse=True)
    assert page.locator(".fold:not([open])").count() == 3, "a long picture is folded"


def shown(page) -> dict[tuple[str, str], list[str]]:
    """(dimension, measure) to value, interval, n and verdict."""
    rows = page.evaluate(
        """[...document.querySelectorAll('.versus-part')].flatMap((part) => [...part.querySelectorAll('tbody tr')].map(
        (row) => [part.querySelector('h2').innerText, row.querySelector('th').firstChild.textContent,
        ...[...row.querySelectorAll('td.value, td.interval, td.n, td.verdict')].map((cell) => cell.innerText)]))"""
    )
    return {(row[0], row[1]): row[2:] for row in rows}


def test_two_entries_are_compared_as_the_package_compares_them(opened, site) -> None:
    """The browser's estimates against ``statistics.paired.columns``; the draws differ, so ends may by 0.02."""
    page = opened(site / "compare-test-trained.html", anchor="#a=courtesy&b=seven-steps")
    found = shown(page)
    board = made.board()
    rows = {row.name: row for row in board.tables["test"].rows}
    a, b = (
        paired.vectors(rows[name], "trained", made.items(name, "test")).scenarios
        for name in ("courtesy", "seven-steps")
    )
    places = sorted(a)
    for d, name in enumerate(("Empathy", "Depersonalization", "Excuse avoidance")):
        first, second = (np.array([side[p][3 * d : 3 * d + 3] for p in places], dtype=float) for side in (a, b))
        gap = (second - first) / 1000
        better = (gap[:, 2] > 0) + 0.5 * (gap[:, 2] == 0)
        cases = (
            ("B better", better, (0.0, 1.0), 100), ("Breach", gap[:, 0], (-1.0, 1.0), 100),
            ("Full", gap[:, 1], (-1.0, 1.0), 100), ("Mean level", gap[:, 2], (-4.0, 4.0), 1),
        )  # fmt: skip
        for measure, values, limits, scale in cases:
            (expected,) = columns(values[:, None].astype(float), places, limits, 12345)
            value, interval, n, _ = found[name, measure]
            read = [float(x.replace("−", "-").rstrip("%")) / scale for x in (value, *interval.split(" to "))]
            assert read[0] == pytest.approx(expected.value, abs=0.0051 if scale == 1 else 0.00051)
            assert read[1:] == pytest.approx([expected.low, expected.high], abs=0.03), (name, measure)
            assert n.removeprefix("n ") == str(expected.n) == "30"
    assert found["Empathy", "Mean level"][3] == "B is better"
    assert page.locator("code", has_text="scorer:trained.2").count() == 2, "the signatures of both"


def test_comparing_by_keys_and_by_address(opened, site) -> None:
    page = opened(site / "compare-test-trained.html", anchor="#a=seven-steps")
    assert page.locator("#a").input_value() == "seven-steps" != page.locator("#b").input_value()
    page.locator("#b").select_option("courtesy")
    before = shown(page)["Empathy", "Mean level"]
    page.locator("#swap").focus()
    page.keyboard.press("Enter")
    after = shown(page)["Empathy", "Mean level"]
    assert before[0].replace("−", "+") == after[0] and after[3] == "B is better" and before[3] == "A is better"
    assert page.url.endswith("#a=courtesy&b=seven-steps")
    page.locator("#b").select_option("courtesy")
    assert page.locator("#status").inner_text() == "Choose two different entries."
    assert shown(page) == {}
    assert page.said == []


def test_an_address_cannot_put_anything_into_the_page(opened, site) -> None:
    page = opened(site / "compare-test-trained.html", anchor="#a=<img src=x onerror=alert(1)>&b=__proto__")
    assert page.locator("img").count() == 0
    assert page.locator("#a").input_value() == "courtesy"
    assert page.said == []


def test_entries_that_never_differ_have_an_interval_that_is_no_point(opened, hundreds, tmp_path) -> None:
    """Two entries of the same replies: nothing differs in any scenario, and that is not certainty."""
    board, source = made.many(13)
    build(board, tmp_path / "out", lambda row: made.items(source[row.name], "test"))
    same = [name for name in source if source[name] == "seven-steps"]
    assert len(same) == 2
    page = opened(tmp_path / "out" / "compare-test-trained.html", anchor=f"#a={same[0]}&b={same[1]}")
    value, interval, _, verdict = shown(page)["Empathy", "Mean level"]
    low, high = (float(x.replace("−", "-")) for x in interval.split(" to "))
    assert value == "0.00" and low < -0.1 and high > 0.1 and verdict == "not told apart"


@pytest.mark.parametrize("name", ["index.html", "entries/hostile.html"])
def test_print_shows_what_is_folded_and_hides_what_cannot_be_pressed(opened, site, tmp_path, name) -> None:
    page = opened(site / name, "dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(22, 32, 43)", "ink on paper"
    assert page.locator(".sections").is_hidden()
    assert page.locator("table.board thead").first.evaluate("e => getComputedStyle(e).display") == "table-header-group"
    if name == "index.html":
        assert page.locator(".controls").is_hidden()
    else:
        closed = page.locator("details.example:not([open]) .turn.reply .text").first
        assert closed.is_visible(), "an example that is folded on the screen is printed"
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF-") and len(pdf) > 20_000


def test_hidden_characters_are_seen_and_texts_stay_in_their_direction(opened, site) -> None:
    page = opened(site / "entries" / "hostile.html")
    unfold(page)
    labels = page.evaluate(
        "[...document.querySelectorAll('.unseen')].map((u) => getComputedStyle(u, '::before').content)"
    )
    assert {'"U+202E"', '"U+2066"', '"U+200B"', '"U+0000"', '"U+0007"'} <= set(labels)
    kept = "[...document.querySelectorAll('.stated dd bdi, .text')].map((e) => getComputedStyle(e).unicodeBidi)"
    assert set(page.evaluate(kept)) == {"isolate", "plaintext"}


def test_why_there_is_no_number_stays_in_its_cell(opened, tmp_path) -> None:
    """An entry whose replies are none to the scorer has long words where others have a number."""
    board = made.board()
    row = made.silent(board.tables["test"].rows[0])
    table = made.table("test", (*board.tables["test"].rows[1:], row))
    build(dataclasses.replace(board, tables={"test": table}), tmp_path / "out", None)
    page = opened(tmp_path / "out" / "index.html")
    wide = page.evaluate(
        "[...document.querySelectorAll('td.num small')].filter((s) => s.scrollWidth > s.clientWidth + 1).length"
    )
    assert page.get_by_text("no reply was judged").count() == 3
    assert wide == 0
