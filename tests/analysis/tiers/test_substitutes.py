"""What a large creator's money buys of smaller ones, against an enumeration of every basket."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.analysis.tiers.compare import Comparison, compare
from microopt.campaign.campaign import Goal
from microopt.planning.build_problem import build_problem
from tests.analysis.tiers.test_compare import compared, small
from tests.planning.builders import CALM, build_campaign
from tests.solver.builders import roster

NO_MEGA = "tier:mega count <= 0"  # so that the mix buys none, and all smaller creators may be substitutes


def baskets(*rules, **facts):
    return {basket.creator: basket for basket in compared(*rules, **facts).substitutes.creators}


@CALM
@given(data=st.data())
def test_a_basket_is_the_best_of_all_that_its_money_buys(data):
    count = data.draw(st.integers(1, 7))
    fees = data.draw(st.lists(st.integers(1, 60), min_size=count, max_size=count))
    scores = data.draw(st.lists(st.integers(-3, 40), min_size=count, max_size=count))
    budget = data.draw(st.integers(1, 150))
    offers = roster(
        [f"@s{number}" for number in range(count)] + ["@big"],
        followers=[20_000] * count + [2_000_000],
        fee=[fee * 100 for fee in fees] + [budget * 100],
        numbers={"score": [*scores, 10]},
    )
    result = compare(offers, build_campaign(NO_MEGA, goal="value:score", budget=10**6)).substitutes.creators
    best = max(
        sum(score for score, taken in zip(scores, chosen, strict=True) if taken)
        for chosen in product((False, True), repeat=count)
        if sum(fee for fee, taken in zip(fees, chosen, strict=True) if taken) <= budget
    )
    assert len(result) == 1
    assert (result[0].status, result[0].large.objective) == ("optimal", 10)
    assert result[0].small.objective == result[0].bound == best
    assert result[0].small.totals.spend <= result[0].large.totals.spend


def test_the_figures_of_both_sides_are_those_of_the_forecast():
    case, _ = build_problem(small(), build_campaign(budget=400_000))
    row_by_creator = {case.roster.texts["creator"][row]: row for row in range(len(case))}
    basket = baskets()["@big"]
    assert basket.large.totals.metrics["reach"] == int(case.forecast.metrics["reach"][row_by_creator["@big"]])
    rows = [row_by_creator[pick.creator] for pick in basket.small.picks]
    total = sum(int(case.forecast.metrics["conversions"][row]) for row in rows)
    assert basket.small.totals.metrics["conversions"] == total
    assert basket.times("conversions") == Fraction(total, basket.large.totals.metrics["conversions"])


def test_rules_of_the_whole_budget_do_not_apply_and_those_of_each_creator_do():
    free = baskets(NO_MEGA)["@big"].small
    bound = baskets(NO_MEGA, "tier:micro count <= 1", "all count <= 2", include=["n1"])["@big"].small
    assert {pick.creator for pick in free.picks} == {pick.creator for pick in bound.picks}
    capped = compared("each creator spend <= 250")
    assert capped.substitutes.creators == ()
    dear = baskets(NO_MEGA, "each creator followers >= 10000")["@big"].small
    assert {pick.creator for pick in dear.picks} == {"@u1", "@u2", "@u3"}


def test_filters_and_exclusions_apply():
    result = baskets(NO_MEGA, exclude=["u3"], where=["followers 10k.."])["@big"].small
    assert {pick.creator for pick in result.picks} == {"@u1", "@u2"}


def test_conflicts_of_the_roster_are_kept():
    result = baskets(of=small(conflicts=["", "", "@u2", "", "", "", ""]))["@big"].small
    assert len({"@u1", "@u2"} & {pick.creator for pick in result.picks}) == 1


def test_a_creator_of_the_mix_is_held_against_creators_outside_of_it():
    free, result = baskets(NO_MEGA)["@big"], compared("all count <= 4")
    basket = {basket.creator: basket for basket in result.substitutes.creators}["@big"]
    mix = {pick.creator for pick in result.mix.picks}
    assert (basket.in_mix, free.in_mix) == ("@big" in mix, False) == (True, False)
    assert {pick.creator for pick in basket.small.picks} == {pick.creator for pick in free.small.picks} - mix != set()
    assert basket.small.objective < basket.large.objective


@pytest.mark.parametrize(("rules", "offer"), [((NO_MEGA,), "story"), ((), "video")])
def test_a_creator_stands_with_the_offer_of_the_mix_or_the_one_that_brings_the_most_for_its_money(rules, offer):
    offers = roster(
        ["@u", "@big", "@big"],
        offer=["reel", "video", "story"],
        followers=[20_000, 2_000_000, 2_000_000],
        fee=[5_000, 100_000, 40_000],
        numbers={"score": [3.0, 50.0, 30.0]},
    )
    result = compare(offers, build_campaign(*rules, goal="value:score", budget=10**6)).substitutes.creators
    assert [[pick.offer for pick in basket.large.picks] for basket in result] == [[offer]]


def test_nobody_is_held_against_himself():
    offers = roster(
        ["@a", "@big", "@big"],
        offer=["reel", "video", "short"],
        followers=[20_000, 2_000_000, 30_000],
        fee=[50_000, 100_000, 100],
    )
    campaign = build_campaign("creator:@big count <= 0", goal="engagement", budget=10**6)
    result = compare(offers, campaign).substitutes.creators[0]
    assert [pick.creator for pick in result.small.picks] == ["@a"]


def test_money_that_buys_nobody_is_an_empty_basket():
    offers = roster(["@u", "@big"], followers=[20_000, 2_000_000], fee=[50_000, 10_000])
    result = compare(offers, build_campaign(goal="engagement", budget=10**6)).substitutes.creators[0]
    assert (result.status, result.small.picks, result.small.objective, result.times("engagements")) == (
        "optimal",
        (),
        0,
        0,
    )


def test_handling_is_counted_on_both_sides():
    result = baskets(per_creator=10_000)["@big"]
    assert result.large.totals.spend == 310_000
    assert result.small.totals.spend == sum(pick.fee for pick in result.small.picks) + 10_000 * len(result.small.picks)


def test_the_least_cost_buys_the_most_of_what_the_targets_name():
    goal = Goal(name="least cost", targets={"engagements": Fraction(1_000)})
    result = compare(small(), replace(build_campaign(), goal=goal, budget=None))
    assert isinstance(result, Comparison)
    for basket in result.substitutes.creators:
        assert float(basket.small.objective) == pytest.approx(
            basket.small.totals.metrics["engagements"] / 10**6, rel=1e-6
        )
