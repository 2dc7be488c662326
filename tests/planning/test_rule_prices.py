"""The price of a rule is what the best plan without it has more."""

import json

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.errors import CampaignError
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.plan import Plan
from microopt.planning.optimize import optimize
from microopt.readers.plan_file import read_plan
from microopt.rendering.data.json import object_json
from microopt.solver.result import SolveLimits
from microopt.verification.verify import verify
from tests.analysis.explain.test_explain import ROWS
from tests.planning.builders import CALM, POOLS, build_campaign, build_roster, campaigns, roster_rows, solver
from tests.scale import examples
from tests.verification.opponent import decimal, put, sealed, written
from tests.verification.opponent import planned as planned_text

LIMITS = SolveLimits(seconds=60.0)
EMPTY = {"region": "", "brands": "", "conflicts": "", "max_units": None, "volume_discount": ""}
ROWS_TO_WRITE = [{**EMPTY, **row} for row in ROWS]


def planned(roster, campaign, **how):
    return optimize(roster, campaign, limits=LIMITS, solver=solver("highs"), **how)


@pytest.mark.parametrize("goal", ["balanced", "conversions", "worth", "least cost"])
@settings(CALM, max_examples=examples(12), phases=[Phase.explicit, Phase.generate])
@given(st.data())
def test_a_price_is_the_value_without_the_rule_minus_the_value_with_it(goal, data):
    rows = data.draw(roster_rows())
    campaign = data.draw(campaigns(rows, goal))
    try:
        plan = planned(build_roster(rows), campaign, price_rules=True)
    except CampaignError:
        assume(False)
    assume(isinstance(plan, Plan))
    labels = list(dict.fromkeys(rule.label for rule in campaign.rules))
    assert [price.label for price in plan.rule_prices] == labels
    for price in plan.rule_prices:
        rest = tuple(rule for rule in campaign.rules if rule.label != price.label)
        free = planned(build_roster(rows), replace(campaign, rules=rest, ideals=plan.ideals))
        if campaign.goal.name == "balanced" or not plan.ideals:
            assert not isinstance(free, Diagnosis)
            gained = free.proof.objective - plan.proof.objective
            assert abs(price.change.objective - gained) <= abs(gained) / 10**9


def test_a_plan_file_gives_its_prices_back(tmp_path):
    plan = planned(build_roster(ROWS), build_campaign("niche:food count <= 1", "all count >= 1"), price_rules=True)
    (tmp_path / "plan.json").write_text(object_json(plan), encoding="utf-8")
    assert read_plan(str(tmp_path / "plan.json")).plan.rule_prices == plan.rule_prices
    assert plan.rule_prices[0].change.objective >= 0


def test_rules_are_not_priced_by_default():
    assert planned(build_roster(ROWS), build_campaign("all count >= 1")).rule_prices == ()


def test_a_cap_on_net_reach_is_dropped_as_a_whole():
    capped = build_campaign("all net reach 1..9k", audience=POOLS, budget=150_000)
    plan = planned(build_roster(ROWS), capped, price_rules=True)
    free = planned(build_roster(ROWS), replace(capped, rules=()))
    assert plan.proof.objective + plan.rule_prices[0].change.objective == free.proof.objective
    assert plan.rule_prices[0].change.objective > 0


@pytest.mark.parametrize(
    ("path", "stated", "place"),
    [
        (("change", "objective"), -5.0, "rule_prices[0].change.objective"),
        (("status",), "great", "rule_prices[0].status"),
        (("label",), "all count >= 9", "rule_prices"),
    ],
)
def test_an_impossible_price_is_found_false(tmp_path, path, stated, place):
    roster = written(decimal(ROWS_TO_WRITE), tmp_path / "roster.csv")
    value = json.loads(planned_text(str(roster), build_campaign("niche:food count <= 1"), price_rules=True))
    value = put(value, ("rule_prices", 0, *path), stated)
    (tmp_path / "plan.json").write_text(json.dumps(sealed(value, claims=True)), encoding="utf-8")
    assert verify(str(tmp_path / "plan.json")).discrepancy.place == place
