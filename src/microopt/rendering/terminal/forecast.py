"""A forecast as a table for a person: the results of each offer, with their range and origin."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich.console import RenderableType
from rich.text import Text

from microopt.analysis.forecast_table import ForecastTable, ForecastValue, OfferForecast
from microopt.quantities.parse_and_format import format_count, format_money, format_percent
from microopt.rendering.terminal.screen import Screen, cell, notes_and_warnings
from microopt.rendering.terminal.table import Column, figure, table
from microopt.rendering.wording.plan_figures import fee_estimate_range, format_conversions, source_name

RANGE_LEGEND = "below each name its platform, tier and followers; below each figure where eight of ten fall"
ORIGIN_MARKS = {"own": "", "shrunk": "*", "default": "°", "estimated": "~"}
MARK_MEANINGS = {
    "shrunk": "* the roster's figure, drawn towards what is usual for the size",
    "default": "° a public benchmark",
    "estimated": "~ estimated",
}
ORIGIN_NAMES = {
    "own": "the roster's own figures",
    "shrunk": "the roster's figures drawn towards the usual",
    "default": "public benchmarks",
    "estimated": "estimates",
}
SHOWN = 50
MIN_NAME_WIDTH, MAX_NAME_WIDTH = 26, 44
# By heading, the metric; and which columns go first on a narrow screen.
METRIC_COLUMNS = {"Reach": "reach", "Views": "impressions", "Engagements": "engagements", "Conversions": "conversions"}
PRIORITIES = {"Views": 2, "Reach": 1}


def forecast_table(forecast: ForecastTable, screen: Screen) -> str:
    """Return the forecast as text."""
    roster = forecast.roster
    filtered = f" ({roster.filtered:,} filtered out)" if roster.filtered else ""
    counts = f"{roster.creators:,} creators{filtered} · {len(forecast.offers):,} offers"
    parts: list[RenderableType] = [
        cell(f"{source_name(roster.source.path)} · {counts}", "bold"),
        Text(RANGE_LEGEND, style="dim"),
        "",
        *_offers(forecast, screen),
        *_legend(forecast),
        "",
        *map(cell, origin_sentences(forecast)),
        *notes_and_warnings(forecast.notes, forecast.warnings),
    ]
    return screen.render(*parts)


def _offers(forecast: ForecastTable, screen: Screen) -> Iterator[RenderableType]:
    currency = forecast.roster.currency

    def metric(name: str) -> Callable[[OfferForecast], Text]:
        return lambda offer: _figure(offer.figures[name], name)

    def cpe(offer: OfferForecast) -> str:
        cents = offer.rates["cpe"]
        return "-" if cents is None else format_money(round(cents), currency)

    columns = [
        Column("Creator", _name, min_width=MIN_NAME_WIDTH, max_width=MAX_NAME_WIDTH),
        figure("Fee", lambda offer: _fee(offer, currency)),
        *(
            figure(heading, metric(name), priority=PRIORITIES.get(heading, 0))
            for heading, name in METRIC_COLUMNS.items()
        ),
        figure("CPE", cpe),
    ]
    return table(columns, forecast.offers[:SHOWN], screen)


def _name(offer: OfferForecast) -> Text:
    name = cell(offer.creator)
    name.append_text(cell(f" {offer.offer}" if offer.offer else "", "dim"))
    facts = " · ".join(filter(None, (offer.platform, offer.tier, format_count(offer.followers))))
    return name.append("\n").append_text(cell(f"  {facts}", "dim"))


def _fee(offer: OfferForecast, currency: str) -> Text:
    fee = Text(format_money(offer.fee, currency, whole_units=offer.fee >= 1000))
    fee.append("~" if offer.fee_origin == "estimated" else "!" if offer.fee_high else "")
    if offer.fee_high and offer.usual_fee is not None:
        fee.append(f"\nusual {format_money(offer.usual_fee, currency, whole_units=True)}", style="dim")
    return fee


def _figure(value: ForecastValue, metric: str) -> Text:
    def amount(value: float) -> str:
        return format_conversions(round(value * 1000)) if metric == "conversions" else format_count(value)

    text = Text(amount(value.mean) + ORIGIN_MARKS[value.origin])
    return text.append(f"\n{amount(value.low)}..{amount(value.high)}", style="dim")


def _legend(forecast: ForecastTable) -> Iterator[Text]:
    rest = len(forecast.offers) - SHOWN
    if rest > 0:
        yield Text(f"… and {rest:,} more: write them all with -o forecast.csv (or .json)", style="dim")
    if marks := mark_sentence(forecast):
        yield Text(marks, style="dim")


def mark_sentence(forecast: ForecastTable) -> str:
    """Return what the marks of the figures mean, empty if there are none."""
    origins = {value.origin for offer in forecast.offers for value in offer.figures.values()}
    origins |= {offer.fee_origin for offer in forecast.offers}
    meanings = [meaning for origin, meaning in MARK_MEANINGS.items() if origin in origins]
    if "estimated" in origins:
        meanings[-1] += " fee: expect {:g} to {:g} times as much".format(*fee_estimate_range(forecast.campaign))
    high = sum(offer.fee_high for offer in forecast.offers)
    if high:
        is_market = high > len(forecast.offers) / 2
        reason = ": your market may be more expensive than the industry estimate" if is_market else ""
        meanings.append(f"! well above the usual fee ({high:,} of {len(forecast.offers):,}{reason})")
    return " · ".join(meanings)


def origin_sentences(forecast: ForecastTable) -> Iterator[str]:
    """Yield for the main results what share of them rests on which figures."""
    for metric in ("engagements", "conversions"):
        shares = forecast.origin_shares.get(metric, {})
        if shares:
            parts = (f"{format_percent(share)} on {ORIGIN_NAMES[origin]}" for origin, share in shares.items())
            yield f"Of the {metric}, {', '.join(parts)}."
