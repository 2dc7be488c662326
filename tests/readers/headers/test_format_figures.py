"""Figures under a header that names a format count for the offers of that format alone."""

import numpy as np
import pytest

from microopt.readers.options import ReadOptions
from microopt.readers.roster import read_roster

PRICES = "Name,Followers,{},Price Story,Price Reel,Price TikTok Video\nAnn,20000,5000,90,300,200\n"
NOTE = "{0} is used for reel offers only; to use it for every offer: --map '{0}=views'"


def read(tmp_path, text, **options):
    path = tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    return read_roster(str(path), ReadOptions(**options))


def views(roster):
    values = roster.number("views")
    return {
        f"{roster.text('platform', row)} {roster.text('offer', row)}".strip(): float(values[row])
        for row in range(len(roster))
        if np.isfinite(values[row])
    }


@pytest.mark.parametrize("header", ["Avg Reel Views", "avgReelsPlays", "Views (median, last 12 reels)"])
def test_views_of_reels_are_not_those_of_stories_and_videos(tmp_path, header):
    head = header if "," not in header else f'"{header}"'
    roster = read(tmp_path, PRICES.format(head))
    assert views(roster) == {"reel": 5000}
    assert NOTE.format(header) in roster.notes
    assert next(use.reading for use in roster.columns if use.header == header) == "for reel offers only"


@pytest.mark.parametrize("header", ["Avg Views", "Avg views per post"])
def test_views_of_any_post_are_those_of_every_offer(tmp_path, header):
    roster = read(tmp_path, PRICES.format(header))
    assert len(views(roster)) == 3
    assert not [note for note in roster.notes if "offers only" in note]


def test_views_of_videos_are_not_those_of_stories(tmp_path):
    roster = read(tmp_path, PRICES.format("Avg Video Views"))
    assert views(roster) == {"reel": 5000, "tiktok video": 5000}
    note = "Avg Video Views is not used for story and carousel offers; to use it for every offer: "
    assert f"{note}--map 'Avg Video Views=views'" in roster.notes


def test_views_of_videos_are_not_those_of_carousels(tmp_path):
    rows = "Ann,instagram,carousel,20000,5000,90\nBen,instagram,reel,20000,4000,90\n"
    assert views(read(tmp_path, "Name,Platform,Offer,Followers,Avg Video Views,Fee\n" + rows)) == {
        "instagram reel": 4000
    }


def test_an_offer_is_named_as_on_its_platform(tmp_path):
    rows = "Ann,instagram,video,20000,5000,90\nBen,tiktok,reel,20000,4000,90\nCem,instagram,IG Reels,20000,3000,90\n"
    roster = read(tmp_path, "Name,Platform,Offer,Followers,Avg Reel Views,Fee\n" + rows)
    assert np.nan_to_num(roster.number("views")).tolist() == [5000, 0, 3000]


def test_the_user_may_use_them_for_every_offer(tmp_path):
    roster = read(tmp_path, PRICES.format("Avg Reel Views"), columns={"Avg Reel Views": "views"})
    assert len(views(roster)) == 3
    assert not [note for note in roster.notes if "offers only" in note]


def test_an_offer_without_a_format_is_told_by_its_platform(tmp_path):
    rows = "Ann,instagram,20000,5000,90\nBen,tiktok,20000,4000,90\nCem,,20000,3000,90\n"
    roster = read(tmp_path, "Name,Platform,Followers,Avg Reel Views,Fee\n" + rows)
    assert np.nan_to_num(roster.number("views")).tolist() == [5000, 0, 3000]


def test_a_header_may_name_a_platform_and_a_format(tmp_path):
    text = "Name,IG Followers,TikTok Followers,IG Avg Reel Views,Price Story,Price Reel,Price TikTok Video\n"
    roster = read(tmp_path, text + "Ann,20000,30000,5000,90,300,200\n")
    assert views(roster) == {"instagram reel": 5000}


def test_offers_that_name_no_format_keep_the_figure_and_no_note_is_made(tmp_path):
    roster = read(tmp_path, "Name,Followers,Avg Reel Views,Fee\nAnn,20000,5000,90\n")
    assert views(roster) == {"": 5000}
    assert not [note for note in roster.notes if "offers only" in note]


def test_only_a_figure_that_is_not_used_is_worth_a_note(tmp_path):
    rows = "Ann,instagram,reel,20000,5000,90\nBen,instagram,story,20000,,90\n"
    roster = read(tmp_path, "Name,Platform,Offer,Followers,Avg Reel Views,Fee\n" + rows)
    assert views(roster) == {"instagram reel": 5000}
    assert not [note for note in roster.notes if "offers only" in note]
