"""Why creators came and left: each cause by two rosters or campaigns that differ in it alone, told both ways round."""

import json
import random
import re

import pytest

from microopt.analysis.plan_diff.compare_plans import compare_plans
from microopt.campaign.inputs import CampaignInput
from microopt.inflight.replan import replan
from microopt.quantities.keys import match_key
from microopt.readers.campaign_file import campaign_from_input
from microopt.readers.options import ReadOptions
from microopt.readers.plan_file import read_plan
from microopt.readers.roster import read_roster
from microopt.rendering.data.json import object_json
from tests.inflight.test_replan import state, tonight
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
        for letter, requested, text in zip("ab", (one, other), rosters, strict=True):
            (tmp_path / f"{letter}.csv").write_text(text, encoding="utf-8")
            facts = {"budget": "400", "goal": "engagement", "shrink": False, **dict(requested)}
            campaign = campaign_from_input(CampaignInput(**facts))
            plan = planned(tmp_path / f"{letter}.csv", campaign, skip_bad_rows="TBC" in text)
            (tmp_path / f"{letter}.json").write_text(plan, encoding="utf-8")
        for letter in gone:
            (tmp_path / f"{letter}.csv").unlink()
        return compare_plans(str(tmp_path / "a.json"), str(tmp_path / "b.json"))

    return compare


def causes(moved, name):
    return [
        (cause.kind, cause.message)
        for item in moved
        if match_key(item.purchase.creator) == name
        for cause in item.causes
    ]


SHUT = {
    "excluded": ({"exclude": ["@anna"]}, ALL, "exclude", "not allowed in {}: exclude @anna"),
    "filtered": (
        {"where": ["hours >= 4"]},
        ALL,
        "filter",
        "not allowed in {}: the filter hours >= 4 excludes all their offers",
    ),
    "not on the roster": ({}, HEAD + BEN + CLEO, "roster", "not on the roster of {}"),
    "left out of the roster": (
        {},
        HEAD + ANNA.replace("400", "TBC") + BEN + CLEO,
        "roster",
        "not on the roster of {}: row 2 was left out (fee: 'TBC' is not a fee yet)",
    ),
    "another offer": (
        {"where": ["offer:video,story"]},
        ALL + ANNA.replace("reel", "story").replace("400", "9000"),
        "offer",
        "in {}, @anna has no offer 'reel' on instagram",
    ),
}


@pytest.mark.parametrize("case", SHUT)
def test_what_shuts_a_creator_out_is_told_alone_of_who_left_and_of_who_came(compared, case):
    requested, roster, kind, text = SHUT[case]
    assert causes(compared({}, requested, (ALL, roster)).dropped, "anna") == [(kind, text.format("B"))]
    assert causes(compared(requested, {}, (roster, ALL)).added, "anna") == [(kind, text.format("A"))]


def test_an_inclusion_is_why_one_came_and_bears_on_why_one_left(compared):
    requested = {"include": ["@cleo"]}
    assert causes(compared({}, requested).added, "cleo") == [("include", "B includes them by name and A does not")]
    assert ("include", "A includes them by name and B does not") in causes(compared(requested, {}).dropped, "cleo")


FIGURES = {
    "fee": (ANNA.replace("400", "550"), "fee {} from {} to {}", "$400", "$550"),
    "followers": (ANNA.replace("18300", "9000"), "followers {} from {} to {}", "18,300", "9,000"),
    "forecast": (ANNA.replace("5%", "1%"), "expected engagements {} from {} to {}", None, None),
}


@pytest.mark.parametrize("kind", FIGURES)
def test_a_figure_that_got_worse_is_why_one_left_and_that_got_better_is_why_one_came(compared, kind):
    line, text, good, bad = FIGURES[kind]
    changed = HEAD + line + BEN + CLEO
    left = dict(causes(compared({}, {}, (ALL, changed)).dropped, "anna"))
    added = dict(causes(compared({}, {}, (changed, ALL)).added, "anna"))
    rises = kind == "fee"
    assert left[kind].startswith(text.partition("{}")[0] + ("rose" if rises else "fell"))
    assert added[kind].startswith(text.partition("{}")[0] + ("fell" if rises else "rose"))
    if good is not None:
        assert left[kind] == text.format("rose" if rises else "fell", good, bad)
        assert added[kind] == text.format("fell" if rises else "rose", bad, good)


def test_the_figure_that_differs_most_comes_first(compared):
    changed = HEAD + ANNA.replace("18300", "18000").replace("5%", "1%") + BEN + CLEO
    kinds = [kind for kind, _ in causes(compared({}, {}, (ALL, changed)).dropped, "anna")]
    assert kinds == ["forecast", "followers"]


