"""Public knapsacks of several capacities that may not be proven in a minute, beside CBC alone with the same minute."""

from __future__ import annotations

import os
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from platform import python_version
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory

import pulp

from benchmarks.instances import VARIABLE, Instance, chu_beasley_instances
from benchmarks.markdown import table
from benchmarks.spec import Report, Size, Spec
from microopt import Plan, SolveLimits, campaign_from_input, optimize

SECONDS = 60.0
ABSENT = f"The instances are not beside the repository, and {VARIABLE} names no folder with them: nothing was measured."
HEADERS = ("Instance", "Items x capacities", "Published", "microopt", "Gap", "Processor", "CBC", "", "Processor", "")
SAMPLE = tuple(f"{m}.{n}-{number:02}" for m in (5, 10) for n, number in ((100, 25), (250, 5), (500, 25)))
NOTE = (
    "mknapcb1 to mknapcb6 of OR-Library (Chu and Beasley 1998): `Published` is the best value of their paper. Each "
    "side once, in turns, with {seconds:g} s by the clock: microopt from the roster to the audited plan, and a PuLP "
    "model of the instance with `PULP_CBC_CMD`, gap 0. Values are recomputed from the picks. Bar: no instance of a "
    "lower value, and none unproven that CBC proves. Python {python}, pulp {pulp}; {cores} cores, shared with other "
    "work."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnapsackResult:
    """What both sides made of an instance.

    Attributes
    ----------
    cpu, cbc_cpu
        Processor seconds, with those of the processes that a side started.
    cbc_value
        The value that CBC packed, or None without a packing that keeps the capacities.
    cbc_proven
        Whether CBC says that it is optimal.
    """

    instance: Instance
    plan: Plan
    cpu: float
    cbc_value: Fraction | None
    cbc_proven: bool
    cbc_cpu: float

    @property
    def proven(self) -> bool:
        """Whether the plan of microopt is proven."""
        return self.plan.proof.status == "optimal"

    def missed(self) -> list[str]:
        """Return in which ways microopt is worse than CBC alone."""
        found, name = self.plan.proof.objective, self.instance.name
        text = []
        if self.cbc_value is not None and found < self.cbc_value:
            text.append(f"{name}: {found} and CBC alone {self.cbc_value}")
        if self.cbc_proven and not self.proven:
            text.append(f"{name}: not proven, and CBC alone proves it")
        if self.plan.proof.bound < self.instance.optimum:
            text.append(f"{name}: its bound {self.plan.proof.bound} excludes the published {self.instance.optimum}")
        return text

    def cells(self) -> list[str]:
        """Return its row of the table."""
        proof, other = self.plan.proof, self.cbc_value
        gap = "proven" if self.proven else f"{float(100 * (proof.bound - proof.objective) / proof.bound):.2g}%"
        size = f"{len(self.instance.items)} x {len(self.instance.capacities)}"
        own = [f"{float(proof.objective):,.0f}", gap, f"{self.cpu:.1f} s"]
        beside = ["none" if other is None else f"{float(other):,.0f}", "proven" if self.cbc_proven else ""]
        verdict = "worse" if self.missed() else "no worse"
        optimum = f"{float(self.instance.optimum):,.0f}"
        return [self.instance.name, size, optimum, *own, *beside, f"{self.cbc_cpu:.1f} s", verdict]


def run(size: Size) -> Report:
    """Solve each instance both ways."""
    known = chu_beasley_instances()
    if not known:
        return Report(text=ABSENT, measured=False)
    names = [name for name in size.instances or known if name in known]
    results = [solve_both_ways(known[name], SECONDS) for name in names]
    note = NOTE.format(seconds=SECONDS, python=python_version(), pulp=pulp.__version__, cores=os.cpu_count())
    missed = tuple(line for result in results for line in result.missed())
    return Report(text=f"{table(HEADERS, [result.cells() for result in results])}\n\n{note}", missed=missed)


def solve_both_ways(instance: Instance, seconds: float) -> KnapsackResult:
    """Return what microopt and CBC alone make of an instance within so many seconds each."""
    with TemporaryDirectory(prefix="microopt-bench-") as folder:
        roster = instance.roster(Path(folder))
    campaign = campaign_from_input(instance.settings())
    start = _cpu()
    plan = optimize(roster, campaign, limits=SolveLimits(seconds=seconds))
    cpu = _cpu() - start
    assert isinstance(plan, Plan), f"{instance.name} has no plan"
    start = _cpu()
    model = instance.model()
    model.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=0.0, threads=1, timeLimit=seconds))
    picks = [int(each.name.removeprefix("x")) for each in model.variables() if (each.value() or 0.0) > 0.5]
    return KnapsackResult(
        instance=instance,
        plan=plan,
        cpu=cpu,
        cbc_value=instance.packed_value(picks),
        cbc_proven=model.sol_status == pulp.LpSolutionOptimal,  # its status says "Optimal" at a limit too
        cbc_cpu=_cpu() - start,
    )


def _cpu() -> float:
    """Return the processor seconds of this process and of those it started that have ended."""
    return sum(used.ru_utime + used.ru_stime for used in (getrusage(RUSAGE_SELF), getrusage(RUSAGE_CHILDREN)))


SPEC = Spec(
    name="knapsacks",
    about="public knapsacks of 5 and 10 capacities (mknapcb), beside CBC alone with the same minute",
    full=Size(instances=SAMPLE),
    smoke=Size(instances=("5.100-25",)),
    run=run,
)
