"""How audiences overlap."""

from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.campaign.campaign import Audience
from microopt.planning.audience_overlap import build_overlap
from tests.solver.builders import roster

PEOPLE = Audience(by="niche", size={"beauty": 100_000, "food": 50_000})


def overlap(*niches, reach, audience=PEOPLE):
    offers = roster([f"@{number}" for number in range(len(niches))], niche=list(niches))
    return build_overlap(offers, np.asarray(reach, dtype=np.int64) * 1000, audience)


def net(result, *selected):
    mask = np.zeros(len(result.outside), dtype=bool)
    mask[list(selected)] = True
    return result.net_reach(mask) / 1000


def test_one_offer_alone_reaches_its_own_reach():
    result = overlap("beauty", "food", reach=[20_000, 10_000])
    assert net(result, 0) == pytest.approx(20_000, abs=0.01)
    assert net(result, 0, 1) == pytest.approx(30_000, abs=0.01)


def test_two_in_one_pool_overlap_at_random():
    result = overlap("beauty", "Beauty ", reach=[20_000, 50_000])
    assert net(result, 0, 1) == pytest.approx(100_000 * (1 - 0.8 * 0.5), abs=0.01)


def test_an_audience_is_split_equally_among_its_pools():
    result = overlap("beauty|food", "food", reach=[20_000, 25_000])
    assert net(result, 0) == pytest.approx(20_000, abs=0.01)
    assert net(result, 0, 1) == pytest.approx(10_000 + 50_000 * (1 - 0.8 * 0.5), abs=0.01)


def test_a_niche_without_a_pool_takes_no_part_of_the_audience():
    assert net(overlap("beauty|travel", reach=[20_000]), 0) == pytest.approx(20_000, abs=0.01)


def test_reach_outside_all_pools_is_added_in_full():
    result = overlap("travel", "travel", "", reach=[7, 8, 9])
    assert result.outside.tolist() == [7_000, 8_000, 9_000]
    assert net(result, 0, 1, 2) == 24


def test_nobody_reaches_more_than_99_percent_of_a_pool():
    result = overlap("food", "food", reach=[50_000, 49_500])
    assert result.saturated == ((0, "food"),)
    assert net(result, 0) == pytest.approx(49_500, abs=0.01)


def test_the_name_of_a_pool_is_matched_in_any_spelling():
    result = overlap("BEAUTY", reach=[5], audience=Audience(by="NICHE", size={"beauty": 10}))
    assert not result.outside.any()


def test_offers_that_do_not_overlap_reach_their_sum_to_the_person():
    result = overlap("beauty", "food", "food|beauty", reach=[8_000, 12_000, 31])
    assert net(result, 0, 1) >= 20_000
    assert net(result, 2) >= 31


@given(st.lists(st.integers(1, 90_000), min_size=1, max_size=12))
def test_net_reach_lies_between_the_largest_and_the_sum_and_is_the_formula(reach):
    result = overlap(*["beauty"] * len(reach), reach=reach)
    every = net(result, *range(len(reach)))
    assert max(reach) - 0.01 <= every <= sum(reach) + 0.01
    exposure = sum(-log(1 - item / 100_000) for item in reach)
    assert every == pytest.approx(100_000 * (1 - exp(-exposure)), rel=1e-8, abs=0.01)
