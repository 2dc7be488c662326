"""The first lines of a plan: the answer, what it means, how sure it is, for every goal and every way a plan ends."""

from fractions import Fraction

import pytest
from msgspec.structs import replace

from microopt.campaign.campaign import Goal
from microopt.campaign.goals import LEAST_COST
from microopt.campaign.metrics import NET_REACH
from microopt.plan.likely_range import LikelyRange
from microopt.plan.plan import BaselinePlan, NetReach, RulePrice
from microopt.rendering.wording.plan_head import format_likely_range, plan_head, unspent_fact
from tests.rendering.builders import difference, metrics, picks, plan, proof, replanned, totals


def head(sample):
    return [sentence for _, sentence in plan_head(sample)]


def habit(*, broken=(), **factors):
    """Return what a habit brings: the figures of seven picks times a factor by metric."""
    brings = totals(picks(7))
    scaled = {name: int(amount * factors.get(name, 1)) for name, amount in brings.metrics.items()}
    return BaselinePlan(rule="rank by engagement rate", totals=replace(brings, metrics=scaled), broken=broken)


def with_goal(name, **overrides):
    return plan(campaign={"goal": Goal(name=name)}, rules=(), **overrides)


def with_revenue(cents, **campaign):
    return plan(campaign=campaign, totals=replace(totals(picks(7)), revenue=cents))


def test_the_first_line_is_what_is_spent_and_what_it_brings_with_likely_ranges():
    ranges = {"engagements": LikelyRange(2_200_000, 12_800_000), "conversions": LikelyRange(2_300, 26_900)}
    first = head(plan(likely=ranges))[0]
    assert first == "$3,150 -> 6,300 engagements (2.2k-13k) · 14 conversions (2.3-27)"
    assert head(plan())[0] == "$3,150 -> 6,300 engagements · 14 conversions"


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (22_000_000, 127_600_000, "22k-128k"),
        (8_000_000, 53_000_000, "8.0k-53k"),
        (1_100_000_000, 5_700_000_000, "1.1M-5.7M"),
        (262_000, 2_341_000, "262-2,300"),
        (23_000, 269_000, "23-269"),
        (400, 2_600, "0.4-2.6"),
        (0, 4_000, "0-4.0"),
        (0, 127_600_000, "0-128k"),
        (30_000, 127_600_000, "0-128k"),
        (5_000, 5_000, "final"),
        (5_010, 5_020, "5.0"),
    ],
)
def test_a_range_is_told_in_one_unit(low, high, words):
    assert format_likely_range(LikelyRange(low, high)) == words


@pytest.mark.parametrize("goal", ["balanced", "engagement", "worth", "value:quality"])
def test_engagements_and_conversions_are_compared_with_the_habit_under_the_same_rules(goal):
    better = habit(engagements=Fraction(1, 2), conversions=Fraction(4, 5))
    comparison = "100% more engagements and 25% more conversions than picking by engagement rate"
    assert head(with_goal(goal, baseline=better))[-1] == f"Proven best for your goal and rules: {comparison}."
    assert head(plan(baseline=better))[-1].endswith(f"{comparison} under the same rules.")


def test_a_goal_of_conversions_names_them_first_and_does_not_hide_what_it_costs():
    mixed = head(with_goal("conversions", baseline=habit(engagements=2, conversions=Fraction(1, 2))))[-1]
    assert "100% more conversions, but 50% fewer engagements than picking by engagement rate." in mixed


def test_a_goal_of_reach_counts_people_and_says_that_some_count_twice():
    first, last = head(with_goal("reach", baseline=habit(reach=Fraction(1, 2))))
    assert first.startswith("$3,150 -> 56.0k people reached (followers of two count twice) · 6,300 engagements")
    assert last.endswith("100% more people reached than picking by engagement rate.")


