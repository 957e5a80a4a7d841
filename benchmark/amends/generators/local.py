"""A language model on this machine as a generator: ``local:MODEL``, by transformers.

One reply at a time, each drawn from a seed of its own: what a run gives does not depend on where it was stopped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from amends.errors import GeneratorError, UsageError
from amends.generators.base import Failure, Key, Report, digest, has_surrogates, ignore, reply_id, wanted
from amends.generators.options import ModelOptions, checked_model
from amends.generators.prompt import SystemPrompt, chat
from amends.jsonl import canonical
from amends.records import Author, Json, Reply, Scenario
from amends.signature import SEED

MAX_TOKENS = 512
"""Tokens of a reply at most where nothing is asked for."""
_BLOCK = 1 << 20


def load_local(model: str, options: ModelOptions) -> LocalGenerator:
    """The generator ``local:MODEL``.

    Args:
        model: a folder with a model and its tokenizer, or a name that transformers knows.
        options: of these ``system``, ``temperature`` and ``max_tokens``.

    Raises:
        UsageError: no such model, no chat template, the extra ``local`` is missing, or another option is set.
        InputError: the file of the system prompt cannot be read.
    """
    checked_model("local", model)
    options.only(("system", "temperature", "max_tokens"), f"local:{model}")
    return LocalGenerator(model, options)


class LocalGenerator:
    """Generates with transformers, on a CUDA device where there is one."""

    def __init__(self, model: str, options: ModelOptions) -> None:
        """Load configuration and tokenizer; the weights are loaded with the first reply.

        Args:
            model: a folder, or a name that transformers knows.
            options: how it is asked.

        Raises:
            UsageError: see ``load_local``.
        """
        self._model, self._options = model, options
        self._system = SystemPrompt(options.system)
        transformers = _transformers()
        try:
            config = transformers.AutoConfig.from_pretrained(model)
            self._tokenizer: Any = transformers.AutoTokenizer.from_pretrained(model)
        except Exception as error:  # a package that it needs is missing, a file is damaged, a name is none
            raise UsageError(f"local:{model} is no model that transformers can load: {_line(error)}") from None
        if not self._tokenizer.chat_template:
            raise UsageError(f"the tokenizer of local:{model} has no chat template: name a model that is tuned to chat")
        folder = Path(model)
        self.settings: Json = {
            "weights": _weights(folder) if folder.is_dir() else getattr(config, "_commit_hash", None),
            "system_sha256": self._system.sha256,
            "temperature": options.temperature,
            "max_tokens": options.max_tokens or MAX_TOKENS,
        }
        """What the replies depend on, field by field: another value is another run."""
        self.name: str = folder.name if folder.is_dir() else model
        about = {"name": self.name, "kind": "model", "generator": "local"} | self.settings
        about |= {"transformers": transformers.__version__}
        self.version: str = digest(canonical(about))[:8]
        self.author: Author | None = Author("model", self.name, self.version)
        self.card: Json = about | {"version": self.version}
        self._loaded: Any = None

    def generate(
        self,
        scenarios: Iterable[Scenario],
        samples: int = 1,
        *,
        done: Collection[Key] = frozenset(),
        report: Report = ignore,
        log: Path | None = None,
    ) -> Iterator[Reply]:
        """Answer scenario by scenario; see ``Generator.generate``.

        Raises:
            GeneratorError: the weights do not load.
        """
        for scenario, sample in wanted(scenarios, samples, done):
            key = (scenario.id, sample)
            model = self._weights_loaded()
            try:
                text, meta = self._answer(model, scenario, sample)
            except Exception as error:  # one text that is too long, or no memory for it, must not lose the others
                report(Failure(*key, f"no reply: {type(error).__name__}: {_line(error)}"))
                continue
            if has_surrogates(text):
                report(Failure(*key, "no reply: the text holds a lone surrogate, which is no character"))
                continue
            yield Reply(reply_id(scenario.id, self.name, sample), scenario.id, text, sample, self.author, meta)

    def _weights_loaded(self) -> Any:
        if self._loaded is None:
            transformers = _transformers()
            try:
                model = transformers.AutoModelForCausalLM.from_pretrained(self._model)
            except Exception as error:  # whatever a damaged file raises
                raise GeneratorError(f"the weights of local:{self._model} do not load: {_line(error)}") from error
            self._loaded = model.to("cuda" if transformers.utils.is_torch_cuda_available() else "cpu").eval()
        return self._loaded

    def _answer(self, model: Any, scenario: Scenario, sample: int) -> tuple[str, Json]:
        """One reply's text and what stands in its ``meta``."""
        most = int(self.settings["max_tokens"])
        given = self._encoded(list(chat(scenario, self._system))).to(model.device)
        seed = digest(canonical([SEED, scenario.id, sample]))
        _transformers().set_seed(int(seed[:8], 16))
        tokens = model.generate(**given, max_new_tokens=most, **self._drawing())[0, given["input_ids"].shape[1] :]
        text = self._tokenizer.decode(tokens, skip_special_tokens=True)
        ends = model.generation_config.eos_token_id
        ended = int(tokens[-1]) in (ends if isinstance(ends, list) else [ends])
        counts = {"prompt": int(given["input_ids"].shape[1]), "completion": int(tokens.shape[0])}
        return text, {"finish": "stop" if ended else "length", "tokens": counts}

    def _encoded(self, messages: list[dict[str, str]]) -> Any:
        """The chat as tokens; a template that takes no system prompt gets it before the customer's first words."""

        def tokens(chosen: list[dict[str, str]]) -> Any:
            return self._tokenizer.apply_chat_template(
                chosen, add_generation_prompt=True, tokenize=True, return_dict=True, return_tensors="pt"
            )

        try:
            return tokens(messages)
        except Exception:  # of jinja2, by the template's own words
            system, *turns = messages
            before = [] if turns[0]["role"] == "assistant" else [turns.pop(0)["content"]]
            return tokens([{"role": "user", "content": "\n\n".join([system["content"], *before])}, *turns])

    def _drawing(self) -> Json:
        heat = self._options.temperature
        if heat is None:
            return {}
        return {"do_sample": True, "temperature": heat} if heat > 0 else {"do_sample": False}


def _transformers() -> Any:
    try:
        import transformers
    except ImportError:
        raise UsageError("models on this machine need the extra local: pip install 'amends[local]'.") from None
    if not transformers.utils.is_torch_available():
        raise UsageError("models on this machine need torch: pip install 'amends[local]'.")
    return transformers


def _weights(folder: Path) -> str:
    """First 12 hex of a hash over the files of a model's folder, their names with them."""
    state = hashlib.sha256()
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        state.update(path.name.encode() + b"\0")
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                state.update(block)
    return state.hexdigest()[:12]


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
