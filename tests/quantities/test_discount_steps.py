"""Discounts that rise with the number of units or posts."""

import re
from fractions import Fraction

import pytest

from microopt.quantities.discount_steps import parse_discount_steps, volume_discount


def test_the_greatest_step_reached_counts():
    steps = parse_discount_steps("5:20%; 3+: 12.5%")
    assert [volume_discount(steps, units) for units in (2, 3, 4, 5, 9)] == [
        0,
        Fraction(1, 8),
        Fraction(1, 8),
        Fraction(1, 5),
        Fraction(1, 5),
    ]


def test_steps_may_say_what_they_count():
    steps = parse_discount_steps("3 posts: 10%; 6+ Posts:20%")
    assert steps == ((3, Fraction(1, 10)), (6, Fraction(1, 5)))
    assert parse_discount_steps("2 units: 5%") == ((2, Fraction(1, 20)),)


@pytest.mark.parametrize("text", ["10%", "3 reels: 10%", "3:120%", "1 post: 50%", "2:100%", "2:10%;3:9%", "2:5%;2:6%"])
def test_other_texts_are_no_steps(text):
    with pytest.raises(ValueError, match=re.escape(text)):
        parse_discount_steps(text)


def test_steps_with_many_spaces_are_parsed_in_an_instant():
    with pytest.raises(ValueError, match="3"):
        parse_discount_steps(f"3{' ' * 50_000}10%")