def test_a_goal_of_net_reach_counts_different_people():
    net = NetReach(people=9_000_000, at_least=8_000_000, at_most=56_000_000, frequency=None, outside_pools=0)
    first, last = head(with_goal(NET_REACH, net_reach=net, baseline=habit(reach=Fraction(1, 2))))
    assert first.startswith("$3,150 -> 9,000 different people reached · ")
    assert last.endswith("100% more gross reach than picking by engagement rate.")


def test_targets_ask_for_the_least_cost_and_are_compared_with_no_habit():
    goal = Goal(name=LEAST_COST, targets={"engagements": Fraction(9)})
    campaign = {"goal": goal, "budget": None}
    assert head(plan(campaign=campaign))[-1] == "Proven: no plan that meets the targets costs less."
    stopped = proof(status="feasible", limit="time", objective=Fraction(10), bound=Fraction(9))
    assert head(plan(campaign=campaign, proof=stopped, baseline=None))[-1] == (
        "Not proven best (stopped at the time limit): a plan up to 10.00% cheaper may exist."
    )


def test_a_plan_without_a_budget_begins_with_its_cost():
    assert head(plan(campaign={"budget": None}))[0].startswith("$3,150 -> ")


def test_an_unproven_plan_says_why_and_how_much_better_one_may_be():
    stopped = proof(status="feasible", limit="time", objective=Fraction(9), bound=Fraction(10))
    last = head(plan(proof=stopped, baseline=habit(engagements=Fraction(1, 2))))[-1]
    assert last == (
        "Not proven best (stopped at the time limit): a plan up to 11.12% better may exist. "
        "100% more engagements than picking by engagement rate under the same rules."
    )
    nothing = proof(status="feasible", limit="time", objective=Fraction(0), bound=Fraction(10))
    assert ": a better plan may exist." in head(plan(proof=nothing))[-1]
    failed = proof(status="feasible", limit=None, failure="CBC was killed", objective=Fraction(9), bound=Fraction(10))
    assert head(plan(proof=failed))[-1].startswith("Not proven best (CBC was killed): ")


def test_a_habit_that_breaks_a_rule_is_called_neither_better_nor_worse():
    one = head(plan(baseline=habit(engagements=3, broken=("niche:beauty count >= 2",))))[-1]
    assert one == (
        "Proven best for your goal and rules: picking by engagement rate would break your rule niche:beauty count >= 2."
    )
    two = head(plan(baseline=habit(broken=("all count = 3", "niche:beauty count >= 2"))))[-1]
    assert two.endswith("would break your rules all count = 3, niche:beauty count >= 2.")


def test_a_habit_that_brings_as_much_is_called_the_same():
    assert head(plan(baseline=habit()))[-1].endswith(": the same as picking by engagement rate under the same rules.")


def test_what_the_habit_brings_none_of_is_not_compared():
    assert head(plan(baseline=habit(engagements=0, conversions=0)))[-1] == "Proven best for your goal and rules."


def test_the_value_of_an_order_says_what_a_dollar_pays_back_and_where_it_breaks_even():
    assert head(with_revenue(63_000, order_value=4_500))[1] == (
        "$630 revenue, ROAS 0.20x: at $45 an order, the forecast pays back $0.20 for each $1; "
        "it breaks even at $225 an order."
    )
    assert head(with_revenue(0, order_value=4_500))[1].endswith("pays back $0.00 for each $1.")


def test_values_of_creators_themselves_have_no_single_break_even():
    assert head(with_revenue(88_200))[1] == "$882 revenue, ROAS 0.28x: the forecast pays back $0.28 for each $1."


def test_without_a_value_of_an_order_nothing_is_said_of_money_back():
    assert len(head(plan())) == 2


