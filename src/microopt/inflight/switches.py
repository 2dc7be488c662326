"""Who came into a plan since the last one, and who left: with the facts that bear on it, and what it gains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.contracts import Contract, State
from microopt.plan.difference import Difference
from microopt.plan.document.plan import PlanDocument
from microopt.plan.purchase import Purchase, bought_of
from microopt.plan.replan_summary import RosterChange
from microopt.planning.barriers import exclusion_reasons
from microopt.planning.between import difference
from microopt.planning.build_plan import facts_of, picks_of
from microopt.planning.counterfactuals import columns_of, priced, with_one, without
from microopt.planning.problem import PlanningProblem
from microopt.planning.solved import SolvedProblem
from microopt.planning.time_budget import TimeBudget
from microopt.planning.worse_figures import ComparisonTerms, counted, worsened_figures
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import print_money, print_names
from microopt.roster.roster import Roster
from microopt.solver.backends.base import Backend
from microopt.solver.program import Picks
from microopt.solver.reduced_cost_fixing import PricedProgram
from microopt.solver.result import SolveLimits, SolveResult

Keys = set[str]
BETTER = "others are now better worth the money"


class PlanTransition(Struct, frozen=True, kw_only=True, eq=False):
    """From one plan to the next.

    Attributes
    ----------
    last
        The plan before.
    bought
        What it bought, by match key of the creator.
    before
        What could be bought then, where the roster is still the same; else None.
    answered
        The campaign now, with its plan.
    roster
        As it is now, tiers and contracts included.
    known
        Plans that are near the best one.
    """

    last: PlanDocument
    bought: Mapping[str, Purchase]
    before: PlanningProblem | None
    answered: SolvedProblem
    roster: Roster
    known: tuple[Picks, ...] = ()

    @property
    def case(self) -> PlanningProblem:
        return self.answered.case

    @property
    def picks(self) -> Picks:
        assert self.answered.answer.picks is not None
        return self.answered.answer.picks


def switches(step: PlanTransition, solver: Backend, stint: TimeBudget) -> tuple[RosterChange, ...]:
    """Return who came, those of most engagements first, and then who left, as the last plan had them.

    What a switch gains is asked of the solver within the time left; what was not looked at is None.

    Raises
    ------
    AuditError, BackendError
        If the solver fails.
    """
    now = _bought(step)
    keys = {*now, *step.bought}
    sold = _present(step.case, keys)
    before = None if step.before is None else _present(step.before, keys)
    came = [key for key in now if key not in step.bought]
    left = [key for key in step.bought if key not in now]
    freed = [step.bought[key].creator for key in left if _declined(step, key, sold)]
    changes = [_came(step, key, now[key], freed, before) for key in came] + [_left(step, key, sold) for key in left]
    return tuple(_with_gains(step, changes, solver, stint))


def _bought(step: PlanTransition) -> Mapping[str, Purchase]:
    rows = step.case.rows(step.answered.program.chosen(step.picks))
    return bought_of(picks_of(step.case, rows))


def _contracts(step: PlanTransition, key: str) -> list[Contract]:
    running = step.case.campaign.running
    return [one for one in running.contracts if match_key(one.creator) == key] if running is not None else []


def _declined(step: PlanTransition, key: str, sold: Keys) -> bool:
    """Whether nothing is to be had of a creator any more because it declined."""
    return any(one.state is State.DECLINED for one in _contracts(step, key)) and key not in sold


def _came(step: PlanTransition, key: str, bought: Purchase, freed: Sequence[str], before: Keys | None) -> RosterChange:
    kept = next((one for one in _contracts(step, key) if one.kept), None)
    if kept is not None:
        told = f"it is {kept.state.value}, and was not in the last plan"
        return RosterChange(creator=bought.creator, came=True, causes=(told,), forced=True)
    causes = _better(step, key, bought, before)
    if freed:
        causes.append(f"{print_names(freed)} declined, which left money and room")
    return RosterChange(
        creator=bought.creator, came=True, causes=tuple(causes) or ("it is now better worth the money",)
    )


def _better(step: PlanTransition, key: str, bought: Purchase, before: Keys | None) -> list[str]:
    """Return which of a creator's own figures got better, where what they were can be told."""
    then = None if step.before is None else _in_case(step.before, key, bought)
    if then is None:
        return ["it could not be bought before"] if before is not None and key not in before else []
    return [cause.told for cause in worsened_figures(bought, then, _terms(step, forward=False))]


