"""Usual rates refitted on a roster."""

from math import exp

import numpy as np
from msgspec.structs import replace

from microopt.campaign.campaign import Campaign
from microopt.forecast.model import expected_results
from tests.forecast.builders import NAN, assert_close, roster


def drawn(count, mu, between, within=0.57, posts=40, seed=0):
    """Return average rates of creators drawn from the model."""
    draw = np.random.default_rng(seed)
    logs = draw.normal(mu, between, count)[:, None] + draw.normal(0, within, (count, posts))
    return np.exp(logs).mean(axis=1)


def fitted(people, **campaign):
    return expected_results(people, Campaign(budget=1, fit_benchmarks=True, **campaign))


def test_the_truth_behind_a_roster_is_found():
    people = roster(2_000, engagement_rate=drawn(2_000, -2.9, 0.5).tolist(), posts=40.0)
    table = fitted(people).benchmarks.table("engagement.instagram")
    assert abs(table["mu"][1] + 2.9) < 0.04
    assert abs(table["sd_between"][1] - 0.5) < 0.04
    assert table["sd_within"] == [0.56, 0.57, 0.59, 0.61, 0.72, 0.75]


def test_who_has_no_rate_is_expected_to_have_that_of_the_roster():
    people = roster(201, engagement_rate=[*drawn(200, -2.9, 0.5).tolist(), NAN], posts=40.0)
    usual, refitted = (expected_results(people, Campaign(budget=1, fit_benchmarks=fit)) for fit in (False, True))
    means = [exp(mu + (between**2 + 0.57**2) / 2) for mu, between in ((-3.63, 0.8), (-2.9, 0.5))]
    ratio = refitted.metrics["engagements"][-1] / usual.metrics["engagements"][-1]
    assert ratio > 1.5
    assert_close(ratio, means[1] / means[0], 0.15)


def test_small_bands_move_with_the_others_and_keep_their_spread():
    rates = drawn(200, -2.63, 0.8).tolist()
    people = roster(202, followers=[20_000] * 200 + [2_000_000] * 2, engagement_rate=[*rates, NAN, NAN], posts=40.0)
    table = fitted(people).benchmarks.table("engagement.instagram")
    assert_close(table["mu"][5] - -3.93, table["mu"][1] - -3.63, 1e-6)
    assert table["sd_between"][5] == 0.84


def test_odd_rosters_are_fitted_within_bounds():
    draw = np.random.default_rng(3)
    wild = np.exp(draw.uniform(-11, 3, 60)).tolist()
    for platform in ("instagram", "tiktok"):
        result = fitted(roster(60, platform=platform, engagement_rate=wild, posts=40.0))
        assert np.isfinite(result.metrics["engagements"]).all()
        high = fitted(roster(60, platform=platform, engagement_rate=9.0, posts=40.0))
        assert np.isfinite(high.metrics["engagements"]).all()


def test_what_was_found_is_told_beside_the_default():
    people = roster(40, engagement_rate=drawn(40, -2.9, 0.5).tolist(), posts=40.0)
    notes = fitted(people).notes
    assert any(note.startswith("instagram from 10k followers: typical rate") for note in notes)
    assert any(f"(default {100 * exp(-3.63):.1f}%), from 40 of its creators" in note for note in notes)
    assert any("moved with the other bands" in note for note in notes)


def test_too_few_creators_leave_the_defaults():
    for people in (roster(29, engagement_rate=0.09), roster(40), roster(40, engagement_rate=[0.1] * 29 + [NAN] * 11)):
        result = fitted(people)
        assert result.benchmarks.table("engagement.instagram")["mu"][1] == -3.63
        assert any("the defaults stay" in note for note in result.notes)


def test_a_platform_known_by_mean_rates_has_these_refitted():
    rates = drawn(300, -2.0, 0.8).tolist()
    people = roster(300, platform="tiktok", engagement_rate=rates, posts=40.0)
    table = fitted(people).benchmarks.table("engagement.tiktok")
    assert 0.13 < table["rate"][1] < 0.25
    assert_close(table["rate"][0] / table["rate"][1], 0.103 / 0.081, 1e-6)


def test_a_creator_on_two_platforms_counts_on_both():
    rates = drawn(40, -2.5, 0.5).tolist()
    both = roster(80, platform=["instagram"] * 40 + ["tiktok"] * 40, engagement_rate=rates * 2, posts=40.0)
    both = replace(both, creator_id=np.tile(np.arange(40, dtype=np.int32), 2))
    assert not any("the defaults stay" in note for note in fitted(both).notes)


def test_a_creator_with_many_offers_counts_once_and_equal_rates_do_no_harm():
    result = fitted(roster(40, engagement_rate=0.05))
    assert 0 < result.benchmarks.table("engagement.instagram")["sd_between"][1] < 0.1
    assert np.isfinite(result.metrics["engagements"]).all()
