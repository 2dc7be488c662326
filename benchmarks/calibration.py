"""Does the forecast keep its word: what it promises of real accounts against what their next post brought.

The last post of each account is held out. The others make the roster: their mean rate, and how many they are. Posts and
accounts are real; fees are modeled, because nobody publishes them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.markdown import table
from benchmarks.spec import Report, Size, Spec
from microopt import CampaignInput, Plan, Roster, SolveLimits, campaign_from_input, optimize, read_roster
from microopt.campaign.campaign import TIER_PRESETS, Campaign
from microopt.forecast.forecast import ExpectedResults
from microopt.forecast.model import expected_results, forecast
from microopt.forecast.uncertainty import log_spreads, result_intervals, winsorized_ratios

VARIABLE = "MICROOPT_DATA"  # the folder that holds the posts
BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"
POSTS = "posts-2019.csv"
BUDGETS = (5_000, 20_000, 80_000)
FEE_SPREAD = 0.4  # standard deviation of the log of a fee about the usual one
TOTALS, PLANS, TAILS = (0.9, 1.1), (0.95, 1.05), (0.08, 0.12)  # the bars
ORGANIC = {"sponsored": {"rates_from": "sponsored"}}  # the posts held out are as organic as the others
Column = NDArray[np.float64]
Rows = NDArray[np.bool_] | NDArray[np.intp]
NOTE = (
    "{accounts:,} Instagram accounts of 2012-2019, {posts:,} posts; the last of each is held out, the others are the "
    "roster's average. `promised / came` is a sum of expected engagements over the sum of the engagements that the "
    "held-out posts brought, with the 95% interval of the accounts drawn anew; `above` and `below` are the shares of "
    "posts outside the 80% range. Plans: {rosters} rosters of {creators:,} accounts, fees about the public ones (the "
    "log with a standard deviation of {spread}), goal engagement, no rules. `lift` is what a plan brought over what "
    "the accounts of the highest rates brought for the same money. Bars: plans {plans[0]} to {plans[1]}, tiers "
    "{totals[0]} to {totals[1]}, tails {tails[0]:.0%} to {tails[1]:.0%}. The figures that these posts set are the "
    "growth, the winsorizing and the tails; the halves (accounts of even and of odd number) show how far such figures"
    " move."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """Accounts with their earlier posts averaged, and what the last one brought, (n,) each."""

    names: list[str]
    followers: Column
    posts: Column
    rate: Column
    brought: Column

    def take(self, rows: NDArray[np.intp]) -> HeldOut:
        """Return these accounts."""
        columns = {name: getattr(self, name)[rows] for name in ("followers", "posts", "rate", "brought")}
        return HeldOut(names=[self.names[row] for row in rows.tolist()], **columns)


def run(size: Size) -> Report:
    """Compare promises with what came, over all accounts, and in plans of three budgets."""
    path = Path(os.environ.get(VARIABLE, BESIDE)) / POSTS
    if not path.exists():
        return Report(text=f"{VARIABLE} names no folder with {POSTS}, so nothing was measured.", measured=False)
    posts = pd.read_csv(path)
    accounts = hold_out_last_posts(posts)
    group_rows, missed = _groups(accounts)
    plan_rows, plans_missed = _plans(accounts, size)
    note = NOTE.format(
        accounts=len(accounts.names),
        posts=len(posts),
        rosters=len(size.seeds),
        creators=size.creators,
        spread=FEE_SPREAD,
        plans=PLANS,
        totals=TOTALS,
        tails=TAILS,
    )
    groups = table(["Accounts", "number", "promised / came", "95% interval", "above", "below"], group_rows)
    plans = table(["Budget", "promised / came", "95% interval", "lift", "95% interval"], plan_rows)
    return Report(text=f"{groups}\n\n{plans}\n\n{note}", missed=(*missed, *plans_missed))


def hold_out_last_posts(posts: pd.DataFrame) -> HeldOut:
    """Return each account's average rate without its last post, and the engagements of that."""
    posts = posts.sort_values(["creator", "day"], kind="stable")
    counts = posts["likes"] + posts["comments"]
    is_last = ~posts["creator"].duplicated(keep="last")
    earlier = (counts / posts["followers"])[~is_last].groupby(posts["creator"][~is_last])
    names = posts["creator"][is_last].tolist()
    return HeldOut(
        names=names,
        followers=posts["followers"][is_last].to_numpy(dtype=float),
        posts=np.asarray(earlier.size().loc[names], dtype=float),
        rate=earlier.mean().loc[names].to_numpy(),
        brought=counts[is_last].to_numpy(dtype=float),
    )


def _groups(accounts: HeldOut) -> tuple[list[list[str]], list[str]]:
    """Return a row for each tier, number of posts and half, and what is outside its bar."""
    expected = _forecast(accounts)
    promised = expected.metrics["engagements"]
    spreads = {"engagements": log_spreads(_roster(accounts, np.ones(len(promised))), expected)["engagements"]}
    ratios, degrees = winsorized_ratios(expected, spreads), expected.benchmarks.figure("shrinkage", "degrees")
    low, high = result_intervals({"engagements": promised}, spreads, mean_ratios=ratios, degrees=degrees)["engagements"]
    above, below = accounts.brought > high, accounts.brought < low
    rows, missed = [], []
    for name, members in _members(accounts).items():
        ratio = promised[members].sum() / accounts.brought[members].sum()
        tails = above[members].mean(), below[members].mean()
        interval = _ratio_interval(promised[members], accounts.brought[members])
        shares = [f"{share:.1%}" for share in tails]
        rows.append([name, f"{members.sum():,}", f"{ratio:.2f}", _span(interval), *shares])
        if name.startswith(("tier", "all")) and not TOTALS[0] <= ratio <= TOTALS[1]:
            missed.append(f"{name}: promised {ratio:.2f} times what came ({_span(interval)})")
        if "half" not in name and not all(TAILS[0] <= share <= TAILS[1] for share in tails):
            missed.append(f"{name}: {shares[0]} of posts above and {shares[1]} below the range")
    return rows, missed


