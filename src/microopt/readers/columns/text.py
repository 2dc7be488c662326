"""Text columns: each distinct text once, cells that hold several values, one text in any spelling."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microopt.quantities.keys import match_keys
from microopt.readers.formats.raw_table import to_texts
from microopt.roster.roster import TextColumn

_PLACEHOLDERS = {"nan", "n/a", "na", "#n/a", "null", "none", "-", "–", "—"}


def to_text_column(column: pd.Series[Any], *, placeholders: bool = False) -> TextColumn:
    """Return a column of text, each distinct text held once.

    Parameters
    ----------
    placeholders
        Whether `N/A`, `NaN`, `null` and `-` stand for an empty cell.
    """
    codes, found = pd.factorize(_strings(column), use_na_sentinel=False)
    labels = to_texts(pd.Series(found))
    if placeholders:
        labels = ["" if label.strip().casefold() in _PLACEHOLDERS else label for label in labels]
    if labels.count("") > 1:
        places, found = pd.factorize(np.asarray(labels, dtype=object))
        codes, labels = places[codes], list(found)
    return TextColumn(codes=codes.astype(np.int32), labels=tuple(labels))


def _strings(column: pd.Series[Any]) -> Any:
    return column if isinstance(column.dtype, pd.StringDtype) else np.asarray(to_texts(column), dtype=object)


def split_values(column: TextColumn) -> TextColumn:
    """Split cells that hold several values, at `|` or `;`, or at `/` where the column has neither."""
    joined = "".join(column.labels)
    separators = "|;" if "|" in joined or ";" in joined else "/"
    split = [label.replace(separators[-1], separators[0]).split(separators[0]) for label in column.labels]
    values = tuple(tuple(filter(None, map(str.strip, parts))) or ("",) for parts in split)
    return TextColumn(codes=column.codes, labels=column.labels, values=values)


def join_columns(columns: list[TextColumn], mark: str = "|") -> TextColumn:
    """Return several columns as one, their texts joined by a mark where they are not empty."""
    codes, labels = columns[0].codes.astype(np.int64), [label.strip() for label in columns[0].labels]
    for column in columns[1:]:
        found, codes = np.unique(codes * len(column.labels) + column.codes, return_inverse=True)
        pairs = zip(*(part.tolist() for part in np.divmod(found, len(column.labels))), strict=True)
        labels = [mark.join(filter(None, (labels[one], column.labels[other].strip()))) for one, other in pairs]
    places, distinct = pd.factorize(np.asarray(labels, dtype=object))
    return TextColumn(codes=places[codes].astype(np.int32), labels=tuple(distinct))


def to_identity_codes(column: TextColumn, keys: list[str] | None = None) -> NDArray[np.int32]:
    """Return one number per name, however it is spelled: `@Anna`, `anna` and `ANNA` are the same.

    Parameters
    ----------
    keys
        `match_keys` of the labels, where they are at hand.
    """
    keys = match_keys(column.labels) if keys is None else keys
    if len(set(keys)) == len(keys):
        return column.codes
    ids, _ = pd.factorize(np.asarray(keys, dtype=object))
    return ids.astype(np.int32)[column.codes]
