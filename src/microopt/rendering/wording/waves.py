"""Who posts what in which wave of a plan's calendar, and the marks that tables have for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from string import ascii_uppercase, digits

from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.goals import MEASURE_OF_GOAL
from microopt.campaign.metrics import NET_REACH
from microopt.plan.by_wave import ByWave
from microopt.plan.plan import Pick, Plan
from microopt.plan.purchase import Purchase, purchases_by_creator, sum_extra_costs
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import format_bound, format_money, format_number_of
from microopt.rendering.sanitize import plain_text
from microopt.rendering.wording.plan_figures import TOTALS_HEADINGS, count_creators, format_metric, platform_label

NO_POST = "·"
MOST_EMPTY = 3  # waves in a row without a post from which tables have one line for them
POST = "post"  # what an offer without a name is
LETTERS = ascii_uppercase + digits
Kind = tuple[str, str]  # the keys of a platform and of an offer


class CreatorWaves(Struct, frozen=True, kw_only=True):
    """What a plan buys from a creator in each wave.

    Attributes
    ----------
    waves
        The picks of each wave of the calendar, in order of time.
    """

    creator: str
    tier: str
    waves: tuple[tuple[Pick, ...], ...]

    @property
    def posts(self) -> int:
        """How many posts they make in all waves."""
        return sum(pick.units for picks in self.waves for pick in picks)


def creators_in_waves(plan: Plan) -> list[CreatorWaves]:
    """Return what each creator of a plan posts by wave, in the order of the plan."""
    names = [wave.wave for wave in plan.by_wave]
    return [
        CreatorWaves(
            creator=purchase.creator,
            tier=purchase.tier,
            waves=tuple(tuple(pick for pick in purchase.picks if pick.wave == name) for name in names),
        )
        for purchase in purchases_by_creator(plan.picks).values()
    ]


def kind_of(pick: Pick) -> Kind:
    """Return what tells posts of one kind from those of another: platform and offer, however they are spelled."""
    return _key(pick.platform), _key(pick.offer)


_key = lru_cache(maxsize=10_000)(match_key)  # thousands of posts have few platforms and offers


def post_names(picks: Iterable[Pick]) -> dict[Kind, str]:
    """Return a name for each kind of post, with its platform where two platforms have offers of that name."""
    firsts: dict[Kind, Pick] = {}
    for pick in picks:
        firsts.setdefault(kind_of(pick), pick)
    offers = [offer for _, offer in firsts]
    return {
        kind: _post_name(pick, with_platform=offers.count(kind[1]) > 1 or not kind[1]) for kind, pick in firsts.items()
    }


def _post_name(pick: Pick, *, with_platform: bool) -> str:
    parts = (platform_label(plain_text(pick.platform)) if with_platform else "", plain_text(pick.offer))
    return " ".join(filter(None, parts)) or POST


def post_letters(names: Mapping[Kind, str]) -> dict[Kind, str] | None:
    """Return one letter for each kind of post, taken from its name where it is free; None if there are too many."""
    letters: dict[Kind, str] = {}
    if len(names) > len(LETTERS):
        return None
    for kind, name in names.items():
        words = name.upper().split()
        wanted = [*(word[0] for word in words), *"".join(words), *LETTERS]
        letters[kind] = next(letter for letter in wanted if letter in LETTERS and letter not in letters.values())
    return letters


def wave_marks(picks: Sequence[Pick], names: Mapping[Kind, str], *, separator: str = ", ") -> str:
    """Return what is posted in a wave: `reel`, `reel x2, story`; a dot for nothing."""
    marks = [f"{names[kind_of(pick)]}{_times(pick.units, separator)}" for pick in picks]
    return separator.join(marks) or NO_POST


def _times(units: int, separator: str) -> str:
    if units == 1:
        return ""
    return f" x{units}" if separator else f"{units}"


def say_their_days(plan: Plan) -> bool:
    """Whether the names of all waves say their days, as those of whole months and weeks do."""
    from microopt.campaign.calendar_periods import is_plain_period  # it parses dates, which few plans need

    return plan.campaign.calendar is not None and all(map(is_plain_period, plan.campaign.calendar.waves))


def wave_totals(plan: Plan) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield (label, a cell for each wave, the sum if it is a number of posts) of each line below a table of waves.

    The number of creators and the demand are there where they say something else than the number of posts and 100%.
    """
    waves, metric, currency = plan.by_wave, main_metric(plan), plan.roster.currency

    def line(label: str, value: Callable[[ByWave], str], posts: str = "") -> tuple[str, tuple[str, ...], str]:
        return label, tuple(map(value, waves)), posts

    if any(wave.demand != 1 for wave in waves):
        yield line("Demand", lambda wave: format_bound(wave.demand, True))
    if any(wave.creators != wave.posts for wave in waves):
        yield line("Creators", lambda wave: f"{wave.creators:,}")
    yield line("Posts", lambda wave: f"{wave.posts:,}", f"{plan.posts:,}")
    yield line("Spend", lambda wave: wave_spend(wave, currency))
    yield line(metric_heading(metric), lambda wave: format_metric(metric, wave.metrics[metric]))


