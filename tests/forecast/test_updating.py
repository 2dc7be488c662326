"""What results so far teach of posts to come: checked by hand, and by what must hold whatever they are."""

from math import exp, expm1, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.campaign.campaign import Campaign
from microopt.campaign.progress import RESULT_METRICS, CampaignProgress, Contract, ContractState, PostResults
from microopt.forecast.forecast import Origin
from microopt.forecast.model import expected_results
from microopt.forecast.shrinkage import engagement_prior, shrink_rates
from microopt.roster.contract_status import with_contract_columns
from tests.forecast.builders import GROWTH, assert_close, log_of_mean, roster
from tests.scale import examples

ALONE = {"live": {"engagement": 0.0, "views": 0.0, "clicks": 0.0, "conversions": 0.0}}
COUNTS = st.floats(0, 1e6)


def after(actuals, *, signed=(), forecast=ALONE, **columns):
    """Return what is expected of a roster once these results are known; nobody is kept but the creators in `signed`."""
    running = CampaignProgress(
        contracts=tuple(Contract(creator=name, state=ContractState.LIVE) for name in signed), results=tuple(actuals)
    )
    campaign = Campaign(budget=1, forecast=forecast, running=running)
    return expected_results(with_contract_columns(roster(**columns), running), campaign)


def before(**columns):
    return expected_results(roster(**columns), Campaign(budget=1))


def actual(creator="c0", posts=4, **counts):
    return PostResults(creator=creator, posts=posts, matured_posts=posts, **counts)


def test_an_engagement_rate_and_results_are_worth_what_all_their_posts_would_be():
    usual = engagement_prior(before().benchmarks, np.zeros(1, dtype=np.int8), np.asarray([20_000.0]))
    item = before(engagement_rate=0.04, posts=6, sponsored_ratio=1)
    each = float(item.metrics["engagements"][0] / item.rates.mean[0])  # of a rate of one
    result = after([actual(posts=4, engagements=4 * 0.09 * each)], engagement_rate=0.04, posts=6, sponsored_ratio=1)
    logs = (6 * (log(0.04) - log_of_mean(6)) + 4 * (log(0.09) - GROWTH - log_of_mean(4))) / 10  # results need no growth
    together = exp(logs + log_of_mean(10))
    assert_close(result.rates.mean, shrink_rates(np.asarray([together]), np.asarray([10.0]), usual).mean, 1e-3)
    assert_close(result.rates.creator, shrink_rates(np.asarray([together]), np.asarray([10.0]), usual).creator, 1e-6)


def test_results_in_two_parts_teach_what_they_teach_together():
    parts = [actual(posts=3, engagements=900.0, offer="a"), actual(posts=3, engagements=900.0, offer="b")]
    columns = {"rows": 3, "engagement_rate": 0.04}
    apart = after(
        [PostResults(creator=p.creator, posts=3, matured_posts=3, engagements=900.0) for p in parts], **columns
    )
    full = after([actual(posts=6, engagements=1800.0)], **columns)
    assert_close(apart.metrics["engagements"], full.metrics["engagements"], 1e-9)


@pytest.mark.parametrize("name", ["engagements", "impressions", "clicks", "conversions"])
def test_of_very_many_posts_the_forecast_is_what_they_brought(name):
    posts, each = 10**7, {"engagements": 500.0, "impressions": 9_000.0, "clicks": 90.0, "conversions": 4.5}
    result = after([actual(posts=posts, **{key: posts * value for key, value in each.items()})])
    assert_close(result.metrics[name][0], each[name], 0.02)


@given(COUNTS, COUNTS, st.sampled_from(["engagements", "impressions", "clicks", "conversions"]))
@settings(max_examples=examples(40))
def test_more_results_never_lower_the_forecast(one, other, name):
    low, high = sorted((one, other))
    result = [after([actual(**{name: total})], forecast={}).metrics[name][0] for total in (low, high)]
    assert result[0] <= result[1] * (1 + 1e-9)
    assert np.isfinite(result).all()


def test_what_two_creators_show_moves_the_others_of_the_platform_a_part_of_the_way():
    columns = {"rows": 4, "platform": ["instagram"] * 3 + ["tiktok"]}
    was = before(**columns).metrics["conversions"]
    results = [actual(name, posts=20, clicks=2_000.0, conversions=200.0) for name in ("c0", "c1")]
    change = after(results, forecast={}, **columns).metrics["conversions"] / was
    assert change[0] == change[1] > change[2] > 1.0
    assert change[3] == 1.0


