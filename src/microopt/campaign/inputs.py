"""CampaignInput: what a user writes of a campaign, as flags or as keys of a campaign file, each said once.

A field with an `option` is a flag of the commands and a key of the campaign file under the field's name; a field
without one is a key of the file alone. `microopt.cli.command` makes the flags, msgspec the decoder and the JSON Schema.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from msgspec import Meta, Struct, field

from microopt.campaign.agreed_fees import FEES
from microopt.campaign.calendar_input import RETAINER, WAVES, CalendarInput
from microopt.campaign.fit_settings import FitInput, parse_fit_flags
from microopt.campaign.flag_values import (
    Amount,
    AudienceInput,
    NumbersInput,
    amounts_of,
    parse_decimal_mark,
    parse_header_map,
    parse_pools,
)
from microopt.campaign.options import CAMPAIGN, ROSTER, Scope, option
from microopt.campaign.report_settings import ReportInput
from microopt.campaign.risk_options import (
    ACCEPTANCE,
    ACCEPTANCE_FROM,
    AFTER_DECLINES,
    AT_LEAST_IN,
    FALLBACKS,
    RISK,
    SCENARIOS,
    SEED,
)


def _fee_share(flag: str, title: str) -> Meta:
    help = f"{title} as a share of each fee, where the list has none: 20%."
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
    report
        How the plan is presented.
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
            help="balanced (the default), engagement, conversions, reach, net-reach, target-reach, profit, or "
            "value:COLUMN.",
        ),
    ] = None
    worth: Annotated[
        Mapping[str, Amount],
        option(
            "--worth",
            panel=CAMPAIGN,
            metavar="METRIC=MONEY",
            parse=amounts_of("--worth"),
            help="What one unit of a metric is worth, e.g. conversions=30.",
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
        option("--include", "-i", panel=CAMPAIGN, metavar="CREATOR", help="Require this creator. Repeatable."),
    ] = ()
    exclude: Annotated[
        Sequence[str],
        option("--exclude", "-x", panel=CAMPAIGN, metavar="CREATOR", help="Exclude this creator. Repeatable."),
    ] = ()
    competitors: Annotated[
        Sequence[str],
        option(
            "--competitor",
            panel=CAMPAIGN,
            metavar="BRAND",
            help="Leave out creators who work for this brand (column brands). Repeatable.",
        ),
    ] = ()
    one_offer_per: Annotated[
        str | None,
        option(
            "--one-offer-per",
            panel=CAMPAIGN,
            metavar="WHAT",
            help="At most one offer per creator (the default) or per creator,platform; offer sets no limit.",
        ),
    ] = None
    target: Annotated[
        Mapping[str, Amount],
        option(
            "--target",
            panel=CAMPAIGN,
            metavar="METRIC=N",
            parse=amounts_of("--target"),
            help="Reach this at the lowest cost: engagements=50k. Repeatable; needs no budget.",
        ),
    ] = field(default_factory=dict)
    ideals: Annotated[
        str | None,
        option("--ideals", panel=CAMPAIGN, metavar="PLAN.json", help="Score balanced by the totals of this plan."),
    ] = None
    audience: Annotated[
        AudienceInput | None,
        option(
            "--audience",
            panel=CAMPAIGN,
            metavar="COLUMN:VALUE=PEOPLE",
            parse=parse_pools,
            help="The size of an audience, for net reach: niche:beauty=2M. Repeatable.",
        ),
    ] = None
    audience_country: Annotated[
        Sequence[str],
        option(
            "--audience-country",
            panel=CAMPAIGN,
            metavar="COUNTRIES",
            scope=Scope.FORECAST,
            help="Whom to reach, by country: DE,AT. Repeatable.",
        ),
    ] = ()
    audience_age: Annotated[
        str | None,
        option(
            "--audience-age",
            panel=CAMPAIGN,
            metavar="AGES",
            scope=Scope.FORECAST,
            help="Whom to reach, by age: 18-34, 55+.",
        ),
    ] = None
    audience_gender: Annotated[
        str | None,
        option(
            "--audience-gender",
            panel=CAMPAIGN,
            metavar="GENDER",
            scope=Scope.FORECAST,
            help="Whom to reach: female or male.",
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
    fees: Annotated[Mapping[str, Amount], FEES] = field(default_factory=dict)
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
            help="Product and shipping per creator, where the list has no figure.",
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
    margin: Annotated[
        Amount | None,
        option(
            "--margin",
            panel=CAMPAIGN,
            metavar="SHARE",
            scope=Scope.FORECAST,
            help="Share of the revenue that you keep, for profit: 40%.",
        ),
    ] = None
    returns: Annotated[
        Amount | None,
        option(
            "--returns",
            panel=CAMPAIGN,
            metavar="SHARE",
            scope=Scope.FORECAST,
            help="Share of the orders that are returned: 12%.",
        ),
    ] = None
    ltv: Annotated[
        Amount | None,
        option(
            "--ltv",
            panel=CAMPAIGN,
            metavar="ORDERS",
            scope=Scope.FORECAST,
            help="Lifetime value of a customer, the first order included: 2.4x orders, or money.",
        ),
    ] = None
    fit: Annotated[
        FitInput | None,
        option(
            "--fit",
            panel=CAMPAIGN,
            metavar="NICHE=FIT",
            scope=Scope.ROSTER,
            parse=parse_fit_flags,
            help="How well niches suit the product, 0 to 1: beauty=1,lifestyle=0.6,other=0.3. Repeatable.",
        ),
    ] = None
    risk: Annotated[Amount | None, RISK] = None
    at_least_in: Annotated[Amount | None, AT_LEAST_IN] = None
    scenarios: Annotated[int | None, SCENARIOS] = None
    seed: Annotated[int | None, SEED] = None
    acceptance: Annotated[Amount | Mapping[str, Amount] | None, ACCEPTANCE] = None
    acceptance_from: Annotated[str | None, ACCEPTANCE_FROM] = None
    fallbacks: Annotated[int | None, FALLBACKS] = None
    after_declines: Annotated[bool, AFTER_DECLINES] = False
    calendar: Annotated[CalendarInput | None, WAVES] = None
    retainer: Annotated[str | None, RETAINER] = None
    where: Annotated[
        Sequence[str],
        option(
            "--where",
            "-w",
            panel=ROSTER,
            metavar="FILTER",
            scope=Scope.ROSTER,
            help="Only consider offers that match: 'followers 5k..500k', language:en. Repeatable.",
        ),
    ] = ()
    estimate_fees: Annotated[
        bool,
        option(
            "--estimate-fees",
            panel=ROSTER,
            scope=Scope.ROSTER,
            help="Estimate missing fees from the other fees on your list, or from rate cards.",
        ),
    ] = False
    shrink: Annotated[
        bool,
        option(
            "--no-shrink",
            panel=ROSTER,
            scope=Scope.CLAIMS,
            negates=True,
            help="Use the roster's engagement rates without adjusting for small samples.",
        ),
    ] = True
    fit_benchmarks: Annotated[
        bool,
        option(
            "--fit-benchmarks",
            panel=ROSTER,
            scope=Scope.CLAIMS,
            help="Refit the usual engagement rates on this roster (needs 30 creators).",
        ),
    ] = False
    max_sponsored_share: Annotated[
        Amount | None,
        option(
            "--max-sponsored-share",
            panel=ROSTER,
            metavar="SHARE",
            scope=Scope.CLAIMS,
            help="Leave out creators whose paid-post share exceeds this: 40%.",
        ),
    ] = None
    with_minors: Annotated[
        bool,
        option(
            "--with-minors",
            panel=ROSTER,
            scope=Scope.CLAIMS,
            help="Allow creators who feature minors (features_minor).",
        ),
    ] = False
    exclude_suspicious: Annotated[
        bool,
        option(
            "--exclude-suspicious",
            panel=ROSTER,
            scope=Scope.CLAIMS,
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
            help="Decimal mark of the list, a comma or a point, where its cells do not show it.",
        ),
    ] = None
    encoding: Annotated[
        str | None,
        option(
            "--encoding",
            panel=ROSTER,
            metavar="NAME",
            scope=Scope.ROSTER,
            help="Encoding of the list, such as cp1250 or shift-jis, if it is not detected.",
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
            help="What one of your headers means: 'Rate card=fee', or Comments=ignore. Repeatable.",
        ),
    ] = field(default_factory=dict)
    platform_default: Annotated[
        str | None,
        option(
            "--platform-default",
            panel=ROSTER,
            metavar="NAME",
            scope=Scope.ROSTER,
            help="The platform of offers that name none, such as tiktok.",
        ),
    ] = None
    quotes: Annotated[
        str | None,
        option(
            "--quotes",
            panel=ROSTER,
            metavar="END",
            scope=Scope.ROSTER,
            help="Which end of a price range such as $300 - $500 is used: high (the default), middle or low.",
        ),
    ] = None
    posts: Annotated[
        str | None,
        option(
            "--posts",
            panel=ROSTER,
            metavar="FILE",
            scope=Scope.ROSTER,
            help="Past posts, one row each (creator, date, likes, comments, views, paid): rates are learned from them.",
        ),
    ] = None
    lists: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    exchange: Mapping[str, Amount] = field(default_factory=dict)
    forecast: Mapping[str, Any] = field(default_factory=dict)
    starts: date | None = None
    ends: date | None = None
    report: ReportInput | None = None
