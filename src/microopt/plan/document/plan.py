"""A plan as JSON: `microopt.plan/1`. Fields may be added within this version, never lost or renamed."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any, Literal

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from microopt.campaign.metrics import METRICS
from microopt.plan.campaign_document import CampaignDocument, campaign_document
from microopt.plan.document.pacing import PacingDocument, pacing_document
from microopt.plan.document.replan import ReplanDocument, replan_document
from microopt.plan.pacing import pacing
from microopt.plan.plan import (
    BaselinePlan,
    NetReach,
    Pick,
    Plan,
    Proof,
    Repair,
    RosterFacts,
    RulePrice,
    RuleUse,
    Totals,
)
from microopt.plan.seal import digest, seal_of, unverifiable_fields
from microopt.quantities.codec import Number, maybe, money, number
from microopt.quantities.parse_and_format import print_bound

SCHEMA: Literal["microopt.plan/1"] = "microopt.plan/1"


class RosterDocument(Struct, frozen=True, kw_only=True):
    """The roster a plan was made from, and how it was read."""

    path: str
    sha256: str
    offers: int
    creators: int
    filtered: int
    sheet: str | None
    skip_bad_rows: bool


class TotalsDocument(Struct, frozen=True, kw_only=True):
    """Sums over the picks."""

    creators: int
    reach: float
    impressions: float
    engagements: float
    clicks: float
    conversions: float
    revenue: float | None


class PickDocument(Struct, frozen=True, kw_only=True):
    """One offer bought; all figures are of all its units."""

    creator: str
    offer: str
    units: int
    platform: str
    tier: str
    niche: list[str]
    region: str
    followers: int
    fee: float
    fee_estimated: bool
    usual_fee: float | None
    fee_high: bool
    cost: float
    reach: float
    impressions: float
    engagements: float
    clicks: float
    conversions: float
    revenue: float | None


class RuleDocument(Struct, frozen=True, kw_only=True):
    """What the plan makes of a rule, in the rule's own units."""

    rule: str
    used: Number | None
    at_least: Number | None
    at_most: Number | None
    binding: bool
    soft: str | None
    beyond: Number


class RulePriceDocument(Struct, frozen=True, kw_only=True):
    """What the best plan without a rule has more; null figures where none was found.

    Attributes
    ----------
    objective
        In the goal's unit.
    share
        The same by the plan's own, null where that is 0.
    """

    rule: str
    status: str
    objective: float | None
    share: float | None
    creators: int | None
    spend: float | None
    metrics: dict[str, float] | None
    came: list[str]
    left: list[str]


class ChangeDocument(Struct, frozen=True, kw_only=True):
    """A limit that was moved, or a rule that was dropped, in the rule's own units."""

    rule: str
    from_: Number | None = field(name="from")
    to: Number | None
    becomes: str | None


class RepairDocument(Struct, frozen=True, kw_only=True):
    """Changes that together make a plan possible, and how much of their limits they give up."""

    changes: list[ChangeDocument]
    price: float
    least_shown: bool


class MixDocument(Struct, frozen=True, kw_only=True):
    """What one tier brings."""

    tier: str
    creators: int
    spend: float
    reach: float
    impressions: float
    engagements: float
    clicks: float
    conversions: float


class HabitDocument(Struct, frozen=True, kw_only=True):
    """What a common way of choosing would bring with the same budget."""

    rule: str
    creators: int
    spend: float
    reach: float
    impressions: float
    engagements: float
    clicks: float
    conversions: float


class NetReachDocument(Struct, frozen=True, kw_only=True):
    """How many different people the plan reaches."""

    people: float
    at_least: float
    at_most: float
    frequency: float | None
    outside_pools: float


class SolverDocument(Struct, frozen=True, kw_only=True):
    """What solved it, and what the proof rests on."""

    backend: str
    version: str
    stop: str
    shown_by: str
    cheapest_shown: bool
    confirmed_by: str | None
    unconfirmed: str | None
    failure: str | None
    seconds: float
    core: int


