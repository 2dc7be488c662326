"""Parse and check numeric columns: counts, and rates as proportions, whether they are written as percent or not."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.benchmarks.table import PLATFORMS, default_benchmarks, geometric_midpoint
from microopt.campaign.flag_values import format_header_map
from microopt.readers.context import ReadContext
from microopt.readers.formats.raw_table import cell_text, to_texts
from microopt.readers.numbers.assumed_units import record_assumed_units
from microopt.readers.numbers.decimal_mark import MARK_NAMES, number_style, record_thousands
from microopt.readers.numbers.hidden_figures import empty_hidden_figures
from microopt.readers.numbers.mixed_units import find_extreme_rates, note_header_unit, note_mixed_rates
from microopt.readers.numbers.numeric_text import NumberColumn, parse_numbers
from microopt.readers.words.vocabulary import RESULTS, ROSTER, ColumnKind
from microopt.roster.extra_costs import FEE_EXTRAS, OFFER_EXTRAS, SEEDING, amount_column
from microopt.roster.roster import TextColumn

REQUIRED_FIGURES = ("followers",)
MAX_FOLLOWERS = 1e11  # more than ten times mankind
WRONG_COLUMN_SHARE = 0.8  # of a column's filled cells; if more are wrong, the header is
MAX_SCALED = 1e10  # a count above it, once multiplied by the unit in the header, shows that the cells are whole numbers
MOST_CELLS_LOOKED_AT = 1_000  # to tell a wrong column from numbers in an unknown notation
MAX_VALUES = {  # a cell above the maximum of its column is a slip
    **dict.fromkeys((*RESULTS.whole_numbers, "views", "reach"), 1e12),
    **dict.fromkeys(("product", "shipping", "order_value", SEEDING, *OFFER_EXTRAS), 1e9),
    **dict.fromkeys(map(amount_column, FEE_EXTRAS), 1e9),
    **dict.fromkeys((*FEE_EXTRAS, "sponsored_ratio"), 10.0),
    "deliverables": 1_000.0,
}
SIGNED_COLUMNS = ("sentiment",)  # columns that may hold negative numbers
LEAST_OF_USUAL = 1 / 30  # a rate in percent below this part of what is usual is a fraction
_PERCENT_HEADER = re.compile(r"%|\b(?:pct|percent|percentage|prozent)\b", re.IGNORECASE)
_MONTH = r"(?:jan|feb|fév|ene|m[aäá]r|a[pvb]r|ma[iyjg]|ju[nlij]|giu|lug|a[uo][gû]|sep|set|o[ck]t|out|nov|d[eéi][czs])"
_DATE = re.compile(
    r"\d{4}-\d\d-\d\d(?:[ T][\d:.]+)?|\d\d?([./-])\d\d?\1(?:\d\d)?\d\d"
    rf"|\d\d?[. -]+{_MONTH}\w{{0,6}}\.?(?:[ -]\d+)?|{_MONTH}\w{{0,6}}\.?[ -]\d\d(?:\d\d)?",
    re.IGNORECASE,
)
SAMPLE_ROWS = 10_000  # rows whose median tells percent from fraction
CAPPED_RATES = ("ctr", "cvr", "action_rate", "sponsored_share", "discount", "commission")  # at most 100%
ENGAGEMENT_RATES = ("engagement_rate", "engagement_rate_views", "engagement_rate_reach")
RATES_WITH_USUAL = ("engagement_rate", "ctr", "cvr")
_FIXES = {
    ColumnKind.RATE: "write rates as 3.4% or 0.034",
    ColumnKind.SHARE: "write shares as 85% or 0.85",
    ColumnKind.MONEY: "write money as 1250, $1,250, 1.2k or 300 - 500 (or as gifted)",
    ColumnKind.COUNT: "write a plain number such as 12500, 12.5K or 1,250",
}
_SURCHARGES = (*FEE_EXTRAS, *map(amount_column, FEE_EXTRAS))
NDFloat = NDArray[np.float64]
NDBool = NDArray[np.bool_]


def parse_number_column(context: ReadContext, name: str) -> NumberColumn:
    """Parse a numeric column; note every cell that is not a number, is negative, or does not fit the column's kind."""
    parsed = parse_cells(context, name)
    check_number_column(context, name, parsed)
    return parsed


