"""The first lines of a plan: what is spent and brought, what that earns, and how it stands against habit and proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from microopt.campaign.earnings import PROFIT
from microopt.campaign.goals import LEAST_COST
from microopt.campaign.metrics import NET_REACH, TARGET_GOALS, TARGET_METRICS
from microopt.campaign.progress import own_rule_words
from microopt.campaign.rules_by_wave import as_written
from microopt.plan.earnings import break_even_order, likely_profit
from microopt.plan.likely_range import LikelyRange
from microopt.plan.plan import BaselinePlan, Plan, RulePrice
from microopt.quantities.parse_and_format import format_bound, format_money, format_names, format_percent, join_words
from microopt.rendering.wording.acceptance import earnings_after_declines
from microopt.rendering.wording.after_declines import before_declines, chosen_sentence, is_chosen_for_declines
from microopt.rendering.wording.confirmation import confirmed
from microopt.rendering.wording.limits import LIMITS
from microopt.rendering.wording.near_optimum import describe_possible_plan, format_shortfall, is_near_optimum
from microopt.rendering.wording.plan_figures import (
    format_amount,
    format_earning,
    format_metric,
    format_ratio,
    format_repair,
    format_rule_price,
    format_total,
)
from microopt.rendering.wording.tail import best_for_worst, is_closed_by_gap
from microopt.rendering.wording.target_audience import target_sentence
from microopt.rendering.wording.waves import posts_in_waves
from microopt.rendering.wording.worst_share import worst_scenarios
from microopt.roster.contract_status import contracts_by_label

UNITS = ((1e9, "B"), (1e6, "M"), (1e3, "k"), (1.0, ""))
LEAST_IN_UNITS = 10_000  # from which a range is told in thousands
FINAL = "final"  # instead of the range of a result that is in
HABIT = "picking by engagement rate"
MUCH_LESS = Fraction(4, 5)  # of the money that the plan spends: below it, what the habit spends is said
GOALS_OF_REACH = ("reach", NET_REACH)
GOAL_METRICS = {"conversions": ("conversions", "engagements"), "reach": ("reach",), NET_REACH: ("reach",)}
TARGET_WORDS = {name: f"{'gross ' * (whole == 'reach')}{whole} on target" for name, whole in TARGET_METRICS.items()}


def plan_head(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): `main fact`, `fact`, `proof` or `doubt`; before them, what changes the request.

    These are of the kind `warning`: what was repaired of it, and rules that leave much unspent.
    """
    yield from repair_warning(plan)
    yield from unspent_warning(plan)
    posts = f" for {posts_in_waves(plan)}" if plan.posts else ""
    yield "main fact", f"{_spend(plan)}{posts} -> {' · '.join(_results(plan))}"
    if plan.totals.revenue is not None and plan.totals.spend:
        yield "fact", f"{_revenue(plan)}."
        if after_declines := earnings_after_declines(plan):
            yield "fact", after_declines
    yield from (("fact", sentence) for sentence in target_sentence(plan))
    proven = plan.proof.status == "optimal" or is_near_optimum(plan) or is_closed_by_gap(plan)
    yield "proof" if proven else "doubt", _verdict(plan, proven)


def _spend(plan: Plan) -> str:
    spend = plan.totals.spend
    return format_money(spend, plan.roster.currency, whole_units=not spend or spend >= 100_00)


def _results(plan: Plan) -> Iterator[str]:
    if not plan.picks:
        yield "no creators"
        return
    goal, net = plan.campaign.goal.name, plan.net_reach
    if goal == PROFIT and plan.totals.profit is not None:
        likely = _likely_profit(plan)
        yield f"{format_earning(plan.totals.profit, plan.roster.currency)} profit{f' ({likely})' if likely else ''}"
    if goal == NET_REACH and net is not None:
        yield f"{format_amount(net.people / 1000)} different people reached"
    elif goal in GOALS_OF_REACH:
        yield f"{format_metric('reach', plan.totals.metrics['reach'])} people reached (followers of two count twice)"
    for name in ("engagements", "conversions"):
        range_ = f" ({format_likely_range(plan.likely[name])})" if name in plan.likely else ""
        yield f"{format_metric(name, plan.totals.metrics[name])} {name}{range_}"


