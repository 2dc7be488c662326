"""The one table component of the terminal: columns say what they need, and the table fits them to the screen.

Figures are never cut. On a narrow screen the gaps shrink first, then whole columns go, those of the highest `priority`
first; what remains is shared by the columns that may be cut or wrapped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Generic, Literal, TypeVar

from msgspec import Struct
from rich.cells import cell_len
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from microopt.plan.plan import Totals
from microopt.rendering.terminal.screen import ACCENT, Screen, cell
from microopt.rendering.wording.plan_figures import TOTALS_HEADINGS, format_total

Row = TypeVar("Row")
NUMBER = re.compile(r"\d[\d.,]*")
SHORTEST_NAME = 6  # characters that remain of a text whose suffix is shown in full


class Column(Struct, Generic[Row], frozen=True):
    """A column of a terminal table.

    Attributes
    ----------
    heading
        Shown above the cells.
    value
        Returns the cell of a row; text of a roster is made safe.
    short_heading
        Replaces the heading on screens narrower than the table's `wide`.
    min_width
        Characters that the column needs; None if its cells are never cut.
    max_width
        Characters that the column takes at most.
    share
        Weight with which a column that may be cut gets the width that is left.
    priority
        0 for a column that always stays. On a narrow screen the highest goes first, of equals the rightmost.
    from_width
        Width of the narrowest screen that shows the column.
    wrap
        Whether long cells continue on further lines; otherwise they end in `…`.
    suffix
        Returns a dim text after the value, which stays whole when the value is cut.
    legend
        What the cells mean, in a sentence below the table where it shows the column.
    """

    heading: str
    value: Callable[[Row], str | Text]
    short_heading: str = ""
    justify: Literal["left", "right"] = "left"
    min_width: int | None = None
    max_width: int | None = None
    share: int = 1
    priority: int = 0
    from_width: int = 0
    wrap: bool = False
    suffix: Callable[[Row], str] | None = None
    legend: str = ""


def figure(
    heading: str,
    value: Callable[[Row], str | Text],
    *,
    short_heading: str = "",
    priority: int = 0,
    from_width: int = 0,
    legend: str = "",
) -> Column[Row]:
    """Return a column of figures: right-justified, never cut."""
    return Column(heading, value, short_heading, "right", priority=priority, from_width=from_width, legend=legend)


def totals_columns(
    names: Sequence[str],
    totals: Callable[[Row], Totals | None],
    currency: str,
    *,
    priority: int = 0,
    from_width: Mapping[str, int] | None = None,
    priorities: Mapping[str, int] | None = None,
) -> list[Column[Row]]:
    """Return a column of figures for each of these totals, with `-` in rows that have none.

    Parameters
    ----------
    names
        Keys of `TOTALS_HEADINGS`.
    from_width
        By name, the width of the narrowest screen that shows the column.
    priorities
        By name, the priority of the column; `priority` for the others.
    """

    def column(name: str) -> Column[Row]:
        def value(row: Row) -> str:
            sums = totals(row)
            return "-" if sums is None else format_total(name, sums, currency)

        heading, short = TOTALS_HEADINGS[name]
        start = (from_width or {}).get(name, 0)
        own = (priorities or {}).get(name, priority)
        return figure(heading, value, short_heading=short, priority=own, from_width=start)

    return [column(name) for name in names]


def table(
    columns: Iterable[Column[Row]],
    rows: Sequence[Row],
    screen: Screen,
    *,
    wide: int = 0,
    gap: int = 2,
    style: Callable[[Row], str] | None = None,
    group: Callable[[Row], str] | None = None,
    details: Callable[[Row], Iterable[str]] | None = None,
    indent: int = 2,
) -> Iterator[RenderableType]:
    """Yield a table as wide as the screen at most, and below it what its columns mean.

    Parameters
    ----------
    wide
        Width of the narrowest screen that shows full headings.
    gap
        Spaces between columns where they fit, otherwise one.
    style
        Returns the style of a row.
    group
        Returns the heading of the consecutive rows that share it; none where it is empty.
    details
        Returns lines below a row, indented by `indent`, which may be as wide as the screen.
    """
    layout, cells = _fit(columns, rows, screen, wide, gap)
    lines = layout.empty(show_header=any(layout.headings))
    for heading, members in groupby(zip(rows, cells, strict=True), key=lambda line: group(line[0]) if group else ""):
        if heading:
            lines.add_row(cell(heading, f"bold {ACCENT}"))
        for row, row_cells in members:
            layout.add_row(lines, row_cells, style(row) if style else "")
            if details:
                yield lines
                yield from (Padding(cell(detail, "dim"), (0, 0, 0, indent)) for detail in details(row))
                lines = layout.empty(show_header=False)
    if lines.row_count or not rows:
        yield lines
    if legend := " ".join(dict.fromkeys(column.legend for column in layout.columns if column.legend)):
        yield cell(legend, "dim")


def shown_headings(
    columns: Iterable[Column[Row]], rows: Sequence[Row], screen: Screen, *, wide: int = 0, gap: int = 2
) -> tuple[str, ...]:
    """Return the full headings of the columns that `table` shows."""
    return tuple(column.heading for column in _fit(columns, rows, screen, wide, gap)[0].columns)


def _fit(
    columns: Iterable[Column[Row]], rows: Sequence[Row], screen: Screen, wide: int, gap: int
) -> tuple[_Layout, list[list[tuple[Text, str]]]]:
    """Return how the columns fit the screen, and the cells of each row."""
    visible = [column for column in columns if screen.width >= column.from_width]
    headings = [column.short_heading or column.heading if screen.width < wide else column.heading for column in visible]
    cells = [[_cell(column, row) for column in visible] for row in rows]
    return _Layout.fit(visible, headings, cells, screen.width, gap), cells


def _cell(column: Column[Row], row: Row) -> tuple[Text, str]:
    """Return the value and the suffix of a cell."""
    value = column.value(row)
    suffix = cell(column.suffix(row)).plain if column.suffix else ""
    return (cell(value) if isinstance(value, str) else value), suffix


class _Layout(Struct, frozen=True):
    """Columns that fit a screen, with their places among all columns, their headings and their widths."""

    columns: list[Column[object]]
    places: list[int]
    headings: list[str]
    widths: list[int]
    gap: int

    @classmethod
    def fit(
        cls,
        columns: Sequence[Column[Row]],
        headings: Sequence[str],
        cells: Sequence[Sequence[tuple[Text, str]]],
        width: int,
        gap: int,
    ) -> _Layout:
        natural = [
            _natural_width(column, headings[place], [row[place] for row in cells])
            for place, column in enumerate(columns)
        ]
        min_widths = [
            _min_width(column, natural[place], [row[place][0] for row in cells]) for place, column in enumerate(columns)
        ]
        places = list(range(len(columns)))

        def fits(gap: int) -> bool:
            return sum(min_widths[place] for place in places) + gap * (len(places) - 1) <= width

        while not fits(1) and (optional := [place for place in places if columns[place].priority]):
            places.remove(max(optional, key=lambda place: (columns[place].priority, place)))
        gap = gap if fits(gap) else 1
        widths = _share_width(columns, places, natural, min_widths, width - gap * (len(places) - 1))
        remaining = [columns[place] for place in places]
        return cls(remaining, places, [headings[place] for place in places], widths, gap)  # type: ignore[arg-type]

    def empty(self, *, show_header: bool) -> Table:
        lines = Table(
            box=None,
            padding=(0, self.gap, 0, 0),
            pad_edge=False,
            show_edge=False,
            header_style="bold",
            show_header=show_header,
        )
        for column, heading, width in zip(self.columns, self.headings, self.widths, strict=True):
            lines.add_column(Text(heading, no_wrap=False, overflow="ellipsis"), justify=column.justify, width=width)
        return lines

    def add_row(self, lines: Table, cells: Sequence[tuple[Text, str]], style: str) -> None:
        lines.add_row(
            *map(self._fitted, self.columns, [cells[place] for place in self.places], self.widths), style=style
        )

    @staticmethod
    def _fitted(column: Column[object], parts: tuple[Text, str], width: int) -> Text:
        value, suffix = parts
        text = value.copy()
        if suffix:
            text.truncate(max(SHORTEST_NAME, width - 1 - cell_len(suffix)), overflow="ellipsis")
            text.append(f" {suffix}", style="dim")
        text.no_wrap, text.overflow = not column.wrap, "fold" if column.wrap else "ellipsis"
        if column.wrap and "\n" not in value.plain:
            text.plain = keep_numbers_with_words(text.plain, width)
        return text


def keep_numbers_with_words(text: str, width: int) -> str:
    """Return a text of one paragraph that breaks before a number instead of between the number and its word."""
    lines: list[str] = []
    current: list[str] = []
    for word in text.split(" "):
        if not current or cell_len(" ".join((*current, word))) <= width:
            current.append(word)
        elif len(current) > 1 and NUMBER.fullmatch(current[-1]) and word[:1].isalpha():
            *earlier, number = current
            lines.append(" ".join(earlier) + "\n")
            current = [number, word]
        else:
            lines.append(" ".join(current) + " ")
            current = [word]
    return "".join(lines) + " ".join(current)


def _min_width(column: Column[Row], natural: int, cells: Sequence[Text]) -> int:
    """Return the width below which a column goes, or is cut: a figure that wraps is wrapped between words alone."""
    if column.min_width is None:
        return natural
    needed = column.min_width
    if column.wrap and column.justify == "right":
        needed = max(needed, *(cell_len(word) for value in cells for word in value.plain.split()), 0)
    return min(natural, needed)


def _natural_width(column: Column[Row], heading: str, cells: Sequence[tuple[Text, str]]) -> int:
    """Return the width at which nothing of a column is cut or wrapped."""
    sizes = [max(map(cell_len, heading.split("\n")))]
    for value, suffix in cells:
        longest = max(map(cell_len, value.plain.split("\n")))
        sizes.append(longest + (1 + cell_len(suffix) if suffix else 0))
    return min(max(sizes), column.max_width or max(sizes))


def _share_width(
    columns: Sequence[Column[Row]], places: Sequence[int], natural: Sequence[int], min_widths: Sequence[int], width: int
) -> list[int]:
    """Return the width of each column: figures in full, the others by their `share` of what is left.

    A column that needs less than its share leaves the rest to the others.
    """
    widths = {place: natural[place] for place in places if columns[place].min_width is None}
    open_places = [place for place in places if place not in widths]
    room = max(width - sum(widths.values()), len(open_places))
    while open_places:
        shares = sum(columns[place].share for place in open_places)
        fair = {place: room * columns[place].share / shares for place in open_places}
        settled = {place: natural[place] for place in open_places if natural[place] <= fair[place]}
        if not settled and room >= sum(min_widths[place] for place in open_places):
            settled = {place: min_widths[place] for place in open_places if min_widths[place] > fair[place]}
        if not settled:
            settled = {place: int(fair[place]) for place in open_places}
            settled[open_places[0]] += room - sum(settled.values())
        widths |= settled
        room -= sum(settled.values())
        open_places = [place for place in open_places if place not in settled]
    return [max(widths[place], 1) for place in places]
