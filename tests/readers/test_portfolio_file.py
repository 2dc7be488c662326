"""A portfolio file: strictly decoded, every mistake with its place, and a broken campaign file stops no other."""

import json
import os
import tomllib
from contextlib import suppress
from fractions import Fraction
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from microopt.campaign.agreed_fees import AgreedFee
from microopt.campaign.portfolio import Capacity, Exclusivity
from microopt.errors import CampaignError
from microopt.quantities.parse_and_format import Range
from microopt.quantities.size_limits import MAX_CAMPAIGNS
from microopt.readers.portfolio_file import read_portfolio_file
from microopt.readers.portfolio_keys import EXAMPLES, WrittenKeys

GLOW = 'name = "Glow serum"\nbudget = 14000\ncurrency = "USD"\nstarts = 2027-03-01\nends = 2027-03-28\n'
PULSE = 'budget = 9000\ncurrency = "EUR"\ngoal = "reach"\n'
EVERYTHING = """
name = "Bright, March"
currency = "usd"
budget = 60_000.50
exchange = { EUR = 1.08 }
rules = ["creator:@a spend <= 5000", "tier:micro spend >= 50%", "all spend <= 50% of budget"]
volume = "2: 5%; 3: 10%"
fees = { "@anna" = 900, "@ben" = "-10%" }
[capacity]
campaigns = 2
posts = 4
period = "month"
column = "max_brands"
tiers = { mega = 1 }
[[exclusive]]
members = ["Glow", "apps"]
days = 30
[[campaign]]
name = "glow"
file = "glow.toml"
roster = "lists/creators.csv"
category = "skincare"
weight = 1.5
floor = 5000
cap = 20_000
plan = "plans/glow.json"
states = "glow-states.csv"
results = "glow-results.csv"
[[campaign]]
file = "pulse.toml"
roster = "europe.csv"
category = "apps"
"""
TWO = """
[[campaign]]
file = "glow.toml"
roster = "creators.csv"
category = "skincare"
[[campaign]]
file = "pulse.toml"
roster = "europe.csv"
category = "apps"
"""


