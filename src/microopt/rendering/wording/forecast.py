"""The sentences of a forecast: what the offers cost for what they bring, how the fees compare, how sure that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from microopt.analysis.forecast_table import ForecastTable, OfferForecast
from microopt.files.reading import source_name
from microopt.quantities.parse_and_format import format_money, format_number_of, format_percent, join_words
from microopt.rendering.wording.high_fees import (
    estimate_basis,
    expected_from_estimate,
    high_fee_sentences,
    is_flagged,
    market_level,
)
from microopt.rendering.wording.industry_estimates import WHOLE, industry_estimates
from microopt.rendering.wording.plan_figures import count_creators
from microopt.rendering.wording.rate_adjustments import rate_adjustments

ORIGIN_MARKS = {"own": "=", "shrunk": "*", "default": "°", "estimated": "~"}
MARK_MEANINGS = {
    "own": "= your list's own figure",
    "shrunk": "* your list's rate, adjusted for a small sample",
    "default": "° an industry estimate",
    "estimated": "~ an estimate",
}
ORIGIN_NAMES = {
    "own": "your list's own figures",
    "shrunk": "your list's rates",
    "default": "industry estimates",
    "estimated": "estimates",
}
MAIN_METRICS = ("engagements", "conversions")


def forecast_head(forecast: ForecastTable) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): what the offers cost for what they bring, the fees, and what the figures rest on."""
    yield "main fact", f"{_size(forecast)}{_cost_per_engagement(forecast)}"
    yield from high_fee_sentences(forecast.offers, forecast.roster.usual_fees, hints=False)
    if basis := " ".join(_basis(forecast)):
        yield "fact", basis


def _size(forecast: ForecastTable) -> str:
    roster = forecast.roster
    offers = format_number_of(len(forecast.offers), "offer")
    creators = count_creators(roster.considered)
    filtered = f" ({count_creators(roster.filtered)} filtered out)" if roster.filtered else ""
    return f"{source_name(roster.source.path)}: {offers} from {creators}{filtered}"


def _cost_per_engagement(forecast: ForecastTable) -> str:
    """Return the typical cost per engagement and the offer with the lowest one, to follow the size of the list.

    Estimated fees do not count: the lowest is hardly what the creator asks.
    """
    stated = (offer for offer in forecast.offers if not offer.fee_estimated)
    costs = [(cents, offer) for offer in stated if (cents := offer.rates["cpe"])]
    if not costs:
        return ""
    currency = forecast.roster.currency
    typical = format_money(round(median(cents for cents, _ in costs)), currency, whole_units=False)
    lowest, offer = min(costs, key=lambda pair: pair[0])
    name = f"{offer.creator} {offer.offer}".rstrip()
    cheapest = f"; the cheapest is {name} at {format_money(round(lowest), currency, whole_units=False)}"
    return f", typically {typical} per engagement{cheapest if len(costs) > 1 else ''}"


def _basis(forecast: ForecastTable) -> Iterator[str]:
    """Yield which figures the main results rest on: last, and at once, of those that are all industry estimates."""
    shares_of = {metric: forecast.origin_shares.get(metric, {}) for metric in MAIN_METRICS}
    for metric, shares in shares_of.items():
        whole = _whole(shares)
        if whole is None and shares:
            names = {origin: _origin_name(forecast, metric, origin) for origin in shares}
            parts = [f"{format_percent(share)} on {names[origin]}" for origin, share in shares.items()]
            yield f"The {metric} are based {join_words(parts)}."
        elif whole is not None and whole != "default":
            yield f"All {metric} are based on {_origin_name(forecast, metric, whole)}."
    yield from industry_estimates({name: 1.0 for name, shares in shares_of.items() if _whole(shares) == "default"})


def _origin_name(forecast: ForecastTable, metric: str, origin: str) -> str:
    """Return what figures rest on, and what rates of the list are adjusted for."""
    adjustments = ["small samples"] if origin == "shrunk" else []
    if metric == "engagements" and origin in ("own", "shrunk"):
        adjustments = rate_adjustments(forecast.campaign, shrunk=origin == "shrunk")
    name = ORIGIN_NAMES[origin]
    if origin == "shrunk" and forecast.roster.source.posts_sha256 is not None:
        name = "your list's rates and past posts"
    return f"{name} (adjusted for {join_words(adjustments)})" if adjustments else name


def _whole(shares: Mapping[str, float]) -> str | None:
    """Return the origin of all of a metric's results, None if there are several."""
    return next((origin for origin, share in shares.items() if share >= WHOLE), None)


def common_origins(forecast: ForecastTable) -> dict[str, str]:
    """Return by metric the origin of most offers' figures, which need no mark; none where no origin has most."""
    common = {}
    for metric in forecast.offers[0].figures if forecast.offers else ():
        (origin, count), *_ = Counter(offer.figures[metric].origin for offer in forecast.offers).most_common(1)
        if count > len(forecast.offers) / 2:
            common[metric] = origin
    return common


def mark_sentence(forecast: ForecastTable, metrics: Sequence[str], offers: Sequence[OfferForecast]) -> str:
    """Return what the marks in these columns and of the fees of these offers mean, empty if there are none."""
    common, facts = common_origins(forecast), forecast.roster.usual_fees
    origins = {
        figure.origin
        for offer in offers
        for name in metrics
        if (figure := offer.figures[name]).origin != common.get(name)
    }
    meanings = [meaning for origin, meaning in MARK_MEANINGS.items() if origin in origins]
    if forecast.roster.source.posts_sha256 is not None:
        meanings = [meaning.replace("rate,", "rate or past posts,") for meaning in meanings]
    if any(offer.fee_estimated for offer in offers):
        expected = expected_from_estimate(forecast.offers, forecast.campaign, facts)
        meanings.append(f"~ a fee estimated {estimate_basis(facts)}: {expected}")
    level = market_level(forecast.offers, facts)
    if any(is_flagged(offer, level) for offer in offers):
        compared = "the usual fee" if level is None else "the other fees"
        meanings.append(f"! well above {compared}")
    return " · ".join(meanings)
