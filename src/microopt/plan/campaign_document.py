"""A campaign as it stands in a plan: every setting that affects the result, defaults included; and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, TypeVar

from msgspec import Struct

from microopt.campaign.campaign import Audience, Campaign, Goal, Ideal, TierBands
from microopt.campaign.metrics import METRICS
from microopt.campaign.rule_grammar import parse_rule, parse_where
from microopt.campaign.validation import invalid_values
from microopt.errors import CampaignError, Fault, MicrooptError
from microopt.plan.running import RunningDocument, running_document, running_of_document
from microopt.quantities.codec import Number, cents, maybe, money, number, read_back, thousandths

A = TypeVar("A")


class AudienceDocument(Struct, frozen=True, kw_only=True):
    """The pools of net reach: people by value of a column."""

    by: str
    size: dict[str, int]


class CampaignDocument(Struct, frozen=True, kw_only=True):
    """A campaign; money in the currency's unit, shares as fractions.

    Attributes
    ----------
    currency
        Of all money in the plan.
    ideals
        By metric: the total that was kept from another plan, and its bound.
    currency_given
        The campaign's own currency, null where the roster's decides.
    exact
        By place (`worth.conversions`): figures that no JSON number holds, as fractions.
    order
        By table (`worth`, `target`, `audience`): its keys in the order in which they count, which a JSON object does
        not promise to keep.
    sha256
        Of the bytes of the campaign file, null where there was none.
    starts, ends
        The first and the last day, null where it is not said.
    running
        What has come of the campaign so far, null before it has begun.
    """

    name: str | None
    budget: float | None
    currency: str
    goal: str
    worth: dict[str, float]
    target: dict[str, Number]
    ideals: dict[str, tuple[float, float]]
    order_value: float | None
    per_creator: float
    rules: list[str]
    where: list[str]
    include: list[str]
    exclude: list[str]
    competitors: list[str]
    audience: AudienceDocument | None
    one_offer_per: str
    tiers: dict[str, int]
    estimate_fees: bool
    columns: dict[str, str]
    units: dict[str, str]
    exchange: dict[str, float]
    shrink: bool
    fit_benchmarks: bool
    forecast: dict[str, Any]
    max_sponsored_share: Number | None
    with_minors: bool
    currency_given: str | None
    exact: dict[str, str]
    order: dict[str, list[str]]
    sha256: str | None
    starts: date | None = None
    ends: date | None = None
    running: RunningDocument | None = None


def campaign_document(campaign: Campaign, currency: str, sha256: str | None = None) -> CampaignDocument:
    """Return the campaign as it stands in a plan.

    Parameters
    ----------
    currency
        Of the plan's money.
    sha256
        Of the campaign file.
    """
    pools = campaign.audience
    return CampaignDocument(
        name=campaign.name,
        budget=money(campaign.budget),
        currency=currency,
        goal=campaign.goal.name,
        worth={name: float(worth) for name, worth in campaign.goal.worths.items()},
        target={name: number(amount) for name, amount in campaign.goal.targets.items()},
        ideals={ideal.metric: (ideal.total / 1000, ideal.bound / 1000) for ideal in campaign.ideals},
        order_value=money(campaign.order_value),
        per_creator=campaign.per_creator / 100,
        rules=[rule.label for rule in campaign.rules],
        where=[where.label for where in campaign.where],
        include=list(campaign.include),
        exclude=list(campaign.exclude),
        competitors=list(campaign.competitors),
        audience=None if pools is None else AudienceDocument(by=pools.by, size=dict(pools.size)),
        one_offer_per=campaign.one_offer_per,
        tiers=dict(zip(campaign.tiers.names, campaign.tiers.floors, strict=True)),
        estimate_fees=campaign.estimate_fees,
        columns=dict(campaign.columns),
        units=dict(campaign.units),
        exchange={code: float(rate) for code, rate in campaign.exchange.items()},
        shrink=campaign.shrink,
        fit_benchmarks=campaign.fit,
        forecast=dict(campaign.forecast),
        max_sponsored_share=maybe(campaign.max_sponsored_share),
        with_minors=campaign.minors,
        currency_given=campaign.currency,
        exact=dict(_beyond_numbers(campaign)),
        order={
            "worth": [*campaign.goal.worths],
            "target": [*campaign.goal.targets],
            "audience": [] if pools is None else [*pools.size],
        },
        sha256=sha256,
        starts=campaign.starts,
        ends=campaign.ends,
        running=None if campaign.running is None else running_document(campaign.running),
    )


def _beyond_numbers(campaign: Campaign) -> Iterator[tuple[str, str]]:
    """Yield the place and value of each figure that is lost as a number."""
    figures = [(f"worth.{name}", value, float(value)) for name, value in campaign.goal.worths.items()]
    figures += [(f"exchange.{code}", value, float(value)) for code, value in campaign.exchange.items()]
    figures += [(f"target.{name}", value, number(value)) for name, value in campaign.goal.targets.items()]
    if campaign.max_sponsored_share is not None:
        figures.append(("max_sponsored_share", campaign.max_sponsored_share, number(campaign.max_sponsored_share)))
    for place, value, shown in figures:
        if read_back(shown) != value:
            yield place, str(value)


def campaign_of_document(document: CampaignDocument) -> Campaign:
    """Return the campaign that a plan was made for, exactly.

    Raises
    ------
    CampaignError
        If it says what no campaign can; the fault's column is the place in the plan's object.
    """
    exact = {place: _fraction(place, text) for place, text in document.exact.items()}
    pools, share = document.audience, document.max_sponsored_share
    tiers = sorted(document.tiers.items(), key=lambda tier: tier[1])
    campaign = Campaign(
        name=document.name,
        budget=None if document.budget is None else cents(document.budget),
        currency=document.currency_given,
        goal=Goal(
            name=document.goal,
            worths=_exactly("worth", _ordered("worth", document.worth, document), exact),
            targets=_exactly("target", _ordered("target", document.target, document), exact),
        ),
        order_value=None if document.order_value is None else cents(document.order_value),
        per_creator=cents(document.per_creator),
        rules=_parsed("rules", document.rules, parse_rule),
        where=_parsed("where", document.where, parse_where),
        include=tuple(document.include),
        exclude=tuple(document.exclude),
        competitors=tuple(document.competitors),
        ideals=ideals_of(
            {metric: pair[0] for metric, pair in document.ideals.items()},
            {metric: pair[1] for metric, pair in document.ideals.items()},
        ),
        audience=None if pools is None else Audience(by=pools.by, size=_ordered("audience", pools.size, document)),
        one_offer_per=document.one_offer_per,
        tiers=TierBands(names=tuple(name for name, _ in tiers), floors=tuple(floor for _, floor in tiers)),
        estimate_fees=document.estimate_fees,
        columns=document.columns,
        units=document.units,
        exchange=_exactly("exchange", document.exchange, exact),
        shrink=document.shrink,
        fit=document.fit_benchmarks,
        forecast=document.forecast,
        max_sponsored_share=None if share is None else exact.get("max_sponsored_share", read_back(share)),
        minors=document.with_minors,
        starts=document.starts,
        ends=document.ends,
        running=None if document.running is None else running_of_document(document.running),
    )
    for place, told in invalid_values(campaign):
        raise refused(place, told)
    return campaign


def ideals_of(totals: Mapping[str, float], bounds: Mapping[str, float]) -> tuple[Ideal, ...]:
    """Return the ideals whose totals and bounds a plan tells."""
    return tuple(
        Ideal(metric=metric, total=thousandths(totals[metric]), bound=thousandths(bounds[metric]))
        for metric in sorted(totals, key=_place)
    )


def _place(metric: str) -> int:
    return METRICS.index(metric) if metric in METRICS else len(METRICS)


def refused(place: str, told: str) -> CampaignError:
    """Return the error of a campaign whose document says what none can at a place."""
    fault = Fault(code="campaign", message=told, fix="make the plan again", column=f"campaign.{place}")
    return CampaignError(told, fix=fault.fix, faults=[fault])


def _ordered(table: str, values: Mapping[str, A], document: CampaignDocument) -> dict[str, A]:
    """Return a table in the order that counts."""
    order = document.order.get(table, [])
    if sorted(order) != sorted(values):
        raise refused(f"order.{table}", f"the order of {table} is not of its keys")
    return {name: values[name] for name in order}


def _exactly(table: str, shown: Mapping[str, Number], exact: Mapping[str, Fraction]) -> dict[str, Fraction]:
    return {name: exact.get(f"{table}.{name}", read_back(value)) for name, value in shown.items()}


def _fraction(place: str, text: str) -> Fraction:
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise refused(f"exact.{place}", f"{text!r} is no fraction") from None


def _parsed(key: str, lines: Sequence[str], read: Callable[[str], A]) -> tuple[A, ...]:
    parsed = []
    for i, line in enumerate(lines):
        try:
            parsed.append(read(line))
        except MicrooptError as error:
            raise refused(f"{key}[{i}]", error.message) from None
    return tuple(parsed)