def test_a_cost_above_the_budget_is_told_before_what_else_bears_on_it(compared):
    dear = HEAD + ANNA.replace("400", "550") + BEN + CLEO
    first, second = causes(compared({}, {}, (ALL, dear)).dropped, "anna")
    assert first == ("budget", "their cost of $550 is more than the budget of B, $400")
    assert second == ("fee", "fee rose from $400 to $550")


def test_a_cap_on_spend_that_one_creator_alone_breaks_is_told(compared):
    capped = {"budget": "800", "rules": ["niche:beauty spend <= 40%"]}
    result = compared({"budget": "800"}, capped)
    text = causes(result.dropped, "anna")
    assert text[0] == ("rule", "their cost of $400 is more than B has room for: niche:beauty spend <= 40%")
    assert text[1] == ("rule", "a rule that counts them was added: niche:beauty spend <= 40%")


@pytest.mark.parametrize("gone", ["", "a", "b"])
def test_a_rule_that_counts_them_is_a_cause_whichever_roster_is_there(compared, gone):
    rule = "niche:beauty count <= 0"
    result = compared({}, {"rules": [rule]}, (ALL, ALL + "@zed,tiktok,video,food,9000,9000,1%,1\n"), gone=gone)
    assert ("rule", f"a rule that counts them was added: {rule}") in causes(result.dropped, "anna")
    assert "rule" not in dict(causes(result.added, "ben"))


def test_a_rule_that_was_tightened_dropped_or_loosened_is_told_so(compared):
    some, none = {"rules": ["niche:beauty count 0..1"]}, {"rules": ["niche:beauty count 0..0"]}
    text = "a rule that counts them was changed: niche:beauty count 0..1 -> = 0"
    assert causes(compared(some, none).dropped, "anna")[0] == ("rule", text)
    floor = {"rules": ["niche:tech count >= 1"]}
    text = "a rule that counted them was dropped: niche:tech count >= 1"
    assert causes(compared(floor, {}).dropped, "cleo")[0] == ("rule", text)
    assert causes(compared({}, floor).added, "cleo")[0][0] == "rule"


@pytest.mark.parametrize(
    ("before", "after", "has_rule"),
    [
        ([], ["all count <= 2"], False),
        ([], ["all count <= 1"], True),
        (["all count >= 1"], [], False),
        (["all count >= 3"], [], True),
    ],
)
def test_a_rule_on_a_count_is_a_cause_only_where_it_leaves_no_room(compared, before, after, has_rule):
    """Both plans have a budget for all that they buy, and the second has less money."""
    result = compared({"budget": "1200", "rules": before}, {"budget": "400", "rules": after})
    assert len(result.dropped) == 2
    for item in result.dropped:
        assert ("rule" in {cause.kind for cause in item.causes}) is has_rule
        assert "budget" in {cause.kind for cause in item.causes}


def test_a_rule_on_each_creator_is_a_cause_only_where_it_is_broken(compared):
    some = compared({"budget": "800"}, {"budget": "800", "rules": ["each creator spend <= 395"]})
    assert "rule" in dict(causes(some.dropped, "anna"))
    dear = HEAD + ANNA.replace("400", "450") + BEN + CLEO
    rule = {"budget": "800", "rules": ["each creator spend <= 420"]}
    assert "rule" in dict(causes(compared({"budget": "800"}, rule, (ALL, dear)).dropped, "anna"))
    unchanged = compared({}, {"rules": ["each creator spend <= 500"], "where": ["hours >= 0"], "goal": "reach"})
    assert not [
        cause for item in (*unchanged.dropped, *unchanged.added) for cause in item.causes if cause.kind == "rule"
    ]


def test_a_smaller_budget_is_a_cause_of_leaving_and_a_larger_of_coming(compared):
    small, large = {"budget": "800"}, {"budget": "1200"}
    (gone,) = compared(large, small).dropped
    assert [cause.kind for cause in gone.causes] == ["budget"]
    assert gone.causes[0].message == "the budget fell from $1,200 to $800 (-33%)"
    (come,) = compared(small, large).added
    assert come.causes[0].message == "the budget rose from $800 to $1,200 (+50%)"


def test_another_goal_is_a_cause_both_ways(compared):
    result = compared({}, {"goal": "value:hours"})
    text = ("goal", "the goal changed from engagement to value:hours")
    assert (causes(result.dropped, "anna"), causes(result.added, "cleo")) == ([text], [text])


