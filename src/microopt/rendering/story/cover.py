"""The cover: what the plan brings for its money in one sentence, whom it is for, and its four main figures."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from microopt.analysis.report.result import Report
from microopt.campaign.goals import LEAST_COST
from microopt.campaign.metrics import NET_REACH
from microopt.plan.plan import Plan
from microopt.rendering.language.language import Language
from microopt.rendering.sanitize import plain_text
from microopt.rendering.story.bad_luck import describe_bad_luck
from microopt.rendering.story.earnings import describe_earnings, describe_gain
from microopt.rendering.story.figures import in_sentence, name_of, rounded_up_percent
from microopt.rendering.story.results import count_results
from microopt.rendering.story.target_audience import describe_on_target
from microopt.rendering.story.tiles import Tile, cover_tiles
from microopt.rendering.wording.after_declines import is_chosen_for_declines
from microopt.rendering.wording.near_optimum import is_near_optimum
from microopt.rendering.wording.plan_head import GOALS_OF_REACH
from microopt.solver.result import NEGLIGIBLE_GAP


class Cover(Struct, frozen=True, kw_only=True):
    """The cover of a report; texts are empty where the campaign does not state them.

    Attributes
    ----------
    sentence
        What the plan brings for its money; of a plan without proof, also that a better one may exist.
    proven
        Whether the plan is proven best, if only to a negligible gap.
    proof
        What is proven, in a sentence; empty if nothing is.
    earns
        What revenue is expected and where the plan breaks even; empty if orders have no known value.
    on_target
        What the plan brings of the people whom the campaign is to reach; empty if it names none.
    gain
        What the plan brings more than choosing by engagement rate; empty where the two cannot be compared.
    bad_luck
        What the plan brings in the outcomes that it was chosen for, and which chances it misses; else empty.
    """

    sentence: str
    proven: bool
    proof: str
    client: str = ""
    campaign: str = ""
    period: str = ""
    version: str = ""
    date: str = ""
    contact: str = ""
    tiles: tuple[Tile, ...] = ()
    earns: str = ""
    on_target: str = ""
    gain: str = ""
    bad_luck: tuple[str, ...] = ()

    @property
    def eyebrow(self) -> tuple[str, ...]:
        """The lines around the headline that are not empty: client, campaign, period, version, date, contact."""
        return tuple(filter(None, (self.client, self.campaign, self.period, self.version, self.date, self.contact)))


def cover(report: Report, language: Language) -> Cover:
    """Return the cover of a report."""
    plan, stated = report.plan, report.plan.campaign.report
    proven = plan.proof.status == "optimal" or is_near_optimum(plan)
    return Cover(
        sentence=cover_sentence(plan, language),
        proven=proven,
        proof=_proof(plan, language) if proven else "",
        client=language.text("For {client}", client=plain_text(stated.client)) if stated.client else "",
        campaign=plain_text(plan.campaign.name or ""),
        period=_period(plan, language),
        version=language.text("Version {version}", version=plain_text(stated.version)) if stated.version else "",
        date=language.day(stated.date) if stated.date else "",
        contact=plain_text(stated.contact),
        tiles=cover_tiles(report, language),
        earns=describe_earnings(plan, language),
        on_target=describe_on_target(plan, language),
        gain=describe_gain(plan, language),
        bad_luck=describe_bad_luck(plan, language),
    )


def cover_sentence(plan: Plan, language: Language) -> str:
    """Return what a plan brings for its money; if a better plan may exist, the next sentence says so."""
    sentences = [_headline(plan, language)]
    if plan.proof.status != "optimal" and not is_near_optimum(plan):
        sentences.append(_doubt(plan, language))
    if plan.picks:
        sentences.append(_worth(plan, language))
    return " ".join(filter(None, sentences))


def _headline(plan: Plan, language: Language) -> str:
    currency, creators = plan.roster.currency, plan.totals.creators
    spend = language.money(plan.totals.spend, currency, whole=True)
    results = list(_results(plan, language))
    if not creators:
        return language.text("This plan has no creators, and costs nothing.")
    if plan.campaign.goal.name == LEAST_COST:
        if not results:
            return language.plural(
                "The {count} creator who meets the targets costs {spend}.",
                "The {count} creators who meet the targets cost {spend}.",
                creators,
                spend=spend,
            )
        return language.plural(
            "The {count} creator who meets the targets costs {spend} and is forecast to bring {results}.",
            "The {count} creators who meet the targets cost {spend} and are forecast to bring {results}.",
            creators,
            spend=spend,
            results=language.join(results),
        )
    if not results:
        return language.plural(
            "For {spend}, this plan has {count} creator.",
            "For {spend}, this plan has {count} creators.",
            creators,
            spend=spend,
        )
    return language.plural(
        "For {spend}, {count} creator is forecast to bring {results}.",
        "For {spend}, {count} creators are forecast to bring {results}.",
        creators,
        spend=spend,
        results=language.join(results),
    )


def _results(plan: Plan, language: Language) -> Iterator[str]:
    """Yield what is expected, what the goal counts first."""
    goal, net, metrics = plan.campaign.goal.name, plan.net_reach, plan.totals.metrics
    if net is not None and goal == NET_REACH:
        yield language.text("a reach of {people} different people", people=in_sentence(language, net.people / 1000))
    elif goal in GOALS_OF_REACH and metrics["reach"]:
        people = in_sentence(language, metrics["reach"] / 1000)
        yield language.text("a gross reach of {people}", people=people)
    names = ("conversions", "engagements") if goal == "conversions" else ("engagements", "conversions")
    for name in names:
        if metrics[name]:
            yield count_results(language, name, metrics[name])


def _worth(plan: Plan, language: Language) -> str:
    """Return what the results are worth by the goal, where that is not what the sentence says already."""
    goal, value = plan.campaign.goal, plan.proof.objective if plan.tail is None else plan.tail.plan.mean
    if any(rule.beyond for rule in plan.rules):
        return ""  # the value is less the penalties
    if goal.name == "worth":
        worth = language.money(round(value * 100), plan.roster.currency, whole=True)
        return language.text("By the value set for each result, that is worth {worth}.", worth=worth)
    if goal.column:
        total = language.number(round(value), 0) if abs(value) >= 100 else language.number(float(value), 2)
        column = name_of(goal.column)
        return language.text("The total of “{column}” is {total}.", column=column, total=total)
    return ""


def _doubt(plan: Plan, language: Language) -> str:
    """Return how much better another plan may be, rounded up, as a share of what this one brings or costs."""
    value, missing = abs(plan.proof.objective), abs(plan.proof.bound - plan.proof.objective)
    least_cost = plan.campaign.goal.name == LEAST_COST
    if not value:
        return language.text("It is not proven that no better plan exists.")
    share = rounded_up_percent(language, missing / value)
    if plan.tail is not None:
        return language.text(
            "It was chosen for the worst {part} of {count} simulated outcomes: on average over these, another "
            "selection brings at most {share} more.",
            part=language.percent(float(plan.tail.share)),
            count=language.number(plan.tail.scenarios, 0),
            share=share,
        )
    if is_chosen_for_declines(plan):
        return language.text(
            "It was chosen for what it brings once some creators decline and others take their place; if nobody is "
            "replaced, another selection brings at most {share} more.",
            share=share,
        )
    if least_cost:
        return language.text("This is not proven best: a plan up to {share} cheaper may exist.", share=share)
    return language.text("This is not proven best: a plan up to {share} better may exist.", share=share)


def _proof(plan: Plan, language: Language) -> str:
    """Return what is proven; of a negligible gap, how large it may be."""
    least_cost = plan.campaign.goal.name == LEAST_COST
    if plan.tail is not None and plan.proof.status == "optimal":
        return language.text(
            "Proven: on average over the worst {part} of {count} simulated outcomes, no other selection within the "
            "budget and the rules brings more.",
            part=language.percent(float(plan.tail.share)),
            count=language.number(plan.tail.scenarios, 0),
        )
    if plan.proof.status == "optimal":
        if least_cost:
            return language.text("Proven: on these forecasts, no selection that meets the targets costs less.")
        return language.text(
            "Proven: on these forecasts, no other selection within the budget and the rules is better for the goal."
        )
    gap = f"{language.number(100 * NEGLIGIBLE_GAP, 5)}%"
    if least_cost:
        return language.text(
            "Proven: on these forecasts, no selection that meets the targets costs less by more than {gap}.", gap=gap
        )
    return language.text(
        "Proven: on these forecasts, no other selection within the budget and the rules is better for the goal by "
        "more than {gap}.",
        gap=gap,
    )


def _period(plan: Plan, language: Language) -> str:
    starts, ends = plan.campaign.starts, plan.campaign.ends
    if starts and ends:
        return language.period(starts, ends)
    if starts:
        return language.text("From {day}", day=language.day(starts))
    return language.text("Until {day}", day=language.day(ends)) if ends else ""
