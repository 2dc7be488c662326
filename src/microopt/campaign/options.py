"""How a field of a struct is given on the command line: its flag, its help, and which commands take it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any

from msgspec import Meta, Struct

CAMPAIGN = "Campaign"  # panels of the help
ROSTER = "Roster"


class Scope(IntEnum):
    """Which commands take an option: those of a scope take the options of every scope before it too."""

    ROSTER = 1  # check
    CLAIMS = 2  # claims, to which costs do not matter
    FORECAST = 3  # forecast
    PLAN = 4  # plan, and every analysis that plans


class Option(Struct, frozen=True, kw_only=True):
    """How a value is given on the command line.

    Attributes
    ----------
    names
        Spellings of the flag; none for an argument.
    panel
        Heading in the help.
    parse
        Makes the value of the texts that were given, where these are not the value.
    negates
        The flag sets a value to False that is True by default.
    choices
        All values, where these are known.
    minimum, maximum
        Bounds of a number.
    """

    names: tuple[str, ...]
    help: str
    panel: str | None
    metavar: str | None
    scope: Scope
    parse: Callable[[Sequence[str]], Any] | None
    negates: bool
    choices: tuple[str, ...]
    minimum: float | None
    maximum: float | None
    hidden: bool = False


def option(
    *names: str,
    help: str,
    panel: str | None = None,
    metavar: str | None = None,
    scope: Scope = Scope.PLAN,
    parse: Callable[[Sequence[str]], Any] | None = None,
    negates: bool = False,
    choices: Sequence[str] = (),
    minimum: float | None = None,
    maximum: float | None = None,
) -> Meta:
    """Annotate a field or a parameter with its flag; the help is the description in a JSON Schema too."""
    flag = Option(
        names=names,
        help=help,
        panel=panel,
        metavar=metavar,
        scope=scope,
        parse=parse,
        negates=negates,
        choices=tuple(choices),
        minimum=minimum,
        maximum=maximum,
    )
    return Meta(description=help, extra={"option": flag})
