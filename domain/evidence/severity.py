"""How severe one text is, 0..5, by generic words and the level it carries (evidence.md 9)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from domain.evidence.dumps import is_reading

NOTHING: Mapping[str, str] = MappingProxyType({})
FAR = 4096
LEVEL_FIELDS = ("level", "lvl", "severity", "loglevel", "log_level", "levelname", "log.level")
_LEVELS = {
    "fatal": 5.0, "panic": 5.0, "emerg": 5.0, "emergency": 5.0, "crit": 5.0, "critical": 5.0, "alert": 5.0,
    "error": 4.0, "err": 4.0, "severe": 4.0, "failure": 4.0,
    "warn": 2.0, "warning": 2.0, "notice": 1.0,
    "info": 0.0, "information": 0.0, "debug": 0.0, "trace": 0.0, "verbose": 0.0, "fine": 0.0, "finer": 0.0, "log": 0.0,
}  # fmt: skip
PRIORITY = "PRIORITY"
"""The field of a journal's record that holds its level as a digit (systemd.journal-fields)."""
_PRIORITIES = {"0": 5.0, "1": 5.0, "2": 5.0, "3": 4.0, "4": 2.0, "5": 1.0, "6": 0.0, "7": 0.0}
"""Levels of syslog by number (RFC 5424, table 2)."""
_LEVEL = re.compile(
    r"(?:\b(?:level|lvl|severity|levelname|log_level)[\"']?\s?[=:]\s?[\"']?(?P<field>[A-Za-z]{3,11})"
    r"|^[\[(<]?(?P<first>[A-Za-z]{3,11})[\])>]?\s{0,3}[:\-|\s]"
    r"|(?:^|[\s\[(|<:])(?P<column>FATAL|PANIC|EMERG|CRIT|CRITICAL|ALERT|ERROR|ERR|SEVERE|FAILURE|WARN|WARNING|NOTICE|INFO|DEBUG|TRACE|VERBOSE)(?=[\s\])|>:,]|$)"
    r"|\[(?P<small>emerg|alert|crit|error|warn|notice|info|debug)\])"
)
_KLOG = re.compile(r"^(?P<letter>[IWEF])\d{4} \d\d:\d\d:\d\d")
_ANDROID = re.compile(r"^\S{0,12} ?\S{0,14} {1,6}\d+ {1,6}\d+ (?P<letter>[VDIWEF]) ")
_LETTERS = {"V": 0.0, "D": 0.0, "I": 0.0, "W": 2.0, "E": 4.0, "F": 5.0}
_WORDS: tuple[tuple[float, tuple[str, ...], re.Pattern[str]], ...] = tuple(
    (score, tuple(stems.split("|")), re.compile(pattern))
    for score, stems, pattern in (
        (
            5.0,
            "killed|of memory|ofmemory|oom|segfault|segmentation|corrupt|data loss|panic|space left|machine check",
            r"\bkilled\b|out ?of ?memory|oom[- ]?kill|segfault|segmentation fault|\bcorrupt|data loss|kernel panic|no space left|machine check",
        ),
        (
            4.0,
            "exception|traceback|panic|abort|fatal|uncorrectable|deadlock|critical|core dump",
            r"exception|traceback|\bpanic|\babort|\bfatal\b|uncorrectable|deadlock|\bcritical\b|core dump",
        ),
        (
            3.0,
            (
                "fail|refused|denied|forbidden|not found|unable|timed|timeout|time out|time-out|unreachable|exhaust|expired|unavailable|invalid|exceed|evict|unhealthy"
                "|lost|mismatch|crash|backoff|back-off|cannot|can't|could not|couldn't|error|no such|unauthorized|unexpected|broken|reset by|missing|overflow|rejected"
                "|not ready|notready|no route|no free|parity|terminated|unknown host|bad address|unresolv|too many|insufficient"
            ),
            (
                r"\bfail|failure\b|failed\b|\brefused\b|\bdenied\b|\bforbidden\b|not found|\bunable\b|timed?[ -]?out|unreachable|exhaust|\bexpired\b"
                r"|unavailable|\binvalid\b|exceed|\bevict|unhealthy|\blost\b|mismatch|\bcrash|back-?off|cannot|can't|could not|couldn't|\berror\b|\berrors\b"
                r"|\bno such\b|unauthorized|unexpected|\bbroken\b|\breset by peer|missing|overflow|\brejected\b|not ready|notready|no route|no free\b"
                r"|interrupt(?:ed)?\b.*\berror|parity|terminated|unknown host|bad address|unresolv|too many|insufficient"
            ),
        ),
        (
            2.0,
            "retr|slow|throttl|degraded|restart|reload|rollout|scaled|(was:|gone|stale|dropp|stopp",
            r"\bretr(?:y|ies|ying)\b|\bslow\b|throttl|degraded|restart|\breload|rollout|\bscaled\b|\(was:|\bgone\b|\bstale\b|\bdropp(?:ed|ing)\b|\bstopp(?:ed|ing)\b",
        ),
    )
)
"""Score, a part of every word, and the words in lower case: a substring test is ten times faster than the expressions."""
_BENIGN = re.compile(
    r"\b(?:error|errors|err|exception|failure|failures)[\"']?\s?[=:]\s?[\"']?(?:null|none|nil|false|0|\"\"|''|<nil>|\{\}|\[\]|-)(?![\w.])"
    r"|\b(?:0|no|zero|without(?: any)?) (?:error|errors|failure|failures|failed|exceptions?|warnings?|retries|problems?|issues?)\b"
    r"|\b(?:failed|failures|errors|unavailable|evicted|lost|dropped|restarts?|retries|unreachable|skipped)[\"']?\s?[=:]\s?0(?![\d.])"
    r"|\bfailure[-_.]domain\S*|\berror[-_.]?(?:code|log|level|page|handler|reporting|count|rate|budget)s?\b"
    r"|\b(?:time|timed)[-_ ]?out(?:_?(?:ms|s|sec|seconds))?[\"']?\s?[=:]\s?\d+\S*|\bon-?failure\b|\bfail-?over(?: enabled| ready)?\b|\bfail-?fast\b"
    r"|\bretr(?:y|ies)[-_.]?(?:policy|count|limit|interval|after|max)?[\"']?\s?[=:]\s?\S+|\bbackoff[-_]?limit\S*"
    r"|\bmachine check (?:architecture|reporting|polling|support)\b|\b(?:liveness|readiness|startup)(?: ?probe)?:.*|\btolerations?:.*"
    r"|\b(?<![\w.])(?:[A-Za-z]\w{0,60}\.){2,12}\w{0,60}(?:Exception|Error|Fail|Abort|Panic)\w{0,60}(?:Handler|Filter|Mapper|Listener|Config\w*|Reporter|Strategy|Resolver)\b",
    re.IGNORECASE,
)
_PASSED = re.compile(r"^\s{0,40}(?:[✓✔√] |ok \d+ |PASS\b|--- PASS: )|\bPASSED\b\s{0,9}(?:\[ {0,3}\d{1,3}%\])?$")
"""A test that passed, whatever its name speaks of."""
_STATUS = re.compile(
    r"(?:HTTP/\d(?:\.\d)?[\"']?\s{1,2}|\bstatus(?:[_ ]?code)?[\"']?\s?[=: ]\s?[\"']?"
    r"|\b(?:answered|returned|response|responded(?: with)?|got|code)[\"']?\s?[=: ]\s?[\"']?"
    r"|\b(?:GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS) \S{1,300} )(?P<code>[1-5]\d\d)(?![\d.\w])"
)
_STATUS_STEMS = (
    "http/",
    "status",
    "answered",
    "return",
    "respon",
    "got",
    "code",
    "get ",
    "post ",
    "put ",
    "delete ",
    "patch ",
    "head ",
    "options ",
)
_EXIT = re.compile(
    r"exit(?:ed)?(?:ing)?(?: with)?[ _-]?(?:code|status)?(?: of)?[\"']?\s?[=: ]\s?[\"']?\(?(?P<code>-?\d{1,3})(?!\d)",
    re.IGNORECASE,
)


