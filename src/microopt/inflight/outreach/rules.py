"""Whether a plan still keeps its rules if all who were asked say yes, as far as the plan knows what they count.

A plan knows of its creators, and of their fallbacks, the platform, offer, tier, niche and price. So it can judge how
many creators, and how much of the money, each rule selects. What only the roster knows is left to the next replan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

import numpy as np
from msgspec import Struct, field

from microopt.campaign.campaign import Campaign, EachRule, PairRule, RangeRule, Relation, Rule, Selector
from microopt.campaign.metrics import METRICS, NET_REACH, canonical_measure
from microopt.inflight.outreach.candidates import Candidate, OfferToMake, cost_of_offer
from microopt.quantities.keys import header_key
from microopt.roster.roster import TextColumn
from microopt.roster.value_words import holds_any

Candidates = Mapping[str, Candidate]
KNOWN_COLUMNS: Mapping[str, Callable[[OfferToMake], tuple[str, ...] | None]] = {
    "platform": lambda offer: (offer.platform,) if offer.platform else None,
    "offer": lambda offer: (offer.offer,) if offer.offer else None,
    "tier": lambda offer: None if offer.tier is None else (offer.tier,),
    "niche": lambda offer: offer.niche,
}
ADDED_UP = ("count", "spend")  # what a plan knows of everyone whom it names
NEVER_LESS = (*ADDED_UP, *METRICS, NET_REACH, "revenue")  # of which another creator never leaves less


class JudgedRule(Struct, frozen=True, kw_only=True, eq=False):
    """A rule of which it is known what each creator counts.

    Attributes
    ----------
    part, other
        By match key what a creator counts: in a rule of a share of what and of the whole, in a rule of two kinds of
        creators of the one and of the other kind. In the rule's integers: creators, or cents.
    low, high
        Limits in the same integers, or shares; None where open.
    share
        Whether the limits are shares of the whole.
    relation
        How two kinds of creators depend on each other, None for a range.
    unknown
        The creators of whom the plan does not know whether the rule selects them.
    """

    label: str
    part: Mapping[str, int]
    other: Mapping[str, int] = field(default_factory=dict)
    low: Fraction | None = None
    high: Fraction | None = None
    share: bool = False
    relation: Relation | None = None
    unknown: frozenset[str] = frozenset()

    @property
    def only_fills_up(self) -> bool:
        """Whether the rule can only be broken further by one more creator, whoever else is asked after that."""
        return not self.share and self.relation is not Relation.REQUIRES

    def excess(self, part: int, other: int) -> Fraction:
        """Return by how much sums break the rule, 0 if they keep it; too little of a plain sum may still come."""
        if self.relation is not None:
            both = bool(part) and bool(other)
            return Fraction(both if self.relation is Relation.EXCLUDES else bool(part) and not other)
        whole = other if self.share else 1
        over = Fraction(0) if self.high is None else part - self.high * whole
        under = Fraction(0) if self.low is None or not self.share else self.low * whole - part
        return max(Fraction(0), over, under)


class RulesOfPlan(Struct, frozen=True, kw_only=True, eq=False):
    """The rules that can be judged, and the labels of those that cannot."""

    judged: tuple[JudgedRule, ...]
    unjudged: tuple[str, ...]

    @classmethod
    def of_campaign(cls, campaign: Campaign, candidates: Candidates) -> RulesOfPlan:
        """Return what is known of the hard rules of a campaign; those of single creators hold for all fallbacks."""
        judged, unjudged = [], []
        for rule in campaign.rules:
            if isinstance(rule, EachRule) or _cannot_be_broken(rule):
                continue
            found = _judge(rule, campaign, candidates)
            if found is None:
                unjudged.append(rule.label)
            else:
                judged.append(found)
        return cls(judged=tuple(judged), unjudged=tuple(unjudged))

    def not_judged_with(self, keys: Sequence[str]) -> Iterator[str]:
        """Yield the labels of the rules of which it is not known whether they hold with these creators."""
        yield from self.unjudged
        yield from (rule.label for rule in self.judged if not rule.unknown.isdisjoint(keys))


def _cannot_be_broken(rule: RangeRule | PairRule) -> bool:
    """Whether a rule is soft, or only asks for so much in all, which one more creator never makes less."""
    if isinstance(rule, PairRule):
        return False
    is_share = rule.bounds.percent and not rule.of_budget
    never_less = canonical_measure(rule.measure) in NEVER_LESS and not rule.mean and not is_share
    return rule.soft is not None or (rule.bounds.high is None and never_less)


def _judge(rule: Rule, campaign: Campaign, candidates: Candidates) -> JudgedRule | None:
    if rule.when is not None or (isinstance(rule, PairRule) and rule.days is not None):
        return None  # of the posts of whoever else is asked it is not known when they are
    if isinstance(rule, PairRule):
        left, right = (_selected(selector, candidates) for selector in (rule.left, rule.right))
        if left is None or right is None:
            return None
        return JudgedRule(
            label=rule.label,
            part=_counts(left, candidates, "count"),
            other=_counts(right, candidates, "count"),
            relation=rule.relation,
            unknown=left.unknown | right.unknown,
        )
    assert isinstance(rule, RangeRule)
    measure = canonical_measure(rule.measure)
    selected = _selected(rule.selector, candidates)
    if measure not in ADDED_UP or rule.mean or rule.chance is not None or selected is None:
        return None
    share = rule.bounds.percent and not rule.of_budget
    scale = (campaign.budget or 0) if rule.of_budget else 100 if measure == "spend" and not share else 1
    low, high = (None if bound is None else bound * scale for bound in (rule.bounds.low, rule.bounds.high))
    everyone = _selected(Selector(), candidates)
    assert everyone is not None
    return JudgedRule(
        label=rule.label,
        part=_counts(selected, candidates, measure),
        other=_counts(everyone, candidates, measure),
        low=low,
        high=high,
        share=share,
        unknown=selected.unknown,
    )


class _Selected(Struct, frozen=True, kw_only=True):
    """By match key, whether a selector selects each offer of a creator; and of whom that is not known."""

    offers: Mapping[str, tuple[bool, ...]]
    unknown: frozenset[str]


def _selected(selector: Selector, candidates: Candidates) -> _Selected | None:
    """Return whom a selector selects, None if it goes by a column that a plan does not keep."""
    owners = [key for key, each in candidates.items() for _ in each.offers]
    offers = [offer for each in candidates.values() for offer in each.offers]
    chosen, unknown = np.ones(len(offers), dtype=bool), set[str]()
    for clause in selector.clauses:
        name = header_key(clause.column)
        if name == "creator":
            values: list[tuple[str, ...] | None] = [(candidates[key].creator,) for key in owners]
        elif name in KNOWN_COLUMNS:
            values = list(map(KNOWN_COLUMNS[name], offers))
        else:
            return None
        known = tuple(value or () for value in values)
        column = TextColumn(
            codes=np.arange(len(offers), dtype=np.int32), labels=tuple(map("|".join, known)), values=known
        )
        chosen &= holds_any(column, name, clause.values)
        unknown |= {key for key, value in zip(owners, values, strict=True) if value is None}
    marks: dict[str, list[bool]] = {key: [] for key in candidates}
    for key, mark in zip(owners, chosen.tolist(), strict=True):
        marks[key].append(mark)
    return _Selected(offers={key: tuple(own) for key, own in marks.items()}, unknown=frozenset(unknown))


def _counts(selected: _Selected, candidates: Candidates, measure: str) -> dict[str, int]:
    """Return what each creator counts: one if any offer is selected, or the cents of those that are."""
    if measure == "count":
        return {key: int(any(marks)) for key, marks in selected.offers.items()}
    return {
        key: sum(cost_of_offer(offer) for offer, mark in zip(candidates[key].offers, marks, strict=True) if mark)
        for key, marks in selected.offers.items()
    }
