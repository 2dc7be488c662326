"""Why creators came and left: each cause by two rosters or campaigns that differ in it alone, told both ways round."""

import json

import pytest

from microopt.analysis.plan_diff.compare_plans import compare_plans
from microopt.campaign.inputs import CampaignInput
from microopt.quantities.keys import match_key
from microopt.readers.campaign_file import campaign_from_input
from tests.verification.opponent import planned, put

HEAD = "creator,platform,offer,niche,followers,fee,engagement_rate,hours\n"
ANNA = "@anna,instagram,reel,beauty,18300,400,5%,3\n"
BEN = "@ben,tiktok,video,food,15000,400,4%,4\n"
CLEO = "@cleo,youtube,video,tech,14000,390,3.5%,8\n"
ALL = HEAD + ANNA + BEN + CLEO


@pytest.fixture
def compared(tmp_path):
    """Return a function that plans twice, for one creator unless told otherwise, and compares."""

    def compare(one=(), other=(), rosters=(ALL, ALL), gone=""):
        for letter, asked, text in zip("ab", (one, other), rosters, strict=True):
            (tmp_path / f"{letter}.csv").write_text(text, encoding="utf-8")
            facts = {"budget": "400", "goal": "engagement", "shrink": False, **dict(asked)}
            plan = planned(tmp_path / f"{letter}.csv", campaign_from_input(CampaignInput(**facts)))
            (tmp_path / f"{letter}.json").write_text(plan, encoding="utf-8")
        for letter in gone:
            (tmp_path / f"{letter}.csv").unlink()
        return compare_plans(str(tmp_path / "a.json"), str(tmp_path / "b.json"))

    return compare


def causes(moved, name):
    return [
        (cause.kind, cause.message) for one in moved if match_key(one.purchase.creator) == name for cause in one.causes
    ]


SHUT = {
    "excluded": ({"exclude": ["@anna"]}, ALL, "exclude", "it may not enter {}: exclude @anna"),
    "filtered": (
        {"where": ["hours >= 4"]},
        ALL,
        "filter",
        "it may not enter {}: the filter hours >= 4 lets none of its offers in",
    ),
    "not in the roster": ({}, HEAD + BEN + CLEO, "roster", "it is not in the roster of {}"),
    "another offer": (
        {"where": ["offer:video,story"]},
        ALL + ANNA.replace("reel", "story").replace("400", "9000"),
        "offer",
        "in {}, @anna has no offer 'reel' on instagram",
    ),
}


@pytest.mark.parametrize("case", SHUT)
def test_what_shuts_a_creator_out_is_told_alone_of_who_left_and_of_who_came(compared, case):
    asked, roster, kind, told = SHUT[case]
    assert causes(compared({}, asked, (ALL, roster)).dropped, "anna") == [(kind, told.format("B"))]
    assert causes(compared(asked, {}, (roster, ALL)).added, "anna") == [(kind, told.format("A"))]


def test_an_inclusion_is_why_one_came_and_bears_on_why_one_left(compared):
    asked = {"include": ["@cleo"]}
    assert causes(compared({}, asked).added, "cleo") == [("include", "B includes it by name, A does not")]
    assert ("include", "A includes it by name, B does not") in causes(compared(asked, {}).dropped, "cleo")


FIGURES = {
    "fee": (ANNA.replace("400", "550"), "its fee {} from {} to {}", "$400", "$550"),
    "followers": (ANNA.replace("18300", "9000"), "its followers {} from {} to {}", "18,300", "9,000"),
    "forecast": (ANNA.replace("5%", "1%"), "its expected engagements {} from {} to {}", None, None),
}


@pytest.mark.parametrize("kind", FIGURES)
def test_a_figure_that_got_worse_is_why_one_left_and_that_got_better_is_why_one_came(compared, kind):
    line, told, good, bad = FIGURES[kind]
    worse = HEAD + line + BEN + CLEO
    left = dict(causes(compared({}, {}, (ALL, worse)).dropped, "anna"))
    came = dict(causes(compared({}, {}, (worse, ALL)).added, "anna"))
    rises = kind == "fee"
    assert left[kind].startswith(told.partition("{}")[0] + ("rose" if rises else "fell"))
    assert came[kind].startswith(told.partition("{}")[0] + ("fell" if rises else "rose"))
    if good is not None:
        assert left[kind] == told.format("rose" if rises else "fell", good, bad)
        assert came[kind] == told.format("fell" if rises else "rose", bad, good)


