"""A plan as a workbook: sums are formulas, cells are only ever text, and it reads back as a roster."""

import re
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.analysis.frontier.result import Frontier, FrontierPoint
from microopt.analysis.report.result import Report, report_of_plan
from microopt.campaign.campaign import Campaign, Goal
from microopt.campaign.goals import LEAST_COST
from microopt.campaign.metrics import METRICS
from microopt.campaign.progress import CampaignProgress, Contract, ContractState, PostResults
from microopt.campaign.report_settings import ReportSettings
from microopt.plan.likely_range import LikelyRange
from microopt.plan.plan import RulePrice
from microopt.planning.likely_ranges import Ranges
from microopt.readers.options import ReadOptions
from microopt.readers.roster import read_roster
from microopt.rendering.sanitize import workbook_text
from microopt.rendering.workbook.book import column_letters
from microopt.rendering.workbook.workbook import frontier_xlsx, plan_xlsx, report_xlsx
from tests.rendering.builders import (
    HOSTILE,
    added_creator,
    difference,
    dropped_creator,
    facts,
    frontier,
    pick,
    picks,
    plan,
    replanned,
    rule,
    totals,
)
from tests.rendering.cells import cells, column, parts, row_number
from tests.scale import examples

HOSTILE_CELLS = {
    **HOSTILE,
    "rich text of XlsxWriter": "<r><t>x</t></r>",
    "broken rich text": "<r>&<</r>",
    "script": "<script>x</script>",
    "escape of Excel": "a_x0041_b",
    "formula in spaces": "  =1+1",
    "array formula": "{=1+1}",
    "number": "007",
    "date": "1-2",
    "link": "http://x.example",
    "apostrophe": "'=1+1",
    "no XML": "a\ufffe\uffffb",
    "ten thousand": "x" * 10_000,
}
XF = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}xf"
FUNCTIONS = {"IF", "ISNUMBER", "SUM", "SUMIF", "SUMPRODUCT", "EXACT", "IFERROR", "SUBTOTAL", "COUNTA"}


def table_ranges(sample):
    each = {name: LikelyRange(1_000, 3_000) for name in METRICS}
    return Ranges(picks=(each,) * len(sample.picks), independent=each, correlated=each)


def written_workbook(sample, **overrides):
    return cells(report_xlsx(replace(report_of_plan(sample), **overrides)))


def formats(packed):
    """Return how numbers are shown in a workbook."""
    return {node.get("formatCode") for node in parts(packed)["xl/styles.xml"].iter()}


def displayed_value(book, name, header, row):
    """Return the cells of a column below its header, down to where it ends."""
    sheet = book[name]
    letter = column(sheet, header, row)
    result = []
    while f"{letter}{row + 1 + len(result)}" in sheet:
        result.append(sheet[f"{letter}{row + 1 + len(result)}"])
    return result


def test_the_sheets_are_those_of_a_media_plan():
    assert list(written_workbook(plan())) == ["Plan", "Creators", "For creators", "Rules", "Forecast", "Method"]


def test_every_pick_is_a_row_in_the_plans_order():
    chosen = picks(70)
    book = written_workbook(plan(chosen))
    assert [cell.value for cell in displayed_value(book, "Creators", "Creator", 2)] == [item.creator for item in chosen]
    assert [cell.value for cell in displayed_value(book, "Creators", "Fee", 2)] == [400.0] * 70


def test_the_headline_is_formulas_with_their_values_beside_them():
    sample = plan()
    sheet = written_workbook(sample)["Plan"]
    assert sheet["A5"].value == "Budget"
    assert sheet["A6"].value == 20_000
    assert sheet["C6"] == ("SUM(Creators!$M$3:$M$9)", sample.totals.spend / 100)
    assert sheet["E6"] == ("A6-C6", sample.unspent / 100)
    assert sheet["I6"].formula.startswith("IFERROR(C6/SUM(Creators!")
    assert sheet["I6"].value == pytest.approx(sample.totals.spend / 100 / (sample.totals.metrics["engagements"] / 1000))