def format_metric_with_range(name: str, amount: int, likely: Mapping[str, LikelyRange]) -> str:
    """Return an amount of a metric, and after it the likely range if there is one: `3,721 (1.1k-7.9k)`."""
    text = format_metric(name, amount)
    return f"{text} ({format_likely_range(likely[name])})" if name in likely else text


def format_likely_range(likely: LikelyRange) -> str:
    """Return a range in one unit: `22k-128k`, `8.0k-53k`, `262-2,300`, `0-269`; a word if final."""
    if likely.final:
        return FINAL
    low, high = likely.low / 1000, likely.high / 1000
    scale, unit = next((pair for pair in UNITS if high >= pair[0]), (1.0, "")) if high >= LEAST_IN_UNITS else (1.0, "")
    numbers = [_format_end(end / scale, high / scale) for end in (low, high)]
    ends = [number + unit if number.strip("0.") or not unit else "0" for number in numbers]
    return ends[0] if ends[0] == ends[1] else "-".join(ends)


def _format_end(end: float, high: float) -> str:
    """Return an end of a range: in hundreds from 1,000 up, with a decimal below 10 unless the other end is large."""
    if high >= 1_000:
        return f"{round(end, -2) if end >= 1_000 else end:,.0f}"
    return f"{end:.{0 if end >= 9.95 or not end else 1}f}"


def _revenue(plan: Plan) -> str:
    totals, currency, order_value = plan.totals, plan.roster.currency, plan.campaign.order_value
    assert totals.revenue is not None
    per_unit = format_money(round(Fraction(totals.revenue * 100, totals.spend)), currency, whole_units=False)
    one = format_money(100, currency)
    revenue = format_money(totals.revenue, currency, whole_units=totals.revenue >= 100_00)
    head = f"{revenue} revenue, ROAS {format_total('roas', totals, currency)}"
    if totals.profit is not None:
        return "; it ".join(filter(None, (_profit(plan, head, totals.profit), break_even(plan))))
    if order_value is None:
        return f"{head}: the forecast pays back {per_unit} for each {one}"
    each = format_money(order_value, currency)
    text = f"{head}: at {each} an order, the forecast pays back {per_unit} for each {one}"
    return "; it ".join(filter(None, (text, break_even(plan))))


def _profit(plan: Plan, head: str, profit: int) -> str:
    """Return what the plan earns after its spend, at which margin, orders and returns."""
    campaign, currency = plan.campaign, plan.roster.currency
    margin = campaign.margin or Fraction(0)
    if margin:
        head += f" (break-even {format_ratio(1 / margin)}x)"
    terms = [] if campaign.order_value is None else [f"{format_money(campaign.order_value, currency)} an order"]
    terms += [] if campaign.ltv is None else [f"{float(campaign.ltv):.3g} orders per customer"]
    terms += [] if not campaign.returns else [f"{format_bound(campaign.returns, True)} returned"]
    terms.append(f"a margin of {format_bound(margin, True)}")
    amount = format_earning(abs(profit), currency)
    outcome = f"loses {amount}" if profit < 0 else f"earns {amount} more than it costs"
    return f"{head}: at {join_words(terms)}, the plan {outcome}{_profit_doubt(plan)}"


def _profit_doubt(plan: Plan) -> str:
    """Return the likely range of the profit unless the first line has it, and whether it may be a loss."""
    ends = likely_profit(plan, plan.likely.get("conversions"))
    if ends is None or plan.totals.profit is None:
        return ""
    parts = [] if plan.campaign.goal.name == PROFIT else [f"likely profit {_likely_profit(plan)}"]
    if ends[0] < 0 <= plan.totals.profit:
        parts.append("a loss is possible")
    return f" ({': '.join(parts)})" if parts else ""


