"""A language model as a generator, with a model of this process; over HTTP: tests/extras/judge."""

from __future__ import annotations

import math
import threading
import tracemalloc
from pathlib import Path

import pytest
from tests.generators.fake_endpoint import Fake, Forgetful, Stream, answer, generator, scenario

from amends.endpoint.protocol import EndpointError, EndpointRefused, Request
from amends.endpoint.usage import Prices
from amends.errors import GeneratorError, UsageError
from amends.generators import Failure, load_generator
from amends.generators.endpoint import EndpointGenerator
from amends.generators.options import OPTIONS, ModelOptions
from amends.jsonl import dumps
from amends.records import Author
from amends.runs.replies import Wanted, generated

ABC = [scenario(name, name) for name in "abc"]


def last(request: Request) -> str:
    """What the customer said last."""
    return request.messages[-1]["content"]


def test_each_scenario_is_asked_once_a_sample() -> None:
    made, fake = generator(lambda request, n: f"to {last(request)}, {request.sample}", temperature=0.5, max_tokens=90)
    replies = sorted(made.generate(ABC, 2), key=lambda reply: reply.key)
    assert [(r.id, r.text) for r in replies][:3] == [("a.m.0", "to a, 0"), ("a.m.1", "to a, 1"), ("b.m.0", "to b, 0")]
    assert len(replies) == fake.asked == 6
    assert replies[0].author == Author("model", "m", made.version)
    assert replies[0].meta == {"model": "m-1", "finish": "stop", "tokens": {"prompt": 50, "completion": 10}}
    assert all(request.parameters == {"temperature": 0.5, "max_tokens": 90} for request in fake.seen)


def test_what_is_not_set_is_not_sent() -> None:
    made, fake = generator()
    list(made.generate(ABC[:1]))
    assert (fake.seen[0].parameters, fake.seen[0].schema) == ({}, None)


def test_what_is_done_is_not_asked() -> None:
    made, fake = generator()
    replies = list(made.generate(ABC, 2, done={("a", 0), ("b", 0), ("b", 1), ("gone", 7)}))
    assert sorted(reply.key for reply in replies) == [("a", 1), ("c", 0), ("c", 1)]
    assert fake.asked == 3


KINDS = [
    (answer("Yes."), "Yes.", "", "a reply"),
    (answer(""), "", "empty 1", "an empty answer is an empty reply, and counts as what it is"),
    (answer(None), "", "empty 1", "no content"),
    (answer(" \n"), " \n", "empty 1", "blanks are stored as they came"),
    (answer(None, refusal="I can't."), "I can't.", "refused 1", "a refusal is what the customer would read"),
    (answer("I can't help", "content_filter"), "I can't help", "cut by a filter 1", "a filter cut it"),
    (answer("Dear", "length"), "Dear", "cut at the most tokens 1", "too few tokens"),
]


@pytest.mark.parametrize(("given", "text", "counted", "why"), KINDS, ids=[row[3] for row in KINDS])
def test_answers_are_replies_that_count_as_what_they_are(given: object, text: str, counted: str, why: str) -> None:
    made, _ = generator(lambda request, n: given)
    failures: list[Failure] = []
    [reply] = made.generate(ABC[:1], report=failures.append)
    assert (reply.text, failures) == (text, []), why
    assert counted in made.report(), why
    assert ("of the replies" in made.report()) == bool(counted), why
    assert ("refusal" in reply.meta) == (given.refusal is not None)


FAILURES = [
    (EndpointError("time-out", "no answer within 1 s (9 tries)"), "no reply: no answer within 1 s", "time-out 1"),
    (EndpointError("bad request", "the text is not taken"), "no reply: the text is not taken", "bad request 1"),
    (answer("half \ud800"), "lone surrogate", "no text 1"),
    (RuntimeError("a bug"), "no reply: RuntimeError: a bug", "RuntimeError 1"),
]


