"""Small plans to render, every figure plausible unless a test says otherwise."""

from fractions import Fraction

from msgspec.structs import replace

from microopt.analysis.alternatives import Alternative, Alternatives, CreatorFrequency, StopReason
from microopt.analysis.frontier.result import Frontier
from microopt.analysis.frontier.result import FrontierPoint as BudgetPoint
from microopt.analysis.plan_b.result import DeclineCase, PlanB
from microopt.analysis.plan_diff.result import (
    CampaignChange,
    CreatorMove,
    FieldChange,
    PlanComparison,
    PlanSide,
    RetainedCreator,
)
from microopt.analysis.report.result import Report
from microopt.analysis.roster_summary import RosterSummary, Spread
from microopt.analysis.tiers.compare import Comparison, TierPlan
from microopt.analysis.tiers.substitutes import BundleTotals, SubstituteBundle, Substitutes
from microopt.analysis.tradeoff.pareto import ParetoFront, ParetoPoint, Weights
from microopt.analysis.tradeoff.risk_front import RiskFront, RiskPoint
from microopt.campaign.campaign import Campaign, Goal, Ideal
from microopt.campaign.metrics import METRICS
from microopt.campaign.progress import CampaignProgress
from microopt.errors import Fault
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.difference import Difference
from microopt.plan.likely_range import LikelyRange
from microopt.plan.plan import BaselinePlan, Pick, Plan, RosterFacts, RuleUse, Totals
from microopt.plan.proof import Proof
from microopt.plan.purchase import Cause, Purchase
from microopt.plan.replan_summary import InputFingerprints, ReplanSummary, RosterChange
from microopt.planning.likely_ranges import Ranges
from microopt.roster.roster import ColumnUse, Source
from microopt.roster.suspicion import Suspicion, SuspiciousCreator

TIERS = ("mega", "macro", "mid", "micro", "nano")
# Texts that a roster may hold and a screen must survive.
HOSTILE = {
    "markup": "[red]@anna[/red] [/] :smile:",
    "emoji": "@👩‍👩‍👧‍👦🎉🇩🇪é́",
    "right to left": "@شذى_الورد נועה",
    "override": "@a\u202egnp.exe\u2066x",
    "long": "@" + "x" * 199,
    "long and wide": "@" + "漢" * 199,
    "long in words": "very " * 40,
    "control": "@a\x1b[31mred\x07\x00\x9b2J",
    "lines": "@a\r\nb\tc\u2028d\u2029e\x85f",
    "formula": '=HYPERLINK("http://x","y")',
    "pipe": "a|b*c*_d_`e`<b>f</b>",
    "lone surrogate": "@a\ud800",
    "empty": "",
}


def metrics(scale=1):
    """Return thousandths of every metric, in the usual proportions."""
    people = {"reach": 8_000, "impressions": 12_000, "engagements": 900, "clicks": 80, "conversions": 2}
    return {name: people[name] * scale * 1000 for name in METRICS}


def pick(number=0, **facts):
    return Pick(
        **{
            "creator": f"@creator.{number}",
            "offer": "reel",
            "platform": "instagram",
            "tier": TIERS[number % 5],
            "niche": ("beauty", "home decor"),
            "region": "US",
            "followers": 18_300,
            "fee": 40_000,
            "cost": 45_000,
            "fee_estimated": False,
            "metrics": metrics(),
            **facts,
        }
    )


def ideal(metric, total):
    return Ideal(metric=metric, total=total, bound=total)


def picks(count, **facts):
    """Return picks ordered by tier from the largest, as a plan holds them."""
    sample = [pick(number, **facts) for number in range(count)]
    return tuple(sorted(sample, key=lambda item: TIERS.index(item.tier) if item.tier in TIERS else 9))


def totals(chosen):
    return Totals(
        creators=len({item.creator for item in chosen}),
        spend=sum(item.cost for item in chosen),
        metrics={name: sum(item.metrics[name] for item in chosen) for name in METRICS},
    )


