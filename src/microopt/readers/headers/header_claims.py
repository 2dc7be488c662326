"""Claims of headers on columns: which column a header stands for, and whether its cells can be that."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from microopt.readers.headers.cell_evidence import CellEvidence
from microopt.readers.money.stated_amounts import find_stated_amount
from microopt.readers.words.vocabulary import ROSTER, USER_RANK, ColumnKind, Vocabulary, alias_key, alias_keys
from microopt.roster.extra_costs import FEE_EXTRAS, OFFER_EXTRAS, SEEDING, amount_column

# Headers that say little by themselves: they stand for a column only where the cells can be nothing else.
_VAGUE_HEADERS = alias_keys(
    "budget,amount,payment,charges,commercials,ask,compensation,remuneration,valor,audience,media,social,network,red,rede,netzwerk,réseau,媒体,渠道"
)
_CHANNEL_HEADERS = alias_keys("channel,kanal,canal,canale,kanaal,kanał,канал,채널")
_PLATFORM_HEADERS = alias_keys("instagram,tiktok,youtube,pinterest")  # they head handles, or followers, or prices
# A header of several of these is that of a rate or a count, whichever the cells can be; some are headers of a count
# unless the cells have a percent sign.
_COUNT_HEADERS = alias_keys("engagements,avg engagement,average engagement")
_RATES_OR_COUNTS = ("engagement_rate", "engagements", "authentic_engagements")
_FIGURES = (ColumnKind.COUNT, ColumnKind.RATE, ColumnKind.SHARE, ColumnKind.MONEY)
_MIN_CELLS = 6  # from which repeated names show that a column does not name creators
_MIN_DISTINCT = 0.34
SURCHARGES = (*FEE_EXTRAS, *map(amount_column, FEE_EXTRAS))
COSTS = frozenset({*SURCHARGES, *OFFER_EXTRAS, SEEDING, "product", "shipping"})
REQUIRED = ("creator", "followers", "fee")
REQUIRED_FIGURES = ("followers", "fee")
# Figures of one post: in a file with an average, those under a bare header are totals of the account.
POST_FIGURES = ("views", "likes", "comments", "shares", "engagements")
MOST_VIEWS, MOST_REACTIONS = 5.0, 1.0  # of a usual post for each follower


class HeaderClaim(Struct, frozen=True, kw_only=True):
    """A header that stands for a column.

    Attributes
    ----------
    rank
        Its preference among the headers of the column; lower is better.
    fits
        Whether the cells can be that.
    is_text
        Whether the cells are not clean numbers already.
    key
        Equal for all spellings of the header; only equal headers tie.
    """

    column: str
    position: int
    rank: int
    fits: bool
    is_text: bool
    key: str

    @property
    def order(self) -> tuple[bool, int, bool]:
        """The better claim comes first; equal ones tie."""
        return not self.fits, self.rank, self.is_text


def make_claims(headers: Sequence[str], cells: Sequence[CellEvidence], vocabulary: Vocabulary) -> list[HeaderClaim]:
    """Return the claim of each header that is known, in the order of the file."""
    found = (_make_claim(header, position, cells[position], vocabulary) for position, header in enumerate(headers))
    return [claim for claim in found if claim is not None]


def _make_claim(header: str, position: int, cells: CellEvidence, vocabulary: Vocabulary) -> HeaderClaim | None:
    candidates = vocabulary.find_columns(header)
    if not candidates:
        return None
    # In the files of a running campaign each wrong cell is a fault of its own.
    must_fit = vocabulary.has_price_columns or len(candidates) > 1
    fitting = [
        (column, rank)
        for column, rank in candidates
        if rank == USER_RANK or not must_fit or _fits(header, column, cells, [name for name, _ in candidates])
    ]
    is_vague = len(candidates) > 1 or alias_key(header) in _VAGUE_HEADERS | _PLATFORM_HEADERS
    if not fitting and (is_vague or candidates[0][0] not in REQUIRED):
        return None
    column, rank = (fitting or candidates)[0]
    return HeaderClaim(
        column=column,
        position=position,
        rank=rank,
        fits=bool(fitting),
        is_text=not cells.is_numeric,
        key=alias_key(header) if rank != USER_RANK else "",
    )


def _fits(header: str, column: str, cells: CellEvidence, candidates: Sequence[str]) -> bool:
    """Whether the cells below a header can be a column's, one of several for which it may stand."""
    key = alias_key(header)
    if column == "creator":
        return _may_name_creators(key, cells)
    if column in _RATES_OR_COUNTS and key in _COUNT_HEADERS:
        return cells.holds_percents if column == "engagement_rate" else not cells.holds_percents
    if column in _RATES_OR_COUNTS and len(set(candidates) & set(_RATES_OR_COUNTS)) > 1:
        return cells.holds_rates if column == "engagement_rate" else cells.holds_numbers and not cells.holds_rates
    if column in ("platform", "region", "offer") and key != alias_key(column) and cells.texts:
        is_vague = column == "platform" and (key in _VAGUE_HEADERS or key in _CHANNEL_HEADERS)
        return cells.holds_text and not cells.holds_links and (not is_vague or cells.holds_platforms)
    if column == "currency":
        return cells.holds_currencies
    if column == "niche":
        return not cells.holds_genders or key == column
    if column == "url":
        return cells.holds_links or cells.holds_handles or not cells.texts or key == column
    if column == "followers":
        return cells.holds_numbers and not cells.holds_money
    if column == "fee":  # an amount in an unknown notation is a fault, and no reason to take another column
        return cells.holds_fees or (key not in _VAGUE_HEADERS and cells.holds_digits)
    if column == "commission":
        return key == column or (cells.holds_rates and not cells.holds_money)
    return cells.holds_numbers or column != "deliverables"


