"""The words and figures of the report page; the template only lays them out."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil

from msgspec import Struct

from microopt.analysis.report.result import Report
from microopt.campaign.goals import LEAST_COST
from microopt.campaign.metrics import NET_REACH
from microopt.files.reading import source_name
from microopt.plan.plan import Pick, Plan, Totals
from microopt.planning.likely_ranges import Ranges
from microopt.quantities.parse_and_format import format_count, format_money, format_percent
from microopt.rendering.sanitize import plain_text
from microopt.rendering.wording.full_stop import end_sentence
from microopt.rendering.wording.near_optimum import format_shortfall, is_near_optimum
from microopt.rendering.wording.plan_figures import (
    METRIC_HEADINGS,
    cost_heading,
    format_cost_per,
    format_metric,
    format_offer,
    score_rows,
)
from microopt.rendering.wording.plan_head import break_even, format_likely_range
from microopt.rendering.wording.plan_sentences import plan_sentences

PAGE_METRICS = ("reach", "engagements", "conversions")


class Headline(Struct, frozen=True, kw_only=True):
    """A large figure, and the note below it."""

    name: str
    value: str
    note: str = ""


class PageCell(Struct, frozen=True, kw_only=True):
    """A cell of a table.

    Attributes
    ----------
    sort
        Key by which rows are sorted.
    note
        Small text below the cell.
    """

    text: str
    sort: float | str = ""
    note: str = ""


def has_final_results(ranges: Ranges) -> bool:
    """Whether the results of any range are final."""
    return any(interval.final for intervals in (*ranges.picks, ranges.independent) for interval in intervals.values())


def headlines(report: Report) -> Iterator[Headline]:
    """Yield the main figures of the plan."""
    plan = report.plan
    currency, totals = plan.roster.currency, plan.totals
    budget = plan.campaign.budget
    budget_note = (
        "the least that meets the targets" if budget is None else f"of {format_money(budget, currency)} budget"
    )
    yield Headline(name="Spend", value=format_money(totals.spend, currency, whole_units=True), note=budget_note)
    tiers = f"in {len(plan.mix)} tier{'' if len(plan.mix) == 1 else 's'}"
    yield Headline(name="Creators", value=f"{totals.creators:,}", note=tiers)
    for name in ("engagements", "conversions"):
        yield Headline(
            name=METRIC_HEADINGS[name], value=format_metric(name, totals.metrics[name]), note=_likely(report, name)
        )
    yield _reach(report)
    each = format_cost_per(totals, "conversions", currency)
    yield Headline(name="Cost per engagement", value=format_cost_per(totals, "engagements", currency))
    yield Headline(name="Cost per conversion", value=each)
    if totals.revenue is not None:
        ratio = f"{totals.revenue / totals.spend:.2f}x the spend" if totals.spend else ""
        return_note = "; ".join(filter(None, (ratio, break_even(plan))))
        yield Headline(
            name="Revenue expected", value=format_money(totals.revenue, currency, whole_units=True), note=return_note
        )


def _likely(report: Report, name: str) -> str:
    if report.ranges is None:
        return ""
    interval = report.ranges.correlated[name]
    return format_likely_range(interval) + ("" if interval.final else " likely")


def _reach(report: Report) -> Headline:
    net = report.plan.net_reach
    if net is None:
        people = format_metric("reach", report.plan.totals.metrics["reach"])
        return Headline(name="Gross reach", value=people, note="people who follow two creators are counted twice")
    return Headline(name="People reached", value=format_count(net.people / 1000), note="each counted once")


def pick_columns(plan: Plan) -> list[tuple[str, str]]:
    """Return (key, name) of the figures of a pick."""
    results = ((name, METRIC_HEADINGS[name]) for name in PAGE_METRICS)
    return [("cost", cost_heading(plan)), *results, ("cpe", "CPE"), ("cpa", "CPA")]


def pick_rows(report: Report) -> Iterator[tuple[Pick, dict[str, PageCell]]]:
    """Yield each pick with the figures of its row."""
    plan = report.plan
    for number, pick in enumerate(plan.picks):
        totals = Totals(creators=1, spend=pick.cost, metrics=pick.metrics)
        ranges = {} if report.ranges is None else report.ranges.picks[number]
        cells = {"cost": _cost(plan, pick)}
        for name in PAGE_METRICS:
            note = format_likely_range(ranges[name]) if name in ranges and name != "reach" else ""
            cells[name] = PageCell(
                text=format_metric(name, pick.metrics[name]), sort=pick.metrics[name] / 1000, note=note
            )
        for key, name in (("cpe", "engagements"), ("cpa", "conversions")):
            amount = pick.metrics[name]
            sort = pick.cost / amount if amount else float("inf")
            cells[key] = PageCell(text=format_cost_per(totals, name, plan.roster.currency), sort=sort)
        yield pick, cells


def _cost(plan: Plan, pick: Pick) -> PageCell:
    text = format_money(pick.cost, plan.roster.currency, whole_units=pick.cost >= 1000)
    note = "estimated" if pick.fee_estimated else ""
    return PageCell(text=f"~{text}" if pick.fee_estimated else text, sort=pick.cost / 100, note=note)


def pick_name(pick: Pick) -> tuple[str, str]:
    """Return the names of the creator and of the offer."""
    return plain_text(pick.creator), plain_text(format_offer(pick))


def range_rows(plan: Plan, ranges: Ranges) -> Iterator[tuple[str, str, str, str]]:
    """Yield (result, expected, likely range, range if results are independent) of the totals."""
    for name, title in METRIC_HEADINGS.items():
        expected = format_metric(name, plan.totals.metrics[name])
        yield (
            title,
            expected,
            format_likely_range(ranges.correlated[name]),
            format_likely_range(ranges.independent[name]),
        )


def report_sentences(report: Report) -> list[tuple[str, str]]:
    """Return (kind, sentence) about the plan, without hints at commands, the most serious first."""
    order = {"warning": 0, "doubt": 1, "proof": 2, "caveat": 3, "fact": 4, "note": 5}
    sentences = [
        *(("warning", end_sentence(warning)) for warning in report.warnings),
        *plan_sentences(report.plan, hints=False),
    ]
    return sorted(((kind, plain_text(text)) for kind, text in sentences), key=lambda sentence: order[sentence[0]])


def goal_sentence(plan: Plan) -> str:
    """Return a sentence that says what the plan maximizes or minimizes."""
    goal = plan.campaign.goal
    if goal.name == LEAST_COST:
        return "The mix of creators that meets the targets for the least money."
    names = {
        "balanced": "engagements and conversions together",
        "engagement": "engagements",
        "reach": "gross reach",
        "conversions": "conversions",
        NET_REACH: "different people",
        "worth": "value in money",
    }
    results = names.get(goal.name) or plain_text(goal.column or goal.name)
    return f"The mix of creators that brings the most {results} within the budget and the rules."


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


def format_relative_change(part: Fraction) -> str:
    """Return a relative change: +3%, −2%, or `same`."""
    if abs(part) < Fraction(1, 2000):
        return "same"
    return f"{'−' if part < 0 else '+'}{format_percent(float(abs(part)))}"
