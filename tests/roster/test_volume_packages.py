"""Offers bought more than once."""

import numpy as np
import pytest

from microopt.roster.roster import NO_FEE
from microopt.roster.volume_packages import expand_volume_packages, invalid_discounts, invalid_units
from tests.solver.builders import roster, text_column


def test_each_number_of_units_is_an_offer_at_its_own_price():
    expanded = expand_volume_packages(
        roster(["@a", "@b"], fee=[10_001, 5_000], numbers={"max_units": [3, np.nan]}, volume_discount=["3:10%", ""])
    )
    assert expanded.row.tolist() == [2, 2, 2, 3]
    assert expanded.unit_counts().tolist() == [1, 2, 3, 1]
    assert expanded.fee.tolist() == [10_001, 20_002, 27_003, 5_000]  # 30,003 less a tenth, to the cent


def test_a_fee_that_is_not_known_is_not_multiplied():
    assert expand_volume_packages(roster(["@a"], fee=[NO_FEE], numbers={"max_units": [2]})).fee.tolist() == [
        NO_FEE,
        NO_FEE,
    ]


def test_a_roster_without_the_column_stays_as_it_is():
    expanded = roster(["@a"])
    assert expand_volume_packages(expanded) is expanded


@pytest.mark.parametrize(
    "text", ["10%", "3:", "three:10%", "3:120%", "3:10", "3:-5%", "1:50%", "2:100%", "2:10%;3:9%", "2:5%;2:6%"]
)
def test_other_texts_are_no_steps(text):
    assert invalid_discounts(text_column(["", text, "2:5%"])).tolist() == [False, True, False]


def test_units_are_whole_numbers_from_one_to_fifty():
    assert invalid_units(np.asarray([np.nan, 1, 50, 0, 51, 1.5, -2])).tolist() == [False] * 3 + [True] * 4
