"""Small portfolios whose answer is plain: who gets a creator, when, at which fee, and who gets the money."""

from datetime import date
from fractions import Fraction

import pytest

from microopt.campaign.agreed_fees import AgreedFee
from microopt.campaign.calendar import Calendar, Wave
from microopt.campaign.campaign import Campaign, Goal
from microopt.campaign.portfolio import Capacity, Exclusivity, Portfolio, PortfolioMember
from microopt.campaign.progress import CampaignProgress, Contract, ContractState
from microopt.campaign.rule_grammar import parse_rule
from microopt.planning.portfolio.solve_portfolio import Entry, SolvedPortfolio, solve_portfolio
from microopt.readers.roster import read_roster
from tests.solver.builders import FREE, solver

JANUARY = Wave(name="2027-01", starts=date(2027, 1, 1), ends=date(2027, 1, 31))
FEBRUARY = Wave(name="2027-02", starts=date(2027, 2, 1), ends=date(2027, 2, 28))
APRIL = Wave(name="2027-04", starts=date(2027, 4, 1), ends=date(2027, 4, 30))
SCORE = Goal(name="value:score")


def member(name, budget=100_000, **facts):
    own = {key: facts.pop(key) for key in ("category", "weight", "floor", "cap") if key in facts}
    campaign = Campaign(budget=budget, currency="USD", **{"goal": SCORE, **facts})
    return PortfolioMember(name=name, file=f"{name}.toml", sha256="0" * 64, roster="list", campaign=campaign, **own)


def months(*waves):
    return Calendar(waves=waves, repetition=False, lead_days=0)


def written(folder, name, **creators):
    """Write a list of creators, each with a fee in dollars and a score, and read it."""
    path = folder / f"{name}.csv"
    rows = [f"@{creator},{20_000 + at},{fee},{score}" for at, (creator, (fee, score)) in enumerate(creators.items())]
    path.write_text("\n".join(["creator,followers,fee,score", *rows, ""]), encoding="utf-8")
    return read_roster(str(path))


def shared(members, rosters, fair=False, allocate=False, **facts):
    portfolio = Portfolio(members=tuple(members), **facts)
    entries = [
        Entry(member=each, roster=roster, campaign=each.campaign) for each, roster in zip(members, rosters, strict=True)
    ]
    return solve_portfolio(portfolio, entries, fair=fair, allocate=allocate, limits=FREE, solver=solver("highs"))


def bought(answer):
    assert isinstance(answer, SolvedPortfolio)
    return {name: sorted(pick.creator for pick in plan.picks) for name, plan in answer.plans.items()}


def posted(answer, name):
    return sorted((pick.creator, pick.wave) for pick in answer.plans[name].picks)


def outcome(answer, name):
    return next(each for each in answer.plan.campaigns if each.name == name)


ONE = Capacity(campaigns=1)


def test_a_scarce_creator_goes_where_they_are_a_larger_share_of_the_best_alone(tmp_path):
    glow = written(tmp_path, "glow", anna=(100, 50), ben=(100, 50))
    dew = written(tmp_path, "dew", anna=(100, 30))
    answer = shared([member("glow"), member("dew")], [glow, dew], capacity=ONE)
    assert bought(answer) == {"glow": ["@ben"], "dew": ["@anna"]}
    assert (outcome(answer, "glow").share, outcome(answer, "dew").share) == (Fraction(1, 2), 1)
    assert answer.plan.proof.objective == pytest.approx(1.5)


def test_weight_moves_a_scarce_creator(tmp_path):
    glow = written(tmp_path, "glow", anna=(100, 50), ben=(100, 50))
    dew = written(tmp_path, "dew", anna=(100, 30))
    members = [member("glow", weight=Fraction(3)), member("dew")]
    assert bought(shared(members, [glow, dew], capacity=ONE)) == {"glow": ["@anna", "@ben"], "dew": []}
    fair = shared(members, [glow, dew], fair=True, capacity=ONE)
    assert bought(fair) == {"glow": ["@ben"], "dew": ["@anna"]}
    assert float(fair.plan.proof.least_share) == pytest.approx(0.5)


