"""The sheet Forecast: what every expected figure rests on, and within which range it may fall where that is known."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from microopt.campaign import METRICS
from microopt.plan import Pick, Plan
from microopt.renderers.workbook.book import EDGE, GREY, Book, Look, Sheet
from microopt.renderers.workbook.creators_sheet import COUNT, TENTHS
from microopt.renderers.workbook.grid import Grid
from microopt.report import Interval, Ranges

ORIGINS = {
    "own": ("own", "the roster's own figures"), "shrunk": ("shrunk", "own ones drawn towards what is usual"),
    "default": ("benchmark", "public benchmarks"), "estimated": ("estimated", "worked out from other estimates"),
}  # fmt: skip
TOP = 2  # row of the first metric of the summary
HEAD = TOP + len(METRICS) + 2  # row of the table's header
NOT_KNOWN: Mapping[str, Interval] = MappingProxyType({})


def write_forecast(book: Book, plan: Plan, ranges: Ranges | None) -> None:
    """Write the sheet."""
    keys = ["creator", "offer", "fee rests on", "usual fee"]
    for name in METRICS:
        keys += [name, *([f"{name} low", f"{name} high"] if ranges else []), f"{name} rests on"]
    grid = Grid(sheet="Forecast", keys=tuple(keys), first=HEAD + 1, rows=len(plan.picks))
    sheet = book.sheet("Forecast")
    sheet.widths([24, 14, 12, 12, *(12.5 for _ in keys[4:])])
    _write_shares(sheet, plan, grid)
    sheet.header(HEAD, [_header(key) for key in keys], left=2)
    _write_picks(sheet, grid, plan, ranges)
    sheet.page.freeze_panes(HEAD + 1, 1)
    sheet.page.autofilter(HEAD, 0, grid.first + max(grid.rows, 1) - 1, len(keys) - 1)
    sheet.page.repeat_rows(HEAD)


def _header(key: str) -> str:
    low_or_high = {"low": "1 in 10 is below", "high": "1 in 10 is above"}
    name, _, last = key.rpartition(" ")
    return f"{name.capitalize()}: {low_or_high[last]}" if last in low_or_high else key.capitalize()


def _write_shares(sheet: Sheet, plan: Plan, grid: Grid) -> None:
    """Write by metric what share of the plan's total rests on what."""
    sheet.title(0, "What the expected results rest on")
    sheet.header(TOP - 1, ["Share of the plan's", *(word for word, _ in ORIGINS.values())])
    for row, name in enumerate(METRICS, TOP):
        sheet.text(row, 0, name, **EDGE)
        whole = sum(pick.metrics[name] for pick in plan.picks)
        for column, (origin, (word, _)) in enumerate(ORIGINS.items(), 1):
            part = sum(pick.metrics[name] for pick in plan.picks if pick.origins.get(name) == origin)
            formula = (
                f'IFERROR(SUMIF({grid.span(f"{name} rests on")},"{word}",{grid.span(name)})/SUM({grid.span(name)}),0)'
            )
            share = part / whole if whole else 0.0
            sheet.formula(row, column, formula, share, num_format="0%", **EDGE)
    meanings = "; ".join(f"{word}: {meaning}" for word, meaning in ORIGINS.values())
    sheet.text(TOP + len(METRICS), 0, meanings.capitalize() + ".", italic=True, font_color=GREY)


def _write_picks(sheet: Sheet, grid: Grid, plan: Plan, ranges: Ranges | None) -> None:
    forms = [sheet.book.style(**EDGE, **_style(key, sheet.book.look)) for key in grid.keys]
    for number, pick in enumerate(plan.picks):
        values = _values(pick, ranges.picks[number] if ranges else NOT_KNOWN)
        for column, (key, form) in enumerate(zip(grid.keys, forms, strict=True)):
            sheet.put(grid.first + number, column, values[key], form)


def _style(key: str, look: Look) -> dict[str, Any]:
    if key.endswith("rests on"):
        return {"align": "right", "font_color": GREY}
    return {"num_format": look.money if key == "usual fee" else TENTHS if key.startswith("conversions") else COUNT}


def _values(pick: Pick, ranges: Mapping[str, Interval]) -> dict[str, float | str | None]:
    values: dict[str, float | str | None] = {
        "creator": pick.creator, "offer": pick.offer, "fee rests on": "estimated" if pick.fee_estimated else "own",
        "usual fee": None if pick.usual_fee is None else pick.usual_fee / 100,
    }  # fmt: skip
    for name in METRICS:
        values[name] = pick.metrics[name] / 1000
        values[f"{name} rests on"] = ORIGINS.get(pick.origins.get(name, ""), ("", ""))[0]
        if name in ranges:
            values |= {f"{name} low": ranges[name].low, f"{name} high": ranges[name].high}
    return values
