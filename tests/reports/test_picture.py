"""Geometry of the pictures, by hand arithmetic."""

from amends.reports import picture
from amends.statistics.estimate import Estimate


def estimate(value, low, high):
    return Estimate(value, low, high, 10, 5, "m")


def test_stack_is_centred_on_level_3():
    # Left of the middle 10% + 20% + half of 40%, right of it the other half + 20% + 10%.
    levels = {"1": 1, "2": 2, "3": 4, "4": 2, "5": 1}
    blocks = picture.stack(levels, (0.5, 0.5))
    assert [(b.x, b.width) for b in blocks] == [
        ("0.00%", "10.00%"),
        ("10.00%", "20.00%"),
        ("30.00%", "40.00%"),
        ("70.00%", "20.00%"),
        ("90.00%", "10.00%"),
    ]
    assert picture.middle((0.5, 0.5)) == "50.00%"


def test_all_bars_share_one_middle():
    low = picture.stack({"1": 4}, (1.0, 1.0))
    high = picture.stack({"5": 4}, (1.0, 1.0))
    assert (low[0].x, low[0].width, high[0].x) == ("0.00%", "50.00%", "50.00%")


def test_nothing_judged_draws_nothing():
    assert picture.stack({"1": 0}, (0.0, 0.0)) == []
    assert picture.track(Estimate(None, None, None, 0, 0, None, "none"), 0, 1) is None


def test_track_places_and_clips():
    assert picture.track(estimate(3.0, 2.0, 4.0), 1, 5) == picture.Track("50.00%", "25.00%", "50.00%", "75.00%")
    assert picture.track(estimate(0.9, 0.8, 1.2), 0, 1) == picture.Track("90.00%", "80.00%", "20.00%", "100.00%")
    assert picture.track(estimate(0.5, None, None), 0, 1) == picture.Track("50.00%", None, None, None)


def test_axis_of_rates():
    assert picture.top_rate([]) == 10
    assert picture.top_rate([estimate(5, 1, 12), Estimate(None, None, None, 0, 0, None)]) == 25
    assert picture.top_rate([estimate(90, 80, 97)]) == 100
