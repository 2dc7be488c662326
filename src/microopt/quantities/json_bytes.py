"""Whole objects as JSON: each part is written by itself, so that one that takes long slows down no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from microopt.quantities.json_tables import compact_table, indented_table
from microopt.quantities.json_values import indented, line_break, value_bytes
from microopt.quantities.tables import Table

MARGIN = 2


def json_bytes(value: Mapping[str, Any], *, sort_keys: bool = False) -> bytes:
    """Return an object in UTF-8 with the separators `,` and `:`; a lone surrogate becomes `?`.

    Parameters
    ----------
    value
        Of JSON types; a part may be a `Table`.
    """
    keys = sorted(value) if sort_keys else value
    return _joined((value_bytes(key) + b":", _part(value[key], sort_keys)) for key in keys)


def indented_json(value: Mapping[str, Any], escape: Callable[[bytes], bytes] = bytes) -> bytes:
    """Return an object in UTF-8, as `json.dumps` indents it by two spaces.

    Parameters
    ----------
    value
        As in `json_bytes`.
    escape
        Called with JSON of parts; returns it with characters of texts escaped.
    """
    parts = ((escape(value_bytes(key)) + b": ", _indented_part(part, escape)) for key, part in value.items())
    return _joined(parts, line_break(MARGIN), b"\n")


def _joined(parts: Iterable[tuple[bytes, Sequence[bytes]]], before: bytes = b"", after: bytes = b"") -> bytes:
    """Return an object of keys and the pieces of values, joined once: a copy of all picks takes a while."""
    pieces: list[bytes] = []
    for key, value in parts:
        pieces += (b"," if pieces else b"{", before, key, *value)
    return b"".join((*pieces, after, b"}")) if pieces else b"{}"


def _part(value: Any, sort_keys: bool) -> Sequence[bytes]:
    return compact_table(value, sort_keys=sort_keys) if isinstance(value, Table) else [value_bytes(value, sort_keys)]


def _indented_part(value: Any, escape: Callable[[bytes], bytes]) -> Sequence[bytes]:
    if isinstance(value, Table):
        return indented_table(value, MARGIN, escape)
    return [indented(escape(value_bytes(value)), MARGIN)]