class CertificateDocument(Struct, frozen=True, kw_only=True):
    """What shows the plan's bound without a solver, and what tells whether the plan was altered.

    Attributes
    ----------
    row_prices, pool_prices
        One price a row of the program, and one a pool of net reach.
    bound
        What these prices alone show, in the goal's units.
    program
        SHA-256 of the integer program.
    claims
        SHA-256 of all that cannot be recomputed: `microopt.plan.seal.taken_of` names it.
    """

    row_prices: list[float]
    pool_prices: list[float]
    bound: float
    program: str
    claims: str


class PlanDocument(Struct, frozen=True, kw_only=True):
    """A plan; money in the currency's unit, shares as fractions.

    Attributes
    ----------
    previous
        The seal of the plan that this one was made from, null for a first plan.
    replan
        The step from there, null for a first plan.
    pacing
        How the campaign stands, null before it has begun.
    seal
        SHA-256 of the object without it, as JSON with sorted keys, separators `,` and `:`, in UTF-8.
    """

    schema: Literal["microopt.plan/1"]
    microopt: str
    status: str
    campaign: CampaignDocument
    roster: RosterDocument
    objective: float
    bound: float
    gap: float
    limit: str | None
    ideals: dict[str, float]
    ideal_bounds: dict[str, float]
    spend: float
    unspent: float
    unspent_reason: str
    totals: TotalsDocument
    picks: list[PickDocument]
    rules: list[RuleDocument]
    mix: list[MixDocument]
    habit: HabitDocument | None
    repair: RepairDocument | None
    rule_prices: list[RulePriceDocument] | None
    net_reach: NetReachDocument | None
    held_back: list[str]
    assumed: dict[str, float]
    notes: list[str]
    warnings: list[str]
    solver: SolverDocument
    certificate: CertificateDocument
    previous: str | None = None
    replan: ReplanDocument | None = None
    pacing: PacingDocument | None = None
    seal: str


def plan_document(plan: Plan, *, microopt: str | None = None) -> PlanDocument:
    """Return the plan as its document, sealed.

    Parameters
    ----------
    microopt
        The version that made it; this one by default.
    """
    proof = plan.proof
    bare = PlanDocument(
        schema=SCHEMA,
        microopt=microopt or version("microopt"),
        status=proof.status,
        campaign=campaign_document(plan.campaign, plan.roster.currency, plan.campaign_sha256),
        roster=roster_document(plan.roster),
        objective=float(proof.objective),
        bound=float(proof.bound),
        gap=proof.gap,
        limit=proof.limit,
        ideals={ideal.metric: ideal.total / 1000 for ideal in plan.ideals},
        ideal_bounds={ideal.metric: ideal.bound / 1000 for ideal in plan.ideals},
        spend=plan.totals.spend / 100,
        unspent=plan.unspent / 100,
        unspent_reason=plan.unspent_reason,
        totals=TotalsDocument(
            creators=plan.totals.creators, **_metrics(plan.totals), revenue=money(plan.totals.revenue)
        ),
        picks=[pick_document(pick) for pick in plan.picks],
        rules=[_rule(use) for use in plan.rules],
        mix=[MixDocument(tier=tier, **_spent(totals)) for tier, totals in plan.mix.items()],
        habit=_habit(plan.habit),
        repair=None if plan.repair is None else repair_document(plan.repair),
        rule_prices=[_rule_price(price) for price in plan.rule_prices] or None,
        net_reach=_net_reach(plan.net_reach),
        held_back=list(plan.held_back),
        assumed=dict(plan.assumed),
        notes=list(plan.notes),
        warnings=list(plan.warnings),
        solver=_solver(proof),
        certificate=CertificateDocument(
            row_prices=list(proof.row_prices),
            pool_prices=list(proof.pool_prices),
            bound=float(proof.price_bound),
            program=proof.program,
            claims="",
        ),
        previous=None if plan.replan is None else plan.replan.previous,
        replan=None if plan.replan is None else replan_document(plan.replan),
        pacing=pacing_document(pacing(plan)),
        seal="",
    )
    claims = digest(unverifiable_fields(msgspec.to_builtins(bare)))
    whole = replace(bare, certificate=replace(bare.certificate, claims=claims))
    return replace(whole, seal=seal_of(msgspec.to_builtins(whole)))