def _members(accounts: HeldOut) -> dict[str, NDArray[np.bool_]]:
    bands = TIER_PRESETS["default"]
    tier = np.searchsorted(np.asarray(bands.floors), accounts.followers, side="right") - 1
    number = np.asarray([int(name[1:]) for name in accounts.names])
    every = np.ones(len(number), dtype=bool)
    groups = {
        "all": every,
        "even half": number % 2 == 0,
        "odd half": number % 2 == 1,
        **{f"tier {name}": tier == place for place, name in enumerate(bands.names)},
        "1 earlier post": accounts.posts == 1,
        "2 earlier posts": accounts.posts == 2,
        "3 or more": accounts.posts >= 3,
    }
    return {name: members for name, members in groups.items() if members.any()}


def _plans(accounts: HeldOut, size: Size) -> tuple[list[list[str]], list[str]]:
    """Return a row for each budget, and what is outside its bar."""
    usual = _usual_fees(accounts)
    outcomes: dict[int, list[tuple[float, float, float]]] = {budget: [] for budget in BUDGETS}
    for seed in size.seeds:
        random = np.random.default_rng(seed)
        sample = random.choice(len(usual), min(size.creators, len(usual)), replace=False)
        fees = np.maximum(usual[sample] * np.exp(random.normal(0, FEE_SPREAD, len(sample))), 5.0).round(2)
        chosen = accounts.take(sample)
        roster = _roster(chosen, fees)
        for budget, brought in outcomes.items():
            brought.append(_plan_outcome(roster, chosen, fees, budget))
    rows, missed = [], []
    for budget, brought in outcomes.items():
        promised, came, ranked = np.asarray(brought).T
        ratio, lift = promised.sum() / came.sum(), came.sum() / ranked.sum()
        interval, lifts = _ratio_interval(promised, came), _ratio_interval(came, ranked)
        rows.append([f"${budget:,}", f"{ratio:.2f}", _span(interval), f"{lift:.2f} times", _span(lifts)])
        if not PLANS[0] <= ratio <= PLANS[1]:
            missed.append(f"at ${budget:,} plans promised {ratio:.2f} times what came ({_span(interval)})")
    return rows, missed


def _plan_outcome(roster: Roster, accounts: HeldOut, fees: Column, budget: int) -> tuple[float, float, float]:
    """Return what a plan promised, what it brought, and what the highest rates brought for the same money."""
    campaign = campaign_from_input(CampaignInput(budget=str(budget), goal="engagement", forecast=ORGANIC))
    plan = optimize(roster, campaign, limits=SolveLimits(seconds=60.0))
    assert isinstance(plan, Plan)
    brought = dict(zip(accounts.names, accounts.brought.tolist(), strict=True))
    spent, ranked = 0.0, 0.0
    for row in np.argsort(-accounts.rate, kind="stable").tolist():
        if spent + fees[row] <= budget:
            spent, ranked = spent + fees[row], ranked + accounts.brought[row]
    return plan.totals.metrics["engagements"] / 1000, sum(brought[pick.creator] for pick in plan.picks), ranked


def _forecast(accounts: HeldOut) -> ExpectedResults:
    return expected_results(_roster(accounts, np.ones(len(accounts.names))), Campaign(budget=None, forecast=ORGANIC))


def _usual_fees(accounts: HeldOut) -> Column:
    """Return the public fee for the size, in dollars."""
    usual = forecast(_roster(accounts, np.zeros(len(accounts.names))), Campaign(budget=None)).usual_fee
    assert usual is not None
    return np.asarray(usual / 100)


def _roster(accounts: HeldOut, fees: Column) -> Roster:
    columns = {
        "creator": accounts.names,
        "platform": "instagram",
        "followers": accounts.followers.astype(int),
        "posts": accounts.posts.astype(int),
        "engagement_rate": [f"{100 * rate:.6f}%" for rate in accounts.rate],
        "fee": fees,
    }
    with TemporaryDirectory(prefix="microopt-bench-") as folder:
        path = Path(folder) / "accounts.csv"
        pd.DataFrame(columns).to_csv(path, index=False)
        return read_roster(str(path))


def _ratio_interval(numerator: Column, denominator: Column, draws: int = 1_000) -> tuple[float, float]:
    """Return the 95% interval of a ratio of sums, by drawing its terms anew (Efron's bootstrap)."""
    random = np.random.default_rng(1)
    rows = random.integers(len(numerator), size=(draws, len(numerator)))
    low, high = np.quantile(numerator[rows].sum(axis=1) / denominator[rows].sum(axis=1), (0.025, 0.975))
    return float(low), float(high)


def _span(interval: tuple[float, float]) -> str:
    return f"{interval[0]:.2f} to {interval[1]:.2f}"


SPEC = Spec(
    name="calibration",
    about="what forecasts and plans promise against what the held-out posts of real accounts brought",
    full=Size(creators=2_000, seeds=tuple(range(1, 41))),
    smoke=Size(creators=300, seeds=(1, 2)),
    run=run,
)
