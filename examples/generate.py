"""Write the synthetic rosters of this folder: `python examples/generate.py`, or `--check` to compare only.

Every creator is invented. What is drawn is calibrated on public benchmarks, each named where it stands; a range
enters as its geometric midpoint. What has no public figure (seeds, weights, floors of fees) says "chosen".
"""

from __future__ import annotations

import argparse
import csv
import io
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
COLUMNS = (
    "creator",
    "platform",
    "offer",
    "niche",
    "region",
    "followers",
    "fee",
    "engagement_rate",
    "posts",
    "views",
    "credibility",
    "language",
)
Span = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A follower band and its public figures.

    Attributes
    ----------
    low, high
        Followers drawn, from and below (passo 2026 bands; nano from 2k and mega up to 8M are chosen).
    feed
        Views of a feed post as a share of followers (startmotionmedia 2024).
    cpm, cpm_tiktok
        US$ per thousand views: Instagram feed, and TikTok, which has no band above 1M (influencerradar 2024).
    tiktok, youtube
        Mean engagement rate by followers, percent (organicmediabuying.com 2025).
    least, most
        Limits of a quoted fee, US$: chosen, around the fees per post of iidb 2026.
    """

    low: int
    high: int
    feed: Span
    cpm: Span
    cpm_tiktok: Span
    tiktok: float
    youtube: float
    least: float
    most: float = math.inf


TIERS = {
    "nano": Tier(
        low=2_000, high=10_000, feed=(0.20, 0.40), cpm=(5, 12), cpm_tiktok=(4, 10), tiktok=10.3, youtube=3.2, least=25
    ),
    "micro": Tier(
        low=10_000,
        high=100_000,
        feed=(0.15, 0.30),
        cpm=(10, 20),
        cpm_tiktok=(8, 18),
        tiktok=8.1,
        youtube=2.1,
        least=100,
        most=2_000,
    ),
    "mid": Tier(
        low=100_000,
        high=500_000,
        feed=(0.10, 0.20),
        cpm=(15, 30),
        cpm_tiktok=(12, 25),
        tiktok=6.3,
        youtube=1.5,
        least=500,
    ),
    "macro": Tier(
        low=500_000,
        high=1_000_000,
        feed=(0.10, 0.20),
        cpm=(25, 45),
        cpm_tiktok=(20, 40),
        tiktok=5.5,
        youtube=1.2,
        least=5_000,
    ),
    "mega": Tier(
        low=1_000_000,
        high=8_000_000,
        feed=(0.05, 0.12),
        cpm=(40, 100),
        cpm_tiktok=(20, 40),
        tiktok=4.9,
        youtube=0.9,
        least=40_000,
    ),
}

# Instagram log engagement rate, 22,670 creators, 2019: followers below, mu, sd between creators, sd within a creator
LOG_RATES = (
    (10_000, -3.32, 0.83, 0.56),
    (50_000, -3.63, 0.80, 0.57),
    (100_000, -3.80, 0.80, 0.59),
    (500_000, -3.82, 0.78, 0.61),
    (1_000_000, -3.93, 0.98, 0.69),
    (math.inf, -3.93, 0.84, 0.73),
)
# fee per post (iidb 2026) as corners of followers and US$; the 10M corner of the open mega band is chosen
POST_FEES = ((1e3, 50), (1e4, 250), (1e5, 2e3), (5e5, 1e4), (1e6, 5e4), (1e7, 5e5))
# views as a share of followers (sponsorrate methodology); an Instagram feed post goes by size instead
VIEWS = {"reel": 0.40, "story": 0.10, "video": 0.30, "short": 0.35}
# fee against a feed post (Instagram), against an integration (YouTube); midpoints of FORECAST's format factors
FORMATS = {"feed post": 1.0, "carousel": 1.25, "reel": 1.20, "story": 0.49, "video": 1.0, "short": 0.55}

# chosen from here on: what a roster looks like
MENUS = {
    "instagram": {"reel": 40, "feed post": 30, "carousel": 17, "story": 13},
    "tiktok": {"video": 1},
    "youtube": {"video": 65, "short": 35},
}
PLATFORMS = {"instagram": 52, "tiktok": 29, "youtube": 19}
REGIONS = {"US": 40, "GB": 17, "DE": 14, "FR": 12, "CA": 10, "AU": 7}
LANGUAGES = {"DE": {"de": 92, "en": 8}, "FR": {"fr": 92, "en": 8}, "CA": {"en": 78, "fr": 22}}
PARTNERS = {
    "beauty": "skincare",
    "skincare": "beauty",
    "fashion": "beauty",
    "fitness": "food",
    "food": "travel",
    "travel": "food",
    "parenting": "home decor",
    "gaming": "tech",
    "tech": "gaming",
    "home decor": "parenting",
}
SECOND_NICHE = 0.22  # of the creators
VIEWS_KNOWN = 2 / 3  # of the offers
FIRST_WORDS = (
    "birch cobalt copper drift dune ember fable fern fjord flint gilded harbor hollow indigo ivory lantern linen "
    "lunar maple marble meadow mellow mint misty mossy nimbus north ochre orbit paper pebble plum prairie quartz "
    "quiet rustic salt silver slate solstice spruce sunday thistle tidal timber umber velvet wander woven zephyr"
)
NICHE_WORDS = {
    "beauty": "palette blush lashes liner mirror vanity pigment gloss contour compact rouge brushes",
    "skincare": "serum dew glow toner barrier balm ritual pores cleanse mist skinlab routine",
    "fashion": "hem wardrobe denim atelier stitch lookbook tailor closet silhouette thread runway outfits",
    "fitness": "reps stride kettlebell sprint lifts tempo plank cardio mobility intervals deadlift warmup",
    "food": "kitchen whisk skillet crumb pantry noodles simmer spoon butter table broth supper",
    "travel": "passport layover trails atlas compass backpack postcards roads itinerary boarding horizon nomad",
    "parenting": "nursery playroom stroller naptime lunchbox storytime crayons cradle family bedtime toddler picnic",
    "gaming": "pixel respawn quest joystick loot speedrun arcade lobby bossfight combo sidequest controller",
    "tech": "circuit gadgets keyboard firmware unboxed chips terminal sensor cables lens battery prototype",
    "home decor": "shelf hallway cushions interiors mantel nook rug lamp furnishings wallpaper attic hearth",
}
HANDLES = {"@{0}.{1}": 34, "@{0}{1}": 30, "@{0}_{1}": 20, "@the{0}{1}": 5, "@{1}.by.{0}": 5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What one roster is to look like; all of it chosen.

    Attributes
    ----------
    tiers
        How many creators of each tier are drawn.
    niches
        Weights of the niches that are not 1.
    placed
        Rows written by hand, one creator's offers.
    also
        A further niche by creator.
    """

    seed: int
    tiers: Mapping[str, int]
    niches: Mapping[str, float] = field(default_factory=dict)
    placed: tuple[tuple[str, ...], ...] = ()
    also: Mapping[str, str] = field(default_factory=dict)


