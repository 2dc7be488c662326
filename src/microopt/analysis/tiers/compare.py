"""Micro alone, mega alone, or a mix? The best plan of each tier beside the best of all, at equal budget.

Comparison: each tier alone beside the mix at equal budget, and what a large creator's money buys of smaller ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from time import perf_counter

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.analysis.tiers.substitutes import Baskets, baskets
from microopt.campaign.campaign import Campaign, Clause, Filter, Selector
from microopt.campaign.rule_grammar import quote
from microopt.plan.plan import Diagnosis, Plan
from microopt.planning.build_plan import facts_of
from microopt.planning.build_problem import build_problem
from microopt.planning.formulation.formulate import formulate
from microopt.planning.infeasibility.diagnose import diagnose
from microopt.planning.optimize import build_objective, plan_problem
from microopt.planning.problem import PlanningProblem, restrict
from microopt.planning.time_budget import TimeBudget
from microopt.quantities.keys import match_key, match_keys
from microopt.roster.roster import Roster, with_tiers
from microopt.roster.selection import offers_named
from microopt.solver.backends.base import Backend, backend
from microopt.solver.program import Constraint, IntegerProgram
from microopt.solver.result import SolveLimits

NOT_LOOKED_AT = "not looked at"


class SingleTierPlan(Struct, frozen=True, kw_only=True):
    """The best plan of one tier alone.

    Attributes
    ----------
    tier
        Its name, as the roster or the bands write it.
    found
        Its plan, or why there is none; None where a limit or an interrupt came before it was looked at.
    reasons
        Why it has no plan, or an empty one, in sentences.
    of_mix
        Its value by the mix's, None where one of the two has none above zero.
    """

    tier: str
    found: Plan | Diagnosis | None
    reasons: tuple[str, ...] = ()
    of_mix: Fraction | None = None

    @property
    def plan(self) -> Plan | None:
        """Its plan, None where there is none."""
        return self.found if isinstance(self.found, Plan) else None

    @property
    def status(self) -> str:
        """`optimal`, `feasible`, `infeasible`, `unknown` or `not looked at`."""
        if self.found is None:
            return NOT_LOOKED_AT
        return self.found.proof.status if isinstance(self.found, Plan) else self.found.status


class Comparison(Struct, frozen=True, kw_only=True):
    """Each tier alone, the mix of all, and baskets, all by one goal on one forecast.

    Attributes
    ----------
    mix
        The best plan of all tiers.
    variants
        One for each tier of the roster, from the smallest.
    baskets
        None where the offers let in are all of one tier.
    seconds
        That all of it took.
    """

    mix: Plan
    variants: tuple[SingleTierPlan, ...]
    baskets: Baskets | None
    seconds: float

    def proven(self, gap: float = 0.0) -> bool:
        """Whether all was looked at, and is proven or within this gap of the best."""
        if self.baskets is not None and self.baskets.left_out:
            return False
        return all(
            status in ("optimal", "infeasible") or (status == "feasible" and gap > 0 and off <= gap)
            for status, off in self._known()
        )

    def _known(self) -> Iterator[tuple[str, float]]:
        """Yield the status and the gap of every search."""
        yield self.mix.proof.status, abs(self.mix.proof.gap)
        for variant in self.variants:
            yield variant.status, 0.0 if variant.plan is None else abs(variant.plan.proof.gap)
        for basket in () if self.baskets is None else self.baskets.looked_at:
            yield basket.status, basket.gap


MIX_SHARE = 0.5  # of the time: the plan that all is held against
TIER_SHARE = 0.5  # of what is then left, for all tiers; baskets have the rest


class _Question(Struct, frozen=True, kw_only=True, eq=False):
    case: PlanningProblem
    mix: Plan
    solver: Backend
    stint: TimeBudget


def compare(
    roster: Roster,
    campaign: Campaign,
    *,
    limits: SolveLimits | None = None,
    solver: Backend | None = None,
    campaign_sha256: str | None = None,
) -> Comparison | Diagnosis:
    """Return the best plan of each tier alone and of all tiers, and what large creators' money buys of smaller ones.

    All are measured by one goal on one forecast: ideals are the mix's. Rules stay in force in every plan of one
    tier; baskets keep filters and what is asked of each creator, see `microopt.analysis.tiers.substitutes`.

    Parameters
    ----------
    limits
        For all of it; 60 seconds and no gap by default. After the time, or an interrupt, what is left is told to be
        not looked at.
    solver
        CBC by default.
    campaign_sha256
        Of the campaign file, to be kept with the mix.

    Returns
    -------
    Comparison | Diagnosis
        Why there is no plan, where even all tiers together have none.

    Raises
    ------
    CampaignError
        If the campaign does not fit the roster.
    AuditError
        If the solver's answer does not hold.
    BackendError
        If the solver fails.
    """
    case, warnings = build_problem(roster, campaign)
    stint, solver = TimeBudget(limits or SolveLimits(seconds=60.0)), solver or backend()
    share = stint.limits_for("mix", MIX_SHARE)
    mix = plan_problem(case, limits=share, solver=solver, warnings=warnings, campaign_sha256=campaign_sha256)
    if isinstance(mix, Diagnosis):
        return diagnose(case, mix, solver, stint.remaining_limits()).diagnosis
    stint.note_interrupt(mix.proof.limit)
    case = replace(case, campaign=_measured(campaign, mix))
    question = _Question(case=case, mix=mix, solver=solver, stint=stint)
    tiers = by_size(with_tiers(roster, campaign.tiers))
    variants = tuple(_variants(question, tiers))
    found = baskets(case, tiers, solver=solver, stint=stint)
    return Comparison(mix=mix, variants=variants, baskets=found, seconds=perf_counter() - stint.start)


def by_size(roster: Roster) -> list[str]:
    """Return the tiers of a roster, the one with the fewest followers (by the median) first."""
    tier, followers = roster.texts["tier"], roster.numbers["followers"]
    found: dict[str, tuple[float, str]] = {}
    keys = np.asarray(match_keys(tier.labels), dtype=object)[tier.codes]
    for label in tier.labels:
        key = match_key(label)
        mine = followers[keys == key]
        if key and key not in found and len(mine):
            found[key] = (float(np.median(mine)), label.strip())
    return [name for _, name in sorted(found.values())]


def _measured(campaign: Campaign, mix: Plan) -> Campaign:
    return replace(campaign, ideals=mix.ideals)


def _variants(question: _Question, tiers: list[str]) -> Iterator[SingleTierPlan]:
    stint = question.stint
    for number, tier in enumerate(tiers):
        share = TIER_SHARE / (len(tiers) - number * TIER_SHARE)  # equal shares of what all tiers have
        found = stint.run(partial(_alone, question, tier), tier, share)
        yield found or SingleTierPlan(tier=tier, found=None)


def _alone(question: _Question, tier: str, limits: SolveLimits) -> SingleTierPlan:
    """Return the best plan of one tier, or why there is none."""
    case = question.case
    mine = tier_of(case, {match_key(tier)})
    selector = Selector(clauses=(Clause(column="tier", values=(tier,)),))
    where = Filter(label=f"tier:{quote(tier)}", selector=selector)
    small = restrict(case, mine, replace(case.campaign, where=(*case.campaign.where, where)))
    blocked = _blocked(case, small, tier)
    if blocked is not None:
        return SingleTierPlan(tier=tier, found=blocked, reasons=blocked.reasons)
    found = plan_problem(small, limits=limits, solver=question.solver)
    if isinstance(found, Diagnosis):
        question.stint.note_interrupt(found.limit)
        return SingleTierPlan(tier=tier, found=found, reasons=_reasons(found, tier))
    question.stint.note_interrupt(found.proof.limit)
    reasons = () if found.picks else tuple(_empty(small, found))
    return SingleTierPlan(tier=tier, found=found, reasons=reasons, of_mix=_of_mix(found, question.mix))


def tier_of(case: PlanningProblem, keys: set[str]) -> NDArray[np.bool_]:
    """Return which choices are of these tiers (match keys) alone, (choices,)."""
    return ~case.any_by_choice(~case.roster.texts["tier"].holds(keys))


def _blocked(case: PlanningProblem, small: PlanningProblem, tier: str) -> Diagnosis | None:
    """Return a diagnosis where nobody of the tier may enter, or an included creator is of another tier."""
    facts = replace(facts_of(case), filtered=small.filtered)
    told = f"the filters let no creator of tier {tier} in"
    clash: tuple[str, ...] = ()
    if len(small):
        missing = [name for name in case.campaign.include if not offers_named(small.roster, name).any()]
        if not missing:
            return None
        clash = tuple(f"include {name}" for name in missing)
        told = f"{', '.join(clash)}: not of tier {tier}"
    return Diagnosis(
        status="infeasible", campaign=small.campaign, roster=facts, clash=clash, reasons=(told,), shown_by="arithmetic"
    )


def _reasons(found: Diagnosis, tier: str) -> tuple[str, ...]:
    if found.status != "infeasible":
        return ()
    if found.reasons:
        return tuple(
            reason.replace("all offers together", f"all offers of tier {tier} together") for reason in found.reasons
        )
    return (f"cannot all be kept together: {', '.join(found.clash)}",)


def _empty(case: PlanningProblem, found: Plan) -> Iterator[str]:
    """Yield why a plan is empty: each row that by itself lets nothing be bought, or else what the plan says."""
    program = formulate(case, build_objective(case, found.ideals))
    alone = list(dict.fromkeys(line.label for line in program.rows if _shuts_out(program, line)))
    if not program.can_increase_objective().any():
        yield "none of its offers adds to the goal"
    elif alone == ["budget"]:
        yield found.unspent_reason
    elif alone:
        yield f"only a plan of nobody keeps {', '.join(alone)}"
    else:
        yield found.unspent_reason


def _shuts_out(program: IntegerProgram, line: Constraint) -> bool:
    """Whether any choice, and any sum of choices, is beyond a row's limit."""
    dense = np.zeros(len(program), dtype=np.int64)
    dense[line.columns] = line.coefficients
    over = line.upper is not None and dense.min() > line.upper >= 0
    return bool(over or (line.lower is not None and dense.max() < line.lower <= 0))


def _of_mix(found: Plan, mix: Plan) -> Fraction | None:
    mine, whole = found.proof.objective, mix.proof.objective
    return mine / whole if whole > 0 and mine > 0 else None
