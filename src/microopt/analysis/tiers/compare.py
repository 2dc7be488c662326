"""Compare the best plan of each tier alone with the best plan of all tiers, at equal budget."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from functools import partial
from time import perf_counter
from typing import ClassVar

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.analysis.case_status import status_of
from microopt.analysis.tiers.substitutes import Substitutes, find_substitutes
from microopt.campaign.campaign import Campaign, Clause, Filter, Selector, include_label
from microopt.campaign.rule_grammar import format_selector
from microopt.plan.diagnosis import ARITHMETIC, Diagnosis, DiagnosisResult
from microopt.plan.plan import AnalyzedPlan, Plan, PlanResult
from microopt.planning.build_plan import build_plan
from microopt.planning.build_problem import build_problem
from microopt.planning.declines.choose import refuse_after_declines
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import zero_objective
from microopt.planning.infeasibility.diagnose import diagnose, find_conflict
from microopt.planning.left_out_schedules import refuse_some_schedules
from microopt.planning.optimize import build_objective, plan_problem, solve_problem
from microopt.planning.problem import PlanningProblem, restrict
from microopt.planning.risk.tail_goal import refuse_worst_share
from microopt.planning.time_budget import TimeBudget
from microopt.quantities.keys import match_key, match_keys
from microopt.quantities.units import Approximate, Seconds
from microopt.roster.roster import Roster, with_tiers
from microopt.roster.selection import offers_named
from microopt.signals import finish_first
from microopt.solver.backends.base import Backend, load_backend
from microopt.solver.constraint import Constraint, constraint
from microopt.solver.iis import find_iis
from microopt.solver.program import IntegerProgram
from microopt.solver.result import SolveLimits, Termination
from microopt.solver.search import solve


class TierPlan(Struct, frozen=True, kw_only=True):
    """The best plan of a single tier, or of all tiers but one. It may also buy the creators that the campaign requires.

    Attributes
    ----------
    tier
        The name of that tier, as written in the roster or the bands.
    result
        Its plan, or a diagnosis; None if a limit or an interrupt came first.
    reasons
        Why it has no plan, or one that buys nobody of the tier, such as only the creators that the campaign requires.
    share_of_mix
        Its value by the mix's, None where one of the two has none above zero.
    """

    tier: str
    result: PlanResult | DiagnosisResult | None
    reasons: tuple[str, ...] = ()
    share_of_mix: Approximate | None = None

    computed: ClassVar[tuple[str, ...]] = ("status",)

    @property
    def plan(self) -> Plan | None:
        """Its plan, or None."""
        return self.result if isinstance(self.result, Plan) else None

    @property
    def own_plan(self) -> Plan | None:
        """Its plan if that buys somebody of the tier, else None: then `reasons` say why."""
        return None if self.plan is None or not self.plan.picks or self.reasons else self.plan

    @property
    def status(self) -> str:
        """`optimal`, `feasible`, `infeasible`, `unknown` or `not looked at`."""
        return status_of(self.result)


class Comparison(Struct, frozen=True, kw_only=True):
    """Each tier alone, the mix of all, the best without its largest tier, and substitutes, by one goal on one forecast.

    Attributes
    ----------
    mix
        The best plan of all tiers together.
    tiers
        One for each tier of the roster, from the smallest.
    without_largest
        The best plan without the largest tier of the mix; None if fewer than two other tiers have eligible offers.
    substitutes
        None if all eligible offers are of one tier.
    seconds
        The total time.
    """

    mix: AnalyzedPlan
    tiers: tuple[TierPlan, ...]
    without_largest: TierPlan | None
    substitutes: Substitutes | None
    seconds: Seconds

    schema_name: ClassVar[str] = "compare"
    computed: ClassVar[tuple[str, ...]] = ("status",)

    @property
    def status(self) -> str:
        """`optimal` where all of it is proven, else `feasible`."""
        return "optimal" if self.proven() else "feasible"

    def proven(self, gap: float = 0.0) -> bool:
        """Whether everything was searched, and is proven or within this gap of the best."""
        if self.substitutes is not None and self.substitutes.not_examined:
            return False
        return all(
            status in ("optimal", "infeasible") or (status == "feasible" and gap > 0 and off <= gap)
            for status, off in self._known()
        )

    def _known(self) -> Iterator[tuple[str, float]]:
        """Yield the status and the gap of each search."""
        yield self.mix.proof.status, abs(self.mix.proof.gap)
        for variant in (*self.tiers, *(() if self.without_largest is None else (self.without_largest,))):
            yield variant.status, 0.0 if variant.plan is None else abs(variant.plan.proof.gap)
        for basket in () if self.substitutes is None else self.substitutes.creators:
            yield basket.status, basket.gap


MIX_SHARE = 0.5  # of the time, for the plan of the full mix
WANTED_LABEL = "somebody of the tier is bought"
TIER_SHARE = 0.5  # of the remaining time, for all tiers; substitutes have the rest


class _TierContext(Struct, frozen=True, kw_only=True, eq=False):
    problem: PlanningProblem
    mix: Plan
    chosen: NDArray[np.bool_]  # (choices,) which ones the mix makes
    solver: Backend
    time_budget: TimeBudget

    @property
    def required_rows(self) -> NDArray[np.bool_]:
        """Which offers the required creators mean, (rows,)."""
        rows = np.zeros(len(self.problem), dtype=bool)
        for name in self.problem.campaign.include:
            rows |= offers_named(self.problem.roster, name)
        return rows

    def tier_rows(self, tiers: Collection[str]) -> NDArray[np.bool_]:
        """Return which offers are of these tiers, (rows,)."""
        return _of_tiers(self.problem, tiers)


def _of_tiers(problem: PlanningProblem, tiers: Collection[str]) -> NDArray[np.bool_]:
    """Return which offers of a problem are of these tiers, (rows,)."""
    return problem.roster.texts["tier"].contains_any({match_key(tier) for tier in tiers})


def compare(
    roster: Roster,
    campaign: Campaign,
    *,
    limits: SolveLimits | None = None,
    solver: Backend | None = None,
    campaign_sha256: str | None = None,
) -> Comparison | Diagnosis:
    """Return the best plan of each tier alone, of all tiers and of all but the largest, and substitutes.

    All are measured by one goal, on one forecast, by the ideals of the mix. All plans keep all rules, and may buy the
    required creators, whatever their tier; substitutes keep filters and rules on each creator, see
    `microopt.analysis.tiers.substitutes`.

    Parameters
    ----------
    limits
        For the whole analysis; 60 seconds and no gap by default. What the time or an interrupt leaves out is marked as
        not looked at.
    solver
        CBC by default.
    campaign_sha256
        SHA-256 of the campaign file, stored with the mix.

    Returns
    -------
    Comparison | Diagnosis
        A diagnosis if even all tiers together have no plan.

    Raises
    ------
    CampaignError
        If the campaign does not fit the roster.
    AuditError
        If the solver's result does not pass the audit.
    BackendError
        If the solver fails.
    """
    refuse_worst_share(campaign, "compare")
    refuse_after_declines(campaign, "compare")
    problem, warnings = build_problem(roster, campaign)
    refuse_some_schedules(problem, "compare")
    time_budget, solver = TimeBudget(limits or SolveLimits(seconds=60.0)), solver or load_backend()
    mix_limits = time_budget.limits_for("mix", MIX_SHARE)
    solved = solve_problem(problem, limits=mix_limits, solver=solver, warnings=warnings)
    if isinstance(solved, Diagnosis):
        return diagnose(problem, solved, solver, time_budget.remaining_limits()).diagnosis
    with finish_first():
        mix = build_plan(solved, warnings=warnings, campaign_sha256=campaign_sha256)
    time_budget.note_interrupt(mix.proof.limit)
    problem = replace(problem, campaign=replace(campaign, ideals=mix.ideals))
    chosen = solved.program.mask(solved.picks)
    context = _TierContext(problem=problem, mix=mix, chosen=chosen, solver=solver, time_budget=time_budget)
    tiers = tiers_by_size(with_tiers(roster, campaign.tiers))
    left_out = _largest_tier_to_leave_out(context, tiers)
    variants = list(_tier_plans(context, tiers, left_out))
    return Comparison(
        mix=mix,
        tiers=tuple(variants[: len(tiers)]),
        without_largest=variants[-1] if left_out else None,
        substitutes=find_substitutes(problem, tiers, chosen, solver=solver, time_budget=time_budget),
        seconds=perf_counter() - time_budget.start,
    )


def tiers_by_size(roster: Roster) -> list[str]:
    """Return the tiers of a roster in ascending order of median followers."""
    tier, followers = roster.texts["tier"], roster.numbers["followers"]
    median_by_key: dict[str, tuple[float, str]] = {}
    keys = np.asarray(match_keys(tier.labels), dtype=object)[tier.codes]
    for label in tier.labels:
        key = match_key(label)
        members = followers[keys == key]
        if key and key not in median_by_key and len(members):
            median_by_key[key] = (float(np.median(members)), label.strip())
    return [name for _, name in sorted(median_by_key.values())]


def _largest_tier_to_leave_out(context: _TierContext, tiers: Sequence[str]) -> str | None:
    """Return the largest tier of the mix, without required creators; None if fewer than two others have offers."""
    free = context.problem.select_rows(context.chosen) & ~context.required_rows
    bought = [tier for tier in tiers if (context.tier_rows([tier]) & free).any()]
    present = [tier for tier in tiers if context.tier_rows([tier]).any()]
    return bought[-1] if bought and len(present) > 2 else None


def _tier_plans(context: _TierContext, tiers: Sequence[str], left_out: str | None) -> Iterator[TierPlan]:
    """Yield the best plan of each tier alone, and of all but the one that is left out."""
    variants = [(tier, [tier], tier) for tier in tiers]
    if left_out is not None:
        variants.append((left_out, [tier for tier in tiers if tier != left_out], f"without {left_out}"))
    for number, (name, kept, step) in enumerate(variants):
        share = TIER_SHARE / (len(variants) - number * TIER_SHARE)  # equal shares of the time for all of them
        plan = context.time_budget.run(partial(_best_of_tiers, context, name, kept), step, share)
        yield plan or TierPlan(tier=name, result=None)


def _best_of_tiers(context: _TierContext, name: str, kept: Sequence[str], limits: SolveLimits) -> TierPlan:
    """Return the best plan of these tiers and the required creators, or a diagnosis."""
    problem, solver, time_budget = context.problem, context.solver, TimeBudget(limits)
    selector = Selector(clauses=(Clause(column="tier", values=tuple(kept)),))
    where = Filter(label=format_selector(selector), selector=selector)
    choices = ~problem.any_by_choice(~(context.tier_rows(kept) | context.required_rows))
    restricted = restrict(problem, choices, replace(problem.campaign, where=(*problem.campaign.where, where)))
    if not context.tier_rows(kept).any():
        diagnosis = _no_creator_diagnosis(restricted, problem, name)
        return TierPlan(tier=name, result=diagnosis, reasons=diagnosis.reasons)
    result = plan_problem(restricted, limits=limits, solver=solver)
    if isinstance(result, Diagnosis):
        reasons = _infeasibility_reasons(restricted, result, context, kept)
        if result.status == "infeasible" and not reasons:
            result = find_conflict(restricted, result, solver, time_budget.remaining_limits())
            reasons = _conflict_reasons(result)
        context.time_budget.note_interrupt(result.limit)
        return TierPlan(tier=name, result=result, reasons=reasons)
    context.time_budget.note_interrupt(result.proof.limit)
    keys = {match_key(tier) for tier in kept}
    if any(match_key(pick.tier) in keys for pick in result.picks):
        return TierPlan(tier=name, result=result, share_of_mix=_share_of_mix(result, context.mix))
    if result.picks:
        wanted = restricted.any_by_choice(_of_tiers(restricted, kept))
        reasons = (_absence_reason(restricted, wanted, solver, time_budget),)
    else:
        reasons = tuple(_empty_plan_reasons(restricted, result))
    return TierPlan(tier=name, result=result, reasons=reasons)


def _no_creator_diagnosis(restricted: PlanningProblem, problem: PlanningProblem, tier: str) -> Diagnosis:
    return Diagnosis(
        status="infeasible",
        campaign=restricted.campaign,
        roster=replace(problem.roster_facts, filtered=restricted.filtered),
        reasons=(f"your filters leave no creator of tier {tier}",),
        proven_by=ARITHMETIC,
    )


def _infeasibility_reasons(
    problem: PlanningProblem, diagnosis: Diagnosis, context: _TierContext, kept: Sequence[str]
) -> tuple[str, ...]:
    """Return what sums show, or else which rules rule out every purchase; empty if neither is the reason."""
    if diagnosis.status != "infeasible":
        return ()
    if diagnosis.reasons:
        return tuple(_reason_of_tiers(problem, reason, diagnosis.clash[0], kept) for reason in diagnosis.reasons)
    blocking = [label for label in _blocking_rules(problem, context.mix) if label != "budget"]
    return (_no_room(blocking),) if blocking else ()


def _reason_of_tiers(problem: PlanningProblem, reason: str, label: str, kept: Sequence[str]) -> str:
    """Return why a rule cannot be kept: which tier's offers fall short, and whether required creators count in that."""
    if len(kept) == 1:
        reason = reason.replace("all offers together", f"all offers of tier {kept[0]} together")
    falls_short = "only " in reason.removeprefix(f"{label}: ")
    if not (falls_short and _counts_other_tiers(problem, label, kept)):
        return reason
    return f"{reason}, counting the creators you require"