@pytest.mark.parametrize("name", METRICS)
def test_sums_stand_beside_formulas_by_tier(name):
    sample = plan(picks(12))
    lines = displayed_value(written_workbook(sample), "Plan", name.capitalize(), 12)
    assert all(line.formula.startswith("SUMIF(Creators!") for line in lines[:-1])
    assert lines[-1].formula.startswith("SUM(Creators!")
    sums = [totals.metrics[name] / 1000 for totals in (*sample.mix.values(), sample.totals)]
    assert [line.value for line in lines] == pytest.approx(sums)


@pytest.mark.parametrize("tiers", [("*", "mi?ro"), ("=1", ">0"), ("Micro", "micro"), ("", "x"), ("1", "01")])
def test_tiers_that_sumif_would_take_for_patterns_are_compared_as_texts(tiers):
    sample = plan([pick(number, tier=tier) for number, tier in enumerate(tiers)])
    spends = displayed_value(written_workbook(sample), "Plan", "Spend", 12)
    assert all(line.formula.startswith("SUMPRODUCT(EXACT(") for line in spends[:-1])
    assert [line.value for line in spends] == [450, 450, 900]


def test_creators_with_several_offers_are_counted_once():
    sheet = written_workbook(plan([pick(0), pick(0, offer="story"), pick(1)]))["Plan"]
    assert sheet["G6"] == (None, 2)
    assert written_workbook(plan(picks(3)))["Plan"]["G6"] == ("COUNTA(Creators!$A$3:$A$5)", 3)


def test_the_cost_of_a_pick_follows_from_its_fee():
    book = written_workbook(plan())
    fee, agreed, extras = (column(book["Creators"], name, 2) for name in ("Fee", "Agreed fee", "Extras"))
    paid = f"IF(ISNUMBER({agreed}3),{agreed}3,{fee}3)"  # the agreed fee once there is one
    assert displayed_value(book, "Creators", "Cost", 2)[0] == (f"{paid}+{extras}3", 450.0)


def costly():
    """Return a plan with lines of extra costs and a contingency."""
    chosen = [pick(cost=52_000, extra_costs={"usage": 8_000, "handling": 4_000}), pick(1, cost=40_000)]
    return plan(chosen, campaign={"budget": 200_000, "contingency": Fraction(1, 10)})


def test_each_line_of_the_cost_has_a_column_and_the_cost_is_their_sum():
    book = written_workbook(costly())
    usage, handling = (column(book["Creators"], name, 2) for name in ("Usage rights", "Handling"))
    cost = displayed_value(book, "Creators", "Cost", 2)[0]
    assert cost.formula.endswith(f"+{usage}3+{handling}3")
    assert cost.value == 520.0


def test_each_line_of_the_cost_is_summed_on_the_first_sheet_and_the_contingency_is_kept():
    sheet = written_workbook(costly())["Plan"]
    (start,) = [int(place[1:]) for place, cell in sheet.items() if cell.value == "Cost"]
    lines = [[sheet[f"{letter}{row}"] for letter in "AB"] for row in range(start + 1, start + 6)]
    assert [(title.value, money.value) for title, money in lines] == [
        ("Fees", 800),
        ("Usage rights", 80),
        ("Handling", 40),
        ("Total", 920),
        ("Contingency 10%", 200),
    ]
    assert [money.formula is None for _, money in lines] == [False] * 4 + [True]
    assert sheet["E6"] == ("A6-C6-200.00", 880)


@pytest.mark.parametrize(
    ("fees", "noted"),
    [((50_000, 10_000, 10_000, 10_000), [0]), ((30_000, 31_000, 29_000, 10_000), []), ((30_000, 31_000, 90_000), [2])],
)
def test_a_fee_has_a_note_only_where_it_is_high_among_the_fees_of_the_list(fees, noted):
    chosen = [
        pick(place, tier="mega", fee=fee, usual_fee=10_000, fee_high=fee > 20_000) for place, fee in enumerate(fees)
    ]
    sheet = written_workbook(plan(chosen))["Creators"]
    notes = [cell.value for reference, cell in sheet.items() if "well above the usual $100" in str(cell.value)]
    assert len(notes) == len(noted)
    letter = column(sheet, "Remarks", 2) if noted else ""
    assert all(sheet[f"{letter}{place + 3}"].value == "well above the usual $100" for place in noted)