def parse_cells(context: ReadContext, name: str) -> NumberColumn:
    """Parse the cells of a numeric column, noting no faults; a unit in the header counts where the cells allow it."""
    style = number_style(context, name)
    parsed = parse_numbers(context.raw(name), style)
    if parsed.scaled is not None and context.kind(name) is ColumnKind.COUNT and np.nanmax(parsed.values) > MAX_SCALED:
        parsed = parse_numbers(context.raw(name), replace(style, scale=1.0))
        context.note_interpretation(name, "whole numbers, not in the unit of the header")
    elif parsed.scaled is not None:
        context.note_interpretation(name, f"times {style.scale:,.0f}, as the header says")
        note_header_unit(context, name, parsed.values, parsed.scaled, style.scale)
    if context.kind(name) is not ColumnKind.MONEY and name not in REQUIRED_FIGURES and parsed.bad.any():
        empty_hidden_figures(context, name, parsed)
    return parsed


def check_number_column(context: ReadContext, name: str, parsed: NumberColumn) -> None:
    """Note every cell that is not a number, is negative, or does not fit the column's kind."""
    kind, (what, fix) = context.kind(name), _expected_cells(context, name)
    filled = int(np.count_nonzero(parsed.bad) + np.count_nonzero(np.isfinite(parsed.values)))
    _check_stated_mark(context, name, parsed)
    _check_unreadable(context, name, parsed, filled)
    if name not in SIGNED_COLUMNS:
        context.fault_cells(name, parsed.values < 0, "number-negative", "{value} is below zero", fix)
    if kind not in (ColumnKind.RATE, ColumnKind.SHARE) and not _is_wrong_column(
        context, name, parsed.percent, filled, "percents"
    ):
        context.fault_cells(name, parsed.percent, "number-percent", "{value} is a percent", fix)
    if kind is not ColumnKind.MONEY and parsed.currency_index is not None:
        money = parsed.currency_index >= 0
        if not _is_wrong_column(context, name, money, filled, "money"):
            context.fault_cells(name, money, "number-unreadable", "{value} is money, not " + what, fix)
    _note_notation(context, name, parsed)


def _check_unreadable(context: ReadContext, name: str, parsed: NumberColumn, filled: int) -> None:
    """Note the cells that are not numbers: where most are, once for the column.

    The header is at fault only if those cells cannot be numbers; where they have digits, their notation is not known.
    """
    bad = parsed.bad if parsed.against_mark is None else parsed.bad & ~parsed.against_mark
    count = int(np.count_nonzero(bad))
    what, fix = _expected_cells(context, name)
    message = "{value} is not " + what
    if count < 2 or count <= WRONG_COLUMN_SHARE * filled:
        are_dates = _find_dates(context, name, bad)
        context.fault_cells(name, bad & ~are_dates, "number-unreadable", message, fix)
        message = "{value} is a date: spreadsheets turn some numbers into dates"
        context.fault_cells(name, are_dates, "number-unreadable", message, f"format the cell as text, then {fix}")
        return
    cells = to_texts(context.raw(name).iloc[np.flatnonzero(bad)[:MOST_CELLS_LOOKED_AT]])
    without_digits = [cell for cell in cells if not any(map(str.isdigit, cell))]
    if len(without_digits) > WRONG_COLUMN_SHARE * len(cells):
        _fault_wrong_column(context, name, f"text such as {without_digits[0][:60]!r}")
        return
    example = next(cell for cell in cells if any(map(str.isdigit, cell))).strip()[:60]
    message = f"column {context.header(name)!r} has numbers in an unknown format, such as {example!r}"
    context.fault_column(name, "number-unreadable", message, fix)


