"""Typical rates of tiers, on creators of whom the truth is known."""

import numpy as np
import pytest

from microopt.analysis.claims import evaluate_claims
from microopt.analysis.estimates import mean_difference
from microopt.analysis.tier_rates import RateSample, typical_rates, unbiased_log
from microopt.campaign.campaign import Campaign
from tests.analysis.test_claims import people

TIERS = ("nano", "micro", "mega")


def sample(logs, tier, posts=1e9, platform=0, within=0.6):
    rate, posts = np.exp(np.asarray(logs, dtype=float)), np.broadcast_to(np.asarray(posts, dtype=float), len(logs))
    log_rate, noise = unbiased_log(rate, posts, np.full(len(logs), within))
    platform = np.broadcast_to(np.asarray(platform, dtype=np.intp), len(logs))
    return RateSample(tier=np.asarray(tier, dtype=np.intp), platform=platform, log_rate=log_rate, noise=noise)


def drawn(draw, means, counts, between=0.8, within=0.6, most_posts=8):
    """Draw creators of tiers, with the average of some log-normal posts for each."""
    tier = np.repeat(np.arange(len(means)), counts)
    posts = draw.integers(1, most_posts + 1, len(tier))
    theta = np.asarray(means)[tier] + draw.normal(0, between, len(tier))
    logs = [np.log(np.exp(draw.normal(each, within, count)).mean()) for each, count in zip(theta, posts, strict=True)]
    return sample(logs, tier, posts=posts, within=within)


def test_two_tiers_measured_without_noise_differ_as_welch_says():
    draw = np.random.default_rng(1)
    first, second = draw.normal(-3, 0.5, 12), draw.normal(-4, 0.9, 7)
    rates, (pair,) = typical_rates(sample([*first, *second], [0] * 12 + [1] * 7), TIERS)
    expected = mean_difference(first, second)
    assert np.log([pair.ratio, pair.low, pair.high]) == pytest.approx([expected.mean, expected.low, expected.high])
    assert (pair.tier, pair.than, pair.clear) == ("nano", "micro", expected.low > 0)
    assert [tier.rate for tier in rates] == pytest.approx(np.exp([first.mean(), second.mean()]))


def test_the_higher_tier_of_a_pair_comes_first():
    low, high = [-4.0, -4.1, -3.9, -4.2, -3.8], [-2.0, -2.1, -1.9, -2.2, -1.8]
    _, (pair,) = typical_rates(sample(low + high, [0] * 5 + [2] * 5), TIERS)
    assert (pair.tier, pair.than, pair.clear) == ("mega", "nano", True)
    assert 1 < pair.low < pair.ratio < pair.high


def test_creators_known_by_one_post_count_for_less_than_those_known_by_many():
    known, lucky = [-3.0, -3.1, -2.9, -3.05, -2.95], [-2.6, -2.5, -2.7, -2.65, -2.55]
    creators = sample(known + lucky, [0] * 10, posts=[1000] * 5 + [1] * 5)
    (tier,), _ = typical_rates(creators, TIERS)
    assert tier.rate < np.exp(-2.9) < np.exp(creators.log_rate.mean())


def test_intervals_hold_the_truth_for_each_tier_and_for_all_pairs_at_once():
    draw, means, trials = np.random.default_rng(3), (-3.3, -3.6, -3.9), 600
    of_tiers, of_pairs = np.zeros(3), 0
    for _ in range(trials):
        rates, pairs = typical_rates(drawn(draw, means, (40, 12, 6)), TIERS)
        truth = {name: np.exp(mean + 0.6**2 / 2) for name, mean in zip(TIERS, means, strict=True)}
        of_tiers += [tier.low <= truth[tier.tier] <= tier.high for tier in rates]
        of_pairs += all(pair.low <= truth[pair.tier] / truth[pair.than] <= pair.high for pair in pairs)
    assert np.all(np.abs(of_tiers / trials - 0.95) < 0.03)
    assert 0.93 <= of_pairs / trials <= 0.985


def test_equal_tiers_are_seldom_called_different():
    draw, trials = np.random.default_rng(4), 300
    alarms = sum(
        any(pair.clear for pair in typical_rates(drawn(draw, (-3.5,) * 3, (30, 20, 8)), TIERS)[1])
        for _ in range(trials)
    )
    assert alarms / trials <= 0.08


def test_a_tier_does_not_engage_more_because_it_is_on_another_platform():
    draw = np.random.default_rng(5)
    tier = np.repeat([0, 1], 60)
    platform = np.concatenate([draw.random(60) < 0.8, draw.random(60) < 0.2]).astype(int)  # nano on TikTok, micro not
    logs = -4 + 1.4 * platform + draw.normal(0, 0.3, 120)
    _, (pair,) = typical_rates(sample(logs, tier, platform=platform), TIERS)
    assert not pair.clear
    assert pair.ratio < 1.2
    _, (confused,) = typical_rates(sample(logs, tier), TIERS)
    assert confused.clear


def test_rates_of_tiers_that_share_no_platform_are_not_compared():
    logs = np.random.default_rng(6).normal(-3, 0.3, 20)
    rates, pairs = typical_rates(sample(logs, [0] * 10 + [1] * 10, platform=[0] * 10 + [1] * 10), TIERS)
    assert pairs == ()
    assert [tier.creators for tier in rates] == [10, 10]


def test_tiers_of_few_creators_have_no_rate_and_no_pair():
    rates, pairs = typical_rates(sample([-3.0, -3.2, -3.1, -2.9, -3.3, -2.0], [0] * 5 + [2]), TIERS)
    assert [(tier.tier, tier.creators, tier.rate is None) for tier in rates] == [("nano", 5, False), ("mega", 1, True)]
    assert pairs == ()
    assert typical_rates(sample([], []), TIERS) == ((), ())


def test_creators_with_the_same_rate_have_a_range_of_no_width():
    rates, (pair,) = typical_rates(sample([-3.0] * 12, [0] * 6 + [1] * 6), TIERS)
    assert rates[0].rate == pytest.approx(np.exp(-3))
    assert not pair.clear


def test_a_roster_has_the_rates_that_it_states():
    claims = evaluate_claims(people(0.06, 0.02, posts=[500.0] * 120), Campaign(budget=0))
    rates = {tier.tier: tier for tier in claims.typical_rates}
    assert list(rates) == ["mega", "micro"]
    assert rates["micro"].low < 0.06 < rates["micro"].high
    (pair,) = claims.differences
    assert (pair.tier, pair.than, pair.clear) == ("micro", "mega", True)
    assert pair.low < 3 < pair.high
    assert not evaluate_claims(people(float("nan"), float("nan")), Campaign(budget=0)).differences
