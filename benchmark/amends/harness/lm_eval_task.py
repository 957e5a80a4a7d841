"""amends as a task of lm-evaluation-harness: ``--tasks amends --include_path`` (``amends.harness.LM_EVAL``).

Only lm-eval imports this module, by the name in amends.yaml. It is a ``ConfigurableTask`` because a YAML file can give
a model one message, and a conversation has turns: with ``--apply_chat_template`` the model gets the chat that any
generator sees, without it the same as text. lm-eval has room for a standard error and none for an interval: its ends
are metrics of their own. The line to cite stands in the results under ``configs``, ``amends``, ``metadata``,
``signature``, and is logged before the table.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lm_eval.api.task import ConfigurableTask

from amends.dataset.folder import released_scenarios
from amends.harness.judging import cited, figures, judge, messages_of, names, scenarios_of, system_prompt
from amends.records import DIMENSIONS
from amends.runs.execute import data_digest
from amends.scorers import DEFAULT, load_scorer
from amends.signature import SEED
from amends.statistics.clusters import mean_estimate, share_estimate
from amends.statistics.estimate import Estimate

_NO_REPLY = "no_reply"
_SPEAKERS = {"user": "Customer", "assistant": "Agent"}
_NEXT_TURN = "\n\nCustomer:"
"""Where a model without a chat template begins to write the customer's answer itself."""

Items = Sequence[Any]
"""A metric's values, one a scenario."""

logger = logging.getLogger("lm_eval.amends")
"""Under lm-eval's name, so that its user sees what is logged."""


class Documents(list[dict[str, Any]]):
    """What lm-eval reads of a split: documents, and the names of their fields."""

    features: Mapping[str, str] = {"id": "string", "messages": "chat"}