def _expected_cells(context: ReadContext, name: str) -> tuple[str, str]:
    """Return what the cells of a column of numbers are, and how to write them."""
    if name in _SURCHARGES:  # of either, cells of the other kind are split off
        return "a share of the fee or an amount of money", "write 20% or $150"
    kind = context.kind(name)
    if kind is ColumnKind.MONEY and not context.options.fees_required:  # a fee that is still open is estimated
        return kind.value, _FIXES[kind].replace("gifted)", "gifted, or TBC)")
    return kind.value, _FIXES[kind]


def _find_dates(context: ReadContext, name: str, bad: NDBool) -> NDBool:
    """Return which of the cells that are not numbers are dates."""
    are_dates = np.zeros(len(bad), dtype=bool)
    positions = np.flatnonzero(bad)[:MOST_CELLS_LOOKED_AT]
    cells = to_texts(context.raw(name).iloc[positions]) if len(positions) else []
    are_dates[positions] = [_DATE.fullmatch(cell.strip()) is not None for cell in cells]
    return are_dates


def _check_stated_mark(context: ReadContext, name: str, parsed: NumberColumn) -> None:
    """Note the cells that cannot have the decimal mark that the user states, or that no single one explains."""
    if parsed.against_mark is not None:
        mark = MARK_NAMES[context.options.decimal or "."]
        fix = "correct the cell, or drop --decimal (decimal under [numbers] in the campaign file)"
        message = f"{{value}} does not have a {mark}"
        context.fault_cells(name, parsed.against_mark, "decimal-mixed", message, fix)
    if parsed.conflicting_cells:
        first, second = parsed.conflicting_cells
        message = f"column {context.header(name)} writes decimals in two ways: {first!r} and {second!r}"
        fix = "write all decimals one way, or name the decimal mark: --decimal , or --decimal ."
        context.fault_column(name, "decimal-mixed", message, fix)


def _note_notation(context: ReadContext, name: str, parsed: NumberColumn) -> None:
    """Note how the column's numbers were read where they are not plain."""
    record_assumed_units(context, name, parsed, context.raw(name))
    interpretation = record_thousands(context, name, parsed)
    if interpretation or parsed.decimal_comma:
        context.note_interpretation(name, "decimal comma" if parsed.decimal_comma else interpretation)
    if parsed.rounded is not None:
        cell = _first_cell(context, name, parsed.rounded).strip()[:30]
        context.note_interpretation(name, f"rounded, such as {cell}")
        context.remark(parsed.rounded, "number-rounded", f"{context.header(name)} is rounded")
    if parsed.with_rate is not None:
        cell = _first_cell(context, name, parsed.with_rate).strip()[:30]
        context.note_interpretation(name, f"the first number of cells such as {cell}")
        context.remark(parsed.with_rate, "number-with-rate", f"{context.header(name)} is the first of two numbers")
    if parsed.ranges is not None:
        cell = _first_cell(context, name, parsed.ranges).strip()[:30]
        middle = float(parsed.values[int(np.argmax(parsed.ranges))])
        context.notes.append(f"{context.header(name)}: a range is read as its middle ({cell} as {middle:,.10g})")
        context.remark(parsed.ranges, "number-range-middle", f"{context.header(name)} is the middle of a range")


def _first_cell(context: ReadContext, name: str, mask: NDBool) -> str:
    return cell_text(context.raw(name), int(np.argmax(mask)))


def check_maximum(context: ReadContext, name: str, values: NDFloat) -> None:
    """Note cells above the maximum of their column."""
    if name in MAX_VALUES:
        fix = f"write a number up to {MAX_VALUES[name]:,.0f}"
        context.fault_cells(name, values > MAX_VALUES[name], "number-range", "{value} is too high to be true", fix)


def _is_wrong_column(context: ReadContext, name: str, wrong: NDBool, filled: int, what: str) -> bool:
    """Whether most cells of a column are wrong, which is noted once for the column instead of cell by cell."""
    count = int(np.count_nonzero(wrong))
    if count < 2 or count <= WRONG_COLUMN_SHARE * filled:
        return False
    _fault_wrong_column(context, name, f"{what} such as {_first_cell(context, name, wrong)[:60]!r}")
    return True


