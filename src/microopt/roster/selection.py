"""Match selectors and filters with offers, and suggest names where nothing matches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.calendar import WAVE
from microopt.campaign.campaign import Campaign, Filter, Selector
from microopt.campaign.flag_values import describe_list_settings, format_header_map
from microopt.campaign.quoting import quote
from microopt.campaign.rule_grammar import parse_selector
from microopt.campaign.wave_names import suggest_waves
from microopt.campaign.wave_rules import WAVES_EXAMPLE
from microopt.errors import CampaignError, NameSuggester, did_you_mean
from microopt.quantities.keys import header_key, key_without, match_key, match_keys, symbols_of
from microopt.quantities.profile_links import parse_profile_link
from microopt.roster.roster import NO_FEE, YES_WORDS, Roster, TextColumn, find_column, find_number_column
from microopt.roster.value_words import holds_any, known_values

READ_BY_HEADER = ("niche", "region", "city", "language", "style", "offer")  # what --map can make of a text column
MOST_HEADERS = 3  # that a fix names


def matching_offers(roster: Roster, selector: Selector) -> NDArray[np.bool_]:
    """Return, per offer, whether the selector matches it.

    Raises
    ------
    CampaignError
        If a column is not in the roster.
    """
    chosen = np.ones(len(roster), dtype=bool)
    for clause in selector.clauses:
        name = find_column(roster, clause.column)
        matching = holds_any(find_text_column(roster, clause.column, clause.values), name, clause.values)
        if name == "creator":
            matching |= offers_meant(roster, clause.values)
        chosen &= matching
    return chosen


def offers_named(roster: Roster, name: str) -> NDArray[np.bool_]:
    """Return, per offer, whether a name means it: the name of the creator, or else a selector.

    Raises
    ------
    CampaignError
        If the name is a selector with a column that is not in the roster.
    """
    chosen = roster.texts["creator"].contains_any({match_key(name)})
    if not chosen.any():
        chosen = offers_meant(roster, [name])
    selector = None if chosen.any() else try_parse_selector(name)
    return chosen if selector is None else matching_offers(roster, selector)


def offers_named_by_any(roster: Roster, names: Sequence[str]) -> NDArray[np.bool_]:
    """Return, per offer, whether any of these names means it; names of creators are looked up together.

    Raises
    ------
    CampaignError
        As `offers_named`.
    """
    chosen = np.zeros(len(roster), dtype=bool)
    if not names:
        return chosen
    creators = roster.texts["creator"]
    in_use = [creators.labels[code] for code in np.flatnonzero(np.bincount(creators.codes)).tolist()]
    known = set(match_keys(in_use)) if creators.values is None else set()
    of_creators = known & {match_key(name) for name in names}
    if of_creators:
        chosen |= creators.contains_any(of_creators)
    for name in names:
        if match_key(name) not in of_creators:
            chosen |= offers_named(roster, name)
    return chosen


def reasons_left_out(roster: Roster, creator: str) -> tuple[str, ...]:
    """Return why the reader left out the rows of a creator, in clauses; none if the roster has offers of theirs."""
    key = match_key(creator)
    reasons = tuple(
        f"row {row:,} was left out ({remark.text.removeprefix(f'{remark.creator}: ')})"
        for remark in roster.left_out
        if remark.creator and match_key(remark.creator) == key
        for row in remark.rows.tolist()
    )
    return () if reasons and roster.texts["creator"].contains_any({key}).any() else reasons


def offers_meant(roster: Roster, names: Sequence[str]) -> NDArray[np.bool_]:
    """Return, per offer, whether one of these names means its creator without being the name on the roster.

    A link means the creator who has it in the column `url`. A name means the creator whose name is the same but for
    emoji, if there is only one.
    """
    full_names = {found[0] for found in _full_names(roster, names).values() if len(found) == 1}
    linked = _offers_linked(roster, names)
    return linked | roster.texts["creator"].contains_any(set(match_keys([*full_names]))) if full_names else linked


def suggest_full_names(roster: Roster, name: str) -> str:
    """Return "did you mean …?" for the creators whose names are the same but for emoji, or an empty string."""
    full_names = [full for found in _full_names(roster, [name]).values() for full in found]
    return f"did you mean {' or '.join(map(_quote_comma, full_names[:3]))}?" if full_names else ""


def _full_names(roster: Roster, names: Iterable[str]) -> dict[str, list[str]]:
    """Return the creators whose names are the same but for emoji, by the match key of a name that no creator has."""
    labels, wanted = roster.texts["creator"].labels, {match_key(name) for name in names} - {""}
    symbols = symbols_of(labels) if wanted else frozenset()
    found: dict[str, dict[str, str]] = {}
    for label in labels if symbols else ():
        if not symbols.isdisjoint(label) and (key := key_without(symbols, label)) in wanted:
            found.setdefault(key, {})[match_key(label)] = label.strip()
    known = {*match_keys(labels)} if found else set()
    return {key: [*full_names.values()] for key, full_names in found.items() if key not in known}


def _offers_linked(roster: Roster, names: Sequence[str]) -> NDArray[np.bool_]:
    """Return, per offer, whether its creator has one of these names, where it is a link, in the column `url`."""
    column, links = roster.texts.get("url"), {match_key(name) for name in names if parse_profile_link(name)}
    if column is None or not links:
        return np.zeros(len(roster), dtype=bool)
    return _spread_to_creator(roster, column.contains_any(links))


def try_parse_selector(name: str) -> Selector | None:
    """Parse a name as a selector, or return None if it can only be the name of a creator."""
    try:
        return parse_selector(name) if ":" in name.replace("://", "") else None
    except CampaignError:
        return None


def unknown_values(roster: Roster, selector: Selector, *, has_lists: bool = False) -> list[tuple[str, str, str]]:
    """Return (column, value, suggestion) for every value of a selector that no offer has.

    Parameters
    ----------
    has_lists
        Whether the campaign says of any column where its cells are divided.
    """
    unknown = []
    for clause in selector.clauses:
        column, name = find_text_column(roster, clause.column, clause.values), find_column(roster, clause.column)
        is_wave = name == WAVE and roster.timing is not None
        has_all = name == "tier" or is_wave  # also those that no offer has
        existing = column.distinct_values() | (set(column.labels) if has_all else set())
        is_known = known_values(existing, column, name)
        suggester = NameSuggester(map(_quote_comma, existing), by_part=name == "creator")
        whole_cells, listed = sorted(other for other in existing if "," in other), _list_values(existing)
        wholes = []
        for value in clause.values:
            if is_known(value) or (name == "creator" and offers_meant(roster, [value]).any()):
                continue
            whole = next((other for other in whole_cells if _is_part(value, other)), None)
            if whole is None:
                full_names = suggest_full_names(roster, value) if name == "creator" else ""
                nearest = suggest_waves(column.labels, value) if is_wave else suggester.suggest(value)
                unknown.append((clause.column, value, full_names or nearest or listed))
            elif whole not in wholes:
                wholes.append(whole)
                unknown.append((clause.column, value, _explain_whole(clause.column, whole, has_lists=has_lists)))
    return unknown


def _is_part(value: str, whole: str) -> bool:
    """Whether a value stands between the commas of a cell that was kept whole."""
    return "," in whole and match_key(value) in map(match_key, whole.split(","))


def _explain_whole(column: str, whole: str, *, has_lists: bool) -> str:
    clause = f"{quote(column)}:{quote(whole)}"
    divide = describe_list_settings([column], ",", has_table=has_lists)
    return f"cells with commas are kept whole: write {clause} (in --rule or --where), or, to divide them, {divide}"


def _quote_comma(value: str) -> str:
    return quote(value) if "," in value else value


def _list_values(existing: set[str]) -> str:
    return f"it holds {', '.join(map(_quote_comma, sorted(existing)[:8]))}" + (", ..." if len(existing) > 8 else "")


def matches_filter(roster: Roster, where: Filter) -> NDArray[np.bool_]:
    """Return, per offer, whether the filter matches it; a range never matches an empty cell.

    Raises
    ------
    CampaignError
        If the filter's column is not in the roster, or holds text where a range needs numbers.
    """
    if where.selector is not None:
        return matching_offers(roster, where.selector)
    assert where.column is not None
    assert where.bounds is not None
    values = _number_values(roster, where.column)
    low, high = where.bounds.low, where.bounds.high
    inside = ~np.isnan(values)
    if low is not None:
        inside &= np.nan_to_num(values) >= float(low)
    if high is not None:
        inside &= np.nan_to_num(values) <= float(high)
    return inside


def brand_safe_offers(roster: Roster, campaign: Campaign) -> NDArray[np.bool_]:
    """Return, per offer, whether its creator passes the limits on sponsored posts and on minors."""
    return ~(sponsored_too_often(roster, campaign) | excluded_for_minors(roster, campaign))


def sponsored_too_often(roster: Roster, campaign: Campaign) -> NDArray[np.bool_]:
    """Return, per offer, whether more of its creator's posts are sponsored than the campaign allows.

    One row of a creator speaks for all of their offers; an empty cell says nothing.
    """
    if campaign.max_sponsored_share is None:
        return np.zeros(len(roster), dtype=bool)
    share = np.nan_to_num(roster.number("sponsored_share"))
    return _spread_to_creator(roster, share > float(campaign.max_sponsored_share))


def excluded_for_minors(roster: Roster, campaign: Campaign) -> NDArray[np.bool_]:
    """Return, per offer, whether its creator features minors, unless the campaign allows it or includes them by name.

    One row of a creator speaks for all of their offers; an empty cell says nothing.
    """
    minors = roster.texts.get("features_minor")
    if minors is None or campaign.with_minors:
        return np.zeros(len(roster), dtype=bool)
    featured = _spread_to_creator(roster, minors.contains_any(set(YES_WORDS)))
    return featured & ~offers_of_included(roster, campaign)


def offers_of_included(roster: Roster, campaign: Campaign) -> NDArray[np.bool_]:
    """Return which offers are of creators whom the campaign includes by name or by link."""
    named = roster.texts["creator"].contains_any({match_key(name) for name in campaign.include})
    return named | offers_meant(roster, campaign.include)


def _spread_to_creator(roster: Roster, rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return, per offer, whether any offer of its creator is among `rows`."""
    return np.isin(roster.creator_id, np.unique(roster.creator_id[rows]))


