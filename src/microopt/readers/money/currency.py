"""One currency for the money of a file: what signs such as `kr` mean in it, and the rate of every other currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.errors import Fault
from microopt.quantities.currencies import SHARED_SIGNS
from microopt.quantities.unset_rates import describe_rates_to_set, describe_unset_rates, unset_rate_lines
from microopt.readers.context import ReadContext
from microopt.readers.formats.raw_table import to_texts
from microopt.readers.money.currency_notes import note_currencies, note_no_currency
from microopt.readers.numbers.numeric_text import NumberColumn
from microopt.readers.words.header_languages import is_chinese
from microopt.readers.words.price_headers import find_header_currency
from microopt.readers.words.vocabulary import ColumnKind

_YEN = "¥"  # that of the yuan in Chinese lists
_FIRST_CELLS = 50  # of each column, whose words tell whether a list is Chinese
_MOST_ROWS = 5  # that a sentence names
_EVERYDAY_SIGNS = ("$", "£")  # whose usual meaning needs no note


class NamedCurrencies(Struct, frozen=True, kw_only=True):
    """The currencies that a column names: codes, or signs that several currencies share.

    Attributes
    ----------
    cells
        Of the cells.
    header
        Of the header, where some cells name none.
    heading
        Of the header, also where every cell names one.
    bare
        How many amounts have no currency in the cell or the header.
    rows
        Of each currency of the cells: the first rows that have it, one more than a sentence names.
    """

    cells: tuple[str, ...] = ()
    header: str | None = None
    heading: str | None = None
    bare: int = 0
    rows: tuple[tuple[int, ...], ...] = ()


def find_named_currencies(context: ReadContext, name: str, parsed: NumberColumn) -> NamedCurrencies:
    """Return the currencies that a column of money names."""
    heading = find_header_currency(context.header(name))
    header = None if _all_name_currency(parsed) else heading
    stated = np.isfinite(parsed.values) & (parsed.values != 0)
    without = stated if parsed.currency_index is None else stated & (parsed.currency_index < 0)
    bare = int(without.sum()) if heading is None else 0
    index = np.empty(0) if parsed.currency_index is None else parsed.currency_index
    rows = (
        tuple(context.table.row[np.flatnonzero(index == sign)[: _MOST_ROWS + 1]].tolist())
        for sign in range(len(parsed.currencies))
    )
    return NamedCurrencies(cells=tuple(parsed.currencies), header=header, heading=heading, bare=bare, rows=tuple(rows))


def _all_name_currency(parsed: NumberColumn) -> bool:
    index = parsed.currency_index
    return index is not None and bool((index[np.isfinite(parsed.values)] >= 0).all())


def settle_currencies(context: ReadContext, columns: Mapping[str, NamedCurrencies]) -> dict[str, dict[str, float]]:
    """Set the currency of the file; return by column what one of each currency that it names is worth in that.

    A cell that names no currency is in the header's, or else in the campaign's, which the key "" stands for. A currency
    without a rate is one fault for the whole file.
    """
    codes = _resolve_signs(context, columns)
    used = {name: _used_codes(named, codes) for name, named in columns.items()}
    home = _home_currency(context, [code for column in used.values() for code in column])
    rates = {code: float(rate) for code, rate in context.options.exchange.items()} | {home: 1.0}
    _fault_missing_rates(context, home, columns, codes, rates)
    context.currency = home or context.currency
    if home and all({*used_codes} <= rates.keys() for used_codes in used.values()):
        converted = {code: rates[code] for column in used.values() for code in column if code != home}
        note_currencies(context, home, converted, {name: column.bare for name, column in columns.items()})
    elif not any(used.values()):
        note_no_currency(context)
    worth = {}
    for name, named in columns.items():
        worth[name] = {sign: rates.get(codes[sign], 1.0) for sign in named.cells}
        worth[name][""] = rates.get(codes[named.header], 1.0) if named.header else 1.0
        if any(rate != 1 for rate in worth[name].values()):
            context.note_interpretation(name, f"converted to {home}")
    return worth


def _resolve_signs(context: ReadContext, columns: Mapping[str, NamedCurrencies]) -> dict[str, str]:
    """Return the code of each currency that the file names, with a note where a sign was taken for one of several."""
    named = {sign for column in columns.values() for sign in (*column.cells, *filter(None, [column.header]))}
    written = {*named, *(column.heading for column in columns.values() if column.heading)} - SHARED_SIGNS.keys()
    codes = {code: code for code in written}
    for sign in sorted(named & SHARED_SIGNS.keys()):
        codes[sign] = _resolve_sign(context, sign, written)
        expected = SHARED_SIGNS[sign][0] if sign in _EVERYDAY_SIGNS else context.options.currency
        if codes[sign] == expected and not (sign == _YEN and expected == "JPY" and _is_chinese(context)):
            continue
        others = _listed([code for code in SHARED_SIGNS[sign] if code != codes[sign]][:3], "or")
        context.notes.append(f"{sign} is read as {codes[sign]} (for {others} write the code)")
    return codes


def _resolve_sign(context: ReadContext, sign: str, written: set[str]) -> str:
    """Return what a shared sign means here: as the file says elsewhere, or the campaign, or the only rate given."""
    meanings = SHARED_SIGNS[sign]
    home, exchange = context.options.currency, context.options.exchange
    is_everyday = sign in _EVERYDAY_SIGNS
    in_file = [code for code in meanings if code in written and not is_everyday]
    in_campaign = [home] if home in meanings and (meanings[0] not in exchange or meanings[0] in written) else []
    in_rates = [code for code in meanings if code in exchange]
    certain = [found[0] for found in (in_campaign, in_file, in_rates) if len(found) == 1 and found[0]]
    if not certain and sign == _YEN and _is_chinese(context):
        return "CNY"
    return next(iter(certain), meanings[0])


def _is_chinese(context: ReadContext) -> bool:
    columns = [context.raw(name) for name in context.columns if context.kind(name) is ColumnKind.TEXT]
    return is_chinese(
        context.table.headers, [cell for column in columns for cell in to_texts(column.iloc[:_FIRST_CELLS])]
    )


def _home_currency(context: ReadContext, used: list[str]) -> str | None:
    """Return the currency of the file.

    It is the campaign's, or else the only one that the file uses. Rates are to the dollar, unless there is a rate for
    the dollar itself: then they are to the only currency without a rate.
    """
    options = context.options
    if options.currency:
        return options.currency
    without_rate = {*used} - options.exchange.keys()
    if options.exchange and not ("USD" in options.exchange and len(without_rate) == 1):
        return "USD"
    return without_rate.pop() if len(without_rate) == 1 else None


def _fault_missing_rates(
    context: ReadContext,
    home: str | None,
    named: Mapping[str, NamedCurrencies],
    codes: Mapping[str, str],
    rates: Mapping[str | None, float],
) -> None:
    """Note, once for the file, which of its currencies have no rate."""
    used = {name: _used_codes(column, codes) for name, column in named.items()}
    missing = sorted({*chain(*used.values())} - rates.keys())
    if not missing:
        return
    columns = [name for name, found in used.items() if not {*found} <= rates.keys()]
    columns.sort(key=lambda name: context.columns[name])
    where = _describe_columns(context, columns)
    verb = ("is", "holds") if len(columns) == 1 else ("are", "hold")
    only = None  # the one currency that the file is in
    if home is None:
        message, code = f"{where} {verb[1]} several currencies: {', '.join(missing)}", "currency-mixed"
        fix = _choose_one(missing)
    elif context.options.exchange:
        message, code = f"{where} {verb[1]} {_listed(missing)}, without an exchange rate", "currency-unknown"
        fix = describe_unset_rates(missing, home, has_table=True)
    elif any(named[name].bare or home in used[name] for name in columns):
        held = ", ".join(sorted({home, *missing}))
        message = f"{where} {verb[1]} several currencies ({held}), but the campaign uses {home}"
        code, fix = "currency-other", describe_unset_rates(missing, home, has_table=False)
        if rows := _find_rows([named[name] for name in columns], codes, missing):
            fix = f"convert row{'s' if rows[1:] else ''} {_listed(list(map(str, rows)))} to {home}, or {fix}"
    else:
        message, code = f"{where} {verb[0]} in {_listed(missing)}, but the campaign uses {home}", "currency-other"
        fix = describe_unset_rates(missing, home, has_table=False)
        if len(missing) == 1:
            only = missing[0]
            fix = f'set currency = "{only}" in the campaign file, or {fix}'
    context.faults.add(Fault(code=code, message=message, fix=fix, column=context.header(columns[0]), value=only))


def _used_codes(named: NamedCurrencies, codes: Mapping[str, str]) -> list[str]:
    return [codes[sign] for sign in (*named.cells, *filter(None, [named.header]))]


def _find_rows(columns: Sequence[NamedCurrencies], codes: Mapping[str, str], wanted: Sequence[str]) -> list[int]:
    """Return the rows with amounts in any of these currencies; nothing if they are many, or a header names one."""
    if any(column.header and codes[column.header] in wanted for column in columns):
        return []
    pairs = [pair for column in columns for pair in zip(column.cells, column.rows, strict=True)]
    rows = sorted({row for sign, rows in pairs if codes[sign] in wanted for row in rows})
    return rows if len(rows) <= _MOST_ROWS else []


def _choose_one(codes: list[str]) -> str:
    home = next((code for code in ("USD", "EUR") if code in codes), codes[0])
    others = [code for code in codes if code != home]
    sentence = f"say at the top of the campaign file which currency it uses, {describe_rates_to_set(others, home)}:"
    return "\n".join([sentence, f'currency = "{home}"', *unset_rate_lines(others, has_table=False)])


def _describe_columns(context: ReadContext, names: list[str]) -> str:
    headers = [context.header(name) for name in names]
    return f"column {headers[0]}" if len(headers) == 1 else f"columns {_listed(headers)}"


def _listed(names: list[str], word: str = "and") -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"


def convert(values: NDArray[np.float64], parsed: NumberColumn, worth: Mapping[str, float]) -> NDArray[np.float64]:
    """Return amounts in the file's one currency."""
    if all(rate == 1 for rate in worth.values()):
        return values
    factors = np.asarray([*(worth[sign] for sign in parsed.currencies), worth[""]])  # without a currency: -1, the last
    index = parsed.currency_index
    index = np.full(len(values), -1, dtype=np.int8) if index is None else index
    with np.errstate(over="ignore"):
        converted: NDArray[np.float64] = values * factors[index]
    return converted


def remark_conversions(context: ReadContext, name: str, parsed: NumberColumn, worth: Mapping[str, float]) -> None:
    """Remark on each row with an amount that was converted, with the currency that its cell names."""
    signs = [(position, f"from {sign}", worth[sign]) for position, sign in enumerate(parsed.currencies)]
    converted = [(place, text) for place, text, rate in (*signs, (-1, "as its header says", worth[""])) if rate != 1]
    if not converted:
        return
    stated = np.isfinite(parsed.values) & (parsed.values != 0)
    index = np.full(len(stated), -1) if parsed.currency_index is None else parsed.currency_index
    for place, text in converted:
        context.remark(stated & (index == place), "currency-converted", f"{context.header(name)} is converted {text}")
