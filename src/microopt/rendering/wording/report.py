"""What identifies the origin of a plan, and whether results are in, as pages and workbooks say it."""

from __future__ import annotations

from math import ceil

from microopt.analysis.report.result import Report
from microopt.files.reading import source_name
from microopt.planning.likely_ranges import Ranges
from microopt.rendering.sanitize import plain_text
from microopt.rendering.wording.near_optimum import format_shortfall, is_near_optimum
from microopt.rendering.wording.plan_figures import score_rows


def has_final_results(ranges: Ranges) -> bool:
    """Whether the results of any range are final."""
    return any(interval.final for intervals in (*ranges.picks, ranges.independent) for interval in intervals.values())


def provenance_rows(report: Report) -> list[tuple[str, str]]:
    """Return (name, value) of everything that identifies the origin of the plan."""
    plan, proof = report.plan, report.plan.proof
    source = plan.roster.source
    proven = f"not proven, within {ceil(10_000 * proof.gap) / 100:,.2f}% of the best"
    if proof.status == "optimal":
        proven = "proven optimal"
    elif is_near_optimum(plan):
        proven = f"proven optimal to within {format_shortfall(plan)}"
    rows = [
        ("Roster", source_name(source.path)),
        ("Roster SHA-256", source.sha256),
        ("Sheet", source.sheet or ""),
        ("Creators", f"{plan.roster.creators:,} in the list, {plan.roster.filtered:,} of them filtered out"),
        ("Offers", f"{plan.roster.offers:,}"),
        ("Goal", plan.campaign.goal.name),
        *score_rows(plan),
        ("Campaign SHA-256", plan.campaign_sha256 or ""),
        ("Proof", f"{proven}, by {proof.proven_by}"),
        ("Confirmed by", proof.confirmed_by),
        ("Solver", f"{proof.backend} {proof.version}, {proof.seconds:.2f} s"),
        ("Program SHA-256", proof.program),
        ("Plan seal", report.seal),
        ("Made with", f"microopt {report.microopt}"),
    ]
    return [(name, plain_text(value)) for name, value in rows if value]