def test_what_nobody_has_has_no_column():
    headers = {
        cell.value for cell in written_workbook(plan([pick(cost=40_000, offer="", region="")]))["Creators"].values()
    }
    assert not {"Extras", "Deliverable", "Region", "Units", "Revenue", "Remarks"} & headers


@pytest.mark.parametrize("text", HOSTILE_CELLS.values(), ids=HOSTILE_CELLS)
def test_hostile_text_is_text_in_every_sheet(text):
    first = pick(creator=text, offer=text, platform=text, tier=text, niche=(text,), region=text)
    hostile = {"rules": (rule(label=text),), "warnings": (text,), "notes": (text,), "unspent_reason": text}
    sample = plan([first], campaign={"name": text}, **hostile)
    signed = Contract(creator=text, state=ContractState.SIGNED)
    packed = plan_xlsx(
        replanned(added_creator(text, causes=(text,)), contracts=(signed,), before=sample, notes=(text,))
    )
    assert parts(packed)
    book = cells(packed)
    assert (book["Creators"]["A3"].value or "") == workbook_text(text)
    formulas = {cell.formula for sheet in book.values() for cell in sheet.values() if cell.formula}
    assert {name for formula in formulas for name in re.findall(r"[A-Z]+(?=\()", formula)} <= FUNCTIONS
    assert all(re.fullmatch(r"[\w!$:(),*/+\-\"'=&> ]+", formula) for formula in formulas)


anything = st.text(st.characters() | st.sampled_from("\n\r\t\x00\x1f\ufffe\uffff\u202e<r>&=+-@|'\"_x0"), max_size=40)


@given(anything)
@settings(deadline=None, max_examples=examples(40), suppress_health_check=[HealthCheck.too_slow])
def test_any_text_reads_back_as_it_is_shown(text):
    content = written_workbook(plan([pick(creator=text, niche=())]))["Creators"]["A3"].value
    assert (content or "") == workbook_text(text)


def test_text_longer_than_a_cell_is_cut_with_a_sign():
    assert workbook_text("x" * 40_000) == "x" * 32_766 + "…"
    assert workbook_text("🎉" * 20_000) == "🎉" * 16_383 + "…"
    assert workbook_text("x" * 32_767) == "x" * 32_767


def test_how_to_get_the_sheet_of_other_budgets_is_said_only_where_it_is_missing():
    of = plan()
    without_budget = plan(campaign={"budget": None, "goal": Goal(name=LEAST_COST)})
    books = [written_workbook(of), written_workbook(of, frontier=frontier(of)), written_workbook(without_budget)]
    said = ["What more budget buys" in {cell.value for cell in book["Method"].values()} for book in books]
    assert said == [True, False, False]


def test_whom_the_campaign_requires_and_excludes_stands_below_the_rules():
    chosen = (pick(0, creator="Tess Runs", cost=576_000),)
    book = written_workbook(plan(chosen, campaign={"include": ("Tess Runs",), "exclude": ("Carla Home",)}))
    rows = {book["Rules"][f"A{row}"].value: row for row in (3, 4)}
    assert [*rows] == ["Required: Tess Runs", "Excluded: Carla Home"]
    assert [book["Rules"][f"B{row}"].value for row in rows.values()] == [5_760, None]
    assert [book["Rules"][f"E{row}"].value for row in rows.values()] == ["in the plan", "left out"]


def test_rules_stand_as_numbers_with_what_keeps_the_plan():
    rules = (
        rule(binding=True),
        rule(label="tier:mega spend <= 40%", used=Fraction(3, 8), at_least=None, at_most=Fraction(2, 5), share=True),
        rule(label="a requires b", used=None),
    )
    price = RulePrice(label=rules[0].label, status="optimal", change=difference(Fraction(1, 10)))
    book = written_workbook(plan(rules=rules, rule_prices=(price,)))
    assert [cell.value for cell in displayed_value(book, "Rules", "Used", 1)] == [5, 0.375, None]
    assert [cell.value for cell in displayed_value(book, "Rules", "Limit", 1)][::2] == ["limit reached", "met"]
    assert "−7.1% conversions" in displayed_value(book, "Rules", "Without this rule", 1)[0].value
    unpriced = written_workbook(plan(rules=rules))["Rules"]
    assert [unpriced[f"{letter}1"].value for letter in "DEF"] == ["At most", "Limit", "As written"]
    assert "G1" not in unpriced