def _number_values(roster: Roster, name: str) -> NDArray[np.float64]:
    if find_column(roster, name) == "fee":
        fee = roster.fee if roster.fee_discounts is None else roster.fee_discounts.left_of(roster.fee)
        return np.where(fee == NO_FEE, np.nan, fee / 100)
    column = find_number_column(roster, name)
    if column is None:
        columns = _known_names(roster, [*roster.numbers, "fee"])
        kind = "holds text: filter it like 'language:en'" if _holds_text(roster, name) else "is not in the roster"
        fix = did_you_mean(name, columns) or f"use one of the number columns: {', '.join(columns[:12])}"
        raise CampaignError(f"column {name!r} {kind}", fix=fix, code="column-unknown")
    return roster.numbers[column]


def _holds_text(roster: Roster, name: str) -> bool:
    return find_column(roster, name) in roster.texts


def _known_names(roster: Roster, names: Sequence[str]) -> list[str]:
    """Return the names of columns as the user knows them: ours, with the header of the file where that is another."""
    headers = {use.column: use.header for use in roster.columns if use.column}
    own = {header_key(name) for name in names}
    return [
        f"{name} ({header})" if (header := headers.get(name)) and header_key(header) not in own else name
        for name in names
    ]


def find_text_column(roster: Roster, name: str, values: Sequence[str] = ()) -> TextColumn:
    """Return a text column by any spelling of its name, or by its header in the user's file.

    Parameters
    ----------
    values
        That are looked for in it: where there is no such column, they tell which other one may be meant.

    Raises
    ------
    CampaignError
        If the roster has no text column of that name.
    """
    column = find_column(roster, name)
    if column not in roster.texts:
        fix = _fix_text_column(roster, column, values)
        raise CampaignError(f"the roster has no text column {name!r}", fix=fix, code="column-unknown")
    return roster.texts[column]


