"""The discount of a retainer."""

from fractions import Fraction

import numpy as np
from msgspec.structs import replace

from microopt.roster.retainers import retainer_shares, retainer_step, with_retainer
from microopt.roster.roster import NO_FEE
from tests.solver.builders import roster

STEPS = ((3, Fraction(1, 10)), (6, Fraction(1, 5)))


def test_the_highest_step_that_is_reached_counts():
    assert retainer_shares(STEPS) == (0, Fraction(1, 10), Fraction(1, 5))
    assert retainer_step(STEPS, np.arange(8)).tolist() == [0, 0, 0, 1, 1, 1, 2, 2]
    assert retainer_step((), np.arange(3)).tolist() == [0, 0, 0]


def test_fees_are_less_by_exact_cents_and_half_a_cent_goes_to_the_even_one():
    listed = roster(["@a"] * 5, fee=[10_001, 10_005, 10_015, 0, NO_FEE])
    signed = with_retainer(listed, retainer_shares(STEPS), np.ones(5, dtype=np.int64))
    assert signed.fee.tolist() == [9_001, 9_004, 9_014, 0, NO_FEE]  # 9,000.9; 9,004.5; 9,013.5
    assert signed.discount_share.tolist() == [0.09999999999999998] * 5


def test_a_retainer_is_taken_on_what_a_volume_discount_leaves():
    listed = replace(roster(["@a"], fee=[9_000]), discount_share=np.asarray([0.1]))
    signed = with_retainer(listed, retainer_shares(STEPS), np.asarray([2]))
    assert signed.fee.tolist() == [7_200]
    assert np.allclose(signed.discount_share, 0.28)


def test_without_steps_nothing_changes():
    listed = roster(["@a"])
    assert with_retainer(listed, retainer_shares(()), np.zeros(1, dtype=np.int64)) is listed
