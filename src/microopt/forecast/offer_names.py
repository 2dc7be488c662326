"""What an offer's name says: `2x Instagram Story` is a story, twice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from microopt.benchmarks.table import PLATFORMS
from microopt.quantities.keys import header_key

_COUNT = re.compile(r"(?<!\d)(\d{1,3})\s*[x×](?![a-z0-9])|(?<![a-z0-9])[x×]\s*(\d{1,3})(?!\d)|^\s*(\d{1,3})\s+(?=\D)")
_PLATFORM_WORDS = {*PLATFORMS, "ig", "insta", "tt", "yt"}


class OfferName(Struct, frozen=True):
    """A name taken apart: `key` is what formats are known by, `count` how many deliverables it says (1 if none)."""

    key: str
    count: int


def offer_name(label: str) -> OfferName:
    """Take an offer's name apart; platforms in it are left out unless nothing else is there."""
    text = label.casefold()
    found = _COUNT.search(text)
    count = int(next(filter(None, found.groups()))) if found else 1
    words = re.findall(r"[^\W_]+", _COUNT.sub(" ", text, count=1))
    kept = [word for word in words if word not in _PLATFORM_WORDS] or words
    return OfferName(header_key(" ".join(kept)), max(count, 1))


def place_of(name: OfferName, formats: Mapping[str, Mapping[str, Any]]) -> int | None:
    """Return the position among a platform's formats of the one that a name means, or None."""
    known = {header_key(alias): place for place, block in enumerate(formats.values()) for alias in block["names"]}
    return known.get(name.key, known.get(name.key.removesuffix("s")))
