"""What is no reply, or not in English, gets its flag and no level, from every scorer alike; what is one gets levels.

What a scorer does with a doubtful text (half of it in another language) is not owed here: a doubt raises no flag.
"""

import pytest
from tests.scorers.calibrated.cases import THRESHOLDS, calibration, member

from amends.endpoint.cache import Cache
from amends.records import DIMENSIONS, Exchange, Turn
from amends.runs.scoring import annotate
from amends.schema import problems
from amends.scorers.calibrated.odds import Odds
from amends.scorers.calibrated.scorer import Calibrated
from amends.scorers.judge.scorer import Judge
from amends.scorers.judge.settings import JudgeSettings
from amends.scorers.rules.scorer import Rules
from amends.scorers.trained.scorer import Trained

SAID = "My parcel is three weeks late and nobody answers my mails. I am furious and I want my money back today."
GOOD = "I'm sorry that your parcel is three weeks late. I have refunded the full amount and you will see it by Friday."
QUOTED = SAID.replace(". ", ".\n> ")

NO_REPLY = [
    ("", "empty", "nothing at all"),
    (" \n\t \u00a0", "empty", "blanks"),
    ("\u200b\ufeff\u200b", "empty", "characters that nobody sees"),
    ("...", "not_a_reply", "only punctuation"),
    ("?! -- !!", "not_a_reply", "only punctuation"),
    ("🙏🙏", "not_a_reply", "pictures, no words"),
    ("123 456", "not_a_reply", "digits, no words"),
    ("Kind regards,\nAnna Miller\nCustomer Care Team", "not_a_reply", "only a signature"),
    (f"> {SAID}", "not_a_reply", "only the customer, quoted"),
    (f"On Mon, 3 Nov 2025 at 10:12, Jo wrote:\n> {QUOTED}", "not_a_reply", "only the customer, with who wrote when"),
    (SAID, "not_a_reply", "only the customer's words, without a mark"),
    ("I am out of the office until 3 June. For urgent matters please contact my colleague at info@acme.example.",
     "not_a_reply", "an absence note"),
    ("This is an automated response. Please do not reply to this email. Your ticket number is 48213. We will get back "
     "to you within 48 hours.", "not_a_reply", "an auto-reply: nobody has read the message"),
    ("null", "not_a_reply", "a null that became a text"),
    ("{{agent_reply}}", "not_a_reply", "a placeholder that nothing was put in"),
    ("a" * 50_000, "not_a_reply", "very long, and no words"),
]  # fmt: skip

FOREIGN = [
    ("Es tut mir sehr leid, dass Ihr Paket drei Wochen zu spät ist. Ich habe den vollen Betrag heute erstattet.",
     "German, long"),
    ("Tut mir leid.", "German, short"),
    ("Je suis vraiment désolé que votre colis ait trois semaines de retard. Je vous ai remboursé aujourd'hui.",
     "French, long"),
    ("Je suis désolé.", "French, short"),
    ("Lamento mucho que su paquete llegue con tres semanas de retraso. Hoy le hemos devuelto el importe completo.",
     "Spanish, long"),
    ("Lo siento mucho.", "Spanish, short"),
    ("Bardzo przepraszam, że Pana paczka jest spóźniona o trzy tygodnie. Zwróciłem dziś pełną kwotę.", "Polish, long"),
    ("Мне очень жаль, что ваша посылка опаздывает на три недели. Я вернул вам деньги сегодня.", "Russian, long"),
    ("Извините.", "Russian, one word"),
    ("非常抱歉，您的包裹晚了三个星期。我今天已经全额退款。", "Chinese: no blanks between words"),
    ("抱歉", "Chinese, two characters"),
    ("نحن آسفون جدا لتأخر طردك ثلاثة أسابيع.", "Arabic: from right to left"),
    ("죄송합니다. 소포가 3주 늦었습니다.", "Korean"),
    ("Es tut mir sehr leid, dass Ihr Paket drei Wochen zu spät ist und Sie niemand erreicht haben. Ich habe den vollen "
     "Betrag heute erstattet. Sorry again!", "mixed: German with an English close"),
    ("Lo siento mucho, your parcel está tres semanas late, so hoy le devolvemos todo el money and usted lo verá on "
     "Friday.", "code-switching, more Spanish than English"),
    ("Es tut mir sehr leid, dass Ihr Paket zu spät ist. " * 1000, "German, very long"),
]  # fmt: skip

