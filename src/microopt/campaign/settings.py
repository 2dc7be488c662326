"""Flags and campaign file, as written -> Campaign. Scalar flags replace the file's values, lists add to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any, TypeVar

from msgspec import Struct, field

from microopt.benchmarks.overrides import overridden
from microopt.benchmarks.table import default_benchmarks
from microopt.campaign.audience import audience_of
from microopt.campaign.campaign import ONE_OFFER_PER, TIER_PRESETS, Campaign, Filter, Goal, Ideal, TierBands
from microopt.campaign.goals import goal_of
from microopt.campaign.rule_grammar import count_of_creators, parse_rule, parse_where, short_form
from microopt.errors import CampaignError, Fault, MicrooptError, UsageError, did_you_mean
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import currency_of, read_money, read_number, read_share

A = TypeVar("A")
B = TypeVar("B")


class CampaignInput(Struct, frozen=True, kw_only=True):
    """What a user wrote, from one place.

    Attributes
    ----------
    budget, order_value, per_creator
        Money as text.
    goal
        A goal's name.
    worth
        Money by metric, as text.
    target
        Least totals by measure, as text: the goal is then the least cost.
    ideals
        What a balanced goal is measured by, read from another plan.
    rules, where
        Lines of the grammar.
    shorts
        (column, text) of the short forms `--niche beauty=2..5`.
    creators
        A range for the number of creators.
    include, exclude
        Creators by name, or selectors of offers.
    competitors
        Brands.
    one_offer_per
        `creator`, `creator,platform` or `offer`.
    audience_by
        Column whose values name the pools of net reach.
    audience
        People by pool, as text.
    tiers
        A preset's name, or lower bounds by tier.
    forecast
        Figures that replace the forecast's defaults, as in `benchmarks.toml`.
    max_sponsored_share
        A share as text, 40% or 0.4.
    starts, ends
        The first and the last day.
    """

    name: str | None = None
    budget: str | None = None
    currency: str | None = None
    goal: str | None = None
    worth: Mapping[str, str] = field(default_factory=dict)
    target: Mapping[str, str] = field(default_factory=dict)
    ideals: tuple[Ideal, ...] = ()
    order_value: str | None = None
    per_creator: str | None = None
    rules: Sequence[str] = ()
    where: Sequence[str] = ()
    shorts: Sequence[tuple[str, str]] = ()
    creators: str | None = None
    include: Sequence[str] = ()
    exclude: Sequence[str] = ()
    competitors: Sequence[str] = ()
    one_offer_per: str | None = None
    audience_by: str | None = None
    audience: Mapping[str, str] = field(default_factory=dict)
    tiers: str | Mapping[str, int] | None = None
    estimate_fees: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    exchange: Mapping[str, str] = field(default_factory=dict)
    forecast: Mapping[str, Any] = field(default_factory=dict)
    no_shrink: bool = False
    fit_benchmarks: bool = False
    max_sponsored_share: str | None = None
    with_minors: bool = False
    starts: date | None = None
    ends: date | None = None

    def over(self, file: CampaignInput) -> CampaignInput:
        """Return these settings on top of a file's."""
        goal = self if self.goal is not None or self.worth or self.target else file
        pools = self if self.audience else file
        return CampaignInput(
            name=_first(self.name, file.name),
            budget=_first(self.budget, file.budget),
            currency=_first(self.currency, file.currency),
            goal=goal.goal,
            worth=goal.worth,
            target=goal.target,
            ideals=self.ideals or (file.ideals if goal is file else ()),
            order_value=_first(self.order_value, file.order_value),
            per_creator=_first(self.per_creator, file.per_creator),
            rules=(*file.rules, *self.rules),
            where=(*file.where, *self.where),
            shorts=(*file.shorts, *self.shorts),
            creators=_first(self.creators, file.creators),
            include=(*file.include, *self.include),
            exclude=(*file.exclude, *self.exclude),
            competitors=(*file.competitors, *self.competitors),
            one_offer_per=_first(self.one_offer_per, file.one_offer_per),
            audience_by=pools.audience_by,
            audience=pools.audience,
            tiers=self.tiers if self.tiers is not None else file.tiers,
            estimate_fees=self.estimate_fees or file.estimate_fees,
            columns={**file.columns, **self.columns},
            units={**file.units, **self.units},
            exchange={**file.exchange, **self.exchange},
            forecast={**file.forecast, **self.forecast},
            no_shrink=self.no_shrink or file.no_shrink,
            fit_benchmarks=self.fit_benchmarks or file.fit_benchmarks,
            max_sponsored_share=_first(self.max_sponsored_share, file.max_sponsored_share),
            with_minors=self.with_minors or file.with_minors,
            starts=_first(self.starts, file.starts),
            ends=_first(self.ends, file.ends),
        )


