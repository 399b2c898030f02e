"""Where a question or a stack says that a program failed: names of functions and numbers of lines."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.evidence.code.outline import Function

FRAME = re.compile(
    r"""File\s"([^"\n]{1,300})",\sline\s(\d{1,7})(?:,\sin\s([\w<>]{1,100}))?      # Python
      | \bat\s(?:async\s)?([\w$.<>]{1,300})\s?\(([^()\s:]{1,300}):(\d{1,7})(?::\d{1,6})?\)   # Java, Node
      | \bat\s([\w.<>`]{1,300})\([^()\n]{0,300}\)\sin\s([^\n:]{1,300}):line\s(\d{1,7})      # .NET
      | (?<![\w./\-])([\w./\-]{1,300}\.\w{1,5}):(\d{1,7})(?::\d{1,6})?(?::in\s[`']([\w\s?!<>]{1,100})')?  # Go, Ruby, Rust, C and others
    """,
    re.VERBOSE,
)
NAME = re.compile(
    r"\b([A-Za-z_]\w{2,80})\s?\(\)|`([A-Za-z_][\w.]{2,80})`|\b(?:function|method|in|handler)\s+([A-Za-z_]\w{2,80})\b"
)
FRAMES = 200
AROUND = 10
"""Lines above and below a failing line that belong to it (evidence.md 10)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One place that a stack names; any part may be missing."""

    file: str = ""
    line: int = 0
    function: str = ""


def frames(text: str) -> tuple[Frame, ...]:
    """Return the frames and function names in a text, first mention first."""
    found: list[Frame] = []
    for match in FRAME.finditer(text[:100_000]):
        python, python_line, python_name, java, java_file, java_line, net, net_file, net_line, other, other_line, other_name = (
            match.groups()
        )
        function = python_name or java or net or other_name or ""
        found.append(
            Frame(
                file=python or java_file or net_file or other or "",
                line=int(python_line or java_line or net_line or other_line or 0),
                function=re.split(r"[.$]", function)[-1],
            )
        )
    names = (next(group for group in match.groups() if group) for match in NAME.finditer(text[:100_000]))
    found += [Frame(function=name.rpartition(".")[2]) for name in names]
    return tuple(dict.fromkeys(found))[:FRAMES]


def near(found: tuple[Frame, ...], functions: tuple[Function, ...], name: str, lines: int) -> tuple[Function, ...]:
    """Return the stretches of a document that frames point to: a named function, or ten lines around a failing line.

    A frame belongs here when its file is this document's, or when its function stands here.
    """
    known = {one.name: one for one in functions}
    stretches: dict[tuple[int, int], Function] = {}
    for frame in found:
        function = known.get(frame.function)
        here = _is_here(frame.file, name)
        if here and 0 < frame.line <= lines:
            called = next((one.name for one in reversed(functions) if one.first <= frame.line <= one.last), frame.function)
            stretch = Function(name=called, first=max(1, frame.line - AROUND), last=min(lines, frame.line + AROUND))
        elif function and (here or not frame.file):
            stretch = function
        else:
            continue
        stretches.setdefault((stretch.first, stretch.last), stretch)
    return tuple(stretches.values())


def _is_here(file: str, name: str) -> bool:
    """Return whether a path of a stack ends in the name of this document."""
    last = re.split(r"[/\\]", file)[-1]
    return bool(last) and last == re.split(r"[/\\]", name)[-1]
