"""The sheet Plan: the headline, the mix by tier and its charts; every sum is a formula over the sheet Creators."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from microopt.analysis.report.result import Report
from microopt.campaign.metrics import METRICS
from microopt.files.reading import source_name
from microopt.plan.plan import Plan, Totals
from microopt.rendering.charts.palette import MEASURES
from microopt.rendering.story.cost_names import cost_line_name
from microopt.rendering.story.cover import cover
from microopt.rendering.story.figures import result_figure
from microopt.rendering.story.metric_names import metric_name, ratio_names
from microopt.rendering.story.tiles import likely_totals
from microopt.rendering.wording.costs import cost_lines
from microopt.rendering.workbook.book import (
    DARK,
    FONT,
    GREY,
    LINE,
    PALE,
    ROW_STYLE,
    Sheet,
    SheetGrid,
    WorkbookWriter,
)
from microopt.rendering.workbook.creators_sheet import extra_keys, ratio_formula, ratio_formulas, ratio_values
from microopt.rendering.workbook.metric_columns import COUNT, metric_format, metric_headers

PERCENT = "0%"
MONEY_KEYS = ("cost", "cpe", "cpa", "cpm", "share of cost")  # which show the fee of a tier's only creator
FIRST_TILE_ROW, TILE_COLUMNS, TILES_PER_ROW = 4, 2, 7
MIX = FIRST_TILE_ROW + 8  # row of the first tier
PLAIN_WORD = re.compile(r"[^\W\d][\w -]*")  # what SUMIF takes literally, not as a pattern or a comparison


class HeadlineTile(Struct, frozen=True, kw_only=True):
    """A figure of the headline: a formula with its present value, or a value alone, and its likely range if known."""

    name: str
    value: float | str
    number_format: str
    formula: str = ""
    likely: str = ""


class MixColumn(Struct, frozen=True, kw_only=True):
    """A column of the mix by tier."""

    header: str
    number_format: str


def write_plan_sheet(book: WorkbookWriter, sheet: Sheet, report: Report, creators: SheetGrid) -> None:
    """Write the sheet, which comes before the sheet that it sums."""
    plan, columns = report.plan, _mix_columns(book, has_money="cost" in creators.keys)
    sheet.widths([13, 10, 12, 12, 13, 13.5, 11, 13, 9, 10, 9, 10, 13.5, 13])
    _write_heading(sheet, report)
    for number, tile in enumerate(_tiles(book, report, creators)):
        line, place = divmod(number, TILES_PER_ROW)
        _write_tile(sheet, FIRST_TILE_ROW + 3 * line, place * TILE_COLUMNS, tile, with_range=line > 0)
    sheet.title(MIX - 2, book.text("Mix by tier"))
    sheet.page.set_row(MIX - 2, 34)
    sheet.header(MIX - 1, [column.header for column in columns.values()])
    mix = SheetGrid(sheet=plan_sheet_name(book), keys=tuple(columns), first=MIX, rows=len(plan.mix))
    for number, (tier, totals) in enumerate(plan.mix.items()):
        _write_tier(sheet, plan, creators, (mix, columns), MIX + number, tier, totals)
    _write_total(sheet, plan, creators, (mix, columns))
    costs = _write_costs(sheet, plan, creators, MIX + mix.rows + 2)
    if plan.mix:
        _write_bars(sheet, mix)
        insert_mix_charts(book, sheet, mix, below=costs)
    sheet.page.print_area(0, 0, MIX + mix.rows + costs + 20, TILES_PER_ROW * TILE_COLUMNS - 1)
    sheet.page.fit_to_pages(1, 1)
    sheet.page.activate()


def plan_sheet_name(book: WorkbookWriter) -> str:
    """Return the name of the sheet."""
    return book.text("Plan")


def _mix_columns(book: WorkbookWriter, *, has_money: bool) -> dict[str, MixColumn]:
    """Return the columns of the mix; without money by tier where the fees of single creators are not shown."""
    text, formats, names = book.text, book.formats, metric_headers(book.language)
    ratios = ratio_names(book.language)
    shares = {"cost": text("of spend"), "engagements": text("of engagements"), "conversions": text("of conversions")}
    columns = {
        "tier": MixColumn(header=text("Tier"), number_format="@"),
        "creators": MixColumn(header=text("Creators"), number_format=COUNT),
        "cost": MixColumn(header=text("Spend"), number_format=formats.money),
        **{name: MixColumn(header=names[name], number_format=metric_format(name)) for name in METRICS},
        **{key: MixColumn(header=name, number_format=formats.rate) for key, name in ratios.items()},
        **{f"share of {key}": MixColumn(header=header, number_format=PERCENT) for key, header in shares.items()},
    }
    return {key: column for key, column in columns.items() if has_money or key not in MONEY_KEYS}


def _write_heading(sheet: Sheet, report: Report) -> None:
    """Write the name of the campaign, for whom and when it is, and what the plan brings."""
    language = sheet.book.language
    head, roster, text = cover(report, language), report.plan.roster, sheet.book.text
    sheet.page.set_row(0, 34)
    sheet.text(0, 0, head.campaign or text("Campaign plan"), bold=True, font_size=20, font_color=DARK)
    about = [fact for fact in head.eyebrow if fact != head.campaign]
    if report.edition.is_internal:
        path, count = source_name(roster.source.path), language.number(roster.creators)
        about.append(text("chosen from {count} creators in {file}", count=count, file=path))
    about.append(text("money in {currency}", currency=roster.currency))
    sheet.text(1, 0, " · ".join(about), font_color=GREY)
    sheet.text(2, 0, head.sentence, bold=True)
    style = {"italic": True, "font_color": GREY, "valign": "top"}
    sheet.page.set_row(3, 40 if head.on_target else 26)
    if head.on_target:  # too long for one line
        style["text_wrap"] = True
        sheet.page.merge_range(3, 0, 3, TILES_PER_ROW * TILE_COLUMNS - 1, "", sheet.book.style(**style))
    sheet.text(3, 0, " ".join(filter(None, (head.proof, head.gain, head.on_target))), **style)


def _tiles(book: WorkbookWriter, report: Report, creators: SheetGrid) -> Iterator[HeadlineTile]:
    """Yield seven figures about money, then the results."""
    plan, formats, text = report.plan, book.formats, book.text
    totals, budget = plan.totals, plan.campaign.budget
    sums = {
        key: f"SUM({creators.column_reference(key)})" for key in creators.keys if key in (*METRICS, "revenue", "cost")
    }
    spend = sums.get("cost", "")
    ratios = ratio_values({"cost": totals.spend / 100, **{name: totals.metrics[name] / 1000 for name in METRICS}})
    money = {"number_format": formats.money}
    yield HeadlineTile(name=text("Budget"), value=text("none") if budget is None else budget / 100, **money)
    yield HeadlineTile(name=text("Spend"), value=totals.spend / 100, formula=spend, **money)
    if budget is None:
        yield HeadlineTile(name=text("Unspent"), value="-", **money)
    else:  # from the cells of the two tiles before
        kept = f"-{plan.kept_back / 100:.2f}" if plan.kept_back else ""
        rest = f"A{FIRST_TILE_ROW + 2}-C{FIRST_TILE_ROW + 2}{kept}"
        yield HeadlineTile(name=text("Unspent"), value=plan.unspent / 100, formula=rest, **money)
    count = _count_formula(plan, creators)
    yield HeadlineTile(name=text("Creators"), value=totals.creators, number_format=COUNT, formula=count)
    for key, name in ratio_names(book.language).items():
        formula = ratio_formula(key, f"C{FIRST_TILE_ROW + 2}", sums)
        yield HeadlineTile(name=name, value=ratios[key], number_format=formats.rate, formula=formula)
    yield from _results(book, report, sums)
    if totals.revenue is not None:
        yield HeadlineTile(name=text("Revenue"), value=totals.revenue / 100, formula=sums["revenue"], **money)
        ratio = totals.revenue / totals.spend if totals.spend else ""
        roas = f'IFERROR({sums["revenue"]}/C{FIRST_TILE_ROW + 2},"")'
        yield HeadlineTile(name=text("ROAS"), value=ratio, number_format='0.00"x"', formula=roas)
    if totals.profit is not None and plan.campaign.margin is not None:
        profit = f"{sums['revenue']}*{float(plan.campaign.margin)}-C{FIRST_TILE_ROW + 2}"
        yield HeadlineTile(name=text("Profit"), value=totals.profit / 100, formula=profit, **money)


def _results(book: WorkbookWriter, report: Report, sums: Mapping[str, str]) -> Iterator[HeadlineTile]:
    """Yield the total of each metric with its likely range."""
    likely, names = likely_totals(report), metric_headers(book.language)
    for name in METRICS:
        total = report.plan.totals.metrics[name]
        figure = result_figure(book.language, name, total, likely.get(name))
        ends = book.text("final") if figure.final else ""
        if figure.range_text:
            ends = book.text("likely {low} to {high}", low=figure.low_text, high=figure.high_text)
        yield HeadlineTile(
            name=names[name],
            value=total / 1000,
            number_format=metric_format(name),
            formula=sums[name],
            likely=ends,
        )


def _count_formula(plan: Plan, creators: SheetGrid) -> str:
    """Return a formula that counts the creators, empty if one of them has several rows."""
    return f"COUNTA({creators.column_reference('creator')})" if _creators_are_unique(plan) else ""


def _creators_are_unique(plan: Plan) -> bool:
    return len(plan.picks) == plan.totals.creators > 0 and all(pick.creator for pick in plan.picks)


def _write_tile(sheet: Sheet, row: int, column: int, tile: HeadlineTile, *, with_range: bool) -> None:
    ground = {"bg_color": PALE, "align": "center", "left": 5, "left_color": "#FFFFFF"}
    label = {**ground, "font_color": GREY, "font_size": 9}
    figure = {**ground, "bold": True, "font_size": 16, "num_format": tile.number_format}
    sheet.page.set_row(row + 1, 28)
    for position, style in enumerate((label, figure, label)[: 3 if with_range else 2], row):
        last = column + TILE_COLUMNS - 1
        sheet.page.merge_range(position, column, position, last, "", sheet.book.style(**style))
    sheet.text(row, column, tile.name, **label)
    if tile.formula:
        sheet.formula(row + 1, column, tile.formula, tile.value, **figure)
    else:
        sheet.write(row + 1, column, tile.value, **figure)
    if with_range:
        sheet.text(row + 2, column, tile.likely, **label)


def _write_bars(sheet: Sheet, mix: SheetGrid) -> None:
    """Draw the shares as bars in their cells."""
    bars = {"type": "data_bar", "bar_solid": True, "bar_color": LINE}
    ends = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1}
    first = next(place for place, key in enumerate(mix.keys) if key.startswith("share of "))
    sheet.page.conditional_format(MIX, first, MIX + mix.rows - 1, len(mix.keys) - 1, {**bars, **ends})


def tier_sum_formula(creators: SheetGrid, tiers: Sequence[str], name: str, key: str) -> str:
    """Return a formula for the sum of a column over the rows of the tier that the cell `name` holds.

    SUMIF takes its criterion as a pattern and ignores case. So if a tier is not a plain word, or two tiers differ
    only in case, the formula compares the texts one by one.
    """
    if all(PLAIN_WORD.fullmatch(tier) for tier in tiers) and len({tier.casefold() for tier in tiers}) == len(tiers):
        return f"SUMIF({creators.column_reference('tier')},{name},{creators.column_reference(key)})"
    return f"SUMPRODUCT(EXACT({creators.column_reference('tier')},{name})*1,{creators.column_reference(key)})"


Mix = tuple[SheetGrid, Mapping[str, MixColumn]]


def _write_tier(sheet: Sheet, plan: Plan, creators: SheetGrid, mix: Mix, row: int, tier: str, totals: Totals) -> None:
    name, tiers = f"${mix[0].cell('tier', row)}", list(plan.mix)
    summed = [key for key in ("cost", *METRICS) if key in creators.keys]
    formulas = {key: tier_sum_formula(creators, tiers, name, key) for key in summed}
    if _creators_are_unique(plan):
        formulas["creators"] = f"SUMPRODUCT(EXACT({creators.column_reference('tier')},{name})*1)"
    _write_row(sheet, plan, mix, row, tier, totals, formulas, **ROW_STYLE)


def _write_total(sheet: Sheet, plan: Plan, creators: SheetGrid, mix: Mix) -> None:
    summed = [key for key in ("cost", *METRICS) if key in creators.keys]
    formulas = {key: f"SUM({creators.column_reference(key)})" for key in summed}
    formulas["creators"] = _count_formula(plan, creators)
    style = {"bold": True, "bg_color": PALE, "top": 1}
    _write_row(sheet, plan, mix, MIX + mix[0].rows, sheet.book.text("Total"), plan.totals, formulas, **style)


def _write_row(
    sheet: Sheet,
    plan: Plan,
    mix: Mix,
    row: int,
    name: str,
    totals: Totals,
    formulas: dict[str, str],
    **style: object,
) -> None:
    """Write a row of the mix: sums by these formulas, ratios and shares from the cells of the mix itself."""
    grid, columns = mix
    values: dict[str, float | str | None] = {
        "tier": name,
        "creators": totals.creators,
        "cost": totals.spend / 100,
        **{metric: totals.metrics[metric] / 1000 for metric in METRICS},
    }
    plan_totals = {"cost": plan.totals.spend / 100, **{name: plan.totals.metrics[name] / 1000 for name in METRICS}}
    ratios = ratio_values(values)
    ratio_cells = {key: formula.replace("{row}", str(row + 1)) for key, formula in ratio_formulas(grid).items()}
    for place, (key, column) in enumerate(columns.items()):
        properties = {**style, "num_format": column.number_format}
        if key.startswith("share of "):
            metric = key.removeprefix("share of ")
            share = f"IFERROR({grid.cell(metric, row)}/{grid.cell(metric, MIX + grid.rows)},0)"
            part = values[metric]
            assert isinstance(part, int | float)
            sheet.formula(row, place, share, part / plan_totals[metric] if plan_totals[metric] else 0.0, **properties)
        elif key in ratio_cells:
            sheet.formula(row, place, ratio_cells[key], ratios[key], **properties)
        elif formulas.get(key):
            value = values[key]
            sheet.formula(row, place, formulas[key], "" if value is None else value, **properties)
        else:
            sheet.write(row, place, values[key], **properties)


def _write_costs(sheet: Sheet, plan: Plan, creators: SheetGrid, row: int) -> int:
    """Write what the plan pays for, a line each, and return how many rows that takes."""
    lines = cost_lines(plan)
    if not lines:
        return 0
    text, language = sheet.book.text, sheet.book.language
    sheet.header(row, (text("Cost"), text("Amount"), text("of spend")))
    total = row + 1 + [line.key for line in lines].index("total")
    money = {"num_format": sheet.book.formats.money}
    for place, line in enumerate(lines, row + 1):
        style: dict[str, Any] = {**ROW_STYLE, "bold": line.key == "total"}
        sheet.text(place, 0, cost_line_name(line, plan, language), **style)
        formula = _cost_formula(line.key, creators, row + 2, total)
        if line.key == "contingency":
            sheet.write(place, 1, line.cents / 100, **style, **money)
            sheet.text(place, 2, text("kept"), **style)
        elif formula:
            sheet.formula(place, 1, formula, line.cents / 100, **style, **money)
            share = line.cents / plan.totals.spend if plan.totals.spend else 0.0
            sheet.formula(place, 2, f"IFERROR(B{place + 1}/B{total + 1},0)", share, **style, num_format=PERCENT)
        else:
            sheet.write(place, 1, line.cents / 100, **style, **money)
    return len(lines) + 2


def _cost_formula(key: str, creators: SheetGrid, first: int, total: int) -> str:
    """Return the formula of a line of costs, empty for the contingency, which is not in the sheet Creators."""
    if key == "total":
        return f"SUM(B{first}:B{total})"
    if key == "fee" and "cost" in creators.keys:  # of agreed fees too
        extras = [f"-SUM({creators.column_reference(extra)})" for extra in extra_keys(creators)]
        return "".join([f"SUM({creators.column_reference('cost')})", *extras])
    return f"SUM({creators.column_reference(key)})" if key in creators.keys else ""


def insert_mix_charts(book: WorkbookWriter, sheet: Sheet, mix: SheetGrid, *, below: int = 0) -> None:
    """Insert below the mix the charts of each tier's shares and CPE; the spreadsheet draws them from the cells.

    Parameters
    ----------
    below
        Rows between the mix and the charts that are taken.
    """
    row = mix.first + mix.rows + 2 + below
    text, has_money = book.text, "cpe" in mix.keys
    names = {"cost": text("Spend"), **{key: metric_name(key, book.language) for key in ("engagements", "conversions")}}
    title = text("Where the money goes, and what it brings") if has_money else text("What each tier brings")
    chart = _chart(book, title, "0%")
    for (key, name), color in zip(names.items(), MEASURES, strict=True):
        if f"share of {key}" in mix.keys:
            chart.add_series(_series(mix, f"share of {key}", name, color))
    sheet.page.insert_chart(row, 0, chart, {"description": text("Shares of each tier")})
    chart.set_size({"width": 718, "height": 330})
    chart.set_legend({"position": "bottom", "font": FONT})
    if not has_money:
        return
    cost = _chart(book, text("Cost of an engagement by tier"), book.formats.rate)
    cost.add_series(_series(mix, "cpe", ratio_names(book.language)["cpe"], MEASURES[1]))
    cost.set_legend({"none": True})
    cost.set_size({"width": 476, "height": 330})
    sheet.page.insert_chart(row, 8, cost, {"x_offset": 4, "description": text("Cost per engagement of each tier")})


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
