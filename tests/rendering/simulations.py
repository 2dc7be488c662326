"""A simulation with figures of a test's choice."""

from fractions import Fraction

from microopt.analysis.simulation.result import (
    Distribution,
    Histogram,
    Overspending,
    RiskShare,
    SimulatedChance,
    Simulation,
)
from tests.rendering.builders import picks, plan


def spread(measure="engagements", **figures):
    stated = {"planned": 62_000, "mean": 63_000, "p10": 41_000, "p50": 50_000, "p90": 88_000, "worst_tenth": 35_000}
    return Distribution(measure=measure, **{key: Fraction(value) for key, value in {**stated, **figures}.items()})


def chance(label="conversions >= 300", kind="target", share=Fraction(71, 100), **facts):
    return SimulatedChance(
        kind=kind,
        label=label,
        **{"outcomes": int(share * 10_000), "share": share, "low": 0.70, "high": 0.72, "planned": True, **facts},
    )


def creator(name="@anna", expected="1/2", shortfall="3/5", declined="1/10"):
    return RiskShare(
        creator=name,
        tier="micro",
        offers=("reel",),
        expected=None if expected is None else Fraction(expected),
        shortfall=None if shortfall is None else Fraction(shortfall),
        declined=Fraction(declined),
    )


def overspent(outcomes=420):
    share = Fraction(outcomes, 10_000)
    return Overspending(
        budget=2_000_000, outcomes=outcomes, share=share, low=0.03, high=0.05, excess=31_000, worst_tenth=12_000
    )


def simulation(measure="engagements", **overrides):
    sample = plan(picks(3))
    edges = tuple(Fraction(edge) for edge in range(30_000, 100_000, 10_000))
    return Simulation(
        **{
            "campaign": sample.campaign,
            "roster": sample.roster,
            "totals": sample.totals,
            "draws": 10_000,
            "seed": 1,
            "goal_measures": (measure,),
            "distributions": (spread(measure), spread("spend", planned=20_000)),
            "histograms": (
                Histogram(measure=measure, edges=edges, counts=(2_000, 3_000, 2_500, 1_000, 800, 200), above=500),
            ),
            "targets": {"conversions": Fraction(300)},
            "chances": (chance(), chance(measure, "expected"), chance("all count 2..3", "rule", Fraction(1))),
            "overspending": None,
            "risk_measure": measure,
            "risk": (creator(), creator("@ben", "1/2", "2/5", "0")),
            **overrides,
        }
    )
