"""The leaderboard's pages under axe: no finding that is serious or critical, light and dark, wide and narrow."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.site import made

from amends.site import build

PAGES = ("index.html", "behaviours-test-trained.html", "compare-test-trained.html", "entries/hostile.html")
VIEWS = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 390)]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("site") / "out"
    build(made.board(), out, made.replies)
    return out


def wrong(page) -> list[tuple[str, list[str]]]:
    """Findings that are serious or critical, with what they are of."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [(v["id"], [n["html"] for n in v["nodes"]]) for v in found if v["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("scheme", "width"), VIEWS, ids=[f"{scheme}-{width}" for scheme, width in VIEWS])
def test_nothing_serious_or_critical(chromium, site, name, scheme, width) -> None:
    # axe is a script of its own, which the page's policy would not let run
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto((site / name).as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((d) => d.setAttribute('open', ''))")
    assert wrong(page) == []
    if (scheme, width) == VIEWS[0]:
        page.evaluate("document.querySelector('main').append(document.createElement('button'))")
        assert [one for one, _ in wrong(page)] == ["button-name"], "the check can fail"
    context.close()