def test_the_figure_that_differs_most_comes_first(compared):
    worse = HEAD + ANNA.replace("18300", "18000").replace("5%", "1%") + BEN + CLEO
    kinds = [kind for kind, _ in causes(compared({}, {}, (ALL, worse)).dropped, "anna")]
    assert kinds == ["forecast", "followers"]


def test_a_cost_above_the_budget_is_told_before_what_else_bears_on_it(compared):
    dear = HEAD + ANNA.replace("400", "550") + BEN + CLEO
    first, second = causes(compared({}, {}, (ALL, dear)).dropped, "anna")
    assert first == ("budget", "its cost of $550 is more than the budget of B, $400")
    assert second == ("fee", "its fee rose from $400 to $550")


def test_a_cap_on_spend_that_one_creator_alone_breaks_is_told(compared):
    capped = {"budget": "800", "rules": ["niche:beauty spend <= 40%"]}
    found = compared({"budget": "800"}, capped)
    told = causes(found.dropped, "anna")
    assert told[0] == ("rule", "its cost of $400 is more than B has room for: niche:beauty spend <= 40%")
    assert told[1] == ("rule", "a rule that counts it was added: niche:beauty spend <= 40%")


@pytest.mark.parametrize("gone", ["", "a", "b"])
def test_a_rule_that_counts_them_is_a_cause_whichever_roster_is_there(compared, gone):
    rule = "niche:beauty count <= 0"
    found = compared({}, {"rules": [rule]}, (ALL, ALL + "@zed,tiktok,video,food,9000,9000,1%,1\n"), gone=gone)
    assert ("rule", f"a rule that counts it was added: {rule}") in causes(found.dropped, "anna")
    assert "rule" not in dict(causes(found.added, "ben"))


def test_a_rule_that_was_tightened_dropped_or_loosened_is_told_so(compared):
    some, none = {"rules": ["niche:beauty count 0..1"]}, {"rules": ["niche:beauty count 0..0"]}
    told = "a rule that counts it was changed: niche:beauty count 0..1 -> = 0"
    assert causes(compared(some, none).dropped, "anna")[0] == ("rule", told)
    floor = {"rules": ["niche:tech count >= 1"]}
    told = "a rule that counted it was dropped: niche:tech count >= 1"
    assert causes(compared(floor, {}).dropped, "cleo")[0] == ("rule", told)
    assert causes(compared({}, floor).added, "cleo")[0][0] == "rule"


def test_a_rule_on_each_creator_is_a_cause_only_where_it_is_broken(compared):
    some = compared({"budget": "800"}, {"budget": "800", "rules": ["each creator spend <= 395"]})
    assert "rule" in dict(causes(some.dropped, "anna"))
    dear = HEAD + ANNA.replace("400", "450") + BEN + CLEO
    rule = {"budget": "800", "rules": ["each creator spend <= 420"]}
    assert "rule" in dict(causes(compared({"budget": "800"}, rule, (ALL, dear)).dropped, "anna"))
    kept = compared({}, {"rules": ["each creator spend <= 500"], "where": ["hours >= 0"], "goal": "reach"})
    assert not [cause for one in (*kept.dropped, *kept.added) for cause in one.causes if cause.kind == "rule"]


def test_a_smaller_budget_is_a_cause_of_leaving_and_a_larger_of_coming(compared):
    small, large = {"budget": "800"}, {"budget": "1200"}
    (gone,) = compared(large, small).dropped
    assert [cause.kind for cause in gone.causes] == ["budget"]
    assert gone.causes[0].message == "the budget fell from $1,200 to $800 (-33%)"
    (come,) = compared(small, large).added
    assert come.causes[0].message == "the budget rose from $800 to $1,200 (+50%)"


def test_another_goal_is_a_cause_both_ways(compared):
    found = compared({}, {"goal": "value:hours"})
    told = ("goal", "the goal changed from engagement to value:hours")
    assert (causes(found.dropped, "anna"), causes(found.added, "cleo")) == ([told], [told])


