"""What is bound before a portfolio is planned: money that is lost, and the plans of campaigns that failed tonight.

A campaign whose files cannot be read tonight keeps its last plan. The others must then leave it its money and its
creators, or both would be booked twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil

from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.campaign import Campaign
from microopt.campaign.portfolio import Capacity, Portfolio, PortfolioMember
from microopt.errors import CampaignError
from microopt.forecast.cost import campaign_currency
from microopt.plan.plan import Plan
from microopt.planning.portfolio.creator_rows import competing_pairs
from microopt.planning.portfolio.entry import Entry
from microopt.planning.portfolio.periods import overlaps
from microopt.quantities.keys import match_key, match_keys
from microopt.quantities.parse_and_format import format_money
from microopt.quantities.units import Cents
from microopt.roster.roster import Roster, find_number_column


class KeptPlan(Struct, frozen=True, kw_only=True, eq=False):
    """The last plan of a campaign that cannot be planned tonight."""

    member: PortfolioMember
    plan: Plan


class BoundPortfolio(Struct, frozen=True, kw_only=True, eq=False):
    """A portfolio without what is bound already, and notes on that."""

    portfolio: Portfolio
    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()


def without_bound(portfolio: Portfolio, entries: Sequence[Entry], kept: Sequence[KeptPlan]) -> BoundPortfolio:
    """Return a portfolio without the money and the creators that are bound.

    Raises
    ------
    CampaignError
        If nothing is left of the house budget.
    """
    sunk = {entry.name: _in_house(portfolio, _currency(entry), _sunk(entry.campaign)) for entry in entries}
    plans = {each.member.name: _in_house(portfolio, each.plan.roster.currency, _spend(each.plan)) for each in kept}
    notes = list(_notes(portfolio, sunk, plans))
    opened = tuple(_less_spent(entry, sunk[entry.name]) for entry in entries)
    opened = tuple(_without_creators(portfolio, entry, kept) for entry in opened)
    budget, bound = portfolio.budget, sum(sunk.values()) + sum(plans.values())
    if budget is not None and bound >= budget and bound:
        message = f"{format_money(bound, portfolio.currency)} is spent or kept for campaigns that failed"
        message += f", so nothing is left of the house budget of {format_money(budget, portfolio.currency)}"
        fix = f"write a larger budget in the portfolio file than budget = {ceil(bound / 100)}"
        raise CampaignError(message, fix=fix, code="portfolio-spent")
    left = replace(
        portfolio,
        budget=None if budget is None else budget - bound,
        members=tuple(entry.member for entry in opened),
        capacity=_less_kept(portfolio.capacity, kept),
    )
    return BoundPortfolio(portfolio=left, entries=opened, notes=tuple(notes))


def _currency(entry: Entry) -> str:
    return campaign_currency(entry.roster, entry.campaign)


def _in_house(portfolio: Portfolio, currency: str, cents: Cents) -> Cents:
    rate = Fraction(1) if currency == portfolio.currency else portfolio.exchange.get(currency, Fraction(1))
    return ceil(cents * rate)


def _sunk(campaign: Campaign) -> Cents:
    """Return what was paid to creators who then declined."""
    return 0 if campaign.running is None else campaign.running.sunk_cost


def _spend(plan: Plan) -> Cents:
    return plan.totals.spend + _sunk(plan.campaign)


def _notes(portfolio: Portfolio, sunk: dict[str, Cents], plans: dict[str, Cents]) -> Iterator[str]:
    if total := sum(sunk.values()):
        paid = format_money(total, portfolio.currency)
        yield f"{paid} was paid to creators who declined: it counts as spent of the house budget"
    for name, cents in plans.items():
        amount = format_money(cents, portfolio.currency)
        yield f"{name} keeps its last plan, and with it {amount} of the house budget and its creators"


def _less_spent(entry: Entry, cents: Cents) -> Entry:
    """Return a campaign that must and may spend less, because it has spent some already."""
    if not cents:
        return entry
    low, high = entry.member.floor, entry.member.cap
    low = None if low is None or low <= cents else low - cents
    high = None if high is None else max(0, high - cents)
    return replace(entry, member=replace(entry.member, floor=low, cap=high))


def _without_creators(portfolio: Portfolio, entry: Entry, kept: Sequence[KeptPlan]) -> Entry:
    """Return a campaign without creators who are left to campaigns that keep their last plans."""
    signed = _signed(entry.campaign)
    names = {match_key(each): each for each in entry.roster.texts["creator"].labels} if kept else {}
    taken = {*_of_rivals(portfolio, entry, kept), *_used_up(portfolio.capacity, entry.roster, kept)} & names.keys()
    out = tuple(names[key] for key in sorted(taken - signed))
    campaign = entry.campaign
    return replace(entry, campaign=replace(campaign, exclude=(*campaign.exclude, *out))) if out else entry


def _signed(campaign: Campaign) -> set[str]:
    contracts = () if campaign.running is None else campaign.running.contracts
    return {match_key(each.creator) for each in contracts if each.kept}


def _creators(plan: Plan) -> set[str]:
    return set(match_keys([pick.creator for pick in plan.picks]))


def _of_rivals(portfolio: Portfolio, entry: Entry, kept: Sequence[KeptPlan]) -> Iterator[str]:
    """Yield the creators, by match key, of last plans of campaigns that compete."""
    for each in kept:
        member = replace(each.member, campaign=each.plan.campaign)
        for _, _, days in competing_pairs(portfolio, [entry.member, member]):
            if days is None or overlaps(entry.member.days, member.days, days):
                yield from _creators(each.plan)


def _less_kept(capacity: Capacity, kept: Sequence[KeptPlan]) -> Capacity:
    """Return the capacity less what last plans take of it, in whatever period."""
    return replace(capacity, kept_campaigns=_campaigns_of(kept), kept_posts=_posts_of(kept)) if kept else capacity


def _campaigns_of(kept: Sequence[KeptPlan]) -> Counter[str]:
    return Counter(key for each in kept for key in _creators(each.plan))


def _posts_of(kept: Sequence[KeptPlan]) -> Counter[str]:
    posts: Counter[str] = Counter()
    for each in kept:
        for pick in each.plan.picks:
            posts[match_key(pick.creator)] += pick.units
    return posts


def _used_up(capacity: Capacity, roster: Roster, kept: Sequence[KeptPlan]) -> Iterator[str]:
    """Yield the creators, by match key, of whom the last plans take as many campaigns or posts as there may be."""
    counts, posts = _campaigns_of(kept), _posts_of(kept)
    yield from (key for key, count in posts.items() if capacity.posts is not None and count >= capacity.posts)
    tiers = {match_key(pick.creator): match_key(pick.tier) for each in kept for pick in each.plan.picks}
    limits = {match_key(tier): limit for tier, limit in capacity.tiers.items()}
    column = None if capacity.column is None else find_number_column(roster, capacity.column)
    for key, count in counts.items():
        limit = limits.get(tiers[key], capacity.campaigns)
        if column is not None:
            figures = roster.numbers[column][roster.texts["creator"].contains_any({key})]
            limit = min((int(figure) for figure in figures.tolist() if figure >= 0), default=limit)
        if limit is not None and count >= limit:
            yield key
