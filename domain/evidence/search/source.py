"""A decoded document that can be read from any place, with its index."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.evidence.decoding.blocks import BLOCK, blocks
from domain.evidence.decoding.decode import MOST_LINES, cut_line, fold_space, line_hash
from domain.evidence.logs.keys import Effort, scan_all
from domain.evidence.search.index import PIECE, Buffer, Index, index_of
from domain.evidence.values import Citation

LINE_BYTES = 1 << 20
"""Of a line that is longer, what lies beyond is not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line as it stands."""

    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One piece of evidence as text with LF, in memory or mapped, and what its scan left behind."""

    evidence: str
    data: Buffer
    index: Index

    def line_at(self, offset: int) -> int:
        """Return the number of the line that holds this byte."""
        piece = offset // PIECE
        return self.index.breaks[piece] + self.data[piece * PIECE : offset].count(b"\n") + 1

    def offset_of(self, line: int) -> int:
        """Return where a line begins; beyond the last line, the end of the document."""
        if line <= 1:
            return 0
        piece = bisect_left(self.index.breaks, line - 1) - 1
        place, left = piece * PIECE, line - 1 - self.index.breaks[piece]
        for _ in range(left):
            place = self.data.find(b"\n", place) + 1
            if not place:
                return len(self.data)
        return place

    def around(self, offset: int) -> tuple[int, int]:
        """Return where the line that holds this byte begins and ends."""
        end = self.data.find(b"\n", offset)
        return self.data.rfind(b"\n", 0, offset) + 1, len(self.data) if end < 0 else end

    def read(self, first: int, last: int) -> tuple[Row, ...]:
        """Return lines `first` to `last` that exist, at most 2,000 of them, long ones cut."""
        first, last = max(1, first), min(last, self.index.lines, max(1, first) + MOST_LINES - 1)
        place = self.offset_of(first)
        found: list[Row] = []
        for number in range(first, last + 1):
            end = self.data.find(b"\n", place)
            end = len(self.data) if end < 0 else end
            raw = self.data[place : min(end, place + LINE_BYTES)]
            found.append(Row(line=number, text=cut_line(raw.decode("utf-8", "replace"))))
            place = end + 1
        return tuple(found)

    def cite(self, rows: Iterable[Row]) -> tuple[Citation, ...]:
        """Return a citation of each of these lines."""
        return tuple(
            Citation(
                evidence=self.evidence, first=row.line, last=row.line, hash=line_hash([row.text]), quote=fold_space(row.text)
            )
            for row in rows
        )


def source_of(evidence: str, data: Buffer, observed_at: datetime | None = None) -> Source:
    """Scan decoded text and return it ready for searching."""
    pieces = (data[start : start + BLOCK] for start in range(0, len(data), BLOCK))
    scan = scan_all(blocks(pieces), effort=Effort(slots=False), observed_at=observed_at)
    return Source(evidence=evidence, data=data, index=index_of(scan, data))
