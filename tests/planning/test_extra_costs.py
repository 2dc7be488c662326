"""Plans on rosters with every extra cost: each line, the spend and the proof against an enumeration of all plans."""

from fractions import Fraction
from itertools import combinations
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.campaign.campaign import Campaign, Goal
from microopt.plan.diagnosis import Diagnosis
from microopt.planning.optimize import optimize
from microopt.rendering.data.json import object_json
from microopt.roster.extra_costs import COST_LINES
from tests.planning.builders import CALM
from tests.scale import examples
from tests.solver.builders import roster, solver

NAN = float("nan")
HUNDREDTHS = st.none() | st.integers(0, 60).map(lambda percent: Fraction(percent, 100))
DOLLARS = st.none() | st.integers(0, 9_000).map(lambda cents: Fraction(cents, 100))
ROW = st.fixed_dictionaries(
    {
        "creator": st.sampled_from("abcd"),
        "fee": st.integers(0, 60_000),
        "engagements": st.integers(1, 900),
        "usage": HUNDREDTHS,
        "usage_amount": DOLLARS,
        "exclusivity": HUNDREDTHS,
        "agency": HUNDREDTHS,
        "product": DOLLARS,
        "shipping": DOLLARS,
        "seeding": DOLLARS,
        "extra_cost": DOLLARS,
    }
)
SETTINGS = st.fixed_dictionaries(
    {
        **dict.fromkeys(("usage", "whitelisting", "exclusivity", "agency", "contingency"), HUNDREDTHS),
        "seeding": st.none() | st.integers(0, 5_000),
        "per_creator": st.integers(0, 3_000),
        "one_offer_per": st.sampled_from(("creator", "offer")),
    }
)


def build(rows):
    names = [name for name in rows[0] if name not in ("creator", "fee")]
    numbers = {name: [NAN if row[name] is None else float(row[name]) for row in rows] for name in names}
    offers = [f"post {number}" for number in range(len(rows))]
    creators = [row["creator"] for row in rows]
    return roster(
        creators, followers=[20_000] * len(rows), fee=[row["fee"] for row in rows], numbers=numbers, offer=offers
    )


def own(row, campaign, name):
    """Return a share of the fee in cents, half a cent to the even one: the row's own, else the campaign's."""
    if row.get(f"{name}_amount") is not None:
        return int(row[f"{name}_amount"] * 100)
    share = row.get(name) if row.get(name) is not None else getattr(campaign, name, None)
    return round(row["fee"] * (share or 0))


def line_by_line(chosen, campaign):
    """Return what offers cost by line; seeding and handling once for each creator."""
    lines = dict.fromkeys(COST_LINES, 0)
    seeding = {}
    for row in chosen:
        for name in ("usage", "whitelisting", "exclusivity", "agency"):
            lines[name] += own(row, campaign, name)
        lines["products"] += int(((row["product"] or 0) + (row["shipping"] or 0)) * 100)
        lines["extra_cost"] += int((row["extra_cost"] or 0) * 100)
        itemized = row["product"] is not None or row["shipping"] is not None
        sample = int(row["seeding"] * 100) if row["seeding"] is not None else 0 if itemized else campaign.seeding or 0
        seeding[row["creator"]] = max(seeding.get(row["creator"], 0), sample)
    lines["seeding"] = sum(seeding.values())
    lines["handling"] = campaign.per_creator * len(seeding)
    return {name: cents for name, cents in lines.items() if cents}


def spend(chosen, campaign):
    return sum(row["fee"] for row in chosen) + sum(line_by_line(chosen, campaign).values())


def plans(rows, campaign):
    for size in range(len(rows) + 1):
        for chosen in combinations(rows, size):
            if campaign.one_offer_per == "offer" or len({row["creator"] for row in chosen}) == size:
                yield chosen


