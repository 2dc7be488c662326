"""Results so far as observations of offers: which rows they inform, and how they compare with what was expected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign.calendar import WAVE
from microopt.campaign.progress import CampaignProgress, PostResults
from microopt.forecast.forecast import ExpectedResults, Origin
from microopt.forecast.shrinkage import EngagementPrior, engagement_prior
from microopt.quantities.keys import match_key
from microopt.roster.contract_status import kept_offers, results_match_offer
from microopt.roster.roster import Roster

NDFloat = NDArray[np.float64]
NDIndex = NDArray[np.intp]
MIN_POSTS = 0.05  # results of fewer posts, weighted by the share of their results that is in, are ignored


class Observation(Struct, frozen=True, kw_only=True, eq=False):
    """The results of one creator on one platform.

    Attributes
    ----------
    rows
        All of the creator's offers there, which the results inform.
    offer_row
        The offer whose posts have the results.
    """

    results: PostResults
    rows: NDIndex
    offer_row: int


def find_observations(expected: ExpectedResults, roster: Roster, running: CampaignProgress) -> Iterator[Observation]:
    """Yield the results of each creator on the roster, with the offers that they inform.

    With a calendar they are compared with what was expected of that post: in its wave, after those before it. So
    neither a strong wave nor the number of the contact is taken for the strength of a creator.
    """
    creators, is_kept = roster.texts["creator"], kept_offers(roster, running)
    wanted = {match_key(results.creator) for results in running.results if results.matured_posts >= MIN_POSTS}
    rows_by_creator: dict[str, list[int]] = {}
    for row in np.flatnonzero(creators.contains_any(wanted)).tolist():
        rows_by_creator.setdefault(match_key(creators[row]), []).append(row)
    for results in running.results:
        rows = rows_by_creator.get(match_key(results.creator), []) if results.matured_posts >= MIN_POSTS else []
        contact = _contact_of(roster, results, running)
        posted = sorted(
            (row for row in rows if results_match_offer(roster, row, results)),
            key=lambda row: (not is_kept[row], _contacts_apart(roster, row, contact)),
        )
        if posted:
            platform = expected.deliverables.platform
            platform_rows = [row for row in rows if platform[row] == platform[posted[0]]]
            yield Observation(results=results, rows=np.asarray(platform_rows, dtype=np.intp), offer_row=posted[0])


def _contact_of(roster: Roster, results: PostResults, running: CampaignProgress) -> int:
    """Return the how manieth post of its creator some results are of: 1 where no wave is known."""
    if roster.timing is None or results.wave is None:
        return 1
    names = [match_key(name) for name in roster.texts[WAVE].labels]
    key, wave = match_key(results.creator), match_key(results.wave)
    before = names[: names.index(wave)] if wave in names else []
    return 1 + sum(
        each.units or 1
        for each in running.contracts
        if each.kept and match_key(each.creator) == key and match_key(each.wave or "") in before
    )


def _contacts_apart(roster: Roster, row: int, contact: int) -> int:
    return 0 if roster.timing is None else abs(int(roster.timing.contact[row]) - contact)


class CreatorGroups(Struct, frozen=True, kw_only=True, eq=False):
    """Which observations are of the same creator on the same platform: further offers are no further creator.

    Attributes
    ----------
    group
        (observations,) the position of the creator of each.
    first
        (creators,) the first observation of each.
    """

    group: NDIndex
    first: NDIndex

    def sum(self, values: NDFloat) -> NDFloat:
        """Return the sums by creator, (creators,)."""
        return np.asarray(np.bincount(self.group, weights=values, minlength=len(self.first)), dtype=float)


def group_by_creator(observations: Sequence[Observation]) -> CreatorGroups:
    """Return the observations' creators; all observations of one on a platform inform the same rows."""
    first_rows = np.asarray([observation.rows[0] for observation in observations], dtype=np.intp)
    _, first, group = np.unique(first_rows, return_index=True, return_inverse=True)
    return CreatorGroups(group=group, first=first)


