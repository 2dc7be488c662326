"""The portfolio as it is reported: what each campaign gets, who gets whom, and what is proven."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction

import numpy as np

from microopt.campaign.campaign import RangeRule
from microopt.campaign.earnings import is_money
from microopt.campaign.metrics import canonical_measure
from microopt.campaign.portfolio import Portfolio
from microopt.errors import AuditError
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.plan import RuleUse
from microopt.plan.portfolio import CampaignOutcome, PortfolioPlan, PortfolioProof
from microopt.planning.portfolio.budget_shares import amounts_of_budget
from microopt.planning.portfolio.creator_limits import lists_without
from microopt.planning.portfolio.entry import SharedProblem
from microopt.planning.portfolio.house_rows import HouseSum, house_sum
from microopt.planning.portfolio.joint_program import JointProgram
from microopt.planning.portfolio.known_picks import find_choices_of_plan
from microopt.planning.portfolio.least_share import STEPS
from microopt.planning.portfolio.shared_creators import PlannedCampaign, find_shared_creators
from microopt.planning.portfolio.solve_joint import SolvedJoint
from microopt.planning.portfolio.volume_levels import at_levels
from microopt.planning.portfolio.worth import find_prices
from microopt.quantities.discount_steps import volume_discount
from microopt.solver.backends.base import solver_title
from microopt.solver.fingerprint import fingerprint
from microopt.solver.program import Columns
from microopt.solver.result import Termination


def build_portfolio_plan(
    portfolio: Portfolio,
    solved: SolvedJoint,
    planned: Mapping[str, PlannedCampaign],
    diagnoses: Mapping[str, Diagnosis],
    seconds: float,
    *,
    fair: bool,
    allocate: bool,
) -> PortfolioPlan:
    """Return the portfolio of campaigns that were planned within their parts, after its audit.

    Raises
    ------
    AuditError
        If the plans together break a limit of the house.
    """
    joint = solved.joint
    columns = at_levels(joint.columns, _columns_of_plans(joint, planned), portfolio.volume)
    _audit(portfolio, joint, planned, columns)
    outcomes = [outcome_of(each) for each in planned.values()]
    outcomes += [_outcome_without_plan(name, diagnosis) for name, diagnosis in diagnoses.items()]
    price = find_prices(solved).cent
    return PortfolioPlan(
        name=portfolio.name,
        goal="fair" if fair else "sum",
        allocates=allocate,
        currency=portfolio.currency,
        budget=portfolio.budget,
        spend=sum(each.house_spend() for each in planned.values()),
        campaigns=tuple(sorted(outcomes, key=lambda each: each.name)),
        creators=find_shared_creators(portfolio, solved, planned),
        rules=tuple(_rule_uses(portfolio, joint, columns)),
        budget_worth=price * portfolio.budget / 100 if price and portfolio.budget else None,
        proof=_build_proof(solved, planned, seconds, fair=fair),
        notes=tuple(_notes(portfolio, joint)),
    )


def outcome_of(each: PlannedCampaign) -> CampaignOutcome:
    """Return what a campaign gets by its plan."""
    shared, plan = each.shared, each.plan
    value = plan.proof.objective
    share = shared.share_of(value)
    return CampaignOutcome(
        name=shared.name,
        status=plan.status,
        goal=plan.campaign.goal.name,
        currency=plan.roster.currency,
        weight=shared.entry.member.weight,
        creators=plan.totals.creators,
        posts=sum(pick.units for pick in plan.picks),
        spend=plan.totals.spend,
        house_spend=each.house_spend(),
        budget=shared.entry.campaign.budget,
        allotted=plan.campaign.budget,
        value=value,
        alone=shared.best_alone,
        alone_proven=shared.alone.proof.status == Termination.OPTIMAL.value,
        share=share,
        lost=None if share is None else 1 - share,
    )


def _outcome_without_plan(name: str, diagnosis: Diagnosis) -> CampaignOutcome:
    campaign = diagnosis.campaign
    clash = ", ".join(diagnosis.reasons or diagnosis.clash[:5])
    is_proven = diagnosis.status == "infeasible"
    problem = f"no plan keeps all of its rules even alone: {clash}" if is_proven else "no plan was found in time"
    return CampaignOutcome(
        name=name,
        status="infeasible" if is_proven else "failed",
        goal=campaign.goal.name,
        currency=diagnosis.roster.currency,
        budget=campaign.budget,
        problem=problem,
    )


def _columns_of_plans(joint: JointProgram, planned: Mapping[str, PlannedCampaign]) -> Columns:
    """Return the columns of the joint program that the plans are."""
    found = [
        find_choices_of_plan(problem, planned[problem.name].plan) + start
        for problem, start in zip(joint.columns.problems, joint.columns.starts, strict=False)
    ]
    return np.concatenate(found)


def _audit(portfolio: Portfolio, joint: JointProgram, planned: Mapping[str, PlannedCampaign], columns: Columns) -> None:
    """Check that the plans together keep every limit of the house.

    Raises
    ------
    AuditError
        If they break one.
    """
    house = range(sum(len(problem.program.rows) for problem in joint.columns.problems), joint.first_creator_row)
    broken = [joint.program.rows[number].label for number in house if not _holds(joint, number, columns)]
    limits = (each.row for each in joint.creator_rows if each.is_limit)
    broken += [row.label for row in limits if row.violation(row.activity(columns))]
    broken += _wrong_discounts(portfolio, planned)
    if broken:
        message = f"the plans of the portfolio do not keep: {', '.join(broken[:5])}"
        fix = "try another --solver, and report this with the portfolio file"
        raise AuditError(message, fix=fix, code="answer-refused")


def _wrong_discounts(portfolio: Portfolio, planned: Mapping[str, PlannedCampaign]) -> Iterator[str]:
    """Yield the creators whose volume discount in a plan is not that of the campaigns they are in."""
    if not portfolio.volume:
        return
    counts = Counter(key for each in planned.values() for key in each.posts)
    for each in planned.values():
        for key in each.posts:
            expected = volume_discount(portfolio.volume, counts[key])
            if each.discounts.get(key, Fraction(0)) != expected:
                yield f"{key}: volume discount in {counts[key]:,} campaigns"


def _holds(joint: JointProgram, number: int, columns: Columns) -> bool:
    row = joint.program.rows[number]
    return row.holds(row.activity(columns))


def _rule_uses(portfolio: Portfolio, joint: JointProgram, columns: Columns) -> Iterator[RuleUse]:
    """Yield how the plans together use each rule of the house."""
    problems = joint.columns.problems
    for stated in portfolio.rules:
        rule = amounts_of_budget(stated, portfolio.budget)
        used = _amount(house_sum(rule, problems), columns)
        if rule.bounds.percent:
            whole = _amount(house_sum(rule, problems, rule.base), columns)
            used = used / whole if whole else Fraction(0)
        yield _rule_use(rule, used)


def _rule_use(rule: RangeRule, used: Fraction) -> RuleUse:
    low, high = rule.bounds.low, rule.bounds.high
    return RuleUse(
        label=rule.label,
        used=used,
        at_least=low,
        at_most=high,
        share=rule.bounds.percent,
        money=is_money(canonical_measure(rule.measure)) and not rule.bounds.percent,
        binding=used in (low, high),
    )


def _amount(sums: HouseSum, columns: Columns) -> Fraction:
    return Fraction(int(sums.amounts[columns].sum()), sums.scale)


def _build_proof(
    solved: SolvedJoint, planned: Mapping[str, PlannedCampaign], seconds: float, *, fair: bool
) -> PortfolioProof:
    result, joint = solved.result, solved.joint
    assert result.objective is not None and result.bound is not None
    shares = [each.shared.share_of(each.plan.proof.objective) for each in planned.values()]
    weights = [each.shared.entry.member.weight for each in planned.values()]
    value = sum((w * share for w, share in zip(weights, shares, strict=True) if share is not None), Fraction(0))
    offset = sum((_offset(problem) for problem in joint.columns.problems), Fraction(0))
    rounding = joint.unit * len(joint.columns.keys) * len(weights)  # half a unit for each column is the most
    bound = max(value, result.bound * joint.unit + offset)
    is_best = result.termination is Termination.OPTIMAL and bound - value <= rounding
    known = [share for share in shares if share is not None]
    least = min(known, default=None) if fair else None
    least_bound = None if least is None or solved.least_share is None else max(least, solved.least_share[1])
    if least is not None:  # the sum alone is no proof of the least share
        is_best = is_best and least_bound is not None and least_bound - least <= Fraction(1, STEPS)
    limit = result.limit or solved.least_limit
    return PortfolioProof(
        status=(Termination.OPTIMAL if is_best else Termination.FEASIBLE).value,
        limit=limit.value if limit else None,
        objective=value,
        bound=bound,
        proven_by=result.proven_by or f"branch and bound of {solver_title(result.backend, result.version)}",
        seconds=round(seconds, 3),
        backend=result.backend,
        version=result.version,
        program=fingerprint(solved.program),
        least_share=least,
        least_share_bound=least_bound,
    )


def _offset(problem: SharedProblem) -> Fraction:
    """Return what the share of a campaign is above its part of the objective: shares of costs and losses end at 2."""
    is_negative = problem.best_alone / problem.objective.unit < 0
    return 2 * problem.entry.member.weight if is_negative else Fraction(0)


def _notes(portfolio: Portfolio, joint: JointProgram) -> Iterator[str]:
    problems = joint.columns.problems
    for name in lists_without(portfolio.capacity, problems):
        yield f"the list of {name} has no column {portfolio.capacity.column}, so that other limits hold for it"
    for problem in problems:
        if not problem.best_alone:
            yield f"{problem.name} could reach nothing alone either, so that its results do not count"
