"""The next command to type: in a folder with one list, and after an error that a flag would settle."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shlex import join
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from microopt.errors import MicrooptError, NextCommand, RosterError
from microopt.readers.file_kinds import LISTS

if TYPE_CHECKING:
    import typer

    from microopt.cli.options import CampaignOptions
    from microopt.plan.diagnosis import Diagnosis

MOST_STEPS = 3  # flags that are offered together
EXAMPLE_BUDGET = "20000"


class Step(Struct, frozen=True):
    """A flag that may settle an error.

    Attributes
    ----------
    flag
        Its words on the command line.
    purpose
        What it does, after "To": `leave out the rows with problems`.
    options
        Those of the command with the flag.
    """

    flag: tuple[str, ...]
    purpose: str
    options: CampaignOptions


def first_commands(folder: Path) -> list[str]:
    """Return the commands that check and plan the one list of a folder; none where there is no list, or several."""
    try:
        files = [path for path in folder.iterdir() if path.is_file() and not path.name.startswith((".", "~$"))]
    except OSError:  # it has been deleted, or cannot be read
        return []
    lists = [path.name for path in files if path.name.lower().endswith(LISTS) and path.name.isprintable()]
    if len(lists) != 1:
        return []
    names = {path.name for path in files}
    campaigns = (f"{lists[0].partition('.')[0]}.toml", "campaign.toml")
    campaign = next((["-c", name] for name in campaigns if name in names), [])
    place = f"./{lists[0]}" if lists[0].startswith("-") else lists[0]
    budget = campaign or ["--budget", EXAMPLE_BUDGET]
    return [join(["microopt", "check", place, *campaign]), join(["microopt", "plan", place, *budget])]


@contextmanager
def next_command_offered(context: typer.Context, path: str, options: CampaignOptions) -> Iterator[None]:
    """On a terminal, give an error of reading a campaign and a list the command that is known to go on."""
    try:
        yield
    except MicrooptError as error:
        if sys.stderr.isatty() and path != "-":
            error.next_command = find_next_command(error, context.meta["microopt.args"], path, options)
        raise


def find_next_command(
    error: MicrooptError, args: Sequence[str], path: str, options: CampaignOptions
) -> NextCommand | None:
    """Return the command of `args` with flags that settle its error, shown by reading the list with them.

    Parameters
    ----------
    args
        The words of the command line behind `microopt`.
    path, options
        The list and the options that they name.
    """
    steps = _settling_steps(error, path, options, MOST_STEPS)
    if not steps:
        return None
    flags = [word for step in steps for word in step.flag]
    return _with_flags(args, flags, f"To {' and '.join(step.purpose for step in steps)}")


def find_repair_command(context: typer.Context, diagnosis: Diagnosis) -> NextCommand | None:
    """Return, on a terminal, the command that plans with the first change that makes a plan possible."""
    if not sys.stderr.isatty() or not diagnosis.repairs:
        return None
    which = "the first change" if len(diagnosis.repairs) > 1 else "this change"
    return _with_flags(context.meta["microopt.args"], ["--repair"], f"To plan with {which}")


def _with_flags(args: Sequence[str], flags: Sequence[str], purpose: str) -> NextCommand | None:
    """Return a command line with more flags, None if it cannot be shown as it is."""
    place = args.index("--") if "--" in args else len(args)
    command = join(["microopt", *args[:place], *flags, *args[place:]])
    return NextCommand(purpose=purpose, command=command) if command.isprintable() else None


def _settling_steps(error: MicrooptError, path: str, options: CampaignOptions, most: int) -> list[Step]:
    """Return the first steps with which the list can be read, none if no such steps are known."""
    from microopt.cli.load import load

    for step in _possible_steps(error, options) if most else ():
        try:
            load(path, step.options, note=lambda _: None)
        except MicrooptError as next_error:
            if further := _settling_steps(next_error, path, step.options, most - 1):
                return [step, *further]
        else:
            return [step]
    return []


def _possible_steps(error: MicrooptError, options: CampaignOptions) -> Iterator[Step]:
    """Yield the flags that may settle an error, those that keep most of the list first."""
    settings = options.settings
    codes = {fault.code for fault in error.faults}
    if codes == {"budget-missing"}:
        budget = replace(options, settings=replace(settings, budget=EXAMPLE_BUDGET))
        yield Step(("--budget", EXAMPLE_BUDGET), f"plan with an example budget of {int(EXAMPLE_BUDGET):,}", budget)
    if not isinstance(error, RosterError):
        return
    missing = {header: name for name, header in error.missing.items() if header}
    if missing:
        mapped = replace(options, settings=replace(settings, columns={**settings.columns, **missing}))
        flags = [word for header, name in missing.items() for word in ("--map", f"{header}={name}")]
        purpose = " and ".join(f"read '{header}' as the {name}" for header, name in missing.items())
        yield Step(tuple(flags), purpose, mapped)
    of_file = [fault for fault in error.faults if fault.row is None]
    has_no_fees = [fault.column for fault in of_file] == ["fee"] and "--map" not in of_file[0].fix
    if not settings.estimate_fees and (codes == {"fee-missing"} or has_no_fees):
        estimated = replace(options, settings=replace(settings, estimate_fees=True))
        yield Step(("--estimate-fees",), "estimate the missing fees", estimated)
    if not options.reading.skip_bad_rows and not of_file:
        skipping = replace(options, reading=replace(options.reading, skip_bad_rows=True))
        yield Step(("--skip-bad-rows",), "leave out the rows with problems", skipping)
