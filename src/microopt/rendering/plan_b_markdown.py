"""What becomes of a plan where creators decline, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.analysis.plan_b.result import DeclineCase, PlanB
from microopt.rendering.markdown import markdown_table
from microopt.rendering.sanitize import escape_markdown, plain_lines
from microopt.rendering.wording.plan_b import (
    describe_case,
    format_goal_change,
    format_money_change,
    metric_changes,
    plan_b_head,
)

HEADINGS = ("If they decline", "Book", "Cost", "Goal")


def plan_b_markdown(result: PlanB) -> str:
    """Return whom to book where creators decline as Markdown: the answer first, then a table."""
    title = escape_markdown(result.before.campaign.name or "Campaign plan")
    head = "  \n".join(escape_markdown(sentence) for _, sentence in plan_b_head(result))
    blocks = [f"# {title}: plan B", head, markdown_table(HEADINGS, _cases(result), right_from=2)]
    first = next((case.change for case in (*result.cases[:1], result.freely) if case is not None and case.change), None)
    if first is not None and result.plan is not None:
        blocks.append(
            markdown_table(("", "Plan", "Plan B", "Change"), metric_changes(first, result.before), right_from=1)
        )
    return plain_lines("\n\n".join(blocks)) + "\n"


def _cases(result: PlanB) -> Iterator[tuple[str, ...]]:
    for case in result.cases:
        words = escape_markdown(" and ".join(case.declined)), escape_markdown(describe_case(case))
        yield (*words, *_changes(case, result))


def _changes(case: DeclineCase, result: PlanB) -> tuple[str, str]:
    if case.change is None:
        return "", ""
    return format_money_change(case.change, result.before), format_goal_change(case.change)
