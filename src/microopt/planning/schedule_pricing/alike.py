"""Posts that add the same to the goal, to every rule and to the cost: schedules of the same posts are copies.

Where waves are alike, most schedules of a creator are copies of a few. A program needs one of each: a plan with a copy
brings and costs the same, and breaks no other rule. Which copy spreads a plan evenly over the waves is looked for when
the plan is known.
"""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from microopt.campaign.campaign import EachRule, RangeRule, Rule
from microopt.campaign.goals import BALANCED_METRICS
from microopt.campaign.metrics import canonical_measure
from microopt.planning.formulation.objective import metric_objective
from microopt.planning.schedule_pool.found_schedules import FoundSchedules
from microopt.planning.schedule_pool.grid import Integers, Mask
from microopt.planning.schedule_pool.pool import SchedulePool
from microopt.planning.schedule_pricing.best_schedules import NEVER, PostValues, find_within, in_order
from microopt.planning.schedule_pricing.case_problem import CaseProblem
from microopt.planning.schedule_pricing.case_rows import CaseRow
from microopt.solver.distinct_columns import mixed

MOST_COPIES = 200  # of a schedule, among which an even plan is looked for
MOST_LISTED = 400_000  # schedules from which these are taken
MOST_WAVES = 16  # of a creator in which copies are looked for; where there are more, these are spread over all


def kinds_by_rules(cases: CaseProblem, rows: list[CaseRow]) -> Integers | None:
    """Return the kind of each post for any goal, (cases,); None where schedules of the same kinds can differ."""
    if not cases.one_a_wave or not all(_sees_kinds(rule) for rule in cases.rules):
        return None
    if not all(row.is_exact for row in rows):
        return None
    metrics = [metric_objective(cases, name).values for name in BALANCED_METRICS]
    numbers = [cases.forecast.cost, *metrics, *(row.least for row in rows)]
    digest = np.zeros(len(cases), dtype=np.uint64)
    for each in numbers:
        digest = mixed(digest + each.astype(np.uint64))
    _, first, kinds = np.unique(digest, return_index=True, return_inverse=True)
    if not all(np.array_equal(each, each[first[kinds]]) for each in numbers):
        return None  # the digests of different posts are the same
    numbered: Integers = kinds.astype(np.int64)
    return numbered


def told_apart(kinds: Integers, numbers: Integers) -> Integers:
    """Return the kinds of posts that are of the same kind and have the same number, (cases,)."""
    ranks = np.unique(numbers, return_inverse=True)[1].astype(np.int64)
    together: Integers = np.unique(kinds * (int(ranks.max(initial=0)) + 1) + ranks, return_inverse=True)[1]
    return together


def _sees_kinds(rule: Rule) -> bool:
    """Whether a rule says the same of schedules of the same kinds, with at most one post in a wave."""
    if isinstance(rule, EachRule):
        in_a_wave = canonical_measure(rule.measure) == "count" and [each.column for each in rule.selector.clauses] == [
            "wave"
        ]  # at most one post, which is allowed
        return not rule.selector.clauses or (in_a_wave and len(rule.selector.clauses[0].values) == 1)
    return isinstance(rule, RangeRule)


def by_place(pool: SchedulePool, kinds: Integers) -> Integers:
    """Return the kind of each post by creator, place, posts before it and discount."""
    return np.where(pool.case >= 0, kinds[pool.case], -1)


def copies_of(posts: PostValues, pool: SchedulePool, chosen: FoundSchedules, worth: Integers) -> FoundSchedules:
    """Return schedules with their copies, some of each where there are many.

    Parameters
    ----------
    posts
        All posts at some prices, with their kinds.
    chosen
        At most one schedule of each creator.
    worth
        What each of these is worth at the prices.
    """
    assert posts.kinds is not None
    own = _kinds_of_schedules(pool, posts.kinds, chosen)
    is_own = np.zeros(posts.values.shape, dtype=bool)
    least = np.full(posts.grid.creators, 2**60, dtype=np.int64)
    for creator, kinds, value in zip(chosen.creators.tolist(), own, worth.tolist(), strict=True):
        is_own[creator] = np.isin(posts.kinds[creator], kinds) & (posts.kinds[creator] >= 0)
        least[creator] = value
    is_own &= _some_waves(posts, chosen)[:, :, None, None]
    only = replace(posts, values=np.where(is_own, posts.values, NEVER), kinds=None)
    found = find_within(only, least, MOST_LISTED)
    if found is None or not len(found):
        return chosen
    wanted = dict(zip(chosen.creators.tolist(), map(tuple, own.tolist()), strict=True))
    kinds = map(tuple, _kinds_of_schedules(pool, posts.kinds, found).tolist())
    same = np.asarray([wanted[creator] == each for creator, each in zip(found.creators.tolist(), kinds, strict=True)])
    return in_order([chosen, _some_of_each(found.take(same))], posts.grid)


def _some_waves(posts: PostValues, chosen: FoundSchedules) -> Mask:
    """Return in which places copies are looked for, (creators, places)."""
    grid = posts.grid
    stride = -(-(int(grid.waves.max(initial=0)) + 1) // MOST_WAVES)
    some = (grid.waves + np.arange(grid.creators)[:, None]) % stride == 0
    inside = chosen.places >= 0
    owners = np.broadcast_to(chosen.creators[:, None], inside.shape)
    some[owners[inside], chosen.places[inside]] = True
    return np.asarray(some, dtype=bool)


def _kinds_of_schedules(pool: SchedulePool, kinds: Integers, found: FoundSchedules) -> Integers:
    """Return the kinds of the posts of schedules in ascending order, -1 for none, (schedules, most posts)."""
    rows, numbers = pool.rows_of(found)
    by_case = np.full(len(pool.cases), -1, dtype=np.int64)
    by_case[pool.case[pool.case >= 0]] = kinds[pool.case >= 0]
    table = np.full(found.places.shape, -1, dtype=np.int64)
    sizes = found.sizes
    table[numbers, np.arange(len(rows)) - np.repeat(np.cumsum(sizes) - sizes, sizes)] = by_case[rows]
    return np.sort(table, axis=1)


def _some_of_each(found: FoundSchedules) -> FoundSchedules:
    """Return at most `MOST_COPIES` schedules of each creator, from the whole of them."""
    starts = np.flatnonzero(np.diff(found.creators, prepend=-1))
    counts = np.diff(starts, append=len(found))
    kept = [start + _spread(count) for start, count in zip(starts.tolist(), counts.tolist(), strict=True)]
    return found.take(np.concatenate([starts[:0], *kept]))


def _spread(count: int) -> Integers:
    return np.unique(np.linspace(0, count - 1, min(count, MOST_COPIES)).astype(np.int64))
