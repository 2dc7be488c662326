"""What a page about a plan says in words and figures, as text: the template only lays it out."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from msgspec import Struct

from microopt.analysis.report import Interval, Ranges, Report
from microopt.campaign.goals import LEAST_COST
from microopt.campaign.metrics import GROSS_SUFFIX, NET_REACH
from microopt.plan.plan import Pick, Plan, Totals
from microopt.quantities.parse_and_format import format_count, format_money, format_percent
from microopt.rendering.sanitize import plain_text
from microopt.rendering.wording.plan_figures import (
    cost_heading,
    describe_binding,
    format_allowed,
    format_cost_per,
    format_metric,
    format_offer,
    format_rule_price,
    format_used,
    format_value,
    value_meaning,
)
from microopt.rendering.wording.plan_sentences import plan_sentences

RESULTS = {
    "reach": "Reach",
    "impressions": "Views",
    "engagements": "Engagements",
    "clicks": "Clicks",
    "conversions": "Conversions",
}
WHOLE = 100  # conversions from which a decimal says nothing
FINAL = "final"
SHOWN = ("reach", "engagements", "conversions")


class Headline(Struct, frozen=True, kw_only=True):
    """A figure that stands large, and what is said below it."""

    name: str
    value: str
    note: str = ""


class PageCell(Struct, frozen=True, kw_only=True):
    """A cell of a table.

    Attributes
    ----------
    sort
        By which rows are put in order.
    note
        Smaller, below the text.
    """

    text: str
    sort: float | str = ""
    note: str = ""


def format_interval(name: str, interval: Interval) -> str:
    """Return an interval in a few characters: one figure where both ends read alike."""
    if interval.final:
        return FINAL
    ends = (interval.low, interval.high)
    whole = name != "conversions" or interval.high >= WHOLE
    low, high = (format_count(end) if whole else format_metric(name, round(end * 1000)) for end in ends)
    return low if low == high else f"{low} to {high}"


def has_final_results(ranges: Ranges) -> bool:
    """Whether some range of a page is none: its results are in."""
    return any(interval.final for one in (*ranges.picks, ranges.independent) for interval in one.values())


def headlines(report: Report) -> Iterator[Headline]:
    """Yield the figures that a reader looks for first."""
    plan = report.plan
    currency, totals = plan.roster.currency, plan.totals
    budget = plan.campaign.budget
    of = "the least that meets the targets" if budget is None else f"of {format_money(budget, currency)} budget"
    yield Headline(name="Spend", value=format_money(totals.spend, currency, whole=True), note=of)
    tiers = f"in {len(plan.mix)} tier{'' if len(plan.mix) == 1 else 's'}"
    yield Headline(name="Creators", value=f"{totals.creators:,}", note=tiers)
    for name in ("engagements", "conversions"):
        yield Headline(name=RESULTS[name], value=format_metric(name, totals.metrics[name]), note=_likely(report, name))
    yield _reach(report)
    each = format_cost_per(totals, "conversions", currency)
    yield Headline(name="Cost per engagement", value=format_cost_per(totals, "engagements", currency))
    yield Headline(name="Cost per conversion", value=each)
    if totals.revenue is not None:
        back = f"{totals.revenue / totals.spend:.2f}x the spend" if totals.spend else ""
        yield Headline(name="Revenue expected", value=format_money(totals.revenue, currency, whole=True), note=back)


def _likely(report: Report, name: str) -> str:
    if report.ranges is None:
        return ""
    interval = report.ranges.together[name]
    return FINAL if interval.final else f"{format_interval(name, interval)} likely"


def _reach(report: Report) -> Headline:
    net = report.plan.net_reach
    if net is None:
        whole = format_metric("reach", report.plan.totals.metrics["reach"])
        return Headline(name="Gross reach", value=whole, note="who follows two creators counts twice")
    return Headline(name="People reached", value=format_count(net.people / 1000), note="each counted once")


def pick_columns(plan: Plan) -> list[tuple[str, str]]:
    """Return (key, name) of the figures of a pick."""
    figures = [("cost", cost_heading(plan)), ("reach", "Gross reach")]
    return [*figures, *((name, RESULTS[name]) for name in SHOWN[1:]), ("cpe", "CPE"), ("cpa", "CPA")]


def pick_rows(report: Report) -> Iterator[tuple[Pick, dict[str, PageCell]]]:
    """Yield each pick with the figures of its row."""
    plan = report.plan
    for number, pick in enumerate(plan.picks):
        alone = Totals(creators=1, spend=pick.cost, metrics=pick.metrics)
        ranges = {} if report.ranges is None else report.ranges.picks[number]
        cells = {"cost": _cost(plan, pick)}
        for name in SHOWN:
            note = format_interval(name, ranges[name]) if name in ranges and name != "reach" else ""
            cells[name] = PageCell(
                text=format_metric(name, pick.metrics[name]), sort=pick.metrics[name] / 1000, note=note
            )
        for key, name in (("cpe", "engagements"), ("cpa", "conversions")):
            many = pick.metrics[name]
            sort = pick.cost / many if many else float("inf")
            cells[key] = PageCell(text=format_cost_per(alone, name, plan.roster.currency), sort=sort)
        yield pick, cells


def _cost(plan: Plan, pick: Pick) -> PageCell:
    text = format_money(pick.cost, plan.roster.currency, whole=pick.cost >= 1000)
    note = "estimated" if pick.fee_estimated else ""
    return PageCell(text=f"~{text}" if pick.fee_estimated else text, sort=pick.cost / 100, note=note)


def pick_name(pick: Pick) -> tuple[str, str]:
    """Return who is bought, and what."""
    return plain_text(pick.creator), plain_text(format_offer(pick))


def range_rows(plan: Plan, ranges: Ranges) -> Iterator[tuple[str, str, str, str]]:
    """Yield (result, expected, if each for itself, if all together) of the totals."""
    for name, title in RESULTS.items():
        expected = format_metric(name, plan.totals.metrics[name])
        yield (
            title,
            expected,
            format_interval(name, ranges.independent[name]),
            format_interval(name, ranges.together[name]),
        )


def rule_rows(plan: Plan) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield (rule, used, allowed, what leaves no room, what dropping it would bring)."""
    currency, prices = plan.roster.currency, {price.label: price for price in plan.rule_prices}
    for rule in plan.rules:
        price = prices.get(rule.label.removesuffix(GROSS_SUFFIX))
        yield (
            plain_text(rule.label),
            format_used(rule, currency),
            format_allowed(rule, currency),
            describe_binding(rule),
            format_rule_price(plan, price),
        )


