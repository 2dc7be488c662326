"""The sentences and figures of a trade-off: the balanced plan, what the whole range trades, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from microopt.analysis.tradeoff.pareto import ParetoFront, ParetoPoint, Weights
from microopt.campaign.goals import BALANCED_METRICS
from microopt.quantities.parse_and_format import format_exact, format_percent, join_words
from microopt.rendering.wording.full_stop import end_sentence
from microopt.rendering.wording.industry_estimates import WHOLE
from microopt.rendering.wording.limits import LIMITS
from microopt.rendering.wording.plan_figures import capitalize_sentence, format_metric, format_ratio

GOALS = {"engagements": "--goal engagement", "conversions": "--goal conversions", "reach": "--goal reach"}
SHARE_LEGEND = "Of best: share of the most that the budget and the rules allow."
CHART_LEGEND = "Connected points trade one metric for the other."


def tradeoff_head(front: ParetoFront) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): what the balanced plan brings, what the range of plans trades, and how sure it is."""
    if len(front.points) == 1:
        yield from (("main fact", text) for text in _single(front, front.points[0]))
    elif front.balanced is not None:
        yield "main fact", _balanced(front, front.points[front.balanced], front.balanced)
    if len(front.points) > 1:
        yield "fact", _whole_trade(front)
    yield _proof(front)


def tradeoff_sentences(front: ParetoFront) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence) of what stands below the tables: `note`, `caveat` and `warning`."""
    yield from (("note", text) for text in (_repeated(front), _points_by_floor(front)) if text)
    if estimates := _estimates(front):
        yield "caveat", estimates
    yield from (("note", f"Note: {end_sentence(note)}") for note in front.notes)
    yield from (("warning", f"Warning: {end_sentence(warning)}") for warning in front.warnings)


def _single(front: ParetoFront, point: ParetoPoint) -> Iterator[str]:
    first, second = front.metrics
    if front.proven() and point.picks:
        yield f"One plan has the most {first} and the most {second}: there is nothing to trade."


def _balanced(front: ParetoFront, point: ParetoPoint, number: int) -> str:
    """Return what the plan of equal weights brings of both metrics."""
    name = "Balanced plan" if is_balanced_goal(front) else "Plan of equal weights"
    parts = []
    for metric in front.metrics:
        share = front.share(point, metric)
        most = "" if share is None else f" ({format_percent(float(share))} of the most possible)"
        amount = format_metric(metric, point.totals.metrics[metric])
        parts.append(f"{amount} {'people reached' if metric == 'reach' else metric}{most}")
    return f"{name}, point {number + 1} -> {' · '.join(parts)}"


def is_balanced_goal(front: ParetoFront) -> bool:
    """Whether the two metrics are those that the balanced goal weighs equally."""
    return set(front.metrics) == set(BALANCED_METRICS)


def _whole_trade(front: ParetoFront) -> str:
    """Return what the first point has more of one metric than the last, and the last more of the other."""
    first, second = front.metrics
    lost, gained = (
        abs(front.points[-1].totals.metrics[metric] - front.points[0].totals.metrics[metric])
        for metric in front.metrics
    )
    trade = f"you give up {format_part(lost)} {first} for {format_part(gained)} more {second}"
    return f"From point 1 to point {len(front.points)} {trade}."


def _proof(front: ParetoFront) -> tuple[str, str]:
    if front.proven():
        first, second = front.metrics
        each = "Each point is proven unbeatable" if len(front.points) > 1 else "Proven"
        less = "less" if second == "reach" else "fewer"
        better = f"no plan under your rules brings more {first} without {less} {second}, or the other way round"
        return "proof", f"{each}: {better}."
    parts = [f"{front.unproven:,} {_plans(front.unproven)} not proven"] if front.unproven else []
    parts += [f"{front.not_examined:,} {_plans(front.not_examined)} not looked for"] if front.not_examined else []
    why = f" ({LIMITS[front.limit]})" if front.limit in LIMITS else ""
    return "doubt", f"Not all is proven{why}: {join_words(parts)}. Allow more time, such as --time-limit 300."


def _plans(count: int) -> str:
    return "plan was" if count == 1 else "plans were"


def _repeated(front: ParetoFront) -> str:
    """Return how many different plans there are, empty if each step has its own or not all is proven."""
    if len(front.points) in (1, front.steps + 1) or not front.proven():
        return ""
    searched = (
        f"{front.steps:,} steps and the {'balanced plan' if is_balanced_goal(front) else 'plan of equal weights'}"
    )
    return f"{searched} gave {len(front.points):,} different plans; each is shown once."


def _points_by_floor(front: ParetoFront) -> str:
    """Return how to make a plan that no weights choose, empty if there is none."""
    numbers = [number for number, point in enumerate(front.points) if point.weights is None]
    if not numbers or len(front.ideals) < 2:
        return ""
    first, second = front.metrics
    amount = format_exact(Fraction(front.points[numbers[0]].totals.metrics[second], 1000), percent=False)
    names = join_words([str(number + 1) for number in numbers])
    goal = GOALS.get(first, f"--worth {first}=1")
    points, them = (f"point {names}", "it") if len(numbers) == 1 else (f"points {names}", "them")
    return (
        f"To plan {points}, set a minimum; no weights lead to {them}. "
        f"For point {numbers[0] + 1}, add to your microopt plan command: {goal} -r 'all {second} >= {amount}'"
    )


def _estimates(front: ParetoFront) -> str:
    """Return the shares of industry estimates in the results of the points, empty if there are none."""
    parts = []
    for metric in front.metrics:
        shares = [point.assumed.get(metric, 0.0) for point in front.points]
        if max(shares) > 0:
            parts.append(f"{_share_of_estimates(min(shares), max(shares), several=len(shares) > 1)} {metric}")
    if not parts:
        return ""
    return capitalize_sentence(f"{join_words(parts)} are industry estimates, not figures from your list")


def _share_of_estimates(lowest: float, highest: float, *, several: bool) -> str:
    low, high = format_percent(lowest), format_percent(highest)
    if lowest >= WHOLE:
        return "all"
    if highest >= 1 and low != high:
        return f"{low} to {high} of the"
    return f"{'up to ' if several else ''}{high} of the"


def mark_legend(front: ParetoFront) -> str:
    """Return what the mark of a point means, empty if no point has it."""
    if front.balanced is None or len(front.points) == 1:
        return ""
    return f"X: {'the balanced plan' if is_balanced_goal(front) else 'equal weights'}."


def weights_legend(front: ParetoFront) -> str:
    """Return what the column of weights means."""
    first, second = front.metrics
    unreached = any(point.weights is None for point in front.points) and len(front.ideals) > 1
    return f"Weights: for {first}; the rest is for {second}.{' -: no weights lead to it.' if unreached else ''}"


def step_cells(front: ParetoFront, number: int) -> list[str]:
    """Return what a point gives up and gains against the one before, the ratio, and the creators exchanged."""
    change, (first, second) = front.points[number].change, front.metrics
    assert change is not None
    lost, gained = -change.metrics[first], change.metrics[second]
    ratio = f"{format_ratio(lost / gained)} to 1" if lost >= gained else f"1 to {format_ratio(gained / lost)}"
    exchanged = f"{len(change.added):,} added, {len(change.dropped):,} dropped"
    people = exchanged if change.added or change.dropped else "same, other posts"  # as no two points are one plan
    return [f"{format_part(lost)} {first}", f"{format_part(gained)} {second}", ratio, people]


def format_part(thousandths: int) -> str:
    """Return an amount of a metric that may be a small one: 0.014, 14.2, 1,200."""
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
