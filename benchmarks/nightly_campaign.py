"""One campaign, night by night: who gets an offer, who signs, what posts bring, and what the manager replans."""

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

DAYS, COMMITMENT_DAYS = 90, 60
LAST_REPLAN_DAY = 75
STARTS = date(2026, 9, 1)
REPLAN = "microopt.inflight.replan"  # the gain of a switch describes a plan and changes none: it is skipped here
LIMITS = SolveLimits(seconds=20.0, gap=0.001)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """How a manager continues from the first plan.

    Attributes
    ----------
    name
        Its name in the table.
    replans
        Whether creators who declined are replaced.
    learns
        Whether results are given to the replan.
    """

    name: str
    replans: bool
    learns: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferMade:
    """An offer made to a creator: its row of the roster, the pick, and the day."""

    row: int
    pick: Pick
    day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The final results of a campaign.

    Attributes
    ----------
    totals
        By metric: the results.
    worth
        By metric: what the chosen creators bring on average over their own luck, given the error of their platforms.
        Nobody who gets an offer has been seen before, so no arm can choose by that luck.
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
    """A manager with a plan and the offers made so far.

    Attributes
    ----------
    every
        Nights from one plan to the next.
    rows
        The roster row by creator, platform and offer.
    """

    arm: Arm
    every: int
    roster: Roster
    truth: Truth
    plan: Plan
    campaign: Campaign
    rows: dict[tuple[str, str, str], int]
    offers: list[OfferMade] = field(default_factory=list)

    def run(self) -> Outcome:
        """Run the campaign day by day."""
        for day in range(DAYS):
            if self.arm.replans and 0 < day <= LAST_REPLAN_DAY and day % self.every == 0:
                self._replan(day)
            self._make_offers(day)
        return self._outcome()

    def _make_offers(self, day: int) -> None:
        """Make offers to the next creators of the plan, in random order, up to the budget of the day."""
        due = (self.campaign.budget or 0) * min((day + 1) / COMMITMENT_DAYS, 1.0)
        known = {match_key(offer.pick.creator) for offer in self.offers}
        spent = sum(offer.pick.cost for offer in self.offers if self._is_committed(offer, day))
        for pick in sorted(self.plan.picks, key=lambda pick: self.truth.answers[match_key(pick.creator)].draw):
            if spent >= due:
                return
            if match_key(pick.creator) not in known:
                self.offers.append(
                    OfferMade(row=self.rows[pick.creator, pick.platform, pick.offer], pick=pick, day=day)
                )
                spent += pick.cost

    def _is_committed(self, offer: OfferMade, day: int) -> bool:
        """Whether an offer's cost is, or may be, spent; a manager who never replans does not spend it again."""
        return not self.arm.replans or self._state(offer, day) is not ContractState.DECLINED

    def _state(self, offer: OfferMade, day: int) -> ContractState:
        answer = self.truth.answers[match_key(offer.pick.creator)]
        if day < offer.day + answer.days:
            return ContractState.OFFERED
        if not answer.signs:
            return ContractState.DECLINED
        out = [offer.day + answer.days + post.after for post in self.truth.posts(offer.row)]
        return ContractState.LIVE if day > min(out) else ContractState.SIGNED

    def _replan(self, day: int) -> None:
        """Replan with what is known in the morning."""
        contracts = [self._contract(offer, day) for offer in self.offers]
        actuals = self._actuals(day) if self.arm.learns else ()
        request = ReplanRequest(
            made_at=f"{STARTS + timedelta(day)}T02:00:00Z",
            contracts=tuple(contracts),
            states_file=SourceFile(path="s", sha256="s"),
            results=actuals,
            results_file=SourceFile(path="r", sha256="r") if actuals else None,
            as_of=STARTS + timedelta(day - 1),
        )
        last = PlanFile(path="plan.json", object=seal_plan(self.plan).object, plan=self.plan)
        with (
            patch(f"{REPLAN}.find_switches", return_value=()),
            patch(f"{REPLAN}.gain_over_carry_over", return_value=CarryOverPlan()),
        ):
            plan = replan(last, self.roster, request, limits=LIMITS)
        assert isinstance(plan, Plan)
        self.plan = plan

    def _contract(self, offer: OfferMade, day: int) -> Contract:
        """Return the contract as reported: an offer without an answer counts as signed: its cost is committed."""
        pick, fee, state = offer.pick, offer.pick.fee, self._state(offer, day)
        state = ContractState.SIGNED if state is ContractState.OFFERED else state
        return Contract(creator=pick.creator, state=state, offer=pick.offer, platform=pick.platform, fee=fee)

    def _actuals(self, day: int) -> tuple[PostResults, ...]:
        """Return the sums of all results to the end of the previous day, as they would be read from a file."""
        lines = [line for offer in self.offers for line in self._result_rows(offer, day)]
        figures = default_benchmarks()
        return sum_results(
            group_results(lines), STARTS + timedelta(day - 1), lambda platform: half_life_days(figures, platform)
        )

    def _result_rows(self, offer: OfferMade, day: int) -> Iterator[UpdateRow[ResultRow]]:
        answer, pick = self.truth.answers[match_key(offer.pick.creator)], offer.pick
        life = half_life_days(default_benchmarks(), pick.platform)
        for number, post in enumerate(self.truth.posts(offer.row) if answer.signs else ()):
            out = offer.day + answer.days + post.after
            if out >= day:
                continue
            daily = ResultRow(
                creator=pick.creator,
                platform=pick.platform,
                offer=pick.offer,
                day=STARTS + timedelta(int(out)),
                post=f"{pick.creator}/{number}",
                posts=1.0,
                **post.results_at(1 - 2.0 ** (-(day - out) / life)),
            )
            key = (*map(match_key, (pick.creator, pick.platform, pick.offer)), daily.day, daily.post)
            yield UpdateRow(row=2, creator=pick.creator, key=key, value=daily)

    def _outcome(self) -> Outcome:
        signed = [offer for offer in self.offers if self.truth.answers[match_key(offer.pick.creator)].signs]
        posts = [post.results_at(1.0) for offer in signed for post in self.truth.posts(offer.row)]
        totals = {name: sum(post[name] for post in posts) for name in METRICS}
        worth = {name: sum(self.truth.mean(offer.row, name) for offer in signed) for name in METRICS}
        spend = sum(offer.pick.cost for offer in signed)
        return Outcome(totals=totals, worth=worth, spend=spend, signed=len(signed))