# The one creator made by hand: a mega that 40% of $20,000 can buy, by the feed post, though not by the reel. Its feed
# CPM is $60 (band $40 to $100) and its rate lies between the median of its band, 2.0%, and the mean, 3.6%.
STAR = (
    (
        "@lunar.vanity",
        "instagram",
        "feed post",
        "beauty|skincare",
        "US",
        "1180000",
        "7500",
        "2.86%",
        "36",
        "125000",
        "0.91",
        "en",
    ),
    (
        "@lunar.vanity",
        "instagram",
        "reel",
        "beauty|skincare",
        "US",
        "1180000",
        "19500",
        "2.86%",
        "36",
        "346000",
        "0.91",
        "en",
    ),
)
# The seed of `launch` is the first from 20,260,301 whose few creators resemble the tables (median rates by tier, two
# thirds with views, nine niches, all regions, one more mega of 1.5M to 4M). No plan was solved to choose it.
PROFILES = {
    "launch": Profile(
        seed=20_260_800,
        tiers={"nano": 8, "micro": 13, "mid": 5, "macro": 2, "mega": 1},
        niches={"beauty": 4, "skincare": 4, "fashion": 2, "gaming": 0.5, "tech": 0.5},
        placed=STAR,
        also={"@speedrun.by.salt": "tech"},  # the tenth niche, which the few drawn creators lack
    ),
    "season": Profile(
        seed=20_261_101,
        tiers={"nano": 85, "micro": 110, "mid": 37, "macro": 11, "mega": 7},
        niches={"fashion": 2, "beauty": 1.5, "home decor": 1.5, "food": 1.5},
    ),
    "always-on": Profile(seed=20_260_101, tiers={"nano": 720, "micro": 880, "mid": 280, "macro": 80, "mega": 40}),
}


def middle(span: Span) -> float:
    """Return the geometric midpoint of a published range."""
    return math.sqrt(span[0] * span[1])


