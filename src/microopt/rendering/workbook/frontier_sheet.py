"""The sheet Frontier: the best that each budget buys and who is new, as a table and a chart."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from microopt.analysis.frontier.result import Frontier, FrontierPoint
from microopt.campaign.earnings import PROFIT
from microopt.campaign.goals import MONEY_GOALS
from microopt.campaign.metrics import METRICS
from microopt.rendering.charts.palette import MEASURES
from microopt.rendering.story.metric_names import ratio_names
from microopt.rendering.story.results import goal_title
from microopt.rendering.wording.frontier import GOALS_OF_METRICS
from microopt.rendering.wording.plan_figures import COSTED_METRICS
from microopt.rendering.workbook.book import (
    FONT,
    GREY,
    HEADER_STYLE,
    LINE,
    ROW_STYLE,
    Sheet,
    SheetGrid,
    WorkbookWriter,
    chart_text,
    row_height,
)
from microopt.rendering.workbook.metric_columns import COUNT, TENTHS, metric_headers

WIDTHS = {"budget": 12, "status": 12, "spend": 12, "creators": 10, "cpe": 9, "cpa": 10, "roas": 8}
WIDTH, NAMES_WIDTH = 13, 60
CHART_WIDTH = 560


class _FrontierColumns(Struct, frozen=True, kw_only=True):
    """The columns of figures, by key, with their headings and number formats."""

    headings: dict[str, str]
    formats: dict[str, str]

    @classmethod
    def of(cls, frontier: Frontier, book: WorkbookWriter) -> _FrontierColumns:
        goal, formats, text = frontier.campaign.goal, book.formats, book.text
        headings = {"budget": text("Budget"), "status": text("Proof")}
        if goal.name not in (*GOALS_OF_METRICS, "reach", PROFIT):
            headings["value"] = goal_title(goal, book.language)
        headings |= {"spend": text("Spend"), "creators": text("Creators"), **metric_headers(book.language)}
        ratios = ratio_names(book.language)
        headings |= {key: ratios[key] for key in ("cpe", "cpa")}
        if any(point.totals is not None and point.totals.revenue is not None for point in frontier.points):
            headings["roas"] = text("ROAS")
        if any(point.totals is not None and point.totals.profit is not None for point in frontier.points):
            headings["profit"] = text("Profit")
        money = {
            "budget": formats.money,
            "spend": formats.money,
            "profit": formats.money,
            "cpe": formats.rate,
            "cpa": formats.rate,
        }
        value = formats.money if goal.name in MONEY_GOALS else "#,##0.0"
        return cls(headings=headings, formats={**money, "value": value, "conversions": TENTHS, "roas": '0.00"x"'})


def write_frontier(
    book: WorkbookWriter, frontier: Frontier, *, own_budget: int | None = None, has_shares: bool = True
) -> None:
    """Write the sheet.

    Parameters
    ----------
    own_budget
        That of the plan, in cents, whose row is in bold.
    has_shares
        Whether to write what share of the spend each tier has.
    """
    name, text = budgets_name(book), book.text
    sheet, layout = book.sheet(name), _FrontierColumns.of(frontier, book)
    keys, tiers = tuple(layout.headings), frontier.tiers if has_shares else ()
    names_column = len(keys) + len(tiers)
    proofs = _proofs(book)
    longest = max((len(proofs.get(point.status, point.status)) for point in frontier.points), default=0)
    widths = WIDTHS | {"status": max(WIDTHS["status"], longest)}
    sheet.widths([*(widths.get(key, WIDTH) for key in keys), *(11 for _ in tiers), NAMES_WIDTH])
    grid = SheetGrid(sheet=name, keys=keys, first=1, rows=len(frontier.points))
    shares = (text("{tier}: of spend", tier=tier) for tier in tiers)
    sheet.header(0, [*layout.headings.values(), *shares], left=0)
    sheet.text(0, names_column, text("New creators"), **HEADER_STYLE, align="left", indent=1)
    for row, (point, added) in enumerate(zip(frontier.points, frontier.added, strict=True), 1):
        _write_figures(sheet, grid, layout, point, row, is_own=point.budget == own_budget)
        for column, tier in enumerate(tiers, len(keys)):
            sheet.write(row, column, _share(point, tier), num_format="0%", **ROW_STYLE)
        names = ", ".join(added)
        sheet.text(row, names_column, names, indent=1, text_wrap=True, **ROW_STYLE)
        if (height := row_height([(names, NAMES_WIDTH)])) is not None:
            sheet.page.set_row(row, height)
    sheet.page.freeze_panes(1, 1)
    sheet.page.autofilter(0, 0, max(grid.rows, 1), names_column)
    sheet.page.repeat_rows(0)
    if grid.rows > 1:
        for number, key in enumerate(_charted(layout)):
            _insert_chart(book, sheet, grid, layout, key, number)


def _write_figures(
    sheet: Sheet, grid: SheetGrid, layout: _FrontierColumns, point: FrontierPoint, row: int, *, is_own: bool
) -> None:
    values = _values(sheet.book, point)
    for column, key in enumerate(grid.keys):
        style = {"num_format": layout.formats.get(key, COUNT), "bold": is_own, **ROW_STYLE}
        if key in COSTED_METRICS and point.totals is not None:
            formula = f'IFERROR({grid.cell("spend", row)}/{grid.cell(COSTED_METRICS[key], row)},"")'
            amount = point.totals.metrics[COSTED_METRICS[key]]
            sheet.formula(row, column, formula, point.totals.spend * 10 / amount if amount else "", **style)
        else:
            sheet.write(row, column, values.get(key), align="right", **style)


def _proofs(book: WorkbookWriter) -> dict[str, str]:
    """Return what is proven of a plan, by its status."""
    text = book.text
    return {
        "optimal": text("proven best"),
        "feasible": text("not proven"),
        "infeasible": text("no plan"),
        "unknown": text("not looked at"),
    }


def _values(book: WorkbookWriter, point: FrontierPoint) -> dict[str, float | str | None]:
    totals = point.totals
    values: dict[str, float | str | None] = {
        "budget": point.budget / 100,
        "status": _proofs(book).get(point.status, point.status),
        "value": None if point.objective is None else float(point.objective),
    }
    if totals is not None:
        values |= {"spend": totals.spend / 100, "creators": totals.creators}
        values |= {name: totals.metrics[name] / 1000 for name in METRICS}
        values["profit"] = None if totals.profit is None else totals.profit / 100
        values["roas"] = totals.revenue / totals.spend if totals.revenue is not None and totals.spend else None
    return values


def _share(point: FrontierPoint, tier: str) -> float | None:
    """Return the share of a tier in the spend of a point, None if it has no plan."""
    if point.totals is None:
        return None
    return point.mix[tier].spend / point.totals.spend if tier in point.mix and point.totals.spend else 0.0


def budgets_name(book: WorkbookWriter) -> str:
    """Return the name of the sheet."""
    return book.text("Budgets")


def _charted(layout: _FrontierColumns) -> Sequence[str]:
    """Return the keys of what was asked for, each of which has a chart of its own."""
    return ("value",) if "value" in layout.headings else ("engagements", "conversions")


def _insert_chart(
    book: WorkbookWriter, sheet: Sheet, grid: SheetGrid, layout: _FrontierColumns, key: str, number: int
) -> None:
    """Insert below the table a chart of what each budget brings; the second one is to the right of the first."""
    name, color, budget = chart_text(layout.headings[key]), MEASURES[1:][number], layout.headings["budget"]
    chart = book.chart({"type": "scatter", "subtype": "straight_with_markers"})
    chart.add_series(
        {
            "name": name,
            "categories": f"={grid.column_reference('budget')}",
            "values": f"={grid.column_reference(key)}",
            "line": {"color": color, "width": 2},
            "marker": {"type": "circle", "size": 6, "fill": {"color": color}, "border": {"color": color}},
        }
    )
    title = chart_text(book.text("{results} by budget", results=layout.headings[key]))
    chart.set_title({"name": title, "name_font": {"name": "Arial", "size": 12, "color": GREY}})
    chart.set_x_axis({"name": budget, "num_font": FONT, "name_font": FONT, "num_format": book.formats.money})
    gridlines = {"visible": True, "line": {"color": LINE}}
    number_format = COUNT if key == "conversions" else layout.formats.get(key, COUNT)
    chart.set_y_axis(
        {"name": name, "num_font": FONT, "name_font": FONT, "num_format": number_format, "major_gridlines": gridlines}
    )
    chart.set_legend({"none": True})
    chart.set_chartarea({"border": {"color": LINE}})
    chart.set_size({"width": CHART_WIDTH, "height": 340})
    place = {"x_offset": number * (CHART_WIDTH + 12), "description": title}
    sheet.page.insert_chart(grid.rows + 2, 0, chart, place)
