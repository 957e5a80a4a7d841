"""What is labeled, in which order, under which guideline; and what figures tell of others."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import pytest

from amends.agreement.report import agreement
from amends.desk import guideline
from amends.desk.figures import FEWEST, MODELS, figures
from amends.desk.items import (
    claim,
    keys,
    ordered,
    released_annotations,
    released_gold,
    released_replies,
    settings,
    shown,
    those_released,
    train_only,
)
from amends.errors import UsageError
from amends.records import DIMENSIONS, Annotation, Annotator, Context, Exchange, Turn
from amends.resources import shipped
from amends.rubric.definitions import behaviours, flag_codes

HIDDEN = Exchange(
    "id-hidden", (Turn("customer", "Where is it?"),), "Here.",
    Context("en", "parcels", "phone", "third_party", "established", "Acme", "The Society", "anger-hidden", 4,
            "May pay."),
    "scenario-hidden", 0, "test", None, {"model": {"levels": "hidden"}}, {"plan": "hidden"},
)  # fmt: skip


# ---- what is shown


def test_an_exchange_in_words() -> None:
    told = shown(HIDDEN)
    assert told == {
        "language": "en",
        "context": [
            ("At fault", "a third party, neither company nor customer"),
            ("Company", "Acme"),
            ("Business", "parcels"),
            ("Channel", "on the telephone"),
            ("Customer", "a customer of some time, writing for The Society"),
            ("The agent may and may not", "May pay."),
        ],
        "turns": [{"role": "customer", "text": "Where is it?"}],
        "reply": "Here.",
    }
    assert "hidden" not in json.dumps(told)


def test_what_is_not_known_is_said_to_be() -> None:
    told = shown(dataclasses.replace(HIDDEN, context=Context()))
    words = dict(told["context"])
    assert set(words.values()) == {"not stated", "not named", "not known whether new"}
    assert told["language"] == ""


# ---- order and keys


def test_everybody_has_an_order_of_their_own_and_keeps_it() -> None:
    ids = [f"r{n}" for n in range(40)]
    ana, bo = ordered(ids, 1, "person-ana"), ordered(ids, 1, "person-bo")
    assert sorted(ana) == sorted(bo) == sorted(ids)
    assert len({tuple(ids), tuple(ana), tuple(bo), tuple(ordered(ids, 2, "person-ana"))}) == 4
    assert ordered(list(reversed(ids)), 1, "person-ana") == ana
    few = ordered(ids[:10], 1, "person-ana")
    assert few == [item for item in ana if item in few], "a higher limit leaves the order of what was there"


def test_a_key_tells_nothing_and_stays() -> None:
    made = keys(["sc-1.r1", "sc-1.r2"], "salt")
    assert list(made.values()) == ["sc-1.r1", "sc-1.r2"]
    assert made == keys(["sc-1.r1", "sc-1.r2"], "salt")
    assert not set(made) & set(keys(["sc-1.r1", "sc-1.r2"], "pepper"))
    assert all(re.fullmatch("[0-9a-f]{20}", key) for key in made)


# ---- the folder


def test_a_folder_holds_one_kind_of_labels(tmp_path: Path) -> None:
    path = tmp_path / "desk.json"
    wanted = settings([HIDDEN], 1, "1.1", training=False)
    salt = claim(path, wanted)
    assert len(salt) == 32
    assert claim(path, wanted) == salt
    other = dataclasses.replace(HIDDEN, reply="Elsewhere.")
    for asked, found in (
        (settings([HIDDEN], 1, "1.1", training=True), "made without training mode"),
        (settings([HIDDEN], 2, "1.1", training=False), "--seed 1"),
        (settings([HIDDEN], 1, "1.2", training=False), "guideline 1.1"),
        (settings([other], 1, "1.1", training=False), "labels of other replies"),
    ):
        with pytest.raises(UsageError, match=found):
            claim(path, asked)
    fields = json.loads(path.read_bytes())["settings"]
    assert (fields["training"], fields["seed"], fields["guideline"]) == (False, 1, "1.1")


@pytest.mark.parametrize("there", ["{", "{}", '{"settings": {}}', '{"settings": {"task": "annotate"}}', "[]"])
def test_a_damaged_folder_is_not_taken_for_a_new_one(tmp_path: Path, there: str) -> None:
    (tmp_path / "desk.json").write_text(there)
    with pytest.raises(UsageError):
        claim(tmp_path / "desk.json", settings([HIDDEN], 1, "1.1", training=False))


def test_a_folder_of_answers_is_left_alone(tmp_path: Path) -> None:
    from amends.desk.folder import claim as claim_answers
    from amends.records import Scenario

    claim_answers(tmp_path / "desk.json", "train", [Scenario("s", HIDDEN.turns)])
    with pytest.raises(UsageError, match="amends answer"):
        claim(tmp_path / "desk.json", settings([HIDDEN], 1, "1.1", training=False))
    claim(tmp_path / "labels" / "desk.json", settings([HIDDEN], 1, "1.1", training=False))
    with pytest.raises(UsageError, match="other scenarios"):
        claim_answers(tmp_path / "labels" / "desk.json", "train", [Scenario("s", HIDDEN.turns)])


# ---- the released data


def test_released_replies_carry_no_gold() -> None:
    exchanges = released_replies("validation")
    assert len(exchanges) == 360
    assert {(exchange.split, exchange.gold) for exchange in exchanges} == {("validation", None)}
    assert those_released(exchanges) == dict.fromkeys([exchange.id for exchange in exchanges], "validation")


def test_training_takes_train_replies_word_for_word_and_nothing_else() -> None:
    train = released_replies("train")[:3]
    train_only(train)
    for wrong in (
        released_replies("validation")[0],
        dataclasses.replace(train[0], reply=train[0].reply + " "),
        dataclasses.replace(train[0], id="mine"),
        dataclasses.replace(train[0], turns=(Turn("customer", "Else?"),)),
        HIDDEN,
    ):
        with pytest.raises(UsageError, match="1 of 3 are none"):
            train_only([*train[1:], wrong])


def test_gold_and_annotations_of_released_replies() -> None:
    train = released_replies("train")[:3]
    gold = released_gold([exchange.id for exchange in train])
    assert set(gold) == {exchange.id for exchange in train}
    assert all(set(one) == {"model"} for one in gold.values())
    found = released_annotations(those_released(train))
    assert {a.reply_id for a in found} == set(gold)
    assert {a.annotator.kind for a in found} == {"model"}
    assert all(
        a.annotator.method != "adjudication"
        for a in released_annotations(those_released(released_replies("validation")))
    )


def test_every_released_train_reply_has_gold_to_be_shown() -> None:
    train = released_replies("train")
    assert set(released_gold([exchange.id for exchange in train])) == {exchange.id for exchange in train}


# ---- the guideline


def words(text: str) -> list[str]:
    return re.sub(r"[*`]|^- |^#+ |^\|---.*$", "", text, flags=re.MULTILINE).replace("|", " ").split()


def test_the_whole_guideline_is_shown_word_for_word() -> None:
    pieces: list[str] = []
    for block in guideline.blocks():
        whole = [block["runs"]] if "runs" in block else [cell for row in block["rows"] for cell in row]
        pieces += ["".join(text for text, _ in runs) for runs in whole]
    released = shipped("data", "GUIDELINE.md").read_text(encoding="utf-8")
    assert words(" ".join(pieces)) == words(released)
    assert guideline.version() in released.splitlines()[0]


def test_each_dimension_has_its_levels_behaviours_and_doubts_in_the_guideline_s_words() -> None:
    released = " ".join(words(shipped("data", "GUIDELINE.md").read_text(encoding="utf-8")))
    dimensions = guideline.dimensions()
    assert [d["code"] for d in dimensions] == list(DIMENSIONS)
    assert [d["letter"] for d in dimensions] == ["E", "D", "X"]
    assert [b["code"] for d in dimensions for b in d["behaviours"]] == list(behaviours())
    for dimension in dimensions:
        assert [level["level"] for level in dimension["levels"]] == [5, 4, 3, 2, 1]
        assert len(dimension["notes"]) >= 3
        said = [level["runs"] for level in dimension["levels"]] + dimension["notes"]
        said += [behaviour["runs"] for behaviour in dimension["behaviours"]]
        for runs in said:
            assert " ".join(words("".join(text for text, _ in runs))) in released


def test_a_person_may_set_every_flag_but_the_judge_s() -> None:
    assert [flag["code"] for flag in guideline.flags()] == [c for c in flag_codes() if c != "refused_by_judge"]
    assert [f["code"] for f in guideline.flags() if f["unscored"]] == ["empty", "not_a_reply", "unsupported_language"]


def test_another_guideline_than_the_released_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GUIDELINE.md", "manifest.json"):
        (tmp_path / name).write_bytes(shipped("data", name).read_bytes())
    with (tmp_path / "GUIDELINE.md").open("ab") as stream:
        stream.write(b"\nOne more doubt.\n")
    monkeypatch.setattr(guideline, "shipped", lambda *parts: tmp_path / parts[-1])
    guideline.text.cache_clear()
    try:
        with pytest.raises(UsageError, match="another checksum"):
            guideline.text()
    finally:
        guideline.text.cache_clear()


# ---- figures


def labels_by(name: str, levels: dict[str, int], kind: str = "person") -> list[Annotation]:
    who = Annotator("annotator", kind, name, "1", "holistic", "1.1")
    return [Annotation(r, f"s{r}", who, dict.fromkeys(DIMENSIONS, level)) for r, level in levels.items()]


MANY = {f"r{n}": 1 + n % 5 for n in range(30)}


def test_figures_are_those_of_amends_agreement() -> None:
    own = labels_by("ana", MANY)
    bo = labels_by("bo", {r: 1 + (level + len(r) * int(r[1:])) % 5 for r, level in MANY.items()} | {"only-bo": 1})
    model = labels_by("claude", MANY, "model")
    told = figures(own, [bo], model)
    expected = agreement([*own, *[a for a in bo if a.reply_id in MANY]])
    rows = {(row["dimension"], row["measure"]): row for row in told["people"]["rows"]}
    alpha, kappa = expected.alpha["empathy"], expected.kappa[0].kappa["empathy"]
    assert rows["Empathy", "alpha"]["value"] == f"{alpha.value:.2f}"
    assert rows["Empathy", "alpha"]["interval"] == f"[{alpha.low:.2f}, {alpha.high:.2f}]"
    assert rows["Empathy", "kappa"]["value"] == f"{kappa.value:.2f}"
    assert {row["n"] for row in rows.values()} == {"30 (30)"}, "only what both finished"
    assert {row["with"] for row in told["people"]["rows"]} == {"bo"}
    assert {row["with"] for row in told["models"]["rows"]} == {"claude"}
    assert told["models"]["what"] == MODELS
    assert "not agreement between people" in MODELS
    assert told["signature"].startswith("amends|data:annotations@")


def test_three_people_stand_together_and_by_pair() -> None:
    told = figures(labels_by("ana", MANY), [labels_by("bo", MANY), labels_by("cy", MANY)], [])
    assert [row["with"] for row in told["people"]["rows"]] == ["all of them together"] * 3 + ["bo"] * 6 + ["cy"] * 6
    assert told["models"] == {"what": MODELS, "rows": [], "left_out": 0}


def test_too_few_in_common_would_tell_single_labels() -> None:
    few = dict(list(MANY.items())[: FEWEST - 1])
    told = figures(labels_by("ana", MANY), [labels_by("bo", few), labels_by("cy", {"else": 3})], [])
    assert told["people"]["rows"] == []
    assert told["people"]["left_out"] == 2
    assert told["signature"] is None
    assert figures(labels_by("ana", few), [labels_by("bo", MANY)], [])["people"]["rows"] == []


def test_what_cannot_be_computed_says_why() -> None:
    same = dict.fromkeys(MANY, 3)
    rows = figures(labels_by("ana", same), [labels_by("bo", same)], [])["people"]["rows"]
    assert {row["value"] for row in rows} == {"not computable"}
    assert all(row["interval"] for row in rows)
