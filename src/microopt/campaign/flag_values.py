"""Values of a campaign that take several texts on the command line, and tables of the campaign file that hold them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct

from microopt.errors import UsageError
from microopt.quantities.countries import find_market
from microopt.quantities.parse_and_format import parse_share

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")  # of TOML; other keys are quoted
Amount = int | float | str  # numbers with decimals come as text, so that money stays exact; floats are for the schema


class AudienceInput(Struct, frozen=True, kw_only=True):
    """The table `[audience]`: pools of people for net reach.

    Attributes
    ----------
    by
        Column whose values name the pools.
    size
        People by pool.
    """

    by: str | None = None
    size: Mapping[str, Amount] = {}


class NumbersInput(Struct, frozen=True, kw_only=True):
    """The table `[numbers]`: how numbers are written in the roster.

    Attributes
    ----------
    decimal
        The decimal mark.
    """

    decimal: str | None = None


def meant_percent(text: str, usual: str) -> str:
    """Return the percent that a number above 1 means where its sign was forgotten: 70 is 70%; else a usual one."""
    try:
        percent = 0 if "%" in text else parse_share(f"{text.strip()}%") * 100
    except ValueError:
        return usual
    return f"{text.strip()}%" if 1 < percent < 100 else usual


def parse_decimal_mark(texts: Sequence[str]) -> NumbersInput:
    """Return the table `[numbers]` that `--decimal` means; the last one counts."""
    return NumbersInput(decimal=texts[-1])


def amounts_of(flag: str) -> Callable[[Sequence[str]], Mapping[str, str]]:
    """Return the parser of a flag's `METRIC=AMOUNT` texts (`parse_amounts`)."""
    return lambda texts: parse_amounts(texts, flag)


def parse_amounts(texts: Sequence[str], flag: str) -> dict[str, str]:
    """Parse `METRIC=AMOUNT` flags.

    Raises
    ------
    UsageError
        If one has no `=`, or a metric is given twice.
    """
    amounts: dict[str, str] = {}
    for name, amount in _split_amounts(texts, flag):
        if name in amounts:
            fix = f"give it once, such as {flag} {name}={amount}"
            raise UsageError(f"{flag} gives {name} twice", fix=fix, code="given-twice")
        amounts[name] = amount
    return amounts


def _split_amounts(texts: Sequence[str], flag: str) -> Iterator[tuple[str, str]]:
    for text in texts:
        name, equals, amount = text.partition("=")
        if not equals or not name or not amount:
            fix = f"write it like {flag} conversions=30"
            raise UsageError(f"{flag} {text!r} is not of the form METRIC=AMOUNT", fix=fix)
        yield name.strip(), amount.strip()


def parse_header_map(texts: Sequence[str]) -> dict[str, str]:
    """Parse `HEADER=COLUMN` flags; a header may contain an equals sign.

    Raises
    ------
    UsageError
        If one has no `=` or no header, or a header is given twice.
    """
    columns: dict[str, str] = {}
    for text in texts:
        header, equals, column = text.rpartition("=")
        if not equals or not header.strip():
            fix = "write it like --map 'Rate card=fee'"
            raise UsageError(f"--map {text!r} is not of the form HEADER=COLUMN", fix=fix)
        if header.strip() in columns:
            fix = f"give it once, such as {format_header_map(header.strip(), column.strip())}"
            raise UsageError(f"--map gives {header.strip()} twice", fix=fix, code="given-twice")
        columns[header.strip()] = column.strip()
    return columns


def format_header_map(header: str, column: str) -> str:
    """Return the flag that maps a header to a column, quoted for a shell."""
    if "'" in header and not any(sign in header for sign in '"$`\\!'):
        return f'--map "{header}={column}"'
    quoted = header.replace("'", "'\"'\"'")
    return f"--map '{quoted}={column}'"


def describe_list_settings(columns: Sequence[str], separators: str, *, has_table: bool = False) -> str:
    """Return where to write that the cells of these columns are divided at some characters, or at none.

    Parameters
    ----------
    has_table
        Whether the campaign file has a table `[lists]` already.
    """
    settings = [f"{toml_key(column)} = {json.dumps(separators)}" for column in columns]
    if has_table:
        how = "" if len(settings) == 1 else ", each on a line of its own"
        return f"put {'; '.join(settings)} under [lists] in the campaign file{how}"
    line = f"lists.{settings[0]}" if len(settings) == 1 else f"lists = {{ {', '.join(settings)} }}"
    return f"put {line} at the top of campaign.toml and add -c campaign.toml"


def toml_key(name: str) -> str:
    """Return a name as a key of TOML."""
    return name if _BARE_KEY.fullmatch(name) else json.dumps(name, ensure_ascii=False).replace("\x7f", "\\u007f")


def parse_pools(texts: Sequence[str]) -> AudienceInput:
    """Parse `COLUMN:VALUE=PEOPLE` flags: the column, which must be one, and the people by value.

    Raises
    ------
    UsageError
        If one is of another form, or names another column.
    """
    columns, sizes = [], {}
    for text in texts:
        pool, equals, people = text.rpartition("=")
        column, colon, value = pool.partition(":")
        if not (equals and colon and column.strip() and value.strip() and people.strip()):
            fix = "write it like --audience niche:beauty=2M"
            if text in ("client", "team"):  # whom a report is for
                fix += f"; for a page to send: microopt report plan.json --audience {text}"
            elif countries := find_market(text):
                fix += f"; for the country to reach: --audience-country {','.join(countries)}"
            raise UsageError(f"--audience {text!r} is not of the form COLUMN:VALUE=PEOPLE", fix=fix)
        if value.strip().strip('"') in sizes:
            fix = f"give it once, such as --audience {text!r}"
            raise UsageError(f"--audience gives {value.strip()} twice", fix=fix, code="given-twice")
        columns.append(column.strip())
        sizes[value.strip().strip('"')] = people.strip()
    if len({column.casefold() for column in columns}) > 1:
        fix = f"use one column for all pools, such as --audience '{columns[0]}:...'"
        raise UsageError(f"--audience names the columns {' and '.join(dict.fromkeys(columns))}", fix=fix)
    return AudienceInput(by=columns[0], size=sizes)


def amount_texts(amounts: Mapping[str, Amount]) -> dict[str, str]:
    """Return amounts as texts."""
    return {name: amount_text(amount) for name, amount in amounts.items()}


def amount_text(amount: Amount) -> str:
    """Return an amount as text; a float from Python has a decimal point, whatever follows it."""
    return f"{amount!r}0" if isinstance(amount, float) and "e" not in repr(amount) else str(amount)
