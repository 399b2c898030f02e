"""Relative ages and dates as cluster tools print them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

AGE = re.compile(r"^(?:(\d{1,12})y)?(?:(\d{1,12})d)?(?:(\d{1,12})h)?(?:(\d{1,12})m)?(?:(\d{1,12})s)?$")
LONGEST = 1_000 * 365 * 86_400
"""Seconds of the longest age that is believed."""
SPOKEN = re.compile(r"\b(about an?|less than a|an?|\d{1,6}) (second|minute|hour|day|week|month|year)s?(?: ago)?\b", re.IGNORECASE)
"""`5 minutes ago`, `About an hour ago`, `Less than a second ago`."""
UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800, "month": 2_592_000, "year": 31_536_000}
REPEAT = re.compile(r"^(\S+)\s+\(x(\d{1,12}) over (\S+)\)")


def age(text: str) -> timedelta | None:
    """Return `4m12s` or `2d3h` as a span, None when it is no age."""
    found = AGE.match(text.strip())
    if not found or not any(found.groups()):
        return None
    years, days, hours, minutes, seconds = (int(g or 0) for g in found.groups())
    whole = ((days + 365 * years) * 24 + hours) * 3_600 + minutes * 60 + seconds
    return timedelta(seconds=whole) if whole < LONGEST else None


def spoken(text: str) -> timedelta | None:
    """Return `Up 3 hours` or `5 minutes ago` as a span, None without one."""
    found = SPOKEN.search(text[:200])
    if not found:
        return None
    count = int(found[1]) if found[1].isdecimal() else 1
    return timedelta(seconds=min(count * UNITS[found[2].lower()], LONGEST))


def before(observed: datetime | None, text: str) -> datetime | None:
    """Return the time an age before the observation, None without either."""
    words = text.split(maxsplit=1)
    span = age(words[0]) if words else None
    return observed - span if observed and span is not None else None


def repeats(text: str) -> int:
    """Return n of `3m (x26 over 7m)`, 1 without it."""
    found = REPEAT.match(text.strip())
    return int(found.group(2)) if found else 1


def date(text: str) -> datetime | None:
    """Return an ISO 8601 or RFC 2822 date with its zone (UTC when it names none), None when it is neither."""
    stripped = text.strip().strip("\"'")
    if not 8 <= len(stripped) <= 64:
        return None
    try:
        found = datetime.fromisoformat(stripped)
    except ValueError:
        try:
            found = parsedate_to_datetime(stripped)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    zoned = found if found.tzinfo else found.replace(tzinfo=UTC)
    return zoned if 1990 < zoned.year < 2100 else None