@settings(CALM, max_examples=examples(60))
@given(st.lists(ROW, min_size=1, max_size=5), SETTINGS, st.integers(1, 150_000))
def test_the_best_plan_and_its_cost_are_those_of_an_enumeration(rows, facts, budget):
    campaign = Campaign(budget=budget, goal=Goal(name="engagement"), shrink=False, **facts)
    plan = optimize(build(rows), campaign, solver=solver("cbc"))
    kept_back = ceil(budget * (campaign.contingency or 0))
    possible = [chosen for chosen in plans(rows, campaign) if spend(chosen, campaign) <= budget - kept_back]
    best = max(sum(row["engagements"] for row in chosen) for chosen in possible)
    cheapest = min(spend(chosen, campaign) for chosen in possible if sum(row["engagements"] for row in chosen) == best)
    assert plan.proof.status == "optimal"
    assert plan.totals.spend == cheapest
    assert (plan.kept_back, plan.unspent) == (kept_back, budget - kept_back - cheapest)
    chosen = [rows[int(pick.offer.split()[1])] for pick in plan.picks]
    assert plan.totals.extra_costs == line_by_line(chosen, campaign)
    assert plan.totals.fees == sum(row["fee"] for row in chosen)
    assert sum(sum(pick.extra_costs.values()) for pick in plan.picks) == sum(plan.totals.extra_costs.values())


def test_a_sample_is_sent_once_to_a_creator_of_whom_two_offers_are_bought():
    rows = [
        {"creator": "a", "fee": 10_000, "engagements": 50, "seeding": 30},
        {"creator": "a", "fee": 10_000, "engagements": 50, "seeding": 45},
    ]
    plan = optimize(build(rows), Campaign(budget=100_000, goal=Goal(name="engagement"), one_offer_per="offer"))
    assert plan.totals.extra_costs == {"seeding": 4_500}


def test_a_least_cost_needs_no_budget_and_counts_every_line():
    rows = [
        {"creator": "a", "fee": 10_000, "engagements": 500, "usage": Fraction(1, 2)},
        {"creator": "b", "fee": 12_000, "engagements": 500, "usage": None},
    ]
    goal = Goal(name="least cost", targets={"engagements": Fraction(100)})
    plan = optimize(build(rows), Campaign(budget=None, goal=goal, shrink=False, contingency=Fraction(1, 10)))
    assert [pick.creator for pick in plan.picks] == ["b"]
    assert (plan.totals.spend, plan.kept_back, plan.unspent) == (12_000, 0, 0)


def test_a_required_creator_beyond_what_the_contingency_leaves_is_told_with_the_budget_that_is_needed():
    rows = [{"creator": "a", "fee": 95_000, "engagements": 50}]
    campaign = Campaign(budget=100_000, goal=Goal(name="engagement"), include=("a",), contingency=Fraction(1, 10))
    found = optimize(build(rows), campaign)
    assert isinstance(found, Diagnosis)
    assert "the budget is $900 after the 10% contingency" in found.reasons[0]
    assert [change.becomes for change in found.repairs[0].changes] == ["budget 1055.56"]


@pytest.mark.parametrize("budget", [1, 99, 100_001, 10**12 + 7])
@pytest.mark.parametrize("share", [Fraction(0), Fraction(1, 10), Fraction(1, 3), Fraction(99, 100)])
def test_the_least_budget_of_a_spend_is_just_enough(budget, share):
    campaign = Campaign(budget=budget, contingency=share)
    needed = campaign.budget_for(campaign.spendable)
    assert Campaign(budget=needed, contingency=share).spendable >= campaign.spendable
    assert needed <= budget
    assert not needed or Campaign(budget=needed - 1, contingency=share).spendable < campaign.spendable


def test_the_plans_object_states_the_lines_and_what_is_kept():
    rows = [{"creator": "a", "fee": 20_000, "engagements": 50, "usage": Fraction(1, 5)}]
    text = object_json(optimize(build(rows), Campaign(budget=100_000, contingency=Fraction(1, 10))))
    assert '"kept_back": 100' in text
    assert '"usage": 40' in text
