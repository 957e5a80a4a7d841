"""Everything together: whose agreement it is, people mixed with scorers, and the command."""

import json
import random as shuffling
from dataclasses import replace

import numpy as np
import pytest
from tests.agreement.cases import judged, marked, scored

from amends.agreement.report import agreement
from amends.records import DIMENSIONS, Annotation, Behaviour
from amends.signature import parse


def many(n: int = 40, seed: int = 0) -> dict[str, tuple[float, ...]]:
    random = np.random.default_rng(seed)
    return {f"s{i // 2}.r{i}": tuple(float(v) for v in random.integers(1, 6, 3)) for i in range(n)}


def shifted(levels: dict[str, tuple[float, ...]], seed: int, places: int = 0) -> dict[str, tuple[float, ...]]:
    random = np.random.default_rng(seed)
    return {
        reply: tuple(float(round(min(5.0, max(1.0, v + random.normal(0.2, 0.7))), places)) for v in given)
        for reply, given in levels.items()
    }


def mixed() -> list[Annotation]:
    """Two people and a scorer on the same exchanges; the scorer knows no scenario and its levels are real."""
    truth = many()
    people = judged("ann", "holistic", truth, "person") + judged("bea", "checklist", shifted(truth, 1), "person")
    return people + scored("rules", shifted(truth, 2, places=2))


def estimates(node: object) -> list[dict[str, object]]:
    if isinstance(node, dict):
        own = [node] if "value" in node else []
        return own + [e for below in node.values() for e in estimates(below)]
    return [e for below in node for e in estimates(below)] if isinstance(node, list) else []


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (("model", "model"), "not agreement between people"),
        (("person", "person"), "agreement between people"),
        (("person", "model"), "kinds model, person"),
    ],
)
def test_model_labels_are_never_called_human_agreement(kinds: tuple[str, str], words: str) -> None:
    found = agreement(judged("a", "holistic", many(12), kinds[0]) + judged("b", "checklist", many(12), kinds[1]))
    assert words in found.what_it_is
    assert found.to_dict()["what_it_is"] == found.what_it_is
    if kinds == ("model", "model"):
        assert found.what_it_is.startswith("consistency")


def test_people_and_scorers_go_through_the_same_functions() -> None:
    found = agreement(mixed())
    assert found.annotators == ("ann", "bea", "rules")
    assert found.what_it_is == "agreement between annotators of the kinds person, program"
    assert [(p.first, p.second) for p in found.kappa] == [("ann", "bea"), ("ann", "rules"), ("bea", "rules")]
    for estimate in (found.alpha["empathy"], found.kappa[1].kappa["empathy"], found.bias["rules"]["empathy"]):
        assert estimate.low < estimate.value < estimate.high
        # the scenario that the people's files know holds for the scorer too
        assert (estimate.n, estimate.clusters) == (40, 20)
    assert parse(found.signature)["n"] == "40/20"


def test_users_own_exchanges_are_clusters_of_their_own() -> None:
    found = agreement(scored("rules", many()) + scored("trained", shifted(many(), 1, 2)))
    assert (found.alpha["empathy"].n, found.alpha["empathy"].clusters) == (40, 40)


def test_two_versions_of_a_scorer_are_two_annotators_throughout() -> None:
    one, two = (
        [replace(a, behaviours=b) for a in scored("rules", many(), version)]
        for version, b in (("1", (Behaviour("E1", 0, 4, "word"),)), ("2", (Behaviour("E1", 2, 4, "rd"),)))
    )
    found = agreement(one + two)
    assert found.annotators == tuple(found.bias) == ("rules.1", "rules.2")
    assert found.alpha["empathy"].n == found.behaviours["E1"].alpha.n == found.spans["E1"].jaccard.n == 40
    assert found.spans["E1"].jaccard.value == 0.5
    assert found.behaviours["E1"].alpha.note == "everybody marked it on every reply"


def test_the_order_of_files_and_lines_changes_nothing() -> None:
    given = mixed() + marked("cas", {f"s{i}.r{2 * i}": [("E1", i, i + 9)] for i in range(20)})
    given += marked("dov", {f"s{i}.r{2 * i}": [("E1", 0, 20 + i)] for i in range(20)})
    shuffled = list(given)
    shuffling.Random(1).shuffle(shuffled)
    assert agreement(shuffled).to_dict() == agreement(given).to_dict()


def test_every_number_has_n_and_either_an_interval_or_a_reason() -> None:
    found = agreement(mixed()).to_dict()
    every = estimates(found)
    # alpha 2 x 3, 36 cells and two of them again, kappa 3 x 3, bias 3 x 3, 25 behaviours, spans 26 x 2
    assert len(every) == 6 + 38 + 9 + 9 + 25 + 52
    for one in every:
        assert isinstance(one["n"], int) and isinstance(one["clusters"], int)
        assert one["note"] if one["low"] is None else one["low"] < one["high"] and one["method"]
    json.dumps(found, allow_nan=False)


def test_adjudications_stay_out_of_everything() -> None:
    settled = judged("judge", "adjudication", many(seed=5))
    assert agreement(mixed() + settled) == agreement(mixed())


@pytest.mark.parametrize(
    ("annotations", "what"),
    [
        pytest.param(judged("a", "holistic", many(8)), "one annotator: there is no agreement", id="one annotator"),
        pytest.param([], "no annotator", id="nothing kept"),
        pytest.param(judged("a", "adjudication", many(8)), "no annotator", id="adjudications only"),
    ],
)
def test_what_cannot_be_computed_says_why_everywhere(annotations: list[Annotation], what: str) -> None:
    found = agreement(annotations)
    assert found.what_it_is.startswith(what)
    every = estimates(found.to_dict())
    assert every and all(e["note"] for e in every)
    assert found.kappa == ()


