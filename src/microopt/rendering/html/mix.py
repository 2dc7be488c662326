"""Where the money goes: a row of each tier, and the lines of what is paid besides fees."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from microopt.plan.plan import Plan
from microopt.rendering.language.language import Language
from microopt.rendering.sanitize import plain_text
from microopt.rendering.story.cost_names import cost_line_name
from microopt.rendering.wording import costs


class TierRow(Struct, frozen=True, kw_only=True):
    """A tier's creators and spend, and its shares of the spend and of the results."""

    tier: str
    creators: str
    spend: str
    of_spend: str
    of_engagements: str
    of_conversions: str


def tier_rows(plan: Plan, language: Language) -> Iterator[TierRow]:
    """Yield a row of each tier, the largest first."""
    totals = plan.totals
    for tier, part in plan.mix.items():
        yield TierRow(
            tier=plain_text(tier),
            creators=language.number(part.creators),
            spend=language.money(part.spend, plan.roster.currency, whole=True),
            of_spend=share(part.spend, totals.spend, language),
            of_engagements=share(part.metrics["engagements"], totals.metrics["engagements"], language),
            of_conversions=share(part.metrics["conversions"], totals.metrics["conversions"], language),
        )


def cost_rows(plan: Plan, language: Language) -> Iterator[tuple[str, str, str]]:
    """Yield (title, amount, share of the spend) of each line of the cost; none where the plan pays fees alone."""
    for line in costs.cost_lines(plan):
        amount = language.money(line.cents, plan.roster.currency)
        kept = line.key == "contingency"
        of_spend = language.text("kept") if kept else share(line.cents, plan.totals.spend, language)
        yield cost_line_name(line, plan, language), amount, of_spend


def share(part: int, total: int, language: Language) -> str:
    """Return a part as a percentage of the whole, a dash if that is 0."""
    return language.percent(part / total) if total else "-"
