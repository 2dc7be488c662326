"""The sheet Frontier: the best that each budget buys and who is new, as a table and a chart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from microopt.analysis.frontier.result import Frontier, FrontierPoint
from microopt.campaign.metrics import METRICS
from microopt.rendering.charts.palette import MEASURES
from microopt.rendering.wording.frontier import GOALS_OF_METRICS, goal_heading
from microopt.rendering.workbook.book import (
    FONT,
    GREY,
    HEADER_STYLE,
    LINE,
    ROW_STYLE,
    NumberFormats,
    Sheet,
    SheetGrid,
    WorkbookWriter,
    chart_text,
)
from microopt.rendering.workbook.creators_sheet import COUNT, TENTHS

PER = {"cpe": "engagements", "cpa": "conversions"}
WIDTHS = {"budget": 12, "status": 11, "spend": 12, "creators": 10, "cpe": 9, "cpa": 10, "roas": 8}
WIDTH, NAMES_WIDTH = 13, 60


class _FrontierColumns(Struct, frozen=True, kw_only=True):
    """The columns of figures, by key, with their headings and number formats."""

    headings: dict[str, str]
    formats: dict[str, str]

    @classmethod
    def of(cls, frontier: Frontier, formats: NumberFormats) -> _FrontierColumns:
        goal = frontier.campaign.goal
        headings = {"budget": "Budget", "status": "Status"}
        if goal.name not in (*GOALS_OF_METRICS, "reach"):
            headings["value"] = goal_heading(goal)
        headings |= {key: key.capitalize() for key in ("spend", "creators", *METRICS)} | {"cpe": "CPE", "cpa": "CPA"}
        if any(point.totals is not None and point.totals.revenue is not None for point in frontier.points):
            headings["roas"] = "ROAS"
        money = {"budget": formats.money, "spend": formats.money, "cpe": formats.rate, "cpa": formats.rate}
        value = formats.money if goal.name == "worth" else "#,##0.0"
        return cls(headings=headings, formats={**money, "value": value, "conversions": TENTHS, "roas": '0.00"x"'})


def write_frontier(book: WorkbookWriter, frontier: Frontier) -> None:
    """Write the sheet."""
    sheet, layout = book.sheet("Frontier"), _FrontierColumns.of(frontier, book.formats)
    keys = tuple(layout.headings)
    names_column = len(keys) + len(frontier.tiers)
    sheet.widths([*(WIDTHS.get(key, WIDTH) for key in keys), *(11 for _ in frontier.tiers), NAMES_WIDTH])
    grid = SheetGrid(sheet="Frontier", keys=keys, first=1, rows=len(frontier.points))
    shares = (f"{tier}: of spend" for tier in frontier.tiers)
    sheet.header(0, [*layout.headings.values(), *shares], left=0)
    sheet.text(0, names_column, "New creators", **HEADER_STYLE, align="left", indent=1)
    for row, (point, added) in enumerate(zip(frontier.points, frontier.added, strict=True), 1):
        _write_figures(sheet, grid, layout, point, row)
        for column, tier in enumerate(frontier.tiers, len(keys)):
            sheet.write(row, column, _share(point, tier), num_format="0%", **ROW_STYLE)
        sheet.text(row, names_column, ", ".join(added), indent=1, **ROW_STYLE)
    sheet.page.freeze_panes(1, 1)
    sheet.page.autofilter(0, 0, max(grid.rows, 1), names_column)
    sheet.page.repeat_rows(0)
    if grid.rows > 1:
        _insert_chart(book, sheet, grid, layout)


def _write_figures(sheet: Sheet, grid: SheetGrid, layout: _FrontierColumns, point: FrontierPoint, row: int) -> None:
    values = _values(point)
    for column, key in enumerate(grid.keys):
        style = {"num_format": layout.formats.get(key, COUNT), **ROW_STYLE}
        if key in PER and point.totals is not None:
            formula = f'IFERROR({grid.cell("spend", row)}/{grid.cell(PER[key], row)},"")'
            amount = point.totals.metrics[PER[key]]
            sheet.formula(row, column, formula, point.totals.spend * 10 / amount if amount else "", **style)
        else:
            sheet.write(row, column, values.get(key), align="right", **style)


def _values(point: FrontierPoint) -> dict[str, float | str | None]:
    totals = point.totals
    values: dict[str, float | str | None] = {
        "budget": point.budget / 100,
        "status": point.status,
        "value": None if point.objective is None else float(point.objective),
    }
    if totals is not None:
        values |= {"spend": totals.spend / 100, "creators": totals.creators}
        values |= {name: totals.metrics[name] / 1000 for name in METRICS}
        values["roas"] = totals.revenue / totals.spend if totals.revenue is not None and totals.spend else None
    return values


def _share(point: FrontierPoint, tier: str) -> float | None:
    """Return the share of a tier in the spend of a point, None if it has no plan."""
    if point.totals is None:
        return None
    return point.mix[tier].spend / point.totals.spend if tier in point.mix and point.totals.spend else 0.0


def _charted(layout: _FrontierColumns) -> Sequence[str]:
    """Return the keys of what was asked for: of engagements and conversions each has an axis of its own."""
    return ("value",) if "value" in layout.headings else ("engagements", "conversions")


def _insert_chart(book: WorkbookWriter, sheet: Sheet, grid: SheetGrid, layout: _FrontierColumns) -> None:
    """Insert below the table a chart of what each budget brings."""
    chart = book.chart({"type": "scatter", "subtype": "straight_with_markers"})
    keys = _charted(layout)
    for series in _series(grid, layout, keys):
        chart.add_series(series)
    names = [chart_text(layout.headings[key]) for key in keys]
    chart.set_title({"name": "What more budget buys", "name_font": {"name": "Arial", "size": 12, "color": GREY}})
    chart.set_x_axis({"name": "Budget", "num_font": FONT, "name_font": FONT, "num_format": book.formats.money})
    chart.set_y_axis(
        {
            "name": names[0],
            "num_font": FONT,
            "name_font": FONT,
            "num_format": layout.formats.get(keys[0], COUNT),
            "major_gridlines": {"visible": True, "line": {"color": LINE}},
        }
    )
    if len(keys) > 1:
        chart.set_y2_axis({"name": names[1], "num_font": FONT, "name_font": FONT})
    chart.set_legend({"position": "bottom", "font": FONT})
    chart.set_size({"width": 900, "height": 360})
    description = f"{' and '.join(names)} by budget"
    sheet.page.insert_chart(grid.rows + 2, 0, chart, {"description": description})


def _series(grid: SheetGrid, layout: _FrontierColumns, keys: Sequence[str]) -> Iterator[dict[str, object]]:
    for number, (key, color) in enumerate(zip(keys, MEASURES[1:], strict=False)):
        yield {
            "name": chart_text(layout.headings[key]),
            "categories": f"={grid.column_reference('budget')}",
            "values": f"={grid.column_reference(key)}",
            "line": {"color": color, "width": 2},
            "y2_axis": number > 0,
            "marker": {"type": "circle", "size": 6, "fill": {"color": color}, "border": {"color": color}},
        }
