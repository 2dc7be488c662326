"""Who posts what in which wave: marks, letters, totals, and creators whose posts are summed up."""

from fractions import Fraction

import pytest
from msgspec.structs import replace

from microopt.campaign.campaign import Goal
from microopt.campaign.metrics import NET_REACH
from microopt.plan.likely_range import LikelyRange
from microopt.rendering.terminal.plan_line import plan_line
from microopt.rendering.wording.plan_head import plan_head
from microopt.rendering.wording.waves import (
    LETTERS,
    count_creators_and_posts,
    creators_in_waves,
    main_metric,
    picks_by_creator,
    post_letters,
    post_names,
    posts_in_waves,
    wave_marks,
    wave_totals,
)
from tests.rendering.builders import pick, plan
from tests.rendering.waves import in_waves, months

MARCH, APRIL, MAY = (wave.name for wave in months(3))


def several(*parts):
    """Return picks of these creators, offers, platforms and waves."""
    return [
        pick(number, creator=creator, offer=offer, platform=platform, wave=wave)
        for number, (creator, offer, platform, wave) in enumerate(parts)
    ]


def test_a_creator_in_three_waves_is_one_creator_and_three_posts():
    chosen = several(*(("@anna", "reel", "instagram", wave) for wave in (MARCH, APRIL, MAY)))
    made = in_waves(3, chosen)
    assert count_creators_and_posts(made) == "1 creator, 3 posts"
    assert posts_in_waves(made) == "3 posts by 1 creator in 3 waves"
    assert next(text for kind, text in plan_head(made) if kind == "main fact").startswith(
        "$1,350 for 3 posts by 1 creator in 3 waves -> 2,700 engagements"
    )
    assert " · 1 creator, 3 posts · " in plan_line(made)
    assert [each.posts for each in creators_in_waves(made)] == [3]


def test_waves_without_posts_are_said():
    assert posts_in_waves(in_waves(3)) == "7 posts by 5 creators in 2 of 3 waves"
    assert posts_in_waves(in_waves(1, several(("@a", "reel", "x", MARCH)))) == "1 post by 1 creator in 1 wave"


def test_a_plan_without_a_calendar_says_nothing_of_posts():
    assert count_creators_and_posts(plan()) == "7 creators"
    assert picks_by_creator(plan()) == plan().picks
    assert "post" not in "".join(text for _, text in plan_head(plan()))


def test_spellings_of_a_creator_are_one_row():
    chosen = several(("@anna", "reel", "instagram", MARCH), ("Anna ", "reel", "instagram", MAY))
    (row,) = creators_in_waves(in_waves(3, chosen))
    assert (row.creator, row.posts) == ("@anna", 2)
    assert [len(picks) for picks in row.waves] == [1, 0, 1]


def test_offers_of_one_name_on_two_platforms_are_told_apart():
    chosen = several(
        ("@a", "video", "tiktok", MARCH),
        ("@b", "video", "youtube", MARCH),
        ("@c", "reel", "instagram", MARCH),
        ("@d", "Reel", "Instagram", MARCH),
        ("@e", "", "x", MARCH),
        ("@f", "", "", MARCH),
    )
    assert [*post_names(chosen).values()] == ["TikTok video", "YT video", "reel", "X", "post"]


def test_letters_are_those_of_the_names_and_none_stands_for_two_kinds():
    names = {("", name): name for name in ("reel", "story", "short", "stream", "s", "", "9", "漢")}
    letters = post_letters(names)
    assert [*letters.values()][:4] == ["R", "S", "H", "T"]
    assert len(set(letters.values())) == len(names)
    assert set(letters.values()) <= set(LETTERS)


def test_there_are_no_letters_for_more_kinds_than_letters():
    names = {("", f"{number}"): f"offer {number}" for number in range(len(LETTERS) + 1)}
    assert post_letters(names) is None
    assert len({*post_letters(dict(list(names.items())[:-1])).values()}) == len(LETTERS)


def test_several_posts_in_a_wave_are_named_with_their_number():
    chosen = [pick(offer="reel", units=2), pick(offer="story")]
    names = post_names(chosen)
    assert wave_marks(chosen, names) == "reel x2, story"
    assert wave_marks(chosen, post_letters(names), separator="") == "R2S"
    assert wave_marks((), names) == "·"


def test_the_posts_of_a_creator_are_summed_up():
    likely = {"engagements": LikelyRange(1, 2)}
    chosen = [
        pick(creator="@a", wave=MARCH, offer="reel", usual_fee=500, revenue=10, likely=likely, niche=("beauty",)),
        pick(creator="@a", wave=APRIL, offer="reel", usual_fee=500, revenue=20, fee_estimated=True, niche=("food",)),
        pick(creator="@b", wave=APRIL, offer="story", likely=likely),
        pick(creator="@c", wave=APRIL, offer="story", usual_fee=500, revenue=5),
        pick(creator="@c", wave=MAY, offer="reel", units=2),
        pick(creator="@d", wave=APRIL, offer="video", platform="tiktok"),
        pick(creator="@d", wave=MAY, offer="video", platform="youtube"),
    ]
    first, alone, mixed, across = picks_by_creator(in_waves(3, chosen))
    assert (first.offer, first.units, first.cost, first.usual_fee, first.revenue) == ("reel", 2, 90_000, 1000, 30)
    assert (first.fee_estimated, first.niche, first.likely) == (True, ("beauty", "food"), {})
    assert first.metrics["engagements"] == 2 * chosen[0].metrics["engagements"]
    assert alone is chosen[2]
    assert (mixed.offer, mixed.platform, mixed.units) == ("story, reel x2", "instagram", 1)
    assert (mixed.usual_fee, mixed.revenue) == (None, None)
    assert (across.offer, across.platform) == ("TikTok video, YT video", "")


@pytest.mark.parametrize(
    ("goal", "metric"),
    [("balanced", "engagements"), ("conversions", "conversions"), ("reach", "reach"), (NET_REACH, "reach")],
)
def test_the_main_metric_is_that_of_the_goal(goal, metric):
    made = in_waves(3, campaign={"goal": Goal(name=goal)})
    assert main_metric(made) == metric
    assert [*wave_totals(made)][-1][0].casefold().endswith(metric)


def test_the_demand_and_the_creators_are_told_where_they_say_something():
    assert [label for label, _, _ in wave_totals(in_waves())] == ["Posts", "Spend", "Engagements"]
    busy = replace(months(2)[1], demand=Fraction(3, 2))
    chosen = several(("@a", "reel", "x", MARCH), ("@a", "story", "x", MARCH), ("@a", "reel", "x", APRIL))
    totals = {
        label: (cells, posts) for label, cells, posts in wave_totals(in_waves(2, chosen, waves=(months(1)[0], busy)))
    }
    assert totals["Demand"] == (("100%", "150%"), "")
    assert totals["Creators"] == (("1", "1"), "")
    assert totals["Posts"] == (("2", "1"), "3")
