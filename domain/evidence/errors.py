"""Stack traces: the chain of exceptions, its root cause, and the first frame of the program's own code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from domain.evidence import fingerprints
from domain.evidence.reading import Fact, Reading
from domain.evidence.values import Context, Document, Parsed, Text

HEAD = re.compile(
    r"""^\s*(?:Exception\sin\sthread\s"[^"]{0,200}"\s|Caused\sby:\s|Unhandled\s[Ee]xception[.:]\s?|Uncaught\s|(?:--->\s)|Suppressed:\s
      |PHP\sFatal\serror:\s+(?:Uncaught\s)?|Fatal\serror:\s+(?:Uncaught\s)?|\[error\]\s)?
      (?P<name>(?:[A-Za-z_$][\w$]*(?:\.|::|\\))*[A-Z][\w$]*(?:Error|Exception|Timeout|Failure|Fault|Interrupt|Exit|NotFound|Expired|Refused|Missing|Invalid|Large|Throwable)[\w$]*)
      (?::\s?(?P<message>.*))?$""",
    re.VERBOSE,
)
"""`package.SomeException: message`, alone or behind the words a runtime puts before it."""
ENDING = re.compile(r"^(?P<name>[A-Za-z_][\w.]*)(?::\s(?P<message>.*))?$")
CAUSED = re.compile(r"^\s*(?:Caused by:|--->)\s(?P<name>[\w$.:\\]+)(?::\s?(?P<message>.*))?$")
RUBY = re.compile(r"^(?P<where>\S+\.rb:\d+):in [`'][^']*': (?P<message>.*?) \((?P<name>[A-Z][\w:]*)\)$")
PANIC = re.compile(r"^(?:panic: (?P<go>.*)|thread '[^']{0,100}' panicked at (?P<rust>.*)|fatal error: (?P<fatal>.*))$")
KERNEL = re.compile(
    r"^(?:\[\s*[\d.]+\] )?(?:BUG|Oops|Kernel panic[^:]*|general protection fault|watchdog)\b[:,]? ?(?P<message>.*)$"
)
SIGNAL = re.compile(r"^(?:Program terminated with signal (?P<signal>\w+)|#\s+(?P<jvm>SIG\w+) |.*segfault at (?P<at>\S+))")
FRAME = re.compile(
    r"""^\s*(?:at\s(?P<net>[\w.`<>+]+\([^)]{0,300}\))\sin\s(?P<netat>.{1,300}:line\s\d+)
      |at\s(?P<java>[\w.$<>/@]+)\((?P<javaat>[^)]{0,200})\)
      |at\s(?:async\s)?(?P<node>[\w.<>$\s\[\]]{1,200}?)\s?\((?P<nodeat>[^)]{1,300}:\d+:\d+)\) | at\s(?P<bare>\S+:\d+:\d+)
      |File\s"(?P<pyat>[^"]{1,300})",\sline\s(?P<pyline>\d+)(?:,\sin\s(?P<py>.{1,100}))?
      |from\s(?P<rbat>\S+:\d+):in\s[`'](?P<rb>[^']{1,200})'
      |\#\d+\s+(?:0x[0-9a-f]+\sin\s)?(?P<c>[\w:~<>.*]+)\s?\(.{0,300}?\)(?:\s(?:at|from)\s(?P<cat>\S+))?
      |\#\d+\s(?P<phpat>\S+\(\d+\)):\s(?P<php>.{1,200})
      |\d+:\s+(?:0x[0-9a-f]+\s-\s)?(?P<rs>[\w<>{}$:]+::[\w<>{}$:]+)
      )""",
    re.VERBOSE,
)
GO = re.compile(r"^(?P<name>[\w./*()\-]+)\([^)]{0,300}\)$")
GOAT = re.compile(r"^\t(?P<at>\S+\.go:\d+)")
LIBRARY = re.compile(
    r"(?:site-packages|dist-packages|/lib/python|node_modules|node:internal|/usr/lib|/usr/local/(?:go|lib)|/lib64/|/gems/|vendor/"
    r"|^(?:java|javax|jdk|sun|com\.sun|scala|kotlin|akka|System|Microsoft|runtime|net/http|reflect|testing|std|core|alloc|tokio|org\.(?:apache|springframework|hibernate|eclipse|jboss))[./:])"
)
"""Code that came with a runtime or a package."""
REPORTS = 200
"""Stacks kept of one file."""


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


def analyse(text: Text, document: Document, _context: Context) -> Parsed:
    """Return every stack of an error report, equal ones counted once."""
    reading = Reading(document=document, lines=text.lines)
    found = list(stacks(text.lines))
    report(reading, found)
    names = ", ".join(dict.fromkeys(s.name for s in found))
    return reading.parsed(f"{len(found)} stack traces: {names}", 1.0 if found else 0.0)


def report(reading: Reading, found: list[Stack]) -> None:
    """Keep one finding per fingerprint: outermost name, root name, own frame."""
    grouped: dict[tuple[str, str, str], list[Stack]] = {}
    for stack in found:
        root = stack.causes[-1][1] if stack.causes else stack.name
        grouped.setdefault((stack.name, root, own_frame(stack)[1]), []).append(stack)
    for group in list(grouped.values())[:REPORTS]:
        _tell(reading, group[0], len(group))


def _tell(reading: Reading, stack: Stack, count: int) -> None:
    """Keep the root cause as the decisive line; the head and the own frame are cited, too."""
    chain = [(stack.line, stack.name, stack.message), *stack.causes]
    line, name, message = chain[-1]
    own_line, function, place = own_frame(stack)
    facts: dict[str, Fact] = {"message": message, "exception": name, "outermost": stack.name, "language": stack.language}
    facts |= {"function": function, "place": place, "count": float(count)}
    reading.find("exception", "", line, 4.0, f"{name}: {message}" + (f" in {function} at {place}" if place else ""), **facts)
    if line != stack.line:
        reading.also(stack.line)
    if own_line:
        reading.also(own_line)


def own_frame(stack: Stack) -> tuple[int, str, str]:
    """Return the frame nearest to the fault that is no library's; Python prints it last, others first."""
    own = [f for f in stack.frames if not LIBRARY.search(f[1]) and not LIBRARY.search(f[2])] or stack.frames
    if not own:
        return 0, "", ""
    return own[-1] if stack.language == "python" else own[0]


