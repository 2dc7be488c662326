"""The likely ranges of a plan: those of the whole roster, summed for the plan."""

from fractions import Fraction

import numpy as np
import pytest

from microopt.campaign.campaign import Campaign
from microopt.campaign.metrics import METRICS
from microopt.campaign.progress import CampaignProgress, Contract, ContractState, PostResults
from microopt.forecast.audience_quality import share_column
from microopt.forecast.model import expected_results
from microopt.forecast.uncertainty import log_spreads, result_intervals, winsorized_ratios
from microopt.plan.likely_range import LikelyRange
from microopt.planning.build_problem import build_problem
from microopt.planning.likely_ranges import likely_ranges
from microopt.planning.optimize import optimize
from tests.planning.builders import build_campaign
from tests.readers.builders import read

ROSTER = """handle,platform,offer,followers,engagement_rate,posts,acceptance,fee
@ann,instagram,reel,20000,4%,30,90%,300
@ben,tiktok,video,300000,2%,,50%,2000
@cam,instagram,story,9000,,,,90
@dan,youtube,video,1200000,1%,80,5%,5000
@eve,instagram,reel,52000,3%,12,100%,600
@fay,instagram,reel,15000,6%,9,,150
"""
PUBLISHED = CampaignProgress(
    contracts=(Contract(creator="@ann", platform="instagram", offer="reel", units=1, state=ContractState.LIVE),),
    results=(PostResults(creator="@ann", posts=1.0, matured_posts=0.7, engagements=900.0, impressions=15_000.0),),
)
CAMPAIGNS = {
    "plain": {},
    "fitted benchmarks": {"fit_benchmarks": True},
    "running": {"running": PUBLISHED},
    "all sets of offers": {"one_offer_per": "offer"},
    "an order value": {"order_value": 4_500},
}


def problem_of(roster=ROSTER, **facts):
    return build_problem(read(roster), Campaign(budget=1_000_000, **facts))[0]


def intervals_of_all(problem):
    """Return the ranges of all offers by metric, computed on the whole roster."""
    results = expected_results(problem.roster, problem.campaign)
    spreads = log_spreads(problem.roster, results)
    return result_intervals(
        {name: problem.forecast.metrics[name] / 1000 for name in METRICS},
        spreads,
        mean_ratios=winsorized_ratios(results, spreads),
        degrees=results.benchmarks.figure("shrinkage", "degrees"),
        acceptance=share_column(problem.roster, "acceptance"),
    )


@pytest.mark.parametrize("facts", CAMPAIGNS.values(), ids=CAMPAIGNS)
@pytest.mark.parametrize("rows", [[3, 0], [5, 2, 4, 1, 0, 3], [4]])
def test_the_ranges_of_some_offers_are_those_of_the_whole_roster(facts, rows):
    problem = problem_of(**facts)
    ranges, whole = likely_ranges(problem, np.asarray(rows)), intervals_of_all(problem)
    for name in METRICS:
        low, high = (ends[rows] for ends in whole[name])
        for own, least, most in zip(ranges.picks, low, high, strict=True):
            assert (own[name].low, own[name].high) == pytest.approx((least * 1000, most * 1000), abs=1)
        total = ranges.correlated[name]
        assert (total.low, total.high) == pytest.approx((low.sum() * 1000, high.sum() * 1000), abs=1)


def test_picks_have_only_the_ranges_that_are_asked_for():
    rows = np.asarray([3, 0])
    few, every = (likely_ranges(problem_of(), rows, *asked) for asked in ([("conversions",)], []))
    assert few.picks == tuple({"conversions": own["conversions"]} for own in every.picks)
    assert few.independent == every.independent


def test_independent_results_vary_less_in_sum_than_results_that_move_together():
    problem = problem_of()
    sure = np.flatnonzero(share_column(problem.roster, "acceptance") >= 0.9)
    ranges = likely_ranges(problem, sure)
    for name in METRICS:
        assert ranges.correlated[name].low <= ranges.independent[name].low
        assert ranges.independent[name].high <= ranges.correlated[name].high


@pytest.mark.parametrize("rows", [[4], [4, 0], [0, 2, 4, 5]])
def test_a_range_of_independent_results_ends_within_that_of_results_that_move_together(rows):
    every = ROSTER.replace("90%", "").replace("50%", "").replace("5%,5000", ",5000")
    ranges = likely_ranges(problem_of(every), np.array(rows))
    for name in METRICS:
        assert ranges.correlated[name].low <= ranges.independent[name].low
        assert ranges.independent[name].high <= ranges.correlated[name].high


def test_who_seldom_accepts_may_bring_nothing():
    problem = problem_of()
    names = problem.roster.texts["creator"]
    row = next(row for row in range(len(problem)) if names[row].strip() == "@dan")
    (own,) = likely_ranges(problem, np.asarray([row])).picks
    assert own["engagements"] == LikelyRange(0, 0)
    assert not own["engagements"].final


def test_results_that_are_in_are_final():
    done = PostResults(creator="@ann", posts=1.0, matured_posts=1.0, engagements=900.0, impressions=15_000.0)
    contract = Contract(creator="@ann", platform="instagram", offer="reel", units=1, state=ContractState.DONE)
    problem = problem_of(running=CampaignProgress(contracts=(contract,), results=(done,)))
    names = problem.roster.texts["creator"]
    row = next(row for row in range(len(problem)) if names[row].strip() == "@ann")
    (own,) = likely_ranges(problem, np.asarray([row])).picks
    assert own["engagements"].final


@pytest.mark.parametrize("facts", CAMPAIGNS.values(), ids=CAMPAIGNS)
def test_a_plan_of_nobody_brings_nothing_at_either_end(facts):
    ranges = likely_ranges(problem_of(**facts), np.zeros(0, dtype=np.intp))
    nothing = dict.fromkeys(METRICS, LikelyRange(0, 0))
    assert (ranges.picks, ranges.independent, ranges.correlated) == ((), nothing, nothing)


def test_a_plan_holds_the_ranges_of_its_picks_and_of_all_together():
    plan = optimize(read(ROSTER), build_campaign(budget=300_000, contingency=Fraction(1, 10)))
    assert set(plan.likely) == set(METRICS)
    for name in ("engagements", "conversions"):
        assert all(pick.likely[name].low <= pick.likely[name].high for pick in plan.picks)
        ends = (sum(pick.likely[name].low for pick in plan.picks), sum(pick.likely[name].high for pick in plan.picks))
        assert (plan.likely[name].low, plan.likely[name].high) == pytest.approx(ends, abs=len(plan.picks))


def test_an_empty_plan_has_ranges_of_nothing():
    plan = optimize(read(ROSTER), build_campaign(budget=100))
    assert plan.picks == ()
    assert set(plan.likely.values()) == {LikelyRange(0, 0)}
