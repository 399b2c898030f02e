"""Bytes of any encoding to UTF-8 with LF, and the lines that citations name."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterable, Iterator

from domain.errors import EvidenceUnreadable
from domain.evidence.decoding.blocks import LONG_LINE, cut_lines, text_blocks
from domain.evidence.decoding.encoding import HEAD, encoding_of, with_line_feeds
from domain.evidence.decoding.inflate import Reading, inflate, peek
from domain.evidence.values import Citation

MOST_LINES = 2_000
"""Lines that one call of `lines` returns at most."""
TERMINAL = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\)|[@-Z\\^_])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class CitationError(EvidenceUnreadable):
    """The cited lines do not exist or are not those that were sealed."""


def decode(chunks: Iterable[bytes], reading: Reading | None = None) -> Iterator[bytes]:
    """Yield UTF-8 with LF as the only line end; `reading` learns what was met. The same bytes for any chunk sizes."""
    reading = Reading() if reading is None else reading
    for chunk in _line_ends(_utf8(inflate(inflate(chunks, reading), reading), reading)):
        reading.size += len(chunk)
        yield chunk


def _utf8(chunks: Iterable[bytes], reading: Reading) -> Iterator[bytes]:
    head, everything = peek(chunks, HEAD)
    encoding = encoding_of(head)
    reading.encoding, mark = encoding.name, encoding.mark
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
        if data:
            yield with_line_feeds(data)
    if held:
        yield b"\n"


def collect(chunks: Iterable[bytes], wanted: Iterable[int]) -> dict[int, str]:
    """Return the lines of these numbers from raw chunks; numbers past the end are left out, an empty text has one empty line."""
    numbers = sorted(set(wanted))
    found: dict[int, str] = {1: ""} if numbers[:1] == [1] else {}
    place = 0
    for block in text_blocks(chunks):
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
    return line if len(line) * 4 <= LONG_LINE else cut_lines(line.encode("utf-8", "replace")).decode("utf-8", "replace")


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
