"""The budgets of a frontier: those of a list, or round ones within a range."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil

from microopt.errors import UsageError
from microopt.quantities.parse_and_format import parse_amount, written_sign

MAX_FRONTIER_STEPS = 1_000
ROUND_STEPS = (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5))  # times a power of ten
TOO_NEAR = Fraction(1, 4)  # of a step: a round budget as near to an end of the range tells nothing more
DIGITS = 3  # of the lowest budget that nobody wrote
NEEDED = "--budget needs a range such as 5k..50k or a list such as 20k,25k,30k"
EXAMPLES = "write --budget 5k..50k or --budget 20k,25k,30k; for a single budget use microopt plan"
_CLEAR_SEPARATOR = re.compile(r";|,(?=\s)")


def round_budgets(low: int, high: int, steps: int) -> tuple[int, ...]:
    """Return up to `steps` budgets in cents: both ends, and between them the multiples of a round step.

    The step is the smallest of 1, 2, 2.5 and 5 times a power of ten that is large enough.

    Raises
    ------
    UsageError
        If the number of budgets is out of range, or the range is empty.
    """
    check_frontier_steps(steps)
    if not 0 < low < high:
        fix = "give the lower budget first, above 0, and a higher one, such as --budget 5k..50k"
        raise UsageError("the range of budgets has no width", fix=fix, code="budget-range")
    inner = next(found for step in _round_steps() if len(found := _multiples_between(low, high, step)) <= steps - 2)
    return (low, *inner, high)


def _multiples_between(low: int, high: int, step: int) -> range:
    """Return the multiples of a step between two budgets, without those too near to one of them."""
    margin = max(1, ceil(step * TOO_NEAR))
    return range(-(-(low + margin) // step) * step, high - margin + 1, step)


def _round_steps() -> Iterator[int]:
    """Yield 1, 2, 5, 10, 20, 25, 50, 100 and so on, in cents."""
    power = 1
    while True:
        yield from (int(power * times) for times in ROUND_STEPS if power % times.denominator == 0)
        power *= 10


def budgets_of_campaign(budget: int, steps: int) -> tuple[int, ...]:
    """Return round budgets in cents from a quarter of a campaign's budget to its double, and the budget itself.

    Raises
    ------
    UsageError
        If the number of budgets is out of range.
    """
    unit = 10 ** max(0, len(str(budget // 4)) - DIGITS)
    low, high = max(1, round(budget / 4 / unit) * unit), budget * 2
    found = round_budgets(low, high, steps)
    if budget in found or steps == 2:
        return found
    return tuple(sorted({*round_budgets(low, high, steps - 1), budget}))


def listed_budgets(budgets: Sequence[int]) -> tuple[int, ...]:
    """Return the budgets of a list in cents, the lowest first and each once.

    Raises
    ------
    UsageError
        If there are fewer than two or too many, or one is not above 0.
    """
    distinct = tuple(sorted(set(budgets)))
    if distinct and distinct[0] <= 0:
        raise UsageError("a budget in the list is 0", fix="leave it out: budgets are above 0", code="budget-range")
    if len(distinct) < 2:
        raise UsageError(NEEDED, fix=EXAMPLES, code="budget-range")
    if len(distinct) > MAX_FRONTIER_STEPS:
        fix = f"give up to {MAX_FRONTIER_STEPS:,} budgets, or a range such as --budget 5k..50k"
        raise UsageError(f"the list has {len(distinct):,} budgets", fix=fix, code="budget-range")
    return distinct


def check_frontier_steps(steps: int) -> None:
    """Check the number of budgets of a frontier.

    Raises
    ------
    UsageError
        If the number is out of range.
    """
    if not 2 <= steps <= MAX_FRONTIER_STEPS:
        fix = f"give --steps from 2 to {MAX_FRONTIER_STEPS:,}, such as --steps 20"
        raise UsageError(f"--steps {steps:,} is out of range", fix=fix, code="steps")


def split_range(text: str) -> tuple[str, str] | None:
    """Return the two ends of a range such as `5k..50k` as written, or None; a sign at one end is that of both.

    Raises
    ------
    UsageError
        If an end is missing.
    """
    if ".." not in text:
        return None
    low, _, high = map(str.strip, text.partition(".."))
    if not (low and high):
        raise UsageError(NEEDED, fix=EXAMPLES, code="budget-range")
    low, high = _share_sign([low, high])
    return low, high


def split_list(text: str) -> tuple[str, ...]:
    """Return the budgets of a list such as `20k,25k,30k` as written, divided by commas or semicolons.

    A comma may divide thousands too (`20,000`): with spaces behind the commas between budgets, or with semicolons, it
    is clear which is which.

    Raises
    ------
    UsageError
        If it is not a list, or a comma may be either.
    """
    if ";" in text or _CLEAR_SEPARATOR.search(text):
        parts = [part for wide in _CLEAR_SEPARATOR.split(text.strip().rstrip(";")) for part in _split_part(wide)]
    else:
        parts = _split_at_commas(text)
    parts = [part.strip() for part in parts]
    if len(parts) < 2 or not all(parts):
        raise UsageError(NEEDED, fix=EXAMPLES, code="budget-range")
    return tuple(_share_sign(parts))


def _split_part(text: str) -> list[str]:
    """Return an amount with commas in it as it is, and anything else divided at its commas."""
    return [text] if "," not in text or _is_amount(text) else _split_at_commas(text)


def _split_at_commas(text: str) -> list[str]:
    parts = text.split(",")
    for left, right in pairwise(map(str.strip, parts)):
        digits = re.match(r"\d*", right)
        if digits and 1 <= len(digits[0]) <= 3 and _is_amount(f"{left},{right}"):
            message = f"--budget {text!r} is unclear: a comma may divide budgets, thousands or decimals"
            fix = "write 20k,25k or 20000,25000, or put semicolons between the budgets: '20,000; 25,000'"
            raise UsageError(message, fix=fix, code="budget-range")
    return parts


def _is_amount(text: str) -> bool:
    try:
        parse_amount(text.replace(written_sign(text), ""))
    except ValueError:
        return False
    return True


def _share_sign(amounts: Sequence[str]) -> list[str]:
    """Return the amounts, those without a currency with that of the first that has one."""
    sign = next(filter(None, map(written_sign, amounts)), "")
    prefix = f"{sign} " if sign.isalpha() else sign
    return [amount if written_sign(amount) else f"{prefix}{amount}" for amount in amounts]
