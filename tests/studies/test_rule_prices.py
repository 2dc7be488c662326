"""What a rule costs is what the best plan without it has more."""

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.errors import CampaignError
from microopt.plan import Diagnosis, Plan
from microopt.readers.plan_document import read_plan
from microopt.renderers.plan_json import plan_json
from microopt.solver.answer import Limits
from microopt.studies.optimise import optimise
from microopt.studies.priced_rules import rule_prices_of

from .builders import CALM, campaign_of, campaigns, roster_of, rows_of, solver
from .test_explain import ROWS

LIMITS = Limits(seconds=60.0)


def planned(roster, campaign, **how):
    return optimise(roster, campaign, limits=LIMITS, solver=solver("highs"), **how)


@pytest.mark.parametrize("goal", ["balanced", "conversions", "worth", "least cost"])
@settings(CALM, max_examples=12, phases=[Phase.explicit, Phase.generate])
@given(st.data())
def test_it_is_the_value_without_the_rule_less_the_value_with_it(goal, data):
    rows = data.draw(rows_of())
    campaign = data.draw(campaigns(rows, goal))
    try:
        plan = planned(roster_of(rows), campaign, price_rules=True)
    except CampaignError:
        assume(False)
    assume(isinstance(plan, Plan))
    labels = list(dict.fromkeys(rule.label for rule in campaign.rules))
    assert [price.label for price in plan.rule_prices] == labels
    for price in plan.rule_prices:
        rest = tuple(rule for rule in campaign.rules if rule.label != price.label)
        free = planned(roster_of(rows), replace(campaign, rules=rest, ideals=plan.ideals))
        if campaign.goal.name == "balanced" or not plan.ideals:
            assert not isinstance(free, Diagnosis)
            gained = free.proof.objective - plan.proof.objective
            assert abs(price.change.value - gained) <= abs(gained) / 10**9


def test_a_plan_file_gives_its_prices_back(tmp_path):
    plan = planned(roster_of(ROWS), campaign_of("niche:food count <= 1", "all count >= 1"), price_rules=True)
    (tmp_path / "plan.json").write_text(plan_json(plan), encoding="utf-8")
    assert rule_prices_of(read_plan(str(tmp_path / "plan.json")).document.rule_prices) == plan.rule_prices
    assert plan.rule_prices[0].change.value >= 0


def test_without_being_asked_nothing_is_priced():
    assert planned(roster_of(ROWS), campaign_of("all count >= 1")).rule_prices == ()