def severity(text: str, fields: Mapping[str, str] = NOTHING) -> float:
    """Return 0..5 for one line or message; `fields` may carry its level. Part of a dump: 0, since its head tells, and a test that passed."""
    text = text[:FAR]
    if is_reading(text) or _PASSED.search(text):
        return 0.0
    level = level_of(text, fields)
    words = word_severity(text)
    if level is not None and level <= 1.0 and words:
        words -= 1.0
    return max(level or 0.0, words, _code_severity(text))


def level_of(text: str, fields: Mapping[str, str] = NOTHING) -> float | None:
    """Return what the level field or column says, or None where none stands."""
    for name in LEVEL_FIELDS:
        if name in fields:
            return level_named(fields[name])
    if (known := _PRIORITIES.get(fields.get(PRIORITY, ""))) is not None:
        return known
    for pattern in (_KLOG, _ANDROID):
        if letter := pattern.match(text):
            return _LETTERS[letter["letter"]]
    for match in _LEVEL.finditer(text[:200]):
        word = next(group for group in match.groups() if group)
        found = _LEVELS.get(word.lower())
        if found is not None and (match["first"] is None or word.isupper() or word.istitle()):
            return found
    return None


def level_named(word: str) -> float | None:
    """Return the severity of a level's name or letter, or None where the word is none."""
    return _LETTERS.get(word, _LEVELS.get(word.strip().lower()))


def word_severity(text: str) -> float:
    """Return the severity of the words alone, benign frames left out."""
    return _score(_BENIGN.sub(" ", text).lower()) if _score(text.lower()) else 0.0


def _score(low: str) -> float:
    return next((score for score, stems, words in _WORDS if any(stem in low for stem in stems) and words.search(low)), 0.0)


def status_of(text: str) -> int | None:
    """Return the HTTP status that the text names, if any."""
    match = _STATUS.search(text[:FAR])
    return int(match["code"]) if match else None


def exit_code_of(text: str) -> int | None:
    """Return the exit code that the text names, if any."""
    match = _EXIT.search(text[:FAR])
    return int(match["code"]) if match else None


def _code_severity(text: str) -> float:
    low = text.lower()
    status = status_of(text) if any(stem in low for stem in _STATUS_STEMS) else None
    code = exit_code_of(text) if "exit" in low else None
    by_status = 0.0 if status is None else 4.0 if status >= 500 else 3.0 if status in {408, 429} else 0.0
    by_exit = 0.0 if not code else 5.0 if code in {137, 139} else 3.0
    return max(by_status, by_exit)
