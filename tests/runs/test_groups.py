"""Replies by a field, people hidden behind 30 replies, and customers who are not upset apart."""

from typing import Any

import pytest

from amends.errors import UsageError
from amends.logs.fields import names_people
from amends.records import DIMENSIONS, Annotation, Annotator, Context, Exchange
from amends.reports.groups import all_covered, customers_note, customers_told, groups_text, rest_text
from amends.reports.page import report as html_page
from amends.runs.groups import CAUTION, FEWEST, grouped
from amends.runs.tally import Tally

SCORER = {"name": "s", "version": 1, "weights": None}
WHO = Annotator("scorer", "program", "s", "1")


def pair(number: int, level: float, emotion: str | None = None, **meta: Any) -> tuple[Exchange, Annotation]:
    exchange = Exchange(str(number), (), "x", Context(emotion=emotion), meta={"conversation": str(number // 2)} | meta)
    return exchange, Annotation(exchange.id, None, WHO, dict.fromkeys(DIMENSIONS, level))


def test_rows_by_a_field_with_n_and_clusters() -> None:
    """East: levels 1, 1, 4, 4 in two conversations: breach 2 of 4, full 2 of 4, mean 2.5."""
    items = [pair(i, level, team="East") for i, level in enumerate((1, 1, 4, 4))]
    items += [pair(i, 5, team="West") for i in range(10, 16)] + [pair(20, 1)]
    found = grouped(items, "meta.team", 1)
    assert list(found.groups) == ["West", "East"], "most replies first"
    east = found.groups["East"]["empathy"]
    assert (east.breach.value, east.full.value, east.mean.value) == (0.5, 0.5, 2.5)
    assert (east.breach.n, east.breach.clusters) == (4, 2)
    assert found.without == 1
    assert not found.persons
    text = groups_text(found, "amends|v:1")
    assert "1 replies have no meta.team" in text
    assert text.splitlines()[-1] == "amends|v:1"


def test_a_reply_that_was_not_given_is_a_breach_of_its_row() -> None:
    """East: 4, 4, none: breach 1 of 3, as in the Result, and no mean of what is not there. North never answered."""
    items = [pair(i, 4, team="East") for i in range(2)] + [pair(5, 4)]
    missing = [pair(10, 0, team="East")[0], pair(11, 0, team="North")[0], pair(12, 0)[0]]
    found = grouped(items, "meta.team", 1, missing)
    east, north = found.groups["East"]["empathy"], found.groups["North"]["empathy"]
    assert (east.breach.value, east.breach.n, east.mean.value, east.mean.n) == (pytest.approx(1 / 3), 3, 4.0, 2)
    assert (north.breach.value, north.mean.value) == (1.0, None)
    assert found.replies == {"East": 3, "North": 1}
    assert found.without == 2
    said = "n is of breach and full: 2 replies were not given"  # else 4.00 beside n 3 reads as of three replies
    assert said in " ".join(groups_text(found, "amends|v:1").split())
    assert "were not given" not in groups_text(grouped(items, "meta.team", 1), "amends|v:1")
    assert list(grouped([], "meta.team", 1, missing).groups) == ["East", "North"]


PEOPLE = [
    ("meta.agent", True),
    ("meta.agent_name", True),
    ("meta.assignee", True),
    ("meta.Bearbeiter", True),
    ("meta.Kundenberater", True),
    ("meta.Mitarbeiter-Nr", True),
    ("meta.operator", True),
    ("meta.handled_by", True),
    ("meta.team", False),
    ("meta.agent_team", False),  # of many
    ("meta.agentLanguage", False),
    ("meta.Abteilung", False),
    ("meta.week", False),
    ("meta.product_name", False),
    ("channel", False),
    ("authority", False),  # what an agent may offer, though "author" stands in it
]


@pytest.mark.parametrize(("field", "persons"), PEOPLE, ids=[field for field, _ in PEOPLE])
def test_fields_that_name_people(field: str, persons: bool) -> None:
    assert names_people(field) == persons


def test_people_of_few_replies_are_hidden_and_counted() -> None:
    items = [pair(i, 3, agent="tom") for i in range(FEWEST)]
    items += [pair(100 + i, 1, agent="mia") for i in range(FEWEST - 1)] + [pair(200, 1, agent="ada")]
    found = grouped(items, "meta.agent", 1)
    assert list(found.groups) == ["tom"]
    assert (found.hidden, found.hidden_replies) == (2, FEWEST)
    text = groups_text(found, "amends|v:1")
    assert f"2 with under {FEWEST} replies ({FEWEST} in all) are hidden." in text
    assert "mia" not in text
    assert "not for decisions about single employees" in " ".join(text.split())
    assert found.to_dict()["caution"] == CAUTION
    assert "mia" not in str(found.to_dict())


def test_teams_of_few_replies_are_shown() -> None:
    assert list(grouped([pair(0, 1, team="A"), pair(1, 1, team="B")], "meta.team", 1).groups) == ["A", "B"]


def test_rows_cover_whom_the_result_covers() -> None:
    calm, upset = [pair(0, 1, "none", team="A"), pair(2, 1, "none", team="B")], [pair(4, 5, "anger", team="A")]
    assert list(grouped(calm + upset, "meta.team", 1).replies) == ["A"], "the calm stand apart"
    assert list(grouped(calm, "meta.team", 1).replies) == ["A", "B"], "unless there is nobody else"


def test_a_field_that_nothing_has_names_those_that_there_are() -> None:
    with pytest.raises(UsageError, match=r"fields of its own: meta\.conversation, meta\.team"):
        grouped([pair(0, 1, team="A")], "meta.group", 1)
    with pytest.raises(UsageError, match="--source"):
        grouped([], "meta.team", 1)


CUSTOMERS = [
    # emotions, (upset, not upset, unknown), replies of the Result, of the rest, words of the note, why
    (["anger", "fury"], (2, 0, 0), 2, None, "", "all are upset: nothing to say"),
    (["anger", "none", " None "], (1, 2, 0), 1, 2, "2 replies to customers who are not upset", "some are not"),
    ([None, "anger"], (1, 0, 1), 2, None, "unknown in 1 of 2", "one is unknown, and covered"),
    ([None, "none"], (0, 1, 1), 1, 1, "unknown in 1 of 2", "unknown are covered, calm ones stand apart"),
    (["none", "none"], (0, 2, 0), 2, None, "No customer is upset", "none is: then all stand here, and it is said"),
]


@pytest.mark.parametrize(
    ("emotions", "counts", "main", "rest", "words", "why"), CUSTOMERS, ids=[c[-1] for c in CUSTOMERS]
)
def test_customers_who_are_not_upset_stand_apart(
    emotions: list[str | None], counts: tuple[int, int, int], main: int, rest: int | None, words: str, why: str
) -> None:
    tally = Tally(1)
    for i, emotion in enumerate(emotions):
        tally.add(*pair(2 * i, 1.0 if emotion and emotion.strip().lower() == "none" else 4.0, emotion))
    result, found = tally.result("f.jsonl", "every", SCORER), tally.customers("f.jsonl", "every", SCORER)
    assert result is not None
    assert found is not None
    assert (found.upset, found.calm, found.unknown) == counts
    assert result.counts["replies"] == main, why
    assert (found.rest.counts["replies"] if found.rest else None) == rest
    note = " ".join(customers_note(found).split())
    assert words in note
    assert bool(note) == bool(words)
    if found.rest is not None:
        assert found.rest.dimensions["empathy"].breach.value == 1.0, "the calm ones were given level 1"
        assert result.dimensions["empathy"].breach.value == 0.0
        assert rest_text(found).splitlines()[-1] == found.rest.signature
    assert bool(all_covered(found)) == (found.rest is not None), "labels and outcomes cover the calm ones too"
    # the page is handed on without the terminal: it says itself whom it covers
    page = html_page(result, [], customers_told(found, "are left out here"))
    assert all(one in page for one in customers_told(found, "are left out here").split(". "))
    assert ("are left out here" in page) == (found.rest is not None)


def test_replies_to_released_scenarios_are_whole() -> None:
    """Their emotion is known and their set is fixed: a Result over it is the run's."""
    tally = Tally(1)
    exchange, annotation = pair(0, 1, "none")
    tally.add(Exchange("r", (), "x", exchange.context, "sc-1"), annotation)
    assert tally.customers("f", "every", SCORER) is None
    assert tally.own == 0
    assert customers_note(None) == rest_text(None) == all_covered(None) == ""
