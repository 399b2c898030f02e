"""A text cut into blocks of whole short lines at fixed places of its bytes, so that any block can be read by itself."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from domain.evidence.decoding.encoding import HEAD, UTF8, Encoding, encoding_of
from domain.evidence.decoding.inflate import Reading, inflate, peek

BLOCK = 1 << 20
EPOCH = 64
"""Blocks that are read without looking at others (evidence.md 6)."""
LONG_LINE = 64 << 10
LINE_HEAD, LINE_TAIL = 32 << 10, 1 << 10
CUT = " … ".encode()
MAGIC = 4096
"""Expanded bytes that tell images and binaries apart."""
GIANT = 2 * BLOCK
"""Undecoded bytes of a line of which only the ends are held."""
SPARE = 4
"""Undecoded bytes held per byte that is kept of such an end."""
_PIECE = 256 << 10


@dataclass(slots=True, kw_only=True)
class Block:
    """Whole lines whose first byte lies in the same MiB of the expanded bytes; lines over 64 KiB are cut."""

    number: int
    """From 0; a number is left out only where no line begins in its MiB."""
    first_line: int
    data: bytes
    """UTF-8 with LF, without the last line end."""
    lines: int = 0
    """Filled in by a reader that counted them anyway, before it asks for the next block: they are not counted twice then."""
    start: int = 0
    """Offset of its first byte in the expanded bytes."""
    stop: int = 0
    """Offset behind its last byte."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The part of a text that is read; line numbers count from its first line."""

    start: int = 0
    """Offset at which the bytes begin."""
    stop: int | None = None
    """No block begins at or behind it."""
    torn: bool = False
    """The bytes begin within a line, which belongs to what lies before."""


@runtime_checkable
class Seekable(Protocol):
    """Bytes that may be read from any place; more than once."""

    def __iter__(self) -> Iterator[bytes]:
        """Yield from the first byte."""

    def at(self, offset: int) -> Iterator[bytes]:
        """Yield from this byte."""


@dataclass(slots=True)
class LineIndex:
    """Where each block begins: its first line and the offset of its first byte."""

    lines: array[int] = field(default_factory=lambda: array("q"))
    offsets: array[int] = field(default_factory=lambda: array("q"))

    def add(self, line: int, offset: int) -> None:
        """Add a block behind all others."""
        self.lines.append(line)
        self.offsets.append(offset)

    def block_of(self, line: int) -> int:
        """Return the place of the block that holds the line."""
        return max(0, bisect_right(self.lines, line) - 1)


def text_blocks(chunks: Iterable[bytes], reading: Reading | None = None) -> Iterator[Block]:
    """Return the blocks of raw bytes of any compression and encoding; `reading` learns what was met."""
    reading = Reading() if reading is None else reading
    head, everything = peek(inflate(inflate(chunks, reading), reading), HEAD)
    encoding = encoding_of(head)
    reading.encoding, reading.head = encoding.name, head[:MAGIC]
    return blocks(everything, encoding, reading)


def indexed(chunks: Seekable, index: LineIndex, encoding: Encoding, wanted: Iterable[int]) -> Iterator[Block]:
    """Yield the blocks that hold the wanted lines, in order, each read by itself."""
    for place in sorted({index.block_of(line) for line in wanted}) if index.lines else ():
        start = index.offsets[place]
        for block in blocks(chunks.at(start), encoding, window=Window(start=start, stop=start + 1)):
            block.first_line = index.lines[place]
            yield block


def blocks(
    chunks: Iterable[bytes], encoding: Encoding = UTF8, reading: Reading | None = None, window: Window = Window()
) -> Iterator[Block]:
    """Cut expanded bytes into blocks, the same for any chunk sizes."""
    here = _Open(encoding, Reading() if reading is None else reading, start=window.start, torn=window.torn)
    line = 1
    for piece in _pieces(chunks):
        for part in here.parted(piece):
            here.add(part)
            while not here.over(window) and (end := here.end()):
                block = here.close(end, line)
                yield block
                line += block.lines or block.data.count(b"\n") + 1
            if here.over(window):
                return
        here.shrink()
    if here.held and not here.torn:
        yield here.close(len(here.held), line)