def _first(flag: A | None, file: A | None) -> A | None:
    """Return the flag where it is given: an empty one, as of an unset shell variable, is not passed over."""
    return file if flag is None else flag


def campaign_from_input(settings: CampaignInput, *, budget_needed: bool = True) -> Campaign:
    """Return the campaign that settings mean.

    Parameters
    ----------
    budget_needed
        Whether a missing budget is an error (else it is 0).

    Raises
    ------
    CampaignError
        With everything that is wrong by itself.
    """
    parts = _Parts()
    short = [line for column, text in settings.shorts for line in parts.each(partial(short_form, column), [text])]
    count = parts.each(count_of_creators, [] if settings.creators is None else [settings.creators])
    rules = [*parts.each(parse_rule, settings.rules), *count, *(line for line in short if not isinstance(line, Filter))]
    where = [*parts.each(parse_where, settings.where), *(line for line in short if isinstance(line, Filter))]
    goal = parts.one(lambda it: goal_of(it.goal, it.worth, it.target), settings, Goal())
    parts.each(_brand, settings.competitors)
    none: tuple[Ideal, ...] = ()
    ideals = parts.one(partial(_ideals, goal), settings.ideals, none)
    needed = budget_needed and not settings.target
    asked = parts.one(lambda text: _budget(text, needed), settings.budget, 0)
    budget = None if settings.target and settings.budget is None else asked
    one_offer_per = parts.one(_one_offer_per, settings.one_offer_per, ONE_OFFER_PER[0])
    audience = parts.one(lambda it: audience_of(it.audience_by, it.audience), settings, None)
    order_value = parts.one(lambda text: _money(text, "order value"), settings.order_value, None)
    per_creator = parts.one(lambda text: _money(text, "per-creator cost"), settings.per_creator, None)
    tiers = parts.one(_bands, settings.tiers, TIER_PRESETS["default"])
    currency = parts.one(_currency, settings, None)
    units = parts.one(_units, settings.units, settings.units)
    nothing: Mapping[str, Fraction] = {}
    exchange = parts.one(_exchange, settings.exchange, nothing)
    most_sponsored = parts.one(_share, settings.max_sponsored_share, None)
    parts.one(partial(overridden, default_benchmarks()), settings.forecast, None)
    parts.one(_in_order, settings, None)
    parts.stop_if_any()
    return Campaign(
        name=settings.name,
        budget=budget,
        currency=currency,
        goal=goal,
        order_value=order_value,
        per_creator=per_creator or 0,
        rules=tuple(rules),
        where=tuple(where),
        include=_once(settings.include),
        exclude=_once(settings.exclude),
        competitors=_once(settings.competitors),
        ideals=ideals,
        audience=audience,
        one_offer_per=one_offer_per,
        tiers=tiers,
        estimate_fees=settings.estimate_fees,
        columns=settings.columns,
        units=units,
        exchange=exchange,
        shrink=not settings.no_shrink,
        fit=settings.fit_benchmarks,
        forecast=settings.forecast,
        max_sponsored_share=most_sponsored,
        minors=settings.with_minors,
        starts=settings.starts,
        ends=settings.ends,
    )


