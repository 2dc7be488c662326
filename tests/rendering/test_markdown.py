"""A plan as Markdown: whole tables, whatever a cell holds."""

import re
from datetime import date
from fractions import Fraction

import pytest

from microopt.campaign.calendar import Wave
from microopt.plan.likely_range import LikelyRange
from microopt.rendering.markdown import plan_markdown
from microopt.roster.suspicion import FEE_CODE
from tests.rendering.builders import HOSTILE, facts, pick, picks, plan, proof, rule, suspicion
from tests.rendering.waves import in_waves


def tables(text):
    """Return each table as its rows of cells, cut at the bars that Markdown cuts at."""
    blocks = [block.splitlines() for block in text.split("\n\n") if block.startswith("|")]
    return [[re.split(r"(?<!\\)\|", line)[1:-1] for line in block] for block in blocks]


def test_the_page_has_a_title_and_four_tables_and_the_sentences():
    text = plan_markdown(plan())
    assert text.startswith(
        "# Spring launch\n\n$3,150 -> 6,300 engagements · 14 conversions  \nProven best for your goal"
    )
    assert "\n\nroster.csv: 900 creators, budget $20,000, goal balanced.\n" in text
    assert text.count("than picking by engagement rate") == 1
    assert len(tables(text)) == 4
    assert "- Proven optimal in 0.31 s" in text
    assert text.endswith(".\n")


def test_every_pick_has_a_row_also_beyond_sixty():
    head, _, *rows, total = tables(plan_markdown(plan(picks(70))))[0]
    assert len(rows) == 70
    assert head[1].strip() == "Creator"
    assert total[0].strip() == "**Total**"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_breaks_no_table(name):
    text = HOSTILE[name]
    first = pick(creator=text, offer=text, platform=text, tier=text, niche=(text,), region=text)
    sample = plan([first], rules=(rule(label=text),), warnings=(text,), campaign={"name": text})
    output = plan_markdown(sample)
    for table in tables(output):
        assert len({len(row) for row in table}) == 1
    assert not any((ord(c) < 32 and c != "\n") or c in "\u2028\u2029\u202e\u2066\x7f\x9b\ud800" for c in output)


def test_readers_of_the_document_are_told_no_flags_and_no_commands():
    doubts = (suspicion("@x", code=FEE_CODE, fix="Try --exclude-suspicious."), suspicion("@y"))
    dear = [pick(number, fee_high=True, usual_fee=10_000) for number in range(2)]
    for status in ("optimal", "feasible"):
        sample = plan(
            dear,
            suspicions=doubts,
            creators_with_further_offers=("@anna",),
            proof=proof(status=status, limit=None if status == "optimal" else "time"),
        )
        output = plan_markdown(sample)
        assert "well above the usual fee. Highest: " in output
        assert "hard to believe" in output
        assert "--" not in re.sub(r"\| [-:| ]+\|\n", "", output)
        assert "microopt" not in output


def test_results_have_their_likely_ranges():
    likely = {"engagements": LikelyRange(low=11_000_000, high=79_000_000)}
    output = plan_markdown(plan([pick(likely=likely)], likely=likely))
    assert output.count("(11k-79k)") == 3  # the headline, the pick, the total
    assert "- In parentheses: the 80% likely range" in output
    assert "In parentheses" not in plan_markdown(plan())


def test_markup_of_a_cell_is_shown_as_text():
    output = plan_markdown(plan([pick(creator="<script>_x_*y*`z`[a](b)|c")]))
    assert r"\<script>\_x\_\*y\*\`z\`\[a\](b)\|c" in output


def test_a_plan_of_fees_alone_without_rules_has_two_tables():
    assert len(tables(plan_markdown(plan(rules=())))) == 3
    assert len(tables(plan_markdown(plan(picks(7, cost=40_000), rules=())))) == 2


def test_each_line_of_the_cost_has_a_row():
    chosen = [pick(cost=52_000, extra_costs={"usage": 8_000, "handling": 4_000}), pick(1, cost=40_000)]
    sample = plan(chosen, campaign={"budget": 200_000, "contingency": Fraction(1, 10)}, rules=())
    assert [[cell.strip() for cell in row] for row in tables(plan_markdown(sample))[1][2:]] == [
        ["Fees", "$800", "87%"],
        ["Usage rights", "$80", "8.7%"],
        ["Handling", "$40", "4.3%"],
        ["Total", "$920", "100%"],
        ["Contingency 10%", "$200", "kept"],
    ]


def test_a_rule_shows_what_it_used_and_allows():
    exactly = rule("all count = 3", used=Fraction(3), at_least=Fraction(3), at_most=Fraction(3), binding=True)
    row = tables(plan_markdown(plan(rules=(exactly,))))[3][2]
    assert [cell.strip() for cell in row] == ["all count = 3", "3", "= 3", "limit reached"]


def test_an_estimated_fee_is_marked_and_not_struck_through():
    row = tables(plan_markdown(plan([pick(fee_estimated=True)])))[0][2]
    assert row[5].strip() == "~$450"


def test_a_campaign_without_a_name_has_a_title_all_the_same():
    assert plan_markdown(plan(campaign={"name": None})).startswith("# Campaign plan\n")


def test_an_empty_plan_is_a_page():
    text = plan_markdown(plan([], baseline=None))
    assert "0 creators" in text


def test_a_path_is_text():
    source = type(facts().source)(path="_a_b*c.csv", sha256="00")
    assert r"\_a_b\*c.csv" in plan_markdown(plan(roster=facts(source=source)))


def test_standard_input_is_named_in_words():
    source = type(facts().source)(path="-", sha256="00")
    assert "standard input: 900 creators" in plan_markdown(plan(roster=facts(source=source)))


def test_a_plan_with_a_calendar_has_a_table_of_its_waves():
    text = plan_markdown(in_waves(3))
    assert "| **Total** | 5 creators, 7 posts |" in text
    table = text.partition("| By wave")[2].partition("\n\n")[0].splitlines()
    assert table[0] == " | 2027-03 | 2027-04 | 2027-05 | Posts |"
    assert table[3] == "| @creator.1 | video | · | video | 2 |"
    assert table[-3:] == [
        "| **Posts** | 5 | 0 | 2 | 7 |",
        "| **Spend** | $2,250 | $0 | $900 |  |",
        "| **Engagements** | 4,500 | 0 | 1,800 |  |",
    ]
    assert "By wave" not in plan_markdown(plan())


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_names_in_a_table_of_waves_add_no_cell(text):
    waves = (Wave(name=text or "x", starts=date(2027, 3, 1), ends=date(2027, 3, 9)),)
    made = plan_markdown(in_waves(1, [pick(creator=text, offer=text, wave=waves[0].name)], waves=waves))
    rows = made.partition("| By wave")[2].partition("\n\n")[0].splitlines()
    assert len(rows) == 6
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows[1:]} == {4}
