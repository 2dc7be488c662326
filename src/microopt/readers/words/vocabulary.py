"""The columns that each kind of file may have, and their headers in real exports."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cache, lru_cache
from importlib.resources import files
from itertools import islice
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from microopt.quantities.currencies import find_currency
from microopt.quantities.keys import header_key, header_keys, remove_characters
from microopt.quantities.medians import MEDIAN
from microopt.quantities.platforms import find_in_words
from microopt.readers.words.number_units import LONGEST_HEADER, without_unit
from microopt.readers.words.price_headers import TERM_WORDS, is_price_header, split_header
from microopt.readers.words.rate_bases import split_rate_basis
from microopt.roster.extra_costs import FEE_EXTRAS
from microopt.roster.written_states import WRITTEN_HEADER

_LATE_RANK = 1000  # of a header that is known by its parts, after all that are listed
USER_RANK = -1  # of a header that the user maps to a column
SET_ASIDE = ("", "ignore", "none")  # what `[columns]` says of a header that is to stand for no column
_PERIOD = r"last|past|recent|latest|days?|weeks?|months?|d|posts?|videos?|reels?|\d++|of|the|over"
_TERM_AT_END = re.compile(r"(.*\D)[\s(\[,-]+\d+[\s-]*([^\W\d_]+)[)\]]?\s*")
_AVERAGE_SIGN = re.compile(r"(?<![^\W_])[Øø⌀∅](?![^\W_])\.?")  # Unicode has a letter, and signs, for it
_REMARK = (
    r"avg\.?|average|mean|median|approx\.?|est\.?|net|gross|excl\.?|incl\.?|vat|tax|optional|required|in|per|%|#|,|/"
)
# Letters that Unicode does not take apart into a plain letter and an accent.
_PLAIN_LETTERS = {"ı": "i", "ł": "l", "ø": "o", "đ": "d"}


class ColumnKind(Enum):
    """What the cells of a column are parsed as."""

    TEXT = "text"
    COUNT = "a number"
    RATE = "a rate"  # a proportion that may be written as percent
    SHARE = "a share from 0 to 1"
    MONEY = "money"


class _HeaderPatterns(NamedTuple):
    """What may stand around the name in a header; compiled when a header is first not known as it is."""

    remarks: re.Pattern[str]
    periods: re.Pattern[str]
    averages: re.Pattern[str]
    currency_at_end: re.Pattern[str]


@cache
def _patterns() -> _HeaderPatterns:
    remarks = (
        rf"[(\[]\s*(?:(?:{_PERIOD}|{_REMARK})\s*)+[)\]]|[*?:]+\s*$"
        r"|[\s,_-]+(?:over[\s_]+)?(?:the[\s_]+)?(?:last|past)[\s_]+\d+[\s_]*[^\W_]+\s*$"
    )
    in_brackets, at_end = r"[(\[]\s*(?:in\s+)?([^()\[\]]{1,9}?)\s*[)\]]", r"[\s_-]+([A-Za-z]{3}|[^\w\s()]{1,3})"
    return _HeaderPatterns(
        remarks=re.compile(remarks, re.IGNORECASE),
        periods=re.compile(rf"(?<![^\W_])(?:{_PERIOD})(?![^\W_])", re.IGNORECASE),
        averages=re.compile(r"(?<![^\W_])(?:avg|average|mean|median|rate|er)(?![^\W_])", re.IGNORECASE),
        currency_at_end=re.compile(rf"(.*?\w)\s*(?:{in_brackets}|(?:[\s_-]+in)?{at_end})"),
    )


def alias_key(header: str) -> str:
    """Return a key that is equal for all spellings of one header: with or without case, accents, spaces and marks.

    A percent sign counts as a word, and the unit of `Followers (K)` does not count.
    """
    return spelling_key(without_unit(header))


@lru_cache(maxsize=4096)
def spelling_key(header: str) -> str:
    """Return the same key for a header that is known to have no unit, such as one of `headers.csv`."""
    return header_key(_plain(header))


def spelling_keys(headers: Sequence[str]) -> list[str]:
    """Return the key of each header of one line; one joined text takes a tenth of the time for all that are known."""
    return header_keys(_plain("\n".join(headers))) if headers else []


def _plain(text: str) -> str:
    """Return text in lower case, with plain letters for those with accents."""
    text = text.replace("%", " pct").casefold()
    if text.isascii():
        return text
    letters = unicodedata.normalize("NFKD", text)
    for letter, plain in _PLAIN_LETTERS.items():
        letters = letters.replace(letter, plain)
    return remove_characters(filter(unicodedata.combining, {*letters}), letters)  # the key composes letters


def _without_remarks(header: str) -> str:
    """Return a header without remarks that change nothing: `Avg Views` for `Avg. Views (last 10 posts)`.

    The period of a figure that is not an average, `Views (last 30 days)`, stays: the figure is a sum.
    """
    header = _AVERAGE_SIGN.sub("avg ", header)
    plain = _patterns().remarks.sub("", header)
    removed = header if plain != header else ""
    is_average = bool(_patterns().averages.search(header))
    if removed and _patterns().periods.search(header) and not is_average:
        return header
    return f"avg {plain}" if removed and is_average and not _patterns().averages.search(plain) else plain


def _without_currency(header: str) -> str:
    """Return a header without the currency at its end, or an empty text if there is none."""
    match = _patterns().currency_at_end.fullmatch(header.strip())
    return match[1] if match and find_currency(match[2] or match[3]) else ""


def alias_keys(headers: str) -> frozenset[str]:
    """Return the keys of several headers, between commas."""
    return frozenset(map(spelling_key, headers.split(",")))


class Vocabulary(Struct, frozen=True, kw_only=True):
    """The columns of one kind of file.

    Attributes
    ----------
    kinds
        What the cells of each column are parsed as.
    ranks
        Columns that each known header may stand for, with its rank in each, by its `alias_key`. The cells decide
        between several columns, in this order; between several headers of one column the lower rank is preferred.
    example
        The first headers that such a file may have.
    has_price_columns
        Whether headers that are prices of formats stand for columns too.
    whole_numbers
        Columns that count whole things, so that a point before three digits, `1.234`, is ambiguous.
    required
        Columns that a sheet of a workbook must have to be taken for such a file.
    """

    kinds: Mapping[str, ColumnKind]
    ranks: Mapping[str, tuple[tuple[str, int], ...]]
    example: str
    has_price_columns: bool = False
    whole_numbers: tuple[str, ...] = ()
    required: tuple[str, ...] = ("creator",)

    def get_kind(self, column: str) -> ColumnKind:
        """Return what a column's cells are parsed as."""
        return self.kinds[column.partition(":")[0]]

    def find_columns(self, header: str) -> tuple[tuple[str, int], ...]:
        """Return the columns that a header may stand for, with the rank of the header in each.

        The currency at the end of a header does not count: `Quoted Rate (GBP)` is a fee, as `Quoted Rate` is.
        """
        found = self.ranks.get(alias_key(header))
        if found is None and len(header) > LONGEST_HEADER:
            return ()
        if found is None:
            found = self.ranks.get(alias_key(_without_remarks(header)))
            found = found or self._find_average(header) or self._find_account(header) or self._find_rate(header)
            found = found or self._find_right(header) or self._find_median(header) or None
        if found is not None:
            return found
        plain = _without_currency(header)
        known = self.ranks.get(alias_key(plain), ()) if plain else ()
        return tuple((column, rank) for column, rank in known if self.kinds[column] is ColumnKind.MONEY)

    def _find_average(self, header: str) -> tuple[tuple[str, int], ...]:
        """Return the columns of a header with the sign of an average, such as `Ø Reichweite`."""
        plain = _AVERAGE_SIGN.sub("", header)
        return self.ranks.get(alias_key(plain), ()) if plain != header else ()

    def _find_median(self, header: str) -> tuple[tuple[str, int], ...]:
        """Return the columns of a header that says median, `Median ER`, where an average would be the column's."""
        plain = MEDIAN.sub(" ", header).replace("_", " ").strip()
        if not plain or not MEDIAN.search(header):
            return ()
        known = self.ranks.get(alias_key(f"avg {plain}")) or self.ranks.get(alias_key(plain), ())
        return tuple((column, rank) for column, rank in known if self.kinds[column] is not ColumnKind.TEXT)

    def _find_account(self, header: str) -> tuple[tuple[str, int], ...]:
        """Return the columns of a header that names an account or a link of one platform, such as `Handle (IG)`."""
        named = find_in_words(header)
        known = self.ranks.get(spelling_key("".join(named.rest)), ()) if named and named.rest else ()
        return tuple((column, rank) for column, rank in known if column in ("creator", "url"))

    def _find_rate(self, header: str) -> tuple[tuple[str, int], ...]:
        """Return the column of an engagement rate whose header says what it is a share of: `ER by views`."""
        basis = split_rate_basis(_without_remarks(header)) if "engagement_rate_views" in self.kinds else None
        known = {column for column, _ in self.ranks.get(spelling_key(basis.rest), ())} if basis else set()
        if basis is None or "engagement_rate" not in known:
            return ()
        is_rate = len(known) == 1 or (basis.is_linked and basis.column != "engagement_rate")
        return ((basis.column, _LATE_RANK),) if is_rate else ()

    def _find_right(self, header: str) -> tuple[tuple[str, int], ...]:
        """Return the column of a right whose header says for how long: `Usage rights (6 months)`."""
        match = _TERM_AT_END.fullmatch(header)
        if match is None or TERM_WORDS.isdisjoint(split_header(match[2])):
            return ()
        known = self.ranks.get(alias_key(match[1]), ())
        return tuple((column, _LATE_RANK) for column, _ in known if column.removesuffix("_amount") in FEE_EXTRAS)

    def find_column(self, header: str) -> tuple[str, int] | None:
        """Return the first column that a header may stand for and the rank of the header in it, or None."""
        found = self.find_columns(header)
        return found[0] if found else None

    def with_user_columns(self, columns: Mapping[str, str]) -> Vocabulary:
        """Return the vocabulary with the headers of `[columns]` added; entries with an unknown column are ignored.

        A header that is set aside stands for no column.
        """
        names = {header_key(name): name for name in self.kinds}
        ranks = dict(self.ranks)
        for header, column in columns.items():
            if is_set_aside(column):
                ranks[alias_key(header)] = ()
            elif (name := names.get(header_key(column))) is not None:
                ranks[alias_key(header)] = ((name, USER_RANK),)
        return replace(self, ranks=ranks)

    def holds_numbers(self, header: str) -> bool:
        """Whether the header's column should hold numbers, so that a format reader may parse it as such."""
        found = self.find_columns(header)
        if not found:
            return self.has_price_columns and is_price_header(header)
        return any(self.get_kind(column) is not ColumnKind.TEXT for column, _ in found)

    def count_known(self, headers: Sequence[str]) -> int:
        """Return how many distinct columns these cells would name if they were headers."""
        return len({found[0][0] for header in headers if (found := self.ranks.get(alias_key(header)))})

    def find_header_row(self, rows: Sequence[Sequence[str]]) -> tuple[int, int] | None:
        """Return the position of the header among the first rows and its known columns; None if all rows are blank.

        The header is the first row that is not blank, unless a later row, below a title block, names clearly more
        columns.
        """
        best: tuple[int, int] | None = None
        for number, cells in enumerate(rows):
            if not any(cell.strip() for cell in cells):
                continue
            count = self.count_known(cells)
            if best is None or (count > best[1] and count >= (3 if best[1] else 2)):
                best = number, count
        return best