def _counts_other_tiers(problem: PlanningProblem, label: str, kept: Collection[str]) -> bool:
    """Whether a rule counts offers of other tiers: those are only there because their creators are required."""
    others = ~problem.any_by_choice(_of_tiers(problem, kept))
    rows = formulate(problem.without_soft_rules(), zero_objective(problem)).rows
    return any(others[row.columns].any() for row in rows if row.label == label)


def _conflict_reasons(diagnosis: Diagnosis) -> tuple[str, ...]:
    doubt = "" if diagnosis.irreducible else ", perhaps only some of them"
    return (f"these rules conflict: {', '.join(diagnosis.clash)}{doubt}",)


def _empty_plan_reasons(problem: PlanningProblem, plan: Plan) -> Iterator[str]:
    """Yield why a plan is empty: the constraints that each rule out any purchase, or else the plan's own reason."""
    blocking = _blocking_rules(problem, plan)
    if not formulate(problem, build_objective(problem, plan.ideals)).can_increase_objective().any():
        yield "none of their offers adds to the goal"
    elif blocking and blocking != ["budget"]:
        yield _no_room(blocking)
    else:
        yield plan.unspent_reason


def _absence_reason(
    problem: PlanningProblem, wanted: NDArray[np.bool_], solver: Backend, time_budget: TimeBudget
) -> str:
    """Return why the best plan has required creators and none of the choices that are wanted, (choices,)."""
    program = formulate(problem.without_soft_rules(), zero_objective(problem))
    program = program.with_row(constraint(WANTED_LABEL, wanted.astype(np.int64), lower=1))
    result = solve(program, solver, time_budget.remaining_limits(), cheapest=False)
    if result.columns is not None:
        return "none of them improves on the creators you require"
    conflict = None
    if result.termination is Termination.INFEASIBLE:
        labels = tuple(dict.fromkeys(row.label for row in program.rows if row.label != WANTED_LABEL))
        limits = time_budget.remaining_limits()
        conflict = find_iis(program, solver, limits, candidates=labels, always=(WANTED_LABEL,))
    if conflict is None:
        return "no plan with one of them was found in time"
    required = {*map(include_label, problem.campaign.include)}
    ruling = [label for label in conflict.labels if label not in required]
    if ruling == ["budget"]:
        return "the budget is too small for one of them besides the creators you require"
    return _no_room(ruling or list(conflict.labels))


def _no_room(labels: list[str]) -> str:
    return f"{' and '.join(labels)} {'rules' if len(labels) == 1 else 'rule'} it out"


def _blocking_rules(problem: PlanningProblem, plan: Plan) -> list[str]:
    """Return the labels of the constraints that each rule out any purchase."""
    program = formulate(problem, build_objective(problem, plan.ideals))
    return list(dict.fromkeys(row.label for row in program.rows if _blocks_every_choice(program, row)))


def _blocks_every_choice(program: IntegerProgram, constraint: Constraint) -> bool:
    """Whether every choice, and every sum of choices, violates a constraint."""
    dense = np.zeros(len(program), dtype=np.int64)
    dense[constraint.columns] = constraint.coefficients
    above = constraint.upper is not None and dense.min() > constraint.upper >= 0
    return bool(above or (constraint.lower is not None and dense.max() < constraint.lower <= 0))


def _share_of_mix(plan: Plan, mix: Plan) -> Fraction | None:
    value, mix_value = plan.proof.objective, mix.proof.objective
    return value / mix_value if mix_value > 0 and value > 0 else None
