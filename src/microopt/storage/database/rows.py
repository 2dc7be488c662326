"""The rows that a run adds to a store."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import blake2b
from operator import attrgetter
from typing import Any

import msgspec

from microopt.campaign.metrics import METRICS
from microopt.campaign.progress import ResultRow
from microopt.plan.document.plan import PlanDocument
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
    connection: sqlite3.Connection, plan: PlanDocument, *, at: str, exit_code: int | None, seconds: float | None
) -> int | None:
    """Add a run and return its number, or None where its plan is there already."""
    step, totals = plan.replan, plan.totals
    inputs = None if step is None else step.inputs
    row: dict[str, Any] = {
        "at": at,
        "seal": plan.seal,
        "previous": plan.previous,
        "status": plan.status,
        "goal": plan.campaign.goal,
        "objective": plan.objective,
        "bound": plan.bound,
        "budget": plan.campaign.budget,
        "currency": plan.campaign.currency,
        "creators": totals.creators,
        "spend": plan.spend,
        **{name: getattr(totals, name) for name in METRICS},
        "revenue": totals.revenue,
        "gain": None if step is None or step.gain is None else step.gain.objective,
        "roster_sha256": plan.roster.sha256,
        "results_sha256": inputs and inputs.results,
        "states_sha256": inputs and inputs.states,
        "asked_sha256": inputs and inputs.asked,
        "exit_code": exit_code,
        "seconds": seconds,
        "microopt": plan.microopt,
    }
    added = connection.execute(f"{_insert('runs', row)} ON CONFLICT (seal) DO NOTHING", [*row.values()])
    return added.lastrowid if added.rowcount else None


def add_parts(connection: sqlite3.Connection, run: int, plan: PlanDocument, text: str) -> None:
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


def _forecasts(plan: PlanDocument) -> Iterator[dict[str, Any]]:
    names = ("creator", "platform", "offer", "tier", "units", "fee", "cost", *METRICS, "revenue")
    yield from ({name: getattr(pick, name) for name in names} for pick in plan.picks)


def _switches(plan: PlanDocument) -> Iterator[dict[str, Any]]:
    for one in () if plan.replan is None else plan.replan.switches:
        yield {
            "creator": one.creator,
            "came": int(one.came),
            "forced": int(one.forced),
            "gain": None if one.gain is None else one.gain.objective,
            "causes": json.dumps(one.causes, ensure_ascii=False),
        }


def _contracts(plan: PlanDocument) -> Iterator[dict[str, Any]]:
    running = plan.campaign.running
    for one in () if running is None else running.contracts:
        yield {
            "creator": one.creator,
            "platform": one.platform,
            "offer": one.offer,
            "units": one.units or 1,
            "state": one.state.value,
            "fee": one.fee,
            "paid": one.paid or 0.0,
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
