"""The sentences about a trade-off between the mean and the worst outcomes."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from microopt.analysis.tradeoff.risk_front import RiskFront
from microopt.quantities.parse_and_format import format_bound, format_percent
from microopt.rendering.wording.full_stop import end_sentence
from microopt.rendering.wording.limits import LIMITS
from microopt.rendering.wording.worst_share import share_words


def risk_front_head(front: RiskFront) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): what the range of plans trades, and how sure that is."""
    part, first, last = f"the worst {share_words(front.share)}", front.points[0], front.points[-1]
    if len(front.points) == 1:
        yield "main fact", f"One plan was found: it is the best on average, and no plan found is better in {part}."
    elif first.mean and first.worst:
        costs, raises = (first.mean - last.mean) / abs(first.mean), (last.worst - first.worst) / abs(first.worst)
        gained, lost = format_percent(float(raises)), format_percent(float(costs))
        yield "main fact", f"Point 1 is the best on average. Point {len(front.points)} raises {part} by {gained}."
        yield "fact", f"From point 1 to point {len(front.points)}, you give up {lost} of the mean for that."
    yield _proof(front)


def _proof(front: RiskFront) -> tuple[str, str]:
    if front.proven():
        return "proof", "Each point is proven best at its weight of mean and worst outcomes."
    gap = max(point.gap for point in front.points)
    parts = [f"each point is within {ceil(gap * 10_000) / 100:,.2f}% of the best at its weight"]
    if front.not_examined:
        why = f" ({LIMITS[front.limit]})" if front.limit in ("time", "interrupt") else ""
        parts.append(f"{front.not_examined:,} of {front.steps:,} weights were not looked at{why}")
    return "doubt", f"Not all is proven: {'; '.join(parts)}."


def risk_front_sentences(front: RiskFront) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence) of what stands below the table."""
    drawn = f"{front.scenarios:,} scenarios (seed {front.seed})"
    yield (
        "note",
        f"Mean: expected. Worst {share_words(front.share)}: the mean there, of {drawn}. Changes are from point 1.",
    )
    if len(front.points) > 1:
        risk = format_bound(front.share, True)
        yield (
            "note",
            f"To plan the last point: add --risk {risk} to your microopt plan command; for point 1, leave it out.",
        )
    yield from (("note", f"Note: {end_sentence(note)}") for note in front.notes)
    yield from (("warning", f"Warning: {end_sentence(warning)}") for warning in front.warnings)
