"""What is known of a campaign that has begun, as it stands in a plan; and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from msgspec import Struct

from microopt.campaign.metrics import unit_of
from microopt.campaign.progress import SEEN, CampaignProgress, Contract, PostResults, State
from microopt.quantities.codec import cents, money


class ContractDocument(Struct, frozen=True, kw_only=True):
    """The state of a creator, or of one offer; `planned` is what was expected when the creator was first kept."""

    creator: str
    state: State
    offer: str | None
    platform: str | None
    units: int | None
    fee: float | None
    paid: float | None
    planned: dict[str, float]


class ActualDocument(Struct, frozen=True, kw_only=True):
    """What the posts of one creator, platform and offer have brought so far, null where nobody counted."""

    creator: str
    platform: str | None
    offer: str | None
    posts: float
    ripe: float
    first: date | None
    last: date | None
    impressions: float | None
    engagements: float | None
    clicks: float | None
    conversions: float | None


class RunningDocument(Struct, frozen=True, kw_only=True):
    """What has come of a campaign so far; `first` is what its first plan expected."""

    contracts: list[ContractDocument]
    actuals: list[ActualDocument]
    last_plan: list[str]
    stability: list[str]
    sunk: float
    as_of: date | None
    first: dict[str, float]


def running_document(running: CampaignProgress) -> RunningDocument:
    """Return what is known of a campaign as it stands in a plan."""
    return RunningDocument(
        contracts=[_contract(one) for one in running.contracts],
        actuals=[_actual(one) for one in running.actuals],
        last_plan=list(running.last_plan),
        stability=list(running.stability),
        sunk=running.sunk / 100,
        as_of=running.as_of,
        first=_shown(running.first),
    )


def running_of_document(document: RunningDocument) -> CampaignProgress:
    """Return what was known of a campaign, exactly."""
    return CampaignProgress(
        contracts=tuple(
            Contract(
                creator=one.creator,
                state=one.state,
                offer=one.offer,
                platform=one.platform,
                units=one.units,
                fee=_cents(one.fee),
                paid=_cents(one.paid),
                planned=_read(one.planned),
            )
            for one in document.contracts
        ),
        actuals=tuple(
            PostResults(
                creator=one.creator,
                platform=one.platform,
                offer=one.offer,
                posts=one.posts,
                ripe=one.ripe,
                first=one.first,
                last=one.last,
                **{name: getattr(one, name) for name in SEEN},
            )
            for one in document.actuals
        ),
        last_plan=tuple(document.last_plan),
        stability=tuple(document.stability),
        sunk=cents(document.sunk),
        as_of=document.as_of,
        first=_read(document.first),
    )


def _contract(one: Contract) -> ContractDocument:
    return ContractDocument(
        creator=one.creator,
        state=one.state,
        offer=one.offer,
        platform=one.platform,
        units=one.units,
        fee=money(one.fee),
        paid=money(one.paid),
        planned=_shown(one.planned),
    )


def _actual(one: PostResults) -> ActualDocument:
    return ActualDocument(
        creator=one.creator,
        platform=one.platform,
        offer=one.offer,
        posts=float(one.posts),
        ripe=float(one.ripe),
        first=one.first,
        last=one.last,
        **{name: _float(one.of(name)) for name in SEEN},
    )


def _float(total: float | None) -> float | None:
    return None if total is None else float(total)


def _cents(amount: float | None) -> int | None:
    return None if amount is None else cents(amount)


def _shown(figures: Mapping[str, int]) -> dict[str, float]:
    """Return figures as they are written: metrics from thousandths, money from cents, creators as they are."""
    return {name: amount / unit_of(name) for name, amount in figures.items()}


def _read(figures: Mapping[str, float]) -> dict[str, int]:
    return {name: round(Fraction(amount) * unit_of(name)) for name, amount in figures.items()}
