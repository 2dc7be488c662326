"""The keys of a portfolio file -> PortfolioInput: each unknown key and each wrong kind of value with its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args, get_origin

import msgspec
from msgspec import Struct, structs

from microopt.campaign.inputs import CampaignInput
from microopt.campaign.portfolio_input import CapacityInput, ExclusiveInput, MemberInput, PortfolioInput
from microopt.errors import Fault, NameSuggester, raise_campaign_faults
from microopt.readers.campaign_file_faults import MIN_KEY_SIMILARITY, expected_kind, written_value

PORTFOLIO_FILE = "portfolio file"  # what messages call it
CAMPAIGN_KEYS = frozenset(CampaignInput.__struct_fields__)
HEADINGS = {"campaign": "[[campaign]]", "exclusive": "[[exclusive]]", "capacity": "[capacity]"}
# What a line of each key is like.
EXAMPLES = {
    "name": 'name = "Bright, March"',
    "currency": 'currency = "USD"',
    "budget": "budget = 60_000",
    "exchange": "exchange = { EUR = 1.08 }",
    "rules": 'rules = ["tier:micro spend >= 50%"]',
    "volume": 'volume = "2: 5%; 3: 10%"',
    "fees": 'fees = { "@anna" = 900, "@ben" = "-10%" }',
    "capacity.campaigns": "campaigns = 2",
    "capacity.posts": "posts = 4",
    "capacity.period": 'period = "month"',
    "capacity.column": 'column = "max_brands"',
    "capacity.tiers": "tiers = { mega = 1 }",
    "exclusive.members": 'members = ["glow", "dew"]',
    "exclusive.days": "days = 30",
    "campaign.name": 'name = "glow"',
    "campaign.file": 'file = "glow.toml"',
    "campaign.roster": 'roster = "creators.csv"',
    "campaign.category": 'category = "skincare"',
    "campaign.weight": "weight = 2",
    "campaign.floor": "floor = 5000",
    "campaign.cap": "cap = 20_000",
    "campaign.plan": 'plan = "plans/glow.json"',
    "campaign.states": 'states = "glow-states.csv"',
    "campaign.results": 'results = "glow-results.csv"',
}


class WrittenKeys:
    """The keys of a portfolio file, converted table by table; `faults` has what is wrong with them so far.

    Parameters
    ----------
    path
        The file, as messages name it.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.faults: list[Fault] = []

    def convert(self, keys: Mapping[str, Any]) -> PortfolioInput:
        """Return what the keys say; a value of the wrong kind is left out, as is a table that lacks a key it needs."""
        return self._table(keys, PortfolioInput, "", "") or PortfolioInput()

    def fault(self, code: str, place: str, problem: str, fix: str) -> None:
        """Note what is wrong at a place."""
        self.faults.append(Fault(code=code, message=problem, fix=fix, column=place))

    def raise_faults(self) -> None:
        """Raise all that was found.

        Raises
        ------
        CampaignError
            With every fault, if there are any.
        """
        if len(self.faults) == 1:  # whose message is all that is shown
            fault = self.faults[0]
            self.faults = [structs.replace(fault, message=f"{PORTFOLIO_FILE} {self.path}: {fault.message}")]
        raise_campaign_faults(self.faults, f"{PORTFOLIO_FILE} {self.path}")

    def is_sound(self, place: str) -> bool:
        """Whether nothing wrong was found at a place."""
        return all(fault.column != place for fault in self.faults)

    def _table(self, keys: Mapping[str, Any], kind: type[Any], place: str, general: str) -> Any:
        """Return the struct of a table, or None if it lacks a key that it needs.

        Parameters
        ----------
        place, general
            Where the table is, with its number among several of its kind and without it; empty for the whole file.
        """
        fields = {field.name: field for field in structs.fields(kind)}
        self._unknown_keys([key for key in keys if key not in fields], [*fields], place, general)
        values: dict[str, Any] = {}
        for name, field in fields.items():
            if name in keys:
                inner = (f"{place}.{name}", f"{general}.{name}") if place else (name, name)
                values |= self._value(name, keys[name], field.type, *inner)
            elif field.required:
                example = EXAMPLES[f"{general}.{name}"]
                self.fault("value-missing", f"{place}.{name}", f"{place} has no {name}", f"add {example}")
        is_whole = all(name in values for name, field in fields.items() if field.required)
        return kind(**values) if is_whole else None

    def _value(self, name: str, value: Any, kind: Any, place: str, general: str) -> dict[str, Any]:
        """Return the value of a key by its name, nothing if it is of the wrong kind."""
        table = _table_in(kind)
        if table is None:
            try:
                return {name: msgspec.convert(value, kind)}
            except msgspec.ValidationError as error:
                problem = f"{place} = {written_value(value)} should be {expected_kind(str(error))}"
                self.fault("value-kind", place, problem, f"write it like {EXAMPLES[general]}")
                return {}
        if get_origin(kind) is None:
            if isinstance(value, Mapping):
                return {name: self._table(value, table, place, general)}
            self.fault(
                "value-kind", place, f"{place} should be a table", f"write its keys below a line {HEADINGS[name]}"
            )
            return {}
        if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
            problem = f"{place} should be a list of tables"
            self.fault("value-kind", place, problem, f"begin each of them with a line {HEADINGS[name]}")
            return {}
        return {name: [self._table(each, table, f"{place}[{at}]", general) for at, each in enumerate(value, 1)]}

    def _unknown_keys(self, unknown: list[str], known: list[str], place: str, general: str) -> None:
        suggester = NameSuggester(known, MIN_KEY_SIMILARITY)
        for key in unknown:
            full = f"{place}.{key}" if place else key
            if fix := _place_of(key, general):
                where = f"under {HEADINGS[general]}" if general else "above the first table"
                self.fault("key-misplaced", full, f"{full} is {where}, where it has no meaning", fix)
                continue
            fix = suggester.suggest(key) or f"use one of: {', '.join(known)}"
            self.fault("key-unknown", full, f"unknown key {full!r}", fix)


def _table_in(kind: Any) -> type[Struct] | None:
    """Return the struct that a value of a type is, or is a list of; None for other types."""
    if isinstance(kind, type) and issubclass(kind, Struct):
        return kind
    return next(filter(None, map(_table_in, get_args(kind))), None)


def _place_of(key: str, general: str) -> str:
    """Return how to move a key that another table has; empty for a key that none has."""
    tables = {"": PortfolioInput, "capacity": CapacityInput, "exclusive": ExclusiveInput, "campaign": MemberInput}
    owners = [name for name, struct in tables.items() if name != general and key in struct.__struct_fields__]
    if owners == [""] or (owners and general and "" in owners):
        return f"move the line of {key} to the top of the file, above the first table"
    if owners:
        return f"move it below the line {' or '.join(HEADINGS[name] for name in owners)}"
    return f"{key} belongs in the file of the campaign" if key in CAMPAIGN_KEYS else ""
