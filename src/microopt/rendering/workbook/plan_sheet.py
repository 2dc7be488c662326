"""The sheet Plan: the headline, the mix by tier and its charts; every sum is a formula over the sheet Creators."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from microopt.campaign.metrics import METRICS
from microopt.plan.plan import Plan, Totals
from microopt.rendering.wording.plan_sentences import plan_sentences
from microopt.rendering.workbook.book import DARK, EDGE, GREY, LINE, PALE, NumberFormats, Sheet, WorkbookWriter
from microopt.rendering.workbook.creators_sheet import COUNT, TENTHS, cost_key, ratio_formulas, ratio_values
from microopt.rendering.workbook.grid import SheetGrid
from microopt.rendering.workbook.mix_charts import insert_mix_charts

PERCENT = "0%"
SHARED = ("cost", "engagements", "conversions")
KEYS = ("tier", "creators", "cost", *METRICS, "cpe", "cpa", "cpm", *(f"share of {key}" for key in SHARED))
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
TILES, TILE = 4, 2  # row of the first tiles, and how many columns one takes
MIX = TILES + 8  # row of the first tier
SIMPLE = re.compile(r"[^\W\d][\w -]*")  # what SUMIF takes as it is written, and not as a pattern or a comparison


class HeadlineTile(Struct, frozen=True, kw_only=True):
    """A figure of the headline: a formula with the value it has now, or a value alone."""

    name: str
    value: float | str
    form: str
    formula: str = ""


def write_plan_sheet(book: WorkbookWriter, sheet: Sheet, plan: Plan, creators: SheetGrid) -> None:
    """Fill the sheet, which stands before the sheet that it sums."""
    sheet.widths([13, 10, 12, 12, 13, 13.5, 11, 13, 9, 10, 9, 10, 13.5, 13])
    _write_head(sheet, plan)
    for number, tile in enumerate(_tiles(plan, book.look, creators)):
        _write_tile(sheet, TILES + 3 * (number // 7), number % 7 * TILE, tile)
    sheet.title(MIX - 2, "Mix by tier")
    sheet.header(MIX - 1, HEADERS)
    mix = SheetGrid(sheet="Plan", keys=KEYS, first=MIX, rows=len(plan.mix))
    for number, (tier, totals) in enumerate(plan.mix.items()):
        _write_tier(sheet, plan, creators, mix, MIX + number, tier, totals)
    _write_whole(sheet, plan, creators, mix)
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
        insert_mix_charts(book, sheet, mix)
    sheet.page.print_area(0, 0, MIX + mix.rows + 20, len(KEYS) - 1)
    sheet.page.fit_to_pages(1, 1)
    sheet.page.activate()


def _write_head(sheet: Sheet, plan: Plan) -> None:
    sheet.page.set_row(0, 34)
    sheet.text(0, 0, plan.campaign.name or "Campaign plan", bold=True, font_size=20, font_color=DARK)
    roster = plan.roster
    path = "standard input" if roster.source.path == "-" else roster.source.path
    facts = f"{path} · {roster.creators:,} creators · goal {plan.campaign.goal.name} · money in {roster.currency}"
    sheet.text(1, 0, facts, font_color=GREY)
    proof = next(told for kind, told in plan_sentences(plan, hints=False) if kind in ("proof", "doubt"))
    sheet.text(2, 0, proof, italic=True, font_color=GREY)


def _tiles(plan: Plan, look: NumberFormats, creators: SheetGrid) -> Iterator[HeadlineTile]:
    """Yield seven figures of money, then the results."""
    totals, budget = plan.totals, plan.campaign.budget
    sums = {key: f"SUM({creators.column_reference(key)})" for key in creators.keys if key in ("revenue", *METRICS)}
    sums["cost"] = f"SUM({creators.column_reference(cost_key(creators))})"
    per = ratio_values({"cost": totals.spend / 100, **{name: totals.metrics[name] / 1000 for name in METRICS}})
    yield HeadlineTile(name="Budget", value="none" if budget is None else budget / 100, form=look.money)
    yield HeadlineTile(name="Spend", value=totals.spend / 100, form=look.money, formula=sums["cost"])
    if budget is None:
        yield HeadlineTile(name="Unspent", value="-", form=look.money)
    else:  # the cells of the two before
        rest = f"A{TILES + 2}-C{TILES + 2}"
        yield HeadlineTile(name="Unspent", value=plan.unspent / 100, form=look.money, formula=rest)
    yield HeadlineTile(name="Creators", value=totals.creators, form=COUNT, formula=_count(plan, creators))
    for key, of, count in (("cpe", "engagements", ""), ("cpa", "conversions", ""), ("cpm", "impressions", "1000*")):
        formula = f'IFERROR({count}{sums["cost"]}/{sums[of]},"")'
        yield HeadlineTile(name=key.upper(), value=per[key], form=look.rate, formula=formula)
    for name in METRICS:
        form = TENTHS if name == "conversions" else COUNT
        yield HeadlineTile(name=name.capitalize(), value=totals.metrics[name] / 1000, form=form, formula=sums[name])
    if totals.revenue is not None:
        yield HeadlineTile(name="Revenue", value=totals.revenue / 100, form=look.money, formula=sums["revenue"])
        roas, now = f'IFERROR({sums["revenue"]}/{sums["cost"]},"")', ""
        value = totals.revenue / totals.spend if totals.spend else now
        yield HeadlineTile(name="ROAS", value=value, form='0.00"x"', formula=roas)


def _count(plan: Plan, creators: SheetGrid) -> str:
    """Return how many creators there are as a formula, empty where one has several rows."""
    return f"COUNTA({creators.column_reference('creator')})" if _one_each(plan) else ""


def _one_each(plan: Plan) -> bool:
    return len(plan.picks) == plan.totals.creators > 0 and all(pick.creator for pick in plan.picks)


def _write_tile(sheet: Sheet, row: int, column: int, tile: HeadlineTile) -> None:
    label = {"bg_color": PALE, "font_color": GREY, "font_size": 9, "align": "center"}
    figure = {"bg_color": PALE, "bold": True, "font_size": 16, "align": "center", "num_format": tile.form}
    edges = {"left": 5, "left_color": "#FFFFFF"}
    sheet.page.set_row(row + 1, 28)
    for at, style in ((row, label), (row + 1, figure)):
        sheet.page.merge_range(at, column, at, column + TILE - 1, "", sheet.book.style(**style, **edges))
    sheet.text(row, column, tile.name, **label, **edges)
    if tile.formula:
        sheet.formula(row + 1, column, tile.formula, tile.value, **figure, **edges)
    else:
        sheet.write(row + 1, column, tile.value, **figure, **edges)


def _forms(look: NumberFormats) -> list[str]:
    counts = [TENTHS if name == "conversions" else COUNT for name in METRICS]
    return ["@", COUNT, look.money, *counts, look.rate, look.rate, look.rate, PERCENT, PERCENT, PERCENT]


def tier_sum_formula(creators: SheetGrid, tiers: Sequence[str], name: str, key: str) -> str:
    """Return a formula for the sum of a column over the rows of the tier that the cell `name` holds.

    SUMIF reads what it looks for as a pattern and in any case; where a tier is not a plain word, or two differ in case
    alone, texts are compared one by one.
    """
    if all(SIMPLE.fullmatch(tier) for tier in tiers) and len({tier.casefold() for tier in tiers}) == len(tiers):
        return f"SUMIF({creators.column_reference('tier')},{name},{creators.column_reference(key)})"
    return f"SUMPRODUCT(EXACT({creators.column_reference('tier')},{name})*1,{creators.column_reference(key)})"


def _write_tier(
    sheet: Sheet, plan: Plan, creators: SheetGrid, mix: SheetGrid, row: int, tier: str, totals: Totals
) -> None:
    name, tiers = f"${mix.cell('tier', row)}", list(plan.mix)
    formulas = {key: tier_sum_formula(creators, tiers, name, key) for key in METRICS}
    formulas["cost"] = tier_sum_formula(creators, tiers, name, cost_key(creators))
    if _one_each(plan):
        formulas["creators"] = f"SUMPRODUCT(EXACT({creators.column_reference('tier')},{name})*1)"
    _write_line(sheet, plan, mix, row, tier, totals, formulas, **EDGE)


def _write_whole(sheet: Sheet, plan: Plan, creators: SheetGrid, mix: SheetGrid) -> None:
    formulas = {key: f"SUM({creators.column_reference(key)})" for key in METRICS} | {"creators": _count(plan, creators)}
    formulas["cost"] = f"SUM({creators.column_reference(cost_key(creators))})"
    _write_line(
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


def _write_line(
    sheet: Sheet,
    plan: Plan,
    mix: SheetGrid,
    row: int,
    name: str,
    totals: Totals,
    formulas: dict[str, str],
    **style: object,
) -> None:
    """Write a line of the mix: sums by these formulas, rates and shares by the cells of the mix itself."""
    values: dict[str, float | str | None] = {
        "tier": name,
        "creators": totals.creators,
        "cost": totals.spend / 100,
        **{metric: totals.metrics[metric] / 1000 for metric in METRICS},
    }
    whole = {"cost": plan.totals.spend / 100, **{name: plan.totals.metrics[name] / 1000 for name in METRICS}}
    found = ratio_values(values)
    rates = {key: formula.format(row=row + 1) for key, formula in ratio_formulas(mix).items()}
    for column, (key, form) in enumerate(zip(KEYS, _forms(sheet.book.look), strict=True)):
        shown = {**style, "num_format": form}
        if key.startswith("share of "):
            of = key.removeprefix("share of ")
            share = f"IFERROR({mix.cell(of, row)}/{mix.cell(of, MIX + mix.rows)},0)"
            part = values[of]
            assert isinstance(part, int | float)
            sheet.formula(row, column, share, part / whole[of] if whole[of] else 0.0, **shown)
        elif key in rates:
            sheet.formula(row, column, rates[key], found[key], **shown)
        elif formulas.get(key):
            value = values[key]
            sheet.formula(row, column, formulas[key], "" if value is None else value, **shown)
        else:
            sheet.write(row, column, values[key], **shown)
