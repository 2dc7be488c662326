"""A report asks only what can be asked, and what fails beside the plan does not take the plan away."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from msgspec.structs import replace

from microopt.analysis.report import report as module
from microopt.analysis.report.report import report, report_from_file, report_with_ranges, with_analysis
from microopt.analysis.report.result import Edition
from microopt.analysis.session import PlanSession
from microopt.campaign.campaign import Campaign, Goal
from microopt.errors import BackendError, UsageError
from microopt.plan.diagnosis import Diagnosis
from microopt.planning.optimize import optimize
from microopt.readers.roster import read_roster
from microopt.rendering import plan_renderer
from microopt.solver.result import SolveLimits
from tests.analysis.explain.test_explain import ROWS
from tests.planning.builders import build_campaign, build_roster, solver
from tests.verification.opponent import sealed


def planned(**facts):
    plan = optimize(build_roster(ROWS), build_campaign(**facts), limits=SolveLimits(seconds=60.0), solver=solver("cbc"))
    assert not isinstance(plan, Diagnosis)
    return plan


def test_a_plan_of_no_budget_has_ranges_and_no_frontier():
    campaign = Campaign(budget=None, goal=Goal(name="least cost", targets={"engagements": Fraction(100)}))
    plan = optimize(build_roster(ROWS), campaign, limits=SolveLimits(seconds=60.0), solver=solver("cbc"))
    result = report(plan, build_roster(ROWS))
    assert result.frontier is None
    assert result.ranges is not None
    assert result.missing == ""


def test_a_plan_of_another_roster_is_refused():
    plan = planned(budget=60_000)
    stranger = replace(plan, picks=(replace(plan.picks[0], creator="@nobody"), *plan.picks[1:]))
    with pytest.raises(UsageError, match="@nobody"):
        report(stranger, build_roster(ROWS))


@pytest.mark.parametrize(("audience", "count"), [("team", 1), ("client", 0)])
def test_only_the_team_reads_why_a_plan_for_the_worst_outcomes_has_no_other_budgets(audience, count):
    plan, roster = planned(budget=60_000, worst_share=Fraction(1, 2)), build_roster(ROWS)
    base = replace(report_with_ranges(plan, roster), edition=Edition(audience=audience))
    session, limits = PlanSession.from_plan(plan, roster), SolveLimits(seconds=60.0)
    warnings = with_analysis(base, session, limits=limits, solver=solver("cbc")).warnings
    assert len([text for text in warnings if "other budgets" in text]) == count
    assert not any("--" in text for text in warnings)


def test_a_solver_that_fails_at_other_budgets_leaves_the_plan(monkeypatch):
    def fail(*args, **given):
        raise BackendError("it died")

    monkeypatch.setattr(module, "frontier_around_plan", fail)
    result = report(planned(budget=60_000), build_roster(ROWS))
    assert result.frontier is None
    assert result.ranges is not None
    assert result.warnings == ("other budgets are not shown: the solver failed at them: it died",)


def test_the_report_of_a_file_has_other_budgets_only_with_its_roster(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("roster.csv").write_text("creator,followers,fee,engagements\n@a,9000,100,400\n@b,9000,150,500\n", "utf-8")
    roster = read_roster("roster.csv")
    plan = optimize(roster, build_campaign(budget=20_000), limits=SolveLimits(seconds=60.0), solver=solver("cbc"))
    Path("plan.json").write_text(plan_renderer("json")(plan), "utf-8")
    result = report_from_file("plan.json", steps=3)
    assert [point.budget for point in result.frontier.points] == [10_000, 20_000, 40_000]
    assert result.ranges is not None
    Path("roster.csv").unlink()
    result = report_from_file("plan.json", steps=3)
    assert (result.frontier, result.ranges) == (None, None)
    assert "roster.csv" in result.missing


def test_the_plan_of_a_version_without_some_keys_has_a_report_with_its_roster(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("roster.csv").write_text("creator,followers,fee,engagements\n@a,9000,100,400\n@b,9000,150,500\n", "utf-8")
    plan = optimize(read_roster("roster.csv"), build_campaign(budget=20_000), limits=SolveLimits(seconds=60.0))
    value = json.loads(plan_renderer("json")(plan))
    for pick in value["picks"]:
        for key in ("wave", "posting_date", "approval_date", "briefing_date"):
            del pick[key]
    Path("plan.json").write_text(json.dumps(sealed(value)), "utf-8")
    assert report_from_file("plan.json", steps=3).ranges is not None
