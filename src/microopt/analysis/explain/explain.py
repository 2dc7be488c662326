"""Explain why a creator is in a plan or not: what the opposite would change, and the break-even fee."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from time import perf_counter

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.analysis.explain.asked_creators import known_creators
from microopt.analysis.explain.break_even import FEE_AGREED, NOT_SEARCHED, BreakEven
from microopt.analysis.explain.going_rate import GoingRates
from microopt.analysis.explain.list_fees import discounted_from
from microopt.analysis.explain.plans_without import PlansWithout
from microopt.analysis.explain.requirements import requirements
from microopt.analysis.explain.result import CreatorExplanation, ExplainedOffer, Explanation
from microopt.analysis.explain.schedule_fees import FeeSearch
from microopt.analysis.session import PlanSession
from microopt.campaign.calendar import WAVE
from microopt.campaign.progress import KEPT_STATES
from microopt.campaign.rules_by_wave import as_written_in_waves
from microopt.forecast.forecast import Origin
from microopt.plan.difference import NOT_LOOKED_AT, Difference
from microopt.plan.plan import RuleUse
from microopt.planning.audit import audit
from microopt.planning.counterfactuals import (
    choices_of_creators,
    compare_picks,
    creator_names,
    solve_with_one,
    solve_without,
    without_rows,
)
from microopt.planning.declines.choose import refuse_after_declines
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import zero_objective
from microopt.planning.left_out_schedules import refuse_some_schedules
from microopt.planning.purchase_causes import exclusion_reasons
from microopt.planning.risk.tail_goal import refuse_worst_share
from microopt.planning.solved import OfSolvedProblem
from microopt.planning.time_budget import TimeBudget
from microopt.planning.totals import sum_totals
from microopt.quantities.keys import match_key
from microopt.roster.contract_status import CONTRACT_COLUMN
from microopt.roster.roster import Roster
from microopt.solver.backends.base import Backend, load_backend
from microopt.solver.constraint import constraint
from microopt.solver.iis import find_iis
from microopt.solver.program import Columns
from microopt.solver.result import SolveLimits, SolveResult, Termination

MOST_UNEXPLAINED = 200  # creators that were not looked at whose offers are listed: each takes a while


class _ExplainContext(OfSolvedProblem, frozen=True, kw_only=True, eq=False):
    roster: Roster
    solver: Backend
    rules: tuple[RuleUse, ...]
    break_evens: FeeSearch
    going_rates: GoingRates
    plans_without: PlansWithout
    choices: Mapping[str, Columns]  # by match key
    any_posts: bool
    is_picked: NDArray[np.bool_]  # by column

    @property
    def in_waves(self) -> bool:
        return self.problem.roster.timing is not None

    def picked_of(self, columns: Columns) -> Columns:
        """Return which of these columns are in the plan; looked up, because there may be tens of thousands of picks."""
        return columns[self.is_picked[columns]]


def explain(
    session: PlanSession,
    creators: Sequence[str] = (),
    *,
    limits: SolveLimits | None = None,
    solver: Backend | None = None,
    any_posts: bool = True,
) -> Explanation:
    """Explain why creators are in a plan or not, and at which fees that changes.

    Parameters
    ----------
    session
        A campaign with its plan.
    creators
        Names of creators; by default every creator of the plan.
    limits
        For the whole analysis; 60 seconds by default. Creators left out are marked as not looked at.
    solver
        CBC by default.
    any_posts
        With a calendar, whether to find also up to which fee a plan has any posts of the creators who are named.

    Raises
    ------
    UsageError
        If a name is not in the roster.
    AuditError, BackendError
        If the solver fails.
    """
    refuse_worst_share(session.solved.problem.campaign, "explain")
    refuse_some_schedules(session.solved.problem, "explain")
    if session.solved.is_chosen_for_declines:
        refuse_after_declines(session.solved.problem.campaign, "explain")
    solved, solver = session.solved, solver or load_backend()
    problem, result = solved.problem, solved.result
    assert result.columns is not None and result.objective is not None
    if creators:
        names = known_creators(session.roster, creators)
    else:
        names = creator_names(problem, set(problem.choice_creators[result.columns].tolist()))
    context = _build_context(session, solver, names, any_posts=any_posts and bool(creators))
    time_budget, start = TimeBudget(limits or SolveLimits(seconds=60.0)), perf_counter()
    explanations = tuple(_explain_each(context, names, time_budget))
    return Explanation(
        campaign=problem.campaign,
        roster=problem.roster_facts,
        totals=sum_totals(problem, problem.select_rows(solved.program.mask(result.columns))),
        objective=result.objective * solved.objective.unit,
        status=solved.proof.status,
        creators=explanations,
        everyone=not creators,
        seconds=perf_counter() - start,
        warnings=session.warnings,
    )


def _build_context(session: PlanSession, solver: Backend, names: Sequence[str], *, any_posts: bool) -> _ExplainContext:
    solved = session.solved
    result = solved.result
    assert result.columns is not None and result.objective is not None
    return _ExplainContext(
        solved=solved,
        roster=session.roster,
        solver=solver,
        rules=audit(solved.problem, solved.program, result.columns, result.objective),
        break_evens=FeeSearch.of_problem(solved, solver),
        going_rates=GoingRates.of_problem(solved.problem, session.roster),
        plans_without=PlansWithout.of_problem(solved, solver),
        choices=choices_of_creators(solved, names),
        any_posts=any_posts,
        is_picked=solved.program.mask(result.columns),
    )


def _explain_each(
    context: _ExplainContext, names: Sequence[str], time_budget: TimeBudget
) -> Iterator[CreatorExplanation]:
    unexplained = 0
    for number, name in enumerate(names):
        explanation = time_budget.run(partial(_explain_creator, context, name), name, 1 / (len(names) - number))
        unexplained += explanation is None
        yield explanation or _unexplained(context, name, with_offers=unexplained <= MOST_UNEXPLAINED)


def _explain_creator(context: _ExplainContext, name: str, limits: SolveLimits) -> CreatorExplanation:
    """Explain one creator."""
    columns = context.choices[match_key(name)]
    if not len(columns):
        reasons = tuple(exclusion_reasons(context.roster, context.problem.campaign, name))
        return CreatorExplanation(
            creator=name, tier="", picked=False, offers=(), status=Termination.INFEASIBLE.value, reasons=reasons
        )
    start = perf_counter()
    picked = context.picked_of(columns)
    rows = _shown_rows(context, columns, picked)
    agreed = _agreed_offers(context, name, rows)
    if rows and len(agreed) == len(rows):
        return _explain_contract(context, name, columns, agreed)
    required_by = requirements(context.problem, context.program, columns) if len(picked) else ()
    plans = context.plans_without
    if required_by:
        freed = replace(context.solved, program=without_rows(context.program, required_by))
        plans = PlansWithout.of_problem(freed, context.solver)
    if len(picked):
        counterfactual = plans.without_creator(columns, limits)
    else:
        counterfactual = solve_with_one(plans.solved, columns, context.solver, limits, priced=plans.priced)
    if context.in_waves and not len(picked):  # of hundreds of schedules, the one that would be best
        best = () if counterfactual.columns is None else np.intersect1d(columns, counterfactual.columns)
        rows = context.problem.rows_of(np.asarray(best, dtype=np.intp)).tolist()
    fees = _FeeLimits.of_creator(context, plans, columns, picked, counterfactual, limits.remaining(start, 0.5))
    explanation = CreatorExplanation(
        creator=name,
        tier=_creator_tier(context, columns),
        picked=bool(len(picked)),
        offers=tuple(_explain_offers(context, rows, agreed, fees, limits)),
        status=counterfactual.termination.value,
        binding=_binding_rules(context, columns),
        required_by=required_by,
    )
    if not agreed:
        explanation = _with_any_posts(context, explanation, rows, fees, limits.remaining(start))
    if counterfactual.columns is not None and counterfactual.objective is not None:
        return replace(explanation, change=_difference(context, counterfactual.columns))
    reasons = _impossibility_reasons(context, columns, name, required_by, limits.remaining(start))
    return replace(explanation, reasons=reasons)


def _explain_offers(
    context: _ExplainContext, rows: list[int], agreed: Mapping[int, str], fees: _FeeLimits, limits: SolveLimits
) -> Iterator[ExplainedOffer]:
    """Yield each of these offers with its fees; those of a schedule have one price, unless some are agreed."""
    start, open_rows = perf_counter(), [row for row in rows if row not in agreed]
    together = context.in_waves and not agreed
    groups = [open_rows] if together and open_rows else [[row] for row in open_rows]
    found = dict.fromkeys(agreed, (FEE_AGREED, FEE_AGREED))
    for group in groups:
        found |= zip(group, fees.search(context, group, limits.remaining(start)), strict=True)
    before_discount = discounted_from(context.problem, rows)
    for row in rows:
        is_picked = bool(context.is_picked[context.problem.choice[row]])
        yield replace(_build_offer(context, row, is_picked, *found[row]), list_fee=before_discount.get(row))


def _with_any_posts(
    context: _ExplainContext,
    explanation: CreatorExplanation,
    rows: Sequence[int],
    fees: _FeeLimits,
    limits: SolveLimits,
) -> CreatorExplanation:
    """Return the explanation of a creator in waves with up to which fee a plan has any posts of theirs."""
    is_known = fees.rival.termination in (Termination.OPTIMAL, Termination.INFEASIBLE)
    if not (context.in_waves and context.any_posts and rows and is_known):
        return explanation
    columns, own = context.choices[match_key(explanation.creator)], explanation.offers[0].walk_away
    found = context.break_evens.find_of_any(rows[0], own, columns, fees.rival.columns, limits)
    return replace(explanation, any_posts=found)


def _agreed_offers(context: _ExplainContext, name: str, rows: Sequence[int]) -> dict[int, str]:
    """Return the contract state of each of these offers of a creator that a contract keeps in the plan.

    A contract that may mean several of them, of which it keeps one, leaves open whose fee is agreed: then none counts.
    """
    running = context.problem.campaign.running
    if running is None:
        return {}
    key = match_key(name)
    contracts = [contract for contract in running.contracts if contract.kept and match_key(contract.creator) == key]
    states = {row: context.problem.roster.text(CONTRACT_COLUMN, row) for row in rows}
    agreed = {row: state for row, state in states.items() if state in KEPT_STATES}
    return agreed if len(agreed) <= len(contracts) else {}


def _explain_contract(
    context: _ExplainContext, name: str, columns: Columns, agreed: dict[int, str]
) -> CreatorExplanation:
    """Explain a creator whose contracts leave no choice and no fee to agree on."""
    contract = " and ".join(dict.fromkeys(agreed.values()))
    return CreatorExplanation(
        creator=name,
        tier=_creator_tier(context, columns),
        picked=True,
        offers=tuple(_build_offer(context, row, True, FEE_AGREED, FEE_AGREED) for row in agreed),
        status=Termination.INFEASIBLE.value,
        reasons=(f"you reported them as {contract}",),
        contract=contract,
    )


def _difference(context: _ExplainContext, columns: Columns) -> Difference:
    """Return what another plan has more than the current one."""
    unit = context.solved.objective.unit
    before, after = (context.program.objective_value(picks) * unit for picks in (context.picks, columns))
    return compare_picks(context.problem, context.picks, columns, (before, after))


def _unexplained(context: _ExplainContext, name: str, *, with_offers: bool) -> CreatorExplanation:
    """Return what is known of a creator that was not looked at; with offers, also what similar ones ask."""
    columns = context.choices[match_key(name)]
    picked = context.picked_of(columns)
    offers = tuple(
        _build_offer(context, row, bool(len(picked)), NOT_SEARCHED, NOT_SEARCHED)
        for row in (_shown_rows(context, columns, picked) if with_offers else ())
    )
    return CreatorExplanation(
        creator=name,
        tier=_creator_tier(context, columns),
        picked=bool(len(picked)),
        offers=offers,
        status=NOT_LOOKED_AT,
    )


def _shown_rows(context: _ExplainContext, columns: Columns, picked: Columns) -> list[int]:
    """Return the rows of the offers that are bought, or of all offers of a creator who is not in the plan."""
    if context.in_waves and not len(picked):
        return []
    rows: list[int] = context.problem.rows_of(picked if len(picked) else columns).tolist()
    return rows


def _creator_tier(context: _ExplainContext, columns: Columns) -> str:
    rows = context.problem.rows_of(columns)
    return context.problem.roster.texts["tier"][int(rows[0])].strip() if len(rows) else ""


class _FeeLimits(Struct, frozen=True, kw_only=True, eq=False):
    """The plans that a creator's offer competes with: a plan with the offer must be worth as much.

    Attributes
    ----------
    rival
        The best plan without the creator's current choice and without what requires the creator.
    rival_within_rules
        The best one within all rules; `rival` where nothing requires the creator.
    """

    rival: SolveResult
    rival_within_rules: SolveResult

    @classmethod
    def of_creator(
        cls,
        context: _ExplainContext,
        plans: PlansWithout,
        columns: Columns,
        picked: Columns,
        counterfactual: SolveResult,
        limits: SolveLimits,
    ) -> _FeeLimits:
        """Find the rivals of a creator's choice.

        Parameters
        ----------
        plans
            Those of the problem without what requires the creator.
        counterfactual
            The best of them without all choices of the creator.
        """
        if not len(picked):  # the current plan, proven or not
            rival = replace(context.solved.result, termination=Termination.OPTIMAL)
        else:
            rival = counterfactual if context.in_waves else plans.without_pick(columns, picked, counterfactual, limits)
        if plans is context.plans_without:
            return cls(rival=rival, rival_within_rules=rival)
        left_out = columns if context.in_waves else picked
        return cls(rival=rival, rival_within_rules=solve_without(context.solved, left_out, context.solver, limits))

    def search(
        self, context: _ExplainContext, rows: Sequence[int], limits: SolveLimits
    ) -> list[tuple[BreakEven, BreakEven]]:
        """Return the break-even fee of each of some offers that have one price, and its walk-away fee."""
        if self.rival is self.rival_within_rules:
            both = _search_fees(context, rows, self.rival, limits)
            return list(zip(both, both, strict=True))
        start = perf_counter()
        within_rules = _search_fees(context, rows, self.rival_within_rules, limits.remaining(start, 0.5))
        return list(zip(within_rules, _search_fees(context, rows, self.rival, limits.remaining(start)), strict=True))


def _search_fees(
    context: _ExplainContext, rows: Sequence[int], rival: SolveResult, limits: SolveLimits
) -> list[BreakEven]:
    if rival.termination not in (Termination.OPTIMAL, Termination.INFEASIBLE):
        return [NOT_SEARCHED] * len(rows)
    return context.break_evens.find(rows, rival.columns, limits)


def _build_offer(
    context: _ExplainContext, row: int, picked: bool, break_even: BreakEven, walk_away: BreakEven
) -> ExplainedOffer:
    roster, forecast = context.problem.roster, context.problem.forecast
    going_rate = context.going_rates.rate(row)
    return ExplainedOffer(
        offer=roster.text("offer", row).strip(),
        platform=roster.text("platform", row).strip(),
        units=1 if roster.units is None else int(roster.units[row]),
        picked=picked,
        fee=int(forecast.fee[row]),
        break_even=break_even,
        walk_away=walk_away,
        fee_estimated=bool(forecast.origins["fee"][row] == Origin.ESTIMATED),
        usual_fee=None if forecast.usual_fee is None else int(forecast.usual_fee[row]),
        going_rate=going_rate.fee,
        similar_creators=going_rate.creators,
        going_rate_mixed=going_rate.post_types_mixed,
        going_rate_from=going_rate.source,
        wave=roster.text(WAVE, row) if context.in_waves else None,
    )


def _binding_rules(context: _ExplainContext, columns: Columns) -> tuple[str, ...]:
    """Return the rules without room that the creator would use up, and the budget if its dual price is positive.

    A share of the spend counts all creators, but those outside it make room in it.
    """
    binding = {use.label for use in context.rules if use.binding and not use.allows_more}
    prices = context.solved.result.prices
    labels = [
        line.label
        for number, line in enumerate(context.program.rows)
        if (line.label in binding or (line.label == "budget" and prices is not None and prices[number] > 0))
        and line.upper is not None
        and (line.coefficients_at(columns) > 0).any()
    ]
    return as_written_in_waves(context.problem.campaign, dict.fromkeys(labels))


def _impossibility_reasons(
    context: _ExplainContext, columns: Columns, name: str, required_by: tuple[str, ...], limits: SolveLimits
) -> tuple[str, ...]:
    """Return why no plan can have, or do without, a creator: an irreducible set of conflicting rules.

    Parameters
    ----------
    required_by
        Labels of requirements that are left out.
    """
    coefficients = np.zeros(len(context.program), dtype=np.int64)
    coefficients[columns] = 1
    picked = bool(np.isin(columns, context.picks).any())
    label = f"without {name}" if picked else f"with {name}"
    hard = without_rows(formulate(context.problem.without_soft_rules(), zero_objective(context.problem)), required_by)
    lower, upper = (None, 0) if picked else (1, None)
    conflicting = hard.with_row(constraint(label, coefficients, lower=lower, upper=upper))
    candidates = tuple(dict.fromkeys(line.label for line in conflicting.rows))
    iis = find_iis(conflicting, context.solver, limits, candidates=candidates)
    others = [] if iis is None else [other_label for other_label in iis.labels if other_label != label]
    if not others:
        return ()
    if others == ["budget"]:
        return (f"no plan {label} stays within the budget",)
    written = as_written_in_waves(context.problem.campaign, others)
    rules = written[0] if len(written) == 1 else f"all of these rules: {'; '.join(written)}"
    return (f"no plan {label} keeps {rules}",)