def test_where_nothing_of_its_own_changed_others_are_better(compared):
    better = HEAD + ANNA + BEN.replace("4%", "9%") + CLEO
    found = compared({}, {}, (ALL, better))
    assert causes(found.dropped, "anna") == [
        ("others", "others are now better worth the money: nothing of its own changed")
    ]
    assert causes(found.added, "ben")[0][0] in ("forecast", "followers")


def test_where_it_got_better_and_left_that_is_not_called_a_cause(compared):
    rosters = ALL, HEAD + ANNA.replace("400", "390") + BEN.replace("4%", "9%") + CLEO
    told = "others are now better worth the money: nothing of its own got worse"
    assert causes(compared({}, {}, rosters).dropped, "anna") == [("others", told)]


def test_where_only_the_campaign_changed_it_is_named(compared):
    rule = {"budget": "800", "rules": ["niche:tech count >= 1"]}
    found = compared({"budget": "800"}, rule)
    assert causes(found.dropped, "ben") == [("campaign", "nothing of its own changed; the campaign changed (rules)")]


def test_two_answers_to_one_question_are_told_to_be_that(compared, tmp_path):
    compared()
    value = json.loads((tmp_path / "b.json").read_text("utf-8"))
    (tmp_path / "b.json").write_text(json.dumps(put(value, ("picks", 0, "creator"), "@ben")), encoding="utf-8")
    found = compare_plans(str(tmp_path / "a.json"), str(tmp_path / "b.json"))
    assert causes(found.dropped, "anna")[0][0] == "search"


def test_without_the_roster_its_own_figures_cannot_be_told_and_why(compared):
    better = HEAD + ANNA + BEN.replace("4%", "9%") + CLEO
    found = compared({}, {}, (ALL, better), gone="ab")
    told = "whether its own figures changed cannot be told without the roster of {}"
    assert causes(found.dropped, "anna") == [("unknown", told.format("B"))]
    assert causes(found.added, "ben") == [("unknown", told.format("A"))]
    for note, letter in zip(found.notes, "ab", strict=True):
        assert note.startswith(f"not all can be told without the roster of {letter.upper()}: the roster of ")
        assert f"{letter}.json is not at " in note


def test_a_roster_of_other_bytes_is_none(compared, tmp_path):
    compared({}, {}, (ALL, HEAD + BEN + CLEO))
    (tmp_path / "b.csv").write_text(ALL, encoding="utf-8")
    found = compare_plans(str(tmp_path / "a.json"), str(tmp_path / "b.json"))
    assert causes(found.dropped, "anna")[0][0] == "unknown"
    assert found.notes[0].endswith("their bytes differ")


def test_an_exclusion_by_name_is_known_without_any_roster(compared):
    found = compared({}, {"exclude": ["@ANNA"]}, gone="ab")
    assert causes(found.dropped, "anna") == [("exclude", "B leaves it out: exclude @ANNA")]


def with_roster_at(path, place):
    """Write a plan anew with another path of its roster."""
    path.write_text(
        json.dumps(put(json.loads(path.read_text("utf-8")), ("roster", "source", "path"), place)), encoding="utf-8"
    )


def test_two_plans_of_the_same_bytes_have_one_roster(compared, tmp_path):
    compared({}, {"exclude": ["@anna"]}, gone="b")
    found = compare_plans(str(tmp_path / "a.json"), str(tmp_path / "b.json"))
    assert causes(found.dropped, "anna") == [("exclude", "it may not enter B: exclude @anna")]


def test_a_path_that_no_system_has_is_a_roster_that_is_not_there(compared, tmp_path):
    compared({}, {}, (ALL, HEAD + ANNA + BEN.replace("4%", "9%") + CLEO))
    with_roster_at(tmp_path / "b.json", "x" * 5_000)
    found = compare_plans(str(tmp_path / "a.json"), str(tmp_path / "b.json"))
    assert causes(found.dropped, "anna")[-1][0] == "unknown"


def test_a_roster_from_standard_input_cannot_be_told_of(compared, tmp_path):
    compared({}, {}, (ALL, HEAD + ANNA + BEN.replace("4%", "9%") + CLEO))
    with_roster_at(tmp_path / "b.json", "-")
    found = compare_plans(str(tmp_path / "a.json"), str(tmp_path / "b.json"))
    assert causes(found.dropped, "anna")[-1][0] == "unknown"
    assert found.notes[0].endswith("came from standard input")
