"""JSON in bytes is what `json.dumps` writes, number by number and name by name."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.quantities.json_bytes import compact_json, indented_json
from tests.scale import examples

NUMBERS = st.one_of(
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(0, 10**18).map(lambda parts: parts / 1000),
    st.sampled_from([2**63, 2**64 - 1, 2**64, -(2**63) - 1, 1e16, 1e-4, 1e-5, -0.0, 9e15]),
)
TEXTS = st.text(st.characters(exclude_categories=()))
VALUES = st.recursive(
    NUMBERS | TEXTS | st.booleans() | st.none() | st.sampled_from(["1e5,", "e7", ":1e9}", "0.00001"]),
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
)


@settings(max_examples=examples(500))
@given(st.dictionaries(TEXTS, VALUES, max_size=3))
def test_an_object_is_the_bytes_that_json_dumps_writes(value):
    compact = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    in_order = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert b"".join(compact_json(value)) == compact.encode("utf-8", "replace")
    assert b"".join(compact_json(value, sort_keys=True)) == in_order.encode("utf-8", "replace")


@settings(max_examples=examples(500))
@given(st.dictionaries(TEXTS, VALUES, max_size=3))
def test_an_indented_object_is_what_json_dumps_indents(value):
    text = json.dumps(value, indent=2, ensure_ascii=False)
    assert b"".join(indented_json(value)) == text.encode("utf-8", "replace")


@pytest.mark.parametrize("number", [1e-5, 1e16, 1.5e-7, 5e-324, 1.7976931348623157e308, 2**70])
@pytest.mark.parametrize("place", [lambda number: number, lambda number: [number], lambda number: {"a": number}])
def test_a_number_that_msgspec_writes_in_another_way_is_written_as_json_does(number, place):
    assert (
        b"".join(compact_json({"key": place(number)}))
        == json.dumps({"key": place(number)}, separators=(",", ":")).encode()
    )