def test_the_forecast_tells_what_each_figure_rests_on():
    own, assumed = dict.fromkeys(METRICS, "own"), dict.fromkeys(METRICS, "default")
    book = written_workbook(plan([pick(0, origins=own), pick(1, origins=assumed), pick(2, origins=assumed)]))
    assert [cell.value for cell in displayed_value(book, "Forecast", "Engagements rests on", 10)] == [
        "own",
        "benchmark",
        "benchmark",
    ]
    shares = [book["Forecast"][f"{letter}3"] for letter in "CDEF"]
    assert all(share.formula.startswith("IFERROR(SUMIF(") for share in shares)
    assert [share.value for share in shares] == pytest.approx([1 / 3, 0, 2 / 3, 0])


def test_ranges_stand_beside_the_forecast_where_they_are_known():
    each = {name: LikelyRange(1_000, 2_000) for name in METRICS}
    report = Report(
        plan=plan([pick()]), seal="", microopt="", ranges=Ranges(picks=(each,), independent=each, correlated=each)
    )
    low = displayed_value(cells(report_xlsx(report)), "Forecast", "Reach, low", 10)
    assert [cell.value for cell in low] == [1.0]


def test_a_total_has_the_likely_range_of_the_headline():
    each, wide = ({name: LikelyRange(1_000, high) for name in METRICS} for high in (2_000, 9_000))
    report = Report(
        plan=plan([pick()]), seal="", microopt="", ranges=Ranges(picks=(each,), independent=each, correlated=wide)
    )
    book = cells(report_xlsx(report))
    assert [book["Forecast"][place].value for place in ("C3", "D3")] == [1.0, 9.0]


def test_results_that_are_in_are_called_final():
    each = {name: LikelyRange(2_000, 2_000) for name in METRICS}
    report = Report(
        plan=plan([pick()]), seal="", microopt="", ranges=Ranges(picks=(each,), independent=each, correlated=each)
    )
    book = cells(report_xlsx(report))
    for header in ("Reach, low", "Reach, high"):
        assert [cell.value for cell in displayed_value(book, "Forecast", header, 10)] == ["final"]
    assert [book["Forecast"][place].value for place in ("C3", "D3")] == ["final", "final"]


def test_what_nobody_knows_of_the_forecast_is_left_out():
    headers = [str(cell.value) for cell in written_workbook(plan())["Forecast"].values()]
    assert not any("low" in header or header in ("benchmark", "Reach rests on") for header in headers)


SIGNED = Contract(creator="@a", state=ContractState.SIGNED, planned={"engagements": 7_000_000, "clicks": 5_000})
POSTED = PostResults(creator="@a", posts=2, engagements=1_234.0)


def test_a_campaign_that_runs_has_a_sheet_of_how_it_stands():
    book = written_workbook(replanned(contracts=(SIGNED,), results=(POSTED,)))
    assert list(book) == ["Plan", "Creators", "For creators", "So far", "Rules", "Forecast", "Method"]
    sheet = book["So far"]
    assert [cell.value for cell in displayed_value(book, "So far", "First planned", 2)[:3]] == [20_000, None, 60_000]
    assert [sheet[reference].value for reference in ("A5", "C5", "D5")] == [
        "Engagements",
        1_234,
        pytest.approx(1_234 / 60_000),
    ]
    assert sheet["D5"].formula == 'IFERROR(C5/B5,"")'
    assert (sheet["D4"], sheet["F4"].value) == ((None, None), None)  # nobody counted any, and none was planned
    assert sheet["F3"].value == pytest.approx(sheet["E3"].value / 20_000 - 1)