def stacks(lines: tuple[str, ...]) -> Iterator[Stack]:
    """Yield every stack in order."""
    current: Stack | None = None
    for number, raw in enumerate(lines, start=1):
        line = raw[: fingerprints.PIECE]
        if line.startswith("Traceback (most recent call last)"):
            current, done = _traceback(current, lines, number)
            if done:
                yield _outermost(done)
            continue
        head = _ending(current, line) or _head(line)
        if head and (current is None or not current.name or _is_new(current, line)):
            current, done = _opened(current, number, head)
            if done:
                yield _outermost(done)
        elif current:
            _member(current, lines, number, line)
    if current and current.name:
        yield _outermost(current)


def _traceback(current: Stack | None, lines: tuple[str, ...], number: int) -> tuple[Stack, Stack | None]:
    """Return the Python stack that begins here, with the one it follows from inside it, and the one that ended."""
    opened = Stack(line=number, name="", message="", language="python")
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
    """Return a Python chain with the cause last: there the first exception printed is the root."""
    if stack.language == "python" and stack.causes:
        chain = [*stack.causes, (stack.line, stack.name, stack.message)]
        (stack.line, stack.name, stack.message), stack.causes = chain[-1], list(reversed(chain[:-1]))
    return stack


def _head(line: str) -> tuple[str, str, str] | None:
    """Return (name, message, language) where a line names an exception."""
    if found := RUBY.match(line):
        return found["name"], found["message"], "ruby"
    if found := PANIC.match(line):
        language = "rust" if found["rust"] else "go"
        return "panic", (found["go"] or found["rust"] or found["fatal"] or "").strip(), language
    if found := SIGNAL.match(line):
        return found["signal"] or found["jvm"] or "segfault", line.strip(), "native"
    if found := KERNEL.match(line):
        return "kernel", line.strip(), "kernel"
    if found := HEAD.match(line):
        return found["name"], found["message"] or "", ""
    return None


def _ending(current: Stack | None, line: str) -> tuple[str, str, str] | None:
    """Return the exception that ends a traceback, whatever its name looks like."""
    found = ENDING.match(line) if current and current.language == "python" and not current.name else None
    return (found["name"], found["message"] or "", "python") if found else None


def _is_new(current: Stack, line: str) -> bool:
    """Return whether an exception line begins another stack instead of joining this one."""
    return not re.match(r"^\s*(?:Caused by|Suppressed|--->|BUG|Oops|#)", line) and (
        bool(current.frames) or current.language == "python"
    )


def _opened(current: Stack | None, number: int, head: tuple[str, str, str]) -> tuple[Stack, Stack | None]:
    """Return the stack that begins here and the one that ended; a traceback gets its name at its end."""
    name, message, language = head
    if current and not current.name:
        current.line, current.name, current.message = number, name, message
        return current, None
    return Stack(line=number, name=name, message=message, language=language), current


def _member(current: Stack, lines: tuple[str, ...], number: int, line: str) -> None:
    """Add a line to a stack: a cause or a frame."""
    if cause := CAUSED.match(line):
        current.causes.append((number, cause["name"], cause["message"] or ""))
    elif current.language == "python" and current.causes:
        return  # the frames of the root cause are the ones to show
    elif found := FRAME.match(line):
        said = {key: value for key, value in found.groupdict().items() if value}
        place = said.get("pyat", "") + (":" + said["pyline"] if "pyline" in said else "")
        place = place or next((v for k, v in said.items() if k.endswith("at") or k == "bare"), "")
        function = next((v for k, v in said.items() if not k.endswith("at") and k not in {"pyline", "bare"}), "")
        current.frames.append((number, function.strip(), place))
    elif (go := GO.match(line)) and number < len(lines) and (at := GOAT.match(lines[number])):
        current.frames.append((number, go["name"], at["at"]))
