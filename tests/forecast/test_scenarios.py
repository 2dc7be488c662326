"""Joint draws of what offers bring."""

from hashlib import blake2b

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.campaign.campaign import Campaign
from microopt.campaign.metrics import METRICS
from microopt.campaign.progress import CampaignProgress, Contract, ContractState, PostResults
from microopt.errors import CampaignError
from microopt.forecast import exact_tables
from microopt.forecast import scenarios as scenarios_module
from microopt.forecast.forecast import NO_REVENUE
from microopt.forecast.model import expected_results, forecast
from microopt.forecast.scenario_logs import scenario_logs
from microopt.forecast.scenarios import draw_scenarios
from microopt.forecast.uncertainty import log_spreads, result_intervals, winsorized_ratios
from microopt.roster.contract_status import with_contract_columns
from tests.solver.builders import CALM, roster

NAN = float("nan")
WORTH = Campaign(budget=1, order_value=4_500)
QUIET = {"live": {"engagement": 0.0, "views": 0.0, "clicks": 0.0, "conversions": 0.0}, "scenarios": {"tier": 0.0}}
COUNT = 20_000


def offers(**numbers):
    """Return the offers of six creators on two platforms, of two sizes; the last two rows are of one creator."""
    return roster(
        ["ann", "ben", "cleo", "dan", "eve", "eve"],
        followers=[18_000, 19_000, 22_000, 600_000, 40_000, 40_000],
        platform=["instagram", "instagram", "tiktok", "tiktok", "instagram", "instagram"],
        offer=["reel", "story", "video", "video", "reel", "story"],
        numbers={"engagement_rate": [0.04, NAN, 0.05, 0.03, NAN, NAN], "views": [9_000.0, *[NAN] * 5], **numbers},
    )


def drawn(people, campaign=WORTH, count=COUNT, seed=1, rows=None):
    return draw_scenarios(people, campaign, forecast(people, campaign), count=count, seed=seed, rows=rows)


def same(one, other, rows=slice(None), others=slice(None)):
    """Whether rows of two draws are the same to the last digit."""
    pairs = [(one.metrics[name], other.metrics[name]) for name in one.metrics]
    pairs += [(one.accepted, other.accepted), (one.cost, other.cost), (one.revenue, other.revenue)]
    return all(np.array_equal(mine[rows], theirs[others]) for mine, theirs in pairs)


def logs_of(draws, name):
    return np.log(np.maximum(draws.metrics[name], 1).astype(float))


def correlation(one, other):
    return float(np.corrcoef(one, other)[0, 1])


def digest(draws):
    arrays = [*(draws.metrics[name] for name in METRICS), draws.cost, draws.revenue]
    data = b"".join(np.ascontiguousarray(array, dtype="<i8").tobytes() for array in arrays)
    return blake2b(data + draws.accepted.tobytes(), digest_size=16).hexdigest()


def test_the_mean_of_the_draws_is_the_forecast():
    people = offers(acceptance=[1.0, 0.7, 0.9, 0.3, 0.5, 0.5])
    expected, draws = forecast(people, WORTH), drawn(people)
    pairs = [(draws.metrics[name], expected.metrics[name]) for name in METRICS]
    for values, mean in [*pairs, (draws.revenue, expected.revenue)]:
        error = values.std(axis=1) / np.sqrt(COUNT)
        assert (np.abs(values.mean(axis=1) - mean) < 4.5 * error).all()
    np.testing.assert_allclose(draws.cost.mean(axis=1), expected.cost * people.numbers["acceptance"], rtol=0.03)


@pytest.mark.parametrize("degrees", [4.0, 8.0, 1000.0])
def test_a_tenth_of_the_draws_lies_below_the_likely_range_and_a_tenth_above(degrees):
    campaign = Campaign(budget=1, order_value=4_500, forecast={"shrinkage": {"degrees": degrees}})
    people, draws = offers(), drawn(offers(), campaign)
    results = expected_results(people, campaign)
    means = {name: forecast(people, campaign).metrics[name] / 1000 for name in METRICS}
    spreads = log_spreads(people, results)
    ratios = winsorized_ratios(results, spreads)
    for name, (low, high) in result_intervals(means, spreads, mean_ratios=ratios, degrees=degrees).items():
        thousandths = draws.metrics[name]
        assert np.abs((thousandths < low[:, None] * 1000).mean(axis=1) - 0.1).max() < 0.012, name
        assert np.abs((thousandths > high[:, None] * 1000).mean(axis=1) - 0.1).max() < 0.012, name


