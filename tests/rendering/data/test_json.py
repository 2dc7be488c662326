"""The contract of `microopt.plan/1` and `microopt.error/1`: keys, types, money, seal. Keys may be added, never lost."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.rendering.builders import HOSTILE, diagnosis, facts, fault, ideal, pick, picks, plan, proof, rule
from tests.rendering.waves import in_waves

from microopt.campaign.agreed_fees import AgreedFee
from microopt.campaign.calendar import Calendar, Days, Holiday, Wave, WaveBudget
from microopt.campaign.campaign import TIER_PRESETS, Audience, Goal, SoftPenalty
from microopt.campaign.decline_settings import DeclineSettings, PastAnswers
from microopt.campaign.fit_settings import FitSettings
from microopt.campaign.metrics import METRICS
from microopt.campaign.risk_settings import ScenarioSettings
from microopt.campaign.rule_grammar import parse_rule, parse_where
from microopt.campaign.target_audience import AgeRange, TargetAudience
from microopt.errors import CampaignError, RosterError
from microopt.plan.likely_range import LikelyRange
from microopt.plan.repair import Change, Repair
from microopt.rendering.data.json import json_text, object_json

number = (int, float)
maybe = (int, float, type(None))
# docs/outputs.md's object: the plan must hold exactly these.
PLAN = {
    "schema": str,
    "microopt": str,
    "status": str,
    "unspent": number,
    "kept_back": number,
    "campaign": dict,
    "campaign_sha256": (str, type(None)),
    "roster": dict,
    "picks": list,
    "totals": dict,
    "mix": dict,
    "rules": list,
    "baseline": dict,
    "ideals": list,
    "proof": dict,
    "unspent_reason": str,
    "assumed": dict,
    "net_reach": (dict, type(None)),
    "on_target": (dict, type(None)),
    "repair": (dict, type(None)),
    "rule_prices": list,
    "creators_with_further_offers": list,
    "replan": (dict, type(None)),
    "after_declines": (dict, type(None)),
    "tail": (dict, type(None)),
    "fallbacks": list,
    "spread": (dict, type(None)),
    "by_wave": list,
    "suspicions": list,
    "likely": dict,
    "notes": list,
    "warnings": list,
    "pacing": (dict, type(None)),
    "earnings": (dict, type(None)),
    "claims": str,
    "seal": str,
}
CAMPAIGN = {
    "name": (str, type(None)),
    "budget": maybe,
    "currency": (str, type(None)),
    "goal": dict,
    "order_value": maybe,
    **dict.fromkeys(("margin", "returns", "ltv"), maybe),
    "per_creator": number,
    **dict.fromkeys(("usage", "whitelisting", "exclusivity", "agency", "seeding", "contingency"), maybe),
    "rules": list,
    "where": list,
    "include": list,
    "exclude": list,
    "competitors": list,
    "fees": dict,
    "ideals": list,
    "audience": (dict, type(None)),
    "target_audience": (dict, type(None)),
    "fit": (dict, type(None)),
    "worst_share": maybe,
    "scenarios": dict,
    "declines": (dict, type(None)),
    "calendar": (dict, type(None)),
    "one_offer_per": str,
    "tiers": dict,
    "estimate_fees": bool,
    "columns": dict,
    "units": dict,
    "exchange": dict,
    "shrink": bool,
    "fit_benchmarks": bool,
    "forecast": dict,
    "max_sponsored_share": maybe,
    "with_minors": bool,
    "exclude_suspicious": bool,
    "decimal": (str, type(None)),
    "encoding": (str, type(None)),
    "platform_default": (str, type(None)),
    "quotes": str,
    "posts": (str, type(None)),
    "lists": dict,
    "starts": (str, type(None)),
    "ends": (str, type(None)),
    "running": (dict, type(None)),
    "report": dict,
}
ROSTER = {"source": dict, "offers": int, "creators": int, "filtered": int, "currency": str, "left_out": list}
ROSTER |= {"usual_fees": (dict, type(None))}
SOURCE = {"path": str, "sha256": str, "sheet": (str, type(None)), "skip_bad_rows": bool}
SOURCE |= {"posts_sha256": (str, type(None))}
METRIC = dict.fromkeys(METRICS, number)
TOTALS = {"creators": int, "spend": number, "fees": number, "extra_costs": dict, "metrics": dict}
TOTALS |= {"revenue": maybe, "profit": maybe}
PICK = {
    "creator": str,
    "offer": str,
    "units": int,
    "platform": str,
    "tier": str,
    "niche": list,
    "region": str,
    "followers": int,
    "fee": number,
    "fee_estimated": bool,
    "usual_fee": maybe,
    "fee_high": bool,
    "cost": number,
    "extra_costs": dict,
    "metrics": dict,
    "origins": dict,
    "likely": dict,
    "revenue": maybe,
    "profit": maybe,
    "acceptance": maybe,
    **dict.fromkeys(("wave", "posting_date", "approval_date", "briefing_date"), (str, type(None))),
}
BY_WAVE = {
    **dict.fromkeys(("wave", "starts", "ends"), str),
    **dict.fromkeys(("creators", "posts"), int),
    **dict.fromkeys(("demand", "spend"), number),
    "metrics": dict,
    **dict.fromkeys(("revenue", "at_least", "at_most"), maybe),
}
RULE = {
    "label": str,
    "used": maybe,
    "at_least": maybe,
    "at_most": maybe,
    "share": bool,
    "money": bool,
    "binding": bool,
    "soft": (dict, type(None)),
    "beyond": number,
    "chance": (dict, type(None)),
    "idle": bool,
}
BASELINE = {"rule": str, "totals": dict, "broken": list}
LIKELY = {"low": number, "high": number}
PROOF = {
    "status": str,
    "limit": (str, type(None)),
    "objective": number,
    "bound": number,
    "gap": number,
    "proven_by": str,
    "cheapest": bool,
    "row_prices": list,
    "pool_prices": list,
    "price_bound": number,
    "core_size": int,
    "backend": str,
    "version": str,
    "seconds": number,
    "failure": str,
    "confirmed_by": str,
    "unconfirmed": str,
    "program": str,
    "left_out": (dict, type(None)),
}


def read(result=None):
    return json.loads(object_json(plan() if result is None else result))


def check(value, kinds):
    assert value.keys() == kinds.keys()
    for key, kind in kinds.items():
        assert type(value[key]) in (kind if isinstance(kind, tuple) else (kind,)), key


def test_the_object_holds_exactly_the_keys_of_the_contract_with_their_types():
    check(read(), PLAN)


@pytest.mark.parametrize(
    ("key", "kinds"),
    [
        ("campaign", CAMPAIGN),
        ("roster", ROSTER),
        ("totals", TOTALS),
        ("baseline", BASELINE),
        ("proof", PROOF),
    ],
)
def test_each_part_holds_exactly_its_keys_with_their_types(key, kinds):
    check(read()[key], kinds)


@pytest.mark.parametrize(("key", "kinds"), [("picks", PICK), ("rules", RULE), ("by_wave", BY_WAVE)])
def test_each_line_of_a_list_holds_exactly_its_keys_with_their_types(key, kinds):
    lines = read(in_waves())[key]
    assert lines
    for line in lines:
        check(line, kinds)


def test_sums_and_results_hold_exactly_their_keys():
    value = read()
    check(value["roster"]["source"], SOURCE)
    for totals in (value["totals"], value["baseline"]["totals"], *value["mix"].values()):
        check(totals, TOTALS)
    for metrics in (value["totals"]["metrics"], *(line["metrics"] for line in value["picks"])):
        check(metrics, METRIC)


def test_likely_ranges_have_two_ends_in_the_units_of_results():
    own = {"engagements": LikelyRange(1_500, 7_000)}
    value = read(plan([pick(likely=own)], likely=own))
    for likely in (value["likely"], value["picks"][0]["likely"]):
        check(likely["engagements"], LIKELY)
        assert likely == {"engagements": {"low": 1.5, "high": 7}}


def test_the_rules_that_a_habit_breaks_are_named():
    sample = plan()
    broken = replace(sample.baseline, broken=("niche:beauty count >= 2",))
    assert read(replace(sample, baseline=broken))["baseline"]["broken"] == ["niche:beauty count >= 2"]


def test_the_schema_comes_first_and_the_seal_last():
    assert next(iter(read())) == "schema"
    assert list(read())[-1] == "seal"
    assert read()["schema"] == "microopt.plan/1"


def compute_seal(value):
    unsealed = {key: part for key, part in value.items() if key != "seal"}
    text = json.dumps(unsealed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode("utf-8")).hexdigest()


@pytest.mark.parametrize("text", ["@anna", *HOSTILE.values()])
def test_the_seal_recomputes_from_the_bytes_written(text):
    sample = plan([pick(creator=text)], rules=(rule(label=text),), campaign={"name": text}, warnings=(text,))
    content = object_json(sample).encode("utf-8")
    value = json.loads(content)
    assert value["seal"] == compute_seal(value)


def test_any_change_breaks_the_seal():
    value = read()
    value["picks"][0]["fee"] += 0.01
    assert value["seal"] != compute_seal(value)


def money(value):
    """Yield every amount of money of a plan's JSON."""
    yield from (value["totals"]["spend"], value["unspent"], value["kept_back"])
    yield from (value["campaign"][key] for key in ("budget", "order_value", "per_creator", "seeding"))
    yield from (line[key] for line in value["picks"] for key in ("fee", "cost"))
    yield from (cents for line in value["picks"] for cents in line["extra_costs"].values())
    yield from (line["spend"] for line in (*value["mix"].values(), value["baseline"]["totals"]))


