"""The sheet Plan: the headline, the mix by tier and its charts; every sum is a formula over the sheet Creators."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from microopt.campaign.metrics import METRICS
from microopt.files.reading import source_name
from microopt.plan.plan import Plan, Totals
from microopt.rendering.charts.palette import MEASURES
from microopt.rendering.wording.costs import cost_lines
from microopt.rendering.wording.plan_head import plan_head
from microopt.rendering.workbook.book import (
    DARK,
    FONT,
    GREY,
    LINE,
    PALE,
    ROW_STYLE,
    NumberFormats,
    Sheet,
    SheetGrid,
    WorkbookWriter,
)
from microopt.rendering.workbook.creators_sheet import COUNT, TENTHS, cost_key, ratio_formulas, ratio_values

PERCENT = "0%"
SHARE_KEYS = ("cost", "engagements", "conversions")
KEYS = ("tier", "creators", "cost", *METRICS, "cpe", "cpa", "cpm", *(f"share of {key}" for key in SHARE_KEYS))
HEADERS = (
    "Tier",
    "Creators",
    "Spend",
    *(name.capitalize() for name in METRICS),
    "CPE",
    "CPA",
    "CPM",
    "of spend",
    "of engagements",
    "of conversions",
)
FIRST_TILE_ROW, TILE_COLUMNS, TILES_PER_ROW = 4, 2, 7
MIX = FIRST_TILE_ROW + 8  # row of the first tier
PLAIN_WORD = re.compile(r"[^\W\d][\w -]*")  # what SUMIF takes literally, not as a pattern or a comparison


class HeadlineTile(Struct, frozen=True, kw_only=True):
    """A figure of the headline: a formula with its present value, or a value alone."""

    name: str
    value: float | str
    number_format: str
    formula: str = ""


def write_plan_sheet(book: WorkbookWriter, sheet: Sheet, plan: Plan, creators: SheetGrid) -> None:
    """Write the sheet, which comes before the sheet that it sums."""
    sheet.widths([13, 10, 12, 12, 13, 13.5, 11, 13, 9, 10, 9, 10, 13.5, 13])
    _write_heading(sheet, plan)
    for number, tile in enumerate(_tiles(plan, book.formats, creators)):
        line, place = divmod(number, TILES_PER_ROW)
        _write_tile(sheet, FIRST_TILE_ROW + 3 * line, place * TILE_COLUMNS, tile)
    sheet.title(MIX - 2, "Mix by tier")
    sheet.header(MIX - 1, HEADERS)
    mix = SheetGrid(sheet="Plan", keys=KEYS, first=MIX, rows=len(plan.mix))
    for number, (tier, totals) in enumerate(plan.mix.items()):
        _write_tier(sheet, plan, creators, mix, MIX + number, tier, totals)
    _write_total(sheet, plan, creators, mix)
    costs = _write_costs(sheet, plan, creators, MIX + mix.rows + 2)
    if plan.mix:
        bars = {
            "type": "data_bar",
            "bar_solid": True,
            "bar_color": LINE,
            "min_type": "num",
            "min_value": 0,
            "max_type": "num",
            "max_value": 1,
        }
        first = mix.column("share of cost")
        sheet.page.conditional_format(MIX, first, MIX + mix.rows - 1, len(KEYS) - 1, bars)
        insert_mix_charts(book, sheet, mix, below=costs)
    sheet.page.print_area(0, 0, MIX + mix.rows + costs + 20, len(KEYS) - 1)
    sheet.page.fit_to_pages(1, 1)
    sheet.page.activate()


def _write_heading(sheet: Sheet, plan: Plan) -> None:
    sheet.page.set_row(0, 34)
    sheet.text(0, 0, plan.campaign.name or "Campaign plan", bold=True, font_size=20, font_color=DARK)
    roster = plan.roster
    path = source_name(roster.source.path)
    facts = f"{path} · {roster.creators:,} creators · goal {plan.campaign.goal.name} · money in {roster.currency}"
    sheet.text(1, 0, facts, font_color=GREY)
    *_, (_, verdict) = plan_head(plan)
    sheet.text(2, 0, verdict, italic=True, font_color=GREY)


def _tiles(plan: Plan, formats: NumberFormats, creators: SheetGrid) -> Iterator[HeadlineTile]:
    """Yield seven figures about money, then the results."""
    totals, budget = plan.totals, plan.campaign.budget
    sums = {key: f"SUM({creators.column_reference(key)})" for key in creators.keys if key in ("revenue", *METRICS)}
    sums["cost"] = f"SUM({creators.column_reference(cost_key(creators))})"
    ratios = ratio_values({"cost": totals.spend / 100, **{name: totals.metrics[name] / 1000 for name in METRICS}})
    yield HeadlineTile(name="Budget", value="none" if budget is None else budget / 100, number_format=formats.money)
    yield HeadlineTile(name="Spend", value=totals.spend / 100, number_format=formats.money, formula=sums["cost"])
    if budget is None:
        yield HeadlineTile(name="Unspent", value="-", number_format=formats.money)
    else:  # from the cells of the two tiles before
        kept = f"-{plan.kept_back / 100:.2f}" if plan.kept_back else ""
        rest = f"A{FIRST_TILE_ROW + 2}-C{FIRST_TILE_ROW + 2}{kept}"
        yield HeadlineTile(name="Unspent", value=plan.unspent / 100, number_format=formats.money, formula=rest)
    yield HeadlineTile(
        name="Creators", value=totals.creators, number_format=COUNT, formula=_count_formula(plan, creators)
    )
    for key, metric, count in (("cpe", "engagements", ""), ("cpa", "conversions", ""), ("cpm", "impressions", "1000*")):
        formula = f'IFERROR({count}{sums["cost"]}/{sums[metric]},"")'
        yield HeadlineTile(name=key.upper(), value=ratios[key], number_format=formats.rate, formula=formula)
    for name in METRICS:
        number_format = TENTHS if name == "conversions" else COUNT
        value = totals.metrics[name] / 1000
        yield HeadlineTile(name=name.capitalize(), value=value, number_format=number_format, formula=sums[name])
    if totals.revenue is not None:
        yield HeadlineTile(
            name="Revenue", value=totals.revenue / 100, number_format=formats.money, formula=sums["revenue"]
        )
        roas = f'IFERROR({sums["revenue"]}/{sums["cost"]},"")'
        ratio = totals.revenue / totals.spend if totals.spend else ""
        yield HeadlineTile(name="ROAS", value=ratio, number_format='0.00"x"', formula=roas)


def _count_formula(plan: Plan, creators: SheetGrid) -> str:
    """Return a formula that counts the creators, empty if one of them has several rows."""
    return f"COUNTA({creators.column_reference('creator')})" if _creators_are_unique(plan) else ""


def _creators_are_unique(plan: Plan) -> bool:
    return len(plan.picks) == plan.totals.creators > 0 and all(pick.creator for pick in plan.picks)


def _write_tile(sheet: Sheet, row: int, column: int, tile: HeadlineTile) -> None:
    label = {"bg_color": PALE, "font_color": GREY, "font_size": 9, "align": "center"}
    figure = {"bg_color": PALE, "bold": True, "font_size": 16, "align": "center", "num_format": tile.number_format}
    edges = {"left": 5, "left_color": "#FFFFFF"}
    sheet.page.set_row(row + 1, 28)
    for position, style in ((row, label), (row + 1, figure)):
        sheet.page.merge_range(
            position, column, position, column + TILE_COLUMNS - 1, "", sheet.book.style(**style, **edges)
        )
    sheet.text(row, column, tile.name, **label, **edges)
    if tile.formula:
        sheet.formula(row + 1, column, tile.formula, tile.value, **figure, **edges)
    else:
        sheet.write(row + 1, column, tile.value, **figure, **edges)


def _number_formats(formats: NumberFormats) -> list[str]:
    counts = [TENTHS if name == "conversions" else COUNT for name in METRICS]
    return ["@", COUNT, formats.money, *counts, formats.rate, formats.rate, formats.rate, PERCENT, PERCENT, PERCENT]


def tier_sum_formula(creators: SheetGrid, tiers: Sequence[str], name: str, key: str) -> str:
    """Return a formula for the sum of a column over the rows of the tier that the cell `name` holds.

    SUMIF takes its criterion as a pattern and ignores case. So if a tier is not a plain word, or two tiers differ
    only in case, the formula compares the texts one by one.
    """
    if all(PLAIN_WORD.fullmatch(tier) for tier in tiers) and len({tier.casefold() for tier in tiers}) == len(tiers):
        return f"SUMIF({creators.column_reference('tier')},{name},{creators.column_reference(key)})"
    return f"SUMPRODUCT(EXACT({creators.column_reference('tier')},{name})*1,{creators.column_reference(key)})"


def _write_tier(
    sheet: Sheet, plan: Plan, creators: SheetGrid, mix: SheetGrid, row: int, tier: str, totals: Totals
) -> None:
    name, tiers = f"${mix.cell('tier', row)}", list(plan.mix)
    formulas = {key: tier_sum_formula(creators, tiers, name, key) for key in METRICS}
    formulas["cost"] = tier_sum_formula(creators, tiers, name, cost_key(creators))
    if _creators_are_unique(plan):
        formulas["creators"] = f"SUMPRODUCT(EXACT({creators.column_reference('tier')},{name})*1)"
    _write_row(sheet, plan, mix, row, tier, totals, formulas, **ROW_STYLE)


def _write_total(sheet: Sheet, plan: Plan, creators: SheetGrid, mix: SheetGrid) -> None:
    formulas = {key: f"SUM({creators.column_reference(key)})" for key in METRICS} | {
        "creators": _count_formula(plan, creators)
    }
    formulas["cost"] = f"SUM({creators.column_reference(cost_key(creators))})"
    _write_row(
        sheet,
        plan,
        mix,
        MIX + mix.rows,
        "Total",
        plan.totals,
        formulas,
        bold=True,
        bg_color=PALE,
        top=1,
    )


def _write_row(
    sheet: Sheet,
    plan: Plan,
    mix: SheetGrid,
    row: int,
    name: str,
    totals: Totals,
    formulas: dict[str, str],
    **style: object,
) -> None:
    """Write a row of the mix: sums by these formulas, ratios and shares from the cells of the mix itself."""
    values: dict[str, float | str | None] = {
        "tier": name,
        "creators": totals.creators,
        "cost": totals.spend / 100,
        **{metric: totals.metrics[metric] / 1000 for metric in METRICS},
    }
    plan_totals = {"cost": plan.totals.spend / 100, **{name: plan.totals.metrics[name] / 1000 for name in METRICS}}
    ratios = ratio_values(values)
    ratio_cells = {key: formula.format(row=row + 1) for key, formula in ratio_formulas(mix).items()}
    for column, (key, number_format) in enumerate(zip(KEYS, _number_formats(sheet.book.formats), strict=True)):
        properties = {**style, "num_format": number_format}
        if key.startswith("share of "):
            metric = key.removeprefix("share of ")
            share = f"IFERROR({mix.cell(metric, row)}/{mix.cell(metric, MIX + mix.rows)},0)"
            part = values[metric]
            assert isinstance(part, int | float)
            sheet.formula(row, column, share, part / plan_totals[metric] if plan_totals[metric] else 0.0, **properties)
        elif key in ratio_cells:
            sheet.formula(row, column, ratio_cells[key], ratios[key], **properties)
        elif formulas.get(key):
            value = values[key]
            sheet.formula(row, column, formulas[key], "" if value is None else value, **properties)
        else:
            sheet.write(row, column, values[key], **properties)


def _write_costs(sheet: Sheet, plan: Plan, creators: SheetGrid, row: int) -> int:
    """Write what the plan pays for, a line each, and return how many rows that takes."""
    lines = cost_lines(plan)
    if not lines:
        return 0
    sheet.header(row, ("Cost", "Amount", "of spend"))
    total = row + 1 + [line.key for line in lines].index("total")
    money = {"num_format": sheet.book.formats.money}
    for place, line in enumerate(lines, row + 1):
        style: dict[str, Any] = {**ROW_STYLE, "bold": line.key == "total"}
        sheet.text(place, 0, line.title, **style)
        formula = _cost_formula(line.key, creators, row + 2, total)
        if formula:
            sheet.formula(place, 1, formula, line.cents / 100, **style, **money)
            share = line.cents / plan.totals.spend if plan.totals.spend else 0.0
            sheet.formula(place, 2, f"IFERROR(B{place + 1}/B{total + 1},0)", share, **style, num_format=PERCENT)
        else:
            sheet.write(place, 1, line.cents / 100, **style, **money)
            sheet.text(place, 2, "kept", **style)
    return len(lines) + 2


def _cost_formula(key: str, creators: SheetGrid, first: int, total: int) -> str:
    """Return the formula of a line of costs, empty for the contingency, which is not in the sheet Creators."""
    if key == "total":
        return f"SUM(B{first}:B{total})"
    return f"SUM({creators.column_reference(key)})" if key in creators.keys else ""


def insert_mix_charts(book: WorkbookWriter, sheet: Sheet, mix: SheetGrid, *, below: int = 0) -> None:
    """Insert below the mix the charts of each tier's shares and CPE; the spreadsheet draws them from the cells.

    Parameters
    ----------
    below
        Rows between the mix and the charts that are taken.
    """
    row = mix.first + mix.rows + 2 + below
    shares = {"share of cost": "Spend", "share of engagements": "Engagements", "share of conversions": "Conversions"}
    chart = _chart(book, "Where the money goes, and what it brings", "0%")
    for (key, name), color in zip(shares.items(), MEASURES, strict=True):
        chart.add_series(_series(mix, key, name, color))
    sheet.page.insert_chart(row, 0, chart, {"description": "Shares of each tier"})
    chart.set_size({"width": 718, "height": 330})
    chart.set_legend({"position": "bottom", "font": FONT})
    cost = _chart(book, "Cost of an engagement by tier", book.formats.rate)
    cost.add_series(_series(mix, "cpe", "CPE", MEASURES[1]))
    cost.set_legend({"none": True})
    cost.set_size({"width": 476, "height": 330})
    sheet.page.insert_chart(row, 8, cost, {"x_offset": 4, "description": "Cost per engagement of each tier"})


def _chart(book: WorkbookWriter, title: str, number_format: str) -> Any:
    chart = book.chart({"type": "column"})
    chart.set_title(
        {"name": title, "name_font": {"name": "Arial", "size": 12, "bold": True, "color": GREY}, "overlay": False}
    )
    chart.set_x_axis({"num_font": FONT, "line": {"color": LINE}, "major_tick_mark": "none"})
    grid = {"visible": True, "line": {"color": LINE, "width": 0.5}}
    chart.set_y_axis({"num_format": number_format, "num_font": FONT, "line": {"none": True}, "major_gridlines": grid})
    chart.set_chartarea({"border": {"color": LINE}})
    return chart


def _series(mix: SheetGrid, key: str, name: str, color: str) -> dict[str, Any]:
    return {
        "name": name,
        "categories": f"={mix.column_reference('tier')}",
        "values": f"={mix.column_reference(key)}",
        "fill": {"color": color},
        "gap": 60,
        "overlap": -5,
    }
