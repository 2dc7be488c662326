"""Read a roster file, of any format, into a `Roster`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.memory import release_freed_memory
from microopt.readers.cells.list_cells import read_lists
from microopt.readers.cells.text import join_columns, to_text_column
from microopt.readers.context import ReadContext, open_file
from microopt.readers.creators.creator_names import check_names, to_name_column
from microopt.readers.creators.default_platform import fill_platforms
from microopt.readers.creators.duplicate_offers import drop_duplicate_offers
from microopt.readers.creators.missing_names import fill_missing_names, note_filled_names
from microopt.readers.creators.namesakes import tell_namesakes_apart
from microopt.readers.creators.places import PLACE_COLUMNS, read_places
from microopt.readers.creators.platform_names import name_platforms_by_offers, read_platforms
from microopt.readers.creators.profile_links import read_profile_links
from microopt.readers.creators.tier_names import read_tiers
from microopt.readers.formats.raw_bytes import run_in_background
from microopt.readers.headers.column_summary import describe_columns
from microopt.readers.headers.extra_columns import parse_extra_columns
from microopt.readers.headers.format_figures import keep_format_figures
from microopt.readers.headers.mapping import map_columns
from microopt.readers.headers.missing_columns import require_columns
from microopt.readers.headers.platform_figures import take_platform_figures
from microopt.readers.headers.uncounted_money import note_uncounted_money
from microopt.readers.money.free_offers import name_gifts
from microopt.readers.money.money import (
    MoneyColumn,
    find_price_columns,
    name_offers_by_fee,
    read_money,
    split_fees,
    split_price_columns,
    to_cents,
)
from microopt.readers.money.row_currencies import name_home_currency
from microopt.readers.money.surcharges import read_surcharges
from microopt.readers.note_order import order_notes
from microopt.readers.numbers.assumed_units import note_assumed_units
from microopt.readers.numbers.decimal_mark import note_thousands
from microopt.readers.numbers.hidden_figures import note_hidden_figures
from microopt.readers.numbers.numbers import (
    check_conversions,
    check_followers,
    check_maximum,
    parse_number_column,
    parse_rate_column,
)
from microopt.readers.options import ReadOptions
from microopt.readers.rows.continuation_rows import fill_names_down
from microopt.readers.rows.non_creator_rows import leave_out_non_creators
from microopt.readers.rows.skip_bad_rows import raise_or_skip_faults
from microopt.readers.words.vocabulary import ROSTER, ColumnKind
from microopt.roster.pay_types import FEELESS_TYPES, PAY_TYPE_NAMES, UNKNOWN_PAY, parse_pay_types
from microopt.roster.roster import NO_FEE, NO_WORDS, YES_WORDS, Roster, Source, TextColumn
from microopt.roster.stated_audience import StatedAudience
from microopt.roster.volume_packages import MAX_UNITS, invalid_discounts, invalid_units

MANY_ROWS = 100_000  # from which a second core is worthwhile
Texts = dict[str, TextColumn]
Numbers = dict[str, NDArray[np.float64]]


def read_roster(path: str, options: ReadOptions | None = None) -> Roster:
    """Read and check a roster.

    Parameters
    ----------
    path
        Delimited text, gzipped or not, a workbook, or Parquet (a file, a folder or a glob); `-` is standard input.

    Raises
    ------
    RosterError
        With every fault of the file.
    """
    options = options or ReadOptions()
    if options.posts is None:
        roster = read_opened_roster(open_file(path, options))
    else:
        from microopt.readers.posts.read_posts import read_with_posts  # few rosters come with posts

        roster = read_with_posts(options.posts, options, lambda known: read_opened_roster(open_file(path, known)))
    if len(roster) >= MANY_ROWS:
        release_freed_memory()
    return roster


def read_opened_roster(context: ReadContext) -> Roster:
    """Read and check the cells of a roster; see `read_roster`."""
    more_niches = map_columns(context)
    fill_missing_names(context)
    leave_out_non_creators(context)
    note_filled_names(context)
    fill_names_down(context, more_niches)
    read_profile_links(context)
    unpaid = find_feeless(context)
    require_columns(context, fees=not (len(unpaid) and unpaid.all()))
    read_surcharges(context)
    money = read_money(context)
    roster = tell_namesakes_apart(context, _build_roster(context, more_niches, money, unpaid))
    roster = name_offers_by_fee(context, split_fees(context, roster, money["fee"])) if "fee" in money else roster
    price_columns = find_price_columns(context)
    if price_columns:
        roster = split_price_columns(context, roster, price_columns, money, unpaid)
    roster = keep_format_figures(context, name_gifts(context, roster))
    roster = take_platform_figures(context, roster)
    roster = drop_duplicate_offers(context, fill_platforms(context, roster))
    if context.options.agreed_fees:
        from microopt.readers.unagreed_fees import fault_unagreed_fees  # few campaigns have agreed fees

        fault_unagreed_fees(context, roster, money, price_columns)
    roster = raise_or_skip_faults(context, roster)
    note_thousands(context)
    note_assumed_units(context)
    note_hidden_figures(context)
    note_uncounted_money(context, roster)
    return replace(
        roster,
        currency=context.currency,
        columns=describe_columns(context, more_niches),
        notes=order_notes(context),
        remarks=tuple(context.remarks),
        left_out=tuple(context.left_out),
    )


def _build_roster(
    context: ReadContext, more_niches: tuple[int, ...], money: Mapping[str, MoneyColumn], unpaid: NDArray[np.bool_]
) -> Roster:
    cells = context.raw("creator") if "creator" in context.columns else pd.Series(context.table.row)
    wait_for_names = run_in_background(lambda: to_name_column(cells), len(cells), MANY_ROWS)
    texts = _parse_texts(context, more_niches)
    numbers, fee = _parse_numbers(context, texts.get("platform"), money, unpaid)
    check_volume(context, numbers.get("max_units"), texts.get("volume_discount"))
    check_conversions(context, numbers)
    extra_texts, extra_numbers = parse_extra_columns(context, more_niches)
    texts |= extra_texts
    names = wait_for_names()
    if "creator" in context.columns:  # a missing column is a fault already, and the rest is still checked
        check_names(context, names)
    options = context.options
    return Roster(
        texts={"creator": names.column, **name_home_currency(context, texts), **read_lists(context, texts)},
        numbers=_with_authentic_share(numbers | extra_numbers),
        fee=fee,
        creator_id=names.ids,
        row=context.table.row,
        audience=_read_audience(context, names.ids, texts.get("platform")),
        source=Source(
            path=context.path, sha256=context.table.sha256, sheet=options.sheet, skip_bad_rows=options.skip_bad_rows
        ),
    )


def _read_audience(
    context: ReadContext, creators: NDArray[np.int32], platform: TextColumn | None
) -> StatedAudience | None:
    """Return which share of each audience is on target, where the campaign has a target."""
    target = context.options.target_audience
    if target is None:
        return None
    from microopt.readers.audience.read_audience import read_audience  # names of countries, which few rosters need

    groups = creators.astype(np.int64)
    if platform is not None:
        groups = groups * len(platform.labels) + platform.codes
    return read_audience(context, target).shared_within(groups)


def _parse_texts(context: ReadContext, more_niches: tuple[int, ...]) -> Texts:
    """Return the text columns, except for the creators."""
    texts = {
        name: (
            read_places(context, name)
            if name in PLACE_COLUMNS
            else to_text_column(context.raw(name), placeholders=True)
        )
        for name in context.columns
        if ROSTER.kinds.get(name) is ColumnKind.TEXT and name != "creator"
    }
    if "platform" in texts:
        texts |= read_platforms(context, texts["platform"], texts.get("offer"))
    if "offer" in texts:
        texts |= name_platforms_by_offers(context, texts["offer"], texts.get("platform"))
    if "tier" in texts:
        texts["tier"] = read_tiers(context, texts["tier"])
    if "niche" in texts:
        more = [to_text_column(context.table.columns[position], placeholders=True) for position in more_niches]
        texts["niche"] = join_columns([texts["niche"], *more]) if more else texts["niche"]
    check_flag(context, "features_minor", texts.get("features_minor"))
    if context.options.calendar is not None or context.options.days_without_calendar:
        from microopt.readers.availability import read_availability  # dates, which only a calendar needs

        texts |= read_availability(context)
    return texts


def _parse_numbers(
    context: ReadContext,
    platform: TextColumn | None,
    money: Mapping[str, MoneyColumn],
    unpaid: NDArray[np.bool_],
) -> tuple[Numbers, NDArray[np.int64]]:
    """Return the numeric columns, and separately the fee in cents, which is 0 where an offer needs none."""
    fee = np.where(unpaid, np.int64(0), np.int64(NO_FEE))
    if "followers" in context.columns:
        parsed = parse_number_column(context, "followers")
        check_followers(context, parsed)
        followers = parsed.values
    else:
        followers = np.full(len(context.table.row), np.nan)
    numbers = {"followers": followers}
    for name in [name for name in context.columns if name not in numbers]:
        kind = ROSTER.kinds.get(name)
        if kind is ColumnKind.MONEY:
            amounts = money[name].amounts
            if name == "fee":
                unneeded = unpaid & np.isnan(amounts) & ~money[name].bad
                amounts = np.where(unneeded, 0.0, amounts) if unneeded.any() else amounts
                fee = to_cents(context, name, amounts, money[name], required=context.options.fees_required)
                continue
            numbers[name] = amounts
        elif kind in (ColumnKind.RATE, ColumnKind.SHARE):
            numbers[name] = parse_rate_column(context, name, followers, platform)
        elif kind is ColumnKind.COUNT:
            numbers[name] = parse_number_column(context, name).values
        if name in numbers:
            check_maximum(context, name, numbers[name])
    return numbers, fee


def _with_authentic_share(numbers: Numbers) -> Numbers:
    """Add `authentic`, the share of authentic engagements, if the roster has their number instead."""
    if "authentic" not in numbers and {"authentic_engagements", "engagements"} <= numbers.keys():
        with np.errstate(divide="ignore", invalid="ignore"):
            share = numbers["authentic_engagements"] / numbers["engagements"]
        numbers["authentic"] = np.where(np.isfinite(share), np.minimum(share, 1.0), np.nan)
    return numbers


def find_feeless(context: ReadContext) -> NDArray[np.bool_]:
    """Return which rows need no fee because they are gifted or paid by commission; note unknown pay types."""
    if "pay" not in context.columns:
        return np.zeros(len(context.table.row), dtype=bool)
    pay = parse_pay_types(to_text_column(context.raw("pay"), placeholders=True))
    fix = f"write one of {', '.join(names[0] for names in PAY_TYPE_NAMES.values())}"
    context.fault_cells("pay", pay == UNKNOWN_PAY, "pay-unknown", "{value} is not a pay type", fix)
    return np.isin(pay, FEELESS_TYPES)


def check_flag(context: ReadContext, name: str, column: TextColumn | None) -> None:
    """Note cells of a flag that are neither yes nor no."""
    if column is not None:
        is_known = column.contains_any({*YES_WORDS, *NO_WORDS, ""})
        message = "{value} is neither yes nor no"
        context.fault_cells(name, ~is_known, "flag-unknown", message, "write 'yes' or 'no', or leave the cell empty")


def check_volume(context: ReadContext, units: NDArray[np.float64] | None, discounts: TextColumn | None) -> None:
    """Note invalid numbers of units and invalid discounts."""
    if units is not None:
        message, fix = "{value} is not a number of units", f"write a whole number from 1 to {MAX_UNITS}"
        context.fault_cells("max_units", invalid_units(units), "units-range", message, fix)
    if discounts is not None:
        message = "the volume discount {value} cannot be read"
        fix = "write rising steps like 2:10%; 5:20% (from 2 units on 10% off, from 5 on 20%)"
        context.fault_cells("volume_discount", invalid_discounts(discounts), "discount-steps", message, fix)