def test_the_parts_of_a_log_make_up_its_variance():
    people = offers(action_rate=[NAN, 0.01, NAN, NAN, NAN, NAN], deliverables=[1.0, 2, 3, 1, 1, 5])
    results = expected_results(people, WORTH)
    logs = scenario_logs(people, results, WORTH.tiers, np.arange(6), count=10, seed=1)
    for name, spread in log_spreads(people, results).items():
        deviations = np.sqrt((logs.weights[name] ** 2).sum(axis=(0, 1)))
        np.testing.assert_allclose(deviations, logs.cuts[name].spread, rtol=1e-5)
        np.testing.assert_allclose(deviations, spread, atol=1 / 256 + 1e-5)


def test_what_offers_share_is_at_most_half_of_what_is_unknown():
    people = offers()
    logs = scenario_logs(people, expected_results(people, WORTH), WORTH.tiers, np.arange(6), count=10, seed=1)
    for weights in logs.weights.values():
        shared, all_levels = (weights[2:] ** 2).sum(axis=(0, 1)), (weights**2).sum(axis=(0, 1))
        assert (shared > 0.1 * all_levels).all()
        assert (shared <= 0.5001 * all_levels).all()


def test_results_move_together_as_documented():
    draws = drawn(offers())
    for name in METRICS:
        ann, ben, cleo, dan, reel, story = logs_of(draws, name)
        assert correlation(reel, story) > 0.5, name  # of one creator
        assert 0.1 < correlation(ann, ben) < 0.5, name  # of one platform and size
        assert 0 < correlation(ann, cleo) < correlation(ann, ben), name  # of one size
        assert abs(correlation(ann, dan)) < 0.03, name  # neither
        assert correlation(cleo, dan) > correlation(ann, dan) + 0.05, name  # of one platform


def test_a_post_that_does_well_does_so_in_every_metric():
    draws = drawn(offers())
    row = 1  # without figures of its own
    views, engagements, clicks, conversions = (logs_of(draws, name)[row] for name in METRICS[1:])
    assert 0.6 < correlation(views, engagements) < 0.8  # `views_engagement` is 0.7
    assert correlation(views, clicks) > 0.5
    assert correlation(clicks, conversions) > 0.5
    assert correlation(engagements, conversions) > correlation(engagements, clicks) > 0.2
    assert np.array_equal(draws.metrics["reach"][row] > 0, draws.metrics["impressions"][row] > 0)


def test_without_shared_shocks_creators_are_independent():
    draws = drawn(offers(), Campaign(budget=1, order_value=4_500, forecast=QUIET))
    for name in METRICS:
        assert np.abs(np.corrcoef(logs_of(draws, name)[:5]) - np.eye(5)).max() < 0.03, name


@given(st.permutations(range(6)), st.integers(1, 6), st.integers(1, 40))
@CALM
def test_draws_of_an_offer_depend_neither_on_other_rows_nor_on_their_order(order, kept, count):
    people = offers(acceptance=[0.9, 0.7, 0.9, 0.3, 0.5, 0.5])
    rows = np.asarray(order[:kept])
    alone, together = drawn(people.take(rows), count=count), drawn(people, count=count)
    assert same(alone, together, others=rows)
    assert same(drawn(people, count=count, rows=rows), alone)


def test_fewer_scenarios_are_the_first_of_many():
    many, few = drawn(offers(), count=300), drawn(offers(), count=7)
    assert (many.metrics["conversions"][:, :7] == few.metrics["conversions"]).all()


def test_large_draws_in_parts_are_those_of_one_part(monkeypatch):
    people = offers(acceptance=[0.9, 0.7, 0.9, 0.3, 0.5, 0.5])
    whole = drawn(people, count=50)
    monkeypatch.setattr(scenarios_module, "CELLS_AT_ONCE", 100)
    assert same(drawn(people, count=50), whole)


def test_another_seed_draws_others():
    assert not same(drawn(offers(), count=50), drawn(offers(), count=50, seed=2))


def test_every_spelling_of_a_name_has_the_same_draws():
    written = roster(["@Ann ", "ANN"], platform=["Instagram", "ig"], offer=["Reel", " reel"])
    draws = drawn(written, count=50)
    assert same(draws, draws, rows=0, others=1)


def test_a_creator_accepts_all_offers_or_none_as_often_as_stated():
    shares = [1.0, 0.7, 0.0, 0.3, 0.5, 0.5]
    draws = drawn(offers(acceptance=shares))
    np.testing.assert_allclose(draws.accepted.mean(axis=1), shares, atol=0.012)
    assert draws.accepted[0].all()
    assert not draws.accepted[2].any()
    assert (draws.accepted[4] == draws.accepted[5]).all()
    for values in (*draws.metrics.values(), draws.cost, draws.revenue):
        assert not values[~draws.accepted].any()


def test_who_answers_does_not_depend_on_how_likely_a_yes_is_beyond_the_share():
    few, many = (drawn(offers(acceptance=[share] * 6), count=500).accepted for share in (0.3, 0.6))
    assert (many | ~few).all()


