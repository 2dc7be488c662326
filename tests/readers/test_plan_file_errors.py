"""A plan file is read strictly: what is damaged in it is named by its place."""

import io
import json
import sys

import pytest

from microopt.errors import UsageError
from microopt.readers.plan_file import InvalidPlanError, read_ideals, read_plan
from microopt.rendering.data.json import object_json
from tests.rendering.builders import diagnosis, plan


@pytest.fixture
def error_message(tmp_path):
    """Return a function that writes a text as a plan file and returns what is said of it."""

    def error_message(text):
        data = text if isinstance(text, bytes) else text.encode("utf-8")
        (tmp_path / "plan.json").write_bytes(data)
        with pytest.raises(UsageError) as refused:
            read_plan(str(tmp_path / "plan.json"))
        assert refused.value.code == "plan-unreadable"
        assert refused.value.fix
        return refused.value.message

    return error_message


def value():
    return json.loads(object_json(plan()))


def test_a_plan_is_read_with_every_key_it_has(tmp_path):
    (tmp_path / "plan.json").write_text(json.dumps({**value(), "more": 1}), encoding="utf-8")
    file = read_plan(str(tmp_path / "plan.json"))
    assert file.object["more"] == 1
    assert file.plan.picks[0].fee == 40_000


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe{",
        b"[1]",
        b"{",
        b'{"schema": "microopt.error/1"}',
        b"3",
        b"[" * 100_000,
        b"\x00",
        b'{"schema": "microopt.plan/1", "gap": NaN}',
        b'{"a": 1, "a": 2}',
        b'{"a": 1e999}',
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_plan_is_refused(error_message, text):
    assert "is not a plan of microopt" in error_message(text)


def test_a_number_of_thousands_of_digits_is_told_in_our_words(error_message):
    message = error_message(b'{"a": ' + b"9" * 5_000 + b"}")
    assert message.endswith(f"its JSON is damaged: {'9' * 40} is out of range")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"creator,followers,fee\na,20000,400\n", "it is a table"),
        ("\ufeffcreator,followers,fee\na,20000,400\n".encode(), "it is a table"),
        (b"PK\x03\x04 and more", "it is an Excel workbook"),
        (b'budget = "20k"\n', "it is a campaign file"),
        (b"<!doctype html><html>", "it is a web page"),
        (b"", "it is empty"),
        (b"good morning", "it is not JSON"),
        (b'{"schema": "microopt.plan/1", "gap": ', "its JSON is damaged"),
    ],
)
def test_a_file_of_another_kind_is_called_what_it_is(error_message, data, said):
    message = error_message(data)
    assert said in message
    assert "BOM" not in message


def test_a_table_in_place_of_a_plan_is_answered_with_the_command_that_plans_it(tmp_path):
    path = tmp_path / "my list.csv"
    path.write_text("creator,followers,fee\na,20000,400\n", encoding="utf-8-sig")
    with pytest.raises(UsageError) as refused:
        read_plan(str(path))
    assert refused.value.fix == f"make a plan of it first: microopt plan '{path}' --budget AMOUNT -o plan.json"


def test_a_plan_with_a_byte_order_mark_is_read(tmp_path):
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(value()), encoding="utf-8-sig")
    assert read_plan(str(path)).plan.picks[0].fee == 40_000


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("2", "plan-newer"),
        ("10", "plan-newer"),
        ("0", "plan-unreadable"),
        ("1.5", "plan-unreadable"),
        ("two", "plan-unreadable"),
    ],
)
def test_a_plan_of_a_newer_microopt_is_called_so(tmp_path, number, code):
    path = tmp_path / "newer.json"
    path.write_text(json.dumps({**value(), "schema": f"microopt.plan/{number}"}), encoding="utf-8")
    for read in (read_plan, read_ideals):
        with pytest.raises(UsageError) as refused:
            read(str(path))
        assert refused.value.code == code
        assert ("written by a newer microopt" in refused.value.message) == (code == "plan-newer")
        assert ("update microopt" in refused.value.fix) == (code == "plan-newer")


def test_a_diagnosis_is_no_plan(error_message):
    assert "why there is no plan" in error_message(object_json(diagnosis()))


@pytest.mark.parametrize("key", ["proof", "picks", "campaign", "claims", "seal", "microopt"])
def test_a_missing_field_is_named(error_message, key):
    broken = value()
    del broken[key]
    assert f"{key} is missing" in error_message(json.dumps(broken))


def test_a_missing_field_of_a_pick_is_named_with_its_number(error_message):
    broken = value()
    del broken["picks"][3]["fee"]
    assert "picks[3].fee is missing" in error_message(json.dumps(broken))


