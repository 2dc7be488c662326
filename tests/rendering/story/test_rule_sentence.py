"""Rules in words: what they say, in both languages, and that what they cannot say stays as it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.analysis.report.result import Edition
from microopt.campaign.rule_grammar import parse_rule
from microopt.errors import CampaignError
from microopt.rendering.html.page import report_html
from microopt.rendering.language.language import find_language
from microopt.rendering.story.rule_sentence import rule_sentence
from microopt.rendering.story.rule_words import told_rules
from tests.rendering.builders import plan, report, rule

ENGLISH, GERMAN = find_language("en"), find_language("de")
WORDS = {
    "all count 8..14": ("8 to 14 creators", "8 bis 14 Creator"),
    "niche:beauty,skincare count 4..8": (
        "4 to 8 creators in beauty or skincare",
        "4 bis 8 Creator im Themenfeld beauty oder skincare",
    ),
    "niche:beauty count >= 1": ("At least 1 creator in beauty", "Mindestens 1 Creator im Themenfeld beauty"),
    'niche:"home decor" & region:US,CA count >= 3': (
        "At least 3 creators in home decor, in US or CA",
        "Mindestens 3 Creator im Themenfeld home decor, in US oder CA",
    ),
    "open_offer:yes count >= 10": (
        "Creators who were asked and may still say yes stay in the plan",
        "Angefragte Creator, die noch zusagen können, bleiben im Plan",
    ),
    "taken_fallback:yes count >= 4": (
        "Substitutes taken for creators who declined stay in the plan",
        "Ersatz für Creator, die abgesagt haben, bleibt im Plan",
    ),
    "tier:micro count >= 60%": (
        "At least 60% of all creators are micro creators",
        "Mindestens 60\xa0% aller Creator sind Creator der Stufe micro",
    ),
    "tier:mega spend <= 40%": (
        "At most 40% of the spend on mega creators",
        "Höchstens 40\xa0% der Ausgaben für Creator der Stufe mega",
    ),
    "tier:mega & platform:yt spend <= $5,000": (
        "At most $5,000 spent on mega creators on YouTube",
        "Höchstens 5.000\xa0$ Ausgaben für Creator der Stufe mega auf YouTube",
    ),
    "platform:tiktok engagements <= 75%": (
        "At most 75% of the engagements on TikTok",
        "Höchstens 75\xa0% der Interaktionen auf TikTok",
    ),
    "niche:beauty clicks >= 500 (soft 2%)": (
        "At least 500 clicks from creators in beauty (preferred, not required)",
        "Mindestens 500 Klicks durch Creator im Themenfeld beauty (erwünscht, nicht zwingend)",
    ),
    "all mean(engagement_rate) >= 2.5%": (
        "Average engagement rate: at least 2.5%",
        "Interaktionsrate im Durchschnitt: mindestens 2,5\xa0%",
    ),
    "all net reach >= 300k": (
        "At least 300,000 different people reached",
        "Mindestens 300.000 verschiedene erreichte Personen",
    ),
    "creator:@anna,@ben count <= 1": ("At most 1 of @anna and @ben", "Höchstens 1 von @anna und @ben"),
    "creator:@anna excludes creator:@ben": ("Never @anna together with @ben", "Nie @anna und zugleich @ben"),
    "tier:mega requires niche:beauty": (
        "A plan with mega creators also has creators in beauty",
        "Enthält der Plan Creator der Stufe mega, dann auch Creator im Themenfeld beauty",
    ),
    "each creator spend <= 20% of budget": (
        "At most 20% of the budget per creator",
        "Höchstens 20\xa0% des Budgets je Creator",
    ),
    "niche:beauty count >= 2 each wave": (
        "At least 2 creators in beauty in each wave",
        "Mindestens 2 Creator im Themenfeld beauty in jeder Welle",
    ),
    "tier:mega count <= 1 in first wave": (
        "At most 1 mega creator in the first wave",
        "Höchstens 1 Creator der Stufe mega in der ersten Welle",
    ),
    "tier:mega count <= 1 in second wave": (
        "At most 1 mega creator in wave 2",
        "Höchstens 1 Creator der Stufe mega in Welle 2",
    ),
    "all spend <= 40% in 2027-03": (
        "At most 40% of the spend in 2027-03",
        "Höchstens 40\xa0% der Ausgaben in 2027-03",
    ),
    "all count >= 50% in 2027-03..2027-05": (
        "At least 50% of all creators post in 2027-03 to 2027-05",
        "Mindestens 50\xa0% aller Creator posten in 2027-03 bis 2027-05",
    ),
    "all conversions >= 30 each wave in 2027-03..2027-05 in 90%": (
        "At least 30 conversions in each wave of 2027-03 to 2027-05, in at least 90% of the scenarios",
        "Mindestens 30 Conversions in jeder Welle von 2027-03 bis 2027-05, in mindestens 90\xa0% der Szenarien",
    ),
    "each creator count <= 1 each wave": (
        "At most 1 post per creator in each wave",
        "Höchstens 1 Post je Creator in jeder Welle",
    ),
    "each creator gap >= 2 waves": (
        "At least 2 waves from one post of a creator to the next",
        "Mindestens 2 Wellen von einem Post eines Creators zum nächsten",
    ),
    "all repeats >= 60%": (
        "At least 60% of all creators have posts in at least two waves",
        "Mindestens 60\xa0% aller Creator haben Posts in mindestens zwei Wellen",
    ),
    "niche:beauty repeats >= 3": (
        "At least 3 creators in beauty with posts in at least two waves",
        "Mindestens 3 Creator im Themenfeld beauty mit Posts in mindestens zwei Wellen",
    ),
    "creator:@anna exclusive 30d": (
        "With a post by @anna in a wave, nobody else posts in waves that start up to 30 days later",
        "Bei einem Post von @anna in einer Welle postet sonst niemand in Wellen, die bis zu 30 Tage später beginnen",
    ),
}
UNSAID = (
    "all followers >= 1M",  # whose followers are counted how?
    'niche:"beauty or food" count >= 2',  # reads as two niches
    "all net reach <= 300k",  # counts gross reach
    "creator:@anna count >= 1",
    "tier:mega & tier:macro count >= 1",
    "tier:mega spend <= 33.3333%",
    "each creator count <= 1",  # creators, or posts
    'all count <= 3 in "spring or summer"',  # reads as two waves
    "creator:@anna exclusive 30d in 2027-03",
)
COLUMNS = ("niche", "tier", "platform", "region", "offer", "creator", "language", "brand fit", 'a"b', "e:f")
VALUES = ("beauty", "@anna", "US", "or", "a, b", "<b>", "=1+1", "{0}", "{amount}", "\u202ex", "x" * 50, "日本", "R&B")
MEASURES = ("count", "spend", "reach", "impressions", "engagements", "clicks", "conversions", "net reach", "followers")


def words(text, language=ENGLISH):
    return rule_sentence(parse_rule(text), "USD", language)


@pytest.mark.parametrize("text", WORDS)
def test_a_rule_is_said_in_words(text):
    assert (words(text), words(text, GERMAN)) == WORDS[text]


@pytest.mark.parametrize("text", UNSAID)
def test_what_words_cannot_say_exactly_has_none(text):
    assert (words(text), words(text, GERMAN)) == ("", "")


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


clauses = st.builds(
    lambda column, values: f"{quoted(column)}:{','.join(map(quoted, values))}",
    st.sampled_from(COLUMNS) | st.text(min_size=1, max_size=6),
    st.lists(st.sampled_from(VALUES) | st.text(min_size=1, max_size=6), min_size=1, max_size=10),
)
selectors = st.just("all") | st.lists(clauses, min_size=1, max_size=3).map(" & ".join)
numbers = st.integers(0, 10**18).map(str) | st.decimals(0, 100, places=6).map(str)
ranges = st.builds(
    str.format,
    st.sampled_from(("<= {0}", ">= {0}", "= {0}", "0..{0}", "<= {0}%", ">= {0}% of budget", "{0}.. (soft 2%)")),
    numbers,
)
measures = st.sampled_from(MEASURES) | st.sampled_from(MEASURES).map("mean({})".format)
rules = (
    st.builds("{} {} {}".format, selectors, measures, ranges)
    | st.builds("{} {} {}".format, selectors, st.sampled_from(("requires", "excludes")), selectors)
    | st.builds("each creator {} {}".format, measures, ranges)
)


@given(text=rules, language=st.sampled_from((ENGLISH, GERMAN)))
def test_every_rule_of_the_grammar_has_words_or_none(text, language):
    try:
        written = parse_rule(text)
    except CampaignError:
        return
    told = rule_sentence(written, "USD", language)
    assert not {*told} & {*"{}<>\n\u202e"}


simple_values = st.lists(st.sampled_from(("beauty", "food", "US", "nano")), min_size=1, max_size=3, unique=True)
simple_clauses = st.builds(
    lambda column, values: f"{column}:{','.join(values)}",
    st.sampled_from(("niche", "tier", "platform", "offer", "language")),
    simple_values,
)
simple_rules = st.builds(
    "{} {} {}".format,
    st.just("all") | st.lists(simple_clauses, min_size=1, max_size=2).map(" & ".join),
    st.sampled_from(MEASURES),
    st.builds(str.format, st.sampled_from(("<= {0}", ">= {0}", "= {0}", "<= {0}%", ">= {0}%")), st.integers(2, 9)),
)


def meaning(written):
    kinds = {"net reach": "net reach"}.get(written.measure, written.measure)
    order = [(clause.column, clause.values) for clause in written.selector.clauses if clause.column != "tier"]
    tiers = [clause.values for clause in written.selector.clauses if clause.column == "tier"]
    return kinds, str(written.bounds), tuple(order), tuple(tiers)


@given(texts=st.lists(simple_rules, min_size=2, max_size=30))
def test_rules_that_differ_differ_in_words(texts):
    known = {}
    for text in texts:
        try:
            written = parse_rule(text)
        except CampaignError:
            continue
        if told := rule_sentence(written, "USD", ENGLISH):
            assert known.setdefault(told, meaning(written)) == meaning(written)


def test_a_page_has_rules_in_words_and_for_the_team_as_they_were_written():
    text = "tier:mega spend <= 40%"
    of = report(plan(campaign={"rules": (parse_rule(text),)}, rules=(rule(label=text),)))
    team, client = (report_html(replace(of, edition=Edition(audience=one))) for one in ("team", "client"))
    for page in (team, client):
        assert "At most 40% of the spend on mega creators" in page
    assert ("tier:mega spend &lt;= 40%" in team, "tier:mega spend &lt;= 40%" in client) == (True, False)


def test_a_rule_without_words_stays_as_it_was_written():
    text = UNSAID[0]
    (row,) = told_rules(plan(campaign={"rules": (parse_rule(text),)}, rules=(rule(label=text),)), GERMAN)
    assert (row.label, row.written) == (text, "")
