"""Campaigns in turn, where time ends before the joint program has a solution: all limits are kept, none is proven."""

import pytest
from msgspec.structs import replace

from microopt.campaign.portfolio import Capacity
from microopt.campaign.rule_grammar import parse_rule
from microopt.plan.portfolio import PortfolioPlan
from microopt.planning.portfolio import solve_portfolio as module
from microopt.planning.portfolio.clash import PortfolioDiagnosis
from microopt.solver.result import Limit, Termination
from tests.planning.portfolio.test_shared_by_hand import bought, member, shared, written


@pytest.fixture
def no_solution(monkeypatch):
    """Let the joint program end without a solution."""
    solve_joint = module.solve_joint

    def unsolved(*args, **facts):
        solved = solve_joint(*args, **facts)
        nothing = {"termination": Termination.UNKNOWN, "limit": Limit.TIME, "columns": None, "objective": None}
        return replace(solved, result=replace(solved.result, **nothing))

    monkeypatch.setattr(module, "solve_joint", unsolved)


@pytest.mark.usefixtures("no_solution")
def test_campaigns_in_turn_keep_the_limits_of_the_house_and_are_not_called_best(tmp_path):
    rosters = [written(tmp_path, name, anna=(100, 10), ben=(90, 9), cleo=(80, 3)) for name in ("glow", "dew")]
    members = [member("glow", budget=20_000), member("dew", budget=20_000)]
    answer = shared(members, rosters, budget=30_000, capacity=Capacity(campaigns=1))
    names = [name for each in bought(answer).values() for name in each]
    assert names and len(names) == len(set(names))
    assert isinstance(answer.plan, PortfolioPlan) and answer.plan.spend <= 30_000
    assert answer.plan.proof.status == "feasible"
    assert answer.plan.proof.bound >= answer.plan.proof.objective


@pytest.mark.usefixtures("no_solution")
def test_campaigns_in_turn_are_no_answer_where_they_break_a_rule_of_the_house(tmp_path):
    rosters = [written(tmp_path, name, anna=(100, 10), ben=(100, 9)) for name in ("glow", "dew")]
    members = [member("glow", budget=10_000), member("dew", budget=10_000)]
    answer = shared(members, rosters, rules=(parse_rule("creator:@ben count >= 50%"),))
    assert isinstance(answer, PortfolioDiagnosis)
