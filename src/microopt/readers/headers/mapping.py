"""Map the headers of a file to columns; note what is not used, and what the user says of headers that are not there."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.campaign.flag_values import format_header_map
from microopt.errors import Fault, did_you_mean
from microopt.quantities.keys import header_key
from microopt.quantities.parse_and_format import join_words, shorten
from microopt.readers.context import ReadContext
from microopt.readers.formats.raw_table import to_texts
from microopt.readers.headers.cell_evidence import CellEvidence
from microopt.readers.headers.header_assignment import HeaderAssignment, assign_headers
from microopt.readers.headers.header_claims import REQUIRED_FIGURES, is_cost_header
from microopt.readers.headers.platform_figures import assign_platform_columns
from microopt.readers.headers.rival_prices import settle_rivals
from microopt.readers.headers.similar_headers import note_similar_headers
from microopt.readers.words.price_headers import PRICE_PREFIX, is_low_price, low_end_of
from microopt.readers.words.vocabulary import POST_COUNTS, POST_TEXTS, RESULTS, ROSTER, STATES, ColumnKind, alias_key

UNITS = ("percent", "fraction")
UPDATE_COLUMNS = RESULTS.kinds.keys() | STATES.kinds.keys() | {*POST_TEXTS, *POST_COUNTS}


def map_columns(context: ReadContext) -> tuple[int, ...]:
    """Assign a roster's headers to columns; return the positions of further niche columns."""
    assignment = assign_columns(context)
    for header in assignment.unknown:
        if not _is_for_another_file(context, header):
            context.faults.add(_unknown_column_fault(context, header))
    for name, unit in context.options.units.items():
        if ROSTER.kinds.get(name) not in (ColumnKind.RATE, ColumnKind.SHARE) or unit not in UNITS:
            message = f"[units]: {shorten(name)} = {shorten(unit)!r} is not understood"
            fix = f"write percent or fraction for a rate column; {did_you_mean(name, ROSTER.kinds)}".rstrip("; ")
            context.faults.add(Fault(code="columns-unknown", message=message, fix=fix, column=shorten(name)))
    _note_lone_low_ends(context)
    return assignment.more_niches


def _is_for_another_file(context: ReadContext, header: str) -> bool:
    """Whether an entry of `[columns]` is for another file of the campaign: only that file has the column or header."""
    column = header_key(context.options.columns[header])
    is_elsewhere = alias_key(header) in map(alias_key, context.options.headers_elsewhere)
    return column in UPDATE_COLUMNS and (column not in ROSTER.kinds or is_elsewhere)


def _note_lone_low_ends(context: ReadContext) -> None:
    """Note the fees whose headers say that they are the least that is asked, `Price from`, without a high end."""
    prices = [name for name in context.columns if name == "fee" or name.startswith(PRICE_PREFIX)]
    lone = [context.header(name) for name in prices if low_end_of(name) not in context.columns]
    lone = [header for header in lone if is_low_price(header)]
    if lone:
        verb = "holds" if len(lone) == 1 else "hold"
        context.notes.append(f"{join_words(lone)} {verb} only the low end of a range: final fees may be higher")


def assign_columns(context: ReadContext) -> HeaderAssignment:
    """Assign a file's headers to columns; note what is not used, and columns with two headers whose cells differ."""
    table, options = context.table, context.options
    points_group = table.delimiter == ";"
    cells = [CellEvidence(column, points_group=points_group) for column in table.columns]
    assignment = assign_headers(table.headers, options.columns, cells, options.vocabulary, home=options.currency)
    context.columns = dict(assignment.columns)
    context.ignored = set(assignment.ignored)
    context.totals = set(assignment.totals)
    if options.vocabulary.has_price_columns:
        assign_platform_columns(context, options.vocabulary.with_user_columns(options.columns))
    for name, first, second in assignment.ties:
        if to_texts(table.columns[first]) != to_texts(table.columns[second]):
            tied = " and ".join(f"{table.headers[i]!r} (column {i + 1})" for i in (first, second))
            message = f"two columns give {name}: {tied}"
            fix = _fix_rivals(table.headers[first], table.headers[second])
            context.faults.add(Fault(code="column-twice", message=message, fix=fix, column=table.headers[first]))
    if options.vocabulary.has_price_columns:
        _note_unused(context, assignment)
        settle_rivals(context, assignment.rivals)
        used = (*assignment.more_niches, *assignment.other_cells, *assignment.totals, *assignment.rivals)
        note_similar_headers(context, cells, used)
    return assignment


def _note_unused(context: ReadContext, assignment: HeaderAssignment) -> None:
    """Note headers whose cells cannot be what the header says, and totals of the account."""
    headers = [header.strip() for header in context.table.headers]
    outranked = dict(_find_outranked(context, assignment))
    for position, column in outranked.items():
        what, used = assignment.other_cells[position], context.header(column)
        context.notes.append(f"{headers[position]} is not used: it holds {what}, and {used} gives the {column}")
    kept = {position: what for position, what in assignment.other_cells.items() if position not in outranked}
    for what in dict.fromkeys(kept.values()):
        names = [headers[position] for position, other in kept.items() if other == what]
        verb, form = ("holds", "it is") if len(names) == 1 else ("hold", "they are")
        costs = (
            f"; costs {'in it' if len(names) == 1 else 'in them'} are not counted"
            if any(map(is_cost_header, names))
            else ""
        )
        context.notes.append(f"{join_words(names)} {verb} {what}: kept as {form}{costs}")
    for position, what in assignment.other_cells.items():
        context.unused[position] = f"holds {what}"
    for position, average in assignment.totals.items():
        instead = f"; {average} is used" if average else ""
        context.unused[position] = f"not used: totals of the account{instead}"
    if assignment.totals:
        names = [headers[position] for position in assignment.totals]
        verb = "is" if len(names) == 1 else "are"
        context.notes.append(f"{join_words(names)} {verb} not used: totals of the account, not averages")
    for position in assignment.ignored:
        context.unused[position] = "set aside"


def _find_outranked(context: ReadContext, assignment: HeaderAssignment) -> Iterator[tuple[int, str]]:
    """Yield the headers that say fee or followers and whose cells cannot be that, with the column."""
    for position in assignment.other_cells:
        columns = (column for column, _ in ROSTER.find_columns(context.table.headers[position]))
        yield from ((position, column) for column in columns if column in REQUIRED_FIGURES)


def _fix_rivals(first: str, second: str) -> str:
    """Return how to settle two headers that mean the same; a flag cannot tell headers that are the same apart."""
    if alias_key(first) == alias_key(second):
        return f"rename or remove one of them, such as '{first} 2'"
    return f"rename or remove one, or set it aside: {format_header_map(second, 'ignore')}"


def _unknown_column_fault(context: ReadContext, header: str) -> Fault:
    headers = context.table.headers
    if alias_key(header) in map(alias_key, headers):
        column = context.options.columns[header]
        fix = did_you_mean(column, ROSTER.kinds) or f"use one of: {', '.join(ROSTER.kinds)}"
        fix = f'to set it aside, write "ignore"; {fix}'
        message = f"{header!r} is mapped to {shorten(column)!r}, which is not a known column ([columns] or --map)"
    else:
        elsewhere = context.options.headers_elsewhere
        fix = did_you_mean(header, (*headers, *elsewhere)) or f"use one of: {', '.join(headers)[:300]}"
        files = "neither the roster nor any other file has a" if elsewhere else "the roster has no"
        message = f"{files} header {shorten(header)!r}, which [columns] or --map names"
    return Fault(code="columns-unknown", message=message, fix=fix, column=shorten(header))
