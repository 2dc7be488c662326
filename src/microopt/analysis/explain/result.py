"""The explanation of why creators are in a plan or not, with the fees at which that changes."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

from msgspec import Struct

from microopt.analysis.explain.break_even import BreakEven
from microopt.analysis.explain.going_rate import FEWEST_FOR_FIRM, round_down
from microopt.campaign.campaign import Campaign
from microopt.plan.difference import Difference
from microopt.plan.plan import RosterFacts, Totals
from microopt.quantities.units import Approximate, Cents, Seconds
from microopt.roster.usual_fees import PUBLIC_FIGURES

LEAST_OF_GOING_RATE = Fraction(1, 2)  # a design figure: hardly anybody takes less than half of what all others ask


class ExplainedOffer(Struct, frozen=True, kw_only=True):
    """One offer of an explained creator.

    Attributes
    ----------
    picked
        Whether the plan buys the offer.
    fee
        Cents for all units.
    break_even
        The highest fee at which the rules of the campaign have the offer in the plan.
    walk_away
        The highest fee at which the offer is worth its money to the plan: `break_even`, except for a required creator,
        whose requirement it leaves out.
    fee_estimated
        Whether the fee is an estimate, because the roster has none.
    usual_fee
        Cents that such an offer usually costs, None where that is unknown.
    going_rate
        Cents, None where it is unknown.
    going_rate_from
        What it rests on: `list` (all prices of the roster), `similar` (similar creators), `industry` (an estimate), or
        empty where it is unknown.
    similar_creators
        How many creators it rests on: all with a price for `list`, else those on the platform with a third to three
        times the followers.
    going_rate_mixed
        Whether the going rate counts other post types too, because too few of these creators offer the same one.
    wave
        The wave in which it is posted; None without a calendar. Break-even and walk-away fees of a creator's posts hold
        for all of them together.
    list_fee
        Cents before the discount of a retainer; None where there is none.
    """

    offer: str
    platform: str
    units: int
    picked: bool
    fee: Cents
    break_even: BreakEven
    walk_away: BreakEven
    fee_estimated: bool = False
    usual_fee: Cents | None = None
    going_rate: Cents | None = None
    similar_creators: int = 0
    going_rate_mixed: bool = False
    going_rate_from: str = ""
    wave: str | None = None
    list_fee: Cents | None = None

    @property
    def going_rate_rough(self) -> bool:
        """Whether only a few similar creators show the going rate, those of other post types too, or the industry."""
        is_own = self.going_rate_from != PUBLIC_FIGURES
        is_firm = is_own and self.similar_creators >= FEWEST_FOR_FIRM and not self.going_rate_mixed
        return self.going_rate is not None and not is_firm

    @property
    def counter_offer(self) -> tuple[Cents, Cents] | None:
        """The fees to offer, in cents: from the going rate up to the quote or the walk-away fee, whichever is lower.

        None if the going rate or the walk-away fee is not known, the quote is at the going rate or below it, or the
        walk-away fee is far below the going rate. Both ends are the walk-away fee where that is below the going rate.
        A walk-away fee is rounded down to three digits, as fees are quoted.
        """
        if self.going_rate is None or self.going_rate >= self.fee or self.fee_estimated:
            return None
        if self.walk_away.fee is None:
            return (self.going_rate, self.fee) if self.walk_away.unlimited else None
        if self.below_going_rate:
            return None
        highest = min(self.fee, round_down(self.walk_away.fee))
        return min(self.going_rate, highest), highest

    @property
    def below_going_rate(self) -> bool:
        """Whether the offer is worth so much less than its going rate that nobody would take such an offer."""
        fee, rate = self.walk_away.fee, self.going_rate
        return self.walk_away.is_worth and fee is not None and rate is not None and fee < rate * LEAST_OF_GOING_RATE


class AnyPosts(Struct, frozen=True, kw_only=True):
    """About the highest fee at which a plan over waves has any posts of a creator, however many.

    Attributes
    ----------
    quote
        Cents: the fee of the first offer that is explained, before the discount of a retainer.
    limit
        A fee at which a plan is as good with posts of theirs, and a slightly higher one at which none is; the fees of
        other offers of the creator rise in proportion.
    posts
        How many posts of theirs the plan that was found at that fee has, None if no plan was found.
    """

    quote: Cents
    limit: BreakEven
    posts: int | None = None


class CreatorExplanation(Struct, frozen=True, kw_only=True):
    """Why a creator is in the plan or not.

    Attributes
    ----------
    status
        Status of the best plan without the creator, or with: `optimal`, `feasible`, `infeasible`, `unknown`, or
        `not looked at`.
    change
        The difference of that plan from the current one, or None.
    binding
        Rules that allow no more and that the creator would use up, and the budget if more money would bring more.
    reasons
        Clauses why there is no such plan, or why no plan can have the creator.
    required_by
        The requirements of the campaign, such as `include @anna`, that only this creator meets. The plan without the
        creator is one without these requirements.
    any_posts
        With a calendar, up to which fee a plan has any posts of the creator; None where it was not looked for.
    contract
        The contract state that keeps the creator in the plan at the agreed fee, such as `signed`; empty if none does.
    """

    creator: str
    tier: str
    picked: bool
    offers: tuple[ExplainedOffer, ...]
    status: str
    change: Difference | None = None
    binding: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    required_by: tuple[str, ...] = ()
    contract: str = ""
    any_posts: AnyPosts | None = None

    computed: ClassVar[tuple[str, ...]] = ("main",)

    @property
    def main(self) -> ExplainedOffer | None:
        """The offer that is bought, or the one closest to its break-even fee; None without offers."""
        candidates = [offer for offer in self.offers if offer.picked] or list(self.offers)
        return max(candidates, key=_fee_nearness) if candidates else None


def _fee_nearness(offer: ExplainedOffer) -> Fraction:
    fee = offer.walk_away.fee
    return Fraction(-1) if fee is None else Fraction(fee, max(offer.fee, 1))


class Explanation(Struct, frozen=True, kw_only=True):
    """Why creators are in a plan or not.

    Attributes
    ----------
    objective
        Of the plan, in the unit of the goal.
    status
        Of the plan; the explanations are about this plan, proven or not.
    everyone
        Whether every pick of the plan is explained.
    seconds
        The total time.
    """

    campaign: Campaign
    roster: RosterFacts
    totals: Totals
    objective: Approximate
    status: str
    creators: tuple[CreatorExplanation, ...]
    everyone: bool
    seconds: Seconds
    warnings: tuple[str, ...] = ()

    schema_name: ClassVar[str] = "explain"
    computed: ClassVar[tuple[str, ...]] = ("finished",)

    @property
    def finished(self) -> bool:
        """Whether no limit or interrupt left anything open about these creators; the plan itself may be unproven."""
        return all(
            creator.status in ("optimal", "infeasible")
            and all(offer.break_even.conclusive and offer.walk_away.conclusive for offer in creator.offers)
            for creator in self.creators
        )
