"""Posts and accounts of a few numbers."""

import numpy as np

from microopt.forecast.posts.table import Accounts, PostTable


def post_table(account, *, engagements=None, age=None, paid=None, format=None, formats=(), **figures):
    """Return posts of these accounts; what is not given is unknown, and their age 0."""
    account = np.asarray(account, dtype=np.intp)
    size = len(account)
    return PostTable(
        account=account,
        engagements=np.asarray([100.0] * size if engagements is None else engagements, dtype=float),
        age=np.zeros(size) if age is None else np.asarray(age, dtype=float),
        paid=np.full(size, -1, dtype=np.int8) if paid is None else np.asarray(paid, dtype=np.int8),
        format=np.full(size, -1, dtype=np.intp) if format is None else np.asarray(format, dtype=np.intp),
        formats=list(formats),
        **{name: np.asarray(values, dtype=float) for name, values in figures.items()},
    )


def account_table(followers, *, platform=None, niche=None):
    """Return accounts of so many followers, on Instagram unless said otherwise."""
    size = len(followers)
    niche = np.full(size, -1) if niche is None else np.asarray(niche)
    return Accounts(
        followers=np.asarray(followers, dtype=float),
        platform=np.zeros(size, dtype=np.int8) if platform is None else np.asarray(platform, dtype=np.int8),
        niche=niche.astype(np.intp),
        niches=[f"niche {number}" for number in range(int(niche.max(initial=-1)) + 1)],
    )
