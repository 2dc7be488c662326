"""Compare two plan files: creators added and dropped, costs and results, and the causes where known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from shlex import quote

from msgspec.structs import replace

from microopt.analysis.plan_diff.campaign_changes import RuleChange, campaign_changes, roster_changes, rule_changes
from microopt.analysis.plan_diff.causes import explain_move
from microopt.analysis.plan_diff.move import PlanContext, PlanMove
from microopt.analysis.plan_diff.result import (
    CampaignChange,
    CreatorMove,
    FieldChange,
    PlanComparison,
    PlanSide,
    RetainedCreator,
)
from microopt.analysis.plan_diff.roster_lookup import RosterCache, RosterLookup, look_up_creators
from microopt.campaign.campaign import Campaign
from microopt.campaign.metrics import METRICS
from microopt.errors import UsageError
from microopt.plan.plan import Pick
from microopt.plan.purchase import Purchase, waves_by_offer
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import format_percent, join_words
from microopt.readers.options import MAX_UNPACKED
from microopt.readers.plan_file import PlanFile, read_plan

PicksByCreator = Mapping[str, Sequence[Pick]]
ReportPhase = Callable[[str], None]


def _ignore_phase(_phase: str) -> None:
    """Ignore a progress report."""


def compare_plans(
    before: str, after: str, *, max_unpacked: int = MAX_UNPACKED, report: ReportPhase = _ignore_phase
) -> PlanComparison:
    """Compare two plan files.

    Their rosters are read again, if available, to find out why creators were added and dropped. If a roster is missing,
    or not identical to the byte, the causes that need it are reported as unknown.

    Parameters
    ----------
    before, after
        Paths of the plans, which are called A and B; `-` is standard input.
    max_unpacked
        The limit in bytes on an unpacked roster.
    report
        A function that is called with the current phase.

    Raises
    ------
    UsageError
        If a file is not a plan, or its campaign is impossible.
    """
    if before == after == "-":
        message = "both plans cannot come from standard input"
        raise UsageError(message, fix="give the path of one of them, such as plan.json")
    files = read_plan(before), read_plan(after)
    campaigns = files[0].plan.campaign, files[1].plan.campaign
    rules = rule_changes(*campaigns)
    changes = _all_changes(files, campaigns, rules)
    picks = _picks_by_creator(files[0]), _picks_by_creator(files[1])
    removed, added = (_purchases_only_in(plan_a, plan_b) for plan_a, plan_b in (picks, picks[::-1]))
    lookups = _look_up_rosters(files, campaigns, (removed, added), max_unpacked, report)
    plan_a, plan_b = (
        PlanContext(letter=letter, file=file, campaign=campaign, picks=own_picks, lookup=lookup)
        for letter, file, campaign, own_picks, lookup in zip("AB", files, campaigns, picks, lookups, strict=True)
    )
    removal = PlanMove(present=plan_a, absent=plan_b, forward=True, changes=changes, rules=rules)
    addition = PlanMove(present=plan_b, absent=plan_a, forward=False, changes=changes, rules=rules)
    return PlanComparison(
        before=_plan_side(files[0], campaigns[0]),
        after=_plan_side(files[1], campaigns[1]),
        campaign=changes,
        added=_creator_moves(addition, added),
        dropped=_creator_moves(removal, removed),
        retained=tuple(
            _retained_creators(*picks, with_revenue=_order_terms(campaigns[0]) == _order_terms(campaigns[1]))
        ),
        notes=(*_lookup_notes(lookups, (added, removed)), *_comparison_notes(*files)),
        warnings=tuple(_seal_warnings(files)),
    )


def _all_changes(
    files: tuple[PlanFile, PlanFile], campaigns: tuple[Campaign, Campaign], rules: tuple[RuleChange, ...]
) -> tuple[CampaignChange, ...]:
    currencies = files[0].plan.roster.currency, files[1].plan.roster.currency
    changes = campaign_changes(*campaigns, rules, currencies)
    if campaigns[1].ideals and campaigns[1].ideals == files[0].plan.ideals:
        changes = (_scored_like_a(change) for change in changes)
    return (*changes, *roster_changes(files[0].plan.roster, files[1].plan.roster))


def _scored_like_a(change: CampaignChange) -> CampaignChange:
    message = "B is scored against plan A's reference totals"
    return replace(change, message=message) if change.setting == "ideals" else change


def _picks_by_creator(file: PlanFile) -> PicksByCreator:
    by_creator: dict[str, list[Pick]] = {}
    for pick in file.plan.picks:
        by_creator.setdefault(match_key(pick.creator), []).append(pick)
    return by_creator


def _purchases_only_in(picks_by_creator: PicksByCreator, others: PicksByCreator) -> dict[str, Purchase]:
    """Return the purchases from creators who are in one plan only, in its order."""
    return {key: _build_purchase(picks) for key, picks in picks_by_creator.items() if key not in others}


def _build_purchase(picks: Sequence[Pick]) -> Purchase:
    return Purchase(creator=picks[0].creator, picks=tuple(picks))


def _look_up_rosters(
    files: tuple[PlanFile, PlanFile],
    campaigns: tuple[Campaign, Campaign],
    moved: tuple[Mapping[str, Purchase], Mapping[str, Purchase]],
    max_unpacked: int,
    report: ReportPhase,
) -> tuple[RosterLookup, RosterLookup]:
    """Look up the moved creators in both rosters, with their eligible offers where they are missing."""
    removed, added = moved
    keys, cache = removed.keys() | added.keys(), RosterCache(files)
    if not keys:
        return RosterLookup(), RosterLookup()
    lookups = []
    for letter, file, campaign, missing in zip("AB", files, campaigns, (added, removed), strict=True):
        report(f"reading the roster of {letter}")
        lookups.append(look_up_creators(file, campaign, keys, cache, max_unpacked, with_problem=bool(missing)))
    return lookups[0], lookups[1]


def _creator_moves(move: PlanMove, purchases: Mapping[str, Purchase]) -> tuple[CreatorMove, ...]:
    return tuple(CreatorMove(purchase=purchase, causes=explain_move(move, purchase)) for purchase in purchases.values())


def _plan_side(file: PlanFile, campaign: Campaign) -> PlanSide:
    plan = file.plan
    return PlanSide(
        path=file.path,
        name=campaign.name,
        roster=plan.roster.source.path,
        sha256=plan.roster.source.sha256,
        currency=plan.roster.currency,
        goal=campaign.goal,
        budget=campaign.budget,
        status=plan.status,
        gap=plan.proof.gap,
        objective=plan.proof.objective if plan.tail is None else plan.tail.plan.mean,
        ideals=plan.ideals,
        totals=plan.totals,
        target_audience=campaign.target_audience,
        sealed=file.sealed,
    )


def _order_terms(campaign: Campaign) -> tuple[object, ...]:
    """Return by what conversions become revenue."""
    return campaign.order_value, campaign.returns, campaign.ltv


def _retained_creators(
    before: PicksByCreator, after: PicksByCreator, *, with_revenue: bool
) -> Iterator[RetainedCreator]:
    """Yield the creators in both plans with their changes, of which revenue is one only if `with_revenue`."""
    for key, picks in after.items():
        if key in before:
            old, new = _build_purchase(before[key]), _build_purchase(picks)
            changes = tuple(each for each in _field_changes(old, new) if with_revenue or each.field != "revenue")
            yield RetainedCreator(before=old, after=new, changes=changes)


def _field_changes(old: Purchase, new: Purchase) -> Iterator[FieldChange]:
    """Yield the changes of a creator in both plans; the cost only if it changes by another amount than the fee."""
    old_totals, new_totals = old.totals, new.totals
    figures: list[tuple[str, str | int | None, str | int | None]] = [
        ("offer", _format_offers(old), _format_offers(new)),
        ("tier", old.tier, new.tier),
        ("followers", old.followers, new.followers),
        ("fee", old.fee, new.fee),
        *((name, old_totals.metrics[name], new_totals.metrics[name]) for name in METRICS),
        ("revenue", old_totals.revenue, new_totals.revenue),
    ]
    if new_totals.spend - new.fee != old_totals.spend - old.fee:
        figures.insert(4, ("cost", old_totals.spend, new_totals.spend))
    for field, earlier, later in figures:
        if earlier != later:
            yield FieldChange(field=field, before=earlier, after=later)


def _format_offers(purchase: Purchase) -> str:
    """Format the offers bought, in an order that does not depend on the plan."""
    descriptions = []
    for pick, waves in waves_by_offer(purchase):
        units = f"x{pick.units}" if pick.units > 1 else ""
        when = f"in {join_words(waves)}" if waves else ""
        descriptions.append(" ".join(filter(None, (pick.platform, pick.offer, units, when))))
    return ", ".join(sorted(descriptions))


def _lookup_notes(
    lookups: tuple[RosterLookup, RosterLookup], lacked: tuple[Mapping[str, Purchase], Mapping[str, Purchase]]
) -> Iterator[str]:
    """Yield why a roster is not available that is needed for causes."""
    for letter, lookup, purchases in zip("AB", lookups, lacked, strict=True):
        if purchases and lookup.reason:
            yield f"some reasons are unknown without the roster of {letter}: {lookup.reason}"


def _comparison_notes(before: PlanFile, after: PlanFile) -> Iterator[str]:
    """Yield the limits of the comparison itself."""
    plan_a, plan_b = before.plan, after.plan
    if plan_a.roster.currency != plan_b.roster.currency:
        yield f"A is in {plan_a.roster.currency} and B in {plan_b.roster.currency}, so money is not compared"
    for letter, plan in (("A", plan_a), ("B", plan_b)):
        if plan.status != "optimal":
            gap = format_percent(plan.proof.gap)
            yield f"{letter} is not proven best (within {gap}), so part of the difference may come from the search"
    if before.microopt != after.microopt:
        versions = f"A was made by microopt {before.microopt} and B by {after.microopt}"
        yield f"{versions}, so forecasts may differ for that reason alone"


def _seal_warnings(files: tuple[PlanFile, PlanFile]) -> Iterator[str]:
    for letter, file in zip("AB", files, strict=True):
        if not file.sealed:
            message = f"{letter} was altered after it was written (its seal is broken), so its figures may be false"
            yield f"{message}. See what is false with microopt verify {quote(file.path)}"
