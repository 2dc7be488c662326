"""A campaign file: strictly decoded, every mistake told with its fix."""

import os
import time
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from microopt.campaign.flag_values import AudienceInput
from microopt.campaign.inputs import CampaignInput
from microopt.errors import CampaignError, UsageError
from microopt.readers.campaign_file import campaign_from_input, read_campaign_file
from microopt.rendering.data.json import object_json
from tests.rendering.builders import ideal, plan

EVERYTHING = """
name = "Spring launch"
budget = 20000
currency = "USD"
order_value = 45
margin = "40%"
returns = 0.12
ltv = "2.4x"
per_creator = 2.5
rules = ["niche:beauty count 2..5", "tier:mega spend <= 40%"]
where = ["followers 5k..500k"]
include = ["@anna"]
exclude = ["@cleo"]
competitors = ["Acme"]
one_offer_per = "creator,platform"
estimate_fees = true

[worth]
engagement = 0.05
conversions = 30

[tiers]
nano = 1_000
micro = 10_000

[columns]
"Rate (USD)" = "fee"

[units]
engagement_rate = "percent"

[exchange]
EUR = 1.08

[audience]
by = "region"
size = { US = 2_000_000, DE = "1.5M" }
"""


@pytest.fixture
def write(tmp_path):
    def write(data):
        path = tmp_path / "campaign.toml"
        path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
        return str(path)

    return write


def wrong(path):
    with pytest.raises(CampaignError) as caught:
        read_campaign_file(path)
    assert caught.value.fix
    return caught.value


def test_every_key_of_the_file_is_read_as_it_is_written(write):
    read, digest = read_campaign_file(write(EVERYTHING))
    assert read == CampaignInput(
        name="Spring launch",
        budget=20_000,
        currency="USD",
        worth={"engagement": "0.05", "conversions": 30},
        order_value=45,
        margin="40%",
        returns="0.12",
        ltv="2.4x",
        per_creator="2.5",
        rules=["niche:beauty count 2..5", "tier:mega spend <= 40%"],
        where=["followers 5k..500k"],
        include=["@anna"],
        exclude=["@cleo"],
        tiers={"nano": 1_000, "micro": 10_000},
        estimate_fees=True,
        columns={"Rate (USD)": "fee"},
        units={"engagement_rate": "percent"},
        exchange={"EUR": "1.08"},
        competitors=["Acme"],
        one_offer_per="creator,platform",
        audience=AudienceInput(by="region", size={"US": 2_000_000, "DE": "1.5M"}),
    )
    assert digest == sha256(EVERYTHING.encode("utf-8")).hexdigest()
    assert campaign_from_input(read).budget == 2_000_000


def test_an_empty_file_says_nothing(write):
    read, _ = read_campaign_file(write(""))
    assert campaign_from_input(read, budget_needed=False) == campaign_from_input(CampaignInput(), budget_needed=False)


@pytest.mark.parametrize(
    ("written", "text", "cents"),
    [("199.99", "199.99", 19_999), ('"20k"', "20k", 2_000_000), ("1_000.10", "1000.10", 100_010), ("0.29", "0.29", 29)],
)
def test_money_stays_exact(write, written, text, cents):
    read, _ = read_campaign_file(write(f"budget = {written}"))
    assert read.budget == text
    assert campaign_from_input(read).budget == cents


@pytest.mark.parametrize("written", ["inf", "nan", "1e400", "1e999999999", "-5", "0"])
def test_a_budget_that_is_no_money_is_told_when_it_is_used(write, written):
    read, _ = read_campaign_file(write(f"budget = {written}"))
    with pytest.raises(CampaignError, match="budget"):
        campaign_from_input(read)


@pytest.mark.parametrize("number", ["9" * 5_000, "0x" + "f" * 5_000, "1e" + "9" * 20, "1e-" + "9" * 20])
def test_a_number_that_is_out_of_range_is_told_in_our_words(write, number):
    error = wrong(write(f"budget = {number}"))
    assert (error.code, "it has a number that is out of range" in str(error)) == ("file-syntax", True)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(write):
    read, _ = read_campaign_file(write(b'\xef\xbb\xbfname = "\xc3\xa9t\xc3\xa9"\r\nbudget = 5\r\n'))
    assert (read.name, read.budget) == ("été", 5)


