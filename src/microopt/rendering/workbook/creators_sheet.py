"""The sheet Creators: one row per pick, which `microopt` can read as a roster."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from microopt.campaign.metrics import METRICS
from microopt.plan.plan import Pick, Plan
from microopt.quantities.parse_and_format import format_money
from microopt.rendering.wording.costs import OTHER_EXTRAS, cost_title, pick_extras, plan_extras
from microopt.rendering.wording.high_fees import is_flagged, market_level
from microopt.rendering.workbook.book import PALE, REMARK_HEADERS, ROW_STYLE, Sheet, SheetGrid, WorkbookWriter
from microopt.roster.extra_costs import COST_LINES

FIRST = 2  # row of the first pick, below the sums and the header
COUNT = "#,##0"
TENTHS = "#,##0.0"


class CreatorColumn(Struct, frozen=True, kw_only=True):
    """A column: its header, its width in characters, and its number format (empty for text)."""

    header: str
    width: float
    number_format: str = ""

    @property
    def style(self) -> dict[str, Any]:
        """The properties of the format of its cells."""
        return (
            {"num_format": self.number_format}
            if self.number_format
            else {"indent": 1}
            if self.header in REMARK_HEADERS
            else {}
        )


def creator_columns(plan: Plan, money_format: str, rate_format: str) -> dict[str, CreatorColumn]:
    """Return the columns by key, without those that are empty for every pick."""
    columns = {
        "creator": CreatorColumn(header="Creator", width=21),
        "offer": CreatorColumn(header="Deliverable", width=13),
        "platform": CreatorColumn(header="Platform", width=10),
        "tier": CreatorColumn(header="Tier", width=7),
        "niche": CreatorColumn(header="Niche", width=20),
        "region": CreatorColumn(header="Region", width=8),
        "followers": CreatorColumn(header="Followers", width=10.5, number_format=COUNT),
        "units": CreatorColumn(header="Units", width=6, number_format=COUNT),
        "fee": CreatorColumn(header="Fee", width=9.5, number_format=money_format),
        **{
            name: CreatorColumn(header=cost_title(name), width=11, number_format=money_format)
            for name in plan_extras(plan)
        },
        "cost": CreatorColumn(header="Cost", width=9.5, number_format=money_format),
        **{name: CreatorColumn(header=name.capitalize(), width=12, number_format=COUNT) for name in METRICS[:-1]},
        "conversions": CreatorColumn(header="Conversions", width=12, number_format=TENTHS),
        "cpe": CreatorColumn(header="CPE", width=8, number_format=rate_format),
        "cpa": CreatorColumn(header="CPA", width=9.5, number_format=rate_format),
        "cpm": CreatorColumn(header="CPM", width=9, number_format=rate_format),
        "revenue": CreatorColumn(header="Revenue", width=9.5, number_format=money_format),
        "roas": CreatorColumn(header="ROAS", width=7, number_format='0.00"x"'),
        "notes": CreatorColumn(header="Notes", width=27),
    }
    free = all(pick.cost == pick.fee for pick in plan.picks)
    absent = {
        "cost": free,
        "units": all(pick.units == 1 for pick in plan.picks),
        "revenue": plan.totals.revenue is None,
        "roas": plan.totals.revenue is None,
        "region": not any(pick.region for pick in plan.picks),
        "offer": not any(pick.offer for pick in plan.picks),
        "platform": not any(pick.platform for pick in plan.picks),
        "niche": not any(pick.niche for pick in plan.picks),
        "notes": not any(_notes(plan)),
    }
    return {key: column for key, column in columns.items() if not absent.get(key)}


def write_creators(book: WorkbookWriter, plan: Plan) -> SheetGrid:
    """Write the sheet, and return where its figures are."""
    columns = creator_columns(plan, book.formats.money, book.formats.rate)
    grid = SheetGrid(sheet="Creators", keys=tuple(columns), first=FIRST, rows=len(plan.picks))
    sheet = book.sheet("Creators")
    sheet.widths([column.width for column in columns.values()])
    names = [column.header for column in columns.values()]
    sheet.header(FIRST - 1, names, left=grid.column("followers"))
    _write_picks(sheet, grid, columns, plan)
    _write_sums(sheet, grid, columns, plan)
    sheet.page.freeze_panes(FIRST, 1)
    sheet.page.autofilter(FIRST - 1, 0, FIRST + max(len(plan.picks), 1) - 1, len(columns) - 1)
    sheet.page.repeat_rows(0, FIRST - 1)
    return grid


def _values(plan: Plan, pick: Pick, note: str) -> dict[str, float | str | None]:
    """Return the cells of a pick in the columns without formulas."""
    return {
        "creator": pick.creator,
        "offer": pick.offer,
        "platform": pick.platform,
        "tier": pick.tier,
        "niche": " | ".join(pick.niche),
        "region": pick.region,
        "followers": pick.followers,
        "units": pick.units,
        "fee": pick.fee / 100,
        **{name: cents / 100 for name, cents in {**dict.fromkeys(plan_extras(plan), 0), **pick_extras(pick)}.items()},
        **{name: pick.metrics[name] / 1000 for name in METRICS},
        "revenue": None if pick.revenue is None else pick.revenue / 100,
        "notes": note,
    }


def _notes(plan: Plan) -> list[str]:
    """Return a note on the fee of each pick, empty for most; where most fees are high, the sheet Plan says so once."""
    level = market_level(plan.picks)

    def note(pick: Pick) -> str:
        usual = "" if pick.usual_fee is None else f" {format_money(pick.usual_fee, plan.roster.currency)}"
        notes = ["fee is an estimate"] if pick.fee_estimated else []
        return "; ".join([*notes, *([f"far above the usual{usual}"] if is_flagged(pick, level) else [])])

    return list(map(note, plan.picks))


def ratio_formulas(grid: SheetGrid) -> dict[str, str]:
    """Return the formulas of a row by column; `{row}` stands for the number of the row."""
    cell = {key: grid.row_template(key) for key in grid.keys}
    cost = cell[cost_key(grid)]
    formulas = {
        "cpe": f'IFERROR({cost}/{cell["engagements"]},"")',
        "cpa": f'IFERROR({cost}/{cell["conversions"]},"")',
        "cpm": f'IFERROR(1000*{cost}/{cell["impressions"]},"")',
    }
    extras = extra_keys(grid)
    if extras:
        formulas["cost"] = "+".join(cell[key] for key in ("fee", *extras))
    if "roas" in cell:
        formulas["roas"] = f'IFERROR({cell["revenue"]}/{cost},"")'
    return formulas


def extra_keys(grid: SheetGrid) -> tuple[str, ...]:
    """Return the keys of the columns of what is paid on top of fees."""
    return tuple(key for key in (*COST_LINES, OTHER_EXTRAS) if key in grid.keys)


def cost_key(grid: SheetGrid) -> str:
    """Return the key of the column of what is paid: the fee if nothing is paid on top of it."""
    return "cost" if "cost" in grid.keys else "fee"


def ratio_values(values: dict[str, float | str | None]) -> dict[str, float | str]:
    """Return the values of these formulas for the figures of a row."""
    figure = {key: value for key, value in values.items() if isinstance(value, int | float)}
    extras = (figure[key] for key in (*COST_LINES, OTHER_EXTRAS) if key in figure)
    cost = figure["cost"] if "cost" in figure else figure["fee"] + sum(extras)

    def per(key: str, count: int = 1) -> float | str:
        return count * cost / figure[key] if figure.get(key) else ""

    roas = figure["revenue"] / cost if cost and "revenue" in figure else ""
    return {
        "cost": cost,
        "cpe": per("engagements"),
        "cpa": per("conversions"),
        "cpm": per("impressions", 1000),
        "roas": roas,
    }


def _write_picks(sheet: Sheet, grid: SheetGrid, columns: dict[str, CreatorColumn], plan: Plan) -> None:
    formats = [(key, sheet.book.style(**ROW_STYLE, **column.style)) for key, column in columns.items()]
    formulas = ratio_formulas(grid)
    for row, (pick, note) in enumerate(zip(plan.picks, _notes(plan), strict=True), FIRST):
        values = _values(plan, pick, note)
        ratios, number = ratio_values(values), str(row + 1)
        for place, (key, cell_format) in enumerate(formats):
            if key in formulas:
                sheet.formula(row, place, formulas[key].replace("{row}", number), ratios[key], cell_format)
            else:
                sheet.write(row, place, values[key], cell_format)


def _write_sums(sheet: Sheet, grid: SheetGrid, columns: dict[str, CreatorColumn], plan: Plan) -> None:
    """Write the sums of the rows that the filter shows; above the header, as a row below would be read as a creator."""
    style = {"bold": True, "bg_color": PALE}
    sums = _sums(plan)
    formulas, ratios = ratio_formulas(grid), ratio_values(dict(sums))
    sheet.page.set_row(0, 22)
    for place, (key, column) in enumerate(columns.items()):
        cell_format = {**column.style, **style}
        if key == "creator":
            sheet.text(0, place, "Sum of the rows shown", **style)
        elif key in sums:
            sheet.formula(0, place, f"SUBTOTAL(109,{grid.column_range(key)})", sums[key], **cell_format)
        elif key in formulas:
            sheet.formula(0, place, formulas[key].format(row=1), ratios[key], **cell_format)
        else:
            sheet.write(0, place, None, **style)


def _sums(plan: Plan) -> dict[str, float]:
    fees = sum(pick.fee for pick in plan.picks)
    revenue = {} if plan.totals.revenue is None else {"revenue": plan.totals.revenue / 100}
    return {
        "fee": fees / 100,
        **{name: cents / 100 for name, cents in plan_extras(plan).items()},
        "cost": plan.totals.spend / 100,
        **{name: plan.totals.metrics[name] / 1000 for name in METRICS},
        **revenue,
    }
