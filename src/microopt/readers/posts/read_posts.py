"""Read a file of past posts, and add what it says to the roster.

Millions of posts are counted column by column: no row of them is ever an object.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.benchmarks.overrides import override_benchmarks
from microopt.benchmarks.table import Benchmarks, default_benchmarks
from microopt.errors import Fault, RosterError
from microopt.files.reading import STANDARD_INPUT, source_name
from microopt.forecast.posts.offers import RosterAccounts, find_accounts, offer_formats
from microopt.forecast.posts.summarize import OfferAccounts, summarize_posts
from microopt.forecast.posts.table import DAYS_OF_YEAR, UNKNOWN, PostTable
from microopt.quantities.parse_and_format import format_names
from microopt.readers.cells.text import to_text_column
from microopt.readers.context import ReadContext, open_file
from microopt.readers.creators.profile_links import take_handles
from microopt.readers.dates import parse_distinct_dates
from microopt.readers.formats.raw_bytes import unreadable_file
from microopt.readers.headers.mapping import assign_columns
from microopt.readers.headers.missing_columns import check_header, fault_missing_column
from microopt.readers.numbers.decimal_mark import note_thousands
from microopt.readers.numbers.numbers import check_maximum, parse_number_column
from microopt.readers.options import ReadOptions
from microopt.readers.posts.paid_flags import read_paid_flags
from microopt.readers.posts.post_accounts import MOST_FORMATS, NO_ACCOUNT, match_accounts
from microopt.readers.posts.repeated_posts import find_repeated_posts
from microopt.readers.words.post_headers import post_vocabulary
from microopt.readers.words.vocabulary import POST_COUNTS, ROSTER
from microopt.roster.roster import NO_WORDS, YES_WORDS, Roster, TextColumn

PARTS = ("likes", "comments", "shares")  # whose sum is the engagements, as in rosters and results
FIGURES = ("engagements", *PARTS, "impressions", "clicks", "conversions")
FAR_BEYOND = 3.0  # engagements over followers, which none of 13,800 posts of 2012-2019 has; a design figure
FRESH_DAYS = 183  # how old the newest post may be without a warning; a design figure
Numbers = Mapping[str, NDArray[np.float64]]


def read_with_posts(path: str, options: ReadOptions, read_roster: Callable[[ReadOptions], Roster]) -> Roster:
    """Read a roster with a file of posts, and return it with what the posts say.

    Parameters
    ----------
    path
        The file of posts.
    read_roster
        Reads the roster, whose mapping of headers may name some of the file of posts.

    Raises
    ------
    RosterError
        With every fault of one of the files.
    """
    with _naming_file(path):
        posts = open_posts(path, options)
    headers = (*options.headers_elsewhere, *posts.table.headers)
    roster = read_roster(replace(options, headers_elsewhere=headers))
    with _naming_file(path):
        return add_posts(roster, posts, options.forecast)


@contextmanager
def _naming_file(path: str) -> Iterator[None]:
    """Name the file of posts in an error about it, which otherwise is one of the roster."""
    try:
        yield
    except RosterError as error:
        error.path = path
        raise


def open_posts(path: str, options: ReadOptions) -> ReadContext:
    """Open a file of posts and assign its columns, as the roster's reading needs its headers.

    Raises
    ------
    RosterError
        If it is not a file of posts.
    """
    if path == STANDARD_INPUT:
        message = "a file of posts cannot come from standard input"
        raise unreadable_file("posts-standard-input", message, "save it as a file: --posts posts.csv")
    own = {"sheet": None, "encoding": None, "decimal": None}  # what the campaign says of these is the roster's
    context = open_file(path, replace(options, vocabulary=post_vocabulary(), **own))
    assign_columns(context)
    _check_columns(context)
    take_handles(context)
    return context


def _check_columns(context: ReadContext) -> None:
    """Refuse a file without creators, or without anything that posts bring.

    Raises
    ------
    RosterError
        If it is one.
    """
    name, faults, roster = source_name(context.path), context.faults, roster_headers(context)
    has_figures = bool({*FIGURES} & context.columns.keys())
    if roster and "date" not in context.columns and (len(roster) > 1 or not has_figures):
        message = f"{name} looks like a roster, not a file of posts: it has {format_names(roster)}, but no dates"
        fix = "give the roster first, and after --posts a file with one row per post: creator, date, likes"
        faults.add(Fault(code="posts-columns", message=message, fix=fix, column="date"))
        faults.raise_if_any(context.path, can_skip_rows=False)
    if "creator" not in context.columns:
        check_header(context)
        fault_missing_column(context, "creator")
    if not has_figures:
        found = ", ".join(header.strip() for header in context.table.headers)[:300]
        message = f"{name} has no column of what posts brought (found: {found})"
        faults.add(Fault(code="posts-columns", message=message, fix=f"add one of {', '.join(FIGURES)}", column="likes"))
    elif not len(context.table.row):
        message = f"{name} has a header but no row below it"
        faults.add(Fault(code="no-rows", message=message, fix="add one row per post: @anna, 2026-10-02, 480"))
    faults.raise_if_any(context.path, can_skip_rows=False)


def roster_headers(context: ReadContext) -> list[str]:
    """Return the headers of a roster's followers, fee and rate, which no file of posts needs."""
    headers = []
    for header in context.table.headers:
        found = ROSTER.find_column(header)
        if found is not None and found[0] in ("followers", "fee", "engagement_rate"):
            headers.append(header.strip())
    return headers


