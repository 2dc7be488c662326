"""The table of a plan over waves in the place of a list."""

import pytest

from microopt.readers.options import ReadOptions
from microopt.readers.table_of_plan import plan_as_roster

DAYS = "posting_date,approval_date,briefing_date"


@pytest.mark.parametrize(
    ("headers", "is_plan"),
    [
        (f"creator,fee,wave,{DAYS}", True),
        (f"Creator,Fee,Wave,{DAYS.replace('_', ' ').title()}", True),
        ("creator,fee,wave", False),
        (f"creator,fee,{DAYS}", False),
    ],
)
def test_a_table_with_waves_and_suggested_days_is_that_of_a_plan(tmp_path, headers, is_plan):
    path = tmp_path / "some.csv"
    path.write_text(f"{headers}\n@a{',1' * headers.count(',')}\n")
    error = plan_as_roster(str(path), ReadOptions())
    assert (error is not None) is is_plan
    assert error is None or (error.code == "roster-plan" and "give the list from which" in error.fix)


def test_what_cannot_be_read_again_is_no_plan(tmp_path):
    assert plan_as_roster("-", ReadOptions()) is None
    assert plan_as_roster(str(tmp_path / "none.csv"), ReadOptions()) is None
