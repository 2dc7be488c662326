"""JSON of tables: the values of a column are written all at once, and a pattern puts them into rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice, repeat
from typing import Any

from msgspec import Struct

from microopt.quantities.json_values import indented, line_break, value_bytes
from microopt.quantities.tables import Coded, Table, values_of

INDENT = 2
AT_ONCE = 64  # objects: so few that each piece reuses the memory of the last one


class _Style(Struct, frozen=True):
    """How a table is written.

    Attributes
    ----------
    margin
        Spaces before the object of a row, None where all is on one line.
    """

    sort_keys: bool = False
    margin: int | None = None
    escape: Callable[[bytes], bytes] = bytes

    @property
    def colon(self) -> bytes:
        return b":" if self.margin is None else b": "

    def line(self, indent: int = 0) -> bytes:
        """Return what begins a new line, relative to the object."""
        return b"" if self.margin is None else line_break(self.margin + indent)

    def inner(self) -> _Style:
        """Return the style of an object within this one."""
        return self if self.margin is None else _Style(self.sort_keys, self.margin + INDENT, self.escape)


def compact_table(table: Table, *, sort_keys: bool = False) -> Iterator[bytes]:
    """Yield a list of the objects of a table piece by piece, with the separators `,` and `:`."""
    yield b"["
    yield from _objects(table, _Style(sort_keys))
    yield b"]"


def indented_table(table: Table, margin: int, escape: Callable[[bytes], bytes] = bytes) -> Iterator[bytes]:
    """Yield a list of the objects of a table piece by piece, indented by two spaces.

    Parameters
    ----------
    margin
        Spaces before the line in which the list begins.
    escape
        Called with JSON of values; returns it with characters of texts escaped.
    """
    style = _Style(margin=margin + INDENT, escape=escape)
    yield b"["
    if len(table):
        yield style.line()
        yield from _objects(table, style)
        yield line_break(margin)
    yield b"]"


def _objects(table: Table, style: _Style) -> Iterator[bytes]:
    """Yield the objects of a table with the separators between them, in batches."""
    size = len(table)
    if not size:
        return
    pattern, columns = _pattern(table, style)
    separator = b"," + style.line()
    rows: Iterator[tuple[bytes, ...]] = zip(*columns, strict=True) if columns else repeat((), size)
    for start in range(0, size, AT_ONCE):
        if start:
            yield separator
        yield separator.join(map(pattern.__mod__, islice(rows, AT_ONCE)))


def _pattern(table: Table, style: _Style) -> tuple[bytes, list[Sequence[bytes]]]:
    """Return a pattern of the objects, and the columns of what is put into it: what is equal in all rows is in it."""
    parts, varying = [], []
    for key in sorted(table.columns) if style.sort_keys else table.columns:
        column = table.columns[key]
        if isinstance(column, Table):
            pattern, columns = _pattern(column, style.inner())
            varying += columns
        else:
            texts = _texts(table, key, style)
            constant = texts.is_constant if isinstance(texts, Coded) else texts.count(texts[0]) == len(texts)
            pattern = texts[0].replace(b"%", b"%%") if constant else b"%b"
            varying += [] if constant else [values_of(texts)]
        parts.append(style.escape(value_bytes(key)).replace(b"%", b"%%") + style.colon + pattern)
    return b"{" + style.line(INDENT) + (b"," + style.line(INDENT)).join(parts) + style.line() + b"}", varying


def _texts(table: Table, key: str, style: _Style) -> list[bytes] | Coded:
    """Return the JSON of each value of a column, as the style has it."""
    texts = _compact_texts(table, key, style.sort_keys)
    if style.margin is None:
        return texts
    if isinstance(texts, Coded):
        return texts.with_values(_indented_texts(texts.values, style))
    return _indented_texts(texts, style)


def _indented_texts(texts: Sequence[bytes], style: _Style) -> list[bytes]:
    """Return JSON of values escaped and, where values have parts, indented."""
    whole, margin = b",".join(texts), (style.margin or 0) + INDENT
    if b"[" in whole or b"{" in whole:
        return _each_distinct(texts, lambda text: indented(style.escape(text), margin))
    return list(texts) if style.escape(whole) == whole else _each_distinct(texts, style.escape)


def _compact_texts(table: Table, key: str, sort_keys: bool) -> list[bytes] | Coded:
    """Return the JSON of each value of a column; what was made once for a table is kept."""
    if (key, sort_keys) not in table.texts:
        column = table.columns[key]
        values = column.values if isinstance(column, Coded) else values_of(column)
        written, has_parts = _written(values, sort_keys)
        texts = column.with_values(written) if isinstance(column, Coded) else written
        table.texts[key, sort_keys] = texts
        if not has_parts:
            table.texts[key, not sort_keys] = texts
    return table.texts[key, sort_keys]


def _written(values: Sequence[Any], sort_keys: bool) -> tuple[list[bytes], bool]:
    """Return the JSON of each value, and whether the order of keys may matter to some."""
    whole = value_bytes(values, sort_keys)
    texts = whole[1:-1].split(b",")
    if len(texts) != len(values):  # a text has a comma, or a value has parts
        texts = [value_bytes(value, sort_keys) for value in values]
    return texts, b"{" in whole


def _each_distinct(texts: Sequence[bytes], change: Callable[[bytes], bytes]) -> list[bytes]:
    """Return what a function makes of each text; it is called once for equal ones."""
    changed = {text: change(text) for text in set(texts)}
    return [changed[text] for text in texts]
