"""Roster + Campaign -> PlanningProblem: tiers, contracts, filters, volume packages, forecast, choices."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import Campaign, RangeRule, Rule, Selector
from microopt.campaign.metrics import GROSS_SUFFIX, NET_REACH
from microopt.campaign.rules_by_wave import rules_by_wave
from microopt.errors import CampaignError, raise_campaign_faults
from microopt.forecast.acceptance import with_acceptance
from microopt.forecast.fee_model import FeeModel, fit_fee_model
from microopt.forecast.figure_plausibility import first_rows
from microopt.forecast.fit import with_fit
from microopt.forecast.forecast import Forecast
from microopt.forecast.model import forecast
from microopt.forecast.plausibility import suspicious_offers
from microopt.planning.campaign_checks import check_campaign, check_measures
from microopt.planning.fee_checks import with_fees_of_campaign
from microopt.planning.once_per_creator import charge_once_per_creator
from microopt.planning.problem import PlanningProblem
from microopt.planning.wave_checks import check_waves
from microopt.quantities.parse_and_format import Range, format_bound, format_names
from microopt.roster.agreed_fees import at_agreed_amounts, is_of_waves, less_agreed_discounts
from microopt.roster.bundles import enumerate_choices
from microopt.roster.conflicts import find_conflicts, works_for_brand
from microopt.roster.contract_status import (
    contract_notes,
    declined_offers,
    kept_offers,
    with_agreed_fees,
    with_contract_columns,
    with_roster_contracts,
)
from microopt.roster.roster import Roster, with_tiers
from microopt.roster.selection import (
    brand_safe_offers,
    matches_filter,
    offers_named,
    offers_named_by_any,
    offers_of_included,
    reasons_left_out,
)
from microopt.roster.stated_tiers import note_other_tiers
from microopt.roster.volume_packages import expand_volume_packages

if TYPE_CHECKING:
    from microopt.planning.schedule_rows import FewSchedules


def build_problem(
    roster: Roster, campaign: Campaign, *, bundles: bool = True
) -> tuple[PlanningProblem, tuple[str, ...]]:
    """Return the planning problem of a campaign on a roster, and warnings.

    Parameters
    ----------
    bundles
        Whether each number of units, and each set of offers that can be bought together, becomes a choice, as a plan
        needs it. Otherwise each offer is one row and one choice.

    Raises
    ------
    CampaignError
        With every rule, filter, inclusion or exclusion that does not fit the roster.
    """
    wave_faults, wave_warnings = check_waves(roster, campaign)
    campaign = with_roster_contracts(roster, campaign if bundles else without_calendar(campaign))
    roster = note_other_tiers(with_tiers(roster, campaign.tiers), campaign.tiers)
    roster = with_contract_columns(roster, campaign.running)
    roster, fit_faults, fit_warnings = with_fit(roster, campaign)
    roster, acceptance_faults, acceptance_warnings = with_acceptance(roster, campaign)
    listed = roster
    if campaign.calendar is not None:
        from microopt.planning.calendar_checks import check_calendar  # only for a campaign with a calendar
        from microopt.planning.waves_of_campaign import offers_in_waves

        roster = offers_in_waves(roster, campaign, campaign.calendar)
        more_faults, more_warnings = check_calendar(roster, campaign, campaign.calendar)
        wave_faults, wave_warnings = [*wave_faults, *more_faults], [*wave_warnings, *more_warnings]
    roster, fee_faults = with_fees_of_campaign(roster, campaign)
    faults, warnings = check_campaign(roster, campaign)
    raise_campaign_faults([*fit_faults, *acceptance_faults, *wave_faults, *fee_faults, *faults])
    eligible = eligible_offers(roster, campaign)
    if not eligible.any():
        raise _nobody_left_error(campaign)
    _require_included(roster, campaign, eligible)
    problem = _assemble_problem(listed, roster, np.flatnonzero(eligible), campaign, bundles=bundles)
    faults, measure_warnings = check_measures(problem)
    raise_campaign_faults(faults)
    left_out = _suspicious_warnings(roster, campaign)
    settings = (*fit_warnings, *acceptance_warnings, *wave_warnings, *warnings)
    of_campaign = (*contract_notes(roster, campaign), *settings, *left_out, *measure_warnings)
    return problem, (*of_campaign, *roster.warnings)


def _nobody_left_error(campaign: Campaign) -> CampaignError:
    """Return the error of a campaign whose filters leave no offer, which names those that it has."""
    given = {
        "--exclude-suspicious": campaign.exclude_suspicious,
        "--max-sponsored-share": campaign.max_sponsored_share is not None,
        "--exclude": bool(campaign.exclude),
        "--competitor": bool(campaign.competitors),
    }
    flags = [flag for flag, is_given in given.items() if is_given]
    filters = [*(where.label for where in campaign.where), *flags] or ["minors, declined creators"]
    fixes = [*(["widen --where"] if campaign.where else []), *(f"leave out {flag}" for flag in flags)]
    fix = ", or ".join(fixes) or "allow creators who feature minors with --with-minors, or update the contract states"
    return CampaignError(f"no offer passes the filters ({', '.join(filters)})", fix=fix, code="filter-all")


def _assemble_problem(
    listed: Roster, roster: Roster, rows: NDArray[np.intp], campaign: Campaign, *, bundles: bool
) -> PlanningProblem:
    """Return the problem of some rows of a roster, which is the listed one in the waves of the campaign, if any."""
    offers = roster if len(rows) == len(roster) else roster.reorder(rows)
    offers = offers.reorder(offers.canonical_order())
    roster_ids = offers.creator_id
    offers = replace(offers, creator_id=_number_by_appearance(roster_ids))  # the program's rows follow these numbers
    has_conflicts = "conflicts" in roster.texts
    numbers = dict(zip(roster_ids.tolist(), offers.creator_id.tolist(), strict=True)) if has_conflicts else {}
    # By every price that was read: no filter, contract or package moves what offers usually cost.
    fee_model = fit_fee_model(listed, campaign)
    offers, expected, choice, few = _forecast_choices(offers, campaign, fee_model, bundles=bundles)
    problem = PlanningProblem(
        roster=offers,
        forecast=charge_once_per_creator(expected, choice),
        campaign=campaign,
        choice=choice,
        rules=tuple(expand_rules(campaign)),
        conflicts=tuple(find_conflicts(roster, numbers)),
        offers=len(listed),
        creators=listed.creators,
        filtered=listed.creators - offers.creators,
        listed=None if campaign.calendar is None else listed,
    )
    return problem if few is None else problem.as_few_of(*few)


def _forecast_choices(
    offers: Roster, campaign: Campaign, fee_model: FeeModel, *, bundles: bool
) -> tuple[Roster, Forecast, NDArray[np.int32], FewSchedules | None]:
    """Return the offers and the forecast of each row of each choice, the choice that each belongs to, and the pool.

    There is a pool of schedules where there are very many, and then these are those of few posts.
    """
    if campaign.calendar is not None:
        from microopt.planning.schedule_rows import forecast_schedules, sort_by_wave

        return forecast_schedules(sort_by_wave(expand_volume_packages(offers)), campaign, campaign.calendar, fee_model)
    offers = less_agreed_discounts(expand_volume_packages(offers) if bundles else offers)
    if bundles:
        offers = with_agreed_fees(offers, campaign.running)
    expected = forecast(offers, campaign, fee_model=fee_model)
    choices = enumerate_choices(offers, campaign.one_offer_per if bundles else "creator")
    if not np.array_equal(choices.rows, np.arange(len(offers))):
        offers, expected = offers.take(choices.rows), expected.take(choices.rows)
    return offers, expected, choices.choice, None


def _number_by_appearance(ids: NDArray[np.int32]) -> NDArray[np.int32]:
    """Renumber creators in the order in which they appear."""
    if len(ids) and np.bincount(ids).max() == 1:
        return np.arange(len(ids), dtype=np.int32)
    _, first, code = np.unique(ids, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first)).astype(np.int32)[code]


def eligible_offers(roster: Roster, campaign: Campaign) -> NDArray[np.bool_]:
    """Return which offers a plan may contain, (n,); the roster must already have tier and contract columns."""
    eligible, roster = np.ones(len(roster), dtype=bool), at_agreed_amounts(roster, campaign.fees)
    for where in campaign.where:
        eligible &= matches_filter(roster, where)
    eligible &= brand_safe_offers(roster, campaign) & ~_excluded_as_suspicious(roster, campaign)
    eligible &= ~offers_named_by_any(roster, campaign.exclude)
    for brand in campaign.competitors:
        eligible &= ~works_for_brand(roster, brand)
    return (eligible | kept_offers(roster, campaign.running)) & ~declined_offers(roster, campaign.running)


def _excluded_as_suspicious(roster: Roster, campaign: Campaign) -> NDArray[np.bool_]:
    """Return the offers left out for figures that are hard to believe; required and contracted creators stay."""
    if not campaign.exclude_suspicious:
        return np.zeros(len(roster), dtype=bool)
    return (
        suspicious_offers(roster, campaign)
        & ~offers_of_included(roster, campaign)
        & ~kept_offers(roster, campaign.running)
    )


def _suspicious_warnings(roster: Roster, campaign: Campaign) -> Iterator[str]:
    """Yield who is left out because of figures that are hard to believe."""
    rows = np.flatnonzero(_excluded_as_suspicious(roster, campaign))
    names = [roster.texts["creator"][row].strip() for row in rows[first_rows(roster.take(rows))].tolist()]
    if names:
        creators = "1 creator has" if len(names) == 1 else f"{len(names):,} creators have"
        reason = "figures that are hard to believe and"
        yield f"{creators} {reason} {'is' if len(names) == 1 else 'are'} left out: {format_names(names)}"


def _require_included(roster: Roster, campaign: Campaign, eligible: NDArray[np.bool_]) -> None:
    for name in campaign.include:
        if reasons := reasons_left_out(roster, name):
            message = f"include: {name} has no offer on the list: {'; '.join(reasons)}"
            raise CampaignError(message, fix=f"correct the list, or drop --include {name}", code="include-left-out")
        if not eligible[offers_named(roster, name)].any():
            fix = f"widen the filter, or drop --include {name}"
            raise CampaignError(f"include: every offer of {name} is filtered out", fix=fix, code="include-filtered")


def expand_rules(campaign: Campaign) -> Iterator[Rule]:
    """Yield rules, budgets of waves and targets, each of one kind and with one label."""
    pieces = (piece for rule in campaign.rules for piece in expand_rule(campaign, rule))
    yield from dict.fromkeys(pieces)  # a rule that is written twice counts once
    if campaign.calendar is not None:
        from microopt.campaign.calendar_budgets import calendar_rules  # only for a campaign with a calendar

        budgets = calendar_rules(campaign.calendar, campaign.budget)
        yield from (rule for rule in budgets if not _is_over(campaign, rule))
    for measure, amount in campaign.goal.targets.items():
        label = target_label(measure, amount)
        yield RangeRule(label=label, selector=Selector(), measure=measure, bounds=Range(amount, None))


def expand_rule(campaign: Campaign, written: Rule) -> Iterator[Rule]:
    """Yield the rules that a rule of the campaign means, each on one wave if it is on each of them.

    A floor on net reach stays as it is; a cap or a share of net reach is applied to gross reach instead. What is said
    of waves in which nothing can be booked any more is left out.
    """
    for rule in rules_by_wave((written,), campaign.calendar):
        if _is_over(campaign, rule):
            continue
        if isinstance(rule, RangeRule) and rule.measure == NET_REACH and not rule.mean:
            low, high, percent = rule.bounds.low, rule.bounds.high, rule.bounds.percent
            if low is not None and not percent:
                yield replace(rule, bounds=Range(low, None))
                low = None
            if high is not None or low is not None:
                yield replace(rule, label=rule.label + GROSS_SUFFIX, measure="reach", bounds=Range(low, high, percent))
        else:
            yield rule


def _is_over(campaign: Campaign, rule: Rule) -> bool:
    """Whether a rule is only about waves in which nothing can be booked any more; if all are such, every rule is."""
    closed = campaign.closed_waves
    if not closed:
        return False
    from microopt.planning.waves_of_campaign import is_over  # only for a campaign with a calendar

    return campaign.is_over or is_over(rule, closed)


def labels_meant(campaign: Campaign, label: str) -> tuple[str, ...]:
    """Return the labels of a problem's rules that a rule of the campaign means: one for each wave, or its own."""
    written = label.removesuffix(GROSS_SUFFIX)
    pieces = (piece.label for rule in campaign.rules if rule.label == written for piece in expand_rule(campaign, rule))
    return tuple(dict.fromkeys((label, *pieces)))


def target_label(measure: str, amount: Fraction) -> str:
    """Return the label of a target's rule."""
    return f"target {measure} >= {format_bound(amount, False)}"


def without_calendar(campaign: Campaign) -> Campaign:
    """Return the campaign as its offers are on the list, without the calendar and what it says of single waves."""
    if campaign.calendar is None:
        return campaign
    from microopt.planning.waves_of_campaign import names_wave

    rules = tuple(rule for rule in campaign.rules if not names_wave(rule))
    where = tuple(each for each in campaign.where if not names_wave(each))
    fees = {name: fee for name, fee in campaign.fees.items() if not is_of_waves(name)}
    return replace(campaign, calendar=None, rules=rules, where=where, fees=fees)


def for_roster_analysis(campaign: Campaign) -> Campaign:
    """Return the campaign for an analysis of the roster alone, without the settings that only a plan's cost needs."""
    exchange = {"USD": Fraction(1), **campaign.exchange}
    return replace(
        campaign,
        order_value=campaign.order_value or 0,
        estimate_fees=True,
        exchange=exchange,
        exclude_suspicious=False,
    )