def rule(label="niche:beauty count 2..5", **facts):
    return RuleUse(**{"label": label, "used": Fraction(5), "at_least": Fraction(2), "at_most": Fraction(5), **facts})


def proof(**facts):
    return Proof(
        **{
            "status": "optimal",
            "limit": None,
            "objective": Fraction(187, 100),
            "bound": Fraction(187, 100),
            "proven_by": "branch and bound of CBC 2.10.3",
            "cheapest": True,
            "row_prices": (0.0, 1.5),
            "price_bound": Fraction(188, 100),
            "core_size": 23,
            "backend": "cbc",
            "version": "2.10.3",
            "seconds": 0.314159,
            **facts,
        }
    )


def facts(**overrides):
    return RosterFacts(
        **{
            "source": Source(path="roster.csv", sha256="ab" * 32),
            "offers": 1_000,
            "creators": 900,
            "filtered": 12,
            "currency": "USD",
            **overrides,
        }
    )


def plan(chosen=None, *, campaign=None, **overrides):
    chosen = picks(7) if chosen is None else tuple(chosen)
    tiers = dict.fromkeys(item.tier for item in chosen)
    return Plan(
        **{
            "campaign": Campaign(**{"budget": 2_000_000, "name": "Spring launch", **(campaign or {})}),
            "campaign_sha256": None,
            "roster": facts(),
            "picks": chosen,
            "totals": totals(chosen),
            "mix": {tier: totals([item for item in chosen if item.tier == tier]) for tier in tiers},
            "rules": (rule(),),
            "baseline": BaselinePlan(rule="rank by engagement rate", totals=totals(chosen[1:])),
            "ideals": (Ideal(metric="engagements", total=9_000_000, bound=9_000_000),),
            "proof": proof(),
            "unspent_reason": "the cheapest creator who would improve the plan costs $35",
            "assumed": {"engagements": 0.0, "conversions": 0.62},
            "notes": ("a note",),
            "warnings": ("a warning",),
            **overrides,
        }
    )


def replanned(*switches, contracts=(), results=(), before=None, **step):
    """Return a plan of a campaign that runs, replanned since."""
    before = before or plan((pick(creator="@a"), pick(creator="@b")))
    running = CampaignProgress(
        contracts=contracts,
        results=results,
        last_plan=("@a",),
        sunk_cost=step.pop("sunk_cost", 0),
        first_forecast={"spend": 2_000_000, "engagements": 60_000_000, "conversions": 120_000},
    )
    output = ReplanSummary(
        previous="f" * 64,
        made_at="2026-11-26T02:00:00Z",
        inputs=InputFingerprints(roster="r"),
        switches=switches,
        **step,
    )
    return replace(before, replan=output, campaign=replace(before.campaign, running=running))


def added_creator(creator="@new", causes=("better value now",), **facts):
    return RosterChange(creator=creator, added=True, causes=causes, **facts)


def dropped_creator(creator="@old", **facts):
    return RosterChange(creator=creator, added=False, causes=("declined",), forced=True, **facts)


def diagnosis(**overrides):
    return Diagnosis(
        **{
            "status": "infeasible",
            "campaign": Campaign(budget=100_000),
            "roster": facts(),
            "clash": ("niche:beauty count >= 5", "budget"),
            "reasons": (),
            **overrides,
        }
    )


def suspicion(*names, text="5M likes, 20k followers", **overrides):
    creators = tuple(SuspiciousCreator(creator=name, row=row, text=text) for row, name in enumerate(names, 2))
    return Suspicion(
        **{
            "code": "likes-above-followers",
            "text": "more likes per post than followers",
            "fix": "If these are totals of the account, rename the column likes.",
            "count": len(names),
            "creators": creators,
            **overrides,
        }
    )