def _fault_wrong_column(context: ReadContext, name: str, content: str) -> None:
    message = f"column {context.header(name)!r} should hold {_expected_cells(context, name)[0]}, but holds {content}"
    context.fault_column(name, "column-values", message, _wrong_column_fix(context, name))


def _wrong_column_fix(context: ReadContext, name: str) -> str:
    """Return how to name the right column, or, where none is needed, how to set this one aside."""
    if not context.options.vocabulary.has_price_columns:
        return 'rename the header, or say what it is under [columns] in the campaign file: "YOUR HEADER" = "posts"'
    column, header = name.partition(":")[0], context.header(name)
    if column in ("followers", "fee"):
        return f"correct the cells, or say which column is the {column}: {format_header_map('YOUR HEADER', column)}"
    return f"set it aside with {format_header_map(header, 'ignore')}, or say what it is: --map 'HEADER=COLUMN'"


def check_followers(context: ReadContext, parsed: NumberColumn, name: str = "followers") -> None:
    """Note follower counts that are missing, zero, fractional or above `MAX_FOLLOWERS`."""
    followers = parsed.values
    is_in_range = len(followers) and followers.min() > 0 and followers.max() <= MAX_FOLLOWERS
    if is_in_range and (context.raw(name).dtype.kind in "iu" or (np.rint(followers) == followers).all()):
        return
    missing = np.isnan(followers) & ~parsed.bad
    message, fix = "the follower count is missing", "fill it in, such as 12500 or 12.5K"
    context.fault_cells(name, missing, "followers-missing", message, fix)
    fix = "fill in the real count, such as 12500, or remove the row"
    message = "a creator with {value} followers reaches nobody"
    context.fault_cells(name, followers == 0, "followers-zero", message, fix)
    message = "{value} followers are more than there are people"
    context.fault_cells(name, followers > MAX_FOLLOWERS, "followers-range", message, fix)
    fractional = np.abs(followers - np.rint(followers)) > 1e-6 * np.abs(followers)
    message, fix = "{value} is not a whole number of people", "write it as 12500 or 12.5K"
    context.fault_cells(name, fractional, "followers-range", message, fix)


def check_conversions(context: ReadContext, numbers: Mapping[str, NDFloat]) -> None:
    """Note rows with more conversions than clicks."""
    if {"clicks", "conversions"} <= numbers.keys():
        above = numbers["conversions"] > numbers["clicks"]
        fix = "every conversion needs a click: check that 'clicks' and 'conversions' are not swapped"
        message = "{value} conversions are more than the clicks"
        context.fault_cells("conversions", above, "conversions-range", message, fix)


def parse_rate_column(context: ReadContext, name: str, followers: NDFloat, platform: TextColumn | None) -> NDFloat:
    """Parse a rate or a share as proportions.

    A percent sign decides for its cell. The other cells are all percent or all fractions: as a `[units]` entry says,
    or a header such as `ER %`, or else whichever makes their median nearer, in logs, to what creators of that size
    usually have (engagement, click and conversion rates); for all other rates a median above 1 means percent.

    Parameters
    ----------
    followers
        (n,) people, NaN where unknown.
    """
    parsed = parse_number_column(context, name)
    values = parsed.values
    positive = np.isfinite(values) & (values > 0)
    unsigned = positive & ~parsed.percent
    rows = _sample_rows(unsigned)
    unit = context.options.units.get(name) if len(rows) else None
    if len(rows):
        usual = _usual_at(name, rows, followers, platform)
        unit = unit or _unit_of_header(context.header(name), values[rows], usual) or _infer_unit(values[rows], usual)
        if _is_bounded(name) and float(np.median(values[rows])) > 100:
            _fault_wrong_column(context, name, f"counts such as {values[rows[0]]:,.10g}")
            return values
    if unit == "percent" and ROSTER.get_kind(name) is ColumnKind.SHARE and name not in context.options.units:
        fix = "write it with a percent sign, or say what the column holds under [units] in the campaign file"
        message = "{value} is among percents: is it a percent or a fraction (1 is 100%)?"
        context.fault_cells(name, unsigned & (values <= 1), "number-range", message, fix)
    if name in RATES_WITH_USUAL and unit and name not in context.options.units:
        extreme = find_extreme_rates(values, unsigned, unit)
        note_mixed_rates(context, name, values, extreme, _usual_at(name, extreme, followers, platform), unit)
    if unit == "percent":
        values = np.where(parsed.percent, values, values / 100)
    if positive.any():
        mixed = unit == "fraction" and bool((positive & parsed.percent).any())
        reading = f"percent where it has a sign, else {unit}" if mixed else unit or "percent"
        is_split = context.split_headers.get(amount_column(name)) == context.header(name)
        context.note_interpretation(name, f"{reading} or money" if is_split else reading)
    _check_rate_range(context, name, values)
    return values


