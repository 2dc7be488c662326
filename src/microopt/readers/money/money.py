"""Columns of money: amounts in one currency, whole cents, and price columns by format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.benchmarks.offer_names import format_name
from microopt.campaign.flag_values import format_header_map
from microopt.quantities.keys import header_key
from microopt.quantities.parse_and_format import format_names
from microopt.quantities.unset_rates import describe_rates_to_set, unset_rate_lines
from microopt.readers.cells.text import fill_empty_cells, join_columns
from microopt.readers.context import ReadContext
from microopt.readers.money.currency import (
    NamedCurrencies,
    convert,
    find_named_currencies,
    remark_conversions,
    settle_currencies,
)
from microopt.readers.money.fee_terms import note_quotes, pick_quotes, with_terms
from microopt.readers.money.quotes import Quotes, choose_end, empty_quotes, read_quotes
from microopt.readers.money.row_currencies import apply_row_currencies
from microopt.readers.numbers.assumed_units import record_assumed_units
from microopt.readers.numbers.decimal_mark import number_style
from microopt.readers.numbers.numbers import check_number_column, parse_cells
from microopt.readers.numbers.numeric_text import NumberColumn, parse_numbers
from microopt.readers.words.price_headers import (
    LOW_END,
    PRICE_PREFIX,
    find_header_currency,
    is_price_header,
    low_end_of,
    parse_plain_offer,
)
from microopt.readers.words.vocabulary import ColumnKind, alias_key
from microopt.roster.roster import NO_FEE, Roster, TextColumn
from microopt.roster.usual_fees import FEWEST_CREATORS

MAX_FEE_CENTS = 1e13


class MoneyColumn(Struct, frozen=True, kw_only=True, eq=False):
    """A column of money in the file's one currency.

    Attributes
    ----------
    amounts
        (n,) NaN where the cell is empty or bad.
    bad
        (n,) whether the cell is not an amount, which is noted already.
    quotes
        What the cells say besides amounts, or None where all are plain amounts.
    """

    amounts: NDArray[np.float64]
    bad: NDArray[np.bool_]
    quotes: Quotes | None = None


def read_money(context: ReadContext) -> dict[str, MoneyColumn]:
    """Read every column of money, by name, and convert them into one currency."""
    names = [name for name in context.columns if context.kind(name) is ColumnKind.MONEY]
    parsed: dict[str, tuple[NumberColumn, Quotes | None]] = {name: _parse_money(context, name) for name in names}
    apply_row_currencies(context, {name: column for name, (column, _) in parsed.items()})
    named = {name: find_named_currencies(context, name, column) for name, (column, _) in parsed.items()}
    worth = settle_currencies(context, named)
    _note_bare_prices(context, named)
    money = {}
    for name, (column, quotes) in parsed.items():
        for quoted in [] if quotes is None else [quotes, *(more.quotes for more in quotes.more)]:
            quoted.low = convert(quoted.low, column, worth[name])
            quoted.product = convert(quoted.product, column, worth[name])
        for more in [] if quotes is None else quotes.more:
            more.amounts = convert(more.amounts, column, worth[name])
        amounts = convert(column.values, column, worth[name])
        remark_conversions(context, name, column, worth[name])
        money[name] = MoneyColumn(amounts=amounts, bad=column.bad, quotes=quotes)
    joined = {name: _join_low_end(context, name, column, money) for name, column in money.items()}
    note_quotes(context, {name: column.quotes for name, column in joined.items() if column.quotes is not None})
    return {name: _take_pay_of_low_end(name, column, joined) for name, column in joined.items()}


def _note_bare_prices(context: ReadContext, named: Mapping[str, NamedCurrencies]) -> None:
    """Note which columns are taken for prices although neither their headers nor their cells say so."""
    columns = [name for name, currencies in named.items() if name.startswith(PRICE_PREFIX) and not currencies.cells]
    columns += [LOW_END, "fee"] if {"fee", LOW_END} <= named.keys() and not _is_mapped(context, "fee") else []
    bare = [context.header(name) for name in columns]
    bare = [header for header in bare if not is_price_header(header) and find_header_currency(header) is None]
    if bare:
        verb = "is read as a price" if len(bare) == 1 else "are read as prices"
        context.notes.append(f"{format_names(bare)} {verb}")


def _is_mapped(context: ReadContext, name: str) -> bool:
    """Whether the user says which header is a column, or one end of it."""
    return not {name, low_end_of(name)}.isdisjoint(map(header_key, context.options.columns.values()))


def _parse_money(context: ReadContext, name: str) -> tuple[NumberColumn, Quotes | None]:
    parsed = parse_cells(context, name)
    style = replace(number_style(context, name), unit_scales=parsed.unit_scales)

    def parse(cells: pd.Series[Any]) -> NumberColumn:
        part = parse_numbers(cells, style)
        record_assumed_units(context, name, part, cells)
        return part

    several = name == "fee" and not {"offer", LOW_END} & context.columns.keys()
    parsed, quotes = read_quotes(context.raw(name), parsed, parse, context.options.quotes, several=several)
    check_number_column(context, name, parsed)
    return parsed, quotes


def _join_low_end(
    context: ReadContext, name: str, column: MoneyColumn, money: Mapping[str, MoneyColumn]
) -> MoneyColumn:
    """Return a column of prices with the low ends that another column holds: `Price from` beside `Price to`.

    A file that has `fee_low` and `fee`, as `microopt check -o` writes them, stays as it is: an end was taken already.
    """
    low = money.get(low_end_of(name)) if name.startswith("fee") and not name.startswith(LOW_END) else None
    if low is None:
        return column
    quotes = column.quotes or empty_quotes(len(column.amounts))
    has_low, has_high = np.isfinite(low.amounts), np.isfinite(column.amounts)
    if low.quotes is not None:
        low.quotes.pay[quotes.pay > 0] = 0  # which is told once
        has_low &= low.quotes.pay == 0
    quotes.low = np.where(has_low, low.amounts, quotes.low)
    if (alias_key(context.header(low_end_of(name))), alias_key(context.header(name))) == ("feelow", "fee"):
        return replace(column, quotes=quotes)
    is_range = has_low & has_high & (low.amounts != column.amounts)
    reversed_ends = is_range & (low.amounts > column.amounts)
    message = "{value} is more than the high end of the price"
    fix = f"write the lower amount under {context.header(low_end_of(name))!r}"
    fix += f" and the higher one under {context.header(name)!r}"
    context.fault_cells(low_end_of(name), reversed_ends, "fee-range", message, fix)
    quotes.flag("range", is_range)
    quotes.flag("from", has_low & ~has_high)
    amounts = choose_end(low.amounts, column.amounts, context.options.quotes)
    amounts = np.where(has_low & has_high, amounts, np.where(has_high, column.amounts, low.amounts))
    return MoneyColumn(amounts=amounts, bad=column.bad | low.bad, quotes=quotes)


def _take_pay_of_low_end(name: str, column: MoneyColumn, money: Mapping[str, MoneyColumn]) -> MoneyColumn:
    """Return a column of prices with the pay types that the cells of its low ends say, where its own are empty."""
    low = money.get(low_end_of(name)) if name.startswith("fee") and not name.startswith(LOW_END) else None
    if low is None or low.quotes is None or column.quotes is None:
        return column
    quotes, is_empty = column.quotes, (low.quotes.pay > 0) & (column.quotes.pay == 0) & (column.amounts == 0)
    pay = np.where(is_empty, low.quotes.pay, quotes.pay)
    product = np.where(is_empty & np.isnan(quotes.product), low.quotes.product, quotes.product)
    return replace(column, quotes=replace(quotes, pay=pay, product=product))


def to_cents(
    context: ReadContext, name: str, amounts: NDArray[np.float64], column: MoneyColumn, *, required: bool
) -> NDArray[np.int64]:
    """Return amounts in whole cents, `NO_FEE` where empty; note amounts out of range, and missing ones if required.

    Parameters
    ----------
    amounts
        (n,) those of the column, NaN where the cell is empty or bad; 0 may stand for one that is not needed.
    """
    with np.errstate(over="ignore"):
        cents = np.rint(amounts * 100)
    is_too_high, is_too_low = cents > MAX_FEE_CENTS, (cents == 0) & (amounts > 0)
    what = "a fee" if name == "fee" else "an amount"
    message, fix = f"{what} of {{value}} is too high to be true", "write the fee of one offer, such as 1250"
    context.fault_cells(name, is_too_high, "fee-range", message, fix)
    message, fix = f"{what} of {{value}} is less than a cent", "write an amount such as 1250, or 0 if nothing is paid"
    context.fault_cells(name, is_too_low, "fee-range", message, fix)
    if required and not context.options.agreed_fees:
        missing = np.isnan(amounts) & ~column.bad
        fault_missing_fees(context, name, missing, column.quotes, "the fee is missing")
    is_good = (cents >= 0) & ~(is_too_high | is_too_low)  # and not NaN
    return cents.astype(np.int64) if is_good.all() else np.where(is_good, cents, NO_FEE).astype(np.int64)


def fault_missing_fees(
    context: ReadContext, name: str, missing: NDArray[np.bool_], quotes: Quotes | None, message: str
) -> None:
    """Note missing fees, with what can be done about them; a word such as `TBC` is quoted."""
    fix = _missing_fee_fix(context, int(np.count_nonzero(~missing)))
    is_open = missing & quotes.is_open if quotes is not None else np.zeros_like(missing)
    context.fault_cells(name, missing & ~is_open, "fee-missing", message, fix)
    context.fault_cells(name, is_open, "fee-missing", "{value} is not a fee yet", fix)


def _missing_fee_fix(context: ReadContext, stated: int) -> str:
    """Return how a missing fee is settled, without what was asked for already or is not possible.

    Parameters
    ----------
    stated
        In how many rows there is a fee.
    """
    options = context.options
    estimate = f"estimate it with --estimate-fees{'' if stated >= FEWEST_CREATORS else describe_missing_rate(context)}"
    if options.skip_bad_rows:
        return f"fill it in (0 for a gifted post), or {estimate}"
    return f"fill it in (0 for a gifted post), {estimate}, or leave it out with --skip-bad-rows"


def describe_missing_rate(context: ReadContext) -> str:
    """Return what estimates of fees need where the currency is not that of the benchmarks; empty if nothing."""
    options = context.options
    home = options.currency or context.currency or "USD"
    if home == "USD" or "USD" in options.exchange:
        return ""
    has_table = bool(options.exchange)
    (line,), worth = unset_rate_lines(["USD"], has_table=has_table), describe_rates_to_set(["USD"], home)
    where = "under [exchange] in the campaign file" if has_table else "at the top of campaign.toml"
    how = f"so first put {line} {where}, {worth}{'' if has_table else ', and add -c campaign.toml'}"
    return f" (industry fees are in USD, {how})"


def split_fees(context: ReadContext, roster: Roster, fee: MoneyColumn) -> Roster:
    """Return the roster with what its fees say besides amounts, and one row for each offer that a fee lists."""
    quotes = fee.quotes
    listed = [] if quotes is None else quotes.more
    if not listed:
        return with_terms(roster, quotes)
    every = np.arange(len(roster))
    fees = [roster.fee, *(to_cents(context, "fee", more.amounts, fee, required=False) for more in listed)]
    quotes_of_offers = [quotes, *(more.quotes for more in listed)]
    rows = [every, *(np.flatnonzero(np.isfinite(more.amounts)) for more in listed)]
    place = np.repeat(np.arange(len(rows)), [len(part) for part in rows])
    order = np.lexsort((place, np.concatenate(rows)))
    rows_of_file, place = np.concatenate(rows)[order], place[order]
    expanded = replace(roster.take(rows_of_file), fee=np.stack(fees, axis=1)[rows_of_file, place])
    return with_terms(expanded, pick_quotes(quotes_of_offers, rows_of_file, place))


def name_offers_by_fee(context: ReadContext, roster: Roster) -> Roster:
    """Return the roster with the one format and the platform that the header of the fee names: `TikTok video rate`.

    What other columns and the cells say takes precedence. A post may be of any format, so that it names none.
    """
    offer, platform = parse_plain_offer(context.header("fee"))
    offer = offer if offer != "post" and format_name(offer) is not None else ""
    texts = dict(roster.texts)
    for name, label in (("offer", offer), ("platform", platform)):
        if label:
            named = TextColumn(codes=np.zeros(len(roster), dtype=np.int32), labels=(label,))
            texts[name] = fill_empty_cells(texts[name], named) if name in texts else named
    context.note_interpretation("fee", " ".join(filter(None, (platform, offer))))
    return replace(roster, texts=texts)


class PriceColumn(Struct, frozen=True, kw_only=True):
    """A column with the price of one format.

    Attributes
    ----------
    name
        Its key in `ReadContext.columns`.
    offer, platform
        What its header names.
    """

    name: str
    offer: str
    platform: str


def find_price_columns(context: ReadContext) -> list[PriceColumn]:
    """Return the price columns, noting two that price the same offer."""
    found: dict[tuple[str, str], PriceColumn] = {}
    for name in [name for name in context.columns if name.startswith(PRICE_PREFIX)]:
        offer, platform = parse_plain_offer(context.header(name))
        first = found.setdefault((offer, platform), PriceColumn(name=name, offer=offer, platform=platform))
        if first.name != name:
            headers = f"{context.header(first.name)!r} and {context.header(name)!r}"
            message = f"two columns give the price of a {offer}: {headers}"
            fix = f"rename or remove one, or set it aside: {format_header_map(context.header(name), 'ignore')}"
            context.fault_column(name, "column-twice", message, fix)
        context.note_interpretation(name, " ".join(filter(None, (platform, offer))))
    return list(found.values())


def split_price_columns(
    context: ReadContext,
    roster: Roster,
    columns: list[PriceColumn],
    money: Mapping[str, MoneyColumn],
    unpaid: NDArray[np.bool_],
) -> Roster:
    """Return the roster with one row for each price that a creator quotes, in the file's order.

    Parameters
    ----------
    unpaid
        (n,) who needs no fee: with no price quoted, such a creator has one offer of the first format, for nothing.
    """
    fees = []
    bad = np.zeros(len(roster), dtype=bool)
    for column in columns:
        quoted = money[column.name]
        fees.append(to_cents(context, column.name, quoted.amounts, quoted, required=False))
        bad |= quoted.bad
    table = np.stack(fees, axis=1)
    priced = table != NO_FEE
    unpriced = ~priced.any(axis=1)
    table[unpriced & ~bad & unpaid, 0] = 0
    quotes = [money[column.name].quotes for column in columns]
    if context.options.fees_required and context.options.agreed_fees:
        pass  # which are missing is known once it is known whose fees were agreed
    elif context.options.fees_required:
        missing = unpriced & ~bad & ~unpaid
        fault_missing_fees(context, columns[0].name, missing, quotes[0], "no price is given")
    else:
        priced |= np.stack([_open_fees(each, len(roster)) for each in quotes], axis=1)
    priced[unpriced, 0] = True
    rows, formats = np.nonzero(priced)
    expanded = roster.take(rows)
    codes = formats.astype(np.int32)
    offers = TextColumn(codes=codes, labels=tuple(column.offer for column in columns))
    texts = {**expanded.texts, "offer": offers}
    if "offer" in expanded.texts:
        texts["offer"] = join_columns([expanded.texts["offer"], offers], " ")
    if any(column.platform for column in columns):
        platforms = _name_platforms(columns, np.where(unpriced[rows], -1, formats))
        if "platform" in texts:
            _note_other_platforms(context, platforms, texts["platform"])
        texts["platform"] = fill_empty_cells(platforms, texts["platform"]) if "platform" in texts else platforms
    expanded = replace(expanded, texts=texts, fee=table[rows, formats])
    return with_terms(expanded, pick_quotes(quotes, rows, formats))


def _name_platforms(columns: Sequence[PriceColumn], priced: NDArray[np.intp]) -> TextColumn:
    """Return the platforms that the headers of prices name, by the position of each row's price, -1 for none."""
    codes, labels = pd.factorize(np.asarray([*(column.platform for column in columns), ""], dtype=object))
    return TextColumn(codes=codes.astype(np.int32)[priced], labels=tuple(labels))


def _note_other_platforms(context: ReadContext, priced: TextColumn, of_rows: TextColumn) -> None:
    """Note the prices whose headers name another platform than their rows."""
    size = len(of_rows.labels)
    pairs, counts = np.unique(priced.codes.astype(np.int64) * size + of_rows.codes, return_counts=True)
    named = [(priced.labels[pair // size], of_rows.label_values(pair % size)) for pair in pairs.tolist()]
    differ = [bool(label) and any(row) and label not in row for label, row in named]
    count = int(counts[differ].sum())
    if count:
        subject = "1 price is" if count == 1 else f"{count:,} prices are"
        context.notes.append(f"{subject} for another platform than the row names: the platform in the header is used")


def _open_fees(quotes: Quotes | None, rows: int) -> NDArray[np.bool_]:
    return np.zeros(rows, dtype=np.bool_) if quotes is None else quotes.is_open
