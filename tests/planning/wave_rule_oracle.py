"""What rules in time mean, by enumeration: from the posts of a plan, the calendar and the words of a rule alone.

Nothing here uses `microopt.campaign.rules_by_wave`, `microopt.planning` or `microopt.solver`. A plan is a list of posts
as `tests.planning.schedule_oracle` makes them: the creator, the wave as a number, what it costs and brings.
"""

from fractions import Fraction
from itertools import pairwise

from microopt.campaign.campaign import EachRule, PairRule

RATIOS = {"cpa": ("spend", "conversions", 1), "cpm": ("spend", "impressions", 1_000)}
UNITS = {"count": 1, "repeats": 1, "spend": 100}  # all else is in thousandths


def key(name):
    return name.strip().lstrip("@").lower()


def matches(selector, post, names):
    for clause in selector.clauses:
        column = clause.column.lower()
        value = names[post["wave"]] if column == "wave" else post[column]
        if not {key(part) for part in value.split("|")} & {key(each) for each in clause.values}:
            return False
    return True


def waves_of(when, names):
    """Return lists of waves, in each of which a rule holds: one list for a rule on the whole plan."""
    everything = list(range(len(names)))
    if when is None:
        return [everything]
    if when.place is not None:
        return [[when.place - 1 if when.place > 0 else len(names) + when.place]]
    span = everything
    if when.first is not None:
        span = everything[names.index(when.first) : names.index(when.last) + 1]
    return [[wave] for wave in span] if when.each else [span]


def amount(measure, posts):
    """Return a measure of some posts in integers: creators, creators in two waves, cents, thousandths."""
    if measure == "count":
        return len({post["creator"] for post in posts})
    if measure == "repeats":
        pairs = {(post["creator"], post["wave"]) for post in posts}
        creators = [creator for creator, _ in pairs]
        return len({creator for creator in creators if creators.count(creator) > 1})
    return sum(post["cost" if measure == "spend" else measure] for post in posts)


def within(value, bounds, per):
    low, high = bounds.low, bounds.high
    return (low is None or value >= low * per) and (high is None or value <= high * per)


def kept(rule, plan, campaign):
    """Whether a plan keeps a rule."""
    names = campaign.calendar.names
    if isinstance(rule, PairRule):
        return pair_kept(rule, plan, campaign)
    for waves in waves_of(rule.when, names):
        posts = [post for post in plan if post["wave"] in waves]
        holds = each_kept if isinstance(rule, EachRule) else range_kept
        if not holds(rule, posts, plan, campaign):
            return False
    return True


def range_kept(rule, posts, plan, campaign):
    names = campaign.calendar.names
    own = [post for post in posts if matches(rule.selector, post, names)]
    if rule.measure in RATIOS:
        return ratio_kept(rule, own)
    if rule.mean:
        value = sum(post["followers"] for post in own)
        return within(value, rule.bounds, len(own))
    value, per = amount(rule.measure, own), UNITS.get(rule.measure, 1_000)
    if rule.of_budget:
        per = campaign.budget
    elif rule.bounds.percent:
        # Of all creators it is about; of the whole plan if it is about everybody in some waves; else of those waves.
        whole = own if rule.measure == "repeats" else posts if rule.selector.clauses else plan
        per = amount("count" if rule.measure == "repeats" else rule.measure, whole)
    return within(value, rule.bounds, per)


def ratio_kept(rule, own):
    above, below, count = RATIOS[rule.measure]
    parts = [Fraction(amount(name, own), UNITS.get(name, 1_000)) for name in (above, below)]
    return within(parts[0] * count, rule.bounds, parts[1])


def each_kept(rule, posts, plan, campaign):
    creators = {post["creator"] for post in plan}
    if rule.measure == "gap in waves":
        return all(gaps_kept(rule, [post["wave"] for post in plan if post["creator"] == name]) for name in creators)
    for name in creators:
        own = [post for post in posts if post["creator"] == name]
        if rule.measure == "count":  # posts, of everyone in the plan
            if not within(sum(post["units"] for post in own), rule.bounds, 1):
                return False
        elif own and rule.measure in RATIOS:
            if not ratio_kept(rule, own):
                return False
        elif own:  # who posts in these waves
            per = campaign.budget if rule.of_budget else UNITS.get(rule.measure, 1_000)
            if not within(amount(rule.measure, own), rule.bounds, per):
                return False
    return True


def gaps_kept(rule, waves):
    distinct = sorted(set(waves))
    return all(within(later - earlier, rule.bounds, 1) for earlier, later in pairwise(distinct))


def pair_kept(rule, plan, campaign):
    names, waves = campaign.calendar.names, campaign.calendar.waves
    for group in waves_of(rule.when, names):
        left = [post for post in plan if post["wave"] in group and matches(rule.left, post, names)]
        if rule.days is not None:
            right = [post for post in plan if matches(rule.right, post, names)]
            starts = [wave.starts for wave in waves]
            for post in left:
                for other in right:
                    days = (starts[other["wave"]] - starts[post["wave"]]).days
                    if other["creator"] != post["creator"] and 0 <= days <= rule.days:
                        return False
            continue
        right = [post for post in plan if post["wave"] in group and matches(rule.right, post, names)]
        if rule.relation == "requires":
            if any(post not in right for post in left) and not right:
                return False
        elif any(post["creator"] != other["creator"] for post in left for other in right):
            return False
    return True
