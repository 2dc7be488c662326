"""A plan file -> the plan that it tells, as it tells it: without its roster nothing of it can be made again."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.campaign.campaign import Campaign, EachRule, PairRule, Rule
from microopt.campaign.metrics import METRICS, canonical
from microopt.plan.campaign_document import campaign_of_document, ideals_of
from microopt.plan.document.bought import pick_of, totals_of
from microopt.plan.document.plan import (
    HabitDocument,
    MixDocument,
    NetReachDocument,
    PlanDocument,
    RosterDocument,
    RuleDocument,
    SolverDocument,
)
from microopt.plan.document.replan import replan_of_document
from microopt.plan.plan import BaselinePlan, NetReach, Plan, Proof, RosterFacts, RuleUse, Totals
from microopt.planning.build_problem import rules_of
from microopt.quantities.codec import cents, read_back, thousandths
from microopt.roster.roster import Source
from microopt.verification.check_repair import repair_of
from microopt.verification.check_rule_prices import rule_prices_of


def plan_from_document(document: PlanDocument) -> Plan:
    """Return the plan that a document tells.

    Raises
    ------
    CampaignError
        If its campaign says what no campaign can.
    """
    campaign = campaign_of_document(document.campaign)
    return Plan(
        campaign=campaign,
        campaign_sha256=document.campaign.sha256,
        roster=_roster(document.roster, document.campaign.currency),
        picks=tuple(pick_of(pick) for pick in document.picks),
        totals=totals_of(document),
        mix={tier.tier: _sums(tier) for tier in document.mix},
        rules=tuple(_rules(document.rules, campaign)),
        habit=None if document.habit is None else BaselinePlan(rule=document.habit.rule, totals=_sums(document.habit)),
        ideals=ideals_of(document.ideals, document.ideal_bounds),
        proof=_proof(document, document.solver),
        unspent_reason=document.unspent_reason,
        assumed=dict(document.assumed),
        net_reach=_net_reach(document.net_reach),
        repair=None if document.repair is None else repair_of(document.repair),
        rule_prices=rule_prices_of(document.rule_prices),
        held_back=tuple(document.held_back),
        replan=replan_of_document(document.replan, document.previous),
        notes=tuple(document.notes),
        warnings=tuple(document.warnings),
    )


def _roster(said: RosterDocument, currency: str) -> RosterFacts:
    source = Source(path=said.path, sha256=said.sha256, sheet=said.sheet, skip_bad_rows=said.skip_bad_rows)
    return RosterFacts(
        source=source, offers=said.offers, creators=said.creators, filtered=said.filtered, currency=currency
    )


def _sums(said: MixDocument | HabitDocument) -> Totals:
    metrics = {name: thousandths(getattr(said, name)) for name in METRICS}
    return Totals(creators=said.creators, spend=cents(said.spend), metrics=metrics)


def _rules(said: list[RuleDocument], campaign: Campaign) -> Iterator[RuleUse]:
    """Yield what the plan makes of each rule; whether it is of money or of shares is the campaign's to say."""
    known = {rule.label: rule for rule in rules_of(campaign)}
    for one in said:
        rule = known.get(one.rule)
        share, money = (False, False) if rule is None else _kind(rule)
        used, low, high = (
            None if amount is None else read_back(amount) for amount in (one.used, one.at_least, one.at_most)
        )
        yield RuleUse(
            label=one.rule,
            used=used,
            at_least=low,
            at_most=high,
            share=share,
            money=money,
            binding=one.binding,
            soft=None if rule is None else getattr(rule, "soft", None),
            beyond=read_back(one.beyond),
        )


def _kind(rule: Rule) -> tuple[bool, bool]:
    """Return whether the figures of a rule are shares, and whether they are money."""
    if isinstance(rule, PairRule):
        return False, False
    share = rule.of_budget if isinstance(rule, EachRule) else rule.bounds.percent
    return share, canonical(rule.measure) == "spend" and not share


def _net_reach(said: NetReachDocument | None) -> NetReach | None:
    if said is None:
        return None
    return NetReach(
        people=thousandths(said.people),
        least=thousandths(said.at_least),
        most=thousandths(said.at_most),
        frequency=None if said.frequency is None else read_back(said.frequency),
        outside=thousandths(said.outside_pools),
    )


def _proof(said: PlanDocument, solver: SolverDocument) -> Proof:
    certificate = said.certificate
    return Proof(
        status=said.status,
        limit=said.limit,
        objective=read_back(said.objective),
        bound=read_back(said.bound),
        shown_by=solver.shown_by,
        cheapest=solver.cheapest_shown,
        row_prices=tuple(certificate.row_prices),
        pool_prices=tuple(certificate.pool_prices),
        price_bound=read_back(certificate.bound),
        core=solver.core,
        backend=solver.backend,
        version=solver.version,
        seconds=solver.seconds,
        failure=solver.failure or "",
        confirmed_by=solver.confirmed_by or "",
        unconfirmed=solver.unconfirmed or "",
        program=certificate.program,
    )
