"""Clock formats of evidence.md 11.1: a time in a text, and where a whole log keeps its time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple

from domain.evidence.values import Certainty

MONTHS = {
    name: number
    for number, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)
}
_CLOCK = r"(?P<h>\d\d):(?P<m>\d\d):(?P<s>\d\d)(?:[.,](?P<f>\d{1,9}))?"
_ZONE = r"(?:\s?(?P<z>Z\b|UTC\b|GMT\b|[+-]\d\d:?\d\d))?"
_MONTH = r"(?P<b>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
FORMATS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!\d)(?P<y>(?:19|20)\d\d)[-/.](?P<mo>\d\d)[-/.](?P<d>\d\d)[T _-]{_CLOCK}{_ZONE}",
        r"(?<!\d)(?P<y>(?:19|20)\d\d)-(?P<mo>\d\d)-(?P<d>\d\d)-(?P<h>\d\d)\.(?P<m>\d\d)\.(?P<s>\d\d)(?:\.(?P<f>\d{1,9}))?",
        r"(?<!\d)(?P<y>20\d\d)(?P<mo>\d\d)(?P<d>\d\d)-(?P<h>\d{1,2}):(?P<m>\d{1,2}):(?P<s>\d{1,2}):(?P<f>\d{1,3})(?!\d)",
        rf"(?<!\d)(?P<d>\d\d)[/-]{_MONTH}[/-](?P<y>\d{{4}})[: ]{_CLOCK}{_ZONE}",
        rf"\b{_MONTH} {{1,2}}(?P<d>\d{{1,2}}),? {_CLOCK}(?:\s(?P<y>(?:19|20)\d\d))?",
        rf"\b[IWEF](?P<mo>[01]\d)(?P<d>[0-3]\d) {{1,2}}{_CLOCK}",
        r"^(?P<y2>\d\d)(?P<mo>[01]\d)(?P<d>[0-3]\d) (?P<h>[0-2]\d)(?P<m>[0-5]\d)(?P<s>[0-5]\d)(?!\d)",
        rf"(?<![\d/])(?P<y2>\d\d)/(?P<mo>[01]\d)/(?P<d>[0-3]\d) {_CLOCK}",
        r"(?<![\d.\w])(?P<e>1[0-9]{9}(?:\d{3}|\d{6}|\d{9})?)(?:\.(?P<ef>\d{1,9}))?(?![\d\w])",
        r"^\[\s{0,8}(?P<up>\d{1,9}\.\d{3,6})\]",
        rf"^\[?(?P<mo>[01]\d)[-.](?P<d>[0-3]\d) {_CLOCK}",
    )
)
FAR = 4096
"""Characters of a line in which a time is looked for."""
_PLAUSIBLE = (946_684_800.0, 4_102_444_800.0)
"""2000..2100; times outside are kept as text only (evidence.md 15)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time in seconds since the epoch, UTC."""

    seconds: float
    certainty: Certainty

    @property
    def time(self) -> datetime | None:
        """The aware datetime, or None where only the order is known."""
        return None if self.certainty == "order only" else datetime.fromtimestamp(round(self.seconds, 6), UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Where and in which format the lines of one log carry their time."""

    form: int
    end: int
    """Characters from the line's start within which the time stands."""

    def span(self, line: str) -> tuple[int, int] | None:
        """Return where the time stands in the line."""
        match = FORMATS[self.form].search(line[: self.end])
        return None if match is None else match.span()

    def read(self, line: str, observed_at: datetime | None = None) -> Moment | None:
        """Return the line's time, or None when it carries none at that place."""
        match = FORMATS[self.form].search(line[: self.end])
        return None if match is None else _moment(match, observed_at)


def parse_time(text: str, observed_at: datetime | None = None) -> Moment | None:
    """Return the first time that the text names; without a year the latest one not after `observed_at`."""
    found = _earliest(text[:FAR])
    return None if found is None else _moment(found[1], observed_at)


def time_span(text: str) -> tuple[int, int] | None:
    """Return where the first time stands in the text."""
    found = _earliest(text[:FAR])
    return None if found is None else found[1].span()


def learn_clock(samples: Iterable[str]) -> Clock | None:
    """Return the clock that at least a quarter of these lines carry within their first 200 characters, or None."""
    votes: Counter[int] = Counter()
    ends: dict[int, int] = {}
    total = 0
    for line in samples:
        total += bool(line.strip())
        found = _earliest(line[:200])
        if found is not None:
            form, match = found
            votes[form] += 1
            ends[form] = max(ends.get(form, 0), match.end())
    if not votes:
        return None
    form, count = min(votes.items(), key=lambda item: (-item[1], item[0]))
    return Clock(form=form, end=ends[form] + 16) if count * 4 >= total else None


def _earliest(text: str) -> tuple[int, re.Match[str]] | None:
    best: tuple[int, re.Match[str]] | None = None
    for form, pattern in enumerate(FORMATS):
        match = pattern.search(text)
        if match is not None and (best is None or match.start() < best[1].start()):
            best = form, match
    return best


def _moment(match: re.Match[str], observed_at: datetime | None) -> Moment | None:
    part = match.groupdict()
    if part.get("up"):
        return Moment(seconds=float(part["up"]), certainty="order only")
    if part.get("e"):
        return _epoch(part["e"], part["ef"])
    zone = _zone(part.get("z"))
    day = _Day(year=part.get("y"), short=part.get("y2"), month=part.get("b") or part["mo"] or "", day=part["d"] or "")
    midnight = _midnight(day, zone, observed_at)
    hour, minute, second = int(part["h"]), int(part["m"]), min(59, int(part["s"]))
    if midnight is None or hour > 23 or minute > 59:
        return None
    seconds = midnight + (3_600 * hour + 60 * minute + second) + float("0." + (part.get("f") or "0"))
    return Moment(seconds=seconds, certainty="zone assumed" if zone is None else "exact")


def _epoch(digits: str, fraction: str | None) -> Moment | None:
    seconds = int(digits) / 10 ** (len(digits) - 10) + float("0." + (fraction or "0"))
    return Moment(seconds=seconds, certainty="exact") if _PLAUSIBLE[0] <= seconds <= _PLAUSIBLE[1] else None


class _Day(NamedTuple):
    """A date as it is written; a year of four digits, of two, or none."""

    year: str | None
    short: str | None
    month: str
    day: str


@lru_cache(maxsize=256)
def _midnight(day: _Day, zone: timezone | None, observed_at: datetime | None) -> float | None:
    """Return when the day begins, in seconds since the epoch; the lines of a log share few days."""
    month = MONTHS.get(day.month.lower()) or int(day.month)
    try:
        return datetime(_year(day, month, observed_at), month, int(day.day), tzinfo=zone or UTC).timestamp()
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=64)
def _zone(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset) if offset < timedelta(hours=24) else None


def _year(day: _Day, month: int, observed_at: datetime | None) -> int:
    """The year that stands there, or the latest that puts the date not after `observed_at` (2000 when that is unknown: leap days)."""
    if day.year:
        return int(day.year)
    if day.short:
        return 2000 + int(day.short)
    if observed_at is None:
        return 2000
    latest = observed_at + timedelta(days=1)
    return latest.year - ((month, int(day.day)) > (latest.month, latest.day))
