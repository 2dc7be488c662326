"""Keep reading the roster as for the last plan, where a new campaign file does not say how.

A plan keeps what its flags stated, such as `--decimal ,`, only within its campaign, and a later run has no such flags.
"""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from msgspec.structs import replace

from microopt.campaign.campaign import QUOTE_ENDS, Campaign
from microopt.campaign.flag_values import NumbersInput, format_header_map
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.layered_settings import lay_over
from microopt.quantities.keys import header_key


def keep_reading_settings(settings: CampaignInput, before: Campaign) -> tuple[CampaignInput, tuple[str, ...]]:
    """Return the settings of a campaign file, completed by how the last plan read its roster, and the flags for that.

    Parameters
    ----------
    before
        The campaign of the last plan.
    """
    mapped = {header_key(header) for header in settings.columns}
    last = CampaignInput(
        numbers=None if before.decimal is None else NumbersInput(decimal=before.decimal),
        encoding=before.encoding,
        platform_default=before.platform_default,
        quotes=None if before.quotes == QUOTE_ENDS[0] else before.quotes,
        posts=before.posts,
        columns={header: column for header, column in before.columns.items() if header_key(header) not in mapped},
        estimate_fees=before.estimate_fees,
    )
    stated = {
        name for name in ("encoding", "platform_default", "quotes", "posts") if getattr(settings, name) is not None
    }
    if settings.numbers is not None and settings.numbers.decimal is not None:
        stated.add("numbers")
    if settings.estimate_fees:
        stated.add("estimate_fees")
    kept = replace(last, **{name: getattr(CampaignInput(), name) for name in stated})
    return lay_over(settings, kept), tuple(_flags(kept))


def _flags(settings: CampaignInput) -> Iterator[str]:
    """Yield the flags that mean these settings."""
    if settings.numbers is not None:
        yield f"--decimal {settings.numbers.decimal}"
    if settings.encoding is not None:
        yield f"--encoding {settings.encoding}"
    if settings.platform_default is not None:
        yield f"--platform-default {settings.platform_default}"
    if settings.quotes is not None:
        yield f"--quotes {settings.quotes}"
    if settings.posts is not None:
        yield f"--posts {quote(settings.posts)}"
    yield from (format_header_map(header, column) for header, column in settings.columns.items())
    if settings.estimate_fees:
        yield "--estimate-fees"
