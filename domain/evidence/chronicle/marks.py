"""Names of requests that lines carry with their time: what two logs of one system share, and so what tells their clocks apart."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from heapq import nsmallest
from operator import itemgetter

from domain.evidence.values import Mark

MOST = 128
"""Marks of one document; of more, those with the smallest names, so that two documents keep the same ones."""
PER_BLOCK = 500
"""Occurrences of one literal that are looked at in a block."""
LITERALS = 4
_PLACE = re.compile(
    r"(?i)(?:^|(?<=[\s,;{(\[\"'?&]))(?:x[-_])?(?:request|req|trace|correlation|transaction|operation|span)[-_ ]?id[\"']?\s?[=:]\s?[\"']?(?=[\w-]{6})"
)
_NAME = re.compile(rb"[A-Za-z0-9][\w-]{5,63}")
Clock = Callable[[str], datetime | None]
"""The time of a raw line."""


def literals(rows: Iterable[str]) -> tuple[bytes, ...]:
    """Return what stands before names of requests in these lines, the most frequent first."""
    seen: dict[bytes, int] = {}
    for row in rows:
        for match in _PLACE.finditer(row[:2_048]):
            text = match.group().encode("utf-8", "replace")
            seen[text] = seen.get(text, 0) + 1
    return tuple(sorted(seen, key=lambda text: (-seen[text], text))[:LITERALS])


class Marks:
    """The first line and time of every name, gathered block by block."""

    def __init__(self, found: Sequence[bytes], clock: Clock) -> None:
        self._literals, self._clock = found, clock
        self._marks: dict[str, Mark] = {}

    def see(self, first_line: int, data: bytes) -> None:
        """Take in a block of whole lines."""
        fresh: dict[str, int] = {}
        for literal in self._literals:
            place = -1
            for part in data.split(literal, PER_BLOCK)[1:]:
                place = data.find(literal, place + 1)
                found = _NAME.match(part[:64])
                if found and any(byte in b"0123456789" for byte in found.group()):
                    fresh.setdefault(hashlib.blake2b(found.group(), digest_size=8).hexdigest(), place)
        self._keep(first_line, data, {name: fresh[name] for name in nsmallest(MOST, fresh.keys() - self._marks.keys())})

    def _keep(self, first_line: int, data: bytes, fresh: Mapping[str, int]) -> None:
        """Add the names that belong to the smallest so far, with line and time of each."""
        smallest = set(nsmallest(MOST, (*self._marks, *fresh)))
        self._marks = {name: mark for name, mark in self._marks.items() if name in smallest}
        line, counted = first_line, 0
        for name, place in sorted(fresh.items(), key=itemgetter(1)):
            if name not in smallest:
                continue
            start, end = data.rfind(b"\n", 0, place) + 1, data.find(b"\n", place)
            line, counted = line + data.count(b"\n", counted, start), start
            time = self._clock(data[start : end if end >= 0 else len(data)][:400].decode("utf-8", "replace"))
            if time is not None:
                self._marks[name] = Mark(name=name, seconds=time.timestamp(), line=line)

    def all(self) -> tuple[Mark, ...]:
        """Return what was gathered, by name."""
        return tuple(self._marks[name] for name in sorted(self._marks))
