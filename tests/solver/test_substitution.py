"""Substitutes for one column of a plan, compared with every plan that exchanges it."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.solver.integer_variable import IntegerVariable
from microopt.solver.quota import Quota
from microopt.solver.substitution import Substitutions
from tests.solver.builders import CALM, line, picks, pool, program


def exchanged(instance, plan, column, waived=frozenset(), value=None):
    """Return every plan with another column in place of one, by enumeration: the best first."""
    rest, found = [other for other in plan if other != column], []
    taken = {int(instance.group[other]) for other in plan}
    hard = [replace(row, lower=None, upper=None) if n in waived else row for n, row in enumerate(instance.rows)]
    relaxed = replace(instance, rows=tuple(hard))
    for other in range(len(instance)):
        columns = picks(*sorted([*rest, other]))
        if int(instance.group[other]) not in taken and not relaxed.violated_constraints(columns):
            objective = (value or instance.objective_value)(columns)
            found.append((-objective, int(instance.cost[other]), other))
    first = {}
    for objective, _, other in sorted(found):
        first.setdefault(int(instance.group[other]), (other, -objective))
    return list(first.values())


@st.composite
def programs(draw, pools=False, soft=False, integer=False, quotas=False):
    columns = draw(st.integers(4, 14))
    small = st.integers(-3, 9)
    lines = [
        line(
            draw(st.lists(small, min_size=columns, max_size=columns)),
            draw(st.none() | st.integers(-2, 8)),
            draw(st.none() | st.integers(4, 25)),
            label=f"row {number}",
        )
        for number in range(draw(st.integers(1, 4)))
    ]
    lines += [line([int(i in pair) for i in range(columns)], upper=1, label="pair") for pair in draw(PAIRS)]
    if soft:
        lines[0] = replace(lines[0], penalty=draw(st.sampled_from((0.5, 3.25))))
    shares = draw(st.lists(st.sampled_from((0.0, 0.1, 0.3)), min_size=columns, max_size=columns))
    instance = program(
        draw(st.lists(st.integers(-5, 20), min_size=columns, max_size=columns)),
        *lines,
        group=sorted(draw(st.lists(st.integers(0, columns - 1), min_size=columns, max_size=columns))),
        cost=draw(st.lists(st.integers(1, 3), min_size=columns, max_size=columns)),
        pools=[pool(shares, size=60, objective=1.5), pool(shares[::-1], size=40)] if pools else [],
    )
    instance = replace(instance, group=np.unique(instance.group, return_inverse=True)[1].astype(np.int32))
    if pools:
        floor = replace(line([0] * (columns - 1) + [1], 6, label="net"), penalty=None)
        people = replace(instance.pools[1], row=len(instance.rows), objective=0.0)
        instance = replace(instance, rows=(*instance.rows, floor), pools=(instance.pools[0], people))
    if integer:
        number = len(instance.rows)
        theta = line(draw(st.lists(st.integers(0, 9), min_size=columns, max_size=columns)), 0, label="worst")
        variable = IntegerVariable(coefficients={number: -1}, upper=60, objective=2)
        instance = replace(instance, rows=(*instance.rows, theta), integer=variable)
    if quotas:
        amounts = np.asarray(
            draw(st.lists(st.lists(small, min_size=columns, max_size=columns), min_size=5, max_size=5))
        )
        quota = Quota(label="in 60%", columns=np.arange(columns), amounts=amounts, floors=np.full(5, 6), may_fail=2)
        instance = replace(instance, quotas=(quota,))
    return instance


PAIRS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 13)), max_size=3)


def check(data, instance, value=None):
    plan = []
    for column in data.draw(st.permutations(range(len(instance)))):
        if int(instance.group[column]) not in {int(instance.group[other]) for other in plan} and len(plan) < 4:
            plan.append(column)
    columns = picks(*sorted(plan))
    waived = frozenset()
    if instance.rows and data.draw(st.booleans()):
        waived = frozenset({data.draw(st.integers(0, len(instance.rows) - 1))})
        assume(not any(pool.row in waived for pool in instance.pools))
        assume(instance.integer is None and instance.rows[min(waived)].penalty is None)
    waives = {plan[0]: waived}
    substitutions = Substitutions(program=instance, plan=columns, waived=waives, value=value)
    for column in plan:
        expected = exchanged(instance, plan, column, waives.get(column, frozenset()), value)
        found = substitutions.best(column, 3)
        assert [(each.column, each.objective) for each in found] == expected[:3]
        least = data.draw(st.integers(-10, 60))
        better = [each for each in expected if each[1] > least]
        found = substitutions.best(column, 2, least=least)
        assert [(each.column, each.objective) for each in found] == better[:2]


@CALM
@given(st.data())
def test_substitutes_are_those_of_an_enumeration(data):
    check(data, data.draw(programs()))


@CALM
@given(st.data())
def test_substitutes_count_net_reach_and_penalties_as_plans_do(data):
    check(data, data.draw(programs(pools=True, soft=data.draw(st.booleans()))))


@CALM
@given(st.data())
def test_substitutes_count_the_integer_variable_of_the_worst_scenarios(data):
    check(data, data.draw(programs(integer=True)))


@CALM
@given(st.data())
def test_substitutes_keep_quotas(data):
    check(data, data.draw(programs(quotas=True)))


@CALM
@given(st.data())
def test_a_value_that_the_rows_only_bound_decides_the_order(data):
    instance = data.draw(programs(integer=True))
    check(data, instance, lambda columns: instance.objective_value(columns) - int(columns.sum()) % 7)


def test_many_narrow_rows_are_read_at_once_and_kept(monkeypatch):
    columns = 60
    rows = [line([int(i in (k, k + 20)) for i in range(columns)], upper=1) for k in range(20)]
    instance = program(range(columns), *rows)
    plan = picks(*range(20))
    found = Substitutions(program=instance, plan=plan).best(3, 3)
    assert [each.column for each in found] == [59, 58, 57]
    assert [each.column for each in Substitutions(program=instance, plan=picks(3)).best(3, 1)] == [59]
    narrow = replace(instance, rows=(*rows, line([int(i == 23) for i in range(columns)], 1)))
    assert [each.column for each in Substitutions(program=narrow, plan=plan).best(3, 3)] == [23]
    assert Substitutions(program=narrow, plan=plan).best(4, 3) == []
