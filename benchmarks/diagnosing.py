"""Time to diagnose an infeasible campaign and find repairs, compared with planning the repaired campaign."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.markdown import table
from benchmarks.rosters import write_roster
from benchmarks.spec import Report, Size, Spec
from benchmarks.timing import Ratio, script_path, side_by_side, time_ratio, timing_environment
from microopt import CampaignInput, Diagnosis, Plan, campaign_from_input, optimize, read_roster
from microopt.cli.exit_codes import Exit

BAR = 10.0
BUDGET = 200_000
NICHES = ("beauty", "fitness", "gaming", "tech", "food", "travel", "parenting", "fashion", '"home decor"')
REGIONS = ("US", "GB", "DE", "FR", "CA")
OPEN = (
    *(f"niche:{niche} count >= 3" for niche in NICHES),
    *(f"niche:{niche} spend <= 45%" for niche in NICHES[:4]),
    *(f"region:{region} count >= 2" for region in REGIONS),
    "platform:youtube spend 5..60%",
    "platform:tiktok engagements <= 80%",
    "tier:mega spend <= 35%",
    "tier:nano count >= 10",
    "tier:micro count >= 15",
    "all mean(credibility) >= 0.7",
    "region:US spend >= 20%",
    "all conversions >= 50",
    "tier:mid count >= 1",
    "region:GB spend <= 60%",
    "each creator spend <= 60000",
)
NOTE = (
    "{creators:,} creators, goal balanced, budget ${budget:,} (floors and a budget: $1,500); "
    "whole commands, in turns, {rounds} rounds: `microopt plan` without a plan (exit 4: clash and repairs), and with "
    "the first repair written into its campaign (exit 0). Bar: {bar:g} times. 2 cores, shared with other work."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InfeasibleCampaign:
    """A campaign without a plan."""

    name: str
    budget: float
    rules: tuple[str, ...]


def run(size: Size) -> Report:
    """Time every kind of infeasible campaign on the roster of each seed."""
    rows, missed = [], []
    with TemporaryDirectory(prefix="microopt-bench-") as folder:
        env = timing_environment(str(Path(folder, "compiled")))
        for seed in size.seeds:
            path = write_roster(Path(folder), size.creators, seed)
            for requested in _campaigns(path):
                mended, text = _repaired(path, requested)
                commands = {
                    "diagnose": _plan(path, requested, Path(folder, "asked.toml")),
                    "plan": _plan(path, mended, Path(folder, "mended.toml")),
                }
                times = side_by_side(commands, size.rounds, env, ends=(Exit.INFEASIBLE, Exit.OK, Exit.UNPROVEN))
                took = time_ratio(times["diagnose"], times["plan"])
                rows.append((requested.name, str(seed), str(len(requested.rules)), *text, *_times(took)))
                if took.value > BAR:
                    missed.append(f"{requested.name}, seed {seed}: {took.value:.2f} times, the bar is {BAR:g}")
    header = ("infeasible by", "seed", "rules", "clash", "shown by", "repairs", "diagnosis", "plan", "ratio", "of", "")
    note = NOTE.format(creators=size.creators, budget=BUDGET, rounds=size.rounds, bar=BAR)
    return Report(text=f"{table(header, rows)}\n\n{note}", missed=tuple(missed))


def _times(took: Ratio) -> tuple[str, ...]:
    verdict, spread = "within" if took.value <= BAR else "over", f"{took.low:.2f}..{took.high:.2f}"
    return f"{took.seconds:.2f} s", f"{took.peer:.2f} s", f"{took.value:.2f}", spread, verdict


def _campaigns(path: Path) -> Iterator[InfeasibleCampaign]:
    """Yield campaigns whose floors need more creators, more money, or more whole units than the limits allow."""
    yield InfeasibleCampaign(
        name="floors and a cap", budget=BUDGET, rules=(*OPEN[:-1], "all count <= 20", "tier:macro count >= 1")
    )
    yield InfeasibleCampaign(name="floors and a budget", budget=1_500, rules=(*OPEN, "tier:macro count >= 1"))
    yield _whole_creators(path)


def _whole_creators(path: Path) -> InfeasibleCampaign:
    """Return a campaign that fractional creators satisfy and whole creators cannot: a target between the two."""
    rules = (*OPEN[:-1], "tier:macro count >= 1", "all count <= 60")
    campaign = campaign_from_input(CampaignInput(budget=str(BUDGET), goal="reach", rules=rules))
    plan = optimize(read_roster(str(path)), campaign)
    assert isinstance(plan, Plan)
    floor = round((plan.proof.objective + plan.proof.price_bound) / 2)
    return InfeasibleCampaign(name="whole creators", budget=BUDGET, rules=(*rules, f"all reach >= {floor}"))


def _repaired(path: Path, requested: InfeasibleCampaign) -> tuple[InfeasibleCampaign, tuple[str, ...]]:
    """Return the campaign after its first repair, and what the diagnosis says."""
    plan = optimize(
        read_roster(str(path)), campaign_from_input(CampaignInput(budget=str(requested.budget), rules=requested.rules))
    )
    assert isinstance(plan, Diagnosis)
    text = (f"{len(plan.clash)}", plan.proven_by, f"{len(plan.repairs)}")
    becomes = {change.label: change.becomes for change in plan.repairs[0].changes}
    budget = becomes.pop("budget", None)
    rules = [becomes.get(rule, rule) for rule in requested.rules]
    mended = replace(requested, rules=tuple(rule for rule in rules if rule is not None))
    return (mended if budget is None else replace(mended, budget=float(budget.removeprefix("budget "))), text)


def _plan(path: Path, requested: InfeasibleCampaign, campaign: Path) -> Sequence[str]:
    lines = [f"budget = {requested.budget}", f"rules = {json.dumps(list(requested.rules))}"]
    campaign.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [script_path("microopt"), "plan", str(path), "-c", str(campaign)]


SPEC = Spec(
    name="diagnosing",
    about="How long it takes to say why there is no plan, and what would help.",
    full=Size(creators=2_000, seeds=(1, 2), rounds=3),
    smoke=Size(creators=200, seeds=(1,), rounds=1),
    run=run,
)
