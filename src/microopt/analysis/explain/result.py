"""Explanation: why creators are in a plan or not, and at which fee that changes."""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct

from microopt.campaign.campaign import Campaign
from microopt.plan.difference import Difference
from microopt.plan.plan import RosterFacts, Totals


class BreakEven(Struct, frozen=True, kw_only=True):
    """The highest fee at which an offer is in.

    Attributes
    ----------
    fee
        Cents: at this fee a plan with the offer is worth no less than the best without it. None where no fee does, or
        where none is known.
    beyond
        Cents: at this fee no such plan is worth as much. A cent above `fee` where that is exact, None where no fee is
        too high, or none is known.
    told
        Why there is no fee, or what is known of it, in a sentence; or empty.
    unlimited
        Whether no fee is too high.
    """

    fee: int | None = None
    beyond: int | None = None
    told: str = ""
    unlimited: bool = False

    @property
    def exact(self) -> bool:
        """Whether the fee is known to the cent."""
        return self.fee is not None and self.beyond == self.fee + 1


class ExplainedOffer(Struct, frozen=True, kw_only=True):
    """One offer of a creator.

    Attributes
    ----------
    picked
        Whether the plan buys it.
    fee
        Cents, of all units.
    """

    offer: str
    platform: str
    units: int
    picked: bool
    fee: int
    break_even: BreakEven


class Explained(Struct, frozen=True, kw_only=True):
    """Why a creator is in the plan, or not.

    Attributes
    ----------
    status
        Of the best plan without the creator, or with: `optimal`, `feasible`, `infeasible`, `unknown`, or
        `not looked at`.
    change
        What that plan has more than the plan at hand, None where there is none.
    binding
        Rules that leave no room and count the creator.
    reasons
        Why there is no such plan, or why the creator cannot be in any, in sentences.
    """

    creator: str
    tier: str
    picked: bool
    offers: tuple[ExplainedOffer, ...]
    status: str
    change: Difference | None = None
    binding: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def main(self) -> ExplainedOffer | None:
        """The offer that is bought, or the one whose fee is nearest to what would bring it in; None without offers."""
        mine = [offer for offer in self.offers if offer.picked] or list(self.offers)
        return max(mine, key=_nearness) if mine else None


def _nearness(offer: ExplainedOffer) -> Fraction:
    fee = offer.break_even.fee
    return Fraction(-1) if fee is None else Fraction(fee, max(offer.fee, 1))


class Explanation(Struct, frozen=True, kw_only=True):
    """Why creators are in a plan, or not.

    Attributes
    ----------
    value
        Of the plan, in the goal's unit.
    status
        Of the plan: what is told of creators is of the plan as it is, proven or not.
    everyone
        Whether every pick was asked for.
    seconds
        That it took.
    """

    campaign: Campaign
    roster: RosterFacts
    totals: Totals
    value: Fraction
    status: str
    creators: tuple[Explained, ...]
    everyone: bool
    seconds: float
    warnings: tuple[str, ...] = ()

    @property
    def finished(self) -> bool:
        """Whether nothing was left open by a limit or an interrupt."""
        return all(
            one.status in ("optimal", "infeasible") and all(_told(offer.break_even) for offer in one.offers)
            for one in self.creators
        )


def _told(found: BreakEven) -> bool:
    return found.exact or found.beyond is None or found.fee is None