def test_nine_orders_of_one_post_where_seven_were_planned_move_nobody_but_its_creator():  # others moved by +177%
    columns = {"rows": 3, "platform": "tiktok"}
    views = 5_000 * 7 / before(views=5_000.0, **columns).metrics["conversions"].sum()
    columns["views"] = float(views)
    was = before(**columns).metrics["conversions"]
    assert was.sum() == pytest.approx(7)
    result = after([actual(posts=1, conversions=9.0)], forecast={}, **columns)
    assert all(result.metrics["conversions"][1:] == was[1:])
    assert not [note for note in result.notes if "the results so far" in note]
    assert was[0] < result.metrics["conversions"][0] < 2 * was[0]  # the next post of the creator, not nine again


def test_orders_of_the_first_hours_do_not_stand_for_those_of_the_whole_post():
    columns = {"rows": 3, "platform": "youtube", "views": 40_000.0}
    was = before(**columns).metrics["conversions"][0]
    early = PostResults(creator="c0", posts=1, matured_posts=0.1, conversions=2 * was)
    late = PostResults(creator="c0", posts=1, matured_posts=1, conversions=2 * was)
    fresh, grown = (after([seen], forecast={}, **columns).metrics["conversions"][0] for seen in (early, late))
    assert was < grown < 2 * was
    assert was < fresh < 2 * was  # twenty times what was expected by then


def test_orders_teach_more_of_a_creator_where_clicks_were_counted():
    columns = {"rows": 1, "platform": "tiktok", "views": 200_000.0}
    was = before(**columns).metrics
    orders = 4 * was["conversions"][0]
    alone = after([actual(posts=1, conversions=orders)], **columns)
    counted = after([actual(posts=1, conversions=orders, clicks=was["clicks"][0])], **columns)
    assert was["conversions"][0] < alone.metrics["conversions"][0] < counted.metrics["conversions"][0] < orders


@pytest.mark.parametrize("metric", RESULT_METRICS)
def test_one_creator_with_many_offers_and_posts_is_still_one_creator(metric):
    columns = {"rows": 3, "platform": "instagram"}
    was = before(**columns).metrics
    parts = [actual(posts=9, offer=offer, **{metric: 9e5}) for offer in ("a", "b", "c")]
    alike = [PostResults(creator=each.creator, posts=9, matured_posts=9, **{metric: 9e5}) for each in parts]
    result = after(alike, forecast={}, **columns).metrics
    assert result[metric][0] > was[metric][0]
    assert all(result[metric][1:] == was[metric][1:])


def test_a_platform_moves_the_further_the_more_creators_agree():
    columns = {"rows": 30, "platform": "tiktok", "views": 40_000.0}
    each = before(**columns).metrics["conversions"][0]

    def change(lucky, plain=0):
        results = [actual(f"c{row}", posts=1, conversions=4 * each) for row in range(lucky)]
        results += [actual(f"c{row}", posts=1, conversions=each) for row in range(lucky, lucky + plain)]
        return after(results, forecast={}, **columns).metrics["conversions"][29] / each

    shares = [change(number) for number in (1, 2, 3, 5, 10, 25)]
    assert shares == sorted(shares)
    assert shares[0] == 1
    assert 1 < shares[1] < 1.2  # two creators with four times the orders
    assert shares[-1] > 2
    assert 1 < change(2, plain=5) < change(7)


def test_orders_behind_views_that_were_counted_are_not_taken_for_a_better_rate():
    """Five times the views and five times the orders: views alone explain them."""
    columns = {"rows": 6, "platform": "tiktok", "views": 40_000.0}
    was = before(**columns).metrics
    results = [
        actual(f"c{row}", posts=1, impressions=5 * was["impressions"][0], conversions=5 * was["conversions"][0])
        for row in range(5)
    ]
    change = {name: values / was[name] for name, values in after(results, forecast={}, **columns).metrics.items()}
    assert change["conversions"][5] == pytest.approx(change["impressions"][5], rel=1e-9)
    assert change["conversions"][0] < 5


def shift_note(*actuals):
    """Return the note of what results moved, and by how much the last of three creators on Instagram moved."""
    columns = {"rows": 4, "platform": ["instagram"] * 3 + ["tiktok"]}
    was, result = before(**columns).metrics, after(actuals, forecast={}, **columns)
    (note,) = [note for note in result.notes if "the results so far" in note]
    return note, {name: f"{name} {result.metrics[name][2] / amounts[2] - 1:+.0%}" for name, amounts in was.items()}


CHANGED = "the results so far changed the forecast of all other instagram offers"


