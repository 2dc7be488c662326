"""Structs are their JSON objects: by the annotation of each field, to the last digit, and back."""

import json
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from msgspec import Struct

from microopt.quantities.codec import Codec
from microopt.quantities.kinds import DecodeError
from microopt.quantities.tables import Coded, values_of
from microopt.quantities.units import Approximate, Cents, Keys, Metrics, Ordered, Scaled, Seconds, Thousandths


class Stage(StrEnum):
    SIGNED = "signed"
    LIVE = "live"


class Part(Struct, frozen=True, kw_only=True):
    fee: Cents
    note: str = ""


def unit(name):
    return {"cost": 100, "reach": 1000}.get(name, 1)


class Whole(Struct, frozen=True, kw_only=True):
    budget: Cents | None
    metrics: Metrics
    nested: Mapping[str, Mapping[str, Cents]]
    total: Thousandths
    exact: Fraction
    near: Approximate
    parts: tuple[Part, ...]
    pair: tuple[str, Cents]
    targets: Annotated[Mapping[str, Fraction], Ordered()]
    planned: Annotated[Mapping[str, int], Scaled(unit)]
    name: str
    amount: Annotated[int | str | None, Scaled(unit, sibling="name")]
    day: date | None
    stage: Stage
    seconds: Seconds
    flag: bool
    part: Part | None = None

    computed: ClassVar[tuple[str, ...]] = ("spend",)

    @property
    def spend(self) -> Cents:
        return sum(part.fee for part in self.parts)


CODEC = Codec()
cents = st.integers(-(10**15), 10**15)
names = st.text(max_size=5)
parts = st.builds(Part, fee=cents, note=names)
# a double by its shortest text, which is what JSON holds of a fraction that is near enough
doubles = st.floats(-1e12, 1e12, allow_nan=False).map(lambda number: Fraction(repr(number)))
wholes = st.builds(
    Whole,
    budget=st.none() | cents,
    metrics=st.dictionaries(names, cents),
    nested=st.dictionaries(names, st.dictionaries(names, cents)),
    total=cents,
    exact=st.fractions(-(10**30), 10**30, max_denominator=10**30),
    near=doubles,
    parts=st.lists(parts).map(tuple),
    pair=st.tuples(names, cents),
    targets=st.dictionaries(names, st.fractions(-(10**30), 10**30, max_denominator=10**30)),
    planned=st.dictionaries(st.sampled_from(("cost", "reach", "creators")), cents),
    name=st.sampled_from(("cost", "reach", "creators")),
    amount=st.none() | cents,
    day=st.none() | st.dates(),
    stage=st.sampled_from(Stage),
    seconds=st.integers(0, 10**9).map(lambda number: number / 1000),
    flag=st.booleans(),
    part=st.none() | parts,
)


def through_json(value, **how):
    return CODEC.decode(json.loads(json.dumps(CODEC.encode(value), **how)), type(value))


@given(wholes)
def test_a_struct_comes_back_from_its_json_to_the_last_digit(whole):
    assert through_json(whole) == whole


@given(st.lists(st.tuples(st.lists(names).map(tuple), st.dictionaries(names, cents), st.lists(parts).map(tuple))))
def test_many_values_are_written_as_each_is_by_itself(values):
    hints = (tuple[str, ...], Mapping[str, Cents], tuple[Part, ...])
    for hint, column in zip(hints, zip(*values, strict=True), strict=bool(values)):
        assert CODEC.kind(hint).encode_all(column) == [CODEC.encode(value, hint) for value in column]


@given(st.lists(st.integers(-(2**62), 2**62)))
def test_columns_of_numbers_are_written_as_each_number_is(numbers):
    for hint in (Cents, int):
        kind, each = CODEC.kind(hint), [CODEC.encode(number, hint) for number in numbers]
        assert values_of(kind.encode_column(np.asarray(numbers, dtype=np.int64))) == each
        assert values_of(kind.encode_column(Coded(numbers, np.arange(len(numbers))))) == each


class Amount(Struct, frozen=True, kw_only=True):
    name: str
    amount: Annotated[int | None, Scaled(unit, sibling="name")]


def test_many_structs_have_each_the_scale_that_its_own_field_decides():
    values = [Amount(name=name, amount=1_500) for name in ("cost", "reach", "creators")]
    written = [{"name": name, "amount": amount} for name, amount in (("cost", 15), ("reach", 1.5), ("creators", 1_500))]
    assert CODEC.kind(Amount).encode_all(values) == [CODEC.encode(value) for value in values] == written


@given(wholes)
def test_a_struct_comes_back_though_the_keys_of_its_objects_were_sorted(whole):
    back = through_json(whole, sort_keys=True)
    assert back == whole
    assert list(back.targets) == list(whole.targets)


@given(wholes)
def test_the_json_of_a_struct_is_valid_by_its_schema(whole):
    schema, definitions = CODEC.schema(Whole)
    validator = Draft202012Validator({**schema, "$defs": definitions})
    assert list(validator.iter_errors(json.loads(json.dumps(CODEC.encode(whole))))) == []


