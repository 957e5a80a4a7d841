"""Which replies are shown."""

from amends.records import Annotation, Annotator, Exchange, Turn
from amends.reports import examples

WHO = Annotator("scorer", "program", "rules", "1")


def item(name, level, reply=None, other=3.0):
    levels = {"empathy": level, "depersonalization": other, "excuse_avoidance": None}
    exchange = Exchange(name, (Turn("customer", "Where is it?"),), reply or f"Reply {name}.")
    return exchange, Annotation(name, None, WHO, levels)


def ids(chosen):
    return [exchange.id for exchange, _ in chosen]


def test_lowest_and_highest_ties_by_id():
    items = [item(name, level) for name, level in zip("gfedcba", (1, 5, 3, 3, 5, 1, 1), strict=True)]
    lowest, highest = examples.extremes(items, "empathy", 2)
    assert (ids(lowest), ids(highest)) == (["a", "b"], ["c", "f"])


def test_a_text_is_taken_once():
    items = [item(str(n), 1, "Same.") for n in range(8)] + [item("x", 2), item("y", 5), item("z", 5, "Same.")]
    lowest, highest = examples.extremes(items, "empathy", 3)
    assert (ids(lowest), ids(highest)) == (["0", "x", "y"], ["z"])


def test_no_reply_is_at_both_ends():
    for n in range(12):
        items = [item(f"{i:02}", 3) for i in range(n)]
        lowest, highest = examples.extremes(items, "empathy", 5)
        assert not set(ids(lowest)) & set(ids(highest))
        assert len(lowest) + len(highest) == min(n, 10)


def test_replies_without_a_level_are_passed_over():
    assert examples.extremes([item("a", None), item("b", 2)], "empathy") == ([item("b", 2)], [])


def test_a_reply_in_two_lists_is_shown_once():
    items = [item(f"{n}", n, other=n) for n in range(1, 6)]
    groups = examples.groups(items)
    assert all(not entry.above for entry in groups[0].lowest + groups[0].highest)
    assert [entry.above for entry in groups[1].lowest] == ["Empathy, lowest"] * 3
    assert groups[1].lowest[0].example is groups[0].lowest[0].example
    assert groups[2].lowest == groups[2].highest == []


def test_same_words_are_counted():
    groups = examples.groups([item(str(n), 1, "Same.") for n in range(4)])
    assert groups[0].lowest[0].example.same == 3


def test_the_judge_is_named():
    assert examples.groups([item("a", 1)])[0].lowest[0].example.judge == "scorer rules 1 (program)"
