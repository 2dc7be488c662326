"""Rows of cells are drawn alike whether they are plain lines or have styles, breaks and cuts."""

from rich.text import Text

from microopt.rendering.terminal.grid import Grid
from microopt.rendering.terminal.screen import Screen


def drawn(*rows, widths=(6, 4), color=False, **more):
    grid = Grid(widths, ["left", "right"], 2)
    for row in rows:
        grid.add_row(row, **more)
    return Screen(width=40, color=color).render(grid).splitlines()


def test_plain_and_styled_cells_stand_in_the_same_columns():
    plain, styled = [Text("@anna"), Text("12")], [Text("@anna", style="bold"), Text.assemble(("1", "dim"), "2")]
    assert drawn(plain) == drawn(styled) == ["@anna     12"]


def test_wide_characters_take_two_columns():
    assert drawn([Text("美妆"), Text("7")], [Text("@bo"), Text("7")]) == ["美妆       7", "@bo        7"]


def test_a_long_cell_is_cut_or_continues_below():
    cut, wrapped = Text("@annabel", overflow="ellipsis", no_wrap=True), Text("red green")
    assert drawn([cut, Text("7")]) == ["@anna…     7"]
    assert drawn([wrapped, Text("7")]) == ["red        7", "green"]


def test_a_tab_is_shown_as_spaces():
    assert drawn([Text("a\tb"), Text("7")], widths=(10, 4)) == ["a       b      7"]


def test_headings_stand_at_the_bottom():
    assert drawn([Text("Name"), Text("a\nb")], at_bottom=True) == ["           a", "Name       b"]


def test_the_style_of_a_row_is_that_of_all_its_cells():
    assert drawn([Text("@bo"), Text("7")], color=True, style="bold") == ["\x1b[1m@bo        7\x1b[0m"]
    own = drawn([Text("@bo"), Text("7", style="red")], color=True, style="bold")[0]
    assert "\x1b[1;31m   7\x1b[0m" in own
