"""``judge:MODEL`` and its environment; every bad value in one message."""

from __future__ import annotations

import pytest

from amends.endpoint.usage import Prices
from amends.errors import UsageError
from amends.scorers import load_scorer
from amends.scorers.judge.settings import JudgeSettings, from_environment


def test_nothing_set_is_one_sample_at_temperature_0() -> None:
    made = from_environment("m", {})
    assert made == JudgeSettings("m")
    assert (made.samples, made.heat, made.prices, made.base_url) == (1, 0.0, None, None)


def test_everything_is_read() -> None:
    made = from_environment(
        "org/model:8b",
        {
            "AMENDS_JUDGE_BASE_URL": "http://localhost:8000/v1",
            "AMENDS_JUDGE_SAMPLES": "5",
            "AMENDS_JUDGE_TEMPERATURE": "1",
            "AMENDS_JUDGE_CONCURRENCY": "32",
            "AMENDS_JUDGE_TIMEOUT": "2.5",
            "AMENDS_JUDGE_PRICES": " 0.40, 1.60",
        },
    )
    assert made == JudgeSettings("org/model:8b", "http://localhost:8000/v1", 5, 1.0, 32, 2.5, Prices(0.4, 1.6))


@pytest.mark.parametrize(
    ("samples", "temperature", "heat"), [("1", "", 0.0), ("3", "", 0.7), ("3", "0.2", 0.2), ("1", "0.5", 0.5)]
)
def test_temperature_follows_the_samples_unless_given(samples: str, temperature: str, heat: float) -> None:
    environ = {"AMENDS_JUDGE_SAMPLES": samples, "AMENDS_JUDGE_TEMPERATURE": temperature}
    assert from_environment("m", environ).heat == heat


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASE_URL", "localhost:8000"),
        ("SAMPLES", "0"),
        ("SAMPLES", "51"),
        ("SAMPLES", "2.0"),
        ("SAMPLES", "\u0663"),
        ("SAMPLES", "9" * 5000),
        ("TEMPERATURE", "hot"),
        ("TEMPERATURE", "-0.1"),
        ("TEMPERATURE", "nan"),
        ("CONCURRENCY", "0"),
        ("TIMEOUT", "0"),
        ("TIMEOUT", "inf"),
        ("PRICES", "1"),
        ("PRICES", "1,2,3"),
        ("PRICES", "-1,2"),
        ("PRICES", "1,nan"),
        ("PRICES", "1;2"),
    ],
)
def test_a_bad_value_is_named(name: str, value: str) -> None:
    with pytest.raises(UsageError, match=f"AMENDS_JUDGE_{name} is .*: expected "):
        from_environment("m", {f"AMENDS_JUDGE_{name}": value})


def test_all_bad_values_come_at_once() -> None:
    bad = dict.fromkeys(("SAMPLES", "TEMPERATURE", "CONCURRENCY", "TIMEOUT", "PRICES", "BASE_URL"), "x")
    with pytest.raises(UsageError) as raised:
        from_environment("a b", {f"AMENDS_JUDGE_{name}": value for name, value in bad.items()})
    assert all(f"AMENDS_JUDGE_{name} is 'x'" in str(raised.value) for name in bad)
    assert "the model is 'a b'" in str(raised.value)


def test_several_samples_at_temperature_0_are_refused() -> None:
    with pytest.raises(UsageError, match="all be the same answer"):
        from_environment("m", {"AMENDS_JUDGE_SAMPLES": "3", "AMENDS_JUDGE_TEMPERATURE": "0"})


@pytest.mark.parametrize("name", ["judge", "judge:", "judge: ", "judge:a|b", "judge:a\nb"])
def test_a_judge_needs_a_model(name: str) -> None:
    with pytest.raises(UsageError, match="write judge:MODEL"):
        load_scorer(name)


@pytest.mark.parametrize("model", ["gpt-4.1-mini", "org/model:8b"])
def test_a_judge_is_loaded_by_name(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMENDS_JUDGE_SAMPLES", "3")
    judge = load_scorer(f"judge:{model}")
    assert (judge.name, judge.version) == ("judge", 1)
    assert judge.settings.model == model  # type: ignore[attr-defined]
    assert judge.settings.samples == 3  # type: ignore[attr-defined]


def test_other_names_are_as_before() -> None:
    assert load_scorer("rules").name == "rules"
    assert load_scorer("amends.scorers.rules.scorer:Rules").name == "rules"
    with pytest.raises(UsageError, match="judge:MODEL"):
        load_scorer("jugde")
