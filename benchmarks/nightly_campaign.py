"""One campaign, night by night: who is asked, who signs, what posts bring, and what the manager plans from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from unittest.mock import patch

from benchmarks.nightly_truth import METRICS, Truth
from microopt import Campaign, Plan, Roster, SolveLimits
from microopt.benchmarks.table import default_benchmarks, half_life_days
from microopt.campaign.progress import Contract, ContractState, PostResults, ResultRow
from microopt.campaign.updates import ReplanRequest, SourceFile
from microopt.inflight.replan import replan
from microopt.inflight.switches import CarryOverPlan
from microopt.plan.plan import Pick
from microopt.plan.seal import seal_plan
from microopt.quantities.keys import match_key
from microopt.readers.plan_file import PlanFile
from microopt.readers.results import group_results, sum_results
from microopt.readers.update_files import UpdateRow

DAYS, COMMITTED = 90, 60
LAST = 75  # the last day that is planned anew
STARTS = date(2026, 9, 1)
REPLAN = "microopt.inflight.replan"  # what a change gained is told of a plan, and changes none: it is not asked here
LIMITS = SolveLimits(seconds=20.0, gap=0.001)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """How a manager goes on from the first plan.

    Attributes
    ----------
    name
        As in the table.
    replans
        Whether who declined is replaced.
    learns
        Whether results are told.
    """

    name: str
    replans: bool
    learns: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An offer that a creator was asked for: its row of the roster, the pick, and the day."""

    row: int
    pick: Pick
    day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a campaign brought in the end.

    Attributes
    ----------
    totals
        By metric: what came.
    worth
        By metric: what such a choice of creators brings on average over their own luck, given what their platforms are
        off by. Nobody who is asked has been seen before, so that no arm can choose by that luck.
    spend
        Cents.
    signed
        Creators.
    """

    totals: dict[str, float]
    worth: dict[str, float]
    spend: int
    signed: int


@dataclass(slots=True, kw_only=True)
class Manager:
    """A manager with a plan, and all that has come of it.

    Attributes
    ----------
    every
        Nights from one plan to the next.
    rows
        By creator, platform and offer.
    """

    arm: Arm
    every: int
    roster: Roster
    truth: Truth
    plan: Plan
    campaign: Campaign
    rows: dict[tuple[str, str, str], int]
    asked: list[Asked] = field(default_factory=list)

    def run(self) -> Outcome:
        """Live through the campaign's days."""
        for day in range(DAYS):
            if self.arm.replans and 0 < day <= LAST and day % self.every == 0:
                self._replan(day)
            self._ask(day)
        return self._outcome()

    def _ask(self, day: int) -> None:
        """Offer the next creators of the plan, by lot, as many as the budget of the day pays."""
        due = (self.campaign.budget or 0) * min((day + 1) / COMMITTED, 1.0)
        known = {match_key(one.pick.creator) for one in self.asked}
        spent = sum(one.pick.cost for one in self.asked if self._counts(one, day))
        for pick in sorted(self.plan.picks, key=lambda pick: self.truth.answers[match_key(pick.creator)].lot):
            if spent >= due:
                return
            if match_key(pick.creator) not in known:
                self.asked.append(Asked(row=self.rows[pick.creator, pick.platform, pick.offer], pick=pick, day=day))
                spent += pick.cost

    def _counts(self, one: Asked, day: int) -> bool:
        """Whether an offer's cost is spent, or may be; a manager who never replans does not spend it anew."""
        return not self.arm.replans or self._state(one, day) is not ContractState.DECLINED

    def _state(self, one: Asked, day: int) -> ContractState:
        answer = self.truth.answers[match_key(one.pick.creator)]
        if day < one.day + answer.days:
            return ContractState.OFFERED
        if not answer.signs:
            return ContractState.DECLINED
        out = [one.day + answer.days + post.after for post in self.truth.posts(one.row)]
        return ContractState.LIVE if day > min(out) else ContractState.SIGNED

    def _replan(self, day: int) -> None:
        """Plan anew with what the morning knows."""
        contracts = [self._contract(one, day) for one in self.asked]
        actuals = self._actuals(day) if self.arm.learns else ()
        tonight = ReplanRequest(
            on=f"{STARTS + timedelta(day)}T02:00:00Z",
            contracts=tuple(contracts),
            states=SourceFile(path="s", sha256="s"),
            actuals=actuals,
            results=SourceFile(path="r", sha256="r") if actuals else None,
            as_of=STARTS + timedelta(day - 1),
        )
        last = PlanFile(path="plan.json", object=seal_plan(self.plan).object, plan=self.plan)
        with (
            patch(f"{REPLAN}.switches", return_value=()),
            patch(f"{REPLAN}.gain_over_last", return_value=CarryOverPlan()),
        ):
            found = replan(last, self.roster, tonight, limits=LIMITS)
        assert isinstance(found, Plan)
        self.plan = found

    def _contract(self, one: Asked, day: int) -> Contract:
        """Return the contract as it is told: an offer without an answer stands, so its money is promised."""
        pick, fee, state = one.pick, one.pick.fee, self._state(one, day)
        state = ContractState.SIGNED if state is ContractState.OFFERED else state
        return Contract(creator=pick.creator, state=state, offer=pick.offer, platform=pick.platform, fee=fee)

    def _actuals(self, day: int) -> tuple[PostResults, ...]:
        """Return the sums of all results up to the end of the day before, as a file of them would be read."""
        lines = [line for one in self.asked for line in self._lines(one, day)]
        figures = default_benchmarks()
        return sum_results(
            group_results(lines), STARTS + timedelta(day - 1), lambda platform: half_life_days(figures, platform)
        )

    def _lines(self, one: Asked, day: int) -> Iterator[UpdateRow[ResultRow]]:
        answer, pick = self.truth.answers[match_key(one.pick.creator)], one.pick
        life = half_life_days(default_benchmarks(), pick.platform)
        for number, post in enumerate(self.truth.posts(one.row) if answer.signs else ()):
            out = one.day + answer.days + post.after
            if out >= day:
                continue
            daily = ResultRow(
                creator=pick.creator,
                platform=pick.platform,
                offer=pick.offer,
                day=STARTS + timedelta(int(out)),
                post=f"{pick.creator}/{number}",
                posts=1.0,
                **post.by(1 - 2.0 ** (-(day - out) / life)),
            )
            key = (*map(match_key, (pick.creator, pick.platform, pick.offer)), daily.day, daily.post)
            yield UpdateRow(row=2, creator=pick.creator, key=key, value=daily)

    def _outcome(self) -> Outcome:
        signed = [one for one in self.asked if self.truth.answers[match_key(one.pick.creator)].signs]
        posts = [post.by(1.0) for one in signed for post in self.truth.posts(one.row)]
        totals = {name: sum(post[name] for post in posts) for name in METRICS}
        worth = {name: sum(self.truth.mean(one.row, name) for one in signed) for name in METRICS}
        spend = sum(one.pick.cost for one in signed)
        return Outcome(totals=totals, worth=worth, spend=spend, signed=len(signed))
