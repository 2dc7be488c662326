"""The correct form of a rule on a mean that is written as people say it, such as `mean engagement_rate >= 3%`."""

from __future__ import annotations

import re

from microopt.errors import CampaignError

_SPOKEN = re.compile(
    r"(?:(all|[^\s:]+:[^\s&]+(?: *& *[^\s:]+:[^\s&]+)*) +)?(?:mean|average|avg)(?: +of)?(?: +| *\( *)"
    r'([^\W\d]\w*|"[^"]+")(?: *\))? *(\S.*)',
    re.IGNORECASE,
)


def suggest_mean(error: CampaignError, text: str) -> CampaignError:
    """Return the error of a rule; if a mean was meant, with the rule in its correct form as the fix."""
    spoken = _SPOKEN.fullmatch(text.strip())
    if spoken is None:
        return error
    meant = f"{spoken[1] or 'all'} mean({spoken[2]}) {spoken[3]}"
    if meant == text.strip():
        return error
    return CampaignError(error.message, fix=f"did you mean '{meant}'?", code=error.code)
