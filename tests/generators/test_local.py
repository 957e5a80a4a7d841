"""A model on this machine, as far as it needs no transformers; the rest is in tests/extras/local."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from amends.errors import UsageError
from amends.generators.local import LocalGenerator
from amends.generators.options import ModelOptions

SYSTEM = {"role": "system", "content": "S"}


def message(side: str, content: str) -> dict[str, str]:
    return {"role": {"c": "user", "a": "assistant"}[side], "content": content}


class Strict:
    """A template as Gemma has it: no system prompt, and sides that alternate from the user on."""

    def apply_chat_template(self, messages: list[dict[str, str]], **options: object) -> list[dict[str, str]]:
        for number, one in enumerate(messages):
            if one["role"] != ("user", "assistant")[number % 2]:
                raise ValueError("roles must alternate user/assistant")
        return messages


@pytest.mark.parametrize(
    ("turns", "expected", "why"),
    [
        ([message("c", "1")], [message("c", "S\n\n1")], "with the customer's first words"),
        (
            [message("a", "1"), message("c", "2")],
            [message("c", "S"), message("a", "1"), message("c", "2")],
            "where the agent spoke first, its words are not told as the customer's",
        ),
    ],
)
def test_a_template_without_a_system_prompt(
    turns: list[dict[str, str]], expected: list[dict[str, str]], why: str
) -> None:
    made = LocalGenerator.__new__(LocalGenerator)
    made._tokenizer = Strict()
    assert made._encoded([SYSTEM, *turns]) == expected, why


@pytest.mark.parametrize("error", [ImportError("needs sentencepiece"), AttributeError("damaged"), OSError("no such")])
def test_whatever_transformers_says_of_a_model_is_no_traceback(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(model: str) -> object:
        raise error

    utils = SimpleNamespace(is_torch_available=lambda: True)
    fake = SimpleNamespace(utils=utils, AutoConfig=SimpleNamespace(from_pretrained=refuse))
    monkeypatch.setitem(sys.modules, "transformers", fake)
    with pytest.raises(UsageError, match=f"no model that transformers can load: {error}"):
        LocalGenerator("m", ModelOptions())