def test_the_value_of_an_order_is_blamed_only_where_commissions_depend_on_it(compared):
    """A floor makes room for another creator; the order value moves nobody but where it is a part of costs."""
    before, after = {"budget": "800"}, {"budget": "800", "rules": ["creator:@cleo count >= 1"], "order_value": "45"}
    text = "this creator {}; your settings changed ({})"
    (gone,) = compared(before, after).dropped
    assert gone.causes[0].message == text.format("is unchanged", "rules")
    pays = "\n".join(f"{line},{end}" for line, end in zip(ALL.splitlines(), ("pay", "", "", ""), strict=True)) + "\n"
    (gone,) = compared(before, after, (pays, pays)).dropped
    assert gone.causes[0].message == text.format("is unchanged", "order value, rules")


def test_where_nothing_of_its_own_changed_others_are_better(compared):
    better = HEAD + ANNA + BEN.replace("4%", "9%") + CLEO
    result = compared({}, {}, (ALL, better))
    assert causes(result.dropped, "anna") == [("others", "better value elsewhere now: this creator is unchanged")]
    assert causes(result.added, "ben")[0][0] in ("forecast", "followers")


def test_where_it_got_better_and_left_that_is_not_called_a_cause(compared):
    rosters = ALL, HEAD + ANNA.replace("400", "390") + BEN.replace("4%", "9%") + CLEO
    text = "better value elsewhere now: this creator has not become worse"
    assert causes(compared({}, {}, rosters).dropped, "anna") == [("others", text)]


def test_where_the_budget_no_longer_covers_the_plan_the_fee_that_rose_is_told_both_ways(compared):
    """The cheapest of three cannot be bought any more, because another creator became dearer."""
    cheap = "@dora,tiktok,video,food,900,50,4%,4\n"
    before, after = (HEAD + ANNA.replace("400", fee) + BEN.replace("400", "300") + cheap for fee in ("400", "420"))
    budget = {"budget": "760"}
    text = "the budget of {} does not cover everyone in {}: @anna's fee {} from ${} to ${}"
    dropped = compared(budget, budget, (before, after)).dropped
    assert causes(dropped, "dora") == [("budget", text.format("B", "A", "rose", 400, 420))]
    added = compared(budget, budget, (after, before)).added
    assert causes(added, "dora") == [("budget", text.format("A", "B", "fell", 420, 400))]


def replanned(tmp_path, *contracts):
    """Return the comparison of a plan of two creators for $760 with its replan, and the replan."""
    dora = "@dora,tiktok,video,food,900,50,4%,4\n@eve,tiktok,video,food,9000,300,1%,4\n"
    (tmp_path / "a.csv").write_text(HEAD + ANNA + BEN.replace("400", "300") + dora, encoding="utf-8")
    campaign = campaign_from_input(CampaignInput(budget="760", goal="engagement", shrink=False))
    (tmp_path / "a.json").write_text(planned(tmp_path / "a.csv", campaign), encoding="utf-8")
    roster = read_roster(str(tmp_path / "a.csv"), ReadOptions())
    result = replan(read_plan(str(tmp_path / "a.json")), roster, tonight(*contracts))
    (tmp_path / "b.json").write_text(object_json(result), encoding="utf-8")
    return compare_plans(str(tmp_path / "a.json"), str(tmp_path / "b.json")), result


def test_a_replan_has_the_reasons_that_it_tells_itself(tmp_path):
    result, plan = replanned(tmp_path, state("@anna", "signed", fee=38_000), state("@ben", "declined"))
    left = "@ben declined, which left money and room"
    assert causes(result.dropped, "ben") == [("filter", "not allowed in B: declined")]
    assert causes(result.added, "eve") == [("declined", left)]
    assert next(each for each in plan.replan.switches if each.creator == "@eve").causes == (left,)


def test_a_contract_is_why_one_came(tmp_path):
    result, _ = replanned(tmp_path, state("@ben", "declined"), state("@eve", "signed"))
    assert causes(result.added, "eve") == [("contract", "signed in B and not in A")]


def test_a_change_of_the_roster_that_made_nobody_better_is_not_called_better_value(compared):
    rules = {"budget": "1200", "rules": ["niche:food count >= 1", "all count <= 1"]}
    result = compared(rules, rules, (ALL.replace("beauty", "food"), ALL))
    assert causes(result.dropped, "anna") == [("others", "the roster changed, but not their figures")]
    assert causes(result.added, "ben") == [("others", "the roster changed, but not their figures")]


