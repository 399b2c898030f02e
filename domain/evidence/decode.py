"""Bytes of any encoding to UTF-8 with LF, cut into short lines and blocks; line numbers are those of this module everywhere."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from domain.errors import EvidenceUnreadable
from domain.evidence.inflate import Reading, inflate, peek
from domain.evidence.values import Citation

BLOCK = 1 << 20
LONG_LINE = 64 << 10
LINE_HEAD, LINE_TAIL = 32 << 10, 1 << 10
CUT = " … ".encode()
MOST_LINES = 2_000
"""Lines that one call of `lines` returns at most."""
_PIECE = 256 << 10
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
TERMINAL = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\)|[@-Z\\^_])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class CitationError(EvidenceUnreadable):
    """The cited lines do not exist or are not those that were sealed."""


@dataclass(slots=True, kw_only=True)
class Block:
    """Whole lines whose first byte lies in the same MiB of the decoded text; lines over 64 KiB are cut."""

    number: int
    """From 0; a number is left out only where no line begins in its MiB."""
    first_line: int
    data: bytes
    """Without the last line end."""
    lines: int = 0
    """Filled in by a reader that counted them anyway, before it asks for the next block: they are not counted twice then."""


def decode(chunks: Iterable[bytes], reading: Reading | None = None) -> Iterator[bytes]:
    """Yield UTF-8 with LF as the only line end; `reading` learns what was met. The same bytes for any chunk sizes."""
    reading = Reading() if reading is None else reading
    for chunk in _line_ends(_utf8(inflate(inflate(chunks, reading), reading), reading)):
        reading.bytes += len(chunk)
        yield chunk


def _encoding(head: bytes) -> tuple[str, int]:
    """Name the encoding and the length of its mark."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name, len(mark)
    if len(head) >= 8:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        if max(even, odd) > len(head) * 0.2 and min(even, odd) < len(head) * 0.02:
            return ("utf-16-le" if odd > even else "utf-16-be"), 0
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(head)
    except UnicodeDecodeError:
        return "cp1252", 0
    return "utf-8", 0


def _utf8(chunks: Iterable[bytes], reading: Reading) -> Iterator[bytes]:
    head, everything = peek(chunks, 65536)
    reading.encoding, mark = _encoding(head)
    decoder = codecs.getincrementaldecoder(reading.encoding)("replace")
    plain = reading.encoding == "utf-8"
    pending = False
    for chunk in everything:
        data, mark = chunk[mark:], max(0, mark - len(chunk))
        if plain and not pending and data.isascii():
            yield data
            continue
        text = decoder.decode(data)
        pending = bool(decoder.getstate()[0])
        reading.replaced += text.count("\ufffd")
        yield text.encode("utf-8", "replace")
    rest = decoder.decode(b"", final=True)
    reading.replaced += rest.count("\ufffd")
    yield rest.encode("utf-8", "replace")


