"""Note what fees say besides amounts, and add it to the roster: low ends, deliverables, offers, pay types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.quantities.parse_and_format import format_names
from microopt.readers.context import ReadContext
from microopt.readers.money.quotes import Quotes
from microopt.readers.words.price_headers import LOW_END, PRICE_PREFIX
from microopt.roster.pay_types import PAY_TYPE_NAMES, PayType
from microopt.roster.roster import Roster, TextColumn

Bools = NDArray[np.bool_]
_ENDS = {"high": "upper end", "middle": "middle", "low": "lower end"}
_REMARKS = {  # by flag: the code of a remark, and its text after the header
    "range": ("quote-range", "is a range; the {end} is used"),
    "from": ("quote-from", "says 'from' an amount; that amount is used"),
    "up-to": ("quote-up-to", "says 'up to' an amount; that amount is used"),
    "about": ("quote-about", "is approximate"),
    "dash": ("quote-dash", "ends with a dash; the amount before it is used"),
    "tax": ("quote-tax", "mentions a tax; the amount is used as written"),
    "agency": ("quote-agency", "mentions an agency fee or a commission; the amount is used as written"),
    "package": ("quote-package", "is for several deliverables together"),
    "negotiable": ("quote-negotiable", "is negotiable"),
    "period": ("quote-period", "is for a month or another period; it is used as the price of one offer"),
    "product": ("quote-product", "also mentions a product, which is not counted"),
    "worth": ("quote-worth", "is gifted; the amount is what the product is worth"),
    "several": ("quote-several", "holds several offers, each with its price"),
}
_COUNTED = {  # by flag: how cells are counted in the note
    "range": "{count:,} range{s} (the {end} is used, see --quotes)",
    "from": "{count:,} with 'from'",
    "up-to": "{count:,} with 'up to'",
    "about": "{count:,} approximate",
    "dash": "{count:,} with a dash at the end (the amount before it is used)",
    "tax": "{count:,} with a tax mentioned (none is added)",
    "agency": "{count:,} with an agency fee or a commission mentioned (none is added)",
    "negotiable": "{count:,} negotiable",
    "period": "{count:,} per month, week or year (used as the price of one offer)",
    "product": "{count:,} with a product as well (not counted)",
    "worth": "{count:,} gifted (the amount is what the product is worth)",
    "package": "{count:,} for several deliverables",
    "several": "{count:,} with several offers, each with its price",
}


def note_quotes(context: ReadContext, columns: Mapping[str, Quotes]) -> None:
    """Note, once for the file, what fees say besides amounts; remark on each row of them."""
    fees = {name: quotes for name, quotes in columns.items() if name.startswith("fee")}
    end = _ENDS[context.options.quotes]
    for name, quotes in fees.items():
        for flag, (code, text) in _REMARKS.items():
            if flag in quotes.flagged:
                context.remark(quotes.flagged[flag], code, f"{context.header(name)} {text.format(end=end)}")
        context.remark(quotes.pay == PayType.GIFTED, "gifted", f"{context.header(name)} says that the post is gifted")
        context.remark(quotes.is_open, "fee-open", f"{context.header(name)} says that the fee is not known yet")
    counts = {flag: sum(int(_flagged(quotes, flag).sum()) for quotes in fees.values()) for flag in _COUNTED}
    parts = [
        text.format(count=counts[flag], end=end, s="s" if counts[flag] > 1 else "")
        for flag, text in _COUNTED.items()
        if counts[flag]
    ]
    parts += _describe_words(context, {name: quotes.pay > 0 for name, quotes in fees.items()}, "read as 0")
    is_open = {name: quotes.is_open for name, quotes in fees.items()}
    if not context.options.fees_required:
        parts += _describe_words(context, is_open, "estimated")
    elif any(name.startswith(PRICE_PREFIX) for name in fees):
        parts += _describe_words(context, is_open, "no offer; --estimate-fees estimates it")
    if parts:
        context.notes.append(f"some fees are not plain amounts: {', '.join(parts)}")


def _flagged(quotes: Quotes, flag: str) -> Bools:
    return quotes.flagged.get(flag, np.zeros(len(quotes.low), dtype=np.bool_))


def _describe_words(context: ReadContext, masks: Mapping[str, Bools], meaning: str) -> list[str]:
    """Return how many fees are words of one meaning, and which words; nothing if none are."""
    count = sum(int(mask.sum()) for mask in masks.values())
    if not count:
        return []
    distinct = [context.raw(name)[mask].unique() for name, mask in masks.items() if mask.any()]
    words = format_names(list(dict.fromkeys(repr(str(cell).strip()[:30]) for cells in distinct for cell in cells)))
    return [f"{count:,} that say{'s' if count == 1 else ''} {words} ({meaning})"]


def pick_quotes(columns: Sequence[Quotes | None], rows: NDArray[np.intp], chosen: NDArray[np.intp]) -> Quotes | None:
    """Return what one of several columns says in each of some rows."""
    given = next((quotes for quotes in columns if quotes is not None), None)
    if given is None:
        return None
    size = len(given.low)

    def pick(name: str, default: float) -> NDArray[np.generic]:
        arrays = [np.full(size, default) if quotes is None else getattr(quotes, name) for quotes in columns]
        picked: NDArray[np.generic] = np.stack(arrays, axis=1)[rows, chosen]
        return picked

    offers: dict[str, Bools] = {}
    for place, quotes in enumerate(columns):
        for label, mask in ({} if quotes is None else quotes.offers).items():
            held = offers.setdefault(label, np.zeros(len(rows), dtype=np.bool_))
            held |= mask[rows] & (chosen == place)
    return Quotes(
        offers=offers,
        low=pick("low", np.nan).astype(np.float64),
        deliverables=pick("deliverables", np.nan).astype(np.float64),
        product=pick("product", np.nan).astype(np.float64),
        pay=pick("pay", 0).astype(np.int8),
        is_open=pick("is_open", 0).astype(np.bool_),
    )


def with_terms(roster: Roster, quotes: Quotes | None) -> Roster:
    """Return the roster with what its fees say besides amounts; what other columns say takes precedence.

    Parameters
    ----------
    quotes
        Of each row of the roster.
    """
    if quotes is None:
        return roster
    numbers = dict(roster.numbers)
    stated_by_name = {LOW_END: quotes.low, "deliverables": quotes.deliverables, "product": quotes.product}
    for name, stated in stated_by_name.items():
        if np.isfinite(stated).any():
            own = roster.number(name)
            numbers[name] = np.where(np.isnan(own), stated, own)
    texts = dict(roster.texts)
    pays = {PAY_TYPE_NAMES[pay][0]: quotes.pay == pay for pay in PAY_TYPE_NAMES}
    for name, masks in (("pay", pays), ("offer", quotes.offers)):
        used = {label: mask for label, mask in masks.items() if mask.any()}
        if used:
            texts[name] = _fill_texts(texts.get(name), used, len(roster))
    return replace(roster, numbers=numbers, texts=texts)


def _fill_texts(column: TextColumn | None, masks: Mapping[str, Bools], rows: int) -> TextColumn:
    """Return a column with its empty cells filled with the label of the mask that holds there."""
    if column is None:
        column = TextColumn(codes=np.zeros(rows, dtype=np.int32), labels=("",))
    codes, labels = column.codes.copy(), list(column.labels)
    is_empty = np.asarray([not label.strip() for label in labels], dtype=np.bool_)[codes]
    for label, mask in masks.items():
        if label not in labels:
            labels.append(label)
        codes[mask & is_empty] = labels.index(label)
    values = None
    if column.values is not None:
        values = (*column.values, *((label,) for label in labels[len(column.labels) :]))
    return TextColumn(codes=codes, labels=tuple(labels), values=values)
