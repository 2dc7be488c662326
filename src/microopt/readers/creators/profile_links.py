"""Links to profiles in a roster: the creator is shown by the handle, the platform comes from the link."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microopt.quantities.platforms import find_in_words, platform_name
from microopt.quantities.profile_links import find_link_platform, parse_profile_link
from microopt.readers.cells.text import is_placeholder, to_text_column
from microopt.readers.context import ReadContext
from microopt.readers.formats.raw_table import to_arrow_strings, to_texts
from microopt.readers.words.price_headers import PRICE_PREFIX, parse_offer_header

_HANDLE = re.compile(r"@?[\w.-]+")
_SAMPLE = 50  # cells that show whether a column holds links


def read_profile_links(context: ReadContext) -> None:
    """Take the handles for the names where creators are given as links, and the platforms where none are given.

    The links are kept in the column `url`.
    """
    columns = context.columns
    if "creator" not in columns and "url" in columns and _holds_profiles(context.raw("url")):
        columns["creator"] = columns.pop("url")
    has_platforms = "platform" in columns
    linked = take_handles(context)
    if "url" in columns:
        filled = _fill_platforms(context)
        if linked.any() or filled.any():
            context.notes.append(_describe(linked, filled))
    if "creator" in columns and not has_platforms:
        _take_platform_of_header(context)


def take_handles(context: ReadContext) -> NDArray[np.bool_]:
    """Show creators by their handles instead of links; return the rows with links."""
    has_slashes = context.table.has_slashes and "creator" in context.columns
    if not (has_slashes and _contains_slash(context.raw("creator"))):
        return np.zeros(len(context.table.row), dtype=bool)
    cells = np.asarray(to_texts(context.raw("creator")), dtype=object)
    profiles = [parse_profile_link(cell) if "/" in cell else None for cell in cells]
    linked = np.asarray([profile is not None for profile in profiles], dtype=np.bool_)
    if not linked.any():
        return linked
    plain = [cell.strip() for cell in cells[~linked] if cell.strip()]
    mark = "" if plain and not any(cell.startswith("@") or " " in cell for cell in plain) else "@"
    names = cells.copy()
    for row in np.flatnonzero(linked).tolist():
        profile = profiles[row]
        names[row] = (mark if not profile.is_id else "") + profile.handle if profile is not None else names[row]
    context.replace_column("creator", _text_series(context, names))
    if "url" in context.options.vocabulary.kinds:
        _keep_links(context, np.where(linked, cells, ""))
    context.remark(linked, "profile-link", "the creator was read from a link to their profile")
    return linked


def _keep_links(context: ReadContext, links: NDArray[np.object_]) -> None:
    """Add the links as the column `url`, or to its empty cells."""
    if "url" in context.columns:
        stated = np.asarray(to_texts(context.raw("url")), dtype=object)
        links = np.where(_is_empty(stated), links, stated)
    context.replace_column("url", _text_series(context, links))


def _fill_platforms(context: ReadContext) -> NDArray[np.bool_]:
    """Take the platform from the link where none is given; return the rows in which it was."""
    nothing = np.zeros(len(context.table.row), dtype=bool)
    if _headers_name_platforms(context):
        return nothing
    platforms = _stated_platforms(context)
    is_open = platforms == ""
    if not is_open.any() or not _holds_links(context.raw("url")):
        return nothing
    rows = np.flatnonzero(is_open)
    found = _link_platforms(to_texts(context.raw("url").iloc[rows]))
    filled = nothing.copy()
    filled[rows] = found != ""
    if filled.any():
        platforms[rows] = found
        context.replace_column("platform", _text_series(context, platforms))
        context.remark(filled, "platform-from-link", "the platform was read from the link")
    return filled


def _stated_platforms(context: ReadContext) -> NDArray[np.object_]:
    """Return the cells of the column of platforms, "" where they are empty or there is none."""
    if "platform" not in context.columns:
        return np.full(len(context.table.row), "", dtype=object)
    column = to_text_column(context.raw("platform"), placeholders=True)
    cells: NDArray[np.object_] = np.asarray(column.labels, dtype=object)[column.codes]
    return cells


def _link_platforms(links: list[str]) -> NDArray[np.object_]:
    """Return the platform of each link, "" where it is on no platform's site; a site is looked up once."""
    platforms: dict[str, str] = {}
    found = np.full(len(links), "", dtype=object)
    for row, link in enumerate(links):
        site = (link.partition("//")[2] or link).partition("/")[0]
        if site not in platforms:
            platforms[site] = find_link_platform(f"{site}/") or ""
        found[row] = platforms[site]
    return found


