"""The names of what is paid: fees, what comes on top of them, and what is kept in hand."""

from __future__ import annotations

from microopt.plan.plan import Plan
from microopt.rendering.language.language import Language
from microopt.rendering.story.figures import fine_percent
from microopt.rendering.wording.costs import CostLine


def cost_names(language: Language) -> dict[str, str]:
    """Return the name of each line of costs, and of what else is paid on top of fees."""
    text = language.text
    return {
        "fee": text("Fees"),
        "usage": text("Usage rights"),
        "whitelisting": text("Whitelisting"),
        "exclusivity": text("Exclusivity"),
        "boosting": text("Boosting"),
        "agency": text("Agency"),
        "products": text("Products"),
        "seeding": text("Seeding"),
        "production": text("Production"),
        "travel": text("Travel"),
        "extra_cost": text("Other costs"),
        "commission": text("Commissions"),
        "handling": text("Handling"),
        "extras": text("Extras"),
        "total": text("Total"),
    }


def cost_line_name(line: CostLine, plan: Plan, language: Language) -> str:
    """Return the name of a line of costs; that of the contingency says how large a share of the budget it is."""
    if line.key == "contingency":
        return language.text("Contingency {share}", share=fine_percent(language, float(plan.campaign.contingency or 0)))
    return cost_names(language)[line.key]
