"""A Python function as a generator: ``python:module:function``, a ``Callable[[dict], str]``.

It gets what any generator gets (``Scenario.for_generator``, a fresh dict each time), once for each sample.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import sys
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from amends.errors import GeneratorError, UsageError, unknown_name
from amends.generators.base import Key, Ledger, Report, digest, ignore, source
from amends.records import Author, Json, Reply, Scenario

_SHOWN = 300


def _import(name: str) -> ModuleType:
    """Import a module; the working folder counts, after everything that is installed."""
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and (name == error.name or name.startswith(error.name + ".")):
            raise UsageError(f"no module {name!r} in {here} or among the installed packages") from None
        raise GeneratorError(f"the module {name!r} does not import: {error}") from error
    except (Exception, SystemExit) as error:
        raise GeneratorError(f"the module {name!r} does not import: {_said(error)}") from error


def load_function(spec: str) -> FunctionGenerator:
    """The generator of ``module:function``.

    Raises:
        UsageError: the form is wrong, or there is no such module or function.
        GeneratorError: the module raises when it is imported.
    """
    module_name, _, attribute = spec.partition(":")
    if not module_name or not attribute:
        raise UsageError(f"python:{spec} is not of the form python:module:function")
    module = _import(module_name)
    function: Any = module
    for part in attribute.split("."):
        if not hasattr(function, part):
            known = [n for n, v in vars(function).items() if callable(v) and not n.startswith("_")]
            raise unknown_name(f"function in {module_name}", attribute, known)
        function = getattr(function, part)
    if not callable(function):
        raise UsageError(f"python:{spec} is {type(function).__name__}, not a function")
    if inspect.iscoroutinefunction(function):
        raise UsageError(f"python:{spec} is async; wrap it in a function that returns the text")
    return FunctionGenerator(function, spec, module)


def _said(error: BaseException) -> str:
    """An exception in one line."""
    text = " ".join("".join(traceback.format_exception_only(error)).split())
    text = text.encode(errors="backslashreplace").decode()
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."


class FunctionGenerator:
    """Calls a function for every scenario."""

    def __init__(
        self, function: Callable[[Json], str], spec: str, module: ModuleType, state: str | None = None
    ) -> None:
        """Take a function.

        Args:
            function: gets a scenario's fields, gives the reply's text.
            spec: ``module:function``; the generator's name.
            module: where it was found; its ``__version__``, else the hash of its source and the state, is the version.
            state: what it was made with beside that (``state.state_of``); None where a name says all.
        """
        sha = digest(source(module))
        self.name: str = spec
        version = sha if state is None else digest(f"{sha} {state}".encode())
        self.version: str = str(getattr(module, "__version__", None) or version[:12])
        self.author: Author | None = Author("program", self.name, self.version)
        self.card: Json = {
            "name": spec,
            "version": self.version,
            "kind": "program",
            "function": spec,
            "source_sha256": sha,
        }
        self.settings: Json = {} if state is None else {"state": state}
        self._function = function

    def generate(
        self,
        scenarios: Iterable[Scenario],
        samples: int = 1,
        *,
        done: Collection[Key] = frozenset(),
        report: Report = ignore,
        log: Path | None = None,
    ) -> Iterator[Reply]:
        """Call the function scenario by scenario; see ``Generator.generate``."""
        ledger = Ledger(self, scenarios, samples, done, report)
        for sample in range(samples):
            for scenario in ledger.wanted(sample):
                key = (scenario.id, sample)
                try:
                    text: Any = self._call(scenario)
                except (Exception, SystemExit) as error:
                    ledger.fail(*key, f"no reply: it raised {_said(error)}")
                    _keep_trace(log, key, error)
                    continue
                if not isinstance(text, str):
                    ledger.fail(*key, f"no reply: it returned {type(text).__name__}, not a text")
                elif ledger.admit(key, str(text)):
                    yield ledger.reply(key, str(text))

    def _call(self, scenario: Scenario) -> Any:
        # standard output belongs to the command that runs this
        with contextlib.redirect_stdout(sys.stderr):
            return self._function(scenario.for_generator())


def _keep_trace(log: Path | None, key: Key, error: BaseException) -> None:
    if log is None:
        return
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8", errors="backslashreplace") as stream:
        stream.write(f"scenario {key[0]}, sample {key[1]}\n{''.join(traceback.format_exception(error))}\n")
