"""A campaign file (TOML) -> Settings: strictly decoded, every unknown key with a suggestion."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from microopt.campaign.settings import CampaignInput
from microopt.errors import CampaignError, Fault, did_you_mean
from microopt.readers.plan_file import read_ideals

Amount = int | float | str  # numbers with decimals come as text, so that money stays exact; floats are for the schema


class AudienceTable(msgspec.Struct, frozen=True, kw_only=True):
    """The table `[audience]`."""

    by: str | None = None
    size: dict[str, Amount] = {}


class CampaignFile(msgspec.Struct, frozen=True, kw_only=True):
    """The keys of a campaign file, as written."""

    name: str | None = None
    budget: Amount | None = None
    currency: str | None = None
    goal: str | None = None
    worth: dict[str, Amount] = {}
    order_value: Amount | None = None
    per_creator: Amount | None = None
    rules: list[str] = []
    where: list[str] = []
    include: list[str] = []
    exclude: list[str] = []
    competitors: list[str] = []
    one_offer_per: str | None = None
    target: dict[str, Amount] = {}
    ideals: str | None = None
    audience: AudienceTable | None = None
    tiers: str | dict[str, int] | None = None
    estimate_fees: bool = False
    columns: dict[str, str] = {}
    units: dict[str, str] = {}
    exchange: dict[str, Amount] = {}
    forecast: dict[str, Any] = {}
    no_shrink: bool = False
    fit_benchmarks: bool = False
    max_sponsored_share: Amount | None = None
    with_minors: bool = False
    starts: date | None = None
    ends: date | None = None


def read_campaign_file(path: str) -> tuple[CampaignInput, str]:
    """Return the settings of a campaign file and the SHA-256 of its bytes.

    Raises
    ------
    CampaignError
        If the file is missing, is not TOML, or holds an unknown key or a value of the wrong kind.
    """
    data = _bytes(path)
    try:
        keys = tomllib.loads(data.decode("utf-8-sig"), parse_float=_exactly)
    except (ValueError, RecursionError) as error:  # TOML's own errors are ValueErrors, as is a number too long to read
        fix = "see the form in docs/rules.md; text goes in quotes"
        raise CampaignError(f"campaign file {path} is not TOML: {error}", fix=fix, code="file-syntax") from None
    _refuse_unknown(path, keys)
    try:
        return _settings(msgspec.convert(keys, CampaignFile), Path(path).parent), sha256(data).hexdigest()
    except msgspec.ValidationError as error:
        text = str(error).replace("`", "'")
        raise CampaignError(f"campaign file {path}: {text}", fix="correct the value", code="value-kind") from None


def digest_of_campaign_file(path: str) -> str:
    """Return the SHA-256 of a campaign file's bytes, whatever they say.

    Raises
    ------
    CampaignError
        If the file is missing.
    """
    return sha256(_bytes(path)).hexdigest()


def _bytes(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        fix = "check the path, or make an example with: microopt init"
        raise CampaignError(
            f"campaign file {path} cannot be read: {error.strerror}", fix=fix, code="file-missing"
        ) from None


def _settings(file: CampaignFile, folder: Path) -> CampaignInput:
    pools = file.audience or AudienceTable()
    if file.audience is not None and not pools.size:
        fix = "give their sizes: size = { beauty = 2_000_000 }"
        raise CampaignError("[audience] has no pools", fix=fix, code="audience-empty")
    return CampaignInput(
        name=file.name,
        budget=_text(file.budget),
        currency=file.currency,
        goal=file.goal,
        worth={name: str(amount) for name, amount in file.worth.items()},
        order_value=_text(file.order_value),
        per_creator=_text(file.per_creator),
        rules=file.rules,
        where=file.where,
        include=file.include,
        exclude=file.exclude,
        competitors=file.competitors,
        one_offer_per=file.one_offer_per,
        target={name: str(amount) for name, amount in file.target.items()},
        ideals=() if file.ideals is None else read_ideals(str(folder / file.ideals)),
        audience_by=pools.by,
        audience={name: str(people) for name, people in pools.size.items()},
        tiers=file.tiers,
        estimate_fees=file.estimate_fees,
        columns=file.columns,
        units=file.units,
        exchange={code: str(rate) for code, rate in file.exchange.items()},
        forecast=file.forecast,
        no_shrink=file.no_shrink,
        fit_benchmarks=file.fit_benchmarks,
        max_sponsored_share=_text(file.max_sponsored_share),
        with_minors=file.with_minors,
        starts=file.starts,
        ends=file.ends,
    )


def _text(amount: Amount | None) -> str | None:
    return None if amount is None else str(amount)


def _exactly(text: str) -> str:
    """Keep a decimal number as text, so that money stays exact."""
    return str(Decimal(text.replace("_", "")))


def _refuse_unknown(path: str, keys: dict[str, Any]) -> None:
    tables: list[tuple[str, type[msgspec.Struct], Any]] = [("", CampaignFile, keys)]
    tables.append(("audience.", AudienceTable, keys.get("audience")))
    faults = []
    for prefix, table, written in tables:
        known = [field.name for field in msgspec.structs.fields(table)]
        for key in [key for key in written if key not in known] if isinstance(written, dict) else ():
            fix = did_you_mean(key, known) or f"known are {', '.join(known)}"
            message = f"campaign file {path}: unknown key {prefix + key!r}"
            faults.append(Fault(code="key-unknown", message=message, fix=fix, column=prefix + key))
    if faults:
        raise CampaignError(faults[0].message, fix=faults[0].fix, faults=faults)
