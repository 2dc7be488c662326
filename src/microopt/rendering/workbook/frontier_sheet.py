"""The sheet Frontier: the best that each budget buys, as a table and a chart."""

from __future__ import annotations

from microopt.analysis.frontier.result import Frontier, FrontierPoint
from microopt.campaign.metrics import METRICS
from microopt.rendering.charts.palette import MEASURES
from microopt.rendering.workbook.book import FONT, GREY, LINE, ROW_STYLE, Sheet, SheetGrid, WorkbookWriter
from microopt.rendering.workbook.creators_sheet import COUNT, TENTHS

KEYS = ("budget", "status", "value", "spend", "creators", *METRICS, "cpe", "cpa")
WIDTHS = (12, 11, 10, 12, 10, 12, 13, 13, 11, 13, 9, 10)


def write_frontier(book: WorkbookWriter, frontier: Frontier) -> None:
    """Write the sheet."""
    sheet = book.sheet("Frontier")
    sheet.widths([*WIDTHS, *(11 for _ in frontier.tiers)])
    grid = SheetGrid(sheet="Frontier", keys=KEYS, first=1, rows=len(frontier.points))
    names = [key.upper() if key in ("cpe", "cpa") else key.capitalize() for key in KEYS]
    sheet.header(0, [*names, *(f"{tier}: of spend" for tier in frontier.tiers)], left=0)
    formats = book.formats
    number_formats = {
        "budget": formats.money,
        "spend": formats.money,
        "value": "#,##0.000",
        "conversions": TENTHS,
        "cpe": formats.rate,
        "cpa": formats.rate,
    }
    for row, point in enumerate(frontier.points, 1):
        values = _values(point)
        for column, key in enumerate(KEYS):
            style = {"num_format": number_formats.get(key, COUNT), **ROW_STYLE}
            if key in ("cpe", "cpa") and point.totals is not None:
                metric = "engagements" if key == "cpe" else "conversions"
                formula = f'IFERROR({grid.cell("spend", row)}/{grid.cell(metric, row)},"")'
                amount = point.totals.metrics[metric]
                sheet.formula(row, column, formula, point.totals.spend * 10 / amount if amount else "", **style)
            else:
                sheet.write(row, column, values.get(key), align="right", **style)
        for column, tier in enumerate(frontier.tiers, len(KEYS)):
            sheet.write(row, column, _share(point, tier), num_format="0%", **ROW_STYLE)
    sheet.page.freeze_panes(1, 1)
    sheet.page.autofilter(0, 0, max(grid.rows, 1), len(KEYS) + len(frontier.tiers) - 1)
    sheet.page.repeat_rows(0)
    if grid.rows > 1:
        _insert_chart(book, sheet, grid)


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
    return values


def _share(point: FrontierPoint, tier: str) -> float | None:
    """Return the share of a tier in the spend of a point, None if it has no plan."""
    if point.totals is None:
        return None
    return point.mix[tier].spend / point.totals.spend if tier in point.mix and point.totals.spend else 0.0


def _insert_chart(book: WorkbookWriter, sheet: Sheet, grid: SheetGrid) -> None:
    """Insert below the table a chart of engagements and conversions by budget, each on an axis of its own."""
    chart = book.chart({"type": "scatter", "subtype": "straight_with_markers"})
    for key, color in (("engagements", MEASURES[1]), ("conversions", MEASURES[2])):
        chart.add_series(
            {
                "name": key.capitalize(),
                "categories": f"={grid.column_reference('budget')}",
                "values": f"={grid.column_reference(key)}",
                "line": {"color": color, "width": 2},
                "y2_axis": key == "conversions",
                "marker": {"type": "circle", "size": 6, "fill": {"color": color}, "border": {"color": color}},
            }
        )
    chart.set_title({"name": "What more budget buys", "name_font": {"name": "Arial", "size": 12, "color": GREY}})
    chart.set_x_axis({"name": "Budget", "num_font": FONT, "name_font": FONT, "num_format": book.formats.money})
    chart.set_y_axis(
        {
            "name": "Engagements",
            "num_font": FONT,
            "name_font": FONT,
            "num_format": COUNT,
            "major_gridlines": {"visible": True, "line": {"color": LINE}},
        }
    )
    chart.set_y2_axis({"name": "Conversions", "num_font": FONT, "name_font": FONT})
    chart.set_legend({"position": "bottom", "font": FONT})
    chart.set_size({"width": 900, "height": 360})
    sheet.page.insert_chart(grid.rows + 2, 0, chart, {"description": "Engagements and conversions by budget"})
