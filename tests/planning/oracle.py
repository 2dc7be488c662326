"""An oracle: what a campaign means, by enumeration, from the roster's rows and the parsed rules alone.

An item is a number of units of an offer.

Nothing here uses `microopt.planning.measures`, `microopt.roster.selection` or `microopt.solver`. Of
microopt's own figures only the forecast's integers and the goal's integer values are taken as given.
"""

from fractions import Fraction
from math import ceil, floor

import numpy as np

from microopt.campaign.campaign import EachRule, PairRule

METRICS = ("reach", "impressions", "engagements", "clicks", "conversions")
RATIOS = {
    "roas": ("revenue", "spend", 1),
    "cpa": ("spend", "conversions", 1),
    "cpe": ("spend", "engagements", 1),
    "cpc": ("spend", "clicks", 1),
    "cpm": ("spend", "impressions", 1_000),
}
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
        fixed = tier(row) if column == "tier" else row[column]
        if not {key(part) for part in fixed.split("|")} & {key(value) for value in clause.values}:
            return False
    return True


def enters(row, campaign, rows):
    """Whether filters and exclusions let an offer in; what one row says of a creator's brands holds for all of it."""
    brands = set().union(*(parts(second["brands"]) for second in rows if key(second["creator"]) == key(row["creator"])))
    if any(means(name, row) for name in campaign.exclude) or brands & set(map(key, campaign.competitors)):
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


def offer_items(rows):
    """Return every number of units of every offer, as offers of their own."""
    return [{**row, "units": units} for row in rows for units in range(1, (row["max_units"] or 1) + 1)]


def slot_key(item, one_offer_per):
    """Return what at most one item of is bought."""
    slot = (key(item["creator"]),)
    if one_offer_per != "creator":
        slot += (item["platform"],)
    return (*slot, item["offer"]) if one_offer_per == "offer" else slot


def combinations(items, one_offer_per):
    """Return every choice of at most one item of each slot, as rows of 0 and 1."""
    plans = np.zeros((1, len(items)), dtype=np.int64)
    for slot in dict.fromkeys(slot_key(item, one_offer_per) for item in items):
        more = []
        for column in (i for i, item in enumerate(items) if slot_key(item, one_offer_per) == slot):
            taken = plans.copy()
            taken[:, column] = 1
            more.append(taken)
        plans = np.concatenate([plans, *more])
    return plans


def creators(items, plans, own):
    """Return, for each plan, how many creators have one of these items bought."""
    keys = [key(item["creator"]) for item in items]
    groups = [[i for i, second in enumerate(keys) if second == name and own[i]] for name in dict.fromkeys(keys)]
    return sum(plans[:, group].any(axis=1).astype(np.int64) for group in groups)


def once(campaign):
    """Return what is paid once for each creator: the handling, and the sample sent."""
    return campaign.per_creator + (campaign.seeding or 0)


def costs(items, cost, plans, per_creator):
    """Return the cost of each plan: the handling of a creator is paid once, and is within each item's cost."""
    everything = np.ones(len(items), dtype=bool)
    return plans @ cost - per_creator * (plans.sum(axis=1) - creators(items, plans, everything))


def weights(items, forecast, name):
    """Return a measure of each item as integers, and how many make one of what the user writes."""
    if name in METRICS:
        return forecast.metrics[name], 1_000
    return np.asarray([int((item[name] or 0) * MILLIONTHS) for item in items], dtype=np.int64), MILLIONTHS


def totals(name, own, items, forecast, plans, per_creator):
    """Return a measure of each plan over some items, and how many make one of what the user writes."""
    name = {"views": "impressions"}.get(name, name)
    if name == "count":
        return creators(items, plans, own), 1
    if name == "spend":
        return spent(items, forecast.cost, plans, own, per_creator), 100
    if name == "revenue":
        return plans @ (forecast.revenue * own), 100
    if name == "profit":
        return plans @ (forecast.kept_revenue * own) - spent(items, forecast.cost, plans, own, per_creator), 100
    weight, per = weights(items, forecast, name)
    if name not in METRICS:
        weight = weight * np.asarray([item["units"] for item in items])
    return plans @ (weight * own), per


