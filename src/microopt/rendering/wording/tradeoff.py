"""The sentences of a trade-off, and how its figures are written."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.analysis.tradeoff.pareto import ParetoFront, ParetoPoint, Weights
from microopt.campaign.validation import BALANCED_METRICS
from microopt.quantities.parse_and_format import format_percent, format_percent_floored
from microopt.rendering.wording.plan_figures import format_ratio, join_words
from microopt.rendering.wording.plan_sentences import LIMITS

GOALS = {"engagements": "--goal engagement", "conversions": "--goal conversions", "reach": "--goal reach"}


def tradeoff_sentences(front: ParetoFront) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): `fact`, `proof`, `doubt`, `note`, `warning`."""
    yield from (("fact", told) for told in _facts(front))
    yield from (("note", told) for told in _points_by_floor(front))
    yield _proof(front)
    sentence = _benchmark_share(front)
    if sentence:
        yield "note", sentence
    yield from (("note", f"Note: {note}.") for note in front.notes)
    yield from (("warning", f"Warning: {warning}.") for warning in front.warnings)


def tradeoff_legend(front: ParetoFront) -> str:
    """Return sentences that explain the columns and marks of the table."""
    first, second = front.metrics
    legend = "Of best: of the most that the budget and the rules allow of it. "
    legend += f"Weights: of {first}; {second} have the rest."
    if front.balanced is not None and len(front.points) > 1:
        legend += " X: equal weights choose it."
    if any(point.weights is None for point in front.points) and len(front.ideals) > 1:
        legend += " -: no weights choose it, only a floor does."
    return legend


def step_cells(front: ParetoFront, number: int) -> list[str]:
    """Return what a point gives up and gains against the one before, the ratio, and the creators exchanged."""
    change, (first, second) = front.points[number].change, front.metrics
    assert change is not None
    lost, gained = -change.metrics[first], change.metrics[second]
    ratio = f"{format_ratio(lost / gained)} to 1" if lost >= gained else f"1 to {format_ratio(gained / lost)}"
    people = f"{len(change.added):,} in, {len(change.dropped):,} out"
    return [f"{format_amount(lost)} {first}", f"{format_amount(gained)} {second}", ratio, people]


def format_amount(thousandths: int) -> str:
    """Return an amount of a metric: 0.014, 14.2, 1,200."""
    value = thousandths / 1000
    return f"{value:,.0f}" if value >= 99.95 or not value else f"{value:.1f}" if value >= 0.095 else f"{value:.3f}"


def format_weights(weights: Weights | None) -> str:
    """Return a range of weights in percent: 36..73%, with decimals if both ends would look alike."""
    if weights is None:
        return "-"
    for digits in (0, 1, 2):
        low, high = (f"{float(end) * 100:.{digits}f}" for end in (weights.low, weights.high))
        if low != high:
            return f"{low}..{high}%"
    return f"{low}%"


def _facts(front: ParetoFront) -> Iterator[str]:
    points, (first, second) = front.points, front.metrics
    if len(points) == 1:
        if front.proven() and points[0].picks:
            yield f"One plan has the most {first} and the most {second}: there is nothing to give up."
        return
    if len(points) < front.steps and front.proven():
        yield f"{front.steps:,} steps have {len(points):,} different plans: the others repeat."
    lost, gained = (
        abs(points[-1].totals.metrics[metric] - points[0].totals.metrics[metric]) for metric in front.metrics
    )
    given_up = f"From 1 to {len(points)}, all in all, {format_amount(lost)} {first} are given up for"
    yield f"{given_up} {format_amount(gained)} {second}."
    if front.balanced is not None:
        yield _balanced(front, front.points[front.balanced])


def _balanced(front: ParetoFront, point: ParetoPoint) -> str:
    shares = [(front.share(point, metric), metric) for metric in front.metrics]
    parts = [
        f"{format_percent_floored(float(share))} of the best possible {metric}" for share, metric in shares if share
    ]
    who = "Equal weights, as the balanced goal has them," if front.metrics == BALANCED_METRICS else "Equal weights"
    return f"{who} choose point {(front.balanced or 0) + 1}: {join_words(parts)}."


def _points_by_floor(front: ParetoFront) -> Iterator[str]:
    """Yield how to make a plan that no weights choose."""
    numbers = [number for number, point in enumerate(front.points) if point.weights is None]
    if not numbers or len(front.ideals) < 2:
        return
    first, second = front.metrics
    amount = front.points[numbers[0]].totals.metrics[second] / 1000
    names = join_words([str(number + 1) for number in numbers])
    goal = GOALS.get(first, f"--worth {first}=1")
    yield (
        f"No weights choose point{'' if len(numbers) == 1 else 's'} {names}: only a floor does. "
        f"For {numbers[0] + 1}, give microopt plan {goal} -r 'all {second} >= {amount:.3f}'."
    )


def _proof(front: ParetoFront) -> tuple[str, str]:
    seconds, steps = f"{front.seconds:.2f} s", f"{front.steps:,} steps"
    if front.proven():
        better = "no plan within these rules has more of one of the two without less of the other"
        return "proof", f"All {steps} proven in {seconds}: on these forecasts, {better}."
    parts = [f"{front.unproven:,} of {steps} not proven"] if front.unproven else []
    parts += [f"{front.not_examined:,} of {steps} not looked at"] if front.not_examined else []
    why = f" ({LIMITS[front.limit]})" if front.limit in LIMITS else ""
    return "doubt", f"Not all is proven{why}: {join_words(parts)}, after {seconds}. More time: --time-limit 300."


def _benchmark_share(front: ParetoFront) -> str:
    """Return the largest share of benchmarks in the results of any point."""
    parts = []
    for metric in front.metrics:
        most = max(point.assumed.get(metric, 0.0) for point in front.points)
        if most > 0:
            parts.append(f"{format_percent(most)} of the {metric}")
    if not parts:
        return ""
    up_to = "Up to " if len(front.points) > 1 else ""
    return f"{up_to}{join_words(parts)} rest on public benchmarks, not on this roster's own figures."
