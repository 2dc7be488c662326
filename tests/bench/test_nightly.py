"""The simulated campaigns: the forecast is right on average, every arm meets the same luck, money is kept within."""

import numpy as np
import pytest
from benchmarks.nightly_campaign import DAYS, Arm, Manager
from benchmarks.nightly_files import make_first_plan, rows_by_offer, under_contract, write_results, write_states
from benchmarks.nightly_truth import METRICS, SHOCKS, Truth
from benchmarks.rosters import write_roster

from microopt import CampaignInput, campaign_from_input, read_roster
from microopt.benchmarks.table import default_benchmarks, half_life_days
from microopt.readers.contract_states import read_states
from microopt.readers.results import read_results


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    roster = read_roster(str(write_roster(tmp_path_factory.mktemp("nightly"), 60, 1)))
    return roster, campaign_from_input(CampaignInput(budget="5000", goal="conversions"))


@pytest.mark.parametrize("metric", METRICS)
def test_the_truth_is_what_the_forecast_says_on_average(known, metric):
    rows = range(0, len(known[0]), 5)
    truths = [Truth(*known, seed, SHOCKS) for seed in range(60)]
    ratios = [
        sum(p.results_at(1.0)[metric] for p in t.posts(row)) / t.mean(row, metric) for t in truths for row in rows
    ]
    assert np.mean(ratios) == pytest.approx(1, abs=4 * np.std(ratios) / len(ratios) ** 0.5)


def test_a_seed_is_always_the_same_luck(known):
    one, other = (Truth(*known, 7, SHOCKS) for _ in range(2))
    assert one.answers == other.answers
    other.posts(3)  # what else was asked makes no difference
    assert [post.results_at(0.5) for post in one.posts(0)] == [post.results_at(0.5) for post in other.posts(0)]


@pytest.mark.parametrize("learns", [False, True])
def test_an_arm_that_replans_stays_within_the_budget_and_brings_what_its_creators_bring(known, learns):
    roster, campaign = known
    arm = Arm(name="", replans=True, learns=learns)
    manager = Manager(
        arm=arm,
        every=30,
        roster=roster,
        truth=Truth(*known, 1, SHOCKS),
        plan=make_first_plan(*known),
        campaign=campaign,
        rows=rows_by_offer(roster),
    )
    found = manager.run()
    assert 0 < found.spend <= campaign.budget
    assert found.signed == sum(manager.truth.answers[manager.truth.creators[one.row]].signs for one in manager.offers)


def test_the_files_of_a_night_are_read_and_hold_all_that_came(known, tmp_path):
    roster, campaign = known
    contracts = under_contract(roster, campaign, make_first_plan(*known), range(0, 20, 2))
    states, results = tmp_path / "states.csv", tmp_path / "results.csv"
    write_states(states, contracts, DAYS)
    write_results(results, contracts, DAYS)
    figures = default_benchmarks()
    found = read_results(str(results), half_life=lambda platform: half_life_days(figures, platform))
    whole = sum(post.engagements for one in contracts for post in one.posts)
    assert sum(actual.engagements for actual in found.totals) == pytest.approx(whole, rel=0.01)
    assert {str(one.state) for one in read_states(str(states)).contracts} == {"live"}
