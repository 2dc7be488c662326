"""JSON of a table is what `json.dumps` writes of its objects."""

import json

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from microopt.quantities.json_bytes import compact_json, indented_json
from microopt.quantities.json_tables import AT_ONCE
from microopt.quantities.tables import Coded, Table
from tests.quantities.test_json_bytes import TEXTS, VALUES
from tests.scale import examples

KEYS = TEXTS | st.sampled_from(["%", "%b", "a,b", "##[", '"'])


@st.composite
def tables(draw, size, depth=2):
    """Draw tables of so many objects, with tables in them."""
    values = st.lists(VALUES | st.sampled_from(["%s", '","', "[", "{"]), min_size=size, max_size=size)
    constant = VALUES.map(lambda value: [value] * size)
    codes = st.lists(st.integers(0, 2), min_size=size, max_size=size).map(np.asarray).map(lambda each: each.astype(int))
    coded = st.builds(Coded, st.lists(VALUES, min_size=3, max_size=3), codes)
    columns = values | constant | coded | codes
    columns = columns | tables(size, depth - 1) if depth else columns
    return Table(draw(st.dictionaries(KEYS, columns, min_size=1, max_size=3)))


@settings(max_examples=examples(300))
@given(st.integers(0, 4).flatmap(tables))
def test_a_table_is_written_as_its_objects_are(table):
    value = {"before": 1, "picks": table.rows(), "after": []}
    written = {**value, "picks": table}
    in_order = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    compact = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    for _ in range(2):  # what was written once is kept
        assert b"".join(compact_json(written, sort_keys=True)) == in_order.encode("utf-8", "replace")
        assert b"".join(compact_json(written)) == compact.encode("utf-8", "replace")
        assert b"".join(indented_json(written)) == json.dumps(value, indent=2, ensure_ascii=False).encode(
            "utf-8", "replace"
        )


@settings(max_examples=examples(300))
@given(st.integers(1, 4).flatmap(tables))
@example(Table({"plain": ["é", "x"], "é": ["##[", "x"], "lists": [["é"], []]}))
def test_texts_of_a_table_are_escaped_as_those_of_its_objects(table):
    def escape(encoded):
        return encoded.replace("é".encode(), rb"\u00e9").replace(b"##[", rb"##\u005b")

    assert b"".join(indented_json({"picks": table}, escape)) == escape(b"".join(indented_json({"picks": table.rows()})))


def test_objects_with_these_keys_alone_are_selected():
    table = Table({"a": [1, 2], "b": ["x", "y"]})
    assert table.select(["b"]).rows() == [{"b": "x"}, {"b": "y"}]


def test_many_objects_are_written_some_at_a_time():
    for size in (AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 3 * AT_ONCE):
        table = Table({"number": list(range(size)), "same": ["x"] * size})
        assert b"".join(compact_json({"picks": table})) == b"".join(compact_json({"picks": table.rows()}))
        assert b"".join(indented_json({"picks": table})) == b"".join(indented_json({"picks": table.rows()}))