@pytest.mark.parametrize(
    ("key", "meant"), [("budgte", "budget"), ("rule", "rules"), ("includes", "include"), ("Goal", "goal")]
)
def test_an_unknown_key_is_refused_with_the_nearest(write, key, meant):
    error = wrong(write(f'{key} = "x"'))
    assert error.code == "key-unknown"
    assert f"unknown key '{key}'" in str(error)
    assert meant in error.fix


def test_a_key_that_none_is_near_to_is_answered_with_the_list_of_keys(write):
    assert wrong(write('regeln = ["x"]')).fix.startswith("use one of: budget, goal, ")
    assert wrong(write('agency_retainer = "$2,000"')).fix.startswith("for a fixed fee, take it off the budget by hand;")


@pytest.mark.parametrize(
    ("line", "place", "table"),
    [
        ('waves = ["2027-03"]', "above the first [table]", "calendar"),
        ("max_posts = 3", "above the first [table]", "calendar"),
        ('client = "Rosa"', "above the first [table]", "report"),
        ('[calendar]\nwaves = ["2027-03"]\nclient = "Rosa"', "under [calendar]", "report"),
        ("[report]\nholidays = true", "under [report]", "calendar"),
    ],
)
def test_a_key_of_a_table_that_is_elsewhere_is_told_where_it_belongs(write, line, place, table):
    error = wrong(write(line))
    key = line.splitlines()[-1].partition(" ")[0]
    assert error.code == "key-misplaced"
    assert f"{key} is {place}, but belongs under [{table}]" in str(error)
    assert error.fix.startswith(f"move the line of {key} below the line [{table}]")


def test_a_key_that_resembles_nothing_lists_the_known(write):
    error = wrong(write("zzz = 1"))
    assert "budget" in error.fix
    assert "rules" in error.fix


def test_every_unknown_key_is_told(write):
    error = wrong(write("budgte = 1\nrulez = []\nbudget = 5\n"))
    assert [fault.column for fault in error.faults] == ["budgte", "rulez"]


def test_an_unknown_key_of_a_table_is_named_with_its_table(write):
    error = wrong(write("[audience]\nsizes = { US = 1 }\n"))
    assert error.code == "key-unknown"
    assert "'audience.sizes'" in str(error)
    assert "size" in error.fix


def test_targets_are_read_from_their_table(write):
    read, _ = read_campaign_file(write("[target]\nengagements = '50k'\nconversions = 300\n"))
    assert read.target == {"engagements": "50k", "conversions": 300}
    assert campaign_from_input(read).budget is None


def test_ideals_are_read_from_a_plan_beside_the_file(write, tmp_path):
    (tmp_path / "plans").mkdir()
    ideals = (ideal("engagements", 9_000_000), ideal("conversions", 1_001))
    (tmp_path / "plans" / "plan.json").write_text(object_json(plan(ideals=ideals)), encoding="utf-8")
    read, _ = read_campaign_file(write("budget = 5\nideals = 'plans/plan.json'\n"))
    assert read.ideals == str(tmp_path / "plans" / "plan.json")
    assert campaign_from_input(read).ideals == ideals


