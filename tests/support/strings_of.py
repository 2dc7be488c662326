"""Every string of a value made of structs, mappings and sequences, and the value with another string in its place."""

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from msgspec import Struct, structs

# Mappings whose keys are our own words, such as metrics.
OF_OUR_KEYS = {"metrics", "likely", "assumed", "origins", "rates", "figures", "origin_shares", "spreads", "planned"}
OF_OUR_KEYS |= {"first_forecast", "extra_costs", "ranges"}


class Of(NamedTuple):
    """A step of a path into a mapping: to what a key stands for."""

    key: str


class Key(NamedTuple):
    """The last step of a path: to a key itself."""

    key: str


def strings_of(value, path=()):
    """Yield the path of each string, those of keys too."""
    if isinstance(value, str) and not isinstance(value, Enum):
        yield path
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from strings_of(getattr(value, name), (*path, name))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(key, str) and OF_OUR_KEYS.isdisjoint(path):
                yield (*path, Key(key))
            yield from strings_of(inner, (*path, Of(key)))
    elif isinstance(value, (tuple, list)):
        for place, inner in enumerate(value):
            yield from strings_of(inner, (*path, place))


def put_string(value, path, text):
    """Return the value with another string at a path."""
    if not path:
        return text
    step, rest = path[0], path[1:]
    if isinstance(step, Key):
        return {text if key == step.key else key: inner for key, inner in value.items()}
    if isinstance(step, Of):
        return {**value, step.key: put_string(value[step.key], rest, text)}
    if isinstance(step, int):
        return type(value)((*value[:step], put_string(value[step], rest, text), *value[step + 1 :]))
    return structs.replace(value, **{step: put_string(getattr(value, step), rest, text)})


def field_of(path):
    """Return the name of a string's field: `picks.creator` for those of all picks, `mix.*` for each key of `mix`."""
    names = ("*" if isinstance(step, Key) else step.key if isinstance(step, Of) else step for step in path)
    return ".".join(name for name in names if not isinstance(name, int))


def one_of_each_field(value):
    """Return the path of one string of each field."""
    return {field_of(path): path for path in reversed(list(strings_of(value)))}