def test_commissions_follow_conversions():
    paid = roster(["ann", "ben"], pay=["affiliate", "flat"], numbers={"acceptance": [0.5, 1.0]})
    expected, draws = forecast(paid, WORTH), drawn(paid)
    due = expected.extra_costs["commission"][0] / (expected.metrics["conversions"][0] / 0.5)
    fixed = expected.cost[0] - expected.extra_costs["commission"][0]
    by_hand = np.where(draws.accepted[0], fixed + due * draws.metrics["conversions"][0], 0)
    np.testing.assert_allclose(draws.cost[0], by_hand, atol=1.1)
    assert (draws.cost[1] == expected.cost[1]).all()


def test_a_revenue_that_is_not_known_stays_so():
    people = offers(order_value=[45.0, *[NAN] * 5])
    draws = drawn(people, Campaign(budget=1), count=50)
    assert (draws.revenue[1:] == NO_REVENUE).all()
    assert (draws.revenue[0] > 0).all()
    assert drawn(offers(), Campaign(budget=1), count=5).revenue is None


def test_an_offer_without_results_brings_none():
    draws = drawn(roster(["ann", "ben"], followers=[20_000, 20_000], numbers={"cvr": [0.0, 0.02]}), count=99)
    assert not draws.metrics["conversions"][0].any()
    assert draws.metrics["conversions"][1].any()


def test_what_has_come_in_is_no_longer_drawn():
    running = CampaignProgress(
        contracts=(Contract(creator="ann", state=ContractState.DONE),),
        results=(PostResults(creator="ann", posts=1, matured_posts=1, engagements=777.0),),
    )
    campaign = Campaign(budget=1, order_value=4_500, running=running)
    people = with_contract_columns(offers(), running)
    draws = drawn(people, campaign, count=99, rows=np.asarray([0, 3]))
    assert (draws.metrics["engagements"][0] == 777_000).all()
    assert draws.metrics["engagements"][1].std() > 0
    assert same(draws, drawn(people, campaign, count=99), others=np.asarray([0, 3]))


def test_too_many_offers_and_scenarios_are_refused_before_memory_runs_out(monkeypatch):
    monkeypatch.setattr(scenarios_module, "MOST_CELLS", 600)
    assert drawn(offers(), count=100).count == 100
    with pytest.raises(CampaignError, match="101 scenarios of 6 offers") as raised:
        drawn(offers(), count=101)
    assert raised.value.code == "scenarios-too-many"
    assert "--scenarios 100" in raised.value.fix


def test_no_offers_have_no_scenarios():
    draws = drawn(offers(), count=9, rows=np.asarray([], dtype=np.intp))
    assert draws.accepted.shape == draws.cost.shape == draws.metrics["clicks"].shape == (0, 9)


def test_names_of_any_characters_are_drawn():
    names = ["\ud800", "a\x00b", "𝒜", "1:a", "x" * 10_000, "=1+1"]
    draws = drawn(roster(names, platform=["", "Twitch", "\udfff", "tiktok", "x", "🏕️"]), count=50)
    assert len(np.unique(draws.metrics["clicks"], axis=0)) == 6


def test_metrics_are_those_of_the_forecast_and_are_drawn_once():
    draws = drawn(offers(), count=9)
    assert [*draws.metrics] == [*METRICS]
    assert len(draws.metrics) == len(METRICS)
    assert draws.metrics["clicks"] is draws.metrics["clicks"]
    assert "net reach" not in draws.metrics
    with pytest.raises(KeyError):
        draws.metrics["net reach"]


def test_scenarios_are_the_same_on_every_machine():
    assert digest(drawn(offers(acceptance=[0.9, 0.7, 0.9, 0.3, 0.5, 0.5]), count=500)) == DIGEST


def test_scenarios_do_not_depend_on_the_last_digits_of_exp_and_log(monkeypatch):
    random = np.random.default_rng(1)

    def another_machine(function):
        def close(*arguments, **options):
            exact = function(*arguments, **options)
            return exact * (1 + random.integers(-2, 3, size=np.shape(exact)) * 2.0**-52)

        return close

    for name in ("exp", "log", "log1p", "expm1", "sinh", "cosh", "hypot"):
        monkeypatch.setattr(np, name, another_machine(getattr(np, name)))
    for table in (exact_tables.mixing_table, exact_tables.student_parts, exact_tables._cut):
        table.cache_clear()
    assert digest(drawn(offers(acceptance=[0.9, 0.7, 0.9, 0.3, 0.5, 0.5]), count=500)) == DIGEST
    for table in (exact_tables.mixing_table, exact_tables.student_parts, exact_tables._cut):
        table.cache_clear()


DIGEST = "747065af62a7218796a4af4e0792abf5"
