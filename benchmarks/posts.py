"""What a file of posts is worth: forecasts of held-out posts from all earlier posts, against those from their average.

The last post of each account is held out. One forecast has the earlier posts with their dates, the other their mean
rate and how many they are. Both are made by microopt as a user makes them, from files. The accounts of odd number
judge; the figures under [posts] of defaults.toml were set on the others.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.calibration import BESIDE, POSTS, VARIABLE
from benchmarks.markdown import table
from benchmarks.spec import Report, Size, Spec
from microopt import CampaignInput, campaign_from_input, read_roster
from microopt.forecast.model import expected_results, forecast
from microopt.forecast.shrinkage import winsorized_ratio
from microopt.readers.options import ReadOptions

FORECAST_DAY = pd.Timestamp(
    "2024-06-01"
)  # on which every held-out post is published, so that all ages are as they were
DRAWS = 2_000  # of accounts, for an interval
MOST_SECONDS = 20.0
ORGANIC = {"sponsored": {"rates_from": "sponsored"}}  # the posts held out are as organic as the others
Column = NDArray[np.float64]
NOTE = (
    "{accounts:,} Instagram accounts of 2012-2019 with two posts and more, of which {judged:,} judge. RMSE and mean "
    "error are of the log of the engagement rate of a held-out post; `difference` is posts less average, with the 95% "
    "interval of {draws:,} draws of accounts. `without dates` gives the same posts without their dates, `without "
    "niches` the same creators without their niches, and `own posts alone` neither. Bar: the whole interval of all "
    "accounts below 0, in both errors."
)
SPEED_NOTE = "Bar: 20 seconds by the clock for ten million posts. 2 cores, shared with other work."
HEADERS = ["RMSE, average", "RMSE, posts", "difference", "mean error, average", "mean error, posts", "difference"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Held-out posts, (n,) each: log rates, how many earlier posts there are, and forecasts of the log rate."""

    came: Column
    earlier: Column
    average: Column
    forecasts: dict[str, Column]


def run(size: Size) -> Report:
    """Compare the two forecasts, and time the reading of a large file."""
    path = Path(os.environ.get(VARIABLE, BESIDE)) / POSTS
    if not path.exists():
        return Report(text=f"{VARIABLE} names no folder with {POSTS}, so nothing was measured.", measured=False)
    posts = pd.read_csv(path, parse_dates=["day"])
    judged = judge(posts[posts["creator"].str[1:].astype(int) % 2 == 1])
    rows, missed = _comparison(judged, np.random.default_rng(1))
    note = NOTE.format(accounts=posts["creator"].nunique(), judged=len(judged.came), draws=DRAWS)
    errors = table(["Held-out posts", "number", *HEADERS], rows)
    speed_rows, slow = _speed(size)
    speed = table(["Posts", "creators", "CPU time to read and forecast", "by the clock"], speed_rows)
    return Report(text=f"{errors}\n\n{note}\n\n{speed}\n\n{SPEED_NOTE}", missed=(*missed, *slow))


def judge(posts: pd.DataFrame) -> Judged:
    """Return what both forecasts say of the last post of each account."""
    posts = posts.sort_values(["creator", "day"], kind="stable").assign(brought=posts["likes"] + posts["comments"])
    is_last = ~posts["creator"].duplicated(keep="last")
    last, earlier = posts[is_last].set_index("creator"), posts[~is_last]
    shifted = FORECAST_DAY - (last["day"].loc[earlier["creator"]].to_numpy() - earlier["day"])
    earlier = earlier.assign(day=shifted.dt.strftime("%Y-%m-%d"))
    rates = (earlier["brought"] / earlier["followers"]).groupby(earlier["creator"])
    roster = last[["followers", "niche"]].assign(fee=100)
    counts = rates.size().loc[last.index]
    averages = roster.assign(engagement_rate=rates.mean().loc[last.index], posts=counts)
    dated = earlier[["creator", "day", "likes", "comments"]]
    return Judged(
        came=np.log(np.maximum(last["brought"], 0.5) / last["followers"]).to_numpy(),
        earlier=np.asarray(counts, dtype=np.float64),
        average=_log_rates(averages),
        forecasts={
            "posts": _log_rates(roster, dated),
            "without dates": _log_rates(roster, dated.drop(columns="day")),
            "without niches": _log_rates(roster.drop(columns="niche"), dated),
            "own posts alone": _log_rates(roster.drop(columns="niche"), dated.drop(columns="day")),
        },
    )


def _log_rates(roster: pd.DataFrame, posts: pd.DataFrame | None = None) -> Column:
    """Return the expected log rates of the next posts: the means of logs behind the expected rates."""
    with TemporaryDirectory(prefix="microopt-bench-") as folder:
        path, beside = Path(folder, "roster.csv"), None if posts is None else Path(folder, "posts.csv")
        roster.assign(platform="instagram").to_csv(path)
        if posts is not None and beside is not None:
            posts.to_csv(beside, index=False)
        read = read_roster(str(path), ReadOptions(posts=None if beside is None else str(beside)))
    campaign = campaign_from_input(CampaignInput(budget="1", forecast=ORGANIC))
    expected = expected_results(read, campaign)
    rates, quantile = expected.rates, expected.benchmarks.figure("shrinkage", "winsorise")
    spread = np.hypot(rates.creator, rates.post)
    logs = np.log(rates.mean / winsorized_ratio(spread, quantile)) - spread**2 / 2
    names = [read.texts["creator"][row] for row in range(len(read))]
    by_name = dict(zip(names, logs.tolist(), strict=True))
    return np.asarray([by_name[name] for name in roster.index])


