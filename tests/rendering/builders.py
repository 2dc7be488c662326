"""Small plans to render, every figure plausible unless a test says otherwise."""

from fractions import Fraction

from msgspec.structs import replace

from microopt.analysis.alternatives import Alternative, Alternatives, CreatorFrequency, StopReason
from microopt.analysis.frontier.result import Frontier
from microopt.analysis.frontier.result import FrontierPoint as BudgetPoint
from microopt.analysis.plan_diff.result import (
    CampaignChange,
    CreatorMove,
    FieldChange,
    PlanComparison,
    PlanSide,
    RetainedCreator,
)
from microopt.analysis.report import Interval, Ranges, Report
from microopt.analysis.tiers.compare import Comparison, SingleTierPlan
from microopt.analysis.tiers.substitutes import BundleTotals, SubstituteBundle, Substitutes
from microopt.analysis.tradeoff.pareto import ParetoFront, ParetoPoint, Weights
from microopt.campaign.campaign import Campaign, Goal, Ideal
from microopt.campaign.metrics import METRICS
from microopt.campaign.progress import CampaignProgress
from microopt.errors import Fault
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.difference import Difference
from microopt.plan.plan import BaselinePlan, Pick, Plan, Proof, RosterFacts, RuleUse, Totals
from microopt.plan.purchase import Cause, Purchase
from microopt.plan.replan_summary import InputFingerprints, ReplanSummary, RosterChange
from microopt.plan.roster_summary import RosterSummary, Spread
from microopt.roster.roster import ColumnUse, Source

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
    made = [pick(number, **facts) for number in range(count)]
    return tuple(sorted(made, key=lambda one: TIERS.index(one.tier) if one.tier in TIERS else 9))


def totals(chosen):
    return Totals(
        creators=len({one.creator for one in chosen}),
        spend=sum(one.cost for one in chosen),
        metrics={name: sum(one.metrics[name] for one in chosen) for name in METRICS},
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
            "core": 23,
            "backend": "cbc",
            "version": "2.10.3",
            "seconds": 0.314159,
            **facts,
        }
    )


def facts(**given):
    return RosterFacts(
        **{
            "source": Source(path="roster.csv", sha256="ab" * 32),
            "offers": 1_000,
            "creators": 900,
            "filtered": 12,
            "currency": "USD",
            **given,
        }
    )


def plan(chosen=None, *, campaign=None, **given):
    chosen = picks(7) if chosen is None else tuple(chosen)
    tiers = dict.fromkeys(one.tier for one in chosen)
    return Plan(
        **{
            "campaign": Campaign(**{"budget": 2_000_000, "name": "Spring launch", **(campaign or {})}),
            "campaign_sha256": None,
            "roster": facts(),
            "picks": chosen,
            "totals": totals(chosen),
            "mix": {tier: totals([one for one in chosen if one.tier == tier]) for tier in tiers},
            "rules": (rule(),),
            "baseline": BaselinePlan(rule="rank by engagement rate", totals=totals(chosen[1:])),
            "ideals": (Ideal(metric="engagements", total=9_000_000, bound=9_000_000),),
            "proof": proof(),
            "unspent_reason": "the cheapest offer that would add to the plan needs $35",
            "assumed": {"engagements": 0.0, "conversions": 0.62},
            "notes": ("a note",),
            "warnings": ("a warning",),
            **given,
        }
    )


def replanned(*switches, contracts=(), actuals=(), made=None, **step):
    """Return a plan of a campaign that runs, replanned since."""
    made = made or plan((pick(creator="@a"), pick(creator="@b")))
    running = CampaignProgress(
        contracts=contracts,
        actuals=actuals,
        last_plan=("@a",),
        sunk=step.pop("sunk", 0),
        first={"spend": 2_000_000, "engagements": 60_000_000, "conversions": 120_000},
    )
    told = ReplanSummary(
        previous="f" * 64,
        made_at="2026-11-26T02:00:00Z",
        inputs=InputFingerprints(roster="r"),
        switches=switches,
        **step,
    )
    return replace(made, replan=told, campaign=replace(made.campaign, running=running))


