"""Plans, forecasts, frontiers, trade-offs and histories as CSV, safe to open in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from microopt.analysis.forecast_table import ForecastTable, OfferForecast
from microopt.analysis.frontier.result import Frontier, FrontierPoint
from microopt.analysis.tradeoff.pareto import ParetoFront, ParetoPoint
from microopt.analysis.tradeoff.risk_front import RiskFront
from microopt.campaign.calendar import WAVE
from microopt.campaign.earnings import EARNINGS
from microopt.campaign.metrics import METRICS, metrics_of
from microopt.campaign.progress import RESULT_METRICS
from microopt.inflight.history.result import History, HistoryEntry
from microopt.plan.expected_spend import can_decline
from microopt.plan.plan import DAYS, Pick, Plan, Totals
from microopt.quantities.records import column_of, some_have
from microopt.quantities.tables import values_of
from microopt.rendering.data.csv_text import (
    cells_of,
    csv_text,
    money_cells,
    text_cell,
    text_cells,
    thousandths_cells,
    whole_cells,
)
from microopt.rendering.wording.costs import pick_extras, plan_extras
from microopt.rendering.wording.history import STATES, creators_entering
from microopt.roster.extra_costs import COST_LINES, FEE_EXTRAS, OFFER_EXTRAS, SEEDING, amount_column

TOTALS_COLUMNS = ("creators", "spend", *METRICS)
PLAN_COLUMNS = (
    *("creator", "offer", "platform", "tier", "niche", "region", "followers", "fee", "fee_estimated", "cost"),
    *METRICS,
    "units",
)
CREATOR_COSTS = (SEEDING, *OFFER_EXTRAS)
RATES = ("cpm", "cpe", "cpc", "cpa", "roas")
MORE_RATES = ("profit", "emv")  # only where they are asked for
FORECAST_COLUMNS = (
    *(
        "creator",
        "offer",
        "platform",
        "tier",
        "followers",
        "fee",
        "fee_origin",
        "fee_high",
        "usual_fee",
        "cost",
        "fee_multiple",
    ),
    *(f"{name}{part}" for name in METRICS for part in ("", "_low", "_high", "_origin")),
    *RATES,
)
TARGET_COLUMNS = ("target_share", "target_share_origin")
FRONTIER_COLUMNS = (
    *("budget", "status", "value", "bound", "spend", "creators", *METRICS),
    *("next_better_budget", "next_better_least"),
)
HISTORY_COLUMNS = (
    *("made_at", "plan", "seal", "previous", "status", "creators", "spend", "currency", *METRICS),
    *("gain", "gain_share", "added", "dropped", *(state.value for state in STATES)),
    *("results_as_of", *(f"results_{name}" for name in RESULT_METRICS), "planned_for"),
)


def plan_csv(plan: Plan) -> str:
    """Return one row per pick, with a header; waves and lines of extra costs are columns where the plan has them."""
    paid = plan_extras(plan)
    extras = [name for name in COST_LINES if name in paid]
    columns = {**_pick_columns(plan.picks), **_extra_columns(plan.picks, extras)}
    if plan.by_wave:
        columns[WAVE] = text_cells(column_of(plan.picks, WAVE))
        columns |= {name: _day_cells(plan.picks, name) for name in DAYS if some_have(plan.picks, name)}
    if plan.totals.profit is not None:
        columns |= {name: money_cells(column_of(plan.picks, name)) for name in EARNINGS}
    if can_decline(plan):
        chances = column_of(plan.picks, "acceptance")
        columns["chance_of_yes"] = cells_of(
            chances, lambda chance: _decimal(1.0 if chance is None else float(chance), 3)
        )
    return csv_text(columns, zip(*columns.values(), strict=True))


def _day_cells(picks: Sequence[Pick], name: str) -> list[str]:
    return ["" if day is None else day.isoformat() for day in values_of(column_of(picks, name))]


def _extra_column(line: str) -> str:
    """Return the column of a line of costs, under a name that is read back as what it is."""
    return amount_column(line) if line in FEE_EXTRAS else line if line in CREATOR_COSTS else f"{line}_cost"


def _extra_columns(picks: Sequence[Pick], extras: Sequence[str]) -> dict[str, list[str]]:
    paid = list(map(pick_extras, picks)) if extras else []
    return {_extra_column(name): money_cells([own.get(name, 0) for own in paid]) for name in extras}


def forecast_csv(outlook: ForecastTable) -> str:
    """Return one row per offer, with a header; profit, EMV and shares on target where the campaign asks for them."""
    more = [name for name in MORE_RATES if any(name in offer.rates for offer in outlook.offers)]
    target = () if outlook.campaign.target_audience is None else TARGET_COLUMNS
    rows = (
        [
            *_forecast_cells(offer),
            *(_rate(name, offer.rates[name]) for name in more),
            *(_target_cells(offer) if target else ()),
        ]
        for offer in outlook.offers
    )
    return csv_text((*FORECAST_COLUMNS, *more, *target), rows)


def tradeoff_csv(front: ParetoFront) -> str:
    """Return one row per Pareto point, with a header: point 1 has the most of the first metric."""
    shares = (f"share_{metric}" for metric in front.metrics)
    header = ("point", "status", "equal_weights", *TOTALS_COLUMNS, *shares, "weight_from", "weight_to")
    return csv_text(header, (_pareto_cells(front, number, point) for number, point in enumerate(front.points)))


def risk_front_csv(front: RiskFront) -> str:
    """Return one row per plan, with a header: point 1 is the best on average."""
    header = ("point", "status", "gap", "weight", "mean", "worst", "fresh", *TOTALS_COLUMNS, "added", "dropped")
    rows = (
        [
            str(number),
            text_cell(point.status),
            repr(point.gap),
            *(repr(float(amount)) for amount in (point.weight, point.mean, point.worst, point.fresh)),
            *_totals_cells(point.totals),
            *(text_cell("|".join(names)) for names in (point.added, point.dropped)),
        ]
        for number, point in enumerate(front.points, 1)
    )
    return csv_text(header, rows)


def frontier_csv(frontier: Frontier) -> str:
    """Return one row per budget, with a header; unknown cells are empty, a tier without picks is 0."""
    tiers = (text_cell(f"{tier}_{name}") for tier in frontier.tiers for name in TOTALS_COLUMNS)
    has_profit = any(point.totals is not None and point.totals.profit is not None for point in frontier.points)
    rows = (
        [
            *_frontier_cells(point, frontier.tiers),
            _roas(point.totals),
            text_cell("|".join(added)),
            *([_money(None if point.totals is None else point.totals.profit)] if has_profit else ()),
        ]
        for point, added in zip(frontier.points, frontier.added, strict=True)
    )
    return csv_text((*FRONTIER_COLUMNS, *tiers, "names", "roas", "new", *(("profit",) if has_profit else ())), rows)


def history_csv(history: History) -> str:
    """Return one row per plan, with a header; several names in one cell are separated by bars."""
    return csv_text(HISTORY_COLUMNS, ([*_history_cells(entry)] for entry in history.entries))


def _money(cents: int | None) -> str:
    return "" if cents is None else f"{cents / 100:.2f}"


def _decimal(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def _yes_no(flag: bool) -> str:
    return "yes" if flag else "no"


def _pick_columns(picks: Sequence[Pick]) -> dict[str, list[str]]:
    """Return the cells of each column: of tens of thousands of picks, row by row takes five times as long."""
    metrics = metrics_of(picks[0].metrics) if picks else METRICS
    facts = {name: column_of(picks, name) for name in PLAN_COLUMNS if name not in METRICS}
    cells = {name: text_cells(facts[name]) for name in ("creator", "offer", "platform", "tier", "region")}
    cells |= {name: money_cells(facts[name]) for name in ("fee", "cost")}
    cells |= {name: whole_cells(facts[name]) for name in ("followers", "units")}
    cells |= {name: thousandths_cells(column_of(picks, "metrics", name)) for name in metrics}
    cells["niche"] = cells_of(facts["niche"], lambda values: text_cell("|".join(values)))
    cells["fee_estimated"] = cells_of(facts["fee_estimated"], _yes_no)
    return {name: cells[name] for name in (*PLAN_COLUMNS, *metrics[len(METRICS) :])}


def _forecast_cells(offer: OfferForecast) -> list[str]:
    words = (offer.creator, offer.offer, offer.platform, offer.tier)
    fees = (_money(offer.fee), offer.fee_origin, _yes_no(offer.fee_high), _money(offer.usual_fee), _money(offer.cost))
    multiple = "" if offer.fee_multiple is None else _decimal(offer.fee_multiple, 2)
    cells = [*map(text_cell, words), str(offer.followers), *fees, multiple]
    for name in METRICS:
        figure = offer.figures[name]
        cells += [*(_decimal(value, 3) for value in (figure.mean, figure.low, figure.high)), figure.origin]
    return [*cells, *(_rate(name, offer.rates[name]) for name in RATES)]


def _target_cells(offer: OfferForecast) -> list[str]:
    """Return a cell for each of `TARGET_COLUMNS`."""
    share = offer.on_target
    return ["", ""] if share is None else [_decimal(share.share, 4), share.origin]


def _rate(name: str, value: float | None) -> str:
    """Return a rate; all but the ROAS are in cents."""
    return "" if value is None else f"{round(value if name == 'roas' else value / 100, 4):.4f}"


def _totals_cells(totals: Totals | None) -> list[str]:
    """Return a cell for each of `TOTALS_COLUMNS`."""
    if totals is None:
        return [""] * len(TOTALS_COLUMNS)
    metrics = (f"{totals.metrics[name] / 1000:.3f}" for name in METRICS)
    return [str(totals.creators), _money(totals.spend), *metrics]


def _roas(totals: Totals | None) -> str:
    if totals is None or totals.revenue is None or not totals.spend:
        return ""
    return _decimal(totals.revenue / totals.spend, 4)


def _pareto_cells(front: ParetoFront, number: int, point: ParetoPoint) -> list[str]:
    shares = [front.share(point, metric) for metric in front.metrics]
    shares += [None, None] if point.weights is None else [point.weights.low, point.weights.high]
    decimals = (_decimal(None if share is None else float(share), 6) for share in shares)
    return [
        str(number + 1),
        text_cell(point.status),
        _yes_no(number == front.balanced),
        *_totals_cells(point.totals),
        *decimals,
    ]


def _frontier_cells(point: FrontierPoint, tiers: Sequence[str]) -> list[str]:
    creators, spend, *metrics = _totals_cells(point.totals)
    value, bound = ("" if amount is None else repr(float(amount)) for amount in (point.objective, point.bound))
    better = point.next_better
    next_budgets = (None, None) if better is None else (better.budget, better.lower_bound)
    head = (_money(point.budget), text_cell(point.status), value, bound, spend, creators)
    cells = [*head, *metrics, *map(_money, next_budgets)]
    for tier in tiers:
        absent = point.totals is not None and tier not in point.mix
        cells += ["0"] * len(TOTALS_COLUMNS) if absent else _totals_cells(point.mix.get(tier))
    return [*cells, text_cell("|".join(point.creators))]


def _history_cells(entry: HistoryEntry) -> Iterator[str]:
    totals, gain, results = entry.totals, None if entry.replan is None else entry.replan.gain, entry.results
    creators, spend, *metrics = _totals_cells(totals)
    yield from map(text_cell, (entry.made_at or "", entry.path, entry.seal, entry.previous or "", entry.status))
    yield from (creators, spend, text_cell(entry.currency), *metrics)
    yield _decimal(None if gain is None else float(gain.objective), 6)
    yield _decimal(None if gain is None or gain.share is None else float(gain.share), 6)
    yield text_cell("|".join(change.creator for change in entry.added))
    yield text_cell("|".join(change.creator for change in entry.dropped))
    yield from (text_cell("|".join(creators_entering(entry, state))) for state in STATES)
    yield text_cell("" if results is None else results.as_of or "")
    yield from (_decimal(None if results is None else results.metrics.get(name), 3) for name in RESULT_METRICS)
    yield text_cell(entry.planned_for or "")