def test_a_note_says_how_far_results_moved_the_other_offers_of_a_platform_and_on_what_that_rests():
    note, moved = shift_note(*(actual(name, posts=20, clicks=2_000.0, conversions=200.0) for name in ("c0", "c1")))
    assert note == f"{CHANGED}: {moved['clicks']}, {moved['conversions']} (from 40 posts by 2 creators)"
    note, moved = shift_note(*(actual(name, posts=20, impressions=999_999.0, engagements=9.0) for name in ("c0", "c1")))
    assert note == f"{CHANGED}: {', '.join(moved[name] for name in RESULT_METRICS)} (from 40 posts by 2 creators)"


def test_a_note_says_for_each_metric_on_what_its_change_rests():
    both = [actual(name, posts=1, impressions=99_999.0) for name in ("c0", "c1")]
    note, moved = shift_note(
        *both, actual(posts=1, offer=None, engagements=1e6), actual("c1", engagements=1e6, posts=3)
    )
    views, engaged = "from 2 posts by 2 creators", "from 4 posts by 2 creators"
    assert note == (
        f"{CHANGED}: {moved['impressions']} ({views}), {moved['engagements']} ({engaged}), "
        f"{moved['clicks']}, {moved['conversions']} ({views})"
    )


def test_without_a_shift_others_stay_as_they_were():
    assert not [note for note in after([actual(engagements=90_000.0)], rows=2).notes if "the results so far" in note]
    was = before(rows=2).metrics
    result = after([actual(posts=20, engagements=90_000.0, clicks=2_000.0, conversions=200.0)], rows=2).metrics
    assert all(result[name][1] == was[name][1] for name in was)


def test_a_conversion_rate_is_learned_as_far_as_creators_and_posts_vary():
    item = before()
    result = after([actual(clicks=1_500.0, conversions=90.0)])
    between, within, expected = expm1(0.6**2), expm1(0.6**2), 1_500 * item.cvr[0]
    credibility = between / (between + within / 4 + 1 / expected)  # of four posts
    assert_close(result.cvr[0] / item.cvr[0], 1 + credibility * (90 / expected - 1), 1e-9)
    assert result.cvr_clicks[0] == 2_000


def test_a_rate_whose_posts_do_not_vary_is_that_of_its_prior_events_and_those_seen():
    item = before(clicks=1_000.0, conversions=30.0)
    result = after(
        [actual(clicks=1_500.0, conversions=90.0)],
        forecast={"live": {**ALONE["live"], "post_conversions": 0.0}},
        clicks=1_000.0,
        conversions=30.0,
    )
    shape = 1 / expm1(0.6**2) + 1_000 * item.cvr[0]  # of creators in general, and the orders that the roster knows
    assert_close(result.cvr[0] / item.cvr[0], (shape + 90) / (shape + 1_500 * item.cvr[0]), 1e-9)


def test_of_an_action_rate_the_rate_is_learned():
    item = before(action_rate=0.01)
    results = [actual(posts=1, engagements=1_000.0, conversions=40.0)]
    result = after(results, forecast={"live": {**ALONE["live"], "post_conversions": 0.0}}, action_rate=0.01)
    learned = (5 + 40) / (5 + 10) * result.metrics["engagements"][0] / item.metrics["engagements"][0]
    assert_close(result.metrics["conversions"][0] / item.metrics["conversions"][0], learned, 1e-6)


def test_nothing_counted_teaches_nothing():
    was, result = before().metrics, after([actual(posts=8)]).metrics
    assert all(was[name][0] == result[name][0] for name in was)


def test_a_post_of_this_minute_teaches_nothing():
    result = after([PostResults(creator="c0", posts=1, matured_posts=0.01, engagements=0.0)])
    assert result.metrics["engagements"][0] == before().metrics["engagements"][0]


def test_no_engagement_at_all_leaves_a_little():
    result = after([actual(posts=30, engagements=0.0)])
    assert 0 < result.metrics["engagements"][0] < 0.2 * before().metrics["engagements"][0]


def test_all_offers_of_a_creator_on_the_platform_learn_and_those_elsewhere_do_not():
    columns = {"rows": 1}
    was = before(**columns)
    result = after([actual(platform="tiktok", posts=9, engagements=9e5)], platform="instagram", **columns)
    assert result.metrics["engagements"][0] == was.metrics["engagements"][0]


def test_what_rests_on_results_is_no_longer_called_a_benchmark():
    result = after([actual(posts=4, engagements=900.0, clicks=20.0)])
    assert result.origins["engagements"][0] == Origin.SHRUNK
    assert result.origins["clicks"][0] == Origin.SHRUNK
    assert result.origins["conversions"][0] == Origin.DEFAULT