def _likely_profit(plan: Plan) -> str:
    """Return the likely range of the profit, rounded to two digits of its larger end: `-$13,000 to $38,000`."""
    ends = likely_profit(plan, plan.likely.get("conversions"))
    if ends is None:
        return ""
    widest = max(abs(round(end)) for end in ends)
    step: int = 10 ** max(len(str(widest)) - 2, 2)
    low, high = (format_money(round(end / step) * step, plan.roster.currency, whole_units=True) for end in ends)
    return f"{low} to {high}" if low != high else f"about {low}"


def break_even(plan: Plan) -> str:
    """Return the value of an order at which the plan earns what it costs, empty if there is none."""
    least = break_even_order(plan)
    if least is None:
        return ""
    return f"breaks even at {format_money(least, plan.roster.currency, whole_units=least >= 10_00)} an order"


def _verdict(plan: Plan, proven: bool) -> str:
    least_cost = plan.campaign.goal.name == LEAST_COST
    within = f" to within {format_shortfall(plan)}" if is_near_optimum(plan) else ""
    if proven and least_cost:
        return f"Proven{within}: no plan that meets the targets costs less."
    if proven and not plan.picks:
        where = "" if plan.tail is None else f" in {worst_scenarios(plan.tail)}"
        told = f"the plan is empty: {plan.unspent_reason}" in plan.warnings
        reason = f": {plan.unspent_reason}" if plan.unspent_reason.startswith("your rule") and not told else ""
        return f"Proven{within}: no plan within your budget and rules brings more{where}{reason}."
    comparison = "" if plan.baseline is None else baseline_comparison(plan, plan.baseline)
    if plan.tail is not None and (proven or is_closed_by_gap(plan)):
        best = f"{best_for_worst(plan)}{confirmed(plan.proof)}"
        return f"{best}. On average, {comparison}" if comparison else f"{best}."
    if proven:
        best = f"Proven best for your goal and rules{within}{confirmed(plan.proof)}"
        return f"{best}: {comparison}" if comparison else f"{best}."
    doubt = f"Not proven best ({why_unproven(plan)}): {describe_possible_plan(plan)}."
    if is_chosen_for_declines(plan) and plan.proof.limit is None:
        doubt = f"{chosen_sentence(plan)}. {before_declines(plan)}."
    return f"{doubt} {comparison[:1].upper()}{comparison[1:]}".rstrip()


def why_unproven(plan: Plan) -> str:
    """Return in a few words why a plan is not proven best."""
    proof = plan.proof
    if proof.limit is None and not proof.failure and proof.left_out is not None:
        return f"{proof.left_out.looked_at:,} of {proof.left_out.schedules:,} possible schedules were looked at"
    return LIMITS.get(proof.limit or "", proof.failure or "the solver's answer proves nothing")


def baseline_comparison(plan: Plan, baseline: BaselinePlan) -> str:
    """Return what the plan brings more than picking by engagement rate, or which rule that would break."""
    contracts = contracts_by_label(plan.campaign.running)
    asked = [label for label in baseline.broken if label not in contracts and not own_rule_words(label)]
    if broken := as_written(plan.campaign, asked):
        return f"{HABIT} would break your {'rules' if len(broken) > 1 else 'rule'} {format_names(broken)}."
    if baseline.broken:  # contracts, or rules of replan: it would not be a plan under the same rules
        return ""
    changes = dict(_changes(plan, baseline) if plan.campaign.goal.name != PROFIT else _more_profit(plan, baseline))
    if not changes:
        return ""
    terms = _spends_less(plan, baseline) + (" under the same rules" if plan.rules else "")
    more, fewer = ([words for words, sign in changes.items() if sign == wanted] for wanted in (1, -1))
    parts = [" and ".join(words) for words in (more, fewer) if words]
    return f"{', but '.join(parts)} than {HABIT}{terms}." if parts else f"the same as {HABIT}{terms}."


def profit_change(sign: int, highest: int) -> str:
    """Return `more profit` or `less profit`; where both plans lose money, `less loss` or `more loss`.

    Parameters
    ----------
    sign
        Above 0 if the first plan has the higher profit.
    highest
        Of the two profits, in cents.
    """
    if highest < 0:
        return "less loss" if sign > 0 else "more loss"
    return "more profit" if sign > 0 else "less profit"


