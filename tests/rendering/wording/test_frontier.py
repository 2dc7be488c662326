"""What a frontier says first: what the budgets bring, where money stops paying, and how sure that is."""

from fractions import Fraction

import pytest
from msgspec.structs import replace

from microopt.analysis.frontier.result import FrontierSegment, NextImprovement, OptimalSpend
from microopt.campaign.campaign import Goal
from microopt.campaign.rule_grammar import parse_rule
from microopt.plan.difference import NOT_LOOKED_AT
from microopt.plan.plan import Totals
from microopt.rendering.wording.frontier import (
    describe_new_creators,
    describe_next_improvement,
    describe_step,
    format_goal_amount,
    format_net_gain,
    frontier_head,
    goal_amount,
    goal_heading,
    shown_points,
)
from tests.rendering.builders import frontier, frontier_point, metrics, picks, plan

WORTH = Goal(name="worth", worths={"conversions": Fraction(30)})


def made(values, *, goal=None, worth=None, revenues=None, **overrides):
    """Return a frontier of the budgets $1,000, $2,000 and so on whose plans have these values, and spend it all."""
    points = [
        frontier_point(
            (number + 1) * 100_000,
            picks(1),
            objective=Fraction(value),
            totals=Totals(
                creators=1,
                spend=(number + 1) * 100_000,
                metrics={**metrics(), "engagements": int(value * 1000), "conversions": 3_000},
                revenue=None if revenues is None else revenues[number] * 100,
            ),
        )
        for number, value in enumerate(values)
    ]
    sample = plan()
    campaign = replace(sample.campaign, budget=points[-1].budget, goal=goal or WORTH if worth else goal or Goal())
    optimal = None if worth is None else OptimalSpend(spend=worth[0] * 100, worth=Fraction(worth[1]), proven=True)
    return frontier(sample, *points, campaign=campaign, optimal_spend=optimal, **overrides)


def head(result):
    return [text for _, text in frontier_head(result)]


def test_the_first_line_is_what_the_lowest_and_the_highest_budget_bring():
    lines = list(frontier_head(made([1_000, 2_000, 4_000])))
    assert lines[0] == ("main fact", "$1,000 to $3,000 -> 1,000 to 4,000 engagements · 3.0 conversions")
    assert [kind for kind, _ in lines] == ["main fact", "fact", "proof"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([100, 200, 300, 310, 320], "Money goes furthest up to $3,000; beyond that it buys less than half as much."),
        ([100, 200, 300, 300, 300], "More than $3,000 buys nothing better under these rules."),
        (
            [100, 200, 290, 360, 410],
            "From $1,000 to $2,000: +100 engagements, 0 conversions. "
            "From $4,000 to $5,000: +50 engagements, 0 conversions.",
        ),
        (
            [100, 110, 210, 290, 360, 410, 480],
            "From $1,000 to $3,000: +110 engagements, 0 conversions. "
            "From $5,000 to $7,000: +120 engagements, 0 conversions.",
        ),
    ],
)
def test_it_says_from_where_on_money_buys_less(values, expected):
    assert head(made(values))[1] == expected


def test_what_parts_of_the_budget_add_is_told_in_the_unit_of_the_goal():
    line = head(made([100, 200, 290, 360, 410], goal=Goal(name="reach")))[1]
    assert line == "From $1,000 to $2,000: +100 people reached. From $4,000 to $5,000: +50 people reached."


def test_the_step_of_a_row_is_the_difference_to_the_next_row_however_far_their_budgets_are_apart():
    first, second = made([100, 350]).points
    segment = FrontierSegment(
        budget=20_000, objective=Fraction(250), metrics={"engagements": 250_000, "conversions": 0}
    )
    assert describe_step(frontier(plan(), first, second), segment) == "+250 eng., 0 conv."


@pytest.mark.parametrize(
    ("improvement", "until"),
    [
        (NextImprovement(message="no budget buys a better plan"), " under these rules."),
        (NextImprovement(budget=640_000, lower_bound=640_000), ", until $6,400."),
        (NextImprovement(budget=640_000, lower_bound=510_000), ", up to $5,000."),
        (NextImprovement(lower_bound=510_000), ", up to $5,000."),
    ],
)
def test_money_buys_nothing_better_only_as_far_as_no_better_plan_is_known(improvement, until):
    result = made([100, 200, 300, 300, 300])
    points = (*result.points[:-1], replace(result.points[-1], next_better=improvement))
    assert head(replace(result, points=points))[1] == f"More than $3,000 buys nothing better{until}"


REASON = "your rule tier:micro spend >= 40% keeps further creators out"


def leaving_money(values, *, spend=250_000, rules=(), **overrides):
    """Return a frontier whose highest plan spends less than its budget."""
    result = made(values, unspent_reason=REASON, **overrides)
    last = result.points[-1]
    points = (*result.points[:-1], replace(last, totals=replace(last.totals, spend=spend)))
    campaign = replace(result.campaign, rules=tuple(map(parse_rule, rules)))
    return replace(result, points=points, campaign=campaign)


