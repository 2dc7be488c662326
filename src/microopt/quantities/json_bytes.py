"""Whole objects as JSON: each part is written by itself, so that one that takes long slows down no other.

A large object comes in pieces: whoever hashes or decodes it needs no copy of the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from microopt.quantities.json_tables import compact_table, indented_table
from microopt.quantities.json_values import indented, line_break, value_bytes
from microopt.quantities.tables import Table

MARGIN = 2


def compact_json(value: Mapping[str, Any], *, sort_keys: bool = False) -> Iterator[bytes]:
    """Yield an object in UTF-8 with the separators `,` and `:`; a lone surrogate becomes `?`.

    Parameters
    ----------
    value
        Of JSON types; a part may be a `Table`.
    """
    keys = sorted(value) if sort_keys else value
    return _pieces((value_bytes(key) + b":", _part(value[key], sort_keys)) for key in keys)


def indented_json(value: Mapping[str, Any], escape: Callable[[bytes], bytes] = bytes) -> Iterator[bytes]:
    """Yield an object in UTF-8, as `json.dumps` indents it by two spaces.

    Parameters
    ----------
    value
        As in `compact_json`.
    escape
        Called with JSON of parts; returns it with characters of texts escaped.
    """
    parts = ((escape(value_bytes(key)) + b": ", _indented_part(part, escape)) for key, part in value.items())
    return _pieces(parts, line_break(MARGIN), b"\n")


def _pieces(parts: Iterable[tuple[bytes, Iterable[bytes]]], before: bytes = b"", after: bytes = b"") -> Iterator[bytes]:
    """Yield an object of keys, each with what follows it in a line, and the pieces of their values."""
    opening = b"{"
    for key, value in parts:
        yield opening + before + key
        yield from value
        opening = b","
    yield b"{}" if opening == b"{" else after + b"}"


def _part(value: Any, sort_keys: bool) -> Iterable[bytes]:
    return compact_table(value, sort_keys=sort_keys) if isinstance(value, Table) else [value_bytes(value, sort_keys)]


def _indented_part(value: Any, escape: Callable[[bytes], bytes]) -> Iterable[bytes]:
    if isinstance(value, Table):
        return indented_table(value, MARGIN, escape)
    return [indented(escape(value_bytes(value)), MARGIN)]
