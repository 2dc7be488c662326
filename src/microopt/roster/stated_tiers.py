"""A roster's own tiers against the bands by followers."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from microopt.campaign.campaign import TierBands
from microopt.quantities.keys import match_key
from microopt.roster.roster import Roster, tiers_by_followers
from microopt.roster.value_words import tier_name


def note_other_tiers(roster: Roster, bands: TierBands) -> Roster:
    """Return the roster with a note if its own tiers differ from those by followers, `roster` itself if they do not.

    Tiers whose names are not those of the bands say nothing about followers.
    """
    column, places = roster.texts["tier"], {match_key(name): place for place, name in enumerate(bands.names)}
    if column.labels is bands.names:
        return roster
    stated = [places.get(tier_name(label) or match_key(label), -1) for label in column.labels]
    own, by_followers = np.asarray(stated, dtype=np.intp)[column.codes], tiers_by_followers(roster, bands)
    rows = np.flatnonzero((own >= 0) & (own != by_followers))
    if not len(rows):
        return roster
    creators = np.unique(np.stack([own[rows], by_followers[rows], roster.creator_id[rows]]), axis=1)
    kinds, counts = np.unique(creators[:2], axis=1, return_counts=True)
    most = int(counts.argmax())
    count, rest = int(counts[most]), int(counts.sum() - counts[most])
    subject = "1 creator is" if count == 1 else f"{count:,} creators are"
    more = f", {rest:,} more {'differs' if rest == 1 else 'differ'} as well" if rest else ""
    name, name_by_followers = (bands.names[place] for place in kinds[:, most].tolist())
    difference = f"{subject} {name!r} in your list and {name_by_followers} by followers{more}"
    return replace(roster, notes=(*roster.notes, f"{difference}; rules use your list's tier"))