def _line_ends(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """CRLF and a lone CR become LF; a CRLF across a chunk border counts once."""
    held = b""
    for chunk in chunks:
        data = held + chunk
        held = b"\r" if data.endswith(b"\r") else b""
        data = data[:-1] if held else data
        if b"\r" in data:
            data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if data:
            yield data
    if held:
        yield b"\n"


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


def _cut_lines(text: bytes) -> bytes:
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


@dataclass(slots=True)
class _Open:
    """The block being gathered: slices of chunks, and the cut front of a line that grows too long."""

    start: int = 0
    size: int = 0
    parts: list[bytes | memoryview] = field(default_factory=list)
    front: bytes | None = None

    @property
    def border(self) -> int:
        """Offset of the first byte that belongs to a later block."""
        return (self.start // BLOCK + 1) * BLOCK

    def add(self, part: memoryview) -> None:
        """Keep a slice; of a line over 64 KiB only its head and tail."""
        self.parts.append(part)
        self.size += len(part)
        if self.size <= 2 * BLOCK:
            return
        data = b"".join(self.parts)
        if self.front is None and len(data) - (begin := data.rfind(b"\n") + 1) > LONG_LINE:
            self.front = _cut_lines(data[:begin]) + data[begin : begin + LINE_HEAD]
        if self.front is not None:
            data = data[-LINE_TAIL:]
        self.parts, self.size = [data], len(data)

    def close(self, part: memoryview) -> bytes:
        """Return the block that ends with this slice."""
        data = b"".join([*self.parts, part])
        return _cut_lines(data) if self.front is None else self.front + CUT + data[-LINE_TAIL:]


def blocks(chunks: Iterable[bytes]) -> Iterator[Block]:
    """Re-cut decoded chunks into blocks, the same for any chunk sizes; long lines are cut on the way."""
    line, offset = 1, 0
    held = _Open()
    for piece in _pieces(chunks):
        view, place = memoryview(piece), 0
        while (end := piece.find(b"\n", max(place, held.border - 1 - offset))) >= 0:
            block = Block(number=held.start // BLOCK, first_line=line, data=held.close(view[place:end]))
            yield block
            line += block.lines or block.data.count(b"\n") + 1
            place = end + 1
            held = _Open(start=offset + place)
        held.add(view[place:])
        offset += len(piece)
    if offset > held.start:
        yield Block(number=held.start // BLOCK, first_line=line, data=held.close(memoryview(b"")).removesuffix(b"\n"))


def collect(chunks: Iterable[bytes], wanted: Iterable[int]) -> dict[int, str]:
    """Return the lines of these numbers from raw chunks; numbers past the end are left out, an empty text has one empty line."""
    numbers = sorted(set(wanted))
    found: dict[int, str] = {1: ""} if numbers[:1] == [1] else {}
    place = 0
    for block in blocks(decode(chunks)):
        if place == len(numbers):
            break
        last = block.first_line + block.data.count(b"\n")
        if numbers[place] > last:
            continue
        rows = block.data.split(b"\n")
        while place < len(numbers) and numbers[place] <= last:
            if numbers[place] >= block.first_line:
                found[numbers[place]] = rows[numbers[place] - block.first_line].decode("utf-8", "replace")
            place += 1
    return found


def lines(chunks: Iterable[bytes], first: int, last: int) -> tuple[str, ...]:
    """Return lines `first`..`last` of raw chunks as decoded, at most 2,000 of them."""
    numbers = range(max(1, first), min(last, first + MOST_LINES - 1) + 1)
    found = collect(chunks, numbers)
    return tuple(found[number] for number in numbers if number in found)


def cut_line(line: str) -> str:
    """Return the line as `lines` returns it: whole, or head and tail of a long one."""
    return line if len(line) * 4 <= LONG_LINE else _cut_lines(line.encode("utf-8", "replace")).decode("utf-8", "replace")


def fold_space(text: str, size: int = 300) -> str:
    """White space runs become one blank and control characters are shown; cut to `size` characters."""
    shown = _CONTROL.sub(lambda match: f"\\x{ord(match.group()):02x}", text[: 4 * size].replace("\t", " "))
    return " ".join(shown.split())[:size]


def plain(text: str) -> str:
    """Return text without terminal sequences and control characters."""
    if "\x1b" in text:
        text = TERMINAL.sub("", text)
    return _CONTROL.sub("", text)


def line_hash(rows: Iterable[str]) -> str:
    """First 16 hex digits of SHA-256 over these lines (long ones as cut here) joined by LF."""
    return hashlib.sha256("\n".join(rows).encode("utf-8", "replace")).hexdigest()[:16]


def resolve(citation: Citation, chunks: Iterable[bytes]) -> str:
    """Return the cited raw lines, or raise CitationError when they are absent or changed."""
    rows = lines(chunks, citation.first, citation.last)
    if not rows or len(rows) != min(citation.last - citation.first + 1, MOST_LINES):
        raise CitationError(f"lines {citation.first}-{citation.last} do not exist")
    if citation.hash and line_hash(rows) != citation.hash:
        raise CitationError(f"lines {citation.first}-{citation.last} are not those that were cited")
    return "\n".join(rows)
