"""The day of a post that was agreed, and of which nobody has said a day."""

from datetime import date

import pytest
from msgspec.structs import replace

from microopt.campaign.progress import Posting
from microopt.inflight.planned_posting import planned_posting
from tests.inflight.test_merge_contracts import contract, pick

DAY, OTHER = date(2027, 3, 16), date(2027, 3, 20)


@pytest.mark.parametrize(
    ("stated", "suggested", "found"),
    [
        (None, DAY, Posting(day=DAY)),
        (Posting(note="call Kim"), DAY, Posting(day=DAY, note="call Kim")),
        (Posting(day=OTHER), DAY, Posting(day=OTHER)),
        (Posting(day=OTHER), None, Posting(day=OTHER)),
        (None, None, None),
    ],
)
def test_a_day_is_the_suggested_one_unless_another_is_stated(stated, suggested, found):
    planned = replace(pick("@a"), posting_date=suggested)
    assert planned_posting(contract("@a", "signed", posting=stated), planned) == found