def test_the_cell_of_a_list_goes_before_the_tier_and_the_tier_before_the_house(tmp_path):
    text = "creator,followers,fee,score,brands_limit\n@anna,20000,100,9,2\n@ben,20001,100,9,\n@cleo,200000,100,9,\n"
    rosters = []
    for name in ("glow", "dew"):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        rosters.append(read_roster(str(tmp_path / f"{name}.csv")))
    capacity = Capacity(campaigns=2, tiers={"micro": 1}, column="brands_limit")
    answer = shared([member("glow"), member("dew")], rosters, capacity=capacity)
    counts = sorted(name for names in bought(answer).values() for name in names)
    assert counts == ["@anna", "@anna", "@ben", "@cleo", "@cleo"]


def test_a_limit_by_month_leaves_the_other_months(tmp_path):
    rosters = [written(tmp_path, name, anna=(100, 10)) for name in ("glow", "dew")]
    members = [
        member("glow", calendar=months(JANUARY, FEBRUARY)),
        member("dew", calendar=months(FEBRUARY)),
    ]
    answer = shared(members, rosters, capacity=Capacity(campaigns=1, period="month"))
    assert posted(answer, "glow") == [("@anna", "2027-01")]
    assert posted(answer, "dew") == [("@anna", "2027-02")]
    assert bought(shared(members, rosters, capacity=ONE)) == {"glow": [], "dew": ["@anna"]}


def test_posts_are_counted_over_all_campaigns(tmp_path):
    rosters = [written(tmp_path, name, anna=(100, 10)) for name in ("glow", "dew")]
    members = [member(name, calendar=months(JANUARY, FEBRUARY, APRIL)) for name in ("glow", "dew")]
    answer = shared(members, rosters, capacity=Capacity(posts=4))
    assert len(posted(answer, "glow")) + len(posted(answer, "dew")) == 4
    by_month = shared(members, rosters, capacity=Capacity(posts=1, period="month"))
    waves = [wave for name in ("glow", "dew") for _, wave in posted(by_month, name)]
    assert sorted(waves) == ["2027-01", "2027-02", "2027-04"]


def test_competitors_share_a_creator_only_with_days_between(tmp_path):
    rosters = [written(tmp_path, name, anna=(100, 10)) for name in ("glow", "dew")]
    members = [
        member("glow", calendar=months(JANUARY)),
        member("dew", calendar=months(FEBRUARY, APRIL)),
    ]
    never = shared(members, rosters, exclusivity=(Exclusivity(members=("glow", "dew")),))
    assert sorted(len(names) for names in bought(never).values()) in ([0, 1], [0, 2])  # both have all they could
    apart = shared(members, rosters, exclusivity=(Exclusivity(members=("glow", "dew"), days=30),))
    assert posted(apart, "glow") == [("@anna", "2027-01")]
    assert posted(apart, "dew") == [("@anna", "2027-04")]


def test_a_category_competes_within_itself(tmp_path):
    rosters = [written(tmp_path, name, anna=(100, 10)) for name in ("glow", "dew", "pulse")]
    members = [member("glow", category="skincare"), member("dew", category="skincare"), member("pulse")]
    answer = shared(members, rosters, exclusivity=(Exclusivity(members=("skincare",)),))
    assert bought(answer)["pulse"] == ["@anna"]
    assert sorted(map(len, (bought(answer)["glow"], bought(answer)["dew"]))) == [0, 1]


def test_a_discount_for_two_campaigns_makes_room_for_another_creator(tmp_path):
    glow = written(tmp_path, "glow", anna=(1_000, 10), ben=(100, 1))
    dew = written(tmp_path, "dew", anna=(1_000, 10))
    members = [member("glow", budget=100_000), member("dew", budget=100_000)]
    answer = shared(members, [glow, dew], volume=((2, Fraction(1, 10)),))
    assert bought(answer) == {"glow": ["@anna", "@ben"], "dew": ["@anna"]}
    fees = {pick.creator: pick.fee for pick in answer.plans["glow"].picks}
    assert fees == {"@anna": 90_000, "@ben": 10_000}
    assert outcome(answer, "glow").share == Fraction(11, 10)  # more than it could have alone
    assert answer.plan.spend == 190_000


