"""Find the one amount in a remark about a cost: `6 months +50%` is 50%, and `3 Monate 300 €` is 300 €."""

from __future__ import annotations

import re
from functools import cache

from microopt.quantities.currencies import currency_pattern
from microopt.readers.words.price_headers import TERM_WORDS, split_header

_DIGITS = r"\d{1,3}(?:[ .,'’]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?"
_FILLERS = frozenset(["for", "fur", "pour", "por", "para", "usage", "rights"])


@cache
def _pattern() -> re.Pattern[str]:
    sign = currency_pattern()
    return re.compile(
        rf"(?P<before>{sign})? ?(?P<plus>\+ ?)?(?P<digits>{_DIGITS})(?P<thousand> ?k(?![^\W\d_]))?"
        rf" ?(?:(?P<percent>%)|(?P<after>{sign}))?"
    )


def find_stated_amount(cell: str) -> str:
    """Return the amount or share that a text with other words states; empty if it has none, or more than one.

    An amount has a currency, a percent sign, or a plus before it. Any other number must be of days, weeks, months or
    years, and no other words may occur: `$200 per month` is not an amount for the whole.
    """
    text = cell.strip().lower()
    if not (words := split_header(text)) or not any(word.isalpha() for word in words):
        return ""
    stated = []
    for found in _pattern().finditer(text):
        if found["percent"] or found["before"] or found["after"] or found["plus"]:
            amount = f"{found['before'] or ''}{found['digits']}{(found['thousand'] or '').strip()}"
            stated.append(amount + (found["percent"] or found["after"] or ""))
        elif not _is_term(text, found):
            return ""
    rest = {word for word in split_header(_pattern().sub(" ", text)) if word.isalpha()}
    return stated[0] if len(stated) == 1 and rest <= TERM_WORDS | _FILLERS and "/" not in text else ""


def _is_term(text: str, number: re.Match[str]) -> bool:
    """Whether a number is followed by a word for a duration."""
    after = re.match(r"[ \-]*([^\W\d_]+)", text[number.end() :])
    return after is not None and not TERM_WORDS.isdisjoint(split_header(after[1]))