@pytest.mark.parametrize(
    "text",
    [
        "budget = true",
        "budget = [1]",
        "budget = 2026-01-01",
        "rules = 'all count <= 3'",
        "rules = [1]",
        "name = 3",
        "[goal]\nname = 'reach'",
        "tiers = 3",
        "tiers = ['nano']",
        "tiers = {nano = 1.5}",
        "tiers = {nano = 'x'}",
        "estimate_fees = 'yes'",
        "worth = 3",
        "worth = {reach = [1]}",
        "include = '@anna'",
        "columns = {a = 1}",
        "units = 'percent'",
        "exchange = {EUR = [1]}",
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_at_its_key(write, text):
    error = wrong(write(text))
    assert error.code == "value-kind"
    assert text.split(" ")[0].strip("[]").split("]")[0] in str(error)
    assert "should be" in str(error)
    assert not any(word in str(error) for word in ("`", "$", "Expected", "got"))


def test_every_value_of_the_wrong_kind_is_told_with_a_line_that_would_be_right(write):
    error = wrong(write("name = 3\nrules = 'all count <= 3'\nends = '01/11/2026'\n[tiers]\nnano = 1.5\nmicro = 'x'\n"))
    assert [(fault.column, fault.fix) for fault in error.faults] == [
        ("name", 'write it like name = "3"'),
        ("rules", 'write it like rules = ["all count <= 3"]'),
        ("ends", "write it like ends = 2026-11-01"),
        ("tiers.nano", "write it like nano = 1000 under [tiers]"),
        ("tiers.micro", "write it like micro = 1000 under [tiers]"),
    ]
    assert "tiers.nano = 1.5 should be a whole number" in error.faults[3].message


@pytest.mark.parametrize(
    ("text", "key", "table"),
    [
        ("[columns]\nHandle = 'creator'\nbudget = 500", "budget", "columns"),
        ("[columns]\nHandle = 'creator'\ngoal = 'balanced'", "goal", "columns"),
        ("[worth]\nconversions = 30\nbudget = 500", "budget", "worth"),
        ("[exchange]\nEUR = 1.08\nrules = ['all count <= 3']", "rules", "exchange"),
        ("[target]\nreach = 5\nper_creator = 5", "per_creator", "target"),
        ("[audience]\nsize = { US = 5 }\nbudget = 500", "budget", "audience"),
        ("[units]\nengagement_rate = 'percent'\ncurrency = 'EUR'", "currency", "units"),
        ("[numbers]\ndecimal = ','\nbudget = 500", "budget", "numbers"),
    ],
)
def test_a_key_of_the_campaign_under_a_table_is_told_to_go_above(write, text, key, table):
    error = wrong(write(text))
    assert error.code == "key-misplaced"
    assert f"{key} is under [{table}], but keys of the campaign go above the first [table]" in str(error)
    assert error.fix == f"move the line of {key} above [{table}]"


def test_a_header_may_have_the_name_of_a_key(write):
    columns = {"name": "creator", "budget": "fee", "platform": "platform", "goal": "ignore"}
    lines = "\n".join(f'{header} = "{column}"' for header, column in columns.items())
    read, _ = read_campaign_file(write(f"[columns]\n{lines}\n[lists]\nniche = ','\n"))
    assert read.columns == columns


@pytest.mark.parametrize(
    "data",
    [
        "budget 20",
        "budget = ",
        "budget = 20 USD",
        "name = 'a",
        "a = 1\na = 2",
        b"\xff\xfea\x00",
        b"\x00",
        b"name = '\xff'",
    ],
)
def test_what_is_not_toml_is_refused(write, data):
    error = wrong(write(data))
    assert error.code == "file-syntax"
    assert "is not TOML" in str(error)


@pytest.mark.parametrize(
    ("data", "kind"),
    [(b'{"schema": "microopt.plan/1"}', "a plan of microopt"), (b"PK\x03\x04\xff", "an Excel workbook")],
)
def test_a_file_of_another_kind_in_place_of_a_campaign_file_is_called_what_it_is(write, data, kind):
    error = wrong(write(data))
    assert str(error).endswith(f"is not TOML: it is {kind}")
    assert error.code == "file-syntax"


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("budget = 20,000", 'budget = "20,000"'),
        ("budget = €20,000", 'budget = "€20,000"'),
        ("budget = 20k", 'budget = "20k"'),
        ("budget: 20 000", 'budget = "20 000"'),
        ("goal = reach # the best", 'goal = "reach"'),
    ],
)
def test_a_line_that_only_lacks_quotes_is_shown_with_them(write, line, right):
    error = wrong(write(f"# spring\n{line}\n"))
    assert f"line 2 is {line}" in str(error)
    assert error.fix == f"write it with quotes: {right}"
    read_campaign_file(write(right))


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("name = “Spring launch”", 'name = "Spring launch"'),
        ("budget = ‘20k’", 'budget = "20k"'),
        ("rules = [“all count 8..14”, “tier:mega count 1..”]", 'rules = ["all count 8..14", "tier:mega count 1.."]'),
        ("“budget” = 20000", '"budget" = 20000'),
    ],
)
def test_curly_quotes_are_named_and_the_line_is_shown_with_straight_ones(write, line, right):
    error = wrong(write(f"# spring\n{line}\n"))
    assert str(error).endswith(' instead of "')
    assert "is not TOML: line 2 has " in str(error)
    assert error.fix == f"write it with straight quotes: {right}"
    read_campaign_file(write(right))


