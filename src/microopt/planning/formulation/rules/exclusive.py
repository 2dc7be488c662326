"""`SELECTOR exclusive 30d`, `A excludes B within 30d`: for a time after a post of A, no post of B by somebody else."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from microopt.campaign.campaign import PairRule
from microopt.planning.formulation.rules.pair import never_both
from microopt.planning.problem import PlanningProblem
from microopt.planning.wave_counts import exclusive_sides
from microopt.solver.constraint import Constraint, constraint


def rows(problem: PlanningProblem) -> Iterator[Constraint]:
    """Yield the rows of every such rule, one for each wave with a post of A where B is everybody.

    A plan takes one choice of a creator. So if choices with a post of A in a wave have posts of B themselves, any other
    choice with one is somebody else's: `m sum x_of_A + sum x_others <= m`, m the number of other creators.
    """
    for rule in problem.rules:
        if not isinstance(rule, PairRule) or rule.days is None:
            continue
        for left, right in exclusive_sides(problem, rule):
            posting, following = problem.any_by_choice(left), problem.any_by_choice(right)
            if not posting.any():
                continue
            if (posting & ~following).any():
                yield from never_both(rule.label, problem, posting, following)
                continue
            others = following & ~posting
            count = len(np.unique(problem.choice_creators[others]))
            yield constraint(rule.label, posting * np.int64(max(count, 1)) + others, upper=max(count, 1))
