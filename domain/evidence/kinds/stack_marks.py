"""How much of a text is a report of a fault: stacks of every runtime, and the lines that crash reports put around them."""

from __future__ import annotations

import re

from domain.evidence.kinds import fingerprints

DRAWN = re.compile(r"^(?:==\d+==\s?|\[\s*\d+\.\d+\]\s|\s*(?:\+-[+-]*[\s\d-]*|\|\s|\+\s(?=Exception)))")
"""What is drawn or counted before a line: by valgrind, by the kernel, around Python's exception groups."""
TICK = re.compile(r"^\[\s*\d+\.\d+\]\s")
CRASH = re.compile(
    r"""^(?:
        [\w$./<>\[\]*]{0,200}@(?:https?|file|webpack)\S+:\d+:\d+$                             # Firefox, Safari
      | \s+\#\d+\s+\S | (?:ERROR|WARNING|SUMMARY):\s\w+Sanitizer: | \s*(?:Previous\s)?(?:[Rr]ead|[Ww]rite|READ|WRITE)\sof\ssize\s\d
      | (?:freed|previously\sallocated)\sby\sthread | 0x[0-9a-f]+\sis\slocated\s | \S{1,300}:\d+:\d+:\sruntime\serror:
      | Invalid\s(?:read|write)\sof\ssize | \s*(?:at|by)\s0x[0-9A-F]+:\s | \s*Address\s0x
      | \s*\*\*\s\([A-Za-z] | \s+\(\w+\s[\w.\-]+\)\s\S+:\d+:\s                                # Elixir
      | =(?:CRASH|ERROR|SUPERVISOR)\sREPORT==== | \s*(?:\*\*\s)?exception\s(?:error|exit|throw): | \s+in\s(?:function|call\sfrom)\s
      | \s+(?:crasher|initial\scall|registered_name|ancestors|message_queue_len|trap_exit|reductions|neighbours):
      | (?:Exception\s(?:Type|Codes|Note)|Termination\sReason|Crashed\sThread|Triggered\sby\sThread|Process|Identifier|Version|OS\sVersion|Code\sType):\s{3,}
      | Thread\s\d+\s(?:Crashed|name) | \d+\s{1,4}\S+\s+0x[0-9a-f]{6,16}\s | \S+\.swift:\d+:\sFatal\serror: | Current\sstack\strace:
      | At\s\S.{0,300}:\d+\schar:\d+$ | \s+\+\s(?:\s|~|CategoryInfo|FullyQualifiedErrorId) | Unhandled\sexception:$
      | Caused\sby:$ | \s*\[(?:cause|errors)\]: | Node\.js\sv\d | \s*\.\.\.\s\d+\slines\smatching | terminate\scalled\safter | \s+what\(\):
      | \s+\+-[+-]{3} | \s*[\^~][\^~\s]*$ | Exception\sGroup\sTraceback | Program\sreceived\ssignal
    )""",
    re.VERBOSE,
)
NUMBERED = re.compile(r"^\s{2,8}\d{1,3}: \S")
"""A cause in Rust's list of causes."""


def share(lines: tuple[str, ...]) -> float:
    """Return the share of lines of stack traces and crash reports; a quoted source line belongs to the frame above it."""
    count, quoted, caused = 0, False, False
    for raw in lines:
        line = DRAWN.sub("", raw)
        is_frame = is_mark(line) or (line != raw and bool(CRASH.match(raw)))
        caused = caused or line == "Caused by:"
        count += is_frame or (quoted and line.startswith("    ")) or (caused and bool(NUMBERED.match(line)))
        quoted = is_frame and line.lstrip().startswith("File ")
    return count / max(1, len(lines))


def is_mark(line: str) -> bool:
    """Return whether a line is of a stack trace or a crash report."""
    return bool(fingerprints.FRAME.match(line) or CRASH.match(line))


def spoken(lines: tuple[str, ...]) -> float:
    """Return the share of lines that a build or a tool says on its console and that neither belong to a stack nor stand above one."""
    marks = [is_mark(DRAWN.sub("", line)) or bool(NUMBERED.match(line)) for line in lines]
    said = sum(
        bool(fingerprints.CONSOLE.match(line)) and not here and not below
        for line, here, below in zip(lines, marks, [*marks[1:], False], strict=True)
    )
    return said / max(1, len(lines))


def ticked(lines: tuple[str, ...]) -> bool:
    """Return whether the only clocks are the kernel's seconds since boot, around an oops."""
    told = any("Call Trace:" in line for line in lines) and any("Oops" in line or "BUG:" in line for line in lines)
    return told and sum(bool(TICK.match(line)) for line in lines) >= 0.9 * len(lines)
