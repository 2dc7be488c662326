"""Plan several campaigns together: each alone, all jointly, and then each within its part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import floor

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.campaign import Campaign
from microopt.campaign.portfolio import Portfolio
from microopt.errors import CampaignError, UsageError
from microopt.forecast.cost import campaign_currency
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.plan import Plan
from microopt.plan.portfolio import PortfolioPlan
from microopt.planning.build_problem import build_problem
from microopt.planning.formulation.formulate import formulate
from microopt.planning.infeasibility.diagnose import diagnose
from microopt.planning.optimize import build_objective, solve_problem
from microopt.planning.portfolio.allotment import Others, allot, discounts_with
from microopt.planning.portfolio.booked import booked_by_choices
from microopt.planning.portfolio.budget_shares import without_budget_shares
from microopt.planning.portfolio.clash import PortfolioDiagnosis, find_clash, refuse_signed_rivals
from microopt.planning.portfolio.creator_limits import campaign_limits
from microopt.planning.portfolio.creator_rows import creator_rows, join_columns
from microopt.planning.portfolio.entry import Entry, SharedProblem
from microopt.planning.portfolio.house_rows import house_rows
from microopt.planning.portfolio.joint_program import JointProgram, join_programs
from microopt.planning.portfolio.known_picks import plan_from
from microopt.planning.portfolio.least_share import refuse_curved_goals
from microopt.planning.portfolio.outcome import build_portfolio_plan
from microopt.planning.portfolio.shared_creators import PlannedCampaign
from microopt.planning.portfolio.solve_joint import SolvedJoint, is_infeasible, solve_joint
from microopt.planning.portfolio.volume_levels import level_rows, with_levels
from microopt.planning.time_budget import TimeBudget
from microopt.quantities.keys import match_key, match_keys
from microopt.solver.backends.base import Backend, load_backend
from microopt.solver.program import Columns
from microopt.solver.result import SolveLimits

ALONE_SHARE = 0.5  # of the time, for the plans alone
JOINT_SHARE = 0.7  # of the time left, for the joint program
MakePlan = Callable[[Entry, Campaign, SolveLimits], Plan | Diagnosis | None]


class SolvedPortfolio(Struct, frozen=True, kw_only=True, eq=False):
    """A portfolio with the plan of each campaign, or why it has none, by name."""

    plan: PortfolioPlan
    plans: Mapping[str, Plan]
    diagnoses: Mapping[str, Diagnosis]


def solve_portfolio(
    portfolio: Portfolio,
    entries: Sequence[Entry],
    *,
    fair: bool = False,
    allocate: bool = False,
    limits: SolveLimits | None = None,
    solver: Backend | None = None,
    make_plan: MakePlan | None = None,
    one_by_one: bool = False,
) -> SolvedPortfolio | PortfolioDiagnosis:
    """Return the best division of creators and money over campaigns, with the plan of each.

    The order of the campaigns does not matter. A campaign that has no plan even alone is left out, with its diagnosis.

    Parameters
    ----------
    entries
        The campaigns that can be planned.
    fair
        Whether the least share of the best alone is maximized first, and the weighted sum of shares after it.
    allocate
        Whether the house budget is divided where it brings most, whatever the budgets of the campaigns.
    limits, solver
        60 seconds, no gap, and CBC by default; the limits are for all of it.
    make_plan
        Makes the plan of a campaign within its part; where it makes none, and by default, a new campaign is planned.
    one_by_one
        Whether to compare with campaigns that are planned one after the other, as listed and in reverse.

    Raises
    ------
    CampaignError, UsageError
        If a campaign or a rule of the house does not fit, or signed contracts break an exclusivity.
    AuditError, BackendError
        If the solver's result does not hold, or the solver fails.
    """
    time_budget, backend = TimeBudget(limits or SolveLimits(seconds=60.0)), solver or load_backend()
    if allocate and portfolio.budget is None:
        fix = "add budget = 60_000 to the portfolio file, or leave out --allocate"
        message = "--allocate divides the house budget, which the portfolio does not give"
        raise UsageError(message, fix=fix, code="portfolio-budget")
    entries = sorted(entries, key=lambda entry: match_key(entry.name))
    problems, diagnoses = _solve_alone(portfolio, entries, backend, time_budget, allocate=allocate)
    if not problems:
        return PortfolioDiagnosis(diagnoses=diagnoses)
    refuse_signed_rivals(portfolio, problems)
    if fair:
        refuse_curved_goals(join_columns(problems))
    joint = _build_joint(portfolio, problems)
    solved = solve_joint(joint, fair=fair, backend=backend, time_budget=time_budget, share=JOINT_SHARE)
    if solved.result.columns is None and not is_infeasible(solved.result):
        from microopt.planning.portfolio.fallback import fall_back

        solved = fall_back(portfolio, solved, backend, time_budget) or solved
    if solved.result.columns is None:
        return find_clash(solved, diagnoses, backend, time_budget)
    planned = _plan_parts(portfolio, solved, make_plan, backend, time_budget)
    plan = build_portfolio_plan(
        portfolio, solved, planned, diagnoses, time_budget.elapsed, fair=fair, allocate=allocate
    )
    if one_by_one:
        from microopt.planning.portfolio.one_by_one import compare_one_by_one

        plan = replace(plan, one_by_one=compare_one_by_one(portfolio, problems, backend, time_budget))
    return SolvedPortfolio(plan=plan, plans={name: each.plan for name, each in planned.items()}, diagnoses=diagnoses)


def _solve_alone(
    portfolio: Portfolio, entries: Sequence[Entry], backend: Backend, time_budget: TimeBudget, *, allocate: bool
) -> tuple[list[SharedProblem], dict[str, Diagnosis]]:
    """Return the campaigns with their best plans alone, and why some have none."""
    problems: list[SharedProblem] = []
    diagnoses: dict[str, Diagnosis] = {}
    keys = _keys_in_several(entries)
    for number, entry in enumerate(entries):
        share = ALONE_SHARE / (len(entries) - number * ALONE_SHARE)
        limits = time_budget.limits_for(f"{entry.name} alone", share)
        campaign = _own_campaign(portfolio, entry, allocate=allocate)
        found = _solve_entry(portfolio, entry, campaign, keys, backend, limits)
        if isinstance(found, Diagnosis):
            diagnoses[entry.name] = found
        else:
            problems.append(found)
    return problems, diagnoses


def _own_campaign(portfolio: Portfolio, entry: Entry, *, allocate: bool) -> Campaign:
    """Return the campaign with amounts for percents of its budget, and with the budget that it may have at most."""
    campaign = entry.campaign
    if campaign.changes_with_budget and campaign.budget is None:
        message = f"{entry.name} has a rule in percent of its budget, and no budget"
        raise CampaignError(message, fix=f"add a budget to {entry.member.file}", code="portfolio-own-budget")
    campaign = without_budget_shares(campaign)
    if not allocate and campaign.budget is not None:
        return campaign
    most = [cents for cents in (entry.member.cap, portfolio.budget) if cents is not None]
    if not most:
        return campaign
    spendable = floor(min(most) / _rate(portfolio, entry, campaign_currency(entry.roster, campaign)))
    return replace(campaign, budget=campaign.budget_for(spendable))


def _rate(portfolio: Portfolio, entry: Entry, currency: str) -> Fraction:
    """Return what a unit of a campaign's currency is worth in that of the house.

    Raises
    ------
    CampaignError
        If the portfolio has no rate for it.
    """
    if currency == portfolio.currency:
        return Fraction(1)
    if currency not in portfolio.exchange:
        message = f"{entry.name} is in {currency}, and the portfolio in {portfolio.currency} has no rate for it"
        fix = f"add exchange = {{ {currency} = 1.08 }}: what one {currency} is worth in {portfolio.currency}"
        raise CampaignError(message, fix=fix, code="portfolio-rate")
    return portfolio.exchange[currency]


def _keys_in_several(entries: Sequence[Entry]) -> frozenset[str]:
    """Return the match keys of creators who are on the lists of several campaigns."""
    counts: Counter[str] = Counter()
    for entry in entries:
        creators = entry.roster.texts["creator"]
        counts.update(set(match_keys([creators.labels[code] for code in np.unique(creators.codes).tolist()])))
    return frozenset(key for key, count in counts.items() if count > 1)


def _solve_entry(
    portfolio: Portfolio,
    entry: Entry,
    campaign: Campaign,
    keys: frozenset[str],
    backend: Backend,
    limits: SolveLimits,
) -> SharedProblem | Diagnosis:
    problem, warnings = build_problem(entry.roster, campaign)
    refuse_separate_search(entry, campaign, many_schedules=problem.schedules is not None)
    alone = solve_problem(problem, limits=limits, solver=backend, warnings=warnings)
    if isinstance(alone, Diagnosis):
        return diagnose(problem, alone, backend, limits).diagnosis
    joined, level = with_levels(problem, entry.roster, campaign, portfolio.volume, keys)
    objective, program = alone.objective, alone.program
    if joined is not problem:
        objective = build_objective(joined, alone.ideals)
        program = formulate(joined, objective)
    return SharedProblem(
        entry=entry,
        campaign=campaign,
        alone=alone,
        problem=joined,
        objective=objective,
        program=program,
        level=level,
        rate=_rate(portfolio, entry, problem.currency),
    )


def refuse_separate_search(entry: Entry, campaign: Campaign, *, many_schedules: bool) -> None:
    """Refuse campaigns whose plan is no optimum of one program.

    Raises
    ------
    CampaignError
        If it is planned for the worst outcomes or for what declines leave, or has too many schedules.
    """
    after_declines = campaign.declines is not None and campaign.declines.after_declines
    reasons = {
        "is planned for the worst outcomes": campaign.worst_share is not None,
        "is planned for what is left after declines": after_declines,
        "has too many schedules to share them": many_schedules,
    }
    for reason, applies in reasons.items():
        if applies:
            fix = "plan it alone with microopt plan, or change that in its campaign file"
            raise CampaignError(f"{entry.name} {reason}, which a portfolio cannot", fix=fix, code="portfolio-search")


def _build_joint(portfolio: Portfolio, problems: Sequence[SharedProblem]) -> JointProgram:
    columns = join_columns(problems)
    on_creators = (*creator_rows(portfolio, columns), *level_rows(columns, portfolio.volume))
    return join_programs(columns, tuple(house_rows(portfolio, columns)), on_creators)


def _plan_parts(
    portfolio: Portfolio,
    solved: SolvedJoint,
    make_plan: MakePlan | None,
    backend: Backend,
    time_budget: TimeBudget,
) -> dict[str, PlannedCampaign]:
    """Return the plan of each campaign within its part, one after the other, each beside what the others book."""
    assert solved.result.columns is not None
    problems = solved.joint.columns.problems
    picks = [solved.joint.picks_of(number, solved.result.columns) for number in range(len(problems))]
    booked = {problem.name: booked_by_choices(problem, own) for problem, own in zip(problems, picks, strict=True)}
    limits = campaign_limits(portfolio.capacity, problems)
    planned: dict[str, PlannedCampaign] = {}
    for number, (problem, own) in enumerate(zip(problems, picks, strict=True)):
        rest = {name: each for name, each in booked.items() if name != problem.name}
        others = Others(portfolio=portfolio, problems=problems, booked=rest, limits=limits)
        part = allot(problem, own, others)
        own_limits = time_budget.limits_for(problem.name, 1 / (len(problems) - number))
        plan = _plan_part(problem, own, part, make_plan, backend, own_limits)
        discounts = {match_key(name): share for name, share in discounts_with(problem, own, others).items()}
        planned[problem.name] = PlannedCampaign(shared=problem, plan=plan, discounts=discounts)
        booked[problem.name] = planned[problem.name].booked
    return planned


def _plan_part(
    problem: SharedProblem,
    picks: Columns,
    part: Campaign,
    make_plan: MakePlan | None,
    backend: Backend,
    limits: SolveLimits,
) -> Plan:
    found = None if make_plan is None else make_plan(problem.entry, part, limits)
    return found if isinstance(found, Plan) else plan_from(problem, picks, part, backend, limits)