def spent(items, cost, plans, own, per_creator):
    """Return what some items of each plan cost: the handling of a creator is with its first item bought."""
    fees = cost - per_creator
    first = np.zeros_like(plans)
    for name in dict.fromkeys(key(item["creator"]) for item in items):
        group = [i for i, item in enumerate(items) if key(item["creator"]) == name]
        seen = np.cumsum(plans[:, group], axis=1)
        first[:, group] = (seen == 1) & (plans[:, group] == 1)
    return plans @ (fees * own) + per_creator * (first @ own.astype(np.int64))


def at_least(totals, bound, per):
    """Whether each total is at least `bound * per`."""
    if bound is None:
        return np.ones(len(totals), dtype=bool)
    return totals * bound.denominator >= bound.numerator * per


def kept(rule, items, forecast, plans, campaign):
    """Return, for each plan, whether it keeps a rule."""
    if isinstance(rule, PairRule):
        return pair_kept(rule, items, plans)
    if isinstance(rule, EachRule):
        return each_kept(rule, items, forecast, plans, campaign)
    matching = np.asarray([matches(rule.selector, item) for item in items])
    if rule.measure.lower() in RATIOS and not rule.mean:
        return ratio_kept(rule, matching, items, forecast, plans, campaign)
    if rule.measure == "net reach":
        return net_reach(matching, items, forecast, plans, campaign) >= float(rule.bounds.low) * 1_000
    if rule.mean:
        return mean_kept(rule, matching, items, forecast, plans)
    total, per = totals(rule.measure, matching, items, forecast, plans, once(campaign))
    if rule.of_budget:
        per = campaign.budget
    elif rule.bounds.percent:
        per, _ = totals(rule.measure, np.ones(len(items), dtype=bool), items, forecast, plans, once(campaign))
    return ranged(total, rule.bounds, per)


def beyond(rule, items, forecast, plans, campaign):
    """Return by how many integers each plan is beyond a rule, and how many of these are one of what the user writes."""
    matching, everything = np.asarray([matches(rule.selector, item) for item in items]), np.ones(len(items), dtype=bool)
    total, per = totals(rule.measure, matching, items, forecast, plans, once(campaign))
    full, _ = totals(rule.measure, everything, items, forecast, plans, once(campaign))
    if rule.mean:
        name = {"views": "impressions"}.get(rule.measure, rule.measure)
        weight, per = (forecast.cost, 100) if name == "spend" else weights(items, forecast, name)
        total, full = plans @ (weight * matching), (plans @ matching.astype(np.int64)) * per
    amount = np.zeros(len(plans), dtype=object)
    for bound, sign in ((rule.bounds.low, -1), (rule.bounds.high, 1)):
        if bound is None:
            continue
        if rule.mean or (rule.bounds.percent and not rule.of_budget):
            over = (total.astype(object) * bound.denominator - bound.numerator * full.astype(object)) * sign
            amount = amount + np.maximum(over, 0) * Fraction(1, bound.denominator)
        else:
            limit = bound * (campaign.budget if rule.of_budget else per)
            amount = amount + np.maximum((total - (floor(limit) if sign > 0 else ceil(limit))).astype(object) * sign, 0)
    return amount, per


def net_reach(own, items, forecast, plans, campaign):
    """Return how many different people some items of each plan reach, in thousandths, as floats.

    Whoever is in several pools reaches into each with an equal part; who is in none is added in full.
    """
    pools = {key(name): people * 1_000 for name, people in campaign.audience.size.items()}
    within = [[key(part) for part in item[campaign.audience.by].split("|") if key(part) in pools] for item in items]
    missed = {name: np.ones(len(plans)) for name in pools}
    total = np.zeros(len(plans))
    for column, names in enumerate(within):
        reach = int(forecast.metrics["reach"][column]) if own[column] else 0
        for name in names:
            share = min(reach / len(names) / pools[name], 0.99)
            missed[name] *= 1 - share * plans[:, column]
        total += 0 if names else reach * plans[:, column]
    return total + sum(people * (1 - missed[name]) for name, people in pools.items())


def ranged(total, bounds, per):
    low, high = bounds.low, bounds.high
    return at_least(total, low, per) & at_least(-total, None if high is None else -high, per)