def _take_platform_of_header(context: ReadContext) -> None:
    """Take the platform from the header of the creators, `TikTok handle`, where no other header names another."""
    header = context.header("creator")
    named = {found.platform for name in context.table.headers if (found := find_in_words(name.strip()))}
    own = find_in_words(header)
    if own is None or named != {own.platform}:
        return
    platforms = _stated_platforms(context)
    is_open = platforms == ""
    if is_open.any():
        context.replace_column("platform", _text_series(context, np.where(is_open, own.platform, platforms)))
        offers = "every offer" if is_open.all() else "every other offer"
        context.notes.append(f"{offers} is taken to be on {own.platform}, as the header {header} says")


def _headers_name_platforms(context: ReadContext) -> bool:
    """Whether headers give the platform of each offer, so that one link cannot speak for all offers of a row."""
    if "url" in context.columns and platform_name(context.header("url")):
        accounts = [header for header in context.table.headers if platform_name(header)]
        return len(accounts) > 1
    named = {name.partition(":")[2] for name in context.columns if name.startswith("followers:")}
    prices = [context.header(name) for name in context.columns if name.startswith(PRICE_PREFIX)]
    return len(named) > 1 or any(parse_offer_header(header)[1] for header in prices)


def _describe(linked: NDArray[np.bool_], filled: NDArray[np.bool_]) -> str:
    count, platforms = int(linked.sum()), int(filled.sum())
    if not count:
        rows = "1 row" if platforms == 1 else f"{platforms:,} rows"
        return f"the platform of {rows} is taken from the link"
    creators = (
        "1 creator is given as a link and is shown"
        if count == 1
        else (f"{count:,} creators are given as links and are shown")
    )
    return f"{creators} by the handle" + (", with the platform of the link" if platforms else "")


def _contains_slash(column: pd.Series[Any]) -> bool:
    """Whether any cell may hold a slash: of a million cells the bytes are looked at, not the texts."""
    cells = to_arrow_strings(column)
    if cells is not None:  # the bytes of all cells, and perhaps of cells that were left out
        texts = [text for chunk in cells.chunks if (text := chunk.buffers()[-1]) is not None]
        return any(bool((np.frombuffer(text, dtype=np.uint8) == ord("/")).any()) for text in texts)
    return column.dtype.kind not in "iuf" and "/" in "".join(to_texts(column))


def _holds_links(column: pd.Series[Any]) -> bool:
    return any(map(find_link_platform, _first_filled(column)))


def _holds_profiles(column: pd.Series[Any]) -> bool:
    """Whether a column holds links to profiles, perhaps among plain handles."""
    cells = _first_filled(column)
    has_profiles = any(map(parse_profile_link, cells))
    return has_profiles and all(parse_profile_link(cell) or _HANDLE.fullmatch(cell.strip()) for cell in cells)


def _first_filled(column: pd.Series[Any]) -> list[str]:
    return [cell for cell in to_texts(column.iloc[: 4 * _SAMPLE]) if not is_placeholder(cell)][:_SAMPLE]


def _is_empty(cells: NDArray[np.object_]) -> NDArray[np.bool_]:
    return np.asarray([is_placeholder(cell) for cell in cells], dtype=np.bool_)


def _text_series(context: ReadContext, cells: NDArray[np.object_]) -> pd.Series[Any]:
    dtype = next((column.dtype for column in context.table.columns if isinstance(column.dtype, pd.StringDtype)), object)
    return pd.Series(cells, dtype=dtype, index=pd.RangeIndex(len(cells)))
