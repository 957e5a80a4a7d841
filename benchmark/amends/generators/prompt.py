"""A scenario as a chat: what a language model is told, and nothing that a generator may not see."""

from __future__ import annotations

import re
from pathlib import Path

from amends.errors import InputError, UsageError
from amends.generators.base import digest
from amends.jsonl import canonical, whole_file
from amends.records import Json, Scenario

_TASK = """\
You are an agent of {company} who answers its customers. You are given a conversation with a customer up to the moment \
at which you answer. Write your next message to the customer. It is {form}."""
_FORMS = {
    "email": "an e-mail",
    "chat": "a message in a live chat",
    "phone": "spoken, on the telephone",
    "social": "a public answer on social media",
    "ticket": "an answer in a help-desk ticket",
    None: "a written message",
}
_FACTS = {
    "domain": "Line of business: {}.",
    "relationship": "The relationship with this customer: {}.",
    "customer_org": "The customer writes for {}.",
    "authority": "What you may offer and what you may not: {}",
}
_END = """\
Give only the words of the message as the customer will get them, in the customer's language: no notes, no \
alternatives, nothing in brackets to be filled in."""

SLOTS = {"company": "the company", "channel": "message", "authority": "not stated"}
"""Slots of a system prompt of one's own, and what stands there where the scenario does not say."""

_SLOT = re.compile(r"(?<!\{)\{([A-Za-z_]+)\}(?!\})")
_MOST_BYTES = 1 << 20
_ROLES = {"customer": "user", "agent": "assistant"}


class SystemPrompt:
    """What stands before the conversation: the built-in prompt, or a file of the user's own."""

    def __init__(self, file: Path | None = None) -> None:
        """Read it.

        Args:
            file: UTF-8 text with the slots ``{company}``, ``{channel}``, ``{authority}``, each as often as wanted or
                never; None for the built-in prompt. Doubled braces are not slots and stay as they are.

        Raises:
            InputError: the file is missing, empty, above 1 MB or not UTF-8.
            UsageError: a slot of another name.
        """
        built_in = canonical([_TASK, list(_FORMS.values()), list(_FACTS.items()), _END])
        data = built_in if file is None else _read(file)
        self._own = None if file is None else _text(file, data)
        self.sha256 = digest(data)
        """Of the file's bytes, or of the built-in prompt's parts."""

    def filled(self, given: Json) -> str:
        """The prompt for one scenario.

        Args:
            given: ``Scenario.for_generator``.
        """
        if self._own is None:
            return _built_in(given)
        # one pass: a company called "{authority}" is only a name
        return _SLOT.sub(lambda found: str(given[found[1]] or SLOTS[found[1]]), self._own)


def _wrong(file: Path, found: str) -> InputError:
    expected = "the text of a system prompt, up to 1 MB of UTF-8"
    return whole_file(str(file), found, expected, "name another file with --system")


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            data = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        raise _wrong(file, error.strerror or str(error)) from None
    if len(data) > _MOST_BYTES:
        raise _wrong(file, "more than 1 MB")
    return data


def _text(file: Path, data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _wrong(file, f"bytes that are not UTF-8 ({error.reason})") from None
    if not text.strip():
        raise _wrong(file, "an empty file")
    unknown = sorted({name for name in _SLOT.findall(text) if name not in SLOTS})
    if unknown:
        raise UsageError(
            f"{file} has the slot {{{unknown[0]}}}: known are {', '.join(f'{{{name}}}' for name in SLOTS)}. "
            f"Double the braces, {{{{{unknown[0]}}}}}, where none is meant."
        )
    return text


def _built_in(given: Json) -> str:
    task = _TASK.replace("{form}", _FORMS.get(given["channel"], _FORMS[None]))
    facts = [sentence.replace("{}", str(given[name])) for name, sentence in _FACTS.items() if given[name]]
    # the name last: it may hold braces
    return "\n\n".join([task.replace("{company}", given["company"] or "a company"), *facts, _END])


def chat(scenario: Scenario, system: SystemPrompt) -> tuple[dict[str, str], ...]:
    """The messages: the system prompt, then the turns (customer as user, agent as assistant).

    Turns of one side that follow each other become one message with a blank line between: many chat templates take
    only roles that alternate.

    Args:
        scenario: only what ``Scenario.for_generator`` gives is read.
        system: what stands before the turns.
    """
    given = scenario.for_generator()
    messages = [{"role": "system", "content": system.filled(given)}]
    for turn in given["turns"]:
        role = _ROLES[turn["role"]]
        if messages[-1]["role"] == role:
            messages[-1]["content"] += "\n\n" + turn["text"]
        else:
            messages.append({"role": role, "content": turn["text"]})
    return tuple(messages)
