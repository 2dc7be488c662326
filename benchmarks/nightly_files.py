"""The files of a campaign that runs, as a manager would export them: contract states, and results by the day."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from benchmarks.nightly_truth import METRICS, Post, Truth
from microopt import Campaign, Plan, Roster, optimize
from microopt.benchmarks.table import default_benchmarks, half_life
from microopt.campaign.contracts import State
from microopt.plan.plan import Pick

STARTS = date(2026, 9, 1)
SETTLED = 3  # days of results


@dataclass(frozen=True, slots=True, kw_only=True)
class Under:
    """A creator under contract.

    Attributes
    ----------
    signed
        The day of it, counted from the campaign's first.
    posts
        What each will bring.
    """

    pick: Pick
    signed: int
    posts: tuple[Post, ...]

    def state(self, day: int) -> State:
        """Return how far it is on the morning of a day."""
        if day < self.signed:
            return State.OFFERED if day >= self.signed - SETTLED else State.PROPOSED
        return State.LIVE if any(self.signed + post.after < day for post in self.posts) else State.SIGNED


def under_contract(roster: Roster, campaign: Campaign, plan: Plan, signed: Iterable[int]) -> list[Under]:
    """Return the first creators of a plan, with the day on which each signs."""
    truth, rows = Truth(roster, campaign, 1, {}), rows_by_offer(roster)
    return [
        Under(pick=pick, signed=day, posts=tuple(truth.posts(rows[pick.creator, pick.platform, pick.offer])))
        for pick, day in zip(plan.picks, signed, strict=False)
    ]


def rows_by_offer(roster: Roster) -> dict[tuple[str, str, str], int]:
    """Return the row of each creator, platform and offer."""
    names = ("creator", "platform", "offer")
    texts = [[roster.texts[name][row] for row in range(len(roster))] for name in names]
    return {key: row for row, key in reversed(list(enumerate(zip(*texts, strict=True))))}


def write_states(path: Path, contracts: Iterable[Under], day: int) -> None:
    """Write the states on the morning of a day; who is only proposed is left out."""
    told = [(one.pick, one.state(day)) for one in contracts]
    rows = [(pick.creator, pick.platform, pick.offer, str(state)) for pick, state in told if state != State.PROPOSED]
    _write(path, ("creator", "platform", "offer", "status"), rows)


def write_results(path: Path, contracts: Iterable[Under], days: int) -> None:
    """Write what each post brought on each day so far, a row for each."""
    rows = [row for one in contracts for row in _daily(one, days)]
    _write(path, ("creator", "platform", "offer", "date", "url", *METRICS), rows)


def _daily(one: Under, days: int) -> Iterator[tuple[str, ...]]:
    """Yield the days of each post: a row too where nothing came any more, as exports have it."""
    life = half_life(default_benchmarks(), one.pick.platform)
    for number, post in enumerate(one.posts):
        out, before = one.signed + post.after, post.by(0.0)
        for day in range(int(out), days):
            now = post.by(1 - 2.0 ** (-(day + 1 - out) / life))
            counted = [f"{now[name] - before[name]:g}" for name in METRICS]
            where = f"https://posts.example/{one.pick.creator.strip('@')}/{number}"
            yield (one.pick.creator, one.pick.platform, one.pick.offer, str(STARTS + timedelta(day)), where, *counted)
            before = now


def _write(path: Path, header: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([header, *rows])


def planned(roster: Roster, campaign: Campaign) -> Plan:
    """Return the first plan."""
    plan = optimize(roster, campaign)
    assert isinstance(plan, Plan)
    return plan
