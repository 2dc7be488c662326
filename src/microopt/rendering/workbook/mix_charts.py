"""The charts of a mix on the sheet Plan, drawn by the spreadsheet itself from the cells of the mix."""

from __future__ import annotations

from typing import Any

from microopt.rendering.charts.palette import MEASURES
from microopt.rendering.workbook.book import GREY, LINE, Sheet, WorkbookWriter
from microopt.rendering.workbook.grid import SheetGrid

FONT = {"name": "Arial", "color": GREY, "size": 9}


def insert_mix_charts(book: WorkbookWriter, sheet: Sheet, mix: SheetGrid) -> None:
    """Put below the mix what share of the spend, engagements and conversions each tier has, and its CPE."""
    row = mix.first + mix.rows + 2
    shares = {"share of cost": "Spend", "share of engagements": "Engagements", "share of conversions": "Conversions"}
    chart = _chart(book, "Where the money goes, and what it brings", "0%")
    for (key, name), colour in zip(shares.items(), MEASURES, strict=True):
        chart.add_series(_series(mix, key, name, colour))
    sheet.page.insert_chart(row, 0, chart, {"description": "Shares of each tier"})
    chart.set_size({"width": 718, "height": 330})
    chart.set_legend({"position": "bottom", "font": FONT})
    cost = _chart(book, "Cost of an engagement by tier", book.look.rate)
    cost.add_series(_series(mix, "cpe", "CPE", MEASURES[1]))
    cost.set_legend({"none": True})
    cost.set_size({"width": 476, "height": 330})
    sheet.page.insert_chart(row, 8, cost, {"x_offset": 4, "description": "Cost per engagement of each tier"})


def _chart(book: WorkbookWriter, title: str, form: str) -> Any:
    chart = book.chart({"type": "column"})
    chart.set_title(
        {"name": title, "name_font": {"name": "Arial", "size": 12, "bold": True, "color": GREY}, "overlay": False}
    )
    chart.set_x_axis({"num_font": FONT, "line": {"color": LINE}, "major_tick_mark": "none"})
    grid = {"visible": True, "line": {"color": LINE, "width": 0.5}}
    chart.set_y_axis({"num_format": form, "num_font": FONT, "line": {"none": True}, "major_gridlines": grid})
    chart.set_chartarea({"border": {"color": LINE}})
    return chart


def _series(mix: SheetGrid, key: str, name: str, colour: str) -> dict[str, Any]:
    return {
        "name": name,
        "categories": f"={mix.column_reference('tier')}",
        "values": f"={mix.column_reference(key)}",
        "fill": {"color": colour},
        "gap": 60,
        "overlap": -5,
    }
