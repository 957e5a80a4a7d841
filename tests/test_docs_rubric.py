"""docs/RUBRIC.md: as fresh as data/rubric.json and the clauses, and complete."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from amends.rubric.definitions import behaviours, flag_codes, rubric
from amends.rubric.levels import clauses

DOCS = Path(__file__).resolve().parent.parent / "docs"


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_rubric", DOCS / "make_rubric.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def page() -> str:
    return (DOCS / "RUBRIC.md").read_text("utf-8")


def test_the_page_is_fresh(maker: ModuleType, page: str) -> None:
    assert page == maker.render(), "stale: run `python docs/make_rubric.py`"


def test_writing_it_twice_gives_the_same_page(maker: ModuleType) -> None:
    assert maker.render() == maker.render()


def test_everything_of_the_rubric_stands_on_it(page: str) -> None:
    wanted = [f"| `{clause.id}` |" for clause in clauses()] + [clause.text for clause in clauses()]
    wanted += [f"| **{b.code}** |" for b in behaviours().values()]
    wanted += [text for b in behaviours().values() for text in (b.definition, b.example)]
    wanted += [f"| `{code}` |" for code in flag_codes()]
    wanted += [level["anchor"] for d in rubric()["dimensions"] for level in d["levels"]]
    wanted += [f"| {step['number']} | {step['name']} |" for step in rubric()["steps"]]
    wanted += [source["title"] for source in rubric()["sources"]]
    assert [text for text in wanted if text not in page] == []


def test_links_within_the_page_lead_somewhere(page: str) -> None:
    headings = {
        re.sub(r"[^\w\- ]", "", line.lstrip("# ")).lower().replace(" ", "-")
        for line in page.splitlines()
        if line.startswith("#")
    }
    anchors = headings | set(re.findall(r'<a id="([^"]+)">', page))
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= anchors
    for target in re.findall(r"\]\((?!#)([^)]+)\)", page):
        assert (DOCS / target).is_file(), target


def test_tables_are_whole(page: str) -> None:
    """Every row has as many cells as its head."""
    for block in page.split("\n\n"):
        rows = [re.split(r"(?<!\\)\|", row) for row in block.splitlines() if row.startswith("|")]
        assert len({len(row) for row in rows}) <= 1, block
