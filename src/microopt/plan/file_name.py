"""The file name of an archived plan, from when it was made and its seal: `2026-03-02T020000Z-0123456789ab.json`."""

from __future__ import annotations

from datetime import UTC, datetime

FOLDER = "history"  # next to the current plan
SEAL_CHARACTERS = 12
FORM = "%Y-%m-%dT%H%M%S"


def history_file_name(seal: str, made_at: datetime) -> str:
    """Return the name of a plan's copy."""
    return f"{made_at.astimezone(UTC):{FORM}}Z-{seal[:SEAL_CHARACTERS]}.json"


def parse_history_file_name(name: str) -> str | None:
    """Return when a plan was made, as ISO 8601 in UTC, or None if the name is not from `history_file_name`."""
    try:
        made_at = datetime.strptime(name.partition("Z-")[0], FORM).replace(tzinfo=UTC)
    except ValueError:
        return None
    return format_timestamp(made_at)


def format_timestamp(time: datetime) -> str:
    """Return a time as plans state it: ISO 8601 in UTC, to the second."""
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
