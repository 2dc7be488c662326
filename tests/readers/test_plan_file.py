"""What another plan takes over from a plan file."""

import json

import pytest

from microopt.errors import UsageError
from microopt.readers.plan_file import read_ideals, read_plan
from microopt.rendering.data.json import object_json
from tests.rendering.builders import ideal, plan

KEPT = (ideal("engagements", 9_000_001), ideal("conversions", 333))


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "plan.json"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write


def refusal(path):
    """Return the code with which a file is refused, and whether the refusal has a fix."""
    with pytest.raises(UsageError) as error:
        read_ideals(path)
    return error.value.code, bool(error.value.fix)


def test_ideals_come_back_to_the_thousandth(write):
    assert read_ideals(write(object_json(plan(ideals=KEPT)))) == KEPT


def test_a_plan_of_another_goal_has_none(write):
    assert refusal(write(object_json(plan(ideals=())))) == ("ideals-missing", True)


@pytest.mark.parametrize("total", [-1.0, 1e300, 9001.0])
def test_ideals_that_no_plan_could_have_are_refused(write, total):
    value = json.loads(object_json(plan(ideals=KEPT)))
    value["ideals"][0]["total"] = total
    assert refusal(write(json.dumps(value))) == ("ideals-missing", True)


def test_ideals_with_which_no_plan_could_be_read_again_are_refused(write):
    value = json.loads(object_json(plan(ideals=KEPT)))
    value["ideals"][0].update(total=1e13, bound=1e13)
    assert refusal(write(json.dumps(value))) == ("ideals-missing", True)


@pytest.mark.parametrize("text", ["", "creator,fee\n", "[]", "{}", '{"schema": "microopt.forecast/1"}', b"\xff\xfe"])
def test_a_file_that_is_no_plan_is_told(write, text):
    assert refusal(write(text)) == ("plan-unreadable", True)


def test_a_file_that_is_not_there_is_told(tmp_path):
    assert refusal(str(tmp_path / "none.json")) == ("file-missing", True)
    assert refusal(str(tmp_path)) == ("file-missing", True)


def test_a_plan_of_a_version_that_knew_less_is_read(write):
    value = json.loads(object_json(plan()))
    for part, keys in (
        (value, ("earnings", "on_target")),
        (
            value["campaign"],
            (
                *("margin", "returns", "ltv", "fit", "target_audience", "posts"),
                *("worst_share", "scenarios", "declines", "calendar", "fees"),
            ),
        ),
        (value["roster"], ("usual_fees",)),
        (value["roster"]["source"], ("posts_sha256",)),
        *((each, ("profit",)) for each in (value["totals"], *value["picks"])),
    ):
        for key in keys:
            del part[key]
    old = read_plan(write(json.dumps(value))).plan
    assert (old.campaign, old.totals, old.picks) == (plan().campaign, plan().totals, plan().picks)
