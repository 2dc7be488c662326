"""How far net reach is proven: rosters drawn in sixty pools, the most different people for a budget."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from benchmarks.markdown import table
from benchmarks.spec import Report, Size, Spec
from microopt import CampaignInput, Plan, SolveLimits, campaign_from_input, optimize, read_roster
from microopt.campaign.flag_values import AudienceInput

POOLS = 60
SHARE = 0.15  # of all fees is the budget
LIMIT = 20.0
SMALL, GAP = 1_000, 1e-6  # offers up to which the proof is to be had, and what counts as one
MANY = 100  # times as many offers, at which no proof is asked for
GAPS = {10: 0.02, MANY: 0.01}  # by how many times as many offers: the gap to be had within the limit
NOTE = (
    "One offer a creator, each in one of {pools} niches and every tenth in two; reach log-normal, from some thousands "
    "to a quarter of a pool, fees about what reach costs (0.5 to 2 times); the budget is {share:.0%} of all fees; goal "
    "net-reach, no rules, CBC, a limit of {limit:g} s. At 100,000 offers the budget reaches almost everyone, so these "
    "are also drawn with pools ten times as large. Bars: {small:,} offers proven to {gap:g}, 10,000 to a gap of 2% and "
    "100,000 to 1% within the limit. 2 cores, shared with other work."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnAudience:
    """A roster file, and the people of each niche."""

    path: Path
    people: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One roster, and the gaps that its plans are asked for; 0 asks for the proof."""

    offers: int
    seed: int
    people: int = 1
    gaps: tuple[float, ...] = (0.0,)

    @property
    def name(self) -> str:
        """What the case is called."""
        return f"{self.offers:,} offers, {self.people} times the people, seed {self.seed}"


def run(size: Size) -> Report:
    """Plan each drawn roster, and say how far each plan is proven."""
    rows, missed = [], []
    for case in _cases(size):
        with TemporaryDirectory(prefix="microopt-bench-") as folder:
            drawn = draw_audience(Path(folder), case.offers, case.seed, case.people)
            plans = [_plan(drawn, gap) for gap in case.gaps]
        rows += [_row(case, gap, plan) for gap, plan in zip(case.gaps, plans, strict=True)]
        maximum, proof = case.gaps[0] or GAP, plans[0].proof
        if proof.gap > maximum or (case.gaps[0] and proof.seconds > LIMIT):
            missed.append(f"{case.name}: a gap of {proof.gap:.1e} in {proof.seconds:.1f} s")
    header = ("offers", "people", "seed", "asked", "picked", "net reach", "of gross", "gap", "seconds", "ended")
    note = NOTE.format(pools=POOLS, share=SHARE, limit=LIMIT, small=SMALL, gap=GAP)
    return Report(text=f"{table(header, rows)}\n\n{note}", missed=tuple(missed))


def _cases(size: Size) -> Iterator[Case]:
    for seed in size.seeds:
        yield Case(offers=size.creators, seed=seed)
    for factor, gap in GAPS.items():
        for seed in size.seeds:
            if factor < MANY:
                yield Case(offers=factor * size.creators, seed=seed, gaps=(gap, 0.0))
            else:
                yield Case(offers=factor * size.creators, seed=seed, gaps=(gap,))
                yield Case(offers=factor * size.creators, seed=seed, gaps=(gap,), people=10)


def draw_audience(folder: Path, offers: int, seed: int, larger: int = 1) -> DrawnAudience:
    """Write a roster of so many creators, with pools that many times as large."""
    random = np.random.default_rng(seed)
    niches = np.asarray([f"niche {number}" for number in range(POOLS)])
    people = {name: int(random.integers(2, 20)) * 100_000 * larger for name in niches.tolist()}
    first, second = (random.integers(0, POOLS, offers) for _ in range(2))
    smallest = np.asarray([people[name] for name in niches[first].tolist()])
    reach = np.minimum(np.exp(random.normal(9.5, 1.3, offers)), 0.25 * smallest).round()
    both = (random.random(offers) < 0.1) & (first != second)
    frame = pd.DataFrame(
        {
            "creator": [f"@creator.{number}" for number in range(offers)],
            "followers": (reach * 3 + 1000).astype(int),
            "reach": reach.astype(int),
            "fee": (reach * 0.02 * random.uniform(0.5, 2.0, offers)).round(2),
            "niche": [f"{a}|{b}" if two else a for a, b, two in zip(niches[first], niches[second], both, strict=True)],
        }
    )
    path = folder / "roster.csv"
    frame.to_csv(path, index=False)
    return DrawnAudience(path=path, people=people)


def _plan(drawn: DrawnAudience, gap: float) -> Plan:
    roster = read_roster(str(drawn.path))
    pools = AudienceInput(by="niche", size=drawn.people)
    budget = f"{roster.fee.sum() / 100 * SHARE:.2f}"
    campaign = campaign_from_input(CampaignInput(budget=budget, goal="net-reach", audience=pools))
    plan = optimize(roster, campaign, limits=SolveLimits(seconds=LIMIT, gap=gap))
    assert isinstance(plan, Plan)
    return plan


def _row(case: Case, gap: float, plan: Plan) -> tuple[str, ...]:
    assert plan.net_reach is not None
    people, proof = plan.net_reach.people, plan.proof
    ended = "proven" if proof.status == "optimal" else f"stopped by {proof.limit}"
    share = people / plan.net_reach.at_most
    return (
        f"{case.offers:,}",
        f"x{case.people}",
        str(case.seed),
        f"{gap:.0%}" if gap else "proof",
        f"{plan.totals.creators:,}",
        f"{people / 1000:,.0f}",
        f"{share:.0%}",
        f"{proof.gap:.1e}",
        f"{proof.seconds:.1f}",
        ended,
    )


SPEC = Spec(
    name="netreach",
    about="How far net reach is proven, at 1,000 to 100,000 offers in 60 pools.",
    full=Size(creators=1_000, seeds=(1, 2, 3)),
    smoke=Size(creators=40, seeds=(1,)),
    run=run,
)
