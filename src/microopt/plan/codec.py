"""The codec of all JSON objects: rules and filters are written as the user writes them."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from microopt.campaign.campaign import Filter, Rule
from microopt.campaign.rule_grammar import parse_rule, parse_where
from microopt.quantities.codec import Codec


def _label(written: Rule | Filter) -> str:
    return written.label


CODEC = Codec({Rule: (_label, parse_rule), Filter: (_label, parse_where)})


def schema_id(name: str) -> str:
    """Return the `schema` of a kind of object: `microopt.plan/1`."""
    return f"microopt.{name}/1"


def json_object(value: Struct, *, microopt: str | None = None) -> dict[str, Any]:
    """Return a struct as a JSON object with its schema and the version that wrote it.

    Parameters
    ----------
    value
        A struct whose class has a `schema_name`.
    microopt
        The version; this one by default.
    """
    name: str = type(value).schema_name  # type: ignore[attr-defined]
    return {"schema": schema_id(name), "microopt": microopt or _version(), **CODEC.encode(value)}


def _version() -> str:
    from importlib.metadata import version  # it imports e-mail and sockets, and a table needs none

    return version("microopt")