@pytest.mark.parametrize(
    ("text", "problem", "right"),
    [
        (
            'rules = ["all count 8..14" "tier:mega count 1.."]',
            "line 1 lacks a comma",
            'put it between the entries: rules = ["all count 8..14", "tier:mega count 1.."]',
        ),
        ("exchange = { EUR = 1.08 GBP = 1.27 }", "line 1 lacks a comma", "exchange = { EUR = 1.08, GBP = 1.27 }"),
        ('rules = [\n  "all count 8..14"\n\n  "a"\n]', "line 2 lacks a comma at its end", '"all count 8..14",'),
    ],
)
def test_a_missing_comma_is_named_with_its_place(write, text, problem, right):
    error = wrong(write(text))
    assert str(error).endswith(f"is not TOML: {problem}")
    assert error.fix.endswith(right)


def test_a_missing_quote_is_not_called_a_missing_comma(write):
    assert "comma" not in str(wrong(write('rules = ["all count 8..14, "tier:mega count 1.."]')))


def test_a_file_in_another_encoding_is_told_to_be_saved_as_utf_8(write):
    assert wrong(write("name = 'été'".encode("cp1252"))).fix == 'save it with the encoding "UTF-8"'


@pytest.mark.parametrize(
    "text",
    [
        "budget = " + "9" * 5_000,
        "rules = " + "[" * 20_000,
        "budget = 0x" + "f" * 5_000,
        "rules = [0b" + "1" * 20_000 + "]",
    ],
)
def test_a_file_that_overwhelms_the_parser_is_refused_like_any_other(write, text):
    assert wrong(write(text)).code in ("file-syntax", "key-unknown")


def test_a_file_that_is_not_there_names_its_path_and_init(tmp_path):
    error = wrong(str(tmp_path / "none.toml"))
    assert error.code == "file-missing"
    assert "none.toml" in str(error)
    assert "microopt init" in error.fix


def test_a_folder_is_no_campaign_file(tmp_path):
    assert str(tmp_path) in str(wrong(str(tmp_path)))


def test_a_short_form_is_a_key_too(write):
    read, _ = read_campaign_file(write("budget = 5\nniche = ['beauty=2..']\ncreators = '5..9'\n"))
    flags = CampaignInput(budget="5", niche=["beauty=2.."], creators="5..9")
    assert campaign_from_input(read) == campaign_from_input(flags)


@given(st.text(max_size=60) | st.binary(max_size=60))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_hostile_files_end_in_settings_or_a_campaign_error(write, data):
    try:
        read, digest = read_campaign_file(write(data if isinstance(data, bytes) else data.encode("utf-8", "replace")))
    except CampaignError:
        return
    assert isinstance(read, CampaignInput)
    assert len(digest) == 64


@pytest.mark.parametrize(
    "text", ["starts = 2026-11-01\nends = 2027-01-31", 'starts = "2026-11-01"\nends = "2027-01-31"']
)
def test_dates_are_those_of_toml_or_iso_text(write, text):
    result, _ = read_campaign_file(write(text))
    assert (result.starts, result.ends) == (date(2026, 11, 1), date(2027, 1, 31))


@pytest.mark.parametrize(
    "text",
    ["starts = 20261101", 'ends = "01/11/2026"', 'ends = "in May"', "ends = 2026-11-01T10:00:00", "starts = 10:00:00"],
)
def test_what_is_no_date_is_told(write, text):
    with pytest.raises(CampaignError) as caught:
        read_campaign_file(write(text))
    assert caught.value.code == "value-kind"


@pytest.mark.parametrize(
    "text",
    [
        f"x = {'[' * 3000}{']' * 3000}",
        f"rules = {'[' * 300}{']' * 300}",
        f"{'.'.join('a' * 5000)} = 1",
        f"[{'.'.join('a' * 5000)}]\nb = 1",
        f"[forecast.{'.'.join('a' * 5000)}]\nb = 1",
        f"x = {'{a=' * 3000}1{'}' * 3000}",
    ],
)
def test_what_is_nested_too_deep_is_told(write, text):
    error = wrong(write(text))
    assert str(error).endswith("has lists or tables that are nested too deep")
    assert error.fix


