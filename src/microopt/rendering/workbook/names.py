"""The names of figures in the language of a workbook."""

from __future__ import annotations

from microopt.rendering.language.language import Language


def metric_names(language: Language) -> dict[str, str]:
    """Return the name of each metric, as a header has it."""
    text = language.text
    return {
        "reach": text("Reach"),
        "impressions": text("Impressions"),
        "engagements": text("Engagements"),
        "clicks": text("Clicks"),
        "conversions": text("Conversions"),
    }


def ratio_names(language: Language) -> dict[str, str]:
    """Return the name of what an engagement, a conversion, and a thousand impressions cost."""
    text = language.text
    return {"cpe": text("CPE"), "cpa": text("CPA"), "cpm": text("CPM")}


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
        "total": text("Total"),
    }