def _fix_text_column(roster: Roster, name: str, values: Sequence[str]) -> str:
    if header_key(name) == "platform":
        return "if every offer is on one platform, name it: --platform-default tiktok"
    if name in roster.numbers or name == "fee":
        return f"it holds numbers: write a range such as '{name} 1..500'"
    if header_key(name) == WAVE:
        return f"give the waves of the campaign: {WAVES_EXAMPLE}"
    known = f"use one of the text columns: {', '.join(_known_names(roster, list(roster.texts))[:20])}"
    if header_key(name) not in READ_BY_HEADER:
        return did_you_mean(name, roster.texts) or known
    headers, own = _possible_headers(roster, values), f"add a column '{header_key(name)}' to your list"
    if not headers:
        return f"{own}, or {known}"
    named = " or ".join(map(repr, headers))
    return f"is it {named}? Then add {format_header_map(headers[0], header_key(name))}, or {own}"


def _possible_headers(roster: Roster, values: Sequence[str]) -> list[str]:
    """Return the headers of unused text columns that hold any of these values, or else of those that repeat theirs."""
    unused = [use.header for use in roster.columns if use.column is None and use.header in roster.texts]
    wanted = {match_key(value) for value in values}
    holding = [header for header in unused if roster.texts[header].contains_any(wanted).any()]
    repeating = [header for header in unused if 1 < len(roster.texts[header].distinct_values()) <= len(roster) / 2]
    return (holding or repeating)[:MOST_HEADERS]
