"""Why does one of two plans buy of a creator and the other not? From facts that differ, the strongest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from microopt.analysis.plan_diff.campaign_changes import RuleChange, newly_excluded
from microopt.analysis.plan_diff.result import CampaignChange
from microopt.analysis.plan_diff.roster_lookup import RosterLookup
from microopt.campaign.campaign import Campaign, EachRule, Rule, Selector
from microopt.campaign.metrics import canonical
from microopt.errors import CampaignError
from microopt.plan.document.plan import PickDocument
from microopt.plan.purchase import Cause, Purchase
from microopt.plan.verification_result import Discrepancy
from microopt.planning.barriers import budget_barriers, exclusion_reasons
from microopt.planning.build_plan import build_picks
from microopt.planning.worse_figures import ComparisonTerms, goal_metrics, worsened_figures
from microopt.quantities.keys import match_key
from microopt.readers.plan_document import PlanFile
from microopt.roster.selection import matching_offers
from microopt.verification.match_picks import match_picks

NO_CAUSE = (
    "name",
    "roster",
    "starts",
    "ends",
)  # a name bears on nobody, and what a roster changed of others is told apart
WORDS = {
    "rule": "rules",
    "where": "filters",
    "include": "inclusions",
    "exclude": "exclusions",
    "one_offer_per": "offers per creator",
    "order_value": "order value",
    "per_creator": "handling",
    "max_sponsored_share": "sponsored share",
    "estimate_fees": "estimated fees",
    "fit": "benchmarks",
    "skip_bad_rows": "rows left out",
    "running": "states and results",
}


class PlanContext(Struct, frozen=True, kw_only=True, eq=False):
    """One of the two plans, and what can be seen of its roster.

    Attributes
    ----------
    letter
        What the plan is called: A or B.
    picks
        By match key of the creator.
    """

    letter: str
    file: PlanFile
    campaign: Campaign
    picks: Mapping[str, Sequence[PickDocument]]
    seen: RosterLookup


class Move(Struct, frozen=True, kw_only=True, eq=False):
    """Between two plans, seen from the one that has a creator.

    Attributes
    ----------
    has, lacks
        The plan that buys of the creators asked about, and the other one.
    forward
        Whether the one that has them comes first: they left, and else they came.
    changes
        What the second plan asks otherwise.
    rules
        The same of rules alone.
    """

    has: PlanContext
    lacks: PlanContext
    forward: bool
    changes: tuple[CampaignChange, ...]
    rules: tuple[RuleChange, ...]

    @property
    def one_currency(self) -> bool:
        """Whether their money can be compared."""
        codes = {asked.file.document.campaign.currency for asked in (self.has, self.lacks)}
        return len(codes) == 1


def explain_move(move: Move, bought: Purchase) -> tuple[Cause, ...]:
    """Return the facts that bear on why only one of the plans buys of a creator."""
    key = match_key(bought.creator)
    shut = tuple(_shut_out(move, key))
    if shut:
        return shut
    named = tuple(_included(move, key))
    if named and not move.forward:
        return named
    then = _elsewhere(move, key)
    if isinstance(then, Cause) and then.kind == "offer":
        return (*named, then)
    own = [*_no_room(move, then, key), *named]
    own += worsened_figures(bought, then, _terms(move)) if isinstance(then, Purchase) else ()
    own += [*_rules(move, then if isinstance(then, Purchase) else bought, key), *_of_all(move)]
    if isinstance(then, Cause):
        return (*own, then)
    return tuple(own) or (_nothing(move, bought, then),)


def _shut_out(move: Move, key: str) -> Iterator[Cause]:
    """Yield what keeps a creator out of the other plan whatever else is so."""
    lacks, mine = move.lacks, move.lacks.seen.offers(key)
    if lacks.seen.roster is None:
        for name in lacks.campaign.exclude:
            if match_key(name) == key:
                yield Cause(kind="exclude", told=f"{lacks.letter} leaves it out: exclude {name}")
    elif mine is None:
        yield Cause(kind="roster", told=f"it is not in the roster of {lacks.letter}")
    elif lacks.seen.case is not None and key not in lacks.seen.let_in:
        reasons = list(exclusion_reasons(mine, lacks.campaign, key)) or [
            "no offer of it passes all filters and exclusions"
        ]
        for reason in reasons:
            kind = "exclude" if reason.startswith("exclude ") else "filter"
            yield Cause(kind=kind, told=f"it may not enter {lacks.letter}: {reason}")


def _included(move: Move, key: str) -> Iterator[Cause]:
    one, other = (move.has, move.lacks)
    if key in map(match_key, one.campaign.include) and key not in map(match_key, other.campaign.include):
        yield Cause(kind="include", told=f"{one.letter} includes it by name, {other.letter} does not")


def _elsewhere(move: Move, key: str) -> Purchase | Cause:
    """Return what the same offers are in the roster of the plan that does not buy them, or why that is not known."""
    lacks, picks = move.lacks, move.has.picks[key]
    case = lacks.seen.sold(key)
    if case is None:
        unruled = move.rules and move.has.seen.offers(key) is None
        what = "whether its own figures changed" + (" or a rule on some counts it" if unruled else "")
        return Cause(kind="unknown", told=f"{what} cannot be told without the roster of {lacks.letter}")
    found = match_picks(case, picks)
    if isinstance(found, Discrepancy):
        return Cause(kind="offer", told=f"in {lacks.letter}, {found.message}")
    return Purchase(creator=picks[0].creator, picks=build_picks(case, case.select_rows(found)))


def _no_room(move: Move, then: Purchase | Cause, key: str) -> Iterator[Cause]:
    lacks, mine = move.lacks, move.lacks.seen.offers(key)
    if isinstance(then, Purchase) and mine is not None:
        yield from budget_barriers(then, mine, lacks.campaign, lacks.letter, lacks.file.document.campaign.currency)


def _terms(move: Move) -> ComparisonTerms:
    currency = move.has.file.document.campaign.currency if move.one_currency else None
    goals = [asked.campaign.goal for asked in (move.has, move.lacks)]
    return ComparisonTerms(forward=move.forward, currency=currency, metrics=goal_metrics(goals))


def _rules(move: Move, bought: Purchase, key: str) -> Iterator[Cause]:
    """Yield the rules that count a creator and leave less room for it where it is not bought."""
    for change in move.rules:
        old, new = (change.before, change.after) if move.forward else (change.after, change.before)
        if any(
            _bears_on(move, rule, rule is new, selector, bought, key) for rule, selector in newly_excluded(old, new)
        ):
            how = "added" if change.before is None else "dropped" if change.after is None else "changed"
            counts = "counts" if change.after is not None else "counted"
            yield Cause(kind="rule", told=f"a rule that {counts} it was {how}: {change.told}")


def _bears_on(move: Move, rule: Rule, new: bool, selector: Selector, bought: Purchase, key: str) -> bool:
    """Whether a selector means an offer of a creator, and a rule on each creator is one that it breaks.

    Where neither roster can be seen, only a selector of everybody is known to.
    """
    if isinstance(rule, EachRule) and _kept(rule, bought, move.lacks.campaign):
        return False
    if not selector.clauses:
        return True
    asked = (move.lacks, move.has) if new else (move.has, move.lacks)
    mine = next((offers for one in asked if (offers := one.seen.offers(key)) is not None), None)
    if mine is None:
        return False
    try:
        return bool(matching_offers(mine, selector).any())
    except CampaignError:  # the other plan's roster has no such column: it cannot tell
        return False


def _kept(rule: EachRule, bought: Purchase, campaign: Campaign) -> bool:
    """Whether a creator keeps a rule on each creator, as far as that can be told from what was bought."""
    name, spent = canonical(rule.measure), bought.totals
    known = {"spend": Fraction(spent.spend, 100), "count": Fraction(len(bought.picks))}
    known |= {metric: Fraction(amount, 1000) for metric, amount in spent.metrics.items()}
    if name not in known:
        return False
    of = Fraction(campaign.budget or 0, 100) if rule.of_budget else Fraction(1)
    low, high = rule.bounds.low, rule.bounds.high
    return (low is None or known[name] >= low * of) and (high is None or known[name] <= high * of)


def _of_all(move: Move) -> Iterator[Cause]:
    """Yield what was asked otherwise and bears on every creator: less to spend, and another goal."""
    has, lacks = (asked.campaign.budget for asked in (move.has, move.lacks))
    tighter = lacks is not None and (has is None or lacks < has) and move.one_currency
    for change in move.changes:
        if change.what == "goal" or (change.what == "budget" and tighter):
            yield Cause(kind=change.what, told=change.told)


def _nothing(move: Move, bought: Purchase, there: Purchase | Cause) -> Cause:
    """Return what is left to say where no fact of a creator's own speaks for the move."""
    same = isinstance(there, Purchase) and _alike(bought, there)
    turned = "worse" if move.forward else "better"
    own = f"nothing of its own {'changed' if same else f'got {turned}'}"
    asked = dict.fromkeys(change.what for change in move.changes if change.what not in NO_CAUSE)
    other_roster = any(change.what == "roster" for change in move.changes)
    if asked:
        too = ", and the roster did too" if other_roster else ""
        named = ", ".join(WORDS.get(what, what) for what in asked)
        return Cause(kind="campaign", told=f"{own}; the campaign changed ({named}){too}")
    if other_roster:
        told = "others are now" if move.forward else "it is now"
        than = "" if move.forward else " than others"
        return Cause(kind="others", told=f"{told} better worth the money{than}: {own}")
    return Cause(kind="search", told=f"{own}, and both plans answer one question: they differ by how they were found")


def _alike(one: Purchase, other: Purchase) -> bool:
    return (one.followers, one.fee, one.tier, one.totals) == (other.followers, other.fee, other.tier, other.totals)
