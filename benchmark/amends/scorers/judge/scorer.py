"""The scorer ``judge``: asks a language model for levels and quotes, and says what it could not judge."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from amends.endpoint.cache import Cache
from amends.endpoint.client import Endpoint, Settings
from amends.endpoint.protocol import Answer, EndpointError, Request
from amends.endpoint.retry import Backoff
from amends.records import DIMENSIONS, Annotation, Annotator, Exchange, Json
from amends.rubric.levels import UNSCORED_FLAGS
from amends.scorers.judge.answer import Judged, Unusable, read
from amends.scorers.judge.combine import combined
from amends.scorers.judge.form import answer_schema
from amends.scorers.judge.prompt import messages, prompt_hash
from amends.scorers.judge.report import JudgeReport, Tally
from amends.scorers.judge.settings import JudgeSettings
from amends.scorers.rules.flags import WHY_NOT, unscored_flag
from amends.scorers.rules.reading import Reading

_REFUSED = "refused_by_judge"


@dataclass(slots=True)
class _Sample:
    """What came of one sample of one reply."""

    judged: Judged | None = None
    failed: str | None = None
    """Kind of the failure, for the counts."""
    why: str | None = None
    answers: list[Answer] = field(default_factory=list)
    """One, or two where it was asked again."""


class Judge:
    """A language model as an annotator. Its judgements are measured, not believed: read its card."""

    name = "judge"
    version = 1

    def __init__(
        self,
        settings: JudgeSettings,
        cache: Cache | None = None,
        sleep: Callable[[float], object] | None = None,
        backoff: Backoff | None = None,
    ) -> None:
        """Name the model; nothing is imported or asked yet.

        Args:
            settings: which model, and how it is asked.
            cache: where answers are kept; None for the user's cache folder.
            sleep: waits between tries (for tests).
            backoff: how failed requests are tried again.

        Raises:
            UsageError: the base URL is none.
        """
        self.settings = settings
        asked = Settings(
            settings.model, settings.base_url, settings.timeout, settings.concurrency, backoff or Backoff()
        )
        self._endpoint = Endpoint(asked, cache or Cache(), sleep)
        self._tally = Tally()

    @property
    def weights(self) -> str:
        """``MODEL@prompthash``, and ``.s5.t0.7`` where samples or temperature are not those of a single answer."""
        sampled = self.settings.samples != 1 or self.settings.heat != 0.0
        how = f".s{self.settings.samples}.t{self.settings.heat:g}" if sampled else ""
        return f"{self.settings.model}@{prompt_hash()}{how}"

    def __getstate__(self) -> tuple[JudgeSettings, Endpoint]:
        """Counts stay behind; the endpoint comes as new."""
        return self.settings, self._endpoint

    def __setstate__(self, state: tuple[JudgeSettings, Endpoint]) -> None:
        """As new."""
        self.settings, self._endpoint = state
        self._tally = Tally()

    def annotate(self, exchanges: Sequence[Exchange]) -> list[Annotation]:
        """Judge a batch of blinded exchanges, in order.

        Args:
            exchanges: only turns, reply and context are read; ids are passed through.

        Raises:
            UsageError: the extra ``judge`` or the key is missing, or the endpoint takes no request at all. Answers so
                far are kept: the next run goes on from them.
        """
        flags = [unscored_flag(Reading(exchange)) for exchange in exchanges]
        stop = threading.Event()
        pool = ThreadPoolExecutor(self.settings.concurrency, thread_name_prefix="amends-judge")
        try:
            asked: list[list[Future[_Sample]]] = [
                [pool.submit(self._sample, e, n, stop) for n in range(self.settings.samples)] if flag is None else []
                for e, flag in zip(exchanges, flags, strict=True)
            ]
            return [
                self._annotation(exchange, flag, [future.result() for future in futures])
                for exchange, flag, futures in zip(exchanges, flags, asked, strict=True)
            ]
        except BaseException:
            stop.set()
            raise
        finally:
            pool.shutdown(cancel_futures=True)

    def report(self) -> JudgeReport:
        """What this object did so far, in this process."""
        tally, usage = self._tally, self._endpoint.usage
        with tally.lock:
            return JudgeReport(
                self.settings.model,
                prompt_hash(),
                tally.exchanges,
                tally.judged,
                dict(tally.unasked),
                {reason: tuple(names) for reason, names in tally.not_judged.items()},
                dict(tally.unusable),
                tally.lost_quotes,
                dict(tally.answered_by),
                self._endpoint.without,
                usage,
                usage.cost(self.settings.prices),
            )

    def _sample(self, exchange: Exchange, number: int, stop: threading.Event) -> _Sample:
        """Ask once, and once more with the problem named where the answer cannot be used."""
        sample = _Sample()
        problem: str | None = None
        for _ in range(2):
            request = Request(messages(exchange, problem), answer_schema(), {"temperature": self.settings.heat}, number)
            try:
                answer = self._endpoint.ask(request, stop)
                sample.answers.append(answer)
                self._tally.add(self._tally.answered_by, answer.model or self.settings.model)
                sample.judged = read(answer, exchange.reply)
                return sample
            except EndpointError as error:
                sample.failed, sample.why = error.kind, str(error)
                return sample
            except Unusable as error:
                self._tally.add(self._tally.unusable, error.kind)
                sample.failed, sample.why = error.kind, f"the model's answer could not be used: {error.problem}"
                problem = error.problem
        return sample

    def _annotation(self, exchange: Exchange, flag: str | None, samples: list[_Sample]) -> Annotation:
        """One reply's annotation, counted."""
        tally = self._tally
        with tally.lock:
            tally.exchanges += 1
            number = tally.exchanges
        if flag is not None:
            tally.add(tally.unasked, flag)
            return self._null(exchange, flag, WHY_NOT[flag], {"samples": 0})
        usable = [sample.judged for sample in samples if sample.judged is not None]
        meta = _meta(samples)
        if 2 * len(usable) <= len(samples):
            kind, why = _failure(samples)
            return self._failed(exchange, number, kind, why, meta)
        found = combined(usable)
        if found.spread is not None:
            meta["spread"] = found.spread
        with tally.lock:
            tally.lost_quotes += sum(one.lost for one in usable)
        unscored = [one for one in found.flags if one in UNSCORED_FLAGS]
        if all(level is None for level in found.levels.values()):
            if not unscored:
                return self._failed(exchange, number, "no level", "the model gave no level", meta)
            return self._null(exchange, unscored[0], found.reason, meta)
        with tally.lock:
            tally.judged += 1
        return Annotation(
            exchange.id,
            exchange.scenario_id,
            self._annotator(),
            found.levels,
            found.behaviours,
            tuple(one for one in found.flags if one not in UNSCORED_FLAGS),
            found.reason,
            found.probabilities,
            found.confidence,
            max(answer.day for sample in samples for answer in sample.answers),
            meta=meta,
        )

    def _failed(self, exchange: Exchange, number: int, kind: str, why: str, meta: Json) -> Annotation:
        with self._tally.lock:
            self._tally.not_judged.setdefault(kind, []).append(exchange.id or f"#{number}")
        return self._null(exchange, _REFUSED, f"{kind}: {why}", meta)

    def _null(self, exchange: Exchange, flag: str, reason: str | None, meta: Json) -> Annotation:
        levels: dict[str, float | None] = dict.fromkeys(DIMENSIONS)
        return Annotation(exchange.id, exchange.scenario_id, self._annotator(), levels, (), (flag,), reason, meta=meta)

    def _annotator(self) -> Annotator:
        return Annotator("scorer", "model", self.name, f"{self.version}@{self.weights}")