def test_money_has_at_most_two_decimals_to_the_cent():
    campaign = {"budget": 10**15 - 1, "order_value": 1_999, "per_creator": 7, "seeding": 4_005}
    text = object_json(plan(picks(9, fee=33_333, cost=12_345_678_901_23), campaign=campaign))
    amounts = list(money(json.loads(text, parse_float=Decimal, parse_int=Decimal)))
    assert len(amounts) > 20
    assert all(amount == round(amount, 2) for amount in amounts)
    assert Decimal("333.33") in amounts
    assert Decimal("9999999999999.99") in amounts


def test_totals_of_the_object_sum_its_picks():
    value = read()
    totals = value["totals"]
    assert totals["spend"] == sum(line["cost"] for line in value["picks"])
    assert totals["spend"] + value["unspent"] == value["campaign"]["budget"]
    for name in METRICS:
        assert totals["metrics"][name] == pytest.approx(sum(line["metrics"][name] for line in value["picks"]))
        assert totals["metrics"][name] == pytest.approx(sum(line["metrics"][name] for line in value["mix"].values()))


def test_shares_are_fractions():
    share = rule(used=Fraction(47, 100), at_least=None, at_most=Fraction(1, 2), share=True)
    assert read(plan(rules=(share,)))["rules"][0] | {"label": ""} == {
        "label": "",
        "used": 0.47,
        "at_least": None,
        "at_most": 0.5,
        "share": True,
        "money": False,
        "binding": False,
        "soft": None,
        "beyond": 0,
        "chance": None,
        "idle": False,
    }
    assert read()["assumed"] == {"engagements": 0.0, "conversions": 0.62}


