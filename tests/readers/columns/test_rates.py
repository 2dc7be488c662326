"""Percent or fraction: the sign, then what the user says, then what is usual."""

import numpy as np
import pytest

from microopt.readers.columns.rates import rate_column
from microopt.readers.columns.text import text_column
from microopt.readers.options import ReadOptions
from tests.readers.builders import column, reading, told


def rates(name, cells, followers=50_000, platform=None, **options):
    made = reading(ReadOptions(**options), **{name: cells})
    people = np.full(len(cells), float(followers))
    network = text_column(column(*[platform] * len(cells))) if platform else None
    return rate_column(made, name, people, network), made


@pytest.mark.parametrize(
    ("cells", "followers", "expected", "how"),
    [
        (["3.5%", "1.39 %"], 50_000, [0.035, 0.0139], "percent"),
        (["0.035", "0.0139"], 50_000, [0.035, 0.0139], "fraction"),
        (["3.5", "1.39"], 50_000, [0.035, 0.0139], "percent"),
        ([0.33, 0.33], 5_000_000, [0.0033, 0.0033], "percent"),
        (["0.33"], 5_000_000, [0.0033], "percent"),
        ([0.9, 1.4], 300_000, [0.009, 0.014], "percent"),
        ([0.09, 0.2], 5_000, [0.09, 0.2], "fraction"),
        (["3.5%", "0.02", "0.03"], 50_000, [0.035, 0.02, 0.03], "percent where it has a sign, else fraction"),
        (["3.5%", "2", "3"], 50_000, [0.035, 0.02, 0.03], "percent"),
        (["3,5", "0,75"], 50_000, [0.035, 0.0075], "decimal comma, percent"),
        ([0.0, 0.04], 50_000, [0.0, 0.04], "fraction"),
    ],
)
def test_the_reading_of_engagement_rates_is_the_likelier(cells, followers, expected, how):
    values, made = rates("engagement_rate", cells, followers)
    assert values.tolist() == pytest.approx(expected)
    assert made.readings["engagement_rate"] == how
    assert told(made) == []


def test_what_is_usual_depends_on_the_platform():
    assert rates("engagement_rate", [0.4, 0.4], 20_000, "youtube")[0].tolist() == pytest.approx([0.004] * 2)
    assert rates("engagement_rate", [0.4, 0.4], 20_000, "TikTok ")[0].tolist() == [0.4] * 2


@pytest.mark.parametrize("cells", [["3.5", "2"], ["0.035", "0.02"], ["3.5%", "2"]])
def test_units_decide_for_cells_without_a_sign(cells):
    as_fraction, made = rates("engagement_rate", cells, units={"engagement_rate": "fraction"})
    as_percent, _ = rates("engagement_rate", cells, units={"engagement_rate": "percent"})
    signed = np.asarray(["%" in cell for cell in cells])
    assert as_fraction[~signed].tolist() == pytest.approx((as_percent * 100)[~signed].tolist())
    assert as_fraction[signed].tolist() == as_percent[signed].tolist()
    assert "fraction" in made.readings["engagement_rate"]


@pytest.mark.parametrize(
    ("name", "cells", "expected"),
    [
        ("ctr", [0.8, 0.9], [0.008, 0.009]),
        ("ctr", [0.02, 0.01], [0.02, 0.01]),
        ("cvr", [1.8, 2.4], [0.018, 0.024]),
        ("cvr", [0.018, 0.05], [0.018, 0.05]),
        ("credibility", [83, 64], [0.83, 0.64]),
        ("fit", [1, 0.4], [1, 0.4]),
        ("sponsored_share", [30, 0], [0.3, 0]),
        ("discount", ["10%", "15%"], [0.1, 0.15]),
        ("usage", [150, 30], [1.5, 0.3]),
        ("usage", [1.5, 0.3, 0.2], [1.5, 0.3, 0.2]),
    ],
)
def test_other_rates_and_shares(name, cells, expected):
    values, made = rates(name, cells)
    assert values.tolist() == pytest.approx(expected)
    assert told(made) == []


def test_counts_under_a_rate_are_another_column():
    for name in ("engagement_rate", "credibility", "ctr"):
        _, made = rates(name, [640.0, 4100.0])
        assert told(made) == [("column-values", None, name)]
        assert "counts such as 640" in made.faults.faults[0].message


def test_a_share_above_all_is_a_fault_and_an_engagement_rate_a_note():
    _, made = rates("credibility", [0.5, 0.7, 85])
    assert told(made) == [("number-range", 4, "credibility")]
    values, made = rates("engagement_rate", ["180%", "2%"])
    assert values[0] == 1.8
    assert told(made) == []
    assert made.notes == ["1 engagement rate by followers is above 100%: check engagement_rate"]


def test_a_negative_rate_is_a_fault():
    _, made = rates("engagement_rate", ["-3%", "2%"])
    assert told(made) == [("number-negative", 2, "engagement_rate")]


def test_a_column_without_a_number_says_nothing():
    values, made = rates("engagement_rate", ["", "N/A"])
    assert np.isnan(values).all()
    assert made.readings == {}
    assert told(made) == []


def test_the_reading_does_not_depend_on_the_order_of_rows():
    cells = [0.33, 1.2, 0.9, 0.04, 2.5]
    forward, backward = (rates("engagement_rate", order)[0] for order in (cells, cells[::-1]))
    assert forward.tolist() == backward[::-1].tolist()