def is_set_aside(column: str) -> bool:
    """Whether `[columns]` maps a header to no column at all."""
    return column.strip().casefold() in SET_ASIDE


def make_vocabulary(
    kinds: Mapping[ColumnKind, str],
    aliases: Mapping[str, Sequence[str]],
    *,
    example: str,
    has_price_columns: bool = False,
    whole_numbers: tuple[str, ...] = (),
    required: tuple[str, ...] = ("creator",),
) -> Vocabulary:
    """Return the vocabulary of the columns of each kind, with their headers in order of preference.

    A column's own name comes first, unless it has another place among its headers.
    """
    kind_by_column = {name: kind for kind, names in kinds.items() for name in names.split()}
    ranks: dict[str, tuple[tuple[str, int], ...]] = {}
    listed = {name: [name, *aliases.get(name, ())] for name in kind_by_column}
    every_key = iter(spelling_keys([header for headers in listed.values() for header in headers]))
    for name, headers in listed.items():
        own, *others = islice(every_key, len(headers))
        keys = [key for key in others if key]
        for rank, key in enumerate(dict.fromkeys(keys if own in keys else [own, *keys])):
            ranks[key] = tuple(sorted((*ranks.get(key, ()), (name, rank)), key=lambda found: found[1]))
    return Vocabulary(
        kinds=kind_by_column,
        ranks=ranks,
        example=example,
        has_price_columns=has_price_columns,
        whole_numbers=whole_numbers,
        required=required,
    )