def test_a_count_is_an_integer():
    assert read()["rules"][0]["used"] == 5
    assert isinstance(read()["rules"][0]["used"], int)


def test_every_setting_of_the_campaign_is_there_so_that_the_plan_can_be_recomputed():
    campaign = {
        "goal": Goal(name="worth", worths={"conversions": Fraction(30)}),
        "order_value": 4_500,
        "margin": Fraction(2, 5),
        "returns": Fraction(3, 25),
        "ltv": Fraction(20, 9),
        "per_creator": 500,
        "usage": Fraction(1, 5),
        "whitelisting": Fraction(1, 10),
        "exclusivity": Fraction(3, 20),
        "agency": Fraction(1, 8),
        "seeding": 4_000,
        "contingency": Fraction(1, 10),
        "rules": (parse_rule("tier:mega spend <= 40%"),),
        "where": (parse_where("language:en"),),
        "include": ("@a",),
        "exclude": ("@b",),
        "tiers": TIER_PRESETS["wide-micro"],
        "estimate_fees": True,
        "columns": {"Price": "fee"},
        "units": {"ctr": "percent"},
        "exchange": {"EUR": Fraction(27, 25)},
        "shrink": False,
        "fit_benchmarks": True,
        "forecast": {"fatigue": {"slope": 0.5}},
        "max_sponsored_share": Fraction(2, 5),
        "with_minors": True,
        "exclude_suspicious": True,
        "decimal": ",",
        "encoding": "cp1250",
        "platform_default": "tiktok",
        "quotes": "low",
        "posts": "posts.csv",
        "lists": {"niche": ","},
        "competitors": ("Acme",),
        "fees": {"@a": AgreedFee(amount=90_050, off=Fraction(1, 10)), "tier:micro": AgreedFee(off=Fraction(1, 3))},
        "ideals": (ideal("conversions", 1_500),),
        "audience": Audience(by="niche", size={"beauty": 2_000_000}),
        "target_audience": TargetAudience(countries=("DE",), ages=AgeRange(youngest=18)),
        "fit": FitSettings(niches={"beauty": Fraction(3, 5)}, other=Fraction(3, 10), brief="Serum", use=True),
        "worst_share": Fraction(1, 10),
        "scenarios": ScenarioSettings(count=500, seed=7),
        "declines": DeclineSettings(
            tiers={"mega": Fraction(3, 5)},
            other=Fraction(7, 10),
            history=(PastAnswers(creator="@a", asked=3, accepted=1),),
            fallbacks=2,
            after_declines=True,
        ),
        "calendar": Calendar(
            waves=(Wave(name="launch", starts=date(2026, 3, 1), ends=date(2026, 3, 14), demand=Fraction(13, 10)),),
            budgets={"launch": WaveBudget(low=Fraction(1, 5), high=Fraction(2, 5), percent=True)},
            carry_over=True,
            max_posts=6,
            repetition=False,
            retainer=((3, Fraction(1, 10)),),
            blackout=(Days(starts=date(2026, 3, 8), ends=date(2026, 3, 9)),),
            countries=("DE",),
            holidays=(Holiday(day=date(2026, 3, 8), country="DE", name="Women's Day"),),
        ),
        "starts": date(2026, 3, 1),
        "ends": date(2026, 3, 31),
    }
    value = read(plan(campaign=campaign, campaign_sha256="ff"))
    assert value["campaign_sha256"] == "ff"
    assert value["campaign"] == {
        "ideals": [{"metric": "conversions", "total": 1.5, "bound": 1.5}],
        "competitors": ["Acme"],
        "fees": {"@a": {"amount": 900.5, "off": 0.1}, "tier:micro": {"amount": None, "off": "1/3"}},
        "audience": {"by": "niche", "size": [["beauty", 2_000_000]]},
        "target_audience": {"countries": ["DE"], "ages": {"youngest": 18, "oldest": None}, "gender": None},
        "fit": {"niches": {"beauty": 0.6}, "other": 0.3, "brief": "Serum", "use": True},
        "worst_share": 0.1,
        "scenarios": {"count": 500, "seed": 7},
        "declines": {
            "tiers": {"mega": 0.6},
            "other": 0.7,
            "history": [{"creator": "@a", "asked": 3, "accepted": 1}],
            "fallbacks": 2,
            "after_declines": True,
        },
        "calendar": {
            "waves": [{"name": "launch", "starts": "2026-03-01", "ends": "2026-03-14", "demand": 1.3}],
            "budgets": {"launch": {"low": 0.2, "high": 0.4, "percent": True}},
            "carry_over": True,
            "max_posts": 6,
            "repetition": False,
            "retainer": [[3, 0.1]],
            "blackout": [{"starts": "2026-03-08", "ends": "2026-03-09"}],
            "countries": ["DE"],
            "holidays": [{"day": "2026-03-08", "country": "DE", "name": "Women's Day"}],
            "lead_days": 14,
            "approval_days": 3,
        },
        "name": "Spring launch",
        "budget": 20_000,
        "currency": None,
        "goal": {"name": "worth", "worths": [["conversions", 30]], "targets": []},
        "order_value": 45,
        "margin": 0.4,
        "returns": 0.12,
        "ltv": "20/9",
        "per_creator": 5,
        "usage": 0.2,
        "whitelisting": 0.1,
        "exclusivity": 0.15,
        "agency": 0.125,
        "seeding": 40,
        "contingency": 0.1,
        "rules": ["tier:mega spend <= 40%"],
        "where": ["language:en"],
        "include": ["@a"],
        "exclude": ["@b"],
        "one_offer_per": "creator",
        "tiers": {"names": ["micro", "macro", "mega"], "floors": [1_000, 100_000, 1_000_000]},
        "estimate_fees": True,
        "columns": {"Price": "fee"},
        "units": {"ctr": "percent"},
        "exchange": {"EUR": 1.08},
        "shrink": False,
        "fit_benchmarks": True,
        "forecast": {"fatigue": {"slope": 0.5}},
        "max_sponsored_share": 0.4,
        "with_minors": True,
        "exclude_suspicious": True,
        "decimal": ",",
        "encoding": "cp1250",
        "platform_default": "tiktok",
        "quotes": "low",
        "posts": "posts.csv",
        "lists": {"niche": ","},
        "starts": "2026-03-01",
        "ends": "2026-03-31",
        "running": None,
        "report": {
            "client": "",
            "version": "",
            "date": None,
            "contact": "",
            "logo": "",
            "accent": "",
            "language": "en",
            "countries": [],
        },
    }


