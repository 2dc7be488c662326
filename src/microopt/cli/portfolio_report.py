"""What `microopt portfolio` says on standard error: which campaigns have no plan, and why there is no portfolio."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from microopt.cli.console import write, write_json
from microopt.errors import MicrooptError, name_first_fault
from microopt.plan.portfolio import PortfolioPlan
from microopt.planning.portfolio.clash import PortfolioDiagnosis
from microopt.rendering.sanitize import plain_text
from microopt.rendering.wording.diagnosis_sentences import diagnosis_sentences
from microopt.rendering.wording.full_stop import end_sentence
from microopt.rendering.wording.plan_figures import capitalize_sentence
from microopt.solver.result import Limit


def tell_failures(plan: PortfolioPlan, failures: Mapping[str, MicrooptError]) -> None:
    """Say of each campaign that has no plan, or whose files could not be written, why, a line each."""
    infeasible = {each.name: each.problem for each in plan.campaigns if each.problem and each.name not in failures}
    _tell([*(f"{name}: {problem}" for name, problem in infeasible.items()), *_failed(failures)])


def _failed(failures: Mapping[str, MicrooptError]) -> Iterator[str]:
    for name, error in failures.items():
        fix = error.faults[0].fix or error.fix
        yield f"{name}: {end_sentence(name_first_fault(error))} {capitalize_sentence(fix)}"


def report_no_portfolio(diagnosis: PortfolioDiagnosis, failures: Mapping[str, MicrooptError], format: str) -> None:
    """Say why the campaigns have no plans together."""
    if format == "json":
        from microopt.rendering.data.json import object_json

        write_json(sys.stdout, object_json(diagnosis))
    else:
        _tell(reasons_without_portfolio(diagnosis))
    _tell(_failed(failures))


def reasons_without_portfolio(diagnosis: PortfolioDiagnosis) -> Iterator[str]:
    """Yield why the campaigns have no plans together, a line each."""
    for name, each in diagnosis.diagnoses.items():
        said = [text.strip() for kind, text in diagnosis_sentences(each) if kind in ("doubt", "fact", "rule")]
        yield f"{name}: {' '.join(said)}"
    if diagnosis.limit == Limit.INTERRUPT:
        yield "Interrupted before there were plans of the campaigns together: nothing was written"
    elif diagnosis.status != "infeasible":
        yield "No plans of the campaigns together were found in time: give more with --time-limit 300"
    elif diagnosis.clash:
        yield "Each campaign has a plan alone, but not all of them together"
        only = "These limits and rules conflict. Dropping any one of them resolves it:"
        yield only if diagnosis.irreducible else "Among these limits and rules are some that conflict:"
        yield from (f"  {label}" for label in diagnosis.clash)


def _tell(lines: list[str] | Iterator[str]) -> None:
    write(sys.stderr, "".join(f"{plain_text(_ended(line))}\n" for line in lines))


def _ended(line: str) -> str:
    return line if line.startswith("  ") or line.endswith(":") else end_sentence(line)
