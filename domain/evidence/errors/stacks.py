"""Stacks apart: exceptions with their messages, frames and causes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from domain.evidence.errors import grammars
from domain.evidence.kinds import fingerprints

Head = tuple[str, str, str]
"""Name, message, language."""
TRACEBACK = "Traceback (most recent call last)"
NEXT = "\x00"
"""Message of a head whose message stands on the line below it."""


@dataclass(slots=True)
class Stack:
    """One exception with its frames, outermost first as printed."""

    line: int
    name: str
    message: str
    language: str
    frames: list[tuple[int, str, str]] = field(default_factory=list)
    """(line, function, place)"""
    causes: list[tuple[int, str, str]] = field(default_factory=list)
    """(line, name, message), outermost first."""
    about: dict[str, str] = field(default_factory=dict)
    """Process and release, where the report names them."""
    group: bool = False
    """True for a Python exception group, whose members are its causes."""
    member: bool = False
    """True inside the traceback of such a member."""
    listed: bool = False
    """True below a line `Caused by:` that lists causes."""


def stacks(lines: tuple[str, ...]) -> Iterator[Stack]:
    """Yield every stack in order."""
    current: Stack | None = None
    for number, raw in enumerate(lines, start=1):
        line = _drawn(current, raw[: fingerprints.PIECE])
        if TRACEBACK in line[:60] and line.startswith(("Traceback", "Exception Group")):
            current, done = _traceback(current, lines, number, group=line.startswith("Exception"))
            if done:
                yield _outermost(done)
            continue
        head = _ending(current, line) or _head(lines, number, line)
        if head and (current is None or not current.name or _is_new(current, line)):
            current, done = _opened(current, number, head, line)
            if done:
                yield _outermost(done)
        elif current:
            _member(current, lines, number, line)
    if current and current.name:
        yield _outermost(current)


def _drawn(current: Stack | None, line: str) -> str:
    """Return a line without the frame that Python draws around exception groups."""
    inside = (current and current.language == "python") or "Exception Group Traceback" in line[:80]
    found = grammars.GROUPED.match(line) if inside else None
    return line[found.end() :] if found else line


def _traceback(current: Stack | None, lines: tuple[str, ...], number: int, *, group: bool) -> tuple[Stack, Stack | None]:
    """Return the Python stack that begins here, with the one it follows from inside it, and the one that ended."""
    if current and current.group and current.name and not group:
        current.member = True
        return current, None
    opened = Stack(line=number, name="", message="", language="python", group=group)
    if current and current.language == "python" and _joins(lines, number):
        opened.causes = [*current.causes, (current.line, current.name, current.message)]
        opened.frames = current.frames
        return opened, None
    return opened, current if current and current.name else None


def _joins(lines: tuple[str, ...], number: int) -> bool:
    """Return whether a traceback goes on from the one above it."""
    above = " ".join(lines[max(0, number - 4) : number - 1])
    return "direct cause of" in above or "handling of the above" in above


def _outermost(stack: Stack) -> Stack:
    """Return a Python chain with the cause last: there the first exception printed is the root, of a group its first member."""
    if stack.group:
        stack.causes.reverse()
    elif stack.language == "python" and stack.causes:
        chain = [*stack.causes, (stack.line, stack.name, stack.message)]
        (stack.line, stack.name, stack.message), stack.causes = chain[-1], list(reversed(chain[:-1]))
    return stack


def _head(lines: tuple[str, ...], number: int, line: str) -> Head | None:
    """Return (name, message, language) where a line names an exception."""
    return _panic(lines, number, line) or _usual(line) or _other(lines, number, line)


def _usual(line: str) -> Head | None:
    """Return what names an exception by a pattern of its own."""
    if found := grammars.RUBY.match(line):
        return found["name"], found["message"], "ruby"
    if found := grammars.SIGNAL.match(line):
        return found["signal"] or found["jvm"] or "segfault", line.strip(), "native"
    if grammars.KERNEL.match(line):
        return "kernel", line.strip(), "kernel"
    if found := grammars.HEAD.match(line):
        return found["name"], found["message"] or "", ""
    return None


def _other(lines: tuple[str, ...], number: int, line: str) -> Head | None:
    """Return what names a fault of a runtime that writes no `Name: message`."""
    if found := grammars.DART.match(line):
        return "Unhandled exception", found["message"] or NEXT, "dart"
    for language, pattern in grammars.OTHERS:
        found = pattern.match(line)
        if found and (language != "powershell" or _is_script(lines, number)):
            return found["name"], found["message"].strip(), language
    return None


def _panic(lines: tuple[str, ...], number: int, line: str) -> Head | None:
    found = grammars.PANIC.match(line)
    if found is None:
        return None
    below = " ".join(lines[number : number + 2])[: fingerprints.PIECE]
    if found["anyhow"] is not None:
        return ("Error", found["anyhow"], "rust") if "Caused by:" in below and " at " not in below else None
    message = (found["go"] or found["rust"] or found["fatal"] or "").strip()
    language = "rust" if found["rust"] else "go"
    return "panic", NEXT if language == "rust" and re.search(r":\d+:$", message) else message, language


def _is_script(lines: tuple[str, ...], number: int) -> bool:
    """Return whether one of the next lines says where in a script it happened."""
    return any(grammars.SCRIPT_AT.match(line[: fingerprints.PIECE]) for line in lines[number : number + 2])


def _ending(current: Stack | None, line: str) -> Head | None:
    """Return the exception that ends a traceback, whatever its name looks like."""
    found = grammars.ENDING.match(line) if current and current.language == "python" and not current.name else None
    return (found["name"], found["message"] or "", "python") if found else None


def _is_new(current: Stack, line: str) -> bool:
    """Return whether an exception line begins another stack instead of joining this one."""
    if current.member or grammars.CAUSED.match(line):
        return False
    return not re.match(r"^\s*(?:Caused by|Suppressed|--->|BUG|Oops|#|\[cause\]|\[errors\])", line) and (
        bool(current.frames) or current.language in {"python", "elixir", "powershell", "swift"}
    )


def _opened(current: Stack | None, number: int, head: Head, line: str) -> tuple[Stack, Stack | None]:
    """Return the stack that begins here and the one that ended; a traceback gets its name at its end."""
    name, message, language = head
    if current and not current.name:
        current.line, current.name, current.message = number, name, message
        return current, None
    opened = Stack(line=number, name=name, message=message, language=language)
    if inner := grammars.INNER.search(message):
        opened.message = message[: inner.start()]
        opened.causes.append((number, inner["name"], inner["message"]))
    if ruby := grammars.RUBY.match(line):
        opened.frames.append((number, ruby["function"], ruby["where"]))
    return opened, current


def _member(current: Stack, lines: tuple[str, ...], number: int, line: str) -> None:
    """Add a line to a stack: its message, a cause or a frame."""
    if current.message == NEXT:
        current.message = line.strip()
        return
    if current.member and (ended := grammars.ENDING.match(line)):
        current.causes.append((number, ended["name"], ended["message"] or ""))
        current.member = False
        return
    _about(current, line)
    if _cause(current, number, line) or (current.language == "python" and current.causes and not current.group):
        return  # the frames of the root cause of a Python chain are the ones to show
    plain = grammars.TICK.sub("", line).removeprefix("# ")
    if found := grammars.FRAME.match(plain):
        said = {key: value for key, value in found.groupdict().items() if value}
        place = said.get("pyat", "") + (":" + said["pyline"] if "pyline" in said else "")
        place = place or next((v for k, v in said.items() if k.endswith("at") or k == "bare"), "")
        function = next((v for k, v in said.items() if not k.endswith("at") and k not in {"pyline", "bare"}), "")
        current.frames.append((number, function.strip(), place))
    elif (go := grammars.GO.match(line)) and number < len(lines) and (at := grammars.GOAT.match(lines[number])):
        current.frames.append((number, go["name"], at["at"]))
    else:
        _placed(current, number, line)


def _placed(current: Stack, number: int, line: str) -> None:
    """Add what stands on a line of its own: the place of the frame above, the message of a head without one."""
    if (at := grammars.RUSTAT.match(line)) and current.frames and not current.frames[-1][2]:
        above = current.frames[-1]
        current.frames[-1] = (above[0], above[1], at["at"])
    elif script := grammars.SCRIPT_AT.match(line):
        current.frames.append((number, current.name, f"{script['at']}:{script['line']}"))
    elif not current.message and (what := grammars.WHAT.match(line)):
        current.message = what["message"]


def _cause(current: Stack, number: int, line: str) -> bool:
    """Add a cause, return whether the line was one."""
    if line.strip() == "Caused by:":
        current.listed = True
        return True
    if cause := grammars.CAUSED.match(line):
        current.causes.append((number, cause["name"], cause["message"] or ""))
        return True
    if current.listed and current.language == "rust" and (numbered := grammars.NUMBERED.match(line)):
        current.causes.append((number, current.name, numbered["message"]))
        return True
    current.listed = False
    return False


def _about(current: Stack, line: str) -> None:
    """Keep the process and the release that a report names."""
    if len(current.about) < 2:
        if process := grammars.PROCESS.search(line):
            current.about.setdefault("process", next(filter(None, process.groups())))
        if release := grammars.RELEASE.match(line):
            current.about.setdefault("release", release["release"])