def came(creator="@new", causes=("it is now better worth the money",), **facts):
    return RosterChange(creator=creator, added=True, causes=causes, **facts)


def left(creator="@old", **facts):
    return RosterChange(creator=creator, added=False, causes=("it declined",), forced=True, **facts)


def diagnosis(**given):
    return Diagnosis(
        **{
            "status": "infeasible",
            "campaign": Campaign(budget=100_000),
            "roster": facts(),
            "clash": ("niche:beauty count >= 5", "budget"),
            "reasons": (),
            **given,
        }
    )


def summary(**given):
    return RosterSummary(
        **{
            "roster": facts(),
            "counts": {"tier": {"mega": 1, "micro": 38}},
            "spreads": {"fee": Spread(low=12.0, median=400.0, high=9_000.0, filled=900)},
            "columns": (ColumnUse(header="Handle", column="creator"), ColumnUse(header="hours", column=None)),
            **given,
        }
    )


def fault(row, **given):
    return Fault(
        **{
            "code": "number-unreadable",
            "message": f"'x{row}' is not a number",
            "fix": "write a plain number",
            "row": row,
            "column": "followers",
            "value": f"x{row}",
            **given,
        }
    )


def alone(tier, share=Fraction(1, 2), **given):
    """Return the plan of one tier, worth a share of the mix's 1.87."""
    worth = proof(objective=Fraction(187, 100) * share, bound=Fraction(187, 100) * share)
    return SingleTierPlan(
        **{"tier": tier, "result": plan([pick(tier=tier)], proof=worth), "share_of_mix": share, **given}
    )


def side(chosen, value):
    return BundleTotals(picks=tuple(chosen), totals=totals(chosen), objective=Fraction(value))


def basket(name="@star", **given):
    large = side([pick(creator=name, tier="mega", metrics=metrics(2))], Fraction(1, 2))
    small = side([pick(number, tier="micro", cost=10_000) for number in range(3)], Fraction(3, 4))
    return SubstituteBundle(
        **{
            "creator": name,
            "large": large,
            "small": small,
            "status": "optimal",
            "bound": Fraction(3, 4),
            **given,
        }
    )


def comparison(*variants, baskets=None, left_out=(), **given):
    baskets = (basket(), basket("@moon")) if baskets is None else tuple(baskets)
    return Comparison(
        **{
            "mix": plan(),
            "tiers": variants or (alone("micro"), alone("mega", Fraction(1, 4))),
            "substitutes": Substitutes(tier="mega", smaller=("micro",), creators=baskets, not_examined=tuple(left_out)),
            "seconds": 1.5,
            **given,
        }
    )


def difference(value, **given):
    return Difference(
        **{
            "objective": Fraction(value),
            "share": Fraction(value) / Fraction(187, 100),
            "creators": -1,
            "spend": -45_000,
            "metrics": dict.fromkeys(METRICS, -1_000),
            "added": ("@new",),
            "dropped": ("@old", "@older"),
            **given,
        }
    )


def alternative(share=Fraction(99, 100), **given):
    """Return a plan worth a share of the best's 1.87."""
    worth = Fraction(187, 100) * share
    made = plan(picks(6), proof=proof(objective=worth, bound=worth), warnings=())
    return Alternative(
        **{
            "plan": made,
            "change": difference(worth - Fraction(187, 100)),
            "share_of_best": share,
            **given,
        }
    )


def held(name, *numbers, tier="micro"):
    return CreatorFrequency(creator=name, tier=tier, plans=numbers)


def alternatives(*plans, **given):
    return Alternatives(
        **{
            "best": plan(),
            "count": 2,
            "differ": 2,
            "plans": plans or (alternative(), alternative(Fraction(9, 10))),
            "creators": (held("@star", 0, 1, 2, tier="mega"), held("@old", 0, 2), held("@new", 1)),
            "stop_reason": StopReason.FOUND,
            "seconds": 1.5,
            **given,
        }
    )


def half(path="a.json", **given):
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
            **given,
        }
    )


def bought(number=0, **facts):
    one = pick(number, **facts)
    return Purchase(creator=one.creator, picks=(one,))


