"""Errors of the command line that Typer finds, said with what to do about them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from microopt.errors import UsageError

EXAMPLES = {"-b": "20000", "--budget": "20000", "-o": "plan.csv", "--output": "plan.csv", "-c": "campaign.toml"}
_NOT_A_NUMBER = re.compile(r"(.*) is not a valid (?:float|integer)(?: range)?\.?")
_OUTSIDE = re.compile(r"(.*) is not in the range x(>=|<=)(\S+)\.")
_NO_VALUE = re.compile(r"Option '(.*)' requires an argument\.")
_EXTRA = re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)")


def restate(error: Any, args: Sequence[str]) -> UsageError | None:
    """Return an error of Typer with its fix, or None where Typer's own words say what to do.

    Parameters
    ----------
    args
        The command line.
    """
    if match := _NOT_A_NUMBER.fullmatch(error.message):
        name, default = error.param.opts[0], error.param.default
        example = f", such as {name} {default:g}" if isinstance(default, int | float) else ""
        return UsageError(f"{name} {match[1]} is not a number", fix=f"write digits{example}")
    if match := _OUTSIDE.fullmatch(error.message):
        name, limit = error.param.opts[0], "least" if match[2] == ">=" else "most"
        return UsageError(f"{name} {match[1]} is not possible", fix=f"write a number of at {limit} {match[3]}")
    if match := _NO_VALUE.fullmatch(error.message):
        example = EXAMPLES.get(match[1], "VALUE")
        return UsageError(f"{match[1]} has no value", fix=f"write one after it, such as {match[1]} {example}")
    if match := _EXTRA.fullmatch(error.message):
        return _too_many(error.ctx, match[1], args)
    return None


def _too_many(context: Any, extra: str, args: Sequence[str]) -> UsageError:
    """Return the error of words that belong to no option."""
    switches = {name for param in context.command.params if getattr(param, "is_flag", False) for name in param.opts}
    for flag, word in pairwise(args):
        if flag in switches and word == extra:
            return UsageError(f"{flag} takes no value, but is followed by {word!r}", fix=f"write {flag} alone")
    fix = "put a value that has spaces in quotes, such as --rule 'all count 5..20'"
    return UsageError(f"there is no use for {extra!r} here", fix=fix)
