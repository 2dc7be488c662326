"""The sheet So far: how a campaign that runs stands against its plan, who came and left, and who is under contract."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from microopt.campaign.progress import RESULT_METRICS
from microopt.plan.pacing import CreatorPacing, MetricPacing, Pacing
from microopt.plan.plan import Plan
from microopt.plan.replan_summary import ReplanSummary, RosterChange
from microopt.rendering.wording.replan import (
    PACING_HEADINGS,
    commitments_sentence,
    format_day,
    format_switch_gain,
    gain_sentence,
    reportable_pacing,
    switches_sentence,
)
from microopt.rendering.workbook.book import EDGE, GREY, Sheet, WorkbookWriter
from microopt.rendering.workbook.creators_sheet import COUNT, TENTHS
from microopt.rendering.workbook.grid import SheetGrid

NAME = "So far"
KEYS = ("what", "planned", "so far", "share", "expected", "change")
PARTS = ("planned", "so far", "at the end")
BESIDE = ("",) * 4  # columns that reasons run on over
FIRST = 2  # row of the first figure of the campaign
SIGNED = "+0.0%;-0.0%;0.0%"
RATES = {"share": "0.0%", "change": SIGNED}  # number formats


def write_progress(book: WorkbookWriter, plan: Plan) -> None:
    """Write the sheet, where anything has come of the campaign."""
    found = reportable_pacing(plan)
    if found is None:
        return
    sheet = book.sheet(NAME)
    sheet.widths([24, *(13 for _ in range(2 + len(PARTS) * len(RESULT_METRICS)))])
    row = _write_paces(sheet, plan, found) + 1
    if plan.replan is not None:
        row = _write_switches(sheet, plan, plan.replan, row) + 1
    if found.creators:
        _write_standings(sheet, found.creators, row)


def _write_paces(sheet: Sheet, plan: Plan, found: Pacing) -> int:
    """Write each figure of the whole campaign; return the row below."""
    grid = SheetGrid(sheet=NAME, keys=KEYS, first=FIRST, rows=len(found.figures))
    sheet.title(0, "How the campaign stands")
    sheet.header(FIRST - 1, [format_day(found), *(name.capitalize() for name in PACING_HEADINGS[1:])])
    for row, one in enumerate(found.figures, FIRST):
        money = one.name == "spend"
        form = sheet.book.look.money if money else _form(one.name)
        sheet.text(row, 0, one.name.capitalize(), **EDGE)
        amounts = {"planned": one.planned, "so far": one.to_date, "expected": one.projected}
        for key, amount in amounts.items():
            value = None if amount is None else amount / (100 if money else 1000)
            sheet.write(row, grid.column(key), value, num_format=form, **EDGE)
        for key in RATES:
            sheet.write(row, grid.column(key), None, **EDGE)
        for key, formula, rate in _rates(grid, row, one):
            sheet.formula(row, grid.column(key), formula, rate, num_format=RATES[key], align="right", **EDGE)
    sheet.text(FIRST + grid.rows, 0, commitments_sentence(plan, found), italic=True, font_color=GREY)
    return FIRST + grid.rows + 1


def _rates(grid: SheetGrid, row: int, one: MetricPacing) -> Iterator[tuple[str, str, float | str]]:
    """Yield (column, formula, value) of what share of the first plan has come, and how far its end will be from it."""
    planned, so_far, expected = (grid.cell(key, row) for key in ("planned", "so far", "expected"))
    if one.to_date is not None:
        yield "share", f'IFERROR({so_far}/{planned},"")', one.to_date / one.planned if one.planned else ""
    yield "change", f'IFERROR({expected}/{planned}-1,"")', one.projected / one.planned - 1 if one.planned else ""


def _write_switches(sheet: Sheet, plan: Plan, step: ReplanSummary, row: int) -> int:
    """Write who came and who left since the last plan, and why; return the row below."""
    sheet.title(row, switches_sentence(step))
    below = row + 1
    if step.switches:
        sheet.header(below, ["Creator", "", "Gain", "Because", *BESIDE], left=2)
        for line, one in enumerate(step.switches, below + 1):
            sheet.text(line, 0, one.creator, **EDGE)
            sheet.text(line, 1, "came" if one.added else "left", **EDGE)
            sheet.write(line, 2, _gain(one), num_format=SIGNED, align="right", **EDGE)
            sheet.text(line, 3, "; ".join(one.causes), indent=1)
        below += 1 + len(step.switches)
    told = [*filter(None, [gain_sentence(plan)]), *(f"{note}." for note in step.notes)]
    for line, sentence in enumerate(told, below):
        sheet.text(line, 0, sentence, italic=True, font_color=GREY)
    return below + len(told)


def _gain(one: RosterChange) -> float | str:
    """Return what a switch gains, a word where that is no number."""
    if one.forced or one.gain is None or one.gain.share is None:
        return format_switch_gain(one)
    return float(one.gain.share)


class _Shown(Struct, frozen=True, kw_only=True):
    """A figure of who is under contract: a metric, and whether as planned, so far or at the end."""

    metric: str
    part: str

    @property
    def header(self) -> str:
        return f"{self.metric.capitalize()} {self.part}"

    def of(self, one: CreatorPacing) -> float | None:
        figures = dict(zip(PARTS, (one.planned, one.to_date, one.projected), strict=True))[self.part]
        return figures[self.metric] / 1000 if self.metric in figures else None


def _write_standings(sheet: Sheet, standings: tuple[CreatorPacing, ...], row: int) -> None:
    """Write every creator under contract, with a filter."""
    sheet.title(row, "Under contract")
    columns = [_Shown(metric=metric, part=part) for metric in RESULT_METRICS for part in PARTS]
    columns = [one for one in columns if any(one.of(standing) is not None for standing in standings)]
    header = row + 1
    sheet.header(header, ["Creator", "State", "Cost", *(one.header for one in columns)], left=2)
    for line, standing in enumerate(standings, header + 1):
        sheet.text(line, 0, standing.creator, **EDGE)
        sheet.text(line, 1, standing.state.value, **EDGE)
        sheet.number(line, 2, standing.cost / 100, num_format=sheet.book.look.money, **EDGE)
        for column, one in enumerate(columns, 3):
            sheet.write(line, column, one.of(standing), num_format=_form(one.metric), **EDGE)
    sheet.page.autofilter(header, 0, header + len(standings), 2 + len(columns))
    sheet.page.repeat_rows(header)


def _form(metric: str) -> str:
    return TENTHS if metric == "conversions" else COUNT
