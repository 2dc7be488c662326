"""A plan in one line, for a log, a chat, or the subject of an email."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.plan.plan import Plan
from microopt.quantities.parse_and_format import format_count, format_money
from microopt.rendering.sanitize import plain_text
from microopt.rendering.wording.plan_figures import format_conversions
from microopt.rendering.wording.waves import count_creators_and_posts

MAX_NAMES = 5  # of creators added, and of creators dropped


def plan_line(plan: Plan) -> str:
    """Return the plan as one line: `optimal · 14 creators · $19,965 of $20,000 · 63.6k engagements · ...`."""
    return plain_text(" · ".join(_parts(plan))) + "\n"


def _parts(plan: Plan) -> Iterator[str]:
    proof, totals, currency = plan.proof, plan.totals, plan.roster.currency
    yield proof.status if not proof.gap else f"{proof.status} (gap {proof.gap:.2g})"
    yield count_creators_and_posts(plan)
    budget = plan.campaign.budget
    yield format_money(totals.spend, currency) + ("" if budget is None else f" of {format_money(budget, currency)}")
    yield f"{format_count(totals.metrics['engagements'] / 1000)} engagements"
    yield f"{format_conversions(totals.metrics['conversions'])} conversions"
    if plan.replan is not None:
        yield _switches(plan) or "nobody added or dropped"


def _switches(plan: Plan) -> str:
    parts = []
    for word, added in (("added", True), ("dropped", False)):
        names = [switch.creator for switch in plan.replan.switches if switch.added is added] if plan.replan else []
        if names:
            listed = names if len(names) <= MAX_NAMES + 1 else names[:MAX_NAMES]
            rest = f" and {len(names) - len(listed)} more" if len(names) > len(listed) else ""
            parts.append(f"{word} {', '.join(map(plain_text, listed))}{rest}")
    return ", ".join(parts)
