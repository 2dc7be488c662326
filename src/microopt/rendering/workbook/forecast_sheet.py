"""The sheet Forecast: the origin of every expected figure, and its likely range if that is known."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from microopt.campaign.metrics import METRICS
from microopt.plan.likely_range import LikelyRange
from microopt.plan.plan import Pick, Plan
from microopt.planning.likely_ranges import Ranges
from microopt.rendering.wording.plan_head import FINAL
from microopt.rendering.wording.report import has_final_results
from microopt.rendering.workbook.book import GREY, ROW_STYLE, NumberFormats, Sheet, SheetGrid, WorkbookWriter
from microopt.rendering.workbook.creators_sheet import COUNT, TENTHS

ORIGINS = {
    "own": ("own", "your list's own figures"),
    "shrunk": ("shrunk", "your list's rates, adjusted for small samples"),
    "default": ("benchmark", "industry estimates"),
    "estimated": ("estimated", "worked out from other estimates"),
}
FIRST_METRIC_ROW = 2  # of the summary
HEADER_ROW = FIRST_METRIC_ROW + len(METRICS) + 2  # of the table of picks
NO_RANGES: Mapping[str, LikelyRange] = MappingProxyType({})


def write_forecast(book: WorkbookWriter, plan: Plan, ranges: Ranges | None) -> None:
    """Write the sheet."""
    keys = ["creator", "deliverable", "fee rests on", "usual fee"]
    for name in METRICS:
        keys += [name, *([f"{name}, low", f"{name}, high"] if ranges else [])]
        keys += [f"{name} rests on"] if _has_origins(plan) else []
    grid = SheetGrid(sheet="Forecast", keys=tuple(keys), first=HEADER_ROW + 1, rows=len(plan.picks))
    sheet = book.sheet("Forecast")
    sheet.widths([21, 12, 11, 11, *(11.5 if ranges else 13 for _ in keys[4:])])
    _write_sums(sheet, plan, grid, ranges)
    sheet.header(HEADER_ROW, [key.capitalize() for key in keys], left=2)
    _write_picks(sheet, grid, plan, ranges)
    sheet.page.freeze_panes(HEADER_ROW + 1, 1)
    sheet.page.autofilter(HEADER_ROW, 0, grid.first + max(grid.rows, 1) - 1, len(keys) - 1)
    sheet.page.repeat_rows(HEADER_ROW)
    if ranges:
        sheet.page.fit_to_pages(2, 0)
        sheet.page.repeat_columns(0)


def _has_origins(plan: Plan) -> bool:
    """Whether the origins of the figures are known; a plan file does not hold them."""
    return any(pick.origins for pick in plan.picks)


def _write_sums(sheet: Sheet, plan: Plan, grid: SheetGrid, ranges: Ranges | None) -> None:
    """Write for each metric the total of the plan with its range, and the share of each origin."""
    sheet.title(0, "What is expected, and where it comes from")
    origins = [word for word, _ in ORIGINS.values()] if _has_origins(plan) else []
    sheet.header(FIRST_METRIC_ROW - 1, ["The plan's", "Total", *(["Low", "High"] if ranges else []), *origins])
    for row, name in enumerate(METRICS, FIRST_METRIC_ROW):
        number_format = TENTHS if name == "conversions" else COUNT
        cells, total = grid.column_range(name), sum(pick.metrics[name] for pick in plan.picks)
        sheet.text(row, 0, name, **ROW_STYLE)
        sheet.formula(row, 1, f"SUM({cells})", total / 1000, num_format=number_format, **ROW_STYLE)
        for column, end in enumerate(_ends(ranges.correlated[name]) if ranges else (), 2):
            sheet.write(row, column, end, num_format=number_format, align="right", **ROW_STYLE)
        for column, word in enumerate(origins, 4 if ranges else 2):
            part = sum(pick.metrics[name] for pick in plan.picks if _origin(pick, name) == word)
            formula = f'IFERROR(SUMIF({grid.column_range(f"{name} rests on")},"{word}",{cells})/SUM({cells}),0)'
            sheet.formula(row, column, formula, part / total if total else 0.0, num_format="0%", **ROW_STYLE)
    meanings = [f"{word}: {meaning}" for word, meaning in ORIGINS.values()] if origins else []
    meanings += (
        ["low to high is the 80% likely range, of a total if the results of all creators move together"]
        if ranges
        else []
    )
    meanings += ["final: the results are in"] if ranges and has_final_results(ranges) else []
    sheet.text(FIRST_METRIC_ROW + len(METRICS), 0, "; ".join(meanings).capitalize(), italic=True, font_color=GREY)


def _ends(interval: LikelyRange) -> tuple[float | str, float | str]:
    """Return the cells of low and high: a word if the results are final."""
    return (FINAL, FINAL) if interval.final else (interval.low / 1000, interval.high / 1000)


def _origin(pick: Pick, name: str) -> str:
    return ORIGINS.get(pick.origins.get(name, ""), ("", ""))[0]


def _write_picks(sheet: Sheet, grid: SheetGrid, plan: Plan, ranges: Ranges | None) -> None:
    formats = [sheet.book.style(**ROW_STYLE, **_style(key, sheet.book.formats)) for key in grid.keys]
    for number, pick in enumerate(plan.picks):
        values = _values(pick, ranges.picks[number] if ranges else NO_RANGES)
        for column, (key, number_format) in enumerate(zip(grid.keys, formats, strict=True)):
            sheet.write(grid.first + number, column, values[key], number_format)


def _style(key: str, formats: NumberFormats) -> dict[str, Any]:
    if key.endswith("rests on"):
        return {"align": "right", "font_color": GREY}
    number_format = formats.money if key == "usual fee" else TENTHS if key.startswith("conversions") else COUNT
    return {"num_format": number_format, **({"align": "right"} if key.endswith((", low", ", high")) else {})}


def _values(pick: Pick, ranges: Mapping[str, LikelyRange]) -> dict[str, float | str | None]:
    values: dict[str, float | str | None] = {
        "creator": pick.creator,
        "deliverable": pick.offer,
        "fee rests on": "estimated" if pick.fee_estimated else "own",
        "usual fee": None if pick.usual_fee is None else pick.usual_fee / 100,
    }
    for name in METRICS:
        values[name] = pick.metrics[name] / 1000
        values[f"{name} rests on"] = _origin(pick, name)
        if name in ranges:
            values |= zip((f"{name}, low", f"{name}, high"), _ends(ranges[name]), strict=True)
    return values
