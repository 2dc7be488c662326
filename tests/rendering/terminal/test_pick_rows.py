"""Of many picks each tier shows some, and the rest is summed in one row."""

from collections import Counter

import pytest
from msgspec.structs import replace

from microopt.rendering.terminal.pick_rows import pick_rows, split_places, sum_picks
from tests.rendering.builders import pick, picks, plan, totals


def split_picks(chosen):
    """Return the picks that a table shows and those that it does not."""
    return tuple([chosen[place] for place in places] for places in split_places([item.tier for item in chosen]))


def test_up_to_sixty_picks_are_all_shown():
    chosen = picks(60)
    assert split_picks(chosen) == (list(chosen), [])
    assert [row.pick for row in pick_rows(plan(chosen))] == [*chosen, None]


@pytest.mark.parametrize("count", [61, 70, 119, 120, 300])
def test_of_more_fifty_are_shown_spread_over_the_tiers_in_their_order(count):
    chosen = picks(count)
    shown, hidden = split_picks(chosen)
    assert len(shown) == 50
    assert [item for item in chosen if item in shown] == shown
    assert sorted(item.creator for item in (*shown, *hidden)) == sorted(item.creator for item in chosen)
    by_tier = Counter(item.tier for item in shown)
    assert max(by_tier.values()) - min(by_tier.values()) <= 1


def test_a_tier_of_one_pick_is_shown_and_each_tier_shows_its_first():
    chosen = [pick(0, tier="mega"), *(pick(number, tier="nano") for number in range(1, 200))]
    shown, _ = split_picks(chosen)
    assert shown == chosen[:50]


def test_more_tiers_than_rows_show_one_pick_each():
    chosen = [pick(number, tier=f"tier {number % 70}") for number in range(140)]
    shown, hidden = split_picks(chosen)
    assert [item.tier for item in shown] == [f"tier {number}" for number in range(70)]
    assert len(hidden) == 70


def test_what_is_not_shown_stands_above_the_total_with_its_sums():
    chosen = picks(61)
    *_, rest, total = pick_rows(plan(chosen))
    shown, hidden = split_picks(chosen)
    assert (rest.label, rest.totals) == ("… and 11 more", totals(hidden))
    assert (total.label, total.totals.spend) == ("61 creators", sum(item.cost for item in shown) + rest.totals.spend)


def test_revenue_is_summed_where_it_is_known_of_all():
    known = [replace(item, revenue=100) for item in picks(3)]
    assert sum_picks(known, range(3)).revenue == 300
    assert sum_picks([*known, pick()], range(4)).revenue is None
