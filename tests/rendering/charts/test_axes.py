"""Ticks stand at round numbers, in steps of 1, 2 or 5, and are written as a language writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.rendering.charts.axes import log_ticks, padded_log_domain, ticks, written_axis

NUMBERS = st.floats(0.001, 1e9)


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [
        (0, 10, [0, 2, 4, 6, 8, 10]),
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (10_000, 40_000, [10_000, 15_000, 20_000, 25_000, 30_000, 35_000, 40_000]),
        (3, 3, [3]),
    ],
)
def test_ticks_are_round(low, high, found):
    assert ticks(low, high) == pytest.approx(found)


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [
        (9, 120, [10, 20, 50, 100]),
        (20, 9_000, [30, 100, 300, 1_000, 3_000]),
        (0.5, 2e6, [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000][::2]),
        (41, 47, [41, 42, 43, 44, 45, 46, 47]),
    ],
)
def test_ticks_of_a_logarithmic_scale_are_round(low, high, found):
    assert log_ticks(low, high) == pytest.approx(found)


@given(NUMBERS, NUMBERS)
def test_ticks_lie_between_the_ends_and_are_few(one, other):
    low, high = sorted((one, other))
    for found in (ticks(low, high), log_ticks(*padded_log_domain([low, high]))):
        assert 1 <= len(found) <= 8
    little = (high - low) * 1e-6
    assert all(low - little <= tick <= high + little for tick in ticks(low, high))


def test_an_axis_writes_its_ticks():
    axis = written_axis([0.1, 0.2], lambda share: f"{share * 100:.0f} %").to_dict()
    assert axis["values"] == [0.1, 0.2]
    assert axis["labelExpr"] == '["10 %", "20 %"][indexof([0.1, 0.2], datum.value)]'
