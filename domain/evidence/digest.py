"""What fits a token budget: candidates of one analysis, and the choice across all evidence (evidence.md 13)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from domain.evidence.decode import fold_space
from domain.evidence.messages import read_message
from domain.evidence.values import Analysis, Digest, DigestLine, Finding, Head, KeyStat

MOST = 300
SKIPS = 50
HEAD_SHARE = 0.12
LINE = 240
NEAR = 0.8
STRUCTURAL = frozenset({
    "unhealthy_object", "reference", "error_span", "slow_span", "exit", "condition", "partition", "capacity", "event", "quota", "field", "probe", "mount", "image",
})  # fmt: skip
BONUS: Mapping[str, float] = {"burst": 1.0, "first_seen": 0.5, "slot_shift": 1.5, "silence": 1.5, "level_shift": 1.5}
_PIECE = re.compile(r"[A-Za-z]+|\d+|([^\sA-Za-z\d])\1*|\s+")
_CONTROLS = re.compile(r"(?:\\x[01][0-9a-f](?:\[[0-9;]{0,20}[A-Za-z])?)+")
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
    return math.ceil(size / 3) if first.isdigit() else 1 + size // 8


def pick(analysis: Analysis) -> tuple[DigestLine, ...]:
    """Return at most 300 candidate lines of one analysis, best first, scored without focus."""
    found = [_of_finding(analysis, finding) for finding in analysis.findings]
    spoken = {(line.first, line.text) for line in found}
    found += [line for key in analysis.keys if (line := _of_key(analysis, key)) and (line.first, line.text) not in spoken]
    found.sort(key=_order)
    ranked = [replace(line, score=line.score - 0.6 * math.log2(1 + rank)) for rank, line in enumerate(found[:MOST])]
    return tuple(sorted(ranked, key=_order))


def _order(line: DigestLine) -> tuple[float, str, int]:
    return -line.score, line.evidence, line.first


def _rarity(lines: int, count: int) -> float:
    return math.log2(1 + lines / max(1, count)) / 8 if lines >= 50 else 0.0


def _of_finding(analysis: Analysis, finding: Finding) -> DigestLine:
    citation = finding.citations[0]
    count = int(finding.numbers.get("count", 1))
    score = finding.severity + BONUS.get(finding.kind, 0.0) + (2.0 if finding.kind in STRUCTURAL else 0.0)
    score += (
        _rarity(analysis.coverage.lines, count)
        + (1.0 if "burst" in finding.numbers else 0.0)
        + (1.0 if "new" in finding.numbers else 0.5 if "late" in finding.numbers else 0.0)
    )
    return DigestLine(
        evidence=analysis.evidence,
        name=analysis.name,
        first=citation.first,
        last=citation.last,
        count=count,
        text=_shown(citation.quote or finding.text),
        statement=_said(finding),
        time=finding.time,
        score=score,
        severity=finding.severity,
        subject=finding.subject,
    )


def _said(finding: Finding) -> str:
    """What a statement says besides the line that is printed behind it."""
    match finding.kind:
        case "severe_template" | "first_seen":
            return ""
        case "burst":
            return finding.statement.partition("; ")[2]
        case "restart":
            return finding.statement.partition(":")[0]
        case _:
            return finding.statement


def _of_key(analysis: Analysis, key: KeyStat) -> DigestLine | None:
    if not key.samples:
        return None
    late = key.first > max(200, analysis.coverage.lines // 50)
    score = (
        key.severity
        + _rarity(analysis.coverage.lines, key.count)
        + (1.0 if key.burst else 0.0)
        + (1.0 if key.new else 0.5 if late else 0.0)
    )
    return DigestLine(
        evidence=analysis.evidence,
        name=analysis.name,
        first=key.samples[0][0],
        last=key.samples[0][0],
        count=key.count,
        text=_shown(key.samples[0][1]),
        time=key.first_time,
        score=score,
        severity=key.severity,
    )


def _shown(raw: str) -> str:
    """The message of a raw line, folded and cut; `…` stands for control sequences."""
    text = _CONTROLS.sub("…", fold_space(raw, 2_000))
    return fold_space(read_message(text).text, LINE) or text[:LINE]


@dataclass(slots=True, kw_only=True)
class _Page:
    """What was taken so far."""

    left: int
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
        return heading + tokens(_printed(line, self.ids[line.evidence])) + 1

    def take(self, line: DigestLine) -> bool:
        """Take a line that fits; a near copy of a taken one is folded into its count."""
        words = frozenset(f"{line.statement} {line.text}".split())
        for place, other in enumerate(self.words):
            if line.severity <= self.taken[place].severity and len(words & other) >= NEAR * max(1, len(words | other)):
                if line.evidence != self.taken[place].evidence or line.first != self.taken[place].first:
                    return self._add(place, line)
                return True
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


def digest(candidates: Iterable[DigestLine], heads: Sequence[Head], budget: int, focus: str = "") -> Digest:
    """Return what fits `budget` tokens (at least 60), `focus` being the question; every printed line cites its evidence and line."""
    ids = {head.evidence: number for number, head in enumerate(heads, 1)}
    wanted = frozenset(word.lower() for word in _WORD.findall(focus)) - _STOP
    ranked = sorted((replace(line, score=line.score + _match(line, wanted)) for line in candidates), key=_order)
    for line in ranked:
        ids.setdefault(line.evidence, len(ids) + 1)
    statement = _statement(heads, len(ranked), budget)
    page = _Page(
        left=budget - tokens(statement) - 1,
        ids=ids,
        heads={head.evidence: head for head in heads},
        taken=[],
        words=[],
        opened=set(),
    )
    firsts = {line.evidence: line for line in reversed(ranked)}
    severe = sorted((line for line in firsts.values() if line.severity >= 3), key=_order)
    _fill(page, [*ranked[:1], *severe], ranked)
    text = _text(page, statement)
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
        rows += [_printed(line, page.ids[evidence]) for line in mine]
    return "\n".join([*rows, statement])


def _heading(head: Head | None, number: int, name: str) -> str:
    title = f"E{number} {fold_space(name, 60)}"
    if head is None:
        return title
    span = ""
    if head.coverage.first_time and head.coverage.last_time:
        span = f", {head.coverage.first_time:%Y-%m-%d %H:%M} to {head.coverage.last_time:%H:%M}"
    return f"{title}: {head.kind.value}, {head.coverage.lines} lines{span}"


def _printed(line: DigestLine, number: int) -> str:
    """`E2:L50001 ×1 04:31:10 <statement> <quote>`."""
    count = f" ×{line.count}" if line.count > 1 else ""
    time = f" {line.time:%H:%M:%S}" if line.time else ""
    said = fold_space(line.statement, 300)
    text = fold_space(line.text, LINE)
    body = text if not said else said if text and text in said else f"{said} | {text}" if text else said
    return f"E{number}:L{line.first}{count}{time} {body}".strip()


def _statement(heads: Sequence[Head], count: int, budget: int) -> str:
    """What was read and how to ask for more, within an eighth of the budget."""
    size, lines = sum(head.coverage.bytes for head in heads), sum(head.coverage.lines for head in heads)
    short = f"Read {len(heads)} files, {lines} lines."
    notes = sorted({note for head in heads for note in head.coverage.notes})
    zones = sorted({head.coverage.assumed_zone for head in heads if head.coverage.assumed_zone})
    unsure = [f"{head.name} taken for {head.kind.value} ({head.confidence:.2f})" for head in heads if head.confidence < 0.6]
    parts = [f"{short} {size} bytes; {count} candidate lines; ask to search or read lines."]
    parts += [f"Zone assumed: {', '.join(zones)}."] if zones else []
    parts += [fold_space(f"{text}.", 200) for text in (*unsure, *notes)]
    while len(parts) > 1 and tokens(" ".join(parts)) > budget * HEAD_SHARE:
        parts.pop()
    full = " ".join(parts)
    return full if tokens(full) <= budget * HEAD_SHARE else short
