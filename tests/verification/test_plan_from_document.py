"""What a plan file tells is the plan that was written, to the last figure that the file holds."""

import json

import msgspec
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.errors import CampaignError
from microopt.plan.document.plan import PlanDocument, plan_document
from microopt.plan.plan import Diagnosis
from microopt.planning.optimize import optimize
from microopt.rendering.data.json import plan_json
from microopt.solver.result import SolveLimits
from microopt.verification.plan_from_document import plan_from_document
from tests.planning.builders import CALM, GOALS, campaigns, roster_of, rows_of, solver


@pytest.mark.parametrize("goal", GOALS)
@settings(CALM, max_examples=10, phases=[Phase.explicit, Phase.generate])
@given(st.data())
def test_a_plan_that_is_written_read_and_written_again_is_the_same_file(goal, data):
    rows = data.draw(rows_of())
    campaign = data.draw(campaigns(rows, goal))
    try:
        plan = optimize(
            roster_of(rows), campaign, limits=SolveLimits(seconds=60.0), solver=solver("highs"), price_rules=True
        )
    except CampaignError:
        assume(False)
    assume(not isinstance(plan, Diagnosis))
    written = json.loads(plan_json(plan))
    told = plan_from_document(msgspec.convert(written, PlanDocument))
    assert json.loads(plan_json(told)) == written
    assert [(use.share, use.money, use.soft) for use in told.rules] == [
        (use.share, use.money, use.soft) for use in plan.rules
    ]
    assert told.picks == tuple(replace(pick, origins={}) for pick in plan.picks)  # which no file holds
    assert plan_document(told).seal == written["seal"]