def offer_rows(observations: Sequence[Observation]) -> NDIndex:
    """Return the row of the offer that each observation is of, (observations,)."""
    return np.asarray([observation.offer_row for observation in observations], dtype=np.intp)


def post_counts(observations: Sequence[Observation]) -> NDFloat:
    """Return the unweighted posts of each observation, (observations,): a post has all of its luck on its first day."""
    posts = np.asarray([observation.results.posts for observation in observations], dtype=float)
    return np.asarray(np.maximum(posts, 1.0))


def matured_posts(observations: Sequence[Observation]) -> NDFloat:
    """Return the posts of each observation, weighted by the share of their results that is in, (observations,)."""
    return np.asarray([observation.results.matured_posts for observation in observations], dtype=float)


def is_counted(observations: Sequence[Observation], metric: str) -> NDArray[np.bool_]:
    """Return whether each observation has results of a metric, (observations,)."""
    return np.asarray([observation.results.total(metric) is not None for observation in observations], dtype=bool)


def with_metric(observations: Sequence[Observation], metric: str) -> list[Observation]:
    """Return the observations that have results of a metric."""
    return [observation for observation in observations if observation.results.total(metric) is not None]


def prior_of(expected: ExpectedResults, roster: Roster, rows: NDIndex) -> EngagementPrior:
    """Return how usual engagement rates vary between the creators of these rows, and within each."""
    return engagement_prior(
        expected.benchmarks, expected.deliverables.platform[rows], roster.numbers["followers"][rows]
    )


def view_variance(expected: ExpectedResults, roster: Roster, rows: NDIndex, prior: EngagementPrior) -> NDFloat:
    """Return the variance in logs of what is unknown of creators' own views, (rows,).

    Without a public figure, views are taken to vary as engagement does.
    """
    own_views = expected.origins["impressions"][rows] == Origin.OWN
    default_posts = expected.benchmarks.figure("shrinkage", "posts")
    posts = np.maximum(np.nan_to_num(roster.number("posts")[rows], nan=default_posts), 1.0)
    return np.where(own_views, prior.within**2 / posts, prior.between**2)


class CreatorResults(Struct, frozen=True, kw_only=True, eq=False):
    """The results of creators on one platform each, those of several offers together, (creators,) each.

    Attributes
    ----------
    rows
        All of a creator's offers there.
    offer_row
        One offer whose posts have the results.
    ratio
        The result over what was expected of these posts.
    posts
        Posts that have results.
    matured_posts
        The same, weighted by the share of their results that is in.
    """

    rows: list[NDIndex]
    offer_row: NDIndex
    ratio: NDFloat
    posts: NDFloat
    matured_posts: NDFloat


def creator_results(expected: ExpectedResults, observations: Sequence[Observation], metric: str) -> CreatorResults:
    """Return the results of a metric by creator."""
    creators, rows = group_by_creator(observations), offer_rows(observations)
    totals = np.asarray([observation.results.total(metric) or 0.0 for observation in observations], dtype=float)
    matured = matured_posts(observations)
    likely = creators.sum(per_deliverable(expected, rows, metric) * matured)
    return CreatorResults(
        rows=[observations[position].rows for position in creators.first.tolist()],
        offer_row=rows[creators.first],
        ratio=np.divide(creators.sum(totals), likely, out=np.ones_like(likely), where=likely > 0),
        posts=creators.sum(post_counts(observations)),
        matured_posts=creators.sum(matured),
    )


def per_deliverable(expected: ExpectedResults, rows: NDIndex, metric: str) -> NDFloat:
    """Return the expected result of one deliverable, 0 for an offer without deliverables."""
    count = expected.deliverables.count[rows]
    return np.divide(expected.metrics[metric][rows], count, out=np.zeros_like(count), where=count > 0)
