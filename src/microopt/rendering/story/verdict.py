"""A campaign that runs: whether it is on track, in one line, and its money in three figures that add up."""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct

from microopt.campaign.progress import CampaignProgress, ContractState
from microopt.plan.pacing import MetricPacing, Pacing, posted_costs
from microopt.plan.plan import Plan
from microopt.quantities.keys import match_key
from microopt.quantities.units import Cents
from microopt.rendering.language.language import Language
from microopt.rendering.story.figures import write_result
from microopt.rendering.wording.replan import reportable_pacing

ON_TRACK, AHEAD, BEHIND, OPEN = STATES = ("on track", "ahead", "behind", "open")
BAND = Fraction(1, 10)  # around the plan, within which a projection is on track
METRICS_OF_GOAL = {
    "conversions": ("conversions",),
    "reach": ("impressions",),
    "net reach": ("impressions",),
    "engagement": ("engagements",),
}


class MoneyFigure(Struct, frozen=True, kw_only=True):
    """A part of the money that is bound by contracts, in cents and in words."""

    name: str
    amount: Cents
    text: str
    note: str


class Verdict(Struct, frozen=True, kw_only=True):
    """How a campaign stands.

    Attributes
    ----------
    state
        One of `STATES`; `open` if there is nothing to compare yet.
    sentence
        One line: what was measured, how much of the time is gone, and what is projected against the plan.
    money
        Delivered: the cost of posts that are out. Paid ahead: payments beyond it, including those to creators who
        declined. Committed: what creators under contract are still to get for posts to come. Together they are `bound`.
    bound
        Cents: the cost of all creators under contract, and payments to others.
    bound_text
        A sentence: the sum, and what the campaign spends in all.
    """

    state: str
    sentence: str
    money: tuple[MoneyFigure, ...]
    bound: Cents
    bound_text: str


def verdict(plan: Plan, language: Language) -> Verdict | None:
    """Return how a campaign stands, None if it has not begun."""
    pacing, running = reportable_pacing(plan), plan.campaign.running
    if pacing is None or running is None:
        return None
    figure = _telling_figure(plan, pacing)
    money = _money(plan, pacing, running, language)
    bound = sum(part.amount for part in money)
    return Verdict(
        state=_state(figure),
        sentence=_sentence(figure, pacing, language),
        money=money,
        bound=bound,
        bound_text=_bound(plan, bound, running, language),
    )


def _telling_figure(plan: Plan, pacing: Pacing) -> MetricPacing:
    """Return what the verdict is about: of what the goal counts, what is furthest behind, else furthest ahead."""
    names = METRICS_OF_GOAL.get(plan.campaign.goal.name, ("engagements", "conversions"))
    figures = [figure for name in names for figure in pacing.figures if figure.name == name]
    known = [(change, figure) for figure in figures if (change := _change(figure)) is not None]
    if not known:
        return figures[0]
    lowest, highest = (choose(known, key=lambda each: each[0]) for choose in (min, max))
    if lowest[0] < -BAND:
        return lowest[1]
    return highest[1] if highest[0] > BAND else known[0][1]


def _change(figure: MetricPacing) -> Fraction | None:
    """Return how much more is projected than was planned, None before there is a result."""
    if figure.to_date is None or not figure.planned:
        return None
    return Fraction(figure.projected - figure.planned, figure.planned)


def _state(figure: MetricPacing) -> str:
    change = _change(figure)
    if change is None:
        return OPEN
    return BEHIND if change < -BAND else AHEAD if change > BAND else ON_TRACK


def _sentence(figure: MetricPacing, pacing: Pacing, language: Language) -> str:
    if figure.to_date is None:
        return " ".join(filter(None, (language.text("No results yet."), _day(pacing, language))))
    parts = [_to_date(figure, pacing, language), _projected(figure, language)]
    text = "; ".join(filter(None, parts))
    heads = {
        ON_TRACK: language.text("On track: {details}.", details=text),
        AHEAD: language.text("Ahead of plan: {details}.", details=text),
        BEHIND: language.text("Behind plan: {details}.", details=text),
        OPEN: language.text("So far: {details}.", details=text),
    }
    return heads[_state(figure)]


def _to_date(figure: MetricPacing, pacing: Pacing, language: Language) -> str:
    """Return what was measured, as a share of the plan if that is known, and how many of the days are gone."""
    assert figure.to_date is not None
    if not figure.planned:
        return _amount(figure.name, figure.to_date, language)
    share, gone = language.percent(figure.to_date / figure.planned), _days_gone(pacing)
    if gone is None:
        return _share_of_planned(figure.name, share, language)
    return language.text(
        "{share} with {gone} of the days gone",
        share=_share_of_planned(figure.name, share, language),
        gone=language.percent(float(gone)),
    )


