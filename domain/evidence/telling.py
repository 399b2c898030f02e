"""Which names and values of fields tell of a fault; the severity of one `name: value` pair, 0..5."""

from __future__ import annotations

import re

from domain.evidence.reading import beginning
from domain.evidence.structure.trees import Scalar, said

GOOD_WHEN_TRUE = re.compile(
    r"^(?:running|ready|healthy|available|up|alive|ok|success|successful|connected|reachable|online|synced|initialized|valid|passed|enabled_ok)$"
)
"""Names of booleans that should be true."""
BAD_WHEN_TRUE = re.compile(
    r"(?:partition|alarm|fail|error|pressure|expired|degraded|unreachable|unhealthy|stuck|blocked|crash|corrupt|lost|oom|readonly"
    r"|read_only|throttl|unavailable|exceeded|full$|deadlock|split_brain|detected$|unschedulable|disconnected|stale)"
)
"""Pieces of names of booleans, counts and lists that should be false, zero or empty."""
BAD_STATES = frozenset({
    "failed", "failure", "error", "down", "critical", "unhealthy", "degraded", "crashed", "crashloopbackoff", "imagepullbackoff",
    "errimagepull", "invalidimagename", "createcontainerconfigerror", "createcontainererror", "runcontainererror", "oomkilled", "evicted",
    "notready", "unknown", "lost", "offline", "unreachable", "disconnected", "expired", "exited", "dead", "inactive", "red", "alert",
    "alarm", "firing", "timeout", "refused", "rejected", "denied", "blocked", "stuck", "terminated", "restarting", "backoff", "starterror",
    "containercannotrun", "deadlineexceeded", "unavailable", "outofcpu", "outofmemory", "init:error", "init:crashloopbackoff", "nodelost",
    "paused", "suspended", "stopped", "fatal", "panic",
})  # fmt: skip
"""Values of a status that say a thing does not work."""
WAITING_STATES = frozenset({"pending", "containercreating", "podinitializing", "terminating", "warning", "warn", "yellow", "scheduling", "provisioning", "stale", "unbound", "released"})  # fmt: skip
"""Values of a status that say a thing does not work yet, or no longer."""
STATUS_NAMES = re.compile(r"(?:^|_|\.|-)(?:status|state|phase|health|result|condition|outcome|severity|level|reason)$")
MESSAGE_NAMES = re.compile(
    r"(?:^|_|\.)(?:error|errors|message|msg|reason|description|detail|details|failure|stderr|exception|cause|last_error|summary|explanations?|warnings?|hints?)$"
)
BAD_WORDS = re.compile(
    r"(?:\bfail|\berror\b|refused|denied|forbidden|not found|no such|unable to|timed? ?out|unreachable|exhausted|expired|unavailable|invalid"
    r"|exceed|evict|unhealthy|mismatch|crash|back-?off|insufficient|cannot|can't|couldn't|could not|out of memory|oom|killed|corrupt|deadlock"
    r"|too many|no space|disk full|read-only|throttl|critical|panic|exception|unauthori[sz]ed|didn't|does not|doesn't|lost|rejected|segfault|violat|n't allowed|not allowed|watermark|\bwrong\b|\bis (?:too )?low\b|no route|bad address|unexpected|less than the minimum)",
    re.IGNORECASE,
)
BENIGN = re.compile(
    r"(?:\bno (?:errors?|failures?|issues)\b|\b0 (?:errors?|failed|failures?)\b|successfully|error[\"']?[:=]\s?(?:null|none|\"\"|0\b))",
    re.IGNORECASE,
)
SETTING_NAMES = re.compile(
    r"(?:threshold|timeout|policy|limit|retries|interval|period|backoff_limit|query|pattern|regex|alertname|runbook|url|aggregation_key|title|name|labels?|annotations?)$"
)
"""Names whose values are settings or labels, whatever words stand in them."""


SENTENCE = 4
"""Blanks from which on a value is a sentence and no state."""
JOINED = re.compile(r"([a-z0-9])([A-Z])")
"""Where the words of a name are joined by capitals."""
CALM_LEVEL = re.compile(r"(?i)(?:^|\s)(?:lvl|level|severity)=\"?(?:info|debug|trace|notice)\b")
"""A line of logfmt that says itself that it is no fault."""
FRAME = re.compile(r"^(?:\S{10,40}\s+)?at [\w.$<>/]+\(")
"""A frame of a stack names classes after exceptions; it tells nothing by itself."""


USED_UP = re.compile(r"(?i)memory size: (\d{2,6}) mb\s+max memory used: \1 mb")
"""The report of a function's call that used all memory it was given."""


def words(text: str) -> float:
    """Return how much a sentence tells of a fault, 0..4."""
    piece = beginning(text)
    if USED_UP.search(piece):
        return 4.0
    if (
        FRAME.match(piece)
        or not BAD_WORDS.search(piece)
        or CALM_LEVEL.search(piece[:200])
        or (BENIGN.search(piece) and len(BAD_WORDS.findall(piece)) <= 1)
    ):
        return 0.0
    return 4.0 if re.search(r"(?i)out of memory|oom-?kill|panic|fatal|corrupt|no space left|segfault|data loss", piece) else 3.0


def tells(name: str) -> bool:
    """Return whether a field of this name may tell of a fault at all."""
    key = _key(name)
    told = GOOD_WHEN_TRUE.match(key) or BAD_WHEN_TRUE.search(key) or STATUS_NAMES.search(key) or MESSAGE_NAMES.search(key)
    return bool(told)


def is_message(name: str) -> bool:
    """Return whether a field of this name holds a sentence that tells why."""
    return MESSAGE_NAMES.search(_key(name)) is not None


def _key(name: str) -> str:
    return JOINED.sub(r"\1_\2", name.strip()).lower().replace(" ", "_").replace("-", "_")


def pair(name: str, value: Scalar) -> float:
    """Return how much one field tells of a fault, 0..5."""
    key = _key(name)
    if isinstance(value, bool):
        return _flag(key, value)
    if value is None or SETTING_NAMES.search(key):
        return 0.0
    if isinstance(value, int | float):
        return 2.5 if value > 0 and BAD_WHEN_TRUE.search(key) and "total" not in key else 0.0
    return _said(key, said(value).strip())


def _flag(key: str, value: bool) -> float:
    if value:
        return 4.0 if BAD_WHEN_TRUE.search(key) else 0.0
    return 3.5 if GOOD_WHEN_TRUE.match(key) else 0.0


def _said(key: str, value: str) -> float:
    state = value.lower()
    if state in {"true", "false"}:
        return _flag(key, state == "true")
    if STATUS_NAMES.search(key) and value.count(" ") < SENTENCE and (severity := status(value)):
        return severity
    if key in {"ready", "healthy", "available", "running"} and state == "unknown":
        return 3.5
    return words(value) if MESSAGE_NAMES.search(key) and " " in value else 0.0


def status(value: str) -> float:
    """Return how bad a status word is: 4 broken, 2.5 waiting, 0 fine or not known."""
    state = value.strip().lower().replace(" ", "")
    state = state.removeprefix("init:") if state.startswith("init:") and not state[5:6].isdecimal() else state
    if state in BAD_STATES:
        return 4.0
    if state in WAITING_STATES or state.startswith("init:"):
        return 2.5
    return 3.5 if re.search(r"(?:error|failed|backoff|notready|unschedulable|schedulingdisabled)", state) else 0.0
