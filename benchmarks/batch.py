"""A night of many campaigns: `microopt batch` against a command for each, one after another."""

from __future__ import annotations

import csv
import json
import os
import random
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.markdown import table
from benchmarks.rosters import roster
from benchmarks.spec import Report, Size, Spec
from benchmarks.timing import Timing, run_once, script_path, timing_environment
from microopt.cli.exit_codes import Exit

BAR = 5.0
ENDS = (Exit.OK, Exit.UNPROVEN)
OWN = 0.25  # of the campaigns have a list of their own
LISTS = 5  # that the others share
SAMPLE = 0.1  # of the campaigns are replanned by commands
SIGNED, DECLINED = 8, 1  # creators of each first plan, drawn among all of it
GOALS = ("engagement", "balanced", "conversions", "reach")
RULES = ("niche:beauty count 3..8", "tier:mega spend <= 50%", "region:US spend >= 30%", "all count ..40")
NOTE = (
    "{campaigns} campaigns of {creators:,} creators each, a quarter with a list of its own, the others on {lists} "
    "shared lists; four goals, budgets of $10,000 to $60,000, one to three rules. Each has a plan; since then "
    "{signed} of its creators signed and {declined} declined. `one by one`: `microopt replan` for {sample} of them,"
    " drawn once, half before the batch and half after it; `batch`: `microopt batch` for all of them. Each of the "
    "{rounds} rounds starts from the same plans. Whole commands, by the clock; medians, and in the last column but "
    "two the least and the greatest ratio of a round. `CPU time` is that of one campaign, solvers included. {cores}"
    " cores, shared with other work."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """One round: the batch, and the commands, with how many campaigns each planned."""

    batch: Timing
    campaigns: int
    commands: Timing
    sample: int

    @property
    def ratio(self) -> float:
        """How many times as many campaigns an hour the batch plans."""
        return self.commands.wall / self.sample / (self.batch.wall / self.campaigns)


def run(size: Size) -> Report:
    """Replan the same folder of campaigns both ways."""
    with TemporaryDirectory(prefix="microopt-bench-") as place:
        env = timing_environment(str(Path(place, "compiled")))
        folder = Path(place, "campaigns")
        names = _make_campaigns(folder, size, env)
        sample = random.Random(1).sample(names, max(2, round(SAMPLE * len(names))))
        nights = [_night(Path(place), folder, names, sample, env) for _ in range(size.rounds)]
    ratio = median(night.ratio for night in nights)
    note = NOTE.format(
        campaigns=len(names),
        creators=size.creators,
        lists=LISTS,
        signed=SIGNED,
        declined=DECLINED,
        sample=len(sample),
        rounds=size.rounds,
        cores=os.cpu_count(),
    )
    header = ("run", "campaigns an hour", "seconds a campaign", "CPU time", "ratio", "of", "bar", "")
    text = f"{table(header, list(_rows(nights, ratio)))}\n\n{note}"
    missed = () if ratio >= BAR else (f"{ratio:.1f} times as many campaigns an hour, the bar is {BAR:g}",)
    return Report(text=text, missed=missed)


def _rows(nights: Sequence[Night], ratio: float) -> Iterator[Sequence[str]]:
    alone = [night.commands.wall / night.sample for night in nights]
    alone_cpu = median(night.commands.cpu / night.sample for night in nights)
    together = [night.batch.wall / night.campaigns for night in nights]
    together_cpu = median(night.batch.cpu / night.campaigns for night in nights)
    yield "one by one", f"{3600 / median(alone):,.0f}", f"{median(alone):.3f}", f"{alone_cpu:.3f} s", "", "", "", ""
    ratios = [night.ratio for night in nights]
    spread = f"{min(ratios):.1f}..{max(ratios):.1f}"
    verdict = "within" if ratio >= BAR else "below"
    took = (f"{3600 / median(together):,.0f}", f"{median(together):.3f}", f"{together_cpu:.3f} s")
    yield "batch", *took, f"{ratio:.1f}", spread, f"{BAR:g}", verdict


def _night(place: Path, folder: Path, names: Sequence[str], sample: Sequence[str], env: Mapping[str, str]) -> Night:
    """Replan copies of the folder: half of the sample by commands, all by a batch, the rest of the sample."""
    copies = {side: place / side / folder.name for side in ("alone", "together")}
    for copy in copies.values():
        shutil.rmtree(copy.parent, ignore_errors=True)
        shutil.copytree(folder, copy)
    half = len(sample) // 2
    first = [run_once(_replan(copies["alone"], name), env, ENDS) for name in sample[:half]]
    batch = run_once([script_path("microopt"), "batch", str(copies["together"]), "--quiet"], env, ENDS)
    last = [run_once(_replan(copies["alone"], name), env, ENDS) for name in sample[half:]]
    both = [*first, *last]
    commands = Timing(wall=sum(took.wall for took in both), cpu=sum(took.cpu for took in both))
    return Night(batch=batch, campaigns=len(names), commands=commands, sample=len(sample))


def _replan(folder: Path, name: str) -> Sequence[str]:
    plan = str(folder / f"{name}.json")
    lists = (folder / f"{name}.csv", folder / "roster.csv") if (folder / f"{name}.toml").exists() else ()
    own = next((str(path) for path in lists if path.exists()), None)
    given = [] if own is None else ["--roster", own]
    states = str(folder / f"{name}.states.csv")
    return [script_path("microopt"), "replan", plan, *given, "--states", states, "-o", plan, "--quiet"]


def _make_campaigns(folder: Path, size: Size, env: Mapping[str, str]) -> list[str]:
    """Write campaigns with their lists, first plans and states; return their names.

    Those of the first shared list have campaign files and `roster.csv`; those of the others are plans alone, which
    state their list.
    """
    folder.mkdir()
    draw, names = random.Random(7), [f"campaign-{number:03d}" for number in range(1, size.campaigns + 1)]
    own = names[: round(OWN * len(names))]
    for number, name in enumerate(own):
        (folder / f"{name}.csv").write_text(roster(size.creators, 100 + number), encoding="utf-8")
    groups = [names[len(own) + number :: LISTS] for number in range(LISTS)]
    for name in names:
        (folder / f"{name}.toml").write_text(_campaign_file(name, draw), encoding="utf-8")
    for number, group in enumerate(groups):
        path = folder / ("roster.csv" if not number else f"list-{number}.csv")
        path.write_text(roster(size.creators, 1 + number), encoding="utf-8")
        if number and group:
            _plan_alone(folder, group, path, env)
    run_once([script_path("microopt"), "batch", str(folder), "--quiet"], env, ENDS)
    for name in names:
        _write_states(folder, name)
    return names


def _campaign_file(name: str, draw: random.Random) -> str:
    rules = draw.sample(RULES, draw.randint(1, 3))
    budget, goal = 1_000 * draw.randint(10, 60), draw.choice(GOALS)
    return f'name = "{name}"\nbudget = {budget}\ngoal = "{goal}"\nrules = {json.dumps(rules)}\n'


def _plan_alone(folder: Path, group: Sequence[str], path: Path, env: Mapping[str, str]) -> None:
    """Plan campaigns on a list, and keep their plans without the campaign files."""
    aside = folder / "aside"
    aside.mkdir()
    for name in group:
        shutil.move(folder / f"{name}.toml", aside / f"{name}.toml")
    run_once([script_path("microopt"), "batch", str(aside), "--roster", path.name, "--quiet"], env, ENDS, folder)
    for name in group:
        shutil.move(aside / f"{name}.json", folder / f"{name}.json")
    shutil.rmtree(aside)


def _write_states(folder: Path, name: str) -> None:
    """Write who of a first plan has signed or declined since."""
    picks = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))["picks"]
    answered = random.Random(name).sample(picks, min(len(picks), SIGNED + DECLINED))
    with (folder / f"{name}.states.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("creator", "platform", "offer", "status"))
        for number, pick in enumerate(answered):
            status = "declined" if number < DECLINED else "signed"
            writer.writerow((pick["creator"], pick["platform"], pick["offer"], status))


SPEC = Spec(
    name="batch",
    about="how many campaigns an hour `microopt batch` replans, against a command for each one after another",
    full=Size(creators=500, campaigns=200, rounds=3),
    smoke=Size(creators=200, campaigns=5, rounds=1),
    run=run,
)