def split_headers(headers: str) -> list[str]:
    """Return several headers that are between commas."""
    return headers.split(",")


KINDS = {
    ColumnKind.TEXT: (
        "creator offer platform niche region city tier language style audience_country audience_age audience_gender "
        "url email contact status pay brands conflicts features_minor volume_discount currency "
        "available_from available_to"
    ),
    ColumnKind.COUNT: (
        "followers deliverables views reach posts engagements likes comments shares clicks conversions max_units "
        "authentic_engagements sponsored_ratio sentiment"
    ),
    ColumnKind.RATE: (
        "engagement_rate engagement_rate_views engagement_rate_reach ctr cvr action_rate sponsored_share commission "
        "discount usage whitelisting exclusivity boosting agency"
    ),
    ColumnKind.SHARE: "authentic credibility fit acceptance market_share",
    ColumnKind.MONEY: (
        "fee fee_low product shipping order_value usage_amount whitelisting_amount exclusivity_amount boosting_amount "
        "agency_amount seeding production travel extra_cost"
    ),
}


@cache
def read_lines() -> Sequence[Sequence[str]]:
    """Return the lines of `headers.csv` below its own header."""
    text = files("microopt.readers.words").joinpath("headers.csv").read_text(encoding="utf-8")
    return list(csv.reader(text.splitlines()))[1:]