def post_fee(followers: float) -> float:
    """Return the usual fee of one post in US$ (iidb 2026), log-linear between the corners of its bands."""
    corners = np.log(np.array(POST_FEES))
    return math.exp(float(np.interp(math.log(followers), corners[:, 0], corners[:, 1])))


def view_rate(tier: str, offer: str) -> float:
    """Return views as a share of followers (sponsorrate; feed and carousel by size: startmotionmedia 2024)."""
    return VIEWS.get(offer) or middle(TIERS[tier].feed)


def usual_fee(platform: str, tier: str, offer: str, followers: int) -> float:
    """Return what an offer usually costs in US$, between two public readings that differ about sixfold.

    The geometric mean of CPM x views (influencerradar 2024) and the fee per post (iidb 2026), times the factor of the
    format. No CPM of YouTube is public there: Instagram's serves.
    """
    cpm = middle(TIERS[tier].cpm_tiktok if platform == "tiktok" else TIERS[tier].cpm)
    media = followers * view_rate(tier, offer) * cpm / 1000
    return middle((media, post_fee(followers))) * FORMATS[offer]


def log_rate(platform: str, tier: str, followers: int) -> tuple[float, float, float]:
    """Return the mean log engagement rate and its sd between and within creators.

    Instagram by the 2019 log table. TikTok and YouTube have its spreads around the mean rates of
    organicmediabuying.com 2025.
    """
    mu, between, within = next(row[1:] for row in LOG_RATES if followers < row[0])
    if platform != "instagram":
        mean = (TIERS[tier].tiktok if platform == "tiktok" else TIERS[tier].youtube) / 100
        mu = math.log(mean) - (between**2 + within**2) / 2
    return mu, between, within


def build(name: str) -> str:
    """Return the CSV text of one roster, always the same.

    Parameters
    ----------
    name
        `launch`, `season` or `always-on`.

    Raises
    ------
    KeyError
        If there is no roster of that name.
    """
    profile = PROFILES[name]
    # The legacy generator, because its stream alone is frozen (NEP 19): the files hold under any version of numpy.
    rng = np.random.RandomState(profile.seed)
    taken = {_letters(row[0]) for row in profile.placed}
    drawn = [tier for tier, count in profile.tiers.items() for _ in range(count)]
    creators = [_creator(rng, profile, tier, taken) for tier in drawn]
    if profile.placed:
        creators.append(list(profile.placed))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for at in rng.permutation(len(creators)):
        writer.writerows(_with_niche(row, profile.also.get(row[0])) for row in creators[at])
    return text.getvalue()


# Creators who may say no: the larger, the more often. All of it chosen; the seed is one for which the plan of means,
# the plan for the worst outcomes and the plan after declines differ.
DECLINES = Profile(
    seed=20_261_280,
    tiers={"nano": 8, "micro": 18, "mid": 10, "macro": 4},
    niches={"beauty": 4, "skincare": 4},
)
ACCEPTANCE = {"nano": 0.9, "micro": 0.8, "mid": 0.7, "macro": 0.55, "mega": 0.45}
CLICKS, ORDERS = 0.012, 0.03  # per view and per click


def build_declines() -> str:
    """Return a roster of one offer for each creator with clicks, orders and how likely they accept, as CSV text."""
    rng = np.random.RandomState(DECLINES.seed)
    taken: set[str] = set()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((*COLUMNS, "ctr", "cvr", "acceptance"))
    for tier, count in DECLINES.tiers.items():
        for _ in range(count):
            row = _creator(rng, DECLINES, tier, taken)[0]
            clicks, orders = (mean * math.exp(0.35 * float(rng.normal())) for mean in (CLICKS, ORDERS))
            accepts = round(20 * min(max(ACCEPTANCE[tier] + float(rng.normal(0, 0.12)), 0.2), 0.95)) / 20
            writer.writerow((*row, f"{clicks:.2%}", f"{orders:.1%}", f"{accepts:.0%}"))
    return text.getvalue()


# The pool of an agency, of which its two offices keep a list each; all of it chosen.
AGENCY = Profile(
    seed=20_270_301,
    tiers={"nano": 20, "micro": 40, "mid": 16, "macro": 4},
    niches={"beauty": 3, "skincare": 4, "fitness": 3, "food": 2, "gaming": 0.5, "tech": 0.5},
)
IN_EUROPE = frozenset({"GB", "DE", "FR"})
ON_BOTH = 0.6  # of the creators in Europe
DOLLARS_PER_EURO = 1.08