def _share_of_planned(name: str, share: str, language: Language) -> str:
    if name == "engagements":
        return language.text("{share} of the planned engagements", share=share)
    if name == "conversions":
        return language.text("{share} of the planned conversions", share=share)
    return language.text("{share} of the planned impressions", share=share)


def _amount(name: str, thousandths: int, language: Language) -> str:
    amount = write_result(language, name, thousandths / 1000)
    if name == "engagements":
        return language.text("{amount} engagements", amount=amount)
    if name == "conversions":
        return language.text("{amount} conversions", amount=amount)
    return language.text("{amount} impressions", amount=amount)


def _projected(figure: MetricPacing, language: Language) -> str:
    """Return what is projected for the end, against the plan if that is known."""
    amount, change = write_result(language, figure.name, figure.projected / 1000), _change(figure)
    if change is None:
        return language.text("{amount} projected", amount=amount)
    share = language.percent(float(abs(change)))
    if abs(change) < Fraction(1, 200):
        return language.text("{amount} projected, as planned", amount=amount)
    if change < 0:
        return language.text("{amount} projected, {share} fewer than planned", amount=amount, share=share)
    return language.text("{amount} projected, {share} more than planned", amount=amount, share=share)


def _days_gone(pacing: Pacing) -> Fraction | None:
    if pacing.day is None or not pacing.days:
        return None
    return Fraction(min(max(pacing.day, 0), pacing.days), pacing.days)


def _day(pacing: Pacing, language: Language) -> str:
    if pacing.day is None or pacing.day < 1:
        return ""
    day = language.number(pacing.day)
    if pacing.days is None:
        return language.text("Day {day}.", day=day)
    return language.text("Day {day} of {days}.", day=day, days=language.number(pacing.days))


def _money(
    plan: Plan, pacing: Pacing, running: CampaignProgress, language: Language
) -> tuple[MoneyFigure, MoneyFigure, MoneyFigure]:
    """Return what is delivered, paid ahead, and committed."""
    paid = _paid(running)
    costs = {match_key(creator.creator): creator.cost for creator in pacing.creators}
    out = posted_costs(plan, running, pacing.creators)
    # More than the fee was paid for posts that are all out; what is paid for posts to come is paid ahead.
    delivered = {key: max(cost, paid.get(key, 0)) if cost >= costs.get(key, 0) else cost for key, cost in out.items()}
    ahead = running.sunk_cost + sum(max(amount - delivered.get(key, 0), 0) for key, amount in paid.items())
    open_costs = sum(max(cost - max(paid.get(key, 0), delivered.get(key, 0)), 0) for key, cost in costs.items())
    with_calendar = plan.campaign.calendar is not None
    who = language.text("posts that are out") if with_calendar else language.text("creators who have posted")
    return (
        _figure(plan, language, language.text("Delivered"), sum(delivered.values()), who),
        _figure(plan, language, language.text("Paid ahead"), ahead, _note_on_payments(plan, running, language)),
        _figure(plan, language, language.text("Committed"), open_costs, language.text("signed, still to be paid")),
    )


def _paid(running: CampaignProgress) -> dict[str, Cents]:
    """Return what was paid by creator; payments to those who declined are sunk cost."""
    paid: dict[str, Cents] = {}
    for contract in running.contracts:
        if contract.state is not ContractState.DECLINED and contract.paid:
            key = match_key(contract.creator)
            paid[key] = paid.get(key, 0) + contract.paid
    return paid


def _figure(plan: Plan, language: Language, name: str, amount: Cents, note: str) -> MoneyFigure:
    text = language.money(amount, plan.roster.currency)  # to the cent: rounded figures would not add up
    return MoneyFigure(name=name, amount=amount, text=text, note=note)


def _note_on_payments(plan: Plan, running: CampaignProgress, language: Language) -> str:
    if not running.sunk_cost:
        return language.text("before a post is out")
    lost = language.money(running.sunk_cost, plan.roster.currency)
    return language.text("before a post is out, {lost} of it to creators who declined", lost=lost)


def _bound(plan: Plan, bound: Cents, running: CampaignProgress, language: Language) -> str:
    """Return the sum of the three figures, and what the campaign spends in all."""
    spend = plan.totals.spend + running.sunk_cost
    return language.text(
        "Together {bound}; the plan costs {spend} in all.",
        bound=language.money(bound, plan.roster.currency),
        spend=language.money(spend, plan.roster.currency),
    )
