"""Small programs and planning problems, and the brute force that they are compared with."""

import json
from fractions import Fraction
from math import floor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.campaign.campaign import Campaign
from microopt.campaign.metrics import METRICS
from microopt.campaign.rule_grammar import parse_rule
from microopt.forecast.forecast import Forecast
from microopt.planning.measures import find_measure
from microopt.planning.problem import PlanningProblem
from microopt.quantities.keys import match_key
from microopt.roster.roster import Roster, Source, TextColumn
from microopt.solver.backends.base import load_backend
from microopt.solver.constraint import Constraint, constraint, reduce_by_gcd
from microopt.solver.program import IntegerProgram
from microopt.solver.reach_pool import EXPOSURE, ReachPool
from microopt.solver.result import Limit, SolveLimits, Termination

FREE = SolveLimits()
PROGRAMS = Path(__file__).resolve().parents[1] / "data" / "programs"
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def solver(name):
    """Return the backend, or skip the test where it is not installed."""
    if name == "highs":
        pytest.importorskip("highspy")
    return load_backend(name)


def line(coefficients, lower=None, upper=None, label="row"):
    coefficients = np.asarray(coefficients, dtype=np.int64)
    return reduce_by_gcd(constraint(label, coefficients, lower=lower, upper=upper))


def pool(shares, size=1_000_000, label="people", **counts):
    """Return a pool, of whose people each column reaches this share."""
    exposure = np.rint(-np.log1p(-np.asarray(shares, dtype=float)) * EXPOSURE).astype(np.int64)
    columns = np.flatnonzero(exposure)
    return ReachPool(label=label, columns=columns, exposure=exposure[columns], size=size, **counts)


def program(value, *rows, group=None, cost=None, pools=()):
    return IntegerProgram(
        objective=np.asarray(value, dtype=np.int64),
        cost=np.asarray([1] * len(value) if cost is None else cost, dtype=np.int64),
        group=np.asarray(range(len(value)) if group is None else group, dtype=np.int32),
        rows=rows,
        pools=tuple(pools),
    )


def stored_program(name):
    """Return a program of `tests/data/programs`: one that a solver once got wrong."""
    facts = json.loads((PROGRAMS / f"{name}.json").read_text(encoding="utf-8"))
    rows = [Constraint(**{"label": "row"} | with_arrays(row, coefficients=np.int64)) for row in facts["rows"]]
    pools = [ReachPool(label="people", **with_arrays(people, exposure=np.int64)) for people in facts.get("pools", ())]
    return program(facts["objective"], *rows, group=facts["group"], cost=facts["cost"], pools=pools)


def with_arrays(fields, **kinds):
    """Return stored fields with their columns, and those named, as arrays."""
    kinds = {"columns": np.intp} | kinds
    return {name: np.asarray(value, kinds[name]) if name in kinds else value for name, value in fields.items()}


def picks(*columns):
    return np.asarray(columns, dtype=np.intp)


def subsets(instance):
    """Return every choice of columns that keeps all rows and groups, as rows of 0 and 1."""
    columns = len(instance)
    chosen = (np.arange(2**columns)[:, None] >> np.arange(columns)) & 1
    mask = np.ones(len(chosen), dtype=bool)
    for group in np.unique(instance.group):
        mask &= chosen[:, instance.group == group].sum(axis=1) <= 1
    for number, limit in enumerate(instance.rows):
        activity = chosen[:, limit.columns] @ limit.coefficients + net(instance, chosen, number)
        mask &= limit.penalty is not None or limit.lower is None or activity >= limit.lower
        mask &= limit.penalty is not None or limit.upper is None or activity <= limit.upper
    return chosen[mask].astype(np.int64)


def net(instance, plans, row):
    """Return what net reach adds to a row, rounded down, from its definition."""
    total = np.zeros(len(plans))
    for people in instance.pools:
        exposed = people.offset + plans[:, people.columns] @ people.exposure
        total += float(people.row == row) * people.size * (1 - np.exp(-exposed / EXPOSURE))
    return np.floor(total).astype(np.int64)


def penalties(instance, plans):
    """Return what soft rows take from the value, as fractions."""
    total = np.full(len(plans), Fraction(0), dtype=object)
    for number, limit in enumerate(instance.rows):
        if limit.penalty is not None:
            activity = plans[:, limit.columns] @ limit.coefficients + net(instance, plans, number)
            short = 0 if limit.lower is None else limit.lower - activity
            over = 0 if limit.upper is None else activity - limit.upper
            total = total + Fraction(limit.penalty) * (np.maximum(0, short) + np.maximum(0, over)).astype(object)
    return total


