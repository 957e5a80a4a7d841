"""Functions of one name and source, given to ``amends.run``, are told apart by what they were made with."""

import argparse
import functools
import os
import string
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import amends
from amends.errors import UsageError
from amends.generators.state import state_of

KIND = "We refund it by Friday."
COLD = "It is not our fault."
PROMPT = KIND


def closure(text: Any) -> Callable[[dict], str]:
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


def cell(code: str) -> Callable[[str], Callable[[dict], str]]:
    """Of a notebook's cell, in which TEXT stands for the prompt."""

    def make(text: str) -> Callable[[dict], str]:
        names: dict[str, Any] = {"__name__": __name__}
        exec(code.replace("TEXT", repr(text)), names)
        reply: Callable[[dict], str] = names["reply"]
        return reply

    return make


INHERITED = """
class Base:
    def text(self): return TEXT
class Agent(Base):
    def __call__(self, scenario): return self.text()
reply = Agent()
"""
CACHED = "import functools\n@functools.cache\ndef text(): return TEXT\ndef reply(scenario): return text()"
PROPERTY = """
import functools
class Agent:
    @functools.cached_property
    def text(self): return TEXT
    def __call__(self, scenario): return self.text
reply = Agent()
"""
ATTRIBUTE = "def reply(scenario): return scenario.result\nresult = TEXT"
CHAIN = """
class Node:
    def __init__(self, before): self.before = before
last = TEXT
for _ in range(3000): last = Node(last)
def reply(scenario): return last
"""


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
    pytest.param(cell(INHERITED), id="a method of a notebook's base class"),
    pytest.param(cell(CACHED), id="a function that keeps what it gave"),
    pytest.param(cell(PROPERTY), id="a property that keeps what it gave"),
    pytest.param(cell(CHAIN), id="at the end of a chain that is deeper than Python goes"),
    pytest.param(lambda text: closure(argparse.Namespace(prompt=text)), id="options of a script"),
    pytest.param(lambda text: closure(SimpleNamespace(prompt=text)), id="settings with dots"),
    pytest.param(lambda text: closure(string.Template(text)), id="a template"),
    pytest.param(lambda text: closure(deque([text])), id="a queue"),
]


@pytest.mark.parametrize("make", MADE)
def test_another_state_is_another_generator(make: Callable[[str], Callable[[dict], str]]) -> None:
    assert state_of(make(KIND)) == state_of(make(KIND))
    assert state_of(make(KIND)) != state_of(make(COLD))


def test_a_global_called_as_an_attribute_is_no_part_of_it() -> None:
    """A notebook's ``result = amends.run(...)`` would refuse its own run the second time."""
    assert state_of(cell(ATTRIBUTE)(KIND)) == state_of(cell(ATTRIBUTE)(COLD))


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