def summary(**overrides):
    return RosterSummary(
        **{
            "roster": facts(),
            "counts": {"tier": {"mega": 1, "micro": 38}},
            "spreads": {"fee": Spread(low=12.0, median=400.0, high=9_000.0, filled=900)},
            "columns": (ColumnUse(header="Handle", column="creator"), ColumnUse(header="hours", column=None)),
            **overrides,
        }
    )


def fault(row, **overrides):
    return Fault(
        **{
            "code": "number-unreadable",
            "message": f"'x{row}' is not a number",
            "fix": "write a plain number",
            "row": row,
            "column": "followers",
            "value": f"x{row}",
            **overrides,
        }
    )


def tier_plan(tier, share=Fraction(1, 2), **overrides):
    """Return the plan of one tier, or of all but one, worth a share of the mix's 1.87."""
    worth = proof(objective=Fraction(187, 100) * share, bound=Fraction(187, 100) * share)
    return TierPlan(
        **{"tier": tier, "result": plan([pick(tier=tier)], proof=worth), "share_of_mix": share, **overrides}
    )


def bundle_totals(chosen, value):
    return BundleTotals(picks=tuple(chosen), totals=totals(chosen), objective=Fraction(value))


def substitute_bundle(name="@star", **overrides):
    large = bundle_totals([pick(creator=name, tier="mega", metrics=metrics(2))], Fraction(1, 2))
    small = bundle_totals([pick(number, tier="micro", cost=10_000) for number in range(3)], Fraction(3, 4))
    return SubstituteBundle(
        **{
            "creator": name,
            "large": large,
            "in_mix": False,
            "small": small,
            "status": "optimal",
            "bound": Fraction(3, 4),
            **overrides,
        }
    )


def comparison(*variants, bundles=None, not_examined=(), **overrides):
    bundles = (substitute_bundle(), substitute_bundle("@moon")) if bundles is None else tuple(bundles)
    return Comparison(
        **{
            "mix": plan(),
            "tiers": variants or (tier_plan("micro"), tier_plan("mega", Fraction(1, 4))),
            "without_largest": None,
            "substitutes": Substitutes(
                tier="mega", smaller=("micro",), creators=bundles, not_examined=tuple(not_examined)
            ),
            "seconds": 1.5,
            **overrides,
        }
    )


def difference(value, **overrides):
    return Difference(
        **{
            "objective": Fraction(value),
            "share": Fraction(value) / Fraction(187, 100),
            "creators": -1,
            "spend": -45_000,
            "metrics": dict.fromkeys(METRICS, -1_000),
            "added": ("@new",),
            "dropped": ("@old", "@older"),
            **overrides,
        }
    )


def alternative(share=Fraction(99, 100), **overrides):
    """Return a plan worth a share of the best's 1.87."""
    worth = Fraction(187, 100) * share
    sample = plan(picks(6), proof=proof(objective=worth, bound=worth), warnings=())
    return Alternative(
        **{
            "plan": sample,
            "change": difference(worth - Fraction(187, 100)),
            "share_of_best": share,
            **overrides,
        }
    )


def creator_frequency(name, *numbers, tier="micro"):
    return CreatorFrequency(creator=name, tier=tier, plans=numbers)


def alternatives(*plans, **overrides):
    return Alternatives(
        **{
            "best": plan(),
            "count": 2,
            "differ": 2,
            "plans": plans or (alternative(), alternative(Fraction(9, 10))),
            "creators": (
                creator_frequency("@star", 0, 1, 2, tier="mega"),
                creator_frequency("@old", 0, 2),
                creator_frequency("@new", 1),
            ),
            "stop_reason": StopReason.FOUND,
            "seconds": 1.5,
            **overrides,
        }
    )


def decline_case(*names, **overrides):
    """Return a case in which creators decline and a new one is booked."""
    change = difference(Fraction(-1, 50), added=("@new",), dropped=names)
    return DeclineCase(
        **{
            "declined": names,
            "keeps_rest": True,
            "status": "optimal",
            "change": change,
            "booked": tuple(picks(1)),
            **overrides,
        }
    )


