"""What a message tells about the fault: its statement, quotable facts, what is affected and since when."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from domain.case import phrases
from domain.case.findings import RowDraft
from domain.case.rows import RECURRENCE
from domain.case.state import RowCategory
from domain.case.texts import fingerprint, normal, words

SHORTEST_STATEMENT = 10
QUOTE_CHARACTERS = 300
NAMES = 8
"""Services and places taken from one message."""

_SENTENCE = re.compile(r"[^.!?\n]+(?:\.(?=\S)[^.!?\n]*)*[.!?]?")
_UNIT = r"(?:%|percent|ms|milliseconds?|seconds?|secs?|minutes?|mins?|hours?|s|[kmgt]i?b|bytes|rps|qps|req/s|errors?|requests?|restarts?|connections?|times)"
_MEASURE = re.compile(r"(?<![\w.])\d[\d.,]{0,15}\s?" + _UNIT + r"(?!\w)", re.IGNORECASE)
_ERROR_CODE = re.compile(
    r"\b(?:[A-Za-z]\w{0,80}(?:Error|Exception|BackOff|Failure)|E[A-Z]{4,}|ORA-\d+|[45]\d\d|exit code \d+|SIG[A-Z]{3,}|OOM(?:Killed)?|"
    r"[A-Z][A-Z0-9]*_[A-Z0-9_]+|0x[0-9a-f]{4,}|connection refused|permission denied|access denied|no such host|out of memory|"
    r"no space left|timed out|too many connections|deadlock)\b"
)
_FAILING = r"(?:is|are|was|were|keeps?|started|has been|have been)?\s?(?:now |still |currently |completely )?"
_OPERATION = re.compile(
    r"\b([A-Za-z][\w./-]{0,60})\s"
    + _FAILING
    + r"(?:fail(?:s|ed|ing)?|down|crash(?:es|ed|ing)?|broken|unavailable|unreachable|slow|"
    r"timing out|times out|timed out|returns?|restarting|stuck|rejected|refused|hangs?|hanging|offline|erroring)\b",
    re.IGNORECASE,
)
_NO_NAME = words(
    "it this that they everything something anything nothing all some is are was were and but or the a an we i you he she there still now "
    "keeps keep which what has have been not then so who system service requests request users customers since started again"
)
_SERVICE = re.compile(
    r"\b(?:(?:service|pod|deployment|app|application|host|database|server|container|job)\s+([a-z][\w.-]{0,60})|([a-z][\w.-]{0,60})\s+(?:service|pods?|deployment|database|server|container|cluster|job)s?)\b",
    re.IGNORECASE,
)
_HYPHENATED = re.compile(r"(?<![\w./<-])([a-z][a-z0-9]*(?:-[a-z0-9]+)+)(?![\w/>-])")
_NOT_A_SERVICE = words(
    "the a an our this that my each every one some which back-end front-end re-deploy read-only up-to-date work-around on-call of in on to for new old other another main single"
)
_SHARE = re.compile(
    r"(?<![\w.])\d[\d.,]{0,15}\s?(?:%|percent)(?!\w)(?:\s+of\s+(?:the\s+|all\s+)?[a-z]+)?|\b(?:half|most|all|a third|a quarter|one in \w+|1 in \d+|every)(?:\s+of)?(?:\s+the|\s+our)?\s+(?:requests?|users?|customers?|calls?|pods?|nodes?|orders?|traffic|jobs?)\b|\b\d[\d.,]{0,15}\s+(?:requests?|errors?|failures?|users?|customers?)\b",
    re.IGNORECASE,
)
_STATUS_CODE = re.compile(r"[45]\d\d\s")
_RESOURCE = re.compile(r"\b(?:cpu|memory|disk|ram|usage|utili[sz]ation|full|heap|swap|inode)\b", re.IGNORECASE)
_USERS = re.compile(
    r"\b(?:(?:all|some|most|only|internal|external|our|many|few|premium|mobile|enterprise|\d[\d.,]{0,15})\s+(?:of\s+)?(?:the\s+|our\s+|[a-z]{2,12}\s)?(?:users?|customers?|clients?|tenants?|people)|everyone|everybody|nobody|(?:users|customers|clients|tenants))\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?:(?:[a-z]{2}-[a-z]+-\d[a-z]?)|(?:region|zone|cluster|host|node|namespace|datacenter|data center|version|release)\s+([\w.-]{0,60}\d[\w.-]{0,60}|[a-z][\w.-]{0,60})|v\d+(?:\.\d+)+|prod(?:uction)?|staging|only\s+[A-Z]{2,4}|EU|US|APAC|EMEA)\b"
)
_CLOCK = re.compile(
    r"\b(?:since|from|at|around|about|started(?: at)?|begann?|after)\s+(?:about\s+|around\s+)?(\d{4}-\d{2}-\d{2})?[T ]?(\d{1,2}):(\d{2})(?::\d{2})?\s?(am|pm|z|utc)?\b",
    re.IGNORECASE,
)
_HOUR = re.compile(r"\b(?:since|from|around|about|started at)\s+(\d{1,2})\s?(am|pm)\b", re.IGNORECASE)
_AGO = re.compile(r"\b(\d{1,4}|an?|half an)\s+(minutes?|mins?|hours?|days?)\s+ago\b", re.IGNORECASE)
_LASTING = re.compile(r"\bfor (?:the (?:last|past) |about )?(\d{1,4}|an?)\s+(minutes?|mins?|hours?|days?)\b", re.IGNORECASE)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_QUESTION = re.compile(
    r"^\s*(?:please\s+)?(?:what|why|how|when|where|which|who|is|are|can|could|does|do|did|should|would|explain|tell me|show me|find|analy[sz]e)\b",
    re.IGNORECASE,
)
_WITHOUT_REFERENT = words(
    "it this that the does doesnt do not work works working fix help me please what why how is wrong with happened happens now a problem issue "
    "error have i we my need look at check can you and there something broken"
)
_FILLER = words(
    "the a an is are was were be been i we our my it this that these those and or but of to in on at for with since from by please help "
    "hi hello have has had there some very just now still again can cannot not do does did you your what why how all any get gets getting "
    "seeing see about around today yesterday after before when because"
)
TITLE_WORDS = 8


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences verbatim, in order; a dot inside a name or number ends none."""
    return tuple(found for match in _SENTENCE.finditer(text) if (found := match.group().strip()))


