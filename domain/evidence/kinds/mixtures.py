"""Texts that hold several kinds of evidence between blank lines: sentences, tables, stacks, lines of a log (evidence.md 15)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from re import Pattern

from domain.evidence.kinds import fingerprints, grammars, prompts, stack_marks
from domain.evidence.kinds.prompts import MARKS, PARTS, Part
from domain.evidence.structure import aligned
from domain.evidence.values import Kind

LONGEST = 4_000
"""Lines up to which a text may be a mixture: what is longer was written by a program."""
LOGGED, STACKED, SPOKEN, TABLED = 0.6, 0.4, 0.5, 0.9
"""Shares of a block's lines that must be dated or levelled, frames, sentences, rows in columns."""
KNOWN = 0.8
"""Share of filled lines that must stand in blocks of a known kind."""
WORDS = 5
"""Words of a sentence at least."""
TOGETHER = ({Kind.COMMAND_OUTPUT}, {Kind.LOGS, Kind.ERROR_REPORT}, {Kind.TEXT, Kind.ERROR_REPORT}, set[Kind]())
"""Kinds that one reader reads: a log holds its own stacks, and a report of an error what is said above it."""
OWN_LOG = frozenset({"systemctl", "sar", "innodb status", "docker events", "tcpdump", "zpool"})
"""Commands that print lines with dates, or sentences, also behind blank ones."""
GAP = re.compile(r"\t|\s{2,}")
Portion = tuple[Part, Kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """Lines without a blank one between them."""

    first: int
    last: int
    kind: Kind
    """`UNKNOWN` where nothing tells it."""
    command: str = ""

    @property
    def size(self) -> int:
        """Its lines."""
        return self.last - self.first + 1


def portions(lines: Sequence[str]) -> tuple[Portion, ...]:
    """Return the parts of a mixture, each with its kind; none where a text is of one kind, or of kinds that go together."""
    if len(lines) > LONGEST or not any(not line.strip() for line in lines):
        return ()
    blocks = [_block(lines, first, last) for first, last in prompts.borders(lines, 1, len(lines))]
    if not _is_mixed(blocks) or len(blocks) >= PARTS or any(line.startswith(("```", "~~~")) for line in lines):
        return ()
    return tuple(_joined(blocks, len(lines)))


def _block(lines: Sequence[str], first: int, last: int) -> _Block:
    block = tuple(line[: fingerprints.PIECE] for line in lines[first - 1 : last])
    logged = _share(block, fingerprints.DATED, fingerprints.LEVELLED)
    command, met = grammars.command(block, dated=logged >= LOGGED)
    if met >= MARKS:
        return _Block(first=first, last=last, kind=Kind.COMMAND_OUTPUT, command=command)
    return _Block(first=first, last=last, kind=_kind(block, logged))


def _kind(block: tuple[str, ...], logged: float) -> Kind:
    if _has_header(block):
        return Kind.COMMAND_OUTPUT
    if stack_marks.share(block) >= STACKED and len(block) > 1:
        return Kind.ERROR_REPORT
    if logged >= LOGGED:
        return Kind.LOGS if len(block) > 1 else Kind.UNKNOWN
    if aligned.share(block) >= TABLED or _is_in_columns(block):
        return Kind.COMMAND_OUTPUT
    spoken = _share(block, fingerprints.PROSE, fingerprints.HEADING) >= SPOKEN or all(map(_is_sentence, block))
    return Kind.TEXT if spoken else Kind.UNKNOWN


def _is_sentence(line: str) -> bool:
    return line[:1].isupper() and line.rstrip()[-1:] in set(".!?:") and "  " not in line and line.count(" ") >= WORDS - 1


def _has_header(block: Sequence[str]) -> bool:
    """Tell whether lines stand below upper-case names, whatever the names of errors among their cells look like."""
    return len(block) > 1 and bool(fingerprints.HEADER.match(block[0]))


def _is_in_columns(block: Sequence[str]) -> bool:
    """Tell whether all lines have as many pieces between wide gaps."""
    widths = {len(GAP.split(line.strip())) for line in block}
    return len(block) >= aligned.TABLE and len(widths) == 1 and widths != {1}


def _share(block: Sequence[str], *patterns: Pattern[str]) -> float:
    return sum(any(pattern.match(line) for pattern in patterns) for line in block) / len(block)


def _is_mixed(blocks: Sequence[_Block]) -> bool:
    """Tell whether known blocks of kinds that do not go together make up nearly all of a text."""
    sizes: Counter[Kind] = Counter()
    for block in blocks:
        sizes[block.kind] += block.size
    if Kind.COMMAND_OUTPUT in sizes and any(block.command in OWN_LOG for block in blocks):
        return False
    unknown = sizes.pop(Kind.UNKNOWN, 0)
    return not any(set(sizes) <= kinds for kinds in TOGETHER) and unknown <= (1 - KNOWN) * (unknown + sizes.total())


def _joined(blocks: Sequence[_Block], last: int) -> Iterator[Portion]:
    """Yield runs of blocks of one kind; a block of no known kind belongs to the one above it, one line above a stack to that."""
    kind = next(block.kind for block in blocks if block.kind is not Kind.UNKNOWN)
    told = []
    for block, below in zip(blocks, [*blocks[1:], None], strict=True):
        heads = block.size == 1 and block.kind is Kind.TEXT and below is not None and below.kind is Kind.ERROR_REPORT
        kind = Kind.ERROR_REPORT if heads else kind if block.kind is Kind.UNKNOWN else block.kind
        told.append((block.first, kind))
    runs = [(next(run)[0], kind) for kind, run in groupby(told, key=itemgetter(1))]
    ends = [*(first - 1 for first, _ in runs[1:]), last]
    for (first, kind), end in zip(runs, ends, strict=True):
        yield Part(first=first, last=end, command=""), kind
