"""What a plan for the worst outcomes states of its scenarios is checked, whatever its prices would prove."""

import json

import numpy as np
import pytest

from microopt.campaign.inputs import CampaignInput
from microopt.plan.codec import CODEC
from microopt.plan.plan import Plan
from microopt.planning.build_problem import build_problem
from microopt.planning.match_picks import match_picks
from microopt.planning.optimize import build_objective
from microopt.planning.risk.tail_goal import build_tail_goal
from microopt.readers.campaign_file import campaign_from_input
from microopt.readers.roster import read_roster
from microopt.verification.verify import verify
from tests.planning.builders import CSV
from tests.verification.opponent import planned, sealed

SETTINGS = CampaignInput(budget="300", goal="engagement", risk="20%", scenarios=20)


@pytest.fixture
def made(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(CSV, encoding="utf-8")
    campaign = campaign_from_input(SETTINGS)
    problem, _ = build_problem(read_roster(str(path)), campaign)
    return tmp_path, problem, json.loads(planned(path, campaign))


def false(folder, value):
    (folder / "plan.json").write_text(json.dumps(sealed(value, claims=True)), encoding="utf-8")
    return verify(str(folder / "plan.json")).discrepancy


def test_a_plan_that_leaves_out_the_scenarios_in_which_it_does_worst_is_false(made):
    folder, problem, value = made
    goal = build_tail_goal(problem, build_objective(problem, ()), ()).goal
    chosen = np.flatnonzero(match_picks(problem, CODEC.decode(value, Plan).picks))
    own = goal.worst_set(chosen)
    assert false(folder, value) is None
    sets = [tuple(each) for each in value["tail"]["sets"]]
    assert own in sets
    place = sets.index(own)
    others = [number for number in range(20) if number not in own]
    value["tail"]["sets"][place] = sorted(others[: len(own)])
    assert false(folder, value).place == "tail.sets"


def test_a_plan_of_means_beyond_the_budget_is_false(made):
    folder, problem, value = made
    value["tail"]["means"] = [*range(problem.choice_count)]
    discrepancy = false(folder, value)
    assert discrepancy.place == "tail.means"
    assert "budget" in discrepancy.message
