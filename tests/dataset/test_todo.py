"""What ``data todo`` asks for, by split, methods and spread."""

import pytest

from amends.dataset.todo import _needs
from amends.records import DIMENSIONS, Annotation, Annotator


def judged(method: str, level: int) -> Annotation:
    who = Annotator("annotator", "model", f"m-{method}", "1", method, "1.1")
    return Annotation("r", "s", who, dict.fromkeys(DIMENSIONS, level))


@pytest.mark.parametrize(
    ("split", "given", "needs"),
    [
        pytest.param("train", [], "annotation", id="nobody judged"),
        pytest.param("train", [("holistic", 3)], "annotation", id="one method on train"),
        pytest.param("train", [("holistic", 3), ("holistic", 3)], "annotation", id="one method twice is one method"),
        pytest.param("train", [("holistic", 3), ("checklist", 4)], None, id="two that lie close"),
        pytest.param("train", [("holistic", 2), ("checklist", 4)], "third method", id="two apart on train"),
        pytest.param("train", [("holistic", 2), ("checklist", 4), ("comparative", 3)], None, id="the third came"),
        pytest.param("test", [("holistic", 3), ("checklist", 3)], "annotation", id="test wants three"),
        pytest.param("test", [("holistic", 3), ("checklist", 3), ("comparative", 3)], None, id="three that agree"),
        pytest.param(
            "validation", [("holistic", 2), ("checklist", 3), ("comparative", 4)], "adjudication", id="two apart"
        ),
        pytest.param(
            "test",
            [("holistic", 2), ("checklist", 3), ("comparative", 4), ("adjudication", 3)],
            None,
            id="adjudicated",
        ),
    ],
)
def test_needs(split: str, given: list[tuple[str, int]], needs: str | None) -> None:
    assert _needs(split, [judged(method, level) for method, level in given]) == needs
