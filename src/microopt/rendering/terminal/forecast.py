"""A forecast as a table for a person: the results of each offer, with their range and origin."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from rich.console import RenderableType
from rich.text import Text

from microopt.analysis.forecast_table import ForecastTable, ForecastValue, OfferForecast
from microopt.campaign.earnings import PROFIT
from microopt.forecast.forecast import Origin
from microopt.plan.likely_range import LikelyRange
from microopt.quantities.parse_and_format import format_count, format_money, format_percent
from microopt.rendering.terminal.screen import WARNING, Screen, cell, message_lines, notes_and_warnings
from microopt.rendering.terminal.table import Column, figure, shown_headings, table
from microopt.rendering.wording.forecast import ORIGIN_MARKS, common_origins, forecast_head, mark_sentence
from microopt.rendering.wording.high_fees import fee_multiple, is_flagged, market_level, usual_fee_name
from microopt.rendering.wording.plan_figures import TOTALS_HEADINGS, format_earning, format_metric, platform_label
from microopt.rendering.wording.plan_head import format_likely_range

LEGEND = "Below a figure: its 80% likely range."
FEE_LEGEND = " Below a fee: how many times {} it is."
TARGET_LEGEND = "Target: the share of the audience whom the campaign is to reach"
TARGET_ASSUMED = "; ° assumed, not in your list"
FIT_LEGEND = "Fit multiplies engagements and conversions."
SHOWN = 50
MIN_NAME_WIDTH, MAX_NAME_WIDTH = 30, 44  # the least shows the followers of "TikTok video · micro · 54.1k"
WIDE = 100  # columns from which headings are written in full
METRICS = ("reach", "impressions", "engagements", "conversions")
HEADINGS = {name: TOTALS_HEADINGS[name] for name in METRICS} | {"reach": ("Reach", "")}  # of one post, so not gross
PRIORITIES = {"impressions": 2, "reach": 1}  # which columns go first on a narrow screen


def forecast_table(forecast: ForecastTable, screen: Screen) -> str:
    """Return the forecast as text."""
    columns, shown = _columns(forecast), forecast.offers[:SHOWN]
    parts: list[RenderableType] = [
        *message_lines(forecast_head(forecast)),
        "",
        *table(columns, shown, screen, wide=WIDE),
        *_legend(forecast, shown_headings(columns, shown, screen, wide=WIDE)),
        *notes_and_warnings(forecast.notes, forecast.warnings),
    ]
    return screen.render(*parts)


def _columns(forecast: ForecastTable) -> list[Column[OfferForecast]]:
    currency, common, level = forecast.roster.currency, common_origins(forecast), _market_level(forecast)

    def metric(name: str) -> Callable[[OfferForecast], Text]:
        return lambda offer: _figure(offer.figures[name], name, common)

    def cpe(offer: OfferForecast) -> str:
        cents = offer.rates["cpe"]
        return "-" if cents is None else format_money(round(cents), currency, whole_units=cents >= 100_00)

    columns = [
        Column("Creator", _name, min_width=MIN_NAME_WIDTH, max_width=MAX_NAME_WIDTH),
        figure("Fee", lambda offer: _fee(offer, currency, level)),
        *(
            figure(heading, metric(name), short_heading=short, priority=PRIORITIES.get(name, 0))
            for name, (heading, short) in HEADINGS.items()
        ),
        figure("CPE", cpe),
    ]
    if forecast.campaign.target_audience is not None:
        columns.insert(2, figure("On target", _share_on_target, short_heading="Target"))
    if any(offer.fit is not None for offer in forecast.offers):
        columns.append(figure("Fit", _fit, priority=2, legend=FIT_LEGEND))
    return [*columns, *_earnings(forecast)]


def _fit(offer: OfferForecast) -> str:
    return "-" if offer.fit is None else f"{offer.fit:.2g}"


def _earnings(forecast: ForecastTable) -> Iterator[Column[OfferForecast]]:
    """Yield what an offer earns, where the value of an order is known; the first columns to go on a narrow screen."""
    currency = forecast.roster.currency

    def money(name: str) -> Callable[[OfferForecast], str]:
        def value(offer: OfferForecast) -> str:
            cents = offer.rates.get(name)
            return "-" if cents is None else format_earning(round(cents), currency)

        return value

    def roas(offer: OfferForecast) -> str:
        ratio = offer.rates["roas"]
        return "-" if ratio is None else f"{ratio:.2f}x"

    rates = [offer.rates for offer in forecast.offers]
    if all(each.get("roas") is None for each in rates):
        return
    yield figure("ROAS", roas, priority=3)
    if any(each.get(PROFIT) is not None for each in rates):
        yield figure("Profit", money(PROFIT), priority=4)
    yield figure("CPA", money("cpa"), priority=5)


def _market_level(forecast: ForecastTable) -> float | None:
    return market_level(forecast.offers, forecast.roster.usual_fees)


def _name(offer: OfferForecast) -> Text:
    post = f"{platform_label(offer.platform)} {offer.offer}".strip()
    facts = " · ".join(filter(None, (post, offer.tier, format_count(offer.followers))))
    return cell(offer.creator).append("\n").append_text(cell(f"  {facts}", "dim"))


def _share_on_target(offer: OfferForecast) -> Text:
    if offer.on_target is None:
        return Text("-")
    mark = "" if offer.on_target.origin == Origin.OWN.label else ORIGIN_MARKS[offer.on_target.origin]
    return Text(format_percent(offer.on_target.share) + mark)


def _fee(offer: OfferForecast, currency: str, level: float | None) -> Text:
    flagged = is_flagged(offer, level)
    amount = format_money(offer.fee, currency, whole_units=True if offer.fee >= 1000 else None)
    mark, style = "~" if offer.fee_estimated else "!" if flagged else "", WARNING if flagged else ""
    multiple = fee_multiple(offer)
    below = "" if multiple is None else f"\n{multiple:.1f}x"
    return Text.assemble((amount + mark, style), (below, style or "dim"))


def _figure(value: ForecastValue, metric: str, common: Mapping[str, str]) -> Text:
    mean = format_metric(metric, round(value.mean * 1000))
    mark = "" if value.origin == common.get(metric) else ORIGIN_MARKS[value.origin]
    likely = LikelyRange(low=round(value.low * 1000), high=round(value.high * 1000))
    return Text(mean + mark).append(f"\n{format_likely_range(likely)}", style="dim")


def _legend(forecast: ForecastTable, headings: Collection[str]) -> Iterator[Text]:
    """Yield what the marks mean that some figure below these headings has."""
    offers = forecast.offers[:SHOWN]
    rest = len(forecast.offers) - SHOWN
    if rest > 0:
        yield Text(f"… and {rest:,} more. For all of them: -o forecast.csv (or .json)", style="dim")
    compared = any(fee_multiple(offer) is not None for offer in offers)
    fees = FEE_LEGEND.format(usual_fee_name(forecast.roster.usual_fees)) if compared else ""
    yield Text(LEGEND + fees, style="dim")
    if forecast.campaign.target_audience is not None:
        assumed = any(offer.on_target is not None and offer.on_target.origin != Origin.OWN.label for offer in offers)
        yield Text(f"{TARGET_LEGEND}{TARGET_ASSUMED if assumed else ''}.", style="dim")
    metrics = [name for name in METRICS if HEADINGS[name][0] in headings]
    if marks := mark_sentence(forecast, metrics, offers):
        yield cell(marks, "dim")
