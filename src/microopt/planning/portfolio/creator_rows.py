"""The rows by which campaigns share creators: how much of one they may book together, and who competes with whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign.portfolio import Exclusivity, Portfolio, PortfolioMember
from microopt.planning.portfolio.creator_limits import campaign_limits
from microopt.planning.portfolio.entry import Days, SharedProblem
from microopt.planning.portfolio.periods import ALWAYS, find_periods, occasions_in, overlaps
from microopt.quantities.keys import match_key
from microopt.solver.constraint import Constraint

Integers = NDArray[np.int64]


class SharedCreatorRow(Struct, frozen=True, kw_only=True, eq=False):
    """A row on one creator, with what it says in words.

    Attributes
    ----------
    creator
        The creator's match key.
    is_limit
        Whether it is a limit of what may be booked, and not a condition of a discount.
    """

    creator: str
    limit: str
    row: Constraint
    is_limit: bool = True


class JointColumns(Struct, frozen=True, kw_only=True, eq=False):
    """The columns of all campaigns one after the other, by creator.

    Attributes
    ----------
    starts
        (campaigns + 1,) the first column of each campaign.
    keys
        The match keys of all creators, in order.
    creator
        (n,) the position in `keys` of the creator of each column.
    campaign
        (n,) the campaign of each column.
    """

    problems: tuple[SharedProblem, ...]
    starts: tuple[int, ...]
    keys: tuple[str, ...]
    creator: NDArray[np.int64]
    campaign: NDArray[np.int64]

    def __len__(self) -> int:
        return self.starts[-1]

    def of(self, campaign: int) -> slice:
        """Return the columns of a campaign."""
        return slice(self.starts[campaign], self.starts[campaign + 1])


def join_columns(problems: Sequence[SharedProblem]) -> JointColumns:
    """Return the columns of the joint program, campaign by campaign."""
    keys = tuple(sorted({key for problem in problems for key in problem.creator_keys}))
    place = {key: number for number, key in enumerate(keys)}
    counts = [len(problem.program) for problem in problems]
    creator = [
        np.asarray([place[key] for key in problem.creator_keys], dtype=np.int64)[problem.creators]
        for problem in problems
    ]
    return JointColumns(
        problems=tuple(problems),
        starts=tuple(np.cumsum([0, *counts]).tolist()),
        keys=keys,
        creator=np.concatenate(creator),
        campaign=np.repeat(np.arange(len(problems)), counts),
    )


def creator_rows(portfolio: Portfolio, columns: JointColumns) -> Iterator[SharedCreatorRow]:
    """Yield every row on a creator that could be violated."""
    occasions = [occasion for problem in columns.problems for occasion in problem.occasions]
    for period in find_periods(portfolio.capacity.period, occasions):
        yield from _capacity_rows(portfolio, columns, period)
    for one, other, days in competing_pairs(portfolio, [problem.entry.member for problem in columns.problems]):
        yield from _exclusive_rows(columns, one, other, days)


def describe_period(period: Days, text: str | None) -> str:
    """Return a period in words, such as ` in 2027-03`; empty for all of the time."""
    first, _ = period
    if first is None or text is None:
        return ""
    return f" in {first:%Y-%m}" if text == "month" else f" in the {text} of {first}"


def _capacity_rows(portfolio: Portfolio, columns: JointColumns, period: Days) -> Iterator[SharedCreatorRow]:
    capacity, when = portfolio.capacity, describe_period(period, portfolio.capacity.period)
    inside = [occasions_in(problem.occasions, period) for problem in columns.problems]
    pairs = list(zip(columns.problems, inside, strict=True))
    counted = np.concatenate([problem.choices_on(within) for problem, within in pairs]).astype(np.int64)
    limits = campaign_limits(capacity, columns.problems)
    for key, where in _by_creator(columns, counted):
        most = limits.get(columns.keys[key])
        if most is not None and len(np.unique(columns.campaign[where])) > most:
            limit = f"at most {most:,} {'campaign' if most == 1 else 'campaigns'}{when}"
            yield _row(columns.keys[key], limit, where, counted[where], _at_least_signed(columns, where, most))
    if capacity.posts is None:
        return
    posts = np.concatenate([problem.posts_on(within) for problem, within in pairs])
    for key, where in _by_creator(columns, posts):
        most = capacity.posts_of(columns.keys[key])
        if most is not None and _most_posts(columns, where, posts) > most:
            limit = f"at most {most:,} {'post' if most == 1 else 'posts'}{when}"
            signed = _signed_posts(columns, where, posts)
            yield _row(columns.keys[key], limit, where, posts[where], max(most, signed))


def _by_creator(columns: JointColumns, amounts: Integers) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """Yield each creator with the columns that count, ascending."""
    counting = np.flatnonzero(amounts)
    order = counting[np.argsort(columns.creator[counting], kind="stable")]
    creator = columns.creator[order]
    starts = np.flatnonzero(np.diff(creator, prepend=-1))
    for start, end in pairwise((*starts.tolist(), len(order))):
        yield int(creator[start]), np.sort(order[start:end])


def _row(creator: str, limit: str, where: NDArray[np.intp], amounts: Integers, upper: int) -> SharedCreatorRow:
    row = Constraint(label=f"{creator}: {limit}", columns=where, coefficients=amounts, upper=upper)
    return SharedCreatorRow(creator=creator, limit=limit, row=row)


def is_signed(columns: JointColumns, where: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return which of these columns are of a creator whom a contract binds to that campaign."""
    signed = [
        bool(columns.problems[campaign].signed[columns.problems[campaign].creators[column - columns.starts[campaign]]])
        for column, campaign in zip(where.tolist(), columns.campaign[where].tolist(), strict=True)
    ]
    return np.asarray(signed, dtype=bool)


