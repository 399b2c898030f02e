"""Threads of mails, chats and tickets: who said when, and from which line on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from domain.evidence.clocks import parse_time
from domain.evidence.reading import beginning, fold
from domain.evidence.values import Certainty

WHO = r"[@\w][\w.\-' ]{0,40}?"
CLOCK = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?[AaPp]\.?[Mm]\.?)?"
DAY = r"(?:\d{1,4}[-/.](?:\d{1,2}|[A-Z][a-z]{2})[-/.]\d{2,4}|(?:[A-Z][a-z]{2,8},? )?(?:[A-Z][a-z]{2,8} \d{1,2}|\d{1,2} [A-Z][a-z]{2,8}),? \d{4}|\d{1,2} [A-Z][a-z]{2,8})"
ABOVE: tuple[re.Pattern[str], ...] = (
    re.compile(rf"On (?P<at>.{{3,50}} {CLOCK}),? (?P<who>[^<>]{{1,60}}?) ?(?:<[^>]{{1,80}}>)? ?wrote:$"),
    re.compile(
        rf"(?P<who>{WHO}) (?:added a comment|commented|wrote|replied|created this issue|changed|updated)(?: on| -|:)? ?(?P<at>.{{0,60}})$"
    ),
    re.compile(rf"Comment by (?P<who>{WHO}) \[ ?(?P<at>[^\]]{{4,40}})\]"),
    re.compile(rf"(?P<who>{WHO}) {{1,4}}\[?(?P<at>(?:{DAY} (?:at )?)?{CLOCK})\]?$"),
)
"""Lines above what somebody says: mail programs, issue trackers and chats as people copy them."""
BESIDE: tuple[re.Pattern[str], ...] = (
    re.compile(rf"\[(?P<at>{DAY},? ?{CLOCK}|\d{{1,2}}:\d{{2}}(?: ?[AaPp][Mm])?)\] ?<?(?P<who>{WHO})>?: (?P<said>\S.*)$"),
    re.compile(rf"(?P<at>{DAY},? {CLOCK}) - (?P<who>{WHO}): (?P<said>\S.*)$"),
    re.compile(rf"(?P<at>(?:{DAY} )?{CLOCK}) <(?P<who>[\w\-\[\]|^`]{{1,40}})> (?P<said>\S.*)$"),
)
"""Beginnings of lines that somebody says."""
ABOVE_ANY, BESIDE_ANY = (
    re.compile("|".join(re.sub(r"\?P<\w+>", "?:", form.pattern) for form in forms)) for forms in (ABOVE, BESIDE)
)
"""Whether any of the forms matches, without saying what."""
SENTENCE = re.compile(r"^[>\s]*[A-Za-z\"'@`(][\w'`@\"(:,.\-]*(?: [\w'`@\"(:,.\-]+){2}")
"""Three words, as people write."""
FROM, SENT = re.compile(r"(?:From|Von|De): (?P<who>.{1,80})$"), re.compile(r"(?:Date|Sent|Gesendet): (?P<at>.{4,60})$")
HEADERS = 8
"""Lines of a mail's head."""
HALF_DAY = re.compile(r"(?i)([ap])\.?m\.?$")
WRITTEN = (
    re.compile(r"(?P<d>\d{1,2})[ /.-](?P<m>[A-Z][a-z]{2})[a-z]{0,6}\.?,?[ /.-](?P<y>\d{4}|\d{2})\b"),
    re.compile(r"(?P<m>[A-Z][a-z]{2})[a-z]{0,6}\.? (?P<d>\d{1,2}),? (?P<y>\d{4})\b"),
)
"""Days with the name of their month: 4/May/26, May 4, 2026."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One message of a thread; `first` is its head, what was said stands up to `last`."""

    who: str
    first: int
    last: int
    time: datetime | None
    certainty: Certainty


def is_thread(lines: tuple[str, ...]) -> bool:
    """Tell whether lines are what several people say to each other: most name who speaks, or sentences follow those that do."""
    top = lines[:HEADERS]
    if any(FROM.match(line) for line in top) and any(line.startswith("Subject:") for line in top):
        return True
    beside = sum(map(bool, map(BESIDE_ANY.match, (line[:400] for line in lines))))
    above = [n for n, line in enumerate(lines) if ABOVE_ANY.match(line.lstrip("> ")[:400])]
    followed = sum(bool(SENTENCE.match(line)) for n in above for line in lines[n + 1 : n + 2])
    return (beside >= 2 and beside >= 0.6 * len(lines)) or (followed >= 2 and 2 * followed >= len(above) >= 0.1 * len(lines))


def thread(lines: tuple[str, ...], observed_at: datetime | None) -> tuple[Said, ...]:
    """Return the messages in the order of their lines; fewer than two heads make no thread."""
    heads = list(_heads(lines))
    if len(heads) < 2 and not any(FROM.match(line) for line in lines[:HEADERS]):
        return ()
    found: list[Said] = []
    day = observed_at.date() if observed_at else None
    for (number, who, at), follower in zip(heads, [*(head[0] for head in heads[1:]), len(lines) + 1], strict=True):
        moment, certainty = _moment(at, day, observed_at)
        day = moment.date() if moment else day
        found.append(Said(who=who, first=number, last=follower - 1, time=moment, certainty=certainty))
    return tuple(found)


def words_of(line: str) -> str:
    """Return what is said in a line, without the marks of a quotation and the speaker in front."""
    text = line.strip().lstrip("> ")
    return next((found["said"] for form in BESIDE if (found := form.match(text[:400]))), text)


def _heads(lines: tuple[str, ...]) -> Iterator[tuple[int, str, str]]:
    """Yield (line, who, when) of every head."""
    for number, line in enumerate(lines, start=1):
        text = beginning(line).lstrip("> ").strip()[:400]
        if mail := FROM.match(text):
            below = (SENT.match(other.lstrip("> ").strip()[:400]) for other in lines[max(0, number - 3) : number + HEADERS])
            yield number, _name(mail["who"]), next((sent["at"] for sent in below if sent), "")
        elif head := next((found for form in (*BESIDE, *ABOVE) if (found := form.match(text))), None):
            yield number, _name(head["who"]), head["at"]


def _name(who: str) -> str:
    return fold(re.sub(r"<[^>]{0,80}>|[\[\]\"@<>]", "", who))[:60]


def _moment(at: str, day: date | None, observed_at: datetime | None) -> tuple[datetime | None, Certainty]:
    """Return the time of a head; where no zone is named UTC is assumed, where no day is named that of the message before."""
    clock = re.search(CLOCK, at)
    written = next((found for form in WRITTEN if (found := form.search(at))), None)
    known = None if written and len(written["y"]) == 2 else parse_time(at, observed_at)
    if known is not None:
        return known.time, known.certainty
    on = _day(written) if written else day
    if on is None or clock is None:
        return None, "order only"
    parts = [int(part) for part in re.findall(r"\d+", clock.group())]
    half = HALF_DAY.search(clock.group().strip())
    hour = parts[0] % 12 + 12 * (half.group(1).lower() == "p") if half else parts[0]
    if hour > 23 or parts[1] > 59:
        return None, "order only"
    return datetime.combine(on, time(hour, parts[1], parts[2] % 60 if len(parts) > 2 else 0), UTC), "zone assumed"


def _day(written: re.Match[str]) -> date | None:
    year = int(written["y"])
    if written["m"] not in MONTHS:
        return None
    try:
        return date(year + 2_000 * (year < 100), MONTHS.index(written["m"]) + 1, int(written["d"]))
    except ValueError:
        return None