def wave_spend(wave: ByWave, currency: str) -> str:
    """Return what is spent in a wave, in whole units from 10 units up."""
    return format_money(wave.spend, currency, whole_units=not wave.spend or wave.spend >= 1000)


def metric_heading(metric: str) -> str:
    """Return the heading of a metric, also of one on target: `Engagements`, `Target reach`."""
    return TOTALS_HEADINGS[metric][0] if metric in TOTALS_HEADINGS else metric.replace("_", " ").capitalize()


def main_metric(plan: Plan) -> str:
    """Return the metric that the goal of a plan counts most, engagements if it counts several."""
    goal = plan.campaign.goal.name
    return "reach" if goal == NET_REACH else MEASURE_OF_GOAL.get(goal, "engagements")


def count_creators_and_posts(plan: Plan) -> str:
    """Return how many creators a plan has, with a calendar also how many posts: `9 creators, 25 posts`."""
    creators = count_creators(plan.totals.creators)
    return f"{creators}, {format_number_of(plan.posts, 'post')}" if plan.by_wave else creators


def posts_in_waves(plan: Plan) -> str:
    """Return in how many waves a plan has its posts: `25 posts by 9 creators in 3 waves`."""
    used, waves = sum(wave.posts > 0 for wave in plan.by_wave), len(plan.by_wave)
    where = format_number_of(waves, "wave") if used == waves else f"{used:,} of {format_number_of(waves, 'wave')}"
    return f"{format_number_of(plan.posts, 'post')} by {count_creators(plan.totals.creators)} in {where}"


def picks_by_creator(plan: Plan) -> Sequence[Pick]:
    """Return the picks of a plan, with a calendar one for each creator, which sums up all of their posts."""
    return sum_by_creator(plan.picks) if plan.by_wave else plan.picks


def sum_by_creator(picks: Iterable[Pick]) -> list[Pick]:
    """Return one pick for each creator, which sums up all of their posts."""
    return [_summed(purchase) for purchase in purchases_by_creator(picks).values()]


def waves_of_creator(picks: Iterable[Pick], creator: str) -> tuple[str, ...]:
    """Return the waves in which a creator posts, each once, in the order of the picks."""
    key = match_key(creator)
    return tuple(dict.fromkeys(pick.wave for pick in picks if pick.wave and match_key(pick.creator) == key))


def _summed(purchase: Purchase) -> Pick:
    """Return the posts of a creator as one pick; the likely range of a sum is not known."""
    picks, first = purchase.picks, purchase.picks[0]
    if len(picks) == 1:
        return first
    totals = purchase.totals
    usual = [pick.usual_fee for pick in picks if pick.usual_fee is not None]
    return replace(
        first,
        **_offers(picks),
        niche=tuple(dict.fromkeys(niche for pick in picks for niche in pick.niche)),
        followers=purchase.followers,
        fee=purchase.fee,
        cost=totals.spend,
        fee_estimated=any(pick.fee_estimated for pick in picks),
        fee_high=any(pick.fee_high for pick in picks),
        usual_fee=sum(usual) if len(usual) == len(picks) else None,
        metrics=totals.metrics,
        revenue=totals.revenue if all(pick.revenue is not None for pick in picks) else None,
        profit=totals.profit if all(pick.profit is not None for pick in picks) else None,
        extra_costs=sum_extra_costs(picks),
        likely={},
        wave=None,
    )


def _offers(picks: Sequence[Pick]) -> dict[str, str | int]:
    """Return the platform, the offer and the units that stand for several picks."""
    units: dict[Kind, int] = {}
    firsts: dict[Kind, Pick] = {}
    for pick in picks:
        units[kind_of(pick)] = units.get(kind_of(pick), 0) + pick.units
        firsts.setdefault(kind_of(pick), pick)
    if len(units) == 1:
        return {"units": sum(units.values())}
    is_shared = len({platform for platform, _ in units}) == 1
    named = [
        _post_name(pick, with_platform=not is_shared or not pick.offer)
        + (f" x{units[kind]}" if units[kind] > 1 else "")
        for kind, pick in firsts.items()
    ]
    return {"platform": picks[0].platform if is_shared else "", "offer": ", ".join(named), "units": 1}


def fold_empty(waves: Sequence[ByWave]) -> list[Sequence[ByWave]]:
    """Return waves one by one, but those without a post together where `MOST_EMPTY` or more are in a row."""
    folded: list[Sequence[ByWave]] = []
    for is_empty, group in groupby(waves, key=lambda wave: not wave.posts and not wave.spend):
        run = list(group)
        folded += [run] if is_empty and len(run) >= MOST_EMPTY else [[wave] for wave in run]
    return folded
