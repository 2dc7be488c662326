"""One file per rule family; `FAMILIES` is the registry that `formulate` walks.

A family is a function `rows(problem) -> Iterator[Constraint]` that yields nothing if the campaign has no rule of its
kind. `net_reach` is not among them because its rows also need pools, nor is `chance`, which yields quotas.
"""

from microopt.planning.formulation.rules import each, exclusive, fixed, mean, pair, ratio, share, total

FAMILIES = (
    fixed.budget_rows,
    fixed.contract_rows,
    fixed.include_rows,
    total.rows,
    share.rows,
    mean.rows,
    ratio.rows,
    each.rows,
    pair.pair_rows,
    exclusive.rows,
    pair.conflict_rows,
)