def _failure(samples: Sequence[_Sample]) -> tuple[str, str]:
    """The commonest failure, with the words of its first sample."""
    failed = [sample for sample in samples if sample.judged is None]
    kind = Counter(sample.failed or "no answer" for sample in failed).most_common(1)[0][0]
    return kind, next(sample.why or kind for sample in failed if (sample.failed or "no answer") == kind)


def _meta(samples: Sequence[_Sample]) -> Json:
    """Where the judgement comes from."""
    answers = [answer for sample in samples for answer in sample.answers]
    told = all(a.prompt_tokens is not None and a.completion_tokens is not None for a in answers)
    tokens = {
        "prompt": sum(answer.prompt_tokens or 0 for answer in answers),
        "completion": sum(answer.completion_tokens or 0 for answer in answers),
    }
    meta: Json = {
        "samples": sum(sample.judged is not None for sample in samples),
        "tokens": tokens if told else None,
        "cached": sum(answer.cached for answer in answers),
        "models": sorted({answer.model for answer in answers if answer.model}),
        "lost_quotes": sum(sample.judged.lost for sample in samples if sample.judged is not None),
    }
    if without := sorted({name for answer in answers for name in answer.without}):
        meta["without"] = without
    if failed := Counter(sample.failed or "no answer" for sample in samples if sample.judged is None):
        meta["failed"] = dict(failed)
    if again := sum(len(sample.answers) > 1 for sample in samples):
        meta["asked_again"] = again
    return meta
