"""One file a rule family; `FAMILIES` is the registry that `formulate` walks.

A family is a function `rows(case) -> Iterator[Row]` that yields nothing where the campaign has no rule of its kind.
`net_reach` is none of them: its rows need pools beside them.
"""

from microopt.planning.formulation.rules import conflict, contract, each, include, mean, pair, share, total
from microopt.planning.formulation.rules import fixed as budget

FAMILIES = (
    budget.rows,
    contract.rows,
    include.rows,
    total.rows,
    share.rows,
    mean.rows,
    each.rows,
    pair.rows,
    conflict.rows,
)
