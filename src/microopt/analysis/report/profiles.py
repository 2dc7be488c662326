"""What the roster says of the creators in a plan: where their profiles are, how engaged their followers are."""

from __future__ import annotations

from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from microopt.analysis.report.result import CreatorProfile
from microopt.quantities.profile_links import build_profile_link, parse_profile_link
from microopt.roster.roster import Roster


def creator_profiles(roster: Roster, rows: NDArray[np.intp]) -> tuple[CreatorProfile, ...]:
    """Return the profile of each of these rows."""
    rates = roster.number("engagement_rate")
    return tuple(
        CreatorProfile(
            link=_link(roster, row),
            engagement_rate=None if np.isnan(rates[row]) else float(rates[row]),
            contact=roster.text("contact", row).strip() or roster.text("email", row).strip(),
        )
        for row in rows.tolist()
    )


def _link(roster: Roster, row: int) -> str:
    """Return the link that the roster has if it leads to a profile on a known platform, else one made of the handle."""
    written = roster.text("url", row).strip()
    if written.isprintable() and parse_profile_link(written) is not None:  # what is not can turn an address around
        address = urlsplit(written if "//" in written else f"https://{written}")
        if address.scheme in ("http", "https"):
            return address.geturl()
    return build_profile_link(roster.text("platform", row), roster.text("creator", row))