def build_agency() -> dict[str, str]:
    """Return the lists of an agency's two offices by file, as CSV text: in dollars, and Europe's in euros.

    A creator in Europe is on the list of the office there, and often on the other too, at the same fee.
    """
    rng = np.random.RandomState(AGENCY.seed)
    taken: set[str] = set()
    creators = [_creator(rng, AGENCY, tier, taken) for tier, count in AGENCY.tiers.items() for _ in range(count)]
    texts = {name: io.StringIO() for name in ("agency/creators.csv", "agency/europe.csv")}
    writers = [csv.writer(text, lineterminator="\n") for text in texts.values()]
    for writer in writers:
        writer.writerow(COLUMNS)
    for at in rng.permutation(len(creators)):
        is_european = creators[at][0][COLUMNS.index("region")] in IN_EUROPE
        if not is_european or rng.random_sample() < ON_BOTH:
            writers[0].writerows(creators[at])
        if is_european:
            writers[1].writerows(map(_in_euros, creators[at]))
    return {name: text.getvalue() for name, text in texts.items()}


def _in_euros(row: tuple[str, ...]) -> tuple[str, ...]:
    at = COLUMNS.index("fee")
    return (*row[:at], f"€{_quoted(int(row[at]) / DOLLARS_PER_EURO)}", *row[at + 1 :])


POSTS_SEED = 20_250_901  # chosen
FORMATS_POSTED = {"instagram": ("Reel", "Post", "Carousel"), "tiktok": ("Video",), "youtube": ("Video", "Short")}
LAST_POST = date(2025, 9, 1)
POSTS_COLUMNS = ("Creator", "Platform", "Posted", "Type", "Sponsored", "Views", "Likes", "Comments", "Shares")


def build_posts(roster: str) -> str:
    """Return past posts of three in four creators of a roster, as CSV text, always the same.

    Levels are those of the roster's rates, off by what its posts leave open; growth and spread follow
    `benchmarks/defaults.toml`, and a paid post brings 0.9 of an organic one, a Reel 1.2 of a post (chosen).
    """
    rng = np.random.RandomState(POSTS_SEED)
    accounts = {(row["creator"], row["platform"]): row for row in csv.DictReader(io.StringIO(roster))}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(POSTS_COLUMNS)
    for (creator, platform), row in accounts.items():
        followers, rate = int(row["followers"]), float(row["engagement_rate"].rstrip("%")) / 100
        level, posts = math.log(rate) + 0.3 * rng.normal(), int(rng.randint(3, 15))
        own_views = math.exp(rng.uniform(math.log(6), math.log(25)))
        for days in sorted(rng.randint(1, 330, posts).tolist(), reverse=True):
            form = FORMATS_POSTED[platform][rng.randint(len(FORMATS_POSTED[platform]))]
            paid = rng.random_sample() < 0.2
            change = 0.5 * rng.normal() - 0.28 * days / 365 + (math.log(0.9) if paid else 0.0)
            brought = followers * math.exp(level + change + (math.log(1.2) if form == "Reel" else 0.0))
            figures = (brought * own_views, brought * 0.94, brought * 0.05, brought * 0.01)
            flag = "yes" if paid else "no"
            cells = (creator, platform, LAST_POST - timedelta(days=days), form, flag, *map(round, figures))
            if posts > 5 or platform != "instagram":  # the others are as if the tool had not followed them
                writer.writerow(cells)
    return text.getvalue()


def _with_niche(row: tuple[str, ...], niche: str | None) -> tuple[str, ...]:
    """Return an offer's row with one more niche, or as it is."""
    return row if niche is None else (*row[:3], f"{row[3]}|{niche}", *row[4:])


def _creator(rng: np.random.RandomState, profile: Profile, tier: str, taken: set[str]) -> list[tuple[str, ...]]:
    """Draw one creator and return the rows of the offers."""
    platform = _pick(rng, PLATFORMS)
    niche = _pick(rng, {niche: profile.niches.get(niche, 1) for niche in PARTNERS})
    region = _pick(rng, REGIONS)
    language = _pick(rng, LANGUAGES.get(region, {"en": 1}))
    niches = f"{niche}|{PARTNERS[niche]}" if rng.random_sample() < SECOND_NICHE else niche
    followers = _followers(rng, tier)
    posts = int(rng.randint(3, 61))
    rate, lift = _rate(rng, log_rate(platform, tier, followers), posts)
    credibility = 0.55 + 0.43 * float(rng.beta(2.6, 1.6))
    handle, asking = _handle(rng, niche, taken), float(rng.normal(0, 0.32))
    rows: list[tuple[str, ...]] = []
    for offer in _offers(rng, MENUS[platform]):
        fee = _fee(rng, TIERS[tier], usual_fee(platform, tier, offer, followers), asking)
        views = followers * view_rate(tier, offer) * math.exp(lift + float(rng.normal(0, 0.25)))
        shown = str(_rounded(views)) if rng.random_sample() < VIEWS_KNOWN else ""
        rows.append(
            (
                handle,
                platform,
                offer,
                niches,
                region,
                str(followers),
                str(fee),
                f"{rate:.2%}",
                str(posts),
                shown,
                f"{credibility:.2f}",
                language,
            )
        )
    return rows


