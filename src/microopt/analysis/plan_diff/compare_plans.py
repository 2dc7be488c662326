"""Two plan files side by side: who came, who left, what it costs and brings, and the cause where it can be told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from microopt.analysis.plan_diff.campaign_changes import RuleChange, campaign_changes, roster_changes, rule_changes
from microopt.analysis.plan_diff.causes import Move, PlanContext, explain_move
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
from microopt.plan.document.bought import pick_of, totals_of
from microopt.plan.document.plan import PickDocument
from microopt.plan.purchase import Purchase
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import print_percent
from microopt.readers.options import MAX_UNPACKED
from microopt.readers.plan_document import PlanFile, campaign_of_plan, read_plan

Picks = Mapping[str, Sequence[PickDocument]]
Told = Callable[[str], None]


def _unheard(_phase: str) -> None:
    """Take a report and do nothing with it."""


def compare_plans(
    before: str, after: str, *, max_unpacked: int = MAX_UNPACKED, report: Told = _unheard
) -> PlanComparison:
    """Compare two plan files.

    Their rosters are read again where they are there, to tell why creators came and left; where one is gone, or is not
    the same to the byte, what rests on it is said not to be known.

    Parameters
    ----------
    before, after
        Paths of the plans; `-` is standard input. They are called A and B.
    max_unpacked
        Bytes that a packed roster may unpack to.
    report
        Called with what is being done.

    Raises
    ------
    UsageError
        If one of the files is no plan, or says what no campaign can.
    """
    if before == after == "-":
        message = "both plans cannot come from standard input"
        raise UsageError(message, fix="give the path of one of them")
    files = read_plan(before), read_plan(after)
    campaigns = campaign_of_plan(files[0]), campaign_of_plan(files[1])
    rules = rule_changes(*campaigns)
    changes = _changes(files, campaigns, rules)
    picks = _by_creator(files[0]), _by_creator(files[1])
    left, came = (_only(one, other) for one, other in (picks, picks[::-1]))
    seen = _seen(files, campaigns, (left, came), max_unpacked, report)
    one, other = (
        PlanContext(letter=letter, file=file, campaign=campaign, picks=mine, seen=found)
        for letter, file, campaign, mine, found in zip("AB", files, campaigns, picks, seen, strict=True)
    )
    away = Move(has=one, lacks=other, forward=True, changes=changes, rules=rules)
    towards = Move(has=other, lacks=one, forward=False, changes=changes, rules=rules)
    return PlanComparison(
        before=_side(files[0], campaigns[0]),
        after=_side(files[1], campaigns[1]),
        campaign=changes,
        came=_moved(towards, came),
        left=_moved(away, left),
        stayed=tuple(_stayed(*picks)),
        notes=(*_unseen(seen, (came, left)), *_notes(*files)),
        warnings=tuple(_warnings(files)),
    )


def _changes(
    files: tuple[PlanFile, PlanFile], campaigns: tuple[Campaign, Campaign], rules: tuple[RuleChange, ...]
) -> tuple[CampaignChange, ...]:
    currencies = files[0].document.campaign.currency, files[1].document.campaign.currency
    asked = campaign_changes(*campaigns, rules, currencies)
    return (*asked, *roster_changes(files[0].document.roster, files[1].document.roster))


def _by_creator(file: PlanFile) -> Picks:
    found: dict[str, list[PickDocument]] = {}
    for pick in file.document.picks:
        found.setdefault(match_key(pick.creator), []).append(pick)
    return found


def _only(one: Picks, other: Picks) -> dict[str, Purchase]:
    """Return who is in one plan alone, in its order."""
    return {key: _bought(picks) for key, picks in one.items() if key not in other}


def _bought(picks: Sequence[PickDocument]) -> Purchase:
    return Purchase(creator=picks[0].creator, picks=tuple(map(pick_of, picks)))


def _seen(
    files: tuple[PlanFile, PlanFile],
    campaigns: tuple[Campaign, Campaign],
    moved: tuple[Mapping[str, Purchase], Mapping[str, Purchase]],
    max_unpacked: int,
    report: Told,
) -> tuple[RosterLookup, RosterLookup]:
    """Return what can be seen of who moved in both rosters, and what may be bought in the one where each is missing."""
    left, came = moved
    keys, shelf = left.keys() | came.keys(), RosterCache(files)
    if not keys:
        return RosterLookup(), RosterLookup()
    found = []
    for letter, file, campaign, lacked in zip("AB", files, campaigns, (came, left), strict=True):
        report(f"reading the roster of {letter}")
        found.append(look_up_creators(file, campaign, keys, shelf, max_unpacked, sold=bool(lacked)))
    return found[0], found[1]


def _moved(move: Move, who: Mapping[str, Purchase]) -> tuple[CreatorMove, ...]:
    return tuple(CreatorMove(bought=bought, causes=explain_move(move, bought)) for bought in who.values())


def _side(file: PlanFile, campaign: Campaign) -> PlanSide:
    said = file.document
    return PlanSide(
        path=file.path,
        name=campaign.name,
        roster=said.roster.path,
        sha256=said.roster.sha256,
        currency=said.campaign.currency,
        goal=campaign.goal,
        budget=campaign.budget,
        status=said.status,
        gap=said.gap,
        value=Fraction(said.objective),
        ideals=said.ideals,
        totals=totals_of(said),
    )


def _stayed(before: Picks, after: Picks) -> Iterator[RetainedCreator]:
    for key, picks in after.items():
        if key in before:
            was, now = _bought(before[key]), _bought(picks)
            yield RetainedCreator(before=was, after=now, changes=tuple(_altered(was, now)))


def _altered(was: Purchase, now: Purchase) -> Iterator[FieldChange]:
    """Yield what is otherwise of a creator whom both plans have; a cost only where it moves apart from the fee."""
    one, other = was.totals, now.totals
    figures: list[tuple[str, str | int | None, str | int | None]] = [
        ("offer", _offers(was), _offers(now)),
        ("tier", was.tier, now.tier),
        ("followers", was.followers, now.followers),
        ("fee", was.fee, now.fee),
        *((name, one.metrics[name], other.metrics[name]) for name in METRICS),
        ("revenue", one.revenue, other.revenue),
    ]
    if other.spend - now.fee != one.spend - was.fee:
        figures.insert(4, ("cost", one.spend, other.spend))
    for what, earlier, later in figures:
        if earlier != later:
            yield FieldChange(what=what, before=earlier, after=later)


def _offers(bought: Purchase) -> str:
    """Return what is bought in words, in one order whatever the plan's."""
    told = (
        " ".join(filter(None, (pick.platform, pick.offer, f"x{pick.units}" if pick.units > 1 else "")))
        for pick in bought.picks
    )
    return ", ".join(sorted(told))


