"""Rosters and campaigns of `straight`: `python -m benchmarks.straight_rosters FOLDER CELL...`.

Followers and fees are heavy-tailed. Rules are drawn around a plan of the roster within the budget, which keeps them
all: every campaign is feasible, and its rules are near what it would buy anyway.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from math import ceil, floor
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.reading import PLATFORMS, REGIONS
from benchmarks.scale_rosters import NICHES
from benchmarks.straight_cells import Cell

SEED = 25
TAIL = 0.9  # of the followers: one creator in 63 has over a hundred thousand, one in 500 over a million
MOST = 5_000_000  # followers
TIERS = {"nano": 0, "micro": 10_000, "mid": 100_000, "macro": 500_000, "mega": 1_000_000}
FEWEST = 4  # of the cheapest offers, which a budget can buy
SLACK = 0.1  # of a count, on either side


def roster_path(folder: Path, cell: Cell) -> Path:
    """Return where the roster of a cell is: cells of one size and one kind of fees share it."""
    return folder / f"{cell.offers}-{cell.fees}.csv"


def campaign_path(folder: Path, cell: Cell) -> Path:
    """Return where the campaign of a cell is."""
    return folder / f"{cell.name}.toml"


def write_cell(folder: Path, cell: Cell) -> None:
    """Write the campaign of a cell, and its roster unless it is there."""
    table = draw_roster(cell.offers, cell.fees)
    if not roster_path(folder, cell).exists():
        table.to_csv(roster_path(folder, cell), index=False)
    campaign_path(folder, cell).write_text(campaign_text(table, cell), encoding="utf-8")


def draw_roster(offers: int, fees: str) -> pd.DataFrame:
    """Return a roster, always the same for a size."""
    draw = np.random.default_rng([SEED, offers])
    followers = np.minimum(1_000 * (1 + draw.pareto(TAIL, offers)), MOST).astype(np.int64)
    fee = 10 + followers * 0.01 * draw.lognormal(0, 0.7, offers)
    table = {
        "creator": [f"creator_{number}" for number in range(offers)],
        "platform": np.array(PLATFORMS, dtype=object)[draw.integers(0, len(PLATFORMS), offers)],
        "niche": np.array(NICHES, dtype=object)[draw.integers(0, len(NICHES), offers)],
        "region": np.array(REGIONS, dtype=object)[draw.integers(0, len(REGIONS), offers)],
        "followers": followers,
        "fee": np.round(fee, 2) if fees == "cents" else 100 * np.ceil(fee / 100).astype(np.int64),
        "engagement_rate": np.round(draw.uniform(0.005, 0.09, offers), 4),
        "posts": draw.integers(3, 900, offers),
        "views": (followers * draw.uniform(0.1, 0.6, offers)).astype(np.int64),
        "score": np.round(followers**0.9 * draw.lognormal(0, 0.5, offers), 1),
    }
    return pd.DataFrame(table)


def campaign_text(table: pd.DataFrame, cell: Cell) -> str:
    """Return the campaign file of a cell."""
    budget = _budget(table, cell)
    goal = "value:score" if cell.goal == "value" else cell.goal
    rules = draw_rules(table.loc[_reference_plan(table, budget)], cell.rules)
    lines = "".join(f"    {json.dumps(rule)},\n" for rule in rules)
    return f'budget = {budget}\ngoal = "{goal}"\nrules = [\n{lines}]\n'


def _budget(table: pd.DataFrame, cell: Cell) -> int:
    part = float(cell.budget.removesuffix("%")) / 100
    return ceil(max(part * table["fee"].sum(), table["fee"].nsmallest(FEWEST).sum()))


def _reference_plan(table: pd.DataFrame, budget: int) -> NDArray[np.intp]:
    """Return the rows of a plan within the budget that is good, but not the best."""
    luck = np.random.default_rng([SEED, len(table), budget]).lognormal(0, 0.5, len(table))
    worth = table["followers"] * table["engagement_rate"] * luck / table["fee"]
    rows, left = [], float(budget)
    for row, fee in zip(np.argsort(-worth.to_numpy()).tolist(), table["fee"].iloc[np.argsort(-worth)], strict=True):
        if fee <= left:
            left -= fee
            rows.append(row)
    return np.array(rows, dtype=np.intp)


def draw_rules(plan: pd.DataFrame, number: int) -> list[str]:
    """Return so many rules that a plan keeps: on niches, tiers and platforms, a mean, and the count of all."""
    few = [*_counts(plan, "niche", NICHES[:3]), _most(plan, "tier", "mega"), _least(plan, "platform", PLATFORMS[1])]
    some = [
        *_counts(plan, "niche", NICHES[:8]),
        *few[3:],
        _least(plan, "tier", "micro"),
        _mean(plan),
    ]
    many = [
        *_counts(plan, "niche", NICHES),
        *(_most(plan, "niche", niche) for niche in NICHES),
        *_counts(plan, "tier", TIERS),
        *(_least(plan, "platform", platform) for platform in PLATFORMS),
        _mean(plan),
        f"all count <= {ceil((1 + SLACK) * len(plan))}",
    ]
    return {0: [], 5: few, 12: some, 30: many}[number]


def _counts(plan: pd.DataFrame, kind: str, names: tuple[str, ...] | dict[str, int]) -> Iterator[str]:
    for name in names:
        count = int(_of(plan, kind, name).sum())
        yield f"{kind}:{name} count {floor((1 - SLACK) * count)}..{max(1, ceil((1 + SLACK) * count))}"


def _most(plan: pd.DataFrame, kind: str, name: str) -> str:
    return f"{kind}:{name} spend <= {max(1, ceil(_share(plan, kind, name)))}%"


def _least(plan: pd.DataFrame, kind: str, name: str) -> str:
    return f"{kind}:{name} spend >= {floor(_share(plan, kind, name))}%"


def _share(plan: pd.DataFrame, kind: str, name: str) -> float:
    return float(100 * plan["fee"][_of(plan, kind, name)].sum() / plan["fee"].sum())


def _mean(plan: pd.DataFrame) -> str:
    return f"all mean(engagement_rate) >= {floor(1e4 * plan['engagement_rate'].mean()) / 1e4}"


def _of(plan: pd.DataFrame, kind: str, name: str) -> pd.Series[bool]:
    if kind != "tier":
        return plan[kind] == name
    bounds = [*TIERS.values()]
    return pd.Series(np.searchsorted(bounds, plan["followers"], side="right") - 1 == [*TIERS].index(name), plan.index)


if __name__ == "__main__":
    for each in sys.argv[2:]:
        write_cell(Path(sys.argv[1]), Cell.named(each))