def _sample_rows(mask: NDBool) -> NDArray[np.intp]:
    """Return the rows in `mask`, or evenly spaced ones if there are more than a median needs."""
    rows = np.flatnonzero(mask)
    return rows[:: max(1, len(rows) // SAMPLE_ROWS)]


def _unit_of_header(header: str, values: NDFloat, usual: NDFloat) -> str | None:
    """Return `percent` for `ER %`, unless the cells can only be fractions: spreadsheets keep 4.5% as 0.045."""
    is_percent = _PERCENT_HEADER.search(header) is not None
    return "percent" if is_percent and np.median(values) / 100 > LEAST_OF_USUAL * np.median(usual) else None


def _infer_unit(values: NDFloat, usual: NDFloat) -> str:
    median, expected = float(np.median(values)), float(np.median(usual))
    is_percent = abs(np.log(median / 100 / expected)) < abs(np.log(median / expected))
    return "percent" if is_percent else "fraction"


def _usual_at(name: str, rows: NDArray[np.intp], followers: NDFloat, platform: TextColumn | None) -> NDFloat:
    return _usual_rates(name, followers[rows], None if platform is None else platform.take(rows))


def _usual_rates(name: str, followers: NDFloat, platform: TextColumn | None) -> NDFloat:
    """Return the usual rate of creators of each size and platform.

    It is 10% for rates without a benchmark, so that a median above 1 is taken for percent.
    """
    people = np.nan_to_num(followers, nan=1.0)
    benchmarks = default_benchmarks()
    if name in ENGAGEMENT_RATES:
        # The median of Instagram's log-normal: its mean, which a forecast takes, lies well above.
        rate = np.exp(benchmarks.by_followers("engagement.instagram", "mu", people))
        if platform is None:
            return rate
        for platform_name in PLATFORMS[1:]:
            rows = platform.contains_any({platform_name})
            rate[rows] = benchmarks.by_followers(f"engagement.{platform_name}", "rate", people[rows])
        return rate
    if name == "cvr":
        return benchmarks.by_followers("conversion", "cvr", people)
    if name == "ctr":
        formats = benchmarks.formats(
            PLATFORMS[0]
        ).values()  # lists state the rate of posts with a link, as stories have
        return np.full(len(people), max(geometric_midpoint(block["ctr"]) for block in formats))
    return np.full(len(people), 0.1)


def _is_bounded(name: str) -> bool:
    return ROSTER.get_kind(name) is ColumnKind.SHARE or name in (*CAPPED_RATES, *ENGAGEMENT_RATES)


def _check_rate_range(context: ReadContext, name: str, values: NDFloat) -> None:
    if _is_bounded(name) and name not in ENGAGEMENT_RATES:  # those are doubted, not refused: see `plausibility`
        fix = (
            "write a share above 0 and up to 100%, such as 70%"
            if name == "acceptance"
            else "write a share from 0 to 1, or from 0% to 100%"
        )
        context.fault_cells(name, values > 1, "number-range", "{value} is above 100%", fix)
    if name == "acceptance":
        fix = "write a share above 0, or leave out who never accepts: delete the row, or --exclude them"
        context.fault_cells(name, values == 0, "number-range", "{value} means that they never accept", fix)