def _comparison(judged: Judged, random: np.random.Generator) -> tuple[list[list[str]], list[str]]:
    """Return a row for each number of earlier posts and for each forecast without some of what it knows."""
    every = np.ones(len(judged.came), dtype=bool)
    groups = [("all", every, "posts")]
    groups += [(f"after {count}", judged.earlier == count, "posts") for count in (1, 2)]
    groups += [("after 3 and more", judged.earlier >= 3, "posts")]
    groups += [(name, every, name) for name in judged.forecasts if name != "posts"]
    rows, missed = [], []
    for name, members, forecast_name in groups:
        row = [name, f"{members.sum():,}"]
        ours, average = (
            judged.came[members] - figures[members] for figures in (judged.forecasts[forecast_name], judged.average)
        )
        for measure, title in ((_rmse, "RMSE"), (_mean_error, "mean error")):
            low, high = _interval(ours, average, measure, random)
            row += [f"{measure(average):.3f}", f"{measure(ours):.3f}"]
            row += [f"{measure(ours) - measure(average):+.3f} ({low:+.3f} to {high:+.3f})"]
            if name == "all" and high >= 0:
                missed.append(
                    f"{title}: posts are not shown to be better than their average ({low:+.3f} to {high:+.3f})"
                )
        rows.append(row)
    return rows, missed


def _rmse(errors: Column) -> float:
    return float(np.sqrt(np.mean(errors**2)))


def _mean_error(errors: Column) -> float:
    return float(np.mean(np.abs(errors)))


def _interval(
    ours: Column, average: Column, measure: Callable[[Column], float], random: np.random.Generator
) -> tuple[float, float]:
    """Return the 95% interval of a difference of errors, by drawing accounts anew."""
    draws = random.integers(0, len(ours), (DRAWS, len(ours)))
    differences = [measure(ours[rows]) - measure(average[rows]) for rows in draws]
    low, high = np.quantile(differences, [0.025, 0.975])
    return float(low), float(high)


def _speed(size: Size) -> tuple[list[list[str]], list[str]]:
    rows, missed = [], []
    for count in size.sizes:
        with TemporaryDirectory(prefix="microopt-bench-") as folder:
            roster, posts = write_posts(Path(folder), count, size.creators)
            campaign = campaign_from_input(CampaignInput(budget="1"))
            start, start_of_cpu = perf_counter(), process_time()
            forecast(read_roster(str(roster), ReadOptions(posts=str(posts))), campaign)
            seconds, cpu = perf_counter() - start, process_time() - start_of_cpu
        rows.append([f"{count:,}", f"{size.creators:,}", f"{cpu:.1f} s", f"{seconds:.1f} s"])
        missed += [f"{count:,} posts take {seconds:.1f} s"] if seconds > MOST_SECONDS else []
    return rows, missed


def write_posts(folder: Path, posts: int, creators: int) -> tuple[Path, Path]:
    """Write a roster and a file of posts as tools export them, and return their paths."""
    random = np.random.default_rng(1)
    followers, level = random.lognormal(9.5, 1, creators).round() + 1, random.normal(-3.6, 0.8, creators)
    names = np.char.add("@c", np.char.zfill(np.arange(creators).astype(str), 7))
    who = np.sort(random.integers(0, creators, posts))
    likes = np.rint(followers[who] * np.exp(level[who] + random.normal(0, 0.6, posts))).astype(np.int64)
    days = np.datetime64("2024-01-01") + random.integers(0, 700, posts)
    distinct_days = np.unique(days).astype("datetime64[D]").astype(str)
    columns = {
        "Username": (who, names),
        "Posted": (np.unique(days, return_inverse=True)[1], distinct_days),
        "Likes": likes,
        "Comments": likes // 30,
        "Views": likes * 12,
        "Shares": likes // 100,
        "Sponsored": ((random.random(posts) < 0.1).astype(int), np.asarray(["no", "yes"])),
        "Type": (random.integers(0, 3, posts), np.asarray(["Reel", "Photo", "Carousel"])),
    }
    table_of_posts = pd.DataFrame(
        {
            header: pd.Categorical.from_codes(values[0].tolist(), values[1].tolist())
            if isinstance(values, tuple)
            else values
            for header, values in columns.items()
        }
    )
    table_of_posts.to_csv(folder / "posts.csv", index=False)
    roster = pd.DataFrame({"creator": names, "platform": "instagram", "followers": followers.astype(int)})
    roster.assign(fee=(followers * 0.01).round() + 50, niche="beauty").to_csv(folder / "roster.csv", index=False)
    return folder / "roster.csv", folder / "posts.csv"


SPEC = Spec(
    name="posts",
    about="forecasts from a file of posts against those from the average of the same posts, on held-out posts",
    full=Size(sizes=(10_000_000,), creators=200_000),
    smoke=Size(sizes=(20_000,), creators=500),
    run=run,
)