@pytest.mark.parametrize(("said", "words", "counted"), FAILURES, ids=[row[2] for row in FAILURES])
def test_one_failure_leaves_the_rest_and_is_named(said: object, words: str, counted: str) -> None:
    made, _ = generator(lambda request, n: said if last(request) == "b" else "Fine.")
    failures: list[Failure] = []
    replies = list(made.generate(ABC, report=failures.append))
    assert sorted(reply.scenario_id for reply in replies) == ["a", "c"]
    assert [(f.scenario_id, f.sample) for f in failures] == [("b", 0)]
    assert words in str(failures[0])
    assert f"without a reply: {counted}" in made.report()


def test_what_no_request_will_pass_ends_the_run_and_keeps_what_was_under_way() -> None:
    inside = threading.Barrier(4, timeout=30)

    def says(request: Request, n: int) -> str | Exception:
        if n < 4:
            inside.wait()  # all four are under way before any is answered
        return EndpointRefused("no credit left") if last(request) == "000001" + "x" * 10 else "Fine."

    made, fake = generator(says, concurrency=4)
    replies = []
    with pytest.raises(EndpointRefused, match="no credit"):
        for reply in made.generate(Stream(100)):
            replies.append(reply.scenario_id)
    assert {"s000000", "s000002", "s000003"} <= set(replies)
    assert fake.asked < 100, "and the rest is not asked"


def test_an_endpoint_that_stops_answering_ends_the_run() -> None:
    made, fake = generator(
        lambda request, n: "Fine." if n < 50 else EndpointError("connection", "no connection"), concurrency=2
    )
    failures: list[Failure] = []
    replies = []
    with pytest.raises(GeneratorError, match="16 replies in a row failed.*run the same command again"):
        replies.extend(made.generate(Stream(1000), report=failures.append))
    assert fake.asked < 80, "it is not asked 1,000 times in vain"
    assert len(failures) >= 16


def test_texts_that_are_refused_one_by_one_end_nothing() -> None:
    made, _ = generator(
        lambda request, n: "Fine." if n >= 90 else EndpointError("bad request", "not this text"), concurrency=1
    )
    assert len(list(made.generate(Stream(100)))) == 10, "a run again would otherwise never get past them"


def test_a_scenario_twice_and_no_sample_are_refused() -> None:
    made, _ = generator()
    with pytest.raises(UsageError, match="'a' stands twice"):
        list(made.generate([*ABC, ABC[0]]))
    with pytest.raises(UsageError, match="at least 1"):
        list(made.generate(ABC, 0))


def test_no_more_is_read_than_is_under_way() -> None:
    stream = Stream(500)
    made, fake = generator(concurrency=3)
    most = 0
    for taken, _ in enumerate(made.generate(stream)):
        most = max(most, stream.read - taken)
    assert (fake.asked, stream.read) == (500, 500)
    assert most <= 2 * 3


def test_closing_it_early_asks_for_no_more() -> None:
    made, fake = generator(concurrency=2)
    replies = made.generate(Stream(1000))
    next(replies)
    replies.close()
    assert fake.asked <= 5
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("amends-openai")]


def test_the_card_and_the_settings() -> None:
    def version(**options: object) -> str:
        return generator(**options)[0].version

    made, _ = generator(temperature=0.2, max_tokens=300)
    assert made.settings == {
        "base_url": "http://fake/v1",
        "system_sha256": made.settings["system_sha256"],
        "temperature": 0.2,
        "max_tokens": 300,
    }
    assert made.card == {
        "name": "m", "kind": "model", "generator": "openai", "version": made.version, **made.settings
    }  # fmt: skip
    assert dumps(made.card)
    assert version() == version(concurrency=2, rate=5.0, timeout=3.0, prices=Prices(1, 2)), "how fast is no setting"
    assert len({version(), version(temperature=0.0), version(max_tokens=5)}) == 3


