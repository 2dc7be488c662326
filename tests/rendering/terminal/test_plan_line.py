"""A plan in one line."""

from fractions import Fraction

import pytest

from microopt.rendering.terminal.plan_line import plan_line
from tests.rendering.builders import HOSTILE, pick, plan, proof
from tests.storage.database.builders import added, dropped, run_plan


def test_a_first_plan_is_one_line_of_its_figures():
    assert plan_line(plan()) == "optimal · 7 creators · $3,150 of $20,000 · 6,300 engagements · 14 conversions\n"


def test_a_gap_is_told():
    sample = plan(proof=proof(status="feasible", objective=Fraction(98), bound=Fraction(100)))
    assert plan_line(sample).startswith("feasible (gap 0.02) · ")


def test_who_came_and_left_is_told():
    sample = run_plan(1, "ab" * 32, switches=[added("@x"), dropped("@y"), dropped("@z")])
    assert plan_line(sample).endswith(" · added @x, dropped @y, @z\n")
    assert plan_line(run_plan(1, "ab" * 32)).endswith(" · nobody added or dropped\n")


def test_many_are_counted():
    sample = run_plan(1, "ab" * 32, switches=[added(f"@c{number}") for number in range(9)])
    assert plan_line(sample).endswith("added @c0, @c1, @c2, @c3, @c4 and 4 more\n")


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_hostile_names_stay_in_their_line(name):
    sample = run_plan(1, "ab" * 32, switches=[added(name)])
    assert len(plan_line(sample).splitlines()) == 1
    assert plan_line(plan([pick()])).startswith("optimal · 1 creator · ")