def test_a_rule_that_leaves_much_unspent_comes_first_with_what_changes_without_it():
    gain = difference(Fraction(1), spend=1_685_000, metrics={**metrics(), "engagements": 12_222_000, "conversions": 0})
    prices = (
        RulePrice(label="all count <= 9", status="optimal", change=difference(Fraction(1, 2), spend=100)),
        RulePrice(label="niche:beauty spend >= 30%", status="optimal", change=gain),
    )
    kind, sentence = next(plan_head(plan(rule_prices=prices)))
    assert kind == "warning"
    assert sentence == ("Your rule niche:beauty spend >= 30% leaves $16,850 unspent; without it: +194% engagements.")
    assert head(plan(rule_prices=prices, campaign={"budget": 350_000}))[0].startswith("$3,150 -> ")


def test_a_rule_accounts_for_no_more_unspent_money_than_is_spent_without_it():
    gain = difference(Fraction(1), spend=900_000, metrics={**metrics(), "engagements": 12_222_000, "conversions": 0})
    price = RulePrice(label="niche:beauty spend >= 30%", status="optimal", change=gain)
    assert head(plan(rule_prices=(price,)))[0] == (
        "Your rule niche:beauty spend >= 30% accounts for $9,000 of the $16,850 unspent; without it: +194% engagements."
    )


@pytest.mark.parametrize(
    ("spend", "reason", "status", "words"),
    [
        (900_000, "your rule all count <= 9 keeps further creators out", "optimal", "$9,000 of it would be spent, and"),
        (1_685_000, "your rule all count <= 9 keeps further creators out", "optimal", "all of it would be spent."),
        (900_000, "your rule all count <= 9 keeps further creators out", "feasible", "keeps further creators out."),
        (900_000, "the cheapest creator who would improve the plan costs $35", "optimal", "costs $35."),
    ],
)
def test_what_is_left_is_told_as_the_first_line_tells_it(spend, reason, status, words):
    gain = difference(Fraction(1), spend=spend, metrics={**metrics(), "engagements": 12_222_000, "conversions": 0})
    price = RulePrice(label="niche:beauty spend >= 30%", status=status, change=gain)
    told = unspent_fact(plan(rule_prices=(price,), unspent_reason=reason))
    assert told.startswith("$16,850 left: ")
    assert words in told
    assert ("$7,850 would still be left." in told) is ("of it would" in words and spend == 900_000)


@pytest.mark.parametrize(
    ("spend", "told"), [(315_000, ""), (252_000, ""), (251_900, " for $2,519"), (9_950, " for $99.50"), (0, " for $0")]
)
def test_a_habit_that_spends_much_less_is_told_with_what_it_spends(spend, told):
    half = habit(engagements=Fraction(1, 2), conversions=Fraction(1, 2))
    sample = plan(baseline=replace(half, totals=replace(half.totals, spend=spend)))
    assert head(sample)[-1] == (
        "Proven best for your goal and rules: 100% more engagements and 100% more conversions "
        f"than picking by engagement rate{told} under the same rules."
    )


def test_an_empty_plan_brings_no_creators_and_is_compared_with_nothing():
    assert head(plan([], baseline=habit())) == [
        "$0 -> no creators",
        "Proven: no plan within your budget and rules brings more.",
    ]


def test_an_empty_plan_names_the_rule_that_leaves_nothing():
    reason = "your rule all spend = 33% each wave allows only an empty plan"
    assert head(plan([], unspent_reason=reason))[-1].endswith(f"rules brings more: {reason}.")


def test_a_running_campaign_has_the_same_lines():
    lines = head(replanned())
    assert lines[0].startswith("$900 -> 1,800 engagements")
    assert lines[-1].startswith("Proven best for your goal and rules")


def test_a_second_solver_that_confirms_the_plan_is_named():
    sample = plan(proof=proof(confirmed_by="HiGHS 1.16.0"), baseline=None)
    assert head(sample)[-1] == "Proven best for your goal and rules, confirmed by HiGHS 1.16.0."


