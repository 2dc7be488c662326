"""The rows that a run adds to a store."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from operator import attrgetter
from typing import Any

import msgspec

from microopt.campaign.metrics import METRICS
from microopt.campaign.progress import ResultRow
from microopt.plan.codec import CODEC
from microopt.plan.seal import SealedPlan
from microopt.quantities.keys import match_key

_encode = msgspec.json.Encoder().encode
FIGURES = ("posts", "impressions", "engagements", "clicks", "conversions")  # of a row of results
get_figures = attrgetter(*FIGURES)
IS_MONTH_KNOWN = "SELECT 1 FROM months WHERE place = ? AND figures = ?"
UPSERT_MONTH = (
    "INSERT INTO months (place, figures) VALUES (?, ?) ON CONFLICT (place) DO UPDATE SET figures = excluded.figures"
)
PLACES_PER_QUERY = 500  # some builds of SQLite take no more than 999 parameters
SELECT_LATEST = """
    WITH wanted (place) AS (VALUES {})
    SELECT place, (SELECT figures FROM results WHERE place = wanted.place ORDER BY first_run DESC LIMIT 1) FROM wanted
"""
INSERT_RESULT = """
    INSERT INTO results (place, first_run, figures, creator, platform, offer, day, post, posts, impressions,
                         engagements, clicks, conversions)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def add_run(
    connection: sqlite3.Connection, plan: SealedPlan, *, at: str, exit_code: int | None, seconds: float | None
) -> int | None:
    """Add a run and return its number, or None if the store has its plan already."""
    row = {"at": at, **run_row(plan), "exit_code": exit_code, "seconds": seconds}
    added = connection.execute(
        f"{_insert_statement('runs', row)} ON CONFLICT (seal) DO NOTHING", _sql_values(row.values())
    )
    return added.lastrowid if added.rowcount else None


def run_row(plan: SealedPlan) -> dict[str, Any]:
    """Return the columns of a run that its plan states, by name, as SQLite has them."""
    value = CODEC.encode(plan.plan)  # with the keys that an older plan file may lack
    totals, step, proof = value["totals"], value["replan"] or {}, value["proof"]
    inputs = step.get("inputs") or {}
    row = {
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
        "microopt": plan.microopt,
    }
    return dict(zip(row, _sql_values(row.values()), strict=True))


def add_parts(connection: sqlite3.Connection, run: int, plan: SealedPlan, text: str) -> None:
    """Add the parts of a run's plan: its text, its picks, the creators added and dropped, and the contracts."""
    connection.execute("INSERT INTO plans (run, document) VALUES (?, ?)", _sql_values((run, text)))
    for table, parts in part_rows(run, plan).items():
        for row in parts:
            connection.execute(_insert_statement(table, row), [*row.values()])


def part_rows(run: int, plan: SealedPlan) -> dict[str, list[dict[str, Any]]]:
    """Return the rows that a run's plan has in each table of its parts: their columns by name."""
    value = CODEC.encode(plan.plan)
    tables = {
        "forecasts": _forecast_rows(value),
        "switches": _switch_rows(value),
        "contracts": _stored_contract_rows(value),
    }
    return {
        table: [
            _numbered(run, "pick" if table == "forecasts" else "number", number, part)
            for number, part in enumerate(parts, 1)
        ]
        for table, parts in tables.items()
    }


def _numbered(run: int, column: str, number: int, part: Mapping[str, Any]) -> dict[str, Any]:
    row = {"run": run, column: number, **part}
    return dict(zip(row, _sql_values(row.values()), strict=True))


def add_results(connection: sqlite3.Connection, run: int, daily: Sequence[ResultRow]) -> None:
    """Add the results that are new, or that differ from what the store has last.

    Each file has all results so far, and most of its months are unchanged: those are skipped as a whole.
    """
    months = _group_by_month(daily)
    digests = {place: digest(rows) for place, rows in months.items()}
    changed = [
        place
        for place, figures in digests.items()
        if not connection.execute(IS_MONTH_KNOWN, (place, figures)).fetchone()
    ]
    _add_changed_rows(connection, run, [row for place in changed for row in months[place]])
    connection.executemany(UPSERT_MONTH, ((place, digests[place]) for place in changed))