def plan_b(*cases, **overrides):
    cases = cases or (decline_case("@old"), decline_case("@star", status="infeasible", change=None, clash=("budget",)))
    return PlanB(**{"before": plan(), "cases": cases, "seconds": 1.5, **overrides})


def plan_side(path="a.json", **overrides):
    """Return one of two plans to compare."""
    return PlanSide(
        **{
            "path": path,
            "name": "Spring launch",
            "roster": "roster.csv",
            "sha256": "ff",
            "currency": "USD",
            "goal": Goal(),
            "budget": 2_000_000,
            "status": "optimal",
            "gap": 0.0,
            "objective": Fraction(187, 100),
            "ideals": {},
            "totals": totals(picks(7)),
            **overrides,
        }
    )


def purchase(number=0, **facts):
    first = pick(number, **facts)
    return Purchase(creator=first.creator, picks=(first,))


def creator_move(number=0, *messages, **facts):
    causes = [Cause(kind="fee", message=item) for item in messages or ("fee rose from $300 to $400",)]
    return CreatorMove(purchase=purchase(number, **facts), causes=tuple(causes))


def retained_creator(number=0, *changes, **facts):
    return RetainedCreator(before=purchase(number, **facts), after=purchase(number, **facts), changes=changes)


def plan_comparison(**overrides):
    """Return a comparison: one creator added, two dropped, two retained, one of them at a higher fee."""
    budget = "the budget fell from $20,000 to $15,000 (-25%)"
    return PlanComparison(
        **{
            "before": plan_side(),
            "after": plan_side("b.json", totals=totals(picks(6)), objective=Fraction(3, 2)),
            "campaign": (CampaignChange(setting="budget", before="$20,000", after="$15,000", message=budget),),
            "added": (creator_move(1),),
            "dropped": (creator_move(2, budget), creator_move(3, "not on the roster of B", budget)),
            "retained": (
                retained_creator(4),
                retained_creator(5, FieldChange(field="fee", before=40_000, after=55_000)),
            ),
            "notes": ("a note",),
            "warnings": ("a warning",),
            **overrides,
        }
    )


def _point_metrics(engagements, conversions):
    """Return metrics with reach in proportion to engagements, and clicks to conversions."""
    people = {
        "reach": engagements * 8,
        "engagements": engagements,
        "clicks": conversions * 8,
        "conversions": conversions,
    }
    return {**dict.fromkeys(METRICS, 0), **{name: amount * 1000 for name, amount in people.items()}}


def point(engagements=1_000, conversions=10, weights=(0, 1), before=None, **overrides):
    """Return a point that brings this much, after one that brought `before`."""
    chosen = overrides.pop("picks", picks(2))
    result = _point_metrics(engagements, conversions)
    change = None
    if before is not None:
        more = _point_metrics(engagements - before[0], conversions - before[1])
        change = Difference(
            objective=Fraction(engagements - before[0]),
            share=None,
            creators=0,
            spend=-100,
            metrics=more,
            added=("@new", "@other"),
            dropped=("@old",),
        )
    exact = None if weights is None else Weights(low=Fraction(weights[0]), high=Fraction(weights[1]))
    return ParetoPoint(
        **{
            "status": "optimal",
            "totals": Totals(creators=len(chosen), spend=90_000, metrics=result),
            "picks": chosen,
            "weights": exact,
            "change": change,
            "assumed": {"engagements": 0.0, "conversions": 0.62},
            **overrides,
        }
    )


