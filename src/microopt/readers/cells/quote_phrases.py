"""What the cells of one shape say where an amount of money is expected: `$0,000 - 0,000`, `from 000`, `gifted`, `tbc`.

A small grammar in which every word must be known (`quote_words.toml`): a cell with any other word stays a fault.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from microopt.quantities.currencies import FIRST_UNSPACED, currency_pattern
from microopt.quantities.format_words import words_of_format
from microopt.quantities.keys import header_key
from microopt.quantities.number_units import UNIT_WORDS
from microopt.quantities.size_limits import MAX_QUOTE_CHARACTERS
from microopt.readers.cells.text_shapes import LONE_ZERO
from microopt.readers.words.price_headers import TAX_WORDS, format_words, platform_words
from microopt.readers.words.vocabulary import ALIASES
from microopt.roster.pay_types import FEELESS_TYPES, PAY_TYPE_NAMES, PayType, parse_pay_type

# The letters that stand for the groups of phrases in `quote_words.toml`, in the grammar below.
# N stands for an amount, R for a rate: 20%.
_LETTER_BY_GROUP = {
    "about": "A",
    "from": "F",
    "between": "B",
    "up_to": "U",
    "up_to_or_range": "V",
    "range": "T",
    "dash": "S",
    "about_or_range": "E",
    "range_or_per": "Q",
    "or_more": "M",
    "per": "P",
    "with_or_without": "H",
    "tax": "X",
    "paid_to_agency": "J",
    "net_or_gross": "Y",
    "negotiable": "O",
    "idle": "I",
    "each": "D",
    "lead": "L",
    "times": "C",
    "period": "K",
    "worth": "Z",
    "work": "W",
}
_BETWEEN_OFFERS = re.compile(r"[;|] *|(?<! ) ++(?:[;|] *|(?:[/+&]|and|und|et|y|e|и) +)|, +|,(?=[^\W\d_])")
_ON_TOP = "[MH]?R?[XJ]|MRL"  # a tax, or what an agency takes: `+ 20% agency`, `+ 20% fee`
_BEFORE_AMOUNT = "(?:[MH]R?[XJ]|Y)*"  # `zzgl. MwSt. 900`, `netto 900`; but `MwSt. 900` is an amount of tax
_AFTER_AMOUNT = f"(?:{_ON_TOP}|Y|O|I|A)*"
_AFTER_ONE = f"(?:{_ON_TOP}|Y|O|I|A|D|[PQ]?W|[PQ]K)*"  # one W each time: W+ could divide a run in many ways
_GIFT = "G"  # a word for a gifted post, which is a pay type
_FORMS = tuple(
    re.compile(form)
    for form in (
        f"O?L?{_BEFORE_AMOUNT}(?:W+S?)?(?P<up_to>[UV])[AE]?N" + _AFTER_ONE,
        f"O?L?{_BEFORE_AMOUNT}(?:W+S?)?(?:(?P<start>F)|B)?[AE]?N"
        "(?P<range>[TVSEQ][AE]?N)?(?P<more>M(?![XJR]))?" + _AFTER_ONE,
        "L?(?P<count>N)C?W+[SPQ]?N" + _AFTER_AMOUNT,
        "L?(?P<count>N)W*(?P<times>C)N" + _AFTER_AMOUNT,
        "(?P<gift>G)S?Z[AE]?N",
        "(?P<product>G)[MT]N",
        "N[MT](?P<product>G)",
        "L?N[PS]?(?P<count>N)C?W+" + _AFTER_AMOUNT,
        "L?(?P<range>NPN)" + _AFTER_AMOUNT,
        "L?N(?P<dash>S)",
    )
)


_EXPONENT = re.compile(r"0[ey]0", re.IGNORECASE)


class Phrase(Struct, frozen=True, kw_only=True):
    """What the cells of one shape say.

    Attributes
    ----------
    spans
        Where the digits of the amounts are, in bytes: of none, one, or the two ends of a range.
    units, currencies
        The unit and the currency of each amount, empty where none is written.
    count_span
        Where the number of deliverables is, or None.
    offer
        What is offered, as written; empty for work in any format.
    work
        What is offered, as written, also if that is a post.
    flags
        What is to be noted: `range`, `from`, `up-to`, `about`, `tax`, `agency` (its share, or a commission), `package`,
        `unit`, `negotiable`, `period` (the amount is for a month, say), `product` (one is given too). `count`: the
        number may be one of deliverables. `times`: the amount is for one of them. `worth`: it is what a gifted product
        is worth. `slash`: a slash stands between the ends of the range. `dash`: a dash follows the amount.
    pay
        How the creator is paid, where the words say it.
    is_open
        The fee is not known yet.
    parts
        The offers of a cell that has several, `Reel 500, Story 200`; nothing else is stated then.
    """

    spans: tuple[tuple[int, int], ...] = ()
    units: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()
    count_span: tuple[int, int] | None = None
    offer: str = ""
    work: str = ""
    flags: frozenset[str] = frozenset()
    pay: PayType = PayType.UNSPECIFIED
    is_open: bool = False
    parts: tuple[Phrase, ...] = ()


@cache
def _words() -> Mapping[str, Any]:
    return tomllib.loads(resources.files("microopt.readers.words").joinpath("quote_words.toml").read_text("utf-8"))


@cache
def open_words() -> frozenset[str]:
    """Return the keys of the words for a fee that is not known yet."""
    return frozenset(header_key(word) for word in _words()["open_fee"])


@cache
def hidden_words() -> frozenset[str]:
    """Return the keys of the words for a figure that is not public."""
    return frozenset(header_key(word) for word in _words()["hidden"])


@cache
def included_words() -> frozenset[str]:
    """Return the words for a surcharge that costs nothing on top of the fee."""
    return frozenset(_words()["included"])


@cache
def _letters() -> Mapping[str, str]:
    groups = _words()["phrases"]
    gifts = {name.casefold(): _GIFT for name in PAY_TYPE_NAMES[PayType.GIFTED]}
    taxes = dict.fromkeys(TAX_WORDS, _LETTER_BY_GROUP["tax"])
    shares = [header.casefold() for column in ("agency", "commission") for header in ALIASES[column]]
    on_top = taxes | dict.fromkeys(shares, _LETTER_BY_GROUP["paid_to_agency"])
    return gifts | on_top | {phrase: letter for group, letter in _LETTER_BY_GROUP.items() for phrase in groups[group]}


@cache
def _generic_work() -> frozenset[str]:
    """Return the words for work in any format."""
    return words_of_format("post") | frozenset(_words()["phrases"]["work"])


@cache
def _amount_pattern() -> re.Pattern[str]:
    """Return the pattern of an amount in a shape: digits with marks, a unit, a currency before or after it."""
    zero = rf"[0{LONE_ZERO}]"
    digits = rf"(?:{zero}{{1,3}}(?:[ .,'’]000)+(?!0)|{zero}+)(?:[.,]0+)?"
    sign = currency_pattern()
    units = "|".join(map(_bounded, UNIT_WORDS[1:]))  # without the percent sign
    unit = rf"(?:{units})\.?"
    before, after = rf"(?:(?P<before>{sign}) ?)?", rf"(?: ?(?P<after>{sign}))?"
    return re.compile(rf"{before}(?P<digits>{digits})(?:[.,][-–—]{{1,2}})?(?: ?(?P<unit>{unit}))?{after}")


@cache
def _token_pattern() -> re.Pattern[str]:
    """Return the pattern of one token: a rate, an amount, a phrase, or idle punctuation."""
    phrases = sorted({*_letters(), *format_words()}, key=lambda phrase: (-len(phrase), phrase))
    bounded = "|".join(map(_bounded, phrases))
    rate = rf"[0{LONE_ZERO}]{{1,2}}(?:[.,]0{{1,2}})? ?%"
    idle = r"[ (),:;=.\[\]]+"
    amount = _amount_pattern().pattern
    return re.compile(rf"(?P<rate>{rate})|(?P<amount>{amount})|(?P<phrase>{bounded})|(?P<idle>{idle})")


def _bounded(phrase: str) -> str:
    """Return a pattern of a phrase that is not part of a longer word; Chinese has no spaces between words."""
    is_word = phrase[-1].isalpha() and phrase[-1] < FIRST_UNSPACED
    before = r"(?<![^\W\d_])" if is_word and phrase[0].isalpha() else ""
    return before + re.escape(phrase) + (r"(?![^\W\d_])" if is_word else "")


@lru_cache(maxsize=4096)
def read_phrase(shape: str) -> Phrase | None:
    """Return what the cells of a shape say, or None if any word of it is unknown."""
    if len(shape) > MAX_QUOTE_CHARACTERS:
        return None
    if _EXPONENT.search(shape):  # `4e50` is not a range from 4 to 50, though `e` is a word for "and"
        return None
    return _read_one(shape) or _read_several(shape)


def _read_several(shape: str) -> Phrase | None:
    """Return what a cell says that lists several offers, each with its own price."""
    ends = [0, *(at for match in _BETWEEN_OFFERS.finditer(shape) for at in match.span()), len(shape)]
    parts = []
    for start, end in zip(ends[::2], ends[1::2], strict=True):
        part = _read_one(shape[start:end])
        if part is None or not part.spans or not part.work:
            return None
        parts.append(_shift(part, len(shape[:start].encode("utf-8", "surrogateescape"))))
    offers = {part.work for part in parts}
    return Phrase(parts=tuple(parts)) if len(parts) > 1 and len(offers) == len(parts) else None


def _shift(part: Phrase, by: int) -> Phrase:
    count = part.count_span
    return replace(
        part,
        spans=tuple((start + by, end + by) for start, end in part.spans),
        count_span=None if count is None else (count[0] + by, count[1] + by),
    )


def _read_one(shape: str) -> Phrase | None:
    text = "".join(lower if len(lower := letter.lower()) == 1 else letter for letter in shape)
    words = _read_words(text)
    if words is not None:
        return words
    letters, amounts, work = "", [], []
    at = 0
    while at < len(text):
        token = _token_pattern().match(text, at)
        if token is None:
            return None
        at = token.end()
        if token["rate"] is not None:
            letters += "R"
        elif token["amount"] is not None:
            letters += "N"
            amounts.append(token)
        elif token["phrase"] is not None:
            letters += _letters().get(token["phrase"], "W")
            work.extend([token["phrase"]] if letters[-1] == "W" else [])
    return _parse_form(letters, amounts, work, shape)


def _read_words(text: str) -> Phrase | None:
    """Return what a cell of words alone says: gifted, or not known yet."""
    if not text.strip(" ?¿.…*-–—/"):
        return Phrase(is_open=True) if set(text) & set("?-–—") else None
    if any(letter in "0" + LONE_ZERO for letter in text):
        return None
    parts = [part for part in re.split(r"[(),;:+&*?!/\[\]|–—-]+", text) if part.strip()]
    pays = {parse_pay_type(part) for part in (parts if parse_pay_type(text) is None else [text])}
    if len(pays) == 1 and (pay := pays.pop()) in FEELESS_TYPES and pay is not None:
        return Phrase(pay=pay)
    if _describes_gift(text):
        return Phrase(pay=PayType.GIFTED)
    is_open = header_key(text) in open_words() or (parts and all(header_key(part) in open_words() for part in parts))
    return Phrase(is_open=True) if is_open else None


def _describes_gift(text: str) -> bool:
    """Whether a cell says that a post is gifted, in words that say nothing else: `free in exchange for a product`."""
    words, others = set(re.findall(r"[^\W\d_]+", text)), set(_words()["with_gift"])
    gifts = {name.casefold() for name in PAY_TYPE_NAMES[PayType.GIFTED]} - others
    return bool(words & gifts) and words <= gifts | others | format_words()


def _parse_form(letters: str, amounts: list[re.Match[str]], work: list[str], shape: str) -> Phrase | None:
    """Return what a sequence of tokens says, by the first form of the grammar that it has."""
    match = next(filter(None, (form.fullmatch(letters) for form in _FORMS)), None)
    if match is None or letters == "N" or shape.lstrip().startswith("("):  # an accountant writes (500) for -500
        return None
    groups = match.groupdict()
    is_slashed = groups.get("range") == "NPN"
    if is_slashed and "/" not in shape:
        return None
    named = " ".join(work) if set(work) - _generic_work() - platform_words() else ""
    count = letters[: match.start("count")].count("N") if groups.get("count") else None
    priced = [amount for place, amount in enumerate(amounts) if place != count]
    if count is not None and (amounts[count]["unit"] or amounts[count]["before"] or amounts[count]["after"]):
        return None
    flags = {
        "range": groups.get("range"),
        "slash": is_slashed,
        "from": (groups.get("start") and not groups.get("range")) or groups.get("more"),
        "up-to": groups.get("up_to"),
        "about": re.search("A|(?<!N)E", letters),
        "tax": re.search("X|Y", letters),
        "agency": re.search("J|RL", letters),
        "package": count is not None,
        "unit": count is None and work,
        "negotiable": "O" in letters,
        "count": re.match("L?NW", letters),
        "times": groups.get("times"),
        "period": "K" in letters,
        "worth": groups.get("gift"),
        "product": groups.get("product"),
        "dash": groups.get("dash"),
    }
    return Phrase(
        spans=tuple(_byte_span(shape, amount.span("digits")) for amount in priced),
        units=tuple(amount["unit"] or "" for amount in priced),
        currencies=tuple(amount["before"] or amount["after"] or "" for amount in priced),
        count_span=None if count is None else _byte_span(shape, amounts[count].span("digits")),
        offer=named,
        work=" ".join(work),
        flags=frozenset(flag for flag, has_it in flags.items() if has_it),
        pay=PayType.GIFTED if groups.get("gift") else PayType.UNSPECIFIED,
    )


def _byte_span(shape: str, span: tuple[int, int]) -> tuple[int, int]:
    start, end = (len(shape[:at].encode("utf-8", "surrogateescape")) for at in span)
    return start, end
