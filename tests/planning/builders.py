"""Random small rosters and campaigns, written as a user would write them."""

import re
from fractions import Fraction

from hypothesis import settings
from hypothesis import strategies as st

from microopt.campaign.campaign import Audience, Campaign, Goal
from microopt.campaign.rule_grammar import parse_rule, parse_where
from microopt.errors import CampaignError
from microopt.plan.diagnosis import Diagnosis
from microopt.planning.build_problem import build_problem
from microopt.planning.optimize import solve_problem
from microopt.rendering.data.json import object_json
from tests.solver.builders import CALM as FREELY
from tests.solver.builders import FREE, roster, solver

__all__ = [
    "CALM",
    "CSV",
    "build_campaign",
    "build_roster",
    "campaigns",
    "comparable",
    "draw_solved",
    "roster_rows",
    "solver",
]

CALM = settings(FREELY, derandomize=True)  # HiGHS may branch without end on a rare program with net reach
NICHES = ("beauty", "food", "beauty|food", "tech", "home decor")
PLATFORMS = ("instagram", "tiktok", "youtube")
REGIONS = ("US", "DE", "")
FOLLOWERS = (4_000, 12_000, 30_000, 120_000, 150_000, 600_000, 2_000_000)
BRANDS = ("Acme", "Zed")
UNITS = st.sampled_from((None, None, None, 1, 2, 3))
SPELLINGS = ("@{}", "{}", "@{} ")
GOALS = ("balanced", "engagement", "conversions", "reach", "worth", "value:score", "least cost", "net reach", "profit")
CSV = """creator,platform,offer,niche,followers,fee,engagement_rate
@anna,instagram,reel,beauty,18300,$400,4.5%
@anna,instagram,story,beauty,18300,$150,4.5%
@ben,tiktok,video,food|tech,152000,$1900,3.1%
@cleo,youtube,video,beauty,1200000,$9400,1.9%
@dora,tiktok,video,food,41000,$520,6.2%
"""
POOLS = Audience(by="niche", size={"beauty": 60_000, "food": 15_000, "tech": 2_000})


def tenths(low, high):
    return st.integers(low * 10, high * 10).map(lambda number: Fraction(number, 10))


@st.composite
def roster_rows(draw, offers=12, min_rows=1, creators="abcdefgh"):
    """Draw up to 12 offers of up to 8 creators; figures repeat, so that plans tie.

    At least `min_rows` are drawn; duplicates of an offer are removed.
    """
    rows, seen = [], set()
    for _ in range(draw(st.integers(min_rows, offers))):
        creator, platform = draw(st.sampled_from(creators)), draw(st.sampled_from(PLATFORMS))
        offer = draw(st.sampled_from(("reel", "story", "video")))
        if (creator, platform, offer) not in seen:
            seen.add((creator, platform, offer))
            rows.append(
                {
                    "creator": draw(st.sampled_from(SPELLINGS)).format(creator),
                    "platform": platform,
                    "offer": offer,
                    "niche": draw(st.sampled_from(NICHES)),
                    "region": draw(st.sampled_from(REGIONS)),
                    "followers": draw(st.sampled_from(FOLLOWERS)),
                    "fee": draw(st.sampled_from((0, 10_000, 10_050, 25_000, 33_333, 80_000))),
                    "rate": draw(st.sampled_from((None, 0.02, 0.05))),
                    "hours": draw(st.none() | tenths(0, 9)),
                    "score": draw(tenths(-3, 9)),
                    "brands": draw(st.sampled_from(("", "", "", *BRANDS, "Acme|Zed"))),
                    "conflicts": draw(st.sampled_from(("", "", "", "", *BRANDS, "a", "@B", "nobody|c"))),
                    "max_units": None if sum(row["max_units"] is not None for row in rows) > 1 else draw(UNITS),
                    "volume_discount": draw(st.sampled_from(("", "2:10%", "2:5%;3:33.3%"))),
                }
            )
    return rows


def numbers(rows, name):
    return [float("nan") if row.get(name) is None else float(row[name]) for row in rows]


def build_roster(rows):
    """Return the roster of these rows, its row numbers counted from 2."""
    names = ("platform", "offer", "niche", "region", "brands", "conflicts", "volume_discount")
    texts = {name: [row.get(name, "") for row in rows] for name in names}
    return roster(
        [row["creator"] for row in rows],
        followers=[row["followers"] for row in rows],
        fee=[row["fee"] for row in rows],
        numbers={
            "hours": numbers(rows, "hours"),
            "score": numbers(rows, "score"),
            "engagement_rate": numbers(rows, "rate"),
            "max_units": numbers(rows, "max_units"),
        },
        **texts,
    )


def quoted(value):
    return f'"{value}"' if " " in value else value