def report_sentences(report: Report) -> list[tuple[str, str]]:
    """Return what is said of the plan, sentence by sentence, without hints at commands, the gravest first."""
    order = {"warning": 0, "doubt": 1, "proof": 2, "caveat": 3, "fact": 4, "note": 5}
    mine = [*(("warning", f"{warning}.") for warning in report.warnings), *plan_sentences(report.plan, hints=False)]
    return sorted(((kind, plain_text(text)) for kind, text in mine), key=lambda one: order[one[0]])


def goal_sentence(plan: Plan) -> str:
    """Return what the plan is the best of, in a sentence."""
    goal = plan.campaign.goal
    if goal.name == LEAST_COST:
        return "The mix of creators that meets the targets for the least money."
    names = {
        "balanced": "engagements and conversions together",
        "engagement": "engagements",
        "reach": "gross reach",
        "conversions": "conversions",
        NET_REACH: "different people",
    }
    most = names.get(goal.name, "value")
    told = f"The mix of creators that brings the most {most} within the budget and the rules"
    return f"{told}." if goal.name in names else f"{told}. {plain_text(value_meaning(goal))}"


def provenance_rows(report: Report) -> list[tuple[str, str]]:
    """Return (what, value) of all that tells where the plan comes from."""
    plan, proof = report.plan, report.plan.proof
    source = plan.roster.source
    currency, goal = plan.roster.currency, plan.campaign.goal
    found = "proven optimal" if proof.status == "optimal" else f"not proven, within {proof.gap:.2%} of the best"
    rows = [
        ("Roster", "standard input" if source.path == "-" else source.path),
        ("Roster SHA-256", source.sha256),
        ("Sheet", source.sheet or ""),
        ("Creators", f"{plan.roster.creators:,} in the roster, {plan.roster.filtered:,} of them filtered out"),
        ("Offers", f"{plan.roster.offers:,}"),
        ("Goal", goal.name),
        ("Value", format_value(proof.objective, goal, currency)),
        ("Best possible", "" if proof.objective == proof.bound else format_value(proof.bound, goal, currency)),
        ("Campaign SHA-256", plan.campaign_sha256 or ""),
        ("Proof", f"{found}, by {proof.proven_by}"),
        ("Confirmed by", proof.confirmed_by),
        ("Solver", f"{proof.backend} {proof.version}, {proof.seconds:.2f} s"),
        ("Program SHA-256", proof.program),
        ("Plan seal", report.seal),
        ("Made with", f"microopt {report.microopt}"),
    ]
    return [(name, plain_text(value)) for name, value in rows if value]


def format_relative_change(part: Fraction) -> str:
    """Return by how much more or less something is: +3%, −2%, or `same`."""
    if abs(part) < Fraction(1, 2000):
        return "same"
    return f"{'−' if part < 0 else '+'}{format_percent(float(abs(part)))}"
