"""A chart shows every point in its place, fits its size, and has nothing that a plain terminal lacks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.rendering.terminal.line_chart import line_chart
from tests.scale import examples
from tests.solver.builders import CALM

FIGURES = st.floats(-1e9, 1e9).map(lambda figure: round(figure, 3)) | st.integers(0, 10**10).map(float)
FRAME = set("┌┐└┘─│┤├┬┴┼ ")


def drawn(xs, ys, width=80, height=15, **more):
    return line_chart(xs, ys, width=width, height=height, x_label="Conversions", y_label="Engagements", **more)


def places(text, sign):
    """Return (column, line) of each sign within the frame, the line counted from the bottom."""
    inside = [line.partition("┤")[2] or line.partition("│")[2] for line in text.splitlines()]
    return [
        (reference, -number)
        for number, line in enumerate(inside)
        for reference, mark in enumerate(line)
        if mark == sign
    ]


@settings(CALM, max_examples=examples(60))
@given(st.lists(st.tuples(FIGURES, FIGURES), min_size=1, max_size=20), st.sampled_from((40, 80, 100)))
def test_any_points_fit_the_size_without_colors_or_rare_signs(points, width):
    text = drawn(*zip(*points, strict=True), width=width)
    lines = text.splitlines()
    assert (len(lines), lines[0]) == (15, "Engagements")
    assert max(map(len, lines)) <= width
    assert all(mark in FRAME or mark.isascii() or "\u2800" <= mark <= "\u28ff" for line in lines for mark in line)
    assert "o" in "".join(lines[1:-1])


def test_points_stand_in_their_order_and_marked_ones_differ():
    text = drawn([100, 120, 150, 160], [60_000, 58_000, 40_000, 10_000], marks=[2])
    (marked,) = places(text, "X")
    result = sorted([*places(text, "o"), marked])
    assert result.index(marked) == 2
    assert [line for _, line in result] == sorted((line for _, line in result), reverse=True)
    assert len({*result}) == 4


@settings(CALM, max_examples=examples(40))
@given(st.lists(st.integers(0, 1_000), min_size=3, max_size=8, unique=True))
def test_every_point_is_on_the_line(ys):
    text = drawn(range(len(ys)), ys)
    dots = {(reference, line) for mark in map(chr, range(0x2801, 0x2900)) for reference, line in places(text, mark)}
    dots |= set(places(text, "o"))
    for reference, line in places(text, "o"):
        neighbors = {(reference + right, line + up) for right in (-1, 0, 1) for up in (-1, 0, 1)} - {(reference, line)}
        assert neighbors & dots


@pytest.mark.parametrize("columns", ["20", "300"])
def test_the_size_is_what_is_asked_for_on_any_terminal(columns, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("LINES", "5")
    assert max(map(len, drawn([1, 2], [3, 4], width=100).splitlines())) == 100


@pytest.mark.parametrize(
    ("ys", "expected"),
    [
        ([51_600, 63_900], ["52k", "54k", "62k"]),
        ([12_220, 12_300], ["12,220", "12,260", "12,300"]),
        ([0.5, 2.1], ["0.5", "1.5", "2.0"]),
        ([1_000_000, 9_000_000], ["2M", "4M", "8M"]),
        ([7, 7], ["6.5", "7.0"]),
    ],
)
def test_figures_of_an_axis_are_round_and_told_apart(ys, expected):
    lines = drawn([1, 2], ys).splitlines()
    figures = [line.partition("┤")[0].strip() for line in lines if "┤" in line]
    assert set(expected) <= set(figures)
    assert len(figures) == len(set(figures)) >= 1


def test_one_point_is_a_chart_too():
    assert len(places(drawn([5], [9]), "o")) == 1
