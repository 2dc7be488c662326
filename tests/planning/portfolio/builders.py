"""Random small portfolios: lists as a user would write them, campaigns on them, and what they share."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from microopt.campaign.agreed_fees import AgreedFee
from microopt.campaign.campaign import Campaign, Goal
from microopt.campaign.portfolio import Capacity, Exclusivity, Portfolio, PortfolioMember
from microopt.campaign.rule_grammar import parse_rule
from microopt.planning.build_problem import build_problem
from microopt.quantities.keys import match_key
from microopt.readers.roster import read_roster
from microopt.roster.roster import Roster
from tests.planning.portfolio.oracle import FLOORS, Item, Side, creators

COLUMNS = ("creator", "platform", "offer", "niche", "followers", "fee", "engagement_rate", "score", "max_units")
NAMES = ("glow", "dew", "pulse")
FOLLOWERS = (4_000, 12_000, 30_000, 120_000, 600_000, 2_000_000)
FEES = (0, 100, 200, 200, 300, 400, 500, 800)  # whole hundreds, so that discounts are whole cents in each currency
GOALS = ("engagement", "engagement", "conversions", "reach", "value:score", "least cost", "profit", "balanced")
METRIC_OF = {"engagement": "engagements", "conversions": "conversions", "reach": "reach", "value:score": "score"}
SPANS = (
    (None, None),
    (date(2027, 1, 1), date(2027, 1, 20)),
    (date(2027, 1, 10), date(2027, 2, 5)),
    (date(2027, 3, 1), date(2027, 3, 20)),
)
OWN_RULES: dict[str, Callable[[Any, Any], bool]] = {
    "all count <= 2": lambda chosen, _: len(creators(chosen)) <= 2,
    "niche:beauty count >= 1": lambda chosen, _: any(item.niche == "beauty" for item in chosen),
    "all count >= 2": lambda chosen, _: len(creators(chosen)) >= 2,
    "all engagements >= 300": lambda chosen, _: sum(item.brings("engagements") for item in chosen) >= 300_000,
    "platform:tiktok spend <= 60%": lambda chosen, costs: (
        sum(costs[item] for item in chosen if item.platform == "tiktok") * 5 <= sum(costs.values()) * 3
    ),
    "tier:micro spend >= 30%": lambda chosen, costs: (
        sum(costs[item] for item in chosen if item.tier == "micro") * 10 >= sum(costs.values()) * 3
    ),
}


def _money(spent: Any, keep: Callable[[Item], bool]) -> Fraction:
    return sum((cost for costs in spent for item, cost in costs.items() if keep(item)), Fraction(0))


def _brings(chosen: Any, metric: str, keep: Callable[[Item], bool]) -> int:
    return sum(item.brings(metric) for selection in chosen for item in selection if keep(item))


HOUSE_RULES: dict[str, Callable[[Any, Any], bool]] = {
    "all count <= 3": lambda chosen, _: sum(len(creators(selection)) for selection in chosen) <= 3,
    "niche:beauty count >= 50%": lambda chosen, _: (
        2 * sum(len(creators([item for item in selection if item.niche == "beauty"])) for selection in chosen)
        >= sum(len(creators(selection)) for selection in chosen)
    ),
    "creator:@a spend <= 400": lambda _, spent: _money(spent, lambda item: item.creator == "a") <= 40_000,
    "all spend <= 1000": lambda _, spent: _money(spent, lambda item: True) <= 100_000,
    "tier:micro spend >= 40%": lambda _, spent: (
        _money(spent, lambda item: item.tier == "micro") * 5 >= _money(spent, lambda item: True) * 2
    ),
    "platform:tiktok engagements <= 70%": lambda chosen, _: (
        _brings(chosen, "engagements", lambda item: item.platform == "tiktok") * 10
        <= _brings(chosen, "engagements", lambda item: True) * 7
    ),
}


@dataclass(frozen=True)
class Drawn:
    """A portfolio to be: its campaigns, each with the text of its list, and what they share."""

    portfolio: Portfolio
    campaigns: tuple[Campaign, ...]
    lists: tuple[str, ...]
    own_rules: tuple[tuple[str, ...], ...]
    house_rules: tuple[str, ...]
    allocate: bool = False

    def checks(self) -> tuple[Callable[[Any, Any], bool], ...]:
        return tuple(HOUSE_RULES[text] for text in self.house_rules)


@st.composite
def pools(draw: Any) -> list[dict[str, Any]]:
    """Draw the creators whom all lists are about: up to five, with an offer or two each."""
    rows = []
    has_limits = draw(st.booleans())
    for name in "abcde"[: draw(st.integers(3, 5))]:
        about = {
            "niche": draw(st.sampled_from(("beauty", "food"))),
            "followers": draw(st.sampled_from(FOLLOWERS)),
            "brands_limit": draw(st.sampled_from((None, 1, 2))) if has_limits else None,
        }
        for offer in draw(st.sampled_from((("reel",), ("reel",), ("reel", "story")))):
            rows.append(
                {
                    "creator": f"@{name}",
                    "platform": draw(st.sampled_from(("instagram", "tiktok"))),
                    "offer": offer,
                    "fee": draw(st.sampled_from(FEES)),
                    "engagement_rate": draw(st.sampled_from(("2%", "5%"))),
                    "score": draw(st.integers(-2, 9)),
                    "max_units": draw(st.sampled_from((None, None, None, 2))),
                    **about,
                }
            )
    return rows


@st.composite
def lists(draw: Any, pool: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """Draw the list of a campaign: some offers of the pool, at the same fees or dearer, in an order of its own."""
    names = sorted({row["creator"] for row in pool})
    kept = draw(st.lists(st.sampled_from(names), min_size=2, max_size=4, unique=True))
    rows = [row for row in pool if row["creator"] in kept][:most]
    dearer = draw(st.sampled_from((1, 1, 2)))
    return draw(st.permutations([{**row, "fee": row["fee"] * dearer} for row in rows]))


def csv_of(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    columns = (*COLUMNS, "brands_limit") if any(row["brands_limit"] for row in rows) else COLUMNS
    writer = csv.DictWriter(text, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows({name: "" if cell is None else cell for name, cell in row.items()} for row in rows)
    return text.getvalue()


@st.composite
def agreed(draw: Any, rows: list[dict[str, Any]]) -> dict[str, AgreedFee]:
    """Draw what is agreed with one creator, if anything."""
    name = draw(st.sampled_from(sorted({row["creator"] for row in rows})))
    fee = draw(st.sampled_from((None, None, AgreedFee(amount=20_000), AgreedFee(off=Fraction(1, 10)))))
    return {} if fee is None else {name: fee}


@st.composite
def campaigns(draw: Any, rows: list[dict[str, Any]], name: str) -> tuple[Campaign, tuple[str, ...]]:
    """Draw a campaign on a list, and the texts of its rules."""
    goal = draw(st.sampled_from(GOALS))
    texts = _possible(draw(st.lists(st.sampled_from(sorted(OWN_RULES)), unique=True, max_size=1)), rows)
    starts, ends = draw(st.sampled_from(SPANS))
    all_fees = sum(row["fee"] for row in rows) * 100
    campaign = Campaign(
        name=name.title(),
        budget=all_fees * draw(st.sampled_from((40, 70, 130))) // 100,
        currency=draw(st.sampled_from(("USD", "USD", "EUR"))),
        goal=Goal(name=goal, targets={"engagements": Fraction(100)} if goal == "least cost" else {}),
        rules=tuple(map(parse_rule, texts)),
        per_creator=draw(st.sampled_from((0, 0, 2_500))),
        order_value=draw(st.sampled_from((2_000, 60_000))) if goal == "profit" else None,
        margin=Fraction(2, 5) if goal == "profit" else None,
        usage=draw(st.sampled_from((None, None, Fraction(1, 5)))),
        fees=draw(agreed(rows)),
        exclude=draw(st.sampled_from(((), (), (), (rows[0]["creator"],)))),
        one_offer_per=draw(st.sampled_from(("creator", "creator", "offer"))),
        starts=starts,
        ends=ends,
    )
    return campaign, texts


def _possible(texts: Iterable[str], rows: list[dict[str, Any]]) -> tuple[str, ...]:
    """Return the rules that fit a list: one on somebody whom it does not have would be a fault."""
    known = {row[name] for row in rows for name in ("creator", "niche", "platform")} | set(map(_tier, rows))
    return tuple(text for text in texts if text.startswith("all") or text.partition(":")[2].partition(" ")[0] in known)


def _tier(row: dict[str, Any]) -> str:
    return next(name for name, floor in FLOORS.items() if row["followers"] >= floor)


@st.composite
def shared(draw: Any, names: tuple[str, ...], money: int, with_limits: bool) -> dict[str, Any]:
    """Draw what the campaigns share."""
    period = draw(st.sampled_from((None, None, "week", "month", "quarter")))
    competing = draw(st.sampled_from(((), (), names[:2], ("skincare",), ("skincare", names[-1]))))
    return {
        "currency": "USD",
        "budget": draw(st.sampled_from((None, money * 40 // 100, money * 60 // 100, money))),
        "exchange": {"EUR": Fraction(5, 4)},
        "capacity": Capacity(
            campaigns=draw(st.sampled_from((None, 1, 1, 2))),
            posts=draw(st.sampled_from((None, None, 1, 2, 3))),
            period=period,
            column="brands_limit" if with_limits else None,
            tiers=draw(st.sampled_from(({}, {}, {"micro": 1}, {"mega": 1, "nano": 2}))),
        ),
        "exclusivity": tuple(
            Exclusivity(members=competing, days=draw(st.sampled_from((None, None, 14, 60)))) for _ in competing[:1]
        ),
        "volume": draw(st.sampled_from(((), (), ((2, Fraction(1, 10)),), ((2, Fraction(1, 20)), (3, Fraction(1, 5)))))),
    }


@st.composite
def portfolios(draw: Any) -> Drawn:
    """Draw two campaigns with up to five offers each, or three with up to three."""
    pool = draw(pools())
    names = draw(st.permutations(NAMES[: draw(st.sampled_from((2, 2, 3)))]))
    rows = [draw(lists(pool, 5 if len(names) == 2 else 3)) for _ in names]
    made = [draw(campaigns(each, name)) for each, name in zip(rows, names, strict=True)]
    money = sum(campaign.budget * 5 // 4 for campaign, _ in made)
    texts = tuple(draw(st.lists(st.sampled_from(sorted(HOUSE_RULES)), unique=True, max_size=1)))
    texts = _possible(texts, [row for each in rows for row in each])
    has_limits = all(any(row["brands_limit"] for row in each) for each in rows)
    members = tuple(
        PortfolioMember(
            name=name,
            file=f"{name}.toml",
            sha256=hashlib.sha256(name.encode()).hexdigest(),
            roster=f"{name}.csv",
            campaign=campaign,
            category=draw(st.sampled_from(("", "skincare", "skincare", "apps"))),
            weight=draw(st.sampled_from((Fraction(1), Fraction(1), Fraction(2), Fraction(1, 2)))),
            floor=draw(st.sampled_from((None, None, None, None, 10_000))),
            cap=draw(st.sampled_from((None, None, None, 40_000))),
        )
        for name, (campaign, _) in zip(names, made, strict=True)
    )
    portfolio = Portfolio(
        members=members,
        rules=tuple(map(parse_rule, texts)),
        **draw(shared(tuple(names), money, has_limits)),
    )
    return Drawn(
        portfolio=portfolio,
        campaigns=tuple(campaign for campaign, _ in made),
        lists=tuple(csv_of(each) for each in rows),
        own_rules=tuple(each for _, each in made),
        house_rules=texts,
        allocate=portfolio.budget is not None and draw(st.booleans()),
    )


def rosters_of(drawn: Drawn, folder: Path) -> tuple[Roster, ...]:
    """Write the lists to a folder and read them."""
    read = []
    for member, text in zip(drawn.portfolio.members, drawn.lists, strict=True):
        path = folder / member.roster
        path.write_text(text, encoding="utf-8")
        read.append(read_roster(str(path)))
    return tuple(read)


def sides_of(drawn: Drawn, rosters: tuple[Roster, ...]) -> tuple[Side, ...]:
    """Return the campaigns as the oracle takes them."""
    return tuple(
        _side(member, roster, texts, drawn.portfolio)
        for member, roster, texts in zip(drawn.portfolio.members, rosters, drawn.own_rules, strict=True)
    )


def _side(member: PortfolioMember, roster: Roster, texts: tuple[str, ...], portfolio: Portfolio) -> Side:
    campaign = member.campaign
    # Targets of least cost are a rule of their own here.
    rules = [OWN_RULES[text] for text in texts]
    goal = METRIC_OF.get(campaign.goal.name, campaign.goal.name)
    for metric, amount in campaign.goal.targets.items():
        rules.append(lambda chosen, _, name=metric, least=amount: sum(map(_metric(name), chosen)) >= least * 1_000)
    return Side(
        member=member,
        items=_items(roster, campaign),
        goal=goal,
        several=campaign.one_offer_per == "offer",
        per_creator=campaign.per_creator,
        usage=campaign.usage or Fraction(0),
        budget=campaign.budget,
        rules=tuple(rules),
        rate=portfolio.exchange["EUR"] if campaign.currency == "EUR" else Fraction(1),
    )


def _metric(name: str) -> Callable[[Item], int]:
    return lambda item: item.brings(name)


def _items(roster: Roster, campaign: Campaign) -> tuple[Item, ...]:
    """Return what a list offers; what it is expected to bring is the forecast's."""
    from msgspec.structs import replace

    free = replace(campaign, rules=(), goal=Goal(name="engagement"), one_offer_per="creator", exclude=(), fees={})
    problem, _ = build_problem(roster, free)
    rows, units = problem.roster.row.tolist(), problem.roster.unit_counts().tolist()
    expected = {(row, count): at for at, (row, count) in enumerate(zip(rows, units, strict=True))}
    items = []
    for at, row in enumerate(roster.row.tolist()):
        cells = {name: _text(roster, name, at) for name in ("creator", "platform", "offer", "niche")}
        limits, most = (roster.numbers.get(name) for name in ("brands_limit", "max_units"))
        if cells["creator"] in campaign.exclude:
            continue
        agreed = campaign.fees.get(cells["creator"], AgreedFee())
        fee = Fraction(int(roster.fee[at]) if agreed.amount is None else agreed.amount) * (1 - agreed.off)
        top = 1 if most is None or np.isnan(most[at]) else int(most[at])
        for count in range(1, top + 1):
            figures = {name: int(each[expected[row, count]]) for name, each in problem.forecast.metrics.items()}
            if problem.forecast.kept_revenue is not None:
                figures["kept revenue"] = int(problem.forecast.kept_revenue[expected[row, count]])
            figures["score"] = int(roster.numbers["score"][at]) * count
            items.append(
                Item(
                    creator=match_key(cells["creator"]),
                    offer=cells["offer"],
                    platform=cells["platform"],
                    niche=cells["niche"],
                    followers=int(roster.numbers["followers"][at]),
                    brands=None if limits is None or np.isnan(limits[at]) else int(limits[at]),
                    units=count,
                    fee=fee * count,
                    metrics=tuple(sorted(figures.items())),
                )
            )
    return tuple(items)


def _text(roster: Roster, name: str, at: int) -> str:
    column = roster.texts[name]
    return column.labels[int(column.codes[at])]