def _add_changed_rows(connection: sqlite3.Connection, run: int, daily: Sequence[ResultRow]) -> None:
    """Add the rows whose figures are not in the store, or are not the latest there."""
    places, figures = _result_places(daily), [digest(get_figures(row)) for row in daily]
    order = sorted(range(len(daily)), key=places.__getitem__)  # the order of the table, so that each page is read once
    latest = _latest_figures(connection, [places[number] for number in order])
    changed = [number for number in order if latest[places[number]] != figures[number]]
    rows = ((places[number], run, figures[number], *_result_values(daily[number])) for number in changed)
    connection.executemany(INSERT_RESULT, rows)


def _latest_figures(connection: sqlite3.Connection, places: Sequence[bytes]) -> dict[bytes, bytes | None]:
    """Return the digest of the latest figures of each place, or None if the store has none."""
    latest: dict[bytes, bytes | None] = {}
    for part in (places[start : start + PLACES_PER_QUERY] for start in range(0, len(places), PLACES_PER_QUERY)):
        latest.update(connection.execute(SELECT_LATEST.format(", ".join(["(?)"] * len(part))), part))
    return latest


def _insert_statement(table: str, row: dict[str, Any]) -> str:
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"  # noqa: S608 (constant names)


def _sql_values(values: Iterable[Any]) -> list[Any]:
    """Return values as SQLite takes them: a lone surrogate, which JSON can hold, becomes `?`."""
    return [value.encode("utf-8", "replace").decode() if isinstance(value, str) else value for value in values]


def _objective(gain: Mapping[str, Any] | None) -> float | None:
    return None if gain is None else gain["objective"]


def _forecast_rows(plan: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    names = ("creator", "platform", "offer", "tier", "units", "fee", "cost")
    for pick in plan["picks"]:
        metrics = {name: pick["metrics"][name] for name in METRICS}
        yield {**{name: pick[name] for name in names}, **metrics, "revenue": pick["revenue"]}


def _switch_rows(plan: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for switch in (plan["replan"] or {}).get("switches", ()):
        yield {
            "creator": switch["creator"],
            "came": int(switch["added"]),
            "forced": int(switch["forced"]),
            "gain": _objective(switch["gain"]),
            "causes": json.dumps(switch["causes"], ensure_ascii=False),
        }


def _stored_contract_rows(plan: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for contract in (plan["campaign"]["running"] or {}).get("contracts", ()):
        yield {
            **{name: contract[name] for name in ("creator", "platform", "offer")},
            "units": contract["units"] or 1,
            **{name: contract[name] for name in ("state", "fee")},
            "paid": contract["paid"] or 0.0,
        }


def _group_by_month(daily: Sequence[ResultRow]) -> dict[bytes, list[ResultRow]]:
    """Return the rows of each creator, platform, offer and month, by a digest of these four."""
    key = cache(_optional_key)
    months: dict[tuple[Any, ...], list[ResultRow]] = {}
    for row in daily:
        month = row.day and (row.day.year, row.day.month)
        months.setdefault((key(row.creator), key(row.platform), key(row.offer), month), []).append(row)
    return {digest(names): rows for names, rows in months.items()}


def _result_places(daily: Sequence[ResultRow]) -> list[bytes]:
    """Return a digest that identifies each row of results; rows with equal names are numbered in their order."""
    key, counts, places = cache(_optional_key), Counter[bytes](), []
    for row in daily:
        place = digest((key(row.creator), key(row.platform), key(row.offer), row.day, row.post))
        earlier = counts[place]
        counts[place] += 1
        places.append(digest((place.hex(), earlier)) if earlier else place)
    return places


def _optional_key(name: str | None) -> str | None:
    return None if name is None else match_key(name)


def _result_values(row: ResultRow) -> tuple[Any, ...]:
    day = None if row.day is None else row.day.isoformat()
    return *_sql_values((row.creator, row.platform, row.offer, day, row.post)), *get_figures(row)


def digest(values: Sequence[Any]) -> bytes:
    """Return the digest that stands for values in the tables."""
    return blake2b(_encode(values), digest_size=16).digest()
