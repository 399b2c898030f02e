"""What fits a token budget: the choice among the candidates of all evidence (evidence.md 13)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from domain.evidence.candidates import LINE, WEIGHTS, Weights, order
from domain.evidence.candidates import pick as pick
from domain.evidence.decoding.decode import fold_space
from domain.evidence.values import Digest, DigestLine, Head

SKIPS = 50
HEAD_SHARE = 0.12
LINE_SHARE = 0.125
"""Of the budget that one line may take, at least `SHORT` tokens: no row of a wide table crowds out another file."""
SHORT = 40
NEAR = 0.8
WHOLE, UNSURE = 0.99, 0.6
"""Shares below which a reading is called partial, and a kind guessed."""
_PIECE = re.compile(r"[A-Za-z]+|\d+|([^\sA-Za-z\d])\1*|\s+")
_WORD = re.compile(r"[A-Za-z][\w.-]{2,60}")
_STOP = frozenset({"the", "and", "for", "what", "why", "how", "with", "from", "are", "was", "were", "this", "that", "has", "have", "not", "does", "did", "its", "our", "all", "any", "can", "you", "there", "since", "please", "check"})  # fmt: skip


@lru_cache(maxsize=4096)
def tokens(text: str) -> int:
    """Estimate language-model tokens: letters by five after the first three, digits by three, marks by runs, blanks free."""
    return sum(_cost(match.group()) for match in _PIECE.finditer(text))


def _cost(piece: str) -> int:
    first, size = piece[0], len(piece)
    if first.isspace():
        return int(size > 1 or piece == "\n")
    if not first.isascii():
        return 2 * size
    if first.isalpha():
        return 1 + max(0, (size - 3) // 5)
    return math.ceil(size / 3) if first.isdecimal() else 1 + size // 8


@dataclass(slots=True, kw_only=True)
class _Page:
    """What was taken so far."""

    left: int
    most: int
    """Tokens of one line."""
    ids: Mapping[str, int]
    heads: Mapping[str, Head]
    taken: list[DigestLine]
    words: list[frozenset[str]]
    opened: set[str]

    def cost(self, line: DigestLine) -> int:
        """Tokens of the line with the heading of its evidence where that is not open yet."""
        heading = (
            0
            if line.evidence in self.opened
            else tokens(_heading(self.heads.get(line.evidence), self.ids[line.evidence], line.name)) + 1
        )
        return heading + tokens(printed(line, self.ids[line.evidence])) + 1

    def take(self, line: DigestLine) -> bool:
        """Take a line that fits; a near copy of a taken one is folded into its count."""
        words = frozenset(f"{line.statement} {line.text}".split())
        for place, other in enumerate(self.words):
            if line.severity <= self.taken[place].severity and _alike(words, other, line, self.taken[place]):
                if line.evidence != self.taken[place].evidence or line.first != self.taken[place].first:
                    return self._add(place, line)
                return True
        line = _fitted(line, self.most)
        cost = self.cost(line)
        if cost > self.left:
            return False
        self.left -= cost
        self.taken.append(line)
        self.words.append(words)
        self.opened.add(line.evidence)
        return True

    def _add(self, place: int, line: DigestLine) -> bool:
        known = self.taken[place]
        grown = replace(known, count=known.count + line.count)
        more = self.cost(grown) - self.cost(known)
        if more <= self.left:
            self.left -= more
            self.taken[place] = grown
        return True


def _alike(words: frozenset[str], known: frozenset[str], line: DigestLine, taken: DigestLine) -> bool:
    """Tell whether a line hardly differs from a taken one, or says the same of the same thing."""
    said = bool(line.subject and line.statement) and (line.subject, line.statement) == (taken.subject, taken.statement)
    return said or len(words & known) >= NEAR * max(1, len(words | known))


def digest(
    candidates: Iterable[DigestLine], heads: Sequence[Head], budget: int, focus: str = "", weights: Weights = WEIGHTS
) -> Digest:
    """Return what fits `budget` tokens (at least 60), `focus` being the question; every printed line cites its evidence and line."""
    ids = {head.evidence: number for number, head in enumerate(heads, 1)}
    wanted = frozenset(word.lower() for word in _WORD.findall(focus)) - _STOP
    ranked = sorted((replace(line, score=line.score + weights.focus * _match(line, wanted)) for line in candidates), key=order)
    for line in ranked:
        ids.setdefault(line.evidence, len(ids) + 1)
    reserved = _statement(heads, len(ranked), budget, len(ranked))
    page = _Page(
        left=budget - tokens(reserved) - 1,
        most=max(SHORT, int(budget * LINE_SHARE)),
        ids=ids,
        heads={head.evidence: head for head in heads},
        taken=[],
        words=[],
        opened=set(),
    )
    firsts = {line.evidence: line for line in reversed(ranked)}
    severe = sorted((line for line in firsts.values() if line.severity >= 3), key=order)
    _fill(page, [*ranked[:1], *severe], ranked)
    text = _text(page, _statement(heads, len(ranked), budget, len(page.taken)))
    lines = tuple(sorted(page.taken, key=lambda line: (ids[line.evidence], line.first)))
    return Digest(text=text, tokens=tokens(text), lines=lines, left_out=max(0, len(ranked) - len(lines)))


def _fill(page: _Page, guaranteed: Sequence[DigestLine], ranked: Sequence[DigestLine]) -> None:
    for line in dict.fromkeys(guaranteed):
        page.take(line)
    skipped = 0
    for line in ranked[1:]:
        if line in guaranteed:
            continue
        skipped += not page.take(line)
        if skipped > SKIPS:
            break


def _match(line: DigestLine, wanted: frozenset[str]) -> float:
    if not wanted:
        return 0.0
    words = {word.lower() for word in _WORD.findall(f"{line.subject} {line.statement} {line.text}")}
    return 1.0 if wanted & words else 0.0


def _text(page: _Page, statement: str) -> str:
    rows: list[str] = []
    for evidence in sorted(page.opened, key=page.ids.__getitem__):
        mine = sorted((line for line in page.taken if line.evidence == evidence), key=lambda line: line.first)
        rows.append(_heading(page.heads.get(evidence), page.ids[evidence], mine[0].name))
        rows += [printed(line, page.ids[evidence]) for line in mine]
    return "\n".join([*rows, statement])


def _fitted(line: DigestLine, most: int) -> DigestLine:
    """The line with its quote cut to what its share leaves, `…` for the rest."""
    return replace(line, text=_cut(line.text, max(SHORT // 2, most - tokens(line.statement))))


def _cut(text: str, most: int) -> str:
    """The longest beginning of whole pieces that fits."""
    used = 0
    for match in _PIECE.finditer(text):
        used += _cost(match.group())
        if used > most:
            return f"{text[: match.start()].rstrip()}…"
    return text


def _heading(head: Head | None, number: int, name: str) -> str:
    title = f"E{number} {fold_space(name, 60)}"
    if head is None:
        return title
    span = ""
    if head.coverage.first_time and head.coverage.last_time:
        span = f", {head.coverage.first_time:%Y-%m-%d %H:%M} to {head.coverage.last_time:%H:%M}"
    return f"{title}: {head.kind.value}, {head.coverage.lines} lines{span}"


def printed(line: DigestLine, number: int) -> str:
    """`E2:L50001 ×1 04:31:10 <statement> <quote>`."""
    count = f" ×{line.count}" if line.count > 1 else ""
    time = f" {line.time:%H:%M:%S}" if line.time else ""
    said = fold_space(line.statement, 300)
    text = fold_space(line.text, LINE)
    body = text if not said else said if text and text in said else f"{said} | {text}" if text else said
    return f"E{number}:L{line.first}{count}{time} {body}".strip()


def _statement(heads: Sequence[Head], count: int, budget: int, shown: int) -> str:
    """What was read, how much of it, what is left out and how to ask for it; within an eighth of the budget."""
    size, lines = sum(head.coverage.bytes for head in heads), sum(head.coverage.lines for head in heads)
    short = f"Read {len(heads)} files, {lines} lines."
    parts = [_asked(short, size, count, count), *(fold_space(f"{text}.", 200) for text in _caveats(heads))]
    while len(parts) > 1 and tokens(" ".join(parts)) > budget * HEAD_SHARE:
        parts.pop()
    fits = tokens(" ".join(parts)) <= budget * HEAD_SHARE
    return " ".join([_asked(short, size, count, shown), *parts[1:]]) if fits else short


def _asked(short: str, size: int, count: int, shown: int) -> str:
    """The sentence that counts; one that shows fewer lines is never longer."""
    return f"{short} {size} bytes; {shown} of {count} candidates; search or read lines."


def _caveats(heads: Sequence[Head]) -> Iterator[str]:
    """Yield what limits the reading, the gravest first: zones, shares not read or not understood, kinds guessed, notes."""
    zones = sorted({head.coverage.assumed_zone for head in heads if head.coverage.assumed_zone})
    if zones:
        yield f"Zone assumed: {', '.join(zones)}"
    yield from _partly("read", [(head.coverage.share_read, head.name) for head in heads if head.coverage.lines])
    yield from _partly("understood", [(head.coverage.share_parsed, head.name) for head in heads if head.coverage.lines])
    yield from (f"{head.name} taken for {head.kind.value} ({head.confidence:.2f})" for head in heads if head.confidence < UNSURE)
    yield from sorted({note for head in heads for note in head.coverage.notes})


def _partly(word: str, shares: Iterable[tuple[float, str]]) -> Iterator[str]:
    """Yield what was not read or not understood whole, the least first."""
    yield from (f"{name}: {math.floor(100 * share)} % {word}" for share, name in sorted(shares) if share < WHOLE)
