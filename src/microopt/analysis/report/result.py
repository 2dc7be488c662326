"""Report: what is told of a plan to those for whom it is made."""

from __future__ import annotations

from msgspec import Struct

from microopt.analysis.frontier.result import Frontier
from microopt.plan.plan import Plan
from microopt.plan.seal import seal_plan
from microopt.planning.likely_ranges import Ranges
from microopt.quantities.units import Cents
from microopt.readers.logo import Logo

TEAM, CLIENT = AUDIENCES = ("team", "client")


class Edition(Struct, frozen=True, kw_only=True):
    """For whom a report is made, and what it leaves out.

    Attributes
    ----------
    audience
        One of `AUDIENCES`. A client reads no remarks on negotiations and on gaps in the evidence.
    fees
        Whether the fees of single creators are shown; totals always are.
    language
        Of texts, numbers and dates, one of `microopt.campaign.report_settings.LANGUAGES`.
    """

    audience: str = TEAM
    fees: bool = True
    language: str = "en"

    @property
    def is_internal(self) -> bool:
        """Whether remarks for the team are shown."""
        return self.audience == TEAM


class CreatorProfile(Struct, frozen=True, kw_only=True):
    """What the roster says of a creator in the plan, and the plan does not.

    Attributes
    ----------
    link
        Web address of the profile, or empty.
    engagement_rate
        A proportion of the followers as the roster states it, or None.
    contact
        How the creator is reached, or empty.
    """

    link: str = ""
    engagement_rate: float | None = None
    contact: str = ""


class Negotiation(Struct, frozen=True, kw_only=True):
    """A pick whose fee should be negotiated before it is signed.

    Attributes
    ----------
    pick
        Its position in the plan.
    highest_fee
        Cents: at this fee, for all units, the best plan with the pick is worth as much as the best without it. None if
        no such fee is known.
    exact
        Whether it is proven that the plan is better without the pick at any higher fee.
    """

    pick: int
    highest_fee: Cents | None = None
    exact: bool = False


class Report(Struct, frozen=True, kw_only=True):
    """The content of a page about a plan.

    Attributes
    ----------
    seal
        The SHA-256 seal of the plan.
    microopt
        The version of microopt that made the plan.
    frontier
        The frontier around the plan's budget, measured by the plan's ideals; its point at that budget is the plan
        itself.
    missing
        A sentence why there are no frontier and no ranges, or empty.
    warnings
        Warnings about the plan file; the plan has its own.
    edition
        For whom the report is made.
    profiles
        Of each pick; empty if the roster is not there.
    negotiations
        The picks whose fees should be negotiated, the most important first.
    logo
        To be shown at the top, or None.
    """

    plan: Plan
    seal: str
    microopt: str
    frontier: Frontier | None = None
    ranges: Ranges | None = None
    missing: str = ""
    warnings: tuple[str, ...] = ()
    edition: Edition = Edition()
    profiles: tuple[CreatorProfile, ...] = ()
    negotiations: tuple[Negotiation, ...] = ()
    logo: Logo | None = None


def report_of_plan(plan: Plan) -> Report:
    """Return the report of a plan alone, in the language of its campaign: without its roster, budgets and logo."""
    sealed, edition = seal_plan(plan), Edition(language=plan.campaign.report.language)
    return Report(plan=plan, seal=sealed.seal, microopt=sealed.microopt, edition=edition)
