"""Plan B for a person: whom to book where creators decline, and what changes; or a line for each who may."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from microopt.analysis.plan_b.result import DeclineCase, PlanB
from microopt.plan.plan import Pick
from microopt.rendering.terminal.screen import Screen, message_lines
from microopt.rendering.terminal.table import Column, figure, table, totals_columns
from microopt.rendering.terminal.tiers import study_title
from microopt.rendering.wording.plan_b import (
    describe_case,
    format_goal_change,
    format_money_change,
    metric_changes,
    plan_b_head,
)
from microopt.rendering.wording.plan_figures import format_offer, format_small_change, pick_totals, platform_label
from microopt.rendering.wording.rules import RuleRow, rule_rows
from microopt.rendering.wording.waves import sum_by_creator, waves_of_creator

NAME_WIDTH = 20
WIDE = 100
FIGURES = ("cost", "engagements", "conversions")


def plan_b_table(result: PlanB, screen: Screen) -> str:
    """Return what becomes of a plan where creators decline, as text."""
    parts: list[RenderableType] = [*message_lines(plan_b_head(result)), "", study_title(result.before, screen)]
    case = shown_case(result)
    if not result.asked:
        parts += _cases([each for each in result.cases if len(each.declined) == 1], result, screen)
        pairs = [each for each in result.cases if len(each.declined) > 1]
        parts += ["", *_cases(pairs, result, screen)] if pairs else []
    elif case is not None:
        parts += _single(result, case, screen)
    return screen.render(*parts)


def shown_case(result: PlanB) -> DeclineCase | None:
    """Return the case whose plan is shown: with the rest kept if that is possible, else with it open."""
    return next((case for case in (*result.cases[:1], result.freely) if case is not None and case.change), None)


def _single(result: PlanB, case: DeclineCase, screen: Screen) -> Iterator[RenderableType]:
    """Yield whom to book, what changes, and how the rules are met."""
    assert case.change is not None
    in_waves = result.before.campaign.calendar is not None

    def waves(pick: Pick) -> str:
        return ", ".join(waves_of_creator(case.booked, pick.creator))

    if case.booked:
        booked: list[Column[Pick]] = [
            Column("Book instead", lambda pick: pick.creator, min_width=NAME_WIDTH),
            Column("Tier", lambda pick: pick.tier.capitalize(), priority=1),
            Column("Post", lambda pick: f"{platform_label(pick.platform)} {format_offer(pick)}".strip(), priority=2),
            *([Column("Waves", waves, min_width=12, wrap=True, priority=3)] if in_waves else []),
            *totals_columns(FIGURES, pick_totals, result.before.roster.currency),
        ]
        yield from table(booked, sum_by_creator(case.booked) if in_waves else case.booked, screen)
        yield ""
    changes: list[Column[tuple[str, str, str, str]]] = [
        Column("", lambda row: row[0]),
        figure("Plan", lambda row: row[1]),
        figure("Plan B", lambda row: row[2]),
        figure("Change", lambda row: row[3]),
    ]
    yield from table(changes, list(metric_changes(case.change, result.before)), screen)
    if result.plan is not None and (rules := list(rule_rows(result.plan))):
        shown: list[Column[RuleRow]] = [
            Column("Rule", lambda rule: rule.label, min_width=30, share=3, wrap=True),
            Column("used", lambda rule: rule.used),
            Column("allowed", lambda rule: rule.allowed),
            Column("", lambda rule: rule.room or ""),
        ]
        yield ""
        yield from table(shown, rules, screen)


def _cases(cases: list[DeclineCase], result: PlanB, screen: Screen) -> Iterator[RenderableType]:
    plan = result.before

    def metric(case: DeclineCase, name: str) -> str:
        total = plan.totals.metrics[name]
        return "" if case.change is None or not total else format_small_change(case.change.metrics[name] / total)

    columns: list[Column[DeclineCase]] = [
        Column("If they decline", lambda case: " and ".join(case.declined), min_width=NAME_WIDTH, share=2),
        Column("book", describe_case, min_width=NAME_WIDTH, share=3, wrap=True),
        figure("Cost", lambda case: "" if case.change is None else format_money_change(case.change, plan)),
        figure("Goal", lambda case: "" if case.change is None else format_goal_change(case.change)),
        figure("Engagements", lambda case: metric(case, "engagements"), from_width=WIDE),
        figure("Conversions", lambda case: metric(case, "conversions"), from_width=WIDE),
    ]
    return table(columns, cases, screen)
