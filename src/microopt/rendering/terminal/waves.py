"""The table of a plan's waves: a creator a row, a wave a column, marks for what is posted, and totals at the foot.

On narrow screens words become letters, the names of waves become numbers, and totals become a table of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from msgspec import Struct
from msgspec.structs import replace
from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from microopt.plan.by_wave import ByWave
from microopt.plan.plan import Plan
from microopt.quantities.parse_and_format import format_bound
from microopt.rendering.sanitize import plain_text
from microopt.rendering.terminal.pick_rows import split_places
from microopt.rendering.terminal.screen import Screen, cell
from microopt.rendering.terminal.table import Column, figure, table
from microopt.rendering.wording.plan_figures import format_metric
from microopt.rendering.wording.waves import (
    NO_POST,
    CreatorWaves,
    Kind,
    creators_in_waves,
    fold_empty,
    main_metric,
    metric_heading,
    post_letters,
    post_names,
    say_their_days,
    wave_marks,
    wave_spend,
    wave_totals,
)

TITLE = "By wave"
NAME_WIDTH = 20  # characters of a name that are shown at least
POSTED = "●"  # where there are too many kinds of posts for letters, or several posts in the place of one
MOST_NAME = 18  # characters of the name of a wave that stands above a column, and that are shown of a longer one
Cells = tuple[str, ...]
_Waves = list[tuple[int, ByWave]]  # with their numbers: one, or several that have nothing


class WaveRow(Struct, frozen=True):
    """A row: its label, a cell for each wave, and how many posts they are."""

    label: str
    cells: Cells
    posts: str = ""
    is_total: bool = False


class _Marks(Struct, frozen=True):
    """How posts are marked: by names or by letters, and what the marks mean."""

    names: Mapping[Kind, str]
    separator: str = ", "
    legend: str = ""

    def cells(self, creator: CreatorWaves) -> Cells:
        return tuple(wave_marks(picks, self.names, separator=self.separator) for picks in creator.waves)


def wave_parts(plan: Plan, screen: Screen) -> Iterator[RenderableType]:
    """Yield the table of a plan's waves, with an empty line above; nothing without a calendar."""
    if not plan.by_wave or not plan.picks:
        return
    creators = creators_in_waves(plan)
    shown, hidden = split_places([creator.tier for creator in creators])
    rows, totals = [creators[place] for place in shown], [WaveRow(*total, is_total=True) for total in wave_totals(plan)]
    waves = [plain_text(wave.wave) for wave in plan.by_wave]
    names = post_names(plan.picks)
    words, letters = _Marks(names), _lettered(names)
    more = f"… and {len(hidden):,} more creators" if hidden else ""
    yield ""
    for marks in (words, letters):
        lines = [*_rows(rows, marks, more), *totals]
        if max(map(cell_len, waves)) <= MOST_NAME and _width(lines, waves) <= screen.width:
            yield from _table(lines, waves, screen)
            yield from _legend(marks)
            return
    yield from _numbered(_rows(rows, letters, more), letters, screen)
    yield ""
    yield from _totals_by_wave(plan, screen)


def _lettered(names: Mapping[Kind, str]) -> _Marks:
    letters = post_letters(names)
    if letters is None:
        return _Marks(dict.fromkeys(names, POSTED), separator="", legend=f"{POSTED} a post")
    legend = " · ".join(f"{letter} {names[kind]}" for kind, letter in letters.items())
    return _Marks(letters, separator="", legend=legend)


def _rows(creators: Sequence[CreatorWaves], marks: _Marks, more: str) -> list[WaveRow]:
    rows = [WaveRow(creator.creator, marks.cells(creator), f"{creator.posts:,}") for creator in creators]
    return [*rows, WaveRow(more, ("",) * len(creators[0].waves))] if more else rows


