"""If these creators say no: whom to book instead, what it costs and what is lost, with the rest of the plan kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import combinations

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.analysis.plan_b.result import DeclineCase, PlanB
from microopt.campaign.campaign import Campaign
from microopt.errors import NameSuggester, UsageError
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.difference import NOT_LOOKED_AT
from microopt.plan.plan import Plan
from microopt.plan.verification_result import Discrepancy
from microopt.planning.build_picks import build_picks
from microopt.planning.build_plan import build_plan
from microopt.planning.build_problem import build_problem
from microopt.planning.counterfactuals import compare_picks
from microopt.planning.declines.rest_of_plan import KEEP_LABEL, RestOfPlan, after_decline, keep_rest
from microopt.planning.declines.single_substitute import SingleSubstitutes, WithOneInstead
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import zero_objective
from microopt.planning.infeasibility.diagnose import diagnose
from microopt.planning.left_out_schedules import refuse_some_schedules
from microopt.planning.match_picks import match_picks
from microopt.planning.optimize import build_proof, solve_problem
from microopt.planning.problem import PlanningProblem
from microopt.planning.risk.goal_of_plan import tail_goal_of
from microopt.planning.risk.tail_figures import build_tail
from microopt.planning.solved import OfSolvedProblem, SolvedProblem
from microopt.planning.time_budget import TimeBudget
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import format_names, shorten
from microopt.signals import finish_first
from microopt.solver.backends.base import Backend, load_backend
from microopt.solver.cross_check import CrossCheckResult
from microopt.solver.iis import find_iis
from microopt.solver.outer_approximation import proof_tolerance
from microopt.solver.program import Columns
from microopt.solver.result import SolveLimits, Termination
from microopt.verification.rebuild import check_reopened, rebuild_plan, solved_from_reopened
from microopt.verification.reopen import ReopenedPlan

MOST_PAIRED = 6  # creators of whom every pair is looked at: 15 pairs
KEEP_SHARE = 0.6  # of the time, for the plan that keeps the rest
SINGLE_SHARE = 0.8  # of the time, for the creators alone, before pairs
DECIDED = (Termination.OPTIMAL.value, Termination.INFEASIBLE.value)


class _Outcome(Struct, frozen=True, kw_only=True, eq=False):
    """What is known of the best plan where some creators decline; its picks are choices of the whole problem."""

    status: str
    picks: Columns | None = None
    value: Fraction | None = None
    clash: tuple[str, ...] = ()


class _DeclineSearch(OfSolvedProblem, frozen=True, kw_only=True, eq=False):
    """A plan whose creators may decline, in the problem in which that is asked.

    Attributes
    ----------
    singles
        By pick: the best plan with one creator, or nobody, in its place, as far as it was looked for.
    """

    before: Plan
    solver: Backend
    time_budget: TimeBudget
    singles: Mapping[int, WithOneInstead] = {}

    def columns_of(self, names: Sequence[str]) -> Columns:
        """Return the choices of the plan that these creators are."""
        keys = {match_key(name) for name in names}
        of_creators = self.problem.any_by_choice(self.problem.roster.texts["creator"].contains_any(keys))
        return self.picks[of_creators[self.picks]]

    def campaign_without(self, names: Sequence[str]) -> Campaign:
        """Return the campaign of a plan that has none of these creators."""
        campaign = after_decline(self.problem, self.columns_of(names)).campaign
        running = campaign.running
        ended = () if running is None else running.stability
        return replace(
            campaign,
            exclude=(*campaign.exclude, *names),
            ideals=campaign.ideals or self.before.ideals,
            rules=tuple(rule for rule in campaign.rules if rule.label not in ended),
            running=None if running is None else replace(running, stability=()),
        )

    def keep_rest(self, declined: Columns, name: str, share: float) -> _Outcome | None:
        """Return the best plan that keeps the rest, None where there was no time to look.

        What is known of a single substitute saves the search where nothing else can be better, and stands in for it
        where time was too short.
        """
        single = self.singles.get(int(declined[0])) if len(declined) == 1 else None
        if single is not None and single.is_best:
            return self._with_one(single, Termination.OPTIMAL)
        found = self.time_budget.run(partial(self._solve, declined), name, share)
        if single is None or single.objective is None or (found is not None and found.status in DECIDED):
            return found
        known = self._with_one(single, Termination.FEASIBLE)
        is_better = found is None or found.value is None or (known.value is not None and known.value > found.value)
        return known if is_better else found

    def _with_one(self, single: WithOneInstead, status: Termination) -> _Outcome:
        if single.objective is None:
            return _Outcome(status=Termination.INFEASIBLE.value, clash=single.clash)
        value = single.objective * self.solved.objective.unit
        return _Outcome(status=status.value, picks=single.picks, value=value)

    def _left(self, declined: Columns) -> RestOfPlan:
        problem = after_decline(self.problem, declined)
        ideals = problem.campaign.ideals or self.before.ideals
        problem = replace(problem, campaign=replace(problem.campaign, ideals=ideals))
        return keep_rest(problem, np.setdiff1d(self.picks, declined), declined)

    def _solve(self, declined: Columns, limits: SolveLimits) -> _Outcome:
        left = self._left(declined)
        solved = solve_problem(left.problem, limits=limits, solver=self.solver)
        if isinstance(solved, Diagnosis):
            return _Outcome(status=solved.status)
        picks = left.columns[solved.picks]
        return _Outcome(status=solved.proof.status, picks=picks, value=solved.proof.objective)

    def with_reason(self, case: DeclineCase, declined: Columns, share: float) -> DeclineCase:
        """Return a case without a plan with rules that conflict, each of which is needed, as far as there is time."""
        if case.status != Termination.INFEASIBLE.value:
            return case
        name = f"why nobody replaces {format_names(list(case.declined))}"
        clash = self.time_budget.run(partial(self._conflict, declined, case.clash), name, share)
        return replace(case, clash=clash) if clash else case

    def _conflict(self, declined: Columns, known: tuple[str, ...], limits: SolveLimits) -> tuple[str, ...]:
        """Return an irreducible set of rules that cannot all be kept with the rest; empty if there was no time."""
        problem = self._left(declined).problem
        program = formulate(problem.without_soft_rules(), zero_objective(problem))
        candidates = tuple(label for label in known or program.labels if label != KEEP_LABEL)
        found = find_iis(program, self.solver, limits, candidates=candidates, always=(KEEP_LABEL,))
        return found.labels if found is not None and found.irreducible else ()

    def open_case(
        self, declined: Columns, problem: PlanningProblem, solved: SolvedProblem | Diagnosis | None
    ) -> DeclineCase | None:
        """Return what was found in another problem, in which everyone else may change too."""
        if solved is None or isinstance(solved, Diagnosis):
            return None
        picks = build_picks(problem, problem.select_rows(solved.program.mask(solved.picks)))
        chosen = match_picks(self.problem, picks)
        if isinstance(chosen, Discrepancy):
            return None
        found = _Outcome(status=solved.proof.status, picks=np.flatnonzero(chosen), value=solved.proof.objective)
        return self.case(declined, found, keeps_rest=False)

    def case(self, declined: Columns, found: _Outcome | None, *, keeps_rest: bool = True) -> DeclineCase:
        """Return what was found; None where there was no time to look."""
        names = tuple(self.names(declined))
        if found is None:
            return DeclineCase(declined=names, keeps_rest=keeps_rest, status=NOT_LOOKED_AT)
        if found.picks is None or found.value is None:
            return DeclineCase(declined=names, keeps_rest=keeps_rest, status=found.status, clash=found.clash)
        new = self.problem.select_rows(_mask(self.problem, np.setdiff1d(found.picks, self.picks)))
        return DeclineCase(
            declined=names,
            keeps_rest=keeps_rest,
            status=found.status,
            change=compare_picks(self.problem, self.picks, found.picks, (self.before.proof.objective, found.value)),
            booked=tuple(build_picks(self.problem, new)),
        )

    def names(self, columns: Columns) -> Iterator[str]:
        """Yield the names of the creators of choices."""
        for column in columns.tolist():
            yield self.problem.roster.texts["creator"][int(self.problem.rows_of(np.asarray([column]))[0])].strip()


def plan_b(
    reopened: ReopenedPlan,
    names: Sequence[str] = (),
    *,
    limits: SolveLimits | None = None,
    solver: Backend | None = None,
) -> PlanB | Diagnosis:
    """Return what becomes of a plan where creators decline; a diagnosis where no plan is possible without them.

    The campaign, its rules and its ideals stay. The rest of the plan stays too, with the same offers; the plan in which
    it may change is told as well. A requirement that a creator is in the plan ends where they decline.

    Parameters
    ----------
    names
        Who declines, all of them at once; none for every creator of the plan alone, and pairs of the costliest.
    limits
        For all of it; 60 seconds by default. An interrupt keeps what was found.
    solver
        CBC by default.

    Raises
    ------
    UsageError
        If a name is not in the plan, or nobody is.
    AuditError, BackendError
        If the solver fails.
    """
    refuse_some_schedules(reopened.problem, "plan-b")
    time_budget, solver = TimeBudget(limits or SolveLimits(seconds=60.0)), solver or load_backend()
    check = check_reopened(reopened)
    before = rebuild_plan(reopened, check)
    names = require_in_plan(before, names)
    solved = solved_from_reopened(reopened, check)
    singles = _singles(solved, names, time_budget)
    search = _DeclineSearch(solved=solved, before=before, solver=solver, time_budget=time_budget, singles=singles)
    return _plan_for_named(search, reopened, names) if names else _plan_for_each(search)


def require_in_plan(plan: Plan, names: Sequence[str]) -> tuple[str, ...]:
    """Return the creators of a plan whom names mean, each once.

    Raises
    ------
    UsageError
        If a name is not in the plan.
    """
    creators = {match_key(pick.creator): pick.creator for pick in plan.picks}
    if not creators:
        fix = "make a plan with at least one creator, such as with a larger budget"
        raise UsageError("the plan is empty: nobody can decline", fix=fix, code="plan-empty")
    unknown = [name for name in names if match_key(name) not in creators]
    if unknown:
        suggestion = NameSuggester(creators.values(), by_part=True).suggest(unknown[0])
        shown = format_names([shorten(name) for name in unknown])
        verb = "is" if len(unknown) == 1 else "are"
        fix = suggestion or f"name creators of the plan, such as {format_names([*creators.values()], 3)}"
        raise UsageError(f"{shown} {verb} not in the plan", fix=fix, code="plan-b-unknown")
    return tuple(dict.fromkeys(creators[match_key(name)] for name in names))


def _plan_for_named(search: _DeclineSearch, reopened: ReopenedPlan, names: Sequence[str]) -> PlanB | Diagnosis:
    """Return the plan for creators who decline: with the rest kept where that is possible, else with it open."""
    time_budget, declined = search.time_budget, search.columns_of(names)
    kept = search.keep_rest(declined, "keeping everyone else", KEEP_SHARE)
    problem, warnings = build_problem(reopened.roster, search.campaign_without(names))
    opened = time_budget.run(partial(_solve, problem, search.solver), "with everyone else open", 1.0)
    case = search.case(declined, kept)
    if isinstance(opened, Diagnosis) and case.change is None:
        opened = replace(opened, declined=names)
        return diagnose(problem, opened, search.solver, time_budget.remaining_limits()).diagnosis
    case = search.with_reason(case, declined, 1.0)
    after = None
    if isinstance(opened, SolvedProblem):
        picks = _picks_within(problem, search, kept)
        solved = opened if picks is None else _with_picks(opened, picks)
        with finish_first():
            after = build_plan(solved, warnings=warnings, campaign_sha256=search.before.campaign_sha256)
    return PlanB(
        before=search.before,
        cases=(case,),
        asked=tuple(names),
        freely=search.open_case(declined, problem, opened),
        after=after,
        stopped=opened is None or kept is None,
        seconds=time_budget.elapsed,
    )


def _solve(problem: PlanningProblem, solver: Backend, limits: SolveLimits) -> SolvedProblem | Diagnosis:
    return solve_problem(problem, limits=limits, solver=solver)


def _picks_within(problem: PlanningProblem, search: _DeclineSearch, kept: _Outcome | None) -> Columns | None:
    """Return the choices of a problem that are those of the plan that keeps the rest, None if there is no such plan."""
    if kept is None or kept.picks is None:
        return None
    chosen = _mask(search.problem, kept.picks)
    found = match_picks(problem, build_picks(search.problem, search.problem.select_rows(chosen)))
    return None if isinstance(found, Discrepancy) else np.flatnonzero(found)


def _with_picks(best: SolvedProblem, picks: Columns) -> SolvedProblem:
    """Return a solved problem with other picks, whose value the bound of the best ones bounds too."""
    if np.array_equal(picks, best.picks):
        return best
    best = _with_worst_scenarios(best, picks)
    program, result = best.program, best.result
    assert result.bound is not None
    value = program.objective_value(picks)
    proven = result.bound - value <= proof_tolerance(program, result.bound)
    ended = Termination.OPTIMAL if proven else Termination.FEASIBLE
    result = replace(result, columns=picks, objective=value, termination=ended, is_cheapest=False)
    proof = build_proof(CrossCheckResult(result=result), best.objective, program, best.proof.seconds)
    return replace(best, result=result, proof=proof)


def _with_worst_scenarios(best: SolvedProblem, picks: Columns) -> SolvedProblem:
    """Return a problem that was solved for the worst scenarios with those of other picks among its cuts."""
    tail = tail_goal_of(best)
    if tail is None or best.tail is None or best.result.prices is None:
        return best
    own, sets, prices = tail.goal.worst_set(picks), best.tail.sets, best.result.prices
    if own not in sets:
        sets, prices = (*sets, own), np.append(prices, 0.0)
    return replace(
        best,
        program=tail.goal.with_cuts(sets),
        result=replace(best.result, prices=prices),
        tail=build_tail(best.problem, tail, picks, best.tail.means, sets),
    )


def _plan_for_each(search: _DeclineSearch) -> PlanB:
    """Return what becomes of a plan where each of its creators declines, and each pair of the costliest."""
    time_budget, cases = search.time_budget, []
    singles = [np.asarray([column]) for column in search.picks.tolist()]
    for number, declined in enumerate(singles):
        share = SINGLE_SHARE / (len(singles) - number)
        name = f"without {next(search.names(declined))}"
        cases.append((search.case(declined, search.keep_rest(declined, name, share)), declined))
    cases.sort(key=lambda item: _loss(item[0]))
    costliest = [declined for case, declined in cases if case.status != NOT_LOOKED_AT][:MOST_PAIRED]
    pairs = [np.union1d(*pair) for pair in combinations(costliest, 2)]
    looked_at = []
    for number, declined in enumerate(pairs):
        name = "without " + " and ".join(search.names(declined))
        case = search.case(declined, search.keep_rest(declined, name, 1 / (len(pairs) - number)))
        looked_at.append((case, declined))
    explained = list(_with_reasons(search, [*cases, *sorted(looked_at, key=lambda item: _loss(item[0]))]))
    return PlanB(
        before=search.before,
        cases=tuple(explained),
        paired=tuple(name for declined in costliest for name in search.names(declined)) if pairs else (),
        stopped=any(case.status == NOT_LOOKED_AT for case in explained),
        seconds=time_budget.elapsed,
    )


def _with_reasons(search: _DeclineSearch, cases: Sequence[tuple[DeclineCase, Columns]]) -> Iterator[DeclineCase]:
    """Yield cases with the rules that conflict where there is no plan, in the time that is left."""
    left = sum(case.status == Termination.INFEASIBLE.value for case, _ in cases)
    for case, declined in cases:
        yield search.with_reason(case, declined, 1 / max(left, 1))
        left -= case.status == Termination.INFEASIBLE.value


def _singles(solved: SolvedProblem, names: Sequence[str], time_budget: TimeBudget) -> Mapping[int, WithOneInstead]:
    """Return the best plan with one creator in place of each pick, where rules with a chance make searches slow.

    They need no solver, so that what is found does not depend on how fast the machine is. A plan that was chosen for
    what it brings after declines is measured by the mean once somebody has declined: not by its own program.
    """
    found: dict[int, WithOneInstead] = {}
    if not solved.program.quotas or solved.is_chosen_for_declines or len(names) > 1:
        return found

    def look(_limits: SolveLimits) -> None:
        substitutes = SingleSubstitutes.of_plan(solved)
        for column in solved.picks.tolist():
            if time_budget.exhausted:
                return
            found[column] = substitutes.best(column)

    time_budget.run(look, "one creator in place of another", 1.0)
    return found


def _loss(case: DeclineCase) -> tuple[int, Fraction]:
    """Return what orders cases: no plan at all first, then the greatest loss; those not looked at last."""
    if case.change is not None:
        return 1, case.change.objective
    return (2 if case.status in (NOT_LOOKED_AT, Termination.UNKNOWN.value) else 0), Fraction(0)


def _mask(problem: PlanningProblem, columns: Columns) -> NDArray[np.bool_]:
    mask = np.zeros(problem.choice_count, dtype=bool)
    mask[columns] = True
    return mask
