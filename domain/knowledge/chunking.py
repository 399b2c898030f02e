"""Markdown and plain text to passages: fences, tables and comments stay whole, headings lead, lines are counted."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from domain.knowledge.documents import Passage, Scope

TARGET, CAP, FLOOR = 900, 1_800, 120
"""Characters of a passage (knowledge 5)."""
DEPTH = 6
NAMESPACE = UUID("6f1c6a0e-6a55-5f0e-9d3c-7f2d6a1f4b10")
VERSION = "1"

_FENCE = re.compile(r"[ \t>]{0,40}(?:[-*+] +|[0-9]{1,4}[.)] +)?(`{3,}|~{3,})[^`]*$")
_ATX = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
_SETEXT = re.compile(r" {0,3}(=+|-{2,})[ \t]*$")
_TABLE = re.compile(r"[ \t]{0,12}\|")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The text of one document and what its passages inherit."""

    document_id: str
    title: str
    scope: Scope
    owner_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines that belong together, under their headings; `fence` is the mark of a code block."""

    path: tuple[str, ...]
    first: int
    last: int
    text: str
    fence: str = ""


def chunk(source: Source) -> tuple[Passage, ...]:
    """Return the passages in order; the same input gives the same ids, and unchanged text keeps its id over revisions."""
    lines = source.text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    seen: Counter[tuple[tuple[str, ...], str]] = Counter()
    passages: list[Passage] = []
    for block in _packed(piece for each in blocks(lines) for piece in _small(each)):
        printed = hashlib.sha256(" ".join(block.text.split()).encode("utf-8", "surrogatepass")).hexdigest()
        seen[block.path, printed] += 1
        name = "\x1f".join((source.document_id, *block.path, printed, str(seen[block.path, printed])))
        passages.append(
            Passage(
                passage_id=str(uuid5(NAMESPACE, name)),
                document_id=source.document_id,
                title=source.title,
                scope=source.scope,
                owner_id=source.owner_id,
                heading_path=block.path,
                ordinal=len(passages),
                first_line=block.first,
                last_line=block.last,
                text=block.text,
            )
        )
    return tuple(passages)


def title_of(text: str, fallback: str) -> str:
    """Return the title of the front matter, else the first heading, else the fallback."""
    lines = text.removeprefix("\ufeff").splitlines()
    for line in lines[1 : _front_matter(lines)]:
        key, _, value = line.partition(":")
        if key.strip().lower() == "title" and value.strip():
            return value.strip().strip("\"'")
    first = next((block.path[0] for block in blocks(lines) if block.path), "")
    return first or fallback


def blocks(lines: Sequence[str]) -> Iterator[Block]:
    """Yield blocks with 1-based lines; a `#` inside a fence or comment is never a heading, front matter is left out."""
    path: tuple[tuple[int, str], ...] = ()
    at = _front_matter(lines)
    while at < len(lines):
        heading = _heading(lines, at)
        if heading is not None:
            level, name, used = heading
            path = (*(entry for entry in path if entry[0] < level), (level, name))[-DEPTH:]
            at += used
        elif not lines[at].strip():
            at += 1
        else:
            end, fence = _end(lines, at)
            names = tuple(name for _, name in path)
            yield Block(path=names, first=at + 1, last=end, text="\n".join(lines[at:end]), fence=fence)
            at = end


def _front_matter(lines: Sequence[str]) -> int:
    """Return how many lines the front matter takes: only at line 1, only when it is closed and made of keys."""
    if not lines or lines[0].strip() != "---":
        return 0
    end = next((number for number, line in enumerate(lines[1:200], start=1) if line.strip() in {"---", "..."}), 0)
    keyed = all(":" in line or line[:1] in {" ", "\t", "-", "#", ""} for line in lines[1:end])
    return end + 1 if end and keyed else 0


def _heading(lines: Sequence[str], at: int) -> tuple[int, str, int] | None:
    atx = _ATX.match(lines[at])
    if atx:
        return len(atx[1]), atx[2].strip(), 1
    alone = at == 0 or not lines[at - 1].strip() or _ATX.match(lines[at - 1])
    if alone and at + 1 < len(lines) and lines[at].strip() and not _opens(lines[at]):
        setext = _SETEXT.match(lines[at + 1])
        if setext:
            return (1 if setext[1][0] == "=" else 2), lines[at].strip(), 2
    return None


def _opens(line: str) -> bool:
    return bool(
        _FENCE.match(line) or _TABLE.match(line) or line.lstrip().startswith(("<!--", "- ", "* ", "> ")) or _SETEXT.match(line)
    )


def _end(lines: Sequence[str], at: int) -> tuple[int, str]:
    """Return the line after the block and the fence it opens with."""
    fence = _FENCE.match(lines[at])
    if fence:
        return _closing(lines, at, fence[1]), fence[1]
    if lines[at].lstrip().startswith("<!--"):
        return next((number + 1 for number in range(at, len(lines)) if "-->" in lines[number]), len(lines)), ""
    in_table = bool(_TABLE.match(lines[at]))
    end = at + 1
    while end < len(lines) and lines[end].strip() and bool(_TABLE.match(lines[end])) == in_table:
        if _FENCE.match(lines[end]) or _ATX.match(lines[end]) or lines[end].lstrip().startswith("<!--"):
            break
        end += 1
    return end, ""


def _closing(lines: Sequence[str], at: int, mark: str) -> int:
    """Return the line after the closing fence: the same mark, at least as long; an open fence ends with the file."""
    for number in range(at + 1, len(lines)):
        bare = lines[number].strip().lstrip("> ")
        if len(bare) >= len(mark) and set(bare) == {mark[0]}:
            return number + 1
    return len(lines)


def _packed(pieces: Iterable[Block]) -> Iterator[Block]:
    """Join neighbours under one heading up to the target, and a small rest up to the cap."""
    held: Block | None = None
    for piece in pieces:
        joined = None if held is None else _joined(held, piece)
        if joined is not None:
            held = joined
            continue
        if held is not None:
            yield held
        held = piece
    if held is not None:
        yield held


def _joined(held: Block, piece: Block) -> Block | None:
    size = len(held.text) + len(piece.text) + 2
    small = min(len(held.text), len(piece.text)) < FLOOR
    if held.path != piece.path or size > (CAP if small else TARGET):
        return None
    return Block(path=held.path, first=held.first, last=piece.last, text=f"{held.text}\n\n{piece.text}")


def _small(block: Block) -> Iterator[Block]:
    """Split a block over the cap: by lines, a longer line by sentences, a longer sentence by length; fence marks are repeated."""
    if len(block.text) <= CAP:
        yield block
        return
    room = CAP - 2 * len(block.fence) - 2
    held: list[tuple[int, str]] = []
    for number, text in _parts(block, room):
        if held and sum(len(each) + 1 for _, each in held) + len(text) > room:
            yield _part(block, held)
            held = []
        held.append((number, text))
    yield _part(block, held)


def _parts(block: Block, room: int) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(block.text.split("\n"), start=block.first):
        for sentence in _SENTENCE.split(line) if len(line) > room else (line,):
            for start in range(0, max(1, len(sentence)), room):
                yield number, sentence[start : start + room]


def _part(block: Block, held: Sequence[tuple[int, str]]) -> Block:
    text = "\n".join(each for _, each in held)
    if block.fence:
        opened = text if text.lstrip().startswith(block.fence) else f"{block.fence}\n{text}"
        text = opened if held[-1][0] == block.last else f"{opened}\n{block.fence}"
    return Block(path=block.path, first=held[0][0], last=held[-1][0], text=text)
