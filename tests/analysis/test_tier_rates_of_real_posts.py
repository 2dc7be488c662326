"""Typical rates of tiers on real posts, where their folder is: a file of accounts of 2012 to 2019."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from microopt.analysis.claims import evaluate_claims
from microopt.analysis.tier_rates import RateSample, typical_rates, unbiased_log
from microopt.benchmarks.table import default_benchmarks
from microopt.campaign.campaign import TIER_PRESETS, Campaign
from microopt.forecast.shrinkage import engagement_prior
from microopt.readers.creators_of_posts import read_creators_of_posts
from microopt.readers.options import ReadOptions

FOLDER = Path(os.environ.get("MICROOPT_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
FILE = FOLDER / "posts-2019.csv"
TIERS = TIER_PRESETS["default"]
pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the folder ../shared/data is not here")


@pytest.fixture(scope="module")
def posts():
    table = pd.read_csv(FILE)
    return table.assign(engagements=table.likes + table.comments)


def rates_of(posts):
    """Return typical rates and differences by the mean rate of each account's posts, and their number."""
    accounts = posts.groupby("creator").agg(
        mean=("engagements", "mean"), followers=("followers", "last"), posts=("engagements", "size")
    )
    accounts = accounts[accounts["mean"] > 0]
    followers = accounts.followers.to_numpy(float)
    within = engagement_prior(default_benchmarks(), np.zeros(len(accounts), np.int8), followers).within
    log_rate, noise = unbiased_log(accounts["mean"].to_numpy() / followers, accounts.posts.to_numpy(float), within)
    tier = np.searchsorted(TIERS.floors, followers, side="right") - 1
    platform = np.zeros(len(accounts), dtype=np.intp)
    return typical_rates(RateSample(tier=tier, platform=platform, log_rate=log_rate, noise=noise), TIERS.names)


def test_one_post_of_each_account_gives_the_rates_that_all_posts_give(posts):
    all_posts, _ = rates_of(posts)
    single, _ = rates_of(posts.sample(frac=1, random_state=1).groupby("creator").head(1))
    for known, estimated in zip(all_posts, single, strict=True):
        assert estimated.low < known.rate < estimated.high, known.tier
        assert estimated.high / estimated.low > known.high / known.low


def test_all_ranges_hold_in_nineteen_of_twenty_lists(posts):
    draw, accounts, lists = np.random.default_rng(0), posts.creator.unique(), 60
    truth = {pair: difference for difference in rates_of(posts)[1] for pair in pairs_of(difference)}
    held = 0
    for _ in range(lists):
        _, differences = rates_of(posts[posts.creator.isin({*draw.choice(accounts, 500, replace=False)})])
        held += all(each.low <= ratio(truth[each.tier, each.than], each.tier) <= each.high for each in differences)
    assert held / lists >= 0.88


def pairs_of(difference):
    return (difference.tier, difference.than), (difference.than, difference.tier)


def ratio(difference, tier):
    return difference.ratio if difference.tier == tier else 1 / difference.ratio


def test_micro_accounts_engage_more_than_mega_accounts_but_not_three_times_as_much():
    roster = read_creators_of_posts(str(FILE), ReadOptions(forecast={"growth": {"per_year": 0}}))
    claims = evaluate_claims(roster, Campaign(budget=0))
    claim = claims.claims[0]
    assert (claim.name, claim.verdict) == ("engagement rate", "does not hold")
    assert 1.2 < claim.low < claim.high < 2.4
    clear = {(pair.tier, pair.than) for pair in claims.differences if pair.clear}
    assert {("nano", "micro"), ("nano", "mega"), ("micro", "mid"), ("micro", "mega")} <= clear
