"""Rosters of up to ten million offers, and their campaigns: `python -m benchmarks.scale_rosters FOLDER ROWS SEED hard`.

Written in parts, in a process of its own, so that whoever measures stays small.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.reading import PLATFORMS, REGIONS

NICHES = ("beauty", "family", "fashion", "fitness", "food", "gaming", "music", "pets", "tech", "travel")
BUDGET = 100_000
PART = 250_000
MEGA = 1_000_000  # followers, as the default tiers have it
EACH = 6  # creators of each niche under tight rules
RULES = (*(f"niche:{niche} count 2..8" for niche in NICHES), "tier:mega spend <= 40%", "all count <= 60")
CAPS = (*(f"niche:{niche} count <= 8" for niche in NICHES), "tier:mega spend <= 40%", "all count <= 60")
SHARES = (*(f"niche:{niche} spend 5..15%" for niche in NICHES), "tier:mega spend <= 70%", "all count >= 10")

Column = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterFacts:
    """The data of a campaign: the niche (a number), followers and fee of every offer."""

    niche: Column
    followers: Column
    fee: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignText:
    """A budget, rules, and a goal."""

    budget: int = BUDGET
    rules: tuple[str, ...] = RULES
    goal: str = "balanced"

    def toml(self) -> str:
        """Return it as a campaign file."""
        rules = "".join(f"    {json.dumps(rule)},\n" for rule in self.rules)
        return f'budget = {self.budget}\ngoal = "{self.goal}"\nrules = [\n{rules}]\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A roster with its campaign.

    Attributes
    ----------
    title
        As the table calls it.
    asked
        Its campaign, by the facts of the roster.
    score
        What a column `score` holds, by the fees and a random number between -1 and 1; there is no column without.
    """

    title: str
    asked: Callable[[RosterFacts], CampaignText]
    score: Callable[[Column, NDArray[np.float64]], NDArray[Any]] | None = None


def tight_campaign(facts: RosterFacts) -> CampaignText:
    """Return rules that become infeasible if any is one creator tighter, or the budget two dollars.

    The budget is one dollar above the cheapest plan of exactly so many creators of each niche, a mega one among them.
    """
    each = min(EACH, int(np.bincount(facts.niche, minlength=len(NICHES)).min()))
    minimum, more = 0, []
    for number in range(len(NICHES)):
        own = facts.niche == number
        fees, megas = np.sort(facts.fee[own])[:each], facts.fee[own & (facts.followers >= MEGA)]
        minimum += int(fees.sum())
        more += [int(megas.min() - fees[-1])] if len(megas) else []
    quotas = [f"niche:{niche} count = {each}" for niche in NICHES]
    rules = (*quotas, "tier:mega count >= 1", f"all count <= {each * len(NICHES)}")
    return CampaignText(budget=minimum + min(more) + 1, rules=rules)


def capped_campaign(_: RosterFacts) -> CampaignText:
    """Return twice the money with caps that leave the search far more room: forty creators of each niche."""
    caps = (f"niche:{niche} count <= 40" for niche in NICHES)
    return CampaignText(budget=2 * BUDGET, rules=(*caps, "tier:micro count >= 20", "platform:tiktok spend <= 50%"))


def _score(_: RosterFacts) -> CampaignText:
    return CampaignText(goal="value:score")


def _hundredth_percent(facts: RosterFacts) -> CampaignText:
    return CampaignText(budget=max(1, int(facts.fee.sum()) // 10_000), rules=CAPS)


def _half(facts: RosterFacts) -> CampaignText:
    return CampaignText(budget=int(facts.fee.sum()) // 2, rules=SHARES)


PLAIN = "plain"
KINDS: dict[str, Kind] = {
    PLAIN: Kind(title="plain", asked=lambda _: CampaignText()),
    "caps": Kind(title="niche caps", asked=capped_campaign),
    "plus": Kind(title="value = fee + $100", asked=_score, score=lambda fee, _: fee + 100.0),
    "equal": Kind(title="value = fee", asked=_score, score=lambda fee, _: fee.astype(float)),
    "near": Kind(
        title="value = 10 fee, within 0.1%",
        asked=_score,
        score=lambda fee, luck: np.round(10 * fee * (1 + 0.001 * luck), 2),
    ),
    "tight": Kind(title="tight rules", asked=tight_campaign),
    "little": Kind(title="budget of 0.01%", asked=_hundredth_percent),
    "half": Kind(title="budget of 50%", asked=_half),
}


def roster_path(folder: Path, kind: str) -> Path:
    """Return where the roster of a kind is: kinds without a score share one."""
    return folder / f"{kind if KINDS[kind].score else PLAIN}.csv"


def campaign_path(folder: Path, kind: str) -> Path:
    """Return where the campaign of a kind is."""
    return folder / f"{kind}.toml"


def write_rosters(folder: Path, rows: int, seed: int, kinds: list[str]) -> None:
    """Write the rosters and the campaigns of these kinds."""
    files = {path: kind for kind in kinds for path in [roster_path(folder, kind)]}
    for path in files:
        path.unlink(missing_ok=True)
    facts: list[RosterFacts] = []
    for first in range(0, rows, PART):
        draw = np.random.default_rng([seed, first])
        table, niche = _part(draw, first, min(PART, rows - first))
        luck = draw.uniform(-1, 1, len(table))
        facts.append(RosterFacts(niche=niche, followers=table["followers"].to_numpy(), fee=table["fee"].to_numpy()))
        for path, kind in files.items():
            score = KINDS[kind].score
            total = table if score is None else table.assign(score=score(facts[-1].fee, luck))
            total.to_csv(path, mode="a", header=first == 0, index=False)
    known = RosterFacts(
        niche=np.concatenate([part.niche for part in facts]),
        fee=np.concatenate([part.fee for part in facts]),
        followers=np.concatenate([part.followers for part in facts]),
    )
    for kind in kinds:
        campaign_path(folder, kind).write_text(KINDS[kind].asked(known).toml(), encoding="utf-8")


def _part(draw: np.random.Generator, first: int, rows: int) -> tuple[pd.DataFrame, Column]:
    """Return nine columns, drawn as `reading` draws its own but in ten niches, and the number of each niche."""
    followers = np.exp(draw.uniform(np.log(1e3), np.log(5e6), rows)).astype(np.int64)
    niche = draw.integers(0, len(NICHES), rows)
    table = {
        "creator": [f"creator_{number}" for number in range(first, first + rows)],
        "platform": np.array(PLATFORMS, dtype=object)[draw.integers(0, len(PLATFORMS), rows)],
        "niche": np.array(NICHES, dtype=object)[niche],
        "region": np.array(REGIONS, dtype=object)[draw.integers(0, len(REGIONS), rows)],
        "followers": followers,
        "fee": np.maximum(25, (followers * draw.uniform(0.002, 0.02, rows)).astype(np.int64)),
        "engagement_rate": np.round(draw.uniform(0.005, 0.09, rows), 4),
        "posts": draw.integers(3, 900, rows),
        "views": (followers * draw.uniform(0.1, 0.6, rows)).astype(np.int64),
    }
    return pd.DataFrame(table), niche


if __name__ == "__main__":
    write_rosters(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
