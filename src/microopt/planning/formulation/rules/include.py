"""`--include CREATOR`: one of the creator's offers is bought; a selector means one of those offers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from microopt.planning.problem import Case
from microopt.roster.selection import named
from microopt.solver.program import Row, row


def rows(case: Case) -> Iterator[Row]:
    """Yield a row for each inclusion."""
    for name in case.campaign.include:
        mine = case.any(named(case.roster, name))
        yield row(f"include {name}", mine.astype(np.int64), lower=1)
