"""Text columns: each distinct text once, cells that hold several values, names in any spelling."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microopt.readers.table import texts
from microopt.roster import TextColumn, match_keys

_PLACEHOLDERS = {"nan", "n/a", "na", "#n/a", "null", "none", "-", "–", "—"}


def text_column(column: pd.Series[Any], *, placeholders: bool = False) -> TextColumn:
    """Return a column of text, each distinct text held once.

    Parameters
    ----------
    placeholders
        Whether `N/A`, `NaN`, `null` and `-` stand for an empty cell.
    """
    codes, found = pd.factorize(_strings(column), use_na_sentinel=False)
    labels = texts(pd.Series(found))
    if placeholders:
        labels = ["" if label.strip().casefold() in _PLACEHOLDERS else label for label in labels]
    return TextColumn(codes=codes.astype(np.int32), labels=tuple(labels))


def _strings(column: pd.Series[Any]) -> Any:
    return column if isinstance(column.dtype, pd.StringDtype) else np.asarray(texts(column), dtype=object)


def several(column: TextColumn) -> TextColumn:
    """Split cells that hold several values, at `|` or `;`, or at `/` where the column has neither."""
    joined = "".join(column.labels)
    separators = "|;" if "|" in joined or ";" in joined else "/"
    split = [label.replace(separators[-1], separators[0]).split(separators[0]) for label in column.labels]
    values = tuple(tuple(part.strip() for part in parts) for parts in split)
    return TextColumn(codes=column.codes, labels=column.labels, values=values)


def joined(columns: list[TextColumn]) -> TextColumn:
    """Return several columns that say the same kind of thing as one column of several values."""
    rows = ["|".join(filter(None, (column[row].strip() for column in columns))) for row in range(len(columns[0].codes))]
    return text_column(pd.Series(rows, dtype=object))


def identities(column: TextColumn, keys: list[str] | None = None) -> NDArray[np.int32]:
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
