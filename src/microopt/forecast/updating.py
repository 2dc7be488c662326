"""What the results so far teach of posts to come: of everybody's on a platform first, then of each creator's own.

Engagement and views are normal on logs, as in `shrinkage`: of a creator of whom m and v were known, n posts whose mean
log result lies r above m leave

    v' = 1 / (1/v + n/sw²),  m' = m + r v' n/sw²

(Gelman et al., Bayesian Data Analysis, ch. 2.5 and 5). Clicks a view, and conversions a click or an engagement, are
rates with a gamma prior of shape a and mean p: after y of x they are p (a + y)/(a + p x); of conversions a click, a is
p times `prior_clicks`, as in `conversion`.

Before that, all of a platform move by a shift that the same results teach (a campaign's product, landing page or brief
is met by everybody); see `shift`.

What is expected is a mean, and the log of a log-normal result lies below the log of its mean: by half its variance, of
n posts log(1 + (exp(sw²) - 1)/n) (Fenton 1960). So much is added to the logs, or few posts would teach that all of a
platform is worse.

By how much all of a platform is off the forecast: what its own results teach, drawn towards none.

The shift d of a platform, in logs, is N(0, t²). A result whose log lies r above what is expected, known to s², moves it
by a share: d = sum(r/s²) / (1/t² + sum(1/s²)), a random-effects mean (DerSimonian and Laird 1986; BDA ch. 5.4). Counts
are negative binomial, y of mean x exp(d) and shape a: d is the one root of

    d/t² = sum((y - x exp(d)) / (1 + x exp(d)/a)),

their posterior mode. A mean of logs of small counts would lie below the log of their mean: by a quarter at one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.progress import CampaignProgress, PostResults
from microopt.forecast.forecast import Expected, Origin
from microopt.forecast.shrinkage import LOWEST, Prior, Rates, prior, winsorised
from microopt.quantities.keys import match_key
from microopt.roster.contract_status import kept, results_match_offer
from microopt.roster.roster import Roster

ROUNDS, CLOSE, STEP = 100, 1e-10, 1.0


def shift_of_logs(each: NDFloat, variance: NDFloat, spread: float) -> float:
    """Return the shift that log results teach.

    Parameters
    ----------
    each, variance
        (lessons,) unbiased logs of result over expectation, and their variances.
    spread
        Standard deviation of what a platform may be off by, t.
    """
    weight = 1 / variance
    return float((each * weight).sum() / (1 / spread**2 + weight.sum()))


def shift_of_counts(counts: NDFloat, expected: NDFloat, shape: NDFloat, spread: float) -> float:
    """Return the shift that counts teach; see `shift_of_logs`.

    Parameters
    ----------
    expected
        (lessons,) the counts that were expected.
    shape
        (lessons,) of the gamma prior of each creator's own rate.
    """
    shift = 0.0
    for _ in range(ROUNDS):
        likely = expected * np.exp(shift)
        known = 1 + likely / shape
        slope = shift / spread**2 - float(((counts - likely) / known).sum())
        bend = 1 / spread**2 + float((likely * (1 + counts / shape) / known**2).sum())
        step = min(max(slope / bend, -STEP), STEP)
        shift -= step
        if abs(step) < CLOSE:
            break
    return shift


NDFloat = NDArray[np.float64]
LEAST = 0.05  # posts, counted by how much of their results is in, that teach nothing yet
HALF = 0.5  # of a result, so that none has a logarithm too


class Observation(Struct, frozen=True, kw_only=True, eq=False):
    """The results of one creator on a platform.

    Attributes
    ----------
    rows
        The offers of that creator there, all of which they bear on.
    at
        The offer that was posted.
    """

    actual: PostResults
    rows: NDArray[np.intp]
    at: int


def learned(found: Expected, roster: Roster, running: CampaignProgress) -> Expected:
    """Return what is expected once the results so far are known."""
    lessons = list(_lessons(found, roster, running))
    if not lessons:
        return found
    engaged, rates = _engagement(found, roster, lessons)
    viewed = _views(found, roster, lessons)
    clicked = _clicks(found, lessons)
    converted, behind = _conversions(found, lessons)
    by_action = found.by_action
    factors = {
        "engagements": engaged,
        "impressions": viewed,
        "clicks": viewed * clicked,
        "conversions": np.where(by_action, engaged, viewed * clicked) * converted,
    }
    origins = dict(found.origins)
    for lesson in lessons:
        for name in factors:
            if lesson.actual.of(name) is not None:
                origins[name] = origins[name].copy()
                origins[name][lesson.rows] = np.minimum(origins[name][lesson.rows], Origin.SHRUNK)
    metrics = {name: values * factors.get(name, 1.0) for name, values in found.metrics.items()}
    cvr = np.where(by_action, found.cvr, found.cvr * converted)
    return replace(found, rates=rates, metrics=metrics, origins=origins, cvr=cvr, cvr_clicks=behind)


def _lessons(found: Expected, roster: Roster, running: CampaignProgress) -> Iterator[Observation]:
    """Yield the results of each creator who is on the roster, with the offers that they bear on."""
    creators, held = roster.texts["creator"], kept(roster, running)
    wanted = {match_key(actual.creator) for actual in running.actuals if actual.ripe >= LEAST}
    known: dict[str, list[int]] = {}
    for row in np.flatnonzero(creators.holds(wanted)).tolist():
        known.setdefault(match_key(creators[row]), []).append(row)
    for actual in running.actuals:
        rows = known.get(match_key(actual.creator), []) if actual.ripe >= LEAST else []
        posted = sorted(
            (row for row in rows if results_match_offer(roster, row, actual)), key=lambda row: not held[row]
        )
        if posted:
            platform = found.offer.platform
            same = [row for row in rows if platform[row] == platform[posted[0]]]
            yield Observation(actual=actual, rows=np.asarray(same, dtype=np.intp), at=posted[0])


def _engagement(found: Expected, roster: Roster, lessons: list[Observation]) -> tuple[NDFloat, Rates]:
    """Return by how much engagements change, (n,), and the rates after it."""
    mine = [lesson for lesson in lessons if lesson.actual.engagements is not None]
    rates, quantile = found.rates, found.benchmarks.figure("shrinkage", "winsorise")
    spread = np.hypot(rates.creator, rates.post)
    usual = _usual(found, roster, mine)
    each = np.log(np.maximum(_ratio(found, mine, "engagements"), np.exp(-LOWEST * usual.between)))
    at = _at(mine)
    post = rates.post[at]
    each += np.log(winsorised(spread[at], quantile) / winsorised(post, quantile)) + (spread[at] ** 2 - post**2) / 2
    posts = np.asarray([lesson.actual.ripe for lesson in mine])
    unsure = rates.creator[at] ** 2 + post**2 / posts
    below = (post**2 / 2 + np.log(winsorised(post, quantile))) / _published(mine)
    moved = _shifted(found, mine, "engagement", lambda at, t: shift_of_logs((each + below)[at], unsure[at], t))
    creator = rates.creator.copy()
    for lesson, result, ripe in zip(mine, each, posts, strict=True):
        rows = lesson.rows
        sampled = rates.post[rows] ** 2 / ripe
        share = creator[rows] ** 2 / (creator[rows] ** 2 + sampled)
        moved[rows] += share * (result - moved[rows])
        creator[rows] *= np.sqrt(1 - share)
    after = np.hypot(creator, rates.post)
    factor = np.exp(moved + (after**2 - spread**2) / 2) * winsorised(after, quantile) / winsorised(spread, quantile)
    return factor, Rates(mean=rates.mean * factor, creator=creator, post=rates.post)


def _views(found: Expected, roster: Roster, lessons: list[Observation]) -> NDFloat:
    """Return by how much views change, (n,): views vary as engagement does, for want of a public figure."""
    mine = [lesson for lesson in lessons if lesson.actual.impressions is not None]
    at, usual = _at(mine), _usual(found, roster, mine)
    own = found.origins["impressions"][at] == Origin.OWN
    usually = found.benchmarks.figure("shrinkage", "posts")
    seen = np.maximum(np.nan_to_num(roster.number("posts")[at], nan=usually), 1.0)
    known = np.where(own, usual.within**2 / seen, usual.between**2)
    posts = np.asarray([lesson.actual.ripe for lesson in mine])
    each = np.log(np.maximum(_ratio(found, mine, "impressions"), np.exp(-LOWEST * usual.between)))
    each += np.log1p(np.expm1(usual.within**2) / _published(mine)) / 2
    spread = known + usual.within**2 / posts
    moved = _shifted(found, mine, "views", lambda at, t: shift_of_logs((each + known / 2)[at], spread[at], t))
    for i, lesson in enumerate(mine):
        share = known[i] / (known[i] + usual.within[i] ** 2 / posts[i])
        moved[lesson.rows] += share * (each[i] - moved[lesson.rows])
    return np.exp(moved)


def _clicks(found: Expected, lessons: list[Observation]) -> NDFloat:
    """Return by how much clicks a view change, (n,)."""
    mine = [lesson for lesson in lessons if lesson.actual.clicks is not None]
    at = _at(mine)
    seen = _counted(found, mine, "impressions")
    expected = seen * _per(found, at, "clicks", "impressions")
    spread = np.where(found.offer.ctr_spread[at] > 0, found.offer.ctr_spread[at], 1.0)
    own = found.benchmarks.figure("live", "own_clicks")
    shape = 1 / np.where(found.origins["clicks"][at] == Origin.OWN, own, spread) ** 2
    counts = np.asarray([lesson.actual.clicks for lesson in mine], dtype=float)
    return _of_counts(found, mine, counts, expected, shape, "clicks")


def _conversions(found: Expected, lessons: list[Observation]) -> tuple[NDFloat, NDFloat]:
    """Return by how much conversions a click, or an engagement, change, (n,), and the clicks each rate rests on."""
    mine = [lesson for lesson in lessons if lesson.actual.conversions is not None]
    at = _at(mine)
    by_action = found.by_action[at]
    clicks, engaged = _counted(found, mine, "clicks"), _counted(found, mine, "engagements")
    expected = np.where(
        by_action,
        engaged * _per(found, at, "conversions", "engagements"),
        clicks * _per(found, at, "conversions", "clicks"),
    )
    rate = np.where(by_action, _per(found, at, "conversions", "engagements"), found.cvr[at])
    shape = np.maximum(rate * found.cvr_clicks[at], HALF)
    counts = np.asarray([lesson.actual.conversions for lesson in mine], dtype=float)
    behind = found.cvr_clicks.copy()
    for lesson, tried in zip(mine, clicks, strict=True):
        behind[lesson.rows] += tried
    return _of_counts(found, mine, counts, expected, shape, "conversions"), behind


def _of_counts(
    found: Expected, lessons: list[Observation], counts: NDFloat, expected: NDFloat, shape: NDFloat, what: str
) -> NDFloat:
    """Return by how much a rate of counts changes, (n,)."""
    factor = np.exp(
        _shifted(found, lessons, what, lambda at, t: shift_of_counts(counts[at], expected[at], shape[at], t))
    )
    for i, lesson in enumerate(lessons):
        likely = expected[i] * factor[lesson.at]
        factor[lesson.rows] *= (shape[i] + counts[i]) / (shape[i] + likely)
    return factor


def _shifted(
    found: Expected, lessons: list[Observation], what: str, teach: Callable[[NDArray[np.bool_], float], float]
) -> NDFloat:
    """Return the shift of each offer's platform, in logs, (n,), as the lessons there teach it."""
    moved, t = np.zeros(len(found.cvr)), found.benchmarks.figure("live", what)
    codes = found.offer.platform[_at(lessons)]
    for code in np.unique(codes).tolist() if t > 0 else ():
        moved[found.offer.platform == code] = teach(codes == code, t)
    return moved


