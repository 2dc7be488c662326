"""A report as a page: its content, hostile text, and its size."""

import json
import re
from fractions import Fraction

import pytest
from msgspec.structs import replace

from microopt.campaign.campaign import Goal
from microopt.campaign.goals import LEAST_COST
from microopt.campaign.metrics import METRICS
from microopt.campaign.progress import Contract, ContractState
from microopt.campaign.report_settings import ReportSettings
from microopt.errors import OutputError
from microopt.plan.likely_range import LikelyRange
from microopt.plan.plan import NetReach, RulePrice
from microopt.planning.likely_ranges import Ranges
from microopt.rendering import REQUIRED_MODULES, plan_renderer, report_renderer, require_extra
from microopt.rendering.html.page import plan_html, report_html
from tests.rendering.builders import (
    HOSTILE,
    added_creator,
    difference,
    dropped_creator,
    frontier,
    frontier_point,
    pick,
    picks,
    plan,
    ranges,
    replanned,
    report,
    rule,
)

MOST = 400_000
EVIL = "</script><script>alert(1)</script><!-- <b> & \" ' \u2028 =1+1"


def data(page):
    """Return the data of a page, as a browser reads it."""
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1])


def visible(page):
    """Return the text of a page, without style, scripts and tags."""
    return re.sub(r"<(style|script)\b.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)


def test_the_page_shows_figures_mix_creators_rules_and_where_it_comes_from():
    page = visible(report_html(report()))
    for text in (
        "Spring launch",
        "$3,150",
        "@creator.6",
        "mega",
        "niche:beauty count 2..5",
        "ab" * 32,
        "ef" * 32,
        "roster.csv",
        "CBC 2.10.3",
        "a note",
        "a warning",
        "Endorsement Guides",
        "microopt verify plan.json",
    ):
        assert text in page


def test_the_page_shows_what_the_plan_pays_for_line_by_line():
    chosen = [pick(cost=52_000, extra_costs={"usage": 8_000, "handling": 4_000}), pick(1, cost=40_000)]
    page = plan_html(plan(chosen, campaign={"budget": 200_000, "contingency": Fraction(1, 10)}))
    for title, amount in (("Fees", "$800"), ("Usage rights", "$80"), ("Handling", "$40"), ("Contingency 10%", "$200")):
        assert f'<th scope="row">{title}</th><td class="number">{amount}</td>' in page
    assert "The cost by line" not in plan_html(plan([pick(cost=40_000)]))


def test_every_point_of_the_slider_is_in_the_data_and_the_plans_own_is_named():
    budgets = data(report_html(report()))["budgets"]
    assert [point["money"] for point in budgets["points"]] == ["$10,000", "$20,000", "$40,000"]
    assert budgets["own"] == 1
    low, own, high = budgets["points"]
    assert (own["new"], own["gone"]) == ([], [])
    assert len(low["gone"]) == 5
    assert [budgets["names"][number] for number in high["new"]] == ["@creator.99"]


def test_what_changes_at_a_budget_is_said_in_words():
    page = visible(report_html(report()))
    assert "At $40,000, @creator.99 is added" in page


def test_a_point_without_a_plan_says_why():
    sample = plan()
    points = (
        frontier_point(100, totals=None, objective=None, status="infeasible"),
        frontier_point(2_000_000, sample.picks),
    )
    page = report_html(report(sample, frontier=frontier(sample, *points)))
    assert data(page)["budgets"]["points"][0]["step"] == "At $1, no plan keeps the rules."
    assert "At $1, no plan keeps the rules." in visible(page)


def test_a_point_that_is_not_proven_says_so():
    sample = plan()
    points = (frontier_point(2_000_000, sample.picks), frontier_point(4_000_000, sample.picks, status="feasible"))
    output = data(report_html(report(sample, frontier=frontier(sample, *points))))["budgets"]["points"]
    assert [bool(point["status"]) for point in output] == [False, True]


@pytest.mark.parametrize("text", [*HOSTILE.values(), EVIL], ids=[*HOSTILE, "evil"])
def test_no_text_leaves_its_place(text):
    chosen = [pick(0, creator=text, offer=text, platform=text, niche=(text,), tier=text or "nano")]
    sample = plan(chosen, campaign={"name": text}, rules=(rule(label=text),), notes=(text,), warnings=(text,))
    page, harmless = report_html(report(sample, missing=text, warnings=(text,))), report_html(report(plan(picks(1))))
    assert page.count("<script") == harmless.count("<script")
    assert page.lower().count("</script") == harmless.lower().count("</script")
    assert "<b>" not in page
    assert "alert(1)</script>" not in page
    page.encode("utf-8")
    data(page)


def test_nothing_is_loaded_from_anywhere():
    page = re.sub(r"<script>.*?</script>", "", report_html(report()), flags=re.DOTALL)
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?!#)""", page)
    assert "url(" not in page.replace("url(#", "")
    assert "@import" not in page
    assert "default-src 'none'" in page.replace("&#39;", "'")


def test_a_plan_of_forty_picks_and_twenty_budgets_is_small_enough_for_a_mail():
    sample = plan(picks(40))
    points = [
        frontier_point(n * 200_000, (*sample.picks[:n], *picks(n)), creators=tuple(f"@new.{n}.{k}" for k in range(40)))
        for n in range(1, 20)
        if n != 10
    ]
    points.insert(9, frontier_point(2_000_000, sample.picks))
    page = report_html(report(sample, frontier=frontier(sample, *points)))
    assert len(page.encode()) < MOST


def test_a_plan_alone_has_neither_slider_nor_ranges():
    page = plan_html(plan())
    assert 'id="budget"' not in page
    assert 'id="ranges"' not in page
    assert data(page)["budgets"] is None
    assert plan_renderer("html")(plan()) == page


def test_a_plan_alone_is_in_the_language_of_its_campaign():
    assert '<html lang="de"' in plan_html(plan(campaign={"report": ReportSettings(language="de")}))


def test_why_a_higher_budget_can_bring_less_of_one_is_said_where_the_goal_is_balanced():
    balanced, engagement = (
        visible(report_html(report(plan(campaign={"goal": Goal(name=name)})))) for name in ("balanced", "engagement")
    )
    assert "So a higher budget can bring fewer of one and more of the other." in balanced
    assert "can bring fewer" not in engagement


def test_why_higher_budgets_are_not_spent_is_said_above_them():
    of = plan()
    reason = "your rule tier:micro spend >= 40% keeps further creators out"
    result = frontier(of, unspent_reason=reason)
    spend = round(result.points[-1].totals.spend / 100)
    said = f"Of $40,000, the plan spends ${spend:,}: {reason.replace('>', '&gt;')}."
    assert said in report_html(report(of, frontier=result))
    assert "the plan spends" not in report_html(report(of))


def test_why_others_are_missing_is_told():
    page = visible(report_html(report(frontier=None, ranges=None, missing="the roster is gone")))
    assert "Made from the plan file alone:" in page
    assert "the roster is gone" in page


def test_reach_is_of_different_people_where_pools_are_known():
    net = NetReach(people=9_000_000, at_least=8_000_000, at_most=56_000_000, frequency=Fraction(5, 2), outside_pools=0)
    page = visible(report_html(report(plan(net_reach=net))))
    for text in ("People reached", "9,000", "84%", "2.5", "times each person sees the campaign"):
        assert text in page


def test_what_rules_cost_is_told_where_it_is_known():
    price = RulePrice(label="niche:beauty count 2..5", status="optimal", change=difference(Fraction(187, 1000)))
    priced, plain = (visible(report_html(report(item))) for item in (plan(rule_prices=(price,)), plan()))
    assert "−7.1% conversions" in priced
    assert "Without this rule" in priced
    assert "Without this rule" not in plain


def test_the_score_of_a_plan_says_what_it_means():
    balanced, reach = (
        visible(report_html(report(plan(campaign={"goal": goal})))) for goal in (Goal(), Goal(name="reach"))
    )
    assert "(engagements plus conversions, each as a share of the most that the budget and the rules allow)" in balanced
    assert "Score" in balanced
    assert "Score" not in reach
    assert "Value" not in balanced + reach


def test_a_least_cost_has_no_budget():
    sample = plan(campaign={"budget": None, "goal": Goal(name=LEAST_COST, targets={"engagements": Fraction(9)})})
    page = visible(report_html(report(sample, frontier=None)))
    assert "creators who meet the targets cost" in page


def test_an_empty_plan_is_a_page_without_charts():
    page = report_html(report(plan([])))
    assert 'class="chart' not in page
    assert "no creators" in page


def test_a_page_is_the_same_for_the_same_report():
    assert report_html(report()) == report_html(report())


def test_results_that_are_in_are_called_final_all_over_the_page():
    sample = plan(picks(2))
    exact = {name: LikelyRange(amount, amount) for name, amount in sample.totals.metrics.items()}
    closed = report(sample, ranges=Ranges(picks=(exact, exact), independent=exact, correlated=exact))
    page = visible(report_html(closed))
    assert "Final: the results are in" in page
    ranges = re.findall(r"(?<![\w-])(\d[\d.,]*[KM]?)–(\d[\d.,]*[KM]?)(?![\w-])", page)
    assert [low for low, high in ranges if low == high] == []
    assert "results are in" not in visible(report_html(report()))


def test_the_likely_range_of_a_total_is_told_apart_from_the_one_of_independent_results():
    sample = plan()
    apart, wide = ({name: LikelyRange(2_000, high) for name in METRICS} for high in (3_000, 9_000))
    both = Ranges(picks=ranges(sample).picks, independent=apart, correlated=wide)
    page = visible(report_html(report(sample, ranges=both)))
    section = page[page.index("How far results may differ") :]
    assert re.search(r"Gross reach\s+[\d.,KM]+\s+2–9\s+2–3\s", section)


def test_a_report_is_written_as_html_alone():
    assert report_renderer("html") is report_html
    with pytest.raises(Exception, match=r"a report is not written as csv"):
        report_renderer("csv")


def test_a_missing_package_is_told_with_its_extra(monkeypatch):
    monkeypatch.setitem(REQUIRED_MODULES, "html", ("altair", "no_such_module"))
    with pytest.raises(OutputError) as caught:
        require_extra("html")
    assert (caught.value.code, caught.value.fix) == ("extra-missing", "install it: pip install 'microopt[report]'")
    assert "no_such_module" in caught.value.message
    assert "altair" not in caught.value.message


def test_a_page_of_a_campaign_under_way_tells_the_step_and_the_pace():
    hostile = "<script>alert(1)</script>"
    of = replanned(
        added_creator(hostile), dropped_creator("@old"), contracts=(Contract(creator="@a", state=ContractState.LIVE),)
    )
    page = plan_html(of)
    assert "Since the last plan: 1 added, 1 dropped." in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert hostile not in page
    assert "Under contract: forecast against actual" in page
    assert 'href="#progress"' in page
    assert "How the campaign is doing" in page


def test_the_verdict_of_a_running_campaign_comes_first_and_once():
    page = plan_html(replanned(added_creator(), contracts=(Contract(creator="@a", state=ContractState.LIVE),)))
    assert page.index('id="verdict"') < page.index('id="summary"') < page.index('id="progress"')
    assert page.count('class="figures money"') == 1


def test_a_first_plan_tells_of_no_step():
    assert 'id="progress"' not in plan_html(plan())


@pytest.mark.parametrize(
    ("profit", "words"), [(63_000, "likely -$1,300 to $4,400"), (-250_000, "likely -$2,800 to -$1,800")]
)
def test_a_loss_that_is_likely_stays_within_its_line(profit, words):
    """At the ends of the likely range, what is kept of the revenue is half and twice what is expected."""
    sums = replace(plan().totals, profit=profit)
    kept = profit + sums.spend
    order_value = round(Fraction(kept * 1000, sums.metrics["conversions"]))
    sums = replace(sums, revenue=kept)
    of = plan(totals=sums, campaign={"order_value": order_value, "margin": Fraction(1)})
    page = report_html(report(of))
    assert words in visible(page)
    for start, width in re.findall(r'class="span" x="([-\d.]+)%" y="5" width="([-\d.]+)%"', page):
        assert 0 <= float(start) <= float(start) + float(width) <= 96.1
