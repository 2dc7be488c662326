"""Two programs have one fingerprint only where they ask the same question."""

import pytest
from msgspec.structs import replace

from microopt.solver.fingerprint import fingerprint
from microopt.solver.integer_variable import IntegerVariable
from tests.solver.builders import line, pool, program

PLAIN = program(
    [5, 4, 3], line([1, 2, 3], upper=4), line([1, 0, 1], lower=1), pools=[pool([0.1, 0.2, 0.0], objective=1.0)]
)
OTHERS = {
    "value": program([5, 4, 2], *PLAIN.rows, pools=PLAIN.pools),
    "cost": program([5, 4, 3], *PLAIN.rows, cost=[1, 1, 2], pools=PLAIN.pools),
    "group": program([5, 4, 3], *PLAIN.rows, group=[0, 0, 1], pools=PLAIN.pools),
    "bound": replace(PLAIN, rows=(replace(PLAIN.rows[0], upper=5), PLAIN.rows[1])),
    "open": replace(PLAIN, rows=(replace(PLAIN.rows[0], upper=None), PLAIN.rows[1])),
    "side": replace(PLAIN, rows=(replace(PLAIN.rows[0], upper=None, lower=4), PLAIN.rows[1])),
    "label": replace(PLAIN, rows=(replace(PLAIN.rows[0], label="other"), PLAIN.rows[1])),
    "order": replace(PLAIN, rows=PLAIN.rows[::-1]),
    "fewer rows": replace(PLAIN, rows=PLAIN.rows[:1]),
    "coefficient": replace(PLAIN, rows=(line([1, 2, 4], upper=4), PLAIN.rows[1])),
    "no pools": replace(PLAIN, pools=()),
    "size": replace(PLAIN, pools=(replace(PLAIN.pools[0], size=1_000_001),)),
    "weight": replace(PLAIN, pools=(replace(PLAIN.pools[0], objective=1.5),)),
    "integer": replace(PLAIN, integer=IntegerVariable(coefficients={0: 1}, upper=3)),
    "row": replace(PLAIN, pools=(replace(PLAIN.pools[0], row=1),)),
}


@pytest.mark.parametrize("second", OTHERS)
def test_any_difference_makes_another(second):
    assert fingerprint(OTHERS[second]) != fingerprint(PLAIN)


def test_tangents_are_a_backends_and_make_no_difference():
    closer = replace(PLAIN, pools=tuple(people.with_tangents([5, 6]) for people in PLAIN.pools))
    assert fingerprint(closer) == fingerprint(PLAIN)