def _left(step: PlanTransition, key: str, sold: Keys) -> RosterChange:
    was = step.bought[key]
    if _declined(step, key, sold):
        return RosterChange(creator=was.creator, came=False, causes=("it declined",), forced=True)
    mine = step.roster.texts["creator"].holds({key})
    if not mine.any():
        return RosterChange(creator=was.creator, came=False, causes=("it is no longer on the roster",), forced=True)
    if key not in sold:
        reasons = list(exclusion_reasons(step.roster, step.case.campaign, was.creator)) or ["no offer of it may enter"]
        return RosterChange(creator=was.creator, came=False, causes=tuple(reasons), forced=True)
    now = _in_case(step.case, key, was)
    if now is None:
        return RosterChange(creator=was.creator, came=False, causes=("what was bought is no longer offered", BETTER))
    causes = [cause.told for cause in worsened_figures(was, now, _terms(step, forward=True))]
    return RosterChange(creator=was.creator, came=False, causes=tuple(causes) or (BETTER,))


def changed_offers(step: PlanTransition) -> Iterator[str]:
    """Yield who stays and is bought otherwise: another offer has to be asked for."""
    currency = facts_of(step.case).currency
    for key, now in _bought(step).items():
        was = step.bought.get(key)
        if was is not None and _offers(was) != _offers(now):
            told = (f"{_words(one)} for {print_money(one.fee, currency)}" for one in (was, now))
            yield f"{now.creator} is bought otherwise: {', now '.join(told)}"


def _offers(bought: Purchase) -> set[tuple[str, str, int]]:
    return {(match_key(pick.platform), match_key(pick.offer), pick.units) for pick in bought.picks}


def _words(bought: Purchase) -> str:
    names = (" ".join(filter(None, (pick.platform, pick.offer))) for pick in bought.picks)
    return " and ".join(names) or "one offer"


def _present(case: PlanningProblem, keys: Keys) -> Keys:
    """Return which of these creators may be bought of."""
    column = case.roster.texts["creator"]
    return {match_key(column[row]) for row in np.flatnonzero(column.holds(keys)).tolist()}


def _in_case(case: PlanningProblem, key: str, bought: Purchase) -> Purchase | None:
    """Return what the same offers are in a case, None where they are not all for sale."""
    wanted = _offers(bought)
    rows, roster = np.zeros(len(case), dtype=bool), case.roster
    for row in np.flatnonzero(roster.texts["creator"].holds({key})).tolist():
        units = 1 if roster.units is None else int(roster.units[row])
        offer = match_key(roster.text("platform", row)), match_key(roster.text("offer", row)), units
        if offer in wanted:
            wanted.remove(offer)
            rows[row] = True
    return None if wanted else Purchase(creator=bought.creator, picks=picks_of(case, rows))


def _terms(step: PlanTransition, *, forward: bool) -> ComparisonTerms:
    currency = facts_of(step.case).currency
    same = currency == step.last.campaign.currency
    return ComparisonTerms(
        forward=forward, currency=currency if same else None, metrics=counted([step.case.campaign.goal])
    )


def _with_gains(
    step: PlanTransition, changes: Sequence[RosterChange], solver: Backend, stint: TimeBudget
) -> Iterator[RosterChange]:
    """Yield the switches with what each gains, where there was a choice: each has its share of the time left.

    What is found for one is a plan that the next may start from.
    """
    ask = _Otherwise(step=step, solver=solver, nearness=priced(step.answered), known=[*step.known])
    left = sum(not change.forced for change in changes)
    for change in changes:
        if change.forced:
            yield change
            continue
        found = stint.work(partial(ask.of, change.creator), change.creator, 1 / left)
        yield replace(change, gain=_gain(step, found))
        left -= 1


class _Otherwise(Struct, frozen=True, kw_only=True, eq=False):
    """What would be if a switch had not been made, and the plans that are known to be near."""

    step: PlanTransition
    solver: Backend
    nearness: PricedProgram | None
    known: list[Picks]

    def of(self, creator: str, limits: SolveLimits) -> SolveResult:
        """Return the best plan without a creator who is in it, or with one who is not."""
        answered, columns = self.step.answered, columns_of(self.step.answered, creator)
        if np.isin(columns, self.step.picks).any():
            found = without(answered, columns, self.solver, limits, *self.known)
        else:
            found = with_one(answered, columns, self.solver, limits, *self.known, nearness=self.nearness)
        if found.picks is not None:
            self.known.append(found.picks)
        return found


def _gain(step: PlanTransition, other: SolveResult | None) -> Difference | None:
    """Return what the plan has more than another one, None where there is none."""
    if other is None or other.picks is None:
        return None
    unit, program = step.answered.objective.unit, step.answered.program
    values = (program.objective_value(other.picks) * unit, program.objective_value(step.picks) * unit)
    return difference(step.case, other.picks, step.picks, values)
