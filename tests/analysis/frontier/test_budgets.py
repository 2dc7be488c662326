"""Budgets of a range are round and hold both ends; those of a list are read as they were meant, or refused."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.analysis.frontier.budgets import (
    budgets_of_campaign,
    listed_budgets,
    round_budgets,
    split_list,
    split_range,
)
from microopt.errors import UsageError
from microopt.quantities.parse_and_format import parse_money
from tests.planning.builders import CALM
from tests.scale import examples


def round_steps(high):
    """Return every 1, 2, 2.5 and 5 times a power of ten that is a whole number of cents, up to one beyond a budget."""
    steps = [Fraction(times) * 10**power for power in range(len(str(high)) + 1) for times in (1, 2, "2.5", 5)]
    return [int(step) for step in steps if step.denominator == 1]


@settings(CALM, max_examples=examples(60))
@given(st.integers(1, 3_000), st.integers(1, 3_000), st.integers(2, 30))
def test_a_range_holds_both_ends_and_all_multiples_of_the_smallest_round_step_that_is_large_enough(low, width, steps):
    high = low + width
    result = round_budgets(low, high, steps)
    assert (result[0], result[-1]) == (low, high)
    assert all(first < second for first, second in pairwise(result))
    assert len(result) <= steps
    by_step = {
        step: [
            budget
            for budget in range(step, high, step)
            if low < budget < high and 4 * (budget - low) >= step and 4 * (high - budget) >= step
        ]
        for step in round_steps(high)
    }
    fitting = [step for step, budgets in by_step.items() if len(budgets) <= steps - 2]
    assert list(result[1:-1]) == by_step[min(fitting)]


def test_budgets_are_those_that_a_person_would_write():
    assert [cents // 100 for cents in round_budgets(500_000, 5_000_000, 10)] == list(range(5_000, 50_001, 5_000))
    assert [cents // 100 for cents in round_budgets(100_000, 1_200_000, 5)] == [1_000, 5_000, 10_000, 12_000]
    assert [cents // 100 for cents in round_budgets(499_000, 5_000_000, 10)] == [4_990, *range(10_000, 50_001, 5_000)]
    assert round_budgets(1, 3, 20) == (1, 2, 3)


@settings(CALM, max_examples=examples(60))
@given(st.integers(1, 10**13), st.integers(2, 40))
def test_budgets_of_a_campaign_hold_its_own_and_reach_from_a_quarter_to_its_double(budget, steps):
    result = budgets_of_campaign(budget, steps)
    assert all(first < second for first, second in pairwise(result))
    assert len(result) <= steps
    assert result[-1] == 2 * budget
    assert abs(result[0] - budget / 4) <= max(1, budget / 100)
    assert budget in result or steps == 2


def test_the_lowest_budget_of_a_campaign_has_three_digits():
    assert budgets_of_campaign(12_345_67, 2) == (3_090_00, 24_691_34)


@pytest.mark.parametrize("wrong", [(1_000, 2_000, 1), (1_000, 2_000, 1_000_000), (2_000, 2_000, 5), (0, 2_000, 5)])
def test_a_grid_of_one_or_of_a_million_or_without_width_is_refused(wrong):
    with pytest.raises(UsageError) as text:
        round_budgets(*wrong)
    assert text.value.fix


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20k,25k,30k", [20_000, 25_000, 30_000]),
        ("20k, 25k,30k", [20_000, 25_000, 30_000]),
        ("20000,25000", [20_000, 25_000]),
        ("20k;25k", [20_000, 25_000]),
        ("20,000; 25,000;", [20_000, 25_000]),
        ("20,000, 25,000", [20_000, 25_000]),
        ("20.000,25.000", [20_000, 25_000]),
        ("$20k,25k", [20_000, 25_000]),
        ("900,1000", [900, 1_000]),
        ("1.5k;2,5k", [1_500, 2_500]),
    ],
)
def test_a_list_is_divided_by_commas_or_semicolons(text, expected):
    assert [parse_money(part) / 100 for part in split_list(text)] == expected


@pytest.mark.parametrize("text", ["20,000,25,000", "$20,000,$25,000", "20,000", "1,5k,2k", "500,750,900", "50,75"])
def test_commas_that_may_divide_thousands_or_decimals_are_refused_with_two_ways_to_write_it(text):
    with pytest.raises(UsageError, match="is unclear") as refused:
        split_list(text)
    assert refused.value.code == "budget-range"
    for way in ("20k,25k", "20000,25000", "'20,000; 25,000'"):
        assert way in refused.value.fix


@pytest.mark.parametrize("text", ["", "20k", "20k,", "20k,,25k", ";", "5k.."])
def test_what_is_neither_a_range_nor_a_list_is_told_what_is_needed(text):
    with pytest.raises(UsageError, match=r"a range such as 5k\.\.50k or a list such as 20k,25k,30k"):
        split_range(text) or split_list(text)


def test_a_sign_at_one_budget_is_that_of_all():
    assert split_range("$5k..50k") == ("$5k", "$50k")
    assert split_range("5k..50k €") == ("€5k", "50k €")
    assert split_list("EUR 20k,25k") == ("EUR 20k", "EUR 25k")
    assert split_range("20k,25k") is None


def test_listed_budgets_rise_and_are_there_once():
    assert listed_budgets([300, 100, 300, 200]) == (100, 200, 300)


@pytest.mark.parametrize("wrong", [[], [100], [100, 100], [0, 100], range(1, 2_000)])
def test_a_list_of_one_of_nothing_or_of_thousands_is_refused(wrong):
    with pytest.raises(UsageError) as refused:
        listed_budgets(wrong)
    assert (refused.value.code, bool(refused.value.fix)) == ("budget-range", True)
