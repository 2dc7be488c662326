"""Doubts about the figures of creators: likes beyond followers, engagement unlike that of any account of the size.

Every check works on whole columns, and on a column that the roster lacks it costs nothing. The thresholds are those of
`[plausibility]` in `benchmarks/defaults.toml`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.benchmarks.table import PLATFORMS, Benchmarks
from microopt.forecast.deliverables import platform_codes
from microopt.forecast.engagement import counted_rate
from microopt.forecast.shrinkage import engagement_prior
from microopt.quantities.parse_and_format import format_count, format_percent
from microopt.quantities.platforms import platform_name
from microopt.roster.roster import Roster, find_header

NDFloat = NDArray[np.float64]
Mask = NDArray[np.bool_]
TOTALS_FIX = "If these are totals of the account, rename the column {}."
CHECK_FIX = "Check the column {}."
SMALL_COUNTS = ("likes", "comments", "shares", "engagements")  # of a post, fewer than the followers
WIDE_COUNTS = ("views", "reach")  # of a post, which others than followers see too
OF_VIEWS = ("likes", "comments", "shares", "engagements")  # of a post, each by somebody who views it
FIGURES = ("engagement_rate", "engagement_rate_views", "engagement_rate_reach", *SMALL_COUNTS, *WIDE_COUNTS)
RATED_BY_VIEWS = (PLATFORMS.index("tiktok"), PLATFORMS.index("youtube"))  # where a stated rate may be one by views
MAX_HASH_BITS = 20  # 8 MB of counts; a bucket of a million creators then seldom holds ten by chance
FEWEST_CLICKS = 20  # behind a conversion rate that is judged


class Doubt(Struct, frozen=True, kw_only=True, eq=False):
    """One kind of figures that are hard to believe, and where they are.

    Attributes
    ----------
    code, text, fix
        See `Suspicion`.
    rows
        (k,) positions of the offers.
    describe
        Returns the doubted figures of the offer at a position, in words.
    """

    code: str
    text: str
    rows: NDArray[np.intp]
    describe: Callable[[int], str]
    fix: str = ""


def doubt_figures(roster: Roster, benchmarks: Benchmarks) -> Iterator[Doubt]:
    """Yield the doubts about the figures of a roster, the gravest first."""
    yield from _beyond_any_account(roster, benchmarks)
    yield from _beyond_followers(roster, benchmarks)
    yield from _beyond_views(roster, benchmarks)
    yield from _rates_above_all(roster)
    yield from _unusual_engagement(roster, benchmarks)
    yield from _few_comments(roster, benchmarks)
    yield from _unusual_click_rates(roster, benchmarks)
    yield from _identical_figures(roster, benchmarks)


def _beyond_any_account(roster: Roster, benchmarks: Benchmarks) -> Iterator[Doubt]:
    table, followers = benchmarks.table("plausibility.followers"), roster.numbers["followers"]
    limits = {name: float(table[name]) for name in table if name not in ("source", "year")}
    rows = np.flatnonzero(followers > min(limits.values()))
    if len(rows):
        platforms = [platform_name(roster.text("platform", row)) or "" for row in rows.tolist()]
        limit = np.asarray([limits.get(name, limits["other"]) for name in platforms])
        yield Doubt(
            code="suspicious-followers",
            text="more followers than any account on the platform",
            rows=rows[followers[rows] > limit],
            describe=lambda row: f"{format_count(followers[row])} followers",
            fix=CHECK_FIX.replace("{}", find_header(roster, "followers")),
        )


def _beyond_followers(roster: Roster, benchmarks: Benchmarks) -> Iterator[Doubt]:
    followers = roster.numbers["followers"]
    for name in SMALL_COUNTS:
        if name in roster.numbers:
            rows = np.flatnonzero(roster.numbers[name] > followers)
            text = f"more {name} per post than followers"
            yield _count_doubt(roster, f"{name}-above-followers", text, name, "followers", rows)
    for name in WIDE_COUNTS:
        if name in roster.numbers:
            values = roster.numbers[name]
            lowest = min(benchmarks.table("plausibility.views")["views_per_follower"])
            rows = np.flatnonzero(values >= lowest * followers)
            most = benchmarks.by_followers("plausibility.views", "views_per_follower", followers[rows])
            rows = rows[values[rows] >= most * followers[rows]]
            amount = "views per post" if name == "views" else "people reached"
            text = f"far more {amount} than followers"
            yield _count_doubt(roster, f"{name}-above-followers", text, name, "followers", rows)


def _count_doubt(
    roster: Roster, code: str, text: str, name: str, base: str, rows: NDArray[np.intp], fix: str = TOTALS_FIX
) -> Doubt:
    """Return the doubt that a count is above another."""
    values, others = roster.numbers[name], roster.numbers[base]

    def describe(row: int) -> str:
        return f"{counted_amount(values[row], name)}, {counted_amount(others[row], base)}"

    return Doubt(
        code=code, text=text, rows=rows, describe=describe, fix=fix.replace("{}", find_header(roster, name), 1)
    )


def _beyond_views(roster: Roster, benchmarks: Benchmarks) -> Iterator[Doubt]:
    views = roster.numbers.get("views")
    if views is None:
        return
    fix = "Check whether {} and " + find_header(roster, "views") + " are both per post."
    for name in OF_VIEWS:
        if name in roster.numbers:
            rows = np.flatnonzero((roster.numbers[name] > views) & (views > 0))
            yield _count_doubt(roster, f"{name}-above-views", f"more {name} than views", name, "views", rows, fix)
    if "clicks" in roster.numbers:
        posts = np.fmax(roster.number("posts"), 1.0) if "posts" in roster.numbers else 1.0
        rows = np.flatnonzero((roster.numbers["clicks"] > views * posts) & (views > 0))
        yield _count_doubt(roster, "clicks-above-views", "more clicks than views", "clicks", "views", rows, fix)
    if "engagement_rate" in roster.numbers:
        yield _rate_beyond_views(roster, benchmarks)


def _rate_beyond_views(roster: Roster, benchmarks: Benchmarks) -> Doubt:
    """Return the doubt about engagement rates by followers that are more engagements than a post has views."""
    rate, followers, views = (roster.numbers[name] for name in ("engagement_rate", "followers", "views"))
    margin = benchmarks.figure("plausibility.engagement", "above_views")
    header = find_header(roster, "engagement_rate")

    def describe(row: int) -> str:
        share, amount = small_percent(rate[row]), format_count(rate[row] * followers[row])
        statement = f"{amount} engagements on {format_count(views[row])} views"
        by_views = platform_name(roster.text("platform", row)) in ("youtube", "tiktok")
        return f"{statement}: is {share} a rate by views?" if by_views else f"{statement} at {share} of followers"

    return Doubt(
        code="engagements-above-views",
        text="more engagements than views, by their engagement rate and followers",
        rows=np.flatnonzero((rate * followers > margin * views) & (views > 0)),
        describe=describe,
        fix=f"If {header} is a rate by views, name the column engagement_rate_views.",
    )


def _rates_above_all(roster: Roster) -> Iterator[Doubt]:
    for name, base in (("engagement_rate_views", "views"), ("engagement_rate_reach", "reach")):
        if name in roster.numbers:
            fix = CHECK_FIX.replace("{}", find_header(roster, name))
            text = f"an engagement rate by {base} above 100%"
            yield _rate_doubt(f"suspicious-engagement-by-{base}", text, fix, roster.numbers[name], 1.0)


def _unusual_engagement(roster: Roster, benchmarks: Benchmarks) -> Iterator[Doubt]:
    """Yield the doubt about rates that no account of the size and platform has, other than counts above followers."""
    rate = _own_rates(roster)
    if rate is None:
        return
    rows = _extreme_rows(rate, benchmarks)

    def usual(rows: NDArray[np.intp]) -> NDFloat:
        offers = roster.take(rows)
        return usual_engagement_rates(benchmarks, platform_codes(offers)[0], offers.numbers["followers"])

    followers = roster.numbers["followers"][rows]
    low, high = (benchmarks.by_followers("plausibility.engagement", key, followers) for key in ("low", "high"))
    is_odd = (rate[rows] > np.minimum(high * usual(rows), 1.0)) | (rate[rows] < low * usual(rows))
    name = next(name for name in ("engagement_rate", "engagements", "likes") if name in roster.numbers)
    header, many = find_header(roster, name), is_odd.sum() > np.isfinite(rate).sum() / 2
    unit = f"If {header} is in percent or a fraction, say which under [units] in the campaign file."
    yield Doubt(
        code="suspicious-engagement",
        text="an engagement rate that accounts of their size do not have",
        rows=rows[is_odd],
        describe=lambda row: f"{small_percent(rate[row])}, usual is {small_percent(usual(np.asarray([row]))[0])}",
        fix=unit if many and name == "engagement_rate" else CHECK_FIX.replace("{}", header),
    )


def _own_rates(roster: Roster) -> NDFloat | None:
    """Return the rates by followers that the roster states or counts, NaN where counts are above the followers."""
    stated = roster.numbers.get("engagement_rate")
    if not {"engagements", "likes"} & roster.numbers.keys():
        return stated
    counted = counted_rate(roster)
    counted[counted > 1] = np.nan
    return counted if stated is None else np.where(np.isfinite(stated), stated, counted)


def _extreme_rows(rate: NDFloat, benchmarks: Benchmarks) -> NDArray[np.intp]:
    """Return the few rows whose rate may be odd: beyond the limits of the platform and size that go least far."""
    table = benchmarks.table("plausibility.engagement")
    floors = np.asarray(benchmarks.table("engagement.instagram")["floors"], dtype=float)
    usual = [usual_engagement_rates(benchmarks, np.full(len(floors), code), floors) for code in range(len(PLATFORMS))]
    lowest, highest = max(table["low"]) * np.max(usual), min(table["high"]) * np.min(usual)
    return np.flatnonzero((rate > min(highest, 1.0)) | (rate < lowest))


def usual_engagement_rates(benchmarks: Benchmarks, platform: NDArray[np.integer], followers: NDFloat) -> NDFloat:
    """Return the median engagement rate by followers of each platform (a position in `PLATFORMS`) and size."""
    return np.exp(engagement_prior(benchmarks, platform.astype(np.int8), followers).mu)


def counted_amount(count: float, name: str) -> str:
    """Return a count with what it is of: `5M likes`, `1 comment`, `900 people reached`."""
    noun = "people reached" if name == "reach" else name.removesuffix("s") if count == 1 else name
    return f"{format_count(count)} {noun}"


def small_percent(share: float) -> str:
    """Return a share as a percent that tells small ones apart: 34%, 2.2%, 0.01%."""
    return f"{float(share) * 100:.2g}%" if share < 0.1 else format_percent(float(share))


def _few_comments(roster: Roster, benchmarks: Benchmarks) -> Iterator[Doubt]:
    if not {"likes", "comments"} <= roster.numbers.keys():
        return
    likes, comments = roster.numbers["likes"], roster.numbers["comments"]
    fewest, share = (benchmarks.figure("plausibility.comments", key) for key in ("likes", "comments_per_like"))
    yield Doubt(
        code="few-comments",
        text="hardly any comments for so many likes",
        rows=np.flatnonzero((likes >= fewest) & (comments < share * likes)),
        describe=lambda row: f"{counted_amount(comments[row], 'comments')}, {counted_amount(likes[row], 'likes')}",
        fix=CHECK_FIX.replace("{}", find_header(roster, "comments")),
    )


def _unusual_click_rates(roster: Roster, benchmarks: Benchmarks) -> Iterator[Doubt]:
    for name, title in (("ctr", "click-through rate"), ("cvr", "conversion rate")):
        rate = roster.numbers.get(name)
        if name == "cvr" and {"clicks", "conversions"} <= roster.numbers.keys():
            observed = _observed_conversion_rates(roster)
            rate = observed if rate is None else np.where(np.isfinite(rate), rate, observed)
        if rate is not None:
            most = benchmarks.figure("plausibility.rates", name)
            header = find_header(roster, name if name in roster.numbers else "conversions")
            fix = CHECK_FIX.replace("{}", header)
            yield _rate_doubt(f"suspicious-{name}", f"a {title} above {format_percent(most)}", fix, rate, most)


def _observed_conversion_rates(roster: Roster) -> NDFloat:
    clicks = roster.numbers["clicks"]
    enough = np.where(clicks >= FEWEST_CLICKS, clicks, np.nan)
    return roster.numbers["conversions"] / enough


def _rate_doubt(code: str, text: str, fix: str, rate: NDFloat, most: float) -> Doubt:
    rows = np.flatnonzero(rate > most)
    return Doubt(code=code, text=text, rows=rows, describe=lambda row: format_percent(float(rate[row])), fix=fix)


def _identical_figures(roster: Roster, benchmarks: Benchmarks) -> Iterator[Doubt]:
    """Yield the doubt about figures that many creators share to the last digit.

    Two figures, such as followers and a rate, are shared by chance on a large roster: such a group counts only if it
    has more than a hundredth of the creators.
    """
    names = [name for name in FIGURES if name in roster.numbers]
    fewest = int(benchmarks.figure("plausibility.identical", "creators"))
    first = first_rows(roster)
    if not names or len(first) < fewest:
        return
    is_whole = len(first) == len(roster)
    figures = [
        values if is_whole else values[first] for values in map(roster.numbers.__getitem__, ("followers", *names))
    ]
    same = _group_sizes(figures, fewest)
    groups = np.flatnonzero(same >= fewest)
    filled = sum((np.isfinite(values[groups]) for values in figures), np.zeros(len(groups), dtype=np.int64))
    needed = np.where(filled >= 3, fewest, max(fewest, len(first) / 100))
    groups = groups[(same[groups] >= needed) & (filled >= 2)]
    sizes = dict(zip(first[groups].tolist(), same[groups].tolist(), strict=True))
    yield Doubt(
        code="identical-figures",
        text="exactly the same figures as others",
        rows=first[groups],
        describe=lambda row: f"{sizes[row]:,} creators with {format_count(roster.numbers['followers'][row])} followers",
    )


def first_rows(roster: Roster) -> NDArray[np.intp]:
    """Return the position of the first offer of each creator, in ascending order."""
    ids = roster.creator_id
    if len(ids) and np.bincount(ids).max() == 1:
        return np.arange(len(ids))
    first = np.full(int(ids.max(initial=-1)) + 1, -1, dtype=np.intp)
    first[ids[::-1]] = np.arange(len(ids) - 1, -1, -1)
    is_first = np.zeros(len(ids), dtype=bool)
    is_first[first[first >= 0]] = True
    return np.flatnonzero(is_first)


def _group_sizes(columns: Sequence[NDFloat], fewest: int) -> NDArray[np.int64]:
    """Return how many rows have exactly the figures of each row, or 0 if they are surely fewer than `fewest`."""
    mixed = np.zeros(len(columns[0]), dtype=np.uint64)
    for column in columns:
        mixed ^= np.where(np.isnan(column), -1.0, column).view(np.uint64)
        mixed *= np.uint64(0x9E3779B97F4A7C15)
    bits = min(MAX_HASH_BITS, len(mixed).bit_length() + 2)
    mixed >>= np.uint64(64 - bits)
    buckets = mixed.view(np.int64)
    rows = np.flatnonzero((np.bincount(buckets, minlength=1 << bits) >= fewest)[buckets])
    sizes = np.zeros(len(mixed), dtype=np.int64)
    if len(rows):
        table = np.stack([np.nan_to_num(column[rows], nan=-1.0) for column in columns], axis=1)
        _, code, count = np.unique(table, axis=0, return_inverse=True, return_counts=True)
        sizes[rows] = count[code.reshape(-1)]
    return sizes
