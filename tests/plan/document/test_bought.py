"""What a plan file says is bought comes back as it was, to the cent and the thousandth."""

from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.errors import CampaignError
from microopt.plan.document.bought import pick_of, totals_of
from microopt.plan.document.plan import plan_document
from microopt.plan.plan import Plan
from microopt.planning.optimize import optimize
from tests.planning.builders import CALM, GOALS, campaigns, roster_of, rows_of, solver


@settings(CALM, max_examples=40, phases=[Phase.explicit, Phase.generate])
@given(st.data(), st.sampled_from(GOALS))
def test_picks_and_totals_of_a_plan_come_back(data, goal):
    rows = data.draw(rows_of())
    try:
        plan = optimize(roster_of(rows), data.draw(campaigns(rows, goal)), solver=solver("highs"))
    except CampaignError:
        return
    assume(isinstance(plan, Plan))
    document = plan_document(plan)
    told = tuple(replace(pick, origins={}) for pick in plan.picks)  # where a figure is from stands in no document
    assert tuple(map(pick_of, document.picks)) == told
    assert totals_of(document) == plan.totals
