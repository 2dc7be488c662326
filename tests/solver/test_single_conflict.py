"""Why no column can take a place: compared with every plan that has nobody, or one other, in it."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from microopt.solver.constraint import constraint
from microopt.solver.program import IntegerProgram
from microopt.solver.quota import Quota
from microopt.solver.single_conflict import conflict_of_place
from microopt.solver.substitution import Substitutions
from tests.planning.builders import CALM

SIZE = 5


@st.composite
def places(draw):
    numbers = st.lists(st.integers(0, 4), min_size=SIZE, max_size=SIZE).map(np.asarray)
    rows = [
        constraint(f"r{n}", draw(numbers), **{draw(st.sampled_from(("lower", "upper"))): draw(st.integers(0, 7))})
        for n in range(draw(st.integers(1, 4)))
    ]
    amounts = np.asarray([draw(numbers) for _ in range(3)])
    quota = Quota(
        label="q", columns=np.arange(SIZE), amounts=amounts, floors=np.full(3, draw(st.integers(0, 7))), may_fail=1
    )
    program = IntegerProgram(
        cost=np.zeros(SIZE, dtype=np.int64),
        objective=np.ones(SIZE, dtype=np.int64),
        group=np.arange(SIZE),
        rows=tuple(rows),
        quotas=(quota,),
    )
    return Substitutions(program=program, plan=np.asarray([0, 1]))


def can_keep(program, labels):
    plans = [np.asarray(plan) for plan in ([1], [1, 2], [1, 3], [1, 4])]
    lines = [line for line in (*program.rows, *program.quotas) if line.label in labels]
    return any(all(_holds(line, plan) for line in lines) for plan in plans)


def _holds(line, plan):
    return line.holds(plan) if isinstance(line, Quota) else line.holds(line.activity(plan))


@CALM
@given(substitutions=places())
def test_a_conflict_is_one_in_which_every_label_is_needed(substitutions):
    program = substitutions.program
    conflict = conflict_of_place(substitutions, 0)
    assert bool(conflict) != can_keep(program, program.labels)
    if conflict:
        assert not can_keep(program, conflict)
        assert all(can_keep(program, set(conflict) - {label}) for label in conflict)
