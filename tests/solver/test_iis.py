"""Rows that cannot all be kept: each that is named is needed, and nothing is claimed that was not shown."""

import pytest
from hypothesis import assume, given, settings
from msgspec.structs import replace

from microopt.errors import AuditError
from microopt.solver.iis import any_drop_resolves, find_iis
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination
from tests.solver.builders import CALM, FREE, line, net_programs, picks, program, programs, solver, subsets
from tests.support.scripted_backend import ScriptedBackend


def named(instance):
    rows = tuple(replace(row, label=f"row {number}", penalty=None) for number, row in enumerate(instance.rows))
    return replace(instance, rows=rows)


def labels(instance):
    return tuple(row.label for row in instance.rows)


def some(instance, remaining):
    """Return the program in which only rows of these labels hold."""
    rows = [row if row.label in remaining else replace(row, lower=None, upper=None) for row in instance.rows]
    return replace(instance, rows=tuple(rows))


# Two of three columns, at most one of them: and a row that has no part in it.
OF = program(
    [1, 1, 1],
    line([1, 1, 1], lower=2, label="two"),
    line([5, 0, 0], upper=3, label="apart"),
    line([1, 1, 1], upper=1, label="one"),
)
HALVES = program(
    [1, 1, 1],
    line([1, 1, 0], 1, 1, label="ab"),
    line([0, 1, 1], 1, 1, label="bc"),
    line([1, 0, 1], 1, 1, label="ac"),
    line([1, 1, 1], upper=3, label="apart"),
)


def check(instance, result):
    """Each label is needed, and together they cannot be kept."""
    assert result.irreducible
    assert not len(subsets(some(instance, result.labels)))
    for label in result.labels:
        assert len(subsets(some(instance, set(result.labels) - {label})))


def test_rows_that_are_no_part_of_it_are_not_named():
    result = find_iis(OF, solver("cbc"), FREE, candidates=labels(OF))
    assert (result.labels, result.irreducible, result.proven_by) == (("two", "one"), True, "prices alone")


def test_rows_that_always_hold_are_not_named():
    result = find_iis(OF, solver("cbc"), FREE, candidates=("apart", "one"), always=("two",))
    assert (result.labels, result.irreducible) == (("one",), True)


def test_a_plain_conflict_is_named_rather_than_another_one():
    two = replace(OF, rows=(*OF.rows, line([1, 1, 1], upper=0, label="none")))
    assert "none" in find_iis(two, solver("cbc"), FREE, candidates=labels(two)).labels
    found = find_iis(two, solver("cbc"), FREE, candidates=labels(two), plain=("two", "apart", "one"))
    assert found.labels == ("two", "one")
    check(two, found)
    found = find_iis(two, solver("cbc"), FREE, candidates=labels(two), plain=("one", "none"))
    check(two, found)


def test_dropping_any_row_resolves_it_only_where_there_is_no_second_conflict():
    two = replace(OF, rows=(*OF.rows, line([1, 1, 1], lower=3, label="three")))
    for instance, resolved in ((OF, True), (two, False)):
        found = find_iis(instance, solver("cbc"), FREE, candidates=labels(instance))
        check(instance, found)
        assert any_drop_resolves(instance, solver("cbc"), FREE, labels=found.labels) is resolved


def test_dropping_is_not_said_to_resolve_it_where_that_is_not_proven():
    no_time = SolveLimits(seconds=0.0)
    assert not any_drop_resolves(HALVES, solver("cbc"), no_time, labels=("ab", "bc", "ac"))
    assert any_drop_resolves(HALVES, solver("cbc"), FREE, labels=("ab", "bc", "ac"))


def test_what_only_whole_columns_break_rests_on_the_backend():
    backend = solver("cbc")
    result = find_iis(HALVES, backend, FREE, candidates=labels(HALVES))
    assert result.labels == ("ab", "bc", "ac")
    assert result.proven_by == f"branch and bound of CBC {solver('cbc').version}"


@CALM
@given(programs(columns=7, rows=6, soft=False))
def test_each_row_that_is_named_is_needed(instance):
    instance = named(instance)
    assume(not len(subsets(instance)))
    check(instance, find_iis(instance, solver("highs"), FREE, candidates=labels(instance)))


@settings(CALM, derandomize=True)  # HiGHS may branch without end on a rare program with net reach
@given(net_programs(columns=6, valued=False, floors=True))
def test_floors_on_net_reach_are_named_where_they_are_needed(instance):
    instance = named(instance)
    assume(not len(subsets(instance)))
    check(instance, find_iis(instance, solver("highs"), FREE, candidates=labels(instance)))


def test_a_known_plan_needs_no_solve():
    fake = ScriptedBackend(real=solver("highs"))
    find_iis(OF, fake, FREE, candidates=labels(OF), initial_plans=[picks(1), picks(1, 2)])
    without = ScriptedBackend(real=solver("highs"))
    find_iis(OF, without, FREE, candidates=labels(OF))
    assert len(fake.asked) < len(without.asked)


def test_a_false_infeasible_is_refused_where_a_plan_keeps_all():
    instance = program([1, 1], line([1, 1], lower=1, label="one"))
    with pytest.raises(AuditError, match="calls rules infeasible that a plan keeps"):
        find_iis(instance, solver("highs"), FREE, candidates=("one",))


def test_where_a_limit_comes_first_nothing_is_claimed():
    stuck = ScriptedBackend(solve=[SolveResult(termination=Termination.UNKNOWN, limit=Limit.TIME)] * 99)
    assert find_iis(HALVES, stuck, SolveLimits(seconds=9), candidates=labels(HALVES)) is None


def test_a_check_that_did_not_finish_leaves_the_set_unclaimed():
    stuck = SolveResult(termination=Termination.UNKNOWN, limit=Limit.TIME)
    fake = ScriptedBackend(solve=[SolveResult(termination=Termination.INFEASIBLE), *[stuck] * 99], real=None)
    result = find_iis(HALVES, fake, FREE, candidates=labels(HALVES))
    assert not result.irreducible
    assert result.labels == labels(HALVES)


def test_ctrl_c_ends_it():
    interrupted = ScriptedBackend(solve=[SolveResult(termination=Termination.UNKNOWN, limit=Limit.INTERRUPT)])
    with pytest.raises(KeyboardInterrupt):
        find_iis(HALVES, interrupted, FREE, candidates=labels(HALVES))