def written(**facts):
    base = {
        "budget": 1999,
        "metrics": {"reach": 1500},
        "nested": {"a": {"b": 250}},
        "total": 12_345,
        "exact": Fraction(1, 3),
        "near": Fraction(1, 3),
        "parts": (Part(fee=1), Part(fee=2)),
        "pair": ("x", 5),
        "targets": {"b": Fraction(27, 25), "a": Fraction(2)},
        "planned": {"cost": 250, "reach": 1500, "creators": 3},
        "name": "cost",
        "amount": 250,
        "day": date(2026, 3, 1),
        "stage": Stage.LIVE,
        "seconds": 1.23456,
        "flag": True,
    }
    return CODEC.encode(Whole(**{**base, **facts}))


def test_the_annotation_scales_plain_integers():
    assert written() == {
        "spend": 0.03,
        "budget": 19.99,
        "metrics": {"reach": 1.5},
        "nested": {"a": {"b": 2.5}},
        "total": 12.345,
        "exact": "1/3",
        "near": 1 / 3,
        "parts": [{"fee": 0.01, "note": ""}, {"fee": 0.02, "note": ""}],
        "pair": ["x", 0.05],
        "targets": [["b", 1.08], ["a", 2]],
        "planned": {"cost": 2.5, "reach": 1.5, "creators": 3},
        "name": "cost",
        "amount": 2.5,
        "day": "2026-03-01",
        "stage": "live",
        "seconds": 1.235,
        "flag": True,
        "part": None,
    }


@pytest.mark.parametrize(("name", "amount", "shown"), [("reach", 1500, 1.5), ("creators", 3, 3), ("offer", "x", "x")])
def test_a_sibling_decides_the_unit_of_an_amount(name, amount, shown):
    assert written(name=name, amount=amount)["amount"] == shown


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"parts": [{"fee": 1}, {"fee": "x"}]}, "parts[1].fee: expected 'float', got 'str'"),
        ({"parts": [{"fee": 1}, {"note": "x"}]}, "parts[1].fee is missing"),
        ({"parts": {}}, "parts: expected 'array', got 'object'"),
        ({"flag": 1}, "flag: expected 'bool', got 'int'"),
        ({"total": True}, "total: expected 'float', got 'bool'"),
        ({"total": None}, "total: expected 'float', got 'null'"),
        ({"name": 5}, "name: expected 'str', got 'int'"),
        ({"nested": {"a": {"b": []}}}, "nested.a.b: expected 'float', got 'array'"),
        ({"pair": ["x"]}, "pair: expected 2 items, got 1"),
        ({"targets": [["a", 1], ["a", 2]]}, "targets: a name is given twice"),
        ({"exact": "1/0"}, "exact: '1/0' is not a fraction"),
        ({"budget": "5"}, "budget: expected 'float | null', got 'str'"),
        ({"exact": "1e999999999"}, "exact: '1e999999999' is not a fraction"),
        ({"exact": "1" * 200 + "/3"}, f"exact: '{'1' * 40}' is not a fraction"),
        ({"near": 10**400}, f"near: 1{'0' * 39} is out of range"),
        ({"total": -(10**400)}, f"total: -1{'0' * 38} is out of range"),
        ({"seconds": 10**400}, f"seconds: 1{'0' * 39} is out of range"),
        ({"day": "soon"}, "day: Invalid isoformat string: 'soon'"),
    ],
)
def test_what_a_type_cannot_hold_is_named_by_its_place(facts, told):
    with pytest.raises(DecodeError) as refused:
        CODEC.decode({**written(), **facts}, Whole)
    assert str(refused.value) == told


def test_a_value_that_is_not_an_object_is_refused():
    with pytest.raises(DecodeError, match="the whole of it: expected 'object', got 'array'"):
        CODEC.decode([], Whole)


def test_only_the_keys_that_a_field_asks_for_are_written():
    class View(Struct, frozen=True):
        full: Annotated[Whole, Keys(("spend", "part.fee"))]

    full = CODEC.decode({**written(), "part": {"fee": 7}}, Whole)
    assert CODEC.encode(View(full)) == {"full": {"spend": 0.03, "part": {"fee": 7.0}}}


def test_a_type_with_a_text_form_is_written_so_and_parsed():
    class Holder(Struct, frozen=True):
        parts: tuple[Part, ...]

    codec = Codec({Part: (lambda part: f"fee {part.fee}", lambda text: Part(fee=int(text.removeprefix("fee "))))})
    assert codec.encode(Holder((Part(fee=5),))) == {"parts": ["fee 5"]}
    assert codec.decode({"parts": ["fee 5"]}, Holder) == Holder((Part(fee=5),))
    with pytest.raises(DecodeError) as refused:
        codec.decode({"parts": ["fee 5", "fee x"]}, Holder)
    assert (refused.value.place, refused.value.invalid) == ("parts[1]", True)


def test_a_type_without_a_json_form_is_refused():
    with pytest.raises(TypeError, match="has no JSON form"):
        CODEC.kind(complex)
