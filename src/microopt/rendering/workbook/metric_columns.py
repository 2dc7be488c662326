"""How the columns of metrics are headed, and how their numbers are shown."""

from __future__ import annotations

from microopt.rendering.language.language import Language
from microopt.rendering.story.metric_names import metric_names

COUNT, TENTHS = "#,##0", "#,##0.0"


def metric_headers(language: Language) -> dict[str, str]:
    """Return the header of each metric; that reach is gross is said on the sheet Method, as columns are narrow."""
    return {**metric_names(language), "reach": language.text("Reach")}


def metric_format(name: str) -> str:
    """Return the number format of a metric."""
    return TENTHS if name == "conversions" else COUNT
