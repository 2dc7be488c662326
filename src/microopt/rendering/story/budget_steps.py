"""What changes from each budget to the next, in words; and where a chart of budgets would be flat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from msgspec import Struct

from microopt.analysis.frontier.result import Frontier, FrontierPoint
from microopt.analysis.report.result import Report
from microopt.plan.difference import NOT_LOOKED_AT
from microopt.plan.plan import Totals
from microopt.quantities.units import Cents
from microopt.rendering.language.language import Language
from microopt.rendering.story.earnings import SAME
from microopt.rendering.story.figures import change, names_of
from microopt.rendering.story.results import telling_results
from microopt.rendering.wording.near_optimum import is_point_proven

NAMED = 3  # creators in a sentence


class BudgetStep(Struct, frozen=True, kw_only=True):
    """A budget, and how its plan differs from that of the budget before.

    Attributes
    ----------
    budget
        Cents.
    money
        The budget in words.
    own
        Whether it is the budget of the plan itself.
    totals
        None if there is no plan.
    changes
        Relative changes of results, such as `+50% engagements, −15% conversions`; or empty.
    sentence
        All of it: `At $20,000, @x is added and @y is dropped: +50% engagements, −15% conversions.`
    """

    budget: Cents
    money: str
    own: bool
    totals: Totals | None
    changes: str = ""
    sentence: str = ""


def budget_steps(report: Report, language: Language) -> tuple[BudgetStep, ...]:
    """Return every budget of the report's frontier, the lowest first; none without a frontier."""
    frontier = report.frontier
    return () if frontier is None else tuple(_steps(report, frontier, language))


def is_flat(report: Report) -> bool:
    """Whether all budgets have the same plan, so that a chart would be flat."""
    frontier = report.frontier
    if frontier is None:
        return False
    plans = [(point.creators, point.totals) for point in frontier.points if point.totals is not None]
    return len(plans) > 1 and all(plan == plans[0] for plan in plans)


def flat_sentence(report: Report, language: Language) -> str:
    """Return that no budget changes the plan, where that is so; else nothing."""
    frontier = report.frontier
    if frontier is None or not is_flat(report):
        return ""
    points = [point for point in frontier.points if point.totals is not None]
    low, high = (language.money(point.budget, frontier.roster.currency) for point in (points[0], points[-1]))
    is_limited = not points[0].creators  # no budget buys anything
    if is_limited or not all(map(is_point_proven, points)):
        return language.text("The best plan found is the same for any budget from {low} to {high}.", low=low, high=high)
    return language.text(
        "Any budget from {low} to {high} gives the same plan: money is not what limits it.",
        low=low,
        high=high,
    )


def _steps(report: Report, frontier: Frontier, language: Language) -> Iterator[BudgetStep]:
    before: Totals | None = None
    for point, added, dropped in zip(frontier.points, frontier.added, frontier.dropped, strict=True):
        money = language.money(point.budget, frontier.roster.currency)
        own = point.budget == report.plan.campaign.budget
        if point.totals is None:
            sentence = _why_no_plan(point, money, language)
            yield BudgetStep(budget=point.budget, money=money, own=own, totals=None, sentence=sentence)
            continue
        changes = [] if before is None else result_changes(report, point.totals, before, language)
        if before is None:
            sentence = _first(money, point, language)
        else:
            sentence = _sentence(money, added, dropped, changes, language)
        yield BudgetStep(
            budget=point.budget,
            money=money,
            own=own,
            totals=point.totals,
            changes=", ".join(changes),
            sentence=sentence,
        )
        before = point.totals


def _first(money: str, point: FrontierPoint, language: Language) -> str:
    return language.plural(
        "At {money}, the plan has {count} creator.",
        "At {money}, the plan has {count} creators.",
        len(point.creators),
        money=money,
    )


def _sentence(
    money: str, added: Sequence[str], dropped: Sequence[str], changes: Sequence[str], language: Language
) -> str:
    """Return who is added and dropped at a budget, and what that changes."""
    if not added and not dropped and not changes:
        return language.text("At {money}, the plan stays the same.", money=money)
    moves = _moves(money, added, dropped, language)
    if dropped and not added and any(each.startswith("+") for each in changes):
        moves = language.text("{moves}, and others do more", moves=moves)
    if not changes:
        return language.text("{moves}: about the same results.", moves=moves)
    return f"{moves}: {', '.join(changes)}."


def _moves(money: str, added: Sequence[str], dropped: Sequence[str], language: Language) -> str:
    new, old = names_of(language, tuple(added), NAMED), names_of(language, tuple(dropped), NAMED)
    if added and dropped:
        return language.plural(
            "At {money}, {added} replaces {dropped}",
            "At {money}, {added} replace {dropped}",
            len(added),
            money=money,
            added=new,
            dropped=old,
        )
    if added:
        return language.plural(
            "At {money}, {creators} is added",
            "At {money}, {creators} are added",
            len(added),
            money=money,
            creators=new,
        )
    if dropped:
        return language.plural(
            "At {money}, {creators} is dropped",
            "At {money}, {creators} are dropped",
            len(dropped),
            money=money,
            creators=old,
        )
    return language.text("At {money}, the same creators do other work", money=money)


def result_changes(report: Report, totals: Totals, before: Totals, language: Language) -> list[str]:
    """Return the relative change of each result that the goal counts, where there is one."""
    changes = []
    for name in telling_results(report.plan.campaign.goal):
        part = relative_change(totals, before, name)
        if part is None or abs(part) < SAME:
            continue
        if name == "engagements":
            changes.append(language.text("{change} engagements", change=change(language, part)))
        elif name == "conversions":
            changes.append(language.text("{change} conversions", change=change(language, part)))
        else:
            changes.append(language.text("{change} gross reach", change=change(language, part)))
    return changes


def relative_change(totals: Totals, base: Totals, name: str) -> Fraction | None:
    """Return how much more of a metric there is than in other totals, None if these have none of it."""
    other = base.metrics[name]
    return Fraction(totals.metrics[name] - other, other) if other else None


def _why_no_plan(point: FrontierPoint, money: str, language: Language) -> str:
    if point.status == "infeasible":
        return language.text("At {money}, no plan keeps the rules.", money=money)
    if point.status == NOT_LOOKED_AT:
        return language.text("{money} was not looked at: time was up.", money=money)
    return language.text("At {money}, no plan was found in the time given.", money=money)
