"""Columns of one platform's figures, `Instagram Followers`, `TikTok ER`: each offer takes those of its platform."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.benchmarks.offer_names import format_name
from microopt.benchmarks.table import PLATFORMS
from microopt.quantities.parse_and_format import format_names
from microopt.quantities.platforms import find_in_words, platform_name
from microopt.readers.cells.text import fill_empty_cells
from microopt.readers.context import ReadContext
from microopt.readers.headers.cell_evidence import CellEvidence
from microopt.readers.headers.format_figures import ANY_FORMAT, for_named_format, formats_of
from microopt.readers.numbers.numbers import check_followers, parse_number_column, parse_rate_column
from microopt.readers.words.vocabulary import USER_RANK, ColumnKind, Vocabulary, alias_key
from microopt.roster.roster import Roster, TextColumn

FOLLOWERS = "followers"
# What a platform's own column may hold; `Views` alone may be those of the whole channel.
_FIGURES = (FOLLOWERS, "engagement_rate", "engagement_rate_views", "engagement_rate_reach")
_AVERAGES = ("views", "likes", "comments", "shares", "engagements", "reach")

SMALLEST_AUDIENCE = 1_000  # the median of a column that may hold followers
_MOST_NAMED = 20  # kinds of offers that remarks name
_MOST_TOLD = 4  # of them that the note names

Floats = NDArray[np.float64]
Names = NDArray[np.object_]  # of the platform of each row, "" where none is named


class PlatformFigures(Struct, frozen=True, kw_only=True, eq=False):
    """The figures of each platform.

    Attributes
    ----------
    values
        (n,) by column and platform, for the rows of the table.
    """

    values: Mapping[tuple[str, str], Floats]

    @property
    def platforms(self) -> list[str]:
        """The platforms whose followers are given."""
        return [platform for column, platform in self.values if column == FOLLOWERS]


def assign_platform_columns(context: ReadContext, vocabulary: Vocabulary) -> None:
    """Assign columns such as `followers:tiktok` to the headers that name a platform and one of its figures.

    The followers of a single platform, in a file that names platforms and no other followers, are just the followers.
    """
    found = dict(_find_platform_columns(context, vocabulary))
    found |= {} if FOLLOWERS in context.columns else _find_bare_platforms(context, found)
    platforms = {platform for column, platform in found if column == FOLLOWERS}
    if not platforms:
        return
    first = min(position for (column, _), position in found.items() if column == FOLLOWERS)
    if len(platforms) == 1 and "platform" in context.columns and context.columns.get(FOLLOWERS, first) == first:
        context.columns[FOLLOWERS] = first
        return
    taken = {position: name for name, position in context.columns.items()}
    for (column, platform), position in found.items():
        if taken.get(position) == column:
            del context.columns[column]
        context.columns[f"{column}:{platform}"] = position
        context.note_interpretation(f"{column}:{platform}", f"of {platform}")


def _find_platform_columns(context: ReadContext, vocabulary: Vocabulary) -> Iterator[tuple[tuple[str, str], int]]:
    taken = {position: name for name, position in context.columns.items()}
    by_user = {name for header in context.options.columns if (name := _user_column(header, vocabulary))}
    seen = set()
    for position, header in enumerate(context.table.headers):
        named = find_in_words(header.strip())
        column = _find_figure(" ".join(named.rest), vocabulary) if named is not None and named.rest else None
        if named is None or column is None or column in by_user or position in context.ignored:
            continue
        key = column, named.platform
        if taken.get(position, column) == column and key not in seen:
            seen.add(key)
            yield key, position


def _find_bare_platforms(context: ReadContext, found: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    """Return the headers that are a platform's name and nothing else, above counts that can only be of followers."""
    if "fee" not in context.columns or any(column == FOLLOWERS for column, _ in found):
        return {}
    taken = {*context.columns.values(), *context.ignored}
    bare: dict[tuple[str, str], int] = {}
    for position, header in enumerate(context.table.headers):
        platform = platform_name(header)
        if platform is None or position in taken or (FOLLOWERS, platform) in bare:
            continue
        cells = CellEvidence(context.table.columns[position])
        is_count = cells.texts and cells.holds_numbers and not cells.holds_money and not cells.holds_percents
        if is_count and float(np.median(cells.values)) >= SMALLEST_AUDIENCE:
            bare[FOLLOWERS, platform] = position
    if bare:
        names = " and ".join(context.table.headers[position].strip() for position in bare.values())
        context.notes.append(f"the numbers under {names} are read as followers")
    return bare


def _user_column(header: str, vocabulary: Vocabulary) -> str | None:
    return next((name for name, rank in vocabulary.find_columns(header) if rank == USER_RANK), None)


