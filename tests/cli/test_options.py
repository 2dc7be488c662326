"""Options that commands share: how exactly a plan is to be proven."""

import json
from time import perf_counter

import pytest
from msgspec.structs import replace

from microopt.cli.exit_codes import Exit
from microopt.cli.options import SolveOptions, parse_gap
from microopt.planning import problem_run as study
from microopt.planning.problem_run import solve_for_goal
from microopt.solver.result import NEGLIGIBLE_GAP, Limit, Termination


@pytest.mark.parametrize(("flags", "code"), [((), Exit.OK), (("--exact",), Exit.UNPROVEN)])
def test_a_negligible_gap_is_a_success_unless_the_proof_is_to_be_exact(run, desk, monkeypatch, flags, code):
    def near_optimum(*arguments, **options):
        result = solve_for_goal(*arguments, **options)
        assert result.objective is not None
        left_open = {"termination": Termination.FEASIBLE, "limit": Limit.GAP, "is_cheapest": False}
        return replace(result, bound=result.objective + 1, **left_open)

    monkeypatch.setattr(study, "solve_for_goal", near_optimum)
    done = run("plan", "roster.csv", "--budget", "5000", *flags, "-o", "plan.json")
    assert done.exit_code == code
    assert "Proven best for your goal and rules to within 0.00000" in done.stdout
    plan = json.loads((desk / "plan.json").read_text(encoding="utf-8"))
    assert (plan["status"], plan["proof"]["limit"]) == ("feasible", "gap")
    assert 0 < plan["proof"]["gap"] < NEGLIGIBLE_GAP


def test_an_exact_proof_leaves_no_gap_open():
    assert SolveOptions().limits(print).negligible == SolveOptions().accepted_gap == NEGLIGIBLE_GAP
    assert SolveOptions(exact=True).limits(print).negligible == SolveOptions(exact=True).accepted_gap == 0
    assert SolveOptions(exact=True, gap=0.01).accepted_gap == 0.01


def test_the_limit_of_a_command_ends_at_one_moment_for_all_that_it_solves():
    limits = SolveOptions(time_limit=1e6).limits(print)
    assert limits.end is not None and limits.seconds is not None
    later = limits.remaining(perf_counter() + 1e3)  # a study that begins to count only then has no more time
    assert later.seconds is not None and later.seconds <= limits.seconds
    assert SolveOptions(time_limit=float("inf")).limits(print).end is None


@pytest.mark.parametrize(
    ("texts", "gap"),
    [(["1%"], 0.01), (["0.01"], 0.01), (["1e-6"], 1e-6), (["0"], 0.0), (["100%"], 1.0), (["5%", "0.5%"], 0.005)],
)
def test_a_gap_is_a_percent_or_a_fraction_and_the_last_one_counts(texts, gap):
    assert parse_gap(texts) == gap


def test_a_gap_in_percent_is_that_of_the_solve(run, monkeypatch):
    asked = []

    def noted(problem, program, solver, limits, *rest):
        asked.append(limits.gap)
        return solve_for_goal(problem, program, solver, limits, *rest)

    monkeypatch.setattr(study, "solve_for_goal", noted)
    assert run("plan", "roster.csv", "--budget", "5000", "--gap", "2%").exit_code == Exit.OK
    assert asked == [0.02]