def _may_name_creators(key: str, cells: CellEvidence) -> bool:
    if key in _PLATFORM_HEADERS:
        return cells.holds_handles and not cells.holds_links
    count = len(cells.texts)
    repeats = cells.distinct_share < _MIN_DISTINCT if count >= _MIN_CELLS else count > 1 and cells.distinct_count == 1
    is_other = cells.holds_links or cells.holds_addresses or cells.holds_genders
    return cells.holds_names and not is_other and cells.filled_share >= 0.5 and not repeats


def holds_other(claim: HeaderClaim, cells: CellEvidence, vocabulary: Vocabulary) -> str:
    """Return what the cells of an optional column of figures hold instead of figures, or an empty text."""
    if claim.column in REQUIRED or claim.rank == USER_RANK or vocabulary.get_kind(claim.column) not in _FIGURES:
        return ""
    if claim.column in SURCHARGES:  # `included` and `12 months` stand among shares and amounts
        has_amount = len(cells.values) or not cells.texts or any(find_stated_amount(text) for text in cells.texts)
        return "" if has_amount else "text"
    if not cells.holds_numbers:
        return "text"
    return "money" if vocabulary.get_kind(claim.column) is ColumnKind.COUNT and cells.holds_money else ""


def is_cost_header(header: str) -> bool:
    """Whether a header stands for a cost on top of the fee."""
    return any(column in COSTS for column, _ in ROSTER.find_columns(header))


def has_fitting_rival(claim: HeaderClaim, claims: Sequence[HeaderClaim]) -> bool:
    """Whether the cells of a header cannot be the fee or the followers, and those of another header can."""
    is_figure = claim.column in REQUIRED_FIGURES and not claim.fits
    return is_figure and any(rival.fits and rival.column == claim.column for rival in claims)


def is_bare(claim: HeaderClaim, vocabulary: Vocabulary) -> bool:
    """Whether a claim is of a figure of a post whose header does not say that it is an average: `Views`, `Vues`."""
    own = dict(vocabulary.find_columns(claim.column)).get(claim.column, 0)
    return claim.column in POST_FIGURES and claim.rank >= own


def is_beyond_a_post(column: str, cells: CellEvidence, followers: CellEvidence) -> bool:
    """Whether the median of a figure is above what posts reach among these followers, as totals of an account are."""
    if not len(cells.values) or not len(followers.values):
        return False
    most = MOST_VIEWS if column == "views" else MOST_REACTIONS
    return bool(np.median(cells.values) > most * np.median(followers.values))
