"""The files of a running campaign, as a manager would export them: contract states and daily results."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from benchmarks.nightly_truth import METRICS, Post, Truth
from microopt import Campaign, Plan, Roster, optimize
from microopt.benchmarks.table import default_benchmarks, half_life_days
from microopt.campaign.progress import ContractState
from microopt.plan.plan import Pick

STARTS = date(2026, 9, 1)
ANSWER_DAYS = 3  # from the offer to the signature


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractedCreator:
    """A creator under contract.

    Attributes
    ----------
    signed
        The day of the signature, counted from the campaign's first day.
    posts
        Each with what it will bring.
    """

    pick: Pick
    signed: int
    posts: tuple[Post, ...]

    def state(self, day: int) -> ContractState:
        """Return the contract state on the morning of a day."""
        if day < self.signed:
            return ContractState.OFFERED if day >= self.signed - ANSWER_DAYS else ContractState.PROPOSED
        return (
            ContractState.LIVE if any(self.signed + post.after < day for post in self.posts) else ContractState.SIGNED
        )


def under_contract(roster: Roster, campaign: Campaign, plan: Plan, signed: Iterable[int]) -> list[ContractedCreator]:
    """Return the first creators of a plan, with the day on which each signs."""
    truth, rows = Truth(roster, campaign, 1, {}), rows_by_offer(roster)
    return [
        ContractedCreator(
            pick=pick, signed=day, posts=tuple(truth.posts(rows[pick.creator, pick.platform, pick.offer]))
        )
        for pick, day in zip(plan.picks, signed, strict=False)
    ]


def rows_by_offer(roster: Roster) -> dict[tuple[str, str, str], int]:
    """Return the row of each creator, platform and offer."""
    names = ("creator", "platform", "offer")
    texts = [[roster.texts[name][row] for row in range(len(roster))] for name in names]
    return {key: row for row, key in reversed(list(enumerate(zip(*texts, strict=True))))}


def write_states(path: Path, contracts: Iterable[ContractedCreator], day: int) -> None:
    """Write the states on the morning of a day; creators who are only proposed are left out."""
    states = [(contract.pick, contract.state(day)) for contract in contracts]
    rows = [
        (pick.creator, pick.platform, pick.offer, str(state))
        for pick, state in states
        if state != ContractState.PROPOSED
    ]
    _write(path, ("creator", "platform", "offer", "status"), rows)


def write_results(path: Path, contracts: Iterable[ContractedCreator], days: int) -> None:
    """Write one row per post and day so far, with its results."""
    rows = [row for contract in contracts for row in _daily_rows(contract, days)]
    _write(path, ("creator", "platform", "offer", "date", "url", *METRICS), rows)


def _daily_rows(contract: ContractedCreator, days: int) -> Iterator[tuple[str, ...]]:
    """Yield one row per day of each post, also for days without results, as exports do."""
    life = half_life_days(default_benchmarks(), contract.pick.platform)
    for number, post in enumerate(contract.posts):
        out, before = contract.signed + post.after, post.results_at(0.0)
        for day in range(int(out), days):
            now = post.results_at(1 - 2.0 ** (-(day + 1 - out) / life))
            counted = [f"{now[name] - before[name]:g}" for name in METRICS]
            where = f"https://posts.example/{contract.pick.creator.strip('@')}/{number}"
            yield (
                contract.pick.creator,
                contract.pick.platform,
                contract.pick.offer,
                str(STARTS + timedelta(day)),
                where,
                *counted,
            )
            before = now


def _write(path: Path, header: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([header, *rows])


def make_first_plan(roster: Roster, campaign: Campaign) -> Plan:
    """Return the first plan."""
    plan = optimize(roster, campaign)
    assert isinstance(plan, Plan)
    return plan