def _rate(rng: np.random.RandomState, spread: tuple[float, float, float], posts: int) -> tuple[float, float]:
    """Return the mean rate seen on so many posts, and the log by which the creator's views run above the usual."""
    mu, between, within = spread
    own = float(np.clip(rng.normal(), -2, 2)) * between  # cut at two sd: chosen, for rates one would believe
    seen = np.exp(mu + own + np.clip(rng.normal(size=posts), -2, 2) * within)
    return float(np.mean(seen)), 0.4 * own


def _fee(rng: np.random.RandomState, tier: Tier, usual: float, asking: float) -> int:
    """Return a quote in whole dollars: log-normal around the usual fee, in all an sd of 0.35, rounded as people do."""
    noise = float(rng.normal(0, 0.14))
    margin = math.exp(abs(noise))  # keeps quotes from piling up at exactly the limit
    fee = min(max(usual * math.exp(asking + noise), tier.least * margin), tier.most / margin)
    return _quoted(fee)


def _quoted(fee: float) -> int:
    """Round a fee as people do."""
    step = next(step for below, step in ((500, 5), (2_000, 10), (20_000, 50), (math.inf, 500)) if fee < below)
    return round(fee / step) * step


def _followers(rng: np.random.RandomState, tier: str) -> int:
    """Draw followers, even in logs within the tier; of the mega most are near its lower end."""
    low, high = math.log(TIERS[tier].low), math.log(TIERS[tier].high * 0.994)
    share = float(rng.random_sample()) ** (2 if tier == "mega" else 1)
    return _rounded(math.exp(low + share * (high - low)))


def _offers(rng: np.random.RandomState, menu: Mapping[str, float]) -> list[str]:
    """Draw one to three different formats of a platform."""
    count = min(len(menu), int(_pick(rng, {"1": 55, "2": 30, "3": 15})))
    left = dict(menu)
    chosen = []
    for _ in range(count):
        chosen.append(_pick(rng, left))
        del left[chosen[-1]]
    return chosen


def _handle(rng: np.random.RandomState, niche: str, taken: set[str]) -> str:
    """Invent a handle that no other has, read without its punctuation."""
    firsts, seconds = FIRST_WORDS.split(), NICHE_WORDS[niche].split()
    while True:
        first, second = firsts[rng.randint(len(firsts))], seconds[rng.randint(len(seconds))]
        handle = _pick(rng, HANDLES).format(first, second)
        if _letters(handle) not in taken:
            taken.add(_letters(handle))
            return handle


def _letters(handle: str) -> str:
    return "".join(letter for letter in handle if letter.isalnum())


def _pick(rng: np.random.RandomState, weights: Mapping[str, float]) -> str:
    """Draw a key by weight."""
    edges = np.cumsum(list(weights.values()))
    return list(weights)[int(np.searchsorted(edges, rng.random_sample() * edges[-1], side="right"))]


def _rounded(value: float) -> int:
    """Round to three significant digits."""
    return int(float(f"{value:.2e}"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the rosters, or with `--check` return 1 if a file on disk differs."""
    parser = argparse.ArgumentParser(description="Write the synthetic rosters of this folder.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file differs")
    check = parser.parse_args(arguments).check
    stale = []
    texts = {f"{name}.csv": build(name) for name in PROFILES}
    texts["launch-posts.csv"] = build_posts(texts["launch.csv"])
    texts["declines.csv"] = build_declines()
    texts |= build_agency()
    for name, content in texts.items():
        path, text = HERE / name, content.encode()
        if check and (not path.exists() or path.read_bytes() != text):
            stale.append(name)
        elif not check:
            path.write_bytes(text)
    if stale:
        print(f"not as generated: {', '.join(stale)}; run python examples/generate.py", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