def test_a_campaign_that_does_not_run_has_no_such_sheet():
    sample = plan()
    signed = replace(
        sample, campaign=replace(sample.campaign, running=CampaignProgress(contracts=(SIGNED,)))
    )  # by its roster
    assert "So far" not in [*written_workbook(sample), *written_workbook(signed)]


def test_who_is_under_contract_stands_with_the_forecast_against_what_came():
    book = written_workbook(replanned(contracts=(SIGNED,), results=(POSTED,)))
    header = next(row_number(reference) for reference, cell in book["So far"].items() if cell.value == "State today")
    line = {
        book["So far"][f"{column_letters(number)}{header}"].value: book["So far"][
            f"{column_letters(number)}{header + 1}"
        ].value
        for number in range(10)
    }
    assert (line["Creator"], line["State today"], line["Engagements planned"]) == ("@a", "signed", 7_000)
    assert (line["Engagements to date"], line["Clicks planned"]) == (1_234, 5)
    assert line["Engagements projected"] == pick().metrics["engagements"] / 1000
    assert "Clicks to date" not in line  # nobody counted any


def test_who_came_and_who_left_stands_with_cause_and_gain():
    better = added_creator("@b", gain=difference(1, share=Fraction(8, 1000)))
    sheet = written_workbook(replanned(better, dropped_creator("@old"), notes=("take care",)))["So far"]
    header = next(row_number(reference) for reference, cell in sheet.items() if cell.value == "Because")
    lines = [[sheet[f"{letter}{row}"].value for letter in "ABCD"] for row in (header + 1, header + 2)]
    assert lines == [
        ["@b", "added", 0.008, "better value now"],
        ["@old", "dropped", "forced", "declined"],
    ]
    assert "take care." in [cell.value for cell in sheet.values()]
    assert "Under contract" not in [cell.value for cell in sheet.values()]


def test_cents_of_what_is_sunk_are_shown():
    assert '"$"#,##0' in formats(plan_xlsx(replanned(sunk_cost=10_000)))
    assert '"$"#,##0' not in formats(plan_xlsx(replanned(sunk_cost=10_050)))


def test_a_night_without_a_switch_says_so():
    values = [cell.value for cell in written_workbook(replanned())["So far"].values()]
    assert "Since the last plan: nobody added, nobody dropped." in values
    assert "Because" not in values


def budget_point(budget, **overrides):
    result = {
        "status": "optimal",
        "objective": Fraction(1),
        "bound": Fraction(1),
        "totals": totals(picks(2)),
        **overrides,
    }
    return FrontierPoint(budget=budget, mix={"mega": totals(picks(1))}, **result)


def test_a_frontier_has_a_row_a_budget_and_a_chart():
    points = (budget_point(100_000), budget_point(200_000, status="infeasible", objective=None, totals=None))
    result = Frontier(
        campaign=Campaign(budget=200_000),
        campaign_sha256=None,
        roster=facts(),
        ideals=(),
        points=points,
        optimal_spend=None,
        backend="cbc",
        version="1",
        seconds=1.0,
    )
    for packed in (frontier_xlsx(result), report_xlsx(replace(report_of_plan(plan()), frontier=result))):
        book = cells(packed)
        assert [cell.value for cell in displayed_value(book, "Budgets", "Budget", 1)] == [1_000, 2_000]
        assert [cell.value for cell in displayed_value(book, "Budgets", "mega: of spend", 1)] == [0.5, None]
        assert displayed_value(book, "Budgets", "CPE", 1)[0].formula.startswith("IFERROR(")
        headings = [cell.value for address, cell in book["Budgets"].items() if row_number(address) == 1]
        assert "New creators" in headings
        assert "Value" not in headings
        assert any(name.startswith("xl/charts/") for name in parts(packed))


def test_the_method_holds_proof_provenance_and_disclosure():
    content = {cell.value for cell in written_workbook(plan())["Method"].values()}
    assert "ab" * 32 in content
    assert any(str(text).startswith("Proven best") for text in content)
    assert (
        "1.870 (engagements plus conversions, each as a share of the most that the budget and the rules allow)"
        in content
    )
    assert any("bound by branch and bound of CBC 2.10.3" in str(text) for text in content)
    assert any("advertising" in str(text) for text in content)