@pytest.fixture
def write(tmp_path):
    (tmp_path / "glow.toml").write_text(GLOW, encoding="utf-8")
    (tmp_path / "pulse.toml").write_text(PULSE, encoding="utf-8")

    def write(text, name="agency.toml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return write


def faults_of(path):
    """Return the faults of a file by their place."""
    with pytest.raises(CampaignError) as caught:
        read_portfolio_file(path)
    assert all(fault.fix for fault in caught.value.faults)
    return {fault.column: fault for fault in caught.value.faults}


def only_fault(path):
    [fault] = faults_of(path).values()
    return fault


def test_every_key_is_read_with_paths_from_the_folder_of_the_file(write, tmp_path):
    path = write(EVERYTHING)
    file = read_portfolio_file(path)
    read = file.portfolio
    assert (read.name, read.currency, read.budget) == ("Bright, March", "USD", 6_000_050)
    assert read.exchange == {"EUR": Fraction(27, 25)}
    assert [rule.label for rule in read.rules][:2] == ["creator:@a spend <= 5000", "tier:micro spend >= 50%"]
    assert read.volume == ((2, Fraction(1, 20)), (3, Fraction(1, 10)))
    assert file.fees == {"@anna": AgreedFee(amount=90_000), "@ben": AgreedFee(off=Fraction(1, 10))}
    assert read.capacity == Capacity(campaigns=2, posts=4, period="month", column="max_brands", tiers={"mega": 1})
    assert read.exclusivity == (Exclusivity(members=("Glow", "apps"), days=30),)
    glow, pulse = read.members
    assert (glow.name, glow.category, glow.weight, glow.floor, glow.cap) == (
        "glow",
        "skincare",
        Fraction(3, 2),
        500_000,
        2_000_000,
    )
    assert glow.campaign.name == "Glow serum"
    assert glow.sha256 == sha256(GLOW.encode()).hexdigest()
    paths = {key: getattr(glow, key) for key in ("file", "roster", "plan", "states", "results")}
    assert paths == {
        "file": str(tmp_path / "glow.toml"),
        "roster": str(tmp_path / "lists/creators.csv"),
        "plan": str(tmp_path / "plans/glow.json"),
        "states": str(tmp_path / "glow-states.csv"),
        "results": str(tmp_path / "glow-results.csv"),
    }
    assert (pulse.name, pulse.weight, pulse.floor, pulse.cap, pulse.plan) == ("pulse", 1, None, None, None)
    assert (file.sha256, file.failures, file.states_currency) == (sha256(EVERYTHING.encode()).hexdigest(), {}, True)


def test_a_share_of_the_house_budget_is_an_amount_of_it(write):
    rule = read_portfolio_file(write(EVERYTHING)).portfolio.rules[2]
    assert (rule.label, rule.of_budget) == ("all spend <= 50% of budget", False)
    assert rule.bounds == Range(None, Fraction(3_000_025, 100))


def test_a_broken_campaign_file_is_a_failure_of_that_campaign_alone(write):
    broken = {
        "no-such": "",
        "not-toml": "budget = ",
        "unknown-goal": 'budget = 500\ngoal = "engagment"\n',
        "no-budget": "",
    }
    for name, text in broken.items():
        if name != "no-such":
            write(text, f"{name}.toml")
    tables = "".join(f'[[campaign]]\nfile = "{name}.toml"\nroster = "r.csv"\n' for name in broken)
    file = read_portfolio_file(
        write(f'exchange = {{ EUR = 1.08 }}\nexclusive = [{{ members = ["glow", "no-such"] }}]\n{TWO}{tables}')
    )
    assert [member.name for member in file.portfolio.members] == ["glow", "pulse"]
    codes = {name: error.code for name, error in file.failures.items()}
    assert codes == {
        "no-such": "file-missing",
        "not-toml": "file-syntax",
        "unknown-goal": "goal-unknown",
        "no-budget": "budget-missing",
    }
    assert file.failures["no-budget"].fix.endswith("no-budget.toml")


@pytest.mark.parametrize(
    ("line", "place", "code", "words"),
    [
        ('nmae = "x"', "nmae", "key-unknown", "name"),
        ('campaigns = 2', "campaigns", "key-misplaced", "[capacity]"),
        ('goal = "reach"', "goal", "key-misplaced", "file of the campaign"),
        ('weight = 2', "weight", "key-misplaced", "[[campaign]]"),
        ("budget = true", "budget", "value-kind", "budget = 60_000"),
        ('budget = "a lot"', "budget", "usage", "20000"),
        ("budget = 0", "budget", "budget-zero", "above 0"),
        ('budget = "€500"', "budget", "currency-contradicts", "USD"),
        ('rules = ["tier:micro"]', "rules[1]", "rule-syntax", ""),
        ('rules = ["all count >= 1", "each creator spend <= 5"]', "rules[2]", "rule-portfolio", "campaign files"),
        ('rules = ["a:b excludes c:d"]', "rules[1]", "rule-portfolio", "campaign files"),
        ('rules = ["all roas >= 2"]', "rules[1]", "rule-portfolio", "campaign files"),
        ('rules = ["all mean(credibility) >= 2"]', "rules[1]", "rule-portfolio", "campaign files"),
        ('rules = ["all net reach >= 2"]', "rules[1]", "rule-portfolio", "campaign files"),
        ('rules = ["all count <= 2 (soft 5)"]', "rules[1]", "rule-portfolio", "campaign files"),
        ('rules = ["all count <= 2 each wave"]', "rules[1]", "rule-portfolio", "campaign files"),
        ('rules = ["all conversions >= 20 in 90%"]', "rules[1]", "rule-portfolio", "campaign files"),
        ('rules = ["all spend <= 50% of budget"]', "rules[1]", "rule-portfolio", "budget"),
        ('volume = "1: 5%"', "volume", "volume-steps", "2: 5%"),
        ('volume = "3: 5%; 2: 10%"', "volume", "volume-steps", "2: 5%"),
        ('fees = { "@a" = "-200%" }', "fees", "fees-value", "-10%"),
        ('fees = { "@a" = "€5" }', "fees", "currency-contradicts", "USD"),
        ("capacity = { campaigns = -1 }", "capacity.campaigns", "capacity-range", "no limit"),
        ("capacity = { tiers = { mega = -1 } }", "capacity.tiers.mega", "capacity-range", "no limit"),
        ("capacity = { tiers = { mgea = 1 } }", "capacity.tiers.mgea", "tier-unknown", "mega"),
        ('capacity = { period = "moth" }', "capacity.period", "period-unknown", "month"),
        ("capacity = 2", "capacity", "value-kind", "[capacity]"),
        ('exclusive = [{ members = ["glow", "puls"] }]', "exclusive[1].members", "exclusive-unknown", "pulse"),
        ('exclusive = [{ members = ["skincare"] }]', "exclusive[1].members", "exclusive-few", "glow"),
        ('exclusive = [{ members = ["glow", "pulse"], days = 0 }]', "exclusive[1].days", "days-range", "days = 30"),
        ("exclusive = [{ days = 3 }]", "exclusive[1].members", "value-missing", "members ="),
        ("exclusive = 3", "exclusive", "value-kind", "[[exclusive]]"),
        ("exchange = { EUR = 0 }", "exchange", "exchange-rate", "EUR"),
        ('currency = "USDD"', "currency", "currency-unknown", "USD"),
    ],
)  # fmt: skip
def test_a_fault_has_its_place_and_its_fix(write, line, place, code, words):
    lines = {"exchange": "exchange = { EUR = 1.08 }", "currency": 'currency = "USD"'}
    lines[line.partition(" ")[0]] = line
    fault = only_fault(write("\n".join(lines.values()) + TWO))
    assert (fault.column, fault.code) == (place, code)
    assert words in fault.fix
    assert fault.message.startswith("portfolio file ")


@pytest.mark.parametrize(
    ("line", "key", "code", "words"),
    [
        ("weight = 0", "weight", "weight-range", "above 0"),
        ("weight = -1", "weight", "weight-range", "above 0"),
        ('weight = "heavy"', "weight", "weight-range", "above 0"),
        ("weight = true", "weight", "value-kind", "weight = 2"),
        ("wieght = 2", "wieght", "key-unknown", "weight"),
        ("floor = 9\ncap = 8", "floor", "floor-above-cap", "cap"),
        ("cap = 0", "cap", "budget-zero", "above 0"),
        ('floor = "€9"', "floor", "currency-contradicts", "USD"),
        ("budget = 9", "budget", "key-misplaced", "top of the file"),
        ("volume = 9", "volume", "key-misplaced", "top of the file"),
        ('goal = "reach"', "goal", "key-misplaced", "file of the campaign"),
        ('states = "s.csv"', "plan", "plan-unnamed", "plan ="),
        ('plan = "/dev/zero"', "plan", "value-kind", "plan ="),
        ('plan = "a\\u0000b"', "plan", "value-kind", "plan ="),
        ('plan = ""', "plan", "value-kind", "plan ="),
        ("plan = 5", "plan", "value-kind", "plan ="),
        ('name = " "', "name", "campaign-unnamed", "name ="),
    ],
)
def test_a_fault_of_a_campaign_has_its_number(write, line, key, code, words):
    head = 'currency = "USD"\nexchange = { EUR = 1.08 }\n'
    fault = only_fault(write(f"{head}{TWO}{line}\n"))
    assert (fault.column, fault.code) == (f"campaign[2].{key}", code)
    assert words in fault.fix


@pytest.mark.parametrize("key", ["file", "roster"])
def test_a_campaign_needs_its_files(write, key):
    text = "".join(line for line in TWO.splitlines(keepends=True) if not line.startswith(key))
    assert set(faults_of(write(text))) == {f"campaign[1].{key}", f"campaign[2].{key}"}


@pytest.mark.parametrize("text", ["", "name = 'x'", "campaign = []"])
def test_a_portfolio_names_campaigns(write, text):
    assert only_fault(write(text)).code == "campaigns-missing"


@pytest.mark.parametrize("text", ["[campaign]\nfile = 'glow.toml'", "campaign = 3", "campaign = [3]"])
def test_campaigns_are_a_list_of_tables(write, text):
    assert "[[campaign]]" in only_fault(write(text)).fix


@pytest.mark.parametrize("second", ["glow", "GLOW", " @glow "])
def test_two_campaigns_have_two_names(write, second):
    write(GLOW, "other.toml")
    own = '[[campaign]]\nfile = "glow.toml"\nroster = "r.csv"\n'
    tables = f'{own}[[campaign]]\nname = "{second}"\nfile = "other.toml"\nroster = "r.csv"\n'
    fault = only_fault(write(tables))
    assert (fault.code, fault.column) == ("campaign-twice", "campaign[2].name")
    assert "campaign[1] and campaign[2]" in fault.message


def test_two_campaigns_have_two_plans(write):
    first, second = TWO.split("[[campaign]]")[1:]
    tables = f'exchange = {{ EUR = 1.08 }}\n[[campaign]]{first}plan = "p.json"\n[[campaign]]{second}plan = "./p.json"\n'
    assert only_fault(write(f'currency = "USD"\n{tables}')).code == "plan-twice"


def test_floors_together_are_within_the_budget(write):
    first, second = TWO.split("[[campaign]]")[1:]
    head = 'currency = "USD"\nexchange = { EUR = 1.08 }\n'
    text = f"{head}[[campaign]]{first}floor = 6000\n[[campaign]]{second}floor = 5000\n"
    fault = only_fault(write(f"budget = 10_000\n{text}"))
    assert fault.code == "floors-above-budget"
    assert "$11,000" in fault.message
    assert "$10,000" in fault.message
    assert read_portfolio_file(write(f"budget = 11_000\n{text}")).portfolio.budget == 1_100_000


def test_each_currency_of_a_campaign_needs_a_rate(write):
    fault = only_fault(write(f'currency = "USD"\n{TWO}'))
    assert (fault.code, fault.column) == ("rate-missing", "exchange")
    assert "pulse is in EUR" in fault.message
    assert "EUR = 1.08" in fault.fix
    assert read_portfolio_file(write(f'currency = "USD"\nexchange = {{ eur = 1.08 }}\n{TWO}')).failures == {}


def test_the_house_counts_in_the_only_currency_of_its_campaigns_where_it_says_none(write):
    tables = '[[campaign]]\nfile = "pulse.toml"\nroster = "r.csv"\n'
    file = read_portfolio_file(write(tables))
    assert (file.portfolio.currency, file.states_currency) == ("EUR", False)
    file = read_portfolio_file(write(f'budget = "€500"\n{tables}'))
    assert (file.portfolio.currency, file.states_currency) == ("EUR", True)


def test_all_faults_are_told_at_once(write):
    text = 'currency = "USD"\nbudget = "x"\nrules = ["a"]\n[capacity]\nposts = -1\n' + TWO + "weight = 0\nfloor = -5\n"
    assert set(faults_of(write(text))) >= {
        "budget",
        "rules[1]",
        "capacity.posts",
        "campaign[2].weight",
        "campaign[2].floor",
        "exchange",
    }


def test_too_many_campaigns_are_refused(write):
    table = '[[campaign]]\nname = "{}"\nfile = "glow.toml"\nroster = "r.csv"\n'
    text = "".join(table.format(number) for number in range(MAX_CAMPAIGNS + 1))
    assert only_fault(write(text)).code == "campaigns-many"


def test_too_many_rules_are_refused_before_any_is_parsed(write):
    rules = ", ".join(['"all count >= 1"'] * 201)
    assert (
        only_fault(write(f'currency = "USD"\nexchange = {{ EUR = 1 }}\nrules = [{rules}]\n{TWO}')).code
        == "rules-too-many"
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04", "file-syntax"),
        (b"\xff\xfe", "file-syntax"),
        (b"name = 'a'\nname = 'b'\nbudget = 5\n", "key-repeated"),
        (b"a" + b".a" * 20 + b" = 1", "file-syntax"),
        (b"budget = 1e99999999999999999999", "file-syntax"),
        (b"x = " + b"[" * 5_000, "file-syntax"),
        (b"#" * ((1 << 20) + 1), "file-too-large"),
    ],
)
def test_a_hostile_file_is_refused_as_a_campaign_file_is(tmp_path, data, code):
    (tmp_path / "agency.toml").write_bytes(data)
    fault = only_fault(str(tmp_path / "agency.toml"))
    assert fault.code == code
    assert "portfolio file" in fault.message


