"""What is said where a file of dates is asked for, and the campaign has no waves to take them from."""

from __future__ import annotations

from microopt.campaign.campaign import Campaign
from microopt.errors import UsageError


def no_calendar(campaign: Campaign) -> UsageError:
    """Return the error for dates of a campaign without a calendar.

    The days of the campaign are proposed as a wave, and not taken as one: with a wave, availability and lead times
    count, so that the plan may be another one.
    """
    if campaign.starts is not None and campaign.ends is not None:
        waves = f"--waves campaign={campaign.starts}..{campaign.ends}"
        fix = f"plan its days as one wave: {waves}; or name several, such as launch={campaign.starts}..DAY"
    else:
        fix = "name the months or weeks in which creators post, such as --waves 2027-03,2027-04"
    message = "an .ics file holds the dates of posts, which come from waves, and the campaign has none"
    return UsageError(message, fix=fix, code="no-calendar")
