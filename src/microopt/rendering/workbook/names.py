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
