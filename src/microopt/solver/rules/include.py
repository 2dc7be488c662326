"""`--include CREATOR`: one of the creator's offers is bought."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from microopt.campaign import Clause, Selector
from microopt.case import Case
from microopt.selection import selected
from microopt.solver.program import Row, row


def rows(case: Case) -> Iterator[Row]:
    """Yield a row for each included creator."""
    for name in case.campaign.include:
        selector = Selector(clauses=(Clause(column="creator", values=(name,)),))
        columns = np.flatnonzero(selected(case.roster, selector))
        yield row(f"include {name}", columns, np.ones(len(columns), dtype=np.int64), lower=1)