@pytest.mark.parametrize(
    ("currency", "form"), [("USD", '"$"#,##0'), ("EUR", '"€"#,##0'), ("SEK", '#,##0 "SEK"'), ("BRL", '"R$"#,##0')]
)
def test_money_is_shown_in_its_currency(currency, form):
    assert form in formats(plan_xlsx(plan(roster=facts(currency=currency))))


def test_cents_are_shown_where_there_are_any():
    assert '"$"#,##0' not in formats(plan_xlsx(plan([pick(fee=1_050, cost=1_050)])))


def test_an_empty_plan_and_one_without_a_budget_are_workbooks():
    sheet = written_workbook(plan([], baseline=None, rules=()))["Plan"]
    assert sheet["C6"].value == 0
    assert written_workbook(plan(campaign={"budget": None}))["Plan"]["A6"].value == "none"


def test_the_same_plan_is_the_same_file():
    assert plan_xlsx(plan()) == plan_xlsx(plan())


def test_sheets_print_on_landscape_pages_of_one_width_with_their_header():
    packed = parts(plan_xlsx(plan()))
    for name in ("xl/worksheets/sheet2.xml", "xl/worksheets/sheet4.xml"):
        setup = next(node for node in packed[name].iter() if node.tag.endswith("}pageSetup"))
        assert (setup.get("orientation"), setup.get("fitToHeight")) == ("landscape", "0")
    names = {node.get("name") for node in packed["xl/workbook.xml"].iter() if node.tag.endswith("}definedName")}
    assert "_xlnm.Print_Titles" in names


def test_it_reads_back_as_a_roster_without_its_sums(tmp_path):
    chosen = picks(9)
    (tmp_path / "plan.xlsx").write_bytes(plan_xlsx(plan(chosen)))
    for options in (ReadOptions(), ReadOptions(sheet="Creators")):
        roster = read_roster(str(tmp_path / "plan.xlsx"), options)
        assert len(roster) == 9
        assert list(roster.fee) == [40_000] * 9
        assert sorted(roster.texts["creator"][row] for row in range(9)) == sorted(item.creator for item in chosen)
        assert set(roster.texts["niche"].distinct_values()) == {"beauty", "home decor"}


@pytest.mark.parametrize("ranges", [lambda sample: None, table_ranges], ids=["without ranges", "with ranges"])
def test_however_many_creators_share_a_few_formats(ranges):
    reports = (replace(report_of_plan(sample), ranges=ranges(sample)) for sample in (plan(picks(20)), plan(picks(400))))
    few, many = (len(list(parts(report_xlsx(each))["xl/styles.xml"].iter(XF))) for each in reports)
    assert few == many < 100  # a format a cell is what makes large workbooks slow


@pytest.mark.parametrize(("number", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_named_as_a_spreadsheet_names_them(number, name):
    assert column_letters(number) == name


def document_days(packed):
    """Return the days of creation and of change that the document states."""
    return [node.text for node in parts(packed)["docProps/core.xml"].iter() if "terms/}" in node.tag]


def test_the_day_of_the_document_is_that_of_the_plan_or_none():
    dated = {"report": ReportSettings(date=date(2026, 11, 2))}
    assert document_days(plan_xlsx(plan(campaign=dated))) == ["2026-11-02T00:00:00Z"] * 2
    assert document_days(plan_xlsx(plan())) == []


def test_profit_is_a_formula_of_the_revenue_and_the_cost():
    chosen = [pick(revenue=100_000, profit=100_000 * 2 // 5 - pick().cost)]
    sums = replace(totals(chosen), revenue=100_000, profit=chosen[0].profit)
    sample = plan(chosen, totals=sums, campaign={"order_value": 4_500, "margin": Fraction(2, 5)})
    sheet = written_workbook(sample)["Creators"]
    letters = {name: column(sheet, name, 2) for name in ("Revenue", "Cost", "Profit")}
    cell = sheet[f"{letters['Profit']}3"]
    assert cell.formula.replace("$", "") == f"{letters['Revenue']}3*0.4-{letters['Cost']}3"
