"""Plans compared with the usual ways to choose creators, on the examples with their own campaigns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.markdown import table
from benchmarks.spec import Report, Size, Spec
from microopt import Plan, SolveLimits, campaign_from_input, optimize, read_campaign_file, read_roster
from microopt.campaign.campaign import Campaign
from microopt.plan.plan import BaselinePlan, Totals
from microopt.planning.baselines import (
    engagement_rate_baseline,
    engagements_per_dollar_baseline,
    most_followers_baseline,
)
from microopt.planning.build_problem import build_problem
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import metric_objective
from microopt.planning.problem import PlanningProblem
from microopt.quantities.parse_and_format import format_money
from microopt.solver.program import IntegerProgram

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
HABITS: tuple[Callable[[PlanningProblem, IntegerProgram], BaselinePlan], ...] = (
    engagement_rate_baseline,
    engagements_per_dollar_baseline,
    most_followers_baseline,
)
SECONDS = 300.0
NOTE = (
    "`of plan` compares the plan with the habit: +50% says that the plan brings half as much again. The examples are "
    "synthetic, so the figures show how the ways of choosing differ, not what a campaign will earn. Habits start with "
    "the creators that the campaign includes and keep the budget and all rules, as the plan does: quotas are filled "
    "first from the top of the list, and nobody is added who would break a limit. A list with cheap creators at its "
    "top reaches the limit on their number before the money is gone: such a habit is compared at what it spends. Where "
    "a list cannot keep a rule, the rule is named, and the habit is not compared."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HabitResult:
    """One example: its plan, and the result of each habit at the same budget."""

    name: str
    plan: Plan
    habits: tuple[BaselinePlan, ...]


def run(size: Size) -> Report:
    """Plan each example and compare the plan with the habits."""
    result = [_compare_habits(name) for name in size.examples]
    missed = tuple(f"the plan of {each.name} is not proven" for each in result if each.plan.proof.status != "optimal")
    headers = [
        "Example",
        "Creators are chosen by",
        "Engagements",
        "of plan",
        "Conversions",
        "of plan",
        "Spend",
        "Creators",
    ]
    rows = [row for each in result for row in _rows(each)]
    return Report(text=f"{table(headers, rows, left=2)}\n\n{NOTE}", missed=missed)


def _compare_habits(name: str) -> HabitResult:
    """Return the plan and the habits of one example."""
    settings, _ = read_campaign_file(str(EXAMPLES / f"{name}.toml"))
    roster, campaign = read_roster(str(EXAMPLES / f"{name}.csv")), campaign_from_input(settings)
    plan = optimize(roster, campaign, limits=SolveLimits(seconds=SECONDS))
    assert isinstance(plan, Plan), f"the example {name} has no plan"
    case, _ = build_problem(roster, campaign)
    program = formulate(case, metric_objective(case, "engagements"))
    return HabitResult(name=name, plan=plan, habits=tuple(habit(case, program) for habit in HABITS))


def _rows(result: HabitResult) -> list[list[str]]:
    plan, campaign = result.plan, result.plan.campaign
    proof = "proven optimal" if plan.proof.status == "optimal" else f"within {plan.proof.gap:.2%} of the best"
    first = [f"{result.name}, goal {campaign.goal.name}", f"**microopt plan** ({proof})"]
    rows = [[*first, *_figures(plan.totals, plan.totals, campaign)]]
    return rows + [["", *_habit_cells(habit, plan)] for habit in result.habits]


def _habit_cells(habit: BaselinePlan, plan: Plan) -> list[str]:
    """Return the cells of a habit; one that breaks a rule is not compared."""
    cells = _figures(habit.totals, plan.totals, plan.campaign)
    if not habit.broken:
        return [habit.rule, *cells]
    return [f"{habit.rule} (breaks {', '.join(habit.broken)})", cells[0], "", cells[2], "", *cells[4:]]


def _figures(own: Totals, plan: Totals, campaign: Campaign) -> list[str]:
    cells = []
    for metric in ("engagements", "conversions"):
        cells += [f"{own.metrics[metric] / 1000:,.0f}", "" if own is plan else _advantage(own, plan, metric)]
    return [*cells, format_money(own.spend, campaign.currency or "USD", whole_units=True), f"{own.creators:,}"]


def _advantage(habit: Totals, plan: Totals, metric: str) -> str:
    """Return by how much the plan exceeds the habit, in percent of the habit."""
    if not habit.metrics[metric]:
        return "nothing to compare"
    return f"{plan.metrics[metric] / habit.metrics[metric] - 1:+.0%}"


SPEC = Spec(
    name="habits",
    about="engagements and conversions of the plan against three habits, on the examples",
    full=Size(examples=("launch", "season", "always-on")),
    smoke=Size(examples=("launch",)),
    run=run,
)
