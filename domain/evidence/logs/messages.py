"""One raw log line apart: its time, level and fields, and the slice that is its message (evidence.md 7)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.evidence.clocks import Clock, time_span
from domain.evidence.decoding.decode import plain
from domain.evidence.severity import LEVEL_FIELDS

MESSAGE_FIELDS = ("msg", "message", "MESSAGE", "log", "event", "error", "err", "exception", "reason", "text", "body")
TROUBLE_FIELDS = (
    "error",
    "err",
    "exception",
    "cause",
    "reason",
    "stack_trace",
    "stacktrace",
    "error_message",
    "detail",
    "details",
)
_PAIR = re.compile(
    r"(?:^|(?<=\s))(?P<name>[A-Za-z_][\w.@-]{0,40})=(?:\"(?P<quoted>(?:[^\"\\]|\\.){0,2000})\"|(?P<bare>[^\s\"]{0,300}))"
)
_PREFIX = re.compile(r"^(?:\S{1,60} (?:stdout|stderr) [FP] |[\w.-]{1,60}\s{0,20}\| )")
_AFTER = re.compile(r"^[\s\])>,:;|-]{0,6}")
_CONTINUES = re.compile(r"^(?:\s|at\s|Caused by|\.\.\.|---|[})\]]|Traceback \(|\w*Suppressed:)")
_FALLS = ("Exception", "Error", "Interrupt", "Timeout", "Refused", "Failure", "Fault", "Panic")
_THROWN = re.compile(
    rf"(?<![\w$.])(?P<name>(?:[A-Za-z_][\w$]{{0,80}}[.:]{{1,2}}){{0,12}}[A-Z][\w$]{{0,80}}(?:{'|'.join(_FALLS)}))\b(?::\s{{0,2}}(?P<text>.{{0,300}}))?"
)
_FRAME = re.compile(r"^\s*(?:at |File \"|\S+\.go:\d+|\d+: 0x|#\d+ )")
FAR = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A line apart; `text` is a verbatim slice of it."""

    text: str
    fields: Mapping[str, str] = field(default_factory=dict)
    form: str = "plain"
    """plain, json or logfmt."""


def read_message(line: str, clock: Clock | None = None) -> Message:
    """Take a line apart; a line that is none of the known forms is its own message. `clock` is where its log keeps the time."""
    line = plain(line[:FAR]).strip()
    line = _PREFIX.sub("", line, count=1)
    if line.startswith("{") and (found := _json(line)):
        return found
    pairs = (
        {}
        if line.count("=") < 3
        else {match["name"]: match["quoted"] if match["quoted"] is not None else match["bare"] for match in _PAIR.finditer(line)}
    )
    if len(pairs) >= 3 and any(name in pairs for name in (*MESSAGE_FIELDS, *LEVEL_FIELDS)):
        return Message(text=_slice(line, pairs), fields=pairs, form="logfmt")
    span = (clock.span(line) if clock else None) or time_span(line[:200])
    if span is None or span[0] > 120:
        return Message(text=line)
    rest = line[span[1] :]
    rest = rest[_AFTER.match(rest).end() :] if rest else rest  # type: ignore[union-attr]  # the pattern matches the empty text
    return Message(text=rest or line)


def _json(line: str) -> Message | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    fields = {str(name): item if isinstance(item, str) else json.dumps(item) for name, item in value.items()}
    return Message(text=_slice(line, fields), fields=fields, form="json")


def _slice(line: str, fields: Mapping[str, str]) -> str:
    """The message's value, or everything from it to the fields that tell of trouble; the whole line where it has none."""
    main = next((name for name in MESSAGE_FIELDS if fields.get(name)), None)
    if main is None:
        return line
    spans = [
        span
        for name in (main, *TROUBLE_FIELDS)
        if fields.get(name) not in {None, "", "null", "{}"} and (span := _place(line, fields[name]))
    ]
    if not spans:
        return line
    return line[min(start for start, _ in spans) : max(end for _, end in spans)]


def _place(line: str, value: str) -> tuple[int, int] | None:
    for form in (json.dumps(value, ensure_ascii=False)[1:-1], value, json.dumps(value)[1:-1]):
        start = line.find(form)
        if start >= 0:
            return start, start + len(form)
    return None


def continues(line: str) -> bool:
    """True for a line that belongs to the record above it by its shape."""
    return bool(_CONTINUES.match(line))


def thrown(line: str) -> tuple[str, str] | None:
    """Return the exception a line names and its text, if any; frames name none."""
    if not any(word in line for word in _FALLS) or _FRAME.match(line):
        return None
    match = _THROWN.search(line[:FAR])
    return (match["name"], (match["text"] or "").strip()) if match else None