def values(instance, plans):
    total = np.zeros(len(plans))
    for people in instance.pools:
        exposed = people.offset + plans[:, people.columns] @ people.exposure
        total += float(people.objective) * people.size * (1 - np.exp(-exposed / EXPOSURE))
    extra = [floor(Fraction(people) - fine) for people, fine in zip(total, penalties(instance, plans), strict=True)]
    return plans @ instance.objective + np.asarray(extra, dtype=np.int64)


def best(instance):
    """Return the best value and, at that value, the least cost; None where nothing keeps the rows."""
    plans = subsets(instance)
    if not len(plans):
        return None
    value, cost = values(instance, plans), plans @ instance.cost
    return int(value.max()), int(cost[value == value.max()].min())


def worth(plan, instance):
    """Return an answer's value and cost, recomputed, or None where it has no picks."""
    return None if plan.columns is None else (instance.objective_value(plan.columns), instance.total_cost(plan.columns))


def hard(columns=60, rows=5, seed=0, scale=10**6):
    """Return a correlated knapsack of several rows: plans are found at once, the proof takes long."""
    random = np.random.default_rng(seed)
    weight = random.integers(scale // 2, scale, (rows, columns))
    value = weight.sum(axis=0) // rows + random.integers(0, scale // 10, columns)
    return program(value, *(line(w, upper=int(w.sum() // 2)) for w in weight))


def market_split(columns=50, rows=6, seed=0):
    """Return equality rows with one planted plan, which no solver finds in a minute; the plan too."""
    random = np.random.default_rng(seed)
    weight, plan = random.integers(1, 100, (rows, columns)), random.random(columns) < 0.5
    lines = [line(w, lower=int(w[plan].sum()), upper=int(w[plan].sum())) for w in weight]
    return program(random.integers(1, 100, columns), *lines), np.flatnonzero(plan)


def dear(seed, columns=46, maximum=5_000_000_000):
    """Return creators of whom `most` is the largest value: a budget, a quota, and a tier that the others outspend."""
    random = np.random.default_rng(seed)
    fee = random.integers(5, 3_000, columns) * random.choice([100, 500, 1])
    worth = fee * random.lognormal(0, 0.35, columns)
    small, many = random.random(columns) < 0.4, int(random.integers(6, 16))
    budget = int(np.sort(fee)[: columns // 2].sum() * 0.3 + fee.mean() * 4)
    rows = (
        constraint("budget", fee, upper=budget),
        constraint("creators", np.ones(columns, dtype=np.int64), lower=many - 5, upper=many),
        constraint("small", small.astype(np.int64), lower=2, upper=many - 2),
        constraint("share", np.where(small, fee, -fee), upper=int(budget * 0.3)),
    )
    return program(np.maximum(1, worth / worth.max() * maximum).astype(np.int64), *rows, cost=fee)


@st.composite
def programs(draw, columns=10, rows=4, maximum=50, soft=True, min_columns=1):
    """Draw a program with groups and rows of every kind: signs mixed, one side, both, equal, slack, soft or none.

    It has from `least` columns on.
    """
    count = draw(st.integers(min_columns, columns))
    number = st.integers(-maximum if draw(st.booleans()) else 0, maximum)
    numbers = st.lists(number, min_size=count, max_size=count)
    group = draw(st.lists(st.integers(0, count - 1), min_size=count, max_size=count))
    cost = draw(st.lists(st.integers(0, maximum), min_size=count, max_size=count))
    lines = []
    for _ in range(draw(st.integers(0, rows))):
        coefficients = draw(numbers)
        low = draw(st.integers(-maximum, 3 * maximum))
        sides = draw(st.sampled_from(("upper", "upper", "lower", "both", "equal")))
        high = low if sides == "equal" else low + draw(st.integers(0, maximum))
        penalty = draw(st.sampled_from([None, None, 0.0, 0.375, 1.0, 40.0])) if soft else None
        bounds = {"lower": None if sides == "upper" else low, "upper": None if sides == "lower" else high}
        lines.append(replace(line(coefficients, **bounds), penalty=penalty))
    _, group = np.unique(group, return_inverse=True)
    return program(draw(numbers), *lines, group=group, cost=cost)


@st.composite
def net_programs(draw, columns=9, valued=None, floors=None, min_columns=1):
    """Draw a program with pools that count for the value, for floors, or for both; HiGHS may not end on soft rows."""
    instance = draw(programs(columns=columns, rows=2, soft=False, min_columns=min_columns))
    count = len(instance)
    share = st.one_of(st.just(0.0), st.floats(1e-6, 0.99), st.sampled_from([0.1, 0.5, 0.99]))
    shares = st.lists(share, min_size=count, max_size=count)
    rows, pools = list(instance.rows), []
    for _ in range(draw(st.integers(1, 3))):
        size = draw(st.sampled_from([1_000, 12_345, 10**6, 3 * 10**9]))
        value = draw(st.sampled_from([0.001, 1 / 3, 2.0])) if valued or (valued is None and draw(st.booleans())) else 0
        of_pool = draw(shares)
        row = None
        if floors or (floors is None and draw(st.booleans())):
            row = len(rows)
            outside = draw(st.lists(st.integers(0, size // 4), min_size=count, max_size=count))
            maximum = 1 - np.prod(1 - np.asarray(of_pool))
            floor = int(size * maximum * draw(st.floats(0, 0.9)))
            rows.append(
                Constraint(
                    label="net", columns=np.arange(count), coefficients=np.asarray(outside, np.int64), lower=floor
                )
            )
        pools.append(pool(of_pool, size, objective=value, row=row))
    return program(instance.objective, *rows, group=instance.group, cost=instance.cost, pools=pools)


def corrupt_result(data, instance, answer, maximum=200):
    """Return an answer with some of its facts replaced by others, figures up to `most`."""
    alterations = {
        "termination": st.sampled_from(Termination),
        "limit": st.sampled_from([None, *Limit]),
        "columns": st.lists(st.integers(0, len(instance) - 1), unique=True).map(
            lambda columns: picks(*sorted(columns))
        ),
        "objective": st.integers(-200, maximum),
        "bound": st.integers(-200, maximum) | st.none(),
    }
    stated = data.draw(st.sets(st.sampled_from(sorted(alterations)), max_size=3)) if len(instance) else set()
    return replace(answer, **{fact: data.draw(alterations[fact]) for fact in sorted(stated)})


def cut_short(data, answer):
    """Return an answer cut short: some of its picks, and a bound that is true all the same."""
    if answer.columns is None or data.draw(st.booleans()):
        return answer
    remaining = answer.columns[: data.draw(st.integers(0, len(answer.columns)))]
    limit = data.draw(st.sampled_from([Limit.TIME, Limit.NODES]))
    bound = answer.bound + data.draw(st.integers(0, 9))
    return replace(answer, termination=Termination.FEASIBLE, limit=limit, columns=remaining, bound=bound)


def text_column(cells, separator=None):
    labels = tuple(dict.fromkeys(cells))
    parts = tuple(tuple(label.split(separator)) for label in labels) if separator else None
    return TextColumn(codes=np.asarray([labels.index(c) for c in cells], np.int32), labels=labels, values=parts)


def roster(creators, *, followers=None, fee=None, numbers=None, currency=None, **texts):
    """Return a roster of these columns; a niche cell may hold several values, split at `|`."""
    rows = len(creators)
    keys = list(dict.fromkeys(match_key(name) for name in creators))
    columns = {
        name: text_column(cells, "|" if name in ("niche", "brands", "conflicts") else None)
        for name, cells in texts.items()
    }
    return Roster(
        texts={"creator": text_column(creators), **columns},
        numbers={
            "followers": np.asarray(followers or [20_000] * rows, dtype=float),
            **{name: np.asarray(cells, dtype=float) for name, cells in (numbers or {}).items()},
        },
        fee=np.asarray(fee or [10_000] * rows, dtype=np.int64),
        creator_id=np.asarray([keys.index(match_key(name)) for name in creators], dtype=np.int32),
        row=np.arange(2, rows + 2),
        source=Source(path="roster.csv", sha256="0" * 64),
        currency=currency,
    )


def case(offers, *rules, cost, budget=10**6, include=(), **metrics):
    """Return a case with these costs in cents and metrics in thousandths (10 each where not given)."""
    figures = {name: np.asarray(metrics.get(name, [10] * len(offers)), dtype=np.int64) for name in METRICS}
    cents, parsed = np.asarray(cost, dtype=np.int64), tuple(parse_rule(rule) for rule in rules)
    origins = {name: np.zeros(len(offers), dtype=np.int8) for name in (*METRICS, "fee")}
    return PlanningProblem(
        roster=offers,
        forecast=Forecast(metrics=figures, cost=cents, fee=cents, origins=origins),
        campaign=Campaign(budget=budget, rules=parsed, include=include),
        choice=np.arange(len(offers), dtype=np.int32),
        rules=parsed,
        offers=len(offers),
        creators=offers.creators,
        filtered=0,
    )


def dense(limit, columns):
    """Return a row's coefficients over all columns, with its lower and upper bound."""
    coefficients = [0] * columns
    for column, coefficient in zip(limit.columns.tolist(), limit.coefficients.tolist(), strict=True):
        coefficients[column] = coefficient
    return coefficients, limit.lower, limit.upper


def weights(instance, name):
    return find_measure(instance, name).weights.tolist()
