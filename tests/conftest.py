"""What tests share: the command line in this process, in a folder of its own."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest

# tests of an extra run in an environment that has it: make test-extras
collect_ignore = [] if os.environ.get("AMENDS_EXTRA") else ["extras"]

hypothesis.settings.register_profile("amends", derandomize=True, deadline=None)
hypothesis.settings.load_profile("amends")


@dataclass(frozen=True)
class Called:
    """What a command came to."""

    code: int
    out: str
    err: str


Command = Callable[..., Called]


@pytest.fixture
def amends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """``amends("score", file)`` in tmp_path."""
    from amends.cli import main

    monkeypatch.chdir(tmp_path)

    def call(*args: object) -> Called:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(arg) for arg in args])
        shown = capsys.readouterr()
        return Called(int(ended.value.code or 0), shown.out, shown.err)

    return call
