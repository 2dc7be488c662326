"""How each header of a file was used, for the user to check."""

from __future__ import annotations

from microopt.readers.context import ReadContext
from microopt.readers.formats.raw_table import to_texts
from microopt.readers.words.price_headers import PRICE_PREFIX
from microopt.readers.words.vocabulary import ROSTER, alias_key
from microopt.roster.roster import ColumnUse

IGNORED = "ignored"


def describe_columns(context: ReadContext, more_niches: tuple[int, ...]) -> tuple[ColumnUse, ...]:
    """Return the column of each header, and how its cells were interpreted."""
    names = {position: name for name, position in context.columns.items()} | dict.fromkeys(more_niches, "niche")
    return tuple(
        ColumnUse(
            header=header.strip(),
            column=IGNORED if position in context.ignored else _display_name(names.get(position)),
            reading=_describe_interpretation(context, position, names),
        )
        for position, header in enumerate(context.table.headers)
    )


def is_column_name(header: str) -> bool:
    """Whether a header is the name of one of our columns, so that it cannot name another column too."""
    return any(alias_key(column) == alias_key(header) for column, _ in ROSTER.find_columns(header))


def _display_name(name: str | None) -> str | None:
    if name and name.startswith(PRICE_PREFIX):
        return "price of an offer"
    return name.partition(":")[0] if name else name


def _describe_interpretation(context: ReadContext, position: int, names: dict[int, str]) -> str:
    name, column = names.get(position, ""), context.table.columns[position]
    if position in context.unused:
        return context.unused[position]
    if position in context.audience:
        return f"audience: {context.audience[position]}"
    header = context.table.headers[position]
    given = next((own for own, _ in ROSTER.find_columns(header) if own in context.columns), None)
    if not name and given is not None and is_column_name(header):
        return f"left out: another column gives {given}"
    parts = [context.interpretations.get(name, "")]
    head = column.iloc[:100]
    may_be_constant = len(column) > 1 and name not in ("creator", "followers") and head.nunique(dropna=False) == 1
    if may_be_constant and column.nunique(dropna=False) == 1:
        cell = to_texts(head.iloc[:1])[0]
        parts.append(f"the same in every row: {cell!r}" if cell else "empty in every row")
    return ", ".join(filter(None, parts))