def _find_figure(words: str, vocabulary: Vocabulary) -> str | None:
    """Return the column that the other words of a header stand for."""
    for column, _ in vocabulary.find_columns(words):
        if column in _FIGURES or (column in _AVERAGES and alias_key(words) != alias_key(column)):
            return column
    return None


def read_platform_figures(context: ReadContext) -> PlatformFigures | None:
    """Parse the columns of each platform, or return None if there are none."""
    names = [name for name in context.columns if name.startswith(f"{FOLLOWERS}:")]
    if not names:
        return None
    values: dict[tuple[str, str], Floats] = {}
    for name in names:
        values[FOLLOWERS, name.partition(":")[2]] = _parse_followers(context, name)
    for name in context.columns:
        column, _, platform = name.partition(":")
        if platform and column in (*_FIGURES, *_AVERAGES) and column != FOLLOWERS:
            followers = values.get((FOLLOWERS, platform), np.full(len(context.table.row), np.nan))
            is_rate = context.kind(name) is ColumnKind.RATE
            own = _only(platform, len(followers))
            values[column, platform] = (
                parse_rate_column(context, name, followers, own)
                if is_rate
                else parse_number_column(context, name).values
            )
    return PlatformFigures(values=values)


def _only(platform: str, rows: int) -> TextColumn:
    return TextColumn(codes=np.zeros(rows, dtype=np.int32), labels=(platform,))


def _parse_followers(context: ReadContext, name: str) -> Floats:
    """Parse the followers on one platform; 0 means that the creator is not there."""
    parsed = parse_number_column(context, name)
    given = np.where(parsed.values == 0, np.nan, parsed.values)
    stated = np.isfinite(given)
    check_followers(context, replace(parsed, values=np.where(stated, given, 1.0)), name)
    return given


def take_platform_figures(context: ReadContext, roster: Roster) -> Roster:
    """Return the roster with the figures of each offer's platform, where the file has columns of them.

    An offer that names no platform is taken on one that has its format, else on that with the most followers.
    """
    figures = read_platform_figures(context)
    if figures is None:
        return roster
    rows = pd.Index(context.table.row).get_indexer(pd.Index(roster.row))
    platforms, is_assumed = _platforms_of_offers(roster, figures, rows, context.options.platform_default)
    numbers = {name: values.copy() for name, values in roster.numbers.items()}
    for (column, platform), values in figures.values.items():
        own = for_named_format(context, f"{column}:{platform}", values[rows], roster)
        here = (platforms == platform) & np.isfinite(own)
        numbers.setdefault(column, np.full(len(roster), np.nan))[here] = own[here]
    has_fallback = FOLLOWERS in context.columns
    if not has_fallback:
        _fault_missing(context, figures, platforms, rows)
        is_covered = np.isin(platforms, figures.platforms)
        numbers[FOLLOWERS][~is_covered] = np.nan
    if is_assumed.any():
        _note_assumed(context, roster, platforms, is_assumed)
    elif len(figures.platforms) == 1 and "platform" not in roster.texts:
        header = context.header(f"{FOLLOWERS}:{figures.platforms[0]}")
        context.notes.append(f"every offer is taken to be on {figures.platforms[0]}, as the header {header} says")
    codes, labels = pd.factorize(platforms)
    taken = TextColumn(codes=codes.astype(np.int32), labels=tuple(labels))
    stated = roster.texts.get("platform")
    named = taken if stated is None else fill_empty_cells(stated, taken)
    return replace(roster, texts={**roster.texts, "platform": named}, numbers=numbers)


def _platforms_of_offers(
    roster: Roster, figures: PlatformFigures, rows: NDArray[np.intp], default: str | None
) -> tuple[Names, NDArray[np.bool_]]:
    """Return the platform of each offer, and which offers name none among several.

    Parameters
    ----------
    rows
        (n,) row of the table of each offer.
    default
        The platform of offers that name none, if the user says so.
    """
    column = roster.texts.get("platform")
    stated: Names = np.full(len(roster), "", dtype=object)
    if column is not None:
        first = [column.label_values(code)[0] for code in range(len(column.labels))]
        names = np.asarray([platform_name(value) or value for value in first], dtype=object)
        stated = names[column.codes]
    is_open = stated == ""
    if not is_open.any() or default is not None:
        return np.where(is_open, default or "", stated), np.zeros(len(roster), dtype=bool)
    followers = np.stack([figures.values[FOLLOWERS, platform][rows] for platform in figures.platforms], axis=1)
    known = np.nan_to_num(followers, nan=-1.0)
    best = np.asarray(figures.platforms, dtype=object)[known.argmax(axis=1)]
    chosen: Names = np.where(is_open & (known.max(axis=1) >= 0), best, stated)
    offers = roster.texts.get("offer")
    labels = offers.labels if offers is not None else ()
    several = len({format_name(label) for label in labels} - {None}) > 1
    for code, label in enumerate(labels):
        having = _platforms_of_format(label, tuple(figures.platforms), several=several)
        if offers is not None and having:
            own = known[:, [figures.platforms.index(platform) for platform in having]]
            is_here = is_open & (own.max(axis=1) >= 0) & (offers.codes == code)
            chosen[is_here] = np.asarray(having, dtype=object)[own.argmax(axis=1)[is_here]]
    return chosen, is_open & (np.isfinite(followers).sum(axis=1) > 1)


