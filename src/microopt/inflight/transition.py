"""The step from the last plan to the new one, and what the last plan would be today without changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.plan.plan import Pick
from microopt.plan.purchase import Purchase, offer_keys
from microopt.plan.seal import SealedPlan
from microopt.planning.build_picks import build_picks, display_order
from microopt.planning.cost_changes import PurchasePair, describe_cost_changes, exceeds
from microopt.planning.find_schedules import ScheduleFinder
from microopt.planning.problem import PlanningProblem
from microopt.planning.solved import OfSolvedProblem
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import format_money
from microopt.roster.roster import Roster
from microopt.solver.program import Columns
from microopt.solver.result import Termination

Keys = set[str]


class PlanTransition(OfSolvedProblem, frozen=True, kw_only=True, eq=False, dict=True):
    """The step from the last plan to the new one.

    Attributes
    ----------
    last
        The last plan.
    last_purchases, purchases
        What the last and the new plan buy, by match key of the creator.
    solved
        The campaign as it is now, with the new plan's picks.
    roster
        As it was read for the new plan.
    known_plans
        The best picks that keep everyone of the last plan who is still available, if they were found.
    """

    last: SealedPlan
    last_purchases: Mapping[str, Purchase]
    purchases: Mapping[str, Purchase]
    roster: Roster
    known_plans: tuple[Columns, ...] = ()

    @property
    def is_best_on_average(self) -> bool:
        """Whether the plan was chosen for what is expected if nobody is replaced, by which others are compared."""
        return self.solved.tail is None and not self.solved.is_chosen_for_declines

    @property
    def one_currency(self) -> bool:
        """Whether both plans have the same currency, so that their money can be compared."""
        return self.problem.currency == self.last.plan.roster.currency

    @cached_property
    def last_plan_today(self) -> LastPlanToday | None:
        """What those of the last plan who are still available would be today, None if an offer is gone."""
        available = available_creators(self.problem, set(self.last_purchases))
        owners: dict[int, str] = {}
        for key, before in self.last_purchases.items():
            if key not in available:
                continue
            same_rows = offer_rows(self.problem, key, before)
            if same_rows is None:
                return None
            owners.update(dict.fromkeys(np.flatnonzero(same_rows).tolist(), key))
        pairs = self._pair_with_today(owners, [key for key in self.last_purchases if key in available])
        rows = np.fromiter(owners, dtype=np.intp, count=len(owners))
        return LastPlanToday(pairs=pairs, columns=np.unique(self.problem.choice[rows]).astype(np.intp))

    def _pair_with_today(self, owners: Mapping[int, str], keys: Sequence[str]) -> dict[str, PurchasePair]:
        """Return what the last plan bought of these creators, and the same today.

        Parameters
        ----------
        owners
            By row of the problem: whose offer it is. All picks are built at once, which takes as long as those of one.
        """
        selection = np.zeros(len(self.problem), dtype=bool)
        selection[list(owners)] = True
        picks: dict[str, list[Pick]] = {key: [] for key in keys}
        order = display_order(self.problem, selection).tolist()
        for row, pick in zip(order, build_picks(self.problem, selection), strict=True):
            picks[owners[row]].append(pick)
        before = self.last_purchases
        return {key: (before[key], Purchase(creator=before[key].creator, picks=tuple(picks[key]))) for key in keys}

    @cached_property
    def is_better_value(self) -> bool:
        """Whether everyone of the last plan could be kept, and the new plan is better, or as good for less money."""
        program = self.solved.program
        kept = [*self.known_plans]
        if not kept and self.last_plan_today is not None:
            kept = [self.last_plan_today.columns]
        if not kept or program.violated_constraints(kept[0]):
            return False
        old, new = ((program.objective_value(each), -program.total_cost(each)) for each in (kept[0], self.picks))
        return new > old

    @property
    def is_proven(self) -> bool:
        """Whether no plan is better than the new one."""
        return self.solved.proof.status == Termination.OPTIMAL.value

    @property
    def buys_something_new(self) -> bool:
        """Whether the new plan buys any offer that the last one does not."""
        last = self.last_purchases
        return any(
            key not in last or offer_keys(last[key]) != offer_keys(purchase) for key, purchase in self.purchases.items()
        )

    def budget_shortfall(self, key: str = "") -> str:
        """Return why the budget no longer covers everyone of the last plan who is still available, empty if it does.

        Parameters
        ----------
        key
            A creator whose own figures are told elsewhere: the others alone must cost too much. Empty for nobody.
        """
        today, campaign = self.last_plan_today, self.problem.campaign
        if today is None or not self.one_currency:
            return ""
        if not exceeds((pair[0 if name == key else 1] for name, pair in today.pairs.items()), campaign.spendable):
            return ""
        others = [pair for name, pair in today.pairs.items() if name != key]
        rises = ", ".join(describe_cost_changes(others, self.problem.currency, rises=True))
        smaller = " and ".join(self._budget_change(rose=False))
        if not smaller and not rises:
            return ""
        shortfall = f"{f'{smaller} and' if smaller else 'the budget'} no longer covers everyone"
        return f"{shortfall}: {rises}" if rises else shortfall

    def spare_money(self) -> list[str]:
        """Return which facts left money that the new plan needs: a larger budget, or lower costs of who stayed."""
        if not self.one_currency:
            return []
        stayed = {
            key: (before, self.purchases[key])
            for key, before in self.last_purchases.items()
            if key in self.purchases and offer_keys(before) == offer_keys(self.purchases[key])
        }
        at_last_costs = (stayed[key][0] if key in stayed else purchase for key, purchase in self.purchases.items())
        if not exceeds(at_last_costs, self.last.plan.campaign.spendable):
            return []
        falls = describe_cost_changes(list(stayed.values()), self.problem.currency, rises=False)
        return [*self._budget_change(rose=True), *falls]

    def _budget_change(self, *, rose: bool) -> list[str]:
        """Return that the budget rose (or fell), empty if it did not."""
        campaigns, currency = (self.last.plan.campaign, self.problem.campaign), self.problem.currency
        was, now = (campaign.spendable for campaign in campaigns)
        if was is None or now is None or was == now or (now > was) is not rose:
            return []
        name = "money to spend" if any(campaign.kept_back for campaign in campaigns) else "budget"
        verb = "rose" if rose else "fell"
        return [f"the {name} {verb} from {format_money(was, currency)} to {format_money(now, currency)}"]


class LastPlanToday(Struct, frozen=True, kw_only=True, eq=False):
    """The same offers as in the last plan, of creators who are still available, at the figures of today.

    Attributes
    ----------
    pairs
        What the last plan bought, and the same today, by match key of the creator.
    columns
        Their choices in today's problem.
    """

    pairs: Mapping[str, PurchasePair]
    columns: Columns


def available_creators(problem: PlanningProblem, keys: Keys) -> Keys:
    """Return which of these creators have offers in the problem."""
    column = problem.roster.texts["creator"]
    return {match_key(column[row]) for row in np.flatnonzero(column.contains_any(keys)).tolist()}


def same_purchase(problem: PlanningProblem, key: str, purchase: Purchase) -> Purchase | None:
    """Return the same offers as the problem has them, None if they are not all available."""
    rows = offer_rows(problem, key, purchase)
    return None if rows is None else _purchase_rows(problem, purchase.creator, rows)


def offer_rows(problem: PlanningProblem, key: str, purchase: Purchase) -> NDArray[np.bool_] | None:
    """Return the rows of the same offers in the problem, None if they are not all available."""
    if problem.roster.timing is not None:
        return _schedule_rows(problem, key, purchase)
    missing = offer_keys(purchase)
    rows, roster = np.zeros(len(problem), dtype=bool), problem.roster
    for row in np.flatnonzero(roster.texts["creator"].contains_any({key})).tolist():
        units = 1 if roster.units is None else int(roster.units[row])
        offer = match_key(roster.text("platform", row)), match_key(roster.text("offer", row)), units, ""
        if offer in missing:
            missing.remove(offer)
            rows[row] = True
    return None if missing else rows


def _schedule_rows(problem: PlanningProblem, key: str, purchase: Purchase) -> NDArray[np.bool_] | None:
    """Return the rows of the schedule with the same offers in the same waves: what they bring depends on all of it."""
    own = np.flatnonzero(problem.roster.texts["creator"].contains_any({key}))
    if not len(own):
        return None
    found = ScheduleFinder.of_rows(problem, own).find(int(problem.roster.creator_id[own[0]]), purchase.picks)
    return problem.choice == found[0] if len(found) else None


def _purchase_rows(problem: PlanningProblem, creator: str, rows: NDArray[np.bool_]) -> Purchase:
    return Purchase(creator=creator, picks=tuple(build_picks(problem, rows)))
