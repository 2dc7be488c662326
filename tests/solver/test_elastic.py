"""The elastic program: what a plan leaves is priced, and the best plan leaves least."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.solver.constraint import constraint
from microopt.solver.elastic import SCALE, elastic_program
from microopt.solver.result import Termination
from microopt.solver.search import solve
from tests.solver.builders import CALM, FREE, best, line, picks, pool, program, programs, solver, subsets, values

FLOOR = line([1, 1, 1], lower=4, label="floor")


def test_a_plan_is_worth_what_it_leaves_as_a_share_of_the_limit():
    instance = elastic_program(program([5, 5, 5], FLOOR)).program
    assert [instance.objective_value(picks(*chosen)) for chosen in ((), (0,), (0, 1, 2))] == [
        -SCALE,
        -SCALE * 3 // 4,
        -SCALE // 4,
    ]


def test_each_side_of_a_row_is_priced_by_its_own_limit():
    instance = elastic_program(program([0, 0, 0], line([4, 4, 4], lower=2, upper=8, label="both"))).program
    assert instance.objective_value(picks()) == -SCALE
    assert instance.objective_value(picks(0, 1, 2)) == -SCALE // 2


def test_a_limit_below_one_of_what_the_user_writes_counts_as_one():
    cents = constraint("budget", np.asarray([100, 50]), upper=50, unit=Fraction(1, 100))
    assert elastic_program(program([0, 0], cents)).program.objective_value(picks(0)) == -SCALE // 2
    assert (
        elastic_program(program([0, 0], cents), scales={"budget": Fraction(10)}).program.objective_value(picks(0))
        == -SCALE // 20
    )


@pytest.mark.parametrize("sign", [1, -1])
def test_a_dropped_label_costs_one_however_many_of_its_rows_break(sign):
    limits = {"upper": 0} if sign > 0 else {"lower": 0}
    rows = [line(np.asarray(row) * sign, label="pair", **limits) for row in ([1, 1, 0], [0, 2, 3])]
    elastic = elastic_program(program([0, 0, 0], *rows), dropped={"pair"})
    assert len(elastic.program) == 4
    assert elastic.program.violated_constraints(picks(0, 1, 2)) == ["pair", "pair"]
    assert not elastic.program.violated_constraints(picks(0, 1, 2, 3))
    assert elastic.program.objective_value(picks(0, 1, 2, 3)) == -SCALE
    assert elastic.original_columns(picks(0, 2, 3)).tolist() == [0, 2]


def test_a_dropped_label_has_no_penalty_of_its_own():
    row = replace(line([1, 1, 0], upper=0, label="pair"), penalty=1.0)
    elastic = elastic_program(program([0, 0, 0], row), dropped={"pair"}).program
    assert elastic.rows[0].penalty is None
    assert elastic.violated_constraints(picks(0)) == ["pair"]


def test_what_is_hard_stays():
    elastic = elastic_program(
        program([0, 0, 0], FLOOR, line([1, 0, 0], upper=0, label="pair")), dropped={"pair"}, hard={"pair"}
    )
    assert len(elastic.program) == 3
    assert elastic.program.violated_constraints(picks(0)) == ["pair"]


def test_pools_of_rows_stay_and_those_of_the_value_go():
    people = [pool([0.5, 0.5], objective=1.0), pool([0.5, 0.5], row=0)]
    instance = elastic_program(program([0, 0], line([0, 0], lower=10**6, label="net"), pools=people)).program
    assert [people.row for people in instance.pools] == [0]
    assert instance.objective_value(picks(0)) == pytest.approx(-SCALE / 2, rel=1e-5)
    assert not instance.has_linear_objective


@CALM
@given(programs(columns=7, soft=False), st.data())
def test_the_best_of_it_is_the_plan_that_leaves_least(instance, data):
    labels = [f"row {number}" for number in range(len(instance.rows))]
    named = replace(
        instance, rows=tuple(replace(row, label=name) for row, name in zip(instance.rows, labels, strict=True))
    )
    hard = set(data.draw(st.lists(st.sampled_from(labels), max_size=1))) if labels else set()
    requested = elastic_program(named, hard=hard).program
    answer = solve(requested, solver("highs"), FREE, cheapest=False)
    plans = subsets(requested)
    if not len(plans):
        assert answer.termination is Termination.INFEASIBLE
        return
    assert (answer.termination, answer.objective) == (Termination.OPTIMAL, int(values(requested, plans).max()))
    assert (answer.objective == 0) == (best(instance) is not None)
