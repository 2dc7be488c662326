"""The same money as one burst or spread over the waves of a calendar, and what makes the difference."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.analysis.over_time.result import Timing, TimingCase, TimingComparison, best_burst_of
from microopt.campaign.calendar import WAVE, Calendar
from microopt.campaign.campaign import Campaign, Clause, Filter, PairRule, RangeRule, Rule, Selector
from microopt.campaign.metrics import REPEATS, canonical_measure
from microopt.campaign.rule_grammar import format_selector, parse_rule
from microopt.campaign.rules_by_wave import as_written, selectors_of
from microopt.campaign.wave_rules import WAVES_EXAMPLE
from microopt.errors import UsageError
from microopt.plan.diagnosis import ARITHMETIC, Diagnosis
from microopt.plan.plan import Plan
from microopt.planning.build_problem import build_problem, expand_rules
from microopt.planning.declines.choose import refuse_after_declines
from microopt.planning.infeasibility.diagnose import diagnose, find_conflict
from microopt.planning.left_out_schedules import refuse_some_schedules
from microopt.planning.optimize import plan_problem
from microopt.planning.problem import PlanningProblem, restrict
from microopt.planning.risk.tail_goal import refuse_worst_share
from microopt.planning.time_budget import TimeBudget
from microopt.quantities.keys import header_key
from microopt.roster.roster import Roster
from microopt.solver.backends.base import Backend, load_backend
from microopt.solver.result import SolveLimits

PLAN_SHARE = 0.4  # of the time, for the plan over the waves
NO_REPEATS = "all repeats <= 0"


class _TimingSearch(Struct, frozen=True, kw_only=True, eq=False):
    """The plan over the waves, and what the search for the others has.

    Attributes
    ----------
    campaign
        That of the plan, with its ideals, so that all plans are measured alike.
    """

    roster: Roster
    campaign: Campaign
    calendar: Calendar
    problem: PlanningProblem
    plan: Plan
    solver: Backend
    time_budget: TimeBudget

    def solve(self, problem: PlanningProblem, case: TimingCase, limits: SolveLimits) -> TimingCase:
        """Return a case with its best plan, or with why there is none."""
        time_budget = TimeBudget(limits)
        result = plan_problem(problem, limits=limits, solver=self.solver)
        self.time_budget.note_interrupt(result.proof.limit if isinstance(result, Plan) else result.limit)
        if isinstance(result, Plan):
            return replace(case, result=result, share_of_plan=_share(result, self.plan))
        reasons = result.reasons
        if result.status == "infeasible" and not reasons:
            result = find_conflict(problem, result, self.solver, time_budget.remaining_limits())
            reasons = _conflict(as_written(problem.campaign, result.clash))
        return replace(case, result=result, reasons=reasons)

    def burst(self, waves: Sequence[str], limits: SolveLimits) -> TimingCase:
        """Return the best plan whose posts are all in the first of some waves."""
        kept, left = _split_rules(self.campaign.rules, _is_of_waves)
        selector = Selector(clauses=(Clause(column=WAVE, values=(waves[0],)),))
        where = Filter(label=format_selector(selector), selector=selector)
        campaign = replace(
            self.campaign,
            rules=kept,
            where=(*self.campaign.where, where),
            calendar=replace(self.calendar, budgets={}),
        )
        choices = _within(self.problem, [self.calendar.names.index(waves[0])])
        case = TimingCase(timing=Timing.BURST, waves=tuple(waves), result=None, rules_left=left)
        if not choices.any():
            return _nobody(case, replace(self.problem, campaign=campaign))
        return self.solve(_restricted(self.problem, choices, campaign), case, limits)

    def one_wave_each(self, limits: SolveLimits) -> TimingCase:
        """Return the best plan in which nobody posts in a second wave."""
        kept, left = _split_rules(self.campaign.rules, _is_of_repeats)
        campaign = replace(self.campaign, rules=(*kept, parse_rule(NO_REPEATS)))
        choices = _within(self.problem, range(len(self.calendar.waves)))
        case = TimingCase(timing=Timing.ONE_WAVE_EACH, result=None, rules_left=left)
        return self.solve(_restricted(self.problem, choices, campaign), case, limits)

    def on_other_terms(self, timing: Timing, calendar: Calendar, limits: SolveLimits) -> TimingCase:
        """Return the best plan of another calendar."""
        problem, _ = build_problem(self.roster, replace(self.campaign, calendar=calendar))
        return self.solve(problem, TimingCase(timing=timing, result=None), limits)

    def burst_otherwise(self, wave: str, limits: SolveLimits) -> TimingCase:
        """Return the burst in a wave where posts are counted otherwise."""
        calendar = _counted_otherwise(self.calendar)
        campaign = replace(self.campaign, calendar=calendar)
        other = replace(self, campaign=campaign, calendar=calendar, problem=build_problem(self.roster, campaign)[0])
        return replace(other.burst([wave], limits), timing=Timing.BURST_OTHER_REPETITION)


def compare_over_time(
    roster: Roster,
    campaign: Campaign,
    *,
    limits: SolveLimits | None = None,
    solver: Backend | None = None,
    campaign_sha256: str | None = None,
) -> TimingComparison | Diagnosis:
    """Return the plan over the waves of a campaign, the best burst of the same money, and the plan on other terms.

    All are measured by one goal, with the ideals of the plan. A burst has all posts in one wave, and is looked for in
    each. It keeps all rules but those on single waves and on repeats, and no budget of a wave. In the plan with each
    creator in one wave only, rules on repeats do not hold.

    Parameters
    ----------
    limits
        For the whole analysis; 60 seconds and no gap by default. What the time or an interrupt leaves out is marked as
        not looked at.
    solver
        CBC by default.
    campaign_sha256
        SHA-256 of the campaign file, stored with the plan.

    Returns
    -------
    TimingComparison | Diagnosis
        A diagnosis if the campaign itself has no plan.

    Raises
    ------
    UsageError
        If the campaign has no calendar, or one of a single wave.
    CampaignError, AuditError, BackendError
        As in `microopt.planning.optimize.optimize`.
    """
    refuse_worst_share(campaign, "compare")
    refuse_after_declines(campaign, "compare")
    calendar = _require_waves(campaign)
    time_budget, solver = TimeBudget(limits or SolveLimits(seconds=60.0)), solver or load_backend()
    problem, warnings = build_problem(roster, campaign)
    plan_limits = time_budget.limits_for("plan over the waves", PLAN_SHARE)
    plan = plan_problem(problem, limits=plan_limits, solver=solver, warnings=warnings, campaign_sha256=campaign_sha256)
    if isinstance(plan, Diagnosis):
        return diagnose(problem, plan, solver, time_budget.remaining_limits()).diagnosis
    time_budget.note_interrupt(plan.proof.limit)
    measured = replace(plan.campaign, ideals=plan.ideals)
    search = _TimingSearch(
        roster=roster,
        campaign=measured,
        calendar=calendar,
        problem=replace(problem, campaign=measured),
        plan=plan,
        solver=solver,
        time_budget=time_budget,
    )
    bursts, others = _find_cases(search)
    return TimingComparison(plan=plan, bursts=bursts, others=others, seconds=time_budget.elapsed)


def _find_cases(search: _TimingSearch) -> tuple[tuple[TimingCase, ...], tuple[TimingCase, ...]]:
    """Return the bursts and the plans on other terms, each within an equal share of the time."""
    groups, terms = _equal_waves(search), list(_other_terms(search))
    left = len(groups) + len(terms) + 1
    bursts = []
    for number, waves in enumerate(groups):
        name = f"burst in {waves[0]}"
        found = search.time_budget.run(partial(search.burst, waves), name, 1 / (left - number))
        bursts.append(found or TimingCase(timing=Timing.BURST, waves=tuple(waves), result=None))
    left, others = left - len(groups), []
    for number, (timing, find) in enumerate(terms):
        found = search.time_budget.run(find, timing.value, 1 / (left - number))
        others.append(found or TimingCase(timing=timing, result=None))
    best = best_burst_of(bursts)
    if best is not None and best.plan is not None and _posts_twice(best.plan):
        find = partial(search.burst_otherwise, best.waves[0])
        found = search.time_budget.run(find, Timing.BURST_OTHER_REPETITION.value, 1.0)
        others.append(found or TimingCase(timing=Timing.BURST_OTHER_REPETITION, waves=best.waves, result=None))
    return tuple(bursts), tuple(others)


def _other_terms(search: _TimingSearch) -> Iterator[tuple[Timing, Callable[[SolveLimits], TimingCase]]]:
    yield Timing.ONE_WAVE_EACH, search.one_wave_each
    if search.calendar.retainer:
        calendar = replace(search.calendar, retainer=())
        yield Timing.FULL_FEES, partial(search.on_other_terms, Timing.FULL_FEES, calendar)
    calendar = _counted_otherwise(search.calendar)
    yield Timing.OTHER_REPETITION, partial(search.on_other_terms, Timing.OTHER_REPETITION, calendar)


def _counted_otherwise(calendar: Calendar) -> Calendar:
    return replace(calendar, repetition=not calendar.repetition)


def _require_waves(campaign: Campaign) -> Calendar:
    """Return the calendar of a campaign with several waves.

    Raises
    ------
    UsageError
        If it has none.
    """
    if campaign.calendar is None:
        raise UsageError(
            "--over-time compares plans over waves, and the campaign has no calendar",
            fix=f"give the waves: {WAVES_EXAMPLE}",
            code="calendar-missing",
        )
    if len(campaign.calendar.waves) < 2:
        raise UsageError(
            f"--over-time compares plans over waves, and the calendar has only {campaign.calendar.names[0]}",
            fix=f"give more waves, such as {WAVES_EXAMPLE}",
            code="calendar-missing",
        )
    return campaign.calendar


def _within(problem: PlanningProblem, waves: Sequence[int]) -> NDArray[np.bool_]:
    """Return which choices have all of their posts in one wave, and that among some waves, (choices,)."""
    assert problem.roster.timing is not None
    wave = problem.roster.timing.wave
    first = np.flatnonzero(np.diff(problem.choice, prepend=-1))
    least, most = np.minimum.reduceat(wave, first), np.maximum.reduceat(wave, first)
    within: NDArray[np.bool_] = (least == most) & np.isin(least, np.asarray(waves))
    return within


def _restricted(problem: PlanningProblem, choices: NDArray[np.bool_], campaign: Campaign) -> PlanningProblem:
    restricted = restrict(problem, choices, campaign, tuple(expand_rules(campaign)))
    if campaign.one_offer_per == "creator":  # a schedule in one wave is a single offer, and all are here
        return replace(restricted, schedules=None)
    refuse_some_schedules(problem, "compare --over-time")
    return restricted


def _conflict(rules: Sequence[str]) -> tuple[str, ...]:
    """Return why no plan keeps some rules, as the user wrote them; empty for none."""
    if len(rules) < 2:
        return tuple(f"{rule} rules it out" for rule in rules)
    return (f"these rules conflict: {', '.join(rules)}",)


def _nobody(case: TimingCase, problem: PlanningProblem) -> TimingCase:
    """Return a burst in a wave in which no offer is left."""
    reasons = (f"no offer can be posted in {case.waves[0]}",)
    result = Diagnosis(
        status="infeasible",
        campaign=problem.campaign,
        roster=problem.roster_facts,
        reasons=reasons,
        proven_by=ARITHMETIC,
    )
    return replace(case, result=result, reasons=reasons)


def _equal_waves(search: _TimingSearch) -> list[list[str]]:
    """Return the waves in order of time, those together in which offers cost and bring the same.

    Days between posts and the luck of posts differ from wave to wave, so with rules on those no two are the same.
    """
    rules, names = search.campaign.rules, search.calendar.names
    differ = search.campaign.is_chosen_by_scenarios or any(
        isinstance(rule, PairRule) and rule.days is not None for rule in rules
    )
    groups: dict[object, list[str]] = {}
    for number, name in enumerate(names):
        key = name if differ else _figures_of(search.problem, number)
        groups.setdefault(key, []).append(name)
    return [*groups.values()]


def _figures_of(problem: PlanningProblem, wave: int) -> tuple[bytes, ...]:
    """Return what can be bought in a wave, with its costs and results."""
    rows = problem.rows_of(np.flatnonzero(_within(problem, [wave])))
    sizes = np.unique(problem.choice[rows], return_counts=True)[1]
    figures = (sizes, problem.roster.row[rows], problem.roster.unit_counts()[rows], problem.forecast.cost[rows])
    return tuple(values.tobytes() for values in (*figures, *(each[rows] for each in problem.forecast.metrics.values())))


def _split_rules(rules: Sequence[Rule], leaves: Callable[[Rule], bool]) -> tuple[tuple[Rule, ...], tuple[str, ...]]:
    """Return the rules that stay, and the labels of the others."""
    kept = tuple(rule for rule in rules if not leaves(rule))
    return kept, tuple(dict.fromkeys(rule.label for rule in rules if leaves(rule)))


def _is_of_waves(rule: Rule) -> bool:
    """Whether a rule is on single waves, or on creators who post in several."""
    named = any(header_key(clause.column) == WAVE for each in selectors_of(rule) for clause in each.clauses)
    return named or rule.when is not None or _is_of_repeats(rule)


def _is_of_repeats(rule: Rule) -> bool:
    return isinstance(rule, RangeRule) and canonical_measure(rule.measure) == REPEATS


def _posts_twice(plan: Plan) -> bool:
    creators = [pick.creator for pick in plan.picks]
    return len(set(creators)) < len(creators) or any(pick.units > 1 for pick in plan.picks)


def _share(plan: Plan, over_waves: Plan) -> Fraction | None:
    value, whole = plan.proof.objective, over_waves.proof.objective
    return value / whole if whole > 0 and value > 0 else None