def test_two_annotators_without_a_common_reply() -> None:
    found = agreement(judged("a", "holistic", {"s1.r": (1, 2, 3)}) + judged("b", "checklist", {"s2.r": (1, 2, 3)}))
    notes = {found.alpha["empathy"].note, found.kappa[0].kappa["empathy"].note, found.bias["a"]["empathy"].note}
    assert notes == {
        "no reply was judged by two annotators",
        "no reply that both judged",
        "no reply that another judged too",
    }


def write(path, annotations: list[Annotation]) -> None:
    path.write_text("".join(json.dumps(a.to_dict()) + "\n" for a in annotations), encoding="utf-8")


def with_marks() -> list[Annotation]:
    marks = {f"s{i // 2}.r{i}": [("E1", 0, 10)] if i % 3 else [] for i in range(40)}
    other = {r: [("E1", 5, 15)] if m and int(r.split("r")[1]) % 5 else [] for r, m in marks.items()}
    return marked("cas", marks) + marked("dov", other)


def test_the_command_prints_every_section_in_order(amends, tmp_path) -> None:
    write(tmp_path / "people.jsonl", [a for a in mixed() if a.annotator.kind == "person"] + with_marks())
    write(tmp_path / "rules.jsonl", [a for a in mixed() if a.annotator.kind == "program"])
    called = amends("agreement", "people.jsonl", "rules.jsonl")
    assert called.code == 0, called.err
    headings = [
        "all: ann, bea, cas, dov, rules",
        "Alpha",
        "Multitrait",
        "Weighted kappa",
        "Bias",
        "Behaviours",
        "Spans",
    ]
    at = [called.out.index(heading) for heading in [*headings, "amends|data:annotations@"]]
    assert at == sorted(at)
    assert "40 (20)" in called.out
    assert "not computable: nobody marked it: E2, E3" in called.out
    assert "not computable: no two annotators marked it on one reply: E2, E3" in called.out
    assert max(len(line) for line in called.out.splitlines() if "|" not in line) <= 100


def test_the_command_gives_all_of_it_as_json(amends, tmp_path) -> None:
    given = mixed() + with_marks()
    write(tmp_path / "a.jsonl", given)
    called = amends("agreement", "a.jsonl", "--json")
    assert called.code == 0
    assert json.loads(called.out) == [agreement(given).to_dict()]
    found = json.loads(called.out)[0]
    assert {"alpha", "mtmm", "kappa", "bias", "behaviours", "spans", "signature"} <= set(found)
    assert list(found["kappa"][0]["kappa"]) == list(DIMENSIONS)
    assert found["spans"]["E1"]["jaccard"]["value"] == pytest.approx(5 / 15)


def test_the_command_splits_by_plan(amends, tmp_path) -> None:
    write(tmp_path / "a.jsonl", judged("a", "holistic", many(12)) + judged("b", "checklist", many(12, 1)))
    plan = [{"reply_id": r, "kind": "planned" if i < 8 else "ordinary"} for i, r in enumerate(many(12))]
    (tmp_path / "plan.jsonl").write_text("".join(json.dumps(p) + "\n" for p in plan), encoding="utf-8")
    called = amends("agreement", "a.jsonl", "--plan", "plan.jsonl", "--json")
    assert called.code == 0, called.err
    found = json.loads(called.out)
    assert [(one["name"], one["alpha"]["empathy"]["n"]) for one in found] == [
        ("all", 12),
        ("planned", 8),
        ("ordinary", 4),
    ]


def test_the_command_says_that_one_annotator_agrees_with_nobody(amends, tmp_path) -> None:
    write(tmp_path / "a.jsonl", judged("a", "holistic", many(8)))
    called = amends("agreement", "a.jsonl")
    assert called.code == 0
    assert "one annotator: there is no agreement to measure" in called.out
    assert "not computable: there is no pair of annotators" in called.out


def test_the_command_names_bad_lines_and_goes_on(amends, tmp_path) -> None:
    rows = [json.dumps(a.to_dict()) for name in "ab" for a in judged(name, f"m{name}", many(12))]
    (tmp_path / "a.jsonl").write_text("\n".join([*rows[:5], "{", *rows[5:]]) + "\n", encoding="utf-8")
    called = amends("agreement", "a.jsonl")
    assert called.code == 1
    assert "a.jsonl:6" in called.err
    assert "12 (6)" in called.out and "amends|data:annotations@" in called.out


def test_the_command_refuses_one_id_for_two_replies(amends, tmp_path) -> None:
    write(tmp_path / "a.jsonl", judged("a", "holistic", {"s1.r": (1, 2, 3)}))
    other = judged("b", "holistic", {"s1.r": (1, 2, 3)})[0].to_dict() | {"scenario_id": "s7"}
    (tmp_path / "b.jsonl").write_text(json.dumps(other) + "\n", encoding="utf-8")
    called = amends("agreement", "a.jsonl", "b.jsonl")
    assert (called.code, "belongs to scenario 's1'" in called.err) == (2, True)


def test_flags_and_spans_of_a_scorer_need_no_text() -> None:
    # a scorer may mark one code with several spans on a reply; its annotation carries no id
    one = scored("rules", {"own": (2.5, 3, 4)})[0]
    spans = tuple(Behaviour("E1", start, start + 4, "word") for start in (0, 10))
    both = [one, *marked("ann", {"own": [("E1", 0, 14)]})]
    both[0] = Annotation(one.reply_id, None, one.annotator, one.levels, spans)
    found = agreement([both[0], Annotation("own", None, both[1].annotator, both[1].levels, both[1].behaviours)])
    assert found.spans["E1"].jaccard.value == pytest.approx(8 / 14)
