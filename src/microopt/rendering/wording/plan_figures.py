"""Figures, names and short phrases that every renderer writes alike."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import floor

from microopt.benchmarks.overrides import override_benchmarks
from microopt.benchmarks.table import default_benchmarks
from microopt.campaign.campaign import Campaign, Goal, RangeRule, include_label
from microopt.campaign.earnings import PROFIT
from microopt.campaign.goals import LEAST_COST, METRIC_OF_GOAL, MONEY_GOALS
from microopt.campaign.metrics import NET_REACH, TARGET_GOALS, TARGET_METRICS
from microopt.files.reading import source_name
from microopt.plan.chance import Chance
from microopt.plan.difference import Difference
from microopt.plan.plan import Pick, Plan, RulePrice, RuleUse, Totals
from microopt.plan.repair import Change, Repair
from microopt.quantities.parse_and_format import (
    Range,
    format_bound,
    format_count,
    format_exact_money,
    format_money,
    format_number_of,
    format_percent,
    format_range,
)
from microopt.quantities.records import all_agree
from microopt.rendering.wording.full_stop import end_sentence
from microopt.rendering.wording.worst_share import worst_part

DISCLOSURE = (
    "Paid posts have to say that they are advertising: the FTC's Endorsement Guides (US), the CAP Code (UK) and the "
    "directive on unfair commercial practices (EU) require this of brands and creators."
)

# Of each figure of a plan: its heading in a table, and the heading on a narrow screen where that differs.
TOTALS_HEADINGS = {
    "creators": ("Creators", ""),
    "cost": ("Cost", ""),
    "reach": ("Gross reach", "Reach"),
    "impressions": ("Impressions", "Impr."),
    "engagements": ("Engagements", "Eng."),
    "clicks": ("Clicks", ""),
    "conversions": ("Conversions", "Conv."),
    "cpe": ("CPE", ""),
    "cpa": ("CPA", ""),
    "cpm": ("CPM", ""),
    "roas": ("ROAS", ""),
    "profit": ("Profit", ""),
}
METRIC_HEADINGS = {
    name: TOTALS_HEADINGS[name][0] for name in ("reach", "impressions", "engagements", "clicks", "conversions")
}
PLATFORM_LABELS = {"instagram": "IG", "tiktok": "TikTok", "youtube": "YT", "linkedin": "LinkedIn", "x": "X", "vk": "VK"}
METRIC_GOALS = ("balanced", *METRIC_OF_GOAL)  # their gains are seen in the metrics themselves
GOALS_SEEN_IN_METRICS = (*METRIC_OF_GOAL, LEAST_COST)  # their score is a figure of its own in every table
UNITS = ((1e3, "k"), (1e6, "M"), (1e9, "B"))
COSTED_METRICS = {"cpe": "engagements", "cpa": "conversions", "cpm": "impressions"}


def format_used(rule: RuleUse, currency: str) -> str:
    """Return how much of a rule a plan uses, empty if that cannot be measured."""
    return "" if rule.used is None else _format_measure(rule.used, rule, currency)


def format_allowed(rule: RuleUse, currency: str) -> str:
    """Return the range that a rule allows."""
    if rule.used is None:
        return "kept"
    if rule.at_least is None and rule.at_most is None:
        return "met: nothing to measure"
    if rule.money:
        low, high = (
            None if bound is None else _format_measure(bound, rule, currency) for bound in (rule.at_least, rule.at_most)
        )
        return f"<= {high}" if low is None else f">= {low}" if high is None else f"{low}..{high}"
    return format_range(Range(rule.at_least, rule.at_most, rule.share))


def describe_binding(rule: RuleUse, currency: str) -> str:
    """Return in a few words whether a rule limits the plan, empty if it does not."""
    if rule.beyond:
        return format_violation(rule, currency)
    if rule.chance is not None:
        return format_chance(rule.chance)
    if rule.idle:
        return "not in the plan"
    if rule.at_least is None and rule.at_most is None:
        return ""
    if not rule.binding or rule.used is None:
        return ""
    if rule.used == rule.at_most:
        return "limit reached"
    if rule.used == rule.at_least:
        return "at its minimum"
    capped = rule.at_most is not None and (rule.at_least is None or rule.used is None or rule.used > rule.at_least)
    return "no other creator fits" if capped else "none can be dropped"


def format_chance(chance: Chance) -> str:
    """Return in how many scenarios a rule holds, rounded down: `in 93% of 200 scenarios`."""
    if chance.share == 1:
        return f"in all {chance.scenarios:,} scenarios"
    return f"in {format_share_down(chance.share)} of {chance.scenarios:,} scenarios"


def format_share_down(share: Fraction) -> str:
    """Return a share in percent with a decimal at most, rounded down: `93%`, `87.6%`."""
    return format_bound(Fraction(floor(share * 1000), 1000), True)


def format_violation(rule: RuleUse, currency: str) -> str:
    """Return by how much a plan misses or exceeds a soft rule, in units of its measure."""
    side = "below" if rule.at_least is not None and (rule.used or 0) < rule.at_least else "above"
    amount = format_bound(Fraction(round(rule.beyond * 1000), 1000), False)
    return f"{format_money(round(rule.beyond * 100), currency) if rule.money else amount} {side} the limit"


def format_soft_cost(rule: RuleUse, goal: Goal, currency: str) -> str:
    """Return what violating a soft rule costs a plan, in units of its goal."""
    assert rule.soft is not None
    cost = rule.beyond * rule.soft.amount
    if rule.soft.percent:
        return f"{format_percent(float(cost))} of the best possible"
    if goal.name in MONEY_GOALS:
        return format_money(round(cost * 100), currency)
    unit = (
        "people"
        if goal.name in ("reach", NET_REACH)
        else goal.column or {"engagement": "engagements"}.get(goal.name, goal.name)
    )
    return f"{format_bound(Fraction(round(cost * 1000), 1000), False)} {unit}"


def format_repair(repair: Repair, currency: str) -> str:
    """Return the changes of a repair, as advice."""
    changes = dict.fromkeys(
        _format_change(change, currency) for change in repair.changes
    )  # both sides of one rule, once
    return " and ".join(changes) + ("" if repair.minimal else " (a smaller change may be enough)")


def _format_change(change: Change, currency: str) -> str:
    if change.becomes is None:
        required = change.label.removeprefix(include_label(""))
        return f"drop {change.label}" if required == change.label else f"no longer require {required}"
    if change.label == "budget" and change.before is not None and change.after is not None:
        before, after = (format_money(round(limit * 100), currency) for limit in (change.before, change.after))
        return f"raise the budget from {before} to {after}"
    wave = change.wave
    if wave is not None and change.before is not None and change.after is not None:
        before, after = (
            format_bound(limit, True) if change.share else format_money(round(limit * 100), currency)
            for limit in (change.before, change.after)
        )
        if not change.after:
            return f"no longer ask {wave} to spend at least {before}"
        if change.after < change.before:
            return f"lower what {wave} spends at least from {before} to {after}"
        return f"raise the budget of {wave} from {before} to {after}"
    return f"change {change.label} to {change.becomes}"


def format_rule_price(plan: Plan, price: RulePrice | None) -> str:
    """Return in a few words what a plan would gain if a rule were dropped, `no change` if nothing."""
    if price is None:
        return ""
    change = price.change
    if change is None:
        return price.status
    doubt = "" if price.status == "optimal" else " or more"
    if not change.objective:
        return f"no change{' found' if doubt else ''}"
    goal = plan.campaign.goal.name
    if goal == LEAST_COST:
        return f"the same for {format_money(-change.spend, plan.roster.currency)} less{doubt}"
    if goal == PROFIT:
        return f"+{format_money(round(change.objective * 100), plan.roster.currency)} profit{doubt}"
    people = ("reach",) if goal in ("reach", NET_REACH) else ()
    metrics = (*people, "engagements", "conversions")
    gains = [_format_gain(plan, name, change) for name in metrics if change.metrics[name]]
    if change.share is not None and (goal not in METRIC_GOALS or not gains):
        gains.insert(0, f"{format_signed_percent(float(change.share))} of the goal")
    return ", ".join(gains) + doubt


def _format_gain(plan: Plan, name: str, change: Difference) -> str:
    total = plan.totals.metrics[name]
    return f"{format_signed_percent(change.metrics[name] / total)} {name}" if total else f"+{name}"


def format_budget(plan: Plan) -> str:
    """Return the budget and what of it is sunk, or that there is none."""
    budget = plan.campaign.budget
    if budget is None:
        return "no budget"
    currency, running = plan.roster.currency, plan.campaign.running
    text = f"budget {format_money(budget, currency)}"
    if plan.kept_back:
        text += f" less {format_money(plan.kept_back, currency)} contingency"
    if running is None or not running.sunk_cost:
        return text
    total = format_money(budget + running.sunk_cost, currency)
    return f"{text} ({total} less {format_money(running.sunk_cost, currency)} sunk)"


def format_offer(pick: Pick) -> str:
    """Return the name of an offer, with the number of units if there are several."""
    return f"{pick.offer} x{pick.units}".strip() if pick.units > 1 else pick.offer


def cost_heading(plan: Plan) -> str:
    """Return the heading of what picks cost: `Fee` if nothing is paid on top of fees."""
    return "Fee" if all_agree(plan.picks, "cost", "fee") else "Cost"


def fee_estimate_range(campaign: Campaign) -> tuple[float, float]:
    """Return the factors between which a fee lies around its estimate."""
    figures = override_benchmarks(default_benchmarks(), campaign.forecast).table("fee_estimate")["likely"]
    low, high = figures if isinstance(figures, list) else (figures, figures)
    return low, high


def _format_measure(value: Fraction, rule: RuleUse, currency: str) -> str:
    if rule.share:
        return format_percent(float(value))
    if rule.money:
        return format_exact_money(value, currency)
    size = abs(value)
    parts = 1 if size >= 100 else 10 if size >= 10 else 100 if size >= 1 else 1000  # three digits
    return format_bound(Fraction(round(value * parts), parts), False)


def format_cost_per(totals: Totals, metric: str, currency: str, per: int = 1) -> str:
    """Return the cost of one unit (or of `per` units) of a metric, `-` if none is expected."""
    amount = totals.metrics[metric]
    if not amount:
        return "-"
    cents = round(Fraction(totals.spend * 1000 * per, amount))
    return format_money(cents, currency, whole_units=cents >= 100_00)


def format_conversions(thousandths: int) -> str:
    """Return a number of conversions, with one decimal below 10."""
    value = thousandths / 1000
    return f"{value:.1f}" if value < 9.95 else format_amount(value)


def format_amount(value: float) -> str:
    """Return an expected number of people or events: 950, 4,837, and from 10,000 up three digits: 18.3k, 214k, 2.70M.

    Unlike `format_count` it keeps zeros, so that the figures of a column have one style. Half a unit rounds up, as on
    pages.
    """
    if value < 9_999.5:
        return f"{value:,.0f}"
    scale, unit = next(pair for pair in UNITS if value < pair[0] * 999.5 or pair is UNITS[-1])
    size = value / scale
    decimals = 0 if size >= 99.95 else 1 if size >= 9.995 else 2
    return f"{floor(size * 10**decimals + 0.5) / 10**decimals:,.{decimals}f}{unit}"


def score_heading(goal: Goal) -> str:
    """Return the heading of a plan's score, empty where another figure shows it."""
    if goal.name in GOALS_SEEN_IN_METRICS:
        return ""
    if goal.name == NET_REACH:
        return "Net reach"
    if goal.name in TARGET_GOALS:
        return goal.name.capitalize()
    return goal.name.capitalize() if goal.name in ("worth", PROFIT) else "Score"


