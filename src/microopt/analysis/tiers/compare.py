"""Compare the best plan of each tier alone with the best plan of all tiers, at equal budget."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from time import perf_counter
from typing import ClassVar

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.analysis.tiers.substitutes import Substitutes, find_substitutes
from microopt.campaign.campaign import Campaign, Clause, Filter, Selector
from microopt.campaign.rule_grammar import quote
from microopt.plan.diagnosis import ARITHMETIC, Diagnosis, DiagnosisResult
from microopt.plan.difference import NOT_LOOKED_AT
from microopt.plan.plan import AnalyzedPlan, Plan, PlanResult
from microopt.planning.build_problem import build_problem
from microopt.planning.formulation.formulate import formulate
from microopt.planning.infeasibility.diagnose import diagnose
from microopt.planning.optimize import build_objective, plan_problem
from microopt.planning.problem import PlanningProblem, restrict
from microopt.planning.time_budget import TimeBudget
from microopt.quantities.keys import match_key, match_keys
from microopt.quantities.units import Approximate, Seconds
from microopt.roster.roster import Roster, with_tiers
from microopt.roster.selection import offers_named
from microopt.solver.backends.base import Backend, load_backend
from microopt.solver.program import Constraint, IntegerProgram
from microopt.solver.result import SolveLimits


class SingleTierPlan(Struct, frozen=True, kw_only=True):
    """The best plan of a single tier.

    Attributes
    ----------
    tier
        Its name, as written in the roster or the bands.
    result
        Its plan, or a diagnosis; None if a limit or an interrupt came first.
    reasons
        Sentences why it has no plan, or an empty one.
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
    def status(self) -> str:
        """`optimal`, `feasible`, `infeasible`, `unknown` or `not looked at`."""
        if self.result is None:
            return NOT_LOOKED_AT
        return self.result.proof.status if isinstance(self.result, Plan) else self.result.status


class Comparison(Struct, frozen=True, kw_only=True):
    """Each tier alone, the mix of all, and substitutes, measured by one goal on one forecast.

    Attributes
    ----------
    mix
        The best plan of all tiers together.
    tiers
        One for each tier of the roster, from the smallest.
    substitutes
        None if all eligible offers are of one tier.
    seconds
        The total time.
    """

    mix: AnalyzedPlan
    tiers: tuple[SingleTierPlan, ...]
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
        for variant in self.tiers:
            yield variant.status, 0.0 if variant.plan is None else abs(variant.plan.proof.gap)
        for basket in () if self.substitutes is None else self.substitutes.creators:
            yield basket.status, basket.gap


MIX_SHARE = 0.5  # of the time, for the plan of the full mix
TIER_SHARE = 0.5  # of the remaining time, for all tiers; substitutes have the rest


class _TierContext(Struct, frozen=True, kw_only=True, eq=False):
    problem: PlanningProblem
    mix: Plan
    solver: Backend
    time_budget: TimeBudget