def test_what_is_not_there_is_null():
    value = read(plan([], baseline=None))
    assert value["baseline"] is None
    assert value["picks"] == []
    assert read(plan(rules=(rule(used=None, at_least=None),)))["rules"][0]["used"] is None


def test_status_bound_and_gap_agree():
    value = read(plan(proof=proof(status="feasible", limit="time", objective=Fraction(3), bound=Fraction(4))))
    stated = value["proof"]
    assert (stated["status"], stated["limit"], stated["gap"]) == ("feasible", "time", 0.25)
    assert value["status"] == "feasible"
    assert stated["bound"] <= stated["price_bound"] or stated["price_bound"] == 1.88


def test_text_outside_ascii_is_written_as_it_is():
    assert "漢" in object_json(plan([pick(creator="漢")]))


def test_there_is_no_nan_in_the_object():
    text = object_json(plan([], proof=proof(objective=Fraction(0), bound=Fraction(0)), ideals=(), baseline=None))
    assert "NaN" not in text
    assert "Infinity" not in text


def test_a_diagnosis_is_an_object_of_its_own():
    value = json.loads(object_json(diagnosis(reasons=("too little money",))))
    assert list(value)[:3] == ["schema", "microopt", "status"]
    check(value["campaign"], CAMPAIGN)
    check(value["roster"], ROSTER)
    assert (value["schema"], value["status"]) == ("microopt.diagnosis/1", "infeasible")
    assert value["clash"] == ["niche:beauty count >= 5", "budget"]
    assert value["reasons"] == ["too little money"]
    assert value["repairs"] == []
    assert "picks" not in value