@pytest.mark.parametrize(
    ("low", "high", "text"), [(0.5, 3, "0.5-3.0"), (5.5, 114, "5.5-114"), (1_000, 20_000, "1.0k-20k")]
)
def test_both_ends_of_a_range_are_in_one_unit(low, high, text):
    assert format_likely_range(LikelyRange(round(low * 1000), round(high * 1000))) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(14_700, 14_700, "final"), (14_700, 14_701, "15k"), (0, 0, "0"), (0.1 + 0.2, 0.3, "final")],
)
def test_a_range_without_width_is_no_range(low, high, text):
    assert format_likely_range(LikelyRange(round(low * 1000), round(high * 1000))) == text


def with_profit(revenue, profit, goal="balanced", **campaign):
    sums = replace(totals(picks(7)), revenue=revenue, profit=profit)
    campaign = {"order_value": 4_500, "margin": Fraction(2, 5), "goal": Goal(name=goal)} | campaign
    return plan(campaign=campaign, totals=sums, rules=())


def test_with_a_margin_a_plan_says_what_is_left_after_its_cost():
    assert head(with_profit(63_000, 25_200 - 315_000))[1] == (
        "$630 revenue, ROAS 0.20x (break-even 2.50x): at $45 an order and a margin of 40%, the plan loses $2,898; "
        "it breaks even at $563 an order."
    )
    earned = head(with_profit(945_000, 63_000, returns=Fraction(1, 8), ltv=Fraction(12, 5)))[1]
    assert earned == (
        "$9,450 revenue, ROAS 3.00x (break-even 2.50x): at $45 an order, 2.4 orders per customer, 12.5% returned and "
        "a margin of 40%, the plan earns $630 more than it costs."
    )


@pytest.mark.parametrize(
    ("planned", "other", "expected"),
    [(-10_000, -22_000, "$120 less loss"), (-22_000, -10_000, "$120 more loss"), (-1_000, 11_000, "$120 less profit")],
)
def test_of_two_plans_at_a_loss_it_is_the_loss_that_is_told(planned, other, expected):
    baseline = replace(habit(), totals=replace(habit().totals, profit=other))
    sentences = head(replace(with_profit(63_000, planned, goal="profit"), baseline=baseline))
    assert f"{expected} than picking by engagement rate." in sentences[2]


def test_a_profit_has_its_likely_range_and_says_if_a_loss_is_possible():
    certain = with_profit(945_000, 63_000, goal="profit")
    order_value = Fraction(certain.totals.revenue * 1000, certain.totals.metrics["conversions"])
    sample = replace(certain, campaign=replace(certain.campaign, order_value=round(order_value)))
    conversions = sample.totals.metrics["conversions"]
    wide = replace(sample, likely={"conversions": LikelyRange(conversions // 10, conversions * 2)})
    first, revenue = head(wide)[:2]
    assert first.startswith("$3,150 -> $630 profit (-$2,800 to $4,400) · ")
    assert "more than it costs (a loss is possible); " in revenue
    other = replace(wide, campaign=replace(wide.campaign, goal=Goal(name="balanced")))
    first, revenue = head(other)[:2]
    assert " profit" not in first
    assert "more than it costs (likely profit -$2,800 to $4,400: a loss is possible); " in revenue
    narrow = replace(sample, likely={"conversions": LikelyRange(conversions - 1, conversions + 1)})
    assert "$630 profit (about $630)" in head(narrow)[0]
    assert "possible" not in " ".join(head(narrow))
    final = replace(sample, likely={"conversions": LikelyRange(conversions, conversions)})
    assert "$630 profit · " in head(final)[0]


def test_a_plan_for_profit_says_it_first_and_against_the_habit():
    sample = with_profit(945_000, 63_000, goal="profit")
    other = replace(habit(), totals=replace(habit().totals, profit=-12_000))
    sentences = head(replace(sample, baseline=other))
    assert sentences[0] == "$3,150 -> $630 profit · 6,300 engagements · 14 conversions"
    assert sentences[2] == "Proven best for your goal and rules: $750 more profit than picking by engagement rate."
