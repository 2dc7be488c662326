"""The names of metrics, and of what one result costs, as headings and axes have them."""

from __future__ import annotations

from microopt.rendering.language.language import Language


def metric_names(language: Language) -> dict[str, str]:
    """Return the name of each metric."""
    text = language.text
    return {
        "reach": text("Gross reach"),
        "impressions": text("Impressions"),
        "engagements": text("Engagements"),
        "clicks": text("Clicks"),
        "conversions": text("Conversions"),
    }


def metric_name(name: str, language: Language) -> str:
    """Return the name of one metric."""
    return metric_names(language)[name]


def ratio_names(language: Language) -> dict[str, str]:
    """Return the name of what an engagement, a conversion, and a thousand impressions cost."""
    text = language.text
    return {"cpe": text("CPE"), "cpa": text("CPA"), "cpm": text("CPM")}