def _at_least_signed(columns: JointColumns, where: NDArray[np.intp], most: int) -> int:
    """Return the limit, or in how many campaigns a creator is by contract: what is signed stands."""
    return max(most, len(np.unique(columns.campaign[where[is_signed(columns, where)]])))


def _signed_posts(columns: JointColumns, where: NDArray[np.intp], posts: Integers) -> int:
    """Return the fewest posts that contracts bind a creator to."""
    bound = where[is_signed(columns, where)]
    return sum(int(posts[bound[columns.campaign[bound] == each]].min()) for each in np.unique(columns.campaign[bound]))


def _most_posts(columns: JointColumns, where: NDArray[np.intp], posts: Integers) -> int:
    """Return the most posts that all campaigns could book of a creator."""
    return sum(int(posts[where[columns.campaign[where] == each]].max()) for each in np.unique(columns.campaign[where]))


def competing_pairs(portfolio: Portfolio, members: Sequence[PortfolioMember]) -> Iterator[tuple[int, int, int | None]]:
    """Yield each two campaigns that compete, and the days that must be between them; None: never both."""
    found: dict[tuple[int, int], int | None] = {}
    for rule in portfolio.exclusivity:
        for pair in combinations([number for number, member in enumerate(members) if _is_meant(rule, member)], 2):
            days = found.get(pair, 0)
            found[pair] = None if days is None or rule.days is None else max(days, rule.days)
    yield from ((one, other, days) for (one, other), days in found.items())


def _is_meant(rule: Exclusivity, member: PortfolioMember) -> bool:
    names = {match_key(name) for name in rule.members}
    return match_key(member.name) in names or (bool(member.category) and match_key(member.category) in names)


def _exclusive_rows(columns: JointColumns, one: int, other: int, days: int | None) -> Iterator[SharedCreatorRow]:
    """Yield a row for each creator of two campaigns that compete, and each of their occasions that are too near."""
    problems = columns.problems[one], columns.problems[other]
    limit = " and ".join(sorted(problem.name for problem in problems)) + " compete"
    for left, right in _too_near(*problems, days):
        counted = np.zeros(len(columns), dtype=np.int64)
        counted[columns.of(one)] = problems[0].choices_on(left)
        counted[columns.of(other)] = problems[1].choices_on(right)
        for key, where in _by_creator(columns, counted):
            if len(np.unique(columns.campaign[where])) == 2:
                yield _row(columns.keys[key], limit, where, counted[where], 1)


def _too_near(
    one: SharedProblem, other: SharedProblem, days: int | None
) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """Yield the occasions of two campaigns that are too near each other, all at once where they never may be both."""
    if days is None:
        yield occasions_in(one.occasions, ALWAYS), occasions_in(other.occasions, ALWAYS)
        return
    for number, occasion in enumerate(one.occasions):
        near = np.asarray([overlaps(occasion, each, days) for each in other.occasions], dtype=bool)
        if near.any():
            single = np.zeros(len(one.occasions), dtype=bool)
            single[number] = True
            yield from ((single, each) for each in np.diag(near)[near])