def _platforms_of_format(offer: str, platforms: tuple[str, ...], *, several: bool) -> list[str]:
    """Return the platforms whose format an offer is by name, or none: a reel is Instagram's.

    Parameters
    ----------
    several
        Whether the file prices other formats too: only then is a post Instagram's, and a video TikTok's or YouTube's.
    """
    name = format_name(offer)
    having = [platform for platform in platforms if platform in PLATFORMS and name in formats_of(platform)]
    is_clear = several if name in ANY_FORMAT else len(having) == 1
    return having if is_clear else []


def _note_assumed(context: ReadContext, roster: Roster, platforms: Names, is_assumed: NDArray[np.bool_]) -> None:
    pairs = [*_pairs_assumed(roster, platforms, is_assumed)]
    context.notes.append(_describe_assumed([name for name, _ in pairs], platforms[is_assumed].tolist()))
    for name, platform in pairs:
        is_pair = is_assumed & (platforms == platform)
        if name is not None:
            is_pair &= np.asarray(roster.texts["offer"].labels, dtype=object)[roster.texts["offer"].codes] == name
        is_here = np.isin(context.table.row, roster.row[is_pair])
        context.remark(is_here, "platform-assumed", f"{name or 'an offer'} is taken to be on {platform}")


def _describe_assumed(names: Sequence[str | None], platforms: Sequence[str]) -> str:
    """Return on which platforms offers are taken to be that name none, with the names of the offers if they have any.

    Parameters
    ----------
    platforms
        Of each of these offers.
    """
    kinds = format_names(sorted({name.strip() for name in names if name}), _MOST_TOLD)
    count = Counter(platforms)
    one = len(platforms) == 1
    offers = f"{len(platforms):,} {'offer' if one else 'offers'}{f' ({kinds})' if kinds else ''}"
    taken = f"{offers} {'names' if one else 'name'} no platform and {'is' if one else 'are'} taken to be on"
    if len(count) == 1:
        return f"{taken} {platforms[0]} (change it with --platform-default)"
    each = ", ".join(f"{number:,} on {platform}" for platform, number in sorted(count.items()))
    return f"{taken} the one that has the format, or the most followers: {each} (change it with --platform-default)"


def _pairs_assumed(roster: Roster, platforms: Names, is_assumed: NDArray[np.bool_]) -> Iterator[tuple[str | None, str]]:
    """Yield each kind of offer, None where it has no name or there are very many, with each of its platforms."""
    offers = roster.texts.get("offer")
    is_named = offers is not None and len(offers.labels) <= _MOST_NAMED
    codes = offers.codes[is_assumed] if offers is not None and is_named else np.zeros(is_assumed.sum(), dtype=np.int32)
    for platform in np.unique(platforms[is_assumed].astype(str)):
        for code in np.unique(codes[platforms[is_assumed] == platform]).tolist():
            yield offers.labels[code] if offers is not None and is_named else None, str(platform)


def _fault_missing(context: ReadContext, figures: PlatformFigures, platforms: Names, rows: NDArray[np.intp]) -> None:
    """Note offers on a platform on which their creator has no followers."""
    codes, names = pd.factorize(platforms.astype(str), sort=True)
    offers_by_platform = np.split(np.argsort(codes, kind="stable"), np.cumsum(np.bincount(codes))[:-1])
    is_faulty = np.isin(context.table.row, list(context.faults.bad_rows))
    for platform, offers in zip(names, offers_by_platform, strict=True):
        name = f"{FOLLOWERS}:{platform}"
        if name in context.columns:
            missing = offers[~np.isfinite(figures.values[FOLLOWERS, platform][rows[offers]])]
            message = f"the followers on {platform} are missing"
            fix = f"fill them in, such as 12500, or remove the price on {platform}"
        else:
            missing, name = offers, f"{FOLLOWERS}:{figures.platforms[0]}"
            message = f"there is no column with the followers on {platform}" if platform else "no followers are given"
            fix = f"add a column '{platform} followers'" if platform else "fill in those on one platform, such as 12500"
        mask = np.zeros(len(context.table.row), dtype=bool)
        mask[rows[missing]] = True
        mask &= ~is_faulty
        is_faulty |= mask
        context.fault_cells(name, mask, "followers-missing", message, fix)