def statement(parts: tuple[str, ...]) -> str:
    """Return the sentence that says most about a fault, empty without a symptom (first of equals)."""
    scored = [(_weight(part), -index, part) for index, part in enumerate(parts) if phrases.PROBLEM.search(part)]
    fitting = [entry for entry in scored if len(entry[2]) >= SHORTEST_STATEMENT and not phrases.recovery((entry[2],))]
    return max(fitting)[2][:1_000] if fitting else ""


def quotes(told: tuple[str, ...]) -> tuple[tuple[RowDraft, str], ...]:
    """Return rows in the user's own words (rule D5) with their verbatim text: concrete symptoms, and their absence."""
    gone = phrases.recovery(told)
    back = phrases.first(phrases.RECURRENCE, told)
    rows = [
        (_row(RowCategory.SYMPTOM, part), part[:QUOTE_CHARACTERS])
        for part in told
        if part not in {gone, back} and is_concrete(part)
    ]
    if back:
        rows.insert(0, (_row(RowCategory.SYMPTOM, back, RECURRENCE), back[:QUOTE_CHARACTERS]))
    if gone:
        rows.append((_row(RowCategory.SYMPTOM_ABSENCE, gone), gone[:QUOTE_CHARACTERS]))
    return tuple(rows[:5])


def is_concrete(part: str) -> bool:
    """Tell whether a sentence names an error, a measure or a failing operation (rule M1)."""
    if phrases.NO_CHANGES.search(part) or phrases.applied((part,)):
        return False
    about_fault = phrases.PROBLEM.search(part) or _RESOURCE.search(part)
    return bool((_ERROR_CODE.search(part) or _MEASURE.search(part) or failing(part)) and about_fault)


def failing(part: str) -> str:
    """Return what the sentence says is failing, empty for nothing that has a name."""
    return next((name for match in _OPERATION.finditer(part) if (name := match.group(1)).lower() not in _NO_NAME), "")


