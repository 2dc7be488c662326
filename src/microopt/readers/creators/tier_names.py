"""The roster's own tiers: `Micro-influencers (10k-100k)` is micro, for rules, the mix and claims alike."""

from __future__ import annotations

import numpy as np
import pandas as pd

from microopt.quantities.keys import match_key
from microopt.readers.context import ReadContext
from microopt.roster.roster import TextColumn
from microopt.roster.value_words import tier_name


def read_tiers(context: ReadContext, column: TextColumn) -> TextColumn:
    """Return the tiers by their one name, where any is written in another way."""
    names = [tier_name(label) for label in column.labels]
    if all(name is None or name == match_key(label) for name, label in zip(names, column.labels, strict=True)):
        return column
    texts = {
        code: f"tier {label.strip()!r} is read as {name}"
        for code, (name, label) in enumerate(zip(names, column.labels, strict=True))
        if name is not None and name != match_key(label)
    }
    context.remark_on_labels(column, "tier-spelling", texts)
    labels = [name or label for name, label in zip(names, column.labels, strict=True)]
    codes, distinct = pd.factorize(np.asarray(labels, dtype=object))
    return TextColumn(codes=codes[column.codes].astype(np.int32), labels=tuple(distinct))
