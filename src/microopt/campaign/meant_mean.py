"""A mean that is written as people say it: `mean engagement_rate >= 3%`, `niche:beauty avg(views) >= 10k`."""

from __future__ import annotations

import re

from microopt.errors import CampaignError

_SAID = re.compile(
    r"(?:(all|[^\s:]+:[^\s&]+(?: *& *[^\s:]+:[^\s&]+)*) +)?(?:mean|average|avg)(?: +of)?(?: +| *\( *)"
    r'([^\W\d]\w*|"[^"]+")(?: *\))? *(\S.*)',
    re.IGNORECASE,
)


def suggest_mean(error: CampaignError, text: str) -> CampaignError:
    """Return the error of a rule, with the rule as it is to be written for a fix where a mean was meant."""
    said = _SAID.fullmatch(text.strip())
    if said is None:
        return error
    meant = f"{said[1] or 'all'} mean({said[2]}) {said[3]}"
    if meant == text.strip():
        return error
    return CampaignError(error.message, fix=f"did you mean '{meant}'?", code=error.code)
