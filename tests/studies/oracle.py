"""What a campaign means, worked out anew: by enumeration, from the roster's rows and the parsed rules alone.

Nothing here uses `microopt.measures`, `microopt.selection` or `microopt.solver`. Of microopt's own figures only the
forecast's integers and the goal's integer values are taken as given.
"""

from fractions import Fraction

import numpy as np

from microopt.campaign import PairRule

METRICS = ("reach", "impressions", "engagements", "clicks", "conversions")
FLOORS = {"mega": 1_000_000, "macro": 500_000, "mid": 100_000, "micro": 10_000, "nano": 0}
MILLIONTHS = 10**6


def key(name):
    return name.strip().lstrip("@").lower()


def tier(row):
    return next(name for name, floor in FLOORS.items() if row["followers"] >= floor)


def matches(selector, row):
    """Whether an offer holds, for each clause, one of its values."""
    for clause in selector.clauses:
        column = clause.column.lower()
        held = tier(row) if column == "tier" else row[column]
        if not {key(part) for part in held.split("|")} & {key(value) for value in clause.values}:
            return False
    return True


def enters(row, campaign):
    """Whether filters and exclusions let an offer in."""
    if key(row["creator"]) in {key(name) for name in campaign.exclude}:
        return False
    for where in campaign.where:
        if where.selector is not None:
            if not matches(where.selector, row):
                return False
            continue
        value = Fraction(row["fee"], 100) if where.column == "fee" else row[where.column]
        if value is None or not within(Fraction(value), where.bounds):
            return False
    return True


def within(value, bounds):
    return (bounds.low is None or value >= bounds.low) and (bounds.high is None or value <= bounds.high)


def combinations(rows):
    """Return every choice of at most one offer a creator, as rows of 0 and 1."""
    plans = np.zeros((1, len(rows)), dtype=np.int64)
    for creator in dict.fromkeys(key(row["creator"]) for row in rows):
        more = []
        for column in (i for i, row in enumerate(rows) if key(row["creator"]) == creator):
            taken = plans.copy()
            taken[:, column] = 1
            more.append(taken)
        plans = np.concatenate([plans, *more])
    return plans


def weights(rows, forecast, name):
    """Return a measure of each offer as integers, and how many make one of what the user writes."""
    name = {"views": "impressions"}.get(name, name)
    if name == "count":
        return np.ones(len(rows), dtype=np.int64), 1
    if name == "spend":
        return forecast.cost, 100
    if name in METRICS:
        return forecast.metrics[name], 1_000
    return np.asarray([int((row[name] or 0) * MILLIONTHS) for row in rows], dtype=np.int64), MILLIONTHS


def at_least(totals, bound, per):
    """Whether each total is at least `bound * per`."""
    if bound is None:
        return np.ones(len(totals), dtype=bool)
    return totals * bound.denominator >= bound.numerator * per


def kept(rule, rows, forecast, plans, budget):
    """Return, for each plan, whether it keeps a rule."""
    if isinstance(rule, PairRule):
        return pair_kept(rule, rows, plans)
    mine = np.asarray([matches(rule.selector, row) for row in rows])
    weight, per = weights(rows, forecast, rule.measure)
    totals = plans @ (weight * mine)
    if rule.mean:
        per = (plans @ mine.astype(np.int64)) * per
    elif rule.of_budget:
        per = budget
    elif rule.bounds.percent:
        per = plans @ weight
    low, high = rule.bounds.low, rule.bounds.high
    return at_least(totals, low, per) & at_least(-totals, None if high is None else -high, per)


def pair_kept(rule, rows, plans):
    left = [i for i, row in enumerate(rows) if matches(rule.left, row)]
    right = [i for i, row in enumerate(rows) if matches(rule.right, row)]
    if rule.relation == "requires":
        needing = [i for i in left if i not in right]
        return ~plans[:, needing].any(axis=1) | plans[:, right].any(axis=1)
    good = np.ones(len(plans), dtype=bool)
    for one in left:
        for other in right:
            if key(rows[one]["creator"]) != key(rows[other]["creator"]):
                good &= plans[:, [one, other]].sum(axis=1) < 2
    return good


def feasible(rows, forecast, campaign):
    """Return every plan that keeps the budget, the inclusions and all rules."""
    plans = combinations(rows)
    good = plans @ forecast.cost <= campaign.budget
    for name in campaign.include:
        good &= plans[:, [i for i, row in enumerate(rows) if key(row["creator"]) == key(name)]].any(axis=1)
    for rule in campaign.rules:
        good &= kept(rule, rows, forecast, plans, campaign.budget)
    return plans[good]