def _unseen(
    seen: tuple[RosterLookup, RosterLookup], lacked: tuple[Mapping[str, Purchase], Mapping[str, Purchase]]
) -> Iterator[str]:
    """Yield why a roster cannot be seen that should tell why creators are not bought of it."""
    for letter, found, missing in zip("AB", seen, lacked, strict=True):
        if missing and found.reason:
            yield f"not all can be told without the roster of {letter}: {found.reason}"


def _notes(before: PlanFile, after: PlanFile) -> Iterator[str]:
    """Yield what limits the comparison itself."""
    one, other = before.document, after.document
    if one.campaign.currency != other.campaign.currency:
        yield f"A is in {one.campaign.currency} and B in {other.campaign.currency}: no money is compared"
    for letter, said in (("A", one), ("B", other)):
        if said.status != "optimal":
            gap = print_percent(said.gap)
            yield f"{letter} is not proven the best (within {gap}): some of what differs may be of the search alone"
    if one.microopt != other.microopt:
        made = f"A was made by microopt {one.microopt} and B by {other.microopt}"
        yield f"{made}: forecasts may differ by that alone"


def _warnings(files: tuple[PlanFile, PlanFile]) -> Iterator[str]:
    for letter, file in zip("AB", files, strict=True):
        if not file.sealed:
            told = f"{letter} was altered after it was written (its seal is broken)"
            yield f"{told}: see what is false with microopt verify {file.path}"
