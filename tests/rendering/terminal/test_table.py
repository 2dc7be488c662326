"""A terminal table fits its screen: figures are never cut, columns go by priority, names share what is left."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from microopt.rendering.terminal.screen import Screen
from microopt.rendering.terminal.table import Column, figure, keep_numbers_with_words, table
from tests.rendering.builders import HOSTILE
from tests.solver.builders import CALM

ROWS = [("@anna.longname", "12,345", "678"), ("@bo", "9", "1,000,000")]
COLUMNS = [
    Column("Creator", lambda row: row[0], min_width=6),
    figure("Engagements", lambda row: row[1], short_heading="Engage-\nments", priority=1),
    figure("Reach", lambda row: row[2], priority=2),
]


def lines(width, columns=COLUMNS, rows=ROWS, **more):
    return Screen(width=width).render(*table(columns, rows, Screen(width=width), **more)).splitlines()


def test_everything_is_shown_where_there_is_room():
    assert lines(80) == [
        "Creator         Engagements      Reach",
        "@anna.longname       12,345        678",
        "@bo                       9  1,000,000",
    ]


def test_a_narrow_screen_has_short_headings():
    assert lines(80, wide=100)[:2] == ["                Engage-", "Creator           ments      Reach"]


def test_names_are_cut_before_a_column_is_dropped():
    assert lines(32)[1] == "@anna.l…       12,345        678"


def test_gaps_shrink_before_a_column_is_dropped():
    assert lines(28)[1] == "@anna…      12,345       678"


def test_the_highest_priority_is_dropped_first():
    assert lines(24)[0].split() == ["Creator", "Engagements"]
    assert lines(14)[0].split() == ["Creator"]


def test_a_column_may_need_a_wide_screen():
    column = figure("Views", lambda row: "7", from_width=90)
    assert "Views" not in lines(89, [*COLUMNS, column])[0]
    assert lines(90, [*COLUMNS, column])[0].endswith("Views")


def test_a_suffix_stays_whole_where_its_value_is_cut():
    column = Column("Creator", lambda row: row[0], min_width=6, suffix=lambda row: "reel")
    assert lines(14, [column])[1] == "@anna.lo… reel"


def test_width_is_shared_by_weight_and_what_is_not_needed_goes_to_others():
    texts = [("a" * 50, "b" * 50), ("", "")]
    remaining, right = (Column(name, lambda row, n=n: row[n], min_width=4, share=3 - n) for n, name in enumerate("LR"))
    cells = lines(32, [remaining, right], texts)[1].split()
    assert list(map(len, cells)) == [18, 12]
    cells = lines(32, [remaining, right], [("aaaaa", "b" * 50)])[1].split()
    assert list(map(len, cells)) == [5, 25]


def test_wrapped_cells_continue_on_further_lines():
    column = Column("Because", lambda row: "one two three", min_width=5, wrap=True)
    assert lines(9, [column], ["row"]) == ["Because", "one two", "three"]


@pytest.mark.parametrize("width", range(24, 45))
def test_figures_that_wrap_do_so_between_words_and_never_within_a_number(width):
    columns = [
        Column("Mix", lambda row: "1,190 · 15%", "", "right", 6, wrap=True),
        Column("Reach", lambda row: "11.8M", priority=2),
        Column("From", lambda row: "over $12,500,000", "", "right", 8, priority=1, wrap=True),
    ]
    words = " ".join(lines(width, columns, [1])).split()
    assert "1,190" in words
    assert {"$12,500,000", "From"} <= {*words} or "From" not in words


def test_groups_have_a_heading_and_details_stand_below_their_row():
    output = lines(80, group=lambda row: "Large" if row[0] == "@bo" else "", details=lambda row: [f"about {row[0]}"])
    assert [line.split()[0] for line in output] == ["Creator", "@anna.longname", "about", "Large", "@bo", "about"]
    assert output[2] == "  about @anna.longname"


def test_a_table_without_rows_has_its_header():
    assert lines(80, rows=[]) == ["Creator  Engagements  Reach"]


@settings(CALM, max_examples=60)
@given(st.integers(24, 120), st.lists(st.sampled_from(sorted(HOSTILE.values())), min_size=1, max_size=5))
def test_no_line_is_wider_than_the_screen_and_no_figure_is_cut(width, names):
    output = lines(width, rows=[(name, "123,456", "7.8M") for name in names])
    assert max(map(cell_len, output)) <= width
    assert sum("123,456" in line for line in output) == len(names)


@pytest.mark.parametrize("name", HOSTILE)
def test_text_of_a_roster_is_one_line(name):
    assert len(lines(60, rows=[(HOSTILE[name], "1", "2")])) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@anna, @ben and 2 more; 3 dropped", "@anna, @ben and 2 more;\n3 dropped"),
        ("@anna, @ben and 12 more", "@anna, @ben and 12 more"),
        ("@anna and @benji, 1,204 people came", "@anna and @benji,\n1,204 people came"),
        ("25 creatorsofoneverylongname", "25 creatorsofoneverylongname"),
        ("from 1234567890123 to 5", "from 1234567890123 to 5"),
    ],
)
def test_a_line_breaks_before_a_number_and_not_between_it_and_its_word(text, expected):
    assert keep_numbers_with_words(text, 25) == expected


@settings(CALM, max_examples=60)
@given(st.text("ab 12,.", max_size=60), st.integers(1, 30))
def test_breaks_before_numbers_change_nothing_else(text, width):
    assert keep_numbers_with_words(text, width).replace("\n", " ") == text


def test_a_wrapped_cell_keeps_numbers_with_their_words():
    columns = [Column("New", lambda row: row, min_width=10, wrap=True)]
    text = Screen(width=25).render(*table(columns, ["@anna, @ben and 2 more; 3 dropped"], Screen(width=25)))
    assert text.splitlines()[1:] == ["@anna, @ben and 2 more;", "3 dropped"]


def test_what_a_column_means_is_said_once_and_only_where_it_is_shown():
    columns = [
        Column("Name", lambda row: row, min_width=4, legend="Name: a name."),
        figure("One", lambda row: "1", priority=1, legend="One and two: figures."),
        figure("Two", lambda row: "2", priority=2, legend="One and two: figures."),
    ]
    legends = []
    for width in (30, 9, 4):
        screen = Screen(width=width)
        _, legend = table(columns, ["abcd"], screen)
        legends.append(legend.plain)
    assert legends == ["Name: a name. One and two: figures."] * 2 + ["Name: a name."]
