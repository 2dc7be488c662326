"""Read a file of posts as a list of creators, each with the followers that the last of their posts states."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.errors import Fault, RosterError
from microopt.files.reading import STANDARD_INPUT
from microopt.forecast.posts.table import PAID, UNKNOWN
from microopt.quantities.keys import match_keys
from microopt.readers.cells.text import to_text_column
from microopt.readers.context import ReadContext
from microopt.readers.dates import parse_distinct_dates
from microopt.readers.fault_log import FaultLog
from microopt.readers.options import ReadOptions
from microopt.readers.posts.paid_flags import read_paid_flags
from microopt.readers.posts.read_posts import add_posts, open_posts
from microopt.readers.roster import read_opened_roster
from microopt.readers.words.vocabulary import ROSTER
from microopt.roster.roster import Roster

KEPT = ("creator", "platform")  # of the columns of posts, those that are of creators too


def is_file_of_posts(path: str, options: ReadOptions) -> bool:
    """Whether a file has one row per post: dates and what posts brought, no fees or rates, and creators repeat."""
    if path == STANDARD_INPUT:
        return False
    try:
        context = open_posts(path, options)
    except RosterError:
        return False
    if "date" not in context.columns:
        return False
    names = {found[0] for header in context.table.headers if (found := ROSTER.find_column(header)) is not None}
    return not names & {"fee", "engagement_rate"} and len(np.unique(_accounts(context))) < len(context.table.row)


def read_creators_of_posts(path: str, options: ReadOptions) -> Roster:
    """Return the creators of a file of posts, one row for each on each platform, with what their posts say.

    Raises
    ------
    RosterError
        If the file does not state followers, or has faults.
    """
    posts = open_posts(path, options)
    accounts = _accounts(posts)
    creators = _creators(posts, accounts, options)
    if not any(found[0] == "followers" for header in creators.table.headers if (found := ROSTER.find_column(header))):
        message = "this is a file of posts, and does not say how many followers their creators have"
        fix = "add a column followers, or give the roster first: microopt claims roster.csv --posts posts.csv"
        creators.faults.add(Fault(code="posts-followers", message=message, fix=fix, column="followers"))
        creators.faults.raise_if_any(path, can_skip_rows=False)
    roster = read_opened_roster(creators)
    if "paid" in posts.columns:
        share = _paid_shares(posts, accounts)[accounts[np.searchsorted(posts.table.row, roster.row)]]
        roster = replace(roster, numbers={**roster.numbers, "sponsored_share": share})
    note = "this is a file of posts: each creator counts once, with the followers that their last post states"
    again = open_posts(path, options)  # without the faults that were noted on the way
    again.ignored |= {*range(len(again.table.headers))}  # what is not of posts is of creators
    return add_posts(replace(roster, notes=(note, *roster.notes)), again, options.forecast)


def _creators(posts: ReadContext, accounts: NDArray[np.intp], options: ReadOptions) -> ReadContext:
    """Return the last post of each account without the columns of posts."""
    others = {place for name, place in posts.columns.items() if name not in KEPT}
    kept = [place for place in range(len(posts.table.headers)) if place not in others]
    table = replace(
        posts.table,
        headers=[posts.table.headers[place] for place in kept],
        columns=[posts.table.columns[place] for place in kept],
        remarks=[],
    )
    table.keep_rows(_last_posts(posts, accounts))
    options = replace(options, vocabulary=ROSTER, fees_required=False, headers_elsewhere=tuple(posts.table.headers))
    return ReadContext(path=posts.path, table=table, options=options, faults=FaultLog())


def _paid_shares(posts: ReadContext, accounts: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the share of paid posts of each account, NaN where no post says."""
    paid = read_paid_flags(posts)
    known = paid != UNKNOWN
    size = int(accounts.max(initial=-1)) + 1
    told = np.bincount(accounts[known], minlength=size)
    share = np.bincount(accounts[known], weights=paid[known] == PAID, minlength=size) / np.maximum(told, 1)
    return np.where(told > 0, share, np.nan)


def _accounts(context: ReadContext) -> NDArray[np.intp]:
    """Return a number for each row, the same for the posts of one creator on one platform."""
    accounts = np.zeros(len(context.table.row), dtype=np.intp)
    for name in KEPT:
        if name in context.columns:
            cells = to_text_column(context.raw(name))
            _, keys = np.unique(match_keys(cells.labels), return_inverse=True)
            accounts = accounts * (len(keys) + 1) + keys[cells.codes]
    return np.unique(accounts, return_inverse=True)[1]


def _last_posts(context: ReadContext, accounts: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return which rows are the last post of an account: by date, and of one day the last row."""
    codes, days = parse_distinct_dates(context, "date")
    day = np.asarray([0 if each is None else each.toordinal() for each in days], dtype=np.int64)[codes]
    order = np.lexsort((day, accounts))  # stable: rows of one day keep their order
    ends = np.append(np.flatnonzero(np.diff(accounts[order])), len(order) - 1)
    last = np.zeros(len(order), dtype=np.bool_)
    last[order[ends]] = True
    return last
