"""The time that several solves share."""

import pytest

from microopt.planning import time_budget
from microopt.planning.build_problem import build_problem
from microopt.planning.time_budget import TimeBudget, estimate_picks, reserve_for_picks
from microopt.signals import note_interrupt
from microopt.solver import result
from microopt.solver.result import SolveLimits
from tests.planning.builders import build_campaign
from tests.solver.builders import roster


def test_a_share_is_of_the_time_left_and_reports_under_its_name():
    calls = []
    seconds = TimeBudget(SolveLimits(seconds=100.0, gap=0.1, report=lambda *facts: calls.append(facts)))
    share = seconds.limits_for("mix", 0.25)
    share.report("solving", 1, 2)
    assert share.seconds == pytest.approx(25.0, abs=0.5)
    assert share.gap == 0.1
    assert calls == [("mix", None, None), ("mix", 1, 2)]


def test_without_a_limit_every_share_is_unlimited():
    seconds = TimeBudget(SolveLimits())
    assert (seconds.limits_for("mix", 0.5).seconds, seconds.seconds_left, seconds.exhausted) == (None, None, False)


def test_all_limits_end_at_one_moment_whenever_their_seconds_begin_to_count(monkeypatch):
    monkeypatch.setattr(result, "perf_counter", lambda: 107.0)
    limits = SolveLimits(seconds=10.0, end=110.0)
    assert limits.remaining(107.0).seconds == 3.0
    assert limits.remaining(98.0).seconds == 1.0
    assert limits.remaining(107.0, 0.5).seconds == 1.5
    assert limits.remaining(107.0, 0.5).end == 110.0
    assert limits.without_last(2.0).remaining(107.0).seconds == 1.0
    assert SolveLimits(end=106.0).remaining(107.0).seconds == 0.0


def test_no_task_starts_without_time():
    assert TimeBudget(SolveLimits(seconds=0.0)).run(lambda limits: 1, "a", 1.0) is None


@pytest.mark.parametrize("limit", ["interrupt", "time", None])
def test_only_an_interrupt_ends_it(limit):
    seconds = TimeBudget(SolveLimits())
    seconds.note_interrupt(limit)
    assert seconds.exhausted is (limit == "interrupt")
    assert seconds.run(lambda limits: 1, "a", 1.0) == (None if limit == "interrupt" else 1)


def test_an_interrupt_within_a_task_ends_it():
    def stopped(limits):
        raise KeyboardInterrupt

    seconds = TimeBudget(SolveLimits())
    assert seconds.run(stopped, "a", 1.0) is None
    assert seconds.exhausted


@pytest.mark.parametrize("seconds", [None, 100.0])
def test_after_an_interrupt_that_a_solve_kept_to_itself_nothing_is_solved_any_more(seconds):
    time_budget = TimeBudget(SolveLimits(seconds=seconds))
    note_interrupt()
    try:
        assert time_budget.exhausted
        assert SolveLimits(seconds=seconds).remaining(time_budget.start).seconds == 0
    finally:
        note_interrupt(False)
    assert not time_budget.exhausted


def problem_of(fees, budget):
    offers = roster([f"@a{number}" for number in range(len(fees))], fee=fees)
    return build_problem(offers, build_campaign(budget=budget))[0]


def test_about_so_many_picks_are_expected_as_the_budget_buys():
    assert estimate_picks(problem_of([100] * 50, 2_000)) == 20
    assert estimate_picks(problem_of([100] * 50, 100_000)) == 50
    assert estimate_picks(problem_of([100] * 50, None)) == 0


def test_of_many_offers_a_sample_tells_how_many_picks_there_will_be(monkeypatch):
    monkeypatch.setattr(time_budget, "SAMPLE", 10)
    assert estimate_picks(problem_of([100] * 50, 2_000)) == 20


def test_the_solve_leaves_the_time_that_its_plan_takes_to_write(monkeypatch):
    monkeypatch.setattr(time_budget, "SECONDS_PER_PICK", 0.1)
    problem = problem_of([100] * 50, 2_000)
    assert reserve_for_picks(problem, SolveLimits(seconds=10.0)).seconds == pytest.approx(8.0)
    assert reserve_for_picks(problem, SolveLimits(seconds=1.0)).seconds == pytest.approx(0.3)
    assert reserve_for_picks(problem, SolveLimits()).seconds is None