def roster_document(roster: RosterFacts) -> RosterDocument:
    """Return what a plan says of its roster."""
    source = roster.source
    return RosterDocument(
        path=source.path,
        sha256=source.sha256,
        offers=roster.offers,
        creators=roster.creators,
        filtered=roster.filtered,
        sheet=source.sheet,
        skip_bad_rows=source.skip_bad_rows,
    )


def pick_document(pick: Pick) -> PickDocument:
    """Return one offer bought."""
    return PickDocument(
        creator=pick.creator,
        offer=pick.offer,
        units=pick.units,
        platform=pick.platform,
        tier=pick.tier,
        niche=list(pick.niche),
        region=pick.region,
        followers=pick.followers,
        fee=pick.fee / 100,
        fee_estimated=pick.fee_estimated,
        usual_fee=money(pick.usual_fee),
        fee_high=pick.fee_high,
        cost=pick.cost / 100,
        **_metrics(pick),
        revenue=money(pick.revenue),
    )


def _metrics(of: Totals | Pick) -> dict[str, Any]:
    return {name: of.metrics[name] / 1000 for name in METRICS}


def _spent(totals: Totals) -> dict[str, Any]:
    return {"creators": totals.creators, "spend": totals.spend / 100, **_metrics(totals)}


def _rule(use: RuleUse) -> RuleDocument:
    return RuleDocument(
        rule=use.label,
        used=maybe(use.used),
        at_least=maybe(use.at_least),
        at_most=maybe(use.at_most),
        binding=use.binding,
        soft=None if use.soft is None else print_bound(use.soft.amount, use.soft.percent),
        beyond=number(use.beyond),
    )


def _rule_price(price: RulePrice) -> RulePriceDocument:
    change = price.change
    if change is None:
        return RulePriceDocument(
            rule=price.label,
            status=price.status,
            objective=None,
            share=None,
            creators=None,
            spend=None,
            metrics=None,
            came=[],
            left=[],
        )
    return RulePriceDocument(
        rule=price.label,
        status=price.status,
        objective=float(change.value),
        share=None if change.share is None else float(change.share),
        creators=change.creators,
        spend=change.spend / 100,
        metrics={name: amount / 1000 for name, amount in change.metrics.items()},
        came=list(change.came),
        left=list(change.left),
    )


def repair_document(repair: Repair) -> RepairDocument:
    """Return what was changed, or would help."""
    changes = [
        ChangeDocument(rule=it.label, from_=maybe(it.was), to=maybe(it.now), becomes=it.becomes)
        for it in repair.changes
    ]
    return RepairDocument(changes=changes, price=float(repair.price), least_shown=repair.least)


def _habit(habit: BaselinePlan | None) -> HabitDocument | None:
    return None if habit is None else HabitDocument(rule=habit.rule, **_spent(habit.totals))


def _net_reach(net: NetReach | None) -> NetReachDocument | None:
    if net is None:
        return None
    return NetReachDocument(
        people=net.people / 1000,
        at_least=net.least / 1000,
        at_most=net.most / 1000,
        frequency=None if net.frequency is None else float(net.frequency),
        outside_pools=net.outside / 1000,
    )


def _solver(proof: Proof) -> SolverDocument:
    return SolverDocument(
        backend=proof.backend,
        version=proof.version,
        stop=proof.status,
        shown_by=proof.shown_by,
        cheapest_shown=proof.cheapest,
        confirmed_by=proof.confirmed_by or None,
        unconfirmed=proof.unconfirmed or None,
        failure=proof.failure or None,
        seconds=round(proof.seconds, 3),
        core=proof.core,
    )