def test_a_repair_is_told_change_by_change():
    budget = Change(label="budget", before=Fraction(100), after=Fraction(120), becomes="budget 120", money=True)
    mended = Repair(changes=(budget, Change(label="include @anna")), minimal=False)
    output = {
        "price": 1.2,
        "changes": [
            {
                "label": "budget",
                "before": 100,
                "after": 120,
                "becomes": "budget 120",
                "share": False,
                "money": True,
                "wave": None,
            },
            {
                "label": "include @anna",
                "before": None,
                "after": None,
                "becomes": None,
                "share": False,
                "money": False,
                "wave": None,
            },
        ],
        "minimal": False,
    }
    assert json.loads(object_json(diagnosis(repairs=(mended,))))["repairs"] == [output]
    assert read(plan(repair=mended))["repair"] == output


def test_a_soft_rule_tells_its_price_and_how_far_the_plan_is_beyond_it():
    soft = rule(soft=SoftPenalty(Fraction(1, 50), True), beyond=Fraction(2))
    output = read(plan(rules=(soft,)))["rules"][0]
    assert (output["soft"], output["beyond"]) == ({"amount": 0.02, "percent": True}, 2)


def test_an_error_holds_all_its_faults_each_with_its_place():
    error = RosterError("25 faults", fix="mend them", faults=[fault(row) for row in range(2, 27)])
    value = json.loads(object_json(error))
    check(value, {"schema": str, "microopt": str, "code": str, "message": str, "fix": str, "faults": list})
    assert value["schema"] == "microopt.error/1"
    assert len(value["faults"]) == 25
    assert value["faults"][0] == {
        "row": 2,
        "column": "followers",
        "value": "x2",
        "code": "number-unreadable",
        "message": "'x2' is not a number",
        "fix": "write a plain number",
    }


