"""What a page about a plan says in words and figures, as text: the template only lays it out."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from msgspec import Struct

from microopt.analysis.report import Interval, Ranges, Report
from microopt.campaign.goals import LEAST_COST
from microopt.campaign.metrics import GROSS, NET_REACH
from microopt.plan.plan import Pick, Plan, Totals
from microopt.quantities.parse_and_format import print_count, print_money, print_percent
from microopt.rendering.sanitize import plain
from microopt.rendering.wording.plan_figures import (
    allowed,
    cost_per,
    money_name,
    offer_of,
    print_conversions,
    room,
    rule_price,
    used,
)
from microopt.rendering.wording.plan_sentences import sentences
from microopt.rendering.wording.tiers import print_value, value_meaning

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


class Cell(Struct, frozen=True, kw_only=True):
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


def amount(name: str, thousandths: int) -> str:
    """Return an amount of a metric in a few characters."""
    return print_conversions(thousandths) if name == "conversions" else print_count(thousandths / 1000)


def span(name: str, interval: Interval) -> str:
    """Return an interval in a few characters: one figure where both ends read alike."""
    if interval.final:
        return FINAL
    ends = (interval.low, interval.high)
    whole = name != "conversions" or interval.high >= WHOLE
    low, high = (print_count(end) if whole else amount(name, round(end * 1000)) for end in ends)
    return low if low == high else f"{low} to {high}"


def any_final(ranges: Ranges) -> bool:
    """Whether some range of a page is none: its results are in."""
    return any(interval.final for one in (*ranges.picks, ranges.apart) for interval in one.values())


def headlines(report: Report) -> Iterator[Headline]:
    """Yield the figures that a reader looks for first."""
    plan = report.plan
    currency, totals = plan.roster.currency, plan.totals
    budget = plan.campaign.budget
    of = "the least that meets the targets" if budget is None else f"of {print_money(budget, currency)} budget"
    yield Headline(name="Spend", value=print_money(totals.spend, currency, whole=True), note=of)
    tiers = f"in {len(plan.mix)} tier{'' if len(plan.mix) == 1 else 's'}"
    yield Headline(name="Creators", value=f"{totals.creators:,}", note=tiers)
    for name in ("engagements", "conversions"):
        yield Headline(name=RESULTS[name], value=amount(name, totals.metrics[name]), note=_likely(report, name))
    yield _reach(report)
    each = cost_per(totals, "conversions", currency)
    yield Headline(name="Cost per engagement", value=cost_per(totals, "engagements", currency))
    yield Headline(name="Cost per conversion", value=each)
    if totals.revenue is not None:
        back = f"{totals.revenue / totals.spend:.2f}x the spend" if totals.spend else ""
        yield Headline(name="Revenue expected", value=print_money(totals.revenue, currency, whole=True), note=back)


def _likely(report: Report, name: str) -> str:
    if report.ranges is None:
        return ""
    interval = report.ranges.together[name]
    return FINAL if interval.final else f"{span(name, interval)} likely"


def _reach(report: Report) -> Headline:
    net = report.plan.net_reach
    if net is None:
        whole = amount("reach", report.plan.totals.metrics["reach"])
        return Headline(name="Gross reach", value=whole, note="who follows two creators counts twice")
    return Headline(name="People reached", value=print_count(net.people / 1000), note="each counted once")


def pick_columns(plan: Plan) -> list[tuple[str, str]]:
    """Return (key, name) of the figures of a pick."""
    figures = [("cost", money_name(plan)), ("reach", "Gross reach")]
    return [*figures, *((name, RESULTS[name]) for name in SHOWN[1:]), ("cpe", "CPE"), ("cpa", "CPA")]


def pick_rows(report: Report) -> Iterator[tuple[Pick, dict[str, Cell]]]:
    """Yield each pick with the figures of its row."""
    plan = report.plan
    for number, pick in enumerate(plan.picks):
        alone = Totals(creators=1, spend=pick.cost, metrics=pick.metrics)
        ranges = {} if report.ranges is None else report.ranges.picks[number]
        cells = {"cost": _cost(plan, pick)}
        for name in SHOWN:
            note = span(name, ranges[name]) if name in ranges and name != "reach" else ""
            cells[name] = Cell(text=amount(name, pick.metrics[name]), sort=pick.metrics[name] / 1000, note=note)
        for key, name in (("cpe", "engagements"), ("cpa", "conversions")):
            many = pick.metrics[name]
            sort = pick.cost / many if many else float("inf")
            cells[key] = Cell(text=cost_per(alone, name, plan.roster.currency), sort=sort)
        yield pick, cells


def _cost(plan: Plan, pick: Pick) -> Cell:
    text = print_money(pick.cost, plan.roster.currency, whole=pick.cost >= 1000)
    note = "estimated" if pick.fee_estimated else ""
    return Cell(text=f"~{text}" if pick.fee_estimated else text, sort=pick.cost / 100, note=note)


def name_of(pick: Pick) -> tuple[str, str]:
    """Return who is bought, and what."""
    return plain(pick.creator), plain(offer_of(pick))


def share(part: int, whole: int) -> str:
    """Return a part as a percent of the whole, a dash where there is none."""
    return print_percent(part / whole) if whole else "-"


def range_rows(plan: Plan, ranges: Ranges) -> Iterator[tuple[str, str, str, str]]:
    """Yield (result, expected, if each for itself, if all together) of the totals."""
    for name, title in RESULTS.items():
        expected = amount(name, plan.totals.metrics[name])
        yield title, expected, span(name, ranges.apart[name]), span(name, ranges.together[name])


def rule_rows(plan: Plan) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield (rule, used, allowed, what leaves no room, what dropping it would bring)."""
    currency, prices = plan.roster.currency, {price.label: price for price in plan.rule_prices}
    for rule in plan.rules:
        price = prices.get(rule.label.removesuffix(GROSS))
        yield plain(rule.label), used(rule, currency), allowed(rule, currency), room(rule), rule_price(plan, price)


def told(report: Report) -> list[tuple[str, str]]:
    """Return what is said of the plan, sentence by sentence, without hints at commands, the gravest first."""
    order = {"warning": 0, "doubt": 1, "proof": 2, "caveat": 3, "fact": 4, "note": 5}
    mine = [*(("warning", f"{warning}.") for warning in report.warnings), *sentences(report.plan, hints=False)]
    return sorted(((kind, plain(text)) for kind, text in mine), key=lambda one: order[one[0]])


def goal_words(plan: Plan) -> str:
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
    return f"{told}." if goal.name in names else f"{told}. {plain(value_meaning(goal))}"


def provenance(report: Report) -> list[tuple[str, str]]:
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
        ("Value", print_value(proof.objective, goal, currency)),
        ("Best possible", "" if proof.objective == proof.bound else print_value(proof.bound, goal, currency)),
        ("Campaign SHA-256", plan.campaign_sha256 or ""),
        ("Proof", f"{found}, by {proof.shown_by}"),
        ("Confirmed by", proof.confirmed_by),
        ("Solver", f"{proof.backend} {proof.version}, {proof.seconds:.2f} s"),
        ("Program SHA-256", proof.program),
        ("Plan seal", report.seal),
        ("Made with", f"microopt {report.microopt}"),
    ]
    return [(name, plain(value)) for name, value in rows if value]


def signed(part: Fraction) -> str:
    """Return by how much more or less something is: +3%, −2%, or `same`."""
    if abs(part) < Fraction(1, 2000):
        return "same"
    return f"{'−' if part < 0 else '+'}{print_percent(float(abs(part)))}"
