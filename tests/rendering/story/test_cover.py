"""The cover says what a plan brings for its money, whether that is proven, and nothing that is not known."""

from datetime import date
from fractions import Fraction

import pytest
from msgspec.structs import replace

from microopt.campaign.campaign import Goal
from microopt.campaign.report_settings import ReportSettings
from microopt.plan.likely_range import LikelyRange
from microopt.plan.plan import BaselinePlan, NetReach
from microopt.rendering.language.language import find_language
from microopt.rendering.story.cover import cover, cover_sentence
from tests.rendering.builders import metrics, pick, picks, plan, proof, report, rule, totals

ENGLISH = find_language("en")


def with_revenue(order_value=4_500, **overrides):
    chosen = picks(7)
    sums = totals(chosen)
    revenue = sums.metrics["conversions"] * order_value // 1000
    return plan(
        chosen, campaign={"order_value": order_value}, totals=replace(sums, revenue=revenue, **overrides), rules=()
    )


def test_the_sentence_says_what_the_money_brings():
    assert cover_sentence(plan(), ENGLISH) == (
        "For $3,150, 7 creators are forecast to bring 6,300 engagements and 14 conversions."
    )


def test_the_sentence_and_the_tiles_have_the_same_figures():
    of = plan([pick(metrics={**metrics(), "engagements": 63_649_000, "conversions": 1_109_400})])
    shown = cover(report(of), ENGLISH)
    assert shown.sentence.endswith("bring 63,600 engagements and 1,109 conversions.")
    assert [tile.value for tile in shown.tiles][1:3] == ["63.6K", "1,109"]


def test_one_result_is_not_several():
    one = pick(metrics={**dict.fromkeys(pick().metrics, 1_000), "conversions": 5_340})
    assert cover_sentence(plan([one]), ENGLISH).endswith("bring 1 engagement and 5.3 conversions.")


def test_one_creator_is_not_several():
    assert cover_sentence(plan(picks(1)), ENGLISH).startswith("For $450, 1 creator is forecast to bring")


@pytest.mark.parametrize(
    ("goal", "words"),
    [
        (Goal(name="reach"), "bring a gross reach of 56,000, 6,300 engagements, and 14 conversions."),
        (Goal(name="conversions"), "bring 14 conversions and 6,300 engagements."),
        (Goal(name="value:fit"), "14 conversions. The total of “fit” is 1.87."),
        (Goal(name="worth", worths={"conversions": Fraction(30)}), "that is worth $1.87."),
        (Goal(name="least cost", targets={"engagements": Fraction(1)}), "7 creators who meet the targets cost $3,150"),
    ],
)
def test_the_sentence_is_of_the_goal(goal, words):
    assert words in cover_sentence(plan(campaign={"goal": goal}), ENGLISH)


def test_penalties_are_not_taken_for_worth():
    broken = plan(campaign={"goal": Goal(name="worth")}, rules=(rule(beyond=Fraction(1)),))
    assert "worth" not in cover_sentence(broken, ENGLISH)


def test_different_people_are_said_to_be_different():
    net = NetReach(people=41_000_000, at_least=8_000_000, at_most=56_000_000, frequency=None, outside_pools=0)
    of = plan(campaign={"goal": Goal(name="net reach")}, net_reach=net)
    assert "a reach of 41,000 different people" in cover_sentence(of, ENGLISH)
    assert cover(report(of), ENGLISH).tiles[0].name == "People reached"


def test_a_plan_without_proof_says_in_the_next_sentence_how_much_better_another_may_be():
    unproven = plan(proof=proof(status="feasible", limit="time", objective=Fraction(3), bound=Fraction(301, 100)))
    shown = cover(report(unproven), ENGLISH)
    assert shown.sentence.endswith("conversions. This is not proven best: a plan up to 0.34% better may exist.")
    assert (shown.proven, shown.proof) == (False, "")


def test_a_negligible_gap_is_proven_to_within_it():
    near = plan(proof=proof(status="feasible", limit="gap", objective=10**9 - 1, bound=Fraction(10**9)))
    shown = cover(report(near), ENGLISH)
    assert shown.proven
    assert shown.proof.endswith("by more than 0.00001%.")


def test_a_plan_of_nobody_promises_nothing():
    nobody = cover(report(plan([])), ENGLISH)
    assert nobody.sentence == "This plan has no creators, and costs nothing."
    assert [tile.value for tile in nobody.tiles] == ["0", "0", "0", "–"]


