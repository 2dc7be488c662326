"""Text columns: each distinct text once, cells that hold several values, and one code for all spellings of a text."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microopt.quantities.formula_guard import drop_guards
from microopt.quantities.keys import match_keys
from microopt.readers.formats.raw_table import factorize_cells
from microopt.roster.roster import TextColumn

_PLACEHOLDERS = {"nan", "n/a", "na", "#n/a", "null", "none", "-", "–", "—"}
_LONGEST = max(map(len, _PLACEHOLDERS))


def to_text_column(column: pd.Series[Any], *, placeholders: bool = False, kept: str = "") -> TextColumn:
    """Return a column of text, each distinct text once.

    Parameters
    ----------
    placeholders
        Whether `N/A`, `NaN`, `null` and `-` stand for an empty cell.
    kept
        A placeholder that is a value of this column.
    """
    codes, written = factorize_cells(column)
    labels = drop_guards(written)
    if placeholders:
        labels = ["" if is_placeholder(label) and label.strip() != kept else label for label in labels]
    if labels is not written and len(set(labels)) < len(labels):
        new_codes, distinct = pd.factorize(np.asarray(labels, dtype=object))
        codes, labels = new_codes.astype(np.int32)[codes], list(distinct)
    return TextColumn(codes=codes, labels=tuple(labels))


def is_placeholder(cell: str) -> bool:
    """Whether a cell is empty, or says that it is: `N/A`, `null`, `-`."""
    text = cell.strip()
    return not text or (len(text) <= _LONGEST and text.casefold() in _PLACEHOLDERS)


def join_columns(columns: list[TextColumn], separator: str = "|") -> TextColumn:
    """Return several columns as one: their texts, where not empty, joined by a separator."""
    codes, labels = columns[0].codes.astype(np.int64), [label.strip() for label in columns[0].labels]
    for column in columns[1:]:
        pairs, codes = np.unique(codes * len(column.labels) + column.codes, return_inverse=True)
        sides = (side.tolist() for side in np.divmod(pairs, len(column.labels)))
        labels = [
            separator.join(filter(None, (labels[left], column.labels[right].strip())))
            for left, right in zip(*sides, strict=True)
        ]
    new_codes, distinct = pd.factorize(np.asarray(labels, dtype=object))
    return TextColumn(codes=new_codes[codes].astype(np.int32), labels=tuple(distinct))


def fill_empty_cells(column: TextColumn, other: TextColumn) -> TextColumn:
    """Return a column with its empty cells taken from another column of the same rows."""
    is_empty = np.asarray([not label.strip() for label in column.labels], dtype=np.bool_)[column.codes]
    if not is_empty.any():
        return column
    codes = np.where(is_empty, len(column.labels) + other.codes, column.codes).astype(np.int32)
    labels = (*column.labels, *other.labels)
    values = tuple(side.label_values(code) for side in (column, other) for code in range(len(side.labels)))
    is_plain = column.values is None and other.values is None
    return _merge_labels(TextColumn(codes=codes, labels=labels, values=None if is_plain else values))


def _merge_labels(column: TextColumn) -> TextColumn:
    """Return the column with each label once."""
    new_codes, distinct = pd.factorize(np.asarray(column.labels, dtype=object))
    first = {label: code for code, label in reversed(list(enumerate(column.labels)))}
    values = None if column.values is None else tuple(column.label_values(first[label]) for label in distinct)
    return TextColumn(codes=new_codes[column.codes].astype(np.int32), labels=tuple(distinct), values=values)


def to_identity_codes(column: TextColumn, keys: list[str] | None = None) -> NDArray[np.int32]:
    """Return one code for each name in any spelling: `@Anna`, `anna` and `ANNA` have the same code.

    Parameters
    ----------
    keys
        `match_keys` of the labels, if known.
    """
    keys = match_keys(column.labels) if keys is None else keys
    if len(set(keys)) == len(keys):
        return column.codes
    codes, _ = pd.factorize(np.asarray(keys, dtype=object))
    return codes.astype(np.int32)[column.codes]
