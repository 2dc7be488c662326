"""The names of results as headings of a page."""

from __future__ import annotations

from microopt.rendering.language.language import Language


def metric_name(name: str, language: Language) -> str:
    """Return the heading of a metric."""
    _ = language.text
    return {
        "reach": _("Gross reach"),
        "impressions": _("Impressions"),
        "engagements": _("Engagements"),
        "clicks": _("Clicks"),
        "conversions": _("Conversions"),
    }[name]
