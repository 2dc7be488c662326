"""An oracle of campaigns with a calendar: every plan by enumeration, from the rows of the list and the calendar alone.

What an offer brings as a first post in an ordinary wave is taken as given, as floats; everything about waves, contacts,
retainers, demand, and what may be bought together is computed here, without `microopt.roster.schedules`,
`microopt.roster.waves`, `microopt.roster.retainers` or `microopt.forecast.repetition`.
"""

from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations, product

import numpy as np
from msgspec.structs import replace

from microopt.benchmarks.table import default_benchmarks
from microopt.forecast.model import expected_results
from microopt.roster.volume_packages import expand_volume_packages

METRICS = ("reach", "impressions", "engagements", "clicks", "conversions")


def is_open(row, wave, calendar):
    """Whether an offer has a day in a wave on which it can be posted."""
    first, last = row["available_from"], row["available_to"]
    for after in range((wave.ends - wave.starts).days + 1):
        day = wave.starts + timedelta(days=after)
        late = last and day > date.fromisoformat(last)
        early = first and day < date.fromisoformat(first) + timedelta(days=calendar.lead_days)
        if not (late or early or any(black.starts <= day <= black.ends for black in calendar.blackout)):
            return True
    return False


def items_of(rows, listed, campaign):
    """Return every number of units of every offer in every wave in which it is open, creator by creator, in time."""
    packages = expand_volume_packages(listed)
    results = expected_results(packages, replace(campaign, calendar=None)).metrics
    items = []
    for place, line in enumerate(packages.row.tolist()):
        row = rows[line - 2]
        for number, wave in enumerate(campaign.calendar.waves):
            if is_open(row, wave, campaign.calendar):
                first = {name: float(results[name][place]) for name in METRICS}
                units = int(packages.unit_counts()[place])
                items.append({**row, "units": units, "cents": int(packages.fee[place]), "wave": number, "first": first})
    return sorted(
        items, key=lambda item: (item["creator"], item["wave"], item["offer"], item["platform"], item["units"])
    )


def slot_of(item, one_offer_per):
    """Return what a creator posts at most once."""
    names = {"creator": (), "creator,platform": ("platform",), "offer": ("platform", "offer")}[one_offer_per]
    return (item["wave"], *(item[name] for name in names))


def schedules_of(items, campaign):
    """Return every schedule of one creator, the empty one first, with its cost and results in integers."""
    found = [()]
    for size in range(1, campaign.calendar.max_posts + 1):
        for chosen in combinations(items, size):
            posts = sum(item["units"] for item in chosen)
            different = len({slot_of(item, campaign.one_offer_per) for item in chosen}) == size
            if different and posts <= campaign.calendar.max_posts:
                before = [sum(item["units"] for item in chosen[:place]) for place in range(size)]
                found.append(tuple(map(posted, chosen, before, [posts] * size, [campaign] * size)))
    return found


def posted(item, before, posts, campaign):
    """Return an offer after so many posts of its creator, in a schedule of so many posts."""
    calendar, table = campaign.calendar, default_benchmarks().table("repetition")
    share = max((part for least, part in calendar.retainer if posts >= least), default=Fraction(0))
    fee = round(item["cents"] * (1 - share))
    brings = {}
    for name in METRICS:
        factors = [table[name][min(before + unit, len(table[name]) - 1)] for unit in range(item["units"])]
        brings[name] = item["first"][name] * (sum(factors) / len(factors) if calendar.repetition else 1.0)
    wanted = brings["conversions"] * float(calendar.waves[item["wave"]].demand)
    brings["conversions"] = min(wanted, max(brings["clicks"], min(item["first"]["conversions"], wanted)))
    figures = {name: int(np.rint(value * 1000)) for name, value in brings.items()}
    return {**item, "fee": fee, "cost": fee + (0 if before else campaign.per_creator), **figures}


def all_plans(rows, listed, campaign):
    """Yield every plan within the limit of posts: the posts of all creators."""
    items = items_of(rows, listed, campaign)
    names = dict.fromkeys(item["creator"] for item in items)
    by_creator = [schedules_of([item for item in items if item["creator"] == name], campaign) for name in names]
    for chosen in product(*by_creator):
        yield [post for schedule in chosen for post in schedule]
