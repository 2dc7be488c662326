"""The sentences about a trade-off between the mean and the worst outcomes."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from microopt.analysis.tradeoff.risk_front import RiskFront
from microopt.quantities.parse_and_format import format_bound, format_percent
from microopt.rendering.wording.full_stop import end_sentence
from microopt.rendering.wording.limits import LIMITS
from microopt.rendering.wording.plan_figures import score_meaning
from microopt.rendering.wording.tail import by_metric
from microopt.rendering.wording.worst_share import LEAST_SHARE, share_words


def risk_front_head(front: RiskFront) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): what the range of plans trades, and how sure that is."""
    part, first, last = f"worst {share_words(front.share)}", front.points[0], front.points[-1]
    where = f"{part} of {front.draws:,} other draws"
    if len(front.points) == 1:
        yield "main fact", f"One plan was found: it is the best on average, and no plan found is better in the {part}."
    elif first.mean and first.fresh:
        costs, raises = (first.mean - last.mean) / abs(first.mean), (last.fresh - first.fresh) / abs(first.fresh)
        lost = format_percent(float(costs))
        if raises >= LEAST_SHARE:
            gains = f"raises the {where} by {format_percent(float(raises))}"
        else:
            gains = f"is not safer: the {where} brings no more with it"
        yield "main fact", f"Point 1 is the best on average. Point {len(front.points)} {gains}."
        score = " score" if front.campaign.goal.name == "balanced" else ""
        yield "fact", f"From point 1 to point {len(front.points)}, you give up {lost} of the mean{score}."
    if len(front.points) > 1:
        yield from by_metric(first.metrics, last.metrics, where)
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
    if front.campaign.goal.name == "balanced":
        yield (
            "note",
            f"Mean, worst {share_words(front.share)} and other draws are scores: {score_meaning(front.campaign)}.",
        )
    yield (
        "note",
        f"Mean: expected. Worst {share_words(front.share)}: the mean there, of {drawn} that chose the plans. "
        f"Other draws: the same in {front.draws:,} others, which show what to expect. Changes are from point 1.",
    )
    if len(front.points) > 1:
        risk = format_bound(front.share, True)
        yield (
            "note",
            f"To plan the last point: add --risk {risk} to your microopt plan command; to plan for the mean of "
            "point 1, leave it out.",
        )
    yield from (("note", f"Note: {end_sentence(note)}") for note in front.notes)
    yield from (("warning", f"Warning: {end_sentence(warning)}") for warning in front.warnings)
