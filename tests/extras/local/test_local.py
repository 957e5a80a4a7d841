"""``local:MODEL`` with a tiny model that the tests make: random weights, a vocabulary of bytes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
tokenizers = pytest.importorskip("tokenizers")

from amends.errors import GeneratorError, UsageError  # noqa: E402
from amends.generators import Failure, ModelOptions, load_generator  # noqa: E402
from amends.generators.base import Generator  # noqa: E402
from amends.records import Context, Scenario, Turn  # noqa: E402

TURNS = "{% for m in messages %}<{{ m.role }}>{{ m.content }}</s>{% endfor %}"
TEMPLATE = TURNS + "{% if add_generation_prompt %}<assistant>{% endif %}"
NO_SYSTEM = "{% if messages[0].role == 'system' %}{{ raise_exception('no system role') }}{% endif %}" + TEMPLATE
ABC = [Scenario(name, (Turn("customer", f"Where is {name}?"),), "train", Context(company="Acme")) for name in "abc"]


def make(folder: Path, template: str | None = TEMPLATE, seed: int = 0) -> Path:
    alphabet = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    words = {word: n for n, word in enumerate(["<pad>", "</s>", *alphabet])}
    raw = tokenizers.Tokenizer(tokenizers.models.BPE(words, []))
    raw.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = tokenizers.decoders.ByteLevel()
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=raw, eos_token="</s>", pad_token="<pad>")
    tokenizer.chat_template = template
    tokenizer.save_pretrained(folder)
    transformers.set_seed(seed)
    config = transformers.LlamaConfig(
        vocab_size=len(words), hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2,
        max_position_embeddings=4096, eos_token_id=1, pad_token_id=0, bos_token_id=None,
    )  # fmt: skip
    transformers.LlamaForCausalLM(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("models") / "tiny")


def load(folder: Path, **options: object) -> Generator:
    return load_generator(f"local:{folder}", ModelOptions(max_tokens=12, **options))


def test_each_scenario_gets_its_replies_and_the_same_ones_again(tiny: Path) -> None:
    made = load(tiny, temperature=1.0)
    failures: list[Failure] = []
    replies = list(made.generate(ABC, 2, report=failures.append))
    assert failures == []
    assert [reply.id for reply in replies] == [f"{s}.tiny.{n}" for s in "abc" for n in range(2)]
    assert len({reply.text for reply in replies}) == 6, "drawn, each from a seed of its own"
    for reply in replies:
        assert reply.author is not None and reply.author.kind == "model"
        count = reply.meta["tokens"]["completion"]
        assert 1 <= count <= 12
        assert (reply.meta["finish"] == "length") <= (count == 12)
    rest = list(load(tiny, temperature=1.0).generate(ABC, 2, done={reply.key for reply in replies[:3]}))
    assert rest == replies[3:], "a run that was stopped gives what an undisturbed one gives"


def test_no_temperature_is_the_likeliest_reply(tiny: Path) -> None:
    made = load(tiny, temperature=0.0)
    first, second = made.generate(ABC[:1], 2)
    assert first.text == second.text


def test_what_the_model_is_told(tiny: Path) -> None:
    # greedy replies depend on the prompt alone: the prompt's tokens are counted, a byte each
    [reply] = load(tiny, temperature=0.0).generate(ABC[:1])
    from amends.generators.prompt import SystemPrompt, chat

    system, customer = (message["content"] for message in chat(ABC[0], SystemPrompt()))
    assert reply.meta["tokens"]["prompt"] == len(f"<system>{system}<user>{customer}<assistant>".encode()) + 2


def test_a_template_without_a_system_role_gets_the_prompt_with_the_first_turn(tmp_path: Path) -> None:
    made = load(make(tmp_path / "gemma", NO_SYSTEM), temperature=0.0)
    failures: list[Failure] = []
    [reply] = made.generate(ABC[:1], report=failures.append)
    from amends.generators.prompt import SystemPrompt, chat

    system, customer = (message["content"] for message in chat(ABC[0], SystemPrompt()))
    assert reply.meta["tokens"]["prompt"] == len(f"<user>{system}\n\n{customer}<assistant>".encode()) + 1


def test_other_weights_and_settings_are_another_generator(tiny: Path, tmp_path: Path) -> None:
    versions = [load(tiny).version, load(make(tmp_path / "tiny", seed=1)).version, load(tiny, temperature=0.5).version]
    assert len(set(versions)) == 3
    assert load(tiny).version == versions[0]


def test_what_cannot_be_loaded(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no model that transformers can load"):
        load(tmp_path)
    with pytest.raises(UsageError, match="no chat template"):
        load(make(tmp_path / "base", None))
    with pytest.raises(UsageError, match="does not take --rate"):
        load(tiny, rate=5.0)
    broken = make(tmp_path / "broken")
    (broken / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(GeneratorError, match="do not load"):
        list(load(broken).generate(ABC))


def test_the_command(amends, tiny: Path, tmp_path: Path) -> None:
    arguments = ("generate", f"local:{tiny}", "--split", "train", "--limit", "2", "--max-tokens", "5", "-o", "r.jsonl")
    assert amends(*arguments).code == 0
    before = (tmp_path / "r.jsonl").read_bytes()
    assert len(before.splitlines()) == 2
    assert amends(*arguments, "--fresh").code == 0
    assert (tmp_path / "r.jsonl").read_bytes() == before
    settings = json.loads((tmp_path / "r.jsonl.run.json").read_bytes())["settings"]["generator"]
    assert (settings["max_tokens"], len(settings["weights"])) == (5, 12)