REPLIES = [
    (GOOD, "a reply"),
    (f"{GOOD} " * 400, "very long"),
    (f"{GOOD}\n\nKind regards,\nAnna Miller", "with a signature"),
    (f"{GOOD}\n\nOn Mon, 3 Nov 2025 at 10:12, Jo wrote:\n> {QUOTED}", "above what the customer wrote"),
    (f"{GOOD} Es tut mir sehr leid.", "English with a sentence of German"),
    ("I'm sorry, Frau Müller; the Kindergarten order left Köln-Süd for the Champs-Élysées depot today.",
     "English with names of elsewhere"),
    ("Sorry.", "one word is a reply, if a poor one"),
    ("No.", "and so is this"),
    ("Im sory, ur parcl is l8, we wil refnd u 2day", "English, badly spelt"),
]  # fmt: skip


def _calibrated():
    rules, trained = Rules(), Trained()
    members = [
        member("trained", trained.version, trained.weights, told="trained"),
        member("rules", rules.version, told="rules"),
    ]
    names = dict.fromkeys(("trained", "rules"), 1.0), dict.fromkeys(("trained", "rules"), 3.0)
    return Calibrated(calibration(members, (Odds(*names, THRESHOLDS, 30, 10),)), [trained, rules])


class _Unasked:
    """An endpoint that nobody may ask: what is no reply costs no request."""

    def ask(self, request, stop=None):
        raise AssertionError("a request for what is no reply")


@pytest.fixture(scope="module", params=["rules", "trained", "calibrated"])
def scorer(request):
    return {"rules": Rules, "trained": Trained, "calibrated": _calibrated}[request.param]()


@pytest.fixture(scope="module")
def judge(tmp_path_factory):
    made = Judge(JudgeSettings("m"), Cache(tmp_path_factory.mktemp("cache")))
    made._endpoint = _Unasked()
    return made


def judged(scorer, reply):
    (found,) = annotate(scorer, [Exchange("x", (Turn("customer", SAID),), reply)])
    return found


NO_LEVELS = [*NO_REPLY, *[(reply, "unsupported_language", why) for reply, why in FOREIGN]]


@pytest.mark.parametrize(("reply", "flag", "why"), NO_LEVELS, ids=[why for *_, why in NO_LEVELS])
def test_no_level_and_the_reason(scorer, reply, flag, why):
    found = judged(scorer, reply)
    assert found.flags == (flag,), why
    assert found.levels == dict.fromkeys(DIMENSIONS), "null, never a low level"
    assert found.behaviours == ()
    assert found.probabilities is None and found.confidence is None
    assert found.reason, "and says why"


@pytest.mark.parametrize(("reply", "flag", "why"), NO_LEVELS, ids=[why for *_, why in NO_LEVELS])
def test_a_judge_is_not_asked(judge, reply, flag, why):
    found = judged(judge, reply)
    assert (found.flags, set(found.levels.values())) == ((flag,), {None}), why
    assert found.reason


@pytest.mark.parametrize(("reply", "why"), REPLIES, ids=[why for _, why in REPLIES])
def test_what_is_a_reply_gets_levels(scorer, reply, why):
    found = judged(scorer, reply)
    assert all(level is not None and 1 <= level <= 5 for level in found.levels.values()), why
    assert not {"empty", "not_a_reply", "unsupported_language"} & set(found.flags)


def test_a_reply_that_is_null_never_reaches_a_scorer():
    record = {"id": "x", "turns": [{"role": "customer", "text": SAID}], "reply": None}
    (problem,) = problems(record, "exchange", "f", 1)
    assert (problem.path, problem.found) == ("$.reply", "null")
