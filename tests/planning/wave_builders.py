"""Random lists and campaigns with a calendar and rules in time, written as a user would write them."""

from datetime import date
from fractions import Fraction

from hypothesis import strategies as st

from microopt.campaign.calendar import Calendar, Wave, WaveBudget
from microopt.campaign.campaign import Campaign, Goal
from microopt.campaign.rule_grammar import parse_rule
from tests.solver.builders import roster

NICHES = ("beauty", "food", "beauty|food")
ROW = {
    "platform": st.sampled_from(["tiktok", "youtube"]),
    "offer": st.sampled_from(["video", "short"]),
    "niche": st.sampled_from(NICHES),
    "followers": st.sampled_from([4_000, 30_000, 120_000]),
    "fee": st.sampled_from([10_000, 10_050, 25_000, 33_333]),
    "views": st.sampled_from([500, 2_000, 9_000]),
    "available_from": st.just(""),
    "available_to": st.sampled_from(["", "", "2027-02-10"]),
    "max_units": st.sampled_from([1, 1, 1, 2]),
}
WHO = st.sampled_from(["all", "all", "niche:beauty", "niche:food", "platform:tiktok", "creator:@a"])
WHEN = st.sampled_from(
    [
        *("each wave", "each wave", "in first wave", "in last wave", "in 2027-02", "in 2027-01..2027-02"),
        *("each wave in 2027-01..2027-02", ""),
    ]
)
COUNT = st.sampled_from([">= 1", "<= 1", "= 1", "1..2", ">= 2", "<= 0"])
SHARE = st.sampled_from([">= 30%", "<= 40%", "20%..60%", ">= 50%", "<= 100%", ">= 100%"])
MONEY = st.sampled_from([">= 100", "<= 250", "100..333.33"])
GAP = st.sampled_from([">= 2", "<= 1", "1..2", "= 2", ">= 3"])
EACH = st.sampled_from(
    [
        "spend <= 250",
        "spend >= 150",
        "cpm <= 40",
        "engagements >= 60",
        "spend <= 30% of budget",
        "spend >= 5% of budget",
    ]
)
DAYS = st.sampled_from([1, 31, 40, 90])
AMOUNT = st.sampled_from([">= 20", "<= 300", ">= 500"])


@st.composite
def rule_texts(draw):
    """Draw a rule in time of any family, as text."""
    who, when = draw(WHO), draw(WHEN)
    family = draw(
        st.sampled_from(
            (
                *("count", "spend", "share", "share", "budget", "metric", "ratio", "mean", "repeats", "gap", "posts"),
                *("each", "requires", "excludes", "exclusive", "within", "wave"),
            )
        )
    )
    texts = {
        "count": f"{who} count {draw(COUNT)} {when}",
        "spend": f"{who} spend {draw(MONEY)} {when}",
        "share": f"{who} {draw(st.sampled_from(['spend', 'count', 'engagements']))} {draw(SHARE)} {when}",
        "budget": f"{who} spend {draw(SHARE)} of budget {when}",
        "metric": f"{who} engagements {draw(AMOUNT)} {when}",
        "ratio": f"{who} cpm {draw(st.sampled_from(['<= 30', '>= 20', '10..60']))} {when}",
        "mean": f"{who} mean(followers) {draw(st.sampled_from(['>= 20k', '<= 50k']))} {when}",
        "repeats": f"{who} repeats {draw(COUNT | SHARE)} {draw(st.sampled_from(['', 'in 2027-01..2027-02']))}",
        "gap": f"each creator gap {draw(GAP)} waves",
        "posts": f"each creator count {draw(COUNT)} {when}",
        "each": f"each creator {draw(EACH)} {when}",
        "requires": f"{who} requires {draw(WHO)} {when}",
        "excludes": f"{who} excludes {draw(WHO)} {when}",
        "exclusive": f"{who} exclusive {draw(DAYS)}d {draw(st.sampled_from(['', 'in 2027-02']))}",
        "within": f"{who} excludes {draw(WHO)} within {draw(DAYS)}d",
        "wave": f"wave:2027-02 & niche:beauty spend {draw(SHARE)}",
    }
    return texts[family].strip()


@st.composite
def offer_rows(draw):
    names = sorted(draw(st.lists(st.sampled_from("abcd"), min_size=1, max_size=8)))
    rows = [{"creator": f"@{name}", **draw(st.fixed_dictionaries(ROW))} for name in names]
    return list({(row["creator"], row["platform"], row["offer"]): row for row in rows}.values())


def listed(rows):
    texts = {
        name: [row[name] for row in rows] for name in ("platform", "offer", "niche", "available_from", "available_to")
    }
    return roster(
        [row["creator"] for row in rows],
        followers=[row["followers"] for row in rows],
        fee=[row["fee"] for row in rows],
        numbers={name: [row[name] for row in rows] for name in ("views", "max_units")},
        **texts,
    )


def calendar(months, **facts):
    waves = [
        Wave(name=f"2027-0{month}", starts=date(2027, month, 1), ends=date(2027, month, 28))
        for month in range(1, months + 1)
    ]
    return Calendar(waves=tuple(waves), lead_days=0, **facts)


@st.composite
def wave_campaigns(draw):
    months = draw(st.integers(2, 4))
    budget = draw(st.sampled_from([40_000, 75_000, 150_000]))
    shares = st.none() | st.sampled_from(
        [WaveBudget(high=Fraction(2, 5), percent=True), WaveBudget(high=Fraction(250))]
    )
    stated = {f"2027-0{month}": draw(shares) for month in range(1, months + 1)}
    when = calendar(
        months,
        max_posts=draw(st.integers(1, 4)),
        budgets={name: each for name, each in stated.items() if each} if draw(st.booleans()) else {},
        carry_over=draw(st.booleans()),
    )
    return Campaign(
        budget=budget,
        goal=Goal(name=draw(st.sampled_from(["engagement", "reach"]))),
        calendar=when,
        rules=tuple(parse_rule(text) for text in draw(st.lists(rule_texts(), min_size=1, max_size=3))),
        per_creator=draw(st.sampled_from([0, 2_500])),
        one_offer_per=draw(st.sampled_from(["creator", "creator", "creator,platform"])),
    )
