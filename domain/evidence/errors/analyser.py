"""Error reports: the chain of exceptions, its root cause, and the first frame of the program's own code."""

from __future__ import annotations

from domain.evidence.errors import grammars, tracker
from domain.evidence.errors.stacks import Stack, stacks
from domain.evidence.reading import Fact, Reading
from domain.evidence.values import Context, Document, Parsed, Text

REPORTS = 200
"""Stacks kept of one file."""
FRAMES = 100
"""Frames of one stack that become objects."""


def analyse(text: Text, document: Document, _context: Context) -> Parsed:
    """Return every stack of an error report, equal ones counted once."""
    reading = Reading(document=document, lines=text.lines)
    found = list(tracker.stacks(text.lines)) or list(stacks(text.lines))
    _report(reading, found)
    names = ", ".join(dict.fromkeys(s.name for s in found))
    return reading.parsed(f"{len(found)} stack traces: {names}", 1.0 if found else 0.0)


def _report(reading: Reading, found: list[Stack]) -> None:
    """Keep one finding per fingerprint: outermost name, root name, own frame."""
    grouped: dict[tuple[str, str, str], list[Stack]] = {}
    for stack in found:
        root = stack.causes[-1][1] if stack.causes else stack.name
        grouped.setdefault((stack.name, root, own_frame(stack)[1]), []).append(stack)
    for group in list(grouped.values())[:REPORTS]:
        _tell(reading, group[0], len(group))
        _observe(reading, group[0])


def _observe(reading: Reading, stack: Stack) -> None:
    """Keep the exceptions of a chain and their frames."""
    for line, name, message in [(stack.line, stack.name, stack.message), *stack.causes]:
        reading.observe("exception", name, line, {"message": message[:300], "language": stack.language, **stack.about})
    for line, function, place in stack.frames[:FRAMES]:
        own = "" if _library(function, place) else "yes"
        reading.observe("frame", function or place, line, {"place": place, "own": own})


def _tell(reading: Reading, stack: Stack, count: int) -> None:
    """Keep the root cause as the decisive line; the head and the own frame are cited, too."""
    chain = [(stack.line, stack.name, stack.message), *stack.causes]
    line, name, message = chain[-1]
    own_line, function, place = own_frame(stack)
    facts: dict[str, Fact] = {"message": message, "exception": name, "outermost": stack.name, "language": stack.language}
    facts |= {"function": function, "place": place, "count": float(count), **stack.about}
    reading.find("exception", "", line, 4.0, f"{name}: {message}" + (f" in {function} at {place}" if place else ""), **facts)
    if line != stack.line:
        reading.also(stack.line)
    if own_line and own_line != stack.line:
        reading.also(own_line)


def own_frame(stack: Stack) -> tuple[int, str, str]:
    """Return the frame nearest to the fault that is no library's; Python prints it last, others first."""
    own = [f for f in stack.frames if not _library(f[1], f[2])] or stack.frames
    if not own:
        return 0, "", ""
    return own[-1] if stack.language == "python" else own[0]


def _library(function: str, place: str) -> bool:
    return bool(grammars.LIBRARY.search(function) or grammars.LIBRARY.search(place))
