"""The value of shrinkage: rosters drawn from the model, planned with the rates as stated and with them shrunk.

Picking the highest of many noisy rates picks luck. The truth of each drawn creator is known here, so that it can be
seen what each plan promised and what it would truly bring.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.markdown import table
from benchmarks.spec import Report, Size, Spec
from microopt import CampaignInput, Plan, Roster, SolveLimits, campaign_from_input, optimize, read_roster
from microopt.analysis.estimates import student_quantile
from microopt.benchmarks.table import default_benchmarks

BUDGETS = (5_000, 20_000, 100_000)
FEWEST, MOST = 1, 60  # posts seen of a creator
NOTE = (
    "Instagram creators of 1,000 to 5,000,000 followers, their rates and posts drawn from the log-normal model of "
    "`defaults.toml`, {low} to {high} posts seen of each, fees about what followers usually cost (0.6 to 1.7 times); "
    "goal engagement, no rules. `more` is by how much the true engagement of the shrunk plan exceeds that of the plan "
    "on the stated rates, the mean over the rosters with its 95% interval; `promised` is what a plan's forecast says "
    "over what it truly brings."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Promised and true engagements of two plans on one roster."""

    raw_promised: float
    raw: float
    shrunk_promised: float
    shrunk: float


def run(size: Size) -> Report:
    """Plan each drawn roster both ways at each budget, and compare what the plans truly bring."""
    rows, missed = [], []
    result: dict[int, list[Outcome]] = {budget: [] for budget in BUDGETS}
    for seed in size.seeds:
        with TemporaryDirectory(prefix="microopt-bench-") as folder:
            path, truth = draw_roster(Path(folder), size.creators, seed)
            roster = read_roster(str(path))
        for budget, outcomes in result.items():
            outcomes.append(_outcome(roster, truth, budget))
    for budget, outcomes in result.items():
        gains = np.asarray([outcome.shrunk / outcome.raw - 1 for outcome in outcomes])
        reach = (
            student_quantile(max(len(gains) - 1, 1)) * gains.std(ddof=1) / np.sqrt(len(gains))
            if len(gains) > 1
            else np.nan
        )
        low, high = gains.mean() - reach, gains.mean() + reach
        rows.append(
            [
                f"${budget:,}",
                f"{gains.mean():+.1%}",
                f"{low:+.1%} to {high:+.1%}",
                f"{(gains > 0).mean():.0%}",
                *(
                    f"{np.mean([stated / brought for stated, brought in pairs]):.2f} times"
                    for pairs in _pairs(outcomes)
                ),
            ]
        )
        missed += [f"at ${budget:,} the shrunk plan is not shown to bring more"] if low <= 0 and len(gains) > 5 else []
    headers = ["Budget", "more", "95% interval", "of rosters", "promised, stated rates", "promised, shrunk"]
    note = NOTE.format(low=FEWEST, high=MOST)
    text = f"{table(headers, rows)}\n\n{len(size.seeds)} rosters of {size.creators:,} creators. {note}"
    return Report(text=text, missed=tuple(missed))


def draw_roster(folder: Path, creators: int, seed: int) -> tuple[Path, dict[str, float]]:
    """Write a roster drawn from the model, and return its path and each creator's true engagements a post."""
    random, benchmarks, name = np.random.default_rng(seed), default_benchmarks(), "engagement.instagram"
    followers = np.exp(random.uniform(np.log(1e3), np.log(5e6), creators)).round()
    mu, between, within = (benchmarks.by_followers(name, key, followers) for key in ("mu", "sd_between", "sd_within"))
    theta = random.normal(mu, between)
    posts = np.exp(random.uniform(np.log(FEWEST), np.log(MOST + 1), creators)).astype(int)
    stated = [_average(random, *each) for each in zip(theta, within, posts, strict=True)]
    views = benchmarks.by_followers("feed_views", "view_rate", followers) * followers
    usual = benchmarks.by_followers("cpm.instagram", "cpm", followers) * views / 1000
    names = [f"c{number}" for number in range(creators)]
    path = folder / "drawn.csv"
    pd.DataFrame(
        {
            "creator": names,
            "platform": "instagram",
            "followers": followers.astype(int),
            "posts": posts,
            "fee": np.maximum(usual * np.exp(random.normal(0, 0.25, creators)), 5).round(2),
            "engagement_rate": [f"{100 * rate:.6f}%" for rate in stated],
        }
    ).to_csv(path, index=False)
    truth = followers * np.exp(theta + within**2 / 2)
    return path, dict(zip(names, truth.tolist(), strict=True))


def _average(random: np.random.Generator, theta: float, within: float, posts: int) -> float:
    rates: NDArray[np.float64] = np.exp(random.normal(theta, within, posts))
    return float(rates.mean())


def _outcome(roster: Roster, truth: dict[str, float], budget: int) -> Outcome:
    raw, shrunk = (_plan(roster, budget, stated=stated) for stated in (True, False))
    return Outcome(
        raw_promised=_promised_engagements(raw),
        raw=_true_engagements(raw, truth),
        shrunk_promised=_promised_engagements(shrunk),
        shrunk=_true_engagements(shrunk, truth),
    )


def _plan(roster: Roster, budget: int, *, stated: bool) -> Plan:
    # A promise is of the posts that are drawn: organic ones, of accounts that do not grow.
    figures = {"sponsored": {"rates_from": "sponsored"}, "growth": {"per_year": 0}}
    requested = CampaignInput(budget=str(budget), goal="engagement", shrink=not stated, forecast=figures)
    plan = optimize(roster, campaign_from_input(requested), limits=SolveLimits(seconds=60.0))
    assert isinstance(plan, Plan)
    return plan


def _promised_engagements(plan: Plan) -> float:
    return plan.totals.metrics["engagements"] / 1000


def _true_engagements(plan: Plan, truth: dict[str, float]) -> float:
    return sum(truth[pick.creator] for pick in plan.picks)


def _pairs(outcomes: list[Outcome]) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    return [(o.raw_promised, o.raw) for o in outcomes], [(o.shrunk_promised, o.shrunk) for o in outcomes]


SPEC = Spec(
    name="luck",
    about="true engagement of plans on shrunk rates against plans on the rates as stated, on drawn rosters",
    full=Size(creators=1_000, seeds=tuple(range(1, 201))),
    smoke=Size(creators=200, seeds=(1, 2)),
    run=run,
)
