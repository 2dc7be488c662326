"""Assign headers to columns: by the aliases of a vocabulary, the cells below them, and what the user says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from microopt.quantities.platforms import parse_platforms
from microopt.readers.headers.cell_evidence import CellEvidence
from microopt.readers.headers.format_prices import find_fee_ends, find_format_prices
from microopt.readers.headers.header_claims import (
    POST_FIGURES,
    HeaderClaim,
    has_fitting_rival,
    holds_other,
    is_bare,
    is_beyond_a_post,
    make_claims,
)
from microopt.readers.headers.rival_prices import Rival, find_rivals, is_total_header
from microopt.readers.words.price_headers import assign_price_columns, is_price_header
from microopt.readers.words.vocabulary import ROSTER, USER_RANK, Vocabulary, alias_key, alias_keys, is_set_aside

QUANTITY_HEADERS = alias_keys(
    "qty,quantity,anzahl,menge,cantidad,quantité,quantita,quantidade,ilość,aantal,数量,кол-во,adet"
)


class HeaderAssignment(Struct, frozen=True, kw_only=True):
    """The columns of a file's headers.

    Attributes
    ----------
    columns
        Position of the header by column; `fee:0`, `fee:1`, ... are the prices of formats (`assign_price_columns`).
    ties
        Columns with two headers of equal rank: (column, position, position).
    more_niches
        Positions of further niche columns.
    unknown
        Entries of `[columns]` whose header is not in the file, or whose column does not exist.
    ignored
        Positions that the user sets aside.
    other_cells
        What the cells of a known header hold that cannot be its column's, by position: text, or money.
    totals
        By position of a header whose cells are totals of the account: the header of the average in the same file, or an
        empty text.
    rivals
        Headers of prices that are not used, by position.
    """

    columns: Mapping[str, int]
    ties: tuple[tuple[str, int, int], ...] = ()
    more_niches: tuple[int, ...] = ()
    unknown: tuple[str, ...] = ()
    ignored: tuple[int, ...] = ()
    other_cells: Mapping[int, str] = field(default_factory=dict)
    totals: Mapping[int, str] = field(default_factory=dict)
    rivals: Mapping[int, Rival] = field(default_factory=dict)


def assign_headers(
    headers: Sequence[str],
    columns: Mapping[str, str],
    cells: Sequence[CellEvidence],
    vocabulary: Vocabulary = ROSTER,
    *,
    home: str | None = None,
) -> HeaderAssignment:
    """Assign headers to columns.

    Of several headers for one column, cells that can be its win, then the lowest rank, then clean numbers over text.

    Parameters
    ----------
    columns
        The user's `[columns]`.
    cells
        What the cells below each header can be.
    vocabulary
        The columns that the file may have.
    home
        The campaign's currency.
    """
    vocabulary = vocabulary.with_user_columns(columns)
    claims = make_claims(headers, cells, vocabulary)
    other_cells = dict(_find_other_cells(claims, cells, vocabulary))
    claims = [claim for claim in claims if claim.position not in other_cells]
    winners, ties = _choose_claims(claims)
    unknown = _unknown_user_headers(headers, columns, vocabulary)
    assigned = {column: claim.position for column, claim in winners.items()}
    ignored = tuple(i for i, header in enumerate(headers) if _is_ignored(header, columns))
    if "platform" in vocabulary.kinds:
        _assign_platform(headers, cells, assigned, {*other_cells, *ignored})
    if not vocabulary.has_price_columns:
        return HeaderAssignment(columns=assigned, ties=ties, unknown=unknown)
    totals = dict(_find_totals(headers, cells, claims, winners, vocabulary))
    assigned = {column: position for column, position in assigned.items() if position not in totals}
    _assign_links(headers, cells, assigned, totals.keys() | other_cells.keys())
    niches = _assign_niches(headers, assigned, vocabulary)
    rates = _assign_rates(headers, cells, assigned)
    taken = {*assigned.values(), *niches, *ignored, *other_cells, *rates}
    prices, rivals = _assign_prices(headers, cells, assigned, winners.get("fee"), taken, home)
    return HeaderAssignment(
        columns=prices,
        ties=tuple(tie for tie in ties if tie[0] != "fee" or rivals.keys().isdisjoint(tie[1:])),
        more_niches=niches,
        unknown=unknown,
        ignored=ignored,
        other_cells=other_cells,
        totals=totals,
        rivals=rivals,
    )


def _assign_prices(
    headers: Sequence[str],
    cells: Sequence[CellEvidence],
    assigned: dict[str, int],
    fee: HeaderClaim | None,
    taken: set[int],
    home: str | None,
) -> tuple[Mapping[str, int], dict[int, Rival]]:
    """Return the columns with those of prices, and the prices that are not used; quantities are assigned on the way."""
    rivals = _find_rivals(headers, cells, assigned, fee, taken, home)
    _assign_quantities(headers, assigned, rivals)
    fee, taken = _without_rivals(fee, rivals), {*taken, *assigned.values(), *rivals}
    formats = find_format_prices(headers, cells, taken, has_fee="fee" in assigned)
    formats += find_fee_ends(headers, cells, taken, fee.position) if fee is not None and fee.rank == USER_RANK else []
    return _with_price_columns(headers, assigned, fee, taken, formats), rivals


def _find_rivals(
    headers: Sequence[str],
    cells: Sequence[CellEvidence],
    assigned: Mapping[str, int],
    fee: HeaderClaim | None,
    taken: set[int],
    home: str | None,
) -> dict[int, Rival]:
    """Return the prices that are not used because others are; empty if the user says which one is the fee."""
    if fee is not None and fee.rank == USER_RANK:
        return {}
    taken = taken - ({fee.position} if fee else set())
    counts = assigned.get("deliverables", _find_quantities(headers, taken))
    return find_rivals(headers, cells, taken, home=home, counts=None if counts is None else cells[counts])


def _find_quantities(headers: Sequence[str], taken: set[int]) -> int | None:
    """Return the header of quantities, which are deliverables only where the fee is a total."""
    found = [i for i, header in enumerate(headers) if i not in taken and alias_key(header) in QUANTITY_HEADERS]
    return next(iter(found), None)


def _assign_quantities(headers: Sequence[str], assigned: dict[str, int], rivals: Mapping[int, Rival]) -> None:
    """Take quantities for numbers of deliverables where a total is used in place of the price of one."""
    is_total = any(
        "total" in rival.differs and is_total_header(headers[rival.chosen or 0]) for rival in rivals.values()
    )
    position = _find_quantities(headers, {*assigned.values()}) if is_total else None
    if position is not None:
        assigned.setdefault("deliverables", position)


def _without_rivals(fee: HeaderClaim | None, rivals: Mapping[int, Rival]) -> HeaderClaim | None:
    """Return the claim on the fee of the price that is used in place of the fee's."""
    rival = rivals.get(fee.position) if fee is not None else None
    if fee is None or rival is None:
        return fee
    return None if rival.chosen is None else replace(fee, position=rival.chosen)


