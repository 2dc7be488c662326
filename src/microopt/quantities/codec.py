"""Structs as JSON objects and back: each struct is the one definition of its object.

The conversion follows the annotations of fields (`microopt.quantities.units`), never the class of a value: an `int` in
a field of `Cents` cannot be written unscaled.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cache, partial
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from msgspec import NODEFAULT, Struct
from msgspec.structs import fields, replace

from microopt.quantities.kinds import (
    MISSING,
    AnythingKind,
    ApproximateKind,
    DecodeError,
    Definitions,
    FloatKind,
    FractionKind,
    IntegerKind,
    Kind,
    ListKind,
    MappingKind,
    NullKind,
    PairsKind,
    PartsKind,
    ScalarKind,
    TextKind,
    UnionKind,
)
from microopt.quantities.records import Records, column_of
from microopt.quantities.tables import Column, Table, values_of
from microopt.quantities.units import Keys, Ordered, Rounded, Scaled

T = TypeVar("T")


class _Field(Struct, frozen=True):
    """A key of an object; `scaled` and `hint` say its unit and type where a sibling decides the unit."""

    name: str
    kind: Kind
    required: bool = False
    computed: bool = False
    scaled: Scaled | None = None
    hint: Any = None


class ObjectKind(Kind):
    """A struct: its fields, and the properties that its class attribute `computed` names."""

    json = (dict,)

    def __init__(self, codec: Codec, python: type[Struct], keys: Sequence[str] = ()) -> None:
        self.python = python
        self._codec, self._keys = codec, keys
        self._compiled: tuple[_Field, ...] | None = None
        self._encoders: tuple[tuple[_Field, Callable[[Any], Any] | None], ...] = ()

    @property
    def _fields(self) -> tuple[_Field, ...]:
        """The fields, compiled at first use: structs may refer to each other."""
        if self._compiled is None:
            self._compiled = tuple(self._compile())
        return self._compiled

    def _compile(self) -> list[_Field]:
        hints = get_type_hints(self.python, include_extras=True)
        compiled = []
        for name in getattr(self.python, "computed", ()):
            hint = get_type_hints(getattr(self.python, name).fget, include_extras=True)["return"]
            compiled.append(_Field(name, self._codec.kind(hint), computed=True))
        for field in fields(self.python):
            required = field.default is NODEFAULT and field.default_factory is NODEFAULT
            compiled.append(self._field(field.name, hints[field.name], required))
        if not self._keys:
            return compiled
        heads = {key.partition(".")[0] for key in self._keys}
        return [replace(one, kind=one.kind.narrowed(self._inner(one.name))) for one in compiled if one.name in heads]

    def _inner(self, name: str) -> tuple[str, ...]:
        """Return the keys that are asked for of a part; none for all of it."""
        return tuple(key.partition(".")[2] for key in self._keys if key.startswith(f"{name}."))

    def _field(self, name: str, hint: Any, required: bool) -> _Field:
        extras = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
        scaled = next((extra for extra in extras if isinstance(extra, Scaled) and extra.sibling), None)
        if scaled is None:
            return _Field(name, self._codec.kind(hint), required)
        return _Field(
            name, self._codec.scaled(get_args(hint)[0], 1000), required, scaled=scaled, hint=get_args(hint)[0]
        )

    def _kind(self, field: _Field, sibling: Callable[[str], Any]) -> Kind:
        """Return the kind of a field, whose scale a sibling may decide."""
        if field.scaled is None:
            return field.kind
        return self._codec.scaled(field.hint, field.scaled.factor_of(sibling(field.scaled.sibling)))

    def narrowed(self, keys: Sequence[str]) -> Kind:
        return ObjectKind(self._codec, self.python, keys) if keys else self

    def encode(self, value: Any) -> dict[str, Any]:
        if not self._encoders:
            self._encoders = tuple((field, None if field.scaled else field.kind.encode) for field in self._fields)
        return {
            field.name: (encode or self._kind(field, partial(getattr, value)).encode)(getattr(value, field.name))
            for field, encode in self._encoders
        }

    def _encode_values(self, values: Column) -> Column:
        structs = values if isinstance(values, Records | Table) else values_of(values)
        if any(field.scaled or field.computed for field in self._fields):
            structs = values_of(structs)  # what decides a unit, or is computed, is no column
        if any(field.scaled for field in self._fields):
            return super()._encode_values(structs)
        return Table({field.name: field.kind.encode_column(column_of(structs, field.name)) for field in self._fields})

    def decode(self, value: Any) -> Any:
        super().decode(value)
        facts = {}
        for field in self._fields:
            if field.computed:
                continue
            if field.name not in value:
                if field.required:
                    raise DecodeError(MISSING, place=field.name)
                continue
            try:
                facts[field.name] = self._kind(field, value.get).decode(value[field.name])
            except DecodeError as error:
                raise error.within(field.name) from None
        return self.python(**facts)

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        if self._keys:
            return self.own_schema(definitions)
        name = self.python.__name__
        if name not in definitions:
            definitions[name] = {}
            definitions[name] |= self.own_schema(definitions)
        return {"$ref": f"#/$defs/{name}"}

    def own_schema(self, definitions: Definitions) -> dict[str, Any]:
        """Return the schema of the object itself; others refer to it."""
        return {
            "description": (self.python.__doc__ or "").partition("\n")[0],
            "type": "object",
            "properties": {field.name: field.kind.schema(definitions) for field in self._fields},
            "required": [field.name for field in self._fields],
        }


SCALARS: Mapping[Any, Callable[[], Kind]] = {
    Any: AnythingKind,
    bool: lambda: ScalarKind(bool),
    int: lambda: ScalarKind(int),
    str: lambda: ScalarKind(str),
    float: FloatKind,
    Fraction: FractionKind,
    date: lambda: TextKind(date, date.isoformat, date.fromisoformat),
    types.NoneType: NullKind,
}


class Codec:
    """Writes structs as JSON types and reads them, by the annotations of their fields.

    Parameters
    ----------
    texts
        By type: how it is written as text, and parsed.
    """

    def __init__(self, texts: Mapping[Any, tuple[Callable[[Any], str], Callable[[str], Any]]] | None = None) -> None:
        self._kinds: dict[Any, Kind] = {
            hint: TextKind(get_args(hint) or hint, write, parse) for hint, (write, parse) in (texts or {}).items()
        }

    def encode(self, value: Any, hint: Any = None) -> Any:
        """Return a value as JSON types; by default it is of its own class."""
        return self.kind(type(value) if hint is None else hint).encode(value)

    def encode_column(self, values: Column, hint: Any) -> Column:
        """Return values of one type as JSON types, as a table where they are objects of the same keys."""
        return self.kind(hint).encode_column(values)

    def decode(self, value: Any, hint: type[T]) -> T:
        """Return the value of a type that JSON types stand for.

        Raises
        ------
        DecodeError
            If they do not.
        """
        decoded: T = self.kind(hint).decode(value)
        return decoded

    def schema(self, hint: Any) -> tuple[dict[str, Any], Definitions]:
        """Return the JSON Schema of a struct, and those of the structs that it refers to, by name."""
        definitions: Definitions = {}
        kind = self.kind(hint)
        assert isinstance(kind, ObjectKind)
        return kind.own_schema(definitions), definitions

    def kind(self, hint: Any) -> Kind:
        """Return how values of a type are written and read."""
        if hint not in self._kinds:
            self._kinds[hint] = self._compile(hint)
        return self._kinds[hint]

    def _compile(self, hint: Any) -> Kind:
        origin, arguments = get_origin(hint), get_args(hint)
        if hint in SCALARS:
            return SCALARS[hint]()
        if origin is Annotated:
            return self._annotated(arguments[0], arguments[1])
        if origin in (Union, types.UnionType):
            return UnionKind([self.kind(argument) for argument in arguments])
        if origin is tuple and arguments[-1] is not ...:
            return ListKind(None, [self.kind(argument) for argument in arguments])
        if origin in (tuple, list, Sequence):
            return ListKind(self.kind(arguments[0]), build=list if origin is list else tuple)
        if origin in (Mapping, dict):
            values = self.kind(arguments[1])
            return MappingKind(lambda _: values)
        if isinstance(hint, type) and issubclass(hint, Enum):
            return TextKind(hint, lambda member: str(member.value), hint)
        if isinstance(hint, type) and issubclass(hint, Struct):
            return ObjectKind(self, hint)
        raise TypeError(f"{hint} has no JSON form")

    def _annotated(self, hint: Any, how: Any) -> Kind:
        if isinstance(how, Keys):
            return ObjectKind(self, hint, how.names)
        if isinstance(how, Ordered):
            return PairsKind(self.kind(get_args(hint)[1]))
        if isinstance(how, Rounded):
            return ApproximateKind() if hint is Fraction else FloatKind(how.decimals)
        if isinstance(how, Scaled) and get_origin(hint) is Mapping:
            values = get_args(hint)[1]
            return MappingKind(cache(lambda key: self.scaled(values, how.factor_of(key))))
        if isinstance(how, Scaled):
            return self.scaled(hint, how.factor_of(""))
        return self.kind(hint)

    def scaled(self, hint: Any, factor: int) -> Kind:
        """Return how a number of parts is written, where it is a number."""
        if get_origin(hint) in (Union, types.UnionType):
            return UnionKind([self.scaled(argument, factor) for argument in get_args(hint)])
        if hint is int:
            return IntegerKind(factor)
        return PartsKind(factor) if hint is float else self.kind(hint)
