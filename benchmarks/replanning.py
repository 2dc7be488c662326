"""Time of a nightly run: compared with one plan of the same roster, and after a year of runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.markdown import table
from benchmarks.nightly_files import make_first_plan, under_contract, write_results, write_states
from benchmarks.rosters import write_roster
from benchmarks.spec import Report, Size, Spec
from benchmarks.timing import Ratio, Timing, run_once, script_path, side_by_side, time_ratio, timing_environment
from microopt import CampaignInput, campaign_from_input, read_roster
from microopt.cli.exit_codes import Exit
from microopt.readers.campaign_file import read_campaign_file

BAR, BAR_OF_NIGHTS = 1.5, 1.2
GROUP = 20  # nights at each end whose medians are compared
SIGNED, DAYS = 60, 30  # contracts of the large roster, and days of results
BUDGET, CREATORS, RULES = "100000", "..80", ("niche:beauty count 3..8", "tier:mega spend <= 50%")
EXAMPLE = Path(__file__).resolve().parent.parent / "examples"
ENDS = (Exit.OK, Exit.UNPROVEN)
NOTE = (
    "Whole commands. `one night`: {creators:,} creators, budget $100,000, niche and tier rules, at most 80 creators, "
    "of whom {signed} have signed; {rows:,} rows of results; in turns with a plan of the same roster, {rounds} rounds. "
    "`{nights} nights`: `examples/launch.csv`, each night with new states and all results so far, a row for each post "
    "and day, into the same plan and the same store; the last {group} nights in turns with the first {group} of the "
    "same campaign in another folder. `of CPU time` counts processor seconds, the solver's too. Bars: {bar:g} and "
    "{later:g} times. 2 cores, shared with other work."
)


def run(size: Size) -> Report:
    """Time one night of a large campaign, and many nights of a small one."""
    rows: list[tuple[str, ...]] = []
    missed: list[str] = []
    with TemporaryDirectory(prefix="microopt-bench-") as folder:
        env = timing_environment(str(Path(folder, "compiled")))
        for goal in ("engagement", "balanced"):
            commands, counted = _one_night(Path(folder), size, goal)
            times = side_by_side(commands, size.rounds, env, ends=ENDS)
            _add(rows, missed, f"one night, goal {goal}", time_ratio(times["replan"], times["plan"]), BAR)
        group = min(GROUP, size.nights // 2)
        late, early = _nights(Path(folder), size.nights, group, env)
    _add(rows, missed, f"{size.nights} nights", time_ratio(late, early), BAR_OF_NIGHTS)
    header = ("run", "took", "peer", "ratio", "of", "of CPU time", "bar", "")
    note = NOTE.format(
        creators=size.creators,
        signed=SIGNED,
        rows=counted,
        rounds=size.rounds,
        nights=size.nights,
        group=group,
        bar=BAR,
        later=BAR_OF_NIGHTS,
    )
    return Report(text=f"{table(header, rows)}\n\n{note}", missed=tuple(missed))


def _add(rows: list[tuple[str, ...]], missed: list[str], name: str, took: Ratio, bar: float) -> None:
    times = f"{took.seconds:.2f} s", f"{took.peer:.2f} s", f"{took.value:.2f}", f"{took.low:.2f}..{took.high:.2f}"
    rows.append((name, *times, f"{took.cpu:.2f}", f"{bar:g}", "within" if took.value <= bar else "over"))
    if took.value > bar:
        missed.append(f"{name}: {took.value:.2f} times, the bar is {bar:g}")


def _one_night(folder: Path, size: Size, goal: str) -> tuple[Mapping[str, Sequence[str]], int]:
    """Write the files of a large campaign; return the commands to time and the number of result rows."""
    path, plan = write_roster(folder, size.creators, size.seeds[0]), folder / f"{goal}.json"
    states, results = folder / f"{goal}-states.csv", folder / f"{goal}-results.csv"
    campaign = campaign_from_input(CampaignInput(budget=BUDGET, goal=goal, rules=RULES, creators=CREATORS))
    roster = read_roster(str(path))
    signed = [DAYS * place // SIGNED for place in range(SIGNED)]
    contracts = under_contract(roster, campaign, make_first_plan(roster, campaign), signed)
    write_states(states, contracts, DAYS)
    write_results(results, contracts, DAYS)
    rules = [flag for rule in RULES for flag in ("--rule", rule)]
    plan_command = [
        script_path("microopt"),
        "plan",
        str(path),
        "--budget",
        BUDGET,
        "--goal",
        goal,
        "--creators",
        CREATORS,
        *rules,
    ]
    run_once([*plan_command, "-o", str(plan)], timing_environment(str(folder / "compiled")), ENDS)
    replan_command = [script_path("microopt"), "replan", str(plan), "--states", str(states), "--results", str(results)]
    return {"plan": plan_command, "replan": replan_command}, len(results.read_text(encoding="utf-8").splitlines()) - 1


def _nights(folder: Path, nights: int, group: int, env: Mapping[str, str]) -> tuple[list[Timing], list[Timing]]:
    """Replan a small campaign night after night; return the times of the last nights and of the first.

    Nights that are minutes apart cannot be compared on a machine with other work. So the same campaign starts again in
    another folder, and its first nights run in turns with the last ones.
    """
    old, young = _Nightly(folder / "old", env), _Nightly(folder / "young", env)
    for night in range(1, nights - group + 1):
        old.run(night)
    times = [(old.run(nights - group + night), young.run(night)) for night in range(1, group + 1)]
    return [late for late, _ in times], [early for _, early in times]


class _Nightly:
    """A small campaign that is replanned each night, in its own folder, with a store."""

    def __init__(self, folder: Path, env: Mapping[str, str]) -> None:
        folder.mkdir()
        path, file, plan = EXAMPLE / "launch.csv", EXAMPLE / "launch.toml", folder / "plan.json"
        campaign, roster = campaign_from_input(read_campaign_file(str(file))[0]), read_roster(str(path))
        self._contracts = under_contract(roster, campaign, make_first_plan(roster, campaign), range(3, 90, 6))
        self._states, self._results, self._env = folder / "states.csv", folder / "results.csv", env
        run_once([script_path("microopt"), "plan", str(path), "-c", str(file), "-o", str(plan)], env, ENDS)
        self._command = [script_path("microopt"), "replan", str(plan), "--roster", str(path), "-o", str(plan)]
        self._command += ["--states", str(self._states), "--results", str(self._results)]
        self._command += ["--store", str(folder / "campaign.db")]

    def run(self, night: int) -> Timing:
        """Write the states and results of the morning, replan, and return the time."""
        write_states(self._states, self._contracts, night)
        write_results(self._results, self._contracts, night)
        return run_once(self._command, self._env, ENDS)


SPEC = Spec(
    name="replanning",
    about="How long a nightly run takes, against one plan, and after a year of nights.",
    full=Size(creators=2_000, seeds=(1,), rounds=5, nights=365),
    smoke=Size(creators=300, seeds=(1,), rounds=1, nights=5),
    run=run,
)
