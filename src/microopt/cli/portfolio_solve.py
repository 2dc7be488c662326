"""Solve a portfolio as it is tonight: without campaigns that do not fit their lists, and without what is bound."""

from __future__ import annotations

from msgspec.structs import replace

from microopt.cli.portfolio_inputs import PortfolioInputs
from microopt.cli.portfolio_options import PortfolioOptions
from microopt.errors import CampaignError, MicrooptError, RosterError
from microopt.inflight.kept_in_portfolio import without_bound
from microopt.inflight.plan_in_portfolio import Running, plans_in_portfolio
from microopt.planning.build_problem import build_problem
from microopt.planning.portfolio.clash import PortfolioDiagnosis
from microopt.planning.portfolio.solve_portfolio import SolvedPortfolio, refuse_separate_search, solve_portfolio
from microopt.planning.time_budget import TimeBudget
from microopt.readers.portfolio_members import FILE_ERRORS


def solve_inputs(
    inputs: PortfolioInputs,
    options: PortfolioOptions,
    time: TimeBudget,
    without_plan: frozenset[str] = frozenset(),
    *,
    one_by_one: bool = False,
) -> tuple[PortfolioInputs, SolvedPortfolio | PortfolioDiagnosis]:
    """Return the plans, and the inputs without campaigns that do not fit their lists: the others are planned.

    Parameters
    ----------
    without_plan
        Campaigns that have no plan even alone, so that they keep their last one.
    one_by_one
        Whether to compare with campaigns that are planned one after the other.

    Raises
    ------
    MicrooptError
        If no campaign can be planned, or something is wrong that they share.
    """
    _refuse_nothing(inputs)
    solver, gap = options.solve.backend(), options.solve.accepted_gap
    running = {name: Running(last=each.last, request=each.request) for name, each in inputs.running.items()}
    kept = inputs.kept_plans({*inputs.failures, *without_plan})
    bound = without_bound(inputs.portfolio, inputs.entries, kept)
    try:
        solved = solve_portfolio(
            bound.portfolio,
            bound.entries,
            fair=options.fair,
            allocate=options.allocate,
            limits=time.remaining_limits(),
            solver=solver,
            make_plan=plans_in_portfolio(running, solver, gap),
            one_by_one=one_by_one,
        )
    except CampaignError:
        misfits = _find_misfits(inputs)
        if not misfits:
            raise
        return solve_inputs(inputs.without(misfits), options, time, without_plan, one_by_one=one_by_one)
    impossible = frozenset(solved.diagnoses)
    if not impossible <= without_plan and inputs.kept_plans(impossible - without_plan):
        return solve_inputs(inputs, options, time, without_plan | impossible, one_by_one=one_by_one)
    if isinstance(solved, SolvedPortfolio):
        solved = replace(solved, plan=replace(solved.plan, notes=(*bound.notes, *solved.plan.notes)))
    return inputs, solved


def _find_misfits(inputs: PortfolioInputs) -> dict[str, MicrooptError]:
    """Return why some campaigns do not fit their lists, or cannot share them, by name."""
    misfits: dict[str, MicrooptError] = {}
    for entry in inputs.entries:
        try:
            problem, _ = build_problem(entry.roster, entry.campaign)
            refuse_separate_search(entry, entry.campaign, many_schedules=problem.schedules is not None)
        except FILE_ERRORS as error:
            misfits[entry.name] = error
    return misfits


def _refuse_nothing(inputs: PortfolioInputs) -> None:
    """Refuse a portfolio without any campaign that can be planned.

    Raises
    ------
    CampaignError, RosterError
        With what is wrong with each of them.
    """
    if inputs.entries:
        return
    faults = [
        replace(fault, message=f"{name}: {fault.message}")
        for name, error in inputs.failures.items()
        for fault in error.faults
    ]
    kind = RosterError if all(isinstance(each, RosterError) for each in inputs.failures.values()) else CampaignError
    message = faults[0].message if len(faults) == 1 else "none of the campaigns can be planned"
    raise kind(message, fix=faults[0].fix, code=faults[0].code, faults=faults)
