"""Whether what a tier costs may be shown to whom the fees of single creators are not."""

from __future__ import annotations

from microopt.analysis.report.result import Report


def shows_tier_money(report: Report) -> bool:
    """Whether what each tier costs is shown: in an edition without fees, it must not be what one creator costs."""
    return report.edition.fees or all(part.creators != 1 for part in report.plan.mix.values())
