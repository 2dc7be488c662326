"""Parse a CampaignInput into a Campaign, reporting every fault of its values at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

from microopt.benchmarks.overrides import override_benchmarks
from microopt.benchmarks.table import default_benchmarks
from microopt.campaign.agreed_fees import AgreedFee, parse_agreed_fees
from microopt.campaign.calendar import Calendar
from microopt.campaign.campaign import (
    ONE_OFFER_PER,
    TIER_PRESETS,
    Audience,
    Campaign,
    Filter,
    Goal,
    Ideal,
    Rule,
    TierBands,
)
from microopt.campaign.decline_settings import DeclineSettings, PastAnswers, parse_decline_settings
from microopt.campaign.earnings import parse_ltv, parse_margin, parse_returns
from microopt.campaign.extra_costs import FEE_SHARES, parse_contingency, parse_fee_share
from microopt.campaign.fit_settings import parse_fit
from microopt.campaign.flag_values import Amount, amount_text, amount_texts
from microopt.campaign.goals import parse_goal
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.metrics import TARGET_GOALS, TARGET_METRICS
from microopt.campaign.part_parser import PartParser
from microopt.campaign.reading_settings import parse_reading
from microopt.campaign.report_settings import ReportSettings, parse_report_settings
from microopt.campaign.risk_settings import ScenarioSettings, parse_scenario_settings, parse_worst_share
from microopt.campaign.rule_grammar import parse_rule, parse_where
from microopt.campaign.short_forms import parse_creator_count, parse_short_form
from microopt.campaign.size_checks import refuse_large_campaign
from microopt.campaign.target_audience import TargetAudience, missing_target, parse_target_audience
from microopt.campaign.written_money import contradicting_currencies, find_campaign_currency
from microopt.errors import CampaignError, UsageError, did_you_mean, raise_campaign_faults
from microopt.quantities.currencies import ISO_CODES
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import parse_amount, parse_money, parse_share


def parse_campaign(
    settings: CampaignInput,
    *,
    budget_needed: bool = True,
    ideals: tuple[Ideal, ...] = (),
    past_answers: tuple[PastAnswers, ...] = (),
) -> Campaign:
    """Return the campaign that settings mean.

    Parameters
    ----------
    budget_needed
        Whether a missing budget is an error (else it is 0).
    ideals
        The ideals of the plan that `settings.ideals` names; `microopt.readers.campaign_file` reads them.
    past_answers
        What the file says that `settings.acceptance_from` names.

    Raises
    ------
    CampaignError
        With everything that is wrong by itself.
    """
    refuse_large_campaign(settings)
    parse = PartParser()
    rules, where = _rules_and_filters(settings, parse)
    goal = parse.one(_goal, settings, Goal())
    parse.each(_brand, settings.competitors)
    parse.one(partial(override_benchmarks, default_benchmarks()), settings.forecast, None)
    parse.one(_check_dates, settings, None)
    no_budget: int | None = 0
    no_ideals: tuple[Ideal, ...] = ()
    no_fees: dict[str, AgreedFee] = {}
    parsed: dict[str, Any] = {
        "budget": parse.one(partial(_budget, needed=budget_needed), settings, no_budget),
        "currency": parse.one(_currency, settings, None),
        "goal": goal,
        "per_creator": parse.one(partial(_money, what="per-creator cost"), settings.per_creator, None) or 0,
        "fees": parse.one(parse_agreed_fees, settings.fees, no_fees),
        **_earnings(settings, parse),
        **_extra_costs(settings, parse),
        "rules": rules,
        "where": where,
        "include": _without_repeats(settings.include),
        "exclude": _without_repeats(settings.exclude),
        "competitors": _without_repeats(settings.competitors),
        "ideals": parse.one(partial(_ideals, goal), ideals, no_ideals),
        "audience": parse.one(_audience, settings, None),
        "target_audience": parse.one(_target_audience, settings, None),
        "fit": parse.one(parse_fit, settings.fit, None),
        **_risk(settings, goal, past_answers, parse),
        "one_offer_per": parse.one(_one_offer_per, settings.one_offer_per, ONE_OFFER_PER[0]),
        "tiers": parse.one(_bands, settings.tiers, TIER_PRESETS["default"]),
        **parse_reading(settings, parse),
        "max_sponsored_share": parse.one(_share, settings.max_sponsored_share, None),
        "report": parse.one(parse_report_settings, settings.report, ReportSettings()),
    }
    parsed["calendar"] = parse.one(partial(_calendar, parsed), settings, None)
    raise_campaign_faults(parse.faults)
    shared = set(CampaignInput.__struct_fields__) - parsed.keys()
    as_written = {name: getattr(settings, name) for name in Campaign.__struct_fields__ if name in shared}
    return Campaign(**as_written, **parsed)


def _risk(
    settings: CampaignInput, goal: Goal, past_answers: tuple[PastAnswers, ...], parse: PartParser
) -> dict[str, Any]:
    """Return for which outcomes and which answers of creators a campaign plans."""

    def worst_share(written: CampaignInput) -> Fraction | None:
        return parse_worst_share(written.risk, written.at_least_in, goal.name, goal.targets)

    def scenarios(written: CampaignInput) -> ScenarioSettings:
        return parse_scenario_settings(written.scenarios, written.seed)

    def declines(written: CampaignInput) -> DeclineSettings | None:
        return parse_decline_settings(written.acceptance, past_answers, written.fallbacks, written.after_declines)

    return {
        "worst_share": parse.one(worst_share, settings, None),
        "scenarios": parse.one(scenarios, settings, ScenarioSettings()),
        "declines": parse.one(declines, settings, None),
    }


def _calendar(parsed: Mapping[str, Any], settings: CampaignInput) -> Calendar | None:
    """Return the calendar, which has to agree with what else is parsed."""
    if settings.calendar is None and settings.retainer is None:
        return None
    from microopt.campaign.calendar_settings import parse_calendar  # which most campaigns do not have
    from microopt.campaign.calendar_whole import whole_campaign

    return parse_calendar(settings.calendar, settings.retainer, whole_campaign(settings, parsed))


def _rules_and_filters(settings: CampaignInput, parse: PartParser) -> tuple[tuple[Rule, ...], tuple[Filter, ...]]:
    """Return the rules and the filters, those of the short forms `--niche beauty=2..5` among them."""
    columns = {
        "niche": settings.niche,
        "tier": settings.tier,
        "platform": settings.platform,
        "region": settings.region,
    }
    short = [line for column, texts in columns.items() for line in parse.each(partial(parse_short_form, column), texts)]
    creators = parse.each(parse_creator_count, [] if settings.creators is None else [settings.creators])
    rules = parse.each(parse_rule, settings.rules)
    where = parse.each(parse_where, settings.where)
    return (
        (*rules, *creators, *(line for line in short if not isinstance(line, Filter))),
        (*where, *(line for line in short if isinstance(line, Filter))),
    )


def _goal(settings: CampaignInput) -> Goal:
    goal = parse_goal(settings.goal, amount_texts(settings.worth), amount_texts(settings.target))
    has_target = settings.audience_country or settings.audience_age or settings.audience_gender
    if goal.counts_target and not has_target:
        named = [name for name in (goal.name, *goal.worths) if name in (*TARGET_GOALS, *TARGET_METRICS)]
        raise missing_target(named[0])
    return goal


def _audience(settings: CampaignInput) -> Audience | None:
    pools = settings.audience
    return None if pools is None else parse_audience(pools.by, amount_texts(pools.size))


def _target_audience(settings: CampaignInput) -> TargetAudience | None:
    return parse_target_audience(settings.audience_country, settings.audience_age, settings.audience_gender)


def parse_audience(by: str | None, sizes: Mapping[str, str]) -> Audience | None:
    """Return the pools, or None if none are given.

    Parameters
    ----------
    by
        The column whose values name the pools; the niche by default.
    sizes
        People by value of that column, as text: 2_000_000, 2M.

    Raises
    ------
    CampaignError
        If a size is not a whole number of people above 0, or a column is named without sizes.
    """
    if not sizes:
        if by is None:
            return None
        fix = "give their sizes: size = { beauty = 2_000_000 }"
        raise CampaignError("[audience] names a column but no pools", fix=fix, code="audience-empty")
    names: dict[str, str] = {}
    for name in sizes:
        if names.setdefault(match_key(name), name) != name:
            fix = f"keep one entry for {name!r} in size = {{ ... }}"
            raise CampaignError(f"[audience]: {name} is given twice", fix=fix, code="given-twice")
    return Audience(by=by or "niche", size={name: _parse_people(name, text) for name, text in sizes.items()})


def _parse_people(name: str, text: str) -> int:
    try:
        people = parse_amount(text)
    except ValueError:
        people = Fraction(0)
    if people < 1 or people.denominator != 1 or people > 10**11:
        fix = f"write it like {name} = 2_000_000"
        raise CampaignError(f"[audience]: {name} = {text} is not a number of people", fix=fix, code="audience-size")
    return int(people)


def _without_repeats(names: Sequence[str]) -> tuple[str, ...]:
    """Return each creator once, however often and in whichever spelling it is named."""
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(match_key(name), name)
    return tuple(first.values())


def _ideals(goal: Goal, ideals: tuple[Ideal, ...]) -> tuple[Ideal, ...]:
    if ideals and goal.name != "balanced":
        message = f"ideals belong to the balanced goal, but the goal is {goal.name}"
        fix = "drop --ideals, or plan with --goal balanced"
        raise UsageError(message, fix=fix, code="ideals-unused")
    return ideals


def _brand(name: str) -> str:
    if not match_key(name):
        fix = "name the brand, such as --competitor 'Glow Co'"
        raise CampaignError("a competitor has no name", fix=fix, code="competitor-empty")
    return name


def _one_offer_per(text: str | None) -> str:
    """Read `creator`, `creator,platform` or `offer`, in any order and spelling."""
    if text is None:
        return ONE_OFFER_PER[0]
    words = {word.strip().casefold() for word in text.split(",")} - {""}
    for scope in ONE_OFFER_PER:
        if words == set(scope.split(",")):
            return scope
    fix = f"use one of: {'; '.join(ONE_OFFER_PER)}"
    raise CampaignError(f"one offer per {text!r} is not possible", fix=fix, code="one-offer-per")


def _budget(settings: CampaignInput, needed: bool) -> int | None:
    """Return the budget in cents; None for a least cost, which needs none, and 0 where none is needed."""
    if settings.budget is None:
        if settings.target:
            return None
        if needed:
            fix = "give it with --budget 20000, or as budget = 20000 in the campaign file"
            raise UsageError("there is no budget", fix=fix, code="budget-missing")
        return 0
    text = str(settings.budget)
    cents = _money(settings.budget, "budget")
    if not cents:
        fix = "give a budget above 0, such as --budget 20000"
        raise UsageError(f"a budget of {text!r} leaves nothing to spend", fix=fix, code="budget-zero")
    return cents


def _share(share: Amount | None) -> Fraction | None:
    if share is None:
        return None
    try:
        return parse_share(str(share))
    except ValueError:
        fix = "write a share such as 40% or 0.4"
        raise CampaignError(
            f"the largest sponsored share cannot be {str(share)!r}", fix=fix, code="share-range"
        ) from None


def _extra_costs(settings: CampaignInput, parse: PartParser) -> dict[str, Any]:
    """Return what is paid on top of each fee, and the share of the budget that is kept."""
    shares = {
        name: None if share is None else parse.one(partial(parse_fee_share, name), str(share), Fraction(0))
        for name in FEE_SHARES
        for share in (getattr(settings, name),)
    }
    kept = settings.contingency
    return {
        **shares,
        "seeding": parse.one(partial(_money, what="seeding cost"), settings.seeding, None),
        "contingency": None if kept is None else parse.one(parse_contingency, str(kept), Fraction(0)),
    }


def _earnings(settings: CampaignInput, parse: PartParser) -> dict[str, Any]:
    """Return what a campaign says of earnings; `ltv` in money is divided by the value of an order."""
    order_value = parse.one(partial(_money, what="order value"), settings.order_value, None)
    parsers: dict[str, Callable[[str], Fraction]] = {
        "margin": parse_margin,
        "returns": parse_returns,
        "ltv": partial(parse_ltv, order_value=order_value),
    }
    shares = {
        name: None if amount is None else parse.one(parser, amount_text(amount), Fraction(1))
        for name, parser in parsers.items()
        for amount in (getattr(settings, name),)
    }
    return {"order_value": order_value, **shares}


def _money(amount: Amount | None, what: str) -> int | None:
    return None if amount is None else parse_money(amount_text(amount), what)


def _check_dates(settings: CampaignInput) -> None:
    if settings.starts and settings.ends and settings.ends < settings.starts:
        message = f"the campaign ends on {settings.ends}, before it starts on {settings.starts}"
        fix = "correct starts or ends in the campaign file, or give --starts or --ends"
        raise CampaignError(message, fix=fix, code="dates-order")


def _currency(settings: CampaignInput) -> str | None:
    code = find_campaign_currency(settings)
    if code is not None and code not in ISO_CODES:
        fix = did_you_mean(code, ISO_CODES) or 'give its three-letter code, such as currency = "USD"'
        raise CampaignError(f"there is no currency {settings.currency!r}", fix=fix, code="currency-unknown")
    if faults := list(contradicting_currencies(settings)):
        raise CampaignError(faults[0].message, fix=faults[0].fix, faults=faults)
    return code


def _bands(tiers: str | Mapping[str, int] | None) -> TierBands:
    if tiers is None:
        return TIER_PRESETS["default"]
    if isinstance(tiers, str):
        if tiers not in TIER_PRESETS:
            fix = did_you_mean(tiers, TIER_PRESETS) or f"use one of: {', '.join(TIER_PRESETS)}"
            raise CampaignError(f"there are no tiers {tiers!r}", fix=fix, code="tiers-unknown")
        return TIER_PRESETS[tiers]
    bands = sorted(tiers.items(), key=lambda band: band[1])
    floors = tuple(floor for _, floor in bands)
    if not bands or len(set(floors)) < len(floors) or floors[0] < 0:
        fix = "give each tier its own lower bound: tiers = { nano = 1000, micro = 10000 }"
        raise CampaignError("two tiers start at the same follower count", fix=fix, code="tiers-bounds")
    return TierBands(names=tuple(name for name, _ in bands), floors=floors)