def moved(number=0, *told, **facts):
    causes = [Cause(kind="fee", message=one) for one in told or ("its fee rose from $300 to $400",)]
    return CreatorMove(purchase=bought(number, **facts), causes=tuple(causes))


def stayed(number=0, *changes, **facts):
    return RetainedCreator(before=bought(number, **facts), after=bought(number, **facts), changes=changes)


def two_plans(**given):
    """Return two plans of which one creator came, two left, and one of two who stayed is dearer."""
    budget = "the budget fell from $20,000 to $15,000 (-25%)"
    return PlanComparison(
        **{
            "before": half(),
            "after": half("b.json", totals=totals(picks(6)), objective=Fraction(3, 2)),
            "campaign": (CampaignChange(setting="budget", before="$20,000", after="$15,000", message=budget),),
            "added": (moved(1),),
            "dropped": (moved(2, budget), moved(3, "it is not in the roster of B", budget)),
            "retained": (stayed(4), stayed(5, FieldChange(field="fee", before=40_000, after=55_000))),
            "notes": ("a note",),
            "warnings": ("a warning",),
            **given,
        }
    )


def _brought(engagements, conversions):
    """Return metrics of which reach goes with engagements, and clicks with conversions."""
    people = {
        "reach": engagements * 8,
        "engagements": engagements,
        "clicks": conversions * 8,
        "conversions": conversions,
    }
    return {**dict.fromkeys(METRICS, 0), **{name: amount * 1000 for name, amount in people.items()}}


def point(engagements=1_000, conversions=10, weights=(0, 1), before=None, **given):
    """Return a point that brings this much, after one that brought `before`."""
    chosen = given.pop("picks", picks(2))
    brought = _brought(engagements, conversions)
    change = None
    if before is not None:
        more = _brought(engagements - before[0], conversions - before[1])
        change = Difference(
            objective=Fraction(engagements - before[0]),
            share=None,
            creators=0,
            spend=-100,
            metrics=more,
            added=("@new", "@other"),
            dropped=("@old",),
        )
    known = None if weights is None else Weights(low=Fraction(weights[0]), high=Fraction(weights[1]))
    return ParetoPoint(
        **{
            "status": "optimal",
            "totals": Totals(creators=len(chosen), spend=90_000, metrics=brought),
            "picks": chosen,
            "weights": known,
            "change": change,
            "assumed": {"engagements": 0.0, "conversions": 0.62},
            **given,
        }
    )


def front(*points, **given):
    """Return a front of three points, of which no weights choose the second."""
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
            **given,
        }
    )


def budget(cents, chosen=None, **given):
    """Return a point of a frontier that buys these picks."""
    chosen = picks(5) if chosen is None else tuple(chosen)
    tiers = dict.fromkeys(one.tier for one in chosen)
    return BudgetPoint(
        **{
            "budget": cents,
            "status": "optimal",
            "objective": Fraction(len(chosen)),
            "bound": Fraction(len(chosen)),
            "totals": totals(chosen),
            "mix": {tier: totals([one for one in chosen if one.tier == tier]) for tier in tiers},
            "creators": tuple(one.creator for one in chosen),
            **given,
        }
    )


def frontier(of, *points, **given):
    """Return a frontier around a plan, of three budgets by default."""
    own = budget(of.campaign.budget, of.picks)
    points = points or (budget(1_000_000, of.picks[:2]), own, budget(4_000_000, (*of.picks, pick(99))))
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
            **given,
        }
    )


def ranges(of):
    """Return ranges from half to twice what is expected."""
    each = tuple(
        {name: Interval(one.metrics[name] / 2000, one.metrics[name] / 500) for name in METRICS} for one in of.picks
    )
    whole = {name: Interval(of.totals.metrics[name] / 2000, of.totals.metrics[name] / 500) for name in METRICS}
    return Ranges(picks=each, independent=whole, together=whole)


def report(of=None, **given):
    of = plan() if of is None else of
    return Report(
        **{
            "plan": of,
            "seal": "ef" * 32,
            "microopt": "0.1.0",
            "frontier": frontier(of),
            "ranges": ranges(of),
            **given,
        }
    )
