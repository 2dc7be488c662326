"""The JSON object of a plan is the plan, to the last figure that it holds, under a seal."""

import json
from fractions import Fraction

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.errors import CampaignError
from microopt.plan.codec import CODEC
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.plan import Plan
from microopt.plan.seal import digest, seal_plan, unverifiable_fields
from microopt.planning.optimize import optimize
from microopt.readers.plan_file import parse_plan
from microopt.rendering.data.json import object_json
from microopt.solver.result import SolveLimits
from tests.planning.builders import CALM, GOALS, build_roster, campaigns, roster_rows, solver
from tests.rendering.builders import plan as sample_plan
from tests.rendering.builders import proof


@pytest.mark.parametrize("goal", GOALS)
@settings(CALM, max_examples=14, phases=[Phase.explicit, Phase.generate])
@given(st.data())
def test_a_plan_that_is_written_read_and_written_again_is_the_same_file(goal, data):
    rows = data.draw(roster_rows())
    campaign = data.draw(campaigns(rows, goal))
    try:
        plan = optimize(
            build_roster(rows), campaign, limits=SolveLimits(seconds=60.0), solver=solver("highs"), price_rules=True
        )
    except CampaignError:
        assume(False)
    assume(not isinstance(plan, Diagnosis))
    text = object_json(plan)
    file = parse_plan(text.encode("utf-8", "replace"), "plan.json")
    back = file.plan
    assert json.loads(object_json(back)) == json.loads(text)
    assert (file.sealed, seal_plan(back).seal) == (True, file.seal)
    assert (back.campaign, back.picks, back.totals) == (plan.campaign, plan.picks, plan.totals)
    assert (back.mix, back.baseline, back.ideals, back.repair) == (plan.mix, plan.baseline, plan.ideals, plan.repair)
    assert [replace(use, used=None, beyond=0) for use in back.rules] == [
        replace(use, used=None, beyond=0) for use in plan.rules
    ]
    assert [use.used is None or float(use.used) for use in back.rules] == [
        use.used is None or float(use.used) for use in plan.rules
    ]


def test_picks_are_written_as_each_is_by_itself():
    plan = sample_plan()
    sealed = seal_plan(plan)
    assert sealed.object["picks"] == [CODEC.encode(pick) for pick in plan.picks] != []
    assert sealed.object["claims"] == digest(unverifiable_fields(sealed.object))
    assert json.loads(object_json(plan)) == json.loads(json.dumps(sealed.object | {"seal": sealed.seal}))


def test_every_money_field_of_a_plan_is_scaled_by_its_annotation():
    schema, parts = CODEC.schema(Plan)
    plain = {"followers", "units", "creators", "offers", "filtered", "core_size", "floors", "row", "count", "in_plan"}
    plain |= {"youngest", "oldest"}  # years
    plain |= {"rank"}  # of a fallback
    plain |= {"schedules", "looked_at", "bits", "loss"}  # of schedules left out: counts, and units of the program
    plain |= {"posts", "max_posts", "lead_days", "approval_days"}  # of a calendar
    plain |= {"scenarios", "seed", "rounds", "candidates", "rules_kept"}  # of draws after declines
    plain |= {
        "asked",
        "accepted",
        "fallbacks",
        "worst",
        "draws",
    }  # earlier answers, substitutes for each pick, scenarios, draws
    integers = {
        key
        for part in (schema, *parts.values())
        for key, value in part.get("properties", {}).items()
        if value.get("type") == "integer" or {"type": "integer"} in value.get("anyOf", ())
    }
    assert integers <= plain


@pytest.mark.parametrize(
    "value", [Fraction(2**60 + 1, 8), Fraction(2**61 + 1), Fraction("18000000003.125"), Fraction(1, 3)]
)
def test_a_value_that_no_double_holds_is_exact_in_the_file(value):
    text = object_json(sample_plan(proof=proof(objective=value, bound=value, price_bound=value)))
    read = parse_plan(text.encode(), "plan.json").plan.proof
    assert (read.objective, read.bound, read.price_bound) == (value, value, value)
