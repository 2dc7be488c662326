"""The sheet Creators: one row per pick, in which an agency notes what is agreed, and which microopt reads again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from microopt.analysis.report.result import Report
from microopt.campaign.metrics import metrics_of
from microopt.campaign.progress import Contract
from microopt.plan.plan import Plan
from microopt.quantities.profile_links import build_profile_link
from microopt.rendering.wording.costs import OTHER_EXTRAS, pick_extras, plan_extras
from microopt.rendering.wording.high_fees import fee_multiple, is_flagged, market_level
from microopt.rendering.wording.plan_figures import COSTED_METRICS
from microopt.rendering.workbook.book import PALE, ROW_STYLE, Sheet, SheetGrid, WorkbookWriter, row_height
from microopt.rendering.workbook.creators_columns import CreatorColumn, creator_columns, fee_remarks
from microopt.rendering.workbook.due_days import due_days
from microopt.rendering.workbook.working_columns import pick_contracts, validate_working_columns, working_cells
from microopt.roster.extra_costs import COST_LINES
from microopt.roster.written_states import written_state

FIRST = 2  # row of the first pick, below the sums and the header
LONGEST_ADDRESS = 2_000  # characters of a link that a spreadsheet opens
HIGH_FEE = {"bg_color": "#FDE7C7", "bold": True}
Values = dict[str, Any]


def write_creators(book: WorkbookWriter, report: Report, *, name: str | None = None) -> SheetGrid:
    """Write the sheet, and return where its figures are.

    Parameters
    ----------
    name
        Of the sheet, if it is not that of the only campaign of the workbook.
    """
    plan, columns = report.plan, creator_columns(report, book.formats, book.language)
    name = name or book.text("Creators")
    grid = SheetGrid(sheet=name, keys=tuple(columns), first=FIRST, rows=len(plan.picks))
    sheet = book.sheet(name)
    sheet.widths([column.width for column in columns.values()])
    remarks = [place for place, column in enumerate(columns.values()) if column.remark]
    headers = [column.header for column in columns.values()]
    sheet.header(FIRST - 1, headers, left=grid.column("followers"), remarks=remarks)
    _write_picks(sheet, grid, columns, report)
    _write_sums(sheet, grid, columns, report)
    if "written" in columns:
        place = grid.column("written")
        sheet.page.set_column(place, place, columns["written"].width, None, {"hidden": True})
        validate_working_columns(sheet, grid, report)
    last = grid.column("contact") - 1 if "contact" in columns else len(columns) - 1
    sheet.page.print_area(0, 0, FIRST + max(len(plan.picks), 1) - 1, last)
    sheet.page.freeze_panes(FIRST, 1)
    sheet.page.autofilter(FIRST - 1, 0, FIRST + max(len(plan.picks), 1) - 1, len(columns) - 1)
    sheet.page.repeat_rows(0, FIRST - 1)
    return grid


def _values(report: Report, number: int, extras: Mapping[str, int], contract: Contract, remark: str) -> Values:
    """Return the cells of a pick in the columns without formulas.

    Parameters
    ----------
    extras
        The lines of what the plan pays on top of fees.
    """
    pick = report.plan.picks[number]
    profile = report.profiles[number] if report.profiles else None
    return {
        "creator": pick.creator,
        "offer": pick.offer,
        "platform": pick.platform,
        "tier": pick.tier,
        "niche": " | ".join(pick.niche),
        "region": pick.region,
        "wave": pick.wave,
        "due": pick.approval_date,
        "followers": pick.followers,
        "units": pick.units,
        "fee": pick.fee / 100,
        "usual": None if pick.usual_fee is None else pick.usual_fee / 100,
        "multiple": fee_multiple(pick),
        "chance": float(1 if pick.acceptance is None else pick.acceptance),
        **{name: cents / 100 for name, cents in {**dict.fromkeys(extras, 0), **pick_extras(pick)}.items()},
        **{name: pick.metrics[name] / 1000 for name in metrics_of(pick.metrics)},
        "revenue": None if pick.revenue is None else pick.revenue / 100,
        "remarks": remark,
        "contact": None if profile is None else profile.contact or None,
        "link": build_profile_link(pick.platform, pick.creator) if profile is None else profile.link,
        "written": written_state(contract),
        **working_cells(contract, report.edition.language),
    }


def ratio_formulas(grid: SheetGrid, margin: Fraction | None = None) -> dict[str, str]:
    """Return the formulas of a row by column; `{row}` stands for the number of the row.

    Parameters
    ----------
    margin
        The share of the revenue that is kept, or None if profit is not known.
    """
    cell = {key: grid.row_template(key) for key in grid.keys}
    if "cost" not in cell:
        return {}
    cost = cell["cost"]
    formulas = {key: ratio_formula(key, cost, cell) for key in COSTED_METRICS if key in cell}
    if "fee" in cell:
        fee = f"IF(ISNUMBER({cell['agreed']}),{cell['agreed']},{cell['fee']})" if "agreed" in cell else cell["fee"]
        formulas["cost"] = "+".join([fee, *(cell[key] for key in extra_keys(grid))])
    if "roas" in cell:
        formulas["roas"] = f'IFERROR({cell["revenue"]}/{cost},"")'
    if "profit" in cell and margin is not None:
        formulas["profit"] = f"{cell['revenue']}*{float(margin)}-{cost}"
    return formulas


def ratio_formula(key: str, cost: str, cells: Mapping[str, str]) -> str:
    """Return the formula of what one result costs, by the cells or sums of the metrics; of CPM, a thousand results."""
    return f'IFERROR({"1000*" if key == "cpm" else ""}{cost}/{cells[COSTED_METRICS[key]]},"")'


def extra_keys(grid: SheetGrid) -> tuple[str, ...]:
    """Return the keys of the columns of what is paid on top of fees."""
    return tuple(key for key in (*COST_LINES, OTHER_EXTRAS) if key in grid.keys)


def ratio_values(values: Mapping[str, Any], margin: Fraction | None = None) -> dict[str, float | str]:
    """Return the values of these formulas for the figures of a row."""
    figure = {key: value for key, value in values.items() if isinstance(value, int | float)}
    extras = (figure[key] for key in (*COST_LINES, OTHER_EXTRAS) if key in figure)
    cost = figure["cost"] if "cost" in figure else figure.get("agreed", figure["fee"]) + sum(extras)

    def per(key: str, count: int = 1) -> float | str:
        return count * cost / figure[key] if figure.get(key) else ""

    roas = figure["revenue"] / cost if cost and "revenue" in figure else ""
    return {
        "cost": cost,
        "cpe": per("engagements"),
        "cpa": per("conversions"),
        "cpm": per("impressions", 1000),
        "roas": roas,
        **({} if margin is None or "revenue" not in figure else {"profit": figure["revenue"] * float(margin) - cost}),
    }


def _write_picks(sheet: Sheet, grid: SheetGrid, columns: dict[str, CreatorColumn], report: Report) -> None:
    formats = {key: sheet.book.style(**ROW_STYLE, **column.style) for key, column in columns.items()}
    high = {
        key: sheet.book.style(**ROW_STYLE, **column.style, **HIGH_FEE)
        for key, column in columns.items()
        if key in ("fee", "multiple")
    }
    margin = report.plan.campaign.margin
    formulas, level = ratio_formulas(grid, margin), market_level(report.plan.picks, report.plan.roster.usual_fees)
    wrapped = [(key, column.width) for key, column in columns.items() if column.wraps]
    extras = plan_extras(report.plan)
    contracts, remarks = pick_contracts(report), fee_remarks(report.plan, sheet.book.language)
    due = due_days(grid, report)
    for number, pick in enumerate(report.plan.picks):
        row = FIRST + number
        values = _values(report, number, extras, contracts[number], remarks[number])
        ratios = ratio_values(values, margin)
        flagged = high if "multiple" in columns and is_flagged(pick, level) else {}
        height = row_height([(values[key] or "", width) for key, width in wrapped])
        if height is not None:
            sheet.page.set_row(row, height)
        for place, key in enumerate(columns):
            cell_format = flagged.get(key, formats[key])
            if key in formulas:
                sheet.formula(row, place, formulas[key].replace("{row}", str(row + 1)), ratios[key], cell_format)
            elif key == "due" and (day := due[number]) is not None:
                sheet.formula(row, place, day.formula, day.value, cell_format)
            elif key == "link" and 0 < len(values[key]) <= LONGEST_ADDRESS:
                sheet.link(row, place, values[key], cell_format)
            elif isinstance(values[key], date):
                sheet.page.write_datetime(row, place, values[key], cell_format)
            else:
                sheet.write(row, place, values[key], cell_format)


def _write_sums(sheet: Sheet, grid: SheetGrid, columns: dict[str, CreatorColumn], report: Report) -> None:
    """Write the sums of the rows that the filter shows; above the header, as a row below would be read as a creator."""
    style = {"bold": True, "bg_color": PALE}
    sums = {**_sums(report.plan), "agreed": sum(contract.fee or 0 for contract in pick_contracts(report)) / 100}
    margin = report.plan.campaign.margin
    formulas, ratios = ratio_formulas(grid, margin), ratio_values(sums, margin)
    sheet.page.set_row(0, 22)
    for place, (key, column) in enumerate(columns.items()):
        cell_format = {**column.style, **style, "text_wrap": False}
        if key == "creator":
            sheet.text(0, place, sheet.book.text("Sum of the rows shown"), **style)
        elif key in sums:
            sheet.formula(0, place, f"SUBTOTAL(109,{grid.column_range(key)})", sums[key], **cell_format)
        elif key in formulas:
            sheet.formula(0, place, formulas[key].replace("{row}", "1"), ratios[key], **cell_format)
        else:
            sheet.write(0, place, None, **style)


def _sums(plan: Plan) -> dict[str, float]:
    fees = sum(pick.fee for pick in plan.picks)
    revenue = {} if plan.totals.revenue is None else {"revenue": plan.totals.revenue / 100}
    return {
        "fee": fees / 100,
        **{name: cents / 100 for name, cents in plan_extras(plan).items()},
        "cost": plan.totals.spend / 100,
        **{name: plan.totals.metrics[name] / 1000 for name in metrics_of(plan.totals.metrics)},
        **revenue,
    }
