"""The audit: each number by hand or by scipy on hand-made records, and the same bytes each time."""

from __future__ import annotations

import random
from typing import Any

import pytest
import scipy.stats

from amends.audit.counts import behaviour_counts, level_counts, scenario_rows, thin
from amends.audit.counts import test_only as only_in_test
from amends.audit.material import Material, read_material
from amends.audit.page import audit
from amends.audit.planned import against_plan, between_dimensions, with_cues
from amends.audit.rankings import rankings
from amends.dataset.folder import released
from amends.records import DIMENSIONS, Annotation, Annotator, Context, Exchange, Scenario, Turn
from amends.resources import shipped

TURNS = (Turn("customer", "Where is it?"),)


def exchange(name: str, levels: tuple[float | None, ...], split: str = "test", **more: Any) -> Exchange:
    codes = more.get("codes", ())
    gold = {
        "model": {
            "levels": dict(zip(DIMENSIONS, levels, strict=True)),
            "behaviours": [{"code": c, "start": 0, "end": 1, "quote": "x"} for c in codes],
        }
    }
    context = Context(domain=more.get("domain", "trains"))
    return Exchange(name, TURNS, more.get("reply", "x " * 3), context, name.split(".")[0], 0, split, None, gold)


def material(exchanges: list[Exchange], **more: Any) -> Material:
    scenarios = {e.scenario_id: Scenario(e.scenario_id or "", TURNS, e.split, e.context) for e in exchanges}
    return Material(
        "9.9.9", "0" * 12, list(scenarios.values()), exchanges, more.get("annotations", []), more.get("plan", {}),
        more.get("comparisons", []),
        {kind: more.get(kind, []) for kind in ("contrast", "gaming", "invariance")},
        more.get("judgements", {}), more.get("degenerate", []), more.get("systems", []),
    )  # fmt: skip


def test_levels_are_counted_by_split_and_kind() -> None:
    found = material(
        [
            exchange("a.1", (1, 2, 3)),
            exchange("a.2", (1.5, None, 3)),  # a mean of two rounds half up
            exchange("b.1", (5, 5, 5), "train"),
        ],
        plan={"a.1": {"kind": "planned"}},
    )
    assert level_counts(found, "test")["empathy"] == [1, 1, 0, 0, 0]
    assert level_counts(found, "test")["depersonalization"] == [0, 1, 0, 0, 0]
    assert level_counts(found, "test", "ordinary")["empathy"] == [0, 1, 0, 0, 0]
    assert level_counts(found, "train")["empathy"] == [0, 0, 0, 0, 1]


def test_behaviours_count_replies_not_spans() -> None:
    found = material([exchange("a.1", (1, 1, 1), codes=["E1", "E1", "X3"]), exchange("a.2", (1, 1, 1), codes=["E1"])])
    assert behaviour_counts(found)["test"] == {"E1": 2, "X3": 1}


def test_what_is_thin_is_said() -> None:
    levels = [(1, 3, 1), (2, 3, 2), (3, 3, 3), (4, 3, 4), (5, 3, 5)]
    found = thin(material([exchange(f"s{i}.1", levels[i % 5]) for i in range(20)]))
    assert any(s.startswith("Depersonalization in test: level 1 (0%), level 2 (0%), level 4 (0%)") for s in found)
    assert not any(s.startswith("Empathy in test") for s in found)
    assert any("Behaviours in fewer than 40 replies: E1 (0)" in s for s in found)
    assert any("Ordinary replies of test are alike on depersonalization: 100% stand at level 3." in s for s in found)


def test_domains_of_test_alone() -> None:
    found = material([exchange("a.1", (1, 1, 1), domain="ships"), exchange("b.1", (1, 1, 1), "train")])
    assert only_in_test(found.scenarios) == ["ships"]
    assert scenario_rows(found)[0] == ("scenarios", "1", "0", "1")


def drawn(n: int) -> list[Exchange]:
    generator = random.Random(4)
    return [
        exchange(
            f"s{i // 3}.{i}",
            (generator.randint(1, 5), generator.randint(1, 5), generator.randint(1, 5)),
            reply="you " * generator.randint(1, 9) + "?" * generator.randint(0, 2),
        )
        for i in range(n)
    ]


def test_correlations_are_scipys() -> None:
    exchanges = drawn(60)
    gold = {d: [(e.gold or {})["model"]["levels"][d] for e in exchanges] for d in DIMENSIONS}
    for one in between_dimensions(exchanges, 1):
        expected = scipy.stats.spearmanr(gold[one.first], gold[one.second]).statistic
        assert one.rho.value == pytest.approx(expected)
        assert one.rho.clusters == 20
    cues = {(c.first, c.second): c.rho.value for c in with_cues(exchanges, 1)}
    marks = [e.reply.count("?") for e in exchanges]
    assert cues["question marks", "empathy"] == pytest.approx(scipy.stats.spearmanr(marks, gold["empathy"]).statistic)
    assert cues["digits", "empathy"] is None  # no reply has one: nothing to correlate


def test_gold_against_plan_by_hand() -> None:
    # gold 2, 3, 5, 1.5 against plan 2: exact yes no no yes (1.5 rounds to 2), within one 3 of 4, mean gap 0.875
    exchanges = [exchange(f"s{i}.1", (g, 1, 1)) for i, g in enumerate((2, 3, 5, 1.5))]
    plan = {e.id: {"kind": "planned", "levels": dict.fromkeys(DIMENSIONS, 2)} for e in exchanges}
    found = against_plan(material(exchanges, plan=plan), exchanges, 1)["empathy"]
    assert (found.exact.value, found.near.value, found.shift.value) == pytest.approx((0.5, 0.75, 0.875))


def annotation(reply: str, level: float, method: str) -> Annotation:
    who = Annotator("annotator", "model", method, "1", method)
    return Annotation(reply, reply.split(".")[0], who, dict.fromkeys(DIMENSIONS, level))


def test_rankings_against_the_levels_of_the_other_methods() -> None:
    # ranking a > b = c > d; levels of the others a 4, b 4, c 2, d 3 (the comparative's own do not count)
    # pairs put apart: ab tied, ac same, ad same, bd same, cd other way: of 4 with levels apart 3 the same; 1 of 5 tied
    levels = {"s.a": 4, "s.b": 4, "s.c": 2, "s.d": 3}
    judged = [annotation(r, x, "holistic") for r, x in levels.items()]
    judged += [annotation(r, 1, "comparative") for r in levels]
    ranking = {"scenario_id": "s", "dimension": "empathy", "ranking": [["s.a"], ["s.b", "s.c"], ["s.d"]]}
    found = rankings(material([], annotations=judged, comparisons=[ranking]))["empathy"]
    assert (found.rankings, found.ordered.value, found.ordered.n) == (1, pytest.approx(0.75), 4)
    assert found.level_ties.value == pytest.approx(0.2)


def test_the_audit_reruns_byte_for_byte() -> None:
    exchanges = drawn(60)
    judged = [annotation(e.id, (i * 7) % 5 + 1, m) for i, e in enumerate(exchanges) for m in ("holistic", "checklist")]
    whole = material(exchanges, annotations=judged)
    assert audit(whole) == audit(whole)


def test_the_audit_that_is_committed_is_that_of_the_data() -> None:
    made = audit(read_material(released()))
    assert shipped("data", "AUDIT.md").read_text(encoding="utf-8") == made.page
    for name, text in made.pictures.items():
        assert shipped("data", "audit", name).read_text(encoding="utf-8") == text