@pytest.mark.parametrize("named", ["a\\u0000b.json", "/dev/zero", ".", "pipe"])
def test_ideals_name_a_file_that_ends(write, tmp_path, named):
    os.mkfifo(tmp_path / "pipe")
    error = wrong(write(f'ideals = "{named}"'))
    assert (error.code, f'ideals = "{named}" is not the path of a file' in str(error)) == ("value-kind", True)


def test_a_path_of_ideals_that_is_too_long_is_told(write):
    settings, _ = read_campaign_file(write(f'ideals = "{"x" * 5000}"'))
    with pytest.raises(UsageError, match="cannot be read as a plan: File name too long"):
        campaign_from_input(settings, budget_needed=False)


def test_ideals_are_not_standard_input(write, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings, _ = read_campaign_file(Path(write('ideals = "-"')).name)
    assert settings.ideals == "./-"


def test_a_path_with_a_null_character_is_told():
    assert "null" in str(wrong("campaign\0.toml"))


@pytest.mark.parametrize(
    "line",
    [
        ".".join(["a"] * 20_000) + " = 1",
        " . ".join(['"a"'] * 20_000) + " = 1",
        "[[" + ".".join(["'a'"] * 20_000) + "]]",
        "x = {b = 1, " + ".".join(["a"] * 20_000) + " = 1}",
        "\t a" + "\t.\ta" * 20_000 + " = 1",
    ],
    ids=["bare", "quoted", "table", "inline", "spaced"],
)
def test_a_key_of_thousands_of_parts_is_a_fault_of_its_line(line, tmp_path):
    path = tmp_path / "campaign.toml"
    path.write_text(f"budget = 5000\n{line}\n")
    start = time.perf_counter()
    with pytest.raises(
        CampaignError, match=r"campaign\.toml: line 2 has lists or tables that are nested too deep"
    ) as caught:
        read_campaign_file(str(path))
    assert time.perf_counter() - start < 5
    assert caught.value.fix


def test_points_in_texts_and_numbers_are_no_parts_of_keys(tmp_path):
    path = tmp_path / "campaign.toml"
    path.write_text("# a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s\nbudget = 5000.25\n" + 'include = ["' + "a." * 40 + '"]\n')
    assert read_campaign_file(str(path))[0].include == ["a." * 40]


def test_a_campaign_file_that_is_too_large_is_not_parsed(tmp_path):
    path = tmp_path / "campaign.toml"
    path.write_text("#" * (1 << 20) + "\nbudget = 5000\n")
    with pytest.raises(CampaignError, match="is larger than") as caught:
        read_campaign_file(str(path))
    assert caught.value.code == "file-too-large"


def test_a_hundred_thousand_unknown_keys_are_told_in_seconds(tmp_path):
    path = tmp_path / "campaign.toml"
    path.write_text("".join(f"k{number}=1\n" for number in range(100_000)))
    start = time.perf_counter()
    with pytest.raises(CampaignError) as caught:
        read_campaign_file(str(path))
    assert time.perf_counter() - start < 10
    assert len(caught.value.faults) == 100_000


@pytest.mark.parametrize(
    ("lines", "fix"),
    [
        ('max_posts = "three"', "write it like max_posts = 4 under [calendar]"),
        ('lead_days = "two weeks"', "write it like lead_days = 14 under [calendar]"),
        ("retainer = 10", "under [calendar]; for a fixed fee, take it off the budget by hand"),
        ("waves = [3]", 'write it like waves = ["2027-03", "launch=2027-04-01..2027-04-14"] under [calendar]'),
        ("budget = [50, 50]", 'on its own line, such as 2027-03 = "50%"'),
    ],
)
def test_a_value_of_a_calendar_of_another_kind_is_told_with_one_that_can_be_read(write, lines, fix):
    error = wrong(write(f"[calendar]\n{lines}\n"))
    assert error.code == "value-kind"
    assert error.fix.endswith(fix)


def test_a_day_of_a_wave_that_is_none_is_told_by_its_own_key(write):
    error = wrong(write('[calendar]\nwaves = [{ name = "launch", starts = 3, ends = 2027-03-14 }]\n'))
    assert "starts in calendar.waves should be a date" in str(error)