def test_a_missing_file_is_told_with_the_nearest_name(write, tmp_path):
    write(TWO)
    fault = only_fault(str(tmp_path / "agnecy.toml"))
    assert fault.code == "file-missing"
    assert "agency.toml" in fault.fix


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(write, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for key in ("file", "roster"):
        text = TWO.replace("glow.toml" if key == "file" else "creators.csv", "pipe")
        fault = faults_of(write(f'currency = "USD"\nexchange = {{ EUR = 1 }}\n{text}'))[f"campaign[1].{key}"]
        assert fault.code == "value-kind"


@pytest.mark.parametrize("key", EXAMPLES)
def test_the_example_of_each_key_is_a_line_of_the_right_kind(key):
    table, _, _ = key.rpartition(".")
    inner = tomllib.loads(EXAMPLES[key], parse_float=str)
    keys = WrittenKeys("agency.toml")
    keys.convert({table: inner if table == "capacity" else [inner]} if table else inner)
    assert {fault.code for fault in keys.faults} <= {"value-missing"}


SCALARS = st.one_of(st.text(max_size=8), st.integers(), st.booleans(), st.lists(st.integers(), max_size=2))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_no_value_of_any_key_ends_in_anything_but_a_fault(write, data):
    key = data.draw(st.sampled_from(sorted(EXAMPLES)))
    value = data.draw(SCALARS)
    table, _, name = key.rpartition(".")
    line = f"{name} = {json.dumps(value)}\n".replace("\\ud", "\\u0")
    heads = {
        "": line,
        "capacity": f"[capacity]\n{line}",
        "exclusive": f"[[exclusive]]\n{line}",
        "campaign": f"[[campaign]]\n{line}",
    }
    with suppress(CampaignError):
        read_portfolio_file(write(heads[table] + TWO))