@pytest.mark.parametrize("seed", range(25))
def test_no_cause_is_told_that_the_fees_of_both_rosters_contradict(compared, seed):
    draw, names = random.Random(seed), ("anna", "ben", "cleo", "dora")
    fees = [{name: draw.randrange(100, 400, 20) for name in names}]
    fees.append({name: fee + draw.choice([0, 0, 40, -40]) for name, fee in fees[0].items()})
    audience = {name: draw.randrange(10_000, 20_000) for name in names}
    head = "creator,platform,followers,fee,engagement_rate\n"
    rosters = [head + "".join(f"@{name},tiktok,{audience[name]},{fee[name]},4%\n" for name in names) for fee in fees]
    result = compared({"budget": "700"}, {"budget": "700"}, rosters)
    kept = {match_key(item.before.creator) for item in result.retained}
    moved = [{match_key(item.purchase.creator) for item in items} for items in (result.dropped, result.added)]
    for items, (here, there), own in ((result.dropped, fees, moved[0]), (result.added, fees[::-1], moved[1])):
        buys, others = kept | own, kept | (moved[0] | moved[1]) - own
        for kind, text in (cause for item in items for cause in causes([item], match_key(item.purchase.creator))):
            if kind == "budget" and "does not cover everyone" in text:
                assert sum(there[name] for name in buys) > 700
                named = re.findall(r"@(\w+)'s fee (rose|fell) from \$(\d+) to \$(\d+)", text)
                assert named
                assert all((fees[0][name], fees[1][name]) == (int(was), int(now)) for name, _, was, now in named)
                assert all(there[name] > here[name] for name, *_ in named)
            elif text.startswith("better value"):
                assert any(there[name] < here[name] for name in others)


def test_where_only_the_campaign_changed_it_is_named(compared):
    rule = {"budget": "800", "rules": ["niche:tech count >= 1"]}
    result = compared({"budget": "800"}, rule)
    assert causes(result.dropped, "ben") == [("campaign", "this creator is unchanged; your settings changed (rules)")]


def test_two_answers_to_one_question_are_told_to_be_that(compared, tmp_path):
    compared()
    value = json.loads((tmp_path / "b.json").read_text("utf-8"))
    (tmp_path / "b.json").write_text(json.dumps(put(value, ("picks", 0, "creator"), "@ben")), encoding="utf-8")
    result = compare_plans(str(tmp_path / "a.json"), str(tmp_path / "b.json"))
    assert causes(result.dropped, "anna")[0][0] == "search"


def test_without_the_roster_its_own_figures_cannot_be_told_and_why(compared):
    better = HEAD + ANNA + BEN.replace("4%", "9%") + CLEO
    result = compared({}, {}, (ALL, better), gone="ab")
    text = "whether their own figures changed is not known without the roster of {}"
    assert causes(result.dropped, "anna") == [("unknown", text.format("B"))]
    assert causes(result.added, "ben") == [("unknown", text.format("A"))]
    for note, letter in zip(result.notes, "ab", strict=True):
        assert note.startswith(f"some reasons are unknown without the roster of {letter.upper()}: the roster of ")
        assert f"{letter}.json is not at " in note


def test_a_roster_of_other_bytes_is_none(compared, tmp_path):
    compared({}, {}, (ALL, HEAD + BEN + CLEO))
    (tmp_path / "b.csv").write_text(ALL, encoding="utf-8")
    result = compare_plans(str(tmp_path / "a.json"), str(tmp_path / "b.json"))
    assert causes(result.dropped, "anna")[0][0] == "unknown"
    assert result.notes[0].endswith("has changed since this plan was made")


def test_an_exclusion_by_name_is_known_without_any_roster(compared):
    result = compared({}, {"exclude": ["@ANNA"]}, gone="ab")
    assert causes(result.dropped, "anna") == [("exclude", "B leaves them out: exclude @ANNA")]


def with_roster_at(path, place):
    """Write a plan anew with another path of its roster."""
    path.write_text(
        json.dumps(put(json.loads(path.read_text("utf-8")), ("roster", "source", "path"), place)), encoding="utf-8"
    )


def test_two_plans_of_the_same_bytes_have_one_roster(compared, tmp_path):
    compared({}, {"exclude": ["@anna"]}, gone="b")
    result = compare_plans(str(tmp_path / "a.json"), str(tmp_path / "b.json"))
    assert causes(result.dropped, "anna") == [("exclude", "not allowed in B: exclude @anna")]


def test_a_path_that_no_system_has_is_a_roster_that_is_not_there(compared, tmp_path):
    compared({}, {}, (ALL, HEAD + ANNA + BEN.replace("4%", "9%") + CLEO))
    with_roster_at(tmp_path / "b.json", "x" * 5_000)
    result = compare_plans(str(tmp_path / "a.json"), str(tmp_path / "b.json"))
    assert causes(result.dropped, "anna")[-1][0] == "unknown"


def test_a_roster_from_standard_input_cannot_be_told_of(compared, tmp_path):
    compared({}, {}, (ALL, HEAD + ANNA + BEN.replace("4%", "9%") + CLEO))
    with_roster_at(tmp_path / "b.json", "-")
    result = compare_plans(str(tmp_path / "a.json"), str(tmp_path / "b.json"))
    assert causes(result.dropped, "anna")[-1][0] == "unknown"
    assert result.notes[0].endswith("came from standard input")