def add_posts(roster: Roster, context: ReadContext, figures: Mapping[str, Any], today: date | None = None) -> Roster:
    """Return the roster with what the posts say about each offer, and with notes on what was used.

    Parameters
    ----------
    context
        As `open_posts` returns it.
    figures
        Figures of the campaign that replace defaults of the forecast.
    today
        The day after which no post can have been published, and from which the newest one may be old; by default that
        of the computer's clock.

    Raises
    ------
    RosterError
        With every fault of the file.
    """
    benchmarks = override_benchmarks(default_benchmarks(), figures)
    known = find_accounts(roster, benchmarks)
    posts, days = _used_posts(context, roster, known, benchmarks, today or date.today())
    history = summarize_posts(posts, known.accounts, _offer_accounts(known, posts.formats), benchmarks).history
    note_thousands(context, can_be_settled=False)
    notes = [_describe(posts, known, days), *context.notes, *_unused(context)]
    return replace(
        roster,
        posts=history,
        source=replace(roster.source, posts_sha256=context.table.sha256),
        notes=(*roster.notes, *(f"posts: {note}" for note in notes)),  # without the path, which is another elsewhere
        warnings=(*roster.warnings, *(f"posts: {warning}" for warning in context.warnings)),
    )


def _used_posts(
    context: ReadContext, roster: Roster, known: RosterAccounts, benchmarks: Benchmarks, today: date
) -> tuple[PostTable, NDArray[np.float64]]:
    """Return the posts of creators on the roster, each once and without slips, and their days, NaN where unknown.

    Raises
    ------
    RosterError
        With every fault of the file.
    """
    account = match_accounts(context, roster, known)
    days = _parse_days(context, today)
    numbers = _parse_figures(context)
    paid = read_paid_flags(context)
    column = _format_column(context)
    good = _rows_without_faults(context)
    repeated = find_repeated_posts(context, account, [days, *numbers.values()]) & (account != NO_ACCOUNT)
    used = good & (account != NO_ACCOUNT) & ~repeated
    _note_repeated(context, int(np.count_nonzero(repeated & good)))
    used &= ~_find_far_beyond(context, numbers["engagements"], account, known, used)
    _warn_of_old_posts(context, days[used], today)
    place, formats = _post_formats(column, account, known, benchmarks)
    posts = PostTable(
        account=account,
        engagements=numbers["engagements"],
        age=_ages(days, used),
        paid=paid,
        format=place,
        formats=formats,
        views=numbers.get("impressions"),
        clicks=numbers.get("clicks"),
        conversions=numbers.get("conversions"),
    )
    return posts.take(used), days[used]


