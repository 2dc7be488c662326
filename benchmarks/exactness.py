"""Whether public instances are proven at their known optima, and the time compared with a plain PuLP model of each."""

from __future__ import annotations

import os
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from platform import python_version
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import pulp

from benchmarks.instances import UNPROVEN, VARIABLE, Instance, instance_paths, read_instance
from benchmarks.markdown import table
from benchmarks.spec import Report, Size, Spec
from microopt import Plan, SolveLimits, campaign_from_input, optimize

TIMES, MORE = 1.3, 0.05  # the bar: times the bare model, and seconds beside
SECONDS = 60.0
SHORT = 10.0  # seconds of one round, from which on one round is enough
ABSENT = f"The instances are not beside the repository, and {VARIABLE} names no folder: nothing was measured."
NOTE = (
    "microopt: from the program's making to its proof, the look for a cheaper plan of the same value included (what a "
    "plan says as its seconds); the call of `optimize` as a whole, with forecast and audit, takes `whole`. PuLP: the "
    "model's making and its solve by `PULP_CBC_CMD`, gap 0, one thread. Both run one CBC in turns; {rounds} rounds "
    "after one to warm up, of which the medians, but one alone where that takes over {short:g} s. Bar: {times} times "
    "PuLP plus {more:.0f} ms. The limit is {seconds:g} s. Python {python}, pulp {pulp}; {cores} cores, shared with "
    "other work."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceTimes:
    """The seconds of one instance: of the solve, of the whole call, of the plain model."""

    solve: float
    whole: float
    plain_model: float

    @property
    def bar(self) -> float:
        """The most that the solve may take."""
        return TIMES * self.plain_model + MORE


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceResult:
    """The result of one instance."""

    instance: Instance
    plan: Plan
    times: InstanceTimes

    @property
    def proven(self) -> bool:
        """Whether the plan is the known optimum, and proven."""
        return self.plan.proof.status == "optimal" and self.plan.proof.objective == self.instance.optimum

    @property
    def bound_holds(self) -> bool:
        """Whether the known optimum is within what the plan says of itself."""
        return self.plan.proof.objective <= self.instance.optimum <= self.plan.proof.bound

    @property
    def must_be_proven(self) -> bool:
        """Whether it has to be proven in time."""
        return self.instance.name not in UNPROVEN

    def cells(self) -> list[str]:
        """Return its row of the table."""
        proof, took = self.plan.proof, self.times
        text = "optimum, proven" if self.proven else f"{_format_value(proof.objective)} to {_format_value(proof.bound)}"
        verdict = ("within" if took.solve <= took.bar else "over") if self.must_be_proven else ""
        size = f"{len(self.instance.items)} x {len(self.instance.capacities)}"
        ratio = f"{took.solve / took.plain_model:.2f}" if self.must_be_proven else ""
        seconds = [
            f"{took.solve:.3f} s",
            f"{took.whole:.3f} s",
            f"{took.plain_model:.3f} s" if self.must_be_proven else "",
            ratio,
        ]
        return [
            self.instance.kind,
            self.instance.name,
            text,
            size,
            _format_value(self.instance.optimum),
            *seconds,
            verdict,
        ]


def _format_value(value: Fraction) -> str:
    return f"{float(value):,.1f}".removesuffix(".0")


def run(size: Size) -> Report:
    """Solve each instance both ways."""
    paths = instance_paths()
    if not paths:
        return Report(text=ABSENT, measured=False)
    result = [
        _solve_instance(read_instance(paths[name]), size.rounds) for name in size.instances or paths if name in paths
    ]
    headers = ["From", "Instance", "Found", "Items x capacities", "Optimum", "microopt", "whole", "PuLP", "Ratio", ""]
    note = NOTE.format(
        rounds=size.rounds,
        short=SHORT,
        times=TIMES,
        more=1000 * MORE,
        seconds=SECONDS,
        python=python_version(),
        pulp=pulp.__version__,
        cores=os.cpu_count(),
    )
    every = table(headers, [each.cells() for each in result], left=3)
    return Report(text=f"{_summary(result)}\n\n{every}\n\n{note}", missed=tuple(_missed_bars(result)))


def _solve_instance(instance: Instance, rounds: int) -> InstanceResult:
    """Time an instance both ways in turns; one round suffices for slow instances and for those without a time bar."""
    with TemporaryDirectory(prefix="microopt-bench-") as folder:
        roster = instance.roster(Path(folder))
    campaign = campaign_from_input(instance.settings())
    all_took: list[InstanceTimes] = []
    result: list[Plan] = []
    for number in range(rounds + 1):
        start = perf_counter()
        plan = optimize(roster, campaign, limits=SolveLimits(seconds=SECONDS))
        total = perf_counter() - start
        assert isinstance(plan, Plan), f"{instance.name} has no plan"
        result.append(plan)
        bare = 0.0 if instance.name in UNPROVEN else _time_plain_model(instance)
        took = InstanceTimes(solve=plan.proof.seconds, whole=total, plain_model=bare)
        if number == 0 and total + bare > SHORT:
            return InstanceResult(instance=instance, plan=plan, times=took)
        all_took += [took] if number else []
    middle = InstanceTimes(
        solve=median(took.solve for took in all_took),
        whole=median(took.whole for took in all_took),
        plain_model=median(took.plain_model for took in all_took),
    )
    return InstanceResult(instance=instance, plan=result[-1], times=middle)


def _time_plain_model(instance: Instance) -> float:
    """Return the seconds that the plain model takes to be built and solved."""
    start = perf_counter()
    model = instance.model()
    model.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=0.0, threads=1))
    took = perf_counter() - start
    assert abs(pulp.value(model.objective) - float(instance.optimum)) < 1e-4, f"the model of {instance.name} is wrong"
    return took


def _missed_bars(result: list[InstanceResult]) -> list[str]:
    text = [
        f"{each.instance.name} is not proven at its optimum"
        for each in result
        if each.must_be_proven and not each.proven
    ]
    text += [f"{each.instance.name}: its bound excludes the optimum" for each in result if not each.bound_holds]
    slow = [each for each in result if each.must_be_proven and each.times.solve > each.times.bar]
    return text + [
        f"{each.instance.name}: {each.times.solve:.3f} s, the bar is {each.times.bar:.3f} s" for each in slow
    ]


def _summary(result: list[InstanceResult]) -> str:
    rows = []
    for kind in dict.fromkeys(each.instance.kind for each in result):
        due = [each for each in result if each.instance.kind == kind and each.must_be_proven]
        spread = sorted(each.times.solve / each.times.plain_model for each in due)
        within = sum(each.times.solve <= each.times.bar for each in due)
        rows.append(
            [
                kind,
                f"{sum(each.proven for each in due)} of {len(due)}",
                f"{within} of {len(due)}",
                f"{median(spread):.2f}",
                f"{spread[0]:.2f}..{spread[-1]:.2f}",
                f"{sum(each.times.solve for each in due):.2f} s",
                f"{sum(each.times.plain_model for each in due):.2f} s",
            ]
        )
    headers = [
        "From",
        "Proven at the optimum",
        "Within the bar",
        "Ratio",
        "Over the instances",
        "microopt, all",
        "PuLP, all",
    ]
    return table(headers, rows)


SPEC = Spec(
    name="exactness",
    about="public instances with known optima, proven, beside a bare PuLP model of each",
    full=Size(rounds=5),
    smoke=Size(rounds=1, instances=("pet2", "weing1", "I01")),
    run=run,
)
