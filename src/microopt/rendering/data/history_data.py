"""A history as one JSON object (`microopt.history/1`), as CSV with one row a night, or as Markdown."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import msgspec

from microopt.campaign.metrics import METRICS
from microopt.campaign.results import SEEN
from microopt.inflight.history.result import History, HistoryEntry
from microopt.plan.document.replan import replan_document
from microopt.quantities.parse_and_format import print_count, print_money
from microopt.rendering.sanitize import markdown, spreadsheet, utf8
from microopt.rendering.wording.history import STATES, gain_words, last_lines, night_lines, title, turned, when
from microopt.rendering.wording.plan_figures import print_conversions


def history_json(history: History) -> str:
    """Return the history as JSON; money in the currency's unit, shares as fractions."""
    value = {
        "schema": "microopt.history/1",
        "microopt": version("microopt"),
        "source": history.source,
        "earlier": history.earlier,
        "nights": [_object(night) for night in history.nights],
        "notes": list(history.notes),
        "warnings": list(history.warnings),
    }
    return utf8(json.dumps(value, indent=2, ensure_ascii=False)) + "\n"


def _object(night: HistoryEntry) -> dict[str, Any]:
    totals, results = night.totals, night.results
    step = None if night.replan is None else msgspec.to_builtins(replan_document(night.replan))
    return {
        "path": night.path,
        "seal": night.seal,
        "previous": night.previous,
        "on": night.on,
        "name": night.name,
        "status": night.status,
        "currency": night.currency,
        "budget": None if night.budget is None else night.budget / 100,
        "creators": totals.creators,
        "spend": totals.spend / 100,
        **{name: totals.metrics[name] / 1000 for name in METRICS},
        "revenue": None if totals.revenue is None else totals.revenue / 100,
        "gain": None if step is None else step["gain"],
        "obstacle": "" if step is None else step["obstacle"],
        "switches": [] if step is None else step["switches"],
        "turns": [{"creator": turn.creator, "from": turn.before, "to": turn.after} for turn in night.turns],
        "results": None
        if results is None
        else {
            "creators": results.creators,
            "posts": results.posts,
            "as_of": results.as_of,
            **{name: results.metrics.get(name) for name in SEEN},
        },
        "gap": night.gap,
        "forks": list(night.forks),
    }


def history_csv(history: History) -> str:
    """Return the nights as CSV text with a header; several names of a cell stand between bars."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        [
            "on",
            "plan",
            "seal",
            "previous",
            "status",
            "creators",
            "spend",
            "currency",
            *METRICS,
            "gain",
            "gain_share",
            "came",
            "left",
            *(state.value for state in STATES),
            "results_as_of",
            *(f"results_{name}" for name in SEEN),
        ]
    )
    for night in history.nights:
        writer.writerow([spreadsheet(utf8(text)) for text in _cells(night)])
    return out.getvalue()


def _cells(night: HistoryEntry) -> Iterator[str]:
    totals, gain = night.totals, None if night.replan is None else night.replan.gain
    yield from (night.on or "", night.path, night.seal, night.previous or "", night.status, str(totals.creators))
    yield from (f"{totals.spend / 100:.2f}", night.currency)
    yield from (f"{totals.metrics[name] / 1000:.3f}" for name in METRICS)
    yield "" if gain is None else f"{float(gain.value):.6f}"
    yield "" if gain is None or gain.share is None else f"{float(gain.share):.6f}"
    yield "|".join(one.creator for one in night.came)
    yield "|".join(one.creator for one in night.left)
    yield from ("|".join(turned(night, state)) for state in STATES)
    results = night.results
    yield "" if results is None else results.as_of or ""
    yield from (
        "" if results is None or name not in results.metrics else f"{results.metrics[name]:.3f}" for name in SEEN
    )


def history_markdown(history: History) -> str:
    """Return the history as a Markdown table, and what each night changed as a list."""
    head = "| When (UTC) | Creators | Cost | Engagements | Conversions | Gain |"
    lines = [head, "| --- | --: | --: | --: | --: | --: |"]
    lines += [_row(night) for night in history.nights]
    blocks = [f"# {markdown(title(history))}", "\n".join(lines)]
    for night in history.nights:
        told = "\n".join(f"- {_listed(line)}" for line in night_lines(night))
        blocks += [f"## {when(night)}\n\n{told}"] if told else []
    last = "\n".join(f"- {markdown(told)}" for _, told in last_lines(history))
    return utf8("\n\n".join([*blocks, last] if last else blocks)) + "\n"


def _row(night: HistoryEntry) -> str:
    totals = night.totals
    figures = (
        when(night),
        f"{totals.creators:,}",
        print_money(totals.spend, night.currency),
        print_count(totals.metrics["engagements"] / 1000),
        print_conversions(totals.metrics["conversions"]),
        gain_words(night),
    )
    return f"| {' | '.join(markdown(figure) for figure in figures)} |"


def _listed(line: str) -> str:
    """Return a line as an item: a sign at its front would begin a list of its own."""
    sign, _, rest = line.partition(" ")
    word = {"+": "Came:", "-": "Left:"}.get(sign)
    return markdown(line) if word is None else f"{word} {markdown(rest)}"
