"""Which posts are paid: yes and no, true and false, 1 and 0, paid and organic, ad, x."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.forecast.posts.table import ORGANIC, PAID, UNKNOWN
from microopt.quantities.keys import match_key
from microopt.readers.cells.text import to_text_column
from microopt.readers.context import ReadContext
from microopt.roster.roster import NO_WORDS, YES_WORDS

PAID_WORDS = frozenset(
    {
        *YES_WORDS,
        *("paid", "sponsored", "sponsored post", "sponsorship", "ad", "ads", "#ad", "advert", "advertisement"),
        *("paid partnership", "partnership", "paid post", "branded", "branded content", "promoted", "promo"),
        *("promotion", "commercial", "collab", "collaboration", "gifted", "1.0", "t", "wahr", "✅", "☑"),
        *("bezahlt", "gesponsert", "werbung", "anzeige", "sponsorisé", "publicité", "patrocinado", "publicidad"),
        *("sponsorizzato", "pubblicità", "publi", "patrocinada", "sponsorowany", "reklama", "реклама", "广告", "広告"),
    }
)
ORGANIC_WORDS = frozenset(
    {
        *NO_WORDS,
        *("organic", "organic post", "unpaid", "not paid", "not sponsored", "non-sponsored", "unsponsored", "own"),
        *("own post", "editorial", "regular", "0.0", "f", "falsch", "❌", "organisch", "unbezahlt", "orgánico"),
        *("organique", "organico", "orgânico", "nicht gesponsert", "keine werbung"),
    }
)


def read_paid_flags(context: ReadContext) -> NDArray[np.int8]:
    """Return which posts are paid; note cells that are neither.

    An empty cell is an organic post where the column only marks the paid ones, and else not known.
    """
    if "paid" not in context.columns:
        return np.full(len(context.table.row), UNKNOWN, dtype=np.int8)
    column = to_text_column(context.raw("paid"), placeholders=True)
    keys = [match_key(label) for label in column.labels]
    used = np.bincount(column.codes, minlength=len(keys)) > 0
    has_organic = any(key in ORGANIC_WORDS for key, is_used in zip(keys, used, strict=True) if is_used)
    has_paid = any(key in PAID_WORDS for key, is_used in zip(keys, used, strict=True) if is_used)
    empty = ORGANIC if has_paid and not has_organic else UNKNOWN
    meanings = [
        empty if not key else PAID if key in PAID_WORDS else ORGANIC if key in ORGANIC_WORDS else None for key in keys
    ]
    unknown = np.asarray([meaning is None for meaning in meanings], dtype=np.bool_)
    message = "{value} does not say whether the post was paid"
    context.fault_cells(
        "paid", unknown[column.codes], "paid-unknown", message, "write 'paid' or 'organic', or 'yes' or 'no'"
    )
    if empty == ORGANIC and any(not key for key in keys):
        context.notes.append(f"without a mark in {context.header('paid')}, a post counts as organic")
    return np.asarray([UNKNOWN if meaning is None else meaning for meaning in meanings], dtype=np.int8)[column.codes]
