"""Functions of one name and source, given to ``amends.run``, are told apart by what they were made with."""

import functools
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import amends
from amends.errors import UsageError
from amends.generators.state import state_of

KIND = "We refund it by Friday."
COLD = "It is not our fault."
PROMPT = KIND


def closure(text: str) -> Callable[[dict], str]:
    def reply(scenario: dict) -> str:
        return text

    return reply


def default(text: str) -> Callable[[dict], str]:
    return lambda scenario, said=text: said


def nested(text: str) -> Callable[[dict], str]:
    messages = [{"role": "system", "content": text}]
    return lambda scenario: str([m["content"] for m in messages][0])


def over(text: str, scenario: dict) -> str:
    return text


@dataclass(slots=True)
class Slotted:
    text: str

    def __call__(self, scenario: dict) -> str:
        return self.text


def class_(text: str) -> Callable[[dict], str]:
    names: dict[str, Any] = {"__name__": __name__}
    exec(f"class Agent:\n    TEXT = {text!r}\n    def __call__(self, scenario): return self.TEXT", names)
    agent: Callable[[dict], str] = names["Agent"]()
    return agent


class Agent:
    def __init__(self, text: str) -> None:
        self.text = text
        self.itself = self

    def __call__(self, scenario: dict) -> str:
        return self.text

    def reply(self, scenario: dict) -> str:
        return self.text


def typed(text: str) -> Callable[[dict], str]:
    """As at a prompt, where there is no source."""
    names: dict[str, Any] = {"__name__": __name__}
    exec(f"def reply(scenario): return {text!r}", names)
    return names["reply"]


def global_(text: str) -> Callable[[dict], str]:
    names: dict[str, Any] = {"__name__": __name__, "TEXT": text}
    exec("def reply(scenario): return TEXT", names)
    return names["reply"]


MADE = [
    pytest.param(closure, id="two prompts in a loop"),
    pytest.param(default, id="a lambda with a default"),
    pytest.param(nested, id="messages in a list"),
    pytest.param(lambda text: functools.partial(over, text), id="a partial"),
    pytest.param(Agent, id="an object that is called, and holds itself"),
    pytest.param(lambda text: Agent(text).reply, id="its method"),
    pytest.param(Slotted, id="an object with slots"),
    pytest.param(class_, id="a constant of a class of a notebook"),
    pytest.param(lambda text: closure(Agent(text)), id="an object of the module, closed over"),
    pytest.param(lambda text: closure(Path(text)), id="a path"),
    pytest.param(typed, id="typed anew in a notebook"),
    pytest.param(global_, id="a prompt in a notebook's cell of its own"),
]


@pytest.mark.parametrize("make", MADE)
def test_another_state_is_another_generator(make: Callable[[str], Callable[[dict], str]]) -> None:
    assert state_of(make(KIND)) == state_of(make(KIND))
    assert state_of(make(KIND)) != state_of(make(COLD))


@pytest.mark.parametrize("make", [closure, Agent, typed])
def test_a_run_does_not_take_up_the_replies_of_another_prompt(
    make: Callable[[str], Callable[[dict], str]], tmp_path: Path
) -> None:
    run = functools.partial(amends.run, split="train", limit=5, scorer="rules", out=tmp_path)
    first = run(make(KIND))
    assert run(make(KIND)).to_dict() == first.to_dict(), "the same resumes"
    with pytest.raises(UsageError, match=r"(?s)generator\.state.*--fresh"):
        run(make(COLD))
    breach = run(make(COLD), fresh=True).dimensions["excuse_avoidance"].breach
    assert breach.value == 1.0


def test_the_state_is_the_same_in_another_process() -> None:
    """A run that was killed goes on: no address and no order of a set stands in it."""
    code = (
        "import functools, re\n"
        "from amends.generators.state import state_of\n"
        "class Client: pass\n"
        "class Agent:\n"
        "    def __init__(self): self.client, self.itself = object(), self\n"
        "    def __call__(self, s): return 'x'\n"
        "def f(s, c=Client(), names=frozenset({'x', 'y', 'z'})):\n"
        "    return re.sub('a', 'b', s['id']) + 'q' * (s in {'u', 'v'})\n"
        "print(state_of(f), state_of(Agent()), state_of(functools.partial(f, c=open)))\n"
    )
    said = {_printed(code, seed) for seed in ("1", "2")}
    assert len(said) == 1


def _printed(code: str, seed: str) -> bytes:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": seed}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True).stdout