def test_the_eyebrow_is_of_the_campaign_file_alone():
    stated = ReportSettings(client="Acme\u202e", version="2", date=date(2026, 5, 4), contact="anna@agency.example")
    of = plan(campaign={"report": stated, "starts": date(2026, 6, 1), "ends": date(2026, 6, 30)})
    assert cover(report(of), ENGLISH).eyebrow == (
        "For Acme",
        "Spring launch",
        "Jun 1\u2009–\u200930, 2026",
        "Version 2",
        "May 4, 2026",
        "anna@agency.example",
    )
    assert cover(report(), ENGLISH).eyebrow == ("Spring launch",)


def test_four_tiles_with_their_likely_ranges():
    tiles = {tile.name: tile for tile in cover(report(), ENGLISH).tiles}
    assert list(tiles) == ["Gross reach", "Engagements", "Conversions", "Cost per conversion"]
    engagements, each = tiles["Engagements"], tiles["Cost per conversion"]
    assert (engagements.value, engagements.low, engagements.high) == ("6,300", "3.2K", "13K")
    assert (each.value, each.low, each.high) == ("$225", "$110", "$450")
    assert (each.figure.low, each.figure.amount, each.figure.high) == (112.5, 225.0, 450.0)


def test_final_results_have_no_range():
    of = plan(likely={"engagements": LikelyRange(6_300_000, 6_300_000)})
    tile = cover(report(of, ranges=None), ENGLISH).tiles[1]
    assert (tile.low, tile.high, tile.note) == ("", "", "final results")


def test_a_loss_is_said_to_be_one():
    of = with_revenue()
    shown = cover(report(of), ENGLISH)
    assert shown.earns == (
        "The forecast revenue of $630 is $2,520 less than the spend (ROAS 0.2). "
        "An order is counted at $45; the plan breaks even at $225 an order."
    )
    revenue = shown.tiles[3]
    assert (revenue.name, revenue.value, revenue.low, revenue.high) == ("Revenue", "$630", "$320", "$1,300")


def test_a_commission_falls_with_the_revenue():
    """At $225 an order the revenue is $3,150, and the commission is not $63 any longer but $315."""
    of = with_revenue(extra_costs={"commission": 6_300})
    assert "breaks even at $245 an order" in cover(report(of), ENGLISH).earns


def test_orders_of_different_values_have_no_break_even():
    of = with_revenue()
    mixed = replace(of, totals=replace(of.totals, revenue=of.totals.revenue * 2))
    shown = cover(report(mixed), ENGLISH)
    assert "breaks even" not in shown.earns
    assert shown.tiles[3].low == ""


def test_the_gain_is_told_only_where_it_can_be_compared():
    of, half = plan(rules=()), totals(picks(7))
    fewer = replace(half, metrics={name: amount // 2 for name, amount in half.metrics.items()})
    told = replace(of, baseline=BaselinePlan(rule="rank", totals=fewer))
    assert cover(report(told), ENGLISH).gain == (
        "100% more engagements and 100% more conversions than choosing by engagement rate."
    )
    for other in (
        BaselinePlan(rule="rank", totals=fewer, broken=("max 3",)),
        BaselinePlan(rule="rank", totals=replace(fewer, spend=1_000)),
    ):
        assert cover(report(replace(of, baseline=other)), ENGLISH).gain == ""


def test_german_figures_stand_in_german():
    tiles = cover(report(plan([pick(metrics=dict.fromkeys(pick().metrics, 64_500_000))])), find_language("de")).tiles
    assert tiles[1].value == "64.500"


def with_profit(profit, **campaign):
    of = with_revenue(profit=profit)
    return replace(of, campaign=replace(of.campaign, margin=Fraction(2, 5), **campaign))


def test_with_a_margin_the_page_tells_the_profit():
    shown = cover(report(with_profit(25_200 - 315_000)), ENGLISH)
    assert shown.earns == (
        "At a margin of 40%, the forecast revenue of $630 leaves a loss of $2,898 after the spend "
        "(ROAS 0.2, break-even 2.5). "
        "An order is counted at $45; the plan breaks even at $563 an order."
    )
    profit = shown.tiles[3]
    assert (profit.name, profit.value, profit.note) == ("Profit", "-$2,898", "revenue $630, ROAS 0.2")
    assert (profit.low, profit.high) == ("-$3,000", "-$2,600")


def test_what_a_plan_for_profit_gains_is_profit():
    of = with_profit(63_000, goal=Goal(name="profit"))
    other = replace(totals(picks(7)), profit=-12_000)
    worse = replace(other, profit=-75_000)
    shown = cover(report(replace(of, baseline=BaselinePlan(rule="rank", totals=other))), ENGLISH)
    assert shown.gain == "$750 more profit than choosing by engagement rate."
    losing = replace(with_profit(-63_000, goal=Goal(name="profit")), baseline=BaselinePlan(rule="rank", totals=worse))
    assert cover(report(losing), ENGLISH).gain == "$120 less loss than choosing by engagement rate."
