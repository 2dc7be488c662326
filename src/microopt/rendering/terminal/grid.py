"""Rows of cells in columns of fixed widths: what a terminal table is drawn with.

rich has tables of its own, which measure, wrap and align each cell as anything that can be shown. Here nearly every
cell is a line of plain text that fits: such a row is written as one text, in a tenth of the time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Literal

from msgspec import Struct, field
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions
from rich.segment import Segment
from rich.text import Text

Justify = Literal["left", "right"]


class Grid(Struct, frozen=True):
    """A renderable of rich: rows, each as high as its highest cell.

    Attributes
    ----------
    widths, justify
        Of each column.
    gap
        Spaces between columns.
    rows
        The cells of each row with its style, and whether its lower cells stand at the bottom, as headings do.
    """

    widths: Sequence[int]
    justify: Sequence[Justify]
    gap: int
    rows: list[tuple[Sequence[Text], str, bool]] = field(default_factory=list)

    def add_row(self, cells: Sequence[Text], style: str = "", *, at_bottom: bool = False) -> None:
        """Add a row; columns without a cell stay empty."""
        self.rows.append((cells, style, at_bottom))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        """Yield the segments of each line."""
        for cells, style, at_bottom in self.rows:
            if all(map(_is_plain, cells, self.widths)):
                line = (" " * self.gap).join(map(_padded, (text.plain for text in cells), self.widths, self.justify))
                yield Segment(line.rstrip(), console.get_style(style))
                yield Segment.line()
            else:
                yield from self._high_row(console, cells, style, at_bottom=at_bottom)

    def _high_row(self, console: Console, cells: Sequence[Text], style: str, *, at_bottom: bool) -> Iterator[Segment]:
        """Yield a row with cells that have styles of their own, are cut, or take several lines."""
        columns = [
            text.wrap(console, width, justify=justify, overflow=text.overflow, no_wrap=text.no_wrap)
            for text, width, justify in zip(cells, self.widths, self.justify, strict=False)
        ]
        height = max(map(len, columns))
        stacks = [[*[None] * (height - len(lines)), *lines] if at_bottom else [*lines] for lines in columns]
        for parts in zip_longest(*stacks):
            yield from Segment.apply_style(self._line(console, parts), console.get_style(style))
            yield Segment.line()

    def _line(self, console: Console, parts: Sequence[Text | None]) -> Iterator[Segment]:
        blank = " " * self.gap
        for place, (part, width) in enumerate(zip(parts, self.widths, strict=False)):
            if place:
                yield Segment(blank)
            if part is None:
                yield Segment(" " * width)
            else:
                yield from Segment.apply_style(part.render(console), console.get_style(part.style))
                yield Segment(" " * (width - part.cell_len))


def _is_plain(text: Text, width: int) -> bool:
    plain = text.plain
    return not text.spans and not text.style and not {"\n", "\t"} & {*plain} and cell_len(plain) <= width


def _padded(text: str, width: int, justify: Justify) -> str:
    blank = " " * (width - cell_len(text))
    return blank + text if justify == "right" else text + blank