def mean_kept(rule, own, items, forecast, plans):
    """A mean is over the offers bought, one unit of each; of money and results it is over all that an offer brings."""
    name = {"views": "impressions"}.get(rule.measure, rule.measure)
    weight, per = (forecast.cost, 100) if name == "spend" else weights(items, forecast, name)
    return ranged(plans @ (weight * own), rule.bounds, (plans @ own.astype(np.int64)) * per)


def ratio_kept(rule, own, items, forecast, plans, campaign):
    """What is above the line is at least, or at most, the limit times what is below it."""
    above, below, count = RATIOS[rule.measure.lower()]
    parts, whole = (totals(name, own, items, forecast, plans, once(campaign)) for name in (above, below))
    upper = parts[0].astype(object) * Fraction(count, parts[1])
    lower = whole[0].astype(object) * Fraction(1, whole[1])
    low, high = rule.bounds.low, rule.bounds.high
    good = np.ones(len(plans), dtype=bool)
    if low is not None:
        good &= (upper >= lower * low).astype(bool)
    if high is not None:
        good &= (upper <= lower * high).astype(bool)
    return good


def each_kept(rule, items, forecast, plans, campaign):
    """Every creator of whom something is bought is within the range."""
    good = np.ones(len(plans), dtype=bool)
    for name in dict.fromkeys(key(item["creator"]) for item in items):
        matching = np.asarray([key(item["creator"]) == name for item in items])
        if rule.measure in RATIOS:
            good &= ratio_kept(rule, matching, items, forecast, plans, campaign) | ~plans[:, matching].any(axis=1)
            continue
        total, per = totals(rule.measure, matching, items, forecast, plans, once(campaign))
        good &= ranged(total, rule.bounds, campaign.budget if rule.of_budget else per) | ~plans[:, matching].any(axis=1)
    return good


def pair_kept(rule, items, plans):
    left_out = [i for i, item in enumerate(items) if matches(rule.left, item)]
    right = [i for i, item in enumerate(items) if matches(rule.right, item)]
    if rule.relation == "requires":
        needing = [i for i in left_out if i not in right]
        return ~plans[:, needing].any(axis=1) | plans[:, right].any(axis=1)
    return never_both(items, plans, left_out, right)


def never_both(items, plans, left_out, right):
    good = np.ones(len(plans), dtype=bool)
    for item in left_out:
        for second in right:
            if key(items[item]["creator"]) != key(items[second]["creator"]):
                good &= plans[:, [item, second]].sum(axis=1) < 2
    return good


def parts(cell):
    return {key(part) for part in cell.split("|") if part}


def conflicts_kept(items, plans, rows):
    """Nobody is bought beside a creator whom its conflicts name, or who works for a brand that they name.

    What one of all the roster's rows says holds for all offers of its creator.
    """
    stated = {}
    for item in rows:
        foes, names = stated.setdefault(key(item["creator"]), (set(), {key(item["creator"])}))
        foes |= parts(item["conflicts"])
        names |= parts(item["brands"])
    good = np.ones(len(plans), dtype=bool)
    for each, (foes, _) in stated.items():
        for second, (_, names) in stated.items():
            if each != second and foes & names:
                matching = [
                    [i for i, item in enumerate(items) if key(item["creator"]) == name] for name in (each, second)
                ]
                good &= ~(plans[:, matching[0]].any(axis=1) & plans[:, matching[1]].any(axis=1))
    return good


def feasible(items, forecast, campaign, rules, rows):
    """Return every plan that keeps the budget, the inclusions, all rules and the roster's conflicts."""
    plans = combinations(items, campaign.one_offer_per)
    good = conflicts_kept(items, plans, rows)
    if campaign.budget is not None:
        kept_back = ceil(campaign.budget * (campaign.contingency or 0))
        good &= costs(items, forecast.cost, plans, once(campaign)) <= campaign.budget - kept_back
    for name in campaign.include:
        good &= plans[:, [i for i, item in enumerate(items) if means(name, item)]].any(axis=1)
    for rule in rules:
        good &= kept(rule, items, forecast, plans, campaign)
    return plans[good]


def means(name, item):
    """Whether an inclusion or exclusion means an offer: by its creator's name, or as `creator:NAME & offer:OFFER`."""
    if ":" not in name:
        return key(item["creator"]) == key(name)
    creator, offer = (part.partition(":")[2].strip() for part in name.split("&"))
    return key(item["creator"]) == key(creator) and item["offer"] == offer