def score_meaning(campaign: Campaign) -> str:
    """Return in a few words how plans are scored, empty where no score is shown."""
    goal = campaign.goal
    if not score_heading(goal):
        return ""
    if goal.name == "balanced":
        most = "was possible in an earlier plan" if campaign.ideals else "the budget and the rules allow"
        return f"engagements plus conversions, each as a share of the most that {most}"
    soft = (
        " and what soft rules cost" if any(isinstance(rule, RangeRule) and rule.soft for rule in campaign.rules) else ""
    )
    if goal.name == PROFIT:
        return f"what is kept of the revenue, less the cost{soft}"
    if goal.name == "worth":
        return "what the plan brings, in money, at the value given for each result"
    if goal.name in TARGET_GOALS:
        return f"{TARGET_METRICS[TARGET_GOALS[goal.name]]} among the people to reach"
    return "people reached, each counted once" if goal.name == NET_REACH else goal.column or ""


def score_rows(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield (name, value): the score of a plan and what it means, and the best possible where that may be better."""
    goal, proof, currency = plan.campaign.goal, plan.proof, plan.roster.currency
    if plan.tail is not None:
        of_part = f"{' score' if goal.name == 'balanced' else ''} of the {worst_part(plan.tail)}"
        meaning = f": {score_meaning(plan.campaign)}" if goal.name == "balanced" else ""
        value = format_value(proof.objective, goal, currency)
        yield f"Mean{of_part}", f"{value} (which this plan maximizes{meaning})"
        if proof.objective != proof.bound:
            yield f"Best possible mean{of_part}", format_value(proof.bound, goal, currency)
        return
    if heading := score_heading(goal):
        yield heading, f"{format_value(proof.objective, goal, currency)} ({score_meaning(plan.campaign)})"
    if proof.objective != proof.bound:
        yield "Best possible", format_value(proof.bound, goal, currency)


def format_value(value: Fraction, goal: Goal, currency: str) -> str:
    """Return a value in the unit of its goal."""
    if goal.name in MONEY_GOALS:
        amount = format_money(round(abs(value) * 100), currency, whole_units=abs(value) >= 100)
        return f"{'-' if value < 0 else ''}{amount}"
    if goal.name == "balanced":
        return f"{float(value):.3f}"
    size = float(abs(value))
    return f"{'-' if value < 0 else ''}{f'{size:.1f}' if size < 99.95 else format_count(size)}"


def format_ratio(ratio: Fraction | float) -> str:
    """Return a ratio in three digits: 1.43, 12.9, 153."""
    value = float(ratio)
    return f"{value:.2f}" if value < 9.995 else f"{value:.1f}" if value < 99.95 else f"{value:,.0f}"


def format_signed_percent(share: float) -> str:
    """Return a share as a percentage with its sign."""
    return f"{'-' if share < 0 else '+'}{format_percent(abs(share))}"


def format_small_change(share: float) -> str:
    """Return a share with its sign, and with one decimal where it is small: `-3.2%`."""
    return f"{share:+.1%}" if 0.0005 <= abs(share) < 0.1 else format_signed_percent(share)


def format_metric(name: str, thousandths: int) -> str:
    """Return an amount of a metric, given in thousandths."""
    return format_conversions(thousandths) if name == "conversions" else format_amount(thousandths / 1000)


def format_total(name: str, totals: Totals, currency: str) -> str:
    """Return one of the figures of `TOTALS_HEADINGS`; money in whole units from 10 units up."""
    if name == "creators":
        return f"{totals.creators:,}"
    if name == "cost":
        return format_money(totals.spend, currency, whole_units=totals.spend >= 1000)
    if name == "roas":
        return f"{totals.revenue / totals.spend:.2f}x" if totals.revenue is not None and totals.spend else "-"
    if name == "profit":
        return "-" if totals.profit is None else format_earning(totals.profit, currency)
    if name in COSTED_METRICS:
        return format_cost_per(totals, COSTED_METRICS[name], currency, per=1000 if name == "cpm" else 1)
    return format_metric(name, totals.metrics[name])


def format_earning(cents: int, currency: str) -> str:
    """Return a revenue, a profit or a loss, in whole units from 10 units up."""
    return format_money(cents, currency, whole_units=abs(cents) >= 1000)


def pick_totals(pick: Pick) -> Totals:
    """Return the figures of one pick as totals."""
    return Totals(creators=1, spend=pick.cost, metrics=pick.metrics, revenue=pick.revenue, profit=pick.profit)


def platform_label(platform: str) -> str:
    """Return the name of a platform in a table: `IG`, `TikTok`, `YT`."""
    return PLATFORM_LABELS.get(platform.casefold(), platform.capitalize())


def study_headings(campaign: Campaign, source: str, *facts: str) -> list[str]:
    """Return the line above a result, then shorter ones for narrow screens.

    They name the campaign, the roster that it is planned on, and further facts: the last is the most important.
    """
    name = campaign.name or ""
    shorter = ((name, *facts[start:]) for start in range(len(facts)))
    return [" · ".join(filter(None, parts)) for parts in ((name, source_name(source), *facts), *shorter)]


def capitalize_sentence(text: str) -> str:
    """Return a text with a capital first letter and a full stop at its end, the rest unchanged."""
    return end_sentence(f"{text[:1].upper()}{text[1:]}")


def count_creators(count: int) -> str:
    """Return a number of creators: `1 creator`, `2,000 creators`."""
    return format_number_of(count, "creator")
