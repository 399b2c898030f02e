"""The language of a program and its functions with their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from re import Pattern

from domain.evidence.reading import beginning

LANGUAGES: Mapping[str, Pattern[str]] = {
    "diff": re.compile(r"^(?:diff --git|@@ -\d+|\+\+\+ b/|--- a/)"),
    "python": re.compile(r"^\s*(?:def \w+\(.*:$|from [\w.]+ import|import \w+$|elif |except\b.*:|@\w+$|async def)"),
    "java": re.compile(
        r"^\s*(?:package [\w.]+;|import [\w.*]+;|(?:public|private|protected) (?:static |final )*[\w<>\[\]]+ \w+)"
    ),
    "go": re.compile(r"^(?:package \w+$|func (?:\(\w+ \*?\w+\) )?\w+\(|\s+if err != nil|import \($)"),
    "rust": re.compile(r"^\s*(?:use [\w:]+|(?:pub )?(?:fn|struct|enum|impl|mod)\b|#\[\w+)"),
    "csharp": re.compile(
        r"^\s*(?:using [\w.]+;|namespace [\w.]+|(?:public|private|internal) (?:async |static |override )*Task\b)"
    ),
    "javascript": re.compile(r"^\s*(?:const|let|var) \w+ =|^\s*(?:export |import .* from )|=> \{$|require\("),
    "ruby": re.compile(r"^\s*(?:require '|def \w+[?!]?$|module [A-Z]\w+$|rescue\b|attr_(?:reader|accessor)|\w+\.each do)"),
    "php": re.compile(r"^\s*(?:<\?php|namespace [\w\\]+;|use [\w\\]+;|\$\w+ = |(?:public|private) function)"),
    "shell": re.compile(r"^(?:#!.*sh$|set -\w+|\s*(?:fi|done|esac|then)$)"),
    "sql": re.compile(r"^\s*(?:SELECT|INSERT INTO|CREATE TABLE|ALTER TABLE|UPDATE \w+ SET)\b", re.IGNORECASE),
    "c": re.compile(r"^(?:#include [<\"]|#define |\w[\w *]+\([^;]*\)\s*\{$)"),
}
"""Language → a line that only it has."""
HEADERS: Mapping[str, Pattern[str]] = {
    "python": re.compile(r"^(\s*)(?:async\s+)?(?:def|class)\s+(\w+)"),
    "ruby": re.compile(r"^(\s*)def\s+(?:self\.)?(\w+[?!]?)"),
    "go": re.compile(r"^()func\s+(?:\([^)]{0,100}\)\s*)?(\w+)\s*[\[(]"),
    "rust": re.compile(r"^(\s*)(?:pub(?:\([^)]{0,40}\))?\s+)?(?:async\s+)?(?:unsafe\s+)?fn\s+(\w+)"),
    "javascript": re.compile(
        r"^(\s*)(?:export\s+)?(?:default\s+)?(?:(?:async\s+)?function\s*\*?\s*(\w+)|(?:const|let|var)\s+(\w+)\s*=\s*(?:async\s*)?(?:function\b|\([^()]{0,300}\)\s*=>|\w+\s*=>)"
        r"|(?:async\s+)?(?!if\b|for\b|while\b|switch\b|catch\b|return\b|function\b)(\w+)\s*\([^()]{0,300}\)\s*\{$)"
    ),
    "php": re.compile(r"^(\s*)(?:(?:public|private|protected|static|final)\s+){0,4}function\s+&?(\w+)"),
    "shell": re.compile(r"^(\s*)(?:function\s+)?([\w\-]+)\s*\(\)\s*\{?"),
    "java": re.compile(
        r"^(\s*)(?:(?:public|private|protected|static|final|synchronized|abstract|internal|override|virtual|async|native)\s+){1,6}(?:<[^>]{0,100}>\s+)?[\w<>\[\],.?]{1,200}\s+(\w+)\s*\("
    ),
    "c": re.compile(
        r"^()(?!(?:if|for|while|switch|return|else)\b)[A-Za-z_][\w\s*:<>,&]{0,200}?\b([\w:~]{1,120}+)\s*+\([^;]{0,400}$"
    ),
}
"""Language → the line that begins a function; the first group is its indent, the first other one its name."""
SAME: Mapping[str, str] = {"csharp": "java"}
MOST = 5_000
"""Functions of one document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function, method or class and the lines it takes."""

    name: str
    first: int
    last: int


def language(lines: tuple[str, ...]) -> str:
    """Return the language most lines speak for, "unknown" when none does."""
    counts = {name: sum(bool(p.search(beginning(line))) for line in lines[:2000]) for name, p in LANGUAGES.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else "unknown"


def functions(lines: tuple[str, ...], name: str) -> tuple[Function, ...]:
    """Return the functions in the order of their first lines; the end is where the indent or the brace falls back."""
    header = HEADERS.get(SAME.get(name, name))
    if header is None:
        return ()
    ends = _indents(lines) if name in {"python", "ruby"} else _braces(lines)
    found: list[Function] = []
    for number, line in enumerate(lines, start=1):
        match = header.match(line[:600])
        if match and len(found) < MOST:
            called = next(group for group in match.groups()[1:] if group)
            found.append(Function(name=called, first=number, last=max(number, ends.get(number, number))))
    return tuple(found)


def innermost(found: tuple[Function, ...], number: int) -> Function | None:
    """Return the smallest function around a line."""
    around = [one for one in found if one.first <= number <= one.last]
    return min(around, key=lambda one: one.last - one.first) if around else None


def _indents(lines: tuple[str, ...]) -> dict[int, int]:
    """Return line → last line that stands deeper than it."""
    ends: dict[int, int] = {}
    stack: list[tuple[int, int]] = []
    last = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        indent = len(line) - len(line.lstrip())
        while stack and stack[-1][0] >= indent and not line.lstrip().startswith((")", "]", "}")):
            ends[stack.pop()[1]] = last
        stack.append((indent, number))
        last = number
    ends.update((number, last) for _, number in stack)
    return ends


def _braces(lines: tuple[str, ...]) -> dict[int, int]:
    """Return line → the line that closes the first brace which it, or one of the four lines below it, opens."""
    ends: dict[int, int] = {}
    stack: list[int] = []
    for number, sign in _signs(lines):
        if sign == "{":
            stack.append(number)
        elif stack:
            opened = stack.pop()
            ends[opened] = number
            ends.update((start, number) for start in _head(lines, opened) if start not in ends)
    ends.update({opened: len(lines) for opened in stack})
    return ends


def _head(lines: tuple[str, ...], opened: int) -> Iterator[int]:
    """Yield the lines above a brace that its statement began on: arguments over lines, a brace on a line of its own."""
    alone = lines[opened - 1].strip() == "{"
    for start in range(opened - 1, max(0, opened - 5), -1):
        if not alone and not lines[start - 1].strip().endswith((",", "(", ")")):
            return
        alone = False
        yield start


def _signs(lines: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Yield braces outside of quoted text."""
    for number, line in enumerate(lines, start=1):
        bare = re.sub(r"\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.){0,2}+'|//.*$", "", beginning(line))
        yield from ((number, sign) for sign in bare if sign in "{}")
