"""Everything that one pass over a log gathers, and how passes over neighbouring parts become one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from domain.evidence.decoding.blocks import BLOCK, EPOCH, Block, LineIndex, Seekable, Window, blocks, indexed, text_blocks
from domain.evidence.decoding.encoding import HEAD, UTF8, Encoding
from domain.evidence.decoding.inflate import Reading, packed, peek
from domain.evidence.logs.counting import Scan
from domain.evidence.logs.keys import LEG, Effort, finish, fold, moved, scan_all, scan_steps

EPOCH_BYTES = EPOCH * BLOCK
WINDOW = 20 << 10
"""Bytes of head, middle and tail that the classification sees, each."""


@dataclass(slots=True, kw_only=True)
class Look:
    """What the classification sees of a text."""

    head: bytes = b""
    middle: bytes = b""
    tail: bytes = b""
    size: int = 0
    """Expanded bytes."""
    blank: bool = True

    def see(self, block: Block) -> None:
        """Take in the next block."""
        self.size = block.stop
        self.blank = self.blank and not block.data.strip()
        if block.number == 0:
            self.head, self.middle = block.data[:WINDOW], block.data[len(block.data) // 2 :][:WINDOW]
        elif block.number & (block.number - 1) == 0:
            self.middle = block.data[:WINDOW]
        self.tail = block.data[-WINDOW:]

    def joined(self, other: Look) -> Look:
        """Return what is seen of this text and the one behind it."""
        return Look(
            head=self.head,
            middle=other.middle or self.middle,
            tail=other.tail or self.tail,
            size=max(self.size, other.size),
            blank=self.blank and other.blank,
        )


@dataclass(slots=True, kw_only=True)
class Survey:
    """One pass over a log, or over a part of it."""

    scan: Scan = field(default_factory=Scan)
    look: Look = field(default_factory=Look)
    index: LineIndex = field(default_factory=LineIndex)
    reading: Reading = field(default_factory=Reading)
    stop: int = 0
    """Offset behind the last byte read."""
    seekable: bool = False
    """The document's own bytes are those that were surveyed, and may be read from any place."""

    def watched(self, source: Iterable[Block]) -> Iterator[Block]:
        """Pass blocks on and note where they stand."""
        for block in source:
            self.look.see(block)
            self.index.add(block.first_line, block.start)
            self.stop = block.stop
            yield block

    def blocks_of(self, chunks: Iterable[bytes], lines: Iterable[int]) -> Iterator[Block]:
        """Yield again, in order, the blocks that hold these lines, and others where the bytes cannot be read from any place."""
        if self.seekable and isinstance(chunks, Seekable):
            return indexed(chunks, self.index, Encoding(name=self.reading.encoding), lines)
        return text_blocks(chunks)


def survey(chunks: Iterable[bytes], observed_at: datetime | None = None) -> Survey:
    """Read a log once from its first byte to its last."""
    found = Survey(seekable=isinstance(chunks, Seekable) and not packed(peek(chunks, HEAD)[0]))
    found.scan = scan_all(found.watched(text_blocks(chunks, found.reading)), observed_at=observed_at)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One epoch of expanded bytes that may be read from any place."""

    epoch: int
    size: int
    """Of all the expanded bytes."""
    encoding: Encoding = UTF8
    observed_at: datetime | None = None

    def read_leg(self, chunks: Seekable, done: Survey | None) -> tuple[Survey, bool]:
        """Read the next 32 blocks behind what is done, which is consumed; True when the epoch is read to its end."""
        found = done or Survey(stop=self.epoch * EPOCH_BYTES, reading=Reading(encoding=self.encoding.name))
        window = self._window(found)
        source = blocks(chunks.at(window.start), self.encoding, found.reading, window)
        before = found.scan.lines
        for _ in scan_steps(found.scan, found.watched(_numbered(source, before)), effort=Effort(), observed_at=self.observed_at):
            pass
        if not found.scan.lines:
            found.stop = window.stop or 0
        over = window.stop == self._end()
        if over:
            finish(found.scan)
        return found, over

    def _window(self, found: Survey) -> Window:
        """Where the next leg begins and ends; an epoch other than the first begins in the middle of a line."""
        start = found.stop
        stop = min(self._end(), (start // BLOCK // LEG + 1) * LEG * BLOCK)
        torn = start > 0 and not found.scan.lines
        return Window(start=start - self.encoding.unit * torn, stop=stop, torn=torn)

    def _end(self) -> int:
        return min(self.size, (self.epoch + 1) * EPOCH_BYTES)


def _numbered(source: Iterable[Block], before: int) -> Iterator[Block]:
    """Count the lines of blocks on from those before them."""
    for block in source:
        block.first_line += before
        yield block


def joined(left: Survey, right: Survey) -> Survey:
    """Add the survey of what follows `left`, its lines counted from 1; both are consumed."""
    before = left.scan.lines
    for line, offset in zip(right.index.lines, right.index.offsets, strict=True):
        left.index.add(line + before, offset)
    left.scan = fold(left.scan, moved(right.scan, before))
    left.look = left.look.joined(right.look)
    left.reading.size += right.reading.size
    left.reading.replaced += right.reading.replaced
    left.stop = max(left.stop, right.stop)
    return left