def _published(lessons: list[Observation]) -> NDFloat:
    """Return how many posts each lesson is of, (lessons,): a post has all of its luck from its first day."""
    posts: NDFloat = np.maximum(np.asarray([lesson.actual.posts for lesson in lessons], dtype=float), 1.0)
    return posts


def _at(lessons: list[Observation]) -> NDArray[np.intp]:
    return np.asarray([lesson.at for lesson in lessons], dtype=np.intp)


def _usual(found: Expected, roster: Roster, lessons: list[Observation]) -> Prior:
    at = _at(lessons)
    return prior(found.benchmarks, found.offer.platform[at], roster.numbers["followers"][at])


def _each(found: Expected, at: NDArray[np.intp], metric: str) -> NDFloat:
    """Return what is expected of one deliverable, 0 of an offer that has none."""
    count = found.offer.count[at]
    each: NDFloat = np.divide(found.metrics[metric][at], count, out=np.zeros_like(count), where=count > 0)
    return each


def _ratio(found: Expected, lessons: list[Observation], metric: str) -> NDFloat:
    """Return what a post brought by what was expected of one, (lessons,)."""
    at = _at(lessons)
    each = _each(found, at, metric)
    brought = np.asarray([(lesson.actual.of(metric) or 0.0) / lesson.actual.ripe for lesson in lessons], dtype=float)
    ratio: NDFloat = np.divide(brought, each, out=np.ones_like(each), where=each > 0)
    return ratio


def _counted(found: Expected, lessons: list[Observation], metric: str) -> NDFloat:
    """Return a total so far, what was expected of the posts where nobody counted it, (lessons,)."""
    at = _at(lessons)
    each = _each(found, at, metric)
    totals = [lesson.actual.of(metric) for lesson in lessons]
    likely = [float(one) * lesson.actual.ripe for one, lesson in zip(each, lessons, strict=True)]
    return np.asarray([some if total is None else total for total, some in zip(totals, likely, strict=True)])


def _per(found: Expected, at: NDArray[np.intp], what: str, base: str) -> NDFloat:
    """Return how much of one metric there is to one of another, 0 where there is none of that."""
    below = found.metrics[base][at]
    ratio: NDFloat = np.divide(found.metrics[what][at], below, out=np.zeros_like(below), where=below > 0)
    return ratio
