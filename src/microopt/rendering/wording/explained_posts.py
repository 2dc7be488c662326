"""The posts of a creator that are explained alike, told once: the same offer at one fee in several waves."""

from __future__ import annotations

from msgspec import Struct

from microopt.analysis.explain.result import CreatorExplanation, ExplainedOffer
from microopt.quantities.parse_and_format import format_names
from microopt.rendering.wording.plan_figures import platform_label

MOST_WAVES = 6  # of one line


class ExplainedPosts(Struct, frozen=True, kw_only=True):
    """Posts of one offer at one fee; without a calendar a single offer.

    Attributes
    ----------
    offer
        The first of them, whose walk-away fee is the lowest.
    waves
        In order of time, empty without a calendar.
    """

    offer: ExplainedOffer
    waves: tuple[str, ...]

    @property
    def each(self) -> str:
        """What an amount is for, where there are several posts."""
        return " a post" if len(self.waves) > 1 else ""

    @property
    def together(self) -> str:
        """What an amount is known for, where the creator may also have fewer posts: `these 3 posts`."""
        count = len(self.waves)
        return f"these {count} posts" if count > 1 else "this post" if self.waves else ""

    @property
    def name(self) -> str:
        """The platform, the post type, how many, and when: `TikTok video in 2027-03, 2027-04`."""
        when = f"in {format_names(self.waves, MOST_WAVES)}" if self.waves else ""
        platform = platform_label(self.offer.platform) if self.offer.platform else ""
        return " ".join(filter(None, (platform, self.offer.offer, self._units, when)))

    @property
    def short_name(self) -> str:
        """How many posts and of which type, for a narrow column: `3 x video`."""
        posts = f"{len(self.waves)} x" if len(self.waves) > 1 else ""
        return " ".join(filter(None, (posts, self.offer.offer, self._units)))

    @property
    def _units(self) -> str:
        return f"x{self.offer.units}" if self.offer.units > 1 else ""


def explained_posts(creator: CreatorExplanation) -> list[ExplainedPosts]:
    """Return the offers of a creator, those that differ in nothing but their wave as one."""
    together: dict[tuple[object, ...], list[ExplainedOffer]] = {}
    for number, offer in enumerate(creator.offers):
        key = (offer.platform, offer.offer, offer.units, offer.fee, offer.picked, offer.going_rate)
        together.setdefault(key if offer.wave is not None else (number,), []).append(offer)
    return [
        ExplainedPosts(offer=posts[0], waves=tuple(post.wave for post in posts if post.wave is not None))
        for posts in together.values()
    ]