def test_a_discount_for_two_campaigns_comes_on_top_of_a_fee_agreed_for_a_selector(tmp_path):
    glow = written(tmp_path, "glow", anna=(1_000, 10), ben=(100, 1))
    dew = written(tmp_path, "dew", anna=(1_000, 10))
    agreed = {"tier:micro": AgreedFee(off=Fraction(1, 20))}
    answer = shared([member("glow", fees=agreed), member("dew")], [glow, dew], volume=((2, Fraction(1, 10)),))
    fees = {name: {pick.creator: pick.fee for pick in plan.picks} for name, plan in answer.plans.items()}
    assert fees == {"glow": {"@anna": 85_500, "@ben": 9_500}, "dew": {"@anna": 90_000}}


def test_a_short_house_budget_is_spent_where_it_is_worth_most(tmp_path):
    glow = written(tmp_path, "glow", anna=(100, 10), ben=(100, 10))
    dew = written(tmp_path, "dew", cleo=(100, 8), dora=(100, 2))
    answer = shared([member("glow"), member("dew")], [glow, dew], budget=20_000)
    assert bought(answer) == {"glow": ["@anna"], "dew": ["@cleo"]} or bought(answer) == {
        "glow": ["@ben"],
        "dew": ["@cleo"],
    }
    floored = shared([member("glow", floor=20_000), member("dew")], [glow, dew], budget=20_000)
    assert bought(floored) == {"glow": ["@anna", "@ben"], "dew": []}
    capped = shared([member("glow", cap=10_000), member("dew")], [glow, dew])
    assert bought(capped)["dew"] == ["@cleo", "@dora"]
    assert len(bought(capped)["glow"]) == 1


def test_with_allocate_the_budgets_of_campaigns_do_not_count(tmp_path):
    glow = written(tmp_path, "glow", anna=(100, 10), ben=(100, 10))
    dew = written(tmp_path, "dew", cleo=(100, 5), dora=(100, 5), emil=(100, 1))
    members = [member("glow", budget=10_000), member("dew", budget=30_000)]
    own = shared(members, [glow, dew], budget=40_000)
    assert {name: len(names) for name, names in bought(own).items()} == {"glow": 1, "dew": 3}
    moved = shared(members, [glow, dew], budget=40_000, allocate=True)
    assert bought(moved) == {"glow": ["@anna", "@ben"], "dew": ["@cleo", "@dora"]}


def test_a_rule_of_the_house_is_about_all_campaigns(tmp_path):
    rosters = [written(tmp_path, name, anna=(100, 10), ben=(100, 9)) for name in ("glow", "dew")]
    rule = parse_rule("creator:@anna spend <= 100")
    answer = shared([member("glow"), member("dew")], rosters, rules=(rule,))
    names = [name for each in bought(answer).values() for name in each]
    assert sorted(names) == ["@anna", "@ben", "@ben"]
    assert answer.plan.rules[0].used == 100


def test_money_of_other_currencies_counts_at_its_rate(tmp_path):
    rosters = [written(tmp_path, "glow", anna=(100, 10)), written(tmp_path, "dew", ben=(100, 10))]
    dew = member("dew")
    campaign = Campaign(budget=100_000, currency="EUR", goal=SCORE)
    dew = PortfolioMember(name="dew", file="dew.toml", sha256="0" * 64, roster="dew.csv", campaign=campaign)
    exchange = {"EUR": Fraction(5, 4)}
    enough = shared([member("glow"), dew], rosters, budget=22_500, exchange=exchange)
    assert (enough.plan.spend, outcome(enough, "dew").spend) == (22_500, 10_000)
    short = shared([member("glow"), dew], rosters, budget=22_499, exchange=exchange)
    assert sum(map(len, bought(short).values())) == 1


