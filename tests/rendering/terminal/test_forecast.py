"""The table of a forecast: a flag stands only where an offer differs from most."""

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from microopt.analysis.forecast_table import TargetShare
from microopt.campaign.target_audience import TargetAudience
from microopt.rendering.terminal.forecast import forecast_table
from microopt.rendering.terminal.screen import Screen
from tests.rendering.builders import HOSTILE
from tests.rendering.wording.test_forecast import forecast, priced

WIDE = Screen(width=120)


def test_a_fee_stands_above_its_multiple_of_the_usual_one():
    lines = forecast_table(priced(3, 2.8, 9), WIDE).splitlines()
    row = next(place for place, line in enumerate(lines) if "$9,000!" in line)
    assert " 9.0x " in lines[row + 1]
    assert [line for line in lines if "$3,000!" in line or "$2,800!" in line] == []


def test_a_gift_has_no_multiple_and_no_cents():
    gift = forecast(fees=(0, 20_000, 3_000))
    assert "$0 " in forecast_table(gift, WIDE)


def test_what_stands_below_a_fee_is_explained_only_where_something_does():
    assert "Below a fee:" in forecast_table(priced(3, 2.8, 9), WIDE)
    without = forecast()
    unpriced = replace(without, offers=tuple(replace(offer, usual_fee=None) for offer in without.offers))
    assert "Below a fee:" not in forecast_table(unpriced, WIDE)


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_keeps_to_the_screen(width, name):
    sample = forecast()
    hostile = replace(sample, offers=tuple(replace(offer, creator=name, offer=name) for offer in sample.offers))
    output = forecast_table(hostile, Screen(width=width))
    assert [line for line in output.splitlines() if cell_len(line) > width] == []
    assert not any((ord(c) < 32 and c != "\n") or c in "\u2028\u202e\u2066\x7f\x9b\ud800" for c in output)


def test_a_narrow_screen_shows_the_followers_and_every_figure_in_full():
    sample = priced(3, 2.8, 9)
    offers = [replace(offer, platform="tiktok", offer="video", followers=54_100) for offer in sample.offers]
    lines = forecast_table(replace(sample, offers=tuple(offers)), Screen(width=80)).splitlines()
    assert sum(line.startswith("  TikTok video · micro · 54.1k ") for line in lines) == 3
    assert any(line.split() == ["Creator", "Fee", "Reach", "Impr.", "Eng.", "Conv.", "CPE"] for line in lines)
    assert not any("…" in line for line in lines)


def test_a_mark_is_explained_only_where_a_figure_has_it():
    some_estimated = forecast(rates=[0.05] * 59 + [float("nan")], fees=[40_000] * 60)
    last = some_estimated.offers[-1]
    assert last.figures["engagements"].origin == "default"
    assert "° an industry estimate" not in forecast_table(some_estimated, WIDE)  # of a row that is not shown
    assert "° an industry estimate" in forecast_table(replace(some_estimated, offers=some_estimated.offers[10:]), WIDE)


def test_a_mark_in_a_column_that_has_no_room_is_not_explained():
    sample = forecast(fees=[40_000] * 3)
    views = replace(sample.offers[0].figures["impressions"], origin="estimated")
    marked = replace(sample.offers[0], figures={**sample.offers[0].figures, "impressions": views})
    sample = replace(sample, offers=(marked, *sample.offers[1:]))
    assert "~ an estimate" in forecast_table(sample, WIDE)
    narrow = forecast_table(sample, Screen(width=60))
    assert "Impr." not in narrow
    assert "~ an estimate" not in narrow


def test_assumed_shares_on_target_are_explained_where_there_are_some():
    sample = forecast()
    campaign = replace(sample.campaign, target_audience=TargetAudience(countries=("DE",)))

    def shown(*origins):
        pairs = zip(sample.offers, origins, strict=True)
        offers = tuple(replace(offer, on_target=TargetShare(share=0.4, origin=origin)) for offer, origin in pairs)
        return forecast_table(replace(sample, campaign=campaign, offers=offers), WIDE)

    assert "Target: the share of the audience whom the campaign is to reach.\n" in shown("own", "own", "own")
    assert "reach; ° assumed, not in your list.\n" in shown("own", "default", "own")


def test_what_offers_earn_is_shown_where_an_order_has_a_value_and_the_screen_has_room():
    sample = forecast()
    earning = tuple(
        replace(offer, rates={**offer.rates, "roas": 1.5, "profit": -2_000.0, "cpa": 4_000.0})
        for offer in sample.offers
    )
    wide = forecast_table(replace(sample, offers=earning), WIDE)
    assert wide.count(" 1.50x ") == 3
    assert wide.count(" -$20 ") == 3
    assert all(name in wide for name in (" ROAS ", " Profit ", " CPA"))
    assert "ROAS" not in forecast_table(replace(sample, offers=earning), Screen(width=60))
    assert not any(name in forecast_table(sample, WIDE) for name in ("ROAS", "Profit", "CPA"))


def test_the_fit_of_creators_is_shown_where_one_is_known():
    fitted = forecast(fit=[1.0, 0.65, float("nan")])
    table = forecast_table(fitted, WIDE)
    assert {line.split()[-1] for line in table.splitlines() if line.startswith("@")} == {"1", "0.65", "-"}
    assert "Fit multiplies engagements and conversions." in table
    assert "Fit" not in forecast_table(forecast(), WIDE)
