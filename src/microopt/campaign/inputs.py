"""CampaignInput: what a user writes of a campaign, as flags or as keys of a campaign file, each said once.

A field with an `option` is a flag of the commands and a key of the campaign file under the field's name; a field
without one is a key of the file alone. `microopt.cli.command` makes the flags, msgspec the decoder and the JSON Schema.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from enum import IntEnum
from typing import Annotated, Any

from msgspec import Meta, Struct, field, structs

from microopt.campaign.written_money import find_campaign_currency
from microopt.errors import UsageError

CAMPAIGN, ROSTER = "Campaign", "Roster"  # panels of the help

Amount = int | float | str  # numbers with decimals come as text, so that money stays exact; floats are for the schema


class Scope(IntEnum):
    """Which commands take an option: those of a scope take the options of every scope before it too."""

    ROSTER = 1  # check, claims
    FORECAST = 2  # forecast
    PLAN = 3  # plan, and every analysis that plans


class Option(Struct, frozen=True, kw_only=True):
    """How a value is given on the command line.

    Attributes
    ----------
    names
        Spellings of the flag; none for an argument.
    panel
        Heading in the help.
    parse
        Makes the value of the texts that were given, where these are not the value.
    negates
        The flag sets a value to False that is True by default.
    choices
        All values, where these are known.
    minimum, maximum
        Bounds of a number.
    """

    names: tuple[str, ...]
    help: str
    panel: str | None
    metavar: str | None
    scope: Scope
    parse: Callable[[Sequence[str]], Any] | None
    negates: bool
    choices: tuple[str, ...]
    minimum: float | None
    maximum: float | None
    hidden: bool = False


def option(
    *names: str,
    help: str,
    panel: str | None = None,
    metavar: str | None = None,
    scope: Scope = Scope.PLAN,
    parse: Callable[[Sequence[str]], Any] | None = None,
    negates: bool = False,
    choices: Sequence[str] = (),
    minimum: float | None = None,
    maximum: float | None = None,
) -> Meta:
    """Annotate a field or a parameter with its flag; the help is the description in a JSON Schema too."""
    flag = Option(
        names=names,
        help=help,
        panel=panel,
        metavar=metavar,
        scope=scope,
        parse=parse,
        negates=negates,
        choices=tuple(choices),
        minimum=minimum,
        maximum=maximum,
    )
    return Meta(description=help, extra={"option": flag})


class AudienceInput(Struct, frozen=True, kw_only=True):
    """The table `[audience]`: pools of people for net reach.

    Attributes
    ----------
    by
        Column whose values name the pools.
    size
        People by pool.
    """

    by: str | None = None
    size: Mapping[str, Amount] = {}


class NumbersInput(Struct, frozen=True, kw_only=True):
    """The table `[numbers]`: how numbers are written in the roster.

    Attributes
    ----------
    decimal
        The decimal mark.
    """

    decimal: str | None = None


def parse_decimal_mark(texts: Sequence[str]) -> NumbersInput:
    """Return the table `[numbers]` that `--decimal` means; the last one counts."""
    return NumbersInput(decimal=texts[-1])


def _amounts(flag: str) -> Callable[[Sequence[str]], Mapping[str, str]]:
    return lambda texts: parse_amounts(texts, flag)


def parse_amounts(texts: Sequence[str], flag: str) -> dict[str, str]:
    """Parse `METRIC=AMOUNT` flags.

    Raises
    ------
    UsageError
        If one has no `=`, or a metric is given twice.
    """
    amounts: dict[str, str] = {}
    for name, amount in _split_amounts(texts, flag):
        if name in amounts:
            raise UsageError(f"{flag} gives {name} twice", fix="give each once", code="given-twice")
        amounts[name] = amount
    return amounts


def _split_amounts(texts: Sequence[str], flag: str) -> Iterator[tuple[str, str]]:
    for text in texts:
        name, equals, amount = text.partition("=")
        if not equals or not name or not amount:
            fix = f"write it like {flag} conversions=30"
            raise UsageError(f"{flag} {text!r} is not of the form METRIC=AMOUNT", fix=fix)
        yield name.strip(), amount.strip()


def parse_header_map(texts: Sequence[str]) -> dict[str, str]:
    """Parse `HEADER=COLUMN` flags; a header may contain an equals sign.

    Raises
    ------
    UsageError
        If one has no `=` or no header, or a header is given twice.
    """
    columns: dict[str, str] = {}
    for text in texts:
        header, equals, column = text.rpartition("=")
        if not equals or not header.strip():
            fix = "write it like --map 'Rate card=fee'"
            raise UsageError(f"--map {text!r} is not of the form HEADER=COLUMN", fix=fix)
        if header.strip() in columns:
            raise UsageError(f"--map gives {header.strip()} twice", fix="give each header once", code="given-twice")
        columns[header.strip()] = column.strip()
    return columns


def parse_pools(texts: Sequence[str]) -> AudienceInput:
    """Parse `COLUMN:VALUE=PEOPLE` flags: the column, which must be one, and the people by value.

    Raises
    ------
    UsageError
        If one is of another form, or names another column.
    """
    columns, sizes = [], {}
    for text in texts:
        pool, equals, people = text.rpartition("=")
        column, colon, value = pool.partition(":")
        if not (equals and colon and column.strip() and value.strip() and people.strip()):
            fix = "write it like --audience niche:beauty=2M"
            raise UsageError(f"--audience {text!r} is not of the form COLUMN:VALUE=PEOPLE", fix=fix)
        if value.strip().strip('"') in sizes:
            raise UsageError(f"--audience gives {value.strip()} twice", fix="give each pool once", code="given-twice")
        columns.append(column.strip())
        sizes[value.strip().strip('"')] = people.strip()
    if len({column.casefold() for column in columns}) > 1:
        fix = "take all pools from one column"
        raise UsageError(f"--audience names the columns {' and '.join(dict.fromkeys(columns))}", fix=fix)
    return AudienceInput(by=columns[0], size=sizes)


def _fee_share(flag: str, title: str) -> Meta:
    help = f"{title} as a share of each fee, where the list states none: 20%."
    return option(flag, panel=CAMPAIGN, metavar="SHARE", scope=Scope.FORECAST, help=help)


class CampaignInput(Struct, frozen=True, kw_only=True):
    """What a user wrote, from one place: numbers and text as written.

    Attributes
    ----------
    name, currency
        The campaign's name, and the code of its currency.
    ideals
        Path of the plan whose ideals a balanced goal is measured by.
    columns, lists, units, exchange
        How the roster is read: our column by header, what divides the values in the cells of a column, `percent` or
        `fraction` by column, and what one of another currency is worth in the campaign's.
    forecast
        Figures that replace the forecast's defaults, as in `benchmarks.toml`.
    starts, ends
        The first and the last day.
    """

    budget: Annotated[
        Amount | None,
        option("--budget", "-b", panel=CAMPAIGN, metavar="MONEY", help="What may be spent: 20000, 20k, 5M, '$20,000'."),
    ] = None
    goal: Annotated[
        str | None,
        option(
            "--goal",
            panel=CAMPAIGN,
            metavar="GOAL",
            help="balanced (the default), engagement, conversions, reach, net-reach, or value:COLUMN.",
        ),
    ] = None
    worth: Annotated[
        Mapping[str, Amount],
        option(
            "--worth",
            panel=CAMPAIGN,
            metavar="METRIC=MONEY",
            parse=_amounts("--worth"),
            help="What one of a metric is worth, e.g. conversions=30.",
        ),
    ] = field(default_factory=dict)
    rules: Annotated[
        Sequence[str],
        option(
            "--rule", "-r", panel=CAMPAIGN, metavar="RULE", help="A rule, e.g. 'niche:beauty count 2..5'. Repeatable."
        ),
    ] = ()
    niche: Annotated[
        Sequence[str],
        option(
            "--niche",
            panel=CAMPAIGN,
            metavar="NICHE=RANGE",
            help="beauty=2..5 creators, beauty=..40% of the spend.",
        ),
    ] = ()
    tier: Annotated[
        Sequence[str],
        option("--tier", panel=CAMPAIGN, metavar="TIER=RANGE", help="mega=..1, mega=..40%, micro=10.."),
    ] = ()
    platform: Annotated[
        Sequence[str],
        option(
            "--platform",
            panel=CAMPAIGN,
            metavar="NAME[=RANGE]",
            help="tiktok=30%.. as a rule; instagram as a filter.",
        ),
    ] = ()
    region: Annotated[
        Sequence[str],
        option("--region", panel=CAMPAIGN, metavar="NAME[=RANGE]", help="US=5.. as a rule; US as a filter."),
    ] = ()
    creators: Annotated[
        str | None,
        option("--creators", panel=CAMPAIGN, metavar="RANGE", help="How many creators: 5..20, ..15, 10."),
    ] = None
    include: Annotated[
        Sequence[str],
        option("--include", "-i", panel=CAMPAIGN, metavar="CREATOR", help="A creator who must be in. Repeatable."),
    ] = ()
    exclude: Annotated[
        Sequence[str],
        option("--exclude", "-x", panel=CAMPAIGN, metavar="CREATOR", help="A creator who must not be in. Repeatable."),
    ] = ()
    competitors: Annotated[
        Sequence[str],
        option(
            "--competitor",
            panel=CAMPAIGN,
            metavar="BRAND",
            help="Leave out who works for this brand (column brands). Repeatable.",
        ),
    ] = ()
    one_offer_per: Annotated[
        str | None,
        option(
            "--one-offer-per",
            panel=CAMPAIGN,
            metavar="WHAT",
            help="At most one offer of each creator (the default); of each creator,platform; or offer: no limit.",
        ),
    ] = None
    target: Annotated[
        Mapping[str, Amount],
        option(
            "--target",
            panel=CAMPAIGN,
            metavar="METRIC=N",
            parse=_amounts("--target"),
            help="Spend the least that brings this much: engagements=50k. Repeatable; needs no budget.",
        ),
    ] = field(default_factory=dict)
    ideals: Annotated[
        str | None,
        option("--ideals", panel=CAMPAIGN, metavar="PLAN.json", help="Measure balanced by the ideals of this plan."),
    ] = None
    audience: Annotated[
        AudienceInput | None,
        option(
            "--audience",
            panel=CAMPAIGN,
            metavar="COLUMN:VALUE=PEOPLE",
            parse=parse_pools,
            help="A pool of people for net reach: niche:beauty=2M. Repeatable.",
        ),
    ] = None
    tiers: Annotated[
        str | Mapping[str, int] | None,
        option(
            "--tiers",
            panel=CAMPAIGN,
            metavar="PRESET",
            scope=Scope.ROSTER,
            help="default, or wide-micro (micro is 1k-100k).",
        ),
    ] = None
    per_creator: Annotated[
        Amount | None,
        option(
            "--per-creator",
            panel=CAMPAIGN,
            metavar="MONEY",
            scope=Scope.FORECAST,
            help="Cost of handling each creator, on top of the fee.",
        ),
    ] = None
    usage: Annotated[Amount | None, _fee_share("--usage", "Usage rights")] = None
    whitelisting: Annotated[Amount | None, _fee_share("--whitelisting", "Whitelisting")] = None
    exclusivity: Annotated[Amount | None, _fee_share("--exclusivity", "Exclusivity")] = None
    agency: Annotated[Amount | None, _fee_share("--agency", "Agency share")] = None
    seeding: Annotated[
        Amount | None,
        option(
            "--seeding",
            panel=CAMPAIGN,
            metavar="MONEY",
            scope=Scope.FORECAST,
            help="Product and shipping for each creator, where the list states none.",
        ),
    ] = None
    contingency: Annotated[
        Amount | None,
        option("--contingency", panel=CAMPAIGN, metavar="SHARE", help="Share of the budget to keep unspent: 10%."),
    ] = None
    order_value: Annotated[
        Amount | None,
        option(
            "--order-value",
            panel=CAMPAIGN,
            metavar="MONEY",
            scope=Scope.FORECAST,
            help="Revenue of one conversion.",
        ),
    ] = None
    where: Annotated[
        Sequence[str],
        option(
            "--where",
            "-w",
            panel=ROSTER,
            metavar="FILTER",
            scope=Scope.ROSTER,
            help="Which offers may enter: 'followers 5k..500k', language:en. Repeatable.",
        ),
    ] = ()
    estimate_fees: Annotated[
        bool,
        option(
            "--estimate-fees",
            panel=ROSTER,
            scope=Scope.ROSTER,
            help="Estimate missing fees from followers and public CPMs.",
        ),
    ] = False
    shrink: Annotated[
        bool,
        option(
            "--no-shrink",
            panel=ROSTER,
            scope=Scope.FORECAST,
            negates=True,
            help="Take the roster's engagement rates as they are, luck included.",
        ),
    ] = True
    fit_benchmarks: Annotated[
        bool,
        option(
            "--fit-benchmarks",
            panel=ROSTER,
            scope=Scope.FORECAST,
            help="Refit the usual engagement rates on this roster (30 creators).",
        ),
    ] = False
    max_sponsored_share: Annotated[
        Amount | None,
        option(
            "--max-sponsored-share",
            panel=ROSTER,
            metavar="SHARE",
            scope=Scope.FORECAST,
            help="Leave out whoever has more paid posts: 40%.",
        ),
    ] = None
    with_minors: Annotated[
        bool,
        option(
            "--with-minors",
            panel=ROSTER,
            scope=Scope.FORECAST,
            help="Let creators in who feature minors (features_minor).",
        ),
    ] = False
    exclude_suspicious: Annotated[
        bool,
        option(
            "--exclude-suspicious",
            panel=ROSTER,
            scope=Scope.FORECAST,
            help="Leave out creators with figures that are hard to believe.",
        ),
    ] = False
    numbers: Annotated[
        NumbersInput | None,
        option(
            "--decimal",
            panel=ROSTER,
            metavar="MARK",
            scope=Scope.ROSTER,
            parse=parse_decimal_mark,
            help="Decimal mark of the list, a comma or a point, where its cells leave it open.",
        ),
    ] = None
    encoding: Annotated[
        str | None,
        option(
            "--encoding",
            panel=ROSTER,
            metavar="NAME",
            scope=Scope.ROSTER,
            help="Encoding of the text, such as cp1250 or shift-jis, where it is not detected.",
        ),
    ] = None
    name: str | None = None
    currency: str | None = None
    columns: Annotated[
        Mapping[str, str],
        option(
            "--map",
            panel=ROSTER,
            metavar="HEADER=COLUMN",
            scope=Scope.ROSTER,
            parse=parse_header_map,
            help="What a header of yours means: 'Rate card=fee', or Comments=ignore. Repeatable.",
        ),
    ] = field(default_factory=dict)
    platform_default: Annotated[
        str | None,
        option(
            "--platform-default",
            panel=ROSTER,
            metavar="NAME",
            scope=Scope.ROSTER,
            help="The platform of offers for which the roster names none, such as tiktok.",
        ),
    ] = None
    quotes: Annotated[
        str | None,
        option(
            "--quotes",
            panel=ROSTER,
            metavar="END",
            scope=Scope.ROSTER,
            help="Which end of a range of fees, $300 - $500, is taken: high (the default), middle or low.",
        ),
    ] = None
    lists: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    exchange: Mapping[str, Amount] = field(default_factory=dict)
    forecast: Mapping[str, Any] = field(default_factory=dict)
    starts: date | None = None
    ends: date | None = None

    def over(self, file: CampaignInput) -> CampaignInput:
        """Return these settings on top of a file's: single values replace the file's, lists and tables add to them.

        A goal replaces the file's goal whole, as do pools and tiers.
        """
        values = {key: _merge(getattr(self, key), getattr(file, key)) for key in CampaignInput.__struct_fields__}
        goal = self if self.goal is not None or self.worth or self.target else file
        values |= {"goal": goal.goal, "worth": goal.worth, "target": goal.target}
        values["ideals"] = self.ideals if self.ideals is not None or goal is self else file.ideals
        values["tiers"] = file.tiers if self.tiers is None else self.tiers
        values["shrink"] = self.shrink and file.shrink
        merged = structs.replace(self, **values)
        currency = find_campaign_currency(file)  # a bare amount over the file's is in the file's currency
        if merged.currency is None and currency != find_campaign_currency(merged):
            return structs.replace(merged, currency=currency)
        return merged


def _merge(flag: Any, file: Any) -> Any:
    """Return the flag's value over the file's; an empty one, as of an unset shell variable, is not passed over."""
    if isinstance(flag, Mapping) and isinstance(file, Mapping):
        return {**file, **flag}
    if isinstance(file, list | tuple):
        return (*file, *flag)
    if isinstance(flag, bool):
        return flag or file
    return file if flag is None else flag