@dataclass(slots=True)
class _Open:
    """The block being gathered; of a giant line only what its head and tail are made of."""

    encoding: Encoding
    reading: Reading
    start: int
    """Offset of the block's first byte."""
    torn: bool
    held: bytes = b""
    passed: int = 0
    """Bytes of the block that lie before those held."""
    front: bytes | None = None
    """Text of the block up to the middle of its giant line."""

    def parted(self, piece: bytes) -> Iterator[bytes]:
        """Yield the piece in two, the first with the line end that probably ends the block: to join and part less is faster."""
        place = piece.find(b"\n", max(0, self._border() - len(self.held) - 1)) + 1 or len(piece)
        yield piece[:place]
        if place < len(piece):
            yield piece[place:]

    def add(self, piece: bytes) -> None:
        """Take in more bytes; a mark at the very start is no text, nor is the rest of a torn line."""
        self.held = self.held + piece if self.held else piece
        if self.start < self.encoding.mark <= len(self.held):
            self.start, self.held = self.encoding.mark, self.held[self.encoding.mark :]
        if self.torn:
            behind = self.encoding.behind_line(self.held, 0)
            self.torn = not behind
            self._drop(behind or self._aligned(self.encoding.unit))

    def _aligned(self, kept: int) -> int:
        """Offset of the last bytes held, at least so many, at the border of a character."""
        return max(0, len(self.held) - kept) // self.encoding.unit * self.encoding.unit

    def _drop(self, count: int) -> None:
        self.start, self.held = self.start + count, self.held[count:]

    def over(self, window: Window) -> bool:
        """True when what follows belongs to a later window."""
        return window.stop is not None and self.start >= window.stop

    def end(self) -> int:
        """Return where the block ends in the bytes held; 0 when that is not known yet."""
        if self.torn:
            return 0
        place = max(0, self._border() - self.encoding.unit)
        return self.encoding.behind_line(self.held, place) if place < len(self.held) else 0

    def _border(self) -> int:
        """Where the block's MiB ends, in the bytes held and beyond."""
        return (self.start // BLOCK + 1) * BLOCK - self.start - self.passed

    def shrink(self) -> None:
        """Let go of the middle of a giant line."""
        if self.front is None and len(self.held) > GIANT + BLOCK:
            self._begin_giant()
        elif self.front is not None:
            self._pass(self._aligned(SPARE * LINE_TAIL))

    def _begin_giant(self) -> None:
        begin = self.encoding.last_line(self.held)
        head = self._text(self.held[begin : begin + SPARE * LINE_HEAD])[:LINE_HEAD]
        self.front = cut_lines(self._text(self.held[:begin])) + head
        self._pass(self._aligned(SPARE * LINE_TAIL))

    def _pass(self, count: int) -> None:
        self.passed, self.held = self.passed + count, self.held[count:]

    def close(self, end: int, line: int) -> Block:
        """Return the block that ends there and begin the next."""
        rest, self.held = self.held[end:], self.held[:end]
        stop = self.start + self.passed + end
        if self.front is None and end > GIANT and end - self.encoding.last_line(self.held) > GIANT:
            self._begin_giant()
        block = Block(number=self.start // BLOCK, first_line=line, data=self._data(), start=self.start, stop=stop)
        self.reading.size += stop - self.start
        self.start, self.held, self.passed, self.front = stop, rest, 0, None
        return block

    def _data(self) -> bytes:
        if self.front is None:
            return cut_lines(self._text(self.held).removesuffix(b"\n"))
        tail = self._text(self.held[self._aligned(SPARE * LINE_TAIL) :]).removesuffix(b"\n")
        return self.front + CUT + tail[-LINE_TAIL:]

    def _text(self, raw: bytes) -> bytes:
        text, replaced = self.encoding.text(raw)
        self.reading.replaced += replaced
        return text


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Join small chunks and cut big ones, so that later steps see 256 KiB or more, at most 1 MiB and a little."""
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        for start in range(0, len(chunk), BLOCK):
            parts.append(chunk[start : start + BLOCK])
            size += len(parts[-1])
            if size >= _PIECE:
                yield b"".join(parts)
                parts, size = [], 0
    if parts:
        yield b"".join(parts)


def cut_lines(text: bytes) -> bytes:
    """Cut each line over 64 KiB to its head and tail; `text` holds whole lines."""
    start, done, out = 0, 0, []
    while len(text) - start > LONG_LINE:
        end = text.rfind(b"\n", start, start + LONG_LINE + 1)
        if end < 0:
            end = text.find(b"\n", start)
            end = len(text) if end < 0 else end
            out += [text[done : start + LINE_HEAD], CUT]
            done = end - LINE_TAIL
        start = end + 1
    return b"".join([*out, text[done:]]) if out else text
