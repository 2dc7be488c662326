"""Write and show what was found, and say by an exit code how it ended."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from msgspec.structs import replace

from microopt.cli.console import screen_for, write, write_json
from microopt.cli.exit_codes import Exit
from microopt.cli.load import load_inputs
from microopt.cli.options import CampaignOptions, OutputOptions, SolveOptions
from microopt.cli.outputs import check_targets, say_written
from microopt.cli.progress import Progress
from microopt.cli.signals import interruptible
from microopt.errors import NextCommand, UsageError
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.expectations import Expectation, UnmetExpectation, unmet_expectations
from microopt.plan.plan import Plan
from microopt.rendering import format_from_path, plan_renderer
from microopt.rendering.wording.full_stop import end_sentence
from microopt.storage.atomic_write import write_files

if TYPE_CHECKING:
    from microopt.rendering.terminal.screen import Screen

T = TypeVar("T")
WITHOUT_SENTENCES = ("csv", "line")  # formats with no place for a warning


class ResultWriter(Generic[T]):
    """Writes what an analysis found to the files that were asked for, and shows it.

    Parameters
    ----------
    sources
        Files that are read, and not to be replaced.
    renderer
        By the name of a format: what makes text, or the bytes of a file.
    table
        Makes the text for a screen.

    Raises
    ------
    UsageError, OutputError
        If a file cannot be written, or its format is unknown: before the work.
    """

    def __init__(
        self,
        output: OutputOptions,
        sources: Sequence[str | None],
        renderer: Callable[[str], Callable[[T], str | bytes]],
        table: Callable[[T, Screen], str],
    ) -> None:
        self._output, self._renderer, self._table = output, renderer, table
        self._files = {path: _renderer_of(path, renderer) for path in output.output}
        check_targets(output.output, sources)

    def write(self, result: T, contents: Mapping[str, str | bytes] | None = None) -> None:
        """Write the files, then show the result unless that is not wanted.

        Parameters
        ----------
        contents
            Those of the files, where they hold more than the result alone.
        """
        if contents is None:
            contents = {path: render(result) for path, render in self._files.items()}
        write_files(contents)
        if self._output.quiet:
            return
        if self._output.format == "table":
            write(sys.stdout, self._table(result, screen_for(sys.stdout)))
        else:
            show_text(self._renderer(self._output.format)(result), self._output.format)
            if self._output.format in WITHOUT_SENTENCES:
                _tell(f"Warning: {end_sentence(warning)}" for warning in getattr(result, "warnings", ()))
        say_written(self._output.output)


def analyze(
    roster: str,
    options: CampaignOptions,
    solve: SolveOptions,
    output: OutputOptions,
    *,
    analysis: Callable[..., T | Diagnosis],
    renderer: Callable[[str], Callable[[T], str | bytes]],
    table: Callable[[T, Screen], str],
    is_proven: Callable[[T], bool],
    amounts: Sequence[tuple[str, str]] = (),
) -> Exit:
    """Load, analyze, write and show, and return the exit code; see `ResultWriter`.

    Parameters
    ----------
    analysis
        Called with roster and campaign, and `limits`, `solver`, `campaign_sha256`.
    is_proven
        Whether all of a result is proven, or as near as was asked for.
    amounts
        Amounts of the command line besides those of the campaign, each with its flag.
    """
    writer = ResultWriter(output, (roster, options.campaign_file), renderer, table)
    with Progress(sys.stderr, quiet=output.quiet, verbose=output.verbose) as progress:
        inputs = load_inputs(roster, options, solve, progress, amounts)
        with interruptible():
            result = analysis(
                inputs.roster,
                inputs.campaign,
                limits=solve.limits(progress.report),
                solver=inputs.solver,
                campaign_sha256=inputs.campaign_sha256,
            )
    if isinstance(result, Diagnosis):
        return report_infeasible(result, output.format)
    writer.write(result)
    return Exit.OK if is_proven(result) else Exit.UNPROVEN


def show_plan(plan: Plan, format: str, *, details: bool = False, written: Sequence[str] = ()) -> None:
    """Print a plan in a format; its warnings on standard error where the format has no place for them.

    Parameters
    ----------
    details
        Whether the table shows all warnings and how the plan was proven.
    written
        The files that the plan was written to, of which further commands read the first JSON one.
    """
    if format == "table":
        from microopt.rendering.terminal.plan import plan_table

        file = next((path for path in written if path.casefold().endswith(".json")), None)
        write(sys.stdout, plan_table(plan, screen_for(sys.stdout), details=details, file=file))
    else:
        show_text(plan_renderer(format)(plan), format)
        if format in WITHOUT_SENTENCES:
            _tell(_plan_warnings(plan))


def _plan_warnings(plan: Plan) -> Iterator[str]:
    """Return the warnings of a plan, without its repair, which the command tells itself."""
    from microopt.rendering.wording.plan_sentences import plan_sentences

    return (sentence for kind, sentence in plan_sentences(replace(plan, repair=None)) if kind == "warning")


def _tell(sentences: Iterable[str]) -> None:
    """Write sentences on standard error, a line each."""
    from microopt.rendering.sanitize import plain_text

    write(sys.stderr, "".join(f"{plain_text(sentence)}\n" for sentence in sentences))


def show_text(text: str | bytes, format: str) -> None:
    """Print what a renderer made in a format that is not for files alone."""
    assert isinstance(text, str)
    (write_json if format == "json" else write)(sys.stdout, text)


def report_infeasible(diagnosis: Diagnosis, format: str, *, repair: NextCommand | None = None) -> Exit:
    """Say why there is no plan, and return the exit code; `repair` is the command that makes a plan, if known."""
    if format == "json":
        from microopt.rendering.data.json import object_json

        write_json(sys.stdout, object_json(diagnosis))
    else:
        from microopt.rendering.terminal.diagnosis_and_errors import diagnosis_text

        write(sys.stderr, diagnosis_text(diagnosis, screen_for(sys.stderr), repair=repair))
    return exit_code_of_diagnosis(diagnosis)


def exit_code_of_diagnosis(diagnosis: Diagnosis) -> Exit:
    """Return the exit code of a run that found no plan."""
    if diagnosis.limit == "interrupt":
        return Exit.INTERRUPTED
    return Exit.INFEASIBLE if diagnosis.status == "infeasible" and not diagnosis.unconfirmed else Exit.NO_PLAN


def report_unmet(plan: Plan, expectations: Sequence[Expectation]) -> tuple[UnmetExpectation, ...]:
    """Say which expectations a plan does not meet, and return them."""
    failures = unmet_expectations(plan, expectations)
    say_unmet(failures)
    return failures


def say_unmet(failures: Sequence[UnmetExpectation]) -> None:
    """Say which expectations a plan does not meet."""
    if failures:
        write(sys.stderr, "".join(f"Expectation: {failure.message}.\n" for failure in failures))


def exit_code_for(plan: Plan, gap: float, failures: Sequence[UnmetExpectation]) -> Exit:
    """Return the exit code of a plan: an unmet expectation counts before a missing proof."""
    if failures:
        return Exit.EXPECTATION
    within = plan.is_settled or (gap > 0 and plan.proof.gap <= gap)
    return Exit.OK if within and not plan.proof.unconfirmed else Exit.UNPROVEN


def _renderer_of(path: str, renderer: Callable[[str], Callable[[T], str | bytes]]) -> Callable[[T], str | bytes]:
    """Return what makes a file; an ending that no result has is refused with those that this result has."""
    try:
        name = format_from_path(path)
    except UsageError:
        name = Path(path).suffix.removeprefix(".").casefold()
        if not name:
            raise
    return renderer(name)
