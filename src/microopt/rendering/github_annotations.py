"""Faults as GitHub workflow annotations, which a pull request shows at the line of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microopt.errors import Fault, MicrooptError, RosterError
from microopt.quantities.parse_and_format import format_number_of
from microopt.rendering.sanitize import plain_text
from microopt.rendering.wording.full_stop import end_sentence
from microopt.rendering.wording.plan_figures import capitalize_sentence

if TYPE_CHECKING:
    from microopt.analysis.roster_summary import RosterSummary

MAX_ANNOTATIONS = 50  # GitHub shows no more per step


def error_annotations(error: MicrooptError, path: str) -> str:
    """Return a line for each fault; a last line counts those beyond `MAX_ANNOTATIONS`.

    Parameters
    ----------
    path
        Path of the roster as the workflow knows it.
    """
    path = (error.path if isinstance(error, RosterError) else None) or path
    lines = [_annotation("error", path, fault) for fault in error.faults[:MAX_ANNOTATIONS]]
    if len(error.faults) > MAX_ANNOTATIONS:
        rest = f"{len(error.faults) - MAX_ANNOTATIONS:,} more: microopt check {path} --format json lists them all"
        lines.append(f"::error file={_escape_property(path)}::{_escape_data(rest)}")
    return "\n".join(lines) + "\n"


def summary_annotations(summary: RosterSummary) -> str:
    """Return a notice that the roster has no faults, and an annotation for each warning."""
    path = _escape_property(summary.roster.source.path)
    roster = summary.roster
    size = f"{format_number_of(roster.offers, 'offer')} from {format_number_of(roster.creators, 'creator')}"
    message = f"{size}, no {'errors' if summary.warnings or summary.suspicions else 'problems'} found"
    lines = [f"::notice file={path}::{_escape_data(message)}"]
    lines += [f"::warning file={path}::{_escape_data(warning)}" for warning in summary.warnings]
    doubts = [(suspicion.code, creator) for suspicion in summary.suspicions for creator in suspicion.creators]
    for code, creator in doubts[:MAX_ANNOTATIONS]:
        text = _escape_data(f"{creator.creator}: {creator.text}")
        line = f",line={creator.row}" if creator.row else ""
        lines.append(f"::warning file={path}{line},title={_escape_property(code)}::{text}")
    return "\n".join(lines) + "\n"


def _annotation(level: str, path: str, fault: Fault) -> str:
    line = f",line={fault.row}" if fault.row else ""
    place = f"column {fault.column}: " if fault.column else ""
    fix = f" {capitalize_sentence(fault.fix)}" if fault.fix else ""
    message = f"{place}{end_sentence(fault.message)}{fix}"
    return (
        f"::{level} file={_escape_property(path)}{line},title={_escape_property(fault.code)}::{_escape_data(message)}"
    )


def _escape_data(text: str) -> str:
    lines = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return plain_text(lines).replace("##[", "##'[")  # the older form of an instruction, which may stand anywhere


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")
