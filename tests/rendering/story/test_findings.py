"""The title of a chart is a finding that the plan bears out, or says nothing."""

from fractions import Fraction

from msgspec.structs import replace

from microopt.campaign.campaign import Goal
from microopt.rendering.language.language import find_language
from microopt.rendering.story.findings import budget_finding, mix_finding, ranges_finding, worth_finding
from tests.rendering.builders import frontier, frontier_point, metrics, pick, plan, report

ENGLISH = find_language("en")
CHEAP = pick(creator="@small", tier="micro", cost=10_000, metrics=metrics(2))
DEAR = pick(creator="@large", tier="mega", cost=90_000, metrics=metrics(3))


def test_the_tier_that_brings_most_beyond_its_spend_is_named():
    assert mix_finding(plan((DEAR, CHEAP)), ENGLISH) == "Micro creators: 10% of the spend, 40% of the engagements"


def test_the_finding_is_of_what_the_goal_counts():
    of = plan((DEAR, CHEAP), campaign={"goal": Goal(name="conversions")})
    assert mix_finding(of, ENGLISH) == "Micro creators: 10% of the spend, 40% of the conversions"
    of = plan((DEAR, CHEAP), campaign={"goal": Goal(name="reach")})
    assert mix_finding(of, ENGLISH).endswith("40% of the gross reach")
    of = plan((DEAR, CHEAP), campaign={"goal": Goal(name="worth", worths={"conversions": Fraction(30)})})
    assert mix_finding(of, ENGLISH).endswith("40% of the conversions")


def test_where_no_tier_stands_out_none_is_named():
    assert mix_finding(plan(), ENGLISH) == "Each tier brings about its share of the spend"
    assert mix_finding(plan((CHEAP,)), ENGLISH) == "All creators are micro"
    assert mix_finding(plan(()), ENGLISH) == "Spend and results by tier"


def test_ranges():
    of = plan((DEAR, CHEAP))
    assert ranges_finding(report(of), ENGLISH) == "Likely: 2,200–9,000 engagements, 5–20 conversions"
    assert ranges_finding(report(of, ranges=None), ENGLISH) == "Expected results"


def test_the_best_value_is_against_the_average():
    found = worth_finding(plan((DEAR, CHEAP)), ENGLISH)
    assert found == "@small costs least per engagement: $0.06, against $0.22 on average"
    assert worth_finding(plan((CHEAP,)), ENGLISH) == "Cost and engagements of each creator"
    assert worth_finding(plan(), ENGLISH) == "Cost and engagements of each creator"  # all cost the same


def test_next_to_a_gift_nobody_costs_least():
    gift = pick(creator="@gift", cost=0, metrics=metrics(1))
    assert worth_finding(plan((DEAR, CHEAP, gift)), ENGLISH) == "Cost and engagements of each creator"


def test_less_than_a_cent_is_not_nothing():
    found = worth_finding(plan((DEAR, replace(CHEAP, cost=100))), ENGLISH)
    assert found.startswith("@small costs least per engagement: $0.0006,")


def test_more_budget():
    of = plan((DEAR, CHEAP))
    assert budget_finding(report(of), ENGLISH) == "With $40,000: 20% more engagements and 20% more conversions"
    assert budget_finding(report(of, frontier=None), ENGLISH) == "What other budgets bring"


def test_the_same_plan_at_every_budget():
    of = plan((DEAR, CHEAP))
    same = frontier(of, *(frontier_point(cents, of.picks) for cents in (1_000_000, 2_000_000, 4_000_000)))
    assert budget_finding(report(of, frontier=same), ENGLISH) == "A different budget changes nothing"