def test_the_system_prompt_is_a_setting(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Be kind.")
    (tmp_path / "b.txt").write_text("Be kind.")
    (tmp_path / "c.txt").write_text("Be brief.")
    versions = [generator(system=tmp_path / name)[0].version for name in ("a.txt", "b.txt", "c.txt")]
    assert versions[0] == versions[1] != versions[2], "its words, not its name"


def test_cost() -> None:
    made, _ = generator(prices=Prices(2.0, 8.0))
    list(made.generate(ABC))
    # 3 x (50 x 2 + 10 x 8) / 1,000,000
    assert made.usage()["cost"] == pytest.approx(0.00054)
    assert (made.usage()["prompt_tokens"], made.usage()["completion_tokens"]) == (150, 30)
    assert "cost 0.0005" in made.report()
    assert "150 + 30 tokens" in made.report()
    free, _ = generator()
    list(free.generate(ABC))
    assert free.usage()["cost"] is None
    assert "cost unknown" in free.report()


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("temperature", -0.1),
        ("temperature", math.nan),
        ("max_tokens", 0),
        ("concurrency", 0),
        ("concurrency", 257),
        ("rate", 0.0),
        ("rate", math.inf),
        ("timeout", 0.0),
    ],
)
def test_numbers_outside_their_range_are_refused(option: str, value: float) -> None:
    with pytest.raises(UsageError, match=f"{OPTIONS[option]} cannot be"):
        ModelOptions(**{option: value})


def test_zero_is_one_temperature_however_it_is_written() -> None:
    assert len({generator(temperature=heat)[0].version for heat in (0, 0.0, -0.0)}) == 1


@pytest.mark.parametrize("model", ["", "two words", "a|b", "a\nb"])
def test_a_name_that_is_no_models(model: str) -> None:
    with pytest.raises(UsageError, match="write openai:MODEL"):
        load_generator(f"openai:{model}")


@pytest.mark.parametrize("spec", ["echo", "python:json:dumps", "replies.jsonl"])
def test_other_generators_take_no_model_options(spec: str) -> None:
    with pytest.raises(UsageError, match=f"{spec} does not take --temperature, --rate"):
        load_generator(spec, ModelOptions(temperature=0.0, rate=5.0))


def test_a_model_is_named_without_the_package_or_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    made = load_generator("openai:org/model-1.5", ModelOptions(base_url="http://localhost:8000/v1/"))
    assert isinstance(made, EndpointGenerator)
    assert (made.name, made.settings["base_url"]) == ("org/model-1.5", "http://localhost:8000/v1")


def peak(n: int, folder: Path) -> int:
    """Bytes of Python objects at most while n replies are asked for, written and put in order."""
    fake = Forgetful(lambda request, number: f"{number:06d}" + "y" * 2000)
    made = EndpointGenerator("m", ModelOptions(), fake)
    stream = Stream(n, 3000)
    tracemalloc.start()
    try:
        there = generated(Wanted(made, stream), folder / "r.jsonl", folder / "log", print, lambda *step: None)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert there == (n, n)
    with (folder / "r.jsonl").open(encoding="utf-8") as lines:
        ids = [line.split('"scenario_id":"')[1][:7] for line in lines]
    assert ids == [f"s{number:06d}" for number in range(n)], "in the order of the scenarios"
    return most


def test_memory_holds_no_texts(tmp_path: Path) -> None:
    (tmp_path / "few").mkdir()
    (tmp_path / "many").mkdir()
    few, many = peak(2_000, tmp_path / "few"), peak(20_000, tmp_path / "many")
    # a scenario and its reply are 5,000 characters; an id, a key and a place in the file are a tenth of that
    assert (many - few) / 18_000 < 600, (few, many)


def test_a_fake_is_what_an_endpoint_is() -> None:
    from amends.endpoint.client import Endpoint, Settings

    real = Endpoint(Settings("m", "http://a/v1"))
    assert all(hasattr(real, name) for name in ("base_url", "usage", "without", "ask"))
    assert Fake(lambda request, n: "x").ask(Request(({"role": "user", "content": "x"},))).content == "x"


def test_run_in_python_takes_a_generator_as_it_is(tmp_path: Path) -> None:
    import amends

    made, fake = generator(lambda request, n: "We are so sorry that this took three weeks.")
    result = amends.run(made, "train", scorer="rules", limit=2, out=tmp_path / "out")
    assert (fake.asked, result.counts["replies"], result.counts["no_reply"]) == (2, 2, 0)
    assert result.generator == {"kind": "model", "name": "m", "version": made.version}
