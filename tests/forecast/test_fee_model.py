"""Usual fees by the prices of a roster: what they recover, what does not move them, when public figures count."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.benchmarks.table import default_benchmarks
from microopt.campaign.campaign import Campaign
from microopt.forecast import fee_model
from microopt.forecast.deliverables import resolve_deliverables
from microopt.forecast.fee_model import FEWEST_CREATORS, fit_fee_model
from microopt.forecast.model import forecast
from microopt.forecast.public_fees import public_fees
from microopt.planning.build_problem import build_problem
from microopt.readers.roster import read_roster
from microopt.roster.roster import NO_FEE
from tests.forecast.builders import NAN, roster
from tests.solver.builders import roster as plain_roster

CAMPAIGN = Campaign(budget=1)
ESTIMATE = Campaign(budget=1, estimate_fees=True)


def market(size=200, elasticity=0.7, spread=0.4, seed=1, by_rate=0.0, dollars=300.0, **columns):
    """Return a roster whose fees follow a known law: `dollars` at 20,000 followers, with log-normal noise."""
    rng = np.random.default_rng(seed)
    followers = np.round(np.exp(rng.uniform(np.log(2e3), np.log(2e6), size)))
    rates = 0.02 * np.exp(rng.normal(0, 0.6, size))
    logs = np.log(dollars) + elasticity * np.log(followers / 20_000) + rng.normal(0, spread, size)
    logs += by_rate * np.log(rates / 0.02)
    fees = [int(cents) for cents in np.round(np.exp(logs)) * 100]
    return roster(size, fee=fees, **{"followers": followers.tolist(), "engagement_rate": rates.tolist(), **columns})


def usual(people, campaign=ESTIMATE):
    return forecast(people, campaign).usual_fee


def test_the_prices_of_a_roster_teach_how_fees_grow_with_followers():
    model = fit_fee_model(market(), CAMPAIGN)
    assert model.facts.source == "list"
    assert model.facts.creators == 200
    assert model.size == pytest.approx(0.7, abs=0.05)
    assert np.exp(model.levels[0]) / 100 == pytest.approx(300, rel=0.1)


def test_the_prices_of_a_roster_teach_what_a_higher_engagement_rate_is_worth():
    flat, steep = (
        np.mean([fit_fee_model(market(by_rate=each, seed=seed), CAMPAIGN).rate for seed in range(5)])
        for each in (0.0, 0.4)
    )
    assert flat == pytest.approx(0, abs=0.06)
    assert steep == pytest.approx(0.4, abs=0.06)


def test_the_range_of_an_estimate_holds_eight_of_ten_prices_that_were_not_fitted():
    known, new = market(size=400, spread=0.5), market(size=2_000, spread=0.5, seed=2)
    model = fit_fee_model(known, CAMPAIGN)
    expected = model.usual_fees(new, resolve_deliverables(new, default_benchmarks()), CAMPAIGN)
    multiples = new.fee / expected
    within = (multiples >= model.facts.low) & (multiples <= model.facts.high)
    assert within.mean() == pytest.approx(0.8, abs=0.04)


@pytest.mark.parametrize("slip", [1_000, 1 / 1_000])
def test_a_misread_thousand_moves_nothing(slip):
    people = market(size=60)
    wrong = people.fee.copy()
    wrong[:3] = np.maximum(np.rint(wrong[:3] * slip), 1).astype(np.int64)
    clean, slipped = (fit_fee_model(each, CAMPAIGN) for each in (people, replace(people, fee=wrong)))
    assert slipped.size == pytest.approx(clean.size, abs=0.06)
    assert slipped.levels[0] == pytest.approx(clean.levels[0], abs=0.1)


def test_fewer_than_fifteen_prices_leave_public_figures():
    people = market(size=FEWEST_CREATORS)
    few = replace(people, fee=np.where(np.arange(len(people)) == 3, NO_FEE, people.fee))
    assert fit_fee_model(people, CAMPAIGN).facts.source == "list"
    facts = fit_fee_model(few, CAMPAIGN).facts
    assert (facts.source, facts.creators) == ("industry", 14)
    assert (facts.low, facts.high) == (0.4, 2.5)


def test_many_prices_of_few_creators_leave_public_figures():
    names = [f"c{row % 14}" for row in range(42)]
    people = plain_roster(names, followers=[20_000] * 42, fee=[40_000] * 42)
    assert fit_fee_model(people, CAMPAIGN).facts.source == "industry"


def test_a_creator_with_many_offers_counts_once():
    names = [f"c{row}" for row in range(20)] + ["many"] * 200
    fees = [20_000] * 20 + [900_000] * 200
    people = plain_roster(names, followers=[20_000] * 220, fee=fees)
    assert usual(people)[0] == pytest.approx(20_000, rel=0.1)


def test_where_all_fees_are_equal_that_is_the_usual_fee():
    followers = np.exp(np.linspace(np.log(2e3), np.log(5e5), 30)).round().tolist()
    people = roster(30, fee=25_000, followers=followers)
    assert set(usual(people).tolist()) <= {24_000, 25_000, 26_000}
    assert not forecast(people, CAMPAIGN).fee_high.any()


def test_prices_that_all_agree_do_not_make_an_estimate_certain():
    people = roster(20, fee=[7_000 * row for row in range(1, 21)], followers=[3_000 * row for row in range(1, 21)])
    facts = fit_fee_model(people, CAMPAIGN).facts
    assert (facts.low, facts.high) == (0.8, 1.2)


def test_an_offer_of_no_deliverables_says_nothing_of_the_market():
    people = market(size=40)
    some = replace(people, numbers={**people.numbers, "deliverables": np.asarray([0.0, 1.0, 2.0, NAN] * 10)})
    assert fit_fee_model(some, CAMPAIGN).facts.creators == 30
    none, one = (usual(roster(deliverables=count)).tolist() for count in (0.0, 1.0))
    assert none == one
    named = market(size=40, offer=["0x reel", "reel"] * 20, engagement_rate=[0.0, 0.03] * 20)
    assert np.isfinite(fit_fee_model(named, CAMPAIGN).levels).all()


def test_fees_of_nothing_say_nothing_of_the_market():
    people = market(size=40)
    gifted = replace(people, fee=np.where(np.arange(40) % 2 == 0, 0, people.fee))
    model = fit_fee_model(gifted, CAMPAIGN)
    assert model.facts.creators == 20
    assert model.size == pytest.approx(0.7, abs=0.2)


@pytest.mark.parametrize("rates", [[NAN] * 40, None])
def test_rates_may_be_missing(rates):
    people = market(size=40)
    numbers = {name: column for name, column in people.numbers.items() if name != "engagement_rate"}
    if rates:
        numbers["engagement_rate"] = np.asarray(rates)
    model = fit_fee_model(replace(people, numbers=numbers), CAMPAIGN)
    assert model.rate == 0
    assert (usual(replace(people, numbers=numbers)) > 0).all()


def test_a_platform_and_format_without_a_price_keep_their_public_difference():
    people = market(size=60, dollars=600.0, offer="reel")
    levels = np.exp(fit_fee_model(people, CAMPAIGN).levels) / 100
    post, reel, _, story = levels[:4]
    assert reel == pytest.approx(600, rel=0.12)
    assert reel / post == pytest.approx(np.sqrt(1.15 * 1.6), rel=0.2)
    assert story / post == pytest.approx(np.sqrt(0.3 * 0.75), rel=0.2)


def test_formats_are_told_apart_by_their_prices():
    offers = ["reel", "story"] * 60
    fees = np.where(np.asarray(offers) == "reel", 50_000, 5_000)
    people = plain_roster([f"c{row}" for row in range(120)], followers=[20_000] * 120, fee=fees.tolist(), offer=offers)
    found = usual(people)
    assert found[0] == pytest.approx(50_000, rel=0.1)
    assert found[1] == pytest.approx(5_000, rel=0.1)


def test_own_prices_need_no_exchange_rate():
    people = replace(market(size=30), currency="EUR")
    with_gap = replace(people, fee=np.where(np.arange(30) == 0, NO_FEE, people.fee))
    found = forecast(with_gap, replace(ESTIMATE, currency="EUR"))
    assert found.fee[0] > 0
    dear = forecast(with_gap, replace(ESTIMATE, currency="EUR", exchange={"USD": Fraction(5)}))
    assert dear.fee[0] == found.fee[0]
    assert usual(replace(market(size=5), currency="EUR"), replace(ESTIMATE, currency="EUR")) is None


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 10_000), st.integers(15, 60), st.integers(0, 50))
def test_fees_in_another_unit_of_money_give_the_same_fees_in_that_unit(factor, size, seed):
    people = market(size=size, seed=seed)
    one, other = (fit_fee_model(each, CAMPAIGN) for each in (people, replace(people, fee=people.fee * factor)))
    assert other.size == pytest.approx(one.size, abs=1e-5)
    np.testing.assert_allclose(other.levels - one.levels, np.log(factor), atol=1e-4)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1_000), st.sampled_from([15, 16, 29, 30, 100]))
def test_at_most_one_price_in_ten_is_well_above_the_usual_fee(seed, size):
    people = market(size=size, seed=seed, spread=1.5)
    found = forecast(people, CAMPAIGN)
    assert (size == 100) <= found.fee_high.sum() <= size // 10
    assert (found.fee / found.usual_fee)[found.fee_high].min(initial=99) > 2
    assert found.usual_fees.level == pytest.approx(1, abs=0.35)


@pytest.mark.parametrize("size", [1, 3, 9])
def test_one_of_a_few_prices_may_be_well_above_the_usual_fee(size):
    people = roster(size, fee=[40_000] * (size - 1) + [900_000])
    assert forecast(people, CAMPAIGN).fee_high.tolist() == [False] * (size - 1) + [True]


def test_a_market_that_is_dearer_than_rate_cards_is_not_flagged_one_by_one():
    people = roster(6, fee=[400_000, 420_000, 440_000, 460_000, 480_000, 500_000])
    found = forecast(people, CAMPAIGN)
    assert not found.fee_high.any()
    assert found.usual_fees.level > 5


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(random):
    people = market(size=80)
    rows = list(range(80))
    random.shuffle(rows)
    one, other = fit_fee_model(people, CAMPAIGN), fit_fee_model(people.take(np.asarray(rows)), CAMPAIGN)
    assert (one.facts, one.size, one.rate, one.levels.tolist()) == (
        other.facts,
        other.size,
        other.rate,
        other.levels.tolist(),
    )


def test_of_very_many_prices_a_sample_is_fitted_that_is_the_same_in_any_order(monkeypatch):
    monkeypatch.setattr(fee_model, "MOST_OFFERS", 500)
    people = market(size=3_000)
    sampled, turned = fit_fee_model(people, CAMPAIGN), fit_fee_model(people.take(np.arange(3_000)[::-1]), CAMPAIGN)
    assert sampled.levels.tolist() == turned.levels.tolist()
    assert sampled.size == pytest.approx(0.7, abs=0.05)
    assert sampled.facts.creators == 3_000
    monkeypatch.setattr(fee_model, "MOST_OFFERS", 2_000)
    wild = market(size=3_000, spread=2.0)
    assert 0.05 < forecast(wild, CAMPAIGN).fee_high.mean() <= 0.1
    same = roster(3_000, fee=25_000)
    assert set(usual(same).tolist()) == {25_000}


def test_filters_do_not_move_usual_fees():
    people = market(size=60)
    everyone, _ = build_problem(people, ESTIMATE)
    some, _ = build_problem(people, replace(ESTIMATE, exclude=tuple(f"c{row}" for row in range(50))))
    by_name = {
        everyone.roster.texts["creator"][row]: fee for row, fee in enumerate(everyone.forecast.usual_fee.tolist())
    }
    assert len(some) == 10
    for row, fee in enumerate(some.forecast.usual_fee.tolist()):
        assert fee == by_name[some.roster.texts["creator"][row]]
    assert some.roster_facts.usual_fees == everyone.roster_facts.usual_fees


def test_a_part_of_a_roster_has_the_usual_fees_of_the_whole():
    people = market(size=100)
    model = fit_fee_model(people, CAMPAIGN)
    part = forecast(people.take(np.arange(3)), CAMPAIGN, fee_model=model)
    assert part.usual_fee.tolist() == forecast(people, CAMPAIGN).usual_fee[:3].tolist()


def test_prices_that_were_held_out_are_nearer_to_those_of_the_list_than_to_rate_cards():
    """The figures of docs/forecast.md, on the creators of an example list in five parts."""
    people = read_roster(Path(__file__).parents[2] / "examples" / "always-on.csv")
    part = np.random.default_rng(0).integers(0, 5, people.creator_id.max() + 1)[people.creator_id]
    benchmarks, covered, near = default_benchmarks(), [], {"list": [], "industry": []}
    for held_out in range(5):
        model = fit_fee_model(people.take(np.flatnonzero(part != held_out)), CAMPAIGN)
        others = people.take(np.flatnonzero(part == held_out))
        deliverables = resolve_deliverables(others, benchmarks)
        multiples = others.fee / model.usual_fees(others, deliverables, CAMPAIGN)
        covered += [(model.facts.low <= multiples) & (multiples <= model.facts.high)]
        public = others.fee / public_fees(others, deliverables, CAMPAIGN, benchmarks)
        for source, each in (("list", multiples), ("industry", public)):
            near[source] += [(each >= 0.5) & (each <= 2)]
    assert float(np.concatenate(covered).mean()) == pytest.approx(0.79, abs=0.02)
    shares = {source: float(np.concatenate(parts).mean()) for source, parts in near.items()}
    assert shares == pytest.approx({"list": 0.92, "industry": 0.38}, abs=0.02)