def _find_other_cells(
    claims: Sequence[HeaderClaim], cells: Sequence[CellEvidence], vocabulary: Vocabulary
) -> Iterator[tuple[int, str]]:
    for claim in claims if vocabulary.has_price_columns else ():
        if what := holds_other(claim, cells[claim.position], vocabulary):
            yield claim.position, what
        elif has_fitting_rival(claim, claims):
            yield claim.position, "money" if cells[claim.position].holds_money else "text"


def _choose_claims(claims: Sequence[HeaderClaim]) -> tuple[dict[str, HeaderClaim], tuple[tuple[str, int, int], ...]]:
    """Return the best claim on each column, and the ties between two best ones."""
    best: dict[str, HeaderClaim] = {}
    ties = []
    for claim in claims:
        rival = best.setdefault(claim.column, claim)
        if rival is not claim and (rival.order, rival.key) == (claim.order, claim.key):
            ties.append((claim.column, rival.position, claim.position))
        elif claim.order < rival.order:
            best[claim.column] = claim
    return best, tuple(tie for tie in ties if best[tie[0]].position in tie[1:])


def _find_totals(
    headers: Sequence[str],
    cells: Sequence[CellEvidence],
    claims: Sequence[HeaderClaim],
    winners: Mapping[str, HeaderClaim],
    vocabulary: Vocabulary,
) -> Iterator[tuple[int, str]]:
    """Yield the positions of bare figures that are totals of the account, with the header of the average.

    In a file with the average of the same figure, a bare header heads totals. With averages of other figures only, it
    does if its cells exceed what posts reach.
    """
    followers = winners.get("followers")
    has_averages = any(
        claim.column in POST_FIGURES and claim.rank != USER_RANK and not is_bare(claim, vocabulary)
        for claim in winners.values()
    )
    for claim in claims:
        if not is_bare(claim, vocabulary):
            continue
        winner = winners[claim.column]
        if winner is not claim and not is_bare(winner, vocabulary):
            yield claim.position, headers[winner.position].strip()
        elif (
            winner is claim
            and has_averages
            and followers is not None
            and is_beyond_a_post(claim.column, cells[claim.position], cells[followers.position])
        ):
            yield claim.position, ""