class AmendsTask(ConfigurableTask):  # type: ignore[misc, unused-ignore]
    """The scenarios of a split; ``--metadata`` sets ``split``, ``scorer`` and ``system``."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        """Take what amends.yaml, ``--metadata`` and ``--gen_kwargs`` say.

        Args:
            config: lm-eval's task configuration.

        Raises:
            UsageError: an unknown split or scorer, or an unknown slot in the system prompt.
            InputError: a system prompt that cannot be read.
        """
        asked = config.get("metadata") or {}
        self._split = str(asked.get("split") or "test")
        self._scorer = load_scorer(asked.get("scorer") or DEFAULT)
        self._system = system_prompt(asked.get("system"))
        # none of lm-eval's own metrics: without a list it would add its default
        super().__init__(config={key: value for key, value in config.items() if key != "class"} | {"metric_list": []})

    def download(self, *args: Any, **kwargs: Any) -> None:
        """Make the documents of the released scenarios; nothing is fetched.

        Args:
            args: of lm-eval's, for data sets from a hub.
            kwargs: the same.
        """
        told = [(scenario.id, messages_of(scenario, self._system)) for scenario in scenarios_of(self._split)]
        self.dataset = {self.config.test_split: Documents({"id": i, "messages": chat} for i, chat in told)}

    def build_all_requests(self, **kwargs: Any) -> None:
        """Build the requests, never from lm-eval's cache of requests: its key knows neither split nor prompt.

        Args:
            kwargs: lm-eval's.
        """
        super().build_all_requests(**kwargs | {"cache_requests": False})

    def doc_to_text(self, doc: Mapping[str, Any], doc_to_text: object = None) -> str:
        """A scenario for a model without a chat template.

        Args:
            doc: of ``Documents``.
            doc_to_text: of a configuration that this task does not have.
        """
        system, *turns = doc["messages"]
        said = [f"{_SPEAKERS[turn['role']]}: {turn['content']}" for turn in turns]
        return "\n\n".join([system["content"], *said, "Agent:"])

    def doc_to_target(self, doc: Mapping[str, Any], doc_to_target: object = None) -> str:
        """There is no right answer to compare with.

        Args:
            doc: of ``Documents``.
            doc_to_target: of a configuration that this task does not have.
        """
        return ""

    def fewshot_context(self, doc: Mapping[str, Any], num_fewshot: int, **kwargs: Any) -> str:
        """What the model is given: the chat by the model's own template, or as text.

        Args:
            doc: of ``Documents``.
            num_fewshot: 0, which amends.yaml sets and lm-eval lets no option change.
            kwargs: lm-eval's ``system_instruction``, ``apply_chat_template``, ``chat_template`` and others.
        """
        first, *turns = doc["messages"]
        if before := kwargs.get("system_instruction"):
            first = first | {"content": f"{before}\n\n{first['content']}"}
        template: Callable[..., str] | None = kwargs.get("chat_template")
        if kwargs.get("apply_chat_template") and template:
            return template([first, *turns], add_generation_prompt=True)
        return self.doc_to_text({"messages": [first, *turns]})

    def construct_requests(self, doc: Mapping[str, Any], ctx: str, **kwargs: Any) -> Any:
        """The request; without a chat template it ends where the customer would speak again.

        Args:
            doc: of ``Documents``.
            ctx: of ``fewshot_context``.
            kwargs: lm-eval's.
        """
        request = super().construct_requests(doc, ctx, **kwargs)
        settings = request.arguments[1]
        if not kwargs.get("apply_chat_template") and not settings.get("until"):
            settings["until"] = [_NEXT_TURN]
        return request

    def process_results(self, doc: Mapping[str, Any], results: Sequence[str]) -> dict[str, Any]:
        """Judge one reply: each metric's value for it, None where the reply could not be judged.

        Args:
            doc: of ``Documents``.
            results: the reply.
        """
        row = judge(self._scorer, released_scenarios()[doc["id"]], results[0]).row
        values: dict[str, Any] = {_NO_REPLY: {"scenario": doc["id"], "given": row.given, "flags": list(row.flags)}}
        for dimension in DIMENSIONS:
            own = figures([row], dimension)
            level, breach, full = (own[f"{dimension}{part}"] for part in ("", "_breach", "_full"))
            each = [*[level] * 4, *[breach] * 3, *[full] * 3, float(level is not None)]
            values |= dict(zip(names(dimension), each, strict=True))
        return values

    def aggregation(self) -> dict[str, Callable[[Items], Any]]:
        """Metric to what makes one number of its values; the estimators are those of a Result."""
        by_metric: dict[str, Callable[[Items], Any]] = {_NO_REPLY: self._no_reply}
        for dimension in DIMENSIONS:
            by_metric |= dict(zip(names(dimension), _AGGREGATIONS, strict=True))
        return by_metric

    def higher_is_better(self) -> dict[str, bool]:
        """Metric to its direction; those that have none are left out."""
        told = [name for d in DIMENSIONS for name in names(d) if not name.endswith(("_n", "_judged"))]
        return {_NO_REPLY: False} | {name: "breach" not in name for name in told}

    def _no_reply(self, items: Items) -> int:
        """How many replies were not given; here alone all scenarios stand together, so the signature is made here."""
        scenarios = [released_scenarios()[item["scenario"]] for item in items]
        missing = sum(not item["given"] for item in items)
        n = f"{len(items)}/{len(scenarios)}"
        signed = cited(self._split, data_digest(scenarios), self._scorer, n, missing)
        self.config.metadata["signature"] = signed
        logger.info(signed)
        return missing


def _judged(items: Items) -> list[float]:
    return [item for item in items if item is not None]


def _mean(items: Items) -> Estimate:
    levels = _judged(items)
    return mean_estimate(levels, range(len(levels)), (1.0, 5.0), SEED)


def _share(items: Items) -> Estimate:
    hits = _judged(items)
    return share_estimate([hit == 1.0 for hit in hits], range(len(hits)))


def _part(estimate: Callable[[Items], Estimate], part: str) -> Callable[[Items], float | None]:
    def aggregated(items: Items) -> float | None:
        number: float | None = getattr(estimate(items), part)
        return number

    return aggregated


_AGGREGATIONS = (
    *[_part(_mean, part) for part in ("value", "low", "high", "n")],
    *[_part(_share, part) for part in ("value", "low", "high")] * 2,
    lambda items: sum(items) / len(items),
)
"""In the order of ``FIGURES``; each scenario is a cluster of its own, since lm-eval judges one reply to each."""