def _more_profit(plan: Plan, baseline: BaselinePlan) -> Iterator[tuple[str, int]]:
    """Yield (words, sign) of the profit that the plan brings more or less of."""
    planned, other = plan.totals.profit, baseline.totals.profit
    if planned is not None and other is not None:
        sign = (planned > other) - (planned < other)
        amount = format_earning(abs(planned - other), plan.roster.currency)
        yield f"{amount} {profit_change(sign, max(planned, other))}", sign


def _spends_less(plan: Plan, baseline: BaselinePlan) -> str:
    """Return what the habit spends, where that is much less: its results are then those of less money."""
    spend = baseline.totals.spend
    if spend >= plan.totals.spend * MUCH_LESS:
        return ""
    return f" for {format_money(spend, plan.roster.currency, whole_units=not spend or spend >= 100_00)}"


def _changes(plan: Plan, baseline: BaselinePlan) -> Iterator[tuple[str, int]]:
    """Yield (words, sign) of each metric that the plan brings more or less of; the sign of an equal one is 0."""
    goal = plan.campaign.goal.name
    counted = (TARGET_GOALS[goal],) if goal in TARGET_GOALS else GOAL_METRICS.get(goal, ("engagements", "conversions"))
    for metric in counted:
        planned, other = plan.totals.metrics[metric], baseline.totals.metrics[metric]
        if planned and other:
            name = TARGET_WORDS.get(metric, metric)
            if metric == "reach":
                name = "gross reach" if goal == NET_REACH else "people reached"
            change = planned / other - 1
            sign = 0 if abs(change) < 0.0005 else 1 if change > 0 else -1
            less = "less" if name.startswith("gross reach") else "fewer"
            yield f"{format_percent(abs(change))} {'more' if sign > 0 else less} {name}", sign


def repair_warning(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield what was changed of a request that no plan meets: everything below is about another request."""
    if plan.repair is not None:
        changes = format_repair(plan.repair, plan.roster.currency)
        these = "this change" if " and " not in changes else "these changes"
        yield "warning", f"Not everything you asked for is possible. This plan makes {these}: {changes}."


def unspent_warning(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield what to change first, if the rules keep more than a fifth of the budget from being spent."""
    best = _rule_to_drop(plan)
    if best is not None and best.change is not None:
        unspent, spent = (format_money(money, plan.roster.currency) for money in (plan.unspent, best.change.spend))
        leaves = f"accounts for {spent} of the {unspent} unspent"
        if best.change.spend == plan.unspent:
            leaves = f"leaves {unspent} unspent"
        yield "warning", f"Your rule {best.label} {leaves}; without it: {format_rule_price(plan, best)}."


def _rule_to_drop(plan: Plan) -> RulePrice | None:
    """Return the rule without which most is gained of what it leaves unspent, if that is much."""
    if not plan.leaves_much_unspent:
        return None
    gains = [price for price in plan.rule_prices if price.change is not None and price.change.spend > 0]
    best = max(gains, key=lambda price: price.change.objective if price.change else 0, default=None)
    return best if best is not None and best.change is not None and best.change.objective > 0 else None


def unspent_fact(plan: Plan) -> str:
    """Say what is left and why: where `unspent_warning` names a rule, what would be spent without it."""
    currency = plan.roster.currency
    left, best = f"{format_money(plan.unspent, currency)} left", _rule_to_drop(plan)
    names_rules = plan.unspent_reason.startswith("your rule")
    if best is None or best.change is None or best.status != "optimal" or not names_rules:
        return f"{left}: {plan.unspent_reason}."
    rest = plan.unspent - best.change.spend
    if rest <= 0:
        return f"{left}: without your rule {best.label} all of it would be spent."
    spent, still = (format_money(money, currency) for money in (best.change.spend, rest))
    return f"{left}: without your rule {best.label}, {spent} of it would be spent, and {still} would still be left."