@st.composite
def selectors(draw, rows):
    def column_values(column):
        values = sorted({part for row in rows for part in row[column].split("|") if part})
        return draw(st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)) if values else []

    kind = draw(st.sampled_from(("all", "niche", "niche", "platform", "tier", "region", "creator", "both")))
    if kind == "all":
        return "all"
    if kind == "tier":
        return f"tier:{draw(st.sampled_from(('nano', 'micro', 'mid', 'macro', 'mega', 'micro,mid')))}"
    if kind == "both":
        return f"niche:{quoted(column_values('niche')[0])} & platform:{column_values('platform')[0].upper()}"
    values = column_values(kind)
    return f"{kind}:{','.join(quoted(value.strip()) for value in values)}" if values else "all"


def ranges(numbers, sign=""):
    """Draw a range over written numbers, in each form of the grammar."""
    return st.one_of(
        numbers.map(lambda n: f"<= {n}{sign}"),
        numbers.map(lambda n: f">= {n}{sign}"),
        numbers.map(lambda n: f"= {n}{sign}"),
        st.tuples(numbers, numbers).map(lambda pair: f"{min(pair)}{sign}..{max(pair)}{sign}"),
        numbers.map(lambda n: f"{n}{sign}.."),
        numbers.map(lambda n: f"..{n}{sign}"),
    )


COUNTS = ranges(st.integers(0, 4))
MONEY = ranges(st.sampled_from((0, 100, 150.5, 250, 333.33, 500, 1_200)))
SHARES = ranges(st.sampled_from((0, 10, 12.5, 30, 33.3, 50, 60, 75, 100)), "%")
AMOUNTS = ranges(st.sampled_from((0, 10, 1_250.125, 1_000, 5_000, 40_000, 10**6)))
NET = st.sampled_from((">= 1k", ">= 4k", "500..", ">= 15k", "2k..20k", "<= 9k", ">= 30%"))
RATIO = st.sampled_from(("roas", "ROAS", "cpa", "cpe", "cpc", "cpm"))
RATIOS = ranges(st.sampled_from((0, 0.05, 0.5, 2, 12.5, 30, 60, 333.33)))
EARNED = ranges(st.sampled_from((0, 12.34, 100, 500, 2_000)))
HOURS = ranges(st.sampled_from((0, 1.5, 4, 7.25, 12)))
METRIC = st.sampled_from(("reach", "views", "engagements", "clicks", "conversions"))


@st.composite
def rule_texts(draw, rows):
    """Draw one rule of any family, as text."""
    who = draw(selectors(rows))
    family = draw(
        st.sampled_from(
            (
                *("count", "count", "spend", "share", "budget", "metric", "mean", "column", "pair", "pair", "each"),
                *("net", "ratio", "ratio", "earned"),
            )
        )
    )
    if family == "count":
        return f"{who} count {draw(COUNTS)}"
    if family == "spend":
        return f"{who} spend {draw(MONEY)}"
    if family == "share":
        return f"{who} {draw(st.sampled_from(('spend', 'count', 'hours', 'score')) | METRIC)} {draw(SHARES)}"
    if family == "budget":
        return f"{who} spend {draw(SHARES)} of budget"
    if family == "metric":
        return f"{who} {draw(METRIC)} {draw(AMOUNTS)}"
    if family == "mean":
        name = draw(st.sampled_from(("hours", "score", "followers", "engagements", "spend")))
        return f"{who} mean({name}) {draw(HOURS if name in ('hours', 'score') else AMOUNTS)}"
    if family == "ratio":
        return f"{who} {draw(RATIO)} {draw(RATIOS)}"
    if family == "earned":
        return f"{who} {draw(st.sampled_from(('revenue', 'profit')))} {draw(EARNED)}"
    if family == "net":
        return f"{who} net reach {draw(NET)}"
    if family == "each":
        unit = draw(st.sampled_from(("spend", "engagements", "hours", "budget", "count", "roas", "cpa", "profit")))
        ranged = {"spend": MONEY, "engagements": AMOUNTS, "hours": HOURS, "count": COUNTS}
        ranged |= {"roas": RATIOS, "cpa": RATIOS, "profit": EARNED}
        return (
            f"each creator spend {draw(SHARES)} of budget"
            if unit == "budget"
            else f"each creator {unit} {draw(ranged[unit])}"
        )
    if family == "column":
        return f"{who} {draw(st.sampled_from(('hours', 'score')))} {draw(HOURS)}"
    return f"{who} {draw(st.sampled_from(('requires', 'excludes')))} {draw(selectors(rows))}"


