"""The measure `booked_posts`: each unit of an offer is a post, in the plan, in its audit and in its verification."""

import pytest

from microopt.campaign.campaign import Campaign, Goal
from microopt.campaign.metrics import canonical_measure
from microopt.campaign.rule_grammar import parse_rule
from microopt.planning.optimize import optimize
from microopt.readers.roster import read_roster
from microopt.rendering.data.json import object_json
from microopt.rendering.language.language import find_language
from microopt.rendering.story.rule_sentence import rule_sentence
from microopt.verification.verify import verify


@pytest.mark.parametrize(
    ("most", "units"), [(1, {"@ben": 1}), (2, {"@ben": 1, "@anna": 1}), (4, {"@ben": 1, "@anna": 3})]
)
def test_a_rule_on_booked_posts_counts_units(tmp_path, most, units):
    path = tmp_path / "list.csv"
    path.write_text("creator,followers,fee,score,max_units\n@anna,20000,10,5,3\n@ben,20001,10,9,1\n", encoding="utf-8")
    roster, rule = read_roster(str(path)), parse_rule(f"all booked_posts <= {most}")
    campaign = Campaign(budget=100_000, currency="USD", goal=Goal(name="value:score"), rules=(rule,))
    plan = optimize(roster, campaign)
    assert {pick.creator: pick.units for pick in plan.picks} == units
    assert [each.used for each in plan.rules] == [sum(units.values())]
    written = tmp_path / "plan.json"
    written.write_text(object_json(plan), encoding="utf-8")
    assert verify(str(written), str(path)).discrepancy is None


@pytest.mark.parametrize("written", ["booked_posts", "booked posts", "Booked-Posts", "booked_post"])
def test_booked_posts_has_one_name_however_it_is_written(written):
    assert canonical_measure(written) == "booked_posts"


def test_a_rule_on_booked_posts_is_shown_as_it_was_written():
    rule = parse_rule("creator:@anna booked_posts <= 2")
    assert rule.label == "creator:@anna booked_posts <= 2"
    assert not rule_sentence(rule, "USD", find_language("en"))
