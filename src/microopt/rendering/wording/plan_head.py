"""The first lines of a plan: what is spent and brought, what that earns, and how it stands against habit and proof."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from microopt.campaign.goals import LEAST_COST
from microopt.campaign.metrics import NET_REACH
from microopt.plan.likely_range import LikelyRange
from microopt.plan.plan import BaselinePlan, Plan
from microopt.quantities.parse_and_format import format_count, format_money, format_names, format_percent
from microopt.rendering.wording.limits import LIMITS
from microopt.rendering.wording.plan_figures import format_conversions, format_rule_price, format_total, join_words

UNITS = ((1e9, "B"), (1e6, "M"), (1e3, "k"), (1.0, ""))
NAMED_RULES = 2  # that a habit breaks, in a sentence


def plan_head(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): `main fact`, `fact`, `proof` or `doubt`, and `warning` if rules leave much unspent."""
    yield from _rules_that_leave_much_unspent(plan)
    yield "main fact", f"{_spend(plan)} -> {' · '.join(_results(plan))}"
    if plan.totals.revenue is not None and plan.totals.spend:
        yield "fact", _revenue(plan)
    proven = plan.proof.status == "optimal"
    yield "proof" if proven else "doubt", _verdict(plan, proven)


def _spend(plan: Plan) -> str:
    return format_money(plan.totals.spend, plan.roster.currency, whole_units=plan.totals.spend >= 100_00)


def _results(plan: Plan) -> Iterator[str]:
    people = ("reach",) if plan.campaign.goal.name in ("reach", NET_REACH) else ()
    for name in (*people, "engagements", "conversions"):
        amount = plan.totals.metrics[name]
        figure = format_conversions(amount) if name == "conversions" else format_count(amount / 1000)
        range_ = f" ({format_likely_range(plan.likely[name])})" if name in plan.likely and plan.picks else ""
        yield f"{figure} {'people reached' if name == 'reach' else name}{range_}"


def format_likely_range(likely: LikelyRange) -> str:
    """Return a range in one unit: `22k-128k`, `8.0k-53k`, `23-269`; a word if the result is final."""
    if likely.final:
        return "final"
    low, high = likely.low / 1000, likely.high / 1000
    scale, unit = next((pair for pair in UNITS if high >= pair[0]), UNITS[-1])
    ends = [f"{end / scale:.{0 if end >= 9.95 * scale or not end else 1}f}{unit}" for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else "-".join(ends)


def _revenue(plan: Plan) -> str:
    totals, currency, order_value = plan.totals, plan.roster.currency, plan.campaign.order_value
    assert totals.revenue is not None
    per_unit = format_money(round(Fraction(totals.revenue * 100, totals.spend)), currency, whole_units=False)
    one = format_money(100, currency)
    revenue = format_money(totals.revenue, currency, whole_units=totals.revenue >= 100_00)
    head = f"{revenue} revenue, ROAS {format_total('roas', totals, currency)}"
    if order_value is None:
        return f"{head}: the forecast pays back {per_unit} for each {one}."
    each = format_money(order_value, currency)
    text = f"{head}: at {each} an order, the forecast pays back {per_unit} for each {one}"
    if not totals.revenue:
        return f"{text}."
    break_even = format_money(round(Fraction(order_value * totals.spend, totals.revenue)), currency, whole_units=True)
    return f"{text}; it breaks even at {break_even} an order."


def _verdict(plan: Plan, proven: bool) -> str:
    statement = "Proven best" if proven else f"Not proven best ({LIMITS.get(plan.proof.limit or '', 'stopped early')})"
    if proven and plan.campaign.goal.name == LEAST_COST:
        return "Proven: no plan that meets the targets costs less."
    comparison = "" if plan.baseline is None else baseline_comparison(plan, plan.baseline)
    if not proven:
        statement += f": a plan up to {plan.proof.gap:.2%} better may exist"
        return f"{statement}. {comparison[:1].upper()}{comparison[1:]}".strip() if comparison else f"{statement}."
    return f"{statement} for your goal and rules{': ' + comparison if comparison else '.'}"


def baseline_comparison(plan: Plan, baseline: BaselinePlan) -> str:
    """Return what the plan brings more than picking by engagement rate, or which rule that would break."""
    if baseline.broken:
        rules = format_names(baseline.broken)
        return f"picking by engagement rate would break your rule {rules}."
    parts = list(_differences(plan, baseline))
    rules = " under the same rules" if plan.rules else ""
    return f"{join_words(parts)} than picking by engagement rate{rules}." if parts else ""


def _differences(plan: Plan, baseline: BaselinePlan) -> Iterator[str]:
    people = plan.campaign.goal.name in ("reach", NET_REACH)
    for metric in ("reach",) if people else ("engagements", "conversions"):
        planned, other = plan.totals.metrics[metric], baseline.totals.metrics[metric]
        if planned and other:
            change = planned / other - 1
            size = f"{format_percent(abs(change))} {'more' if change > 0 else 'fewer'}"
            name = "people reached" if people else metric
            yield f"{size} {name}" if abs(change) >= 0.0005 else f"as many {name}"


def _rules_that_leave_much_unspent(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield what to change first, if the rules keep more than a fifth of the budget from being spent."""
    if not plan.leaves_much_unspent:
        return
    gains = [price for price in plan.rule_prices if price.change is not None and price.change.spend > 0]
    best = max(gains, key=lambda price: price.change.objective if price.change else 0, default=None)
    if best is not None and best.change is not None and best.change.objective > 0:
        amount = format_money(plan.unspent, plan.roster.currency)
        yield "warning", f"Your rule {best.label} leaves {amount} unspent; without it: {format_rule_price(plan, best)}."
