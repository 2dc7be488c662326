"""Errors of the command line that Typer finds, with what to do about them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from shlex import quote
from typing import Any

from microopt.errors import CampaignError, UsageError
from microopt.quantities.parse_and_format import parse_priced

EXAMPLES = {
    "-b": "20000",
    "--budget": "20000",
    "-o": "plan.csv",
    "--output": "plan.csv",
    "-c": "campaign.toml",
    "--fallbacks": "3",
    "--fee": "@anna=900",
    "--seed": "1",
    "--scenarios": "200",
}
_NOT_A_NUMBER = re.compile(r"(.*) is not a valid (?:float|int(?:eger)?)(?: range)?\.?")
_OUTSIDE = re.compile(r"(.*) is not in the range x(>=|<=)(\S+)\.")
_NO_VALUE = re.compile(r"Option '(.*)' requires an argument\.")
_UNKNOWN = re.compile(r"No such option:? '?(--[a-z-]+)")
INSTEAD = {
    ("simulate", "--scenarios"): "write how many outcomes to draw with --draws, such as --draws 10000",
}
ROSTERS = (".csv", ".tsv", ".xlsx", ".json")
_EXTRA = re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)")


def restate(error: Any, args: Sequence[str]) -> UsageError | None:
    """Return an error of Typer with its fix, or None if Typer's own words say what to do.

    Parameters
    ----------
    args
        The command line.
    """
    if match := _NOT_A_NUMBER.fullmatch(error.message):
        name, default = error.param.opts[0], error.param.default
        usual = f"{default:g}" if isinstance(default, int | float) else EXAMPLES.get(name)
        example = "" if usual is None else f", such as {name} {usual}"
        kind = "number" if "float" in error.message else "whole number"
        return UsageError(f"{name} {match[1]} is not a {kind}", fix=f"write a {kind}{example}")
    if match := _OUTSIDE.fullmatch(error.message):
        name, (size, limit) = error.param.opts[0], ("small", "least") if match[2] == ">=" else ("large", "most")
        return UsageError(f"{name} {match[1]} is too {size}", fix=f"write a number of at {limit} {match[3]}")
    if match := _NO_VALUE.fullmatch(error.message):
        example = EXAMPLES.get(match[1], "VALUE")
        return UsageError(f"{match[1]} needs a value", fix=f"write one after it, such as {match[1]} {example}")
    if type(error).__name__ == "MissingParameter" and (portfolio := _portfolio_of(args)):
        message = f"{portfolio} is the file of a portfolio, not of one campaign"
        return UsageError(message, fix=f"plan its campaigns together: microopt portfolio {quote(portfolio)}")
    if match := _EXTRA.fullmatch(error.message):
        return _too_many(error.ctx, match[1], args)
    if (match := _UNKNOWN.match(error.message)) and (instead := INSTEAD.get((_command(error), match[1]))):
        return UsageError(f"{match[1]} does not exist for {_command(error)}", fix=instead)
    return None


def _portfolio_of(args: Sequence[str]) -> str:
    """Return the file of a portfolio that is given as a campaign file, or nothing."""
    from microopt.readers.campaign_file_faults import is_portfolio
    from microopt.readers.toml_file import read_toml

    for flag, word in pairwise(args):
        if flag in ("-c", "--campaign"):
            try:
                return word if is_portfolio(read_toml(word).keys) else ""
            except CampaignError:  # the list that is missing comes first
                return ""
    return ""


def _command(error: Any) -> str:
    return "" if error.ctx is None else str(error.ctx.info_name)


def _too_many(context: Any, extra: str, args: Sequence[str]) -> UsageError:
    """Return the error for words that belong to no option."""
    switches = {name for param in context.command.params if getattr(param, "is_flag", False) for name in param.opts}
    for flag, word in pairwise(args):
        if flag in switches and word == extra:
            return UsageError(f"{flag} takes no value, but is followed by {word!r}", fix=f"write {flag} on its own")
    fix = "put a value that has spaces in quotes, such as --rule 'all count 5..20'"
    lacks_budget = context.params.get("budget") is None
    if lacks_budget and _is_amount(extra) and any("--budget" in param.opts for param in context.command.params):
        fix = f"if it is the budget, write -b {quote(extra)}"
    elif extra.casefold().endswith(ROSTERS) and any("--roster" in param.opts for param in context.command.params):
        fix = f"if it is the roster, write --roster {quote(extra)}"
    return UsageError(f"{extra!r} does not belong here", fix=fix)


def _is_amount(word: str) -> bool:
    """Whether a word is an amount of money."""
    try:
        parse_priced(word)
    except ValueError:
        return False
    return True
