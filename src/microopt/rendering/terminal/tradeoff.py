"""A trade-off for a person: a table of points, a chart, and what each step gives up."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rich.console import RenderableType
from rich.text import Text

from microopt.analysis.tradeoff.pareto import ParetoFront, ParetoPoint, Weights
from microopt.campaign.validation import BALANCED_METRICS
from microopt.quantities.parse_and_format import format_exact, format_money, format_percent, format_percent_floored
from microopt.rendering.terminal.line_chart import HEIGHT, MARKED_POINT, WIDEST, line_chart
from microopt.rendering.terminal.screen import Screen, cell, message_lines
from microopt.rendering.terminal.table import Column, figure, table, totals_columns
from microopt.rendering.wording.full_stop import end_sentence
from microopt.rendering.wording.limits import LIMITS
from microopt.rendering.wording.plan_figures import (
    TOTALS_HEADINGS,
    format_ratio,
    format_total,
    join_words,
    study_heading,
)

GOALS = {"engagements": "--goal engagement", "conversions": "--goal conversions", "reach": "--goal reach"}
WIDE = 90  # columns from which headings are written in full
MIN_POINT_WIDTH, MIN_STEP_WIDTH = 5, 8
UNPROVEN = "~"
STEP_HEADINGS = ("gives up", "for", "that is", "creators")


def tradeoff_table(front: ParetoFront, screen: Screen) -> str:
    """Return the trade-off as text."""
    parts: list[RenderableType] = [_heading(front), "", *_points(front, screen)]
    parts += [cell(tradeoff_legend(front), "dim"), ""]
    if len(front.points) > 1:
        parts += [_chart(front, screen), "", *_steps(front, screen), ""]
    return screen.render(*parts, *message_lines(tradeoff_sentences(front), facts="bold"))


def _heading(front: ParetoFront) -> Text:
    campaign, roster = front.campaign, front.roster
    budget = "no budget" if campaign.budget is None else f"budget {format_money(campaign.budget, roster.currency)}"
    facts = (f"{roster.creators:,} creators", budget, f"{front.metrics[0]} against {front.metrics[1]}")
    return cell(study_heading(campaign, roster.source.path, *facts), "bold")


def _points(front: ParetoFront, screen: Screen) -> Iterator[RenderableType]:
    def label(number: int) -> str:
        mark = f" {MARKED_POINT}" if number == front.balanced and len(front.points) > 1 else ""
        return f"{'' if front.points[number].status == 'optimal' else UNPROVEN}{number + 1}{mark}"

    def spend(number: int) -> str:
        return format_total("cost", front.points[number].totals, front.roster.currency)

    others = ("creators",) if "reach" in front.metrics else ("reach", "creators")
    columns: list[Column[int]] = [
        Column("Point", label, min_width=MIN_POINT_WIDTH),
        *(column for metric in front.metrics for column in _metric_columns(front, metric)),
        *totals_columns(others, lambda number: front.points[number].totals, front.roster.currency, priority=1),
        figure("Spend", spend, priority=1),
        figure("Weights", lambda number: format_weights(front.points[number].weights), priority=1),
    ]
    return table(columns, range(len(front.points)), screen, wide=WIDE)


def _metric_columns(front: ParetoFront, metric: str) -> Iterator[Column[int]]:
    """Yield the columns of a metric: its amount, and its share of the most that is possible."""

    def share(number: int) -> str:
        value = front.share(front.points[number], metric)
        return "-" if value is None else format_percent_floored(float(value))

    def amount(number: int) -> str:
        return format_amount(front.points[number].totals.metrics[metric])

    heading, short = TOTALS_HEADINGS[metric]
    yield figure(heading, amount, short_heading=short, priority=1)
    yield figure("Of best", share, short_heading="Of\nbest", priority=1)


def _chart(front: ParetoFront, screen: Screen) -> Text:
    ys, xs = ([point.totals.metrics[metric] / 1000 for point in front.points] for metric in front.metrics)
    y_label, x_label = (TOTALS_HEADINGS[metric][0] for metric in front.metrics)
    marks = () if front.balanced is None else (front.balanced,)
    width = min(screen.width, WIDEST)
    return Text(line_chart(xs, ys, width=width, height=HEIGHT, x_label=x_label, y_label=y_label, marks=marks))


def _steps(front: ParetoFront, screen: Screen) -> Iterator[RenderableType]:
    rows = [(f"{number} to {number + 1}", *step_cells(front, number)) for number in range(1, len(front.points))]

    def step(place: int, heading: str) -> Column[tuple[str, ...]]:
        return figure(heading, lambda row: row[place], priority=1)

    columns = [
        Column("From", lambda row: row[0], min_width=MIN_STEP_WIDTH),
        *(step(place, heading) for place, heading in enumerate(STEP_HEADINGS, 1)),
    ]
    return table(columns, rows, screen)


def tradeoff_sentences(front: ParetoFront) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): `fact`, `proof`, `doubt`, `note`, `warning`."""
    yield from (("fact", text) for text in _facts(front))
    yield from (("note", text) for text in _points_by_floor(front))
    yield _proof(front)
    sentence = _benchmark_share(front)
    if sentence:
        yield "note", sentence
    yield from (("note", f"Note: {end_sentence(note)}") for note in front.notes)
    yield from (("warning", f"Warning: {end_sentence(warning)}") for warning in front.warnings)


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
    summary = f"From 1 to {len(points)}, all in all, {format_amount(lost)} {first} are given up for"
    yield f"{summary} {format_amount(gained)} {second}."
    if front.balanced is not None:
        yield _balanced(front, front.points[front.balanced])


def _balanced(front: ParetoFront, point: ParetoPoint) -> str:
    shares = [(front.share(point, metric), metric) for metric in front.metrics]
    parts = [
        f"{format_percent_floored(float(share))} of the best possible {metric}" for share, metric in shares if share
    ]
    subject = "Equal weights, as the balanced goal has them," if front.metrics == BALANCED_METRICS else "Equal weights"
    return f"{subject} choose point {(front.balanced or 0) + 1}: {join_words(parts)}."


def _points_by_floor(front: ParetoFront) -> Iterator[str]:
    """Yield how to make a plan that no weights choose."""
    numbers = [number for number, point in enumerate(front.points) if point.weights is None]
    if not numbers or len(front.ideals) < 2:
        return
    first, second = front.metrics
    amount = format_exact(Fraction(front.points[numbers[0]].totals.metrics[second], 1000), percent=False)
    names = join_words([str(number + 1) for number in numbers])
    goal = GOALS.get(first, f"--worth {first}=1")
    yield (
        f"No weights choose point{'' if len(numbers) == 1 else 's'} {names}: only a floor does. "
        f"For {numbers[0] + 1}, give microopt plan {goal} -r 'all {second} >= {amount}'."
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
        highest = max(point.assumed.get(metric, 0.0) for point in front.points)
        if highest > 0:
            parts.append(f"{format_percent(highest)} of the {metric}")
    if not parts:
        return ""
    up_to = "Up to " if len(front.points) > 1 else ""
    return f"{up_to}{join_words(parts)} rest on public benchmarks, not on this roster's own figures."