@pytest.mark.parametrize("values", [[100, 200, 300], [100, 200, 300, 310, 320], [200, 300]])
def test_money_that_the_rules_keep_from_being_spent_buys_nothing_better_and_the_rule_is_named(values):
    spend = len(values) * 100_000 - 49_950
    line = head(leaving_money(values, spend=spend))[1]
    assert line == f"More than ${len(values) - 1},501 buys nothing better: {REASON}."


def test_a_better_plan_beyond_the_budgets_is_named_before_the_reason():
    result = leaving_money([100, 200, 300])
    improvement = NextImprovement(budget=640_050, lower_bound=640_050)
    points = (*result.points[:-1], replace(result.points[-1], next_better=improvement))
    assert head(replace(result, points=points))[1] == f"More than $2,500 buys nothing better, until $6,401: {REASON}."


def test_what_the_highest_plan_spends_is_said_where_rules_change_with_the_budget_or_the_goal_is_money():
    said = f"Of $3,000, the plan spends $2,500: {REASON}."
    assert head(leaving_money([100, 200, 300], rules=["each creator spend <= 10% of budget"]))[1] == said
    assert head(leaving_money([1_500, 1_900, 2_000], worth=(800, 1_400)))[2] == said


OF_BUDGET = ["each creator spend <= 10% of budget"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([100, 300, 300], f"Of these budgets, none above $2,000 brings more: {REASON}."),
        ([300, 300], f"Of these budgets, none above $1,000 brings more: {REASON}."),
        ([100, 300, 200], "Of these budgets, none above $2,000 brings more."),  # the reason is that of another plan
    ],
)
def test_where_rules_change_with_the_budget_only_the_budgets_that_were_looked_at_are_told(values, expected):
    spend = len(values) * 100_000 - 50_000
    assert head(leaving_money(values, spend=spend, rules=OF_BUDGET))[1] == expected


def test_money_that_is_spent_is_not_told_to_buy_nothing_beyond_the_budgets_where_rules_change_with_it():
    result = made([100, 300, 300, 300])
    campaign = replace(result.campaign, rules=tuple(map(parse_rule, OF_BUDGET)))
    assert head(replace(result, campaign=campaign))[1] == "Of these budgets, none above $2,000 brings more."


@pytest.mark.parametrize(
    ("worth", "said"),
    [
        (
            (800, 1_400),
            "At a budget of $3,000, the campaign earns most at a spend of $800: it brings $1,400, $600 more",
        ),
        ((800, 700), "At a budget of $3,000, the campaign does not pay for itself; the least loss is $100, at a spend"),
    ],
)
def test_where_rules_change_with_the_budget_the_best_spend_is_that_at_the_highest_budget(worth, said):
    result = made([900, 1_900, 2_900], worth=worth)
    campaign = replace(result.campaign, rules=tuple(map(parse_rule, OF_BUDGET)))
    assert head(replace(result, campaign=campaign))[1].startswith(said)


def test_a_higher_budget_whose_proof_is_open_is_only_told_to_have_brought_no_more():
    result = leaving_money([100, 300, 300], rules=OF_BUDGET)
    middle = replace(result.points[2], status="feasible", bound=Fraction(400))
    expected = "Of these budgets, none above $2,000 was found to bring more."
    assert head(replace(result, points=(*result.points[:2], middle)))[1] == expected


def test_the_budget_of_a_better_plan_is_rounded_up_to_one_that_buys_it():
    result = made([100, 200])
    cents = {2_000_562: "$20,006", 2_000_600: "$20,006", 9_999: "$99.99"}
    for exact, expected in cents.items():
        improvement = NextImprovement(budget=exact, lower_bound=exact)
        assert describe_next_improvement(result, improvement) == expected


def test_where_the_best_spend_brings_more_than_it_costs_the_gain_is_told_and_which_budgets_pay():
    line = head(made([1_500, 1_900, 2_000], worth=(800, 1_400)))[1]
    assert line.startswith("The campaign earns most at a spend of $800: it brings $1,400, $600 more than it costs.")
    assert "Spending more, up to $3,000, costs more than it adds." in line
    assert line.endswith("Of the budgets below, those up to $1,000 pay for themselves.")


def test_where_the_highest_budget_earns_most_nothing_is_said_of_what_lies_beyond():
    line = head(made([1_500, 3_000, 4_600], worth=(3_000, 4_600)))[1]
    assert "$1,600 more than it costs. A higher budget may earn more." in line
    assert "costs more than it adds" not in line


@pytest.mark.parametrize(
    ("worth", "expected"),
    [
        ((3_588, 1_150), "; the least loss is $2,438, at a spend of $3,588 that brings $1,150."),
        ((500, 500), "; at best it breaks even, at a spend of $500."),
        ((0, 0), "; the least loss of these plans is $500, at $1,000."),
    ],
)
def test_where_no_budget_earns_its_cost_it_says_so_plainly(worth, expected):
    line = head(made([500, 900, 1_000], worth=worth))[1]
    assert line == f"At no budget in this range does the campaign pay for itself{expected}"


def test_what_is_not_proven_of_the_earnings_is_a_doubt():
    result = made([500, 900], worth=(3_588, 1_150))
    result = replace(result, optimal_spend=replace(result.optimal_spend, proven=False))
    assert head(result)[1].endswith("(not proven: time was up).")


