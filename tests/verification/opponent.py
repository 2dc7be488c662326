"""Plan files to check, and someone who alters one thing in them and makes the seal anew."""

import copy
import json

from microopt.plan.plan import Plan
from microopt.plan.seal import digest, seal_of, unverifiable_fields
from microopt.planning.optimize import optimize
from microopt.readers.options import ReadOptions
from microopt.readers.roster import read_roster
from microopt.rendering.data.json import object_json
from microopt.solver.result import SolveLimits

COLUMNS = (
    "creator",
    "platform",
    "offer",
    "niche",
    "region",
    "followers",
    "fee",
    "engagement_rate",
    "hours",
    "score",
    "brands",
    "conflicts",
    "max_units",
    "volume_discount",
)


def written(rows, path):
    """Write rows as `roster_rows` draws them as a roster file."""
    lines = [",".join(COLUMNS)]
    for row in rows:
        cells = {**row, "fee": f"{row['fee'] / 100:.2f}", "engagement_rate": row["rate"]}
        lines.append(",".join(f'"{cells[name]}"' if cells[name] not in (None, "") else "" for name in COLUMNS))
        lines[-1] = lines[-1].replace('"0.02"', "0.02").replace('"0.05"', "0.05")
    path.write_text("\n".join(lines).replace("Fraction", "") + "\n", encoding="utf-8")
    return path


def decimal(rows):
    """Return rows whose fractions are written as decimals."""
    return [{name: float(cell) if hasattr(cell, "denominator") else cell for name, cell in row.items()} for row in rows]


def planned(roster, campaign, *, solver=None, limits=None, sheet=None, skip_bad_rows=False, **facts):
    """Return the text of a plan file, None where there is no plan."""
    options = ReadOptions(
        fees_required=not campaign.estimate_fees,
        skip_bad_rows=skip_bad_rows,
        sheet=sheet,
        columns=campaign.columns,
        lists=campaign.lists,
        units=campaign.units,
        currency=campaign.currency,
        exchange=campaign.exchange,
    )
    read = read_roster(str(roster), options)
    plan = optimize(read, campaign, solver=solver, limits=limits or SolveLimits(seconds=30.0), **facts)
    return object_json(plan) if isinstance(plan, Plan) else None


def sealed(value, *, claims=False):
    """Return an altered plan with its seal, and what it claims, made anew."""
    value = copy.deepcopy(value)
    if claims:
        value["claims"] = digest(unverifiable_fields(value))
    return {**value, "seal": seal_of(value)}


def leaves(value, path=()):
    """Yield (path, leaf) of everything in a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if inner is None:
        yield path, value
    else:
        for key, part in inner:
            yield from leaves(part, (*path, key))


def put(value, path, leaf):
    """Return a JSON value with another leaf."""
    value = copy.deepcopy(value)
    point = value
    for key in path[:-1]:
        point = point[key]
    point[path[-1]] = leaf
    return value


def nudged(leaf, chance):
    """Return another value of a leaf's type: by one in the last unit shown, by a hair, or hugely."""
    if isinstance(leaf, bool):
        return not leaf
    if isinstance(leaf, int):
        return leaf + chance.choice((-1, 1, 10**6, -(10**9)))
    if isinstance(leaf, float):
        step = chance.choice((0.01, -0.01, 0.001, -0.001, 1e9, -1e9, 1.0, leaf * 1e-12))
        return leaf + step if leaf + step != leaf else leaf + 1.0
    if leaf is None:
        return chance.choice(("x", 1.0, 3))
    spot = chance.randrange(len(leaf) + 1)
    return chance.choice((leaf[:spot] + "x" + leaf[spot:], leaf[1:] if leaf else "x", leaf.upper() + " "))


def altered(value, chance):
    """Return a plan with one thing altered."""
    picks = value["picks"]
    kind = chance.choice(("leaf",) * 8 + ("drop", "double", "swap", "key", "line"))
    if kind in ("drop", "double", "swap") and len(picks) > 1:
        value = copy.deepcopy(value)
        i, j = chance.sample(range(len(picks)), 2)
        if kind == "drop":
            del value["picks"][i]
        elif kind == "double":
            value["picks"].insert(i, value["picks"][j])
        else:
            value["picks"][i], value["picks"][j] = value["picks"][j], value["picks"][i]
        return value
    if kind == "key":
        value = copy.deepcopy(value)
        chance.choice([value, value["campaign"], value["roster"], value["proof"], value["picks"][0]["metrics"]])[
            "more"
        ] = 1
        return value
    if kind == "line":
        where = chance.choice(("rules", "where", "include", "exclude", "competitors"))
        line = {"rules": "all count >= 0", "where": "followers 0.."}.get(where, "@nobody")
        return put(value, ("campaign", where), [*value["campaign"][where], line])
    paths = [(path, leaf) for path, leaf in leaves(value) if path not in (("seal",), ("schema",))]
    path, leaf = chance.choice(paths)
    return put(value, path, nudged(leaf, chance))


def read(text):
    return json.loads(text)