def test_an_error_without_faults_holds_itself_as_one():
    value = json.loads(object_json(CampaignError("no goal 'x'", fix="take another", code="goal-unknown")))
    assert value["faults"] == [
        {
            "row": None,
            "column": None,
            "value": None,
            "code": "goal-unknown",
            "message": "no goal 'x'",
            "fix": "take another",
        }
    ]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_error_is_still_one_object_of_utf8(text):
    error = CampaignError(text, fix=text, faults=[fault(2, value=text, column=text, message=text)])
    assert json.loads(object_json(error).encode("utf-8"))["faults"]


def test_the_path_of_a_roster_need_not_be_utf8():
    source = type(facts().source)(path="r\udcff.csv", sha256="00")
    value = json.loads(object_json(plan(roster=facts(source=source))).encode("utf-8"))
    assert value["seal"] == compute_seal(value)


ACTIVE = "\x00\x1b\x7f\x85\x9b\u00ad\u061c\u200b\u200c\u200d\u200e\u2028\u2029\u202e\u2066\ufeff\uffff\U000e0041"


@pytest.mark.parametrize("mark", ACTIVE, ids=lambda mark: f"{ord(mark):x}")
def test_characters_that_hide_or_act_are_escaped_in_json(mark):
    value = {f"key {mark}": [f"a{mark}b", "é 漢 ❤\ufe0f"]}
    text = json_text(value)
    assert mark not in text
    assert "é 漢 ❤\ufe0f" in text
    assert json.loads(text) == value


def test_no_instruction_of_github_actions_is_in_json():
    value = {"##[group]": "a ##[add-mask]b\n::stop-commands::x"}
    text = json_text(value)
    assert "##[" not in text
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())
    assert json.loads(text) == value


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_json_reads_back_as_it_was(value):
    text = json_text({"value": value})
    assert json.loads(text) == json.loads(json.dumps({"value": value}).encode().decode())
    assert text.count("\n") == len(text.splitlines())