def compare(
    roster: Roster,
    campaign: Campaign,
    *,
    limits: SolveLimits | None = None,
    solver: Backend | None = None,
    campaign_sha256: str | None = None,
) -> Comparison | Diagnosis:
    """Return the best plan of each tier alone and of all tiers, and substitutes for large creators.

    All are measured by one goal, on one forecast, by the ideals of the mix. Single-tier plans keep all rules;
    substitutes keep filters and rules on each creator, see `microopt.analysis.tiers.substitutes`.

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
    problem, warnings = build_problem(roster, campaign)
    time_budget, solver = TimeBudget(limits or SolveLimits(seconds=60.0)), solver or load_backend()
    mix_limits = time_budget.limits_for("mix", MIX_SHARE)
    mix = plan_problem(problem, limits=mix_limits, solver=solver, warnings=warnings, campaign_sha256=campaign_sha256)
    if isinstance(mix, Diagnosis):
        return diagnose(problem, mix, solver, time_budget.remaining_limits()).diagnosis
    time_budget.note_interrupt(mix.proof.limit)
    problem = replace(problem, campaign=replace(campaign, ideals=mix.ideals))
    context = _TierContext(problem=problem, mix=mix, solver=solver, time_budget=time_budget)
    tiers = tiers_by_size(with_tiers(roster, campaign.tiers))
    variants = tuple(_single_tier_plans(context, tiers))
    substitutes = find_substitutes(problem, tiers, solver=solver, time_budget=time_budget)
    return Comparison(mix=mix, tiers=variants, substitutes=substitutes, seconds=perf_counter() - time_budget.start)


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


def _single_tier_plans(context: _TierContext, tiers: list[str]) -> Iterator[SingleTierPlan]:
    time_budget = context.time_budget
    for number, tier in enumerate(tiers):
        share = TIER_SHARE / (len(tiers) - number * TIER_SHARE)  # equal shares of the time for all tiers
        plan = time_budget.run(partial(_best_single_tier, context, tier), tier, share)
        yield plan or SingleTierPlan(tier=tier, result=None)


def _best_single_tier(context: _TierContext, tier: str, limits: SolveLimits) -> SingleTierPlan:
    """Return the best plan of one tier, or a diagnosis."""
    problem = context.problem
    choices = tier_choices(problem, {match_key(tier)})
    selector = Selector(clauses=(Clause(column="tier", values=(tier,)),))
    where = Filter(label=f"tier:{quote(tier)}", selector=selector)
    restricted = restrict(problem, choices, replace(problem.campaign, where=(*problem.campaign.where, where)))
    diagnosis = _diagnose_empty_tier(problem, restricted, tier)
    if diagnosis is not None:
        return SingleTierPlan(tier=tier, result=diagnosis, reasons=diagnosis.reasons)
    result = plan_problem(restricted, limits=limits, solver=context.solver)
    if isinstance(result, Diagnosis):
        context.time_budget.note_interrupt(result.limit)
        return SingleTierPlan(tier=tier, result=result, reasons=_infeasibility_reasons(result, tier))
    context.time_budget.note_interrupt(result.proof.limit)
    reasons = () if result.picks else tuple(_empty_plan_reasons(restricted, result))
    return SingleTierPlan(tier=tier, result=result, reasons=reasons, share_of_mix=_share_of_mix(result, context.mix))


def tier_choices(problem: PlanningProblem, keys: set[str]) -> NDArray[np.bool_]:
    """Return which choices consist of these tiers (match keys) only, (choices,)."""
    return ~problem.any_by_choice(~problem.roster.texts["tier"].contains_any(keys))


def _diagnose_empty_tier(problem: PlanningProblem, restricted: PlanningProblem, tier: str) -> Diagnosis | None:
    """Return a diagnosis if the tier has no eligible creator, or an included creator is of another tier; else None."""
    facts = replace(problem.roster_facts, filtered=restricted.filtered)
    reason = f"your filters leave no creator of tier {tier}"
    conflicts: tuple[str, ...] = ()
    if len(restricted):
        missing = [name for name in problem.campaign.include if not offers_named(restricted.roster, name).any()]
        if not missing:
            return None
        conflicts = tuple(f"include {name}" for name in missing)
        reason = f"{', '.join(conflicts)}: not in tier {tier}"
    return Diagnosis(
        status="infeasible",
        campaign=restricted.campaign,
        roster=facts,
        clash=conflicts,
        reasons=(reason,),
        proven_by=ARITHMETIC,
    )


def _infeasibility_reasons(diagnosis: Diagnosis, tier: str) -> tuple[str, ...]:
    if diagnosis.status != "infeasible":
        return ()
    if diagnosis.reasons:
        return tuple(
            reason.replace("all offers together", f"all offers of tier {tier} together") for reason in diagnosis.reasons
        )
    return (f"these rules conflict: {', '.join(diagnosis.clash)}",)


def _empty_plan_reasons(problem: PlanningProblem, plan: Plan) -> Iterator[str]:
    """Yield why a plan is empty: the constraints that each rule out any purchase, or else the plan's own reason."""
    program = formulate(problem, build_objective(problem, plan.ideals))
    blocking = list(
        dict.fromkeys(constraint.label for constraint in program.rows if _blocks_every_choice(program, constraint))
    )
    if not program.can_increase_objective().any():
        yield "none of their offers adds to the goal"
    elif blocking == ["budget"]:
        yield plan.unspent_reason
    elif blocking:
        yield f"only an empty plan keeps {', '.join(blocking)}"
    else:
        yield plan.unspent_reason


def _blocks_every_choice(program: IntegerProgram, constraint: Constraint) -> bool:
    """Whether every choice, and every sum of choices, violates a constraint."""
    dense = np.zeros(len(program), dtype=np.int64)
    dense[constraint.columns] = constraint.coefficients
    above = constraint.upper is not None and dense.min() > constraint.upper >= 0
    return bool(above or (constraint.lower is not None and dense.max() < constraint.lower <= 0))


def _share_of_mix(plan: Plan, mix: Plan) -> Fraction | None:
    value, mix_value = plan.proof.objective, mix.proof.objective
    return value / mix_value if mix_value > 0 and value > 0 else None