def _offer_accounts(known: RosterAccounts, formats: Sequence[tuple[int, int]]) -> OfferAccounts:
    """Return the account of each offer, and its format among those of the posts, -1 for none of them."""
    places = {pair: at for at, pair in enumerate(formats)}
    of_offer = zip(known.accounts.platform[known.of_offer].tolist(), known.format.tolist(), strict=True)
    wanted = np.asarray([places.get(pair, -1) for pair in of_offer], dtype=np.intp)
    return OfferAccounts(account=known.of_offer, format=wanted, place=known.format)


def _parse_days(context: ReadContext, today: date) -> NDArray[np.float64]:
    """Return the day of each post as a number, NaN where unknown; note days that are still to come."""
    if "date" not in context.columns:
        context.warnings.append("there are no dates, so that all posts count alike: add a column date")
        return np.full(len(context.table.row), np.nan)
    codes, days = parse_distinct_dates(context, "date")
    future = np.asarray([day is not None and day > today for day in days], dtype=np.bool_)
    fix = "correct the date (such as 2026-11-02), or remove the row"
    context.fault_cells("date", future[codes], "date-future", "{value} is in the future", fix)
    return np.asarray([np.nan if day is None else float(day.toordinal()) for day in days])[codes]


def _parse_figures(context: ReadContext) -> dict[str, NDArray[np.float64]]:
    """Return the figures of each post; where it states no engagements, they are its likes, comments and shares."""
    cells = {}
    for name in [name for name in POST_COUNTS if name in context.columns]:
        cells[name] = parse_number_column(context, name).values
        check_maximum(context, name, cells[name])
    if cells.pop("saves", None) is not None:
        header = context.header("saves")
        context.notes.append(f"{header} are not counted as engagements, as the rates of other creators have none")
    parts = [cells.pop(name) for name in PARTS if name in cells]
    stated = cells.get("engagements", np.full(len(context.table.row), np.nan))
    if parts:
        added = np.zeros(len(stated))
        has_parts = np.zeros(len(stated), dtype=bool)
        for part in parts:
            is_known = np.isfinite(part)
            has_parts |= is_known
            np.add(added, part, out=added, where=is_known)
        stated = np.where(np.isnan(stated) & has_parts, added, stated)
    return {**cells, "engagements": stated}


def _rows_without_faults(context: ReadContext) -> NDArray[np.bool_]:
    """Return which rows have no fault, once that is all that is wrong and such rows are left out on request.

    Raises
    ------
    RosterError
        If there are faults, and rows with faults are not left out.
    """
    skip = context.options.skip_bad_rows
    good = np.ones(len(context.table.row), dtype=bool)
    if not skip or context.faults.has_file_faults:
        context.faults.raise_if_any(context.path, are_rows_skipped=skip)
    elif context.faults.bad_rows:
        good = ~np.isin(context.table.row, np.asarray(sorted(context.faults.bad_rows), dtype=np.int64))
        bad = len(context.faults.bad_rows)
        subject = "1 row with problems is" if bad == 1 else f"{bad:,} rows with problems are"
        context.warnings.append(f"{subject} left out")
    return good


def _note_repeated(context: ReadContext, repeated: int) -> None:
    if repeated:
        subject = "1 row repeats an earlier post and is" if repeated == 1 else f"{repeated:,} rows repeat earlier posts"
        context.notes.append(f"{subject}{'' if repeated == 1 else ' and are'} counted once")


