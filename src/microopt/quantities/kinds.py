"""How values of each type are written as JSON types and read; `microopt.quantities.codec` chooses the kind."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import Enum
from fractions import Fraction
from itertools import chain, islice
from math import isfinite
from operator import itemgetter
from typing import Any

import numpy as np

from microopt.errors import MicrooptError
from microopt.quantities.tables import Coded, Column, Table, values_of

Definitions = dict[str, dict[str, Any]]


class DecodeError(ValueError):
    """A JSON value that its type cannot hold.

    Attributes
    ----------
    place
        Where it is in the whole value: `picks[3].fee`.
    invalid
        Whether the value has the right form and still means nothing, such as a rule that cannot be parsed.
    """

    def __init__(self, message: str, *, place: str = "", invalid: bool = False) -> None:
        super().__init__(message)
        self.message, self.place, self.invalid = message, place, invalid

    def within(self, key: str | int) -> DecodeError:
        """Return the same error, seen from the object or list around it."""
        step = f"[{key}]" if isinstance(key, int) else key
        joint = "." if self.place and not self.place.startswith("[") else ""
        return DecodeError(self.message, place=f"{step}{joint}{self.place}", invalid=self.invalid)

    def __str__(self) -> str:
        if self.message == MISSING:
            return f"{self.place} {MISSING}"
        return f"{self.place or 'the whole of it'}: {self.message}"


MISSING = "is missing"
EXACT = 1 << 53  # below which each integer is a double
FRACTION = re.compile(r"-?\d{1,100}/\d{1,100}")
JSON_TYPES = {
    bool: "bool",
    int: "int",
    float: "float",
    str: "str",
    list: "array",
    dict: "object",
    types.NoneType: "null",
}


def _mismatch(expected: str, value: Any) -> DecodeError:
    return DecodeError(f"expected '{expected}', got '{JSON_TYPES.get(type(value), type(value).__name__)}'")


def _finite(number: float) -> float:
    """Return a number, once a double can hold one of its size."""
    try:
        finite = isfinite(number)
    except OverflowError:
        finite = False
    if not finite:
        raise DecodeError(f"{str(number)[:40]} is out of range")
    return number


class Kind:
    """How values of one type are written and read.

    Attributes
    ----------
    python
        The class of the values.
    json
        The types that they have in JSON.
    """

    python: Any = object
    json: tuple[type, ...] = ()

    def encode(self, value: Any) -> Any:
        """Return a value as JSON types."""
        return value

    def encode_all(self, values: Sequence[Any]) -> list[Any]:
        """Return many values as JSON types; of tens of thousands of structs, column by column is much faster."""
        return list(values_of(self.encode_column(values)))

    def encode_column(self, values: Column) -> Column:
        """Return many values as JSON types, as a table where they are objects of the same keys."""
        if isinstance(values, Coded):
            return values.with_values(self.encode_all(values.values))
        return self._encode_values(values)

    def _encode_values(self, values: Column) -> Column:
        return list(map(self.encode, values_of(values)))

    def decode(self, value: Any) -> Any:
        """Return the value that JSON types stand for.

        Raises
        ------
        DecodeError
            If they are not of this type.
        """
        if type(value) not in self.json:
            raise _mismatch(JSON_TYPES[self.json[-1]], value)
        return value

    def narrowed(self, _keys: Sequence[str]) -> Kind:
        """Return the kind that writes some keys alone, all where none are given."""
        return self

    def schema(self, _definitions: Definitions) -> dict[str, Any]:
        """Return the JSON Schema, and add those of the structs that it refers to."""
        names = {"bool": "boolean", "int": "integer", "float": "number", "str": "string"}
        return {"type": names[JSON_TYPES[self.json[-1]]]}


class AnythingKind(Kind):
    """Any JSON value, as it is."""

    json = tuple(JSON_TYPES)

    def schema(self, _definitions: Definitions) -> dict[str, Any]:
        return {}


class ScalarKind(Kind):
    """A boolean, an integer or a text."""

    def __init__(self, python: type) -> None:
        self.python = python
        self.json = (python,)

    def encode(self, value: Any) -> Any:
        return self.python(value)

    def _encode_values(self, values: Column) -> Column:
        return list(map(self.python, values_of(values)))


class FloatKind(Kind):
    """A number, rounded to some decimals where these are given."""

    python, json = (float, int), (int, float)

    def __init__(self, decimals: int | None = None) -> None:
        self._decimals = decimals

    def encode(self, value: Any) -> float:
        return float(value) if self._decimals is None else round(float(value), self._decimals)

    def decode(self, value: Any) -> float:
        return float(_finite(super().decode(value)))


class IntegerKind(Kind):
    """An integer that counts parts of a number."""

    python, json = int, (int, float)

    def __init__(self, factor: int) -> None:
        self._factor = factor

    def encode(self, value: int) -> float | int:
        return value if self._factor == 1 else value / self._factor

    def _encode_values(self, values: Column) -> Column:
        factor = self._factor
        if factor == 1:
            return values_of(values)
        if isinstance(values, np.ndarray) and len(values) and values.min() > -EXACT and values.max() < EXACT:
            parts: list[float] = (values / factor).tolist()
            return parts
        return [value / factor for value in values_of(values)]

    def decode(self, value: Any) -> int:
        return round(Fraction(_finite(super().decode(value))) * self._factor)


class PartsKind(FloatKind):
    """A number of parts that need not be whole, such as an average in cents; JSON holds four decimals."""

    def __init__(self, factor: int) -> None:
        super().__init__(4)
        self._factor = factor

    def encode(self, value: Any) -> float:
        return super().encode(value / self._factor)

    def decode(self, value: Any) -> float:
        return super().decode(value) * self._factor


class FractionKind(Kind):
    """An exact fraction: a number where one holds it, else text such as `1/3`."""

    python: Any = Fraction
    json: tuple[type, ...] = (str, int, float)

    def encode(self, value: Fraction) -> Any:
        if value.denominator == 1:
            return int(value)
        return float(value) if decimal_fraction(float(value)) == value else str(value)

    def decode(self, value: Any) -> Fraction:
        if not isinstance(value, str):
            return decimal_fraction(_finite(super().decode(value)))
        try:
            if FRACTION.fullmatch(value):
                return Fraction(value)
        except ZeroDivisionError:
            pass
        raise DecodeError(f"{value[:40]!r} is not a fraction", invalid=True)

    def schema(self, _definitions: Definitions) -> dict[str, Any]:
        return {"type": ["number", "string"]}


class ApproximateKind(FractionKind):
    """A fraction as the double that is nearest to it, or as an integer where it is one."""

    json = (int, float)

    def encode(self, value: Fraction) -> float | int:
        return int(value) if value.denominator == 1 else float(value)

    def schema(self, _definitions: Definitions) -> dict[str, Any]:
        return {"type": "number"}


def decimal_fraction(number: float) -> Fraction:
    """Return the fraction that a number stands for as it is written: 1.08 is 27/25."""
    return Fraction(repr(number))


class TextKind(Kind):
    """A value with a text form: a date, an enumeration, a rule."""

    json = (str,)

    def __init__(self, python: Any, write: Callable[[Any], str], parse: Callable[[str], Any]) -> None:
        self.python = python
        self._write, self._parse = write, parse

    def encode(self, value: Any) -> str:
        return self._write(value)

    def decode(self, value: Any) -> Any:
        text = super().decode(value)
        try:
            return self._parse(text)
        except (ValueError, MicrooptError) as error:
            raise DecodeError(str(error), invalid=True) from None

    def schema(self, _definitions: Definitions) -> dict[str, Any]:
        if isinstance(self.python, type) and issubclass(self.python, Enum):
            return {"enum": [str(member.value) for member in self.python]}
        return {"type": "string", **({"format": "date"} if self.python is date else {})}


class ListKind(Kind):
    """A list, of one type throughout or of one type at each position."""

    python: Any = (list, tuple)
    json: tuple[type, ...] = (list,)

    def __init__(self, items: Kind | None, positions: Sequence[Kind] = (), build: Callable[[Any], Any] = tuple) -> None:
        self._items, self._positions, self._build = items, positions, build

    def _kinds(self, count: int) -> Sequence[Kind]:
        return self._positions if self._items is None else [self._items] * count

    def encode(self, value: Any) -> list[Any]:
        if self._items is not None:
            return self._items.encode_all(value)
        return [kind.encode(item) for kind, item in zip(self._positions, value, strict=True)]

    def _encode_values(self, values: Column) -> Column:
        if self._items is None:
            return super()._encode_values(values)
        lists = values_of(values)
        items = iter(self._items.encode_all([*chain.from_iterable(lists)]))
        return [list(islice(items, size)) for size in map(len, lists)]

    def decode(self, value: Any) -> Any:
        kinds = self._kinds(len(super().decode(value)))
        if len(kinds) != len(value):
            raise DecodeError(f"expected {len(kinds)} items, got {len(value)}")
        items = []
        try:
            for kind, item in zip(kinds, value, strict=True):
                items.append(kind.decode(item))
        except DecodeError as error:
            raise error.within(len(items)) from None
        return self._build(items)

    def narrowed(self, keys: Sequence[str]) -> Kind:
        return self if self._items is None else ListKind(self._items.narrowed(keys), build=self._build)

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        if self._items is not None:
            return {"type": "array", "items": self._items.schema(definitions)}
        size = len(self._positions)
        return {
            "type": "array",
            "prefixItems": [kind.schema(definitions) for kind in self._positions],
            "minItems": size,
            "maxItems": size,
        }


class MappingKind(Kind):
    """An object whose keys are data; the kind of its values may depend on the key."""

    python, json = Mapping, (dict,)

    def __init__(self, kind_of_key: Callable[[str], Kind]) -> None:
        self._kind = kind_of_key

    def encode(self, value: Mapping[str, Any]) -> dict[str, Any]:
        return {key: self._kind(key).encode(item) for key, item in value.items()}

    def _encode_values(self, values: Column) -> Column:
        if isinstance(values, Table):
            return Table({key: self._kind(key).encode_column(column) for key, column in values.columns.items()})
        mappings: Sequence[Mapping[str, Any]] = values_of(values)
        keys = tuple(mappings[0]) if mappings else ()
        if not any(mappings):
            return [{} for _ in mappings]
        if not keys or not all(map(keys.__eq__, map(tuple, mappings))):
            return super()._encode_values(mappings)
        return Table({key: self._kind(key).encode_column(list(map(itemgetter(key), mappings))) for key in keys})

    def decode(self, value: Any) -> dict[str, Any]:
        decoded: dict[str, Any] = {}
        for key, item in super().decode(value).items():
            try:
                decoded[key] = self._kind(key).decode(item)
            except DecodeError as error:
                raise error.within(key) from None
        return decoded

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": self._kind("").schema(definitions)}


class PairsKind(ListKind):
    """A mapping as a list of pairs."""

    python = Mapping

    def __init__(self, values: Kind) -> None:
        super().__init__(ListKind(None, (ScalarKind(str), values)))

    def encode(self, value: Any) -> list[Any]:
        return super().encode(list(value.items()))

    def decode(self, value: Any) -> dict[str, Any]:
        pairs = super().decode(value)
        if len(decoded := dict(pairs)) != len(pairs):
            raise DecodeError("a name is given twice", invalid=True)
        return decoded


class UnionKind(Kind):
    """One of several types; the JSON type decides which when it is read, the class when it is written."""

    def __init__(self, members: Sequence[Kind]) -> None:
        self._members = members
        self._values = [member for member in members if member.python is not types.NoneType]
        self.python = tuple(member.python for member in members)
        self.json = tuple(dict.fromkeys(json for member in members for json in member.json))

    def encode(self, value: Any) -> Any:
        if value is None:
            return None
        if len(self._values) == 1:
            return self._values[0].encode(value)
        return next(member for member in self._members if isinstance(value, member.python)).encode(value)

    def _encode_values(self, values: Column) -> Column:
        if len(self._values) != 1 or (isinstance(values, Sequence) and None in values):
            return super()._encode_values(values)
        return self._values[0].encode_column(values)

    def decode(self, value: Any) -> Any:
        for member in self._members:
            if type(value) in member.json:
                return member.decode(value)
        raise _mismatch(" | ".join(JSON_TYPES[member.json[-1]] for member in self._members), value)

    def narrowed(self, keys: Sequence[str]) -> Kind:
        return UnionKind([member.narrowed(keys) for member in self._members])

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        return {"anyOf": [member.schema(definitions) for member in self._members]}


class NullKind(Kind):
    """Nothing."""

    python, json = types.NoneType, (types.NoneType,)

    def schema(self, _definitions: Definitions) -> dict[str, Any]:
        return {"type": "null"}