def read_headers() -> dict[str, list[str]]:
    """Return the headers of each column in `headers.csv`, in the order of the file, which is that of preference."""
    headers: dict[str, list[str]] = {}
    for _, _, header, column in read_lines():
        headers.setdefault(column, []).append(header)
    return headers


ALIASES = read_headers()

ROSTER = make_vocabulary(
    KINDS,
    ALIASES,
    example="creator, followers, fee",
    has_price_columns=True,
    whole_numbers=("followers",),
    required=("creator", "followers"),
)

# The files of a running campaign: the results of its posts, and the contract states of its creators.
OFFER_ALIASES = {name: ALIASES[name] for name in ("creator", "platform", "offer")}

COUNTS = ("posts", "impressions", "engagements", "likes", "comments", "shares", "clicks", "conversions")

RESULTS = make_vocabulary(
    {
        ColumnKind.TEXT: "creator platform offer date post wave",
        ColumnKind.COUNT: " ".join(COUNTS),
    },
    {
        **OFFER_ALIASES,
        "offer": [*ALIASES["offer"], "post type", "media type"],
        "date": split_headers(
            "day,posted,posted on,posted at,date posted,publish date,published,published on,published at,publish time,"
            "post date"
        ),
        "wave": split_headers("campaign wave,flight,welle,kampagnenwelle"),
        "post": split_headers("url,post url,post link,permalink,post id,link,media url,media id,video url,video id"),
        "posts": split_headers("number of posts,posts published,published posts,posts count,post count"),
        "impressions": split_headers("views,plays,total impressions,total views,video views,total plays"),
        "engagements": split_headers("total engagements,engagement,total engagement,interactions,total interactions"),
        "likes": split_headers("total likes,like count"),
        "comments": split_headers("total comments,comment count"),
        "shares": split_headers("total shares,share count"),
        "clicks": split_headers("link clicks,total clicks,url clicks,swipe ups"),
        "conversions": split_headers(
            "orders,sales,purchases,total conversions,total orders,total sales,total purchases"
        ),
    },
    example="creator, date, impressions",
    whole_numbers=COUNTS,
)

# The file of past posts, whose headers are in `post_headers.py`: few commands have one.
POST_TEXTS = ("creator", "platform", "format", "video", "date", "post", "paid")
POST_COUNTS = ("impressions", "engagements", "likes", "comments", "shares", "saves", "clicks", "conversions")

_AGREED = split_headers("agreed,contracted,contract,final,negotiated,confirmed,signed,booked,deal")
_PRICES = split_headers("fee,rate,price,cost,amount,value")
_AGREED_DE = split_headers("vereinbartes,vereinbarter,vereinbarte,verhandeltes,finales,bestätigtes")
_PRICES_DE = split_headers("honorar,preis,gage,kosten,vergütung")

STATES = make_vocabulary(
    {
        ColumnKind.TEXT: "creator state platform offer wave post_date note asked_on answer_by written "
        "order fallback_for next_if_no",
        ColumnKind.COUNT: "units",
        ColumnKind.MONEY: "fee paid",
    },
    {
        **OFFER_ALIASES,
        "state": split_headers(
            "contract state,contract status,status,stage,contract,estado,estatus,statut,état,stato,stan,stav,durum,"
            "vertragsstatus,статус,状态,狀態,ステータス,状態,상태,trạng thái,الحالة,स्थिति"
        ),
        "wave": split_headers("campaign wave,flight,welle,kampagnenwelle"),
        "units": split_headers("quantity,number of units,anzahl,einheiten,menge,stück"),
        "fee": [
            *(f"{agreed} {price}" for agreed in _AGREED for price in _PRICES),
            *(f"{agreed} {price}" for agreed in _AGREED_DE for price in _PRICES_DE),
        ],
        "paid": split_headers("amount paid,paid so far,deposit,bezahlt,bereits bezahlt,anzahlung"),
        "post_date": split_headers(
            "post on,posting date,publish date,publication date,go live date,live date,"
            "posting-datum,posting-termin,posting am,post am,postdatum,posttermin,datum des posts,"
            "veröffentlichung,veröffentlichung am,veröffentlichungsdatum"
        ),
        "note": split_headers("notes,comment,comments,notiz,notizen,bemerkung,bemerkungen,anmerkung,anmerkungen"),
        "asked_on": split_headers(
            "ask on,asked on,date asked,contacted on,date contacted,offered on,date offered,offer sent on,"
            "reached out on,invited on,since,angefragt am,kontaktiert am"
        ),
        "answer_by": split_headers("answer due,answer until,reply by,respond by,antwort bis,rückmeldung bis"),
        "written": [WRITTEN_HEADER],
    },
    example="creator, state, fee",
    required=("creator", "state"),
)