@pytest.mark.parametrize(
    ("revenues", "expected"),
    [
        ([500, 600, 700], "none of these plans pays for itself; the best ROAS is 0.50x at $1,000."),
        ([1_500, 1_900, 2_100], "1 of these 3 plans pays for itself; the best ROAS is 1.50x at $1,000."),
        ([2_000, 2_000, 2_100], "2 of these 3 plans pay for themselves; the best ROAS is 2.00x at $1,000."),
        ([2_000, 3_000, 4_000], "each of these plans pays for itself; the best ROAS is 2.00x at $1,000."),
    ],
)
def test_with_revenue_it_says_whether_the_plans_pay(revenues, expected):
    assert expected.casefold() in head(made([100, 200, 300], revenues=revenues))[1].casefold()


def test_plans_that_are_not_proven_are_counted():
    result = made([100, 200, 300])
    points = (replace(result.points[0], status="feasible"), frontier_point(150_000, totals=None, status=NOT_LOOKED_AT))
    kind, text = list(frontier_head(replace(result, points=(*points, *result.points[1:]))))[-1]
    expected = (
        "Not proven best: 1 of 4 budgets (~). 1 of 4 budgets not looked at because the time was up: $1,500. "
        "Allow more time, such as --time-limit 300."
    )
    assert (kind, text) == ("doubt", expected)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([3], "7 of 8 budgets not looked at because the time was up: those below $4,000 and above $4,000."),
        ([2, 3, 4], "5 of 8 budgets not looked at because the time was up: those below $3,000 and above $5,000."),
        ([0, 1, 2], "5 of 8 budgets not looked at because the time was up: those above $3,000."),
    ],
)
def test_many_budgets_that_the_time_did_not_suffice_for_are_one_sentence_and_no_rows(seen, expected):
    points = [
        point if number in seen else frontier_point(point.budget, totals=None, status=NOT_LOOKED_AT)
        for number, point in enumerate(made([100 * number for number in range(1, 9)]).points)
    ]
    result = replace(made([100]), points=tuple(points))
    assert head(result)[-1] == f"{expected} Allow more time, such as --time-limit 300."
    assert shown_points(result) == seen


def test_each_row_tells_who_is_new_and_how_many_are_dropped():
    points = [
        frontier_point(100_000, creators=("@a", "@b")),
        frontier_point(200_000, totals=None, creators=(), status="infeasible"),
        frontier_point(300_000, creators=("@a", "@c", "@d")),
        frontier_point(400_000, creators=("@a", "@c", "@d")),
        frontier_point(500_000, creators=("@a",)),
    ]
    result = frontier(plan(), *points)
    assert [describe_new_creators(result, number, 1) for number in range(5)] == [
        "@a and 1 more",
        "no plan keeps the rules",
        "@c and 1 more; 1 dropped",
        "same creators",
        "nobody; 2 dropped",
    ]


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        ("balanced", "Engagements"),
        ("engagement", "Engagements"),
        ("conversions", "Conversions"),
        ("reach", "People reached"),
        ("net reach", "Net reach"),
        ("worth", "Worth"),
        ("value:score", "Score"),
    ],
)
def test_what_is_shown_is_what_was_asked_for_and_never_value(goal, expected):
    assert goal_heading(Goal(name=goal)) == expected


def test_the_amount_of_a_balanced_goal_is_its_engagements():
    result = made([100, 200])
    assert [goal_amount(result, point) for point in result.points] == [100.0, 200.0]
    assert goal_amount(result, frontier_point(100, totals=None)) is None


def test_a_net_gain_has_its_sign():
    result = made([1_500, 1_900], worth=(800, 1_400))
    assert [format_net_gain(result, point) for point in result.points] == ["+$500", "-$100"]


@pytest.mark.parametrize(
    ("profits", "expected"),
    [
        (
            [-500, -200, -900],
            "At a margin of 40%, none of these plans earns its cost; the smallest loss is $200 at $2,000.",
        ),
        ([-500, 300, 250], "At a margin of 40%, the highest profit is $300 at $2,000."),
    ],
)
def test_with_a_margin_it_says_which_budget_earns_most(profits, expected):
    result = made([100, 200, 300], revenues=[500, 600, 700])
    points = [
        replace(point, totals=replace(point.totals, profit=profit * 100))
        for point, profit in zip(result.points, profits, strict=True)
    ]
    campaign = replace(result.campaign, margin=Fraction(2, 5))
    assert expected in head(replace(result, points=tuple(points), campaign=campaign))[1]


def test_profit_is_told_without_what_soft_rules_cost():
    result = made([100, 200])
    points = [replace(point, totals=replace(point.totals, profit=25_000)) for point in result.points]
    assert all(point.objective != 250 for point in points)
    result = replace(result, points=tuple(points), campaign=replace(result.campaign, goal=Goal(name="profit")))
    assert [format_goal_amount(result, point) for point in points] == ["$250", "$250"]
    assert [goal_amount(result, point) for point in points] == [250, 250]