def _assign_platform(
    headers: Sequence[str], cells: Sequence[CellEvidence], assigned: dict[str, int], others: set[int]
) -> None:
    """Take a header that is the names of several platforms, `IG/TikTok`, for the platform if its cells name some."""
    free = [i for i in range(len(headers)) if i not in assigned.values() and i not in others]
    named = [i for i in free if len(parse_platforms(headers[i])) > 1 and cells[i].holds_platforms]
    if named:
        assigned.setdefault("platform", named[0])


def _assign_links(
    headers: Sequence[str], cells: Sequence[CellEvidence], assigned: dict[str, int], others: set[int]
) -> None:
    """Take links for creators where nothing else names them, and spare links for the URL."""
    link = cells[assigned["url"]] if "url" in assigned else None
    if "creator" not in assigned and link is not None and (link.holds_links or link.holds_handles):
        assigned["creator"] = assigned.pop("url")
    if "url" not in assigned:
        free = [i for i in range(len(headers)) if i not in assigned.values() and i not in others]
        known = [i for i in free if ROSTER.find_columns(headers[i]) and cells[i].holds_links]
        assigned |= {"url": known[0]} if known else {}


def _assign_rates(headers: Sequence[str], cells: Sequence[CellEvidence], assigned: dict[str, int]) -> list[int]:
    """Return the headers that could be prices and hold percents; a bare `Rate` of percents is the engagement rate."""
    taken = set(assigned.values())
    rates = [
        i for i, header in enumerate(headers) if i not in taken and is_price_header(header) and cells[i].holds_percents
    ]
    bare = [i for i in rates if alias_key(headers[i]) == "rate"]
    if bare:
        assigned.setdefault("engagement_rate", bare[0])
    return rates


def _assign_niches(headers: Sequence[str], assigned: dict[str, int], vocabulary: Vocabulary) -> tuple[int, ...]:
    """Return the further niche columns, `niche2` and `Category 3`; the first is the niche if there is no other."""
    taken = set(assigned.values())
    numbered = [i for i, header in enumerate(headers) if i not in taken and _is_numbered_niche(header, vocabulary)]
    if numbered and "niche" not in assigned:
        assigned["niche"] = numbered.pop(0)
    return tuple(numbered)


def _is_numbered_niche(header: str, vocabulary: Vocabulary) -> bool:
    key = alias_key(header)
    name = key[:-1]
    return key[-1:] in tuple("123456789") and not name[-1:].isdigit() and _names_niche(name, vocabulary)


def _names_niche(key: str, vocabulary: Vocabulary) -> bool:
    return any(column == "niche" for column, _ in vocabulary.ranks.get(key, ()))


def _is_ignored(header: str, columns: Mapping[str, str]) -> bool:
    keys = {alias_key(name) for name, column in columns.items() if is_set_aside(column)}
    return alias_key(header) in keys


def _unknown_user_headers(
    headers: Sequence[str], columns: Mapping[str, str], vocabulary: Vocabulary
) -> tuple[str, ...]:
    """Return the entries of `[columns]` that a file cannot follow.

    A file that has the column under its own name, as `microopt check -o` writes it, needs none; nor does one without
    the header that is to be set aside.
    """
    keys = {alias_key(header) for header in headers}
    return tuple(
        header
        for header, column in columns.items()
        if not (is_set_aside(column) or alias_key(column) in keys - {alias_key(header)})
        and (alias_key(header) not in keys or (vocabulary.find_column(header) or ("", 0))[1] != USER_RANK)
    )


def _with_price_columns(
    headers: Sequence[str],
    assigned: Mapping[str, int],
    fee: HeaderClaim | None,
    taken: set[int],
    formats: Sequence[int],
) -> dict[str, int]:
    """Return the columns with one price column for each format in place of the fee, where there are several."""
    others = {column: position for column, position in assigned.items() if column != "fee"}
    claim = None if fee is None else (fee.rank, fee.position)
    taken = taken - ({fee.position} if fee else set())
    return others | assign_price_columns(headers, taken, claim, has_offers="offer" in assigned, formats=formats)
