"""Diagnoses, roster summaries and errors as text for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from microopt.errors import Fault, MicrooptError, NextCommand
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.row_notes import RowNote
from microopt.quantities.parse_and_format import format_count, format_money, format_percent, shorten
from microopt.rendering.terminal.fit import fit_parts
from microopt.rendering.terminal.screen import BAD, GOOD, WARNING, Screen, cell, message_lines, notes_and_warnings
from microopt.rendering.terminal.table import Column, figure, table
from microopt.rendering.wording.diagnosis_sentences import diagnosis_sentences
from microopt.rendering.wording.full_stop import end_sentence
from microopt.rendering.wording.plan_figures import capitalize_sentence
from microopt.rendering.wording.roster_summary import summary_head
from microopt.rendering.wording.suspicion import suspicion_sentence
from microopt.roster.roster import ColumnUse

if TYPE_CHECKING:
    from microopt.analysis.roster_summary import RosterSummary, Spread

SHOWN_FAULTS = 10
SHOWN_VALUES = 12
CODES_FROM = 100  # columns from which a fault's code is shown: it is for scripts, and they read JSON


def diagnosis_text(diagnosis: Diagnosis, screen: Screen, *, repair: NextCommand | None = None) -> str:
    """Return why there is no plan; at its end the command that makes one, if it is known, instead of its flag alone."""
    styles = {"doubt": f"bold {BAD}", "rule": WARNING, "repair": GOOD, "warning": WARNING, "note": "dim"}
    sentences = [item for item in diagnosis_sentences(diagnosis) if repair is None or item[0] != "repair hint"]
    text = screen.render(*(_indented(text, styles.get(kind, "")) for kind, text in sentences))
    return text if repair is None else text + _next_command_text(repair, screen)


def _indented(text: str, style: str) -> RenderableType:
    """Return a sentence whose further lines are indented as much as the first."""
    indent = len(text) - len(text.lstrip(" "))
    return Padding(cell(text[indent:], style), (0, 0, 0, indent)) if indent else cell(text, style)


def error_text(error: MicrooptError, screen: Screen, *, all_faults: bool = False) -> str:
    """Return an error: one sentence and its fix, or a table of its faults, the first ten unless `all_faults`.

    The command that goes on, where one is known, stands last and on one line, so that it can be pasted.
    """
    text = _problem_text(error, screen, all_faults=all_faults)
    return text if error.next_command is None else text + _next_command_text(error.next_command, screen)


def _next_command_text(found: NextCommand, screen: Screen) -> str:
    purpose = screen.render(cell(f"{found.purpose}, run:"))
    return f"{purpose}{screen.unwrapped(cell(f'  {found.command}', 'bold'))}"


def _problem_text(error: MicrooptError, screen: Screen, *, all_faults: bool) -> str:
    faults_with_rows = [fault for fault in error.faults if fault.row is not None]
    if not faults_with_rows and len(error.faults) == 1:
        own = error.faults[0].fix
        lines = (*_sentence(error.faults[0].message, own), *_lines_to_paste(error.fix if error.fix != own else ""))
        return screen.render(*lines, to_paste=True)
    parts: list[RenderableType] = list(_sentence(error.message, _without_lines(error.fix) if faults_with_rows else ""))
    faults = error.faults if all_faults else error.faults[:SHOWN_FAULTS]
    parts += _fault_table(faults, screen)
    if len(faults) < len(error.faults):
        rest = len(error.faults) - len(faults)
        parts.append(Text(f"… and {rest:,} more: microopt check ROSTER --format json lists them all", style="dim"))
    return screen.render(*parts, *_lines_to_paste(error.fix), to_paste=True)


def _lines_to_paste(fix: str) -> Iterator[Text]:
    """Yield the lines of a fix that a user can paste, below the sentence that says where."""
    sentence, *lines = fix.split("\n")
    if lines:
        yield cell(sentence.rpartition(". ")[2])
        yield from (cell(line, "bold") for line in lines)


def _without_lines(fix: str) -> str:
    sentence, *lines = fix.split("\n")
    return sentence.rpartition(". ")[0] if lines else fix


def _sentence(message: str, fix: str) -> Iterator[Text]:
    yield Text.assemble(("Error: ", f"bold {BAD}"), cell(end_sentence(message)))
    if fix:
        sentence, *lines = fix.split("\n")
        yield Text.assemble(("Fix: ", "bold"), cell(capitalize_sentence(sentence).removesuffix("." if lines else "")))
        yield from (cell(line, "bold") for line in lines)


def _fault_table(faults: tuple[Fault, ...], screen: Screen) -> Iterator[RenderableType]:
    columns: list[Column[Fault]] = [
        Column("What is wrong", lambda fault: shorten(fault.message, 300), min_width=20, share=2, wrap=True),
        Column("Fix", _fix_cell, min_width=14, share=3, wrap=True),
        Column("Code", lambda fault: cell(fault.code, "dim"), max_width=24, from_width=CODES_FROM),
    ]
    if any(fault.column for fault in faults):
        names = [shorten(fault.column or "", 40) for fault in faults]
        longest = max(len(word) for name in names for word in (name.split() or [""]))
        least = max(8, min(longest, screen.width // 5))  # so that a name such as available_from is not broken
        columns.insert(0, Column("Column", lambda fault: shorten(fault.column or "", 40), min_width=least, wrap=True))
    if any(fault.row is not None for fault in faults):
        columns.insert(0, figure("Row", lambda fault: str(fault.row or "")))
    return table(columns, faults, screen)


def _fix_cell(fault: Fault) -> Text:
    """Return a fix with its lines to paste on lines of their own."""
    return Text("\n".join(cell(shorten(line, 300)).plain for line in fault.fix.split("\n")))


def summary_text(summary: RosterSummary, screen: Screen) -> str:
    """Return a summary of a roster."""
    parts: list[RenderableType] = [
        *message_lines(summary_head(summary)),
        *notes_and_warnings((), summary.warnings),
        *_suspicions(summary),
        "",
        *_headers(summary, screen),
        "",
        *_spreads(summary, screen),
    ]
    for name, counts in summary.counts.items():
        parts += ["", cell(f"Creators by {name}", "bold"), cell(_counts(counts))]
        if name == "tier" and sum(counts.values()) > summary.roster.creators:
            parts.append(cell("A creator with offers in two tiers counts in both.", "dim"))
    parts += fit_parts(summary.fit, screen)
    parts += _left_out(summary.roster.left_out)
    return screen.render(*parts, *notes_and_warnings(summary.notes, ()))


def _left_out(notes: Sequence[RowNote]) -> Iterator[RenderableType]:
    """Yield the first rows that were left out and why, and the number of the others."""
    rows = [(row, note.text) for note in notes for row in note.rows]
    if rows:
        yield ""
        yield cell("Rows left out", "bold")
        yield from (cell(f"row {row:,}: {text}") for row, text in sorted(rows)[:SHOWN_FAULTS])
    if len(rows) > SHOWN_FAULTS:
        rest = len(rows) - SHOWN_FAULTS
        yield cell(f"… and {rest:,} more: microopt check ROSTER --format json lists them all", "dim")


def _suspicions(summary: RosterSummary) -> Iterator[RenderableType]:
    """Yield each kind of figures that are hard to believe, with its first creators."""
    if summary.suspicions:
        yield ""
        yield cell("Hard to believe", "bold")
        creators = summary.roster.creators
        yield from (cell(suspicion_sentence(suspicion, creators), WARNING) for suspicion in summary.suspicions)
        yield cell("Correct these figures, or plan without these creators: --exclude-suspicious.")


def _counts(counts: Mapping[str, int]) -> str:
    listed = [f"{name or '(empty)'} {count:,}" for name, count in list(counts.items())[:SHOWN_VALUES]]
    rest = len(counts) - SHOWN_VALUES
    return " · ".join([*listed, f"and {rest:,} more" if rest > 0 else ""]).rstrip(" ·")


def _headers(summary: RosterSummary, screen: Screen) -> Iterator[RenderableType]:
    """Yield the headers that are used as they are, then how each of the others is used and read."""

    def column(use: ColumnUse) -> Text:
        return cell(use.column) if use.column else cell("kept for rules and filters", "dim")

    plain = [use.header for use in summary.columns if use.header == use.column and not use.reading]
    others = [use for use in summary.columns if use.header not in plain]
    columns: list[Column[ColumnUse]] = [
        Column("Header", lambda use: use.header or "(no name)", min_width=8, wrap=True),
        Column("Used as", column, min_width=8, wrap=True),
    ]
    if any(use.reading for use in others):
        columns.append(Column("Read as", lambda use: shorten(use.reading, 120), min_width=8, wrap=True))
    if others:
        yield from table(columns, others, screen)
    if plain:
        yield cell(f"{'Also used' if others else 'Columns used'}, by their own names: {', '.join(plain)}")


def _spreads(summary: RosterSummary, screen: Screen) -> Iterator[RenderableType]:
    rows = [(name, spread, _range(name, spread, summary.roster.currency)) for name, spread in summary.spreads.items()]

    def value(place: int, heading: str) -> Column[tuple[str, Spread, list[str]]]:
        return figure(heading, lambda row: row[2][place])

    columns = [
        Column("Column", lambda row: row[0], min_width=8),
        figure("Filled", lambda row: f"{row[1].filled:,}"),
        *(value(place, heading) for place, heading in enumerate(("Lowest", "Median", "Highest"))),
    ]
    return table(columns, rows, screen)


def _range(name: str, spread: Spread, currency: str) -> list[str]:
    values = (spread.low, spread.median, spread.high)
    if name == "fee":
        return [format_money(round(value * 100), currency) for value in values]
    if "rate" in name or name in ("authentic", "credibility", "acceptance"):
        return [format_percent(value) for value in values]
    return [format_count(value) for value in values]