class _Parts:
    """Reads parts of a campaign one by one, and keeps what is wrong with each until all are read."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def one(self, read: Callable[[A], B], written: A, otherwise: B) -> B:
        try:
            return read(written)
        except MicrooptError as error:
            self.faults.extend(error.faults)
            return otherwise

    def each(self, read: Callable[[str], B], lines: Sequence[str]) -> list[B]:
        found: list[B] = []
        for line in lines:
            try:
                found.append(read(line))
            except MicrooptError as error:
                self.faults.extend(error.faults)
        return found

    def stop_if_any(self) -> None:
        if self.faults:
            what = self.faults[0].message if len(self.faults) == 1 else f"the campaign has {len(self.faults)} faults"
            raise CampaignError(what, fix=self.faults[0].fix, faults=self.faults)


def _once(names: Sequence[str]) -> tuple[str, ...]:
    """Return each creator once, however often and in whichever spelling it is named."""
    return tuple(
        {match_key(name): name for name in reversed(names)}[key] for key in dict.fromkeys(map(match_key, names))
    )


def _ideals(goal: Goal, ideals: tuple[Ideal, ...]) -> tuple[Ideal, ...]:
    if ideals and goal.name != "balanced":
        message, fix = f"ideals are of the balanced goal, not of {goal.name}", "drop --ideals, or the other goal"
        raise UsageError(message, fix=fix, code="ideals-unused")
    return ideals


def _brand(name: str) -> str:
    if not match_key(name):
        raise CampaignError("a competitor has no name", fix="name the brand", code="competitor-empty")
    return name


def _one_offer_per(text: str | None) -> str:
    """Read `creator`, `creator,platform` or `offer`, in any order and spelling."""
    if text is None:
        return ONE_OFFER_PER[0]
    words = {word.strip().casefold() for word in text.split(",")} - {""}
    for known in ONE_OFFER_PER:
        if words == set(known.split(",")):
            return known
    fix = f"known are {'; '.join(ONE_OFFER_PER)}"
    raise CampaignError(f"one offer per {text!r} is not known", fix=fix, code="one-offer-per")


def _budget(text: str | None, needed: bool) -> int:
    if text is None:
        if needed:
            fix = "give it with --budget 20000, or as budget = 20000 in the campaign file"
            raise UsageError("there is no budget", fix=fix, code="budget-missing")
        return 0
    cents = read_money(text)
    if not cents:
        fix = "give a budget above 0, such as --budget 20000"
        raise UsageError(f"a budget of {text!r} leaves nothing to spend", fix=fix, code="budget-zero")
    return cents


def _units(units: Mapping[str, str]) -> Mapping[str, str]:
    for column, unit in units.items():
        if unit not in ("percent", "fraction"):
            fix = 'write it like engagement_rate = "percent"'
            raise CampaignError(
                f"[units]: {column} is {unit!r}, not percent or fraction", fix=fix, code="units-unknown"
            )
    return units


def _exchange(rates: Mapping[str, str]) -> Mapping[str, Fraction]:
    read: dict[str, Fraction] = {}
    for code, text in rates.items():
        try:
            read[code.strip().upper()] = read_number(text)
        except ValueError:
            read[code] = Fraction(0)
        if not re.fullmatch(r"[A-Z]{3}", code.strip().upper()) or read.get(code.strip().upper(), 0) <= 0:
            fix = "write what one of it is worth in the campaign's currency: EUR = 1.08"
            raise CampaignError(f"[exchange]: {code} = {text} is no rate", fix=fix, code="exchange-rate")
    return read


def _share(text: str | None) -> Fraction | None:
    if text is None:
        return None
    try:
        return read_share(text)
    except ValueError:
        fix = "write a share such as 40% or 0.4"
        raise CampaignError(f"a sponsored share of {text!r} is no share", fix=fix, code="share-range") from None


def _money(text: str | None, what: str) -> int | None:
    return None if text is None else read_money(text, what)


def _in_order(settings: CampaignInput) -> None:
    if settings.starts and settings.ends and settings.ends < settings.starts:
        message = f"the campaign ends on {settings.ends}, before it starts on {settings.starts}"
        raise CampaignError(message, fix="correct one of the two: starts, ends", code="dates-order")


def _currency(settings: CampaignInput) -> str | None:
    if settings.currency is None:
        return currency_of(settings.budget or "")
    code = settings.currency.strip().upper()
    if not re.fullmatch(r"[A-Z]{3}", code):
        fix = "give its code of three letters, such as USD or EUR"
        raise CampaignError(f"there is no currency {settings.currency!r}", fix=fix, code="currency-unknown")
    return code


def _bands(tiers: str | Mapping[str, int] | None) -> TierBands:
    if tiers is None:
        return TIER_PRESETS["default"]
    if isinstance(tiers, str):
        if tiers not in TIER_PRESETS:
            fix = did_you_mean(tiers, TIER_PRESETS) or f"known are {', '.join(TIER_PRESETS)}"
            raise CampaignError(f"there are no tiers {tiers!r}", fix=fix, code="tiers-unknown")
        return TIER_PRESETS[tiers]
    bands = sorted(tiers.items(), key=lambda band: band[1])
    floors = tuple(floor for _, floor in bands)
    if not bands or len(set(floors)) < len(floors) or floors[0] < 0:
        fix = "give each tier its own lower bound: [tiers] nano = 1000, micro = 10000"
        raise CampaignError("two tiers start at the same follower count", fix=fix, code="tiers-bounds")
    return TierBands(names=tuple(name for name, _ in bands), floors=floors)