@st.composite
def softly(draw, lines, goal):
    """Draw a rule, some of those on ranges soft; of net reach none is, whose last digits the enumeration lacks."""
    line = draw(lines)
    hard = any(word in line for word in (" requires ", " excludes ", "each creator", "net reach"))
    hard |= any(f" {name} " in line.casefold() for name in ("roas", "cpa", "cpe", "cpc", "cpm"))
    prices = ("3%", "0.01%") if goal == "balanced" else ("3%", "0.01%", "2.5", "40")
    return line if hard or draw(st.integers(0, 3)) else f"{line} (soft {draw(st.sampled_from(prices))})"


@st.composite
def campaigns(draw, rows, goal):
    """Draw a campaign on these rows, rules of every family and all."""
    names = sorted({row["creator"].strip().removeprefix("@") for row in rows})
    filters = (
        "followers 10k..700k",
        "hours <= 5",
        "fee <= 300",
        "score >= 0",
        "region:US",
        "platform:instagram,tiktok",
    )
    offers = sorted({f"creator:{row['creator'].strip()} & offer:{row['offer']}" for row in rows})
    some = draw(st.lists(st.sampled_from(names), max_size=2, unique=True)) if draw(st.integers(0, 2)) == 0 else []
    include, exclude = (some[:1], some[1:]) if draw(st.booleans()) else ([], some[:1])
    if draw(st.integers(0, 5)) == 0:
        include = [*include, draw(st.sampled_from(offers))]
    if draw(st.integers(0, 5)) == 0:
        exclude = [*exclude, draw(st.sampled_from(offers))]
    total = sum(row["fee"] for row in rows)
    return build_campaign(
        *draw(st.lists(rule_texts(rows) if goal == "net reach" else softly(rule_texts(rows), goal), max_size=4)),
        goal=goal,
        budget=total * draw(st.sampled_from((0, 25, 50, 75, 120))) // 100,
        per_creator=draw(st.sampled_from((0, 0, 777))),
        usage=draw(st.sampled_from((None, None, Fraction(1, 5)))),
        agency=draw(st.sampled_from((None, None, Fraction(3, 20)))),
        seeding=draw(st.sampled_from((None, None, 4_000))),
        contingency=draw(st.sampled_from((None, None, Fraction(1, 10)))),
        order_value=draw(st.sampled_from((3_000, 19_999, 250_000))),
        margin=draw(st.sampled_from((Fraction(2, 5), Fraction(1, 3), Fraction(1)))),
        returns=draw(st.sampled_from((None, None, Fraction(1, 10)))),
        ltv=draw(st.sampled_from((None, None, Fraction(20, 9)))),
        where=draw(st.lists(st.sampled_from(filters), max_size=1)),
        include=[name if ":" in name else f"@{name.upper()}" for name in include],
        exclude=exclude,
        audience=POOLS,
        one_offer_per=draw(st.sampled_from(("creator", "creator", "creator,platform", "offer"))),
        competitors=draw(st.sampled_from(((), (), (), ("acme",)))),
    )


def build_campaign(*rules, goal="engagement", budget=100_000, where=(), include=(), exclude=(), **facts):
    worths = {"engagements": Fraction("0.05"), "conversions": Fraction(12)} if goal == "worth" else {}
    targets = {"engagements": Fraction("250.5"), "conversions": Fraction(1, 3)} if goal == "least cost" else {}
    return Campaign(
        budget=budget,
        goal=Goal(name=goal, worths=worths, targets=targets),
        rules=tuple(parse_rule(rule) for rule in rules),
        where=tuple(parse_where(text) for text in where),
        include=tuple(include),
        exclude=tuple(exclude),
        **facts,
    )


def draw_solved(data, goal):
    """Draw a campaign on a roster and solve it; None if it does not fit the roster or has no plan."""
    rows = data.draw(roster_rows())
    try:
        problem, _ = build_problem(build_roster(rows), data.draw(campaigns(rows, goal)))
    except CampaignError:
        return None
    solved = solve_problem(problem, limits=FREE, solver=solver("highs"))
    return None if isinstance(solved, Diagnosis) else solved


def comparable(plan, rows=()):
    """Return a plan as JSON without what two runs or two files may differ in.

    Where a text names a row of the file, the offer in that row takes its place: one of `rows`, in the file's order.
    """
    import json

    facts = json.loads(object_json(plan))
    del facts["seal"], facts["proof"]["seconds"], facts["roster"]["source"]["path"], facts["roster"]["source"]["sha256"]
    del facts["claims"]  # seconds and path are among them
    facts["warnings"] = [_with_offers(warning, rows) for warning in facts["warnings"]]
    facts["unspent_reason"] = _with_offers(facts["unspent_reason"], rows)
    return facts


def _with_offers(text, rows):
    """Return a text with the offers that it means by rows; the first row of a file is its header."""
    if not rows:
        return text
    return re.sub(r"\(row (\d+)\)", lambda found: f"({rows[int(found[1]) - 2]})", text)
