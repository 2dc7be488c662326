"""Parse `[audience]`: the pools of people within which the audiences of creators overlap."""

from __future__ import annotations

from collections.abc import Mapping

from microopt.campaign.campaign import Audience
from microopt.errors import CampaignError
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import parse_number


def parse_audience(by: str | None, sizes: Mapping[str, str]) -> Audience | None:
    """Return the pools, or None if none are given.

    Parameters
    ----------
    by
        The column whose values name the pools; the niche by default.
    sizes
        People by value of that column, as text: 2_000_000, 2M.

    Raises
    ------
    CampaignError
        If a size is not a whole number of people above 0, or a column is named without sizes.
    """
    if not sizes:
        if by is None:
            return None
        fix = "give their sizes: size = { beauty = 2_000_000 }"
        raise CampaignError("[audience] names a column and no pools", fix=fix, code="audience-empty")
    keys = [match_key(name) for name in sizes]
    for key, name in zip(keys, sizes, strict=True):
        if keys.count(key) > 1:
            raise CampaignError(f"[audience]: {name} is given twice", fix="give each pool once", code="given-twice")
    return Audience(by=by or "niche", size={name: _parse_people(name, text) for name, text in sizes.items()})


def _parse_people(name: str, text: str) -> int:
    try:
        people = parse_number(text)
    except ValueError:
        people = parse_number("0")
    if people < 1 or people.denominator != 1 or people > 10**11:
        fix = f"write it like {name} = 2_000_000"
        raise CampaignError(f"[audience]: {name} = {text} is no number of people", fix=fix, code="audience-size")
    return int(people)
