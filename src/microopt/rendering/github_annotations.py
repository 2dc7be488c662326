"""Faults as GitHub workflow annotations, which show beside the file's line in a pull request."""

from __future__ import annotations

from microopt.errors import Fault, MicrooptError
from microopt.plan.roster_summary import RosterSummary

MOST = 50  # annotations: GitHub shows no more of a step


def error_annotations(error: MicrooptError, path: str) -> str:
    """Return a line for each fault, those beyond `MOST` counted in a last one.

    Parameters
    ----------
    path
        The roster's, as the workflow knows it.
    """
    lines = [_annotation("error", path, fault) for fault in error.faults[:MOST]]
    if len(error.faults) > MOST:
        rest = f"{len(error.faults) - MOST:,} more: microopt check {path} --format json lists them all"
        lines.append(f"::error file={_property(path)}::{_data(rest)}")
    return "\n".join(lines) + "\n"


def summary_annotations(summary: RosterSummary) -> str:
    """Return a notice that nothing is wrong, and a warning for each warning."""
    path = _property(summary.roster.source.path)
    told = f"{summary.roster.offers:,} offers of {summary.roster.creators:,} creators, nothing wrong found"
    lines = [f"::notice file={path}::{_data(told)}"]
    lines += [f"::warning file={path}::{_data(warning)}" for warning in summary.warnings]
    return "\n".join(lines) + "\n"


def _annotation(level: str, path: str, fault: Fault) -> str:
    line = f",line={fault.row}" if fault.row else ""
    place = f"column {fault.column}: " if fault.column else ""
    told = f"{place}{fault.message}. {fault.fix}"
    return f"::{level} file={_property(path)}{line},title={_property(fault.code)}::{_data(told)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
