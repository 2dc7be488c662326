"""The rows that a run adds to a store."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from operator import attrgetter
from typing import Any

import msgspec

from microopt.actual import Daily
from microopt.campaign import METRICS
from microopt.document.plan import PlanDocument
from microopt.roster import match_key

_encode = msgspec.json.Encoder().encode
FIGURES_OF = attrgetter("posts", "impressions", "engagements", "clicks", "conversions")  # of a row of results
TOLD = "CREATE TEMP TABLE IF NOT EXISTS told (number INTEGER, place BLOB, figures BLOB)"
NEW = """
    SELECT number FROM temp.told
    WHERE figures IS NOT (SELECT figures FROM results WHERE place = told.place ORDER BY first_run DESC LIMIT 1)
"""
ADD = """
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
        "at": at, "seal": plan.seal, "previous": plan.previous, "status": plan.status, "goal": plan.campaign.goal,
        "objective": plan.objective, "bound": plan.bound, "budget": plan.campaign.budget,
        "currency": plan.campaign.currency, "creators": totals.creators, "spend": plan.spend,
        **{name: getattr(totals, name) for name in METRICS}, "revenue": totals.revenue,
        "gain": None if step is None or step.gain is None else step.gain.objective,
        "roster_sha256": plan.roster.sha256, "results_sha256": inputs and inputs.results,
        "states_sha256": inputs and inputs.states, "asked_sha256": inputs and inputs.asked, "exit_code": exit_code,
        "seconds": seconds, "microopt": plan.microopt,
    }  # fmt: skip
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


def add_results(connection: sqlite3.Connection, run: int, daily: Sequence[Daily]) -> None:
    """Add the results that are new, or not as they were told last."""
    if not daily:
        return
    told = list(_digests(daily))
    order = sorted(range(len(told)), key=told.__getitem__)  # as the table has them: each page is looked at once
    connection.execute(TOLD)
    connection.execute("DELETE FROM temp.told")
    connection.executemany("INSERT INTO temp.told VALUES (?, ?, ?)", ((number, *told[number]) for number in order))
    new = [number for (number,) in connection.execute(NEW)]
    connection.executemany(ADD, (_result(run, told[number], daily[number]) for number in new))


def _insert(table: str, row: dict[str, Any]) -> str:
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"  # noqa: S608 (names of ours)


def _forecasts(plan: PlanDocument) -> Iterator[dict[str, Any]]:
    names = ("creator", "platform", "offer", "tier", "units", "fee", "cost", *METRICS, "revenue")
    yield from ({name: getattr(pick, name) for name in names} for pick in plan.picks)


def _switches(plan: PlanDocument) -> Iterator[dict[str, Any]]:
    for one in () if plan.replan is None else plan.replan.switches:
        yield {
            "creator": one.creator, "came": int(one.came), "forced": int(one.forced),
            "gain": None if one.gain is None else one.gain.objective,
            "causes": json.dumps(one.causes, ensure_ascii=False),
        }  # fmt: skip


def _contracts(plan: PlanDocument) -> Iterator[dict[str, Any]]:
    running = plan.campaign.running
    for one in () if running is None else running.contracts:
        yield {
            "creator": one.creator, "platform": one.platform, "offer": one.offer, "units": one.units or 1,
            "state": one.state.value, "fee": one.fee, "paid": one.paid or 0.0,
        }  # fmt: skip


def _digests(daily: Sequence[Daily]) -> Iterator[tuple[bytes, bytes]]:
    """Yield a digest of what names each row of results, and one of what it tells.

    Rows that nothing tells apart are told apart by their order.
    """
    seen: set[bytes] = set()
    again: Counter[bytes] = Counter()
    for one in daily:
        place = _digest((match_key(one.creator), _key(one.platform), _key(one.offer), one.day, one.post))
        if place in seen:
            again[place] += 1
            place = _digest((place.hex(), again[place]))
        else:
            seen.add(place)
        yield place, _digest(FIGURES_OF(one))


def _key(name: str | None) -> str | None:
    return None if name is None else match_key(name)


def _result(run: int, digests: tuple[bytes, bytes], one: Daily) -> tuple[Any, ...]:
    place, figures = digests
    day = None if one.day is None else one.day.isoformat()
    return place, run, figures, one.creator, one.platform, one.offer, day, one.post, *FIGURES_OF(one)


def _digest(values: Sequence[Any]) -> bytes:
    return blake2b(_encode(values), digest_size=16).digest()