def front(*points, **overrides):
    """Return a front of three points; no weights choose the second."""
    points = points or (
        point(1_000, 10, (Fraction(2, 5), 1)),
        point(600, 12, None, before=(1_000, 10)),
        point(500, 20, (0, Fraction(2, 5)), before=(600, 12)),
    )
    return ParetoFront(
        **{
            "campaign": Campaign(budget=2_000_000, name="Spring launch"),
            "campaign_sha256": None,
            "roster": facts(),
            "metrics": ("engagements", "conversions"),
            "ideals": (ideal("engagements", 1_000_000), ideal("conversions", 20_000)),
            "points": points,
            "balanced": 0,
            "steps": 10,
            "not_examined": 0,
            "unproven": 0,
            "gap": 0.0,
            "limit": None,
            "seconds": 1.5,
            "backend": "cbc",
            "version": "2.10.3",
            "notes": ("a note",),
            "warnings": ("a warning",),
            **overrides,
        }
    )


def risk_front(**overrides):
    """Return a front of two plans, the second one safer."""
    chosen, safer = picks(2), (pick(1), pick(7))
    points = (
        RiskPoint(
            weight=Fraction(0),
            status="optimal",
            gap=0.0,
            mean=Fraction(1000),
            worst=Fraction(400),
            fresh=Fraction(380),
            totals=totals(chosen),
            picks=chosen,
        ),
        RiskPoint(
            weight=Fraction(1),
            status="feasible",
            gap=0.001,
            mean=Fraction(900),
            worst=Fraction(500),
            fresh=Fraction(399),
            totals=totals(safer),
            picks=safer,
            added=("@new",),
            dropped=("@old",),
        ),
    )
    return RiskFront(
        **{
            "campaign": Campaign(budget=2_000_000, name="Spring launch"),
            "campaign_sha256": None,
            "roster": facts(),
            "share": Fraction(1, 10),
            "scenarios": 200,
            "seed": 1,
            "draws": 10_000,
            "ideals": (),
            "points": points,
            "steps": 2,
            "not_examined": 0,
            "limit": None,
            "seconds": 1.5,
            "backend": "highs",
            "version": "1.16.0",
            "notes": ("a note",),
            "warnings": ("a warning",),
            **overrides,
        }
    )


def frontier_point(cents, chosen=None, **overrides):
    """Return a point of a frontier that buys these picks."""
    chosen = picks(5) if chosen is None else tuple(chosen)
    tiers = dict.fromkeys(item.tier for item in chosen)
    return BudgetPoint(
        **{
            "budget": cents,
            "status": "optimal",
            "objective": Fraction(len(chosen)),
            "bound": Fraction(len(chosen)),
            "totals": totals(chosen),
            "mix": {tier: totals([item for item in chosen if item.tier == tier]) for tier in tiers},
            "creators": tuple(item.creator for item in chosen),
            **overrides,
        }
    )


def frontier(of, *points, **overrides):
    """Return a frontier around a plan, of three budgets by default."""
    own = frontier_point(of.campaign.budget, of.picks)
    points = points or (frontier_point(1_000_000, of.picks[:2]), own, frontier_point(4_000_000, (*of.picks, pick(99))))
    return Frontier(
        **{
            "campaign": replace(of.campaign, budget=points[-1].budget),
            "campaign_sha256": None,
            "roster": of.roster,
            "ideals": of.ideals,
            "points": points,
            "optimal_spend": None,
            "backend": "cbc",
            "version": "2.10.3",
            "seconds": 1.5,
            **overrides,
        }
    )


def ranges(of):
    """Return ranges from half to twice what is expected."""
    each = tuple(
        {name: LikelyRange(item.metrics[name] // 2, item.metrics[name] * 2) for name in METRICS} for item in of.picks
    )
    total = {name: LikelyRange(of.totals.metrics[name] // 2, of.totals.metrics[name] * 2) for name in METRICS}
    return Ranges(picks=each, independent=total, correlated=total)


def report(of=None, **overrides):
    of = plan() if of is None else of
    return Report(
        **{
            "plan": of,
            "seal": "ef" * 32,
            "microopt": "0.1.0",
            "frontier": frontier(of),
            "ranges": ranges(of),
            **overrides,
        }
    )
