"""The file: there and back, its checksum, and everything that is refused."""

import json

import pytest
from tests.scorers.calibrated.cases import A_ALONE, B_ALONE, BOTH, calibration, member

from amends.errors import InputError, UsageError
from amends.jsonl import canonical, pretty
from amends.schema import problems
from amends.scorers.calibrated.document import Calibration, read


def write(path, raw):
    path.write_bytes(pretty(raw))
    return path


@pytest.fixture
def file(tmp_path):
    return tmp_path / "c.json"


def test_there_and_back(file):
    made = calibration([member("a", weights="0a1b"), member("b", behaviours=False)])
    assert problems(made.to_dict(), "calibration", "-", None) == []
    found = read(write(file, made.to_dict()))
    assert found == made
    assert found.to_dict() == made.to_dict()


def test_the_checksum_is_of_the_content_whatever_the_order_of_keys(file):
    made = calibration()
    turned = dict(reversed(made.to_dict().items()))
    assert read(write(file, turned)).checksum() == made.checksum()
    assert calibration(seed=8).checksum() != made.checksum()
    assert len(made.checksum()) == 64


def changed(path, value):
    """A change to the document at a path of keys."""

    def change(raw):
        at = raw
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = value
        return raw

    return change


TAMPERED = [
    (changed(("odds", "empathy", 0, "weights", "a"), 0.7), "a weight"),
    (changed(("odds", "empathy", 0, "centre", "a"), 2.0), "a centre"),
    (changed(("odds", "empathy", 1, "thresholds"), [-3.0, -1.0, 0.0, 1.0]), "thresholds"),
    (changed(("members", 0, "version"), 4), "a member's version, so that another scorer passes"),
    (changed(("members", 0, "weights"), "abc"), "a member's weights"),
    (changed(("fitted", "replies"), 4000), "how many replies it was fitted on"),
    (changed(("measured", "levels"), {"a": {d: {} for d in ("empathy", "depersonalization", "excuse_avoidance")}}),
     "a measurement"),
    (changed(("checksum",), "0" * 64), "the checksum itself"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "why"), TAMPERED, ids=[why for _, why in TAMPERED])
def test_what_was_changed_by_hand_is_refused(file, change, why):
    write(file, change(calibration().to_dict()))
    with pytest.raises(UsageError, match=r"was changed after it was written.*amends calibrate"):
        read(file)


NO_CALIBRATION = [
    (lambda raw: [], "$", "a list"),
    (lambda raw: {k: v for k, v in raw.items() if k != "odds"}, "$.odds", "a field is missing"),
    (changed(("more",), 1), "$.more", "a field that is none"),
    (changed(("format",), 2), "$.format", "another format"),
    (changed(("members",), []), "$.members", "no members"),
    (changed(("odds", "empathy", 0, "weights", "a"), -0.1), "$.odds.empathy[0].weights.a", "a weight under 0"),
    (changed(("odds", "empathy", 0, "thresholds"), [0, 1, 2]), "$.odds.empathy[0].thresholds", "three thresholds"),
    (changed(("odds", "empathy", 0, "thresholds"), [0, 1, 1, 2]), "$.odds.empathy[0].thresholds",
     "thresholds that do not rise"),
    (changed(("odds", "empathy", 0, "weights"), {"a": 1.0, "z": 1.0}), "$.odds.empathy[0]", "odds for nobody"),
    (changed(("odds", "empathy", 0, "centre"), {"a": 3.0}), "$.odds.empathy[0]", "a centre is missing"),
    (changed(("fitted", "split"), "test"), "$.fitted.split", "nothing is fitted on test"),
    (changed(("fitted", "digest"), "xyz"), "$.fitted.digest", "no digest"),
    (changed(("checksum",), "short"), "$.checksum", "no checksum"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "path", "why"), NO_CALIBRATION, ids=[why for *_, why in NO_CALIBRATION])
def test_what_is_no_calibration_is_refused_with_the_place(file, change, path, why):
    raw = change(calibration().to_dict())
    if isinstance(raw, dict) and why != "no checksum":
        # even one whose checksum was made to fit
        import hashlib

        body = {key: value for key, value in raw.items() if key != "checksum"}
        raw["checksum"] = hashlib.sha256(canonical(body)).hexdigest()
    write(file, raw)
    with pytest.raises(UsageError, match="is no calibration") as error:
        read(file)
    assert f"{path}: found" in str(error.value), why


@pytest.mark.parametrize(
    ("members", "odds", "why"),
    [
        (["a", "a"], (A_ALONE,), "a scorer twice"),
        (["a", "b"], (BOTH, A_ALONE, BOTH), "a pattern twice"),
        (["a"], (A_ALONE, B_ALONE), "odds for a scorer that is no member"),
    ],
)
def test_names_that_do_not_fit_are_refused(file, members, odds, why):
    with pytest.raises(UsageError, match="is no calibration"):
        read(write(file, calibration(members, odds).to_dict()))


@pytest.mark.parametrize("text", [b"", b"{", b"\x80\x04pickle", b'{"a": NaN}', b"[" * 5000])
def test_what_is_no_json_is_refused(file, text):
    file.write_bytes(text)
    with pytest.raises(UsageError, match="broken JSON"):
        read(file)


def test_a_file_that_is_not_there_is_named(file):
    with pytest.raises(InputError, match=r"c\.json.*no such file"):
        read(file)


def test_a_pattern_is_found_whatever_the_order_of_names():
    made = calibration()
    assert made.pattern("empathy", ["b", "a"]) is made.odds["empathy"][0]
    assert made.pattern("empathy", ["b"]) is made.odds["empathy"][2]
    assert made.pattern("empathy", ["b", "c"]) is None


def test_floats_come_back_to_the_bit(file):
    made = calibration(odds=(BOTH,))
    raw = json.loads(pretty(made.to_dict()))
    assert Calibration.from_dict(raw).odds == made.odds
