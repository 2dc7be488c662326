"""What a chart shows, as its title: true by construction, and neutral where nothing stands out."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from msgspec import Struct

from microopt.analysis.report.result import Report
from microopt.plan.plan import Plan
from microopt.rendering.language.language import Language
from microopt.rendering.story.budget_steps import is_flat, relative_change
from microopt.rendering.story.earnings import SAME, more_or_fewer
from microopt.rendering.story.figures import money_each, name_of, result_figure
from microopt.rendering.story.results import telling_results
from microopt.rendering.story.tiles import likely_totals
from microopt.rendering.wording.waves import picks_by_creator

STANDS_OUT = Fraction(1, 20)  # between two shares of a tier, from which they differ


class _Shares(Struct, frozen=True):
    """What a tier takes of the spend, and brings of a result."""

    tier: str
    metric: str
    spend: Fraction
    result: Fraction

    @property
    def lead(self) -> Fraction:
        """How much more of the result than of the spend it is."""
        return self.result - self.spend


def mix_finding(plan: Plan, language: Language) -> str:
    """Return which tier brings most beyond its share of the spend."""
    if len(plan.mix) == 1:
        return language.text("All creators are {tier}", tier=name_of(*plan.mix))
    shares = list(_shares(plan))
    if not shares:
        return language.text("Spend and results by tier")
    if all(abs(each.lead) < STANDS_OUT for each in shares):
        return language.text("Each tier brings about its share of the spend")
    best = max(shares, key=lambda each: each.lead)
    if best.lead < STANDS_OUT:
        return language.text("Spend and results by tier")
    tier, spend = capitalized(name_of(best.tier)), language.percent(float(best.spend))
    result = language.percent(float(best.result))
    if best.metric == "engagements":
        return language.text(
            "{tier} creators: {spend} of the spend, {result} of the engagements", tier=tier, spend=spend, result=result
        )
    if best.metric == "conversions":
        return language.text(
            "{tier} creators: {spend} of the spend, {result} of the conversions", tier=tier, spend=spend, result=result
        )
    return language.text(
        "{tier} creators: {spend} of the spend, {result} of the gross reach", tier=tier, spend=spend, result=result
    )


def _shares(plan: Plan) -> Iterator[_Shares]:
    """Yield the shares of each tier, in each result that the goal counts."""
    for name in telling_results(plan.campaign.goal):
        whole, spend = plan.totals.metrics[name], plan.totals.spend
        if whole and spend:
            for tier, totals in plan.mix.items():
                yield _Shares(tier, name, Fraction(totals.spend, spend), Fraction(totals.metrics[name], whole))


def ranges_finding(report: Report, language: Language) -> str:
    """Return the likely ranges of the totals, within which eight of ten outcomes lie."""
    likely, totals = likely_totals(report), report.plan.totals
    ends = {
        name: result_figure(language, name, totals.metrics[name], likely[name])
        for name in ("engagements", "conversions")
        if name in likely and totals.metrics[name]
    }
    ranges = {name: figure.range_text for name, figure in ends.items() if figure.range_text}
    if len(ranges) == 2:
        return language.text("Likely: {engagements} engagements, {conversions} conversions", **ranges)
    if "engagements" in ranges:
        return language.text("Likely: {engagements} engagements", **ranges)
    if "conversions" in ranges:
        return language.text("Likely: {conversions} conversions", **ranges)
    return language.text("Expected results")


def worth_finding(plan: Plan, language: Language) -> str:
    """Return who brings the most engagements for the money, and for how much each."""
    paid = [pick for pick in picks_by_creator(plan) if pick.cost > 0 and pick.metrics["engagements"] > 0]
    has_gifts = any(not pick.cost for pick in plan.picks)  # which cost less than the least, and lower the average
    if len(paid) < 2 or has_gifts:
        return language.text("Cost and engagements of each creator")
    best = min(paid, key=lambda pick: Fraction(pick.cost, pick.metrics["engagements"]))
    each = Fraction(best.cost * 1000, best.metrics["engagements"])
    average = Fraction(plan.totals.spend * 1000, plan.totals.metrics["engagements"])
    currency = plan.roster.currency
    texts = [money_each(language, cents, currency) for cents in (each, average)]
    if texts[0] == texts[1]:
        return language.text("Cost and engagements of each creator")
    return language.text(
        "{creator} costs least per engagement: {each}, against {average} on average",
        creator=name_of(best.creator),
        each=texts[0],
        average=texts[1],
    )


def budget_finding(report: Report, language: Language) -> str:
    """Return what the highest budget would bring more than the plan's own."""
    frontier, plan = report.frontier, report.plan
    if frontier is None or plan.campaign.budget is None:
        return language.text("What other budgets bring")
    if is_flat(report):
        return language.text("A different budget changes nothing")
    top = next((point for point in reversed(frontier.points) if point.totals is not None), None)
    if top is None or top.totals is None or top.budget <= plan.campaign.budget:
        return language.text("What other budgets bring")
    budget = language.money(top.budget, plan.roster.currency, whole=True)
    changes = [
        more_or_fewer(language, name, part)
        for name in telling_results(plan.campaign.goal)
        if (part := relative_change(top.totals, plan.totals, name)) is not None and abs(part) >= SAME
    ]
    if not changes:
        return language.text("With {budget}, the results are about the same", budget=budget)
    return language.text("With {budget}: {changes}", budget=budget, changes=language.join(changes))


def capitalized(text: str) -> str:
    """Return a text with a capital first letter."""
    return f"{text[:1].upper()}{text[1:]}"