def test_free_posts_of_a_creator_in_two_campaigns_are_planned_with_a_discount(tmp_path):
    rosters = [written(tmp_path, name, anna=(0, 10), ben=(0, 9)) for name in ("glow", "dew")]
    answer = shared([member("glow"), member("dew")], rosters, volume=((2, Fraction(1, 10)),))
    assert bought(answer) == {"glow": ["@anna", "@ben"], "dew": ["@anna", "@ben"]}


def test_a_fair_share_may_be_many_times_below_the_best(tmp_path):
    rosters = [written(tmp_path, "glow", anna=(1, 10), ben=(500, 10)), written(tmp_path, "dew", cleo=(100, 10))]
    cost = Goal(name="least cost", targets={"reach": Fraction(1)})
    answer = shared([member("glow", goal=cost, floor=50_000), member("dew")], rosters, fair=True)
    assert outcome(answer, "glow").share < -400
    assert outcome(answer, "dew").share == 1


@pytest.mark.parametrize("weight", [Fraction(1), Fraction(3)])
@pytest.mark.parametrize("campaigns", [1, 2])
def test_the_price_of_a_creator_is_what_one_more_booking_adds(tmp_path, weight, campaigns):
    lists = {"glow": (60, 40), "dew": (20, 80), "pulse": (50, 50)}
    rosters = [written(tmp_path, name, anna=(0, of), ben=(0, rest)) for name, (of, rest) in lists.items()]
    members = [member(name, weight=weight if name == "dew" else Fraction(5)) for name in lists]
    rivals = (Exclusivity(members=("glow", "dew")),)
    facts = {"capacity": Capacity(campaigns=campaigns), "exclusivity": rivals}
    answer = shared(members, rosters, **facts)
    for each in answer.plan.creators:
        wanted = [outcome(answer, own.campaign).weight * own.worth for own in each.bookings if not own.booked]
        shares = {name: Fraction(of[each.creator == "@ben"], 100) for name, of in lists.items()}
        lost = [outcome(answer, own.campaign).weight * shares[own.campaign] for own in each.bookings if not own.booked]
        assert float(each.price) == pytest.approx(float(max(lost)))
        assert each.price == max(wanted)


def test_a_campaign_with_nothing_of_a_house_rule_does_not_fall_below_it(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("creator,followers,fee,score,mood\n@anna,20000,100,10,-5\n@ben,20001,100,3,2\n", encoding="utf-8")
    rosters = [read_roster(str(path))] * 2
    answer = shared([member("glow"), member("dew")], rosters, rules=(parse_rule("all mood >= 3"),))
    assert bought(answer) == {"glow": ["@ben"], "dew": ["@ben"]}
    none = shared([member("glow"), member("dew")], rosters[:2], rules=(parse_rule("creator:@anna mood >= 0"),))
    assert bought(none) == {"glow": ["@ben"], "dew": ["@ben"]}


@pytest.mark.parametrize("most", [{"campaigns": 1}, {"posts": 1}])
def test_whoever_has_signed_is_not_booked_again_in_a_month_that_another_campaign_has(tmp_path, most):
    calendar = Calendar(waves=(JANUARY, FEBRUARY), repetition=True, lead_days=0)
    rosters = [written(tmp_path, name, anna=(100, 10), ben=(100, 1)) for name in ("glow", "dew")]
    signed = Contract(creator="@anna", state=ContractState.SIGNED, wave="2027-01")
    glow = member("glow", calendar=calendar, running=CampaignProgress(contracts=(signed,)))
    dew = member("dew", calendar=months(FEBRUARY), weight=Fraction(3))
    answer = shared([glow, dew], rosters, capacity=Capacity(period="month", **most))
    assert ("@anna", "2027-01") in posted(answer, "glow")
    assert ("@anna", "2027-02") in posted(answer, "dew")
    assert ("@anna", "2027-02") not in posted(answer, "glow")
