"""The sheet Forecast: the origin of every expected figure, and its likely range if that is known."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from microopt.analysis.report.result import Report
from microopt.campaign.metrics import METRICS
from microopt.plan.likely_range import LikelyRange
from microopt.plan.plan import Pick, Plan
from microopt.planning.likely_ranges import Ranges
from microopt.rendering.wording.report import has_final_results
from microopt.rendering.workbook.book import (
    GREY,
    ROW_STYLE,
    Sheet,
    SheetGrid,
    WorkbookWriter,
    row_height,
)
from microopt.rendering.workbook.metric_columns import metric_format, metric_headers

FIRST_METRIC_ROW = 2  # of the summary
HEADER_ROW = FIRST_METRIC_ROW + len(METRICS) + 2  # of the table of picks
WIDTHS = {"creator": 21, "deliverable": 12, "fee rests on": 11}
LONG = ("engagements", "conversions")  # metrics with long names
NO_RANGES: Mapping[str, LikelyRange] = MappingProxyType({})


Origins = Mapping[str, tuple[str, str]]  # a word for each source of a figure, and what it means


def write_forecast(book: WorkbookWriter, report: Report) -> None:
    """Write the sheet."""
    plan, ranges = report.plan, report.ranges
    has_fees = report.edition.is_internal and report.edition.fees
    texts = ["creator", "deliverable", *(["wave"] if plan.by_wave else [])]
    keys = [*texts, *(["fee rests on"] if has_fees else [])]
    for name in METRICS:
        keys += [name, *([f"{name}, low", f"{name}, high"] if ranges else [])]
        keys += [f"{name} rests on"] if _has_origins(plan) else []
    name, headers = book.text("Forecast"), _headers(book)
    grid = SheetGrid(sheet=name, keys=tuple(keys), first=HEADER_ROW + 1, rows=len(plan.picks))
    sheet = book.sheet(name)
    sheet.widths([WIDTHS.get(key, 12.5 if not ranges or key.startswith(LONG) else 11) for key in keys])
    _write_sums(sheet, plan, grid, ranges)
    sheet.header(HEADER_ROW, [headers[key] for key in keys], left=len(texts))
    _write_picks(sheet, grid, plan, ranges)
    sheet.page.freeze_panes(HEADER_ROW + 1, 1)
    sheet.page.autofilter(HEADER_ROW, 0, grid.first + max(grid.rows, 1) - 1, len(keys) - 1)
    sheet.page.repeat_rows(HEADER_ROW)


def _headers(book: WorkbookWriter) -> dict[str, str]:
    """Return the header of each column that the sheet can have."""
    text = book.text
    headers = {
        "creator": text("Creator"),
        "deliverable": text("Deliverable"),
        "wave": text("Wave"),
        "fee rests on": text("Fee rests on"),
    }
    for name, metric in metric_headers(book.language).items():
        headers |= {
            name: metric,
            f"{name}, low": text("{metric}, low", metric=metric),
            f"{name}, high": text("{metric}, high", metric=metric),
            f"{name} rests on": text("{metric} rests on", metric=metric),
        }
    return headers


def _has_origins(plan: Plan) -> bool:
    """Whether the origins of the figures are known; a plan file does not hold them."""
    return any(pick.origins for pick in plan.picks)


def _write_sums(sheet: Sheet, plan: Plan, grid: SheetGrid, ranges: Ranges | None) -> None:
    """Write for each metric the total of the plan with its range, and the share of each origin."""
    text, names = sheet.book.text, metric_headers(sheet.book.language)
    sheet.title(0, text("What is expected, and where it comes from"))
    words = _origins(sheet.book)
    origins = [word for word, _ in words.values()] if _has_origins(plan) else []
    ends = [text("Low"), text("High")] if ranges else []
    sheet.header(FIRST_METRIC_ROW - 1, [text("The plan's"), text("Total"), *ends, *origins])
    for row, name in enumerate(METRICS, FIRST_METRIC_ROW):
        number_format = metric_format(name)
        cells, total = grid.column_range(name), sum(pick.metrics[name] for pick in plan.picks)
        sheet.text(row, 0, names[name], **ROW_STYLE)
        sheet.formula(row, 1, f"SUM({cells})", total / 1000, num_format=number_format, **ROW_STYLE)
        for column, end in enumerate(_ends(sheet.book, ranges.correlated[name]) if ranges else (), 2):
            sheet.write(row, column, end, num_format=number_format, align="right", **ROW_STYLE)
        for column, word in enumerate(origins, 4 if ranges else 2):
            part = sum(pick.metrics[name] for pick in plan.picks if _origin(words, pick, name) == word)
            formula = f'IFERROR(SUMIF({grid.column_range(f"{name} rests on")},"{word}",{cells})/SUM({cells}),0)'
            sheet.formula(row, column, formula, part / total if total else 0.0, num_format="0%", **ROW_STYLE)
    meanings = [f"{word}: {meaning}" for word, meaning in words.values()] if origins else []
    if ranges:
        meanings.append(text("low to high is the 80% likely range, of a total if all results move together"))
    if ranges and has_final_results(ranges):
        meanings.append(text("final: the results are in"))
    notes = "; ".join(meanings)
    sheet.text(FIRST_METRIC_ROW + len(METRICS), 0, notes[:1].upper() + notes[1:], italic=True, font_color=GREY)


def _ends(book: WorkbookWriter, interval: LikelyRange) -> tuple[float | str, float | str]:
    """Return the cells of low and high: a word if the results are final."""
    if interval.final:
        return book.text("final"), book.text("final")
    return interval.low / 1000, interval.high / 1000


def _origin(words: Origins, pick: Pick, name: str) -> str:
    return words.get(pick.origins.get(name, ""), ("", ""))[0]


def _origins(book: WorkbookWriter) -> Origins:
    """Return a word for each source of a figure, and what it means."""
    text = book.text
    return {
        "own": (text("own"), text("your list's own figures")),
        "shrunk": (text("shrunk"), text("your list's rates, adjusted for small samples")),
        "default": (text("benchmark"), text("industry estimates")),
        "estimated": (text("estimated"), text("worked out from other estimates")),
    }


def _write_picks(sheet: Sheet, grid: SheetGrid, plan: Plan, ranges: Ranges | None) -> None:
    formats, words = [sheet.book.style(**ROW_STYLE, **_style(key)) for key in grid.keys], _origins(sheet.book)
    for number, pick in enumerate(plan.picks):
        values = _values(sheet.book, words, pick, ranges.picks[number] if ranges else NO_RANGES)
        height = row_height([(pick.creator, WIDTHS["creator"]), (pick.offer, WIDTHS["deliverable"])])
        if height is not None:
            sheet.page.set_row(grid.first + number, height)
        for column, (key, number_format) in enumerate(zip(grid.keys, formats, strict=True)):
            sheet.write(grid.first + number, column, values[key], number_format)


def _style(key: str) -> dict[str, Any]:
    if key in ("creator", "deliverable", "wave"):
        return {"text_wrap": True}
    if key.endswith("rests on"):
        return {"align": "right", "font_color": GREY}
    name, _, end = key.partition(", ")
    return {"num_format": metric_format(name), **({"align": "right"} if end else {})}


def _values(
    book: WorkbookWriter, words: Origins, pick: Pick, ranges: Mapping[str, LikelyRange]
) -> dict[str, float | str | None]:
    values: dict[str, float | str | None] = {
        "creator": pick.creator,
        "deliverable": pick.offer,
        "wave": pick.wave,
        "fee rests on": words["estimated" if pick.fee_estimated else "own"][0],
    }
    for name in METRICS:
        values[name] = pick.metrics[name] / 1000
        values[f"{name} rests on"] = _origin(words, pick, name)
        if name in ranges:
            values |= zip((f"{name}, low", f"{name}, high"), _ends(book, ranges[name]), strict=True)
    return values