@pytest.mark.parametrize(
    ("path", "leaf", "place"),
    [
        (("picks", 3, "fee"), "400", "picks[3].fee: expected 'float', got 'str'"),
        (("picks", 2, "units"), True, "picks[2].units: expected 'int', got 'bool'"),
        (("proof", "row_prices", 1), None, "proof.row_prices[1]: expected 'float', got 'null'"),
        (("picks", 1, "niche", 0), 5, "picks[1].niche[0]: expected 'str', got 'int'"),
        (("ideals", 0, "total"), "x", "ideals[0].total: expected 'float', got 'str'"),
        (("picks", 1, "metrics", "reach"), "x", "picks[1].metrics.reach: expected 'float', got 'str'"),
        (("totals",), [], "totals: expected 'object', got 'array'"),
        (("campaign", "rules"), {}, "campaign.rules: expected 'array', got 'object'"),
    ],
)
def test_a_field_of_another_type_is_named(error_message, path, leaf, place):
    broken = value()
    at = broken
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = leaf
    assert place in error_message(json.dumps(broken))


def test_a_file_that_is_not_there_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        read_plan(str(tmp_path / "none.json"))
    with pytest.raises(UsageError, match="cannot be read"):
        read_plan(str(tmp_path))


def test_what_is_wrong_with_standard_input_is_not_told_of_a_dash(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
    with pytest.raises(UsageError, match=r"^standard input is not a plan of microopt: it is empty$"):
        read_plan("-")


@pytest.mark.parametrize(
    ("name", "stated", "reason"),
    [
        ("encoding", "x", "there is no encoding 'x'"),
        ("encoding", "hex", "there is no encoding 'hex'"),
        ("encoding", "a\0b", "there is no encoding"),
        ("platform_default", "insta", "there is no platform 'insta'"),
        ("decimal", ";", "';' is not a decimal mark"),
    ],
)
def test_a_setting_of_reading_that_no_campaign_can_have_is_named(tmp_path, name, stated, reason):
    broken = value()
    broken["campaign"][name] = stated
    (tmp_path / "plan.json").write_text(json.dumps(broken), encoding="utf-8")
    with pytest.raises(InvalidPlanError, match=reason) as refused:
        read_plan(str(tmp_path / "plan.json"))
    assert refused.value.place == f"campaign.{name}"


@pytest.mark.parametrize("part", ["campaign", "roster"])
@pytest.mark.parametrize("currency", ["\x1b[31mUSD", "usd", "ZZZ", "", "USD\n::error::"])
def test_a_currency_is_a_known_code_in_a_plan_file_too(tmp_path, part, currency):
    broken = value()
    broken[part]["currency"] = currency
    (tmp_path / "plan.json").write_text(json.dumps(broken), encoding="utf-8")
    with pytest.raises(InvalidPlanError, match="there is no currency") as refused:
        read_plan(str(tmp_path / "plan.json"))
    assert refused.value.place == f"{part}.currency"


def test_a_rate_of_exchange_is_of_a_known_currency_in_a_plan_file_too(tmp_path):
    broken = value()
    broken["campaign"]["exchange"] = {"\x1b[31m": "1/2"}
    (tmp_path / "plan.json").write_text(json.dumps(broken), encoding="utf-8")
    with pytest.raises(InvalidPlanError, match="there is no currency"):
        read_plan(str(tmp_path / "plan.json"))


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000 + "]" * 100_000, '{"a":' * 100_000 + "1" + "}" * 100_000, None],
    ids=["lists", "objects", "a plan"],
)
def test_json_that_is_nested_too_deep_is_no_plan(error_message, tmp_path, text):
    text = text or json.dumps({**value(), "more": "x"}).replace('"x"', "[" * 900 + "]" * 900)
    assert error_message(text).endswith("is not a plan of microopt: its JSON is nested too deep")
    with pytest.raises(UsageError, match="nested too deep"):
        read_ideals(str(tmp_path / "plan.json"))


@pytest.mark.parametrize("name", ["reach", "clicks", "conversions"])
def test_a_metric_that_is_missing_is_named_with_its_place(error_message, name):
    broken = value()
    del broken["picks"][1]["metrics"][name]
    assert error_message(json.dumps(broken)).endswith(f"is not a plan of microopt: picks[1].metrics.{name} is missing")
    broken = value()
    del broken["totals"]["metrics"][name]
    assert error_message(json.dumps(broken)).endswith(f": totals.metrics.{name} is missing")
