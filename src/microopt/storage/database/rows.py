"""The rows that a run adds to a store."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from operator import attrgetter
from typing import Any

import msgspec

from microopt.campaign.metrics import METRICS
from microopt.campaign.progress import ResultRow
from microopt.plan.seal import SealedPlan
from microopt.quantities.keys import match_key

_encode = msgspec.json.Encoder().encode
get_figures = attrgetter("posts", "impressions", "engagements", "clicks", "conversions")  # of a row of results
IS_MONTH_KNOWN = "SELECT 1 FROM months WHERE place = ? AND figures = ?"
UPSERT_MONTH = (
    "INSERT INTO months (place, figures) VALUES (?, ?) ON CONFLICT (place) DO UPDATE SET figures = excluded.figures"
)
PLACES_PER_QUERY = 500  # places asked for in one query; some builds of SQLite take no more than 999
SELECT_LATEST = """
    WITH told (place) AS (VALUES {})
    SELECT place, (SELECT figures FROM results WHERE place = told.place ORDER BY first_run DESC LIMIT 1) FROM told
"""
INSERT_RESULT = """
    INSERT INTO results (place, first_run, figures, creator, platform, offer, day, post, posts, impressions,
                         engagements, clicks, conversions)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def add_run(
    connection: sqlite3.Connection, plan: SealedPlan, *, at: str, exit_code: int | None, seconds: float | None
) -> int | None:
    """Add a run and return its number, or None where its plan is there already."""
    value = plan.object
    totals, step, proof = value["totals"], value["replan"] or {}, value["proof"]
    inputs = step.get("inputs") or {}
    row: dict[str, Any] = {
        "at": at,
        "seal": plan.seal,
        "previous": plan.previous,
        "status": proof["status"],
        "goal": value["campaign"]["goal"]["name"],
        "objective": proof["objective"],
        "bound": proof["bound"],
        "budget": value["campaign"]["budget"],
        "currency": value["roster"]["currency"],
        "creators": totals["creators"],
        "spend": totals["spend"],
        **{name: totals["metrics"][name] for name in METRICS},
        "revenue": totals["revenue"],
        "gain": _objective(step.get("gain")),
        "roster_sha256": value["roster"]["source"]["sha256"],
        "results_sha256": inputs.get("results"),
        "states_sha256": inputs.get("states"),
        "asked_sha256": inputs.get("request"),
        "exit_code": exit_code,
        "seconds": seconds,
        "microopt": plan.microopt,
    }
    added = connection.execute(f"{_insert('runs', row)} ON CONFLICT (seal) DO NOTHING", [*row.values()])
    return added.lastrowid if added.rowcount else None


def add_parts(connection: sqlite3.Connection, run: int, plan: SealedPlan, text: str) -> None:
    """Add what a run's plan holds: its text, its picks, who came and left, and contracts."""
    connection.execute("INSERT INTO plans (run, document) VALUES (?, ?)", (run, text))
    tables = {"forecasts": _forecasts(plan), "switches": _switches(plan), "contracts": _contracts(plan)}
    for table, parts in tables.items():
        for number, part in enumerate(parts, 1):
            row = {"run": run, "pick" if table == "forecasts" else "number": number, **part}
            connection.execute(_insert(table, row), [*row.values()])


def add_results(connection: sqlite3.Connection, run: int, daily: Sequence[ResultRow]) -> None:
    """Add the results that are new, or not as they were told last.

    Files tell all results so far, and of most months nothing new: those are passed over whole.
    """
    months = _months(daily)
    told = {place: _digest(rows) for place, rows in months.items()}
    new = [
        place for place, figures in told.items() if not connection.execute(IS_MONTH_KNOWN, (place, figures)).fetchone()
    ]
    _add_rows(connection, run, [row for place in new for row in months[place]])
    connection.executemany(UPSERT_MONTH, ((place, told[place]) for place in new))


def _add_rows(connection: sqlite3.Connection, run: int, daily: Sequence[ResultRow]) -> None:
    """Add those rows of which the store has nothing, or has other figures last."""
    places, figures = _places(daily), [_digest(get_figures(one)) for one in daily]
    order = sorted(range(len(daily)), key=places.__getitem__)  # as the table has them: each page is looked at once
    last = _last(connection, [places[number] for number in order])
    new = [number for number in order if last[places[number]] != figures[number]]
    told = ((places[number], run, figures[number], *_columns(daily[number])) for number in new)
    connection.executemany(INSERT_RESULT, told)


def _last(connection: sqlite3.Connection, places: Sequence[bytes]) -> dict[bytes, bytes | None]:
    """Return the digest of what was told last of each place, None where nothing was."""
    last: dict[bytes, bytes | None] = {}
    for part in (places[start : start + PLACES_PER_QUERY] for start in range(0, len(places), PLACES_PER_QUERY)):
        last.update(connection.execute(SELECT_LATEST.format(", ".join(["(?)"] * len(part))), part))
    return last


def _insert(table: str, row: dict[str, Any]) -> str:
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"  # noqa: S608 (names of ours)


def _objective(gain: Mapping[str, Any] | None) -> float | None:
    return None if gain is None else gain["objective"]


def _forecasts(plan: SealedPlan) -> Iterator[dict[str, Any]]:
    names = ("creator", "platform", "offer", "tier", "units", "fee", "cost")
    for pick in plan.object["picks"]:
        metrics = {name: pick["metrics"][name] for name in METRICS}
        yield {**{name: pick[name] for name in names}, **metrics, "revenue": pick["revenue"]}


def _switches(plan: SealedPlan) -> Iterator[dict[str, Any]]:
    for switch in (plan.object["replan"] or {}).get("switches", ()):
        yield {
            "creator": switch["creator"],
            "came": int(switch["added"]),
            "forced": int(switch["forced"]),
            "gain": _objective(switch["gain"]),
            "causes": json.dumps(switch["causes"], ensure_ascii=False),
        }


def _contracts(plan: SealedPlan) -> Iterator[dict[str, Any]]:
    for contract in (plan.object["campaign"]["running"] or {}).get("contracts", ()):
        yield {
            **{name: contract[name] for name in ("creator", "platform", "offer")},
            "units": contract["units"] or 1,
            **{name: contract[name] for name in ("state", "fee")},
            "paid": contract["paid"] or 0.0,
        }


def _months(daily: Sequence[ResultRow]) -> dict[bytes, list[ResultRow]]:
    """Return the rows of each creator, platform, offer and month, by a digest of these."""
    key = cache(_key)
    months: dict[tuple[Any, ...], list[ResultRow]] = {}
    for one in daily:
        month = one.day and (one.day.year, one.day.month)
        months.setdefault((key(one.creator), key(one.platform), key(one.offer), month), []).append(one)
    return {_digest(named): rows for named, rows in months.items()}


def _places(daily: Sequence[ResultRow]) -> list[bytes]:
    """Return a digest of what names each row of results.

    Rows that nothing tells apart are told apart by their order.
    """
    key, seen, places = cache(_key), Counter[bytes](), []
    for one in daily:
        place = _digest((key(one.creator), key(one.platform), key(one.offer), one.day, one.post))
        before = seen[place]
        seen[place] += 1
        places.append(_digest((place.hex(), before)) if before else place)
    return places


def _key(name: str | None) -> str | None:
    return None if name is None else match_key(name)


def _columns(one: ResultRow) -> tuple[Any, ...]:
    day = None if one.day is None else one.day.isoformat()
    return one.creator, one.platform, one.offer, day, one.post, *get_figures(one)


def _digest(values: Sequence[Any]) -> bytes:
    return blake2b(_encode(values), digest_size=16).digest()
