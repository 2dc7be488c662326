"""Note at which rates money was converted, and in which currency amounts without a sign were taken."""

from __future__ import annotations

from collections.abc import Mapping

from microopt.quantities.currencies import shown_sign
from microopt.readers.context import ReadContext
from microopt.readers.words.header_languages import find_languages

_DEFAULT = "USD"


def note_currencies(context: ReadContext, home: str, rates: Mapping[str, float], bare: Mapping[str, int]) -> None:
    """Note the rates, and how many amounts without a sign are in the file's currency where that is not plain.

    Parameters
    ----------
    rates
        What one of each converted currency is worth in `home`.
    bare
        By column: how many amounts name no currency.
    """
    parts = [f"{_format_amount('1', code)} = {_format_rate(rate, home)}" for code, rate in sorted(rates.items())]
    note = ", ".join(parts)
    is_plain = not rates and home in (_DEFAULT, context.options.currency)
    if not is_plain and (count := sum(bare.values())):
        noun = "fee" if all(name.startswith("fee") for name, number in bare.items() if number) else "amount"
        subject = f"1 {noun} without a sign is" if count == 1 else f"{count:,} {noun}s without a sign are"
        note = "; ".join(filter(None, (note, f"{subject} taken as {home}")))
    if note:
        context.notes.append(note)


def note_no_currency(context: ReadContext) -> None:
    """Note that amounts are taken as dollars where nothing names a currency and the list is not an American one."""
    if context.options.currency or not any(name.startswith("fee") for name in context.columns):
        return
    if "written" in context.columns:  # a plan's own workbook, in the currency of the plan
        return
    evidence = context.decimal_evidence
    if (evidence is not None and evidence.mark == ",") or find_languages(context.table.headers, ""):
        way_on = "a budget such as '9000 €' changes that"
        context.notes.append(f"no currency is given: amounts are taken as {_DEFAULT}; {way_on}")


def _format_rate(rate: float, code: str) -> str:
    return _format_amount(f"{rate:,.2f}" if round(rate, 2) == rate else f"{rate:,.6g}", code)


def _format_amount(number: str, code: str) -> str:
    sign = shown_sign(code)
    return f"{sign}{number}" if sign else f"{number} {code}"
