"""Names beside dots cover neither a dot nor each other, and stay within the plot."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from microopt.rendering.charts.label_placement import DOT_RADIUS, SIDES, Box, place_labels

WIDTH, HEIGHT = 600.0, 300.0
DOTS = st.lists(st.tuples(st.floats(0, WIDTH), st.floats(0, HEIGHT)), max_size=40)


def placed(dots, names=None, most=12):
    names = names or [f"@name{number}" for number in range(len(dots))]
    return place_labels(dots, names, range(len(dots)), width=WIDTH, height=HEIGHT, most=most), names


@given(DOTS)
def test_nothing_is_covered(dots):
    found, names = placed(dots)
    boxes = {number: side.box(*dots[number], names[number]) for number, side in found.items()}
    assert not any(one.overlaps(other) for one, other in combinations(boxes.values(), 2))
    assert all(box.inside(WIDTH, HEIGHT) for box in boxes.values())
    for number, box in boxes.items():
        for place, (x, y) in enumerate(dots):
            dot = Box(x - DOT_RADIUS, y - DOT_RADIUS, x + DOT_RADIUS, y + DOT_RADIUS)
            assert place == number or not box.overlaps(dot)


def test_a_dot_alone_has_its_name_to_the_right():
    assert placed([(100.0, 100.0)])[0] == {0: SIDES[0]}


def test_at_the_right_end_the_name_stands_to_the_left():
    assert placed([(WIDTH - 5, 100.0)])[0][0].align == "right"


def test_a_name_of_wide_characters_takes_the_room_of_two_each():
    assert placed([(WIDTH - 100, 100.0)], ["@abcdefgh"])[0][0].align == "left"
    assert placed([(WIDTH - 100, 100.0)], ["@漢字漢字漢字漢字"])[0][0].align == "right"


def test_no_more_names_than_asked_for():
    dots = [(100.0 * column + 50, 60.0 * row + 20) for column in range(5) for row in range(5)]
    assert len(placed(dots, most=3)[0]) == 3
