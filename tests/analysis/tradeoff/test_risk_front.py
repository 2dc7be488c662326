"""The front of the mean against the worst outcomes."""

from itertools import pairwise

import pytest

from microopt.analysis.tradeoff.risk_front import risk_front
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.settings import parse_campaign
from microopt.errors import UsageError
from microopt.plan.diagnosis import Diagnosis
from microopt.planning.optimize import optimize
from microopt.readers.roster import read_roster
from microopt.rendering.terminal.risk_front import risk_front_table
from microopt.rendering.terminal.screen import Screen
from microopt.rendering.wording.risk_front import risk_front_head, risk_front_sentences
from microopt.solver.result import SolveLimits
from tests.planning.builders import CSV, solver


def inputs_of(tmp_path, **settings):
    path = tmp_path / "roster.csv"
    path.write_text(CSV, encoding="utf-8")
    given = {"budget": "3000", "goal": "engagement", "risk": "20%", "scenarios": 40, **settings}
    return read_roster(str(path)), parse_campaign(CampaignInput(**given))


def front_of(tmp_path, **settings):
    return risk_front(*inputs_of(tmp_path, **settings), steps=3, limits=SolveLimits(), solver=solver("highs"))


def test_each_point_expects_less_and_brings_more_in_the_worst_outcomes(tmp_path):
    front = front_of(tmp_path)
    assert front.proven() and front.points[0].picks
    for before, after in pairwise(front.points):
        assert after.mean < before.mean and after.worst > before.worst


def test_the_safest_point_has_the_figures_of_its_plan_in_other_draws(tmp_path):
    settings = {"scenarios": 10, "budget": "2000", "acceptance": "70%", "seed": 1}
    front = front_of(tmp_path, **settings)
    assert len(front.points) == 2 and front.draws == 10_000
    plan = optimize(*inputs_of(tmp_path, **settings), solver=solver("highs"))
    assert front.points[-1].fresh == plan.tail.fresh.plan.worst
    assert front.points[0].fresh == plan.tail.fresh.of_means.worst


def test_without_a_risk_there_is_no_front(tmp_path):
    with pytest.raises(UsageError, match="risk"):
        front_of(tmp_path, risk=None)


def test_a_campaign_without_a_plan_has_a_diagnosis(tmp_path):
    assert isinstance(front_of(tmp_path, budget="10", rules=["all count >= 1"]), Diagnosis)


def test_a_balanced_front_names_its_score_and_what_each_metric_does(tmp_path):
    front = front_of(tmp_path, goal="balanced", scenarios=10, budget="2000", acceptance="70%")
    plan = optimize(
        *inputs_of(tmp_path, goal="balanced", scenarios=10, budget="2000", acceptance="70%"), solver=solver("highs")
    )
    assert front.points[0].metrics == plan.tail.metrics_of_means and front.points[-1].metrics == plan.tail.metrics
    sentences = [text for _, text in (*risk_front_head(front), *risk_front_sentences(front))]
    assert any(text.startswith("By metric") and "expected engagements" in text for text in sentences)
    assert any("are scores: engagements plus conversions" in text for text in sentences)
    assert "…" not in risk_front_table(front, Screen(width=80))