def _width(rows: Sequence[WaveRow], headings: Sequence[str]) -> int:
    """Return how wide a table is in which only names are cut."""
    label = min(max(cell_len(plain_text(row.label)) for row in rows), NAME_WIDTH)
    label = max(label, *(cell_len(row.label) for row in rows if row.is_total), len(TITLE))
    waves = (
        max(cell_len(heading), *(cell_len(row.cells[place]) for row in rows)) for place, heading in enumerate(headings)
    )
    return label + sum(1 + width for width in waves) + 1 + max(len("Posts"), *(len(row.posts) for row in rows))


def _table(rows: Sequence[WaveRow], headings: Sequence[str], screen: Screen) -> Iterator[RenderableType]:
    return table(
        [
            Column(TITLE, lambda row: row.label, min_width=NAME_WIDTH),
            *(_wave_column(heading, place) for place, heading in enumerate(headings)),
            figure("Posts", lambda row: row.posts),
        ],
        rows,
        screen,
        style=lambda row: "bold" if row.is_total else "",
    )


def _wave_column(heading: str, place: int) -> Column[WaveRow]:
    return figure(heading, lambda row: _mark(row.cells[place]))


def _mark(text: str) -> Text:
    return cell(text, "dim" if text == NO_POST else "")


def _legend(marks: _Marks) -> Iterator[RenderableType]:
    if marks.legend:
        yield cell(marks.legend, "dim")


def _numbered(rows: Sequence[WaveRow], marks: _Marks, screen: Screen) -> Iterator[RenderableType]:
    """Yield the marks under the numbers of waves; where these do not fit either, side by side in one column."""
    headings = [f"{number}" for number in range(1, len(rows[0].cells) + 1)]
    if _width(rows, headings) <= screen.width:
        yield from _table(rows, headings, screen)
        yield from _legend(marks)
        return
    columns: list[Column[WaveRow]] = [
        Column(TITLE, lambda row: row.label, min_width=NAME_WIDTH // 2),
        Column(f"1 to {len(headings)}", lambda row: Text("".join(map(_one_letter, row.cells))), min_width=8, wrap=True),
    ]
    yield from table(columns, rows, screen, gap=1)
    several = any(len(text) > 1 for row in rows for text in row.cells)
    yield from _legend(replace(marks, legend=f"{marks.legend} · {POSTED} several posts") if several else marks)


def _one_letter(text: str) -> str:
    return text if len(text) <= 1 else POSTED


def _totals_by_wave(plan: Plan, screen: Screen) -> Iterator[RenderableType]:
    """Yield the totals with a wave a row; their numbers are those above the marks. Many empty waves are one row."""
    metric, currency = main_metric(plan), plan.roster.currency
    columns: list[Column[_Waves]] = [
        figure("", lambda row: _span([number for number, _ in row], "-")),
        Column("Wave", lambda row: _span([wave.wave for _, wave in row], " to "), min_width=MOST_NAME),
        *([] if say_their_days(plan) else [Column("Days", _days, priority=1)]),
        figure("Creators", lambda row: f"{row[0][1].creators:,}", priority=2),
        figure("Posts", lambda row: f"{row[0][1].posts:,}"),
        figure("Spend", lambda row: wave_spend(row[0][1], currency)),
        figure(metric_heading(metric), lambda row: format_metric(metric, row[0][1].metrics[metric])),
    ]
    if any(wave.demand != 1 for wave in plan.by_wave):
        columns.insert(2, figure("Demand", _demand, priority=3))
    numbers = count(1)
    rows = [[(next(numbers), wave) for wave in waves] for waves in fold_empty(plan.by_wave)]
    yield from table(columns, rows, screen)


def _span(ends: Sequence[object], between: str) -> str:
    """Return the first and the last of some waves, or the only one."""
    return f"{ends[0]}" if len(ends) == 1 else f"{ends[0]}{between}{ends[-1]}"


def _demand(row: _Waves) -> str:
    demands = {wave.demand for _, wave in row}
    return format_bound(demands.pop(), True) if len(demands) == 1 else "-"


def _days(row: _Waves) -> str:
    return f"{row[0][1].starts} to {row[-1][1].ends}"
