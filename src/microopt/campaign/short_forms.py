"""The short forms of rules and filters: `--niche beauty=2..5`, `--platform instagram`, `--creators 5..20`."""

from __future__ import annotations

import re
from shlex import quote as shell_quote

from microopt.campaign.campaign import Filter, RangeRule, Rule
from microopt.campaign.lost_percent import find_lost_percent, is_part_of_creator, lost_percent_error
from microopt.campaign.quoting import quote
from microopt.campaign.rule_grammar import SOFT, parse_exactly, parse_unchecked, parse_where
from microopt.campaign.wave_rules import format_when, split_when
from microopt.quantities.parse_and_format import Range, find_priced, format_exact, parse_priced

_KEPT_WHOLE = re.compile(r'"[^",]*+,[^"]*+"')


def parse_short_form(column: str, text: str) -> Rule | Filter:
    """Parse a short form: `--niche beauty=2..5` is `niche:beauty count 2..5`, a percentage is a share of spend, an
    amount with a currency is spend, and a value without `=` is a filter (`--platform instagram`). A value that holds
    a comma goes in double quotes.

    Raises
    ------
    CampaignError
        If the range cannot be read.
    """
    value, equals, bounds = text.rpartition("=")
    if equals and value and not value.endswith((">", "<")):
        selector = f"{column}:{_quote_values(value)}"
        amount, when = split_when(bounds)
        plain, soft = SOFT.sub("", amount).rstrip(), SOFT.search(amount)
        measure = "spend" if "%" in plain or find_priced(plain) else "count"
        written = f"= {plain}" if _is_number(plain) else plain
        rule = parse_unchecked(f"{selector} {measure} {written}{format_when(when)}{f' {soft[0]}' if soft else ''}")
        shares = find_lost_percent(rule)
        if shares is not None and isinstance(rule, RangeRule):
            raise lost_percent_error(rule, f"{shell_quote(f'{value}={_format_short(shares)}')} (a share of the spend)")
        return rule
    return parse_where(f"{column}:{_quote_values(text)}")


def _format_short(shares: Range) -> str:
    low, high = ("" if bound is None else format_exact(bound, True) for bound in (shares.low, shares.high))
    return f"{low}..{high}"


def _quote_values(text: str) -> str:
    """Return the values between commas, each quoted if needed; double quotes keep a value with a comma whole."""
    parts = map(str.strip, _split_outside_quotes(text))
    return ",".join(quote(part[1:-1] if _KEPT_WHOLE.fullmatch(part) else part) for part in parts)


def _split_outside_quotes(text: str) -> list[str]:
    """Split a text at each comma that an even number of double quotes follows."""
    parts = [""]
    between_quotes = text.split('"')
    for place, piece in enumerate(between_quotes):
        is_outside = (len(between_quotes) - place) % 2 == 1
        first, *others = piece.split(",") if is_outside else [piece]
        parts[-1] += f'"{first}' if place else first
        parts += others
    return parts


def parse_creator_count(bounds: str) -> Rule:
    """Parse `--creators 5..20` as `all count 5..20`; a single number means exactly that many.

    Raises
    ------
    CampaignError
        If it is not a range.
    """
    is_number = _is_number(split_when(bounds)[0])
    rule = parse_exactly(f"all count = {bounds}" if is_number else f"all count {bounds}")
    if isinstance(rule, RangeRule) and is_part_of_creator(rule):
        raise lost_percent_error(rule)
    return rule


def _is_number(text: str) -> bool:
    if ".." in text:
        return False
    try:
        parse_priced(text.strip().removesuffix("%"))
    except ValueError:
        return False
    return True