def services(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of what is affected, in order of mention."""
    found: list[str] = []
    for part in parts:
        if not (phrases.PROBLEM.search(part) or _RESOURCE.search(part)):
            continue
        named = [match.group(1) or match.group(2) for match in _SERVICE.finditer(part)]
        if not phrases.applied((part,)):
            named += [match.group(1) for match in _HYPHENATED.finditer(part)]  # what was changed is not what suffers
        found += [*named, failing(part)]
    kept = (name.strip(".-").lower() for name in found if name)
    other = _NOT_A_SERVICE | _NO_NAME | {place.lower() for place in places(parts)}
    return tuple(dict.fromkeys(name for name in kept if len(name) > 1 and name not in other))[:NAMES]


def share(told: tuple[str, ...]) -> str:
    """Return how much is affected in the user's words; a level of a resource is no share."""
    for part in told:
        found = _SHARE.search(part)
        if found and not _RESOURCE.search(part) and not _STATUS_CODE.match(found.group()):
            return found.group()
    return ""


def users(told: tuple[str, ...]) -> str:
    """Return who is affected in the user's words."""
    found = next((match for part in told if (match := _USERS.search(part))), None)
    return found.group() if found else ""


def places(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Return hosts, zones, regions and versions in the user's words."""
    found = (match.group() for part in parts for match in _PLACE.finditer(part))
    return tuple(dict.fromkeys(found))[:NAMES]


def onset(told: tuple[str, ...], now: datetime) -> datetime | None:
    """Return since when, read in the zone of `now`; a clock time without a date is its newest past occurrence."""
    text = " ".join(told)
    for read in (_dated, _by_hour, _ago):
        found = read(text, now)
        if found is not None:
            return found
    return None


def asks(text: str) -> bool:
    """Tell whether a text is worded as a question or request for an answer."""
    return bool(_QUESTION.search(text))


def has_referent(text: str) -> bool:
    """Tell whether a text names anything at all that it is about."""
    return any(word not in _WITHOUT_REFERENT for word in normal(text).split())


def title_words(said: str) -> str:
    """Return two to eight telling words of a statement in their order, empty with fewer."""
    plain = (word.strip(".,;:!?()\"'`") for word in said[:QUOTE_CHARACTERS].split())
    telling = [word for word in plain if word and normal(word) not in _FILLER][:TITLE_WORDS]
    return " ".join(telling) if len(telling) > 1 else ""


def _weight(part: str) -> int:
    marks = (
        is_concrete(part),
        bool(_MEASURE.search(part)),
        bool(_ERROR_CODE.search(part)),
        bool(failing(part)),
        bool(services((part,))),
    )
    return sum(marks)


def _row(category: RowCategory, quote: str, kind: str = "quote:") -> RowDraft:
    return RowDraft(category=category, file_id="", first=0, last=0, witness=f"{kind}{fingerprint(normal(quote))}")


def _dated(text: str, now: datetime) -> datetime | None:
    found = _CLOCK.search(text)
    if not found:
        return None
    date, hour, minute, suffix = found.groups()
    zone = UTC if (suffix or "").lower() in {"z", "utc"} else now.tzinfo
    clock = _at(now.astimezone(zone), _hours(int(hour), suffix), int(minute))
    if clock is None:
        return None
    if date:
        return _on(clock, date)
    return clock if clock <= now else clock - timedelta(days=1)


def _on(clock: datetime, date: str) -> datetime | None:
    try:
        year, month, day = (int(part) for part in date.split("-"))
        return clock.replace(year=year, month=month, day=day)
    except ValueError:
        return None


def _by_hour(text: str, now: datetime) -> datetime | None:
    found = _HOUR.search(text)
    clock = _at(now, _hours(int(found.group(1)), found.group(2)), 0) if found else None
    return clock if clock is None or clock <= now else clock - timedelta(days=1)


def _ago(text: str, now: datetime) -> datetime | None:
    found = _AGO.search(text) or _LASTING.search(text)
    if not found:
        return None
    word = found.group(1).lower()
    count = float(word) if word.isdecimal() else 0.5 if word.startswith("half") else 1.0
    return now - count * _UNITS[found.group(2)[0].lower()]


def _hours(hour: int, suffix: str | None) -> int:
    half = (suffix or "").lower()
    if half not in {"am", "pm"}:
        return hour
    return hour % 12 + (12 if half == "pm" else 0) if hour <= 12 else 24


def _at(now: datetime, hour: int, minute: int) -> datetime | None:
    if hour > 23 or minute > 59:
        return None
    return now.replace(hour=hour, minute=minute, second=0, microsecond=0)
