"""Diagnoses, roster summaries and errors as text for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from microopt.errors import Fault, MicrooptError
from microopt.plan.plan import Diagnosis
from microopt.plan.roster_summary import RosterSummary, Spread
from microopt.quantities.parse_and_format import format_count, format_money, format_percent
from microopt.rendering.terminal.screen import Screen, cell
from microopt.rendering.wording.plan_sentences import diagnosis_sentences

SHOWN_FAULTS = 10
SHOWN_VALUES = 12


def diagnosis_text(diagnosis: Diagnosis, screen: Screen) -> str:
    """Return why there is no plan."""
    styles = {"doubt": "bold red", "rule": "yellow", "repair": "green", "warning": "yellow"}
    return screen.render(*(cell(text, styles.get(kind, "")) for kind, text in diagnosis_sentences(diagnosis)))


def error_text(error: MicrooptError, screen: Screen, *, all_faults: bool = False) -> str:
    """Return an error: one sentence and its fix, or a table of its faults, the first ten unless `every`."""
    placed = [fault for fault in error.faults if fault.row is not None]
    if not placed and len(error.faults) == 1:
        return screen.render(*_sentence(error.faults[0].message, error.faults[0].fix))
    parts: list[RenderableType] = list(_sentence(error.message, error.fix if placed else ""))
    shown = error.faults if all_faults else error.faults[:SHOWN_FAULTS]
    parts += [_fault_table(shown)]
    if len(shown) < len(error.faults):
        rest = len(error.faults) - len(shown)
        parts.append(Text(f"… and {rest:,} more: microopt check ROSTER --format json lists them all", style="dim"))
    return screen.render(*parts)


def _sentence(message: str, fix: str) -> Iterator[Text]:
    yield Text.assemble(("Error: ", "bold red"), cell(message + ("" if message.endswith((".", "?")) else ".")))
    if fix:
        yield Text.assemble(
            ("Fix: ", "bold"), cell(fix[:1].upper() + fix[1:] + ("" if fix.endswith((".", "?")) else "."))
        )


def _fault_table(faults: tuple[Fault, ...]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="bold")
    rows = any(fault.row is not None for fault in faults)
    columns = any(fault.column for fault in faults)
    for name, needed in (("Row", rows), ("Column", columns)):
        if needed:
            table.add_column(name, justify="right" if name == "Row" else "left", no_wrap=name == "Row", overflow="fold")
    table.add_column("What is wrong", overflow="fold", ratio=3)
    table.add_column("Fix", overflow="fold", ratio=2)
    table.add_column("Code", style="dim", overflow="fold")
    for fault in faults:
        place = [str(fault.row or "")] if rows else []
        place += [_short(fault.column or "")] if columns else []
        table.add_row(
            *map(cell, place), cell(_short(fault.message, 300)), cell(_short(fault.fix, 300)), cell(fault.code)
        )
    return table


def _short(text: str, most: int = 40) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def summary_text(summary: RosterSummary, screen: Screen) -> str:
    """Return what a roster holds."""
    roster = summary.roster
    source = "standard input" if roster.source.path == "-" else roster.source.path
    other = "else " if any("--skip-bad-rows" in note for note in summary.notes) else ""
    filtered = f" ({roster.filtered:,} filtered out)" if roster.filtered else ""
    title = f"{source}: {roster.offers:,} offers of {roster.creators:,} creators{filtered}, nothing {other}wrong found"
    parts: list[RenderableType] = [cell(title, "bold green"), "", _mapping(summary), "", _spreads(summary)]
    for name, counts in summary.counts.items():
        parts += ["", cell(f"Creators by {name}", "bold"), cell(_counts(counts))]
    parts += [cell(f"Note: {note}.", "dim") for note in summary.notes]
    parts += [cell(f"Warning: {warning}.", "yellow") for warning in summary.warnings]
    return screen.render(*parts)


def _counts(counts: Mapping[str, int]) -> str:
    shown = [f"{name or '(empty)'} {count:,}" for name, count in list(counts.items())[:SHOWN_VALUES]]
    rest = len(counts) - SHOWN_VALUES
    return " · ".join([*shown, f"and {rest:,} more" if rest > 0 else ""]).rstrip(" ·")


def _mapping(summary: RosterSummary) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="bold")
    for name in ("Header", "taken as", "read as"):
        table.add_column(name, overflow="fold")
    for header, column, reading in ((use.header, use.column or "", use.reading) for use in summary.columns):
        table.add_row(
            cell(header or "(no name)"), cell(column or "kept as it is", "" if column else "dim"), cell(_short(reading))
        )
    return table


def _spreads(summary: RosterSummary) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="bold")
    table.add_column("Column")
    for name in ("filled", "lowest", "median", "highest"):
        table.add_column(name, justify="right", no_wrap=True)
    for name, spread in summary.spreads.items():
        table.add_row(cell(name), f"{spread.filled:,}", *_range(name, spread, summary.roster.currency))
    return table


def _range(name: str, spread: Spread, currency: str) -> list[str]:
    values = (spread.low, spread.median, spread.high)
    if name == "fee":
        return [format_money(round(value * 100), currency) for value in values]
    if "rate" in name or name in ("authentic", "credibility"):
        return [format_percent(value) for value in values]
    return [format_count(value) for value in values]