def _find_far_beyond(
    context: ReadContext,
    engagements: NDArray[np.float64],
    account: NDArray[np.intp],
    known: RosterAccounts,
    used: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Return the posts with far more engagements than their creator has followers, and warn that they are set aside.

    Such a post is a slip, or of another creator, and would move what is expected of everybody.
    """
    beyond = used & (engagements > FAR_BEYOND * known.accounts.followers[account])
    count = int(np.count_nonzero(beyond))
    if not count:
        return beyond
    row = int(np.flatnonzero(beyond)[0])
    name = to_text_column(context.raw("creator").iloc[row : row + 1]).labels[0].strip()
    subject, end = ("1 post has", "is") if count == 1 else (f"{count:,} posts have", "are")
    example = (
        f"row {context.table.row[row]} of {name}" if count == 1 else f"such as row {context.table.row[row]} of {name}"
    )
    context.warnings.append(
        f"{subject} more than {FAR_BEYOND:g} times as many engagements as the creator has followers and {end} not used"
        f" ({example}): check for a typo or another creator's post"
    )
    return beyond


def _warn_of_old_posts(context: ReadContext, days: NDArray[np.float64], today: date) -> None:
    """Warn of a file whose newest post is old: ages count from that post, so that no figure shows it.

    The age is told roughly beside the date, so that the same files give the same words on most days.
    """
    dated = days[np.isfinite(days)]
    if not len(dated):
        return
    newest = date.fromordinal(int(dated.max()))
    age = (today - newest).days
    if age > FRESH_DAYS:
        since = "more than a year ago" if age > DAYS_OF_YEAR else "more than half a year ago"
        context.warnings.append(
            f"the newest post is from {newest}, {since}, and counts like one of today: add newer posts"
        )


def _ages(days: NDArray[np.float64], used: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return how many years each post is older than the last one that is used; NaN where it has no date."""
    dated = used & np.isfinite(days)
    last = days[dated].max() if dated.any() else 0.0
    return (last - days) / DAYS_OF_YEAR


def _post_formats(
    column: TextColumn | None, account: NDArray[np.intp], known: RosterAccounts, benchmarks: Benchmarks
) -> tuple[NDArray[np.intp], list[tuple[int, int]]]:
    """Return the format of each post as a position among the pairs of platform and format of posts, and these."""
    if column is None:
        return np.full(len(account), -1, dtype=np.intp), []
    platform = known.accounts.platform[np.maximum(account, 0)]
    place = offer_formats(column, platform, benchmarks, unknown=-1)
    base = int(place.max(initial=0)) + 1
    pairs = np.where((place >= 0) & (account != NO_ACCOUNT), platform.astype(np.intp) * base + place, -1)
    occurring = np.flatnonzero(np.bincount(pairs + 1)) - 1
    occurring = occurring[occurring >= 0]
    at = np.full(int(pairs.max(initial=0)) + 2, -1, dtype=np.intp)
    at[occurring] = np.arange(len(occurring))
    return at[pairs], [(int(pair) // base, int(pair) % base) for pair in occurring]


def _format_column(context: ReadContext) -> TextColumn | None:
    """Return the cells that name formats: those of a column of formats, or `video` where a column says yes."""
    if "format" in context.columns:
        column = to_text_column(context.raw("format"), placeholders=True)
        if len(column.labels) <= MOST_FORMATS:
            return column
        context.notes.append(f"{context.header('format')} is not used: it holds text, not formats")
    if "video" not in context.columns:
        return None
    flags = to_text_column(context.raw("video"), placeholders=True)
    is_known = flags.contains_any({*YES_WORDS, *NO_WORDS, ""})
    message = "{value} is neither yes nor no"
    context.fault_cells("video", ~is_known, "flag-unknown", message, "write 'yes' or 'no', or leave the cell empty")
    is_video = flags.contains_any({*YES_WORDS})
    return TextColumn(codes=is_video.astype(np.int32), labels=("", "video"))


def _describe(posts: PostTable, known: RosterAccounts, days: NDArray[np.float64]) -> str:
    """Return how many posts of how many creators are used, and from when."""
    with_posts = len(np.unique(known.creator[posts.account]))
    all_creators = len(np.unique(known.creator))
    number = "1 post" if len(posts) == 1 else f"{len(posts):,} posts"
    dated = days[np.isfinite(days)]
    span = ""
    if len(dated):
        first, last = (date.fromordinal(int(day)) for day in (dated.min(), dated.max()))
        span = f", of {first}" if first == last else f", {first} to {last}"
    paid = int(np.count_nonzero(posts.paid == 1))
    of_paid = f", {paid:,} of them paid" if (posts.paid != UNKNOWN).any() else ""
    return f"{number} of {with_posts:,} of {all_creators:,} creators{of_paid}{span}"


def _unused(context: ReadContext) -> Iterator[str]:
    used = {*context.columns.values(), *context.ignored}
    headers = [header.strip() for at, header in enumerate(context.table.headers) if at not in used and header.strip()]
    if headers:
        yield f"not used: {', '.join(headers)[:300]}"
