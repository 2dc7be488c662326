"""The sheet Creators: a row a pick, which `microopt` reads back as a roster."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from microopt.campaign.metrics import METRICS
from microopt.plan.plan import Pick, Plan
from microopt.quantities.parse_and_format import format_money
from microopt.rendering.workbook.book import ASIDE, EDGE, PALE, Sheet, WorkbookWriter
from microopt.rendering.workbook.grid import SheetGrid

FIRST = 2  # below the sums of what is shown, and the header
COUNT = "#,##0"
TENTHS = "#,##0.0"


class CreatorColumn(Struct, frozen=True, kw_only=True):
    """A column: its header, its width in characters, and how it shows numbers (text where empty)."""

    header: str
    width: float
    form: str = ""

    @property
    def style(self) -> dict[str, Any]:
        """The properties of its cells' format."""
        return {"num_format": self.form} if self.form else {"indent": 1} if self.header in ASIDE else {}


def creator_columns(plan: Plan, look_money: str, look_rate: str) -> dict[str, CreatorColumn]:
    """Return the columns by key; those that no pick has anything in are left out."""
    found = {
        "creator": CreatorColumn(header="Creator", width=21),
        "offer": CreatorColumn(header="Offer", width=11),
        "platform": CreatorColumn(header="Platform", width=10),
        "tier": CreatorColumn(header="Tier", width=7),
        "niche": CreatorColumn(header="Niche", width=20),
        "region": CreatorColumn(header="Region", width=8),
        "followers": CreatorColumn(header="Followers", width=10.5, form=COUNT),
        "units": CreatorColumn(header="Units", width=6, form=COUNT),
        "fee": CreatorColumn(header="Fee", width=9.5, form=look_money),
        "extras": CreatorColumn(header="Extras", width=8.5, form=look_money),
        "cost": CreatorColumn(header="Cost", width=9.5, form=look_money),
        **{name: CreatorColumn(header=name.capitalize(), width=12, form=COUNT) for name in METRICS[:-1]},
        "conversions": CreatorColumn(header="Conversions", width=12, form=TENTHS),
        "cpe": CreatorColumn(header="CPE", width=8, form=look_rate),
        "cpa": CreatorColumn(header="CPA", width=9.5, form=look_rate),
        "cpm": CreatorColumn(header="CPM", width=9, form=look_rate),
        "revenue": CreatorColumn(header="Revenue", width=9.5, form=look_money),
        "roas": CreatorColumn(header="ROAS", width=7, form='0.00"x"'),
        "notes": CreatorColumn(header="Notes", width=27),
    }
    free = all(pick.cost == pick.fee for pick in plan.picks)
    absent = {
        "extras": free,
        "cost": free,
        "units": all(pick.units == 1 for pick in plan.picks),
        "revenue": plan.totals.revenue is None,
        "roas": plan.totals.revenue is None,
        "region": not any(pick.region for pick in plan.picks),
        "offer": not any(pick.offer for pick in plan.picks),
        "platform": not any(pick.platform for pick in plan.picks),
        "niche": not any(pick.niche for pick in plan.picks),
        "notes": not any(_notes(plan, pick) for pick in plan.picks),
    }
    return {key: column for key, column in found.items() if not absent.get(key)}


def write_creators(book: WorkbookWriter, plan: Plan) -> SheetGrid:
    """Write the sheet, and return where its figures stand."""
    columns = creator_columns(plan, book.look.money, book.look.rate)
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


def _values(plan: Plan, pick: Pick) -> dict[str, float | str | None]:
    """Return what a pick has in each column that holds no formula."""
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
        "extras": (pick.cost - pick.fee) / 100,
        **{name: pick.metrics[name] / 1000 for name in METRICS},
        "revenue": None if pick.revenue is None else pick.revenue / 100,
        "notes": _notes(plan, pick),
    }


def _notes(plan: Plan, pick: Pick) -> str:
    usual = "" if pick.usual_fee is None else f" {format_money(pick.usual_fee, plan.roster.currency)}"
    told = ["fee is an estimate"] if pick.fee_estimated else []
    return "; ".join([*told, *([f"far above the usual{usual}"] if pick.fee_high else [])])


def ratio_formulas(grid: SheetGrid) -> dict[str, str]:
    """Return the formulas of a row by column, of the figures in the same row: `{row}` stands for its number."""
    at = {key: grid.row_template(key) for key in grid.keys}
    cost = at[cost_key(grid)]
    found = {
        "cpe": f'IFERROR({cost}/{at["engagements"]},"")',
        "cpa": f'IFERROR({cost}/{at["conversions"]},"")',
        "cpm": f'IFERROR(1000*{cost}/{at["impressions"]},"")',
    }
    if "extras" in at:
        found["cost"] = f"{at['fee']}+{at['extras']}"
    if "roas" in at:
        found["roas"] = f'IFERROR({at["revenue"]}/{cost},"")'
    return found


def cost_key(grid: SheetGrid) -> str:
    """Return the column of what is paid: the fee where nothing is paid beside it."""
    return "cost" if "cost" in grid.keys else "fee"


def ratio_values(values: dict[str, float | str | None]) -> dict[str, float | str]:
    """Return what these formulas come to, of the figures in a row."""
    figure = {key: value for key, value in values.items() if isinstance(value, int | float)}
    cost = figure["cost"] if "cost" in figure else figure["fee"] + figure["extras"]

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
    forms = [(key, sheet.book.style(**EDGE, **column.style)) for key, column in columns.items()]
    formulas = ratio_formulas(grid)
    for row, pick in enumerate(plan.picks, FIRST):
        values = _values(plan, pick)
        found, number = ratio_values(values), str(row + 1)
        for place, (key, form) in enumerate(forms):
            if key in formulas:
                sheet.formula(row, place, formulas[key].replace("{row}", number), found[key], form)
            else:
                sheet.write(row, place, values[key], form)


def _write_sums(sheet: Sheet, grid: SheetGrid, columns: dict[str, CreatorColumn], plan: Plan) -> None:
    """Write the sums of the rows that the filter shows above the header: a row below would be read as a creator."""
    style = {"bold": True, "bg_color": PALE}
    sums = _sums(plan)
    formulas, found = ratio_formulas(grid), ratio_values(dict(sums))
    sheet.page.set_row(0, 22)
    for place, (key, column) in enumerate(columns.items()):
        form = {**column.style, **style}
        if key == "creator":
            sheet.text(0, place, "Sum of the rows shown", **style)
        elif key in sums:
            sheet.formula(0, place, f"SUBTOTAL(109,{grid.column_range(key)})", sums[key], **form)
        elif key in formulas:
            sheet.formula(0, place, formulas[key].format(row=1), found[key], **form)
        else:
            sheet.write(0, place, None, **style)


def _sums(plan: Plan) -> dict[str, float]:
    fees = sum(pick.fee for pick in plan.picks)
    revenue = {} if plan.totals.revenue is None else {"revenue": plan.totals.revenue / 100}
    return {
        "fee": fees / 100,
        "extras": (plan.totals.spend - fees) / 100,
        "cost": plan.totals.spend / 100,
        **{name: plan.totals.metrics[name] / 1000 for name in METRICS},
        **revenue,
    }
